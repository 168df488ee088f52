"""How the first weights are drawn. Biases start at a constant."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nncore.checks import whole
from nncore.registry import Registered, option

__all__ = [
    "GlorotNormal",
    "GlorotUniform",
    "HeNormal",
    "HeUniform",
    "Initializer",
    "LeCunNormal",
    "LeCunUniform",
    "Normal",
    "Orthogonal",
    "Uniform",
    "Zeros",
]


@dataclass(frozen=True)
class Initializer(Registered, family="initializer"):
    """Draws the weights of one layer."""

    bias = 0.0
    """The first value of every bias."""

    def weights(self, rng: np.random.Generator, units: int, inputs: int) -> np.ndarray:
        """The weights of one layer.

        Parameters
        ----------
        rng
            Where they are drawn from; it moves on.
        units, inputs
            Of the layer, >= 1 each.

        Returns
        -------
        ndarray
            (units, inputs), in float64 whatever the network computes in.

        Raises
        ------
        ValueError
            If the generator is none, or the numbers are not whole or too small.
        """
        if not isinstance(rng, np.random.Generator):
            raise ValueError(f"{self.name}: expected a numpy.random.Generator as rng, got {rng!r}")
        return self._draw(rng, whole(units, f"{self.name}: units", 1), whole(inputs, f"{self.name}: inputs", 1))

    def _draw(self, rng: np.random.Generator, units: int, inputs: int) -> np.ndarray:
        raise NotImplementedError


class Zeros(Initializer):
    """All weights 0: the units of a layer stay equal for ever, so it is of use for a single layer only."""

    name, label = "zeros", "zeros"

    def _draw(self, rng, units, inputs):
        return np.zeros((units, inputs))


@dataclass(frozen=True)
class Uniform(Initializer):
    """U(−r, r) whatever the size of the layer; r = 0.5 with biases of 0.1 is the rule of the TensorFlow Playground.

    Attributes
    ----------
    limit
        r, 0 < r <= 1000.
    bias
        The first value of every bias, −1000 to 1000.
    """

    limit: float = option(0.5, "limit", above=0, at_most=1000)
    bias: float = option(0.1, "biases", at_least=-1000, at_most=1000)
    name, label = "uniform", "uniform"

    def _draw(self, rng, units, inputs):
        return rng.uniform(-self.limit, self.limit, (units, inputs))


@dataclass(frozen=True)
class Normal(Initializer):
    """N(0, σ²) whatever the size of the layer.

    Attributes
    ----------
    std
        Standard deviation σ, 0 < σ <= 1000.
    """

    std: float = option(0.1, "σ", above=0, at_most=1000)
    name, label = "normal", "normal"

    def _draw(self, rng, units, inputs):
        return rng.normal(0, self.std, (units, inputs))


class GlorotUniform(Initializer):
    """U(−r, r) with r = √(6 / (inputs + units)) (Glorot and Bengio 2010, equation 16); for tanh and sigmoid."""

    name, label = "glorot_uniform", "Glorot uniform"

    def _draw(self, rng, units, inputs):
        limit = np.sqrt(6 / (inputs + units))
        return rng.uniform(-limit, limit, (units, inputs))


class GlorotNormal(Initializer):
    """N(0, 2 / (inputs + units)) (Glorot and Bengio 2010); for tanh and sigmoid."""

    name, label = "glorot_normal", "Glorot normal"

    def _draw(self, rng, units, inputs):
        return rng.normal(0, np.sqrt(2 / (inputs + units)), (units, inputs))


class HeUniform(Initializer):
    """U(−r, r) with r = √(6 / inputs) (He et al. 2015); for ReLU and its kin."""

    name, label = "he_uniform", "He uniform"

    def _draw(self, rng, units, inputs):
        limit = np.sqrt(6 / inputs)
        return rng.uniform(-limit, limit, (units, inputs))


class HeNormal(Initializer):
    """N(0, 2 / inputs) (He et al. 2015, equation 10); for ReLU and its kin."""

    name, label = "he_normal", "He normal"

    def _draw(self, rng, units, inputs):
        return rng.normal(0, np.sqrt(2 / inputs), (units, inputs))


class LeCunUniform(Initializer):
    """U(−r, r) with r = √(3 / inputs) (LeCun et al. 1998, section 4.6)."""

    name, label = "lecun_uniform", "LeCun uniform"

    def _draw(self, rng, units, inputs):
        limit = np.sqrt(3 / inputs)
        return rng.uniform(-limit, limit, (units, inputs))


class LeCunNormal(Initializer):
    """N(0, 1 / inputs) (LeCun et al. 1998, equation 16); what SELU asks for (Klambauer et al. 2017)."""

    name, label = "lecun_normal", "LeCun normal"

    def _draw(self, rng, units, inputs):
        return rng.normal(0, np.sqrt(1 / inputs), (units, inputs))


@dataclass(frozen=True)
class Orthogonal(Initializer):
    """γ Q with Q Qᵀ = 1, or Qᵀ Q = 1 where there are more units than inputs (Saxe et al. 2014).

    Q comes from the QR decomposition of a matrix of normal numbers, its signs chosen so that every Q is as likely as
    any other (Mezzadri 2007).

    Attributes
    ----------
    gain
        γ, 0 < γ <= 1000; √2 suits ReLU.
    """

    gain: float = option(1.0, "gain", above=0, at_most=1000)
    name, label = "orthogonal", "orthogonal"

    def _draw(self, rng, units, inputs):
        q, r = np.linalg.qr(rng.normal(size=(max(units, inputs), min(units, inputs))))
        q = self.gain * q * np.copysign(1, np.diag(r))
        return q if units >= inputs else np.ascontiguousarray(q.T)
