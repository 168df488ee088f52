"""The panel in which one chooses what the network is given of a point."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QSizePolicy

import nncore as nn
from playground.document import edits
from playground.document.document import Document
from playground.document.spec import Spec
from playground.ui.controls import PushButton, identify
from playground.ui.editing import EditingWidget
from playground.ui.fonts import strong_font
from playground.ui.names import inputs_text
from playground.ui.theme import SPACING_PX

_COLUMNS = 4


class FeaturesPanel(EditingWidget):
    """One switch per input feature; at least one stays on."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(SPACING_PX - 2)
        self._buttons = {name: self._button(name) for name in nn.Feature.names()}
        for index, button in enumerate(self._buttons.values()):
            grid.addWidget(button, index // _COLUMNS, index % _COLUMNS)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        grid.setRowStretch(grid.rowCount(), 1)
        self.bind(document)

    def follow(self, spec: Spec) -> None:
        """Show the features of this spec."""
        for name, button in self._buttons.items():
            button.setChecked(spec.is_plane and name in spec.features)
            button.setEnabled(spec.is_plane)
        self.setToolTip("" if spec.is_plane else f"{spec.dataset.label} brings {inputs_text(spec)} of its own")

    def _button(self, name: str) -> PushButton:
        label = nn.Feature.named(name).label
        button = PushButton(label)
        button.setProperty("toggle", True)
        button.setCheckable(True)
        button.setFont(strong_font())
        button.setMinimumWidth(40)
        button.setToolTip(f"Give the network {label} as an input")
        identify(button, f"feature-{name.replace('_', '-')}", f"Input feature {label}")
        button.clicked.connect(lambda: self.apply(edits.toggle_feature(name)))
        return button
