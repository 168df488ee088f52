"""A file of somebody's own: first a sheet of columns to choose from, then, of those chosen, samples to learn from."""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Literal

import numpy as np

import nncore as nn
from nncore.cells import MISSING, Kind, column
from nncore.delimited import Row, detected_delimiter, each_row, text_of, without_hint
from nncore.files import open_regular
from nncore.tables import MAX_WORDS, TableSamples, checked_names, has_header, looks_like_classes
from playground.document.table import MAX_CLASSES, MAX_MAGNITUDE, MAX_NUMBERS, MAX_ROWS, Table, rounded_up, table_of

MAX_BYTES = 50_000_000
MAX_COLUMNS = 1000
MAX_CELLS = 2_000_000
"""Of a file with more of them some rows are looked at, chosen at random but always the same."""
HEAD_ROWS = 50
"""So many rows are kept as they were written, to be shown."""
STANDARDISED = "{} (standardised)"
"""What a column is called whose mean is 0 and whose deviation is 1 now."""

_TASKS: dict[int, Literal["binary", "classes", "regression"]] = {0: "regression", 2: "binary"}
"""What is asked for, by the number of classes; of more than two it is "classes"."""
_TARGET_NAMES = ("target", "class", "label", "y")
"""A column of such a name is to be learned, if nothing else is said; else the last that can be."""
_USUAL_REACH = 4.5, 6.0
"""Points that reach so far fit well into the plane as everybody knows it, -6 to 6."""


@dataclass(frozen=True, eq=False)
class Column:
    """One column of a sheet."""

    name: str
    kind: Kind
    values: np.ndarray
    """(n_rows,): float64, or str in an array of objects; NaN or "" where there is no value."""
    missing: np.ndarray
    """(n_rows,) bool: where there is none."""
    first_missing: str = ""
    """A sentence about the first of these, with its line."""
    problem: str = ""
    """Why the column cannot be used at all; "" if it can."""
    decimal_comma: bool = False

    @property
    def n_missing(self) -> int:
        """How many values are missing."""
        return int(self.missing.sum())

    @cached_property
    def distinct(self) -> list[str] | list[float]:
        """The different values, in order."""
        return sorted(set(self.values[~self.missing].tolist()))


@dataclass(frozen=True, eq=False)
class Sheet:
    """What a file says, before anybody has said what is to be learned from what."""

    file: str
    columns: tuple[Column, ...]
    head: tuple[Row, ...]
    """The first rows of those that are looked at, as they were written."""
    count: int
    """How many rows the file has."""
    delimiter: str
    header: bool
    """Whether the first line of the file has the names of the columns."""

    @property
    def n_rows(self) -> int:
        """How many rows are looked at."""
        return len(self.columns[0].values)

    @property
    def names(self) -> tuple[str, ...]:
        """What the columns are called."""
        return tuple(each.name for each in self.columns)

    def column(self, name: str) -> Column:
        """The column of this name; ValueError if there is none."""
        for each in self.columns:
            if each.name == name:
                return each
        raise ValueError(f"there is no column '{name}'")

    def missing_in(self, names: Iterable[str]) -> np.ndarray:
        """(n_rows,) bool: which rows have no value in one of these columns."""
        return np.any([np.zeros(self.n_rows, bool), *(self.column(name).missing for name in names)], axis=0)

    def usual_roles(self) -> tuple[tuple[str, ...], str]:
        """Inputs and target to begin with: all that can be used as they are, and what is usually learned."""
        whole = [each for each in self.columns if not each.problem and not each.n_missing]
        targets = [each.name for each in whole if not why_no_target(each)] or [self.names[-1]]
        target = next((name for name in targets if name.lower() in _TARGET_NAMES), targets[-1])
        return tuple(each.name for each in whole if each.name != target and not why_no_input(each)), target


# -- from a file to a sheet ---------------------------------------------------------------------------


def read_sheet(path: str | Path) -> Sheet:
    """What a file of text with columns says: .csv, .tsv or the like, in UTF-8.

    Raises
    ------
    ValueError
        If it cannot be read, is no table of text, or is too large; the message says what and where, with its line.
    """
    path = Path(path)
    # In a name that is in no alphabet there are signs that no message to the worker and no file can hold.
    name = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in path.name)
    try:
        return _sheet(name, text_of(io.BytesIO(_content(path)))[0])
    except OSError as error:
        raise ValueError(f"{name} cannot be read: {(error.strerror or str(error)).lower()}") from None
    except ValueError as error:
        hint = "; save it as “CSV UTF-8”" if "not text in UTF-8" in str(error) else ""
        raise ValueError(f"{name}: {error}{hint}") from None


