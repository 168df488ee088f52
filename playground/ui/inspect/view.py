"""The tab that shows the neuron that was clicked, or the selected layer."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLabel, QStackedWidget, QVBoxLayout, QWidget

from playground.document.document import Document
from playground.document.spec import OUTPUT_ID, Spec
from playground.engine.mirror import Mirror, folds_inputs
from playground.ui.canvas.geometry import INPUT_ID
from playground.ui.inspect.layer import LayerPage
from playground.ui.inspect.neuron import NeuronPage
from playground.ui.theme import Theme

HELP = "Click a neuron or a layer's head to see what it computes, and to change it"


class InspectorView(QWidget):
    """Which of its pages is seen follows the selection and the picked neuron, whichever came last.

    Parameters
    ----------
    document
        Where edits go; what is shown is what `set_mirror` brings back.
    rng
        Weights that are drawn anew come from it; None takes one that nobody can foresee.
    """

    message = Signal(str)
    """Why an edit was impossible."""
    picked_changed = Signal(object)
    """(column, unit) of the neuron that the user went on to in here, or None for its layer."""

    def __init__(self, document: Document, rng: np.random.Generator | None = None) -> None:
        super().__init__()
        self.setObjectName("inspector-view")
        self.setAccessibleName("Inspector")
        self._mirror: Mirror | None = None
        self._selected: int | None = None
        self._key: int | None = None
        """The column that is shown, by the id of its layer: others may come and go before it."""
        self._unit: int | None = None
        self.help = QLabel(HELP)
        self.help.setProperty("muted", True)
        self.help.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.neuron = NeuronPage(document, rng or np.random.default_rng())
        self.layer = LayerPage(document)
        self.pages = QStackedWidget()
        for page in (self.help, self.neuron, self.layer):
            self.pages.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.pages)
        self.neuron.message.connect(self.message)
        self.layer.message.connect(self.message)
        self.neuron.picked_changed.connect(self._go_on)
        self.layer.neuron_wanted.connect(self._go_to_first)

    def set_theme(self, theme: Theme) -> None:
        """Use these colours."""
        self.neuron.set_theme(theme)

    def set_mirror(self, mirror: Mirror) -> None:
        """Show the network of this mirror: what is shown stays as long as it is part of it."""
        self._mirror = mirror
        self._show()

    def refresh(self) -> None:
        """The mirror has new parameters."""
        if self.pages.currentWidget() is self.neuron:
            self.neuron.refresh()

    def set_selection(self, layer_id: int | None) -> None:
        """Follow the selection of a layer (`OUTPUT_ID` for the output); its picked neuron stays."""
        self._selected = layer_id
        if layer_id is not None and layer_id != self._key:
            self._key, self._unit = layer_id, None
        elif layer_id is None and self._unit is None:
            self._key = None
        self._show()

    def set_picked(self, picked: tuple[int, int] | None) -> None:
        """Show a neuron, (column, unit) as in `Mirror.maps`, or (None) the selected layer again."""
        if picked is None and self._unit is not None:
            self._key, self._unit = self._selected, None
        elif picked is not None:
            self._key, self._unit = self._key_of(picked[0]), picked[1]
        self._show()

    def set_point(self, point: tuple[float, float] | None) -> None:
        """Compute with the point of the plane under the cursor, or (None) with a training sample."""
        self.neuron.set_point(point)
        if self.isVisible():
            self.refresh()

    @property
    def picked(self) -> tuple[int, int] | None:
        """The neuron that is shown, if one is."""
        column = self._column()
        return None if column is None or self._unit is None else (column, self._unit)

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what was missed while hidden."""
        super().showEvent(event)
        self.refresh()

    def _show(self) -> None:
        mirror, column = self._mirror, self._column()
        if mirror is not None and column is not None and (self._unit or 0) >= _units(mirror, column):
            self._unit = None
        if mirror is None or column is None or (column == 0 and self._unit is None):
            self.pages.setCurrentWidget(self.help)
        elif self._unit is not None:
            self.neuron.show_unit(mirror, column, self._unit)
            self.pages.setCurrentWidget(self.neuron)
        elif self._key is not None:
            self.layer.show_layer(mirror, self._key)
            self.pages.setCurrentWidget(self.layer)

    def _column(self) -> int | None:
        """Where what is shown stands now; None if it is gone."""
        if self._mirror is None or self._key is None:
            return None
        keys = _keys(self._mirror.spec)
        return keys.index(self._key) if self._key in keys else None

    def _key_of(self, column: int) -> int | None:
        keys = _keys(self._mirror.spec) if self._mirror is not None else []
        return keys[column] if column < len(keys) else None

    def _go_on(self, picked: tuple[int, int] | None) -> None:
        if picked is None:
            self._unit = None
            self._show()
        else:
            self.set_picked(picked)
        self.picked_changed.emit(picked)

    def _go_to_first(self) -> None:
        column = self._column()
        if column is not None:
            self._go_on((column, 0))


def _keys(spec: Spec) -> list[int]:
    """Of every column."""
    return [INPUT_ID, *(layer.id for layer in spec.layers), OUTPUT_ID]


def _units(mirror: Mirror, column: int) -> int:
    """How many neurons of a column can be looked at one by one."""
    if column == 0:
        return 0 if folds_inputs(mirror.spec) else mirror.network.inputs
    return mirror.network.layers[column - 1].units
