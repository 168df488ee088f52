"""A row of painted cells, one per layer, that scrolls sideways when there are more than fit."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from playground.ui.plots.parts import draw_notice
from playground.ui.theme import DARK, Theme


class Strip(QScrollArea):
    """Holds graphics items whose scene coordinates are pixels from the top left."""

    resized = Signal()
    """The room for cells has changed."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.canvas = StripCanvas()
        self.canvas.setAccessibleName(name)
        self.setWidget(self.canvas)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(name)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self.canvas.theme = theme
        self.canvas.setBackground(theme.panel)
        self.canvas.viewport().update()

    def set_content_width(self, width: float) -> None:
        """Scroll if the cells need more than the visible width."""
        self.canvas.setMinimumWidth(int(width))

    def sizeHint(self) -> QSize:
        """Room for a few layers."""
        return QSize(620, 190)

    def minimumSizeHint(self) -> QSize:
        """Room for one layer."""
        return QSize(160, 130)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll sideways with an ordinary wheel too: there is no other direction."""
        bar, delta = self.horizontalScrollBar(), event.angleDelta()
        bar.setValue(bar.value() - (delta.x() or delta.y()))
        event.accept()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the owner place its cells anew."""
        super().resizeEvent(event)
        self.resized.emit()


class StripCanvas(pg.GraphicsView):
    """The drawing surface of a strip; it never reacts to the mouse but says where it is."""

    cursor_moved = Signal(object)
    """QPointF, or None when the cursor has left."""

    def __init__(self) -> None:
        super().__init__()
        self.theme = DARK
        self.notice = ""
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMinimumSize(0, 0)

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:  # noqa: N802 - Qt's own virtual method
        """Draw the notice where there are no cells."""
        if self.notice:
            draw_notice(painter, QRectF(self.viewport().rect()), self.notice, self.theme)

    def set_notice(self, text: str) -> None:
        """Show a calm line of text in the middle; an empty one removes it."""
        if text != self.notice:
            self.notice = text
            self.viewport().update()

    def mouseMoveEvent(self, ev: QMouseEvent) -> None:
        """Report the position."""
        self.cursor_moved.emit(QPointF(ev.position()))

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
        """Leave the wheel to the scroll area."""
        ev.ignore()
