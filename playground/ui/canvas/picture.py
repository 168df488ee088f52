"""What is painted on the canvas: grid, links, tiles, biases and marks; and what of it lies under the cursor."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QFont, QPainter, QPen, QPixmap

from nncore.layers import Parameters, Scale
from playground.document.spec import Layer
from playground.engine.mirror import Mirror
from playground.ui.canvas.blocks import paint_block, paint_bypass, paint_class_dots, paint_fan, paint_passing_units
from playground.ui.canvas.geometry import TILE_PX, Box, Place
from playground.ui.canvas.links import LinkBand, LinkField, link_width, strengths
from playground.ui.canvas.readings import about_unit, number
from playground.ui.canvas.tiles import (
    BIAS_SHADES,
    TileColumn,
    bias_mark,
    paint_frame,
    paint_mark,
    tile_frame,
    tile_rect,
)
from playground.ui.names import input_names
from playground.ui.theme import Theme

GRID_PX = 22
GRID_DOTS = 16
BIAS_REACH_PX = 6


class Target(NamedTuple):
    """Something that can be explained: a neuron, its bias, or a link that arrives at it."""

    kind: Literal["unit", "bias", "link"]
    column: int
    """0 is the input."""
    unit: int
    source: int = -1
    """For a link: the unit it comes from, in the column before."""


class Picture:
    """Paints the network of a mirror at the places given to it."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self._ratio = 1.0
        self._mirror: Mirror | None = None
        self._places: Sequence[Place] = ()
        self._tiles: dict[int, TileColumn] = {}
        self._bands: list[LinkBand | None] = []
        self._field: LinkField | None = None
        self._labels: Sequence[str] = ()
        self._parameters: list[Parameters | None] = []
        self._grid = QPixmap()
        self.set_theme(theme, 1.0)

    def set_theme(self, theme: Theme, ratio: float) -> None:
        """Use these colours, at this many device pixels per logical one."""
        self._theme, self._ratio = theme, ratio
        self._grid = _grid_tile(theme, ratio)
        self._tiles, self._bands = {}, []
        self.show(self._mirror, self._places)

    @property
    def ratio(self) -> float:
        """Device pixels per logical pixel."""
        return self._ratio

    def show(self, mirror: Mirror | None, places: Sequence[Place], apart: frozenset[int] = frozenset()) -> None:
        """Show this network with its columns at these places.

        `apart` holds indices of columns whose links are not shown: those in the hand.
        """
        is_new = mirror is not self._mirror
        self._mirror, self._places = mirror, places
        if mirror is None:
            return
        if is_new:
            self._labels = () if places[0].column.folded else input_names(mirror.spec)
            self._parameters = [_weighted(own) for own in mirror.network.split(mirror.network.parameters)]
        self._fit_tiles(mirror, is_new)
        self._fit_links(apart)

    def refresh(self) -> None:
        """Take over the mirror's newest parameters."""
        mirror = self._mirror
        if mirror is None:
            return
        for place, maps in zip(self._places, mirror.maps, strict=True):
            if _has_tiles(place):
                self._tiles[place.column.key].update(maps, self._theme)
        self._update_links()

    # -- what is built when something has moved ----------------------------------------------------

    def _fit_tiles(self, mirror: Mirror, is_new: bool) -> None:
        """Keep the tiles that still fit; make the others anew."""
        old, self._tiles = self._tiles, {}
        for place, maps in zip(self._places, mirror.maps, strict=True):
            if not _has_tiles(place):
                continue
            key = place.column.key
            tiles = old.get(key)
            fits = tiles is not None and (tiles.units, tiles.tile) == (len(place.ys), place.tile)
            self._tiles[key] = (
                tiles if tiles is not None and fits else TileColumn(len(place.ys), place.tile, self._ratio)
            )
            if is_new or not fits:
                self._tiles[key].update(maps, self._theme)

    def _fit_links(self, apart: frozenset[int]) -> None:
        """Keep the picture of the links if their places are the same; else begin a new one."""
        bands = [self._band(index, apart) for index in range(len(self._places) - 1)]
        if [band and band.key for band in bands] != [band and band.key for band in self._bands]:
            self._bands = bands
            shown = [band for band in bands if band is not None]
            self._field = LinkField(shown) if shown else None
        self._update_links()

    def _band(self, index: int, apart: frozenset[int]) -> LinkBand | None:
        left, right = self._places[index], self._places[index + 1]
        x0, x1 = left.x + left.reach, right.x - right.reach
        if self._parameters[index] is None or left.column.folded or index in apart or index + 1 in apart or x1 - x0 < 4:
            return None
        scale = min(max(0.6, min(left.tile, right.tile) / TILE_PX), 1.3)
        return LinkBand(x0, x1, left.ys, right.ys, scale, self._ratio)

    def _update_links(self) -> None:
        if self._field is None:
            return
        weights = []
        for band, parameters in zip(self._bands, self._parameters, strict=True):
            if band is not None and parameters is not None:
                weights.append(parameters.weights[: len(band.right), : len(band.left)])
        self._field.update(weights, self._theme)

    # -- what lies where -----------------------------------------------------------------------------

    def target_at(self, x: float, y: float) -> Target | None:
        """What is under a point: a bias before its neuron, a neuron before a link."""
        for index, place in enumerate(self._places):
            for unit, unit_y in enumerate(place.ys):
                if self._has_bias(index) and self._bias_box(place, unit_y).contains(x, y):
                    return Target("bias", index, unit)
                if _unit_box(place, unit_y).contains(x, y):
                    return Target("unit", index, unit)
        for index, band in enumerate(self._bands):
            link = band.nearest(x, y) if band is not None else None
            if link is not None:
                return Target("link", index + 1, link[1], link[0])
        return None

    def value_of(self, target: Target) -> float | None:
        """The weight or bias of a target at this moment; None for a neuron, or where it is gone."""
        if target.kind == "unit" or not self.holds(target):
            return None
        parameters = self._parameters[target.column - 1]
        if parameters is None:
            return None
        if target.kind == "bias":
            return float(parameters.biases[target.unit])
        return float(parameters.weights[target.unit, target.source])

    def reading_of(self, target: Target) -> str:
        """What can be read off a target at this moment, such as its weight; "" where it is gone."""
        if self._mirror is None or not self.holds(target):
            return ""
        if target.kind != "unit":
            value = self.value_of(target)
            return "" if value is None else number(value)
        return about_unit(self._mirror, target.column, target.unit, self.value_of(target._replace(kind="bias")))

    def holds(self, target: Target) -> bool:
        """Whether the target is (still) part of what is shown."""
        if target.column >= len(self._places) or target.unit >= len(self._places[target.column].ys):
            return False
        if target.kind == "bias":
            return self._has_bias(target.column)
        if target.kind == "link":
            band = self._bands[target.column - 1]
            return band is not None and target.source < len(band.left)
        return True

    def outline_of(self, target: Target) -> list[tuple[float, float]]:
        """Points a card must not cover while it explains this target."""
        place = self._places[target.column]
        band = self._bands[target.column - 1] if target.kind == "link" else None
        if band is not None:
            return band.points_of(target.source, target.unit)
        box = _unit_box(place, place.ys[target.unit])
        return [(box.left + box.width * i, box.top + box.height * j) for i in (0, 0.5, 1) for j in (0, 0.5, 1)]

    def _has_bias(self, index: int) -> bool:
        return index > 0 and self._parameters[index - 1] is not None

    def _bias_box(self, place: Place, y: float) -> Box:
        center = _bias_center(place, y)
        return Box(center.x() - BIAS_REACH_PX, center.y() - BIAS_REACH_PX, 2 * BIAS_REACH_PX, 2 * BIAS_REACH_PX)

    # -- painting ------------------------------------------------------------------------------------

    def paint_ground(self, painter: QPainter, area: QRect) -> None:
        """The dotted grid."""
        x, y, width, height = area.x(), area.y(), area.width(), area.height()
        side = GRID_PX * GRID_DOTS
        painter.drawTiledPixmap(x, y, width, height, self._grid, x % side, y % side)

    def paint_links(self, painter: QPainter, hovered: Target | None) -> None:
        """All links, the one under the cursor last and stronger."""
        for index, place in enumerate(self._places[1:], start=1):
            left = self._places[index - 1]
            if place.column.passes:
                self._paint_passing(painter, left, place)
            elif left.column.folded:
                paint_fan(painter, self._theme, left, place)
        if self._field is not None:
            self._field.paint(painter)
        for first, last in self._bypasses():
            paint_bypass(painter, self._theme, self._places[first : last + 1])
        if hovered is not None and hovered.kind == "link" and self.holds(hovered):
            self._paint_hovered_link(painter, hovered)

    def _bypasses(self) -> list[tuple[int, int]]:
        """For each residual connection the column it begins at, and its own."""
        layers = self._mirror.network.layers if self._mirror is not None else []
        return [(index - layer.span, index + 1) for index, layer in enumerate(layers) if layer.span]

    def _paint_hovered_link(self, painter: QPainter, target: Target) -> None:
        band = self._bands[target.column - 1]
        weight = self.value_of(target)
        if band is None or weight is None:
            return
        path = band.path_of(target.source, target.unit)
        width = link_width(weight, band.scale)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        sign = "muted" if not math.isfinite(weight) else "negative" if weight < 0 else "positive"
        for token, extra in (("canvas", 6), ("text", 3.5), (sign, 1)):
            painter.setPen(QPen(self._theme.color(token), width + extra, c=Qt.PenCapStyle.RoundCap))
            painter.drawPath(path)

    def _paint_passing(self, painter: QPainter, left: Place, right: Place) -> None:
        painter.setPen(QPen(self._theme.color("muted", 0.5), 1, Qt.PenStyle.DotLine))
        for a, b in zip(left.ys, right.ys, strict=False):
            painter.drawLine(QPointF(left.x + left.reach + 2, a), QPointF(right.x - right.reach - 4, b))

    def paint_column(self, painter: QPainter, index: int, hovered: Target | None) -> None:
        """One column: tiles or passing units, biases, labels."""
        place = self._places[index]
        if place.column.passes:
            paint_passing_units(painter, self._theme, place, self._layer_at(index))
        elif place.column.folded:
            paint_block(painter, self._theme, place)
        else:
            self._paint_tiles(painter, index, place, hovered)
        if index == 0:
            self._paint_feature_names(painter, place)
        elif index == len(self._places) - 1 and place.column.units > 1:
            paint_class_dots(painter, self._theme, place)
        if place.more:
            y = place.ys[-1] + place.pitch
            painter.setPen(self._theme.color("muted"))
            painter.setFont(_font(painter, 11))
            painter.drawText(QRectF(place.x - 50, y - 10, 100, 20), Qt.AlignmentFlag.AlignCenter, f"+{place.more} more")

    def _paint_tiles(self, painter: QPainter, index: int, place: Place, hovered: Target | None) -> None:
        plain = tile_frame(self._theme, place.tile, self._ratio, hovered=False)
        chosen = tile_frame(self._theme, place.tile, self._ratio, hovered=True)
        for unit, y in enumerate(place.ys):
            square = tile_rect(place.x, y, place.tile)
            self._tiles[place.column.key].paint(painter, unit, square)
            is_hovered = hovered is not None and hovered.kind == "unit" and hovered[1:3] == (index, unit)
            paint_frame(painter, square, chosen if is_hovered else plain)
        parameters = self._parameters[index - 1] if index else None
        if parameters is not None:
            biases = parameters.biases
            for unit, y in enumerate(place.ys):
                is_hovered = hovered is not None and hovered.kind == "bias" and hovered[1:3] == (index, unit)
                mark = bias_mark(self._theme, _shade(float(biases[unit])), place.tile, self._ratio, is_hovered)
                paint_mark(painter, _bias_center(place, y), mark)

    def _layer_at(self, index: int) -> Layer | None:
        return self._mirror.spec.layers[index - 1] if self._mirror is not None else None

    def _paint_feature_names(self, painter: QPainter, place: Place) -> None:
        painter.setPen(self._theme.color("text"))
        right = round(place.x - place.tile / 2) - (5 if place.head_shift else 7)
        for label, y in zip(self._labels, place.ys, strict=False):
            # What was measured has a longer name than a feature: in two lines.
            text = label.replace(" ", "\n") if len(label) > 6 else label
            small = text != label or place.head_shift
            painter.setFont(_font(painter, 11 if small else 12, QFont.Weight.DemiBold))
            painter.drawText(QRectF(right - 70, y - 15, 70, 30), _RIGHT, text)


