"""The command palette: type a few letters of anything that can be done, and do it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFrame,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from playground.ui.application import application
from playground.ui.commands.offer import Commands, commands_of
from playground.ui.controls import identify, is_enter
from playground.ui.dialogs.command_list import ROWS_SHOWN, FoundList
from playground.ui.theme import SPACING_PX, Theme

if TYPE_CHECKING:
    from playground.ui.main_window import MainWindow

_WIDTH_PX = 620
_TOP_PX = 56
_STEPS = {
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_PageDown: ROWS_SHOWN - 1,
    Qt.Key.Key_PageUp: 1 - ROWS_SHOWN,
}


class CommandPalette(QDialog):
    """Lies over the whole window, of which it shows a card at the top; a click beside that, or Escape, closes it.

    It is part of the window, not one of its own: so it has its place also where programs may not choose one.

    Parameters
    ----------
    commands
        What there is to find.
    theme
        Its colours.
    window
        What it lies over.
    """

    def __init__(self, commands: Commands, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self.setWindowFlags(Qt.WindowType.Widget)
        self._window = window
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        identify(self, "command-palette", "Find a command")
        self._commands = commands
        self._before = QApplication.focusWidget()
        self._line = QLineEdit()
        self._line.setPlaceholderText("Find a command or a setting: “dark”, “csv”, “adam”, “rate 0.1”")
        identify(self._line, "palette-line", "Find a command or a setting")
        self._line.setAccessibleDescription("Arrow keys choose one of the commands below, Enter runs it.")
        self._list = FoundList(theme)
        self._said = QLabel()
        self._said.setObjectName("palette-said")
        self._said.setProperty("muted", True)
        self._said.setWordWrap(True)
        self._arrange()
        self._line.installEventFilter(self)
        window.installEventFilter(self)
        self._line.textChanged.connect(self._find)
        self._list.clicked.connect(self._run)
        self._list.selectionModel().currentChanged.connect(self._explain)
        application().focusObjectChanged.connect(self._follow_focus)
        self._find("")

    def _arrange(self) -> None:
        self._card = card = QFrame(self)
        card.setObjectName("palette-card")
        card.setFixedWidth(_WIDTH_PX)
        column = QVBoxLayout(card)
        column.setContentsMargins(*(SPACING_PX,) * 4)
        column.setSpacing(SPACING_PX)
        for part in (self._line, self._list, self._said):
            column.addWidget(part)

    def show_over(self) -> None:
        """Appear, ready for typing."""
        self._cover()
        self.show()
        self.raise_()
        self._line.setFocus()

    def done(self, result: int) -> None:
        """Give the focus back to what had it, before anything is done with it."""
        before, self._before = self._before, None
        super().done(result)
        if before is not None and isValid(before) and before.isVisible():
            before.setFocus()

    # -- what is typed and clicked ----------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Go through the list with the keys of the line; follow the size of the window."""
        if event.type() == QEvent.Type.Resize and watched is self._window:
            self._cover()
        if watched is self._line and isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.ShortcutOverride and _is_find(event):
                return True  # not that of the line, which would cut its text off
            if event.type() == QEvent.Type.KeyPress:
                return self._take_key(event)
        return super().eventFilter(watched, event)

    def _take_key(self, event: QKeyEvent) -> bool:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is not None:
            self._list.move_by(step)
        elif is_enter(event):
            self._run()
        elif event.key() == Qt.Key.Key_Escape:
            self.reject()
        return step is not None or is_enter(event) or event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Tab)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click beside the card."""
        if not self._card.geometry().contains(event.position().toPoint()):
            self.reject()

    def _run(self) -> None:
        """Close, and do what is chosen, if that is possible."""
        found = self._list.current
        if found is not None and found.command.possible:
            self.accept()
            self._commands.run(found.command)

    # -- what is shown ----------------------------------------------------------------------------

    def _find(self, text: str) -> None:
        found = self._commands.find(text)
        self._list.show_found(found)
        self._list.setVisible(bool(found))
        self._explain()
        self._place()

    def _explain(self) -> None:
        """Say below the list what the chosen command does, or that there is none."""
        found = self._list.current if self._list.model().rowCount() else None
        said = "Nothing of that name." if found is None else found.command.tip.partition("\n")[0]
        self._said.setText(said)
        self._said.setVisible(bool(said))
        self._place()

    def _cover(self) -> None:
        """Lie over the whole window."""
        self.setGeometry(self._window.rect())
        self._place()

    def _place(self) -> None:
        self._card.adjustSize()
        self._card.move((self.width() - self._card.width()) // 2, min(_TOP_PX, max(0, self.height() // 12)))

    def _follow_focus(self, focused: QObject | None) -> None:
        """Close when something else takes the focus: another dialog, or a part of the window."""
        if isinstance(focused, QWidget) and self.isVisible() and not self.isAncestorOf(focused):
            self._before = None
            self.reject()


def open_palette(window: MainWindow) -> None:
    """Open the palette of a window, or close it if it is open."""
    present = window.findChild(CommandPalette)
    if present is not None and present.isVisible():
        present.reject()
    else:
        CommandPalette(commands_of(window), window.theme, window).show_over()


def _is_find(event: QKeyEvent) -> bool:
    """Whether this is the shortcut of the palette itself."""
    return QKeySequence(event.keyCombination()).toString() == "Ctrl+K"
