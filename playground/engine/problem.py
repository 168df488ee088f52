"""From a spec to what nncore computes with: the data, and the network."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

import nncore as nn
from playground.document.spec import Spec


class Samples(NamedTuple):
    """Labelled points of the plane."""

    points: np.ndarray
    """(n_samples, 2): x1 and x2."""
    inputs: np.ndarray
    """(n_samples, n_features): what the network is given."""
    labels: np.ndarray
    """(n_samples, 1): -1 or +1."""
    targets: np.ndarray
    """(n_samples, 1): what the output is to become; the labels, or 0 and 1 where it is never negative."""


class Problem(NamedTuple):
    """What is to be learned."""

    train: Samples
    test: Samples
    domain: tuple[float, float]
    """Least and greatest value of x1 and of x2 that is drawn."""


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
    """Generate the points of a spec and split them."""
    dataset = nn.Dataset.named(spec.data.dataset)()
    points, labels = dataset.generate(spec.data.samples, spec.data.noise, seeds(spec).data)
    n_train = len(points) if dataset.exhaustive else max(1, int(len(points) * spec.data.train_share))
    train = _samples(spec, points[:n_train], labels[:n_train])
    test = train if dataset.exhaustive else _samples(spec, points[n_train:], labels[n_train:])
    return Problem(train, test, dataset.domain)


def make_network(spec: Spec) -> nn.Network:
    """The network of a spec, freshly initialised from its seed."""
    layers: list[nn.Layer] = []
    for layer in spec.layers:
        kind = nn.Layer.named(layer.kind)
        layers.append(kind(**{option: getattr(layer, option) for option in kind.options}))
    layers.append(nn.Dense(1, spec.output_activation))
    return nn.Network(
        layers,
        inputs=len(spec.features),
        seed=seeds(spec).weights,
        dtype=spec.dtype,
        initializer=spec.training.initializer,
    )


def output_to_score(spec: Spec, outputs: np.ndarray) -> np.ndarray:
    """Outputs as scores on the scale of the labels, -1 to +1; those of 0 … 1 are stretched to it."""
    return 2 * outputs - 1 if _is_never_negative(spec) else outputs


def _samples(spec: Spec, points: np.ndarray, labels: np.ndarray) -> Samples:
    targets = (labels + 1) / 2 if _is_never_negative(spec) else labels
    return Samples(points, nn.features.transform(points, spec.features), labels, targets)


def _is_never_negative(spec: Spec) -> bool:
    return nn.Activation.named(spec.output_activation).output_range[0] >= 0
