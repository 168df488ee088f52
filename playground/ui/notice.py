"""A short message at the bottom of the window that goes away by itself."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal, NamedTuple

from PySide6.QtCore import QEvent, QObject, QPropertyAnimation, QRect, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleEvent, QAction, QMouseEvent
from PySide6.QtWidgets import QFrame, QGraphicsOpacityEffect, QHBoxLayout, QLabel, QWidget

from playground.ui.controls import PushButton, identify, tip

SHOWN_MS = 5000
FADE_MS = 250
_FROM_BOTTOM_PX = 34
"""Above the status bar."""
_MAX_TEXT_PX = 480

Kind = Literal["info", "error"]


class Message(NamedTuple):
    """What a notice says."""

    text: str
    kind: Kind
    actions: tuple[QAction, ...]
    """What helps, a button each."""


class Notice(QFrame):
    """Floats over `parent` at the bottom centre, never takes the focus, and goes at a click or after five seconds.

    A sticky message stays until `release` or a click; another one stands before it for its own five seconds, or until
    `withdraw`.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._window = parent
        self._sticky: Message | None = None
        self._buttons: list[PushButton] = []
        self.setObjectName("notice")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._label = QLabel()
        self._label.setObjectName("notice-text")
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._stripe = QFrame()
        self._stripe.setObjectName("notice-stripe")
        self._stripe.setFixedWidth(3)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(10, 10, 16, 10)
        self._row.setSpacing(10)
        self._row.addWidget(self._stripe)
        self._row.addWidget(self._label)
        opacity = QGraphicsOpacityEffect(self)
        opacity.setOpacity(1.0)
        self.setGraphicsEffect(opacity)
        self._fade = QPropertyAnimation(opacity, b"opacity", self)
        self._fade.setDuration(FADE_MS)
        self._fade.finished.connect(self._faded)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SHOWN_MS)
        self._timer.timeout.connect(self._end)
        parent.installEventFilter(self)
        self.hide()

    @property
    def text(self) -> str:
        """What was said last."""
        return self._label.text()

    @property
    def kind(self) -> str:
        """What kind of message that was."""
        return self.property("kind")

    def show_message(
        self, text: str, kind: Kind = "info", sticky: bool = False, action: QAction | Sequence[QAction] | None = None
    ) -> None:
        """Say something, with a button for each action that helps; a message that is still there gives way."""
        actions = () if action is None else (action,) if isinstance(action, QAction) else tuple(action)
        message = Message(text, kind, actions)
        if sticky:
            self._sticky = message
        self._say(message)

    def show_error(self, text: str) -> None:
        """Say what went wrong."""
        self.show_message(text, "error")

    def release(self) -> None:
        """Let a sticky message go: it is no longer true."""
        sticky, self._sticky = self._sticky, None
        if sticky is not None and sticky.text == self.text:
            self._end()

    def withdraw(self) -> None:
        """Let a message go that is not sticky: it is about something that has passed."""
        if self._timer.isActive():
            self._end()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in place while the window changes its size."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go away."""
        self.dismiss()

    def dismiss(self) -> None:
        """Go away; a sticky message for good."""
        if self._sticky is not None and self._sticky.text == self.text:
            self._sticky = None
        self._end()

    def _say(self, message: Message) -> None:
        self.setProperty("kind", message.kind)
        self._show_actions(message.actions)
        for widget in (self, self._stripe, self._label):
            widget.style().polish(widget)
        self._label.setText(message.text)
        self._place()
        self.show()
        self.raise_()
        self._fade_to(1.0)
        self._timer.stop()
        if message != self._sticky:
            self._timer.start()
        self.setAccessibleName(message.text)
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def _show_actions(self, actions: tuple[QAction, ...]) -> None:
        """Offer these, without those that a lesson hides."""
        for old in self._buttons:
            self._row.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._buttons = [self._button(action) for action in actions if action.isVisible()]

    def _button(self, action: QAction) -> PushButton:
        """A button that does what an action does."""
        button, name = PushButton(parent=self), action.text().replace("&", "")
        button.setText(name)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setToolTip(tip(name, action))
        identify(button, action.objectName().replace("action-", "notice-"), name)
        button.clicked.connect(action.trigger)
        self._row.addWidget(button)
        button.show()
        return button

    def _end(self) -> None:
        """The time is over: what is sticky comes back."""
        self._timer.stop()
        if self._sticky is not None:
            self._say(self._sticky)
        else:
            self._fade_to(0.0)

    def _place(self) -> None:
        window = self._window
        row = self.contentsMargins() + self._row.contentsMargins()
        chrome_px = row.left() + self._stripe.width() + self._row.spacing() + row.right()
        chrome_px += sum(self._row.spacing() + button.sizeHint().width() for button in self._buttons)
        text_px = self._text_px(min(_MAX_TEXT_PX, window.width() - 32 - chrome_px))
        self._label.setFixedWidth(text_px)
        width_px = text_px + chrome_px
        height_px = self.heightForWidth(width_px) if self._label.wordWrap() else self.sizeHint().height()
        self.setGeometry(
            (window.width() - width_px) // 2, window.height() - height_px - _FROM_BOTTOM_PX, width_px, height_px
        )

    def _text_px(self, most_px: int) -> int:
        """How wide the text is to be: in one line, or in lines of about the same length."""
        whole_px = math.ceil(self._label.fontMetrics().horizontalAdvance(self.text)) + 2
        self._label.setWordWrap(whole_px > most_px)
        if whole_px <= most_px:
            return whole_px
        lowest_px = self._height_px(most_px)
        width_px = whole_px * self._label.fontMetrics().lineSpacing() // lowest_px
        while width_px < most_px and self._height_px(width_px) > lowest_px:
            width_px += 8
        return min(width_px, most_px)

    def _height_px(self, width_px: int) -> int:
        """How high the text is in lines of this width."""
        room = QRect(0, 0, width_px - 2, 10_000)
        return self._label.fontMetrics().boundingRect(room, Qt.TextFlag.TextWordWrap, self.text).height()

    def _fade_to(self, opacity: float) -> None:
        self._fade.stop()
        self._fade.setEndValue(opacity)
        self._fade.start()

    def _faded(self) -> None:
        if self._fade.endValue() == 0.0:
            self.hide()
