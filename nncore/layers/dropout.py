"""Dropout: while training, each value is lost with a given probability; the rest are scaled up to make good."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from nncore.layers.base import Layer, Pass
from nncore.registry import Option


class Dropout(Layer):
    """A = X ∘ M / (1 − rate) in training, with a mask M that loses values at random; A = X in prediction.

    Inverted dropout (Srivastava et al. 2014).

    Parameters
    ----------
    rate
        Probability that a value is lost, 0 <= rate < 1.
    """

    name, label = "dropout", "Dropout"
    options: ClassVar = {"rate": Option(0.5, "rate", at_least=0, below=1)}

    rate: float

    def __init__(self, rate: float = 0.5) -> None:
        self._set(rate=rate)

    def record(self, tape, x, *reached):
        if tape.rng is None or self.rate == 0:
            return Pass(x, lambda da, gradients, *, fused=False, needs_input=True: da)
        a, mask = tape.columns(self.inputs), tape.empty(self.inputs, "M")
        kept = tape.array((self.inputs, tape.batch), "kept", bool)
        tape(tape.rng.random, None, tape.dtype, mask, says="M ← U(0, 1)")
        tape(np.greater_equal, mask, tape.constant(self.rate, mask), kept, says="kept = [M ≥ rate]")
        tape(np.multiply, kept, tape.constant(1 / (1 - self.rate), mask), mask, says="M = kept / (1 − rate)")
        tape(np.multiply, x.values, mask, a.values, says="A = X ∘ M")

        def backward(da, gradients, *, fused=False, needs_input=True):
            dx = tape.empty(self.inputs, "dX")
            tape(np.multiply, da, mask, dx, says="dX = dA ∘ M")
            return dx

        return Pass(a, backward)
