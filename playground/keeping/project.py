"""A project: all of one sitting as a value, and the `.nnp` file it is kept in.

A file is an uncompressed zip: `project.json`, which says what there is and can be read by people, and arrays:

    stand/values.npy      all that the training goes on from, by the names of `Stand.arrays`
    curve/rows.npy        the loss curve, and curve/measures.npy
    runs/3/values.npy     the same of run 3, with runs/3/curve/rows.npy and so on; an old one may have its values alone
    tables/0.npy          (n_rows, n_inputs + 2): samples of one's own, each table once, however many specs have it

Reading believes nothing: see `nncore.archive` for the zip, `written` for the JSON, `stands` for the arrays.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import numpy as np
from msgspec import Struct

import nncore as nn
from nncore.archive import Archive, Kind, opened, place, write_text
from nncore.checks import file_path
from nncore.files import open_regular
from playground.document.lesson import Lesson
from playground.document.spec import Spec
from playground.document.table import Table
from playground.engine.snapshot import Curve
from playground.engine.stand import Stand
from playground.keeping import written
from playground.keeping.runs import Change, Run
from playground.keeping.stands import check_arrays, check_curve, check_rng, layout_of, read_arrays, read_curve
from playground.keeping.written import JSON, NOTHING, Written, WrittenChange, WrittenRun, WrittenStand, WrittenTable

MOST_BYTES = 2**28
"""Of a file: room for the networks of 500 runs, the largest network in training, and tables."""
MOST_MESSAGE = 400
"""Characters of a message: what a file says may be long."""

RULES: dict[str, type[nn.Optimizer | nn.Regularizer]] = {"optimizer": nn.Optimizer, "regularizer": nn.Regularizer}

KIND = Kind("not a project, or damaged", JSON, max_description=2**23, max_directory=2**21)


class Project(Struct, frozen=True, eq=False):
    """All that a `.nnp` file holds."""

    spec: Spec
    """The experiment as it is edited. Its `assigned` are left out: they are in the weights."""
    stand: Stand | None = None
    """Where its training stands; None is at its first weights."""
    trained: Spec | None = None
    """The spec that `stand` is of, where that is not `spec`: an edit that had not arrived there yet."""
    curve: Curve = msgspec.field(default_factory=Curve)
    changes: tuple[Change, ...] = ()
    """Settings that were changed on the way to `stand`."""
    parent: int | None = None
    """The run from whose end its training goes on."""
    runs: tuple[Run, ...] = ()
    lesson: Lesson | None = None
    view: dict[str, str] = msgspec.field(default_factory=dict)
    """How it is looked at: what views want to be told again, as text."""


# -- writing ------------------------------------------------------------------------------------------


def write_project(path: Path, project: Project) -> None:
    """Write a project through a temporary file beside it, so that an interrupted save leaves the old one whole.

    The same content gives the same file, byte for byte.

    Raises
    ------
    OSError
        If it cannot be written; no temporary file stays behind.
    ValueError
        If it could not be read again: a stand that is not of its spec, more than there is room for. The message of
        both begins with the name of the file.
    """
    with _told(path, "written"):
        about, arrays = _content(project)
        size = sum(array.nbytes for array in arrays.values())
        if size > MOST_BYTES - KIND.max_description:
            raise ValueError(
                f"it would have {size / 1e6:,.0f} MB, {MOST_BYTES / 1e6:,.0f} MB are possible: remove runs"
            )
        text = written.encode(about)
        written.decode(text)
        write_text(file_path(path, "path"), KIND, text, arrays)


def _content(project: Project) -> tuple[Written, dict[str, np.ndarray]]:
    """What `project.json` is to say, and the arrays by name."""
    tables, arrays = written.Tables(), _curve_arrays("curve", project.curve)
    spec, trained = (None if s is None else written.for_file(s) for s in (project.spec, project.trained))
    if project.stand is not None:
        arrays |= _stand_arrays("stand", trained or project.spec, project.stand, whole=True)
    runs = []
    for run in project.runs:
        arrays |= _stand_arrays(f"runs/{run.number}", run.spec, run.stand, whole=run.is_whole)
        arrays |= _curve_arrays(f"runs/{run.number}/curve", run.curve)
        runs.append(_written_run(run, tables))
    about = Written(
        format=written.FORMAT,
        version=written.VERSION,
        spec=written.write_spec(project.spec, tables),
        trained=msgspec.Raw(NOTHING) if trained in (None, spec) else written.write_spec(trained, tables),
        stand=None if project.stand is None else written.write_stand(project.stand),
        changes=_written_changes(project.changes) or msgspec.UNSET,
        parent=project.parent or msgspec.UNSET,
        runs=tuple(runs),
        lesson=project.lesson,
        view=project.view,
        tables=written.write_tables(tables.all),
    )
    blocks = {f"tables/{number}": _block(table) for number, table in enumerate(tables.all)}
    return about, arrays | blocks


def _written_run(run: Run, tables: written.Tables) -> WrittenRun:
    return WrittenRun(
        number=run.number,
        spec=written.write_spec(run.spec, tables),
        stand=written.write_stand(run.stand),
        name=run.name,
        changes=_written_changes(run.changes),
        parent=run.parent,
        ended=run.ended,
    )


def _written_changes(changes: tuple[Change, ...]) -> tuple[WrittenChange, ...]:
    return tuple(WrittenChange(each.epoch, each.label) for each in changes)


def _stand_arrays(prefix: str, spec: Spec, stand: Stand, *, whole: bool) -> dict[str, np.ndarray]:
    with place(prefix):
        layout = layout_of(spec)
        check_arrays(stand.arrays, layout, whole=whole)
        _check_words(stand, spec, layout.n_train)
    return {f"{prefix}/{name}": array for name, array in stand.arrays.items()}


def _curve_arrays(prefix: str, curve: Curve) -> dict[str, np.ndarray]:
    with place(prefix):
        check_curve(curve)
    return {f"{prefix}/rows": curve.rows, f"{prefix}/measures": curve.measures}


def _block(table: Table) -> np.ndarray:
    return np.frombuffer(table.values, "<f8").reshape(table.n_rows, -1)


# -- reading ------------------------------------------------------------------------------------------


def read_project(path: Path) -> Project:
    """Read a project that `write_project` wrote. What it says fits together: training can go on from there.

    Raises
    ------
    OSError
        If the file cannot be read.
    ValueError
        If it is something else, was damaged, contradicts itself, or was made by a newer version. The message of both
        is one line that begins with the name of the file and names the place. It takes a small multiple of the file's
        size in memory, and of no file much more than 256 MB.
    """
    with _told(path, "read"):
        _check_first_bytes(file_path(path, "path"))
        with opened(path, KIND) as archive:
            if not archive.has(KIND.description) and archive.has("description"):
                raise ValueError("not a project but a network saved by nncore; nncore.load reads it")
            return _read(archive)


def _check_first_bytes(path: Path) -> None:
    """Tell files apart that people take for a project."""
    with open_regular(path) as file:
        first = file.read(64)
        size = file.seek(0, 2)
    if not first:
        raise ValueError("the file is empty")
    if size > MOST_BYTES:
        raise ValueError(f"the file has {size / 1e6:,.0f} MB; a project has at most {MOST_BYTES / 1e6:,.0f} MB")
    if first.lstrip().startswith((b"{", b"[")):
        raise ValueError("not a project but JSON, such as a preset or an experiment")
    if not first.startswith(b"PK"):
        raise ValueError("not a project; open a table of samples with File › Open data")


def _read(archive: Archive) -> Project:
    about = written.decode(archive.text(), archive)
    tables = [_read_table(archive, number, table) for number, table in enumerate(about.tables)]
    spec = written.read_spec(about.spec, "spec", tables)
    trained = None if bytes(about.trained) == NOTHING else written.read_spec(about.trained, "trained", tables)
    project = Project(
        spec=spec,
        stand=None if about.stand is None else _read_stand(archive, "stand", about.stand, trained or spec, whole=True),
        trained=trained,
        curve=read_curve(archive, "curve"),
        changes=_read_changes(about.changes or ()),
        parent=about.parent or None,
        runs=tuple(_read_run(archive, run, tables) for run in about.runs),
        lesson=about.lesson,
        view=about.view,
    )
    archive.check_names(archive.read)
    return project


def _read_table(archive: Archive, number: int, table: WrittenTable) -> Table:
    name = f"tables/{number}"
    block = archive.array(name, (None, len(table.input_names) + 2), "float64")
    with place(name):
        return Table(**msgspec.structs.asdict(table), values=block.astype("<f8", copy=False).tobytes())


def _read_run(archive: Archive, run: WrittenRun, tables: list[Table]) -> Run:
    prefix = f"runs/{run.number}"
    spec = written.read_spec(run.spec, prefix, tables)
    return Run(
        number=run.number,
        spec=spec,
        curve=read_curve(archive, f"{prefix}/curve"),
        stand=_read_stand(archive, prefix, run.stand, spec, whole=archive.has(f"{prefix}/order")),
        name=run.name,
        changes=_read_changes(run.changes),
        parent=run.parent,
        ended=run.ended,
    )


def _read_changes(changes: tuple[WrittenChange, ...]) -> tuple[Change, ...]:
    return tuple(Change(each.epoch, each.label) for each in changes)


def _read_stand(archive: Archive, prefix: str, said: WrittenStand, spec: Spec, *, whole: bool) -> Stand:
    layout = layout_of(spec)
    arrays = read_arrays(archive, prefix, layout, whole=whole)
    stand = Stand(**written.fields_of(said), arrays=arrays)
    with place(prefix):
        _check_words(stand, spec, layout.n_train)
    return stand


def _check_words(stand: Stand, spec: Spec, n_train: int) -> None:
    """Raise ValueError unless what a stand says besides its arrays fits a spec."""
    for what, text in (("optimizer", spec.training.optimizer), ("regularizer", spec.training.regularizer)):
        expected = RULES[what].named(text).name
        if getattr(stand, what) != expected:
            raise ValueError(f"{what}: expected {expected}, got {getattr(stand, what)[:50]!r}")
    if stand.samples > n_train:
        raise ValueError(f"samples: expected 0 to {n_train}, got {stand.samples}")
    check_rng(stand.rng)


# -- messages -----------------------------------------------------------------------------------------


@contextmanager
def _told(path: Path, what: str) -> Iterator[None]:
    """What goes wrong inside becomes one line that begins with the name of the file."""
    name = path.name or str(path)
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise type(error)(_line(f"{name} cannot be {what}: {reason[:1].lower()}{reason[1:]}")) from error
    except ValueError as error:
        raise ValueError(_line(f"{name}: {str(error).removeprefix(f'{path}: ')}")) from error


def _line(text: str) -> str:
    """`text` as one line that is not long, and in which nothing is hidden: a file may say anything."""
    shown = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in " ".join(text.split()))
    return shown if len(shown) <= MOST_MESSAGE else f"{shown[: MOST_MESSAGE - 1]}…"
