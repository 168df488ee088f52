"""A number of the document as a row of a panel: its name, its value to type over, and a slider."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from playground.ui.controls import Slider, identify
from playground.ui.number_entry import NumberField
from playground.ui.quantity import Quantity


class Parameter(QWidget):
    """Live while it is dragged; one gesture per drag."""

    edited = Signal(float, object)
    """(value, gesture): what the user set, and the object that marks edits that belong together."""
    rejected = Signal(str)

    def __init__(self, quantity: Quantity, object_name: str, explanation: str) -> None:
        super().__init__()
        self._quantity = quantity
        self._explanation = explanation
        self._label = QLabel(quantity.label)
        self._field = NumberField(quantity)
        self._field.setFixedSize(72, 18)
        self._slider = Slider()
        self._slider.setRange(0, len(quantity.stops) - 1)
        self._slider.setFixedHeight(16)
        identify(self._slider, object_name, quantity.label)
        identify(self._field, f"{object_name}-value", f"{quantity.label}, value")
        self._slider.valueChanged.connect(self._slide)
        self._field.entered.connect(lambda value: self.edited.emit(value, None))
        self._field.rejected.connect(self.rejected)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        grid.addWidget(self._label, 0, 0)
        grid.addWidget(self._field, 0, 1)
        grid.addWidget(self._slider, 1, 0, 1, 2)
        grid.setColumnStretch(0, 1)
        self.set_possible(True)

    def show_value(self, value: float) -> None:
        """Show this value; one between two stops moves the slider to the nearest."""
        self._field.show_value(value)
        self._slider.show_position(self._quantity.nearest_stop(value), self._quantity.show(value))

    def set_possible(self, possible: bool, why_not: str = "") -> None:
        """Grey the row out, with the reason as its tooltip, or bring it back."""
        for part in (self._label, self._field, self._slider):
            part.setEnabled(possible)
        self.setToolTip(self._explanation if possible else why_not)

    def _slide(self, stop: int) -> None:
        self.edited.emit(self._quantity.stops[stop], self._slider.gesture)
