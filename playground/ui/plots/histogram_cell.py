"""One layer's values as a histogram with title, figures and axis."""

from __future__ import annotations

import math

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from playground.ui.plots.parts import small_font
from playground.ui.plots.plot import axis_texts
from playground.ui.plots.scales import SteadyLimit, finite
from playground.ui.text import grouped, percent, plain, signed, superscript
from playground.ui.theme import DARK, Theme

BINS = 30
"""Even, so that zero is a border between bins and every bar has one sign."""

MAX_VALUES = 16_384
"""Of more values a regular sample is counted: the picture is the same, and a frame stays short."""

_LINE_PX = 16
_METER_PX = 3
_TOP_PX = 2 * _LINE_PX + 28
"""Where the plot begins, below title, two figures and the meter."""


class HistogramCell(pg.GraphicsObject):
    """Bars in the colours of the values' signs, between limits that hold still."""

    def __init__(self) -> None:
        super().__init__()
        self._theme = DARK
        self._size = (0.0, 0.0)
        self.title = ""
        self.figures: tuple[str, str] = ("", "")
        self.meter: float | None = None
        """0 … 1, drawn below the second figure."""
        self.counts = np.zeros(BINS, int)
        self._stride = 1
        self._marked: int | None = None
        self._value_limit, self._count_limit, self._signed = SteadyLimit(), SteadyLimit(), False

    def set_title(self, title: str) -> None:
        """Name the layer; another name means other values, so the old range is forgotten."""
        if title != self.title:
            self.title = title
            self._value_limit, self._count_limit, self._signed = SteadyLimit(), SteadyLimit(), False

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._theme = theme
        self.update()

    def fit(self, width_px: float, height_px: float) -> None:
        """Take this much room."""
        self.prepareGeometryChange()
        self._size = width_px, height_px

    @property
    def edges(self) -> np.ndarray:
        """(BINS + 1,): from −limit or, if nothing was ever negative, from zero to the limit."""
        limit = self._value_limit.value
        return np.linspace(-limit if self._signed else 0.0, limit, BINS + 1)

    def show_values(self, values: np.ndarray, figure: str, meter: float | None) -> None:
        """Count values of any shape; `figure` and `meter` are what this plot says about them beside the mean."""
        self._stride = max(1, values.size // MAX_VALUES)
        taken = values.ravel()[:: self._stride]
        sample = finite(taken)
        self.meter = meter
        if len(sample) < len(taken):
            self.figures, self.meter = ("not finite", ""), None
        elif not sample.any():
            self.figures = ("all zero", figure)
        else:
            self.figures = (_mean_and_spread(float(sample.mean(dtype=float)), float(sample.std(dtype=float))), figure)
        self._count(sample)
        self.update()

    def bin_at(self, position: QPointF) -> int | None:
        """Which bar stands above or below a position in this item's pixels."""
        width, height = self._size
        inside = 0 <= position.x() < width and _TOP_PX <= position.y() < height
        return int(position.x() / width * BINS) if inside else None

    def set_marked(self, place: int | None) -> None:
        """Shade the column of one bar."""
        if place != self._marked:
            self._marked = place
            self.update()

    def text_of(self, place: int) -> str:
        """What one bar says: `0.12 … 0.18: 34 values, 14 %`."""
        low, high = self.edges[place : place + 2]
        count = int(self.counts[place])
        share = count / max(1, int(self.counts.sum()))
        about = "about " if self._stride > 1 else ""
        values = f"{about}{grouped(count * self._stride)} value{'' if count * self._stride == 1 else 's'}"
        return f"{plain(float(low))} … {plain(float(high))}: {values}, {percent(share, 1 if 0 < share < 0.1 else 0)}"

    def _count(self, sample: np.ndarray) -> None:
        if len(sample) == 0:
            self.counts = np.zeros(BINS, int)
            return
        self._signed = self._signed or bool(sample.min() < 0)
        limit = self._value_limit.fit(float(np.abs(sample).max()))
        low = -limit if self._signed else 0.0
        places = ((sample - low) * (BINS / (limit - low))).astype(np.intp)
        self.counts = np.bincount(np.clip(places, 0, BINS - 1), minlength=BINS)
        self._count_limit.fit(self.counts.max() / len(sample))

    def boundingRect(self) -> QRectF:  # noqa: N802 - Qt's own virtual method
        """The room that `fit` has given."""
        return QRectF(0, 0, *self._size)

    def paint(self, painter: QPainter, option, widget=None) -> None:
        """Texts above, bars, axis below."""
        width, height = self._size
        self._paint_texts(painter, width)
        plot = QRectF(0, _TOP_PX, width, max(8.0, height - _TOP_PX - _LINE_PX - 4))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        self._paint_frame(painter, plot)
        self._paint_bars(painter, plot)

    def _paint_texts(self, painter: QPainter, width: float) -> None:
        bold, normal = small_font(bold=True), small_font()
        painter.setFont(bold)
        painter.setPen(self._theme.color("text"))
        title = QFontMetricsF(bold).elidedText(self.title, Qt.TextElideMode.ElideRight, width)
        painter.drawText(QPointF(0, 12), title)
        painter.setFont(normal)
        painter.setPen(self._theme.color("muted"))
        for row, figure in enumerate(self.figures, start=1):
            painter.drawText(QPointF(0, 12 + row * _LINE_PX), figure)
        if self.meter is not None:
            track = QRectF(0, 12 + 2 * _LINE_PX + 6, width, _METER_PX)
            painter.fillRect(track, self._theme.color("hairline"))
            track.setWidth(width * min(1.0, max(0.0, self.meter)))
            painter.fillRect(track, self._theme.color("accent"))

    def _paint_frame(self, painter: QPainter, plot: QRectF) -> None:
        """Baseline, its labels, and the shade of the marked column."""
        bottom = round(plot.bottom())
        if self._marked is not None:
            step = plot.width() / BINS
            painter.fillRect(
                QRectF(round(self._marked * step), plot.top(), round(step), plot.height()),
                self._theme.color("hairline"),
            )
        painter.setPen(self._theme.color("hairline"))
        painter.drawLine(QLineF(0, bottom, plot.width(), bottom))
        painter.setPen(self._theme.color("muted"))
        labels = QRectF(0, bottom + 4, plot.width(), _LINE_PX)
        limit = self._value_limit.value
        low, middle = (-limit, 0.0) if self._signed else (0.0, limit / 2)
        sides = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignHCenter, Qt.AlignmentFlag.AlignRight
        for text, side in zip(axis_texts((low, middle, limit)), sides, strict=True):
            painter.drawText(labels, side, text)

    def _paint_bars(self, painter: QPainter, plot: QRectF) -> None:
        total = max(1, int(self.counts.sum()))
        heights = self.counts / total / self._count_limit.value * plot.height()
        step, bottom = plot.width() / BINS, round(plot.bottom())
        lefts = np.rint(np.arange(BINS + 1) * step)
        bars = [
            QRectF(left, bottom - high, max(1.0, right - left - 1), high) if high else QRectF()
            for left, right, high in zip(lefts[:-1].tolist(), lefts[1:].tolist(), heights.tolist(), strict=True)
        ]
        zero = BINS // 2 if self._signed else 0
        painter.setPen(Qt.PenStyle.NoPen)
        for token, part in (("negative", bars[:zero]), ("positive", bars[zero:])):
            painter.setBrush(self._theme.color(token))
            if part:
                painter.drawRects(part)


def _mean_and_spread(mean: float, spread: float) -> str:
    """Mean ± standard deviation, with as many decimals as two significant digits of the latter take."""
    digits = 1 - math.floor(math.log10(spread)) if spread > 0 else 2
    if 0 <= digits <= 4:
        return f"mean {signed(mean, digits)} ± {signed(spread, digits)}"
    scale = 10.0 ** (1 - digits)
    return f"mean ({signed(mean / scale, 1)} ± {signed(spread / scale, 1)})×10{superscript(1 - digits)}"
