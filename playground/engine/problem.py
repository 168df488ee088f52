"""From a spec to what nncore computes with: the data, and the network."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np

import nncore as nn
from nncore.preprocessing import Standardization, one_hot
from playground.document.fitting import dataset_of, is_plane
from playground.document.spec import Data, Layer, Spec


class Samples(NamedTuple):
    """Samples to learn from, or to test with."""

    points: np.ndarray
    """(n_samples, 2): where they are drawn; x1 and x2 or, of samples with more inputs, their first two components."""
    inputs: np.ndarray
    """(n_samples, n_inputs): what the network is given."""
    labels: np.ndarray
    """(n_samples, 1): -1 or +1 for two classes, 0, 1, 2 … for more, values for a regression."""
    targets: np.ndarray
    """(n_samples, n_outputs): what the outputs are to become; 0 or -1 for no and 1 for yes where there are classes."""


class Plane(NamedTuple):
    """The plane of the two principal components through the mean of all samples: points of it are mean + u·axes."""

    mean: np.ndarray
    """(n_inputs,)"""
    axes: np.ndarray
    """(2, n_inputs): the directions in which samples differ most, of length 1."""

    def project(self, X: np.ndarray) -> np.ndarray:
        """The points, (n_samples, 2), that are nearest to samples (n_samples, n_inputs)."""
        return (X - self.mean) @ self.axes.T

    def lift(self, points: np.ndarray) -> np.ndarray:
        """The samples, (n_samples, n_inputs), at points (n_samples, 2) of the plane."""
        return self.mean + points @ self.axes


class Problem(NamedTuple):
    """What is to be learned."""

    train: Samples
    test: Samples
    domain: tuple[float, float]
    """Least and greatest value of both coordinates that is drawn."""
    dataset: nn.Dataset
    plane: Plane | None = None
    """Where samples with more than two inputs are drawn."""
    standardization: Standardization | None = None
    """What the network does to its inputs first."""
    limit: float = 1.0
    """The greatest magnitude of a label: what has the full colour."""


class Seeds(NamedTuple):
    """Independent seeds for what is random: drawn from one, weights would follow the points they are to learn."""

    data: int
    weights: int
    training: int
    """Order of the samples, and dropout."""


def seeds(spec: Spec) -> Seeds:
    """The seeds that follow from that of a spec."""
    return Seeds(*np.random.SeedSequence(spec.seed).generate_state(3).tolist())


def make_problem(spec: Spec) -> Problem:
    """Draw the samples of a spec and split them."""
    drawn = _drawn(spec.data, seeds(spec).data)
    dataset = dataset_of(spec.data.dataset)
    train, test = (_samples(spec, *part) for part in (drawn.train, drawn.test))
    if dataset.exhaustive:
        test = train
    standardization = None
    if drawn.plane is not None:
        # Pixels have a common scale, whatever else was measured comes in units of its own.
        pixels = dataset.shape is not None
        ones = np.ones(spec.n_inputs)
        standardization = Standardization(drawn.plane.mean, ones) if pixels else Standardization.of(train.inputs)
    return Problem(train, test, drawn.domain, dataset, drawn.plane, standardization, drawn.limit)


def make_network(spec: Spec, standardization: Standardization | None = None, inputs: int | None = None) -> nn.Network:
    """The network of a spec, freshly initialised from its seed; with another number of `inputs`, if that is given."""
    layers = [_layer(layer, index) for index, layer in enumerate(spec.layers)]
    return nn.Network(
        [*layers, nn.Dense(spec.n_outputs, spec.output_activation)],
        inputs=spec.n_inputs if inputs is None else inputs,
        seed=seeds(spec).weights,
        dtype=spec.dtype,
        initializer=spec.training.initializer,
        standardization=standardization,
    )


def output_to_score(spec: Spec, outputs: np.ndarray, limit: float = 1.0) -> np.ndarray:
    """Outputs on the scale -1 … +1: those of 0 … 1 for classes are stretched to it, values are divided by `limit`."""
    if spec.dataset.task == "regression":
        return outputs / limit
    return 2 * outputs - 1 if _is_never_negative(spec) else outputs


def output_range(spec: Spec, limit: float = 1.0) -> tuple[float, float]:
    """The outputs that have the scores -1 and +1."""
    if spec.dataset.task == "regression":
        return -limit, limit
    return (0.0, 1.0) if _is_never_negative(spec) else (-1.0, 1.0)


# -- data -----------------------------------------------------------------------------------------

Part = tuple[np.ndarray, np.ndarray, np.ndarray]
"""Points (n_samples, 2), inputs as they were drawn, and labels (n_samples, 1)."""


class _Drawn(NamedTuple):
    """What does not depend on the network: it is kept from edit to edit."""

    train: Part
    test: Part
    domain: tuple[float, float]
    plane: Plane | None
    limit: float


def _drawn(data: Data, seed: int) -> _Drawn:
    """The samples of a data set; one that brings its own division is the same whatever is asked for."""
    if dataset_of(data.dataset).train_size is not None:
        data = Data(data.dataset, noise=data.noise)
    return _draw(data, seed)


@lru_cache(maxsize=6)
def _draw(data: Data, seed: int) -> _Drawn:
    """The samples of a data set; of one that brings its own split, all there are."""
    dataset = dataset_of(data.dataset)
    X, labels = dataset.generate(data.n_samples, data.noise, seed)
    n_train = data.n_train
    if is_plane(dataset):
        plane, points, domain = None, X, dataset.domain
    else:
        X = X.astype(np.float32)
        plane = principal_plane(X[:n_train])
        points = plane.project(X)
        reach = _rounded_up(1.1 * float(np.abs(points[:n_train]).max()))
        domain = (-reach, reach)
    for array in (X, points, labels):
        array.flags.writeable = False
    train, test = ((points[part], X[part], labels[part]) for part in (slice(n_train), slice(n_train, None)))
    return _Drawn(train, test, domain, plane, float(np.abs(train[2]).max()) or 1.0)


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


def _rounded_up(value: float) -> float:
    """The next number that is easily halved twice."""
    if value <= 0:
        return 1.0
    unit = 10.0 ** math.floor(math.log10(value))
    return next(step * unit for step in (1, 1.2, 1.6, 2, 2.4, 3, 4, 5, 6, 8, 10) if value <= step * unit * (1 + 1e-9))


def _samples(spec: Spec, points: np.ndarray, X: np.ndarray, labels: np.ndarray) -> Samples:
    inputs = nn.features.transform(X, spec.features) if spec.is_plane else X
    return Samples(points, inputs, labels, _targets(spec, labels))


def _targets(spec: Spec, labels: np.ndarray) -> np.ndarray:
    dataset = spec.dataset
    if dataset.task == "regression":
        return labels
    if dataset.task == "classes":
        if not len(labels):
            return np.empty((0, dataset.n_classes))
        labels = 2 * one_hot(labels, dataset.n_classes) - 1
    return (labels + 1) / 2 if _is_never_negative(spec) else labels


def _is_never_negative(spec: Spec) -> bool:
    return nn.Activation.named(spec.output_activation).output_range[0] >= 0


# -- network --------------------------------------------------------------------------------------


def _layer(layer: Layer, index: int) -> nn.Layer:
    """The hidden layer at this place."""
    kind = nn.Layer.named(layer.kind)
    settings = {option: getattr(layer, option) for option in kind.options if hasattr(layer, option)}
    if "span" in settings:
        settings["span"] = min(layer.span, index)
        if index == 0:
            return nn.Dropout(0)  # There is no block to go around: what arrives is handed on.
    return kind(**settings)
