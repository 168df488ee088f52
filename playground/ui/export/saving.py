"""Writing what was made into a file, beside the window: it goes on while a large picture is encoded."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from nncore.files import replacing


class Saving(QObject):
    """Does work that ends in a file, one after the other, each in a thread."""

    saved = Signal(str)
    """What was written, as a sentence."""
    message = Signal(str)
    """Why it could not be."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._turn = threading.Lock()

    def run(self, job: Callable[[], object], path: Path) -> threading.Thread:
        """Do a job that writes `path`, and say how it went."""
        thread = threading.Thread(target=self._run, args=(job, path), name="export", daemon=True)
        thread.start()
        return thread

    def _run(self, job: Callable[[], object], path: Path) -> None:
        try:
            with self._turn:
                job()
        except (OSError, ValueError) as error:
            signal, text = self.message, refusal(path, error)
        else:
            signal, text = self.saved, success(path)
        with contextlib.suppress(RuntimeError):  # the window may be gone by now
            signal.emit(text)  # and arrives in the thread of the window


def write_bytes(path: Path, data: bytes) -> None:
    """Put a file in its place, whole or not at all.

    Raises
    ------
    OSError
        If it cannot be written.
    ValueError
        If `path` is a pipe, a device or the like.
    """
    with replacing(path) as file:
        file.write(data)


def success(path: Path) -> str:
    """That a file was written, in one sentence."""
    return f"Saved to {path}."


def refusal(path: Path, error: Exception) -> str:
    """Why a file could not be written, in one sentence."""
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return f"{path.name} could not be written: {reason[:1].lower()}{reason[1:]}."
