"""Data sets in the plane with two classes, by the formulas of the TensorFlow Playground.

Each is a class in the registry and a function here: `X, y = spiral(500, noise=0.1, seed=3)`.
"""

from __future__ import annotations

import numpy as np

from nncore.registry import Registered


class Dataset(Registered, family="data set"):
    """A recipe for labelled points."""

    domain: tuple[float, float] = (-6.0, 6.0)
    """Least and greatest x1 and x2 of a picture of it."""
    exhaustive: bool = False
    """Whether its points are all there are, so that setting some aside for a test makes no sense."""

    def generate(self, n_samples: int = 500, noise: float = 0.0, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
        """Draw points and shuffle them.

        Parameters
        ----------
        n_samples
            How many, >= 1; the first class gets the smaller half.
        noise
            ν, 0 … 0.5.
        seed
            Same seed, same points.

        Returns
        -------
        X : np.ndarray
            (n_samples, 2)
        y : np.ndarray
            (n_samples, 1): +1 or −1.

        Raises
        ------
        ValueError
            If `n_samples` or `noise` is out of bounds.
        """
        if n_samples < 1:
            raise ValueError(f"n_samples: expected a number >= 1, got {n_samples}")
        if not 0 <= noise <= 0.5:
            raise ValueError(f"noise: expected 0 <= noise <= 0.5, got {noise}")
        rng = np.random.default_rng(seed)
        X, y = self.draw(rng, n_samples, noise)
        order = rng.permutation(n_samples)
        return X[order], y[order].reshape(-1, 1)

    def draw(self, rng: np.random.Generator, n: int, noise: float) -> tuple[np.ndarray, np.ndarray]:
        """Points (n, 2) and labels (n,) in any order."""
        raise NotImplementedError


def _labels(positive: np.ndarray) -> np.ndarray:
    return np.where(positive, 1.0, -1.0)


def _two_classes(first: np.ndarray, second: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    labels = np.concatenate([np.ones(len(first)), -np.ones(len(second))])
    return np.concatenate([first, second]), labels


class Circle(Dataset):
    """A disc inside a ring. Noise flips labels near the border; points do not move."""

    name, label = "circle", "Circle"
    radius = 5.0

    def draw(self, rng, n, noise):
        R, inner = self.radius, n // 2
        r = np.concatenate([rng.uniform(0, R / 2, inner), rng.uniform(0.7 * R, R, n - inner)])
        angle = rng.uniform(0, 2 * np.pi, n)
        X = np.stack([r * np.sin(angle), r * np.cos(angle)], axis=1)
        moved = X + noise * rng.uniform(-R, R, (n, 2))
        return X, _labels(np.hypot(*moved.T) < R / 2)


class Xor(Dataset):
    """A cloud with the sign of x1·x2. Noise flips labels near the axes; points do not move."""

    name, label = "xor", "XOR"
    padding = 0.3

    def draw(self, rng, n, noise):
        X = rng.uniform(-5, 5, (n, 2))
        X += np.where(X > 0, self.padding, -self.padding)
        moved = X + noise * rng.uniform(-5, 5, (n, 2))
        return X, _labels(moved[:, 0] * moved[:, 1] >= 0)


class XorTruthTable(Dataset):
    """The four rows of the table of exclusive or, repeated; inputs are 0 and 1. Noise moves points."""

    name, label = "xor_truth_table", "XOR truth table"
    domain = (-0.5, 1.5)
    exhaustive = True

    def draw(self, rng, n, noise):
        table = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], float)[np.arange(n) % 4]
        return table + noise * rng.uniform(-0.5, 0.5, (n, 2)), _labels(table[:, 0] != table[:, 1])


class Gauss(Dataset):
    """Two normal clouds. Noise widens them: σ² = 0.5 + 7ν."""

    name, label = "gauss", "Gauss"

    def draw(self, rng, n, noise):
        deviation = np.sqrt(0.5 + 7 * noise)
        first = rng.normal((2, 2), deviation, (n // 2, 2))
        return _two_classes(first, rng.normal((-2, -2), deviation, (n - n // 2, 2)))


class Spiral(Dataset):
    """Two interleaved spirals of one and three quarter turns. Noise moves points."""

    name, label = "spiral", "Spiral"
    radius = 5.0
    turns = 1.75

    def draw(self, rng, n, noise):
        return _two_classes(self._arm(rng, n // 2, 0, noise), self._arm(rng, n - n // 2, np.pi, noise))

    def _arm(self, rng: np.random.Generator, n: int, phase: float, noise: float) -> np.ndarray:
        along = np.arange(n) / max(n, 1)
        r, angle = self.radius * along, 2 * np.pi * self.turns * along + phase
        return np.stack([r * np.sin(angle), r * np.cos(angle)], axis=1) + noise * rng.uniform(-1, 1, (n, 2))


circle = Circle().generate
xor = Xor().generate
xor_truth_table = XorTruthTable().generate
gauss = Gauss().generate
spiral = Spiral().generate
