"""Numbers that can be typed: a line of text that takes any number in range, and then gives the keyboard back."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QPaintEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from playground.ui.controls import ComboBox, is_enter
from playground.ui.quantity import Quantity
from playground.ui.text import sentence


class NumberEntry(QObject):
    """What happens to the keys while a number is typed into a line.

    Enter takes the number over and Escape takes it back; both give the focus to the window, which passes it on to
    where its keys belong. Until something has been typed, the window's shortcuts go before the line. Whoever clicks
    into the line selects the number, to type over it; a second click puts the cursor somewhere in it.

    Parameters
    ----------
    quantity
        Which numbers are possible.
    line
        Where they are typed.
    owner
        What has the focus meanwhile: the line, or the combo box around it.
    """

    entered = Signal(float)
    rejected = Signal(str)
    """What was typed is no possible number; the sentence says which are."""

    def __init__(self, quantity: Quantity, line: QLineEdit, owner: QWidget) -> None:
        super().__init__(owner)
        self._quantity, self._line, self._owner = quantity, line, owner
        self._shown = ""
        self._just_clicked_into = False
        line.editingFinished.connect(self.read)
        for watched in {owner, line}:
            watched.installEventFilter(self)

    def show_value(self, value: float, part: float | None = None) -> str:
        """Show this number, or which part of it counts ("2 of 4"), and return how it is written."""
        self._shown = self._quantity.show(value)
        if part is not None and part != value:
            self._shown = f"{self._quantity.show(part)} of {self._shown}"
        self._line.setText(self._shown)
        return self._shown

    def read(self) -> None:
        """Take over what was typed, or say what is possible instead."""
        if self._line.text() == self._shown:
            return
        try:
            value = self._quantity.read(self._line.text())
        except ValueError as error:
            self._line.setText(self._shown)
            self.rejected.emit(sentence(str(error)))
        else:
            # What is shown is what the document says: it answers with `show_value`, unless nothing has changed.
            self._line.setText(self._shown)
            self.entered.emit(value)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look at the keys before the line does, and at the click that brings the focus."""
        if isinstance(event, QFocusEvent):
            clicked = event.gotFocus() and event.reason() == Qt.FocusReason.MouseFocusReason
            self._just_clicked_into = clicked
        elif event.type() == QEvent.Type.MouseButtonRelease and watched is self._line:
            if self._just_clicked_into and not self._line.hasSelectedText():
                self._line.selectAll()
            self._just_clicked_into = False
        if watched is not self._owner or not isinstance(event, QKeyEvent):
            return False
        if event.type() == QEvent.Type.ShortcutOverride and self._line.text() == self._shown and _is_shortcut(event):
            event.ignore()
            return True
        if event.type() != QEvent.Type.KeyPress or not (is_enter(event) or event.key() == Qt.Key.Key_Escape):
            return False
        if is_enter(event):
            self.read()
        else:
            self._line.setText(self._shown)
        self._owner.window().setFocus(Qt.FocusReason.OtherFocusReason)
        return True


def _is_shortcut(event: QKeyEvent) -> bool:
    """Whether a key means more to a window than to a number."""
    if event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo):
        return True
    return event.key() == Qt.Key.Key_Space or Qt.Key.Key_A <= event.key() <= Qt.Key.Key_Z


class _Line(QLineEdit):
    """Leaves its text to the combo box around it, unless one is typing: that shortens what does not fit."""

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.hasFocus():
            super().paintEvent(event)


class NumberChoice(ComboBox):
    """An editable combo box over the stops of a quantity; any number in range can be typed."""

    entered = Signal(float)
    rejected = Signal(str)

    def __init__(self, quantity: Quantity, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        line = _Line(self)
        self.setLineEdit(line)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setCompleter(None)  # type: ignore[arg-type]  # None is documented: no completion of "0.0" to "0.00001"
        for stop in quantity.stops:
            self.addItem(quantity.show(stop), stop)
        self.activated.connect(lambda index: self.entered.emit(self.itemData(index)))
        line.setTextMargins(-2, 0, 0, 1)  # in line with combo boxes that cannot be typed into
        self._line = line
        self._entry = NumberEntry(quantity, line, self)
        self._entry.entered.connect(self.entered)
        self._entry.rejected.connect(self.rejected)

    def show_value(self, value: float) -> None:
        """Show this number."""
        with QSignalBlocker(self):
            shown = self._entry.show_value(value)
            self.setCurrentIndex(self.findText(shown))
            self.setEditText(shown)
        self._line.setCursorPosition(0)


class NumberField(QLineEdit):
    """A number that looks like text until it is touched, and can then be typed over."""

    entered = Signal(float)
    rejected = Signal(str)

    def __init__(self, quantity: Quantity, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("bare", True)
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setTextMargins(0, 0, -3, 0)  # in line with the end of the slider below
        self._entry = NumberEntry(quantity, self, self)
        self._entry.entered.connect(self.entered)
        self._entry.rejected.connect(self.rejected)

    def show_value(self, value: float, part: float | None = None) -> None:
        """Show this number, or which part of it counts: "2 of 4"."""
        self._entry.show_value(value, part)
