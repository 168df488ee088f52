"""Arrays and a description in one file, read as if somebody had made it to do harm: nothing is believed unchecked.

A file is an uncompressed zip of .npy members, as `np.savez` writes them: `np.load` opens it too. One member describes
the others: of a saved network it is called `description`, and is JSON in an array of text; of other kinds of archives
it is a file of text. Nothing is unpickled, unpacked or evaluated, and reading an array takes a small multiple of the
file's size in memory.
"""

from __future__ import annotations

import errno
import json
import math
import os
import re
import struct
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, NamedTuple, NoReturn, TypeVar

import numpy as np

from nncore.files import open_regular, replacing

MAX_DESCRIPTION = 1 << 18
"""Bytes that the description may take: as text that is some 65,000 characters, enough for a thousand layers."""

MAX_DIRECTORY = 1 << 16
"""Bytes that the zip's table of contents may take: each of its entries costs ten times its size when it is read."""

NUMBERS = ("bool", *(f"{kind}{8 * size}" for kind in ("int", "uint") for size in (1, 2, 4, 8)))
NUMBERS += ("float16", "float32", "float64")
"""The data types that an array may have whose type is free."""

MAX_DIGITS = 50
"""Of a whole number in the description; the state of a random generator has the longest, of 39."""

_CHUNK = 1 << 20
_DIRECTORY_ENTRY = 46
"""Bytes that a member takes in the table of contents, besides its name."""
_T = TypeVar("_T")
_HEADER = re.compile(
    r"\{'descr': '([<|]\w{1,12})', 'fortran_order': False, 'shape': \(((?:\d{1,19}, ?){0,4}(?:\d{1,19})?)\), \} *\n"
)


class NotAnArchiveError(ValueError):
    """The file is not one of ours, or was damaged."""


class Kind(NamedTuple):
    """A kind of archive."""

    refusal: str
    """What messages say of a file that is none."""
    description: str
    """The member that describes the others: an array without its ".npy", or a file of text."""
    max_description: int
    """Bytes that it may take."""
    max_directory: int
    """Bytes that the zip's table of contents may take."""


NETWORK = Kind("not a saved network", "description", MAX_DESCRIPTION, MAX_DIRECTORY)


def write(path: Path, description: dict[str, Any], arrays: Mapping[str, np.ndarray]) -> None:
    """Write a file through a temporary one beside it, so that an interrupted save leaves the old one whole.

    Parameters
    ----------
    path
        Where to.
    description
        JSON, without NaN.
    arrays
        By name. The same content gives the same file, byte for byte.

    Raises
    ------
    OSError
        If it cannot be written; no temporary file stays behind.
    ValueError
        If it could not be read again: an array of a data type that no file may have, a description that is too long.
        If `path` is no regular file.
    """
    text = np.array(json.dumps(description, allow_nan=False))
    _check_description(path, NETWORK, text.nbytes)
    _write(path, [("description.npy", text), *_prepared(path, arrays)])


def write_text(path: Path, kind: Kind, text: bytes, arrays: Mapping[str, np.ndarray]) -> None:
    """As `write`, an archive of a kind whose description is a file of text.

    Raises
    ------
    OSError
        If it cannot be written; no temporary file stays behind.
    ValueError
        As `write`, and if there are more arrays than a table of contents may name.
    """
    _check_description(path, kind, len(text))
    members = [(kind.description, text), *_prepared(path, arrays)]
    directory = sum(_DIRECTORY_ENTRY + len(name.encode()) for name, _ in members)
    if directory > kind.max_directory:
        raise ValueError(f"{path}: there is no room for {len(members):,} members")
    _write(path, members)


def _check_description(path: Path, kind: Kind, size: int) -> None:
    if size > kind.max_description:
        raise ValueError(f"{path}: the description would be {size:,} bytes, {kind.max_description:,} are possible")


def _prepared(path: Path, arrays: Mapping[str, np.ndarray]) -> list[tuple[str, np.ndarray]]:
    """The members that arrays become, by file name, in order."""
    for name, array in arrays.items():
        if array.dtype.name not in NUMBERS:
            raise ValueError(f"{path}: {name}: expected one of {', '.join(NUMBERS)}, got {array.dtype}")
    return [
        (f"{name}.npy", np.ascontiguousarray(array, array.dtype.newbyteorder("<")).reshape(array.shape))
        for name, array in sorted(arrays.items())
    ]


def _write(path: Path, members: Iterable[tuple[str, np.ndarray | bytes]]) -> None:
    with replacing(path) as file, zipfile.ZipFile(file, "w") as archive:
        for name, content in members:
            # np.savez would write the time of day, and no two files would be equal.
            with archive.open(zipfile.ZipInfo(name), "w", force_zip64=True) as member:
                if isinstance(content, bytes):
                    member.write(content)
                else:
                    np.lib.format.write_array(member, content, allow_pickle=False)


