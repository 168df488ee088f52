"""Values over the plane: what is to be found is a height at every point, not a class."""

from __future__ import annotations

import numpy as np

from nncore.datasets.base import Dataset


class Surface(Dataset):
    """A height over the plane. Noise takes it from a place nearby, up to 6ν away in x₁ and x₂; points do not move."""

    @property
    def n_classes(self):
        return 0

    def draw(self, rng, n, noise):
        low, high = self.domain
        X = rng.uniform(low, high, (n, 2))
        moved = X + noise * rng.uniform(low, high, (n, 2))
        return X, self.height(*moved.T)

    def height(self, x1: np.ndarray, x2: np.ndarray) -> np.ndarray:
        """What is to be found at points whose coordinates are `x1` and `x2`, all (n_samples,)."""
        raise NotImplementedError


class Plane(Surface):
    """y = (x₁ + x₂) / 10, that of the TensorFlow Playground. Noise takes heights from nearby."""

    name, label = "plane", "Plane"

    def height(self, x1, x2):
        return (x1 + x2) / 10


class Gaussians(Surface):
    """Three hills and three hollows, as in the TensorFlow Playground. Noise takes heights from nearby."""

    name, label = "gaussians", "Hills and hollows"
    hills = ((-4, 2.5, 1), (0, 2.5, -1), (4, 2.5, 1), (-4, -2.5, -1), (0, -2.5, 1), (4, -2.5, -1))
    """x₁ and x₂ of the middle of each, and its height: +1 or −1. Its slopes are straight and end at a distance of 2."""

    def height(self, x1, x2):
        heights = np.stack([sign * np.maximum(0, 1 - np.hypot(x1 - c1, x2 - c2) / 2) for c1, c2, sign in self.hills])
        highest = np.abs(heights).argmax(axis=0)
        return np.take_along_axis(heights, highest[None], axis=0)[0]


class Sine(Surface):
    """y = sin x₁: x₂ says nothing, which a network has to find out. Noise takes heights from nearby."""

    name, label = "sine", "Sine"

    def height(self, x1, x2):
        return np.sin(x1)


class Saddle(Surface):
    """y = (x₁² − x₂²) / 36: up to the sides, down to top and bottom. Noise takes heights from nearby."""

    name, label = "saddle", "Saddle"

    def height(self, x1, x2):
        return (x1 * x1 - x2 * x2) / 36
