"""One layer's weights and biases as a picture with a cell per parameter."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QFontMetricsF, QImage, QPainter

from playground.ui.plots.parts import small_font
from playground.ui.plots.scales import finite
from playground.ui.text import signed
from playground.ui.theme import DARK, Theme

_TITLE_PX = 20
_RANGE_PX = 20
_BIAS_GAP_PX = 6
_LEAST_WIDTH_PX = 6


class Spot(NamedTuple):
    """One parameter of a layer."""

    unit: int
    source: int | None
    """The input it weighs; None is the bias."""


class LayerHeatmap(pg.GraphicsObject):
    """Title, weights (units × inputs), biases, and the range of the weights below."""

    def __init__(self) -> None:
        super().__init__()
        self.index = 0
        """Of its layer in the network."""
        self._name = ""
        self._theme = DARK
        self._weights, self._biases = np.zeros((1, 1)), np.zeros(1)
        self._pixels, self._image = _picture(self._weights)
        self._bias_pixels, self._bias_image = _picture(self._biases[:, None])
        self._cell = QSizeF(1, 1)
        self._width = self._height = self._bias_left = 0.0
        self._title_width = self._name_width = self._range_width = 0.0
        self._range = ""
        self._marked: Spot | None = None

    def set_layer(self, index: int, name: str, weights: np.ndarray, biases: np.ndarray) -> None:
        """Show these arrays, (units, inputs) and (units,), of the layer at `index`; they are read at each `refresh`."""
        self.index, self._name = index, name
        if weights.shape != self._weights.shape:
            self._pixels, self._image = _picture(weights)
            self._bias_pixels, self._bias_image = _picture(biases[:, None])
        self._weights, self._biases = weights, biases
        self._marked = None
        metrics = QFontMetricsF(small_font(bold=True))
        self._title_width = metrics.horizontalAdvance(self.title)
        self._name_width = metrics.horizontalAdvance(name)
        self._range_width = metrics.horizontalAdvance("−00.00 … 00.00")

    def fit(self, cell_px: float, height_px: float) -> float:
        """Lay out with cells of at most this size within this height; returns the width."""
        self.prepareGeometryChange()
        units, inputs = self._weights.shape
        room = max(1.0, height_px - _TITLE_PX - _RANGE_PX)
        cell = min(cell_px, room / units)
        # Whole pixels are crisp; below three, cutting the fraction off would waste half of the room.
        cell = float(int(cell)) if cell >= 3 else cell
        # Cells are square, unless a tall layer of few inputs would then be narrower than its name.
        named_px = math.ceil((self._name_width + 4 - _BIAS_GAP_PX) / inputs)
        self._cell = QSizeF(max(cell, _LEAST_WIDTH_PX, named_px), cell)
        self._bias_left = inputs * self._cell.width() + _BIAS_GAP_PX
        self._width = max(self._bias_left + max(self._cell.width(), 8), self._range_width)
        self._height = height_px
        return self._width

    @property
    def title(self) -> str:
        """Name of the layer and size of its weight matrix: `Dense 2 · 6×8`."""
        units, inputs = self._weights.shape
        return f"{self._name} · {units}×{inputs}"

    def refresh(self, theme: Theme, limit: float) -> None:
        """Read the arrays again; `limit` is the magnitude with the full colour."""
        self._theme = theme
        self._pixels[:] = theme.to_pixels(self._weights, limit)
        self._bias_pixels[:, 0] = theme.to_pixels(self._biases, limit)
        values = finite(self._weights)
        self._range = f"{signed(values.min())} … {signed(values.max())}" if len(values) else "not finite"
        self.update()

    def set_marked(self, spot: Spot | None) -> None:
        """Put a frame around one cell."""
        if spot != self._marked:
            self._marked = spot
            self.update()

    def value_of(self, spot: Spot) -> float:
        """The parameter at a spot, now."""
        return float(self._biases[spot.unit] if spot.source is None else self._weights[spot.unit, spot.source])

    def spot_at(self, position: QPointF) -> Spot | None:
        """Which parameter is drawn at a position in this item's pixels."""
        units, inputs = self._weights.shape
        unit = int((position.y() - _TITLE_PX) // self._cell.height())
        source = int(position.x() // self._cell.width())
        if not 0 <= unit < units:
            return None
        if 0 <= source < inputs:
            return Spot(unit, source)
        return Spot(unit, None) if 0 <= position.x() - self._bias_left < self._cell.width() else None

    def rect_of(self, spot: Spot) -> QRectF:
        """Where a parameter is drawn, in this item's pixels."""
        x = self._bias_left if spot.source is None else spot.source * self._cell.width()
        return QRectF(QPointF(x, _TITLE_PX + spot.unit * self._cell.height()), self._cell)

    def boundingRect(self) -> QRectF:  # noqa: N802 - Qt's own virtual method
        """The room that `fit` has taken."""
        return QRectF(0, 0, self._width, self._height)

    def paint(self, painter: QPainter, option, widget=None) -> None:
        """Draw two unsmoothed pictures and three texts."""
        units, inputs = self._weights.shape
        width, height = self._cell.width(), units * self._cell.height()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        painter.drawImage(QRectF(0, _TITLE_PX, inputs * width, height), self._image)
        painter.drawImage(QRectF(self._bias_left, _TITLE_PX, width, height), self._bias_image)
        painter.setPen(self._theme.color("muted"))
        painter.setFont(small_font(bold=True))
        # Above a narrow matrix the name stands alone.
        whole = self._title_width + 4 <= self._bias_left
        painter.drawText(QPointF(0, _TITLE_PX - 7), self.title if whole else self._name)
        painter.drawText(QPointF(self._bias_left, _TITLE_PX - 7), "b")
        painter.setFont(small_font())
        painter.drawText(QPointF(0, _TITLE_PX + height + 15), self._range)
        if self._marked is not None:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            painter.setPen(pg.mkPen(self._theme.text, width=1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect_of(self._marked).adjusted(0, 0, -1, -1))


def _picture(values: np.ndarray) -> tuple[np.ndarray, QImage]:
    """A pixel array of this shape and an image over it."""
    height, width = values.shape
    pixels = np.zeros((height, width), np.uint32)
    return pixels, QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGB32)
