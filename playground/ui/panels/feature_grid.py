"""The input features that have a name, to choose from: a switch for each."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

import nncore as nn
from playground.ui.controls import PushButton, identify, on_switched, show_switch
from playground.ui.fonts import strong_font
from playground.ui.theme import SPACING_PX

_COLUMNS = 5
_GAP_PX = SPACING_PX // 2


class FeatureGrid(QWidget):
    """Rows of switches."""

    toggled = Signal(str)
    """A feature, by name, is to be switched on or off."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("features")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(_GAP_PX)
        for column in range(_COLUMNS):
            grid.setColumnStretch(column, 1)
        self.switches = {name: self._switch(name) for name in nn.Feature.names()}
        for index, switch in enumerate(self.switches.values()):
            grid.addWidget(switch, *divmod(index, _COLUMNS))

    def show_features(self, features: Sequence[str], possible: bool) -> None:
        """Show these as switched on, or (not `possible`) that nothing can be chosen here."""
        for name, switch in self.switches.items():
            show_switch(switch, possible and name in features)
        self.setEnabled(possible)

    def _switch(self, name: str) -> PushButton:
        label = nn.Feature.named(name).label
        switch = PushButton(label)
        switch.setProperty("toggle", True)
        switch.setCheckable(True)
        font = strong_font()
        font.setPixelSize(11)  # five of them stand side by side in a narrow column
        switch.setFont(font)
        switch.setMinimumWidth(34)
        switch.setToolTip(f"Give the network {label} as an input")
        identify(switch, f"feature-{name.replace('_', '-')}", f"Input feature {label}")
        on_switched(switch, lambda _on: self.toggled.emit(name))
        return switch
