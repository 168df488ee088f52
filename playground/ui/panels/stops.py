"""The conditions on which playing pauses by itself, one row or group of rows each."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

import nncore as nn
from playground.ui.controls import CheckBox, explanation, identify, on_switched, show_switch
from playground.ui.options import OptionFields
from playground.ui.theme import SPACING_PX


class StopRow(QWidget):
    """A condition that can be switched on, with its settings: in the same row, if there is only one.

    What is set while the condition is off is kept here until it is switched on: the document knows only those that are.
    """

    edited = Signal(str, bool)
    """(text, on): the condition with its settings, "loss_below(value=0.01)", and whether it is to be watched."""
    message = Signal(str)

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        kind = nn.StopCondition.named(name)
        single = len(kind.options) == 1
        label = next(iter(kind.options.values())).label if single else kind.label
        spoken = f"{label[0].upper()}{label[1:]}"
        shown = name.replace("_", "-")
        self.switch = CheckBox(spoken)
        identify(self.switch, f"stop-{shown}", f"Stop: {spoken}")
        self.switch.setToolTip(explanation(kind))
        on_switched(self.switch, lambda on: self.edited.emit(self.options.text, on))
        self.options = OptionFields(nn.StopCondition, f"stop-{shown}", labelled=not single)
        self.options.stand_behind(self.switch)
        self.options.edited.connect(self._edit)
        self.options.message.connect(self.message)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(SPACING_PX // 4)
        grid.addWidget(self.switch, 0, 0)
        grid.addWidget(self.options, *((0, 1) if single else (1, 0)))
        grid.setColumnStretch(0, 1)
        self.options.show_part(name)

    def show_conditions(self, conditions: tuple[str, ...]) -> None:
        """Show whether this one is among those that are watched, and with which settings."""
        own = [text for text in conditions if nn.StopCondition.named(text).name == self._name]
        show_switch(self.switch, bool(own))
        for text in own:
            self.options.show_part(text)

    def _edit(self, text: str) -> None:
        self.options.show_part(text)
        if self.switch.isChecked():
            self.edited.emit(text, True)
