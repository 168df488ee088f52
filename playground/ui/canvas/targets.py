"""What on the canvas can be pointed at, and where it is."""

from __future__ import annotations

from typing import Literal, NamedTuple

from playground.ui.canvas.boxes import Box
from playground.ui.canvas.geometry import Place

BIAS_REACH_PX = 6
LEAST_BIAS_TILE_PX = 16
"""On smaller tiles there is no room for the mark of a bias."""
PASSING_REACH_PX = 8


class Target(NamedTuple):
    """Something that can be explained: a neuron, its bias, or a link that arrives at it."""

    kind: Literal["unit", "bias", "link"]
    column: int
    """0 is the input."""
    unit: int
    source: int = -1
    """For a link: the unit it comes from, in the column before."""


def unit_box(place: Place, unit: int) -> Box | None:
    """Where a unit is; None if it is not shown."""
    if place.mosaic is not None:
        return place.mosaic.box_of(unit, place.x)
    if unit not in place.shown:
        return None
    half = PASSING_REACH_PX if place.column.passes else place.tile / 2
    return Box(place.x - half, place.ys[unit] - half, 2 * half, 2 * half)


def unit_at(place: Place, x: float, y: float) -> int | None:
    """The unit at a point."""
    if place.mosaic is not None:
        return place.mosaic.unit_at(x, y, place.x)
    boxes = ((unit, unit_box(place, unit)) for unit in place.shown)
    return next((unit for unit, box in boxes if box is not None and box.contains(x, y)), None)


def shows_biases(place: Place) -> bool:
    """Whether its tiles are large enough for the marks of their biases."""
    return place.mosaic is None and not place.column.passes and place.tile >= LEAST_BIAS_TILE_PX


def bias_center(place: Place, unit: int) -> tuple[float, float]:
    """The lower left corner of a tile: clear of where links arrive and leave."""
    return round(place.x - place.tile / 2) - 0.5, round(place.ys[unit] + place.tile / 2) - 3.5


def bias_at(place: Place, x: float, y: float) -> int | None:
    """The unit whose bias is at a point."""
    if not shows_biases(place):
        return None
    for unit in place.shown:
        left, top = bias_center(place, unit)
        if abs(left - x) <= BIAS_REACH_PX and abs(top - y) <= BIAS_REACH_PX:
            return unit
    return None
