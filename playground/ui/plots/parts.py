"""What stands beside the plots: their font, a line of read-outs, a colour bar."""

from __future__ import annotations

import math
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QFont,
    QFontMetricsF,
    QLinearGradient,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.ui.fonts import body_font
from playground.ui.text import plain
from playground.ui.theme import DARK, Theme

CURVE_PX = 1.6
DASH_PX = (4.0, 3.0)
"""Width of a curve, and the strokes and gaps of a dashed one."""

ROW_PX = 24
"""Height of a line of read-outs or options beside a plot."""


def small_font(bold: bool = False) -> QFont:
    """11 px with tabular figures: ticks, titles and figures inside plots."""
    font = body_font()
    font.setPixelSize(11)
    font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    return font


class Segment(NamedTuple):
    """A piece of a read-out, with a gap behind it."""

    text: str
    token: str = "muted"
    """Its colour, a name of the theme."""
    curve: str | None = None
    """The colour of a curve whose sample is drawn before the text, as its legend."""
    dashed: bool = False


class ReadOut(QWidget):
    """One line of figures. Painted rather than a label: changing it never moves or measures anything else."""

    _SAMPLE_PX = 14
    _GAP_PX = 9

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._segments: tuple[Segment, ...] = ()
        self.setFont(small_font())
        self.setAccessibleName(name)
        self.setFixedHeight(ROW_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def text(self) -> str:
        """What it says."""
        return " · ".join(segment.text for segment in self._segments)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._theme = theme
        self.update()

    def show_segments(self, *segments: Segment) -> None:
        """Say this from now on."""
        if segments != self._segments:
            self._segments = segments
            self.update()

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(80, ROW_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Write the segments one after the other."""
        painter = QPainter(self)
        painter.setFont(small_font())
        metrics = painter.fontMetrics()
        x, middle = 0.0, self.height() / 2
        baseline = middle + (metrics.ascent() - metrics.descent()) / 2
        for segment in self._segments:
            if segment.curve is not None:
                pen = QPen(self._theme.color(segment.curve), CURVE_PX)
                if segment.dashed:
                    pen.setDashPattern([length / CURVE_PX for length in DASH_PX])
                pen.setCapStyle(Qt.PenCapStyle.FlatCap)
                painter.setPen(pen)
                painter.drawLine(QPointF(x, middle), QPointF(x + self._SAMPLE_PX, middle))
                x += self._SAMPLE_PX + 5
            painter.setPen(self._theme.color(segment.token))
            painter.drawText(QPointF(x, baseline), segment.text)
            x += metrics.horizontalAdvance(segment.text) + self._GAP_PX


class ColorBar(QWidget):
    """The legend of the diverging colours: what −limit, 0 and +limit look like."""

    _BAR_PX = 48
    _GAP_PX = 6

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._labels = (plain(-1), plain(1))
        self.setFont(small_font())
        self.setFixedHeight(ROW_PX)
        self._fit()
        self.setAccessibleName("Colour scale")

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._theme = theme
        self.update()

    def set_limit(self, limit: float) -> None:
        """Write −limit and +limit at the ends."""
        labels = (plain(-limit), plain(limit))
        if labels != self._labels:
            self._labels = labels
            self._fit()
            self.update()

    def _fit(self) -> None:
        metrics = QFontMetricsF(small_font())
        labels = sum(metrics.horizontalAdvance(label) for label in self._labels)
        self.setFixedWidth(math.ceil(labels) + self._BAR_PX + 2 * self._GAP_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The bar, with a label at each end."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(small_font())
        painter.setPen(self._theme.color("muted"))
        area = QRectF(self.rect())
        low, high = self._labels
        metrics = QFontMetricsF(painter.font())
        painter.drawText(area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, high)
        room = area.adjusted(0, 0, -metrics.horizontalAdvance(high) - self._GAP_PX, 0)
        bar = QRectF(room.right() - self._BAR_PX, room.center().y() - 3.5, self._BAR_PX, 7)
        room.setRight(bar.left() - self._GAP_PX)
        painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, low)
        gradient = QLinearGradient(bar.topLeft(), bar.topRight())
        for place, token in ((0, "negative"), (0.5, "zero"), (1, "positive")):
            gradient.setColorAt(place, self._theme.color(token))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(gradient)
        painter.drawRoundedRect(bar, 3.5, 3.5)
