"""What the rows of the outline say: each a sentence that makes sense alone."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

import nncore as nn
from nncore.layers import Parameters, Scale
from playground.document import edits
from playground.document.naming import layer_names
from playground.document.spec import OUTPUT_ID, Weights
from playground.engine.mirror import Mirror
from playground.ui.canvas.geometry import INPUT_ID
from playground.ui.canvas.heads import NUMBERS
from playground.ui.inspect.formula import largest
from playground.ui.inspect.values import value_quantity
from playground.ui.names import input_names, inputs_text, unit_name
from playground.ui.outline.rows import ACTIVATION, Row, Shape
from playground.ui.text import grouped, signed

MOST_WEIGHTS = 4
"""So many are named in the sentence about a neuron; all stand below it."""
MOST_INPUTS = 8

VALUE = value_quantity("Value")


class Sentences:
    """The rows of one network in words, with the numbers it has now.

    Parameters
    ----------
    mirror, shape
        The network, and the rows it has.
    """

    def __init__(self, mirror: Mirror, shape: Shape) -> None:
        self._mirror, self._shape = mirror, shape
        self._names = layer_names(mirror.spec)

    def text(self, row: Row) -> str:
        """What a row says."""
        kind = row.kind
        if kind == "layer":
            return self._layer(row.key)
        if kind == "unit":
            return self._unit(row)
        if kind == "setting":
            return f"{row.option.capitalize()}: {self.value_text(row)}"
        if kind == "bias":
            return f"bias: {self.value_text(row)}"
        if kind == "weight":
            return f"from {self._source_name(row, long=True)}: {self.value_text(row)}"
        what = "Neurons" if kind == "units" else "Weights"
        first = row.unit if kind == "units" else row.source
        return f"{what} {grouped(first + 1)} to {grouped(first + self._shape.size(row))}"

    def name(self, row: Row) -> str:
        """What a row stands for, without its number: "Bias of Dense 1, unit 3"."""
        if row.kind == "setting":
            return f"{row.option.capitalize()} of {self._names[self._column(row) - 1]}"
        unit = unit_name(self._mirror.spec, self._column(row), row.unit)
        return (
            f"Weight from {self._source_name(row, long=True)} to {unit}" if row.kind == "weight" else f"Bias of {unit}"
        )

    def value_text(self, row: Row) -> str:
        """The value of a row that has one, as it is typed."""
        if row.kind == "setting":
            return self._setting(row)
        return VALUE.show(value) if (value := self.value(row)) is not None else ""

    def value(self, row: Row) -> float | None:
        """The number that a bias, a weight, or (its bias) a neuron has; None if it has none that can be set."""
        own = self._parameters(row)
        if not isinstance(own, Parameters) or row.unit < 0:
            return None
        return float(own.weights[row.unit, row.source] if row.kind == "weight" else own.biases[row.unit])

    def units(self, row: Row) -> int:
        """How many neurons the layer of a row has."""
        return self._shape.columns[self._column(row)].units

    def sources(self, row: Row) -> int:
        """How many weights arrive at a neuron; its bias stands behind them."""
        return self._shape.columns[self._column(row)].sources

    # -- layers ------------------------------------------------------------------------------------

    def _layer(self, key: int) -> str:
        spec = self._mirror.spec
        if key == INPUT_ID:
            names = input_names(spec)
            return f"Input: {inputs_text(spec)}" + (f", {', '.join(names)}" if len(names) <= MOST_INPUTS else "")
        column = self._shape.column_of(key)
        own = self._mirror.network.layers[column - 1]
        count = own.n_parameters(own.inputs)
        parts = [
            *self._size(key, own.units),
            f"{grouped(count) if count else 'no'} parameter{'s' if count != 1 else ''}",
        ]
        if edits.weights_of(spec, key).frozen:
            parts.append("frozen")
        first = "Output: " if key == OUTPUT_ID else f"Layer {column}: {self._names[column - 1]}, "
        return first + ", ".join(parts)

    def _size(self, key: int, units: int) -> list[str]:
        """Units and activation, or what else the kind has."""
        counted = f"{grouped(units)} unit{'s' if units != 1 else ''}"
        if key == OUTPUT_ID:
            return [counted, nn.Activation.named(self._mirror.spec.output_activation).label]
        settings = {row.option: self._setting(row) for row in self._shape.children(Row("layer", key)) if row.option}
        said = {"units": counted, ACTIVATION: settings.get(ACTIVATION, "")}
        return [said.get(option) or f"{option} {value}" for option, value in settings.items()]

    def _setting(self, row: Row) -> str:
        spec = self._mirror.spec
        if row.key == OUTPUT_ID:
            return nn.Activation.named(spec.output_activation).label
        layer = spec.layers[spec.index_of(row.key)]
        if row.option == ACTIVATION:
            return nn.Activation.named(layer.activation).label
        return NUMBERS[row.option].show(getattr(layer, row.option))

    # -- neurons -----------------------------------------------------------------------------------

    def _unit(self, row: Row) -> str:
        own, mean = self._parameters(row), f"mean activation {signed(self._mean(row))}"
        if row.key == INPUT_ID:
            return f"{unit_name(self._mirror.spec, 0, row.unit)}: {mean}"
        if isinstance(own, Parameters):
            facts = [f"bias {signed(float(own.biases[row.unit]))}", self._weights(row, own.weights[row.unit]), mean]
        elif isinstance(own, Scale):
            facts = [f"gain {signed(float(own.gain[row.unit]))}", f"shift {signed(float(own.shift[row.unit]))}", mean]
        else:
            facts = [mean]
        return f"{self._unit_name(row)}: {', '.join([*facts, *_states(self._weights_spec(row), row.unit)])}"

    def _unit_name(self, row: Row) -> str:
        spec = self._mirror.spec
        if row.key == OUTPUT_ID and spec.n_outputs > 1:
            return f"Neuron {row.unit + 1}, {spec.dataset.class_names[row.unit]}"
        return f"Neuron {row.unit + 1}"

    def _weights(self, row: Row, weights: np.ndarray) -> str:
        shown = largest(weights, MOST_WEIGHTS)
        named = [f"{signed(float(weights[at]))} from {self._source_name(row._replace(source=at))}" for at in shown]
        what = f"weight{'s' if len(weights) > 1 else ''} " if len(shown) == len(weights) else "strongest weights "
        return what + ", ".join(named)

    def _source_name(self, row: Row, long: bool = False) -> str:
        column = self._column(row)
        if column == 1 or long:
            return unit_name(self._mirror.spec, column - 1, row.source)
        return f"unit {row.source + 1}"

    def _mean(self, row: Row) -> float:
        column = self._column(row)
        values = self._mirror.problem.train.inputs if column == 0 else self._mirror.activations[column - 1]
        return float(values[:, row.unit].mean()) if len(values) else float("nan")

    def _weights_spec(self, row: Row) -> Weights:
        return edits.weights_of(self._mirror.spec, row.key)

    def _parameters(self, row: Row) -> Sequence[np.ndarray]:
        column = self._column(row)
        network = self._mirror.network
        return network.layers[column - 1].split(network.parameters) if column else ()

    def _column(self, row: Row) -> int:
        return self._shape.column_of(row.key)


def _states(weights: Weights, unit: int) -> list[str]:
    """What was done to a neuron."""
    frozen, silent = unit in weights.frozen_units, unit in weights.silenced
    return [word for word, holds in (("frozen", frozen), ("silenced", silent)) if holds]
