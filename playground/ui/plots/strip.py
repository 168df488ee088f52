"""A row of painted cells, one per layer, that scrolls sideways when there are more than fit."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from playground.ui.plots.quiet import QuietView
from playground.ui.theme import Theme


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
        self.canvas.set_theme(theme)

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


class StripCanvas(QuietView):
    """The drawing surface of a strip; says where the cursor is."""

    cursor_moved = Signal(object)
    """QPointF, or None when the cursor has left."""

    def __init__(self) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def mouseMoveEvent(self, ev: QMouseEvent) -> None:
        """Report the position."""
        self.cursor_moved.emit(QPointF(ev.position()))

    def leaveEvent(self, ev) -> None:
        """The cursor is nowhere."""
        super().leaveEvent(ev)
        self.cursor_moved.emit(None)
