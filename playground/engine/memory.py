"""What layers have learned, kept through edits of the experiment and their undoing."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import Literal, NamedTuple

import numpy as np

import nncore as nn
from nncore.layers import Parameters
from playground.document.spec import OUTPUT_ID, Spec
from playground.engine.assigning import ByHand

Kind = Literal["parameters", "statistics"]
"""What a flat vector is laid out like."""


class Source(NamedTuple):
    """Where a column of a layer's block comes from, or several that stay together."""

    key: Hashable
    width: int = 1


BIAS = Source("bias")


class Memory:
    """Remembers vectors laid out like a network's parameters or statistics, by layer, unit and source of each input.

    A column of a layer's block is known by what arrives through it: a feature's name, or the id of a layer and the
    unit in it. So a weight finds its place again when units or layers come and go around it, and a layer that was
    removed comes back, by undo, with what it knew. The inputs of measured samples, which may be thousands, go
    together. One memory holds one vector of each kind.
    """

    def __init__(self) -> None:
        self._columns: dict[Hashable, dict[Source, np.ndarray]] = {}
        self._order: dict[Hashable, list[Source]] = {}

    def remember(self, spec: Spec, network: nn.Network, flat: np.ndarray, kind: Kind = "parameters") -> None:
        """Keep `flat`, (n_parameters,) or (n_statistics,), as the newest; units that are away keep their last."""
        for layer_id, sources, block in _blocks(spec, network, flat, kind):
            known = self._columns.setdefault((kind, layer_id), {})
            self._order[kind, layer_id] = sources
            for source, columns in _columns_of(sources, block):
                rows = columns.copy()
                if len(known.get(source, ())) > len(rows):
                    known[source][: len(rows)] = rows
                else:
                    known[source] = rows

    def recall(self, spec: Spec, network: nn.Network, flat: np.ndarray, kind: Kind = "parameters") -> None:
        """Write what is remembered into `flat`, in place; the rest of it stays as it is."""
        for layer_id, sources, block in _blocks(spec, network, flat, kind):
            for index, (_, columns) in enumerate(_columns_of(sources, block)):
                known = self._find((kind, layer_id), sources, index)
                if known is not None:
                    count = min(len(known), len(columns))
                    columns[:count] = known[:count]

    def _find(self, place: Hashable, sources: list[Source], index: int) -> np.ndarray | None:
        """The values for a column: those of the same source, or else of the source that stood in this place."""
        columns = self._columns.get(place, {})
        if sources[index] in columns:
            return columns[sources[index]]
        before = self._order.get(place, [])
        if index < len(before) and before[index] not in sources and before[index].width == sources[index].width:
            return columns[before[index]]
        return None


class Past:
    """Where the training of one experiment stands: it can be left for another one, and gone back to."""

    def __init__(self) -> None:
        self._memories: dict[str, Memory] = {}
        self._counters: dict[str, np.ndarray] = {}
        self._epochs = self._steps = 0
        self.by_hand = ByHand((), frozenset())
        """What had been set by hand when it was left."""
        self.seconds = 0.0
        """How long it had been trained."""

    def remember(self, spec: Spec, trainer: nn.Trainer, by_hand: ByHand) -> None:
        """Keep what a trainer of this spec has come to."""
        self._epochs, self._steps, self.by_hand = trainer.epochs, trainer.steps, by_hand
        # What another optimizer had is no use any more: the weights have moved on without it. Statistics are not of it.
        self._memories = {
            name: memory for name, memory in self._memories.items() if name in trainer.arrays or name == "statistics"
        }
        self._counters.clear()
        for name, array in trainer.arrays.items():
            if array.ndim == 0:
                self._counters[name] = array.copy()
            else:
                self._memories.setdefault(name, Memory()).remember(spec, trainer.network, array, _kind_of(name))

    def recall(self, spec: Spec, trainer: nn.Trainer) -> None:
        """Let a new trainer of this spec go on from there: as many of its numbers as were remembered."""
        trainer.count_from(steps=self._steps, epochs=self._epochs)
        for name, array in trainer.arrays.items():
            if name in self._counters:
                array[...] = self._counters[name]
            elif name in self._memories:
                self._memories[name].recall(spec, trainer.network, array, _kind_of(name))
        self._drop_carried(trainer)

    def _drop_carried(self, trainer: nn.Trainer) -> None:
        """Let nothing wait of more samples than there are now: a trainer would not be restored to that."""
        waiting = trainer.arrays.get("carried_samples")
        if waiting is not None and waiting > len(trainer.X):
            trainer.arrays["carried"].fill(0)
            waiting.fill(0)


def _kind_of(name: str) -> Kind:
    """How one of a trainer's arrays is laid out."""
    return "statistics" if name == "statistics" else "parameters"


def _columns_of(sources: list[Source], block: np.ndarray) -> Iterator[tuple[Source, np.ndarray]]:
    """The columns of each source, (rows, width), as views of the block."""
    start = 0
    for source in sources:
        yield source, block[:, start : start + source.width]
        start += source.width


def _blocks(
    spec: Spec, network: nn.Network, flat: np.ndarray, kind: Kind
) -> Iterator[tuple[int, list[Source], np.ndarray]]:
    """(layer id, source of the columns, block as a view of `flat`) of every layer that has numbers of this kind.

    The rows of a block are units or, for a layer that normalises, gain and shift, or mean and variance.
    """
    arriving = [Source(name) for name in spec.features]
    if not spec.is_plane:
        arriving = [Source(("inputs", spec.data.dataset, spec.dataset.label), spec.n_inputs)]
    ids = [*(layer.id for layer in spec.layers), OUTPUT_ID]
    start = 0
    for layer_id, layer in zip(ids, network.layers, strict=True):
        is_dense = isinstance(layer.split(network.parameters), Parameters)
        if kind == "statistics":
            until = start + layer.n_statistics(layer.inputs)
            if until > start:
                yield layer_id, arriving, flat[start:until].reshape(-1, layer.inputs)
            start = until
        elif layer.slice.stop > layer.slice.start:
            yield layer_id, [*arriving, BIAS] if is_dense else arriving, layer.shaped(flat)
        if is_dense:
            arriving = [Source((layer_id, unit)) for unit in range(layer.units)]
