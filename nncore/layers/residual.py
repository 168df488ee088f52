"""The residual connection: what went into a block of layers is added to what comes out of it."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from nncore.layers.base import Layer, Pass
from nncore.registry import Option


class Residual(Layer):
    """A = F(X) + X: adds what went into the block F of the last `span` layers to what came out of it.

    It stands behind the block it closes (He et al. 2016). Where the block changes the number of units, what went in
    is filled up with zeros, or cut: their option A, which needs no parameters.

    Parameters
    ----------
    span
        How many layers the block has, >= 1.
    """

    name, label = "residual", "Residual"
    options: ClassVar = {"span": Option(1, "span", at_least=1, whole=True)}

    def __init__(self, span: int = 1) -> None:
        self._set(span=span)

    def record(self, tape, x, *reached):
        (before,) = reached
        width, shared = len(before.values), min(len(before.values), self.inputs)
        a = tape.columns(self.inputs)
        tape(np.add, x.values[:shared], before.values[:shared], a.values[:shared], says="A = F(X) + X")
        if shared < self.inputs:
            tape(a.values[shared:].__setitem__, ..., x.values[shared:], says="A = F(X) where X has no unit")

        def backward(da, gradients, *, fused=False, needs_input=True):
            if width <= self.inputs:
                return da, da[:width]
            d_before = tape.empty(width, "dX")
            tape(d_before[:shared].__setitem__, ..., da, says="dX = dA, 0 for units that were cut")
            return da, d_before

        return Pass(a, backward)
