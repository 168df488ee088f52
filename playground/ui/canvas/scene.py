"""The network as it stands on the canvas: what of it lies where, and which links there are between its columns."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from nncore.layers import Parameters, Scale
from playground.engine.mirror import Mirror
from playground.ui.canvas.boxes import Box
from playground.ui.canvas.geometry import TILE_PX, Place
from playground.ui.canvas.links import LinkBand, LinkShape
from playground.ui.canvas.readings import about_unit, number
from playground.ui.canvas.states import States, state_text, states_of
from playground.ui.canvas.targets import Target, bias_at, bias_center, shows_biases, unit_at, unit_box

NARROWEST_BAND_PX = 4
MOST_PIECES, CROWDED_STEP = 60_000, 2
"""Where there are more pieces of links, one per column of pixels, those of crowded bands are this many pixels wide."""
MUTED = 1e-3
"""By how much weaker the links that leave a silenced unit are drawn."""
EVERYWHERE = Box(-1e6, -1e6, 2e6, 2e6)


class Scene:
    """The columns of a mirror at their places, of which `view` is seen."""

    def __init__(self) -> None:
        self.mirror: Mirror | None = None
        self.places: Sequence[Place] = ()
        self.parameters: list[Parameters | None] = []
        """Per layer: weights and biases, if it has any."""
        self.states: list[States] = []
        """Per column."""
        self.bands: list[LinkBand | None] = []
        """Between each two columns, where there are links and any can be seen."""
        self.view = EVERYWHERE

    def show(
        self,
        mirror: Mirror,
        places: Sequence[Place],
        apart: frozenset[int] = frozenset(),
        view: Box = EVERYWHERE,
        ratio: float = 1,
    ) -> None:
        """Show this network; the columns with the indices `apart`, those in the hand, without their links."""
        if mirror is not self.mirror:
            self.parameters = [_weighted(own) for own in mirror.network.split(mirror.network.parameters)]
            self.states = states_of(mirror.spec)
        self.mirror, self.places, self.view = mirror, places, view
        shapes = [self._shape(index, apart, ratio) for index in range(len(places) - 1)]
        pixels = [shape.pixels_in((view.left, view.right)) if shape is not None else range(0) for shape in shapes]
        pieces = [len(s.left) * len(s.right) * len(seen) if s else 0 for s, seen in zip(shapes, pixels, strict=True)]
        crowded = MOST_PIECES / len(pieces) if sum(pieces) > MOST_PIECES else math.inf
        before = [*self.bands, *[None] * len(shapes)]
        self.bands = [
            _band(shape, seen, CROWDED_STEP if count > crowded else 1, old)
            for shape, seen, count, old in zip(shapes, pixels, pieces, before, strict=False)
        ]

    def _shape(self, index: int, apart: frozenset[int], ratio: float) -> LinkShape | None:
        """Where the links between a column and the next run; None if there are none to be seen."""
        left, right = self.places[index], self.places[index + 1]
        x0, x1 = left.x + left.reach, right.x - right.reach
        if self.parameters[index] is None or left.column.folded or index in apart or index + 1 in apart:
            return None
        if x1 - x0 < NARROWEST_BAND_PX or x1 <= self.view.left or x0 >= self.view.right:
            return None
        thick = [TILE_PX * 0.8 if place.mosaic is not None else place.tile for place in (left, right)]
        scale = min(max(0.35, min(thick) / TILE_PX), 1.3)
        return LinkShape(x0, x1, left.ys, right.ys, scale, ratio)

    def weights_drawn(self) -> list[np.ndarray]:
        """(right, left) strengths for every band that there is: of single links, or of bundles of them."""
        drawn = []
        for index, (band, parameters) in enumerate(zip(self.bands, self.parameters, strict=True)):
            if band is not None and parameters is not None:
                weights = parameters.weights
                if silenced := sorted(self.states[index].silenced):
                    weights = weights.copy()
                    weights[:, silenced] *= MUTED
                weights = _bundled(weights, self.places[index + 1], axis=0)
                drawn.append(_bundled(weights, self.places[index], axis=1))
        return drawn

    def links_of(self, column: int, unit: int) -> list[tuple[LinkShape, float]]:
        """Of a neuron that is seen in a block: its links to and from neurons that are not in one, and their weights."""
        target = Target("unit", column, unit)
        place = self.places[column] if self.holds(target) else None
        box = place.mosaic.box_of(unit, place.x) if place is not None and place.mosaic is not None else None
        if place is None or box is None:
            return []
        y, links = (box.center[1],), []
        for index in (column - 1, column):
            parameters = self.parameters[index] if 0 <= index < len(self.parameters) else None
            band = self.bands[index] if parameters is not None else None
            if parameters is None or band is None:
                continue
            other = self.places[index] if index < column else self.places[index + 1]
            if len(other.ys) != other.column.units:
                continue
            weights = parameters.weights[unit] if index < column else parameters.weights[:, unit]
            for other_y, weight in zip(other.ys, weights.tolist(), strict=True):
                left, right = ((other_y,), y) if index < column else (y, (other_y,))
                links.append((band.shape._replace(left=left, right=right), weight))
        return links

    # -- what lies where -----------------------------------------------------------------------------

    def target_at(self, x: float, y: float) -> Target | None:
        """What is under a point: a bias before its neuron, a neuron before a link."""
        for index, place in enumerate(self.places):
            if self.has_bias(index) and (unit := bias_at(place, x, y)) is not None:
                return Target("bias", index, unit)
            if not place.top - 1 <= y <= place.bottom + 1:
                continue
            if (unit := unit_at(place, x, y)) is not None:
                return Target("unit", index, unit)
        for index, band in enumerate(self.bands):
            link = band.nearest(x, y) if band is not None and self._has_single_links(index) else None
            if link is not None:
                return Target("link", index + 1, link[1], link[0])
        return None

    def column_at(self, x: float, y: float) -> int | None:
        """The index of the column whose units are at a point: on one of them, or in the block they form."""
        for index, place in enumerate(self.places):
            if place.mosaic is not None and place.mosaic.box(place.x).contains(x, y):
                return index
            if place.column.passes and abs(place.x - x) <= 10 and place.top <= y <= place.bottom:
                return index
            if unit_at(place, x, y) is not None or (self.has_bias(index) and bias_at(place, x, y) is not None):
                return index
        return None

    def value_of(self, target: Target) -> float | None:
        """The weight or bias of a target at this moment; None for a neuron, or where it is gone."""
        if target.kind == "unit" or not self.exists(target):
            return None
        parameters = self.parameters[target.column - 1]
        if parameters is None:
            return None
        if target.kind == "bias":
            return float(parameters.biases[target.unit])
        return float(parameters.weights[target.unit, target.source])

    def reading_of(self, target: Target) -> str:
        """What can be read off a target at this moment, such as its weight; "" where it is gone."""
        if self.mirror is None or not self.exists(target):
            return ""
        if target.kind != "unit":
            value = self.value_of(target)
            return "" if value is None else number(value)
        reading = about_unit(self.mirror, target.column, target.unit, self.value_of(target._replace(kind="bias")))
        state = state_text(self.states[target.column], target.unit)
        return " · ".join(text for text in (state, reading) if text)

    def exists(self, target: Target) -> bool:
        """Whether the target is (still) part of the network."""
        if not 0 <= target.column < len(self.places) or target.unit >= self.places[target.column].column.units:
            return False
        if target.kind == "unit":
            return True
        if target.column == 0 or self.parameters[target.column - 1] is None:
            return False
        return target.kind == "bias" or target.source < self.places[target.column - 1].column.units

    def holds(self, target: Target) -> bool:
        """Whether the target is (still) to be seen on the canvas."""
        if not self.exists(target) or target.unit not in self.places[target.column].shown:
            return False
        if target.kind == "link":
            return self.bands[target.column - 1] is not None and self._has_single_links(target.column - 1)
        return target.kind == "unit" or self.has_bias(target.column)

    def outline_of(self, target: Target) -> list[tuple[float, float]]:
        """Points a card must not cover while it explains this target; none if it is not seen."""
        if not self.holds(target):
            return []
        if target.kind == "link":
            band = self.bands[target.column - 1]
            return band.shape.points_of(target.source, target.unit) if band is not None else []
        box = unit_box(self.places[target.column], target.unit)
        if box is None:
            return []
        return [(box.left + box.width * i, box.top + box.height * j) for i in (0, 0.5, 1) for j in (0, 0.5, 1)]

    def anchor_of(self, target: Target) -> tuple[float, float] | None:
        """The point that stands for a target: the right of a unit, its bias, the middle of a link; None if unseen."""
        if not self.holds(target):
            return None
        place = self.places[target.column]
        if target.kind == "bias":
            return bias_center(place, target.unit)
        if target.kind == "link":
            points = self.outline_of(target)
            return points[len(points) // 2]
        box = unit_box(place, target.unit)
        return (box.right, box.center[1]) if box is not None else None

    def has_bias(self, index: int) -> bool:
        """Whether the units of a column have biases that are marked."""
        return index > 0 and self.parameters[index - 1] is not None and shows_biases(self.places[index])

    def _has_single_links(self, index: int) -> bool:
        """Whether the links between a column and the next are drawn one by one."""
        return all(len(place.ys) == place.column.units for place in self.places[index : index + 2])


def _band(shape: LinkShape | None, pixels: range, step: int, before: LinkBand | None) -> LinkBand | None:
    """The band of a shape: the one before, if nothing has changed."""
    if shape is None:
        return None
    if before is not None and (before.shape, before.pixels, before.step) == (shape, pixels, step):
        return before
    return LinkBand(shape, pixels, step)


def _weighted(own: Parameters | Scale | tuple[()]) -> Parameters | None:
    """The parameters of a layer that has links and biases."""
    return own if isinstance(own, Parameters) else None


def _bundled(weights: np.ndarray, place: Place, axis: int) -> np.ndarray:
    """Weights whose `axis` counts the heights of a place: where it has fewer than units, gathered in bundles.

    A bundle has the mean strength of its links, and the sign of their sum. Of a block only what is seen counts.
    """
    count, units = len(place.ys), place.column.units
    if place.mosaic is None:
        if count == units:
            return weights
        shown, starts = range(units), np.arange(count) * units // count
    else:
        shown, rows = place.mosaic.shown, np.arange(count) * place.mosaic.rows // count
        starts = np.minimum(rows * place.mosaic.across, len(shown) - 1)
    part = weights[shown.start : shown.stop] if axis == 0 else weights[:, shown.start : shown.stop]
    sizes = np.maximum(np.diff(starts, append=len(shown)), 1)
    with np.errstate(all="ignore"):  # what is not finite is drawn as such
        means = np.add.reduceat(np.abs(part), starts, axis=axis) / (sizes[:, None] if axis == 0 else sizes)
        return np.copysign(means, np.add.reduceat(part, starts, axis=axis))
