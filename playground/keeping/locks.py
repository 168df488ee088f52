"""A lock on a folder that is gone with the process that held it, however that ended."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

NAME = "lock"


class FolderLock:
    """Held by one process at a time; `close` gives it back, and so does the system when the process is gone.

    Parameters
    ----------
    folder
        There must be one.

    Raises
    ------
    BlockingIOError
        If somebody holds it.
    OSError
        If it cannot be locked at all: the folder is gone, or its file system has no locks.
    """

    def __init__(self, folder: Path) -> None:
        path = folder / NAME
        self._file = path.open("ab")
        try:
            _lock(self._file.fileno())
            # Whoever held it may have removed the folder in between: then this lock is on a file that is no more.
            if not os.path.samestat(os.fstat(self._file.fileno()), path.stat()):
                raise FileNotFoundError(f"{folder} was removed")
        except OSError:
            self._file.close()
            raise

    def close(self) -> None:
        """Give it back; a second call does nothing."""
        self._file.close()


if sys.platform == "win32":
    import msvcrt

    def _lock(number: int) -> None:
        try:
            msvcrt.locking(number, msvcrt.LK_NBLCK, 1)
        except PermissionError as error:
            raise BlockingIOError(*error.args) from None

else:
    import fcntl

    def _lock(number: int) -> None:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)


def remove_folder(folder: Path, lock: FolderLock | None = None) -> None:
    """Remove a folder of files and its lock; what cannot be removed is left."""
    with contextlib.suppress(OSError):
        for file in folder.iterdir():
            if file.name != NAME:
                file.unlink(missing_ok=True)
    if sys.platform == "win32" and lock is not None:
        lock.close()  # there an open file cannot be removed
    with contextlib.suppress(OSError):
        (folder / NAME).unlink(missing_ok=True)
        folder.rmdir()
    if lock is not None:
        lock.close()
