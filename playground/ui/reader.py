"""Reading a file in a process of its own: a thread would not do, for it would keep the interpreter from the window."""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path

AT_ONCE_BYTES = 500_000
"""What is not larger is read before the next frame."""
POLL_MS = 50
"""So often it is looked whether a file has been read."""


class Reader:
    """A process that reads one file, and ends with this one.

    Parameters
    ----------
    path
        The file.
    send
        A function of a module, run in the process: it reads the file, and sends one result through the pipe.
    """

    def __init__(self, path: Path, send: Callable[[str, Connection], object]) -> None:
        self.path = path
        context = multiprocessing.get_context("spawn")
        self._pipe: Connection
        self._pipe, far_end = context.Pipe(duplex=False)
        self._process: SpawnProcess = context.Process(
            target=send, args=(str(path), far_end), name="reader", daemon=True
        )
        self._process.start()
        far_end.close()
        self._result: object = f"{path.name} could not be read: that took more memory than there is"
        # Large results take a while on the pipe, too.
        self._thread = threading.Thread(target=self._receive, name="receiving a file", daemon=True)
        self._thread.start()

    @property
    def done(self) -> bool:
        """Whether there is a result, or never will be."""
        return not self._thread.is_alive()

    def result(self) -> object:
        """What the file says; as text, what is wrong."""
        self._thread.join()
        self.stop()  # its own end takes a few frames
        return self._result

    def stop(self) -> None:
        """Read no more; what has not been read by now never is."""
        self._process.kill()
        self._thread.join()
        self._process.join()
        self._process.close()

    def _receive(self) -> None:
        try:
            self._result = self._pipe.recv()
        except (EOFError, OSError):
            pass
        finally:
            self._pipe.close()


def size_of(path: Path) -> int:
    """In bytes; 0 if that cannot be told, which reading will tell."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def modified(path: Path) -> int:
    """When it was written last, in ns; 0 if that cannot be told."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
