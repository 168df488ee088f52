"""Figures for people: how well the outputs of a network agree with what they were to be.

All of them take outputs and targets as they come from a network and a data set. For classes:

* one output: at `threshold` or above it is the second class, and so is the target. Without a `threshold` that is 0
  where a target is negative (−1 and +1), 0.5 elsewhere (0 and 1); give it where targets of −1 and +1 may happen to be
  all +1;
* several outputs: the largest is the class; targets are one-hot, of the same shape, or class numbers (n_samples, 1).

A sample whose output is not a number belongs to no class: it is never right, stands in no column of the confusion
matrix, and still counts as a sample of its class. With several outputs, an infinite one is no number either. A target
must be a number. What would be 0 divided by 0, such as the precision of a class that was never said, is 0.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from nncore.checks import as_numbers
from nncore.registry import Option

__all__ = ["accuracy", "confusion_matrix", "f1", "precision", "r2", "recall"]

Average = Literal["macro"] | None

MAX_CLASSES = 5_000
"""A confusion matrix of more would fill the memory: of these it takes 200 MB."""

_THRESHOLD = Option(None, "Threshold", optional=True)


def accuracy(outputs: ArrayLike, targets: ArrayLike, threshold: float | None = None) -> float:
    """Share of samples that are classified right.

    Parameters
    ----------
    outputs
        (n_samples, n_outputs)
    targets
        (n_samples, n_outputs), or class numbers (n_samples, 1) for several outputs.
    threshold
        From which value on a single output means the second class; see the module.

    Returns
    -------
    float
        0 … 1. A sample whose output is not a number counts as wrong.

    Raises
    ------
    ValueError
        If the shapes do not fit, there are no samples, a target is not a number or no class, or `threshold` is not one
        finite number.
    """
    said, true, _ = _classes("accuracy", outputs, targets, threshold)
    return np.count_nonzero(said == true) / len(true)


def confusion_matrix(outputs: ArrayLike, targets: ArrayLike, threshold: float | None = None) -> np.ndarray:
    """How many samples of each class were taken for which.

    Parameters and errors are those of `accuracy`; there may be at most 5,000 classes.

    Returns
    -------
    np.ndarray
        (n_classes, n_classes), int: row = true class, column = class that was said; 2 × 2 for a single output. Samples
        whose output is not a number are in no column.
    """
    said, true, width = _classes("confusion_matrix", outputs, targets, threshold)
    n_classes, known = max(width, 2), said >= 0
    if n_classes > MAX_CLASSES:
        raise ValueError(f"confusion_matrix: expected at most {MAX_CLASSES:,} classes, got {n_classes:,}")
    cells = np.bincount(true[known] * n_classes + said[known], minlength=n_classes * n_classes)
    return cells.reshape(n_classes, n_classes)


def precision(
    outputs: ArrayLike, targets: ArrayLike, threshold: float | None = None, *, average: Average = "macro"
) -> float | np.ndarray:
    """Of the samples that were taken for a class, the share that is of it.

    Parameters and errors are those of `accuracy`, and

    Parameters
    ----------
    average
        `"macro"`: one number: the mean over all classes of several outputs; for a single output, that of the second
        class. None: one number per class.

    Returns
    -------
    float or np.ndarray
        0 … 1, or (n_classes,) of these; 0 for a class that was never said.
    """
    counts = _counts("precision", outputs, targets, threshold)
    return _averaged("precision", _share(counts.right, counts.said), average, counts.single)


def recall(
    outputs: ArrayLike, targets: ArrayLike, threshold: float | None = None, *, average: Average = "macro"
) -> float | np.ndarray:
    """Of the samples of a class, the share that was found; 0 for a class without samples. Otherwise as `precision`."""
    counts = _counts("recall", outputs, targets, threshold)
    return _averaged("recall", _share(counts.right, counts.true), average, counts.single)


def f1(
    outputs: ArrayLike, targets: ArrayLike, threshold: float | None = None, *, average: Average = "macro"
) -> float | np.ndarray:
    """2 · precision · recall / (precision + recall), of each class; 0 where both are. Otherwise as `precision`."""
    counts = _counts("f1", outputs, targets, threshold)
    return _averaged("f1", _share(2 * counts.right, counts.said + counts.true), average, counts.single)


def r2(outputs: ArrayLike, targets: ArrayLike) -> float:
    """Share of the targets' variance that the outputs explain: R² = 1 − Σ(t − o)² / Σ(t − mean t)².

    Parameters
    ----------
    outputs, targets
        Both (n_samples, n_outputs).

    Returns
    -------
    float
        At most 1; 0 is as good as always saying the mean, less is worse. With several outputs the mean over them.
        Where all targets are the same it is 1 if the outputs are exactly these, 0 if not. Not a number if an output
        is none.

    Raises
    ------
    ValueError
        If the shapes differ, there are no samples, or a target is not a finite number.
    """
    # As floats: the differences of unsigned integers would be none.
    outputs, targets = (array.astype(np.float64) for array in _arrays("r2", outputs, targets))
    if outputs.shape != targets.shape:
        raise ValueError(f"r2: outputs are {outputs.shape}, targets {targets.shape}")
    if not np.isfinite(targets).all():
        raise ValueError("r2: expected finite targets")
    # By rounding, the mean of equal numbers need not be the same number.
    varies = targets.min(axis=0) != targets.max(axis=0)
    with np.errstate(over="ignore", invalid="ignore"):
        left = np.square(targets - outputs).sum(axis=0)
        total = np.where(varies, np.square(targets - targets.mean(axis=0)).sum(axis=0), 1)
        explained = np.where(varies, 1 - left / total, np.where(left > 0, 0, 1 - left))
    return float(explained.mean())


# -----------------------------------------------------------------------------------------------------


class _Counts(NamedTuple):
    """How many samples there are of each class, all (n_classes,)."""

    right: np.ndarray
    """Those that were found."""
    said: np.ndarray
    """Those that were taken for it."""
    true: np.ndarray
    """Those that are of it, with those whose output is not a number."""
    single: bool
    """Whether there is a single output."""


def _counts(name: str, outputs: ArrayLike, targets: ArrayLike, threshold: float | None) -> _Counts:
    said, true, width = _classes(name, outputs, targets, threshold)
    samples = true[said == true], said[said >= 0], true
    return _Counts(*(np.bincount(classes, minlength=max(width, 2)) for classes in samples), single=width == 1)


def _classes(
    name: str, outputs: ArrayLike, targets: ArrayLike, threshold: float | None
) -> tuple[np.ndarray, np.ndarray, int]:
    """The class that was said (−1 for none) and the true one, both (n_samples,), and the number of outputs."""
    outputs, targets = _arrays(name, outputs, targets)
    threshold = _THRESHOLD.check(name, "threshold", threshold)
    width = outputs.shape[1]
    if width == 1 and targets.shape[1] == 1:
        if threshold is None:
            threshold = 0.0 if (targets < 0).any() else 0.5
        said = np.where(np.isnan(outputs), -1, outputs >= threshold)
        return said[:, 0], (targets[:, 0] >= threshold).astype(int), 1
    if targets.shape[1] not in (1, width) or width == 1:
        raise ValueError(f"{name}: outputs are {outputs.shape}, targets {targets.shape}")
    said = np.where(np.isfinite(outputs).all(axis=1), outputs.argmax(axis=1), -1)
    return said, _numbers(name, targets, width) if targets.shape[1] == 1 else targets.argmax(axis=1), width


def _numbers(name: str, targets: np.ndarray, n_classes: int) -> np.ndarray:
    """Class numbers as integers, (n_samples,)."""
    wrong = (targets != np.floor(targets)) | (targets < 0) | (targets >= n_classes)
    if wrong.any():
        row = int(wrong.argmax())
        raise ValueError(
            f"{name}: expected classes 0 … {n_classes - 1} as targets, got {targets[row, 0]:g} in row {row + 1}"
        )
    return targets[:, 0].astype(int)


def _arrays(name: str, outputs: ArrayLike, targets: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """Both as two-dimensional arrays of as many rows, at least one."""
    outputs = as_numbers(outputs, f"{name}: outputs", finite=False)
    targets = as_numbers(targets, f"{name}: targets", finite=False)
    if outputs.ndim != 2 or targets.ndim != 2 or len(outputs) != len(targets):
        raise ValueError(f"{name}: outputs are {outputs.shape}, targets {targets.shape}")
    if not outputs.size:
        raise ValueError(f"{name}: expected at least one sample, got outputs {outputs.shape}")
    if np.isnan(targets).any():
        raise ValueError(f"{name}: the target in row {int(np.isnan(targets).any(axis=1).argmax()) + 1} is not a number")
    return outputs, targets


def _share(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    return part / np.maximum(whole, 1)


def _averaged(name: str, figures: np.ndarray, average: Average, single: bool) -> float | np.ndarray:
    if average is None:
        return figures
    if not isinstance(average, str) or average != "macro":
        raise ValueError(f"{name}: expected average 'macro' or None, got {average!r}")
    return float(figures[1] if single else figures.mean())
