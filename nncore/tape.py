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

    Every buffer has a name, by which an explanation or an exported script speaks of it: the one its maker gives, with
    the number of the layer behind it. Slices, transposes and reshaped parts of a named array need none.

    Parameters
    ----------
    batch
        Samples per step.
    dtype
        Of every buffer.
    rng
        Where layers that are random draw from. None makes a tape for prediction: nothing on it is random, and
        normalisation goes by running statistics.
    """

    def __init__(self, batch: int, dtype: np.dtype | str, rng: np.random.Generator | None = None) -> None:
        self.batch = batch
        self.dtype = np.dtype(dtype)
        self.rng = rng
        self.ops: list[Op] = []
        self.names: dict[str, np.ndarray] = {}
        """Every named array, in the order of naming."""
        self.constants: dict[int, np.ndarray] = {}
        """The arrays that `constant` made, by id: all their elements are the same and stay so."""
        self._phase = "forward"
        self._layer: int | None = None

    @property
    def trains(self) -> bool:
        """Whether this is a tape for training, where some layers do something else than in prediction."""
        return self.rng is not None

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

    def name(self, array: np.ndarray, name: str) -> np.ndarray:
        """Give an array a name, made unique by the number of the layer and, should that not do, another number."""
        base = name if self._layer is None else f"{name}{self._layer + 1}"
        full, count = base, 1
        while full in self.names:
            count += 1
            full = f"{base}_{count}"
        self.names[full] = array
        return array

    def array(self, shape: tuple[int, ...], name: str, dtype: np.dtype | type | None = None) -> np.ndarray:
        """A buffer of any shape, zero until the tape runs."""
        return self.name(np.zeros(shape, self.dtype if dtype is None else dtype), name)

    def empty(self, units: int, name: str) -> np.ndarray:
        """A buffer of shape (units, batch), zero until the tape runs."""
        return self.array((units, self.batch), name)

    def columns(self, units: int, name: str = "A") -> Columns:
        """A buffer for a layer's output, its row of ones filled in."""
        columns = Columns.of(np.ones((units + 1, self.batch), self.dtype))
        self.name(columns.with_ones, name)
        return columns

    def constant(self, value: float, like: np.ndarray, dtype: np.dtype | type | None = None) -> np.ndarray:
        """A constant operand for elementwise calls on arrays shaped like `like`, in the form that is fastest there."""
        return self.full(value, like.shape if like.size <= SMALL else (), dtype)

    def full(self, value: float, shape: tuple[int, ...], dtype: np.dtype | type | None = None) -> np.ndarray:
        """A constant operand that is of this shape at any size.

        Minimum and maximum are slow with a scalar operand: 10 µs, not 2, at (256, 128) in float32.
        """
        number = rounded(value, self.dtype if dtype is None else np.dtype(dtype))
        made = np.full(shape, number)
        self.constants[id(made)] = made
        return made

    def program(self, *phases: str) -> Program:
        """The calls of these phases (of all, if none is named), in order, ready to run."""
        return [(op.function, op.args) for op in self.ops if not phases or op.phase in phases]

    def __str__(self) -> str:
        return "\n".join(str(op) for op in self.ops)


def rounded(value: float, dtype: np.dtype) -> np.generic:
    """A number in a precision; ValueError if it has no number for it but infinity, or zero."""
    with np.errstate(over="ignore", under="ignore"):
        number = dtype.type(value)
    if np.isfinite(number) != np.isfinite(value) or bool(number) != bool(value):
        raise ValueError(f"{value!r} is too {'small' if not number else 'large'} for {dtype}: it would be {number}")
    return number


def run(program: Program) -> None:
    """Execute a program once. This loop is the whole training step."""
    for function, args in program:
        function(*args)
