"""One layer's weights and biases as a picture, with a cell per parameter wherever there is room."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QFontMetricsF, QImage, QPainter

from playground.ui.plots.parts import small_font
from playground.ui.plots.scales import finite
from playground.ui.plots.sheet import Sheet, sheet_for
from playground.ui.text import grouped, plain, signed
from playground.ui.theme import DARK, Theme

_TITLE_PX = 20
_RANGE_PX = 20
_BIAS_GAP_PX = 6
_LEAST_WIDTH_PX = 6


class Spot(NamedTuple):
    """One parameter of a layer."""

    unit: int
    source: int | None
    """The input it weighs, the first where a cell shows several; None is the bias."""
    merged: int = 1
    """How many weights the cell shows the mean of."""


class LayerHeatmap(pg.GraphicsObject):
    """Title, weights (units × inputs), biases, and the range of the weights below."""

    def __init__(self) -> None:
        super().__init__()
        self.index = 0
        """Of its layer in the network."""
        self._name = ""
        self._theme = DARK
        self._weights, self._biases = np.zeros((1, 1)), np.zeros(1)
        self._sheet = Sheet(1, 1)
        self._pixels, self._image = _picture(1, 1)
        self._bias_pixels, self._bias_image = _picture(1, 1)
        self._cell = self._bias_cell = QSizeF(1, 1)
        self._width = self._height = self._bias_left = 0.0
        self._title_width = self._name_width = self._range_width = 0.0
        self._range = ""
        self._marked: Spot | None = None

    def set_layer(
        self, index: int, name: str, weights: np.ndarray, biases: np.ndarray, shape: tuple[int, ...] | None = None
    ) -> None:
        """Show these arrays, (units, inputs) and (units,), of the layer at `index`; they are read at each `refresh`.

        Where the inputs are the pixels of a picture, `shape` is that of the picture.
        """
        self.index, self._name = index, name
        self._sheet = sheet_for(weights.shape[0], weights.shape[1], shape)
        if (self._sheet.rows, self._sheet.columns) != self._pixels.shape:
            self._pixels, self._image = _picture(self._sheet.rows, self._sheet.columns)
        if len(biases) != len(self._bias_pixels):
            self._bias_pixels, self._bias_image = _picture(len(biases), 1)
        self._weights, self._biases = weights, biases
        self._marked = None
        metrics = QFontMetricsF(small_font(bold=True))
        self._title_width = metrics.horizontalAdvance(self.title)
        self._name_width = metrics.horizontalAdvance(name)
        self._range_width = metrics.horizontalAdvance("−00.00 … 00.00")

    def fit(self, cell_px: float, height_px: float) -> float:
        """Lay out with cells of at most this size within this height; returns the width."""
        self.prepareGeometryChange()
        rows, columns = self._sheet.rows, self._sheet.columns
        room = max(1.0, height_px - _TITLE_PX - _RANGE_PX)
        cell = min(cell_px * self._sheet.scale, room / rows)
        # Whole pixels are crisp; below three, cutting the fraction off would waste half of the room.
        cell = float(int(cell)) if cell >= 3 else cell
        # Cells are square, unless a tall layer of few inputs would then be narrower than its name.
        named_px = math.ceil((self._name_width + 4 - _BIAS_GAP_PX) / columns)
        self._cell = QSizeF(self._sheet.cell_width(cell) or max(cell, _LEAST_WIDTH_PX, named_px), cell)
        self._bias_left = columns * self._cell.width() + _BIAS_GAP_PX
        self._bias_cell = QSizeF(max(self._cell.width(), 8), rows * cell / len(self._biases))
        self._width = max(self._bias_left + self._bias_cell.width(), self._range_width)
        self._height = height_px
        return self._width

    @property
    def title(self) -> str:
        """Name of the layer and size of its weight matrix: `Dense 2 · 6×8`."""
        units, inputs = self._weights.shape
        note = f" · {self._sheet.note}" if self._sheet.note else ""
        return f"{self._name} · {units}×{grouped(inputs)}{note}"

    @property
    def is_wide(self) -> bool:
        """Whether it has so many inputs that they are not drawn as a row of cells."""
        return bool(self._sheet.note)

    @property
    def range(self) -> str:
        """The least and the greatest weight, as it is written below."""
        return self._range

    @property
    def arrays(self) -> tuple[np.ndarray, np.ndarray]:
        """Weights (units, inputs) and biases (units,)."""
        return self._weights, self._biases

    def refresh(self, theme: Theme, limit: float) -> None:
        """Read the arrays again; `limit` is the magnitude with the full colour."""
        self._theme = theme
        self._pixels[:] = theme.to_pixels(self._sheet.cells(self._weights), limit)
        self._bias_pixels[:, 0] = theme.to_pixels(self._biases, limit)
        values = finite(self._weights)
        self._range = f"{_end(values.min())} … {_end(values.max())}" if len(values) else "not finite"
        self.update()

    def set_marked(self, spot: Spot | None) -> None:
        """Put a frame around one cell."""
        if spot != self._marked:
            self._marked = spot
            self.update()

    def value_of(self, spot: Spot) -> float:
        """The parameter at a spot, now."""
        if spot.source is None:
            return float(self._biases[spot.unit])
        return float(self._weights[spot.unit, spot.source : spot.source + spot.merged].mean())

    def spot_at(self, position: QPointF) -> Spot | None:
        """Which parameter is drawn at a position in this item's pixels."""
        x, y = position.x(), position.y() - _TITLE_PX
        if 0 <= x - self._bias_left < self._bias_cell.width():
            unit = int(y // self._bias_cell.height())
            return Spot(unit, None) if 0 <= unit < len(self._biases) else None
        found = self._sheet.spot(int(y // self._cell.height()), int(x // self._cell.width()))
        return None if found is None else Spot(found[0], found[1].start, found[1].stop - found[1].start)

    def rect_of(self, spot: Spot) -> QRectF:
        """Where a parameter is drawn, in this item's pixels."""
        if spot.source is None:
            return QRectF(QPointF(self._bias_left, _TITLE_PX + spot.unit * self._bias_cell.height()), self._bias_cell)
        row, column = self._sheet.place(spot.unit, spot.source)
        return QRectF(QPointF(column * self._cell.width(), _TITLE_PX + row * self._cell.height()), self._cell)

    def boundingRect(self) -> QRectF:  # noqa: N802 - Qt's own virtual method
        """The room that `fit` has taken."""
        return QRectF(0, 0, self._width, self._height)

    def paint(self, painter: QPainter, option, widget=None) -> None:
        """Draw two unsmoothed pictures and three texts."""
        width, height = self._sheet.columns * self._cell.width(), self._sheet.rows * self._cell.height()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        painter.drawImage(QRectF(0, _TITLE_PX, width, height), self._image)
        painter.drawImage(QRectF(self._bias_left, _TITLE_PX, self._bias_cell.width(), height), self._bias_image)
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


def _end(value: float) -> str:
    """An end of the range of the weights: two digits have to do for a large one, beside it stands another layer's."""
    return signed(value) if abs(value) < 1000 else plain(float(value), 2)


def _picture(height: int, width: int) -> tuple[np.ndarray, QImage]:
    """A pixel array of this shape and an image over it."""
    pixels = np.zeros((height, width), np.uint32)
    return pixels, QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGB32)
