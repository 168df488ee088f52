"""The slim bar above the canvas that says what a lesson is about, and leads out of it."""

from __future__ import annotations

import qtawesome
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QSizePolicy

from playground.document.lesson import Lesson
from playground.ui.controls import PushButton, ToolButton, identify
from playground.ui.fonts import strong_font
from playground.ui.theme import DARK, SPACING_PX, Theme

UNNAMED = "Lesson"
WITHOUT_TEXT = "Some controls are hidden."
_ICON_PX = 18
_SCROLL_BAR_PX = 10
_LINES = 8
"""Of an opened text so many lines are seen at once; the rest is scrolled to."""


class LessonBanner(QFrame):
    """Shows title and text of a lesson: one line of it, or all."""

    left = Signal()
    """Enough of the lesson."""

    def __init__(self) -> None:
        super().__init__()
        identify(self, "lesson-banner", "Lesson")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._theme = DARK
        self._whole = ""
        self._icon, self._title, self._line, self._text = QLabel(), QLabel(), QLabel(), QLabel()
        for label, name in ((self._title, "lesson-title"), (self._line, "lesson-line"), (self._text, "lesson-text")):
            label.setObjectName(name)
            label.setTextFormat(Qt.TextFormat.PlainText)
        self._title.setFont(strong_font())
        self._line.setProperty("muted", True)
        self._line.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._text.setWordWrap(True)
        self._text.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._scroll = QScrollArea()
        self._scroll.setObjectName("lesson-scroll")
        self._scroll.setAccessibleName("Text of the lesson")
        self._scroll.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._scroll.setWidgetResizable(True)
        self._scroll.setWidget(self._text)
        self._more = ToolButton()
        self._more.setCheckable(True)
        self._more.setFixedSize(26, 26)
        identify(self._more, "lesson-more", "Read all of the text")
        self._more.toggled.connect(self._open)
        self._leave = PushButton("Leave the lesson")
        self._leave.setToolTip("Show everything again")
        identify(self._leave, "leave-lesson", "Leave the lesson")
        self._leave.clicked.connect(self.left)
        self._grid = self._arrange()
        self.hide()

    def _arrange(self) -> QGridLayout:
        grid = QGridLayout(self)
        grid.setContentsMargins(SPACING_PX * 3 // 2, SPACING_PX * 3 // 4, SPACING_PX, SPACING_PX * 3 // 4)
        grid.setHorizontalSpacing(SPACING_PX)
        grid.setVerticalSpacing(SPACING_PX // 2)
        for column, widget in enumerate((self._icon, self._title, self._line, self._more, self._leave)):
            grid.addWidget(widget, 0, column)
        grid.setColumnStretch(2, 1)
        grid.addWidget(self._scroll, 1, 1, 1, 4)
        self._scroll.hide()
        return grid

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        self._theme = theme
        icon = qtawesome.icon("mdi6.school-outline", color=theme.accent)
        self._icon.setPixmap(icon.pixmap(QSize(_ICON_PX, _ICON_PX)))
        self._show_arrow()

    def show_lesson(self, lesson: Lesson | None) -> None:
        """Show this lesson, or (None) nothing."""
        self.setVisible(lesson is not None)
        if lesson is None:
            self._more.setChecked(False)
            return
        changed = (lesson.title.strip() or UNNAMED, lesson.text.strip()) != (self._title.text(), self._text.text())
        self._title.setText(lesson.title.strip() or UNNAMED)
        self._text.setText(lesson.text.strip())
        self._whole = " ".join(lesson.text.split()) or (WITHOUT_TEXT if lesson.hidden else "")
        self.setAccessibleName(". ".join(filter(None, (f"Lesson: {self._title.text()}", self._whole))))
        self._fit()
        if changed:
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shorten the line to what fits."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Shorten the line to what fits, and offer the rest where there is any."""
        opened, button_px = self._more.isChecked(), self._more.width() + self._grid.horizontalSpacing()
        free_px = self._line.width() + (0 if self._more.isHidden() else button_px)
        metrics = self._line.fontMetrics()
        longer = "\n" in self._text.text() or metrics.horizontalAdvance(self._whole) > free_px
        self._more.setVisible(bool(self._text.text()) and (longer or opened))
        self._grid.activate()
        shown = metrics.elidedText(self._whole, Qt.TextElideMode.ElideRight, self._line.width())
        self._line.setText("" if opened else shown)
        edges = self._grid.contentsMargins()
        width_px = self.width() - edges.left() - edges.right() - _ICON_PX - SPACING_PX - _SCROLL_BAR_PX
        room_px = self._text.heightForWidth(max(1, width_px)) + 4
        self._scroll.setFixedHeight(min(room_px, _LINES * self._text.fontMetrics().lineSpacing()))

    def _open(self, opened: bool) -> None:
        self._scroll.setVisible(opened)
        self._more.setAccessibleName("Show one line of the text" if opened else "Read all of the text")
        self._show_arrow()
        self._fit()

    def _show_arrow(self) -> None:
        name = "mdi6.chevron-up" if self._more.isChecked() else "mdi6.chevron-down"
        self._more.setIcon(qtawesome.icon(name, color=self._theme.muted, color_active=self._theme.text))
        self._more.setToolTip(self._more.accessibleName())
