"""Input features: what the network is given of a point of the plane."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nncore.checks import as_names, as_numbers
from nncore.registry import Registered

__all__ = ["X1", "X1X2", "X2", "Feature", "SinX1", "SinX2", "X1Squared", "X2Squared", "transform"]


@dataclass(frozen=True)
class Feature(Registered, family="feature"):
    """A function of x1 and x2."""

    def __call__(self, x1: np.ndarray, x2: np.ndarray) -> np.ndarray:
        """The feature of points whose coordinates are `x1` and `x2`, all (n_samples,)."""
        raise NotImplementedError


class X1(Feature):
    """The first coordinate."""

    name, label = "x1", "x₁"

    def __call__(self, x1, x2):
        return x1


class X2(Feature):
    """The second coordinate."""

    name, label = "x2", "x₂"

    def __call__(self, x1, x2):
        return x2


class X1Squared(Feature):
    """The first coordinate squared."""

    name, label = "x1_squared", "x₁²"

    def __call__(self, x1, x2):
        return x1 * x1


class X2Squared(Feature):
    """The second coordinate squared."""

    name, label = "x2_squared", "x₂²"

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

    def __call__(self, x1, x2):
        return np.sin(x1)


class SinX2(Feature):
    """The sine of the second coordinate."""

    name, label = "sin_x2", "sin x₂"

    def __call__(self, x1, x2):
        return np.sin(x2)


def transform(points: np.ndarray, names: Sequence[str]) -> np.ndarray:
    """The named features of points of the plane.

    Parameters
    ----------
    points
        (n_samples, 2): x1 and x2.
    names
        Which features, in the order of the result's columns; one alone may be given as it is.

    Returns
    -------
    np.ndarray
        (n_samples, len(names))

    Raises
    ------
    UnknownNameError
        If a name is in no registry.
    ValueError
        If there are no names, or `points` is of another shape, or not of finite numbers.
    """
    points = as_numbers(points, "features: points")
    if points.ndim != 2 or points.shape[1] != 2:
        raise ValueError(f"features: expected points (n_samples, 2), got {points.shape}")
    chosen = as_names(names, "features: names")
    if not chosen:
        raise ValueError("features: expected at least one name")
    x1, x2 = points.T
    return np.stack([Feature.named(name)()(x1, x2) for name in chosen], axis=1)
