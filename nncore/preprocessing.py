"""What is done to samples before a network sees them: one scale for all inputs, a part for testing, one-hot labels."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike

from nncore.checks import as_numbers, whole
from nncore.registry import Option

MAX_CLASSES = 10_000
"""Labels above this are taken for a mistake unless `n_classes` says otherwise: one-hot they would fill the memory."""

MAX_NUMBERS = 100_000_000
"""No larger array is made of labels, n_samples · n_classes: as float64 it takes 800 MB."""

_TRAIN = Option(0.8, "Training share", above=0, below=1)


@dataclass(frozen=True, eq=False, init=False)
class Standardization:
    """x' = (x − mean) / scale, column by column: afterwards every input has mean 0 and standard deviation 1.

    A network trains far better on inputs of the same size around zero (LeCun et al., "Efficient BackProp", 1998).
    It is a value: it never changes, and equals another one with the same numbers.

    Parameters
    ----------
    mean, scale
        (n_inputs,): what is subtracted from each input, and what the rest is divided by, > 0. Kept as float64.

    Raises
    ------
    ValueError
        If they are not two vectors of the same length with finite numbers, or a scale is not above zero.
    """

    mean: np.ndarray
    scale: np.ndarray

    def __init__(self, mean: ArrayLike, scale: ArrayLike) -> None:
        for key, given in (("mean", mean), ("scale", scale)):
            values = np.array(as_numbers(given, f"standardization: {key}"), np.float64)
            values.flags.writeable = False
            object.__setattr__(self, key, values)
        if self.mean.ndim != 1 or self.mean.shape != self.scale.shape or not self.mean.size:
            raise ValueError(
                "standardization: expected mean and scale of one shape (n_inputs,),"
                f" got {self.mean.shape} and {self.scale.shape}"
            )
        if not (self.scale > 0).all():
            column = int(np.argmin(self.scale > 0))
            raise ValueError(f"standardization: expected scale > 0, got {self.scale[column]} for column {column + 1}")

    @classmethod
    def of(cls, X: ArrayLike) -> Self:
        """The standardization that these samples ask for.

        Parameters
        ----------
        X
            (n_samples, n_inputs), at least one sample. Take the training samples only: a test must not be looked at.

        Returns
        -------
        Standardization
            Mean and population standard deviation of every column; a constant column gets scale 1, and becomes 0.

        Raises
        ------
        ValueError
            If X is of another shape, or has something in it that is not a finite number.
        """
        X = np.asarray(as_numbers(X, "standardization: X"), np.float64)
        if X.ndim != 2 or 0 in X.shape:
            raise ValueError(f"standardization: expected X (n_samples, n_inputs), not empty, got {X.shape}")
        # Relative to the largest, squares neither overflow nor vanish.
        peak = np.abs(X).max(axis=0)
        peak[peak == 0] = 1
        relative = X / peak
        # By rounding, the deviation of equal numbers need not be 0.
        constant = X.min(axis=0) == X.max(axis=0)
        mean = np.where(constant, X[0], relative.mean(axis=0) * peak)
        scale = np.where(constant, 1, relative.std(axis=0) * peak)
        return cls(mean, np.where(scale > 0, scale, 1))

    def apply(self, X: ArrayLike) -> np.ndarray:
        """(X − mean) / scale.

        Parameters
        ----------
        X
            (n_samples, n_inputs). What is not a number stays so.

        Returns
        -------
        np.ndarray
            (n_samples, n_inputs), float64; X is left alone.

        Raises
        ------
        ValueError
            If X has another number of columns, or something in it that is no number.
        """
        return (self._checked(X) - self.mean) / self.scale

    def undo(self, X: ArrayLike) -> np.ndarray:
        """X · scale + mean: the reverse of `apply`, to rounding; shapes and errors are the same."""
        return self._checked(X) * self.scale + self.mean

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Standardization):
            return NotImplemented
        return np.array_equal(self.mean, other.mean) and np.array_equal(self.scale, other.scale)

    def __hash__(self) -> int:
        return hash((*self.mean.tolist(), *self.scale.tolist()))

    def _checked(self, X: ArrayLike) -> np.ndarray:
        X = np.asarray(as_numbers(X, "standardization: inputs", finite=False), np.float64)
        if X.ndim != 2 or X.shape[1] != self.mean.size:
            raise ValueError(f"standardization: expected inputs (n_samples, {self.mean.size}), got {X.shape}")
        return X


Samples = tuple[np.ndarray, np.ndarray]
"""X (n_samples, n_inputs) and y (n_samples, n_outputs)."""


def split(
    X: ArrayLike, y: ArrayLike, train: float = 0.8, *, by_class: bool = False, seed: int = 0
) -> tuple[Samples, Samples]:
    """Shuffle samples and part them: one part to learn from, the other to see what was learned.

    Parameters
    ----------
    X
        (n_samples, n_inputs)
    y
        (n_samples,) or (n_samples, n_outputs)
    train
        The share of the first part, 0 < train < 1. Of n samples it gets ⌊train · n⌋, but each part at least one.
    by_class
        Whether every class keeps its share in both parts (to one sample), with at least one sample in each. Two samples
        are of one class if their rows of y are equal, so labels and one-hot rows both will do.
    seed
        Same seed, same parts.

    Returns
    -------
    (X_train, y_train), (X_test, y_test)
        Copies, in shuffled order.

    Raises
    ------
    ValueError
        If X and y are not of numbers, have different numbers of samples, or fewer than two; if `train` is out of
        bounds; by class, if a class has one sample only.
    """
    X, y = as_numbers(X, "split: X", finite=False), as_numbers(y, "split: y", finite=False)
    if X.ndim == 0 or y.ndim == 0 or len(X) != len(y):
        raise ValueError(f"split: expected as many samples in X as in y, got shapes {X.shape} and {y.shape}")
    if len(X) < 2:
        raise ValueError(f"split: expected at least 2 samples, got {len(X)}")
    train = _TRAIN.check("split", "train", train)
    rng = generator(seed)
    order = rng.permutation(len(X))
    if not by_class:
        n_train = _share(len(X), train)
        return _parts(X, y, order[:n_train], order[n_train:])
    labels = as_numbers(y, "split: y").reshape(len(y), -1)
    values, classes, counts = np.unique(labels, axis=0, return_inverse=True, return_counts=True)
    if counts.min() < 2:
        name = ", ".join(f"{value:g}" for value in values[counts.argmin()])
        raise ValueError(f"split: class {name} has one sample only; by_class needs two of each, one for either part")
    taken = _shares_by_class(counts, train)
    # The first samples of each class, in shuffled order, are for training: both parts stay shuffled.
    classes = classes.reshape(-1)[order]
    rank = np.empty(len(order), int)
    for number, count in enumerate(counts):
        rank[classes == number] = np.arange(count)
    first = rank < taken[classes]
    return _parts(X, y, order[first], order[~first])


def one_hot(labels: ArrayLike, n_classes: int | None = None) -> np.ndarray:
    """Labels as rows with a single 1: class 2 of 4 becomes 0, 0, 1, 0.

    Parameters
    ----------
    labels
        (n_samples,) or (n_samples, 1): whole numbers 0 … n_classes − 1, of any type of number.
    n_classes
        How many columns; None: the largest label + 1.

    Returns
    -------
    np.ndarray
        (n_samples, n_classes), float64.

    Raises
    ------
    ValueError
        If labels are of another shape, or one of them is no such number: the first is named; if the result would have
        more than 100 million numbers.
    """
    values = as_numbers(labels, "one_hot: labels")
    if values.ndim == 2 and values.shape[1] == 1:
        values = values[:, 0]
    if values.ndim != 1 or not values.size:
        raise ValueError(f"one_hot: expected labels (n_samples,) or (n_samples, 1), got {values.shape}")
    most = (MAX_CLASSES if n_classes is None else whole(n_classes, "one_hot: n_classes", at_least=1)) - 1
    wrong = (values != np.floor(values)) | (values < 0) | (values > most)
    if wrong.any():
        row = int(wrong.argmax())
        hint = "; give n_classes if there are more" if n_classes is None and values[row] > most else ""
        raise ValueError(f"one_hot: expected whole labels 0 … {most}, got {values[row]:g} in row {row + 1}{hint}")
    shape = len(values), int(values.max()) + 1 if n_classes is None else most + 1
    if math.prod(shape) > MAX_NUMBERS:
        raise ValueError(f"one_hot: {shape[0]:,} labels of {shape[1]:,} classes are more than {MAX_NUMBERS:,} numbers")
    rows = np.zeros(shape)
    rows[np.arange(len(values)), values.astype(int)] = 1
    return rows


def generator(seed: int) -> np.random.Generator:
    """The random numbers of a seed; ValueError if it is no whole number >= 0."""
    return np.random.default_rng(whole(seed, "seed", at_least=0))


def _share(n: int, train: float) -> int:
    """⌊train · n⌋, but 1 … n − 1; 0.29 · 100 is 29 although its product is a little less."""
    return min(max(math.floor(train * n + 1e-9), 1), n - 1)


def _shares_by_class(counts: np.ndarray, train: float) -> np.ndarray:
    """How many of each class are for training: together as many as without classes, where every class allows it."""
    ideal = train * counts
    taken = np.array([_share(int(count), train) for count in counts])
    missing = _share(int(counts.sum()), train) - int(taken.sum())
    # Largest remainders first, as seats are given to parties.
    for number in np.argsort(taken - ideal, kind="stable")[: max(missing, 0)]:
        taken[number] += taken[number] < counts[number] - 1
    return taken


def _parts(X: np.ndarray, y: np.ndarray, first: np.ndarray, second: np.ndarray) -> tuple[Samples, Samples]:
    return (X[first], y[first]), (X[second], y[second])
