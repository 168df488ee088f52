"""The panel for how weights begin and how large they may grow."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

import nncore as nn
from playground.document import edits
from playground.document.document import Document
from playground.document.spec import Spec
from playground.ui.controls import Choice, identify
from playground.ui.editing import EditingWidget
from playground.ui.number_entry import NumberChoice
from playground.ui.quantity import Quantity
from playground.ui.theme import SPACING_PX

REGULARIZATION_RATE = Quantity(
    "Regularization rate", (0.0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0), low=0.0, high=10.0
)


class TrainingPanel(EditingWidget):
    """Regularization and initializer; what one changes more often stands in the transport bar."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._regularizer = Choice(nn.Regularizer)
        self._regularizer.setToolTip("A penalty that keeps the weights small")
        identify(self._regularizer, "regularizer", "Regularization")
        self._regularizer.chosen.connect(lambda name: self.apply(edits.set_regularizer(name)))

        self._rate = NumberChoice(REGULARIZATION_RATE)
        identify(self._rate, "regularization-rate", "Regularization rate")
        self._rate.entered.connect(lambda rate: self.apply(edits.set_regularization_rate(rate)))
        self._rate.rejected.connect(self.message)

        self._initializer = Choice(nn.Initializer)
        self._initializer.setToolTip("How the first weights are drawn. Another choice draws all of them anew")
        identify(self._initializer, "initializer", "Initializer")
        self._initializer.chosen.connect(lambda name: self.apply(edits.set_initializer(name)))

        self._arrange()
        self.bind(document)

    def follow(self, spec: Spec) -> None:
        """Show the training of this spec."""
        penalized = spec.training.regularizer != "none"
        self._regularizer.show_choice(spec.training.regularizer)
        self._rate.show_value(spec.training.regularization_rate)
        self._rate.setEnabled(penalized)
        self._rate.setToolTip(
            "The weight of the penalty. Any number can be typed" if penalized else "Choose a regularization first"
        )
        self._initializer.show_choice(spec.training.initializer)

    def _arrange(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(SPACING_PX)
        grid.setVerticalSpacing(SPACING_PX)
        rows: dict[str, QWidget] = {
            "Regularization": self._regularizer,
            "Rate": self._rate,
            "Initializer": self._initializer,
        }
        for index, (text, control) in enumerate(rows.items()):
            label = QLabel(text)
            label.setBuddy(control)
            grid.addWidget(label, index, 0)
            grid.addWidget(control, index, 1)
        grid.setColumnMinimumWidth(0, 88)
        grid.setColumnStretch(1, 1)
        grid.setRowStretch(len(rows), 1)
