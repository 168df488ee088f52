"""What happens to an error nobody caught: it is shown once, and written down; the program goes on."""

from __future__ import annotations

import contextlib
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, QStandardPaths, Signal


def log_file() -> Path:
    """Where errors are written down: in the folder of this user for what a program notes about itself."""
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericStateLocation)
    return Path(folder) / "nn-playground" / "errors.log"


class CrashHook(QObject):
    """A `sys.excepthook` and `threading.excepthook` for a program with an event loop.

    Exceptions in slots and paint events arrive here, and those of threads. Only the first is shown: one bug in a
    paint event would otherwise open sixty dialogs a second. Showing it may fail in turn: that is not shown again.

    Parameters
    ----------
    show
        Called with a sentence for the user, once, in the thread that made this hook.
    """

    _failed = Signal(str)

    def __init__(self, show: Callable[[str], object]) -> None:
        super().__init__()
        self._show = show
        self._shown = False
        self._failed.connect(self._tell)  # Emitted by another thread, it arrives in this one.

    def install(self) -> None:
        """Take over the hooks of the interpreter."""
        sys.excepthook = self
        threading.excepthook = self.from_thread

    def from_thread(self, failure: threading.ExceptHookArgs) -> None:
        """Handle what `threading.excepthook` is given."""
        if failure.exc_value is not None and not issubclass(failure.exc_type, SystemExit):
            self(failure.exc_type, failure.exc_value, failure.exc_traceback)

    def __call__(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        if not self._shown:
            self._shown = True  # First of all: an error while it is shown must not be shown.
            self._failed.emit(
                f"Something went wrong inside the program ({kind.__name__}: {error}). Details: {log_file()}"
            )
        _write_down("".join(traceback.format_exception(kind, error, trace)))

    def _tell(self, text: str) -> None:
        try:
            self._show(text)
        except Exception:
            _write_down(traceback.format_exc())


def _write_down(text: str) -> None:
    """To the terminal, if there is one, and to the log, if it can be written."""
    if sys.stderr is not None:
        sys.stderr.write(text)
    with contextlib.suppress(OSError):
        file = log_file()
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a", encoding="utf-8") as log:
            log.write(text + "\n")
