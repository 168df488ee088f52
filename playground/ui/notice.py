"""A short message at the bottom of the window that goes away by itself."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QEvent, QObject, QPropertyAnimation, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QGraphicsOpacityEffect, QHBoxLayout, QLabel, QWidget

SHOWN_MS = 5000
FADE_MS = 250
_FROM_BOTTOM_PX = 48
_MAX_WIDTH_PX = 560


class Notice(QFrame):
    """Floats over `parent` at the bottom centre, never takes the focus, and goes at a click or after five seconds."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._window = parent
        self.setObjectName("notice")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._label = QLabel()
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 10, 16, 10)
        row.addWidget(self._label)
        opacity = QGraphicsOpacityEffect(self)
        opacity.setOpacity(1.0)
        self.setGraphicsEffect(opacity)
        self._fade = QPropertyAnimation(opacity, b"opacity", self)
        self._fade.setDuration(FADE_MS)
        self._fade.finished.connect(self._faded)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SHOWN_MS)
        self._timer.timeout.connect(lambda: self._fade_to(0.0))
        parent.installEventFilter(self)
        self.hide()

    @property
    def text(self) -> str:
        """What was said last."""
        return self._label.text()

    def show_message(self, text: str, kind: Literal["info", "error"] = "info") -> None:
        """Say something; a message that is still there gives way."""
        self.setProperty("kind", kind)
        for widget in (self, self._label):
            widget.style().polish(widget)
        self._label.setText(text)
        self._label.setWordWrap(False)
        if self.sizeHint().width() > _MAX_WIDTH_PX:
            self._label.setWordWrap(True)
        self._place()
        self.show()
        self.raise_()
        self._fade_to(1.0)
        self._timer.start()
        self.setAccessibleName(text)
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def show_error(self, text: str) -> None:
        """Say what went wrong."""
        self.show_message(text, "error")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in place while the window changes its size."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go away."""
        self._timer.stop()
        self._fade_to(0.0)

    def _place(self) -> None:
        parent = self._window
        width_px = min(self.sizeHint().width(), _MAX_WIDTH_PX, parent.width() - 32)
        height_px = self.heightForWidth(width_px) if self._label.wordWrap() else self.sizeHint().height()
        self.setGeometry(
            (parent.width() - width_px) // 2, parent.height() - height_px - _FROM_BOTTOM_PX, width_px, height_px
        )

    def _fade_to(self, opacity: float) -> None:
        self._fade.stop()
        self._fade.setEndValue(opacity)
        self._fade.start()

    def _faded(self) -> None:
        if self._fade.endValue() == 0.0:
            self.hide()
