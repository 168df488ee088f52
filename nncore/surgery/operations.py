"""The operations: each takes a network apart, changes one thing, mends the rest over X, and gives a new network.

What is impossible is a ValueError that says what is possible; the network that was given stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from nncore.activations import Activation
from nncore.layers import Dense, Layer, Residual
from nncore.network import Network
from nncore.preprocessing import generator
from nncore.registry import Option
from nncore.surgery.fitting import line, mended
from nncore.surgery.linear import RADIUS, is_elementwise
from nncore.surgery.moves import add_copies, insert_dense, make_room, nearest, remove_dense, scaled
from nncore.surgery.plan import Operated, Part, Plan, check_heard, checked_index, logits, neutral

SHARE = Option(0.4, "share of the outgoing weights", at_least=0, at_most=1)
UNITS = Option(4, "units", at_least=1, whole=True)
_RADIUS = Option(RADIUS, "radius", above=0, at_most=10)


def insert_layer(
    network: Network, at: int, layer: str | Mapping[str, Any] | Layer, X: np.ndarray, radius: float = RADIUS
) -> Operated:
    """Put a layer into a network so that it gives, over X, what it gave.

    Parameters
    ----------
    network
        Stays as it is.
    at
        Index that the new layer will have, from 0 to that of the output layer. What goes around the place as a residual
        connection goes around the new layer too.
    layer
        A layer, its name, or what `config` gave; a copy of it is put in.
    X
        (n_samples, n_inputs): the inputs over which the change counts.
    radius
        For an activation without a linear part: how far logits reach around its inflection point, 0 < radius <= 10. A
        smaller one changes the output less, but makes the next weights large, and with them the first gradients.

    Returns
    -------
    Operated

    Raises
    ------
    ValueError
        If the place, the layer, X or the radius is impossible, or the layer too large.
    """
    plan = Plan(network, X)
    at = checked_index("at", at, len(plan.parts))
    layer = Layer.of(layer)
    layer = Layer.of(layer.config())
    check_heard([layer])
    if layer.span > at:
        raise ValueError(f"at: expected at least {layer.span}, since the layer spans as many, got {at}")
    h = plan.arrivals()[at]
    if isinstance(layer, Dense):
        insert_dense(plan, at, layer, h, _RADIUS.check("insert_layer", "radius", radius))
    else:
        if isinstance(layer, Residual):
            make_room(plan, at, layer.span)
        block, statistics = neutral(layer, h) if layer.parameter_names else (np.zeros(0), np.zeros(0))
        plan.insert(at, Part(layer, block, statistics))
    return mended(plan, at + 1)


def widen(network: Network, layer: int, units: int, X: np.ndarray, seed: int = 0) -> Operated:
    """Give a dense layer more units: copies of those it has, which part their outgoing weights (Net2Net).

    Every unit is copied equally often, as far as that goes round, and which ones come first is drawn. The parts are
    uneven, so that the copies get different gradients and go different ways.

    Parameters
    ----------
    network
        Stays as it is.
    layer
        Index of a dense layer with another one somewhere behind it.
    units
        How many it will have, more than it has.
    X
        (n_samples, n_inputs): the inputs over which the change counts.
    seed
        Of the choice and of the parts.

    Returns
    -------
    Operated

    Raises
    ------
    ValueError
        If the layer, the number, X or the seed is impossible; if so many units are too many.
    """
    plan = Plan(network, X)
    layer = plan.dense_index(layer, "widen it")
    had = len(plan.parts[layer].block)
    units = UNITS.check("widen", "units", units)
    if units <= had:
        raise ValueError(f"units: {plan.called(layer)} has {had}, expected more, got {units}")
    rng = generator(seed)
    plan.check_room(layer, units, instead=True)
    add_copies(plan, layer, units, rng)
    return mended(plan, layer + 1)


def split_neuron(network: Network, layer: int, unit: int, X: np.ndarray, share: float = 0.4) -> Operated:
    """Make two of one neuron: its copy stands last in the layer, and takes a share of the outgoing weights.

    With a share of one half both get the same gradients, and stay alike for as long as nothing random parts them.

    Parameters
    ----------
    network
        Stays as it is.
    layer
        Index of a dense layer with another one somewhere behind it.
    unit
        Index of the neuron.
    X
        (n_samples, n_inputs): the inputs over which the change counts.
    share
        What the copy takes, 0 <= share <= 1. In a softmax layer it is the share of the value.

    Returns
    -------
    Operated

    Raises
    ------
    ValueError
        If the layer, the unit, the share or X is impossible.
    """
    plan = Plan(network, X)
    layer = plan.dense_index(layer, "split a neuron of it")
    had = len(plan.parts[layer].block)
    unit = checked_index("unit", unit, had)
    share = SHARE.check("split_neuron", "share", share)
    if not is_elementwise(plan.parts[layer].layer.activation):
        # The logarithm of nothing is no bias.
        share = min(max(share, 1e-3), 1 - 1e-3)
    shares = np.ones(had + 1)
    shares[unit], shares[-1] = 1 - share, share
    plan.replicate(layer, np.array([unit]), shares)
    return mended(plan, layer + 1)


def remove_neuron(network: Network, layer: int, unit: int, X: np.ndarray) -> Operated:
    """Take a neuron out; the layers behind express what they had of it by the others, by least squares over X.

    Parameters
    ----------
    network
        Stays as it is.
    layer
        Index of a dense layer of at least two units, with another dense layer somewhere behind it.
    unit
        Index of the neuron.
    X
        (n_samples, n_inputs): the inputs over which the change counts.

    Returns
    -------
    Operated

    Raises
    ------
    ValueError
        If the layer, the unit or X is impossible.
    """
    plan = Plan(network, X)
    layer = plan.dense_index(layer, "remove a neuron of it")
    part = plan.parts[layer]
    unit = checked_index("unit", unit, len(part.block))
    if len(part.block) <= max(1, part.layer.activation.min_units):
        raise ValueError(
            f"units of {plan.called(layer)}: {len(part.block)}, the fewest that it can have "
            f"with the activation '{part.layer.activation.name}': remove the layer instead"
        )
    plan.drop(layer, unit)
    return mended(plan, layer + 1)


def remove_layer(network: Network, layer: int, X: np.ndarray) -> Operated:
    """Take a layer out; those behind it do its work as far as they can, by least squares over X.

    Parameters
    ----------
    network
        Stays as it is.
    layer
        Index of a layer that is not the output layer, nor all there is inside a residual block.
    X
        (n_samples, n_inputs): the inputs over which the change counts.

    Returns
    -------
    Operated

    Raises
    ------
    ValueError
        If the layer or X is impossible.
    """
    plan = Plan(network, X)
    layer = plan.index(layer)
    last = len(plan.parts) - 1
    if layer == last:
        before = f"0 to {last - 1}" if last else "none, it is the only one"
        raise ValueError(f"{plan.called(layer)} is the output: cannot remove it; possible: {before}")
    arrivals = plan.arrivals()
    part = plan.parts[layer]
    if isinstance(part.layer, Dense):
        plan.dense_index(layer, "remove it")
        remove_dense(plan, layer, arrivals)
    else:
        slope, offset = line(arrivals[layer], arrivals[layer + 1])
        plan.remove(layer)
        plan.absorb(layer, slope, offset)
    return mended(plan, layer)


def change_activation(network: Network, layer: int, activation: str | Activation, X: np.ndarray) -> Operated:
    """Give a dense layer another activation, its weights and those behind it adapted over X.

    Of the output layer, only the activation changes: nothing stands behind it that could make good.

    Parameters
    ----------
    network
        Stays as it is.
    layer
        Index of a dense layer.
    activation
        Name or instance.
    X
        (n_samples, n_inputs): the inputs over which the change counts.

    Returns
    -------
    Operated

    Raises
    ------
    ValueError
        If the layer, the activation or X is impossible.
    """
    plan = Plan(network, X)
    layer, activation = plan.index(layer), Activation.of(activation)
    part = plan.parts[layer]
    if not part.is_dense:
        dense = [str(i) for i, other in enumerate(plan.parts) if other.is_dense]
        raise ValueError(f"{plan.called(layer)} has no activation; possible: {', '.join(dense) or 'none'}")
    if len(part.block) < activation.min_units:
        raise ValueError(
            f"units of {plan.called(layer)}: {len(part.block)}, '{activation.name}' needs {activation.min_units}"
        )
    arrivals = plan.arrivals()
    old = part.layer.activation
    part.become(activation=activation)
    if plan.next_dense(layer) is None or old == activation:
        return plan.finish()
    # The layers behind may be fitted to the new activation as it is, too: the smaller change counts.
    plans = [plan]
    if is_elementwise(old) and is_elementwise(activation):
        plans.insert(0, plan.copy())
        way = nearest(activation, logits(part.block, arrivals[layer]), arrivals[layer + 1], plan.dtype)
        if plans[0].absorb(layer + 1, way.scale, way.shift):
            plans[0].parts[layer].block = scaled(part.block, way)
    return min((mended(one, layer + 1) for one in plans), key=lambda operated: operated.change)
