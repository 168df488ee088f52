"""What layers have learned, kept through edits of the experiment and their undoing."""

from __future__ import annotations

from collections.abc import Hashable, Iterator

import numpy as np

import nncore as nn
from playground.document.spec import OUTPUT_ID, Spec

BIAS = "bias"


class Memory:
    """Remembers vectors laid out like a network's parameters, by layer, unit and source of each input.

    A column of a layer's block is known by what arrives through it: a feature's name, or the id of a layer and the
    unit in it. So a weight finds its place again when units or layers come and go around it, and a layer that was
    removed comes back, by undo, with what it knew. One memory holds one kind of vector: parameters, or a moment.
    """

    def __init__(self) -> None:
        self._columns: dict[int, dict[Hashable, np.ndarray]] = {}
        self._order: dict[int, list[Hashable]] = {}

    def remember(self, spec: Spec, network: nn.Network, flat: np.ndarray) -> None:
        """Keep `flat`, (n_parameters,), as the newest values; units that are away at present keep their last."""
        for layer_id, keys, block in _blocks(spec, network, flat):
            known = self._columns.setdefault(layer_id, {})
            self._order[layer_id] = keys
            for key, column in zip(keys, block.T, strict=True):
                rows = column.copy()
                if len(known.get(key, ())) > len(rows):
                    known[key][: len(rows)] = rows
                else:
                    known[key] = rows

    def recall(self, spec: Spec, network: nn.Network, flat: np.ndarray) -> None:
        """Write what is remembered into `flat`, (n_parameters,), in place; the rest of it stays as it is."""
        for layer_id, keys, block in _blocks(spec, network, flat):
            for index in range(len(keys)):
                known = self._find(layer_id, keys, index)
                if known is not None:
                    count = min(len(known), len(block))
                    block[:count, index] = known[:count]

    def _find(self, layer_id: int, keys: list[Hashable], index: int) -> np.ndarray | None:
        """The values for a column: those of the same source, or else of the source that stood in this place."""
        columns = self._columns.get(layer_id, {})
        if keys[index] in columns:
            return columns[keys[index]]
        before = self._order.get(layer_id, [])
        if index < len(before) and before[index] not in keys:
            return columns[before[index]]
        return None


class Past:
    """Where the training of one experiment stands: it can be left for another one, and gone back to."""

    def __init__(self) -> None:
        self._memories: dict[str, Memory] = {}
        self._counters: dict[str, np.ndarray] = {}
        self._epochs = self._steps = 0

    def remember(self, spec: Spec, trainer: nn.Trainer) -> None:
        """Keep what a trainer of this spec has come to."""
        self._epochs, self._steps = trainer.epochs, trainer.steps
        # What another optimizer had is no use any more: the weights have moved on without it.
        self._memories = {name: memory for name, memory in self._memories.items() if name in trainer.arrays}
        self._counters.clear()
        for name, array in trainer.arrays.items():
            if array.ndim == 0:
                self._counters[name] = array.copy()
            else:
                self._memories.setdefault(name, Memory()).remember(spec, trainer.network, array)

    def recall(self, spec: Spec, trainer: nn.Trainer) -> None:
        """Let a new trainer of this spec go on from there: as many of its numbers as were remembered."""
        trainer.epochs, trainer.steps = self._epochs, self._steps
        for name, array in trainer.arrays.items():
            if name in self._counters:
                array[...] = self._counters[name]
            elif name in self._memories:
                self._memories[name].recall(spec, trainer.network, array)


def _blocks(spec: Spec, network: nn.Network, flat: np.ndarray) -> Iterator[tuple[int, list[Hashable], np.ndarray]]:
    """(layer id, key of each column, block as a view of `flat`) of every layer that has parameters."""
    arriving: list[Hashable] = list(spec.features)
    ids = [*(layer.id for layer in spec.layers), OUTPUT_ID]
    for layer_id, layer in zip(ids, network.layers, strict=True):
        if layer.slice.stop > layer.slice.start:
            yield layer_id, [*arriving, BIAS], layer.shaped(flat)
            arriving = [(layer_id, unit) for unit in range(layer.units)]
