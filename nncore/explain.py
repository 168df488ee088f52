"""The tape as data: for each op its phase, layer, formula, and the names and shapes of what it reads and writes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import zip_longest
from typing import Any, NamedTuple

import numpy as np

from nncore.tape import Op, Program, Tape

KEYWORDS = {"reduce": ("", "axis", "dtype", "out", "keepdims"), "random": ("size", "dtype", "out")}
"""What the arguments of calls are called that take more than operands and a result: so one can read the call."""


class Operand(NamedTuple):
    """What an op reads or writes."""

    name: str
    """What formulas, explanations and exported scripts call it; a constant's name is its value."""
    array: np.ndarray
    """The live buffer: look at it between two ops; do not change it."""
    is_constant: bool = False
    """Whether it is a number that is the same for every element, and stays so."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Its shape; of a constant, that of a single number."""
        return () if self.is_constant else self.array.shape


class ExplainedOp(NamedTuple):
    """One call of a step."""

    phase: str
    """`forward`, `loss`, `backward` or `update`."""
    layer: int | None
    """Index of the layer, or None where the op belongs to the whole network."""
    formula: str
    """What it computes, in the symbols of the layer: X its input, Z its logits, A its output, dZ the gradient for Z."""
    call: str
    """The same as Python, in the names of the operands."""
    reads: tuple[Operand, ...]
    """What it reads, in the order of the call."""
    result: Operand
    """What it writes; it may be one of those it reads."""

    @property
    def operands(self) -> tuple[Operand, ...]:
        """All it touches, the result last."""
        return (*(operand for operand in self.reads if operand.array is not self.result.array), self.result)

    def as_dict(self) -> dict[str, Any]:
        """The same without the buffers, as plain values: names and shapes."""
        reads = [{"name": operand.name, "shape": list(operand.shape)} for operand in self.reads]
        result = {"name": self.result.name, "shape": list(self.result.shape)}
        return {**self._asdict(), "reads": reads, "result": result}

    def __str__(self) -> str:
        place = "network" if self.layer is None else f"layer {self.layer + 1}"
        return f"{self.phase:<9}{place:<9}{self.formula:<34}  {self.call}"


class Names:
    """Says what the arrays of a tape are called: by their own name, or as a part of one that has a name.

    Parameters
    ----------
    tape
        The tape whose arrays are asked for.
    """

    def __init__(self, tape: Tape) -> None:
        self._constants = tape.constants
        # The smallest array that holds another one says best what it is: `W2.T` rather than a part of all parameters.
        # Of two that are equally large, that is the one named last: a layer's, in a network that has no other.
        by_size = sorted(tape.names.items(), key=lambda item: -item[1].nbytes)
        self._named = dict(reversed(by_size))
        self._exact = {key_of(array): name for name, array in reversed(tape.names.items())}

    def of(self, array: np.ndarray) -> str:
        """A Python expression for `array`, such as `A1[:4]` or `W2.T`.

        Raises
        ------
        LookupError
            If it is neither named, nor a constant, nor a part of a named array that can be said.
        """
        if id(array) in self._constants:
            return _number(array.flat[0])
        name = self.named(array) or "".join(self.part(array) or ())
        if not name:
            raise LookupError(f"an array of shape {array.shape} on the tape has no name")
        return name

    def operand(self, array: np.ndarray) -> Operand:
        """An array with its name."""
        return Operand(self.of(array), array, id(array) in self._constants)

    def named(self, array: np.ndarray) -> str | None:
        """The name that `array` itself has, if it has one."""
        return self._exact.get(key_of(array))

    def part(self, array: np.ndarray) -> tuple[str, str] | None:
        """Another array that has a name, and what makes `array` of it: `("A1", "[:4]")`."""
        itself = self.named(array)
        for name, whole in self._named.items():
            if name != itself and np.may_share_memory(array, whole):
                for suffix, view in _views(whole, array):
                    if key_of(view) == key_of(array):
                        return name, suffix
        return None


def key_of(array: np.ndarray) -> tuple[Any, ...]:
    """Equal for arrays that are the same view of the same memory; strides along axes of length 1 mean nothing."""
    strides = tuple(s for s, n in zip(array.strides, array.shape, strict=True) if n > 1)
    return array.__array_interface__["data"][0], array.shape, strides, array.dtype


