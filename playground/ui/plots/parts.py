"""What all plots are made of: fonts, axes, a plot that only shows, a line of read-outs, a colour bar."""

from __future__ import annotations

import math
from typing import NamedTuple

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFont,
    QFontMetricsF,
    QLinearGradient,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QWheelEvent,
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


class Axis(pg.AxisItem):
    """An axis with few, round ticks and without a line; `caption` names it at its far end, in the row of the ticks."""

    def __init__(self, orientation: str, caption: str = "") -> None:
        super().__init__(orientation, maxTickLength=0)
        self._caption = caption
        self._font = small_font()
        self.setStyle(tickFont=self._font, tickTextOffset=6, hideOverlappingLabels=False)
        self.setWidth(34) if orientation == "left" else self.setHeight(20)

    def set_theme(self, theme: Theme, grid: bool = False) -> None:
        """Take the colours of a theme; with `grid`, a hairline runs from each tick across the plot."""
        self.setPen(None)
        self.setTextPen(theme.muted)
        self.setTickPen(theme.hairline)
        self.setGrid(255 if grid else False)

    def set_ticks(self, ticks: list[tuple[float, str]]) -> None:
        """Show exactly these (position, text)."""
        self.setTicks([ticks])

    def boundingRect(self) -> QRectF:  # noqa: N802 - Qt's own virtual method
        """Leave room for half a line beyond either end: with a grid, pyqtgraph drops labels that stick out."""
        return super().boundingRect().adjusted(0, -8, 0, 8) if self.orientation == "left" else super().boundingRect()

    def generateDrawSpecs(self, p):  # noqa: N802 - pyqtgraph's own virtual method
        """Add the caption, in the place of the labels that it would cover."""
        specs = super().generateDrawSpecs(p)
        if specs is None:
            return None
        line, ticks, texts = specs
        ticks = ticks if self.grid else []  # of length zero, and still dots
        if not self._caption:
            return line, ticks, texts
        metrics = QFontMetricsF(self._font)
        width = metrics.horizontalAdvance(self._caption)
        area = self.boundingRect()
        right = self.mapRectFromParent(self.geometry()).right()
        place = QRectF(right - width, texts[0][0].top() if texts else 6, width, metrics.height())
        kept = [text for text in texts if text[0].right() + 8 < place.left()]
        kept.append((place & area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, self._caption))
        return line, ticks, kept


def number_ticks(values: list[float]) -> list[tuple[float, str]]:
    """Ticks at these values, with the values as text."""
    return [(value, plain(value)) for value in values]


class ShowOnlyPlot(pg.PlotWidget):
    """A plot without menu, buttons, panning and zooming; says where the cursor is."""

    cursor_moved = Signal(object)
    """(x, y) in the plot's coordinates, or None when the cursor has left the plot."""

    def __init__(self, left: Axis, bottom: Axis, parent: QWidget | None = None) -> None:
        self.content = pg.PlotItem(axisItems={"left": left, "bottom": bottom}, enableMenu=False)
        super().__init__(parent, plotItem=self.content)
        self.axes = (left, bottom)
        left.setZValue(-1)  # its grid lies behind the data
        self.box: pg.ViewBox = self.content.getViewBox()
        self.box.setMouseEnabled(False, False)
        self.content.hideButtons()
        self.content.setContentsMargins(0, 8, 0, 0)
        self.setFrameShape(self.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.notice = ""
        self.theme = DARK

    def sizeHint(self) -> QSize:
        """A modest plot; it takes more room gladly."""
        return QSize(300, 200)

    def minimumSizeHint(self) -> QSize:
        """Below this, ticks would collide."""
        return QSize(200, 120)

    def set_theme(self, theme: Theme, grid: bool = False) -> None:
        """Take the colours of a theme; with `grid`, hairlines run across the plot from the left axis."""
        self.theme = theme
        self.setBackground(theme.panel)
        for axis in self.axes:
            axis.set_theme(theme, grid and axis is self.axes[0])

    def set_ranges(self, x: tuple[float, float], y: tuple[float, float]) -> None:
        """Show exactly this part of the plane."""
        self.box.setXRange(*x, padding=0)
        self.box.setYRange(*y, padding=0)

    def set_notice(self, text: str) -> None:
        """Show a calm line of text in the middle instead of data; an empty one removes it."""
        if text != self.notice:
            self.notice = text
            self.viewport().update()

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:  # noqa: N802 - Qt's own virtual method
        """Draw the notice above everything."""
        if self.notice:
            draw_notice(painter, self.box.sceneBoundingRect(), self.notice, self.theme)

    def mouseMoveEvent(self, ev: QMouseEvent) -> None:
        """Report the position; the plot itself never reacts to the mouse."""
        position = ev.position()
        inside = self.box.sceneBoundingRect().contains(position)
        point = self.box.mapSceneToView(position) if inside else None
        self.cursor_moved.emit((point.x(), point.y()) if point is not None else None)

    def leaveEvent(self, ev) -> None:
        """The cursor is nowhere."""
        super().leaveEvent(ev)
        self.cursor_moved.emit(None)

    def mousePressEvent(self, ev: QMouseEvent) -> None:
        """Nothing to press."""
        ev.ignore()

    def mouseReleaseEvent(self, ev: QMouseEvent) -> None:
        """Nothing to press."""
        ev.ignore()

    def mouseDoubleClickEvent(self, ev: QMouseEvent) -> None:
        """Nothing to press."""
        ev.ignore()

    def wheelEvent(self, ev: QWheelEvent) -> None:
        """Leave the wheel to whatever scrolls around the plot."""
        ev.ignore()


def draw_notice(painter: QPainter, area: QRectF, text: str, theme: Theme) -> None:
    """Write a line of text in the middle of an area, on a patch that keeps grid lines away from it."""
    painter.setFont(body_font())
    flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
    painter.fillRect(painter.boundingRect(area, flags, text).adjusted(-8, -4, 8, 4), theme.color("panel"))
    painter.setPen(theme.color("muted"))
    painter.drawText(area, flags, text)


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
