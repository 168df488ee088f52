"""What stands beside the plots: their font, a line of read-outs, a colour bar."""

from __future__ import annotations

import math
from typing import Literal, NamedTuple

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
FAINT_PX = 1.0
"""Widths of the curve that matters most in a plot, and of others."""

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
    sign: Literal["curve", "faint curve", "disc", "ring"] | None = None
    """What is drawn before the text, as its legend."""
    sign_token: str = "muted"
    """The colour of the sign."""


class FigureLine(QWidget):
    """One line of figures. Painted rather than a label: changing it never moves or measures anything else."""

    _CURVE_PX = 14
    _POINT_PX = 7
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
        """Write the segments one after the other; what does not fit ends in an ellipsis."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(small_font())
        metrics = QFontMetricsF(small_font())
        baseline = (self.height() + metrics.ascent() - metrics.descent()) / 2
        for segment, x, text in self.written(self.width()):
            self._paint_sign(painter, segment, x)
            painter.setPen(self._theme.color(segment.token))
            painter.drawText(QPointF(x + self._sign_px(segment), baseline), text)

    def written(self, width_px: float) -> list[tuple[Segment, float, str]]:
        """What of the segments is written into this width: each with its left edge and its text, maybe elided."""
        metrics = QFontMetricsF(small_font())
        rows: list[tuple[Segment, float, str]] = []
        x = 0.0
        for segment in self._segments:
            room = width_px - x - self._sign_px(segment)
            text = metrics.elidedText(segment.text, Qt.TextElideMode.ElideRight, room + 0.5)
            if room < metrics.horizontalAdvance(text) - 0.5 or not text:
                break
            rows.append((segment, x, text))
            x += self._sign_px(segment) + metrics.horizontalAdvance(segment.text) + self._GAP_PX
        return rows

    def needed_px(self) -> int:
        """The width in which nothing is elided."""
        metrics = QFontMetricsF(small_font())
        needed = sum(self._sign_px(each) + metrics.horizontalAdvance(each.text) for each in self._segments)
        return math.ceil(needed + self._GAP_PX * max(0, len(self._segments) - 1))

    def _sign_px(self, segment: Segment) -> float:
        if segment.sign is None:
            return 0
        return 5 + (self._POINT_PX if segment.sign in ("disc", "ring") else self._CURVE_PX)

    def _paint_sign(self, painter: QPainter, segment: Segment, x: float) -> None:
        if segment.sign is None:
            return
        color, middle = self._theme.color(segment.sign_token), self.height() / 2
        if segment.sign in ("disc", "ring"):
            painter.setPen(QPen(color, 1.4))
            painter.setBrush(color if segment.sign == "disc" else Qt.BrushStyle.NoBrush)
            radius = self._POINT_PX / 2 - 0.7
            painter.drawEllipse(QPointF(x + self._POINT_PX / 2, middle), radius, radius)
        else:
            width = CURVE_PX if segment.sign == "curve" else FAINT_PX
            painter.setPen(QPen(color, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
            painter.drawLine(QPointF(x, middle), QPointF(x + self._CURVE_PX, middle))


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

    @property
    def labels(self) -> tuple[str, str]:
        """What stands at the ends."""
        return self._labels

    def set_limit(self, limit: float) -> None:
        """Write −limit and +limit at the ends."""
        self.set_labels(plain(-limit), plain(limit))

    def set_labels(self, low: str, high: str) -> None:
        """Write these at the ends."""
        labels = (low, high)
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
