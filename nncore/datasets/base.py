"""What all data sets have in common: what is known of one before it is drawn, and how its samples are drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np

from nncore.checks import whole
from nncore.preprocessing import generator
from nncore.registry import Option, Registered

Task = Literal["binary", "classes", "regression"]

DEFAULT_SAMPLES = 500
"""How many samples are drawn where nobody says how many, and any number can be."""
MAX_SAMPLES = 10_000_000
"""How many can be drawn at most: in the plane they take 240 MB."""

_NOISE = Option(0.0, "Noise", at_least=0, at_most=0.8)


@dataclass(frozen=True)
class Dataset(Registered, family="data set"):
    """Samples to learn from: drawn by a formula, or measured by somebody.

    A subclass is a frozen dataclass whose fields are its options, and brings `draw`.
    """

    domain: ClassVar[tuple[float, float]] = (-6.0, 6.0)
    """Least and greatest value of an input in a picture of it."""
    exhaustive: ClassVar[bool] = False
    """Whether its samples are all there are, so that setting some aside for a test makes no sense."""
    size: ClassVar[int | None] = None
    """How many samples there are at most; None where any number can be drawn, up to ten million."""
    train_size: ClassVar[int | None] = None
    """How many samples, from the first on, are for training, where the set brings its own split; it is not shuffled."""
    shape: ClassVar[tuple[int, ...] | None] = None
    """(height, width) or (height, width, colours) where a sample is a picture, its inputs row by row."""

    @property
    def n_classes(self) -> int:
        """How many classes there are; 0 where values are to be found."""
        return 2

    @property
    def task(self) -> Task:
        """What is asked: one of two classes, one of several, or a value."""
        return "regression" if self.n_classes == 0 else "binary" if self.n_classes == 2 else "classes"

    @property
    def class_names(self) -> tuple[str, ...]:
        """(n_classes,): what a person calls them; of two, the first is that of −1."""
        return ("−1", "+1") if self.n_classes == 2 else tuple(map(str, range(self.n_classes)))

    @property
    def input_names(self) -> tuple[str, ...]:
        """(n_inputs,): what a person calls the columns of X."""
        return ("x₁", "x₂")

    @property
    def n_inputs(self) -> int:
        """How many numbers a sample has."""
        return 2

    def generate(
        self, n_samples: int | None = None, noise: float = 0.0, seed: int = 0
    ) -> tuple[np.ndarray, np.ndarray]:
        """Draw samples and shuffle them.

        Parameters
        ----------
        n_samples
            How many, 1 … `size`. None: all there are; 500 where any number can be drawn, up to ten million.
        noise
            ν, 0 … 0.8; what it does is said by each set.
        seed
            A whole number >= 0. Same seed, same samples.

        Returns
        -------
        X : np.ndarray
            (n_samples, n_inputs), float64; pictures are float32, at half the memory.
        y : np.ndarray
            (n_samples, 1), float64: −1 or +1 for two classes, 0 … n_classes − 1 for more, values for a regression.

        Raises
        ------
        ValueError
            If `n_samples`, `noise` or `seed` is out of bounds.
        OSError
            If the set is read from a file, and that is missing.
        """
        n_samples = self._checked_count(n_samples)
        noise = _NOISE.check("noise", "noise", noise)
        rng = generator(seed)
        X, y = self.draw(rng, n_samples, noise)
        order = slice(None) if self.train_size else rng.permutation(n_samples)
        return X[order], y[order].reshape(-1, 1)

    def draw(self, rng: np.random.Generator, n: int, noise: float) -> tuple[np.ndarray, np.ndarray]:
        """Samples (n, n_inputs) and what is to be learned of them (n,), in any order."""
        raise NotImplementedError

    @classmethod
    def sample(
        cls, n_samples: int | None = None, noise: float = 0.0, seed: int = 0, **options: Any
    ) -> tuple[np.ndarray, np.ndarray]:
        """`generate` of the set with these options: `spiral(300, arms=3)`; errors are the same."""
        if "name" in options:
            raise ValueError(f"data set '{cls.name}' cannot have another name, got {options['name']!r}")
        return cls.of({"name": cls.name, **options}).generate(n_samples, noise, seed)

    def _checked_count(self, n_samples: int | None) -> int:
        if n_samples is None:
            return self.size or DEFAULT_SAMPLES
        count = whole(n_samples, "n_samples", at_least=1, at_most=MAX_SAMPLES)
        if self.size is not None and count > self.size:
            raise ValueError(f"n_samples: {self.name} has {self.size} samples, got {count}")
        return count


def signs(positive: np.ndarray) -> np.ndarray:
    """+1 where `positive` is true, −1 elsewhere."""
    return np.where(positive, 1.0, -1.0)


def shares(n: int, parts: int) -> list[int]:
    """`n` in `parts` whole numbers as equal as can be; of two, the first is the smaller."""
    return [n * (part + 1) // parts - n * part // parts for part in range(parts)]


def from_classes(clouds: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Samples of each class in turn, as one array, and their labels: −1 and +1 for two classes, 0 … k − 1 for more."""
    number = np.repeat(np.arange(len(clouds)), [len(cloud) for cloud in clouds])
    return np.concatenate(clouds), 2.0 * number - 1 if len(clouds) == 2 else number.astype(float)
