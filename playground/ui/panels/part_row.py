"""A part that is chosen by name as rows of a panel: what it is, and below that its settings."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from nncore.registry import Registered
from playground.ui.controls import Choice, explanation, identify
from playground.ui.fonts import caption_font
from playground.ui.options import OptionFields
from playground.ui.theme import SPACING_PX

LABEL_PX = 84
"""Width of what stands left of a control: of "Regularization"."""


class PartRow(QWidget):
    """A choice from a family, and the options of what is chosen.

    Parameters
    ----------
    family
        What there is to choose from.
    name, label
        Of the choice, for tests and for people.
    tip
        What is chosen here, for a tooltip; what the chosen one does is added.
    skip
        Options that have their own place elsewhere.
    """

    edited = Signal(str, object)
    """(text, gesture): the part the user wants, "step(gamma=0.7)", and what marks edits that belong together."""
    message = Signal(str)

    def __init__(self, family: type[Registered], name: str, label: str, tip: str, skip: tuple[str, ...] = ()) -> None:
        super().__init__()
        self._family, self._tip = family, tip
        self.choice = Choice(family)
        identify(self.choice, name, label)
        self.choice.chosen.connect(lambda chosen: self.edited.emit(chosen, None))
        self.options = OptionFields(family, name, skip)
        self.options.stand_behind(self.choice)
        self.options.edited.connect(self.edited)
        self.options.message.connect(self.message)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(SPACING_PX)
        grid.setVerticalSpacing(SPACING_PX // 2)
        grid.addLayout(labelled(label, self.choice), 0, 0)
        grid.addWidget(self.options, 1, 0)

    def show_part(self, text: str) -> None:
        """Show this one as chosen, with its settings."""
        self.choice.show_choice(text)
        self.choice.setToolTip(f"{self._tip}\n{explanation(self._family.named(text))}")
        self.options.show_part(text)


class PartSettings(QWidget):
    """The options of a part that is chosen elsewhere, under its name; hidden where it has none."""

    edited = Signal(str, object)
    """As of a `PartRow`."""
    message = Signal(str)

    def __init__(self, family: type[Registered], name: str, label: str, tip: str, skip: tuple[str, ...] = ()) -> None:
        super().__init__()
        self._family, self._label = family, label
        self._caption = caption(label)
        self._caption.setToolTip(tip)
        self.options = OptionFields(family, name, skip)
        self.options.edited.connect(self.edited)
        self.options.message.connect(self.message)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, SPACING_PX // 2, 0, 0)
        column.setSpacing(SPACING_PX // 2)
        column.addWidget(self._caption)
        column.addWidget(self.options)

    def show_part(self, text: str) -> None:
        """Show the settings of this one."""
        self.options.show_part(text)
        self._caption.setText(f"{self._label} · {self._family.named(text).label}")
        self.setVisible(bool(self.options.fields))


def labelled(text: str, control: QWidget) -> QHBoxLayout:
    """A control behind its label."""
    label = QLabel(text)
    label.setBuddy(control)
    label.setFixedWidth(LABEL_PX)
    row = QHBoxLayout()
    row.setSpacing(SPACING_PX // 2)
    row.addWidget(label)
    row.addWidget(control, 1)
    return row


def caption(text: str) -> QLabel:
    """The small heading of a group of rows."""
    label = QLabel(text)
    label.setProperty("muted", True)
    label.setFont(caption_font())
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label
