"""The plane on which samples of more than two inputs are drawn, and through which the network is cut."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from playground.document.spec import Cut

COMPONENTS = ("component 1", "component 2")
_ROOM = 1.08
"""So much further than the samples the plane of two inputs reaches."""


class Plane(NamedTuple):
    """A plane through the space of the inputs: its points are mean + u·axes."""

    mean: np.ndarray
    """(n_inputs,)"""
    axes: np.ndarray
    """(2, n_inputs): two directions at right angles, or zero where there is only one."""
    names: tuple[str, str] = COMPONENTS
    """What is found along them."""
    origin: tuple[float, float] = (0.0, 0.0)
    """The values that are told where u is 0, and (`unit`) how much more per 1 of u."""
    unit: tuple[float, float] = (1.0, 1.0)

    def project(self, X: np.ndarray) -> np.ndarray:
        """The points, (n_samples, 2), that are nearest to samples (n_samples, n_inputs)."""
        squares = np.square(self.axes).sum(axis=1)
        return (X - self.mean) @ self.axes.T / np.where(squares == 0, 1, squares)

    def lift(self, points: np.ndarray) -> np.ndarray:
        """The samples, (n_samples, n_inputs), at points (n_samples, 2) of the plane."""
        return self.mean + points @ self.axes

    def label(self, axis: int, u: float) -> float:
        """What is told of a coordinate, in the units of the data."""
        return self.origin[axis] + u * self.unit[axis]


def principal_plane(X: np.ndarray) -> Plane:
    """The plane through the mean of samples (n_samples, n_inputs) that lies nearest to them."""
    mean = X.mean(axis=0)
    centred = X - mean
    n, inputs = X.shape
    # Of a few samples with many inputs, products of samples say the same as those of inputs, and are far fewer.
    few = n < inputs
    products = centred @ centred.T if few else centred.T @ centred
    _, vectors = np.linalg.eigh(products.astype(float))
    axes = vectors.T[::-1][:2].astype(X.dtype)
    axes = axes @ centred if few else axes
    axes = np.vstack([axes, np.zeros((2 - len(axes), inputs), X.dtype)])
    axes /= np.maximum(np.linalg.norm(axes, axis=1, keepdims=True), np.finfo(X.dtype).tiny)
    # The sign of a component is free: its largest part is positive.
    largest = np.abs(axes).argmax(axis=1)
    return Plane(mean, axes * np.where(axes[[0, 1], largest] < 0, -1, 1)[:, None].astype(X.dtype))


def cut_plane(
    principal: Plane, cut: Cut, X: np.ndarray, names: Sequence[str], domain: tuple[float, float]
) -> tuple[Plane, tuple[float, float]]:
    """The plane that a cut asks for, and the least and greatest coordinate that is drawn on it.

    Parameters
    ----------
    principal, domain
        The plane of the principal components, for a cut without inputs, and what is drawn of that.
    X
        (n_samples, n_inputs): the training samples.
    names
        (n_inputs,): of the inputs.
    """
    if cut.axes is None:
        return principal, domain
    mean = principal.mean.copy()
    for index, value in cut.held:
        mean[index] = value
    axes = np.zeros_like(principal.axes)
    centres, halves = [], []
    for row, index in enumerate(cut.axes):
        low, high = float(X[:, index].min()), float(X[:, index].max())
        centre, half = (low + high) / 2, _ROOM * (high - low) / 2 or 1.0
        mean[index], axes[row, index] = centre, half
        centres.append(centre)
        halves.append(half)
    first, second = cut.axes
    plane = Plane(mean, axes, (names[first], names[second]), (centres[0], centres[1]), (halves[0], halves[1]))
    return plane, (-1.0, 1.0)
