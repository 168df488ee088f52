"""The row above a neuron: which one it is, the way to its neighbours and its layer, and what can be done to it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from playground.ui.controls import PushButton, identify, on_switched, show_switch
from playground.ui.fonts import strong_font
from playground.ui.theme import SPACING_PX


def quiet_button(text: str, name: str, spoken: str, tip: str) -> PushButton:
    """A button without a frame."""
    button = PushButton(text)
    button.setProperty("quiet", True)
    identify(button, name, spoken)
    button.setToolTip(tip)
    return button


class NeuronHead(QWidget):
    """Emits what the user wants; shows what it is told."""

    stepped = Signal(int)
    """To the neuron before (-1) or behind (+1)."""
    layer_wanted = Signal()
    freeze_wanted = Signal(bool)
    silence_wanted = Signal(bool)
    redraw_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._title = QLabel()
        self._title.setFont(strong_font())
        self._title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.before = quiet_button("‹", "inspector-before", "Neuron before", "The neuron before, in the same layer")
        self.behind = quiet_button("›", "inspector-behind", "Next neuron", "The next neuron of the same layer")
        self.layer = quiet_button("Layer", "inspector-layer", "Settings of the layer", "The settings of its layer")
        self.freeze = _toggle("Freeze", "inspector-freeze")
        self.silence = _toggle("Silence", "inspector-silence")
        self.redraw = PushButton("Re-draw")
        self.redraw.setProperty("segment", True)
        identify(self.redraw, "inspector-redraw", "Re-draw weights")
        self.redraw.setToolTip("Draw its incoming weights and its bias anew, by the initializer of its layer")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACING_PX // 2)
        for part in (self.before, self.behind, self._title, self.layer, self.freeze, self.silence, self.redraw):
            row.addWidget(part, int(part is self._title))
        for button, width in ((self.freeze, 64), (self.silence, 64), (self.redraw, 68)):
            button.setFixedWidth(width)
        for button in (self.before, self.behind):
            button.setFixedWidth(22)
        self.before.clicked.connect(lambda: self.stepped.emit(-1))
        self.behind.clicked.connect(lambda: self.stepped.emit(+1))
        self.layer.clicked.connect(self.layer_wanted)
        on_switched(self.freeze, self.freeze_wanted.emit)
        on_switched(self.silence, self.silence_wanted.emit)
        self.redraw.clicked.connect(self.redraw_wanted)

    @property
    def title(self) -> str:
        """What stands in it."""
        return self._title.text()

    def show_unit(self, title: str, several: bool, has_layer: bool) -> None:
        """Show which neuron it is, whether there are others beside it, and whether it is in a layer."""
        title = f"{title[:1].upper()}{title[1:]}"
        self._title.setText(title)
        self._title.setToolTip(title)
        for button in (self.before, self.behind):
            button.setVisible(several)
        self.layer.setVisible(has_layer)

    def show_states(self, has_weights: bool, frozen: bool, layer_frozen: bool, silent: bool | None) -> None:
        """Show what was done to it; `silent` is None for a neuron that cannot be silenced."""
        for button in (self.freeze, self.redraw):
            button.setVisible(has_weights)
        show_switch(self.freeze, frozen or layer_frozen)
        self.freeze.setText("Frozen" if frozen or layer_frozen else "Freeze")
        self.freeze.setEnabled(not layer_frozen)
        self.freeze.setAccessibleName("Freeze neuron")
        self.freeze.setToolTip(
            "All of its layer is frozen: see the layer"
            if layer_frozen
            else "Let training leave its incoming weights and its bias as they are"
        )
        self.silence.setVisible(silent is not None)
        show_switch(self.silence, bool(silent))
        self.silence.setText("Silent" if silent else "Silence")
        self.silence.setAccessibleName("Silence neuron")
        self.silence.setToolTip("Let it give 0 whatever arrives: what can the others do without it?")


def _toggle(text: str, name: str) -> PushButton:
    button = PushButton(text)
    button.setCheckable(True)
    for mark in ("toggle", "segment"):
        button.setProperty(mark, True)
    identify(button, name, text)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
