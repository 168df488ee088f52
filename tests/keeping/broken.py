"""Project files that somebody damaged, or made to do harm: each has a name, and may not be opened."""

from __future__ import annotations

import io
import struct
import warnings
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from broken_json import WRONG, texts, with_other

Members = dict[str, bytes]


class Broken(NamedTuple):
    """A file."""

    kind: str
    name: str
    data: bytes
    may_open: bool = False
    """Whether the damage may be where nothing is said: then what is opened has to be what was kept."""


def members_of(data: bytes) -> Members:
    """The members of a file by name."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(members: Members | list[tuple[str, bytes]], compression: int = zipfile.ZIP_STORED) -> bytes:
    """A zip of these members."""
    buffer = io.BytesIO()
    pairs = list(members.items()) if isinstance(members, dict) else members
    with warnings.catch_warnings(), zipfile.ZipFile(buffer, "w", compression) as archive:
        warnings.simplefilter("ignore")  # of names that stand there twice
        for name, data in pairs:
            archive.writestr(name, data)
    return buffer.getvalue()


def npy(array: object) -> bytes:
    """An array as a member."""
    buffer = io.BytesIO()
    np.save(buffer, np.asanyarray(array))
    return buffer.getvalue()


def headed(shape: str, dtype: str = "<f4", data: bytes = b"", order: str = "False") -> bytes:
    """A member whose header says anything."""
    text = f"{{'descr': '{dtype}', 'fortran_order': {order}, 'shape': {shape}, }}\n".encode()
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text + data


def all_broken(good: bytes, rng: np.random.Generator) -> Iterator[Broken]:
    """Every file that is made from a good one; that has a sitting with runs, tables and a training in float64."""
    yield from _cut(good, rng)
    yield from _flipped(good, rng)
    yield from _holes(good, rng)
    yield from _bombs(good)
    yield from _other_zips(good)
    yield from _names(good)
    yield from _arrays(good)
    yield from _texts(good)
    yield from _json(good)
    yield from _something_else()


# -- damage -------------------------------------------------------------------------------------------


def _cut(good: bytes, rng: np.random.Generator) -> Iterator[Broken]:
    with zipfile.ZipFile(io.BytesIO(good)) as archive:
        starts = [info.header_offset for info in archive.infolist()]
        directory = archive.start_dir
    places = {0, 1, 3, 4, 21, 22, 30, len(good) - 1, len(good) - 2, len(good) - 21, len(good) - 22, directory}
    places |= {directory - 1, directory + 20, directory + 46, *starts[1:6], *(start + 29 for start in starts[:6])}
    places |= {int(place) for place in rng.integers(1, len(good), 20)}
    for place in sorted(places):
        yield Broken("cut short", f"after {place}", good[:place])
    for place in (1, 4, 30, 1000, len(good) // 2):
        yield Broken("cut short", f"the first {place} missing", good[place:], may_open=True)


def _flipped(good: bytes, rng: np.random.Generator) -> Iterator[Broken]:
    with zipfile.ZipFile(io.BytesIO(good)) as archive:
        infos, directory = archive.infolist(), archive.start_dir
    for info in infos:
        length = len(info.filename) + 30 + 20
        for place in rng.integers(info.header_offset + length, info.header_offset + length + info.file_size, 2):
            yield Broken("bit flip", f"in {info.filename}", _flip(good, int(place), int(rng.integers(8))))
    for place in rng.integers(directory, len(good), 25):
        yield Broken("bit flip", f"in the directory, {place}", _flip(good, int(place), int(rng.integers(8))), True)
    for info in infos[:20]:
        place = info.header_offset + int(rng.integers(30 + len(info.filename)))
        yield Broken("bit flip", f"in a header, {place}", _flip(good, place, int(rng.integers(8))), True)


def _flip(data: bytes, place: int, bit: int) -> bytes:
    changed = bytearray(data)
    changed[place] ^= 1 << bit
    return bytes(changed)


def _holes(good: bytes, rng: np.random.Generator) -> Iterator[Broken]:
    for length in (1, 7, 512, 4096):
        for place in rng.integers(100, len(good) - 5000, 4):
            at = int(place)
            yield Broken("zeros", f"{length} at {at}", good[:at] + bytes(length) + good[at + length :], True)
            yield Broken("lost", f"{length} at {at}", good[:at] + good[at + length :])
            yield Broken("inserted", f"{length} at {at}", good[:at] + rng.bytes(length) + good[at:])
    yield Broken("zeros", "nothing else", bytes(len(good)))
    yield Broken("noise", "nothing else", rng.bytes(len(good)))
    yield Broken("noise", "behind a zip's first bytes", b"PK\3\4" + rng.bytes(len(good)))
    yield Broken("inserted", "a whole file before it", good + good, may_open=True)


# -- zips ---------------------------------------------------------------------------------------------


def _bombs(good: bytes) -> Iterator[Broken]:
    members = members_of(good)
    zeros = bytes(10_000_000)
    for name, method in (("deflate", zipfile.ZIP_DEFLATED), ("bzip2", zipfile.ZIP_BZIP2), ("lzma", zipfile.ZIP_LZMA)):
        yield Broken("bomb", f"values by {name}", zipped(members | {"stand/values.npy": zeros}, method))
        yield Broken("bomb", f"JSON by {name}", zipped({"project.json": zeros}, method))
    layers = zipped({"project.json": bytes(10_000_000)}, zipfile.ZIP_DEFLATED)
    for _ in range(3):
        layers = zipped({"project.json": layers}, zipfile.ZIP_DEFLATED)
    yield Broken("bomb", "a zip in a zip in a zip", layers)
    yield Broken("bomb", "JSON of spaces", zipped(members | {"project.json": b" " * 60_000_000}))
    yield Broken("bomb", "JSON of spaces within bounds", zipped(members | {"project.json": b" " * 8_000_000}))
    for count in (20_000, 50_000):
        yield Broken("bomb", f"{count} members", zipped(members | {f"{number}.npy": b"" for number in range(count)}))
    yield Broken(
        "bomb", "names of 60,000 letters", zipped(members | {f"{n}{'x' * 60_000}.npy": b"" for n in range(40)})
    )
    yield from _lies(good)
    for shape in ("(1152921504606846976,)", "(9999999999999999999,)", "(4294967296, 4294967296)", "(-1,)"):
        yield Broken("bomb", f"values of {shape}", zipped(members | {"stand/values.npy": headed(shape, "<f8")}))
        yield Broken("bomb", f"curve of {shape}", zipped(members | {"curve/rows.npy": headed(shape, "<f8")}))
        yield Broken("bomb", f"table of {shape}", zipped(members | {"tables/0.npy": headed(shape, "<f8")}))
    yield Broken("bomb", "curve of 200,000 rows", zipped(members | {"curve/rows.npy": npy(np.ones((200_000, 3)))}))
    yield Broken("bomb", "table of 200,000 rows", zipped(members | {"tables/0.npy": npy(np.zeros((200_000, 4)))}))
    yield Broken(
        "bomb", "a header of 60,000 letters", zipped(members | {"curve/rows.npy": headed(f"(3,){' ' * 60_000}")})
    )


def _lies(good: bytes) -> Iterator[Broken]:
    """A directory that claims what is not there."""
    with zipfile.ZipFile(io.BytesIO(good)) as archive:
        first, end = archive.start_dir, len(good) - 22
    for what, offset, form in (("stored size", 20, "<I"), ("size", 24, "<I"), ("place", 42, "<I"), ("CRC", 16, "<I")):
        for value in (0, 1, 2**31, 2**32 - 1):
            yield Broken("lie", f"{what} {value}", _put(good, first + offset, form, value), may_open=value == 0)
    for bit in (0, 3, 5, 6, 11, 13):
        flags = int.from_bytes(good[first + 8 : first + 10], "little") | 1 << bit
        yield Broken("lie", f"flag {bit}", _put(good, first + 8, "<H", flags), may_open=bit in (3, 11, 13))
    for method in (1, 8, 12, 14, 93, 99, 65535):
        yield Broken("lie", f"method {method}", _put(good, first + 10, "<H", method))
    for what, offset, form in (("members", 10, "<H"), ("directory size", 12, "<I"), ("directory place", 16, "<I")):
        value = 2 ** (8 * struct.calcsize(form)) - 2
        yield Broken("lie", f"{what} {value}", _put(good, end + offset, form, value), may_open=what == "members")
    yield Broken("lie", "a comment that is not there", _put(good, end + 20, "<H", 65535), may_open=True)
    for length in (2**40, 2**62, 2**64 - 1):
        record = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, 1, 1, length, first)
        locator = struct.pack("<4sLQL", b"PK\6\7", 0, end, 1)
        yield Broken("lie", f"a directory of {length}", good[:end] + record + locator + good[end:])


def _put(data: bytes, place: int, form: str, value: int) -> bytes:
    return data[:place] + struct.pack(form, value) + data[place + struct.calcsize(form) :]


def _other_zips(good: bytes) -> Iterator[Broken]:
    members = members_of(good)
    yield Broken("another zip", "empty", b"PK\5\6" + bytes(18))
    yield Broken("another zip", "of text", zipped({"word/document.xml": b"<x/>"}))
    yield Broken("another zip", "of arrays", zipped({"x.npy": npy(np.ones(3))}))
    yield Broken("another zip", "a network of nncore", zipped({"description.npy": npy("{}"), "values.npy": npy([1.0])}))
    yield Broken("another zip", "deflated", zipped(members, zipfile.ZIP_DEFLATED))


def _names(good: bytes) -> Iterator[Broken]:
    members = members_of(good)
    for name in members:
        yield Broken("name", f"without {name}", zipped({key: data for key, data in members.items() if key != name}))
    strange = [
        "../../x.npy", "/etc/x.npy", "C:\\x.npy", "..\\..\\x.npy", "stand/../values.npy", "./stand/values.npy",
        "stand//values.npy", "STAND/VALUES.npy", "stand/values.npy.npy", "stand\\values.npy", "stand/ｖalues.npy",
        "stand/values\u200b.npy", "\u202eyps/values.npy", "stand/val\nues.npy", "stand/values.NPY", ".npy", "x.exe",
        "stand/", "runs/0/values.npy", "runs/02/values.npy", "runs/-1/values.npy", "tables/2.npy", "tables/x.npy",
        "stand/optimizer.name.npy", "stand/optimizer.x.npy", "description.npy", "project.json.npy", "project.JSON",
        "../project.json", "a" * 5000 + ".npy",
    ]  # fmt: skip
    for name in strange:
        yield Broken("name", f"also {name[:40]!r}", zipped(members | {name: npy(np.ones(3))}))
    for name in ("stand/values.npy", "project.json", "tables/0.npy"):
        yield Broken("name", f"{name} twice", zipped([*members.items(), (name, members[name])]))
        moved = {f"../{key}" if key == name else key: data for key, data in members.items()}
        yield Broken("name", f"{name} elsewhere", zipped(moved))


# -- arrays -------------------------------------------------------------------------------------------


def _arrays(good: bytes) -> Iterator[Broken]:
    members = members_of(good)
    rows = [name for name in members if name.endswith(".npy")]
    for name in rows:
        array = np.load(io.BytesIO(members[name]))
        for what, spoiled in _spoiled(name, array):
            yield Broken("array", f"{name}: {what}", zipped(members | {name: spoiled}))
    with np.load(io.BytesIO(good)) as arrays:
        order, block = arrays["stand/order"], arrays["tables/0"]
    for what, spoiled in (("twice", np.zeros_like(order)), ("beyond", order + 1), ("below", order - 1)):
        yield Broken("array", f"order: {what}", zipped(members | {"stand/order.npy": npy(spoiled)}))
    for column, value in ((-1, 1.0), (-1, -0.1), (-2, 0.5), (0, 1e300)):
        spoiled = block.copy()
        spoiled[3, column] = value
        yield Broken("array", f"table: {value} in {column}", zipped(members | {"tables/0.npy": npy(spoiled)}))
    for value in (-1.0, 1e9):
        yield Broken("array", f"carried {value}", zipped(members | {"stand/carried_samples.npy": npy(value)}))
    curve = np.array([[-1.0, 1, 1]])
    measures = {"curve/measures.npy": npy(np.zeros(1))}
    yield Broken("array", "epoch below zero", zipped(members | measures | {"curve/rows.npy": npy(curve)}))


def _spoiled(name: str, array: np.ndarray) -> Iterator[tuple[str, bytes]]:
    """Members that are not an array like this one; only some kinds for arrays of runs, which are as the others."""
    yield "one more number", npy(np.append(array, array.flat[:1]))
    yield "in two dimensions", npy(np.zeros((2, 2, 2, 2)))
    if array.dtype.kind == "f" and name != "curve/rows.npy" and not name.endswith("curve/rows.npy"):
        for value in (np.nan, np.inf):
            broken = np.array(array)
            broken.flat[0] = value
            yield f"{value}", npy(broken)
    if name.startswith("runs/"):
        return
    yield "of another type", npy(np.zeros(array.shape, np.int8))
    yield "the other end first", npy(array.astype(array.dtype.newbyteorder(">")) if array.itemsize > 1 else b"x")
    yield "complex", npy(array.astype(complex))
    yield "of objects", npy(np.full(array.shape, None, object))
    yield "of text", npy(array.astype("U5"))
    yield "of records", npy(np.zeros(array.shape, [("a", "f8")]))
    yield "column by column", headed(str(array.shape), array.dtype.str, array.tobytes(), "True")
    yield "shorter than it claims", headed(str(array.shape), array.dtype.str, array.tobytes()[:-1])
    yield "longer than it claims", headed(str(array.shape), array.dtype.str, array.tobytes() + b"x")
    yield "evaluated", headed(f"(__import__('os').abort(), {array.size})", array.dtype.str, array.tobytes())
    yield "without a header", array.tobytes()
    yield "empty", b""


# -- JSON ---------------------------------------------------------------------------------------------


def _texts(good: bytes) -> Iterator[Broken]:
    members = members_of(good)
    for name, changed in texts(members["project.json"]).items():
        assert changed != members["project.json"], name
        yield Broken("text", name, zipped(members | {"project.json": changed}))


def _json(good: bytes) -> Iterator[Broken]:
    members = members_of(good)
    for way, values in WRONG:
        for value in values:
            changed = with_other(members["project.json"], way, lambda _, value=value: value)
            name = f"{'.'.join(map(str, way))} = {str(value)[:40]!r}"
            yield Broken("JSON", name, zipped(members | {"project.json": changed}))


# -- other files --------------------------------------------------------------------------------------


def _something_else() -> Iterator[Broken]:
    files = {
        "nothing": b"",
        "one byte": b"P",
        "text": b"hello",
        "a table": b"x,y,label\n1,2,0\n",
        "a preset": b'{"order": 1}',
        "a list": b"\n [1, 2]",
        "a picture": b"\x89PNG\r\n\x1a\n" + bytes(200),
        "gzip": b"\x1f\x8b\x08" + bytes(50),
        "a program": b"\x7fELF" + bytes(500),
        "an array": npy(np.ones(3)),
        "a pickle": b"\x80\x04N.",
        "tar": bytes(1024),
        "a page": b"<!doctype html>",
        "PK": b"PK",
        "the end of a zip": b"PK\5\6",
        "PK and text": b"PK is a name",
        "two bytes of order": "{}".encode("utf-16"),
        "new lines": b"\n" * 5000,
    }
    for name, data in files.items():
        yield Broken("something else", name, data)


def strange_places(folder: Path, good: bytes) -> dict[str, Path]:
    """Paths under which there is no file that can be read; the names of what is made there."""
    (folder / "folder.nnp").mkdir()
    (folder / "loop.nnp").symlink_to(folder / "loop.nnp")
    (folder / "nowhere.nnp").symlink_to(folder / "gone")
    (folder / "device.nnp").symlink_to("/dev/zero")
    (folder / "sparse.nnp").touch()
    with (folder / "sparse.nnp").open("r+b") as file:
        file.write(good)
        file.truncate(2**40)
    found = {each.stem: each for each in folder.iterdir()}
    return found | {
        "missing": folder / "missing.nnp",
        "no folder": folder / "nothing" / "x.nnp",
        "a file as a folder": folder / "sparse.nnp" / "x.nnp",
        "a long name": folder / ("x" * 300 + ".nnp"),
        "a name with a zero": folder / "a\0b.nnp",
    }
