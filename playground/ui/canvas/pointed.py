"""A widget that leaves to its pointer whatever the mouse, the wheel and a trackpad do over it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from playground.ui.canvas.pointer import Pointer


class PointedWidget(QWidget):
    """Hands its events on to `pointer`."""

    pointer: Pointer

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.pointer.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.pointer.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.pointer.release(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.pointer.wheel(event)

    def leaveEvent(self, event: QEvent) -> None:
        self.pointer.hover(None)

    def event(self, event: QEvent) -> bool:
        """Take the gestures of a trackpad too, for which Qt has no handler of its own."""
        if isinstance(event, QNativeGestureEvent) and self.pointer.pinch(event):
            return True
        return super().event(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self.pointer.drag_in(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self.pointer.drag_on(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.pointer.cancel()

    def dropEvent(self, event: QDropEvent) -> None:
        if self.pointer.drop(event):
            self.setFocus(Qt.FocusReason.OtherFocusReason)
