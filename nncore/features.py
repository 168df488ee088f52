"""Input features: what the network is given of a point of the plane."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from nncore.checks import as_names, as_numbers
from nncore.formula import evaluate, parse, variables, written
from nncore.registry import Registered

__all__ = [
    "X1",
    "X1X2",
    "X2",
    "CosX1",
    "CosX2",
    "Feature",
    "Formula",
    "SinX1",
    "SinX2",
    "X1Squared",
    "X2Squared",
    "feature",
    "transform",
]

LARGEST = 1e6
"""No value of a formula is larger: float32 and its squares hold it, and a pole is no reason to diverge."""


@dataclass(frozen=True)
class Feature(Registered, family="feature"):
    """A function of x1 and x2."""

    variables: ClassVar[tuple[str, ...]] = ("x1", "x2")
    """Which of the two it depends on."""

    def __call__(self, x1: np.ndarray, x2: np.ndarray) -> np.ndarray:
        """The feature of points whose coordinates are `x1` and `x2`, all (n_samples,)."""
        raise NotImplementedError

    def has_gaps(self, points: np.ndarray) -> bool:
        """Whether it has no finite value at some of these points, (n_samples, 2), and is 0 there instead."""
        return False


class X1(Feature):
    """The first coordinate."""

    name, label = "x1", "x₁"
    variables = ("x1",)

    def __call__(self, x1, x2):
        return x1


class X2(Feature):
    """The second coordinate."""

    name, label = "x2", "x₂"
    variables = ("x2",)

    def __call__(self, x1, x2):
        return x2


class X1Squared(Feature):
    """The first coordinate squared."""

    name, label = "x1_squared", "x₁²"
    variables = ("x1",)

    def __call__(self, x1, x2):
        return x1 * x1


class X2Squared(Feature):
    """The second coordinate squared."""

    name, label = "x2_squared", "x₂²"
    variables = ("x2",)

    def __call__(self, x1, x2):
        return x2 * x2


class X1X2(Feature):
    """The product of the coordinates."""

    name, label = "x1_x2", "x₁x₂"

    def __call__(self, x1, x2):
        return x1 * x2


class SinX1(Feature):
    """The sine of the first coordinate."""

    name, label = "sin_x1", "sin x₁"
    variables = ("x1",)

    def __call__(self, x1, x2):
        return np.sin(x1)


class SinX2(Feature):
    """The sine of the second coordinate."""

    name, label = "sin_x2", "sin x₂"
    variables = ("x2",)

    def __call__(self, x1, x2):
        return np.sin(x2)


class CosX1(Feature):
    """The cosine of the first coordinate."""

    name, label = "cos_x1", "cos x₁"
    variables = ("x1",)

    def __call__(self, x1, x2):
        return np.cos(x1)


class CosX2(Feature):
    """The cosine of the second coordinate."""

    name, label = "cos_x2", "cos x₂"
    variables = ("x2",)

    def __call__(self, x1, x2):
        return np.cos(x2)


@dataclass(frozen=True)
class Formula(Feature):
    """A function of x1 and x2 that a person typed, such as `sin(3*x1)*x2`; its grammar stands in `nncore.formula`.

    It is a number everywhere: 0 where its value is none or infinite (`log(x1)` left of 0, `1/x1` at 0), and at most
    a million, positive or negative. Formulas that read the same are equal: `3 x1` and `3*x1`.

    Attributes
    ----------
    formula
        As files keep it, without spaces or needless brackets; it is also its `name` and its `text`.
    label
        What a person reads: x₁² − 3·x₂.

    Raises
    ------
    FormulaError
        If the text is no formula; the message says where and what is possible.
    """

    formula: str

    def __post_init__(self) -> None:
        tree = parse(self.formula)
        # `name` and `label` belong to the class in all other features, which alone stand in the registry.
        own = {"formula": (text := written(tree)), "name": text, "label": written(tree, pretty=True)}
        own |= {"variables": variables(tree), "_tree": tree}
        for key, value in own.items():
            object.__setattr__(self, key, value)

    @property
    def text(self) -> str:
        return self.formula

    def __call__(self, x1, x2):
        values = self._values(x1, x2)
        return np.clip(np.where(np.isfinite(values), values, 0.0), -LARGEST, LARGEST)

    def has_gaps(self, points: np.ndarray) -> bool:
        return not np.isfinite(self._values(*_columns(points))).all()

    def _values(self, x1, x2) -> np.ndarray:
        x1, x2 = np.asarray(x1, np.float64), np.asarray(x2, np.float64)
        with np.errstate(all="ignore"):
            return np.broadcast_to(evaluate(self._tree, x1, x2), x1.shape)  # type: ignore[attr-defined]


def feature(text: str) -> Feature:
    """The feature of this name, or the one of this formula.

    Raises
    ------
    FormulaError
        If it is neither.
    """
    if isinstance(text, str) and text in Feature.registry:
        return Feature.named(text)()
    formula = Formula(text)
    return Feature.named(formula.text)() if formula.text in Feature.registry else formula


def transform(points: np.ndarray, names: Sequence[str]) -> np.ndarray:
    """The features of points of the plane.

    Parameters
    ----------
    points
        (n_samples, 2): x1 and x2.
    names
        Which features, by name or as a formula, in the order of the result's columns; one alone may be given as it is.

    Returns
    -------
    np.ndarray
        (n_samples, len(names))

    Raises
    ------
    FormulaError
        If a name is in no registry, and no formula.
    ValueError
        If there are no names, or `points` is of another shape, or not of finite numbers.
    """
    x1, x2 = _columns(points)
    chosen = as_names(names, "features: names")
    if not chosen:
        raise ValueError("features: expected at least one name")
    return np.stack([feature(name)(x1, x2) for name in chosen], axis=1)


def _columns(points: np.ndarray) -> np.ndarray:
    """x1 and x2 of points, (2, n_samples)."""
    points = as_numbers(points, "features: points")
    if points.ndim != 2 or points.shape[1] != 2:
        raise ValueError(f"features: expected points (n_samples, 2), got {points.shape}")
    return points.T
