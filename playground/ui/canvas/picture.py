"""What is painted on the canvas: grid, links, tiles, blocks of small maps, biases and marks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QFont, QPainter, QPen, QPixmap

from playground.document.spec import Layer
from playground.engine.mirror import Mirror
from playground.ui.canvas.blocks import (
    paint_block,
    paint_bypass,
    paint_class_dots,
    paint_fan,
    paint_mosaic_edges,
    paint_passing_units,
)
from playground.ui.canvas.boxes import Box
from playground.ui.canvas.geometry import Place
from playground.ui.canvas.labels import fitted
from playground.ui.canvas.links import LinkField, link_width, strengths
from playground.ui.canvas.marks import paint_frozen, paint_silenced
from playground.ui.canvas.mosaic import Mosaic
from playground.ui.canvas.scene import EVERYWHERE, Scene
from playground.ui.canvas.targets import Target, bias_center, unit_box
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
SMALL_TILE_PX = 24
"""Beside smaller tiles stand smaller names."""
CROWDED_PX, ONE_LINE_PX, NAMELESS_PX = 30, 27, 12
"""Where tiles follow each other closer than this, names are smaller still, have one line, or are left out."""


class Picture:
    """Paints a scene: the network of a mirror at the places given to it."""

    def __init__(self, theme: Theme) -> None:
        self.scene = Scene()
        self._theme = theme
        self._ratio = 1.0
        self._tiles: dict[int, TileColumn] = {}
        self._field: LinkField | None = None
        self._field_view = (0.0, 0.0)
        self._labels: Sequence[str] = ()
        self._stale_tiles = self._stale_links = True
        self._decided = False
        self.picked: tuple[int, int] | None = None
        """(column, unit) of a neuron that stands out for as long as somebody works on it."""
        self._grid = QPixmap()
        self.set_theme(theme, 1.0)

    def set_theme(self, theme: Theme, ratio: float) -> None:
        """Use these colours, at this many device pixels per logical one."""
        self._theme, self._ratio = theme, ratio
        self._grid = _grid_tile(theme, ratio)
        self._tiles, self._field = {}, None
        if self.scene.mirror is not None:
            self.show(self.scene.mirror, self.scene.places, view=self.scene.view)

    @property
    def theme(self) -> Theme:
        """Its colours."""
        return self._theme

    @property
    def ratio(self) -> float:
        """Device pixels per logical pixel."""
        return self._ratio

    def show(
        self, mirror: Mirror, places: Sequence[Place], apart: frozenset[int] = frozenset(), view: Box = EVERYWHERE
    ) -> None:
        """Show this network with its columns at these places, as far as they lie in `view`.

        `apart` holds indices of columns whose links are not shown: those in the hand.
        """
        is_new = mirror is not self.scene.mirror
        before = self.scene.bands
        self.scene.show(mirror, places, apart, view, self._ratio)
        if is_new:
            self._labels = () if places[0].column.folded else input_names(mirror.spec)
        self._stale_tiles = self._stale_tiles or is_new
        self._fit_tiles()
        heights = (view.top, view.bottom)
        bands = self.scene.bands
        if self._field is None or self._field_view != heights or _others(before, bands):
            shown = [band for band in bands if band is not None]
            self._field, self._field_view = (LinkField(shown, heights) if shown else None), heights
        self._stale_links = True

    def refresh(self) -> None:
        """Take over the mirror's newest parameters, as soon as something is painted."""
        self._stale_tiles = self._stale_links = True

    def show_decided(self, decided: bool) -> None:
        """Show of every map only where it is negative, and where not."""
        self._decided, self._stale_tiles = decided, True

    def catch_up(self) -> None:
        """Draw anew what has changed since it was painted last: once, however often that was."""
        mirror = self.scene.mirror
        if mirror is not None and self._stale_tiles:
            for place, maps in zip(self.scene.places, mirror.maps, strict=True):
                if place.column.key in self._tiles:
                    self._tiles[place.column.key].update(maps, self._theme, self._decided)
        if self._field is not None and self._stale_links:
            self._field.update(self.scene.weights_drawn(), self._theme)
        self._stale_tiles = self._stale_links = False

    def _fit_tiles(self) -> None:
        """Keep the tiles that still fit; make the others anew."""
        old, self._tiles = self._tiles, {}
        for place in self.scene.places:
            if place.column.passes or place.column.folded or not (seen := self._seen(place)):
                continue
            key = place.column.key
            tiles = old.get(key)
            if tiles is None or (tiles.shown, tiles.tile) != (seen, place.tile):
                tiles = TileColumn(seen, place.tile, self._ratio)
                self._stale_tiles = True
            self._tiles[key] = tiles

    def _seen(self, place: Place) -> range:
        """The units of a column that lie in what is seen of the canvas."""
        view, half = self.scene.view, place.tile
        wide = place.reach + 2 * half
        if place.x + wide < view.left or place.x - wide > view.right:
            return range(0)
        mosaic = place.mosaic
        if mosaic is not None:
            rows = [math.floor((y - mosaic.top) / mosaic.cell) for y in (view.top, view.bottom)]
            first, last = (min(max(row, 0), mosaic.rows) for row in (rows[0], rows[1] + 1))
            start, shown = mosaic.shown.start, mosaic.shown
            return range(start + first * mosaic.across, min(shown.stop, start + last * mosaic.across))
        ys = np.array(place.ys)
        return range(*np.searchsorted(ys, [view.top - half, view.bottom + half]).tolist())

    # -- painting ------------------------------------------------------------------------------------

    def paint_ground(self, painter: QPainter, area: QRect) -> None:
        """The dotted grid."""
        x, y, width, height = area.x(), area.y(), area.width(), area.height()
        side = GRID_PX * GRID_DOTS
        painter.drawTiledPixmap(x, y, width, height, self._grid, x % side, y % side)

    def paint_links(self, painter: QPainter, hovered: Target | None) -> None:
        """All links, the one under the cursor last and stronger."""
        self.catch_up()
        places = self.scene.places
        for left, right in pairwise(places):
            if right.column.passes:
                self._paint_passing(painter, left, right)
            elif left.column.folded:
                paint_fan(painter, self._theme, left, right)
        if self._field is not None:
            self._field.paint(painter)
        for first, last in self._bypasses():
            paint_bypass(painter, self._theme, places[first : last + 1])
        if hovered is not None and hovered.kind == "link" and self.scene.holds(hovered):
            self._paint_hovered_link(painter, hovered)
        pointed = (hovered.column, hovered.unit) if hovered is not None and hovered.kind == "unit" else self.picked
        if pointed is not None:
            self._paint_links_of(painter, *pointed)

    def _bypasses(self) -> list[tuple[int, int]]:
        """For each residual connection the column it begins at, and its own."""
        layers = self.scene.mirror.network.layers if self.scene.mirror is not None else []
        return [(index - layer.span, index + 1) for index, layer in enumerate(layers) if layer.span]

    def _paint_hovered_link(self, painter: QPainter, target: Target) -> None:
        band = self.scene.bands[target.column - 1]
        weight = self.scene.value_of(target)
        if band is None or weight is None:
            return
        path = band.shape.path_of(target.source, target.unit)
        width = link_width(weight, band.shape.scale)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        sign = "muted" if not math.isfinite(weight) else "negative" if weight < 0 else "positive"
        for token, extra in (("canvas", 6), ("text", 3.5), (sign, 1)):
            painter.setPen(QPen(self._theme.color(token), width + extra, c=Qt.PenCapStyle.RoundCap))
            painter.drawPath(path)

    def _paint_links_of(self, painter: QPainter, column: int, unit: int) -> None:
        """The single links of a neuron in a block, to and from tiles: the block's own are drawn in bundles."""
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for shape, weight in self.scene.links_of(column, unit):
            sign = "muted" if not math.isfinite(weight) else "negative" if weight < 0 else "positive"
            painter.setPen(QPen(self._theme.color(sign, 0.9), max(1.2, link_width(weight, shape.scale))))
            painter.drawPath(shape.path_of(0, 0))

    def _paint_passing(self, painter: QPainter, left: Place, right: Place) -> None:
        painter.setPen(QPen(self._theme.color("muted", 0.5), 1, Qt.PenStyle.DotLine))
        for a, b in zip(left.ys, right.ys, strict=False):
            painter.drawLine(QPointF(left.x + left.reach + 2, a), QPointF(right.x - right.reach - 4, b))

    def paint_column(self, painter: QPainter, index: int, hovered: Target | None) -> None:
        """One column: tiles, a block or passing units, biases, labels."""
        place = self.scene.places[index]
        if place.column.passes:
            paint_passing_units(painter, self._theme, place, self._layer_at(index))
        elif place.column.folded:
            paint_block(painter, self._theme, place)
        elif place.mosaic is not None:
            self._paint_mosaic(painter, index, place, place.mosaic, hovered)
        else:
            self._paint_tiles(painter, index, place, hovered)
        if index == 0:
            self._paint_feature_names(painter, place)
        elif index == len(self.scene.places) - 1 and place.column.units > 1:
            paint_class_dots(painter, self._theme, place)

    def _paint_tiles(self, painter: QPainter, index: int, place: Place, hovered: Target | None) -> None:
        tiles = self._tiles.get(place.column.key)
        if tiles is None:
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, tiles.is_stretched)
        for unit in tiles.shown:
            square = tile_rect(place.x, place.ys[unit], place.tile)
            tiles.paint(painter, unit, square)
            ring = self._ring(index, unit, hovered)
            paint_frame(painter, square, tile_frame(self._theme, place.tile, self._ratio, ring))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        self._paint_states(painter, index, place)
        parameters = self.scene.parameters[index - 1] if self.scene.has_bias(index) else None
        if parameters is not None:
            for unit in tiles.shown:
                is_hovered = hovered is not None and hovered.kind == "bias" and hovered[1:3] == (index, unit)
                shade = shade_of(float(parameters.biases[unit]))
                mark = bias_mark(self._theme, shade, place.tile, self._ratio, is_hovered)
                paint_mark(painter, QPointF(*bias_center(place, unit)), mark)

    def _paint_mosaic(
        self, painter: QPainter, index: int, place: Place, mosaic: Mosaic, hovered: Target | None
    ) -> None:
        tiles = self._tiles.get(place.column.key)
        for unit in tiles.shown if tiles is not None else ():
            box = mosaic.box_of(unit, place.x)
            if tiles is not None and box is not None:
                tiles.paint(painter, unit, QRect(int(box.left), int(box.top), place.tile, place.tile))
        paint_mosaic_edges(painter, self._theme, place, mosaic)
        self._paint_states(painter, index, place)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for unit in {at[1] for at in (self.picked, hovered and hovered[1:3]) if at is not None}:
            box, color = mosaic.box_of(unit, place.x), self._ring(index, unit, hovered)
            if box is not None and color:
                ring = QRectF(box.left - 1, box.top - 1, mosaic.cell + 1, mosaic.cell + 1)
                for token, width in (("canvas", 4), (color, 2)):
                    painter.setPen(QPen(self._theme.color(token), width))
                    painter.drawRect(ring)

    def _paint_states(self, painter: QPainter, index: int, place: Place) -> None:
        """The marks of single units that are frozen or silenced."""
        states = self.scene.states[index]
        for units, paint in ((states.silenced, paint_silenced), (states.frozen_units, paint_frozen)):
            for unit in units:
                box = unit_box(place, unit)
                if box is not None:
                    paint(painter, self._theme, QRectF(round(box.left), round(box.top), place.tile, place.tile))

    def _ring(self, index: int, unit: int, hovered: Target | None) -> str:
        """The colour that a unit is ringed with, "" for none."""
        if self.picked == (index, unit):
            return "text"
        return "accent" if hovered is not None and hovered[:3] == ("unit", index, unit) else ""

    def _layer_at(self, index: int) -> Layer | None:
        return self.scene.mirror.spec.layers[index - 1] if self.scene.mirror is not None else None

    def _paint_feature_names(self, painter: QPainter, place: Place) -> None:
        pitch = (place.ys[-1] - place.ys[0]) / (len(place.ys) - 1) if len(place.ys) > 1 else math.inf
        if pitch < NAMELESS_PX:
            return
        painter.setPen(self._theme.color("text"))
        right = round(place.x - place.tile / 2) - (5 if place.head_shift else 7)
        for label, y in zip(self._labels, place.ys, strict=False):
            # What was measured has a longer name than a feature, and so has a formula.
            small = len(label) > 6 or place.head_shift or place.tile < SMALL_TILE_PX
            size = 10 if pitch < CROWDED_PX else 11 if small else 12
            painter.setFont(_font(painter, size, QFont.Weight.DemiBold))
            text = fitted(label, painter.fontMetrics(), min(70, right - 4), 1 if pitch < ONE_LINE_PX else 2)
            painter.drawText(QRectF(right - 70, y - 15, 70, 30), _RIGHT, text)


_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def _others(before: Sequence[object], after: Sequence[object]) -> bool:
    """Whether two lists hold other objects."""
    return len(before) != len(after) or any(a is not b for a, b in zip(before, after, strict=True))


def shade_of(bias: float) -> int:
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
