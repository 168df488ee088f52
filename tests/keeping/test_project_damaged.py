"""Project files that somebody damaged, or made to do harm: one line that names the file and the place, nothing else."""

import contextlib
import json
import os
import random
import re
import struct
import tracemalloc
import warnings
from pathlib import Path

import numpy as np
import pytest
from broken import Broken, all_broken, members_of, strange_places, zipped
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sittings import content, continued, sitting

from playground.keeping import project as project_module
from playground.keeping.project import MOST_MESSAGE, Project, read_project, write_project


@pytest.fixture(scope="module")
def good(tmp_path_factory) -> bytes:
    path = tmp_path_factory.mktemp("good") / "good.nnp"
    write_project(path, sitting())
    return path.read_bytes()


@pytest.fixture(scope="module")
def everything_broken(good) -> list[Broken]:
    return list(all_broken(good, np.random.default_rng(0)))


@pytest.fixture
def path(tmp_path) -> Path:
    return tmp_path / "broken.nnp"


class RefusedError(Exception):
    """A file was refused by its name, in one line."""


def read_or_refused(path: Path, data: bytes) -> Project:
    path.write_bytes(data)
    try:
        return read_project(path)
    except (ValueError, OSError) as error:
        message = str(error)
        assert message.startswith(f"{path.name}: ")
        assert message.isprintable()
        assert len(message) <= MOST_MESSAGE
        raise RefusedError(message.removeprefix(f"{path.name}: ")) from error


def refusal(path: Path, data: bytes) -> str:
    with pytest.raises(RefusedError) as raised:
        read_or_refused(path, data)
    return str(raised.value)


KINDS = [
    "cut short", "bit flip", "zeros", "lost", "inserted", "noise", "bomb", "lie", "another zip", "name", "array",
    "text", "JSON", "something else",
]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_a_broken_file_is_refused_in_one_line(path, everything_broken, kind):
    """Damage where nothing is said may go unnoticed: then what is opened is what was kept."""
    whole, refused = content(sitting()), 0
    files = [file for file in everything_broken if file.kind == kind]
    for file in files:
        if file.may_open:
            with contextlib.suppress(RefusedError):
                assert content(read_or_refused(path, file.data)) == whole, file.name
                continue
        else:
            refusal(path, file.data)
        refused += 1
    assert refused >= len(files) / 3


def test_there_are_more_than_300_of_every_kind(everything_broken):
    assert {file.kind for file in everything_broken} == set(KINDS)
    assert len([file for file in everything_broken if not file.may_open]) > 300


def test_a_bomb_takes_little_memory(path, everything_broken):
    """A small file must not become large; a large one takes a small multiple of its size."""
    for file in everything_broken:
        if file.kind not in ("bomb", "lie", "text"):
            continue
        path.write_bytes(file.data)
        tracemalloc.start()
        with contextlib.suppress(ValueError):
            read_project(path)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 24_000_000 + 2 * len(file.data), file.name


def test_a_large_table_of_contents_cannot_hide_behind_a_small_one(path):
    data, count = zipped({f"{number}.npy": b"" for number in range(40_000)}), 40_000
    end = len(data) - 22
    size, start = struct.unpack("<2L", data[end + 12 : end + 20])
    large = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, count, count, size, start)
    where = struct.pack("<4sLQL", b"PK\6\7", 0, end, 1)
    small = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, 100, start, 0)
    message = refusal(path, data[:end] + large + where + small)
    assert message == f"not a project, or damaged (its table of contents claims {size:,} bytes, 2,097,152 are possible)"


# -- what messages say ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "the file is empty"),
        (b"x,y\n1,2\n", "not a project; open a table of samples with File › Open data"),
        (b'{"order": 1}', "not a project but JSON, such as a preset or an experiment"),
        (b"PK\3\4" + bytes(100), "not a project, or damaged (no zip of arrays, or cut short)"),
    ],
)
def test_other_files_are_told_apart(path, data, message):
    assert refusal(path, data) == message


def spoiled(good: bytes, **changes: object) -> bytes:
    """The good file with other entries in `project.json`, by their path."""
    members = members_of(good)
    plain = json.loads(members["project.json"])
    for name, value in changes.items():
        *way, last = name.split("__")
        about = plain
        for key in way:
            about = about[int(key) if key.isdigit() else key]
        about[last] = value
    return zipped(members | {"project.json": json.dumps(plain).encode()})


NEWER = "project.json: version 7: made by a newer version of the program; this one opens up to version 1"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"version": 7}, NEWER),
        ({"format": "x"}, "project.json: expected the format 'nn-playground project', got 'x'"),
        ({"spec__data__noise": 3}, "project.json: spec: Expected `float` <= 0.8 - at `$.data.noise`"),
        ({"runs__1__spec__seed": -1}, "project.json: runs/3: Expected `int` >= 0 - at `$.seed`"),
        ({"stand__steps": "x"}, "project.json: Expected `int`, got `str` - at `$.stand.steps`"),
        ({"stand__optimizer": "sgd"}, "stand: optimizer: expected nadam, got 'sgd'"),
        ({"trained__data__train_share": 0.9}, "stand/order: expected shape (36,), the file holds (20,)"),
        ({"trained__layers": []}, "stand/values: expected shape (4,), the file holds (109,)"),
        ({"stand": None}, "the array 'stand/carried' does not belong there"),
    ],
)  # fmt: skip
def test_what_does_not_fit_together_says_where(path, good, changes, message):
    assert refusal(path, spoiled(good, **changes)) == message


