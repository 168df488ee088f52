"""Dropout: while training, each value is lost with a given probability; the rest are scaled up to make good."""

from __future__ import annotations

import numpy as np

from nncore.layers.base import Layer


class Dropout(Layer):
    """Inverted dropout (Srivastava et al. 2014): A = X ∘ M / (1 − rate) in training, A = X otherwise.

    Parameters
    ----------
    rate
        Probability that a value is lost, 0 <= rate < 1.
    """

    name, label = "dropout", "Dropout"
    options = ("rate",)

    def __init__(self, rate: float = 0.5) -> None:
        if not 0 <= rate < 1:
            raise ValueError(f"dropout: expected 0 <= rate < 1, got {rate}")
        self.rate = float(rate)

    def units_for(self, inputs):
        return inputs

    def record(self, tape, x):
        if tape.rng is None or self.rate == 0:
            return x, lambda d_output, gradients, *, fused=False, needs_input=True: d_output
        a, mask, kept = tape.columns(self.inputs), tape.empty(self.inputs), np.empty((self.inputs, tape.batch), bool)
        draw = tape.rng.random
        tape(draw, None, tape.dtype, mask, says="U ~ uniform(0, 1)")
        tape(np.greater_equal, mask, tape.constant(self.rate, mask), kept, says="M ← [U ≥ rate]")
        tape(np.multiply, kept, tape.constant(1 / (1 - self.rate), mask), mask, says="M = [U ≥ rate] / (1 − rate)")
        tape(np.multiply, x.values, mask, a.values, says="A = X ∘ M")

        def backward(d_output, gradients, *, fused=False, needs_input=True):
            dx = tape.empty(self.inputs)
            tape(np.multiply, d_output, mask, dx, says="dX = dA ∘ M")
            return dx

        return a, backward