_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def _has_tiles(place: Place) -> bool:
    return not place.column.passes and not place.column.folded


def _weighted(own: Parameters | Scale | tuple[()]) -> Parameters | None:
    """The parameters of a layer that has links and biases."""
    return own if isinstance(own, Parameters) else None


def _unit_box(place: Place, y: float) -> Box:
    half = place.tile / 2 if not place.column.passes else 8
    return Box(place.x - half, y - half, 2 * half, 2 * half)


def _bias_center(place: Place, y: float) -> QPointF:
    """The lower left corner of a tile: clear of where links arrive and leave."""
    return QPointF(round(place.x - place.tile / 2) - 0.5, round(y + place.tile / 2) - 3.5)


def _shade(bias: float) -> int:
    """The colour of a bias, -BIAS_SHADES … +BIAS_SHADES: visibly signed even if it is small."""
    strength = 0.35 + 0.65 * float(strengths(np.array(bias)))
    return round(BIAS_SHADES * (strength if bias > 0 else -strength if bias < 0 else 0))


def _font(painter: QPainter, size_px: int, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    font = QFont(painter.font())
    font.setPixelSize(size_px)
    font.setWeight(weight)
    return font


def _grid_tile(theme: Theme, ratio: float) -> QPixmap:
    """A piece of the dotted grid, large enough to be laid out fast."""
    side = GRID_PX * GRID_DOTS
    tile = QPixmap(round(side * ratio), round(side * ratio))
    tile.setDevicePixelRatio(ratio)
    tile.fill(theme.color("canvas"))
    painter = QPainter(tile)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("hairline"))
    for row in range(GRID_DOTS):
        for column in range(GRID_DOTS):
            painter.drawEllipse(QPointF((column + 0.5) * GRID_PX, (row + 0.5) * GRID_PX), 1, 1)
    painter.end()
    return tile