@contextmanager
def opened(path: Path, kind: Kind = NETWORK) -> Iterator[Archive]:
    """The file at `path`, looked over; what is wrong with it, inside too, is one ValueError that begins with its name.

    Raises
    ------
    OSError
        If it cannot be read.
    ValueError
        If it is no regular file, not an archive, or the code inside finds something wrong in it.
    """
    with open_regular(path) as file:
        try:
            yield Archive(file, kind)
        except NotAnArchiveError as error:
            raise ValueError(f"{path}: {kind.refusal} ({error})") from error
        except MemoryError:
            raise ValueError(f"{path}: what it describes takes more memory than there is") from None
        except ValueError as error:
            raise ValueError(f"{path}: {error}") from error


class Archive:
    """An open file whose members can be read by name.

    Raises
    ------
    NotAnArchiveError
        If it is not an uncompressed zip of .npy members, or its members claim more than it holds.
    """

    def __init__(self, file: IO[bytes], kind: Kind = NETWORK) -> None:
        self.kind = kind
        with _damage():
            self.size = file.seek(0, os.SEEK_END)
            """Bytes of the file."""
            _check_directory(file, self.size, kind.max_directory)
            self._zip = zipfile.ZipFile(file)
            members = self._zip.infolist()
        for member in members:
            if member.compress_type != zipfile.ZIP_STORED or member.file_size != member.compress_size:
                raise NotAnArchiveError(f"its member {member.filename!r} is compressed")
            if member.flag_bits & 1:
                raise NotAnArchiveError(f"its member {member.filename!r} is encrypted")
        if sum(member.file_size for member in members) > self.size:
            raise NotAnArchiveError("its members claim to be larger than the file")
        self.members = {member.filename.removesuffix(".npy"): member for member in members}
        others = [m for m in members if not m.filename.endswith(".npy") and m.filename != kind.description]
        if len(self.members) < len(members) or others:
            raise NotAnArchiveError("it has other members than .npy arrays, or one twice")
        self.read: set[str] = set()
        """The arrays that somebody has asked for."""

    def description(self) -> Any:
        """What the member `description` says, an array of text.

        Raises
        ------
        NotAnArchiveError
            If there is none, or it is no JSON.
        """
        with self._described() as stream:
            dtype, shape = _read_header(stream)
            data = stream.read()
            if not re.fullmatch(r"<U\d+", dtype) or shape != () or len(data) != 4 * int(dtype[2:]):
                raise NotAnArchiveError("not one text")
            text = data.decode("utf-32-le").rstrip("\0")
            return json.loads(text, parse_constant=_refuse_constant, parse_int=_whole_number)

    def text(self) -> bytes:
        """What the member says that describes the others, a file of text.

        Raises
        ------
        NotAnArchiveError
            If there is none, or it was damaged.
        """
        with self._described() as stream:
            return stream.read()

    @contextmanager
    def _described(self) -> Iterator[IO[bytes]]:
        name, most = self.kind.description, self.kind.max_description
        member = self._member(name)
        if member.file_size > most:
            raise NotAnArchiveError(f"its description has {member.file_size:,} bytes, {most:,} are possible")
        with _damage(name), self._zip.open(member) as stream:
            yield stream

    def has(self, name: str) -> bool:
        """Whether there is an array of this name."""
        return name in self.members

    def check_names(self, expected: set[str]) -> None:
        """Raise ValueError unless the arrays are these, besides the description."""
        found = self.members.keys() - {self.kind.description}
        if missing := sorted(expected - found):
            raise ValueError(f"the array {missing[0]!r} is missing")
        if unexpected := sorted(found - expected):
            raise ValueError(f"the array {unexpected[0]!r} does not belong there")

    def array(self, name: str, shape: tuple[int | None, ...], *dtypes: str, finite: bool = True) -> np.ndarray:
        """An array; no memory is taken before its header fits both what is expected and the bytes there are.

        Parameters
        ----------
        name
            Of the array.
        shape
            What is expected; None stands for any length.
        dtypes
            The data types that it may have.
        finite
            Whether all its numbers must be finite.

        Raises
        ------
        ValueError
            If it is missing, another one, or damaged.
        """
        self.read.add(name)
        member = self._member(name)
        with _damage(name), self._zip.open(member) as stream:
            described, found = _read_header(stream)
            left = member.file_size - stream.tell()
            dtype = next((np.dtype(d).newbyteorder("<") for d in dtypes if _described(d) == described), None)
            if dtype is None:
                raise ValueError(f"{name}: expected {' or '.join(dtypes)}, the file holds '{described}'")
            if len(found) != len(shape) or any(s not in (None, f) for s, f in zip(shape, found, strict=True)):
                raise ValueError(f"{name}: expected shape {_shape_text(shape)}, the file holds {found}")
            if math.prod(found) * dtype.itemsize != left:
                raise NotAnArchiveError(f"{left:,} bytes are not the {found} of {dtype} that it claims")
            array = np.empty(found, dtype)
            _read_into(stream, array.reshape(-1).view(np.uint8))
        array = array.astype(array.dtype.newbyteorder("="), copy=False)
        if finite and array.dtype.kind == "f" and not np.isfinite(array).all():
            where = tuple(int(i) for i in np.argwhere(~np.isfinite(array))[0])
            raise ValueError(f"{name}: element {where} is not a finite number: {array[where]}")
        return array

    def _member(self, name: str) -> zipfile.ZipInfo:
        if name not in self.members:
            what = "file" if name == self.kind.description and "." in name else "array"
            raise NotAnArchiveError(f"the {what} {name!r} is missing")
        return self.members[name]


