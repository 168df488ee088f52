"""How the first weights are drawn. Biases start at a constant."""

from __future__ import annotations

import numpy as np

from nncore.registry import Registered


class Initializer(Registered, family="initializer"):
    """Draws the weights of one layer."""

    bias: float = 0.0
    """The first value of every bias."""

    def weights(self, rng: np.random.Generator, units: int, inputs: int) -> np.ndarray:
        """(units, inputs) numbers in float64, whatever the network computes in."""
        raise NotImplementedError


class GlorotUniform(Initializer):
    """U(−r, r) with r = √(6 / (inputs + units)) (Glorot and Bengio 2010, equation 16)."""

    name, label = "glorot_uniform", "Glorot uniform"

    def weights(self, rng, units, inputs):
        limit = np.sqrt(6 / (inputs + units))
        return rng.uniform(-limit, limit, (units, inputs))


class GlorotNormal(Initializer):
    """N(0, 2 / (inputs + units)) (Glorot and Bengio 2010)."""

    name, label = "glorot_normal", "Glorot normal"

    def weights(self, rng, units, inputs):
        return rng.normal(0, np.sqrt(2 / (inputs + units)), (units, inputs))


class HeUniform(Initializer):
    """U(−r, r) with r = √(6 / inputs) (He et al. 2015)."""

    name, label = "he_uniform", "He uniform"

    def weights(self, rng, units, inputs):
        limit = np.sqrt(6 / inputs)
        return rng.uniform(-limit, limit, (units, inputs))


class HeNormal(Initializer):
    """N(0, 2 / inputs) (He et al. 2015, equation 10)."""

    name, label = "he_normal", "He normal"

    def weights(self, rng, units, inputs):
        return rng.normal(0, np.sqrt(2 / inputs), (units, inputs))


class Uniform(Initializer):
    """U(−0.5, 0.5) whatever the size of the layer, biases 0.1: the rule of the TensorFlow Playground."""

    name, label = "uniform", "uniform ±0.5"
    bias = 0.1

    def weights(self, rng, units, inputs):
        return rng.uniform(-0.5, 0.5, (units, inputs))
