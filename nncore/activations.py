"""Activation functions, one class each: what they compute forward, and what they pass back.

In all of them `z` and `a` are the logits and the output, `da` and `dz` the gradients of the loss with
respect to them, all of shape (units, batch). `backward` may use `dz` as scratch; it must not change the others.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from nncore.registry import Registered
from nncore.tape import Tape


class Activation(Registered, family="activation"):
    """An elementwise (or, for softmax, columnwise) function A = f(Z)."""

    kinks: tuple[float, ...] = ()
    """Logits at which the derivative jumps: a gradient check keeps away from them."""
    min_units: int = 1
    """With fewer units its output is a constant."""
    output_range: tuple[float, float] = (-np.inf, np.inf)
    """Bounds of f."""

    def forward(self, tape: Tape, z: np.ndarray, a: np.ndarray) -> None:
        """Record A = f(Z)."""
        raise NotImplementedError

    def backward(self, tape: Tape, z: np.ndarray, a: np.ndarray, da: np.ndarray, dz: np.ndarray) -> None:
        """Record dZ = dA ∘ f'(Z)."""
        raise NotImplementedError


class Identity(Activation):
    """f(z) = z."""

    name, label = "identity", "linear"

    def forward(self, tape, z, a):
        tape(a.__setitem__, ..., z, says="A = Z")

    def backward(self, tape, z, a, da, dz):
        tape(dz.__setitem__, ..., da, says="dZ = dA")


class Tanh(Activation):
    """f(z) = tanh z, f' = 1 − f²."""

    name, label = "tanh", "tanh"
    output_range = (-1.0, 1.0)

    def forward(self, tape, z, a):
        tape(np.tanh, z, a, says="A = tanh(Z)")

    def backward(self, tape, z, a, da, dz):
        tape(np.multiply, a, a, dz, says="dZ ← A∘A")
        tape(np.subtract, tape.constant(1, dz), dz, dz, says="dZ ← 1 − A∘A")
        tape(np.multiply, da, dz, dz, says="dZ = dA ∘ (1 − A∘A)")


class ReLU(Activation):
    """f(z) = max(0, z), with f'(0) = 0."""

    name, label = "relu", "ReLU"
    kinks = (0.0,)
    output_range = (0.0, np.inf)

    def forward(self, tape, z, a):
        # fmax would take its output by position, at half the time per call, but make a zero of what is not a number.
        tape(partial(np.maximum, out=a), z, tape.constant(0, z), says="A = max(0, Z)")

    def backward(self, tape, z, a, da, dz):
        # sign(A) is 0 or 1, and five times faster than a comparison that writes floats.
        tape(np.sign, a, dz, says="dZ ← [Z > 0]")
        tape(np.multiply, da, dz, dz, says="dZ = dA ∘ [Z > 0]")


class LeakyReLU(Activation):
    """f(z) = max(z, 0.01 z), with f'(0) = 0.01."""

    name, label = "leaky_relu", "leaky ReLU"
    kinks = (0.0,)
    slope = 0.01

    def forward(self, tape, z, a):
        tape(np.multiply, z, tape.constant(self.slope, z), a, says="A ← 0.01 Z")
        tape(np.fmax, z, a, a, says="A = max(Z, 0.01 Z)")

    def backward(self, tape, z, a, da, dz):
        tape(np.sign, z, dz, says="dZ ← sign(Z)")
        tape(np.fmax, dz, tape.constant(self.slope, dz), dz, says="dZ ← 1 where Z > 0, else 0.01")
        tape(np.multiply, da, dz, dz, says="dZ = dA ∘ (1 where Z > 0, else 0.01)")


class Sigmoid(Activation):
    """f(z) = 1 / (1 + exp(−z)), f' = f (1 − f).

    The form ½ + ½ tanh(z/2) would not overflow, but be 0 from z = −37 on, where cross-entropy wants a logarithm. Here
    exp(−z) may become infinite, and f then 0: networks and trainers run their tapes with that warning off.
    """

    name, label = "sigmoid", "sigmoid"
    output_range = (0.0, 1.0)

    def forward(self, tape, z, a):
        tape(np.negative, z, a, says="A ← −Z")
        tape(np.exp, a, a, says="A ← exp(−Z)")
        tape(np.add, tape.constant(1, a), a, a, says="A ← 1 + exp(−Z)")
        tape(np.reciprocal, a, a, says="A = 1 / (1 + exp(−Z))")

    def backward(self, tape, z, a, da, dz):
        tape(np.subtract, tape.constant(1, dz), a, dz, says="dZ ← 1 − A")
        tape(np.multiply, a, dz, dz, says="dZ ← A ∘ (1 − A)")
        tape(np.multiply, da, dz, dz, says="dZ = dA ∘ A ∘ (1 − A)")


class Softmax(Activation):
    """f(z)ᵢ = exp(zᵢ) / Σⱼ exp(zⱼ), over the units of each sample."""

    name, label = "softmax", "softmax"
    min_units = 2
    output_range = (0.0, 1.0)

    def forward(self, tape, z, a):
        peak, total = tape.empty(1), tape.empty(1)
        tape(np.maximum.reduce, z, 0, None, peak, True, says="m = max Z, per sample")
        tape(np.subtract, z, peak, a, says="A ← Z − m")
        tape(np.exp, a, a, says="A ← exp(Z − m)")
        tape(np.add.reduce, a, 0, None, total, True, says="s = Σ exp(Z − m), per sample")
        tape(np.divide, a, total, a, says="A = exp(Z − m) / s")

    def backward(self, tape, z, a, da, dz):
        inner = tape.empty(1)
        tape(np.multiply, a, da, dz, says="dZ ← A ∘ dA")
        tape(np.add.reduce, dz, 0, None, inner, True, says="c = Σ A ∘ dA, per sample")
        tape(np.subtract, da, inner, dz, says="dZ ← dA − c")
        tape(np.multiply, a, dz, dz, says="dZ = A ∘ (dA − c)")
