"""The page of the inspector about one neuron: its map, its formula in numbers, and its incoming weights."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

import nncore as nn
from nncore.layers import Parameters
from playground.document import edits
from playground.document.document import Document
from playground.document.spec import OUTPUT_ID, Spec
from playground.engine.mirror import Mirror, folds_inputs
from playground.ui.editing import EditingWidget
from playground.ui.inspect import formula
from playground.ui.inspect.map_picture import MapPicture
from playground.ui.inspect.neuron_head import NeuronHead, quiet_button
from playground.ui.inspect.paragraph import Paragraph
from playground.ui.inspect.passing import passing_lines
from playground.ui.inspect.rows import WeightRows
from playground.ui.inspect.sample import Sample
from playground.ui.inspect.values import WeightSetter
from playground.ui.names import bias_name, input_names, layer_title, unit_title, weight_name
from playground.ui.plots.parts import FigureLine, Segment
from playground.ui.theme import SPACING_PX, Theme

NARROW_PX = 760
"""In a page that is narrower formulas are shorter."""


class NeuronPage(EditingWidget):
    """Follows the training while it is seen.

    Parameters
    ----------
    document
        Where edits go.
    rng
        Weights are drawn anew from it.
    """

    picked_changed = Signal(object)
    """(column, unit) of the neuron the user goes on to; None for the layer of the present one."""

    def __init__(self, document: Document, rng: np.random.Generator) -> None:
        super().__init__()
        self._document, self._rng = document, rng
        self._setter = WeightSetter(document, self.complain)
        self._mirror: Mirror | None = None
        self._column, self._unit = 0, 0
        self.sample = Sample()
        self.head = NeuronHead()
        self.map = MapPicture()
        self.rule = Paragraph("How the neuron computes")
        self.numbers = Paragraph("What it computes of the sample")
        self.rows = WeightRows()
        self.about_sample = FigureLine("Sample it computes with")
        self._symbols: list[str] = []
        self._arrange()
        self._connect()

    # -- what is shown ----------------------------------------------------------------------------

    def set_theme(self, theme: Theme) -> None:
        """Use these colours."""
        for part in (self.map, self.rule, self.about_sample, self.numbers, self.rows):
            part.set_theme(theme)

    def show_unit(self, mirror: Mirror, column: int, unit: int) -> None:
        """Show a neuron of this mirror; column 0 is the input."""
        anew = mirror is not self._mirror or (column, unit) != (self._column, self._unit)
        self._mirror, self._column, self._unit = mirror, column, unit
        if anew:
            self._name_all(mirror)
        self._show_states(mirror.spec)
        self.refresh()

    def follow(self, spec: Spec) -> None:
        """Show again what is true."""
        if self._mirror is not None:
            self._show_states(self._mirror.spec)
            self.refresh()

    def refresh(self) -> None:
        """Show the mirror's newest numbers."""
        mirror = self._mirror
        if mirror is None:
            return
        if self._has_map(mirror):
            self.map.show_map(mirror.maps[self._column][self._unit])
        self.about_sample.show_segments(
            Segment(self.sample.heading(mirror), "text"), Segment(self.sample.details(mirror))
        )
        values = self.sample.activations(mirror)
        parameters = self._parameters(mirror)
        if parameters is None:
            self.rule.show_lines(*passing_lines(mirror, self._column, self._unit, values))
        else:
            self._show_formula(mirror, parameters, values)
            self.rows.show_values(_incoming(parameters, self._unit))

    def set_point(self, point: tuple[float, float] | None) -> None:
        """Compute with this point of the plane, or (None) with a training sample."""
        self.sample.set_point(point)
        for button in (self._earlier, self._later):
            button.setEnabled(point is None)

    def _name_all(self, mirror: Mirror) -> None:
        spec, column, unit = mirror.spec, self._column, self._unit
        units = mirror.network.inputs if column == 0 else mirror.network.layers[column - 1].units
        self.head.show_unit(unit_title(spec, column, unit), several=units > 1, has_layer=column > 0)
        self.head.layer.setText(layer_title(spec, column - 1) if column else "")
        self.map.setVisible(self._has_map(mirror))
        parameters = self._parameters(mirror)
        self.rows.setVisible(parameters is not None)
        self.numbers.setVisible(parameters is not None)
        if parameters is None:
            return
        sources = parameters.weights.shape[1]
        self._symbols = formula.symbols_of(spec, column - 1, sources)
        names = list(input_names(spec)) if column == 1 else [f"unit {index + 1}" for index in range(sources)]
        self.rows.show_names([*names, "bias"], self._spoken)

    def _spoken(self, index: int) -> str:
        assert self._mirror is not None
        spec = self._mirror.spec
        if index == len(self._symbols):
            return bias_name(spec, self._column, self._unit)
        return weight_name(spec, self._column, self._unit, index)

    def _show_states(self, spec: Spec) -> None:
        if self._mirror is None or self._parameters(self._mirror) is None:
            self.head.show_states(False, False, False, None)
            return
        weights = edits.weights_of(spec, self._key)
        silent = None if self._key == OUTPUT_ID else self._unit in weights.silenced
        self.head.show_states(True, self._unit in weights.frozen_units, weights.frozen, silent)

    def _show_formula(self, mirror: Mirror, parameters: Parameters, values: list[np.ndarray]) -> None:
        activation, unit = self._activation(mirror.spec), self._unit
        weights, bias = parameters.weights[unit], float(parameters.biases[unit])
        arriving, output = values[self._column - 1], float(values[self._column][unit])
        logit = float(weights @ arriving) + bias
        # With more terms the result would be out of sight.
        shown = formula.largest(weights, 4 if self.width() < NARROW_PX else 6)
        self.rule.show_lines(formula.rule(activation, unit, weights, bias, self._symbols, shown))
        self.numbers.show_lines(
            formula.with_values(activation, unit, weights, bias, arriving, shown),
            formula.result(activation, logit, output, self.head.silence.isChecked()),
        )

    def _has_map(self, mirror: Mirror) -> bool:
        return self._column > 0 or not folds_inputs(mirror.spec)

    def _parameters(self, mirror: Mirror) -> Parameters | None:
        """The weights and biases of its layer, if it has some."""
        if self._column == 0:
            return None
        own = mirror.network.split(mirror.network.parameters)[self._column - 1]
        return own if isinstance(own, Parameters) else None

    @property
    def _key(self) -> int:
        """The id of its layer."""
        assert self._mirror is not None
        layers = self._mirror.spec.layers
        return layers[self._column - 1].id if self._column <= len(layers) else OUTPUT_ID

    def _activation(self, spec: Spec) -> str:
        last = self._column > len(spec.layers)
        return spec.output_activation if last else spec.layers[self._column - 1].activation

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Write as many terms as there is room for."""
        self.refresh()

    # -- what the user does ------------------------------------------------------------------------

    def _step_unit(self, by: int) -> None:
        if self._mirror is not None:
            layers = self._mirror.network.layers
            units = self._mirror.network.inputs if self._column == 0 else layers[self._column - 1].units
            self.picked_changed.emit((self._column, (self._unit + by) % units))

    def _step_sample(self, by: int) -> None:
        if self._mirror is not None:
            self.sample.step(by, self._mirror)
            self.refresh()

    def _set_weight(self, index: int, value: float, gesture: object) -> None:
        parameters = self._parameters(self._mirror) if self._mirror is not None else None
        if parameters is not None:
            before = float(_incoming(parameters, self._unit)[index])
            self._setter.set(self._key, self._unit, index, value, before, gesture)
            self.refresh()

    def _redraw(self) -> None:
        mirror = self._mirror
        parameters = self._parameters(mirror) if mirror is not None else None
        if mirror is None or parameters is None:
            return
        chosen = edits.weights_of(mirror.spec, self._key).initializer or mirror.spec.training.initializer
        initializer = nn.Initializer.of(chosen)
        drawn = initializer.weights(self._rng, *parameters.weights.shape)[self._unit]
        before = np.nan_to_num(_incoming(parameters, self._unit)).tolist()
        values = [*drawn.tolist(), initializer.bias]
        self.apply(edits.redraw_unit(self._key, self._unit, values, before))
        self.refresh()

    # -- building ------------------------------------------------------------------------------------

    def _connect(self) -> None:
        self.head.stepped.connect(self._step_unit)
        self.head.layer_wanted.connect(lambda: self.picked_changed.emit(None))
        self.head.freeze_wanted.connect(lambda on: self.apply(edits.freeze_unit(self._key, self._unit, on)))
        self.head.silence_wanted.connect(lambda on: self.apply(edits.silence_unit(self._key, self._unit, on)))
        self.head.redraw_wanted.connect(self._redraw)
        self.rows.moved.connect(self._set_weight)
        self.rows.message.connect(self.message)

    def _arrange(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, SPACING_PX // 2, 0, 0)
        outer.addWidget(self.head)
        body = QHBoxLayout()
        body.setSpacing(2 * SPACING_PX)
        body.addWidget(self.map, 0, Qt.AlignmentFlag.AlignTop)
        body.addWidget(self._make_formulas(), 7)
        body.addWidget(self.rows, 5)
        outer.addLayout(body, 1)

    def _make_formulas(self) -> QScrollArea:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, SPACING_PX // 2, 0)
        column.setSpacing(SPACING_PX // 2)
        column.addWidget(self.rule)
        column.addLayout(self._make_sample_row())
        column.addWidget(self.numbers)
        column.addStretch(1)
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidgetResizable(True)
        area.setWidget(content)
        return area

    def _make_sample_row(self) -> QHBoxLayout:
        """Which sample it computes with, and the way to others."""
        self._earlier = quiet_button(
            "‹", "inspector-sample-before", "Sample before", "Compute with the training sample before"
        )
        self._later = quiet_button(
            "›", "inspector-sample-behind", "Next sample", "Compute with the next training sample"
        )
        self._earlier.clicked.connect(lambda: self._step_sample(-1))
        self._later.clicked.connect(lambda: self._step_sample(+1))
        row = QHBoxLayout()
        row.setSpacing(SPACING_PX // 2)
        for button in (self._earlier, self._later):
            button.setFixedWidth(18)
            row.addWidget(button)
        row.addWidget(self.about_sample, 1)
        return row


def _incoming(parameters: Parameters, unit: int) -> np.ndarray:
    """(n_sources + 1,): the weights of a unit, and its bias."""
    return np.append(parameters.weights[unit], parameters.biases[unit])
