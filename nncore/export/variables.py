"""The arrays of several tapes as the variables of one script: their names, and the statements that make them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import numpy as np

from nncore.explain import Names, arrays_of, call_of, key_of
from nncore.export.text import Tail
from nncore.tape import Op, Tape

ROWS = {
    "moments": ("mean", "variance"),
    "running": ("running_mean", "running_variance"),
    "gain_shift": ("gain", "shift"),
    "d_gain_shift": ("d_gain", "d_shift"),
}
"""What the two rows of an array are called that holds two numbers for each unit."""

OWN = {"np", "dtype", "rng", "mean", "scale", "order", "first_order", "X_train", "y_train", "losses", "epoch"}
OWN |= {"unpack", "step", "evaluate", "loss", "outputs", "predict", "batches", "train", "n", "rows", "targets"}
OWN |= {"X_test", "y_test", "features", "finite", "points", "x1", "x2", "score", "figures", "SHOWN"}
"""Names that the script uses itself."""

KEPT = ("carried", "carried_samples")
"""Arrays that stand on some tapes only, and are the same ones there."""

SAMPLES = ("X", "Y")
"""Arrays that samples and targets go into."""

PLACES = ("samples", "layer", "loss", "update")
"""Where an array may belong, in the order of the script."""

Place = tuple[str, int | None]
"""One of them, and the index of the layer."""


class _Times:
    """So many times the size of a batch that may be any, `n`, as an argument of a call."""

    def __init__(self, factor: float) -> None:
        self.factor = factor

    def __repr__(self) -> str:
        return "n" if self.factor == 1 else f"{self.factor:g} * n"


class Variables(Names):
    """What the arrays of all tapes added so far are called in the script.

    An array that stands on several tapes, such as the parameters, is one variable. Others have the name they have on
    their tape, and the suffix of the tape. Parts of arrays, such as `W2.T`, become variables too.

    Parameters
    ----------
    tail
        Where the numbers of large arrays go.
    dtype
        What the script calls `dtype`.
    """

    def __init__(self, tail: Tail, dtype: np.dtype) -> None:
        super().__init__(Tape(1, dtype))
        self._tail, self._dtype = tail, dtype
        self._variables: dict[tuple[Any, ...], str] = {}
        self._constants: dict[int, np.ndarray] = {}
        self._places: dict[str, Place | None] = {}
        self._single = False
        self._any: int | None = None
        self.of_batch: set[str] = set()
        """Variables whose shapes depend on a batch size that may be any."""

    def let_batch_be_any(self, batch: int) -> None:
        """Write `n` for this number in what comes: no other size on the tapes is the same."""
        self._any = batch

    def of(self, array: np.ndarray) -> str:
        if id(array) not in self._constants:
            return self._variables[key_of(array)]
        # Before 2.0, NumPy computes a Python number and a single float32 in float64.
        return f"dtype({super().of(array)})" if self._single else super().of(array)

    def call(self, op: Op) -> str:
        """An op as a statement of the script."""
        self._single = all(array.ndim == 0 and array.dtype == np.float32 for array in arrays_of(op))
        if self._any is not None:
            args = (_Times(value / self._any) if isinstance(value, float) else value for value in op.args)
            op = op._replace(args=tuple(args))
        return call_of(op, self)

    def parameters(self, tape: Tape, arrays: Iterable[np.ndarray]) -> list[str]:
        """Name arrays of a tape that the caller fills in, and give the statements that make them, full of zeros."""
        names = Names(tape)
        return [line for array in arrays for _, line in self._made(array, tape, names, "", None)]

    def statements(self, tape: Tape, suffix: str = "") -> dict[Place, list[str]]:
        """Name what the ops of a tape use.

        Parameters
        ----------
        tape
            Where the names are from; it must live as long as this does.
        suffix
            Of the names of arrays that no tape before had.

        Returns
        -------
        dict
            What makes these arrays, as far as nothing before has made them, by where they belong: samples first, then
            layer by layer, then loss and update.
        """
        names = Names(tape)
        groups: dict[Place, list[str]] = {}
        self._constants |= tape.constants
        for op in tape.ops:
            for place, line in self._used(op, tape, names, suffix):
                groups.setdefault(place, []).append(line)
        return dict(sorted(groups.items(), key=lambda item: (PLACES.index(item[0][0]), item[0][1] or 0)))

    def _used(self, op: Op, tape: Tape, names: Names, suffix: str) -> list[tuple[Place, str]]:
        """The statements that make what an op uses, and where they belong."""
        place: Place = (op.phase, None) if op.layer is None else ("layer", op.layer)
        made: list[tuple[Place, str]] = []
        owner = getattr(op.function, "__self__", None)
        if isinstance(owner, np.ndarray) and id(owner) in self._constants and key_of(owner) not in self._variables:
            number = "" if op.layer is None else f"{op.layer + 1}{suffix}"
            made.append((place, self._allocation(owner, f"ones{number}")))
        for array in arrays_of(op):
            if id(array) not in self._constants:
                made += self._made(array, tape, names, suffix, place)
        return made

    def _made(self, array: np.ndarray, tape: Tape, names: Names, suffix: str, place: Any) -> list[tuple[Any, str]]:
        """The statement that makes an array, and before it that of the one it is a part of, and where they belong.

        That is `place`, where it is used, if it is none of the samples, and no part of an array that stands elsewhere;
        None for parameters, which the caller fills in.
        """
        if key_of(array) in self._variables:
            return []
        name, part = names.named(array), names.part(array)
        order = list(tape.names)
        if part and name and order.index(part[0]) > order.index(name):
            part = None
        if part is None:
            assert name is not None, f"an array of shape {array.shape} on the tape has no name"
            place = ("samples", None) if name in SAMPLES else place
            line = self._allocation(array, name if name in KEPT else name + suffix, filled=place is not None)
            self._places[self._variables[key_of(array)]] = place
            return [(place, line)]
        whole = tape.names[part[0]]
        made = self._made(whole, tape, names, suffix, place)
        parent, text = self._variables[key_of(whole)], part[1].replace("[:]", "")
        variable = self._variables[key_of(array)] = self._unique(name or _part_name(parent, text, whole))
        self._note(variable, array)
        place = self._places[variable] = self._places[parent] or place
        return [*made, (place, f"{variable} = {parent}{text}")]

    def _allocation(self, array: np.ndarray, name: str, *, filled: bool = True) -> str:
        """The statement that makes an array with the values that it has now; zeros, if it is not to be filled."""
        variable = self._variables[key_of(array)] = self._unique(name)
        if self._any in array.shape and (array != array.flat[0]).any():
            array = array[:, :1]  # the same for every sample: NumPy repeats it
        self._note(variable, array)
        dtype = {self._dtype: "dtype", np.dtype(bool): "bool"}.get(array.dtype, f"np.{array.dtype}")
        sizes = tuple("n" if size == self._any else str(size) for size in array.shape)
        shape = sizes[0] if len(sizes) == 1 else f"({', '.join(sizes)})"
        value = array.flat[0]
        if not filled or not (array.any() or np.signbit(array).any()):
            return f"{variable} = np.zeros({shape}, {dtype})"
        if not array.ndim or (array != value).any():
            return self._tail.array(variable, array, dtype)
        if value == 1:
            return f"{variable} = np.ones({shape}, {dtype})"
        return f"{variable} = np.full({shape}, {str(value).removesuffix('.0')}, {dtype})"

    def _note(self, variable: str, array: np.ndarray) -> None:
        if self._any in array.shape:
            self.of_batch.add(variable)

    def _unique(self, name: str) -> str:
        taken, count, full = OWN.union(self._variables.values()), 1, name
        while full in taken:
            count += 1
            full = f"{name}_{count}"
        return full


def _part_name(parent: str, text: str, whole: np.ndarray) -> str:
    """A name for the part `text`, such as `.T` or `[:4]`, of a variable."""
    row = re.fullmatch(r"\[([01])\](\[:, None\])?", text)
    base = re.fullmatch(r"([a-zA-Z_]+)(\d+.*)", parent)
    if row and base and base[1] in ROWS:
        return ROWS[base[1]][int(row[1])] + base[2] + ("_column" if row[2] else "")
    length = len(whole.T) if text.startswith(".T") else len(whole)
    text = text.replace(f"[:{length - 1}]", "_units").replace("[:, None]", "_column").replace(".T", "_T")
    return re.sub(r"\W+", "_", parent + text).rstrip("_")
