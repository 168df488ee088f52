"""From a spec to what nncore computes with: the data, and the network."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np
from msgspec.structs import replace

import nncore as nn
from nncore.preprocessing import Standardization, one_hot
from playground.document.fitting import is_plane
from playground.document.spec import Cut, Data, Layer, Spec
from playground.document.table import Table, rounded_up
from playground.engine.planes import Plane, cut_plane, principal_plane
from playground.engine.tables import table_of_samples


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
    rows: np.ndarray
    """(n_samples,): which rows they are of the table that the samples make."""


@dataclass(frozen=True)
class Problem:
    """What is to be learned."""

    spec: Spec
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

    @cached_property
    def table(self) -> Table | None:
        """The samples as a table, of which `Samples.rows` are the rows; None where they are no points of the plane."""
        if self.plane is not None:
            return None
        if self.spec.data.is_own:
            return self.spec.data.own
        parts = [self.train] if self.test is self.train else [self.train, self.test]
        return table_of_samples(self.spec, [(part.points, part.labels) for part in parts], seeds(self.spec).data)


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
    dataset, plane, domain = spec.dataset, drawn.plane, drawn.domain
    if plane is not None and spec.cut != Cut():
        plane, domain = cut_plane(plane, spec.cut, drawn.train.inputs, dataset.input_names, domain)
    train, test = (_samples(spec, part, plane) for part in (drawn.train, drawn.test))
    if dataset.exhaustive or not len(test.labels):
        test = train
    standardization = _standardization(spec, drawn.plane, train.inputs)
    return Problem(spec, train, test, domain, dataset, plane, standardization, drawn.limit)


def _standardization(spec: Spec, plane: Plane | None, X: np.ndarray) -> Standardization | None:
    """What the network does to its inputs first: nothing to points of the plane."""
    if plane is None or (spec.data.own is not None and spec.data.is_own and not spec.data.own.standardize):
        return None
    # Pixels have a common scale, whatever else was measured comes in units of its own.
    if spec.dataset.shape is not None:
        return Standardization(plane.mean, np.ones(spec.n_inputs))
    return Standardization.of(X)


def make_network(spec: Spec, standardization: Standardization | None = None, inputs: int | None = None) -> nn.Network:
    """The network of a spec, freshly initialised from its seed; with another number of `inputs`, if that is given."""
    layers = [hidden_layer(layer, index) for index, layer in enumerate(spec.layers)]
    own = spec.output
    return nn.Network(
        [*layers, nn.Dense(spec.n_outputs, spec.output_activation, own.initializer, own.regularizer)],
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


class _Part(NamedTuple):
    """Samples as they were drawn."""

    inputs: np.ndarray
    """(n_samples, n_inputs)"""
    labels: np.ndarray
    """(n_samples, 1)"""
    rows: np.ndarray
    """(n_samples,)"""


class _Drawn(NamedTuple):
    """What does not depend on the network: it is kept from edit to edit."""

    train: _Part
    test: _Part
    domain: tuple[float, float]
    plane: Plane | None
    limit: float


def _drawn(data: Data, seed: int) -> _Drawn:
    """The samples of a data set; one that brings its own division is the same whatever is asked for."""
    if data.is_own:
        return _kept(Data(data.dataset, train_share=data.train_share, own=data.own), seed)
    data = replace(data, own=None)
    if data.kind.train_size is None:
        return _kept(data, seed)
    return _kept_pictures(Data(data.dataset, noise=data.noise), seed)


def _draw(data: Data, seed: int) -> _Drawn:
    """The samples of a data set; of one that brings its own split, all there are."""
    dataset = data.kind
    X, labels, rows, n_train = _dealt(data, seed)
    if is_plane(dataset):
        plane, domain = None, dataset.domain
    else:
        X = X.astype(np.float32, copy=False)
        plane = principal_plane(X[:n_train])
        reach = rounded_up(1.1 * float(np.abs(plane.project(X[:n_train])).max()))
        domain = (-reach, reach)
    for array in (X, labels):
        array.flags.writeable = False
    train, test = (_Part(X[part], labels[part], rows[part]) for part in (slice(n_train), slice(n_train, None)))
    return _Drawn(train, test, domain, plane, float(np.abs(train.labels).max()) or 1.0)


_kept = lru_cache(maxsize=6)(_draw)
_kept_pictures = lru_cache(maxsize=2)(_draw)
"""Pictures take 0.1 s and 13 MB: they are not pushed out by what is drawn in no time, and not many are kept."""


def _dealt(data: Data, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, int]:
    """Samples with labels and rows, those for training first, and how many these are."""
    if data.own is None:
        X, labels = data.kind.generate(data.n_samples, data.noise, seed)
        return X, labels, np.arange(len(X)), data.n_train
    chosen = data.own.in_training(data.train_share, seed)
    rows = np.concatenate([np.flatnonzero(chosen), np.flatnonzero(~chosen)])
    X, y, _ = data.own.rows
    return X[rows], y[rows, None], rows, int(chosen.sum())


def _samples(spec: Spec, part: _Part, plane: Plane | None) -> Samples:
    X, labels, rows = part
    if plane is None:
        return Samples(X, nn.features.transform(X, spec.features), labels, _targets(spec, labels), rows)
    return Samples(plane.project(X), X, labels, _targets(spec, labels), rows)


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


def hidden_layer(layer: Layer, index: int) -> nn.Layer:
    """The hidden layer at this place."""
    told = nn.Layer.of(layer.kind)
    own = {name: getattr(layer, name) for name in ("units", "activation", "rate", "span") if name in told.options}
    if "span" in own:
        own["span"] = min(layer.span, index)
        if index == 0:
            return nn.Dropout(0)  # There is no block to go around: what arrives is handed on.
    if layer.has_units:
        own |= {name: getattr(layer.weights, name) for name in ("initializer", "regularizer", "silenced")}
    return type(told)(**{**told.settings(), **own})


def frozen_parameters(spec: Spec, network: nn.Network) -> np.ndarray | None:
    """(n_parameters,) bool: those that training leaves as they are; None if there are none."""
    every = [*(layer.weights for layer in spec.layers), spec.output]
    if not any(weights.frozen or weights.frozen_units for weights in every):
        return None
    mask = np.zeros(len(network.parameters), bool)
    for weights, layer in zip(every, network.layers, strict=True):
        if weights.frozen:
            mask[layer.slice] = True
        elif weights.frozen_units:
            layer.shaped(mask)[list(weights.frozen_units)] = True
    return mask
