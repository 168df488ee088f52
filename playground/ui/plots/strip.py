"""A row of painted cells, one per layer, that scrolls sideways when there are more than fit."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from playground.ui.plots.quiet import QuietView
from playground.ui.theme import DARK, Theme


class Strip(QScrollArea):
    """Holds graphics items whose scene coordinates are pixels from the top left.

    It takes the keyboard focus, and shows it, only while there is something to scroll with the arrow keys.
    """

    resized = Signal()
    """The room for cells has changed."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.canvas = StripCanvas()
        for part in (self.canvas, self.canvas.viewport()):
            part.setAccessibleName(name)
        self.setWidget(self.canvas)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(name)
        self.focus_frame = _FocusFrame(self)
        self.horizontalScrollBar().rangeChanged.connect(self._follow_overflow)
        self._follow_overflow()

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self.canvas.set_theme(theme)
        self.focus_frame.theme = theme
        self.focus_frame.update()

    def _follow_overflow(self) -> None:
        overflow = self.horizontalScrollBar().maximum() > 0
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if overflow else Qt.FocusPolicy.NoFocus)

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
        self.focus_frame.setGeometry(self.rect())
        self.resized.emit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show that the arrow keys come here."""
        super().focusInEvent(event)
        self.focus_frame.show()
        self.focus_frame.raise_()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """They no longer do."""
        super().focusOutEvent(event)
        self.focus_frame.hide()


class _FocusFrame(QWidget):
    """A line around a strip, over its content: an inner border would move the content."""

    def __init__(self, strip: Strip) -> None:
        super().__init__(strip)
        self.theme = DARK
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.theme.color("accent"))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))


class StripCanvas(QuietView):
    """The drawing surface of a strip; says where the cursor is."""

    cursor_moved = Signal(object)
    """QPointF, or None when the cursor has left."""

    def __init__(self) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        # All cells change in every frame; and tracking them one by one leaves traces where they are laid out anew.
        self.setViewportUpdateMode(self.ViewportUpdateMode.FullViewportUpdate)

    def mouseMoveEvent(self, ev: QMouseEvent) -> None:
        """Report the position."""
        self.cursor_moved.emit(QPointF(ev.position()))

    def leaveEvent(self, ev) -> None:
        """The cursor is nowhere."""
        super().leaveEvent(ev)
        self.cursor_moved.emit(None)