def send_sheet(path: str, pipe: Connection) -> None:
    """What `read_sheet` says, or why it says nothing, through a pipe: to be run in a process of its own."""
    try:
        result: Sheet | str = read_sheet(path)
    except ValueError as error:
        result = str(error)
    pipe.send(result)


def _content(path: Path) -> bytes:
    try:
        with open_regular(path) as file:
            size = os.fstat(file.fileno()).st_size
            if size > MAX_BYTES:
                raise ValueError(f"the file has {size / 1e6:,.1f} MB; there is room for {MAX_BYTES / 1e6:.0f} MB")
            return file.read()
    except ValueError as error:
        raise ValueError(str(error).removeprefix(f"{path}: ")) from None


def _sheet(file: str, text: str) -> Sheet:
    text, said = without_hint(text)
    delimiter = said or detected_delimiter(text)
    rows = each_row(text, delimiter)
    first = next(rows, None)
    if first is None:
        raise ValueError("the file is empty")
    width = len(first.cells)
    if width > MAX_COLUMNS:
        raise ValueError(f"the file has {width:,} columns; there is room for {MAX_COLUMNS:,}")
    body, count = _some_of(_of_one_width(rows, width), min(MAX_ROWS, max(1, MAX_CELLS // width)))
    commas = delimiter in ";\t"
    header = has_header([first, *body], commas)
    if not header:
        body, count = [first, *body], count + 1
    if not body:
        raise ValueError("there are names of columns, but no rows below them")
    places = [f"column {number}" for number in range(1, width + 1)]
    # What has no name, such as the numbers of rows that some programs put first, is called by its place.
    names = [name or place for name, place in zip(first.cells, places, strict=True)] if header else places
    checked_names(Row(first.line, names))
    columns = tuple(_column(body, index, name, commas) for index, name in enumerate(names))
    return Sheet(file, columns, tuple(body[:HEAD_ROWS]), count, delimiter, header)


def _of_one_width(rows: Iterable[Row], width: int) -> Iterable[Row]:
    for row in rows:
        if len(row.cells) != width:
            expected = f"{width} field" + ("" if width == 1 else "s")
            raise ValueError(f"line {row.line}: expected {expected}, got {len(row.cells)}")
        yield row


def _some_of(rows: Iterable[Row], most: int) -> tuple[list[Row], int]:
    """All rows or, of too many, some of them in their order; and how many there are. Vitter's algorithm R."""
    kept: list[Row] = []
    count, rng = 0, np.random.default_rng(0)
    for count, row in enumerate(rows, start=1):
        if len(kept) < most:
            kept.append(row)
        elif (place := int(rng.random() * count)) < most:
            kept[place] = row
    return sorted(kept), count


def _column(body: list[Row], index: int, name: str, commas: bool) -> Column:
    missing = np.array([row.cells[index].lower() in MISSING for row in body])
    present = [row for row, without in zip(body, missing, strict=True) if not without]
    empty = Column(name, "word", np.full(len(body), "", object), missing)
    if not present:
        return replace(empty, problem=f"column '{name}' has no values")
    first = f"line {body[int(missing.argmax())].line}, column '{name}': no value" if missing.any() else ""
    try:
        values, kind = column(present, index, name, commas)
    except ValueError as error:
        return replace(empty, problem=str(error))
    if kind == "number" and np.abs(values).max() > MAX_MAGNITUDE:
        return replace(empty, problem=f"column '{name}' has numbers beyond {MAX_MAGNITUDE:g}")
    full = np.full(len(body), np.nan) if kind == "number" else empty.values
    full[~missing] = values
    decimal = kind == "number" and commas and any("," in row.cells[index] for row in present)
    return Column(name, kind, full, missing, first, "", decimal)


# -- from a sheet to samples --------------------------------------------------------------------------


def why_no_input(column: Column) -> str:
    """Why a column cannot be an input, whatever is done with its rows; "" if it can."""
    distinct = column.distinct
    if column.problem:
        return column.problem
    if len(distinct) == 1:
        return f"column '{column.name}' has the same value in every row: nothing can be learned from it"
    if column.kind == "word" and len(distinct) > MAX_WORDS:
        return f"column '{column.name}' has {len(distinct):,} different words: at most {MAX_WORDS} can be inputs"
    return ""


def why_no_target(column: Column) -> str:
    """Why a column cannot be learned, whatever is done with its rows; "" if it can."""
    distinct = column.distinct
    if column.problem:
        return column.problem
    if len(distinct) == 1:
        return f"column '{column.name}' has the same value in every row: there is nothing to learn"
    if column.kind == "word" and len(distinct) > MAX_CLASSES:
        return f"column '{column.name}' has {len(distinct):,} different words: at most {MAX_CLASSES} can be classes"
    return ""


def is_usually_classes(column: Column) -> bool:
    """Whether a target is taken for classes where nobody says it."""
    return column.kind == "word" or looks_like_classes(column.values[~column.missing])


def table_from(
    sheet: Sheet,
    inputs: Sequence[str],
    target: str,
    *,
    classes: bool | None = None,
    standardize: bool = True,
    standardize_target: bool = False,
    leave_out: bool = False,
) -> Table:
    """The samples of a sheet.

    Two inputs make points of the plane, which are standardised here; more are kept as they are, and the network
    standardises them.

    Parameters
    ----------
    inputs, target
        Names of columns. One of words becomes an input for each of its words.
    classes
        Whether the target is a class; None: words are, and whole numbers if there are few different ones.
    standardize
        Whether inputs are brought to mean 0 and deviation 1.
    standardize_target
        The same of the target, if that has values.
    leave_out
        Whether rows are left out that have no value in one of the columns.

    Raises
    ------
    ValueError
        If that is impossible; the message names the column and, where there is one, the line.
    """
    samples = _samples_of(sheet, inputs, target, classes, leave_out)
    n_classes = len(samples.class_names)
    task = _TASKS.get(n_classes, "classes")
    label, y = sheet.file, samples.y[:, 0]
    if task == "regression" and standardize_target:
        label, y = f"{sheet.file} ({target}, standardised)", _standardised(y)
    X, y = _as_many_as_fit(samples.X, 2 * y - 1 if task == "binary" else y)
    names, domain = samples.input_names, (-6.0, 6.0)
    if X.shape[1] == 2:
        if standardize:
            X, names = _standardised(X), [STANDARDISED.format(name) for name in names]
        standardize, domain = False, plane_domain(X)
    return table_of(
        X,
        y,
        label=label,
        task=task,
        input_names=names,
        class_names=samples.class_names,
        standardize=standardize,
        domain=domain,
    )


def _samples_of(
    sheet: Sheet, inputs: Sequence[str], target: str, classes: bool | None, leave_out: bool
) -> TableSamples:
    """Inputs and target as numbers, where that is possible."""
    if not inputs:
        raise ValueError("choose at least one input beside the target")
    if target in inputs:
        raise ValueError(f"column '{target}' cannot be an input: it is the target")
    kept = _kept_rows(sheet, [*inputs, target], leave_out)
    columns = [_cut(sheet.column(name), kept) for name in (*inputs, target)]
    for why in (*map(why_no_input, columns[:-1]), why_no_target(columns[-1])):
        if why:
            raise ValueError(why)
    names, values, kinds = zip(*((each.name, each.values, each.kind) for each in columns), strict=True)
    samples = nn.Table(names, values, kinds, target, None).samples(classes=classes)
    n_classes = len(samples.class_names)
    if n_classes > MAX_CLASSES:
        raise ValueError(f"column '{target}' has {n_classes} different values: at most {MAX_CLASSES} can be classes")
    return samples


def plane_domain(X: np.ndarray) -> tuple[float, float]:
    """What is drawn of the plane of points (n_points, 2): the usual -6 to 6 if they fit well, else as far as needed."""
    reach = float(np.abs(X).max())
    low, high = _USUAL_REACH
    reach = high if low <= reach <= high else rounded_up(1.1 * reach)
    return -reach, reach


def _kept_rows(sheet: Sheet, names: Sequence[str], leave_out: bool) -> np.ndarray:
    """(n_rows,) bool: those with a value in each of these columns."""
    for name in names:
        if sheet.column(name).problem:
            raise ValueError(sheet.column(name).problem)
    missing = sheet.missing_in(names)
    if not missing.any():
        return ~missing
    if missing.all():
        raise ValueError("no row has a value in every one of these columns: do without some of them")
    if not leave_out:
        first = next(each.first_missing for name in names if (each := sheet.column(name)).first_missing)
        rows = f"{int(missing.sum()):,} rows" if missing.sum() > 1 else "the row"
        raise ValueError(f"{first}; leave out {rows} without one, or do without the column")
    return ~missing


def _cut(column: Column, kept: np.ndarray) -> Column:
    return column if kept.all() else replace(column, values=column.values[kept], missing=column.missing[kept])


def _as_many_as_fit(X: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """As many rows as a table has room for, chosen at random but always the same."""
    most = MAX_NUMBERS // (X.shape[1] + 2)
    if len(X) <= most:
        return X, y
    chosen = np.sort(np.random.default_rng(0).choice(len(X), most, replace=False))
    return X[chosen], y[chosen]


def _standardised(values: np.ndarray) -> np.ndarray:
    """With mean 0 and deviation 1, column by column."""
    return (values - values.mean(axis=0)) / values.std(axis=0)
