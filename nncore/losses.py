"""Losses, one class each: the value, and its gradient with respect to the output.

`a` is the network's output and `y` the target, both (outputs, batch).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from nncore.registry import Registered
from nncore.tape import Tape


@dataclass(frozen=True)
class Loss(Registered, family="loss"):
    """A mean over the batch that training makes smaller; an immutable value, equal to another of the same settings."""

    outputs: ClassVar[tuple[str, ...]] = ()
    """The output activations it can read, the usual one first; empty means any."""
    fused: ClassVar[str | None] = None
    """The output activation with which `backward_fused` is exact, and safe where the two apart would overflow."""

    @classmethod
    def accepts_output(cls, activation: str) -> bool:
        """Whether it can read the output of this activation."""
        return not cls.outputs or activation in cls.outputs

    @classmethod
    def check_output(cls, activation: str) -> None:
        """Raise ValueError if it cannot read the output of this activation."""
        if not cls.accepts_output(activation):
            raise ValueError(f"the loss '{cls.name}' needs an output of {' or '.join(cls.outputs)}, got {activation}")

    def check_targets(self, y: np.ndarray) -> None:
        """Raise ValueError if these targets, (n_samples, outputs), are none it is meant for."""

    def forward(self, tape: Tape, a: np.ndarray, y: np.ndarray, value: np.ndarray) -> None:
        """Record the value of the loss into `value`, a 0-dimensional float64 array."""
        raise NotImplementedError

    def backward(self, tape: Tape, a: np.ndarray, y: np.ndarray, da: np.ndarray) -> None:
        """Record the gradient with respect to the output."""
        raise NotImplementedError

    def backward_fused(self, tape: Tape, a: np.ndarray, y: np.ndarray, dz: np.ndarray) -> None:
        """Record the gradient with respect to the output layer's logits, for the activation named in `fused`."""
        raise NotImplementedError


def _mean(tape: Tape, terms: np.ndarray, divisor: float, value: np.ndarray, says: str) -> None:
    """Record value = Σ terms / divisor, summed in float64."""
    tape(np.add.reduce, terms, None, np.float64, value, says="L ← Σ")
    tape(np.divide, value, float(divisor), value, says=says)


def _difference(tape: Tape, a: np.ndarray, y: np.ndarray, scale: float, out: np.ndarray, name: str, by: str) -> None:
    """Record out = (a − y) · scale; the formula calls it `name`, and the scaling `by`."""
    tape(np.subtract, a, y, out, says=f"{name} ← A − Y")
    tape(np.multiply, out, tape.constant(scale, out), out, says=f"{name} = (A − Y) {by}")


class HalfSquared(Loss):
    """½ Σ (a − y)², summed over outputs, mean over samples: the loss of the TensorFlow Playground."""

    name, label = "half_squared", "½ squared"

    def forward(self, tape, a, y, value):
        t = tape.empty(len(a))
        tape(np.subtract, a, y, t, says="T ← A − Y")
        tape(np.multiply, t, t, t, says="T = (A − Y)²")
        _mean(tape, t, 2 * tape.batch, value, says="L = ½ Σ (A − Y)² / m")

    def backward(self, tape, a, y, da):
        _difference(tape, a, y, 1 / tape.batch, da, "dA", "/ m")


class MSE(Loss):
    """Mean squared error: mean over samples and outputs."""

    name, label = "mse", "mean squared"

    def forward(self, tape, a, y, value):
        t = tape.empty(len(a))
        tape(np.subtract, a, y, t, says="T ← A − Y")
        tape(np.multiply, t, t, t, says="T = (A − Y)²")
        _mean(tape, t, t.size, value, says="L = Σ (A − Y)² / (m · outputs)")

    def backward(self, tape, a, y, da):
        _difference(tape, a, y, 2 / da.size, da, "dA", "· 2 / (m · outputs)")