@contextmanager
def _damage(name: str = "") -> Iterator[None]:
    """What goes wrong inside is damage: a NotAnArchiveError that names the member."""
    prefix = f"{name}: " if name else ""
    try:
        yield
    except NotAnArchiveError as error:
        raise NotAnArchiveError(f"{prefix}{error}") from error.__cause__
    except UnicodeDecodeError:
        raise NotAnArchiveError(f"{prefix}not text") from None
    except json.JSONDecodeError as error:
        raise NotAnArchiveError(f"{prefix}{error}") from error
    except RecursionError:
        raise NotAnArchiveError(f"{prefix}nested too deep") from None
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, struct.error, OverflowError) as error:
        raise NotAnArchiveError(f"{prefix}{error or 'cut short'}") from error
    except OSError as error:
        if error.errno != errno.EINVAL:  # that is a place which no file has
            raise
        raise NotAnArchiveError(f"{prefix}damaged") from error


def _check_directory(file: IO[bytes], size: int, most: int) -> None:
    """Refuse a table of contents that would take much memory, before `zipfile` reads it."""
    longest = (1 << 16) + 22 + 76
    file.seek(max(0, size - longest))
    tail = file.read(longest)
    end = tail.rfind(b"PK\5\6")
    if end < 0 or len(tail) < end + 22:
        raise NotAnArchiveError("no zip of arrays, or cut short")
    (length,) = struct.unpack_from("<I", tail, end + 12)
    if end >= 76 and tail[end - 20 : end - 16] == b"PK\6\7":
        (length,) = struct.unpack_from("<Q", tail, end - 76 + 40)
    if length > most:
        raise NotAnArchiveError(f"its table of contents claims {length:,} bytes, {most:,} are possible")
    file.seek(0)


def _read_header(stream: IO[bytes]) -> tuple[str, tuple[int, ...]]:
    """Data type and shape of an .npy member, by a pattern: NumPy's own reader would evaluate the text."""
    start = stream.read(8)
    if start[:6] != b"\x93NUMPY" or start[6] not in (1, 2, 3):
        raise NotAnArchiveError("no .npy header")
    width = 2 if start[6] == 1 else 4
    length = int.from_bytes(stream.read(width), "little")
    match = _HEADER.fullmatch(stream.read(length).decode("latin-1")) if length <= 10_000 else None
    if match is None:
        raise NotAnArchiveError("an .npy header that is not of plain numbers in rows")
    return match[1], tuple(int(n) for n in match[2].split(",") if n.strip())


def _described(dtype: str) -> str:
    """How an .npy header calls a data type."""
    return np.dtype(dtype).newbyteorder("<").str


def _shape_text(shape: tuple[int | None, ...]) -> str:
    lengths = ["n" if length is None else str(length) if length < 10**18 else "over 10^18" for length in shape]
    return f"({', '.join(lengths)}{',' if len(shape) == 1 else ''})"


def _read_into(stream: IO[bytes], target: np.ndarray) -> None:
    """Fill an array of bytes from the stream, and see to it that the checksum at the end is looked at."""
    start = 0
    while start < len(target):
        piece = stream.read(min(_CHUNK, len(target) - start))
        if not piece:
            raise NotAnArchiveError("cut short")
        target[start : start + len(piece)] = np.frombuffer(piece, np.uint8)
        start += len(piece)
    if stream.read(1):
        raise NotAnArchiveError("longer than it claims")


def _refuse_constant(text: str) -> NoReturn:
    raise NotAnArchiveError(f"{text} is not a number of JSON")


def _whole_number(text: str) -> int:
    """A whole number of JSON; Python's own limit is a setting of the process, and its message names no place."""
    if len(text) > MAX_DIGITS:
        raise NotAnArchiveError(f"a whole number of {len(text.lstrip('-')):,} digits, {MAX_DIGITS} are possible")
    return int(text)


# -- entries of a description ---------------------------------------------------------------------------------


@contextmanager
def place(name: str) -> Iterator[None]:
    """Let every message from inside begin with the place in the description."""
    try:
        yield
    except (ValueError, TypeError) as error:
        raise ValueError(f"{name}: {error}") from error


def entry(about: object, key: str, kind: type[_T]) -> _T:
    """An entry of a description; ValueError unless it is there, and of this type."""
    if not isinstance(about, dict) or key not in about:
        raise ValueError(f"its description lacks {key!r}")
    value = about[key]
    if type(value) is not kind:
        raise ValueError(f"{key}: expected {kind.__name__}, got {str(value)[:50]!r}")
    return value


def count(about: object, key: str, at_least: int = 0) -> int:
    """An entry that is a whole number, not below a bound."""
    value = entry(about, key, int)
    if value < at_least:
        raise ValueError(f"{key}: expected a number >= {at_least}, got {value}")
    return value
