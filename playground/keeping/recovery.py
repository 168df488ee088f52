"""What is written down while one works, in case of a crash or a power cut, and what is found of it at the next start.

Every window has a folder of its own, which it holds locked: `now.nnp` is the experiment and where its training stands,
`runs.nnp` the runs that were left. A clean end removes the folder; one that nobody holds any more was left by a crash.
"""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path

from msgspec.structs import replace

from playground.keeping.locks import FolderLock, remove_folder
from playground.keeping.project import Project
from playground.keeping.project import read_project as read
from playground.keeping.project import write_project as write
from playground.keeping.runs import Run

NOW, RUNS = "now.nnp", "runs.nnp"
LEAST_INTERVAL_S = 0.25
"""Least time from one writing of a file to the next."""
REST = 20
"""Writing computes at most one part in so many of the time: so much less there is for the window."""
REST_FROM_DISK = 3
"""The same for the time it takes, in which it mostly waits for the disk."""
BYTES_PER_S = 10_000_000
"""No more is written on and on: disks wear out."""
MOST_KEPT = 20
"""So many files saved aside, and so many that could not be read, are kept; the oldest go."""

log = logging.getLogger(__name__)


class Recovery:
    """Keeps the work of this window; nothing here ever waits for the disk, but `flush`, `save_aside` and `close`.

    Parameters
    ----------
    root
        The folder of this user for such things; it is made.

    Raises
    ------
    OSError
        If nothing can be written there.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self.folder, self._lock = _own_folder(root / "recovery")
        self._now, self._runs = _Writer(self.folder / NOW), _Writer(self.folder / RUNS)
        self._newest: Project | None = None
        self._newest_runs: tuple[Run, ...] = ()
        self._forgotten = False
        """Whether the runs are in a file of the user's, and not here."""

    def keep(self, project: Project) -> None:
        """Write this down as soon as it may be; its runs are left out."""
        self._newest = project if not project.runs else replace(project, runs=())
        self._now.put(self._newest)
        if self._forgotten:
            self.keep_runs(self._newest_runs)

    def keep_runs(self, runs: tuple[Run, ...]) -> None:
        """Write down the runs that were left."""
        self._newest_runs, self._forgotten = runs, False
        self._runs.put(Project(runs[-1].spec, runs=runs) if runs else None)

    def forget(self) -> None:
        """All there is is in a file of the user's: nothing would be lost."""
        self._forgotten, self._newest = True, None
        self._now.put(None)
        self._runs.put(None)

    @property
    def trouble(self) -> str:
        """Why the last writing failed; "" if it did not."""
        return self._now.trouble or self._runs.trouble

    @property
    def newest(self) -> Project | None:
        """What was given to keep last, with the runs; None if there is nothing, or it was forgotten."""
        return None if self._newest is None else replace(self._newest, runs=self._newest_runs)

    def save_aside(self) -> Path | None:
        """Write all there is to a file that stays; None if there is nothing.

        Raises
        ------
        OSError, ValueError
            If it cannot be written.
        """
        project = self.newest
        if project is None:
            return None
        folder = self._root / "saved"
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{time.strftime('%Y-%m-%d %H.%M.%S')}.nnp"
        write(path, project)
        _keep_newest(folder)
        return path

    def flush(self, timeout_s: float) -> bool:
        """Write what is to be written now; False if it takes longer than that."""
        deadline = time.monotonic() + timeout_s
        done = [writer.flush(deadline) for writer in (self._now, self._runs)]  # both hurry, whatever becomes of one
        return all(done)

    def close(self, *, keep: bool = False, timeout_s: float = 0.3) -> None:
        """End: with nothing left behind, or (`keep`) with the work in its folder for the next start."""
        if keep:
            self.flush(timeout_s)
        for writer in (self._now, self._runs):
            writer.close()
        if keep:
            self._lock.close()  # a folder in which nothing is goes at the next start
        else:
            remove_folder(self.folder, self._lock)


