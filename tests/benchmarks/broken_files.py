"""Broken project files in numbers: how many are refused, with how much memory, how fast, and in what words.

    python tests/benchmarks/broken_files.py [--seeds 3] [--messages]

The files of `tests/keeping/broken.py`, and some that are too large for a test. Each is opened in a process that does
nothing else; its greatest memory is that of the process, the program included.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple

import numpy as np
from msgspec.structs import replace

sys.path.insert(0, str(Path(__file__).parents[1] / "keeping"))

# Of the path above.
from broken import Broken, all_broken, members_of, strange_places, zipped  # pyright: ignore[reportMissingImports]
from sittings import content, sitting, stand_in, trained  # pyright: ignore[reportMissingImports]

from playground.document.spec import Layer, Spec
from playground.keeping.project import MOST_BYTES, MOST_MESSAGE, Project, read_project, write_project
from playground.keeping.runs import Run

MOST_MEMORY = 500e6


class Opened(NamedTuple):
    """What came of opening a file."""

    message: str
    """"" if it was opened."""
    content: bytes
    seconds: float
    peak: int
    """Bytes of the process so far, at most."""


def opener(pipe: Connection) -> None:
    """Open what is named through a pipe, until it says nothing."""
    while path := pipe.recv():
        start, message, held = time.perf_counter(), "", b""
        try:
            held = content(read_project(path))
        except (ValueError, OSError) as error:
            message = str(error)
        except BaseException as error:
            message = f"!! {error!r}"
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        pipe.send(Opened(message, held, time.perf_counter() - start, peak))


def main() -> int:
    """Open all, print what came of it; 0 if all is as it should be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=3, help="how often the random damage is done")
    parser.add_argument("--messages", action="store_true", help="print every message")
    options = parser.parse_args()
    mine, other = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=opener, args=(other,))
    process.start()
    with tempfile.TemporaryDirectory() as folder:
        status = _open_all(Path(folder), mine, options.seeds, options.messages)
    mine.send(None)
    process.join()
    return status


def _open_all(folder: Path, pipe: Connection, seeds: int, messages: bool) -> int:
    path = folder / "broken.nnp"
    write_project(path, sitting())
    good, whole = path.read_bytes(), content(sitting())

    def opened(path: Path) -> Opened:
        pipe.send(path)
        return pipe.recv()

    base = opened(path)
    assert base.content == whole
    counts: Counter[str] = Counter()
    wrong: list[str] = []
    slowest, peak, total = (0.0, ""), base.peak, 0.0
    for kind, name, where, may_open in _files(folder, path, good, seeds):
        result = opened(where)
        is_same = may_open and result.content == whole
        counts["opened, the damage is where nothing is said" if is_same else kind] += 1
        if not is_same and not _is_fine(result.message, where.name):
            wrong.append(f"{kind}, {name}: {result.message or 'opened'}")
        slowest, total = max(slowest, (result.seconds, f"{kind}, {name}")), total + result.seconds
        if result.peak > peak + 20e6:
            print(f"memory rises to {result.peak / 1e6:.0f} MB with: {kind}, {name}")
        peak = max(peak, result.peak)
        if messages:
            print(f"{kind}, {name}: {result.message}")
    for kind, count in sorted(counts.items()):
        print(f"{count:6} {kind}")
    print(f"{sum(counts.values()):6} in all, {len(wrong)} wrong: {'; '.join(wrong[:20])}")
    print(f"memory at most {peak / 1e6:.0f} MB, {base.peak / 1e6:.0f} MB after a good file")
    print(f"time {total:.1f} s in all, at most {slowest[0] * 1000:.0f} ms: {slowest[1]}")
    return 1 if wrong or peak > MOST_MEMORY else 0


def _is_fine(message: str, name: str) -> bool:
    shown = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in name)
    return message.startswith(shown[:300]) and message.isprintable() and len(message) <= MOST_MESSAGE


def _files(folder: Path, path: Path, good: bytes, seeds: int) -> Iterator[tuple[str, str, Path, bool]]:
    """(kind, name, where it is, whether it may open) of every file, one after the other."""
    for seed in range(seeds):
        for file in all_broken(good, np.random.default_rng(seed)):
            if seed == 0 or file.kind in ("cut short", "bit flip", "zeros", "lost", "inserted", "noise"):
                path.write_bytes(file.data)
                yield file.kind, file.name, path, file.may_open
    for file in _large():
        path.write_bytes(file.data)
        yield file.kind, file.name, path, False
    path.unlink()
    for name, where in strange_places(folder, good).items():
        yield "no file", name, where, False
    os.mkfifo(folder / "pipe.nnp")
    yield "no file", "pipe", folder / "pipe.nnp", False


def _large() -> Iterator[Broken]:
    """Files as large as they may be, in which the last thing that is read is wrong."""
    spec = Spec(layers=(Layer("dense", 1, 1024), Layer("dense", 2, 1024), Layer("dense", 3, 900)), dtype="float64")
    stand = stand_in(trained(spec, 1))
    slim = replace(stand, arrays={"values": stand.values})
    curve = sitting().curve
    runs = [Run(number, spec, curve, slim) for number in range(1, MOST_BYTES // stand.values.nbytes - 3)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "large.nnp"
        write_project(path, Project(spec, stand, curve=curve, runs=tuple(runs)))
        data = path.read_bytes()
    yield Broken("large", "one bit of the last run", data[:-200_000] + bytes([data[-200_000] ^ 1]) + data[-199_999:])
    yield Broken("large", "cut short", data[:-100])
    yield Broken("large", "too large", data + bytes(MOST_BYTES))
    members = members_of(data)
    last = sorted(name for name in members if name.endswith("values.npy"))[-1]
    nan = np.array([np.nan]).tobytes()
    yield Broken("large", f"a NaN in {last}", zipped(members | {last: members[last][:-8] + nan}))
    yield Broken("large", "another array", zipped(members | {"runs/0/values.npy": members[last]}))


if __name__ == "__main__":
    sys.exit(main())