@pytest.mark.parametrize("number", [True, 0.0, "0", 2, -1, [0]])
def test_the_number_of_a_table_is_a_whole_number_of_one_that_is_there(path, good, number):
    message = "project.json: spec: data.own: expected the number of one of the 2 tables"
    assert refusal(path, spoiled(good, spec__data__own=number)) == message


def test_a_spec_takes_a_megabyte_at_most(path, good):
    held = [[0, 0.0]] * 200_000
    expected = r"project.json: spec: it has [\d,]+ bytes, 1,048,576 are possible"
    assert re.fullmatch(expected, refusal(path, spoiled(good, spec__cut={"held": held})))


def test_what_a_file_says_cannot_hide_anything_in_a_message(path, good):
    message = refusal(path, spoiled(good, trained__training__loss="a\n\x1b[31m\u202e" + "x" * 9999))
    assert message.startswith("project.json: trained: ")
    assert message.endswith("…")


def test_a_running_variance_below_zero_is_refused(path):
    project = sitting()
    assert project.stand is not None
    project.stand.values[-1] = -1
    with pytest.raises(ValueError, match=r"stand: values: layer 2 \(batch_norm\) has a running variance below zero$"):
        write_project(path, project)


def test_a_file_that_is_too_large_is_refused_before_it_is_read(path, good, monkeypatch):
    monkeypatch.setattr(project_module, "MOST_BYTES", 1000)
    assert refusal(path, good) == "the file has 0 MB; a project has at most 0 MB"


# -- what is no file ------------------------------------------------------------------------------


PLACES = [
    "folder", "loop", "nowhere", "device", "sparse", "missing", "no folder", "a file as a folder", "a long name",
    "a name with a zero",
]  # fmt: skip


@pytest.mark.parametrize("name", PLACES)
def test_a_path_without_a_file_is_one_line(tmp_path, good, name):
    path = strange_places(tmp_path, good)[name]
    with pytest.raises((ValueError, OSError)) as raised:
        read_project(path)
    message = str(raised.value)
    assert message.isprintable()
    assert message.startswith(path.name.replace("\0", "\N{REPLACEMENT CHARACTER}")[:MOST_MESSAGE])


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names")
def test_a_pipe_is_not_waited_for(path):
    os.mkfifo(path)
    with pytest.raises(ValueError, match=r"^broken.nnp: not a regular file$"):
        read_project(path)


def test_a_file_that_may_not_be_read_is_one_line(path, good, monkeypatch):
    path.write_bytes(good)

    def locked(*args: object) -> int:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("nncore.files._open_at_once", locked)
    with pytest.raises(PermissionError, match=r"^broken.nnp cannot be read: permission denied$"):
        read_project(path)


def test_a_missing_file_is_told_from_others(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"^gone.nnp cannot be read: no such file or directory$"):
        read_project(tmp_path / "gone.nnp")


# -- whatever it says -----------------------------------------------------------------------------


def places(about: object, way: tuple = ()) -> list[tuple]:
    """The way to every entry of `project.json`."""
    inside = about.items() if isinstance(about, dict) else enumerate(about) if isinstance(about, list) else ()
    return [place for key, value in inside for place in ((*way, key), *places(value, (*way, key)))]


JUNK = [
    None,
    True,
    0,
    1,
    2,
    -1,
    0.5,
    1e308,
    2**53,
    2**64,
    10**40,
    "",
    "sgd",
    "x1",
    "own",
    [],
    {},
    [1],
    [[[]]],
    {"kind": "dense"},
]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=250)
@given(data=st.data())
def test_any_entry_may_be_anything_and_what_is_opened_can_go_on(path, good, data):
    members = members_of(good)
    plain = json.loads(members["project.json"])
    *way, last = data.draw(st.sampled_from(places(plain)))
    about = plain
    for key in way:
        about = about[key]
    about[last] = data.draw(st.sampled_from(JUNK))
    with contextlib.suppress(RefusedError):
        project = read_or_refused(path, zipped(members | {"project.json": json.dumps(plain).encode()}))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            continued(project)


def test_a_refused_file_leaves_no_trace(path, good):
    """Nothing that is open is touched: a project that was read before is as it was."""
    path.write_bytes(good)
    project = read_project(path)
    before = content(project)
    rng = random.Random(0)
    for _ in range(20):
        refusal(path, good[: rng.randrange(1, len(good) - 30)])
    assert content(project) == before
    assert list(path.parent.iterdir()) == [path]


def test_no_file_is_ever_unpacked_to_the_disk(path, good, everything_broken):
    for file in everything_broken:
        if file.kind == "name":
            refusal(path, file.data)
    assert list(path.parent.iterdir()) == [path]
    assert not (path.parent.parent / "x.npy").exists()
