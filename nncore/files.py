"""Files of the disk: opened so that nothing waits for ever, and replaced as a whole."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


@contextmanager
def open_regular(path: Path) -> Iterator[IO[bytes]]:
    """A file, opened to be read.

    Raises
    ------
    OSError
        If it cannot be read, or is a folder.
    ValueError
        If it is a pipe, a device or the like: they may have no end, or never a beginning.
    """
    _check_regular(path, path.stat())  # some devices do something when they are opened
    with open(path, "rb", opener=_open_at_once) as file:
        _check_regular(path, os.fstat(file.fileno()))  # another may have taken its place
        yield file


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """A temporary file that takes the place of `path` when all is written; if something fails, the old one stays whole.

    Where `path` is a link, the file that it leads to is replaced. A file that was there passes its permissions on.

    Raises
    ------
    OSError
        If it cannot be written; no temporary file stays behind.
    ValueError
        If `path` is a pipe, a device or the like.
    """
    try:
        found = path.stat()
    except FileNotFoundError:
        found = None
    else:
        _check_regular(path, found)
    target = Path(os.path.realpath(path))
    temporary = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        with temporary.open("wb") as file:
            if found is not None and stat.S_ISREG(found.st_mode) and os.name == "posix":
                with contextlib.suppress(PermissionError):  # some file systems have permissions of their own
                    temporary.chmod(stat.S_IMODE(found.st_mode))
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


def _open_at_once(path: str, flags: int) -> int:
    """Open without waiting for somebody at the other end, where the system can."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _check_regular(path: Path, found: os.stat_result) -> None:
    """Refuse what is neither a file nor a folder; folders are left to the system."""
    if not stat.S_ISREG(found.st_mode) and not stat.S_ISDIR(found.st_mode):
        raise ValueError(f"{path}: not a regular file")
