"""The page of the inspector about one layer: what it computes, and all its settings."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

import nncore as nn
from nncore.registry import Registered
from playground.document import edits
from playground.document.document import Document
from playground.document.spec import MAX_LAYERS, MAX_UNITS, OUTPUT_ID, Spec, Weights
from playground.engine.mirror import Mirror
from playground.ui.controls import CheckBox, Choice, identify, on_switched, show_switch
from playground.ui.editing import EditingWidget
from playground.ui.fonts import strong_font
from playground.ui.inspect.neuron_head import quiet_button
from playground.ui.names import layer_title
from playground.ui.number_entry import NumberChoice
from playground.ui.options import OptionFields
from playground.ui.quantity import Quantity
from playground.ui.text import grouped, summary
from playground.ui.theme import SPACING_PX

UNITS = Quantity(
    "Units", (*range(1, 13), 16, 24, 32, 48, 64, 96, 128, 256, 512, MAX_UNITS), low=1, high=MAX_UNITS, whole=True
)
RATE = Quantity("Rate", tuple(step / 20 for step in range(20)), 0, 0.95, percent=True)
SPAN = Quantity("Span", tuple(range(1, 9)), 1, MAX_LAYERS, whole=True)
_MANY = {"weights": "weights", "biases": "biases", "gain": "gains", "shift": "shifts"}
_ONE = {"weights": "weight", "biases": "bias", "gain": "gain", "shift": "shift"}
"""What parameters are called, by the name of their part."""
FIRST_RATE = 0.001
"""The rate of a penalty that a layer is given."""


class OptionalChoice(Choice):
    """A choice that can be left to the training."""

    def __init__(self, family: type[Registered]) -> None:
        super().__init__(family)
        self.insertItem(0, "as in Training", "")

    def show_choice(self, text: str | None) -> None:
        """Show this one as chosen; None is that of the training."""
        if text is not None:
            super().show_choice(text)
        else:
            self._shown = ""
            self.setCurrentIndex(0)

    def show_default(self, label: str) -> None:
        """Say which one that of the training is."""
        self.setItemText(0, f"as in Training: {label}")

    def shown_text(self, width_px: int) -> str:
        """Where there is little room, only whose choice it is."""
        fits = self.fontMetrics().horizontalAdvance(self.currentText()) <= width_px
        return super().shown_text(width_px) if self.currentIndex() or fits else "as in Training"


class LayerPage(EditingWidget):
    """Shows one layer of a mirror, or its output."""

    neuron_wanted = Signal()
    """The user wants to see its neurons one by one."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self._mirror: Mirror | None = None
        self._key = OUTPUT_ID
        self.title, self.about, self.count = QLabel(), QLabel(), QLabel()
        self.neurons = quiet_button("Neurons ›", "inspector-neurons", "Neurons of the layer", "Look at its neurons")
        self.neurons.setStyleSheet("QPushButton { margin-left: -5px; }")  # its text stands in line with that above it
        self._make_controls()
        self._arrange()
        self._connect()

    def show_layer(self, mirror: Mirror, key: int) -> None:
        """Show the layer of this id, or the output."""
        self._mirror, self._key = mirror, key
        self.follow(mirror.spec)

    def follow(self, spec: Spec) -> None:
        """Show the settings of the layer."""
        if self._mirror is None:
            return
        spec = self._mirror.spec  # what the window shows, which may still be what was before
        hidden = self._key != OUTPUT_ID
        layer = spec.layers[spec.index_of(self._key)] if hidden else None
        kind = nn.Layer.named(layer.kind) if layer is not None else nn.Dense
        activation = layer.activation if layer is not None else spec.output_activation
        has_activation = "activation" in kind.options
        self._show(self.activation, has_activation)
        self._show_number("units", kind if hidden else None, layer.units if layer is not None else 1)
        self._show_number("rate", kind, layer.rate if layer is not None else 0)
        self._show_number("span", kind, layer.span if layer is not None else 1)
        if has_activation:
            self._show_activation(activation, layer.units if layer is not None else spec.n_outputs)
        self.activation_options.setVisible(has_activation and bool(self.activation_options.fields))
        self.kind_options.show_part(layer.kind if layer is not None else "dense")
        self._show_weights(spec, kind, layer.weights if layer is not None else spec.output)
        self._describe(self._mirror, kind, activation if has_activation else None)

    # -- what is shown ----------------------------------------------------------------------------

    def _describe(self, mirror: Mirror, kind: type[nn.Layer], activation: str | None) -> None:
        spec = mirror.spec
        index = spec.index_of(self._key) if self._key != OUTPUT_ID else len(spec.layers)
        self.title.setText(layer_title(spec, index))
        lines = [summary(kind).replace("`", "")]
        if activation is not None:
            part = nn.Activation.named(activation)
            lines.append(f"{part.label}: {summary(part)}")
        self.about.setText("\n".join(lines))
        own = mirror.network.layers[index]
        parts = zip(own.parameter_names, own.split(mirror.network.parameters), strict=True)
        counts = [f"{grouped(part.size)} {_ONE[name] if part.size == 1 else _MANY[name]}" for name, part in parts]
        total = own.n_parameters(own.inputs)
        self.count.setText(f"{grouped(total)} parameters: {', '.join(counts)}" if counts else "No parameters")

    def _show_activation(self, activation: str, units: int) -> None:
        self.activation.show_choice(activation)
        self.activation_options.show_part(activation)
        for name, kind in nn.Activation.registry.items():
            few = f"{kind.label} needs at least {kind.min_units} units" if units < kind.min_units else None
            self.activation.set_possible(name, few)

    def _show_number(self, option: str, kind: type[nn.Layer] | None, value: float) -> None:
        has = kind is not None and option in kind.options
        self._show(self.numbers[option], has)
        if has:
            self.numbers[option].show_value(value)

    def _show_weights(self, spec: Spec, kind: type[nn.Layer], weights: Weights) -> None:
        training, has_weights = spec.training, "weights" in kind.parameter_names
        self._show(self.initializer, has_weights)
        self._show(self.regularizer, has_weights)
        self.initializer.show_choice(weights.initializer)
        self.initializer.show_default(nn.Initializer.named(training.initializer).label)
        self.regularizer.show_choice(weights.regularizer)
        self.regularizer.show_default(nn.Regularizer.named(training.regularizer).label)
        for fields, text in (
            (self.initializer_options, weights.initializer),
            (self.regularizer_options, weights.regularizer),
        ):
            fields.show_part(text) if text is not None and has_weights else fields.hide()
        self.frozen.setVisible(bool(kind.parameter_names))
        show_switch(self.frozen, weights.frozen)

    def _show(self, control: QWidget, shown: bool) -> None:
        control.setVisible(shown)
        self._labels[control].setVisible(shown)

    # -- building ------------------------------------------------------------------------------------

    def _make_controls(self) -> None:
        self.activation = Choice(nn.Activation)
        identify(self.activation, "inspector-activation", "Activation of the layer")
        self.activation.setToolTip("What makes its output of the weighted sums")
        self.activation_options = OptionFields(nn.Activation, "inspector-activation")
        self.numbers = {
            "units": _number(UNITS, "How many neurons it has. Any number can be typed"),
            "rate": _number(RATE, "The share of values that is lost at random while training"),
            "span": _number(SPAN, "Over how many layers it reaches back"),
        }
        self.kind_options = OptionFields(
            nn.Layer,
            "inspector-layer",
            skip=("units", "activation", "initializer", "regularizer", "silenced", "rate", "span"),
        )
        self.initializer = OptionalChoice(nn.Initializer)
        identify(self.initializer, "inspector-initializer", "Initializer of the layer")
        self.initializer.setToolTip("How its first weights are drawn. Another choice draws all weights anew")
        self.initializer_options = OptionFields(nn.Initializer, "inspector-initializer")
        self.regularizer = OptionalChoice(nn.Regularizer)
        identify(self.regularizer, "inspector-regularizer", "Regularization of the layer")
        self.regularizer.setToolTip("The penalty that keeps its weights small")
        self.regularizer_options = OptionFields(nn.Regularizer, "inspector-regularizer")
        self.frozen = CheckBox("Freeze the layer")
        identify(self.frozen, "inspector-frozen", "Freeze the layer")
        self.frozen.setToolTip("Training leaves its parameters as they are")

    def _connect(self) -> None:
        self.neurons.clicked.connect(self.neuron_wanted)
        self.activation.chosen.connect(self._set(edits.set_activation))
        self.activation_options.edited.connect(self._set(edits.set_activation))
        self.kind_options.edited.connect(self._set(edits.set_kind))
        self.initializer.chosen.connect(lambda name: self.apply(edits.set_layer_initializer(self._key, name or None)))
        self.initializer_options.edited.connect(self._set(edits.set_layer_initializer))
        self.regularizer.chosen.connect(self._choose_regularizer)
        self.regularizer_options.edited.connect(self._set(edits.set_layer_regularizer))
        on_switched(self.frozen, lambda on: self.apply(edits.freeze_layer(self._key, on)))
        set_number = {"units": edits.set_units, "rate": edits.set_rate, "span": edits.set_span}
        for option, field in self.numbers.items():
            quantity = {"units": UNITS, "rate": RATE, "span": SPAN}[option]
            field.entered.connect(
                lambda value, option=option, quantity=quantity: self.apply(
                    set_number[option](self._key, quantity.exact(value))
                )
            )
            field.rejected.connect(self.message)
        for control, fields in (
            (self.activation, self.activation_options),
            (self.numbers["span"], self.kind_options),
            (self.initializer, self.initializer_options),
            (self.regularizer, self.regularizer_options),
        ):
            fields.stand_behind(control)
            fields.message.connect(self.message)

    def _set(self, edit: Callable[[int, str], edits.Edit]) -> Callable[..., None]:
        """A slot that gives the layer another part, told as a text."""
        return lambda text, gesture=None: self.apply(edit(self._key, text), gesture)

    def _choose_regularizer(self, name: str) -> None:
        takes_rate = name not in ("", "none")
        text = f"{name}(rate={FIRST_RATE})" if takes_rate else name or None
        self.apply(edits.set_layer_regularizer(self._key, text))

    def _arrange(self) -> None:
        self.title.setFont(strong_font())
        for label in (self.about, self.count):
            label.setWordWrap(True)
            label.setProperty("muted", True)
        about = QVBoxLayout()
        about.setSpacing(SPACING_PX)
        for part in (self.title, self.about, self.count):
            about.addWidget(part)
        about.addWidget(self.neurons, 0, Qt.AlignmentFlag.AlignLeft)
        about.addStretch(1)
        self._labels: dict[QWidget, QLabel] = {}
        shape = self._grid({"Units": self.numbers["units"], "Activation": self.activation, "": self.activation_options,
                            "Rate": self.numbers["rate"], "Span": self.numbers["span"],
                            " ": self.kind_options})  # fmt: skip
        weights = self._grid({"Initializer": self.initializer, "": self.initializer_options,
                              "Regularization": self.regularizer, " ": self.regularizer_options,
                              "  ": self.frozen})  # fmt: skip
        content = QWidget()
        row = QHBoxLayout(content)
        row.setContentsMargins(0, SPACING_PX, SPACING_PX // 2, 0)
        row.setSpacing(2 * SPACING_PX)
        for column, stretch in ((about, 3), (shape, 3), (weights, 4)):
            row.addLayout(column, stretch)
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidgetResizable(True)
        area.setWidget(content)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(area)

    def _grid(self, rows: dict[str, QWidget]) -> QGridLayout:
        """Controls below each other; those whose name is empty take the whole width."""
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACING_PX)
        grid.setVerticalSpacing(SPACING_PX // 2)
        for index, (text, control) in enumerate(rows.items()):
            if not text.strip():
                grid.addWidget(control, index, 0, 1, 2)
                continue
            label = self._labels[control] = QLabel(text)
            label.setBuddy(control)
            grid.addWidget(label, index, 0)
            grid.addWidget(control, index, 1)
        grid.setColumnStretch(1, 1)
        grid.setRowStretch(len(rows), 1)
        return grid


def _number(quantity: Quantity, tip: str) -> NumberChoice:
    field = NumberChoice(quantity)
    identify(field, f"inspector-{quantity.label.lower()}", f"{quantity.label} of the layer")
    field.setToolTip(tip)
    return field
