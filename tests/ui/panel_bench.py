"""What the tests of the panels share: finding a control, and using it as a person does."""

from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from playground.ui.theme import DARK, apply_theme

Control = TypeVar("Control", bound=QWidget)


def show_panel(qtbot, qapp, panel: QWidget, theme=DARK, width: int = 216) -> QWidget:
    apply_theme(qapp, theme)
    qtbot.addWidget(panel)
    panel.resize(width, panel.sizeHint().height())
    panel.show()
    return panel


def find(panel: QWidget, kind: type[Control], name: str) -> Control:
    control = panel.findChild(kind, name)
    assert control is not None, f"no {name} in {panel}"
    return control


def type_into(qtbot, line: QLineEdit, text: str) -> None:
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, text)
    qtbot.keyClick(line, Qt.Key.Key_Return)


def choose(box: QComboBox, name: str) -> None:
    """What Qt does when a user picks an entry."""
    box.setCurrentIndex(box.findData(name))
    box.activated.emit(box.currentIndex())
