"""What comes from outside: arrays, counts, names, paths. If one is impossible, one message says what and where."""

from __future__ import annotations

import numbers
import operator
import os
from pathlib import Path
from typing import Any

import numpy as np


def as_numbers(values: object, what: str, *, finite: bool = True) -> np.ndarray:
    """`values` as an array of finite numbers.

    Parameters
    ----------
    values
        Anything NumPy makes an array of.
    what
        What a message calls it.
    finite
        Whether they have to be; if not, infinite ones and those that are not a number pass.

    Raises
    ------
    ValueError
        If it is ragged, or holds text, other things that are no numbers, or one that is not finite: the first is named.
    """
    try:
        array = np.asarray(values)
    except ValueError:
        raise ValueError(f"{what}: expected rows of equal length") from None
    if array.dtype.kind not in "biuf":
        array = _as_floats(array, what)
    if finite and array.dtype.kind == "f":
        good = np.isfinite(array)
        if not good.all():
            index = tuple(np.argwhere(~good)[0])
            raise ValueError(f"{what}: {place(index)}is not a finite number: {array[index]}")
    return array


def place(index: tuple[int, ...]) -> str:
    """The words for a place in an array, counted from 1: `row 3, column 2 `."""
    names = ("row", "column")
    return "".join(
        f"{name} {i + 1}{',' if name == 'row' and len(index) > 1 else ''} "
        for name, i in zip(names, index, strict=False)
    )


LARGEST = 2**62
"""No count is larger: it fits the integers of NumPy, and sums of two of them do."""


def whole(value: object, what: str, at_least: int, at_most: int = LARGEST) -> int:
    """`value` as an int.

    Raises
    ------
    ValueError
        If it is no whole number, or out of bounds; `what` is what the message calls it.
    """
    try:
        number = operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        number = None
    if number is None or isinstance(value, bool) or number < at_least:
        raise ValueError(f"{what}: expected a whole number >= {at_least}, got {_shown(value)}")
    if number > at_most:
        raise ValueError(f"{what}: expected a whole number <= {at_most:,}, got {_shown(value)}")
    return number


def as_names(values: object, what: str) -> list[str]:
    """`values` as a list of names, a single text as one of them; ValueError if it is anything else."""
    names: list[Any]
    try:
        names = [values] if isinstance(values, str) else list(values)  # type: ignore[call-overload]
    except TypeError:
        names = [values]
    for name in names:
        if not isinstance(name, str):
            raise ValueError(f"{what}: expected names, got {_shown(name)}")
    return names


def file_path(value: object, what: str) -> Path:
    """`value` as the path of a file, there or not; ValueError if no file can have it."""
    try:
        path = Path(value)  # type: ignore[arg-type]
        if path.name and b"\0" not in os.fsencode(path):
            return path
    except (TypeError, UnicodeEncodeError):
        pass
    raise ValueError(f"{what}: expected the path of a file, got {_shown(value)}")


def in_precision(values: np.ndarray, dtype: np.dtype, what: str) -> np.ndarray:
    """Finite numbers in another precision; ValueError about the first that is too large for it."""
    with np.errstate(over="ignore"):
        rounded = values.astype(dtype, copy=False)
    if values.dtype.itemsize > dtype.itemsize and not np.isfinite(rounded).all():
        index = tuple(np.argwhere(~np.isfinite(rounded))[0])
        raise ValueError(f"{what}: {place(index)}is too large for {dtype}: {values[index]}")
    return rounded


def as_mask(values: object, length: int, what: str) -> np.ndarray | None:
    """`values` as an array (length,) of bool that is the caller's own; None if none of them is True.

    Raises
    ------
    ValueError
        If they are of another type or number.
    """
    try:
        mask = np.array(values)
    except ValueError:
        mask = np.empty(0)
    if mask.dtype != bool or mask.shape != (length,):
        found = f"{mask.shape} {mask.dtype}" if mask.ndim else _shown(values)
        raise ValueError(f"{what}: expected ({length},) of True and False, one for each parameter, got {found}")
    mask.setflags(write=False)
    return mask if mask.any() else None


def _as_floats(array: np.ndarray, what: str) -> np.ndarray:
    """An array of objects as floats; ValueError about the first that is no real number, or too large for one."""
    floats = np.empty(array.shape)
    for index in np.ndindex(array.shape):
        element = array[index]
        try:
            if not isinstance(element, numbers.Real):
                raise TypeError
            floats[index] = element
        except (TypeError, OverflowError):
            where = place(index).strip() or "its place"
            raise ValueError(f"{what}: expected numbers, got {_shown(element)} in {where}") from None
    return floats


def _shown(element: object) -> str:
    """An element for a message: numbers and words of NumPy as those of Python, and nothing of great length."""
    text = repr(element.item() if isinstance(element, (np.str_, np.bytes_, np.complexfloating)) else element)
    return text if len(text) <= 40 else f"{text[:40]}…"
