"""How well a network does on samples, in the figures people judge it by."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

import nncore as nn
from playground.engine.mirror import Mirror
from playground.engine.problem import output_to_score


class ClassFigures(NamedTuple):
    """How samples of several classes were classified."""

    counts: np.ndarray
    """(n_classes, n_classes): row = true class, column = the one that was said."""
    accuracy: float
    precision: np.ndarray
    recall: np.ndarray
    f1: np.ndarray
    """(n_classes,) each, 0 … 1; NaN where it would be 0 divided by 0."""


class ValueFigures(NamedTuple):
    """How near the values are that were said for samples."""

    r2: float
    rmse: float
    mae: float
    """In the units of the values."""
    true: np.ndarray
    said: np.ndarray
    """(n_samples,) each."""


def outputs_of(mirror: Mirror) -> list[np.ndarray]:
    """(n_samples, n_outputs) of the training set and, where that is another, of the test set; of many not of all."""
    problem = mirror.problem
    train = mirror.activations[-1]
    if problem.test is problem.train:
        return [train]
    return [train, mirror.network.predict(problem.test.inputs[: mirror.looked_at])]


def figures_of(mirror: Mirror) -> list[ClassFigures | ValueFigures]:
    """The figures of each set of `outputs_of`."""
    problem, spec = mirror.problem, mirror.spec
    sets = zip((problem.train, problem.test), outputs_of(mirror), strict=False)
    if problem.dataset.task == "regression":
        return [value_figures(said, samples.labels[: len(said)]) for samples, said in sets]
    if spec.n_outputs > 1:
        return [class_figures(said, samples.targets[: len(said)]) for samples, said in sets]
    return [class_figures(output_to_score(spec, said), samples.labels[: len(said)], 0.0) for samples, said in sets]


def class_figures(outputs: np.ndarray, targets: np.ndarray, threshold: float | None = None) -> ClassFigures:
    """Figures of outputs as `nncore.metrics` reads them."""
    given = outputs, targets, threshold
    counts = nn.metrics.confusion_matrix(*given)
    said = counts.sum(axis=0)
    precision, recall, f1 = (
        np.asarray(figure(*given, average=None)) for figure in (nn.metrics.precision, nn.metrics.recall, nn.metrics.f1)
    )
    n_true = np.bincount(_classes(targets, threshold), minlength=len(counts))
    return ClassFigures(
        counts,
        nn.metrics.accuracy(*given),
        np.where(said > 0, precision, np.nan),
        np.where(n_true > 0, recall, np.nan),
        np.where(said + n_true > 0, f1, np.nan),
    )


def value_figures(outputs: np.ndarray, labels: np.ndarray) -> ValueFigures:
    """Figures of outputs (n_samples, 1) for values (n_samples, 1); NaN where an output is not finite."""
    said, true = outputs[:, 0].astype(float), labels[:, 0].astype(float)
    if not np.isfinite(said).all():
        return ValueFigures(math.nan, math.nan, math.nan, true, said)
    errors = said - true
    with np.errstate(over="ignore"):
        rmse, mae = math.sqrt(float(np.mean(errors * errors))), float(np.mean(np.abs(errors)))
    r2 = nn.metrics.r2(outputs, labels) if len(true) > 1 else math.nan
    return ValueFigures(r2, rmse, mae, true, said)


def _classes(targets: np.ndarray, threshold: float | None) -> np.ndarray:
    """(n_samples,): the number of each sample's class."""
    if targets.shape[1] > 1:
        return targets.argmax(axis=1)
    return (targets[:, 0] >= (threshold or 0.0)).astype(int)
