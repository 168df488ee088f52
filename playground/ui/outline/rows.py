"""Which rows the outline of a network has. A row is a value: it says what it stands for, and stays equal to itself."""

from __future__ import annotations

from functools import cached_property
from typing import Literal, NamedTuple

import nncore as nn
from nncore.layers import Parameters
from playground.document.spec import OUTPUT_ID, Layer
from playground.engine.mirror import Mirror
from playground.ui.canvas.geometry import INPUT_ID
from playground.ui.canvas.heads import NUMBERS

CHUNK = 64
"""More neurons, or weights, than these stand in groups of so many."""

ACTIVATION = "activation"

Kind = Literal["root", "layer", "setting", "units", "unit", "bias", "weights", "weight"]


class Row(NamedTuple):
    """One line of the outline."""

    kind: Kind
    """`units` and `weights` are groups of many."""
    key: int = 0
    """`INPUT_ID`, the id of a layer, or `OUTPUT_ID`."""
    unit: int = -1
    """The neuron; of a group of neurons the first."""
    source: int = -1
    """Where a weight comes from; of a group of weights the first."""
    option: str = ""
    """What is set: "units", "rate", "span" or `ACTIVATION`."""


ROOT = Row("root")


class ColumnShape(NamedTuple):
    """What there is of one column of the network."""

    key: int
    units: int
    sources: int
    """How many weights arrive at each neuron; 0 where there are none to be set."""
    settings: tuple[str, ...]


class Shape:
    """The rows there are for the network of a mirror; equal as long as they are the same."""

    def __init__(self, mirror: Mirror) -> None:
        spec, network = mirror.spec, mirror.network
        parts = network.split(network.parameters)
        self.columns = [ColumnShape(INPUT_ID, network.inputs, 0, ())]
        for index, layer in enumerate(network.layers):
            own = parts[index]
            sources = own.weights.shape[1] if isinstance(own, Parameters) else 0
            hidden = spec.layers[index] if index < len(spec.layers) else None
            key = hidden.id if hidden is not None else OUTPUT_ID
            self.columns.append(ColumnShape(key, layer.units, sources, _settings(hidden)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Shape) and self.columns == other.columns

    __hash__ = None  # type: ignore[assignment]  # nobody keeps them in a set

    @cached_property
    def places(self) -> dict[int, int]:
        """Which column, counted from the input, has a key."""
        return {column.key: place for place, column in enumerate(self.columns)}

    def has(self, row: Row) -> bool:
        """Whether there is this row."""
        column = self._column(row)
        if column is None or row.unit >= column.units or row.source >= column.sources:
            return row.kind == "root"
        return row in self.children(self.parent(row))

    def column_of(self, key: int) -> int:
        """The place of a column, counted from the input."""
        return self.places[key]

    def has_children(self, row: Row) -> bool:
        """Whether anything stands below a row; quicker than asking what."""
        if row.kind == "unit":
            return self.columns[self.places[row.key]].sources > 0
        return row.kind in ("root", "layer", "units", "weights")

    def children(self, row: Row) -> list[Row]:
        """What stands below a row, in order."""
        if row.kind == "root":
            return [Row("layer", column.key) for column in self.columns]
        column = self.columns[self.places[row.key]]
        if row.kind == "layer":
            settings = [Row("setting", column.key, option=option) for option in column.settings]
            return settings + self._units(column)
        if row.kind == "units":
            last = min(row.unit + CHUNK, column.units)
            return [Row("unit", column.key, unit) for unit in range(row.unit, last)]
        if row.kind == "unit" and column.sources:
            return [Row("bias", column.key, row.unit), *self._weights(column, row.unit)]
        if row.kind == "weights":
            last = min(row.source + CHUNK, column.sources)
            return [Row("weight", column.key, row.unit, source) for source in range(row.source, last)]
        return []

    def parent(self, row: Row) -> Row:
        """What a row stands below."""
        column = self.columns[self.places[row.key]] if row.kind != "root" else None
        if row.kind in ("setting", "units") or (column is not None and row.kind == "unit" and column.units <= CHUNK):
            return Row("layer", row.key)
        if row.kind == "unit":
            return Row("units", row.key, row.unit - row.unit % CHUNK)
        if row.kind == "weight" and column is not None and column.sources > CHUNK:
            return Row("weights", row.key, row.unit, row.source - row.source % CHUNK)
        return Row("unit", row.key, row.unit) if row.kind in ("bias", "weight", "weights") else ROOT

    def size(self, row: Row) -> int:
        """How many a group holds."""
        column = self.columns[self.places[row.key]]
        first, count = (row.unit, column.units) if row.kind == "units" else (row.source, column.sources)
        return min(CHUNK, count - first)

    def _column(self, row: Row) -> ColumnShape | None:
        place = self.places.get(row.key) if row.kind != "root" else None
        return self.columns[place] if place is not None else None

    @staticmethod
    def _units(column: ColumnShape) -> list[Row]:
        if column.units > CHUNK:
            return [Row("units", column.key, first) for first in range(0, column.units, CHUNK)]
        return [Row("unit", column.key, unit) for unit in range(column.units)]

    @staticmethod
    def _weights(column: ColumnShape, unit: int) -> list[Row]:
        if column.sources > CHUNK:
            return [Row("weights", column.key, unit, first) for first in range(0, column.sources, CHUNK)]
        return [Row("weight", column.key, unit, source) for source in range(column.sources)]


def _settings(layer: Layer | None) -> tuple[str, ...]:
    """What can be set of a hidden layer, or (None) of the output, in a row of its own."""
    if layer is None:
        return (ACTIVATION,)
    options = nn.Layer.named(layer.kind).options
    return tuple(option for option in (*NUMBERS, ACTIVATION) if option in options)
