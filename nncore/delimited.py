"""From a file to rows of fields: what is text, where lines end, what stands between fields, what quotes mean."""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import IO, NamedTuple

from nncore.checks import file_path
from nncore.files import open_regular

DELIMITERS = "\t;|,"
"""Possible ones. Where several fit as well, the first: a comma may also be that of a decimal fraction."""

MAX_SIZE = 10**9
"""Bytes, or characters, that a table may have: as fields they take many times as much memory."""

_HINT = re.compile(r'sep=([^\s"]|\t)(?=[\r\n]|$)', re.IGNORECASE)
"""A first line for Excel, which says what stands between two fields."""


class Row(NamedTuple):
    """The fields of a row, without the space around them."""

    line: int
    """Where it begins, counted from 1."""
    cells: list[str]


def text_of(source: str | Path | IO[str] | IO[bytes]) -> tuple[str, str]:
    """The text of a file, and the file's name, "" if it came open.

    Raises
    ------
    OSError
        If the file cannot be read.
    ValueError
        If it is no regular file, larger than a table may be, or not text in UTF-8.
    """
    if callable(getattr(source, "read", None)):
        return _as_text(_content_of(source)), ""  # type: ignore[arg-type]
    path = file_path(source, "read_csv")
    with open_regular(path) as file:
        try:
            _check_size(os.fstat(file.fileno()).st_size)
            return _as_text(file.read()), path.name
        except ValueError as error:
            raise ValueError(f"{path.name}: {error}") from None


def _as_text(content: str | bytes) -> str:
    """What was read as text, without a byte order mark."""
    _check_size(len(content))
    if isinstance(content, bytes):
        try:
            content = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line, byte = _line_at(content[: error.start].decode("latin-1")), content[error.start]
            raise ValueError(f"line {line}: not text in UTF-8 (byte {byte:#04x})") from None
    zero = content.find("\0")
    if zero >= 0:
        raise ValueError(f"line {_line_at(content[:zero])}: not text (it has a zero byte)")
    return content.removeprefix("\ufeff")


def _check_size(size: int) -> None:
    if size > MAX_SIZE:
        raise ValueError(f"the file is too large for a table: {size:,} bytes, {MAX_SIZE:,} are possible")


def _line_at(before: str) -> int:
    """The number of the line that follows this text."""
    return before.count("\n") + before.count("\r") - before.count("\r\n") + 1


def _content_of(file: IO[str] | IO[bytes]) -> str | bytes:
    """What is left to read in an open file."""
    try:
        content = file.read()
    except UnicodeDecodeError as error:
        byte, line = error.object[error.start], _line_at(error.object[: error.start].decode(error.encoding, "replace"))
        raise ValueError(
            f"line {line}: not text in {error.encoding}, as which the file was opened (byte {byte:#04x})"
        ) from None
    except ValueError as error:  # closed, or opened for writing
        raise ValueError(f"the file cannot be read: {error}") from None
    if not isinstance(content, (str, bytes)):
        raise ValueError(f"the file cannot be read: it gives {type(content).__name__}, not text or bytes")
    return content


def rows_of(text: str, delimiter: str, *, most: int | None = None, strict: bool = True) -> list[Row]:
    """The first `most` rows that are not empty, or all.

    If `strict`, a quoted field that does not end as it should is a ValueError.
    """
    return list(islice(each_row(text, delimiter, strict=strict), most))


def each_row(text: str, delimiter: str, *, strict: bool = True) -> Iterator[Row]:
    """The rows that are not empty, one by one: all of them together take many times as much memory as the text."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True, strict=strict)
    line = 1
    try:
        for cells in reader:
            if cells and (len(cells) > 1 or cells[0].strip()):
                yield Row(line, [cell.strip() for cell in cells])
            line = reader.line_num + 1
    except csv.Error as error:
        raise ValueError(f"line {line}: {_in_words(error)}") from None


def _in_words(error: csv.Error) -> str:
    """What the reader of rows says, as a person would."""
    if "unexpected end" in str(error):
        return 'a quoted field (") has no end'
    if "expected after" in str(error):
        return 'a quoted field (") goes on after its end'
    return str(error)


def without_hint(text: str) -> tuple[str, str | None]:
    """The text with its first line left empty if that is `sep=;` or the like, and the delimiter that it says."""
    hint = _HINT.match(text)
    return (text[hint.end() :], hint[1]) if hint else (text, None)


def detected_delimiter(text: str) -> str:
    """The one that parts most of the first rows into as many fields as the first row."""

    def fit(delimiter: str) -> int:
        try:
            rows = rows_of(text, delimiter, most=100, strict=False)
        except ValueError:
            return 0
        first = len(rows[0].cells) if rows else 0
        return sum(len(row.cells) == first for row in rows) if first > 1 else 0

    return max(DELIMITERS, key=fit)
