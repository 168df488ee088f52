"""Classes in the plane: the four sets of the TensorFlow Playground by its formulas, and others that teachers draw."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nncore.datasets.base import Dataset, from_classes, shares, signs
from nncore.registry import option


def _at(radius: np.ndarray, angle: np.ndarray) -> np.ndarray:
    """(n, 2): points at these distances from the origin; angles run clockwise from the top."""
    return np.stack([radius * np.sin(angle), radius * np.cos(angle)], axis=1)


class Circle(Dataset):
    """A disc inside a ring. Noise flips labels near the border; points do not move."""

    name, label = "circle", "Circle"
    radius = 5.0

    def draw(self, rng, n, noise):
        R, inner = self.radius, n // 2
        r = np.concatenate([rng.uniform(0, R / 2, inner), rng.uniform(0.7 * R, R, n - inner)])
        X = _at(r, rng.uniform(0, 2 * np.pi, n))
        moved = X + noise * rng.uniform(-R, R, (n, 2))
        return X, signs(np.hypot(*moved.T) < R / 2)


class Xor(Dataset):
    """A cloud with the sign of x₁·x₂. Noise flips labels near the axes; points do not move."""

    name, label = "xor", "XOR"
    padding = 0.3

    def draw(self, rng, n, noise):
        X = rng.uniform(-5, 5, (n, 2))
        X += np.where(X > 0, self.padding, -self.padding)
        moved = X + noise * rng.uniform(-5, 5, (n, 2))
        return X, signs(moved[:, 0] * moved[:, 1] >= 0)


class XorTruthTable(Dataset):
    """The four rows of the table of exclusive or, repeated; inputs are 0 and 1. Noise moves points by up to ν/2."""

    name, label = "xor_truth_table", "XOR truth table"
    domain = (-0.5, 1.5)
    exhaustive = True

    def draw(self, rng, n, noise):
        table = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], float)[np.arange(n) % 4]
        return table + noise * rng.uniform(-0.5, 0.5, (n, 2)), signs(table[:, 0] != table[:, 1])


class Gauss(Dataset):
    """Two normal clouds. Noise widens them: σ² = 0.5 + 7ν."""

    name, label = "gauss", "Gauss"

    def draw(self, rng, n, noise):
        deviation = np.sqrt(0.5 + 7 * noise)
        positive, negative = (rng.normal(c, deviation, (m, 2)) for c, m in zip((2, -2), shares(n, 2), strict=True))
        return np.concatenate([positive, negative]), signs(np.arange(n) < n // 2)


@dataclass(frozen=True)
class Spiral(Dataset):
    """Interleaved spiral arms; two wind one and three quarter times. Noise moves points by up to ν.

    More arms wind less, so that they lie as far apart as two.

    Attributes
    ----------
    arms
        How many there are, 2 … 6; each is a class.
    """

    name, label = "spiral", "Spiral"
    radius = 5.0

    arms: int = option(2, "Arms", at_least=2, at_most=6, whole=True)

    @property
    def n_classes(self):
        return self.arms

    @property
    def turns(self) -> float:
        """How often an arm goes round."""
        return 3.5 / self.arms

    def draw(self, rng, n, noise):
        phases = 2 * np.pi * np.arange(self.arms) / self.arms
        arms = zip(shares(n, self.arms), phases, strict=True)
        X, y = from_classes([self._arm(rng, m, phase, noise) for m, phase in arms])
        # Of two, the arm that begins upward is +1.
        return X, -y if self.arms == 2 else y

    def _arm(self, rng: np.random.Generator, n: int, phase: float, noise: float) -> np.ndarray:
        along = np.arange(n) / max(n, 1)
        return _at(self.radius * along, 2 * np.pi * self.turns * along + phase) + noise * rng.uniform(-1, 1, (n, 2))


class Moons(Dataset):
    """Two half moons, each around the end of the other. Noise moves points: normal, σ = 2ν.

    A figure of D. Zhou et al., "Learning with local and global consistency", 2003.
    """

    name, label = "moons", "Moons"
    radius = 3.2

    def draw(self, rng, n, noise):
        upper, lower = (np.linspace(0, np.pi, m) for m in shares(n, 2))
        above = np.stack([np.cos(upper) - 0.5, np.sin(upper) - 0.25], axis=1)
        below = np.stack([0.5 - np.cos(lower), 0.25 - np.sin(lower)], axis=1)
        X, y = from_classes([self.radius * below, self.radius * above])
        return X + rng.normal(0, 2 * noise, (n, 2)), y


@dataclass(frozen=True)
class Checkerboard(Dataset):
    """The squares of a board, by turns +1 and −1. Noise flips labels near the edges of squares; points do not move.

    After T. K. Ho and E. M. Kleinberg, "Building projectable classifiers of arbitrary complexity", 1996.

    Attributes
    ----------
    cells
        How many squares a side has, 2 … 8.
    """

    name, label = "checkerboard", "Checkerboard"
    half_side = 5.0

    cells: int = option(4, "Cells per side", at_least=2, at_most=8, whole=True)

    def draw(self, rng, n, noise):
        cell = 2 * self.half_side / self.cells
        X = rng.uniform(-self.half_side, self.half_side, (n, 2))
        moved = X + noise * rng.uniform(-cell, cell, (n, 2))
        square = np.floor((moved + self.half_side) / cell).sum(axis=1)
        # As with XOR, the square at the upper right is positive.
        return X, signs(square % 2 == 0)


@dataclass(frozen=True)
class Rings(Dataset):
    """A disc with rings around it, one class each. Noise moves points by up to ν times the width of two rings.

    After the circles of A. Ng, M. Jordan and Y. Weiss, "On spectral clustering: analysis and an algorithm", 2001.

    Attributes
    ----------
    classes
        How many there are, 2 … 6, with the disc.
    """

    name, label = "rings", "Rings"
    radius = 5.0

    classes: int = option(3, "Classes", at_least=2, at_most=6, whole=True)

    @property
    def n_classes(self):
        return self.classes

    def draw(self, rng, n, noise):
        # Between two rings there is half the width of one.
        width = self.radius / (1.5 * self.classes - 0.5)
        rings = []
        for number, m in enumerate(shares(n, self.classes)):
            inner = 1.5 * width * number
            # Uniform in the square of the radius, points are equally dense from the inner to the outer edge.
            r = np.sqrt(rng.uniform(inner**2, (inner + width) ** 2, m))
            rings.append(_at(r, rng.uniform(0, 2 * np.pi, m)))
        X, y = from_classes(rings)
        return X + 2 * width * noise * rng.uniform(-1, 1, (n, 2)), y


@dataclass(frozen=True)
class Blobs(Dataset):
    """Normal clouds with their centres on a circle, one class each. Noise widens them: σ = 0.6 + 2ν.

    Normal classes of one covariance are the model of linear discriminant analysis: C. R. Rao, "The utilization of
    multiple measurements in problems of biological classification", 1948.

    Attributes
    ----------
    classes
        How many there are, 2 … 8.
    """

    name, label = "blobs", "Blobs"
    radius = 3.8

    classes: int = option(3, "Classes", at_least=2, at_most=8, whole=True)

    @property
    def n_classes(self):
        return self.classes

    def draw(self, rng, n, noise):
        angles = 2 * np.pi * np.arange(self.classes) / self.classes
        clouds = zip(_at(np.full(self.classes, self.radius), angles), shares(n, self.classes), strict=True)
        return from_classes([rng.normal(centre, 0.6 + 2 * noise, (m, 2)) for centre, m in clouds])
