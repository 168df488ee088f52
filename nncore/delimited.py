"""From a file to rows of fields: what is text, where lines end, what stands between fields, what quotes mean."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import IO, NamedTuple

from nncore.checks import file_path

DELIMITERS = "\t;|,"
"""Possible ones. Where several fit as well, the first: a comma may also be that of a decimal fraction."""


class Row(NamedTuple):
    """The fields of a row, without the space around them."""

    line: int
    """Where it begins, counted from 1."""
    cells: list[str]


def text_of(source: str | Path | IO[str] | IO[bytes]) -> tuple[str, str]:
    """The text of a file, and what a message about it begins with; ValueError if it is not text in UTF-8."""
    if callable(getattr(source, "read", None)):
        content, where = _content_of(source), ""  # type: ignore[arg-type]
    else:
        path = file_path(source, "read_csv")
        content, where = path.read_bytes(), f"{path.name}: "
    if isinstance(content, bytes):
        try:
            content = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            raise ValueError(f"{where}line {line}: not text in UTF-8 (byte {content[error.start]:#04x})") from None
    zero = content.find("\0")
    if zero >= 0:
        line = content.count("\n", 0, zero) + 1
        raise ValueError(f"{where}line {line}: not text (it has a zero byte)")
    return content.removeprefix("\ufeff"), where


def _content_of(file: IO[str] | IO[bytes]) -> str | bytes:
    """What is left to read in an open file."""
    try:
        content = file.read()
    except UnicodeDecodeError as error:
        byte = error.object[error.start]
        raise ValueError(f"not text in {error.encoding}, as which the file was opened (byte {byte:#04x})") from None
    except ValueError as error:  # closed, or opened for writing
        raise ValueError(f"the file cannot be read: {error}") from None
    if not isinstance(content, (str, bytes)):
        raise ValueError(f"the file cannot be read: it gives {type(content).__name__}, not text or bytes")
    return content


def rows_of(text: str, delimiter: str, *, most: int | None = None, strict: bool = True) -> list[Row]:
    """The first `most` rows that are not empty, or all.

    If `strict`, a quoted field that does not end as it should is a ValueError.
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True, strict=strict)
    rows, line = [], 1
    try:
        for cells in reader:
            if cells and (len(cells) > 1 or cells[0].strip()):
                rows.append(Row(line, [cell.strip() for cell in cells]))
            if len(rows) == most:
                break
            line = reader.line_num + 1
    except csv.Error as error:
        raise ValueError(f"line {line}: {_in_words(error)}") from None
    return rows


def _in_words(error: csv.Error) -> str:
    """What the reader of rows says, as a person would."""
    if "unexpected end" in str(error):
        return 'a quoted field (") has no end'
    if "expected after" in str(error):
        return 'a quoted field (") goes on after its end'
    return str(error)


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
