"""Edits of a network that has learned, such that it goes on giving what it gave."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

import nncore as nn
from nncore import surgery
from playground.document.spec import OUTPUT_ID, Layer, Spec
from playground.engine.problem import hidden_layer

MOST_SAMPLES = 1000
"""Over so many training samples the output is kept as it is: more take longer, and say little else."""
MOST_REMOVED = 16
"""At most so many units are taken out at once, each by least squares; of more the rest learns anew."""
MOST_REMOVING = 2048
"""Of wide layers fewer: units removed, times units there are. So much takes about a second, in which nobody trains."""
RADIUS = 1.0
"""For `surgery.insert_layer`: how far the logits of an inserted tanh or sigmoid layer reach around zero.

A smaller radius keeps the output better and makes the next weights larger, and plain gradient descent then leads away
for good. Measured on the demos, trained for 200 epochs, a tanh layer inserted: the change of the output, and the median
of the training loss 200 epochs later, at the rate of the demo, of 3 seeds.

    radius         0.05             0.25             0.5              1                1.5
    xor            0.0003  1.19     0.0078  0.99     0.033   0.02     0.16    0.00004  0.59    0.00005
    spiral         0.0036  0.86     0.088   0.50     1.4     0.004    2.0     0.005    2.0     0.003
    spiral-sine    0.0004  0.85     0.0086  0.24     0.032   0.004    0.11    0.008    0.57    0.004
"""
MOST_GROWTH = 4.0
"""Where surgery would make the largest weight so many times as large, the weights are kept instead, and learn anew.

Such networks give what they gave and learn no more: a relu layer of the trained spiral made into one of sigmoids is
fitted with weights up to 1.6 million, and ends at a loss of 0.98 for 2 of 5 seeds; with its old ones at 0.13.
"""
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
    """The values with which a network under `new` gives, as far as it can, what `network` gave under `old`.

    Parameters
    ----------
    network
        As it has learned.
    wanted
        What it is to become: a network of `new`, with all the weights that still have a place. Where surgery has no
        good way, these are what it gives.
    X
        (n_samples, n_inputs): the training inputs, over which the output is kept.

    Returns
    -------
    Preserved or None
        None if this is not one edit of the layers.
    """
    found = _operation(old, new)
    if found is None or len(X) == 0:
        return None
    said, operation = found
    X = X[:MOST_SAMPLES]
    result = _operated(operation, network, wanted, X)
    if result is None or not _keeps_frozen(old, new, network, result):
        result = wanted
    change = float(np.abs(result.predict(X) - network.predict(X)).max())
    return Preserved(result.values, f"{said}: output changed by at most {change_text(change)}")


def _operated(operation: Operation, network: nn.Network, wanted: nn.Network, X: np.ndarray) -> nn.Network | None:
    """What surgery makes of a network, if it is what is wanted, and fit to learn on."""
    try:
        result = operation(network, X)
    except (ValueError, np.linalg.LinAlgError):
        return None
    if [layer.config() for layer in result.layers] != [layer.config() for layer in wanted.layers]:
        return None
    largest, before = (float(np.abs(each.parameters).max()) for each in (result, network))
    return result if largest <= MOST_GROWTH * max(before, 1.0) else None  # nor if it is not a number


def _keeps_frozen(old: Spec, new: Spec, network: nn.Network, result: nn.Network) -> bool:
    """Whether what is frozen before and after the edit has kept its values."""
    before = {layer.id: (layer.weights, own) for layer, own in zip(old.layers, network.layers, strict=False)}
    before[OUTPUT_ID] = old.output, network.layers[-1]
    after = {layer.id: (layer.weights, own) for layer, own in zip(new.layers, result.layers, strict=False)}
    after[OUTPUT_ID] = new.output, result.layers[-1]
    for layer_id in before.keys() & after.keys():
        (weights, own), (_, theirs) = before[layer_id], after[layer_id]
        rows = slice(None) if weights.frozen else list(weights.frozen_units)
        if (weights.frozen or weights.frozen_units) and not (
            own.block.shape == theirs.block.shape and np.array_equal(own.block[rows], theirs.block[rows])
        ):
            return False
    return True


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
            lambda network, X: surgery.insert_layer(network, at, hidden_layer(new.layers[at], at), X, RADIUS).network,
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
    if 0 < before.units - after.units <= max(1, min(MOST_REMOVED, MOST_REMOVING // before.units)):
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
