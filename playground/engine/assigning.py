"""Weights that were set by hand: putting them into a network, and taking them back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import nncore as nn
from playground.document.spec import OUTPUT_ID, Assignment, Spec


class ByHand(NamedTuple):
    """What had been set by hand when weights were learned."""

    assigned: tuple[Assignment, ...]
    """The assignments of the spec."""
    in_effect: frozenset[int]
    """Serial numbers of those that the weights went through."""


def assign(spec: Spec, network: nn.Network, before: Sequence[Assignment], serials: set[int]) -> None:
    """Bring the weights of a network from the assignments `before` to those of `spec`.

    What is new is set; what is gone is taken back, the last one first, if it is in effect. A serial number that stands
    for something else now, since it was undone in between, is both.

    Parameters
    ----------
    serials
        Of the assignments that are in effect; kept up to date. A reset draws all weights anew: none is in effect then.
    """
    old = {each.serial: each for each in before}
    new = {each.serial: each for each in spec.assigned}
    gone = {serial for serial in old if serial not in new or _target(old[serial]) != _target(new[serial])}
    for serial in sorted(gone, reverse=True):
        if serial in serials:
            serials.discard(serial)
            _write(spec, network, old[serial], old[serial].before)
    for serial in sorted(new):
        if serial not in old or old[serial] != new[serial]:
            serials.add(serial)
            _write(spec, network, new[serial], new[serial].values)


def _target(what: Assignment) -> tuple[object, ...]:
    return what.layer_id, what.unit, what.columns


def _write(spec: Spec, network: nn.Network, what: Assignment, values: Sequence[float]) -> None:
    ids = [*(layer.id for layer in spec.layers), OUTPUT_ID]
    if what.layer_id not in ids:
        return
    block = network.layers[ids.index(what.layer_id)].block
    if block.ndim != 2 or what.unit >= len(block):
        return
    for column, value in zip(what.columns, values, strict=True):
        if column < block.shape[1]:
            block[what.unit, column] = value
