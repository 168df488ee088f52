"""The tape: one training step as a list of in-place NumPy calls, each with the formula it computes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import numpy as np

Program = list[tuple[Callable[..., Any], tuple[Any, ...]]]
"""What is left of a tape when it runs: calls and their bound arguments."""

SMALL = 4096
"""Up to this many elements a same-shape constant is faster than a scalar operand; beyond, memory traffic decides."""


class Op(NamedTuple):
    """One call on the tape."""

    function: Callable[..., Any]
    args: tuple[Any, ...]
    says: str
    """The formula, in the symbols of the layer: X its input, Z its logits, A its output, dZ the loss gradient for Z."""
    phase: str
    """`forward`, `loss`, `backward` or `update`."""
    layer: int | None
    """Index of the layer, or None where the op belongs to the whole network."""

    def __str__(self) -> str:
        place = "network" if self.layer is None else f"layer {self.layer + 1}"
        return f"{self.phase:<9}{place:<9}{self.says}"


class Columns(NamedTuple):
    """A batch inside the network: samples are columns, and a last row of ones carries the biases."""

    with_ones: np.ndarray
    """(units + 1, batch)"""
    values: np.ndarray
    """(units, batch): a view without the row of ones."""
    rows: np.ndarray
    """(batch, units + 1): `with_ones`, transposed."""

    @classmethod
    def of(cls, with_ones: np.ndarray) -> Columns:
        """The views of an array (units + 1, batch) whose last row is one already."""
        return cls(with_ones, with_ones[:-1], with_ones.T)


class Tape:
    """Records the calls of one step for one batch size, with all their buffers.

    Parameters
    ----------
    batch
        Samples per step.
    dtype
        Of every buffer.
    rng
        Where layers that are random draw from. None makes a tape for prediction: nothing on it is random.
    """

    def __init__(self, batch: int, dtype: np.dtype, rng: np.random.Generator | None = None) -> None:
        self.batch = batch
        self.dtype = np.dtype(dtype)
        self.rng = rng
        self.ops: list[Op] = []
        self._phase = "forward"
        self._layer: int | None = None

    def __call__(self, function: Callable[..., Any], *args: Any, says: str) -> None:
        """Record `function(*args)`; one of the arguments is the buffer it writes to."""
        self.ops.append(Op(function, args, says, self._phase, self._layer))

    @contextmanager
    def at(self, phase: str, layer: int | None = None) -> Iterator[None]:
        """Everything recorded inside belongs to this phase and layer."""
        before = self._phase, self._layer
        self._phase, self._layer = phase, layer
        try:
            yield
        finally:
            self._phase, self._layer = before

    def empty(self, units: int) -> np.ndarray:
        """A buffer of shape (units, batch), zero until the tape runs."""
        return np.zeros((units, self.batch), self.dtype)

    def columns(self, units: int) -> Columns:
        """A buffer for a layer's output, its row of ones filled in."""
        return Columns.of(np.ones((units + 1, self.batch), self.dtype))

    def constant(self, value: float, like: np.ndarray) -> np.ndarray:
        """A constant operand for elementwise calls on arrays shaped like `like`, in the form that is fastest there."""
        return np.full(like.shape if like.size <= SMALL else (), value, self.dtype)

    def program(self, *phases: str) -> Program:
        """The calls of these phases (of all, if none is named), in order, ready to run."""
        return [(op.function, op.args) for op in self.ops if not phases or op.phase in phases]

    def __str__(self) -> str:
        return "\n".join(str(op) for op in self.ops)


def run(program: Program) -> None:
    """Execute a program once. This loop is the whole training step."""
    for function, args in program:
        function(*args)
