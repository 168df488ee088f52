"""Smooth relatives of ReLU, and curves of other shapes: softsign, sine, the bell of Gauss."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np

from nncore.activations.base import Activation, Kept, positive, sigmoid
from nncore.registry import option
from nncore.tape import Tape

EXP_LIMIT = 40.0
"""exp of this is so large that 1 + exp(z) is exp(z) even in float64, while exp(2 · 40) is finite even in float32."""

SQUARE_LIMIT = 1000.0
"""Where z² is larger, σ(z G) of GELU is 0 or 1 to the last digit: z G is beyond 2000, and exp(−746) is 0."""


@dataclass(frozen=True)
class ELU(Activation):
    """f(z) = z for z > 0, α (exp(z) − 1) below.

    Clevert, Unterthiner and Hochreiter, "Fast and Accurate Deep Network Learning by Exponential Linear Units", 2015.

    Attributes
    ----------
    alpha
        α, 0 < α <= 1000: far below zero the output is −α.
    """

    name, label = "elu", "ELU"
    kinks = (0.0,)
    output_range = (-1.0, math.inf)
    alpha: float = option(1.0, "α", above=0, at_most=1000)

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "output_range", (-self.alpha, math.inf))

    def forward(self, tape, z, a):
        if self.alpha != 1:
            return _two_branches(tape, z, a, 1.0, self.alpha)
        # exp(z) − 1 is never below z, so that the larger one is right on both sides.
        u = _exponential_branch(tape, z, 1.0)
        tape(partial(np.maximum, out=a), z, u, says="A = max(Z, U)")
        return (u,)

    def backward(self, tape, z, a, da, dz, kept=()):
        if self.alpha != 1:
            _two_branches_back(tape, da, dz, kept, 1.0, self.alpha)
            return
        (u,) = kept
        tape(np.add, u, tape.constant(1, dz), dz, says="dZ ← U + 1 = exp(min(Z, 0))")
        tape(np.multiply, da, dz, dz, says="dZ = dA ∘ exp(min(Z, 0))")


class SELU(Activation):
    """f(z) = λ z for z > 0, λ α (exp(z) − 1) below, with α = 1.6733 and λ = 1.0507.

    The constants keep mean 0 and variance 1 from layer to layer: Klambauer, Unterthiner, Mayr and Hochreiter,
    "Self-Normalizing Neural Networks", 2017.
    """

    name, label = "selu", "SELU"
    alpha: ClassVar[float] = 1.6732632423543772
    scale: ClassVar[float] = 1.0507009873554805
    kinks = (0.0,)
    output_range = (-scale * alpha, math.inf)

    def forward(self, tape, z, a):
        return _two_branches(tape, z, a, self.scale, self.scale * self.alpha)

    def backward(self, tape, z, a, da, dz, kept=()):
        _two_branches_back(tape, da, dz, kept, self.scale, self.scale * self.alpha)


class GELU(Activation):
    """f(z) = ½ z (1 + tanh(√(2/π) (z + 0.044715 z³))).

    Computed as z σ(z G) with G = √(8/π) (1 + 0.044715 z²), which is the same. The tanh form of Hendrycks and Gimpel,
    "Gaussian Error Linear Units (GELUs)", 2016; it differs from z Φ(z) by less than 0.0005.
    """

    name, label = "gelu", "GELU"
    output_range = (-0.17005, math.inf)
    linear: ClassVar[float] = math.sqrt(8 / math.pi)
    cubic: ClassVar[float] = 0.044715 * linear

    def forward(self, tape, z, a):
        q, s = tape.empty(len(z), "Q"), tape.empty(len(z), "S")
        tape(np.square, z, q, says="Q = Z²")
        tape(np.multiply, q, tape.constant(-self.cubic, q), s, says=f"S ← −{self.cubic:.6g} Q")
        tape(np.subtract, s, tape.constant(self.linear, s), s, says=f"S = −G = S − {self.linear:.6g}")
        tape(np.multiply, z, s, s, says="S ← −Z∘G")
        tape(np.exp, s, s, says="S ← exp(−Z∘G)")
        tape(np.add, tape.constant(1, s), s, s, says="S ← 1 + exp(−Z∘G)")
        tape(np.reciprocal, s, s, says="S = σ(Z∘G)")
        tape(np.multiply, z, s, a, says="A = Z ∘ S")
        return q, s

    def backward(self, tape, z, a, da, dz, kept=()):
        q, s = kept
        u, one = tape.empty(len(z), "U"), tape.constant(1, dz)
        # Far out A ∘ (1 − S) is 0, and Q may be infinite: their product would be no number.
        tape(partial(np.minimum, out=u), q, tape.full(SQUARE_LIMIT, u.shape), says=f"U ← min(Q, {SQUARE_LIMIT:g})")
        tape(np.multiply, u, tape.constant(3 * self.cubic, u), u, says=f"U ← {3 * self.cubic:.6g} U")
        tape(np.add, u, tape.constant(self.linear, u), u, says=f"U = (Z∘G)' = U + {self.linear:.6g}")
        tape(np.subtract, one, s, dz, says="dZ ← 1 − S")
        tape(np.multiply, a, dz, dz, says="dZ ← A ∘ (1 − S)")
        tape(np.multiply, u, dz, dz, says="dZ ← A ∘ (1 − S) ∘ U")
        tape(np.add, s, dz, dz, says="dZ ← S + A ∘ (1 − S) ∘ U")
        tape(np.multiply, da, dz, dz, says="dZ = dA ∘ (S + A ∘ (1 − S) ∘ U)")


class SiLU(Activation):
    """f(z) = z σ(z) = z / (1 + exp(−z)), also called swish.

    Elfwing, Uchibe and Doya, "Sigmoid-Weighted Linear Units for Neural Network Function Approximation in Reinforcement
    Learning", 2017.
    """

    name, label = "silu", "SiLU"
    output_range = (-0.27847, math.inf)

    def forward(self, tape, z, a):
        s = tape.empty(len(z), "S")
        sigmoid(tape, z, s, "S")
        tape(np.multiply, z, s, a, says="A = Z ∘ S")
        return (s,)

    def backward(self, tape, z, a, da, dz, kept=()):
        (s,) = kept
        tape(np.subtract, tape.constant(1, dz), s, dz, says="dZ ← 1 − S")
        tape(np.multiply, a, dz, dz, says="dZ ← A ∘ (1 − S)")
        tape(np.add, s, dz, dz, says="dZ ← S + A ∘ (1 − S)")
        tape(np.multiply, da, dz, dz, says="dZ = dA ∘ (S + A ∘ (1 − S))")


class Softplus(Activation):
    """f(z) = ln(1 + exp(z)), f' = σ(z).

    Dugas, Bengio, Bélisle, Nadeau and Garcia, "Incorporating Second-Order Functional Knowledge for Better Option
    Pricing", 2000.
    """

    name, label = "softplus", "softplus"
    output_range = (0.0, math.inf)

    def forward(self, tape, z, a):
        e = tape.empty(len(z), "E")
        _record_bounded_exp(tape, z, e, e)
        tape(np.log1p, e, a, says="A ← ln(1 + E)")
        # Beyond the limit of E, where ln(1 + exp(z)) is z to the last digit, Z is the larger one; before it never is.
        tape(partial(np.maximum, out=a), z, a, says="A = max(Z, ln(1 + E))")
        return (e,)

    def backward(self, tape, z, a, da, dz, kept=()):
        (e,) = kept
        tape(np.add, tape.constant(1, dz), e, dz, says="dZ ← 1 + E")
        tape(np.divide, e, dz, dz, says="dZ ← E / (1 + E)")
        tape(np.multiply, da, dz, dz, says="dZ = dA ∘ E / (1 + E)")


class Mish(Activation):
    """f(z) = z tanh(ln(1 + exp(z))).

    With e = exp(z) and n = e (e + 2) it is z n / (n + 2), and f' = (n + 4 z (n − e) / (n + 2)) / (n + 2).
    Misra, "Mish: A Self Regularized Non-Monotonic Activation Function", 2019.
    """

    name, label = "mish", "Mish"
    output_range = (-0.30885, math.inf)

    def forward(self, tape, z, a):
        m, e = tape.empty(len(z), "M"), tape.empty(len(z), "E")
        n, d, q = tape.empty(len(z), "N"), tape.empty(len(z), "D"), tape.empty(len(z), "Q")
        two = tape.constant(2, n)
        _record_bounded_exp(tape, z, m, e)
        tape(np.add, e, two, n, says="N ← E + 2")
        tape(np.multiply, e, n, n, says="N = E ∘ (E + 2)")
        tape(np.add, n, two, d, says="D = N + 2")
        tape(np.divide, n, d, q, says="Q = N / D")
        tape(np.multiply, z, q, a, says="A = Z ∘ N / D")
        return m, e, n, d

    def backward(self, tape, z, a, da, dz, kept=()):
        m, e, n, d = kept
        # M, not Z: far out the term would go on growing with Z, as E does not; it is next to nothing from 40 on.
        q = tape.empty(len(z), "Q")
        tape(np.divide, m, d, q, says="Q = M / D")
        tape(np.subtract, n, e, dz, says="dZ ← N − E")
        tape(np.multiply, q, dz, dz, says="dZ ← Q ∘ (N − E)")
        tape(np.multiply, tape.constant(4, dz), dz, dz, says="dZ ← 4 Q ∘ (N − E)")
        tape(np.add, n, dz, dz, says="dZ ← N + 4 Q ∘ (N − E)")
        tape(np.divide, dz, d, dz, says="dZ ← (N + 4 Q ∘ (N − E)) / D")
        tape(np.multiply, da, dz, dz, says="dZ = dA ∘ (N + 4 Q ∘ (N − E)) / D")


class Softsign(Activation):
    """f(z) = z / (1 + |z|), f' = 1 / (1 + |z|)².

    Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks", 2010.
    """

    name, label = "softsign", "softsign"
    kinks = (0.0,)
    output_range = (-1.0, 1.0)

    def forward(self, tape, z, a):
        d = tape.empty(len(z), "D")
        tape(np.absolute, z, d, says="D ← |Z|")
        tape(np.add, tape.constant(1, d), d, d, says="D = 1 + |Z|")
        tape(np.divide, z, d, a, says="A = Z / (1 + |Z|)")
        return (d,)

    def backward(self, tape, z, a, da, dz, kept=()):
        (d,) = kept
        tape(np.square, d, dz, says="dZ ← (1 + |Z|)²")
        tape(np.divide, da, dz, dz, says="dZ = dA / (1 + |Z|)²")


class Sine(Activation):
    """f(z) = sin z, f' = cos z.

    Sitzmann, Martel, Bergman, Lindell and Wetzstein, "Implicit Neural Representations with Periodic Activation
    Functions", 2020.
    """

    name, label = "sin", "sin"
    output_range = (-1.0, 1.0)

    def forward(self, tape, z, a):
        tape(np.sin, z, a, says="A = sin(Z)")

    def backward(self, tape, z, a, da, dz, kept=()):
        tape(np.cos, z, dz, says="dZ ← cos(Z)")
        tape(np.multiply, da, dz, dz, says="dZ = dA ∘ cos(Z)")


class Gaussian(Activation):
    """f(z) = exp(−z²), f' = −2 z f.

    As a radial basis: Broomhead and Lowe, "Multivariable Functional Interpolation and Adaptive Networks", 1988.
    """

    name, label = "gaussian", "Gaussian"
    output_range = (0.0, 1.0)

    def forward(self, tape, z, a):
        tape(np.square, z, a, says="A ← Z²")
        tape(np.negative, a, a, says="A ← −Z²")
        tape(np.exp, a, a, says="A = exp(−Z²)")

    def backward(self, tape, z, a, da, dz, kept=()):
        tape(np.multiply, z, a, dz, says="dZ ← Z ∘ A")
        tape(np.multiply, dz, tape.constant(-2, dz), dz, says="dZ ← −2 Z ∘ A")
        tape(np.multiply, da, dz, dz, says="dZ = −2 dA ∘ Z ∘ A")


def _record_bounded_exp(tape: Tape, z: np.ndarray, m: np.ndarray, e: np.ndarray) -> None:
    """Record M = min(Z, 40) and E = exp(M); both may be one buffer."""
    name = "E ←" if m is e else "M ="
    tape(partial(np.minimum, out=m), z, tape.full(EXP_LIMIT, m.shape), says=f"{name} min(Z, {EXP_LIMIT:g})")
    tape(np.exp, m, e, says=f"E = exp(min(Z, {EXP_LIMIT:g}))")


def _exponential_branch(tape: Tape, z: np.ndarray, scale: float) -> np.ndarray:
    """A new buffer U = scale (exp(Z) − 1) for Z < 0, and 0 for Z > 0."""
    u = tape.empty(len(z), "U")
    tape(partial(np.minimum, out=u), z, tape.full(0, u.shape), says="U ← min(Z, 0)")
    tape(np.expm1, u, u, says="U = exp(min(Z, 0)) − 1")
    if scale != 1:
        tape(np.multiply, u, tape.constant(scale, u), u, says=f"U = {scale:.6g} (exp(min(Z, 0)) − 1)")
    return u


def _two_branches(tape: Tape, z: np.ndarray, a: np.ndarray, slope: float, scale: float) -> Kept:
    """Record A = slope · Z for Z > 0, and scale (exp(Z) − 1) for Z < 0."""
    u, p = _exponential_branch(tape, z, scale), tape.empty(len(z), "P")
    tape(partial(np.maximum, out=p), z, tape.full(0, p.shape), says="P = max(Z, 0)")
    if slope != 1:
        tape(np.multiply, p, tape.constant(slope, p), p, says=f"P = {slope:.6g} max(Z, 0)")
    tape(np.add, p, u, a, says="A = P + U")
    return u, p


def _two_branches_back(tape: Tape, da: np.ndarray, dz: np.ndarray, kept: Kept, slope: float, scale: float) -> None:
    """Record dZ = dA ∘ (slope for Z > 0, scale · exp(Z) for Z < 0): U + scale is right for Z < 0, and `scale` above."""
    u, p = kept
    positive(tape, p, dz, "P")
    tape(np.multiply, dz, tape.constant(slope - scale, dz), dz, says=f"dZ ← {slope - scale:.6g} [Z > 0]")
    tape(np.add, dz, u, dz, says=f"dZ ← U + {slope - scale:.6g} [Z > 0]")
    tape(np.add, dz, tape.constant(scale, dz), dz, says=f"dZ ← f'(Z): {slope:.6g} for Z > 0, {scale:.6g} exp(Z) below")
    tape(np.multiply, da, dz, dz, says="dZ = dA ∘ f'(Z)")
