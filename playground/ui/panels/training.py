"""The panel for how weights begin, how large they may grow, how fast, in which order of samples, and until when."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

import nncore as nn
from nncore.registry import Registered
from playground.document import edits
from playground.document.document import Document
from playground.document.edits import Edit
from playground.document.spec import Spec
from playground.ui.controls import CheckBox, ComboBox, identify, on_switched, show_switch
from playground.ui.editing import EditingWidget
from playground.ui.number_entry import NumberChoice
from playground.ui.panels.part_row import PartRow, PartSettings, caption, labelled
from playground.ui.panels.stops import StopRow
from playground.ui.quantity import Quantity
from playground.ui.theme import SPACING_PX

REGULARIZATION_RATE = Quantity(
    "Regularization rate", (0.0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0), low=0.0, high=10.0
)

_SHOWN_PX = 104
"""So much of the rows is to be seen at once; the rest is scrolled to."""
_LEAST_PX = 84
_SCROLL_BAR_PX = 8

REMAINDERS = {
    "step": ("smaller step", "At the end of an epoch, the samples that do not fill a batch make a smaller step"),
    "carry": (
        "carry over",
        "The gradients of samples that do not fill a batch join the first step of the next epoch, "
        "as in the TensorFlow Playground",
    ),
}
"""What can become of left-over samples: how it is called, and what it means."""

PRECISION_TIP = (
    "What all numbers of the network are computed in: float32 has 7 digits and is faster, float64 has 16. "
    "Another choice starts anew"
)


class _Part(NamedTuple):
    """A part of the training: where it stands in a spec, what it is called, and how it is edited."""

    family: type[Registered]
    name: str
    label: str
    edit: Callable[[str], Edit]
    tip: str
    skip: tuple[str, ...] = ()


_CHOSEN_HERE = (
    _Part(
        nn.Regularizer,
        "regularizer",
        "Regularization",
        edits.set_regularizer,
        "A penalty that keeps the weights small",
        ("rate",),
    ),
    _Part(nn.Schedule, "schedule", "Schedule", edits.set_schedule, "How the learning rate changes with time"),
    _Part(nn.Clipping, "clipping", "Clipping", edits.set_clipping, "A bound for the gradient of a step"),
    _Part(
        nn.Initializer,
        "initializer",
        "Initializer",
        edits.set_initializer,
        "How the first weights are drawn. Another choice draws all of them anew",
    ),
)
_CHOSEN_ABOVE = (
    _Part(
        nn.Optimizer,
        "optimizer",
        "Optimizer",
        edits.set_optimizer,
        "The optimizer is chosen in the bar above",
        ("learning_rate",),
    ),
    _Part(nn.Loss, "loss", "Loss", edits.set_loss, "The loss is chosen in the bar above"),
)


class TrainingPanel(EditingWidget):
    """What one changes less often than what stands in the transport bar; and the settings of what is chosen there."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._parts: dict[str, PartRow | PartSettings] = {
            **{part.name: self._watched(PartRow, part) for part in _CHOSEN_HERE},
            **{part.name: self._watched(PartSettings, part) for part in _CHOSEN_ABOVE},
        }
        self._rate = NumberChoice(REGULARIZATION_RATE)
        identify(self._rate, "regularization-rate", "Regularization rate")
        self._rate.entered.connect(lambda rate: self.apply(edits.set_regularization_rate(rate)))
        self._rate.rejected.connect(self.message)
        self._shuffle = CheckBox("Shuffle each epoch")
        identify(self._shuffle, "shuffle", "Shuffle each epoch")
        self._shuffle.setToolTip("Take the samples in another order in each epoch; if not, always in the same")
        on_switched(self._shuffle, lambda on: self.apply(edits.set_shuffle(on)))
        self._remainder = self._remainder_choice()
        self._precision = self._precision_choice()
        self._stops = [self._stop_row(name) for name in nn.StopCondition.names()]
        self._arrange()
        self.bind(document)

    def follow(self, spec: Spec) -> None:
        """Show the training of this spec."""
        training = spec.training
        for name, part in self._parts.items():
            part.show_part(getattr(training, name))
        penalized = nn.Regularizer.named(training.regularizer).name != "none"
        self._rate.show_value(training.regularization_rate)
        self._rate.setEnabled(penalized)
        self._rate.setToolTip(
            "The weight of the penalty. Any number can be typed" if penalized else "Choose a regularization first"
        )
        show_switch(self._shuffle, training.shuffle)
        self._remainder.setCurrentIndex(self._remainder.findData(training.remainder))
        self._precision.setCurrentIndex(self._precision.findData(spec.dtype))
        for stop in self._stops:
            stop.show_conditions(training.stop)

    def sizeHint(self) -> QSize:
        """A few of the rows."""
        return QSize(self._width_px(), _SHOWN_PX)

    def minimumSizeHint(self) -> QSize:
        """Three rows."""
        return QSize(self._width_px(), _LEAST_PX)

    def _width_px(self) -> int:
        """Of the rows beside a scroll bar."""
        return self._rows.minimumSizeHint().width() + self._scroll.verticalScrollBar().sizeHint().width()

    def _watched(self, kind: type[PartRow] | type[PartSettings], part: _Part) -> PartRow | PartSettings:
        row = kind(part.family, part.name, part.label, part.tip, part.skip)
        row.edited.connect(lambda text, gesture: self.apply(part.edit(text), gesture))
        row.message.connect(self.complain)
        return row

    def _remainder_choice(self) -> ComboBox:
        box = ComboBox()
        for remainder, (label, tip) in REMAINDERS.items():
            box.addItem(label, remainder)
            box.setItemData(box.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)
        identify(box, "remainder", "Left-over samples")
        box.setToolTip("\n".join(f"{label}: {tip}" for label, tip in REMAINDERS.values()))
        box.activated.connect(lambda index: self.apply(edits.set_remainder(box.itemData(index))))
        return box

    def _precision_choice(self) -> ComboBox:
        box = ComboBox()
        for dtype in edits.PRECISIONS:
            box.addItem(dtype, dtype)
        identify(box, "precision", "Precision")
        box.setToolTip(PRECISION_TIP)
        box.activated.connect(lambda index: self.apply(edits.set_precision(box.itemData(index))))
        return box

    def _stop_row(self, name: str) -> StopRow:
        row = StopRow(name)
        row.edited.connect(lambda text, on: self.apply(edits.set_stop(text, on)))
        row.message.connect(self.complain)
        return row

    def _arrange(self) -> None:
        self._rows = QWidget()
        column = QVBoxLayout(self._rows)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING_PX // 2)
        regularizer, *others = (self._parts[part.name] for part in (*_CHOSEN_HERE, *_CHOSEN_ABOVE))
        column.addWidget(regularizer)
        column.addLayout(labelled("Penalty rate", self._rate))
        before = regularizer
        for part in others:
            column.addWidget(part)
            if isinstance(part, PartSettings):  # it has no control of its own
                part.options.stand_behind(before.options)
            before = part
        column.addSpacing(SPACING_PX // 2)
        column.addWidget(_named("stops-caption", caption("Stop when")))
        for stop in self._stops:
            column.addWidget(stop)
        column.addSpacing(SPACING_PX // 2)
        column.addWidget(_named("samples-caption", caption("Samples")))
        column.addWidget(self._shuffle)
        column.addLayout(labelled("Left-over", self._remainder))
        column.addLayout(labelled("Precision", self._precision))
        column.addStretch(1)
        self._scroll = scroll = QScrollArea(self)
        scroll.setObjectName("training-scroll")
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.verticalScrollBar().setStyleSheet(f"QScrollBar {{ width: {_SCROLL_BAR_PX}px; }}")
        scroll.setWidget(self._rows)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)


def _named(name: str, label: QLabel) -> QLabel:
    label.setObjectName(name)  # so that it can be hidden with what stands below it
    return label