class BinaryCrossentropy(Loss):
    """−y ln a − (1 − y) ln(1 − a), mean over samples and outputs; targets 0 … 1, one sigmoid per output."""

    name, label = "binary_crossentropy", "binary cross-entropy"
    outputs = ("sigmoid",)
    fused = "sigmoid"

    def check_targets(self, y):
        if not ((y >= 0) & (y <= 1)).all():
            raise ValueError(f"the loss '{self.name}' needs targets from 0 to 1, got {y.min():g} to {y.max():g}")

    def forward(self, tape, a, y, value):
        t, u, one = tape.empty(len(a)), tape.empty(len(a)), tape.constant(1, a)
        low, high = _probability_bounds(tape)
        tape(np.clip, a, low, high, u, says="Â = A, kept off 0 and 1")
        tape(np.log, u, t, says="T ← ln Â")
        tape(np.multiply, t, y, t, says="T = Y ∘ ln Â")
        tape(np.subtract, one, u, u, says="U ← 1 − Â")
        tape(np.log, u, u, says="U ← ln(1 − Â)")
        tape(np.add, t, u, t, says="T ← Y ∘ ln Â + ln(1 − Â)")
        tape(np.multiply, y, u, u, says="U ← Y ∘ ln(1 − Â)")
        tape(np.subtract, t, u, t, says="T = Y ∘ ln Â + (1 − Y) ∘ ln(1 − Â)")
        _mean(tape, t, -t.size, value, says="L = −Σ T / (m · outputs)")

    def backward(self, tape, a, y, da):
        u, v = tape.empty(len(a)), tape.empty(len(a))
        low, high = _probability_bounds(tape)
        tape(np.clip, a, low, high, u, says="Â = A, kept off 0 and 1")
        tape(np.subtract, tape.constant(1, u), u, v, says="V ← 1 − Â")
        tape(np.multiply, u, v, v, says="V = Â ∘ (1 − Â)")
        _difference(tape, u, y, 1 / da.size, da, "D", "/ (m · outputs), with Â for A")
        tape(np.divide, da, v, da, says="dA = D / (Â ∘ (1 − Â))")

    def backward_fused(self, tape, a, y, dz):
        _difference(tape, a, y, 1 / dz.size, dz, "dZ", "/ (m · outputs)")


class CategoricalCrossentropy(Loss):
    """−Σ y ln a, summed over outputs, mean over samples; one softmax over the outputs.

    Targets are one-hot, or probabilities of the classes: that they add up to 1 is what makes the fused gradient right.
    """

    name, label = "categorical_crossentropy", "categorical cross-entropy"
    outputs = ("softmax",)
    fused = "softmax"

    def check_targets(self, y):
        if not ((y >= 0).all() and np.allclose(y.sum(axis=1), 1, rtol=0, atol=1e-5)):
            raise ValueError(f"the loss '{self.name}' needs targets that are one-hot, or add up to 1 for each sample")

    def forward(self, tape, a, y, value):
        t = tape.empty(len(a))
        tape(np.clip, a, *_probability_bounds(tape), t, says="Â = A, kept off 0 and 1")
        tape(np.log, t, t, says="T ← ln Â")
        tape(np.multiply, y, t, t, says="T = Y ∘ ln Â")
        _mean(tape, t, -tape.batch, value, says="L = −Σ Y ∘ ln Â / m")

    def backward(self, tape, a, y, da):
        tape(np.clip, a, *_probability_bounds(tape), da, says="dA ← Â")
        tape(np.divide, y, da, da, says="dA ← Y / Â")
        tape(np.multiply, da, tape.constant(-1 / tape.batch, da), da, says="dA = −Y / Â / m")

    def backward_fused(self, tape, a, y, dz):
        _difference(tape, a, y, 1 / tape.batch, dz, "dZ", "/ m")


def _probability_bounds(tape: Tape) -> tuple[float, float]:
    """The least number above 0, and the last before 1: between them the logarithms of a and of 1 − a are finite."""
    info = np.finfo(tape.dtype)
    return float(info.tiny), 1 - float(info.eps) / 2
