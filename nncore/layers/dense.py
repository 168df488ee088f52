"""The fully connected layer: A = f(W·X + b)."""

from __future__ import annotations

import operator

import numpy as np

from nncore.activations import Activation
from nncore.initializers import Initializer
from nncore.layers.base import Layer, Parameters


class Dense(Layer):
    """Every unit sees every input.

    Its block is [W | b], (units, inputs + 1): the row of ones below the input makes the bias a weight like the others.

    Parameters
    ----------
    units
        Number of units, >= 1.
    activation
        Name or instance of an activation.
    initializer
        Name or instance; None takes the network's.
    """

    name, label = "dense", "Dense"
    options = ("units", "activation")

    def __init__(
        self, units: int, activation: str | Activation = "identity", initializer: str | Initializer | None = None
    ) -> None:
        if not units >= 1:
            raise ValueError(f"dense: expected units >= 1, got {units}")
        self.units = operator.index(units)
        self.activation = Activation.of(activation)
        self.initializer = None if initializer is None else Initializer.of(initializer)

    @property
    def weights(self) -> np.ndarray:
        """(units, inputs), a writable view of the network's parameters."""
        return self.block[:, :-1]

    @property
    def biases(self) -> np.ndarray:
        """(units,), a writable view of the network's parameters."""
        return self.block[:, -1]

    def units_for(self, inputs):
        return self.units

    def n_parameters(self, inputs):
        return self.units * (inputs + 1)

    def shaped(self, flat):
        return flat[self.slice].reshape(self.units, self.inputs + 1)

    def split(self, flat):
        block = self.shaped(flat)
        return Parameters(block[:, :-1], block[:, -1])

    def initialize(self, rng, initializer):
        rule = self.initializer or initializer
        self.weights[...] = rule.weights(rng, self.units, self.inputs)
        self.biases[...] = rule.bias

    def record(self, tape, x):
        z, a = tape.empty(self.units), tape.columns(self.units)
        tape(self.block.dot, x.with_ones, z, says="Z = W·X + b")
        self.activation.forward(tape, z, a.values)

        def backward(d_output, gradients, *, fused=False, needs_input=True):
            dz = d_output
            if not fused:
                dz = tape.empty(self.units)
                self.activation.backward(tape, z, a.values, d_output, dz)
            tape(dz.dot, x.rows, self.shaped(gradients), says="[dW | db] = dZ·Xᵀ")
            if not needs_input:
                return None
            # One product with the whole block is faster than one with a view of W; its last row goes unused.
            dx = tape.empty(self.inputs + 1)
            tape(self.block.T.dot, dz, dx, says="dX = Wᵀ·dZ")
            return dx[:-1]

        return a, backward
