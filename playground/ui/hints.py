"""A slim bar with what is likely to go wrong in the present experiment, and the way out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import qtawesome
from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel

from playground.document.advice import Advice, advice
from playground.document.document import Document
from playground.document.spec import Spec
from playground.ui.controls import ToolButton, identify
from playground.ui.editing import EditingWidget
from playground.ui.theme import DARK, SPACING_PX, Theme

QUIET_MS = 400
"""So long nothing must have been edited: while a slider is dragged, no hint comes and goes."""
_LAMP_PX = 16
_BUTTON_PX = 22


class HintBar(EditingWidget):
    """Shows one hint at a time, and is hidden where there is none.

    A hint that was dismissed comes back only after it has ceased to be true in between.

    Parameters
    ----------
    document
        What the hints are about.
    advise
        What there is to say about a spec, the most important first.
    """

    def __init__(self, document: Document, advise: Callable[[Spec], Sequence[Advice]] = advice) -> None:
        super().__init__()
        self._advise = advise
        self._theme = DARK
        self._found: list[Advice] = []
        self._dismissed: set[str] = set()
        self._at = 0
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        identify(self, "hint-bar", "Hint")
        self._lamp, self._text = QLabel(), QLabel()
        self._text.setObjectName("hint-text")
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setWordWrap(True)
        self._next = _button("hint-next", "Next hint", self._step)
        self._next.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._next.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the arrow stands behind the text
        self._close = _button("hint-dismiss", "Dismiss this hint", self._dismiss)
        self._close.setToolTip("Dismiss this hint until it comes up anew")
        self._close.setFixedWidth(_BUTTON_PX)
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(SPACING_PX * 3 // 2, SPACING_PX // 2, SPACING_PX, SPACING_PX // 2)
        row.setSpacing(SPACING_PX)
        row.addWidget(self._lamp)
        row.addWidget(self._text, 1)
        row.addWidget(self._next)
        row.addWidget(self._close)
        self._quiet = QTimer(self)
        self._quiet.setSingleShot(True)
        self._quiet.setInterval(QUIET_MS)
        self._quiet.timeout.connect(self.look)
        self.hide()
        self.bind(document)
        self.look()

    @property
    def hints(self) -> list[Advice]:
        """What there is to say and was not dismissed."""
        return [each for each in self._found if each.name not in self._dismissed]

    def set_theme(self, theme: Theme) -> None:
        """Draw the icons in these colours."""
        self._theme = theme
        lamp = qtawesome.icon("mdi6.lightbulb-on-outline", color=theme.accent)
        self._lamp.setPixmap(lamp.pixmap(QSize(_LAMP_PX, _LAMP_PX)))
        self._next.setIcon(qtawesome.icon("mdi6.chevron-right", color=theme.muted, color_active=theme.text))
        self._close.setIcon(qtawesome.icon("mdi6.close", color=theme.muted, color_active=theme.text))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Be as high as the text needs at this width."""
        super().resizeEvent(event)
        self._fit_height()

    def follow(self, spec: Spec) -> None:
        """Look at the spec when editing has paused."""
        self._quiet.start()

    def look(self) -> None:
        """Find out what there is to say now."""
        self._quiet.stop()
        if self._document is None:
            return
        shown = self.hints[self._at].name if self.hints else ""
        self._found = list(self._advise(self._document.spec))
        self._dismissed &= {each.name for each in self._found}
        names = [each.name for each in self.hints]
        self._at = names.index(shown) if shown in names else 0
        self._show()

    def _step(self) -> None:
        self._at = (self._at + 1) % len(self.hints)
        self._show()

    def _dismiss(self) -> None:
        self._dismissed.add(self.hints[self._at].name)
        self._at = 0
        self._show()

    def _show(self) -> None:
        hints = self.hints
        if not hints:
            self._text.clear()
            self.hide()
            return
        text = hints[self._at].text
        if text == self._text.text() and not self.isHidden():
            self._count(len(hints))
            return
        self._text.setText(text)
        self._count(len(hints))
        self.setAccessibleName(f"Hint: {text}")
        self.show()
        self._fit_height()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def _fit_height(self) -> None:
        # A size policy would not do: Qt bounds it by the height that the text has at some other width.
        self.setFixedHeight(max(self._row.totalHeightForWidth(self.width()), self._row.minimumSize().height()))
        self._row.setGeometry(self.rect())  # Qt lays nothing out for a size that changes while it is being changed

    def _count(self, count: int) -> None:
        """Say which of how many this is."""
        self._next.setVisible(count > 1)
        self._next.setText(f"{self._at + 1} of {count}")
        self._next.setToolTip(f"Next hint: this is {self._at + 1} of {count}")


def _button(name: str, spoken: str, run: Callable[[], None]) -> ToolButton:
    button = ToolButton()
    button.setFixedHeight(_BUTTON_PX)
    button.setIconSize(QSize(14, 14))
    identify(button, name, spoken)
    button.setToolTip(spoken)
    button.clicked.connect(run)
    return button
