"""What was said against what is true, for values: a point per sample, and the figures of their distances."""

from __future__ import annotations

import math

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QImage, QPainter, QPen

from playground.ui.plots.parts import small_font
from playground.ui.plots.plot import axis_texts
from playground.ui.plots.scales import linear_ticks
from playground.ui.plots.scores import ValueFigures
from playground.ui.readout import score_text
from playground.ui.text import plain
from playground.ui.theme import DARK, Theme, rgb_of

_TITLE_PX, _AXIS_PX = 20, 16
_FIGURES_PX = 92
_GAP_PX = 12
_DOT_PX = 4.0
_NEAR_PX = 12
"""A point so near to the cursor is read out."""
_ROW_PX = 18


class ScatterCell(pg.GraphicsObject):
    """True values to the right, predicted ones upwards: on the diagonal the prediction is right.

    Parameters
    ----------
    values
        (n_samples,): all that is true, of every set that is shown side by side, for equal ranges. Predictions beyond
        them are drawn at the border.
    """

    least_px, most_px = 250.0, 460.0

    def __init__(self, values: np.ndarray) -> None:
        super().__init__()
        low, high = float(values.min()), float(values.max())
        margin = 0.1 * (high - low) or 1.0
        self._range = low - margin, high + margin
        self._theme = DARK
        self._size = (0.0, 0.0)
        self.title = ""
        self.figures: ValueFigures | None = None
        self._marked: int | None = None
        self._picture: QImage | None = None
        self._labels_px = 0.0

    # -- what the view calls --------------------------------------------------------------------------

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._theme, self._picture = theme, None
        self.update()

    def fit(self, width_px: float, height_px: float) -> None:
        """Take this much room."""
        self.prepareGeometryChange()
        self._size, self._picture = (width_px, height_px), None
        metrics = QFontMetricsF(small_font())
        texts = [text for _, text in self._ticks()]
        self._labels_px = max((metrics.horizontalAdvance(text) for text in texts), default=0) + 6

    def show_figures(self, title: str, figures: ValueFigures) -> None:
        """Show these, of the samples that the title names."""
        self.title, self.figures, self._picture = title, figures, None
        self.update()

    def set_cursor(self, position: QPointF | None) -> str:
        """Mark the sample that is nearest to a position in this item's pixels; what there is to say about it, or ""."""
        marked = None if position is None else self._sample_at(position)
        if marked != self._marked:
            self._marked = marked
            self.update()
        if marked is None or self.figures is None:
            return ""
        return f"true {plain(float(self.figures.true[marked]))}, predicted {plain(float(self.figures.said[marked]))}"

    # -- geometry -------------------------------------------------------------------------------------

    @property
    def plot(self) -> QRectF:
        """Where the points stand."""
        width, height = self._size
        left = self._labels_px
        return QRectF(
            left,
            _TITLE_PX,
            max(40.0, width - left - _GAP_PX - _FIGURES_PX),
            max(24.0, height - _TITLE_PX - _AXIS_PX),
        )

    def places(self) -> np.ndarray:
        """(n_samples, 2): where the points stand, in pixels; NaN for a prediction that is no number."""
        if self.figures is None:
            return np.empty((0, 2))
        (low, high), plot = self._range, self.plot
        shares = (np.stack([self.figures.true, self.figures.said], axis=1) - low) / (high - low)
        x, y = np.clip(shares, 0, 1).T
        return np.stack([plot.left() + x * plot.width(), plot.bottom() - y * plot.height()], axis=1)

    def _sample_at(self, position: QPointF) -> int | None:
        distances = np.hypot(*(self.places() - (position.x(), position.y())).T)
        if not np.isfinite(distances).any():
            return None
        nearest = int(np.nanargmin(distances))
        return nearest if distances[nearest] <= _NEAR_PX else None

    def _ticks(self) -> list[tuple[float, str]]:
        values = linear_ticks(*self._range, 3)
        return list(zip(values, axis_texts(values), strict=True))

    def boundingRect(self) -> QRectF:  # noqa: N802 - Qt's own virtual method
        """The room that `fit` has given."""
        return QRectF(0, 0, *self._size)

    # -- painting -------------------------------------------------------------------------------------

    def paint(self, painter: QPainter, option, widget=None) -> None:
        """Title, frame, points, and the figures at the right."""
        if self.figures is None:
            return
        painter.setPen(self._theme.color("text"))
        painter.setFont(small_font(bold=True))
        painter.drawText(QPointF(0, 12), self.title)
        painter.setFont(small_font())
        plot = self.plot
        self._paint_axes(painter, plot)
        ratio = painter.device().devicePixelRatioF()
        if self._picture is None or self._picture.devicePixelRatio() != ratio:
            self._picture = self._points_picture(ratio)
        painter.drawImage(plot.topLeft() - QPointF(_DOT_PX, _DOT_PX) / 2, self._picture)
        if self._marked is not None:
            painter.setPen(QPen(self._theme.color("text"), 1.4))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.drawEllipse(QPointF(*self.places()[self._marked]), 4, 4)
        self._paint_figures(painter, plot.right() + _GAP_PX)

    def _paint_axes(self, painter: QPainter, plot: QRectF) -> None:
        (low, high), muted = self._range, self._theme.color("muted")
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.color("hairline"), 1))
        painter.drawRect(plot)
        painter.drawLine(plot.bottomLeft(), plot.topRight())
        painter.setPen(muted)
        beside, below = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, Qt.AlignmentFlag.AlignCenter
        for value, text in self._ticks():
            share = (value - low) / (high - low)
            y, x = plot.bottom() - share * plot.height(), plot.left() + share * plot.width()
            painter.drawText(QRectF(0, y - 8, plot.left() - 5, 16), beside, text)
            painter.drawText(QRectF(x - 30, plot.bottom() + 2, 60, _AXIS_PX - 2), below, text)
        painter.drawText(
            plot.adjusted(5, 2, -5, -2), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, "predicted"
        )
        painter.drawText(
            plot.adjusted(5, 2, -5, -2), Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom, "true"
        )

    def _points_picture(self, ratio: float) -> QImage:
        """All points at once: written into the pixels, they cost a tenth of what Qt takes to paint them."""
        plot, dot = self.plot, round(_DOT_PX * ratio)
        width, height = (math.ceil(side * ratio) + dot + 1 for side in (plot.width(), plot.height()))
        pixels = np.zeros((height, width), np.uint32)
        places = self.places()
        places = places[np.isfinite(places).all(axis=1)]
        column, row = np.rint((places - (plot.left(), plot.top())) * ratio).astype(np.intp).T
        r, g, b = rgb_of(self._theme.accent)
        color = np.uint32(0xFF << 24 | r << 16 | g << 8 | b)
        middle = (dot - 1) / 2
        for down, along in np.ndindex(dot, dot):
            if math.hypot(down - middle, along - middle) <= dot / 2:
                pixels[row + down, column + along] = color
        image = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied).copy()
        image.setDevicePixelRatio(ratio)
        return image

    def _paint_figures(self, painter: QPainter, x: float) -> None:
        figures = self.figures
        if figures is None:
            return
        for index, (name, text) in enumerate(figure_texts(figures).items()):
            area = QRectF(x, _TITLE_PX + index * _ROW_PX, _FIGURES_PX, _ROW_PX)
            painter.setPen(self._theme.color("muted"))
            painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name)
            painter.setPen(self._theme.color("text"))
            painter.drawText(area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)


def figure_texts(figures: ValueFigures) -> dict[str, str]:
    """The figures by their names; R² is rounded as it is in the bar above."""
    return {"R²": score_text(figures.r2, "regression"), "RMSE": plain(figures.rmse), "MAE": plain(figures.mae)}
