"""Losses of the error a − y, where targets are numbers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from nncore.losses.base import Loss, difference, mean
from nncore.registry import option
from nncore.tape import Tape


class HalfSquared(Loss):
    """½ Σ (a − y)², summed over outputs, mean over samples: the loss of the TensorFlow Playground.

    Rumelhart, Hinton and Williams, "Learning representations by back-propagating errors", 1986.
    """

    name, label = "half_squared", "½ squared"

    def forward(self, tape, z, a, y, value):
        mean(tape, _squares(tape, a, y), 2 * tape.batch, value, says="L = ½ Σ (A − Y)² / m")

    def backward(self, tape, z, a, y, d):
        difference(tape, a, y, 1 / tape.batch, d, "dA", "/ m")


class MSE(Loss):
    """(a − y)², mean over samples and outputs: the mean squared error.

    Least squares: Legendre, "Nouvelles méthodes pour la détermination des orbites des comètes", 1805.
    """

    name, label = "mse", "mean squared"

    def forward(self, tape, z, a, y, value):
        mean(tape, _squares(tape, a, y), a.size, value, says="L = Σ (A − Y)² / (m · outputs)")

    def backward(self, tape, z, a, y, d):
        difference(tape, a, y, 2 / d.size, d, "dA", "· 2 / (m · outputs)")


class MAE(Loss):
    """|a − y|, mean over samples and outputs: the mean absolute error, with derivative 0 where a = y.

    Least absolute deviations: Boscovich, "De litteraria expeditione per pontificiam ditionem", 1757.
    """

    name, label = "mae", "mean absolute"

    def forward(self, tape, z, a, y, value):
        t = tape.empty(len(a), "T")
        tape(np.subtract, a, y, t, says="T ← A − Y")
        tape(np.absolute, t, t, says="T = |A − Y|")
        mean(tape, t, t.size, value, says="L = Σ |A − Y| / (m · outputs)")

    def backward(self, tape, z, a, y, d):
        tape(np.subtract, a, y, d, says="dA ← A − Y")
        tape(np.sign, d, d, says="dA ← sign(A − Y)")
        tape(np.multiply, d, tape.constant(1 / d.size, d), d, says="dA = sign(A − Y) / (m · outputs)")


@dataclass(frozen=True)
class Huber(Loss):
    """½ (a − y)² up to |a − y| = δ, δ (|a − y| − ½ δ) beyond; mean over samples and outputs.

    Huber, "Robust Estimation of a Location Parameter", 1964.

    Attributes
    ----------
    delta
        δ, 0 < δ <= 10⁶: from this error on, in the units of the targets, the loss grows in a straight line.
    """

    name, label = "huber", "Huber"
    delta: float = option(1.0, "δ", above=0, at_most=1e6)

    def forward(self, tape, z, a, y, value):
        t, u = tape.empty(len(a), "T"), tape.empty(len(a), "U")
        limit = tape.constant(self.delta, t)
        tape(np.subtract, a, y, t, says="T ← A − Y")
        tape(np.absolute, t, t, says="T ← |A − Y|")
        tape(partial(np.minimum, out=u), t, limit, says=f"U = min(|A − Y|, {self.delta:g})")
        tape(np.add, t, t, t, says="T ← 2 |A − Y|")
        tape(np.subtract, t, u, t, says="T ← 2 |A − Y| − U")
        tape(np.multiply, t, u, t, says="T = U ∘ (2 |A − Y| − U)")
        mean(tape, t, 2 * t.size, value, says="L = ½ Σ U ∘ (2 |A − Y| − U) / (m · outputs)")

    def backward(self, tape, z, a, y, d):
        low, high = tape.constant(-self.delta, d), tape.constant(self.delta, d)
        tape(np.subtract, a, y, d, says="dA ← A − Y")
        tape(partial(np.maximum, out=d), d, low, says=f"dA ← max(A − Y, −{self.delta:g})")
        tape(partial(np.minimum, out=d), d, high, says=f"dA ← A − Y, kept within ±{self.delta:g}")
        tape(np.multiply, d, tape.constant(1 / d.size, d), d, says="dA = dA / (m · outputs)")


def _squares(tape: Tape, a: np.ndarray, y: np.ndarray) -> np.ndarray:
    """A new buffer T = (A − Y)²."""
    t = tape.empty(len(a), "T")
    tape(np.subtract, a, y, t, says="T ← A − Y")
    tape(np.square, t, t, says="T = (A − Y)²")
    return t