def _views(whole: np.ndarray, part: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
    """Views of `whole` that `part` may be, with the expressions that make them."""
    yield ".T", whole.T
    if whole.ndim == 1 and part.ndim > 1:
        yield "[:, None]", whole[:, None]
    for turned, suffix in ((whole, ""), (whole.T, ".T")):
        if not turned.ndim or not turned.strides[0]:
            continue
        offset = part.__array_interface__["data"][0] - turned.__array_interface__["data"][0]
        start = offset // turned.strides[0]
        if turned.ndim > 1 and 0 <= start < len(turned):
            yield f"{suffix}[{start}]", turned[start]
            yield f"{suffix}[{start}][:, None]", turned[start][:, None]
        length = part.size if turned.ndim == 1 else len(part) if part.ndim else 0
        stop = start + length
        piece = turned[start:stop]
        text = f"{suffix}[{start or ''}:{'' if stop == len(turned) else stop}]"
        yield text, piece
        if turned.ndim == 1 and piece.size == part.size and part.ndim > 1:
            yield f"{text}.reshape{part.shape}", piece.reshape(part.shape)
            yield f"{text}.reshape{part.shape[::-1]}.T", piece.reshape(part.shape[::-1]).T


def _number(value: float | np.generic) -> str:
    """The shortest text that is this number in its own precision."""
    text = str(value)
    return text.removesuffix(".0")


def explained(op: Op, names: Names) -> ExplainedOp:
    """An op of a tape with the names of all it touches."""
    read = {id(array): names.operand(array) for array in arrays_of(op) if reads(op, array)}
    return ExplainedOp(
        op.phase, op.layer, op.says, call_of(op, names), tuple(read.values()), names.operand(written(op))
    )


def reads(op: Op, array: np.ndarray) -> bool:
    """Whether an op reads this array of its, rather than only writing to it."""
    if array is not written(op) or op.function is np.putmask:
        return True
    return sum(argument is array for argument in op.args) > 1


def arrays_of(op: Op) -> list[np.ndarray]:
    """Every array an op touches."""
    function, keywords = _unwrapped(op.function)
    owner = getattr(function, "__self__", None)
    found = [owner, *op.args, *keywords.values()]
    return [array for array in found if isinstance(array, np.ndarray)]


def _unwrapped(function: Callable[..., Any]) -> tuple[Callable[..., Any], dict[str, Any]]:
    return (function.func, dict(function.keywords)) if isinstance(function, partial) else (function, {})


def written(op: Op) -> np.ndarray:
    """The array that an op writes to."""
    function, keywords = _unwrapped(op.function)
    owner = getattr(function, "__self__", None)
    if "out" in keywords:
        return keywords["out"]
    if isinstance(owner, np.ndarray) and function.__name__ in ("__setitem__", "fill"):
        return owner
    if function is np.putmask or function is np.copyto:
        return op.args[0]
    return [array for array in op.args if isinstance(array, np.ndarray)][-1]


def call_of(op: Op, names: Names) -> str:
    """An op as a line of Python; the generator it draws from is called `rng`, the precision `dtype`."""
    function, keywords = _unwrapped(op.function)
    owner = getattr(function, "__self__", None)
    args = [_argument(value, names) for value in op.args]
    if isinstance(owner, np.ndarray) and function.__name__ == "__setitem__":
        return f"{names.of(owner)}[{args[0]}] = {args[1]}"
    words = KEYWORDS.get(function.__name__, ())
    args = [f"{word}={arg}" if word else arg for arg, word in zip_longest(args, words[: len(args)], fillvalue="")]
    args = [arg for arg in args if arg not in ("dtype=None", "size=None")]
    args += [f"{key}={_argument(value, names)}" for key, value in keywords.items()]
    return f"{_function_name(function, owner, names)}({', '.join(args)})"


def _function_name(function: Callable[..., Any], owner: object, names: Names) -> str:
    name = function.__name__
    if isinstance(owner, np.ndarray):
        return f"{names.of(owner)}.{name}"
    if isinstance(owner, np.random.Generator):
        return f"rng.{name}"
    if isinstance(owner, np.ufunc):
        return f"np.{owner.__name__}.{name}"
    return f"np.{name}"


def _argument(value: object, names: Names) -> str:
    if isinstance(value, np.ndarray):
        return names.of(value)
    if value is Ellipsis:
        return "..."
    if isinstance(value, np.dtype) or (isinstance(value, type) and issubclass(value, np.generic)):
        return f"np.{np.dtype(value).name}"
    return _number(value) if isinstance(value, float) else repr(value)


class Walk(Sequence[ExplainedOp]):
    """The next step of a trainer as a sequence of its ops, which can be run one by one.

    Made by `Trainer.explain`. Once all are run the step is taken, just as if by `Trainer.step`. Where gradients of
    samples that are left over wait for the next epoch, the pass that computes them follows the last update of an epoch.

    Parameters
    ----------
    tapes
        Of the step.
    begin
        Called before an op is run.
    finish
        Called after the last.

    Attributes
    ----------
    position
        How many ops have been run.
    undone
        Whether what was run has been undone, as the trainer was asked for something else meanwhile.
    """

    def __init__(self, tapes: Sequence[Tape], begin: Callable[[], None], finish: Callable[[], None]) -> None:
        self._ops: list[ExplainedOp] = []
        self._calls: Program = []
        for tape in tapes:
            names = Names(tape)
            self._ops += [explained(op, names) for op in tape.ops]
            self._calls += tape.program()
        self._begin, self._finish = begin, finish
        self.position = 0
        self.undone = False

    def __len__(self) -> int:
        return len(self._ops)

    def __getitem__(self, index):  # type: ignore[override]  # a slice gives a list
        return self._ops[index]

    def run_next(self) -> ExplainedOp:
        """Run the next op and give it back.

        Raises
        ------
        IndexError
            If all of them have been run.
        RuntimeError
            If the trainer has gone on otherwise since `explain`.
        NotFiniteError
            From the last op, if the step led out of the finite numbers: nothing of it is kept then.
        """
        if self.position == len(self):
            raise IndexError("all ops of this step have been run; explain() gives the next step")
        self._begin()
        function, args = self._calls[self.position]
        with np.errstate(all="ignore"):
            function(*args)
        self.position += 1
        if self.position == len(self):
            self._finish()
        return self._ops[self.position - 1]

    def run_rest(self) -> None:
        """Run what is left of the step."""
        while self.position < len(self):
            self.run_next()

    def __str__(self) -> str:
        return "\n".join(map(str, self._ops))
