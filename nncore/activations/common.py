"""The activations of a first course: identity, sigmoid, tanh, the rectifiers, and softmax."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial

import numpy as np

from nncore.activations.base import Activation, positive, sigmoid
from nncore.registry import option
from nncore.tape import SMALL, Tape


class Identity(Activation):
    """f(z) = z."""

    name, label = "identity", "linear"

    def forward(self, tape, z, a):
        tape(a.__setitem__, ..., z, says="A = Z")

    def backward(self, tape, z, a, da, dz, kept=()):
        tape(dz.__setitem__, ..., da, says="dZ = dA")


class Sigmoid(Activation):
    """f(z) = 1 / (1 + exp(−z)), f' = f (1 − f).

    The logistic function; Rumelhart, Hinton and Williams, "Learning representations by back-propagating errors", 1986.
    """

    name, label = "sigmoid", "sigmoid"
    output_range = (0.0, 1.0)

    def forward(self, tape, z, a):
        sigmoid(tape, z, a, "A")

    def backward(self, tape, z, a, da, dz, kept=()):
        tape(np.subtract, tape.constant(1, dz), a, dz, says="dZ ← 1 − A")
        tape(np.multiply, a, dz, dz, says="dZ ← A ∘ (1 − A)")
        tape(np.multiply, da, dz, dz, says="dZ = dA ∘ A ∘ (1 − A)")


class Tanh(Activation):
    """f(z) = tanh z, f' = 1 − f².

    LeCun, Bottou, Orr and Müller, "Efficient BackProp", 1998, section 4.4.
    """

    name, label = "tanh", "tanh"
    output_range = (-1.0, 1.0)

    def forward(self, tape, z, a):
        tape(np.tanh, z, a, says="A = tanh(Z)")

    def backward(self, tape, z, a, da, dz, kept=()):
        tape(np.square, a, dz, says="dZ ← A∘A")
        tape(np.subtract, tape.constant(1, dz), dz, dz, says="dZ ← 1 − A∘A")
        tape(np.multiply, da, dz, dz, says="dZ = dA ∘ (1 − A∘A)")


class ReLU(Activation):
    """f(z) = max(0, z), with f'(0) = 0.

    Nair and Hinton, "Rectified Linear Units Improve Restricted Boltzmann Machines", 2010.
    """

    name, label = "relu", "ReLU"
    kinks = (0.0,)
    output_range = (0.0, math.inf)

    def forward(self, tape, z, a):
        tape(partial(np.maximum, out=a), z, tape.full(0, z.shape), says="A = max(0, Z)")

    def backward(self, tape, z, a, da, dz, kept=()):
        positive(tape, a, dz, "A")
        tape(np.multiply, da, dz, dz, says="dZ = dA ∘ [Z > 0]")


@dataclass(frozen=True)
class LeakyReLU(Activation):
    """f(z) = max(z, slope · z), with f'(0) = slope.

    Maas, Hannun and Ng, "Rectifier Nonlinearities Improve Neural Network Acoustic Models", 2013.

    Attributes
    ----------
    slope
        That for z < 0, 0 < slope < 1.
    """

    name, label = "leaky_relu", "leaky ReLU"
    kinks = (0.0,)
    slope: float = option(0.01, "slope", above=0, below=1)

    def forward(self, tape, z, a):
        tape(np.multiply, z, tape.constant(self.slope, z), a, says=f"A ← {self.slope:g} Z")
        tape(partial(np.maximum, out=a), z, a, says=f"A = max(Z, {self.slope:g} Z)")

    def backward(self, tape, z, a, da, dz, kept=()):
        positive(tape, z, dz, "Z")
        slopes = f"(1 where Z > 0, else {self.slope:g})"
        tape(partial(np.maximum, out=dz), dz, tape.full(self.slope, dz.shape), says=f"dZ ← {slopes}")
        tape(np.multiply, da, dz, dz, says=f"dZ = dA ∘ {slopes}")


class Softmax(Activation):
    """f(z)ᵢ = exp(zᵢ) / Σⱼ exp(zⱼ), over the units of each sample.

    Its Jacobian aᵢ ([i = j] − aⱼ), multiplied by dA, is A ∘ (dA − Σⱼ aⱼ daⱼ). Bridle, "Probabilistic Interpretation of
    Feedforward Classification Network Outputs", 1990.
    """

    name, label = "softmax", "softmax"
    min_units = 2
    output_range = (0.0, 1.0)

    def forward(self, tape, z, a):
        peak = tape.empty(1, "M")
        tape(np.maximum.reduce, z, 0, None, peak, True, says="M = max Z, per sample")
        tape(np.subtract, z, peak, a, says="A ← Z − M")
        tape(np.exp, a, a, says="A ← exp(Z − M)")
        total = _unit_sums(tape, a, "S", says="S = Σ exp(Z − M), per sample")
        tape(np.divide, a, total, a, says="A = exp(Z − M) / S")

    def backward(self, tape, z, a, da, dz, kept=()):
        tape(np.multiply, a, da, dz, says="dZ ← A ∘ dA")
        inner = _unit_sums(tape, dz, "C", says="C = Σ A ∘ dA, per sample")
        tape(np.subtract, da, inner, dz, says="dZ ← dA − C")
        tape(np.multiply, a, dz, dz, says="dZ = A ∘ (dA − C)")


def _unit_sums(tape: Tape, x: np.ndarray, name: str, says: str) -> np.ndarray:
    """A new buffer of the sums over the units of each sample, (units, batch) or (1, batch).

    Up to 64 units a product with a square of ones puts every sum into every row: the call after it need not broadcast.
    """
    rows = len(x) if len(x) ** 2 <= SMALL else 1
    total = tape.empty(rows, name)
    ones = tape.name(np.ones((rows, len(x)), tape.dtype), "ones")
    tape(ones.dot, x, total, says=says)
    return total
