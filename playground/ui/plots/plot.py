"""A pyqtgraph plot in the style of the window, that shows and never reacts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QMouseEvent, QPainter
from PySide6.QtWidgets import QGraphicsLayout, QGraphicsWidget, QWidget

from playground.ui.plots.parts import small_font
from playground.ui.plots.quiet import QuietView
from playground.ui.text import grouped, is_short, plain, power
from playground.ui.theme import Theme

_TICK_GAP_PX = 6
_LABEL_GAP_PX = 6
_MOST_GROUPED = 1_000_000
"""Whole numbers from here on are too wide for an axis."""
_SIDES = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
_HEADING_PX, _HEADING_RISE_PX, _HEADING_GAP_PX = 14, 20, 12
_BESIDE_PX = 40
"""How far labels below a plot may stick out at either side."""


class Axis(pg.AxisItem):
    """An axis with few, round ticks and without a line.

    Parameters
    ----------
    orientation
        "left" or "bottom".
    caption
        Names a bottom axis in front of its ticks, in the corner below the left axis.
    least_px
        A left axis is at least so wide, and wider if its labels are.
    """

    def __init__(self, orientation: str, caption: str = "", least_px: int = 24) -> None:
        super().__init__(orientation, maxTickLength=0)
        self.enableAutoSIPrefix(False)
        self._caption = caption
        self._font = small_font()
        self.least_px = least_px
        self.room_px = least_px if orientation == "left" else 20
        """Across the direction of the axis."""
        self.setStyle(tickFont=self._font, tickTextOffset=_TICK_GAP_PX, hideOverlappingLabels=False)
        self.setWidth(self.room_px) if orientation == "left" else self.setHeight(self.room_px)

    def set_theme(self, theme: Theme, grid: bool = False) -> None:
        """Take the colours of a theme; with `grid`, a hairline runs from each tick across the plot."""
        self.setPen(None)
        self.setTextPen(theme.muted)
        self.setTickPen(theme.hairline)
        self.setGrid(255 if grid else False)

    def set_ticks(self, ticks: list[tuple[float, str]]) -> None:
        """Show exactly these (position, text)."""
        if self.orientation == "left":
            metrics = QFontMetricsF(self._font)
            widest = max((metrics.horizontalAdvance(text) for _, text in ticks), default=0)
            self.room_px = max(self.least_px, math.ceil(widest) + _TICK_GAP_PX + 4)
            self.setWidth(self.room_px)
        self.setTicks([ticks])

    def boundingRect(self) -> QRectF:  # noqa: N802 - Qt's own virtual method
        """Leave room for half a label beyond either end: pyqtgraph drops labels that stick out."""
        area = super().boundingRect()
        across, down = (0, 8) if self.orientation == "left" else (_BESIDE_PX, 0)
        return area.adjusted(-across, -down, across, down)

    def generateDrawSpecs(self, p):  # noqa: N802 - pyqtgraph's own virtual method
        """Keep the last label below a plot inside of it, and add the caption."""
        specs = super().generateDrawSpecs(p)
        if specs is None:
            return None
        line, ticks, texts = specs
        ticks = ticks if self.grid else []  # of length zero, and still dots
        if self.orientation == "bottom":
            end = self.mapRectFromParent(self.geometry()).right()
            texts = [(rect.translated(min(0.0, end - rect.right()), 0), flags, text) for rect, flags, text in texts]
            texts = _apart(texts)
        if self._caption:
            top, metrics = texts[0][0].top() if texts else _TICK_GAP_PX, QFontMetricsF(self._font)
            place = QRectF(self.mapFromScene(QPointF(0, 0)).x(), top, 0, metrics.height())
            behind = place.left() + metrics.horizontalAdvance(self._caption) + _LABEL_GAP_PX
            texts = [each for each in texts if each[0].left() > behind]
            flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextDontClip
            texts.append((place, flags, self._caption))
        return line, ticks, texts


def _apart(texts: list[tuple[QRectF, object, str]]) -> list[tuple[QRectF, object, str]]:
    """Those of the labels below a plot that do not touch, evenly spaced: all, all but the last, or every second one."""
    crowded = [left.right() + _LABEL_GAP_PX > right.left() for (left, *_), (right, *_) in pairwise(texts)]
    if not any(crowded):
        return texts
    return _apart(texts[::2] if any(crowded[:-1]) else texts[:-1])


def heading_line(area: QRectF, whole: QRectF, needed_px: float) -> QRectF:
    """Where a heading stands: as wide as the plot below it, or sticking out alike at both sides if it needs that."""
    spare_px = min(area.left() - whole.left(), whole.right() - area.right())
    out_px = max(0.0, min((needed_px - area.width()) / 2, spare_px))
    return QRectF(area.left() - out_px, area.top() - _HEADING_RISE_PX, area.width() + 2 * out_px, _HEADING_PX)


def number_ticks(values: list[float]) -> list[tuple[float, str]]:
    """Ticks at these values, with the values as text."""
    return list(zip(values, axis_texts(values), strict=True))


def axis_texts(values: Sequence[float]) -> list[str]:
    """The numbers of an axis, all in one form: whole ones in groups of three, or decimals, or powers of ten."""
    if all(value == int(value) and abs(value) < _MOST_GROUPED for value in values):
        return [grouped(int(value)) for value in values]
    written = plain if all(is_short(value) for value in values) else power
    return [written(value) for value in values]


class ShowOnlyPlot(QuietView, pg.PlotWidget):
    """A plot without menu, buttons, panning and zooming; says where the cursor is."""

    cursor_moved = Signal(object)
    """(x, y) in the plot's coordinates, or None when the cursor has left the plot."""

    _TOP_PX = 8

    def __init__(self, left: Axis, bottom: Axis, parent: QWidget | None = None) -> None:
        self.content = pg.PlotItem(axisItems={"left": left, "bottom": bottom}, enableMenu=False)
        self.axes = (left, bottom)
        super().__init__(parent, plotItem=self.content)
        self.heading = ("", "")
        left.setZValue(-1)  # its grid lies behind the data
        self.box: pg.ViewBox = self.content.getViewBox()
        self.arrangement: QGraphicsLayout = QGraphicsWidget.layout(self.content)  # PlotItem hides the method
        self.box.setMouseEnabled(False, False)
        # Qt paints what has moved; the heading, which has no item, moves with the plot.
        self.box.geometryChanged.connect(self._paint_all)
        self.content.hideButtons()
        self.content.setContentsMargins(0, self._TOP_PX, 0, 0)
        self.setFrameShape(self.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def sizeHint(self) -> QSize:
        """A modest plot; it takes more room gladly."""
        return QSize(300, 200)

    def minimumSizeHint(self) -> QSize:
        """Below this, ticks would collide."""
        return QSize(200, 120)

    def notice_area(self) -> QRectF:
        """Between the axes."""
        return self.box.sceneBoundingRect()

    def set_theme(self, theme: Theme, grid: bool = False) -> None:
        """Take the colours of a theme; with `grid`, hairlines run across the plot from the left axis."""
        super().set_theme(theme)
        for axis in self.axes:
            axis.set_theme(theme, grid and axis is self.axes[0])

    def set_heading(self, left: str, right: str) -> None:
        """Write these into the margin above the plot, which `_TOP_PX` must leave room for."""
        if (left, right) != self.heading:
            self.heading = left, right
            self._paint_all()

    def _paint_all(self) -> None:
        self.viewport().update()

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:  # noqa: N802 - Qt's own virtual method
        """Draw heading and notice."""
        super().drawForeground(painter, rect)
        area, metrics = self.notice_area(), QFontMetricsF(small_font())
        widths = [metrics.horizontalAdvance(text) for text in self.heading]
        line = heading_line(area, QRectF(self.viewport().rect()), sum(widths) + _HEADING_GAP_PX)
        painter.setFont(small_font())
        painter.setPen(self.theme.color("muted"))
        for text, side, other_px in zip(self.heading, _SIDES, reversed(widths), strict=True):
            room_px = max(line.width() - other_px, line.width() / 2) - _HEADING_GAP_PX / 2
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room_px if other_px else line.width())
            painter.drawText(line, side | Qt.AlignmentFlag.AlignVCenter, shown)

    def set_ranges(self, x: tuple[float, float], y: tuple[float, float]) -> None:
        """Show exactly this part of the plane."""
        self.box.setXRange(*x, padding=0)
        self.box.setYRange(*y, padding=0)
        self.arrangement.activate()  # at once: other labels may have given the left axis another width

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
