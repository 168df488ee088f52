"""Edits of a network that has learned, such that it goes on giving what it gave."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

import nncore as nn
from nncore import surgery
from playground.document.spec import Layer, Spec
from playground.engine.problem import hidden_layer

MOST_SAMPLES = 1000
"""Over so many training samples the output is kept as it is: more take longer, and say little else."""
MOST_REMOVED = 16
"""So many units are taken out at once, each by least squares; of more the rest learns anew."""
ROUNDING = 1e-6
"""A smaller change of the output is that of rounding."""

Operation = Callable[[nn.Network, np.ndarray], nn.Network]


class Preserved(NamedTuple):
    """A network after an edit."""

    values: np.ndarray
    """(n_values,)"""
    text: str
    """What was done, and by how much the output has changed."""


def preserved(old: Spec, new: Spec, network: nn.Network, wanted: nn.Network, X: np.ndarray) -> Preserved | None:
    """The values with which a network under `new` gives what `network` gave under `old`; None where there is no way.

    Parameters
    ----------
    network
        As it has learned.
    wanted
        What it is to become: a network of `new`.
    X
        (n_samples, n_inputs): the training inputs, over which the output is kept.
    """
    found = _operation(old, new)
    if found is None or len(X) == 0:
        return None
    said, operation = found
    X = X[:MOST_SAMPLES]
    try:
        result = operation(network, X)
    except (ValueError, np.linalg.LinAlgError):
        return None
    if [layer.config() for layer in result.layers] != [layer.config() for layer in wanted.layers]:
        return None
    if not np.isfinite(result.values).all():
        return None
    change = float(np.abs(result.predict(X) - network.predict(X)).max())
    return Preserved(result.values, f"{said}: output changed by at most {change_text(change)}")


def change_text(change: float) -> str:
    """How much an output has changed, as a person reads it."""
    return "0" if change < ROUNDING else np.format_float_positional(float(f"{change:.2g}"), trim="-")


def _operation(old: Spec, new: Spec) -> tuple[str, Operation] | None:
    """What one edit has done to the layers, and how surgery does the same; None if it is something else."""
    olds, news = ({layer.id: layer for layer in spec.layers} for spec in (old, new))
    if old.n_inputs != new.n_inputs or old.features != new.features or old.data.kind.label != new.data.kind.label:
        return None
    added, gone = [id for id in news if id not in olds], [id for id in olds if id not in news]  # noqa: A001
    stayed = [id for id in olds if id in news] == [id for id in news if id in olds]  # noqa: A001
    changed = [(olds[id], layer) for id, layer in news.items() if id in olds and olds[id] != layer]  # noqa: A001
    if not stayed or len(added) + len(gone) + len(changed) != 1:
        return None
    if added:
        at = new.index_of(added[0])
        return (
            "Layer added",
            lambda network, X: surgery.insert_layer(network, at, hidden_layer(new.layers[at], at), X).network,
        )
    if gone:
        at = old.index_of(gone[0])
        return "Layer removed", lambda network, X: surgery.remove_layer(network, at, X).network
    (before, after), at = changed[0], new.index_of(changed[0][1].id)
    return _change(before, after, at, new.seed)


def _change(before: Layer, after: Layer, at: int, seed: int) -> tuple[str, Operation] | None:
    """What has become of one layer."""
    if not after.has_units:
        return None
    if before.activation != after.activation and before.units == after.units:
        return (
            "Activation changed",
            lambda network, X: surgery.change_activation(network, at, nn.Activation.of(after.activation), X).network,
        )
    if after.units > before.units:
        return _counted(
            "added", after.units - before.units
        ), lambda network, X: surgery.widen(network, at, after.units, X, seed).network
    if 0 < before.units - after.units <= MOST_REMOVED:
        return _counted("removed", before.units - after.units), lambda network, X: _narrowed(
            network, at, before.units - after.units, X
        )
    return None


def _counted(done: str, count: int) -> str:
    return f"Neuron {done}" if count == 1 else f"{count} neurons {done}"


def _narrowed(network: nn.Network, at: int, count: int, X: np.ndarray) -> nn.Network:
    """A network without the last units of a layer."""
    for _ in range(count):
        network = surgery.remove_neuron(network, at, network.layers[at].units - 1, X).network
    return network
