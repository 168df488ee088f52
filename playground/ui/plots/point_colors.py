"""Which colour a sample has: that of its class, or that of its value."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from PySide6.QtGui import QColor

import nncore as nn
from playground.engine.problem import Problem
from playground.ui.theme import Theme, class_token

_SHADES = 33
"""Of values; an odd number, so that the one in the middle is zero."""


class PointColors(Protocol):
    """A list of colours, and which of them a label has."""

    def colors(self, theme: Theme) -> list[QColor]:
        """All of them."""
        ...

    def kinds(self, labels: np.ndarray) -> np.ndarray:
        """(n_samples,) indices into the colours, for labels (n_samples,)."""
        ...


class ClassColors:
    """One colour per class: those of -1 and +1 for two, and for more those of the theme in order."""

    def __init__(self, n_classes: int) -> None:
        self._tokens = class_tokens(n_classes)

    def colors(self, theme: Theme) -> list[QColor]:
        """All of them."""
        return [theme.color(token) for token in self._tokens]

    def kinds(self, labels: np.ndarray) -> np.ndarray:
        """(n_samples,) indices into the colours, for labels (n_samples,)."""
        return (labels >= 0).astype(np.intp) if len(self._tokens) == 2 else labels.astype(np.intp)


class ValueColors:
    """The diverging colours, for values up to a limit on either side of zero."""

    def __init__(self, limit: float) -> None:
        self._limit = limit

    def colors(self, theme: Theme) -> list[QColor]:
        """All of them."""
        return [theme.signed_color(value) for value in np.linspace(-1, 1, _SHADES).tolist()]

    def kinds(self, labels: np.ndarray) -> np.ndarray:
        """(n_samples,) indices into the colours, for labels (n_samples,)."""
        shares = np.clip(labels / self._limit, -1, 1)
        return np.rint((shares + 1) / 2 * (_SHADES - 1)).astype(np.intp)


def class_tokens(n_classes: int) -> list[str]:
    """The colour of each class by its name in the theme."""
    return ["negative", "positive"] if n_classes == 2 else [class_token(index) for index in range(n_classes)]


def point_colors(problem: Problem) -> PointColors:
    """The colours of the samples of a problem."""
    return colors_of(problem.dataset, problem.limit)


def colors_of(dataset: nn.Dataset, limit: float) -> PointColors:
    """The colours of the samples of a data set, whose values reach up to `limit`."""
    return ValueColors(limit) if dataset.task == "regression" else ClassColors(dataset.n_classes)
