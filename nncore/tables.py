"""Tables of one's own, as CSV: what the file means is found out, and what does not fit is named by line and column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, NamedTuple

import numpy as np

from nncore.cells import Kind, as_number, column, mostly_numbers
from nncore.checks import as_names
from nncore.delimited import Row, detected_delimiter, rows_of, text_of, without_hint
from nncore.preprocessing import one_hot

MAX_WORDS = 20
"""With more different words a column is refused as an input: it would become as many inputs."""
MAX_CLASSES = 100
"""With more different values a column is refused as classes."""
MAX_NUMBER_CLASSES = 10
"""Whole numbers with more different values than this are quantities, not classes, unless somebody says otherwise."""


class TableSamples(NamedTuple):
    """What a network learns from."""

    X: np.ndarray
    """(n_samples, n_inputs), float64"""
    y: np.ndarray
    """(n_samples, 1), float64: class numbers 0 … k − 1, or values."""
    class_names: tuple[str, ...]
    """(k,); empty where y are values."""
    input_names: tuple[str, ...]
    """(n_inputs,)"""


@dataclass(frozen=True, eq=False)
class Table:
    """Columns with names: numbers or words.

    Raises
    ------
    ValueError
        If names, columns and kinds are not tuples of one length, or empty; if columns are not arrays of one length, or
        empty.
    """

    names: tuple[str, ...]
    columns: tuple[np.ndarray, ...]
    """One per name, (n_rows,): float64, or str in an array of objects."""
    kinds: tuple[Kind, ...]
    target: str
    """The column to be learned, where `samples` is not told another."""
    inputs: tuple[str, ...] | None
    """The columns to learn from, where `samples` is not told others; None: all but the target."""
    file: str = ""
    """The name of the file it was read from, for messages; empty if there is none."""

    def __post_init__(self) -> None:
        parts = self.names, self.columns, self.kinds
        lengths = {len(part) if isinstance(part, tuple) else 0 for part in parts}
        if len(lengths) > 1 or 0 in lengths:
            raise ValueError("table: expected names, columns and kinds as tuples of one length, at least 1")
        shapes = {column.shape if isinstance(column, np.ndarray) else () for column in self.columns}
        if len(shapes) > 1 or len(shapes.pop()) != 1 or not self.columns[0].size:
            raise ValueError("table: expected columns as arrays of one length (n_rows,), at least 1")

    @property
    def n_rows(self) -> int:
        """How many rows there are, >= 1."""
        return len(self.columns[0])

    def column(self, name: str) -> np.ndarray:
        """The column of this name, (n_rows,); ValueError if there is none."""
        return self.columns[_index(self.names, name)]

    def kind(self, name: str) -> Kind:
        """What the column of this name holds; ValueError if there is none."""
        return self.kinds[_index(self.names, name)]

    def samples(
        self, target: str | None = None, inputs: Sequence[str] | None = None, *, classes: bool | None = None
    ) -> TableSamples:
        """The table as samples.

        Parameters
        ----------
        target
            The column to be learned; None: that given to `read_csv`, else the last one.
        inputs
            The columns to learn from; None: those given to `read_csv`, else all but the target. A column of words
            becomes one input per word, `colour = red`, which is 1 where it stands and 0 elsewhere; at most 20 words.
        classes
            Whether the target is a class. None: words are, and so are whole numbers if there are at most 10 different
            ones and on average at least two rows of each; other numbers are values.

        Returns
        -------
        TableSamples
            X, y, class_names, input_names. Classes are numbered in the order of the alphabet, or of the numbers.

        Raises
        ------
        ValueError
            If a name or `classes` is something else; if a column does not exist, is named twice or is both input and
            target; if words would be values; if there is one class only, or more than 100; if a column of words has too
            many different ones for an input. The message begins with the name of the file, if there is one.
        """
        try:
            return self._samples(target, inputs, classes)
        except ValueError as error:
            raise ValueError(f"{self.file}: {error}" if self.file else str(error)) from None

    def _samples(self, target: str | None, inputs: Sequence[str] | None, classes: bool | None) -> TableSamples:
        target = self.target if target is None else target
        goal, kind = self.column(target), self.kind(target)
        if inputs is None:
            inputs = [name for name in self.inputs or self.names if name != target]
        chosen = _checked_inputs(self.names, as_names(inputs, "inputs"), target)
        _check_choice("classes", classes)
        if classes is None:
            classes = kind == "word" or looks_like_classes(goal)
        if not classes and kind == "word":
            raise ValueError(f"column '{target}' has words, which are classes: they cannot be learned as values")
        y, class_names = _as_classes(goal, target) if classes else (goal, ())
        place = {name: i for i, name in enumerate(self.names)}
        parts = [_as_inputs(self.columns[place[name]], self.kinds[place[name]], name) for name in chosen]
        X = np.concatenate([values for values, _ in parts], axis=1)
        return TableSamples(
            X, y.reshape(-1, 1).copy(), class_names, tuple(name for _, names in parts for name in names)
        )


def read_csv(
    path_or_file: str | Path | IO[str] | IO[bytes],
    *,
    target: str | None = None,
    inputs: Sequence[str] | None = None,
    delimiter: str | None = None,
    header: bool | None = None,
) -> Table:
    r"""Read a table from text in UTF-8, with or without a byte order mark.

    Fields may be quoted ("), lines may end in any way, and empty lines are passed over. A column whose cells are
    numbers for more than one half is a column of numbers, every other is one of words. With a semicolon or a tab
    between the fields, numbers may have a decimal comma. A column of numbers that are all written otherwise, such as
    `1.234,5`, `1%` or `0x10`, is refused. A first line `sep=;` says what stands between the fields.

    Parameters
    ----------
    path_or_file
        A path, or a file opened for text or for bytes.
    target
        The column to be learned; None: the last one that is not an input.
    inputs
        The columns to learn from; None: all but the target. If given, the other columns are neither read nor checked.
    delimiter
        What stands between two fields: comma, semicolon, tab or |, or another character. None: found out.
    header
        Whether the first line has the names of the columns. None: it has if none of its fields is a number, and either
        a column has numbers below it, or no word of it is repeated in its column. Without a header the columns are
        called `column 1`, `column 2` and so on.

    Returns
    -------
    Table

    Raises
    ------
    OSError
        If the file cannot be read.
    ValueError
        If it is no regular file, or larger than 1 GB; if an argument is impossible; if it is no table of text, or
        something in it does not fit, with line and column: a missing value, text among numbers, a row of another
        length, a column without a name or with the name of another.
    """
    text, file = text_of(path_or_file)
    try:
        return replace(_read(text, target, inputs, delimiter, header), file=file)
    except ValueError as error:
        raise ValueError(f"{file}: {error}" if file else str(error)) from None


# -- from rows to columns -----------------------------------------------------------------------------


def _read(
    text: str, target: str | None, inputs: Sequence[str] | None, delimiter: str | None, header: bool | None
) -> Table:
    if delimiter is not None and (not isinstance(delimiter, str) or len(delimiter) != 1 or delimiter in '"\r\n '):
        raise ValueError(f"expected one character as delimiter, such as ',', ';', '|' or a tab, got {delimiter!r}")
    _check_choice("header", header)
    text, said = without_hint(text)
    delimiter = delimiter or said or detected_delimiter(text)
    rows = rows_of(text, delimiter)
    if not rows:
        raise ValueError("the file is empty")
    commas = delimiter in ";\t"
    if header is None:
        header = has_header(rows, commas)
    names = checked_names(rows[0]) if header else [f"column {i + 1}" for i in range(len(rows[0].cells))]
    for row in rows:
        if len(row.cells) != len(names):
            raise ValueError(f"line {row.line}: expected {_counted(len(names), 'field')}, got {len(row.cells)}")
    body = rows[1:] if header else rows
    if not body:
        raise ValueError("there are names of columns, but no rows below them")
    target, given, used = _roles(names, target, inputs)
    read = [column(body, index, name, commas) for index, name in enumerate(names) if name in used]
    columns, kinds = zip(*read, strict=True)
    return Table(tuple(name for name in names if name in used), columns, kinds, target, given)


def has_header(rows: list[Row], commas: bool) -> bool:
    """Whether the first row has the names of the columns, as `read_csv` finds it out."""
    first, body = rows[0].cells, rows[1:]
    if any(as_number(cell, commas) is not None for cell in first):
        return False
    below = [[row.cells[i] for row in body if i < len(row.cells)] for i in range(len(first))]
    if any(cells and mostly_numbers(cells, commas) for cells in below):
        return True
    return all(cell not in cells for cell, cells in zip(first, below, strict=True))


def checked_names(row: Row) -> list[str]:
    """The names in a row; ValueError if one is missing, or stands there twice."""
    seen: dict[str, int] = {}
    for number, name in enumerate(row.cells, start=1):
        if not name:
            raise ValueError(f"line {row.line}: column {number} has no name")
        if name in seen:
            raise ValueError(f"line {row.line}: columns {seen[name]} and {number} have the same name: '{name}'")
        seen[name] = number
    return row.cells


def _roles(
    names: list[str], target: str | None, inputs: Sequence[str] | None
) -> tuple[str, tuple[str, ...] | None, set[str]]:
    """The target, the inputs if they are given, and the columns to be kept."""
    given = None if inputs is None else as_names(inputs, "inputs")
    if target is None:
        taken = set(given or ())
        left = [name for name in names if name not in taken]
        if not left:
            raise ValueError("every column is an input: none is left as the target")
        target = left[-1]
    _index(names, target)
    if given is None:
        return target, None, set(names)
    given = _checked_inputs(names, given, target)
    return target, tuple(given), {*given, target}


# -- from columns to samples --------------------------------------------------------------------------


def _index(names: Sequence[str], name: str) -> int:
    if not isinstance(name, str) or name not in names:
        raise _no_column(names, name)
    return list(names).index(name)


def _no_column(names: Sequence[str], name: object) -> ValueError:
    possible = ", ".join(names[:20]) + (", …" if len(names) > 20 else "")
    return ValueError(f"there is no column '{name}'; possible: {possible}")


def _checked_inputs(names: Sequence[str], inputs: list[str], target: str) -> list[str]:
    if not inputs:
        raise ValueError("expected at least one column as an input besides the target")
    known, seen = set(names), set()
    for name in inputs:
        if name not in known:
            raise _no_column(names, name)
        if name == target:
            raise ValueError(f"column '{name}' cannot be an input: it is the target")
        if name in seen:
            raise ValueError(f"column '{name}' is named twice as an input")
        seen.add(name)
    return inputs


def looks_like_classes(values: np.ndarray) -> bool:
    """Whether numbers are classes, where nobody says it."""
    different = len(np.unique(values))
    whole = bool((values == np.floor(values)).all())
    return whole and different <= MAX_NUMBER_CLASSES and 2 * different <= len(values)


def _as_classes(values: np.ndarray, name: str) -> tuple[np.ndarray, tuple[str, ...]]:
    """Class numbers (n_rows,), and what the classes are called."""
    different, number = np.unique(values, return_inverse=True)
    if len(different) < 2:
        raise ValueError(f"column '{name}' has one class only: '{_name_of(different[0])}'")
    if len(different) > MAX_CLASSES:
        raise ValueError(f"column '{name}' has {len(different)} different values: at most {MAX_CLASSES} can be classes")
    return number.astype(np.float64), tuple(_name_of(value) for value in different)


def _name_of(value: str | float) -> str:
    """The name of a class: the word, or the number without needless decimals."""
    return value if isinstance(value, str) else f"{value:.15g}"


def _as_inputs(values: np.ndarray, kind: Kind, name: str) -> tuple[np.ndarray, list[str]]:
    """The inputs that a column becomes, (n_rows, n_inputs), and their names."""
    if kind == "number":
        return values.reshape(-1, 1), [name]
    words, number = np.unique(values, return_inverse=True)
    if len(words) > MAX_WORDS:
        raise ValueError(
            f"column '{name}' has {len(words)} different words: at most {MAX_WORDS} can be inputs;"
            " name the inputs without it"
        )
    return one_hot(number, len(words)), [f"{name} = {word}" for word in words]


def _check_choice(name: str, value: object) -> None:
    """Raise ValueError unless an argument is True, False, or None, which leaves it to be found out."""
    if value is not None and not isinstance(value, (bool, np.bool_)):
        raise ValueError(f"{name}: expected True, False or None, got {value!r}")


def _counted(n: int, what: str) -> str:
    return f"{n} {what}" + ("" if n == 1 else "s")
