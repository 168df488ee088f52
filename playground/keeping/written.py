"""`project.json`: what stands in it, its bounds, and its past."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, Raw, Struct, UnsetType
from msgspec.structs import replace

from nncore.archive import Archive, place
from playground.document.lesson import Lesson
from playground.document.spec import Spec
from playground.document.table import Table
from playground.engine.stand import Stand

JSON = "project.json"
NOTHING = b"null"

FORMAT = "nn-playground project"
VERSION = 1
"""What is written; it is read, and all before it."""

MIGRATIONS: dict[int, Callable[[dict[str, Any], Archive], dict[str, Any]]] = {}
"""Per past version, what makes the next one of it: its JSON, and the arrays, whose names may be changed."""

MOST_RUNS = 1000
MOST_SPEC = 2**20
"""Bytes of one spec: a plane to look at may hold each of 12,288 inputs."""
MOST_ID = 2**31
"""Of layers: ids of new ones are counted on from there."""

Count = Annotated[int, Meta(ge=0, le=2**53)]
RunNumber = Annotated[int, Meta(ge=1, le=2**31)]
Time = Annotated[float, Meta(ge=0, le=1e15)]
Line = Annotated[str, Meta(max_length=1000)]
Measure = float | None
"""None where it is no finite number: JSON has no other."""


class Head(Struct, frozen=True):
    """What kind of file it is."""

    format: str = ""
    version: Annotated[int, Meta(ge=1)] = 1


class WrittenTable(Struct, frozen=True, forbid_unknown_fields=True):
    """A table without its numbers, which are an array (n_rows, n_inputs + 2): inputs, label, lot."""

    label: str
    task: Literal["binary", "classes", "regression"]
    input_names: tuple[str, ...]
    class_names: tuple[str, ...]
    standardize: bool
    domain: tuple[float, float]


class WrittenStand(Struct, frozen=True, forbid_unknown_fields=True):
    """A stand without its arrays."""

    steps: Count
    epochs: Count
    samples: Count
    optimizer: str
    regularizer: str
    rng: Line
    progress: Time
    seconds: Time
    train_loss: Measure = None
    test_loss: Measure = None
    train_score: Measure = None
    test_score: Measure = None


class WrittenChange(Struct, frozen=True, forbid_unknown_fields=True):
    """A setting that was changed during a run."""

    epoch: Count
    label: Line


class WrittenRun(Struct, frozen=True, forbid_unknown_fields=True):
    """A run without its arrays."""

    number: RunNumber
    spec: Raw
    stand: WrittenStand
    name: Line = ""
    changes: tuple[WrittenChange, ...] = ()
    parent: RunNumber | None = None
    ended: Line = ""


class Written(Struct, frozen=True, forbid_unknown_fields=True):
    """All of `project.json`. In a spec `data.own` is the number of a table, from 0."""

    format: str
    version: int
    spec: Raw
    trained: Raw = Raw(NOTHING)
    stand: WrittenStand | None = None
    changes: tuple[WrittenChange, ...] | UnsetType = UNSET
    parent: RunNumber | UnsetType = UNSET
    runs: Annotated[tuple[WrittenRun, ...], Meta(max_length=MOST_RUNS)] = ()
    lesson: Lesson | None = None
    view: Annotated[
        dict[Annotated[str, Meta(max_length=200)], Annotated[str, Meta(max_length=2**16)]], Meta(max_length=200)
    ] = msgspec.field(default_factory=dict)
    tables: Annotated[tuple[WrittenTable, ...], Meta(max_length=2 * MOST_RUNS)] = ()


def encode(written: Written) -> bytes:
    """`project.json` as it is written: indented, the same for the same content."""
    return msgspec.json.format(msgspec.json.encode(written, order="deterministic"), indent=2)


def decode(text: bytes, archive: Archive | None = None) -> Written:
    """What a `project.json` of the present version or of a past one says, within its bounds.

    Raises
    ------
    ValueError
        If it is of something else or of a newer version, is damaged or says something impossible: the place is named.
    """
    with _json(JSON):
        return _decoded(text, archive)


def _decoded(text: bytes, archive: Archive | None) -> Written:
    head = msgspec.json.decode(text, type=Head)
    if head.format != FORMAT:
        raise ValueError(f"expected the format {FORMAT!r}, got {head.format[:50]!r}")
    if head.version > VERSION:
        newer = f"version {str(head.version)[:20]}: made by a newer version of the program"
        raise ValueError(f"{newer}; this one opens up to version {VERSION}")
    if head.version < VERSION:
        text = _migrated(text, head.version, archive)
    written = msgspec.json.decode(text, type=Written)
    numbers = [run.number for run in written.runs]
    if len(set(numbers)) < len(numbers):
        raise ValueError("runs: two have the same `number`")
    return written


@contextmanager
def _json(name: str) -> Iterator[None]:
    """Let every message from inside begin with the place."""
    with place(name):
        try:
            yield
        except UnicodeDecodeError:
            raise ValueError("not text in UTF-8") from None
        except RecursionError:
            raise ValueError("nested too deep") from None


def _migrated(text: bytes, version: int, archive: Archive | None) -> bytes:
    plain = msgspec.json.decode(text)
    for past in range(version, VERSION):
        if past not in MIGRATIONS or archive is None:
            raise ValueError(f"there is no version {past}")
        plain = MIGRATIONS[past](plain, archive)
    return msgspec.json.encode(plain | {"version": VERSION})


# -- specs and tables ---------------------------------------------------------------------------------


class Tables:
    """The tables of a project, each of them once."""

    def __init__(self) -> None:
        self._numbers: dict[Table, int] = {}

    @property
    def all(self) -> list[Table]:
        """In the order of their numbers."""
        return list(self._numbers)

    def number(self, table: Table) -> int:
        """The number of a table, a new one if it has none yet."""
        return self._numbers.setdefault(table, len(self._numbers))


def for_file(spec: Spec) -> Spec:
    """The spec without what belongs to this sitting: its weights went through what was set by hand.

    Raises
    ------
    ValueError
        If the id of a layer is beyond all bounds: a file had begun just below.
    """
    if any(layer.id > MOST_ID for layer in spec.layers):
        raise ValueError(f"layers: expected an `id` <= {MOST_ID:,}")
    return replace(spec, run=0, assigned=())


def write_spec(spec: Spec, tables: Tables) -> Raw:
    """JSON of a spec, the number of its table in the place of the table."""
    plain = msgspec.to_builtins(for_file(spec), builtin_types=(bytes,))  # not a copy of the table in base64
    if spec.data.own is not None:
        plain["data"]["own"] = tables.number(spec.data.own)
    return Raw(msgspec.json.encode(plain))


def read_spec(raw: Raw, name: str, tables: list[Table]) -> Spec:
    """The spec of `write_spec`, within its bounds.

    Raises
    ------
    ValueError
        If it says something impossible; the message begins with `name`, and names the place.
    """
    with _json(f"{JSON}: {name}"):
        if len(bytes(raw)) > MOST_SPEC:
            raise ValueError(f"it has {len(bytes(raw)):,} bytes, {MOST_SPEC:,} are possible")
        plain = msgspec.json.decode(raw)
        data = plain.get("data") if isinstance(plain, dict) else None
        if isinstance(data, dict) and data.get("own") is not None:
            number = data["own"]
            if type(number) is not int or not 0 <= number < len(tables):
                raise ValueError(f"data.own: expected the number of one of the {len(tables)} tables")
            data["own"] = tables[number]
        return for_file(msgspec.convert(plain, Spec))


def write_tables(tables: Iterable[Table]) -> tuple[WrittenTable, ...]:
    """What there is to say of tables, besides their numbers."""
    fields = WrittenTable.__struct_fields__
    return tuple(WrittenTable(**{name: getattr(table, name) for name in fields}) for table in tables)


# -- stands -------------------------------------------------------------------------------------------


def write_stand(stand: Stand) -> WrittenStand:
    """What there is to say of a stand, besides its arrays."""
    return WrittenStand(**{name: _as_json(getattr(stand, name)) for name in WrittenStand.__struct_fields__})


def fields_of(written: WrittenStand) -> dict[str, Any]:
    """The fields of the stand that was written, besides its arrays."""
    fields = msgspec.structs.asdict(written)
    return {name: math.nan if value is None else value for name, value in fields.items()}


def _as_json(value: Any) -> Any:
    if not isinstance(value, float):
        return value
    return float(value) if math.isfinite(value) else None  # NumPy's floats are floats, but not to msgspec
