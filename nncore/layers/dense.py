"""The fully connected layer: A = f(W·X + b)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import numpy as np

from nncore.activations import Activation
from nncore.initializers import Initializer
from nncore.layers.base import Layer, Parameters, Pass
from nncore.registry import Option
from nncore.regularizers import Regularizer
from nncore.tape import SMALL, Tape


class Dense(Layer):
    """A = f(W·X + b): every unit sees every input.

    Its block is [W | b], (units, inputs + 1): the row of ones below the input makes the bias a weight like the others.
    Backward, with dA the loss gradient for A: dZ = dA ∘ f'(Z), [dW | db] = dZ·[X; 1]ᵀ, dX = Wᵀ·dZ (Rumelhart, Hinton
    and Williams 1986). A loss that computes from the logits gives dZ itself: it is `fused` with f.

    Parameters
    ----------
    units
        Number of units, >= 1.
    activation
        f: name or instance of an activation.
    initializer
        Name or instance; None takes the network's.
    regularizer
        The penalty on its weights: name or instance; None takes the trainer's.
    silenced
        Indices of units that give 0, in training as in prediction, and that nothing flows back through: one sees
        what the others can do without them (ablation). Units of the last layer of a network cannot be silenced.

    Attributes
    ----------
    weights
        (units, inputs): W, a writable view of the network's parameters.
    biases
        (units,): b, likewise.
    """

    name, label = "dense", "Dense"
    options: ClassVar = {
        "units": Option(4, "units", at_least=1, whole=True),
        "activation": Option("identity", "activation", family=Activation),
        "initializer": Option(None, "initializer", family=Initializer, optional=True),
        "regularizer": Option(None, "regularizer", family=Regularizer, optional=True),
        "silenced": Option([], "silenced units", at_least=0, whole=True, several=True),
    }
    parameter_names = ("weights", "biases")

    initializer: Initializer | None

    def __init__(
        self,
        units: int = 4,
        activation: str | Activation = "identity",
        initializer: str | Initializer | None = None,
        regularizer: str | Regularizer | None = None,
        silenced: Sequence[int] = (),
    ) -> None:
        self._set(
            units=units, activation=activation, initializer=initializer, regularizer=regularizer, silenced=silenced
        )
        if self.silenced and self.silenced[-1] >= self.units:
            raise ValueError(f"dense: silenced: expected units from 0 to {self.units - 1}, got {self.silenced[-1]}")

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

    def record(self, tape, x, *reached):
        z, a = tape.empty(self.units, "Z"), tape.columns(self.units)
        tape(self.block.dot, x.with_ones, z, says="Z = W·X + b")
        # Softmax goes by the values of silenced units too: what the activation gave is kept as it was.
        h = self._mask(tape) if self.silenced else None
        f = a.values if h is None else tape.empty(self.units, "F")
        kept = self.activation.forward(tape, z, f) or ()
        if h is not None:
            tape(np.multiply, f, h, a.values, says="A ← A ∘ H, 0 for silenced units")

        def backward(da, gradients, *, fused=False, needs_input=True):
            dz = da
            if h is not None:
                df = tape.empty(self.units, "dF")
                tape(np.multiply, da, h, df, says="dA ← dA ∘ H, 0 for silenced units")
                da = df
            if not fused:
                dz = tape.empty(self.units, "dZ")
                self.activation.backward(tape, z, f, da, dz, kept)
            tape(dz.dot, x.rows, self.shaped(gradients), says="[dW | db] = dZ·Xᵀ")
            if not needs_input:
                return None
            # One product with the whole block is faster than one with a view of W; its last row goes unused.
            dx = tape.empty(self.inputs + 1, "dX")
            tape(self.block.T.dot, dz, dx, says="dX = Wᵀ·dZ")
            return dx[:-1]

        return Pass(a, backward, z)

    def _mask(self, tape: Tape) -> np.ndarray:
        """What its outputs are multiplied by, 0 for silenced units and 1 for others, in the form that is fastest."""
        columns = tape.batch if self.units * tape.batch <= SMALL else 1
        mask = np.ones((self.units, columns), tape.dtype)
        mask[list(self.silenced)] = 0
        return tape.name(mask, "H")
