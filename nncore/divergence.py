"""Where did training leave the finite numbers? The first bad step is run again, op by op, and traced back."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from nncore.explain import Names, call_of, reads, written
from nncore.tape import Op, Program, Tape, run


class NotFiniteError(ArithmeticError):
    """A training step led out of the finite numbers; the trainer stands where it stood before that step.

    Looked at are the numbers that training goes on from: parameters, running statistics, moments. The loss of outputs
    that are large but finite may be infinite a few steps earlier.

    Attributes
    ----------
    step
        How many steps were good.
    epoch
        Whole epochs before it.
    layer
        Index of the layer where it began, or None for an op of the whole network.
    hit
        Index of the first layer that has numbers that are not finite in the end; None if there is none.
    formula, call
        The op where it began, as mathematics and as Python.
    """

    def __init__(
        self, message: str, *, step: int, epoch: int, layer: int | None, hit: int | None, formula: str, call: str
    ) -> None:
        super().__init__(message)
        self.step, self.epoch, self.layer, self.hit = step, epoch, layer, hit
        self.formula, self.call = formula, call

    @classmethod
    def of(
        cls, op: Op | None, tape: Tape, *, step: int, epoch: int, layers: Sequence[str], hit: int | None = None
    ) -> NotFiniteError:
        """The error for an op of a tape; None is for what was not finite before the step. `layers` are their names."""
        layer = None if op is None else op.layer
        if op is None:
            where = "the network was not finite before the step"
        else:
            place = f"the {op.phase}" if layer is None else f"layer {layer + 1} ({layers[layer]}), {op.phase}"
            where = f"{place}: {op.says} is not finite any more"
        message = f"step {step + 1} (epoch {epoch + 1}): {where}; nothing of that step was kept"
        formula, call = ("", "") if op is None else (op.says, call_of(op, Names(tape)))
        return cls(message, step=step, epoch=epoch, layer=layer, hit=hit, formula=formula, call=call)

    def __reduce__(self):
        state = {key: self.__dict__[key] for key in ("step", "epoch", "layer", "hit", "formula", "call")}
        return _rebuild, (self.args[0], state)


def _rebuild(message: str, state: dict[str, object]) -> NotFiniteError:
    return NotFiniteError(message, **state)  # type: ignore[arg-type]


class Checkpoint:
    """A place to go back to: copies of the arrays that training goes on from, in memory that is allocated once.

    Parameters
    ----------
    arrays
        The live arrays, contiguous.
    rng
        The generator that is drawn from.
    """

    def __init__(self, arrays: Sequence[np.ndarray], rng: np.random.Generator) -> None:
        self._arrays, self._rng = arrays, rng
        self._copies = [array.copy() for array in arrays]
        self._flat = [array.reshape(-1) for array in arrays if array.dtype.kind == "f" and array.size]
        pairs = list(zip(self._arrays, self._copies, strict=True))
        self._save: Program = [(saved.__setitem__, (..., live)) for live, saved in pairs]
        self._go_back: Program = [(live.__setitem__, (..., saved)) for live, saved in pairs]
        self._rng_state: Any = None

    def save(self) -> None:
        """Make this the place to go back to."""
        run(self._save)
        self._rng_state = self._rng.bit_generator.state

    def go_back(self) -> None:
        """Make everything as it was."""
        run(self._go_back)
        self._rng.bit_generator.state = self._rng_state

    @property
    def is_finite(self) -> bool:
        """Whether all live numbers are finite."""
        # A product with itself is far cheaper than a look at each element; it may overflow though all are finite.
        return all(math.isfinite(array.dot(array)) or np.isfinite(array).all() for array in self._flat)

    def first_wrong(self, size: int) -> int | None:
        """The first place at which one of the arrays of so many numbers is not finite; None if there is none."""
        places = (np.flatnonzero(~np.isfinite(array)) for array in self._flat if array.size == size)
        return min((int(place[0]) for place in places if len(place)), default=None)

    def origin(self, tape: Tape) -> Op | None:
        """Run a tape, and find the op where what is wrong in the end began: see `origin`."""
        return origin(tape, self._flat)


def origin(tape: Tape, arrays: Sequence[np.ndarray]) -> Op | None:
    """Run a tape's ops, and find the one whose result is the first not finite cause of what is wrong in the end.

    A number that is not finite may come and go within a step, as exp(−z) does in a sigmoid far out: so the way goes
    back from what is wrong in the end, from each op to that of its operands that was wrong, as long as there is one.

    Parameters
    ----------
    tape
        Loaded with the batch of the bad step.
    arrays
        What training goes on from.

    Returns
    -------
    Op or None
        None if nothing is wrong in the end, or something was before the tape ran.
    """
    if not all(np.isfinite(array).all() for array in arrays):
        return None
    results: list[tuple[np.ndarray, bool]] = []
    for op in tape.ops:
        op.function(*op.args)
        result = written(op)
        results.append((result, bool(np.isfinite(result).all())))
    wrong = next((array for array in arrays if not np.isfinite(array).all()), None)
    found, end = None, len(tape.ops)
    while wrong is not None:
        index = _last_write(results, wrong, end)
        if index is None:
            return found
        found, end = tape.ops[index], index
        wrong = _wrong_operand(found, results, index)
    return found


def _last_write(results: Sequence[tuple[np.ndarray, bool]], array: np.ndarray, end: int) -> int | None:
    """The last op before `end` that wrote something not finite into this memory; None if all of it was fine then."""
    for index in range(end - 1, -1, -1):
        result, is_finite = results[index]
        if np.may_share_memory(result, array):
            if not is_finite:
                return index
            if _covers(result, array):
                return None
    return None


def _covers(one: np.ndarray, other: np.ndarray) -> bool:
    """Whether the memory of one contiguous array holds all of another's."""
    first, second = (array.__array_interface__["data"][0] for array in (one, other))
    return first <= second and second + other.nbytes <= first + one.nbytes


def _wrong_operand(op: Op, results: Sequence[tuple[np.ndarray, bool]], index: int) -> np.ndarray | None:
    """An operand of the op that was not finite when it ran."""
    owner = getattr(op.function, "__self__", None)
    arrays = [operand for operand in (owner, *op.args) if isinstance(operand, np.ndarray) and operand.dtype.kind == "f"]
    wrong = (array for array in arrays if reads(op, array) and _last_write(results, array, index) is not None)
    return next(wrong, None)
