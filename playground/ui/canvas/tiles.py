"""Every neuron's own map as a small picture: one image per column, filled by one table look-up."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen, QPixmap

from playground.ui.stylesheet import blend
from playground.ui.theme import Theme

LARGEST_SIDE = 56
LARGEST_ZOOMED_SIDE = 100
"""Samples along a tile, and along one that is larger than this; beyond that it is scaled up."""
FAINTEST_VALUE = 1 / 255
"""What is smaller has the colour of zero."""
HATCH_PX = 6
MARK_PX = 8
"""Half the side of the picture of a bias mark."""
BIAS_SHADES = 24
HALO_PX = 3
"""Room around a tile in the picture of its frame."""


class TileColumn:
    """The tiles of one column, as far as they are seen.

    Parameters
    ----------
    shown
        Its units that are seen.
    tile
        Side in logical pixels.
    ratio
        Device pixels per logical pixel.
    """

    def __init__(self, shown: range, tile: int, ratio: float) -> None:
        self.shown, self.tile = shown, tile
        units = max(1, len(shown))
        self._side = max(1, min(round(tile * ratio), LARGEST_SIDE if tile <= LARGEST_SIDE else LARGEST_ZOOMED_SIDE))
        self.is_stretched = self._side < round(tile * ratio)
        """Whether it looks better smoothed: there are fewer samples than pixels."""
        self._pixels = np.zeros((units, self._side, self._side), np.uint32)
        self._samples = np.zeros(0, np.intp)
        self._resolution = 0
        self.image = QImage(
            self._pixels.data, self._side, units * self._side, 4 * self._side, QImage.Format.Format_RGB32
        )

    def update(self, maps: np.ndarray, theme: Theme, decided: bool = False) -> None:
        """Take over (units, n, n) maps of the whole column, whose row 0 is the bottom; `decided`, only their signs."""
        if not self.shown:
            return
        if maps.shape[-1] != self._resolution:
            self._choose_samples(maps.shape[-1])
        flat = maps[self.shown.start : self.shown.stop].reshape(len(self.shown), -1)
        samples = flat.take(self._samples, axis=1)
        if decided:
            samples = np.where(np.isnan(samples), samples, np.where(samples >= 0, 1, -1))
        self._pixels[:] = theme.to_pixels(samples).reshape(self._pixels.shape)
        peaks = np.maximum(samples.max(axis=1), -samples.min(axis=1))
        broken = ~np.isfinite(peaks)
        if broken.any():
            self._pixels[broken] = _hatch(theme, self._side)
        self._draw_flat_lines(peaks < FAINTEST_VALUE, theme)

    def _draw_flat_lines(self, silent: np.ndarray, theme: Theme) -> None:
        """Mark tiles of units that are zero everywhere, as a flat line: else they look as if still to come."""
        if silent.any():
            thick, inset = max(1, self._side // 18), round(self._side * 0.3)
            top = (self._side - thick) // 2
            self._pixels[silent, top : top + thick, inset : self._side - inset] = _rgb32(theme.muted)

    def _choose_samples(self, resolution: int) -> None:
        self._resolution = resolution
        ticks = np.rint(np.linspace(0, resolution - 1, self._side)).astype(np.intp)
        # Pictures begin at the top, maps at the bottom.
        self._samples = (ticks[::-1, None] * resolution + ticks).reshape(-1)

    def paint(self, painter: QPainter, unit: int, target: QRect) -> None:
        """Draw one tile."""
        top = (unit - self.shown.start) * self._side
        painter.drawImage(target, self.image, QRect(0, top, self._side, self._side))


@lru_cache(maxsize=64)
def _hatch(theme: Theme, side: int) -> np.ndarray:
    """(side, side) pixels of a map that holds what is not a number: neither colour of the scale."""
    steps = np.arange(side)
    lines = (steps[:, None] + steps) % HATCH_PX < 2
    return np.where(lines, _rgb32(blend(theme.zero, theme.muted, 0.45)), _rgb32(theme.zero))


def _rgb32(color: str) -> np.uint32:
    return np.uint32(QColor(color).rgb())


def tile_rect(x: float, y: float, tile: int) -> QRect:
    """The square of a tile around its centre, on whole pixels."""
    return QRect(round(x - tile / 2), round(y - tile / 2), tile, tile)


@lru_cache(maxsize=64)
def tile_frame(theme: Theme, tile: int, ratio: float, ring: str = "") -> QPixmap:
    """What is laid over a tile: rounds its corners and draws its ring, a strong one of the colour `ring` if given."""
    side = tile + 2 * HALO_PX
    pixmap = QPixmap(round(side * ratio), round(side * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    square = QRectF(HALO_PX, HALO_PX, tile, tile)
    radius = min(max(3.0, tile / 6), tile / 3)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    corners = QPainterPath()
    corners.addRect(square)
    rounded = QPainterPath()
    rounded.addRoundedRect(square, radius, radius)
    painter.fillPath(corners - rounded, theme.color("canvas"))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if ring:
        painter.setPen(QPen(theme.color("canvas"), 1.5))
        painter.drawRoundedRect(square, radius, radius)
        painter.setPen(QPen(theme.color(ring), 2))
        painter.drawRoundedRect(square.adjusted(-1.5, -1.5, 1.5, 1.5), radius + 1.5, radius + 1.5)
    else:
        painter.setPen(QPen(_ring(theme), 1))
        painter.drawRoundedRect(square.adjusted(0.5, 0.5, -0.5, -0.5), radius - 0.5, radius - 0.5)
    painter.end()
    return pixmap


def paint_frame(painter: QPainter, square: QRect, frame: QPixmap) -> None:
    """Lay a frame over its tile."""
    painter.drawPixmap(QPoint(square.x() - HALO_PX, square.y() - HALO_PX), frame)


@lru_cache(maxsize=512)
def bias_mark(theme: Theme, shade: int, tile: int, ratio: float, hovered: bool = False) -> QPixmap:
    """The mark of a bias: a small square with a halo, so that it stands out from links and tile.

    `shade` is its colour on the scale -BIAS_SHADES … +BIAS_SHADES.
    """
    pixmap = QPixmap(round(2 * MARK_PX * ratio), round(2 * MARK_PX * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.color("accent" if hovered else "canvas"), 1.5))
    painter.setBrush(theme.signed_color(shade / BIAS_SHADES))
    half = 5.5 if hovered else max(2.5, min(4.5, tile / 10.3))
    square = QRectF(MARK_PX - half, MARK_PX - half, 2 * half, 2 * half)
    painter.drawRoundedRect(square, 2, 2)
    # A line inside, so that a bias of zero can be seen on the canvas.
    painter.setPen(QPen(theme.color("muted", 0.45), 1))
    painter.drawRoundedRect(square.adjusted(1, 1, -1, -1), 1, 1)
    painter.end()
    return pixmap


def paint_mark(painter: QPainter, center: QPointF, mark: QPixmap) -> None:
    """Put the mark of a bias on its place."""
    painter.drawPixmap(QPointF(center.x() - MARK_PX, center.y() - MARK_PX), mark)


def _ring(theme: Theme) -> QColor:
    """A line that shows on both colours of a map, and on the canvas."""
    return theme.color("text", 0.22)
