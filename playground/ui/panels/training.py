"""The panel for how weights begin, how large they may grow, and how fast."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

import nncore as nn
from nncore.registry import Registered
from playground.document import edits
from playground.document.document import Document
from playground.document.edits import Edit
from playground.document.spec import Spec
from playground.ui.controls import Choice, explanation, identify
from playground.ui.editing import EditingWidget
from playground.ui.number_entry import NumberChoice
from playground.ui.quantity import Quantity
from playground.ui.theme import SPACING_PX

REGULARIZATION_RATE = Quantity(
    "Regularization rate", (0.0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0), low=0.0, high=10.0
)

SCHEDULE_TIP = "How the learning rate changes with time"


class TrainingPanel(EditingWidget):
    """Regularization, schedule, clipping and initializer; what one changes more often stands in the transport bar."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._regularizer = self._choice(
            nn.Regularizer,
            "regularizer",
            "Regularization",
            edits.set_regularizer,
            "A penalty that keeps the weights small",
        )
        self._rate = NumberChoice(REGULARIZATION_RATE)
        identify(self._rate, "regularization-rate", "Regularization rate")
        self._rate.entered.connect(lambda rate: self.apply(edits.set_regularization_rate(rate)))
        self._rate.rejected.connect(self.message)

        self._schedule = self._choice(nn.Schedule, "schedule", "Schedule", edits.set_schedule, SCHEDULE_TIP)
        self._clipping = self._choice(
            nn.Clipping, "clipping", "Clipping", edits.set_clipping, "A bound for the gradient of a step"
        )
        self._initializer = self._choice(
            nn.Initializer,
            "initializer",
            "Initializer",
            edits.set_initializer,
            "How the first weights are drawn. Another choice draws all of them anew",
        )
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
        self._schedule.show_choice(spec.training.schedule)
        self._schedule.setToolTip(f"{SCHEDULE_TIP}\n{explanation(nn.Schedule.named(spec.training.schedule))}")
        self._clipping.show_choice(spec.training.clipping)
        self._initializer.show_choice(spec.training.initializer)

    def _choice(
        self, family: type[Registered], name: str, spoken: str, edit: Callable[[str], Edit], explanation: str
    ) -> Choice:
        """A choice of one of these; what each does stands in its tooltip."""
        choice = Choice(family)
        choice.setToolTip(explanation)
        identify(choice, name, spoken)
        choice.chosen.connect(lambda chosen: self.apply(edit(chosen)))
        return choice

    def _arrange(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(SPACING_PX)
        grid.setVerticalSpacing(SPACING_PX // 2)
        rows: dict[str, QWidget] = {
            "Regularization": self._regularizer,
            "Penalty rate": self._rate,
            "Schedule": self._schedule,
            "Clipping": self._clipping,
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