class _Writer:
    """Writes one file again and again, from a thread of its own: the newest content, unhurriedly.

    Parameters
    ----------
    path
        Where to.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._state = threading.Condition()
        self._waiting: list[Project | None] = []
        """At most one: the newest content; None is no file."""
        self._busy = self._hurried = self._ended = False
        self.trouble = ""
        """Why the last writing failed; "" if it did not."""
        self._rests_until = 0.0
        self._thread = threading.Thread(target=self._run, name=f"writing {path.name}", daemon=True)
        self._thread.start()

    def put(self, content: Project | None) -> None:
        """Write this next, instead of what still waits."""
        with self._state:
            self._waiting[:] = [content]
            self._state.notify_all()

    def flush(self, deadline: float) -> bool:
        """Wait until all is written, at most to this time."""
        with self._state:
            self._hurried = True
            self._state.notify_all()
            return self._state.wait_for(
                lambda: not self._waiting and not self._busy, max(0.0, deadline - time.monotonic())
            )

    def close(self) -> None:
        """Write no more. What is being written now may still come to its end."""
        with self._state:
            self._ended = True
            self._waiting.clear()
            self._state.notify_all()

    def _run(self) -> None:
        while self._wait():
            began, computed = time.monotonic(), time.thread_time()
            try:
                self._write_one()
                self.trouble = ""
            except Exception as error:  # a full disk, no memory: the next time may do better
                if not self.trouble and not self._ended:
                    log.exception("%s was not written", self._path)
                self.trouble = str(error) or type(error).__name__
            rest_s = max(
                REST * (time.thread_time() - computed),
                REST_FROM_DISK * (time.monotonic() - began),
                self._size() / BYTES_PER_S,
            )
            with self._state:
                self._busy = False
                self._rests_until = began + max(LEAST_INTERVAL_S, rest_s)
                self._state.notify_all()

    def _wait(self) -> bool:
        """Wait until something is to be written, and may be; False is the end."""
        with self._state:
            while not self._ended:
                rest_s = 0.0 if self._hurried else self._rests_until - time.monotonic()
                if self._waiting and rest_s <= 0:
                    self._busy = True
                    return True
                self._state.wait(rest_s if self._waiting else None)
            return False

    def _size(self) -> int:
        """Of the file, in bytes."""
        try:
            return self._path.stat().st_size
        except OSError:
            return 0

    def _write_one(self) -> None:
        with self._state:
            if not self._waiting:
                return
            content = self._waiting.pop()
            self._hurried = False
        if content is None:
            self._path.unlink(missing_ok=True)
        else:
            write(self._path, content)


# -- what a crash has left ------------------------------------------------------------------------


class Leftover:
    """The work of a window that did not end as it should; held, so that no other window offers it too.

    Attributes
    ----------
    project
        What is to be restored.
    when
        When it was written last, seconds since 1970.
    """

    def __init__(self, folder: Path, lock: FolderLock, project: Project, when: float) -> None:
        self._folder, self._lock = folder, lock
        self.project, self.when = project, when

    def discard(self) -> None:
        """Remove it: it is not wanted, or is in the window by now."""
        remove_folder(self._folder, self._lock)

    def release(self) -> None:
        """Leave it for the next start."""
        self._lock.close()


def leftovers(root: Path, say: Callable[[str], object] = log.warning) -> list[Leftover]:
    """What windows have left that are gone, the newest first; what is of no use is removed or put aside.

    Parameters
    ----------
    root
        As for `Recovery`.
    say
        Called with a sentence for each file that cannot be read.
    """
    found = []
    try:
        folders = [folder for folder in (root / "recovery").iterdir() if folder.is_dir()]
    except OSError:
        return []
    for folder in folders:
        with contextlib.suppress(OSError):  # it belongs to somebody, or was removed just now
            lock = FolderLock(folder)
            leftover = _leftover(root, folder, lock, say)
            if leftover is not None:
                found.append(leftover)
            elif any((folder / name).exists() for name in (NOW, RUNS)):
                lock.close()  # it could not be put aside
            else:
                remove_folder(folder, lock)
    return sorted(found, key=lambda leftover: -leftover.when)


def _leftover(root: Path, folder: Path, lock: FolderLock, say: Callable[[str], object]) -> Leftover | None:
    """What is in a folder, or None."""
    times = [file.stat().st_mtime for name in (NOW, RUNS) if (file := folder / name).exists()]
    now, kept = (_read_or_put_aside(root, folder / name, say) for name in (NOW, RUNS))
    if now is None and kept is None:
        return None
    if now is None or kept is None:
        project = now or kept
        assert project is not None
    else:
        project = replace(now, runs=kept.runs)
    return Leftover(folder, lock, project, max(times))


def _read_or_put_aside(root: Path, path: Path, say: Callable[[str], object]) -> Project | None:
    if not path.exists():
        return None
    try:
        return read(path)
    except Exception as error:  # whatever is wrong with it: it must not be in the way of the start
        aside = root / "broken"
        with contextlib.suppress(OSError):
            aside.mkdir(parents=True, exist_ok=True)
            shutil.move(path, aside / f"{path.parent.name}-{path.name}")
            _keep_newest(aside)
        moved = "It could not be moved." if path.exists() else f"It was moved to {aside}."
        say(f"What was kept for a crash could not be read ({error}). {moved}")
        return None


def _own_folder(parent: Path) -> tuple[Path, FolderLock]:
    """A new folder, locked."""
    parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    name = f"{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}"
    for attempt in range(100):
        folder = parent / f"{name}-{attempt}"
        try:
            folder.mkdir(mode=0o700)
            return folder, FolderLock(folder)
        except (FileExistsError, FileNotFoundError, BlockingIOError):
            continue  # somebody has this name, or took the empty folder for a leftover
    raise OSError(f"no folder could be made in {parent}")


def _keep_newest(folder: Path) -> None:
    with contextlib.suppress(OSError):
        for old in sorted(folder.iterdir(), key=lambda file: file.stat().st_mtime)[:-MOST_KEPT]:
            old.unlink()
