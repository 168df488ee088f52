"""What the cells of a column say: numbers, or words; a cell that does not fit is named by line and column."""

from __future__ import annotations

import math
import re
from typing import Literal

import numpy as np

from nncore.delimited import Row

Kind = Literal["number", "word"]

MISSING = ("", "?", "na", "n/a", "nan", "null")
"""What stands where there is no value, in any case of letters."""

_OTHER_NUMBER = re.compile(
    r"""[-+−]?(
        0x[0-9a-f]+ | 0b[01]+ | 0o[0-7]+
        | (\d{1,3}([.,'’_\s]\d{3})+([.,]\d*)? | \d+([.,]\d*)? | [.,]\d+) (e[-+−]?\d+)? \s*[%‰]?
    )""",
    re.IGNORECASE | re.VERBOSE,
)
"""Numbers in ways that are not read: decimal commas, groups of three digits, percent, hexadecimal ones."""


def column(body: list[Row], index: int, name: str, commas: bool) -> tuple[np.ndarray, Kind]:
    """A column as an array that cannot be changed, (n_rows,), and what it holds.

    Parameters
    ----------
    body
        The rows.
    index, name
        Of the column.
    commas
        Whether numbers may have a decimal comma.

    Raises
    ------
    ValueError
        If a cell has no value, or is no number where most are; if all are numbers, but written in ways not read.
    """
    cells = [row.cells[index] for row in body]
    for row, cell in zip(body, cells, strict=True):
        if cell.lower() in MISSING:
            raise ValueError(f"line {row.line}, column '{name}': no value" + (f" ({_shown(cell)})" if cell else ""))
    if mostly_numbers(cells, commas):
        values, kind = _numbers(body, cells, name, commas), "number"
    else:
        _check_words(body, cells, name, commas)
        values, kind = np.array(cells, dtype=object), "word"
    values.flags.writeable = False
    return values, kind


def _numbers(body: list[Row], cells: list[str], name: str, commas: bool) -> np.ndarray:
    """Cells as float64; the decimal sign is the same in all of them."""
    values, signs = np.empty(len(cells)), {}
    for i, (row, cell) in enumerate(zip(body, cells, strict=True)):
        number, place = as_number(cell, commas), f"line {row.line}, column '{name}': {_shown(cell)}"
        if number is None:
            raise ValueError(f"{place} is not a number, as most of the column are")
        if not math.isfinite(number):
            raise ValueError(f"{place} is not a finite number")
        values[i] = number
        signs |= {sign: row.line for sign in ",." if sign in cell}
        if len(signs) > 1:
            other = "." if "," in cell else ","
            raise ValueError(f"{place}, but line {signs[other]} has '{other}' in it")
    return values


def _check_words(body: list[Row], cells: list[str], name: str, commas: bool) -> None:
    """Refuse words that are all numbers to a person: as classes or inputs of their own they would mean nothing."""
    if not all(_OTHER_NUMBER.fullmatch(cell) or as_number(cell, commas) is not None for cell in cells):
        return
    row, cell = next((row, cell) for row, cell in zip(body, cells, strict=True) if as_number(cell, commas) is None)
    possible = "1234.5, 1234,5, -3 and 2e-6" if commas else "1234.5, -3 and 2e-6"
    raise ValueError(
        f"line {row.line}, column '{name}': {_shown(cell)} looks like a number, but is not written as one is read:"
        f" possible are {possible}"
    )


def as_number(cell: str, commas: bool) -> float | None:
    """The number a cell says, with a decimal comma if `commas`; None if it says none."""
    if "_" in cell:  # Python's own way to write large numbers
        return None
    try:
        return float(cell.replace(",", ".", 1) if commas else cell)
    except ValueError:
        return None


def mostly_numbers(cells: list[str], commas: bool) -> bool:
    """Whether more than half of the cells that are not empty say a number."""
    present = [cell for cell in cells if cell.lower() not in MISSING]
    return 2 * sum(as_number(cell, commas) is not None for cell in present) > len(present)


def _shown(cell: str) -> str:
    """A cell for a message, which need not show all of a long one."""
    return f"'{cell}'" if len(cell) <= 40 else f"'{cell[:39]}…'"
