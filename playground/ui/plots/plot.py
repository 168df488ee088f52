"""A pyqtgraph plot in the style of the window, that shows and never reacts."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QMouseEvent
from PySide6.QtWidgets import QWidget

from playground.ui.plots.parts import small_font
from playground.ui.plots.quiet import QuietView
from playground.ui.text import plain
from playground.ui.theme import Theme


class Axis(pg.AxisItem):
    """An axis with few, round ticks and without a line; `caption` names it at its far end, in the row of the ticks."""

    def __init__(self, orientation: str, caption: str = "") -> None:
        super().__init__(orientation, maxTickLength=0)
        self.enableAutoSIPrefix(False)
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


class ShowOnlyPlot(QuietView, pg.PlotWidget):
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

    def set_ranges(self, x: tuple[float, float], y: tuple[float, float]) -> None:
        """Show exactly this part of the plane."""
        self.box.setXRange(*x, padding=0)
        self.box.setYRange(*y, padding=0)

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
