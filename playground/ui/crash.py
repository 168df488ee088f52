"""What happens to an error nobody caught: the work is saved aside, it is shown and written down; all goes on."""

from __future__ import annotations

import contextlib
import sys
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, Signal

from playground.ui.log_file import log_file, write_down

MOST_WHOLE = 20
"""So often an error of one sort is written down with all there is to know; then only how often it has come."""
SAVE_AGAIN_S = 10.0
"""The work is saved aside at most so often: errors come in flocks."""


class CrashHook(QObject):
    """What Python calls for errors nobody caught, in a program with an event loop.

    Exceptions in slots and paint events arrive here, those of threads, and those that Python can raise nowhere. Of each
    sort only the first is shown: one bug in a paint event would otherwise open sixty messages a second. Handling it may
    fail in turn: that is written down, and nothing else.

    Parameters
    ----------
    show
        Called with a sentence for the user, in the thread that made this hook.
    save_aside
        Writes the work to a file of its own, and gives its path; None if there is nothing to save.
    """

    _failed = Signal(str)

    def __init__(self, show: Callable[[str], object], save_aside: Callable[[], Path | None] = lambda: None) -> None:
        super().__init__()
        self._show, self._save_aside = show, save_aside
        self._times: Counter[object] = Counter()
        self._handling = threading.local()
        self._saved: Path | None = None
        self._saved_at = -SAVE_AGAIN_S
        self._failed.connect(self._tell)  # Emitted by another thread, it arrives in this one.

    def install(self) -> None:
        """Take over the hooks of the interpreter."""
        sys.excepthook = self
        threading.excepthook = self.from_thread
        sys.unraisablehook = self.from_nowhere

    def from_thread(self, failure: threading.ExceptHookArgs) -> None:
        """Handle what `threading.excepthook` is given."""
        if failure.exc_value is not None and not issubclass(failure.exc_type, SystemExit):
            self(failure.exc_type, failure.exc_value, failure.exc_traceback)

    def from_nowhere(self, failure: sys.UnraisableHookArgs) -> None:
        """Handle what `sys.unraisablehook` is given."""
        if failure.exc_value is not None:
            self(failure.exc_type, failure.exc_value, failure.exc_traceback)

    def __call__(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        inner = getattr(self._handling, "now", False)
        self._handling.now = True
        try:
            first = self._write_down(kind, error, trace)
            if first and not inner:
                self._report(kind, error)
        except Exception:  # there is nobody left to tell
            with contextlib.suppress(Exception):
                write_down(traceback.format_exc(), log_file())
        finally:
            self._handling.now = inner

    def _write_down(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> bool:
        """Write it to the log; whether it is the first of its sort."""
        sort = kind, _place(trace)
        self._times[sort] += 1
        times = self._times[sort]
        if times <= MOST_WHOLE:
            write_down("".join(traceback.format_exception(kind, error, trace)), log_file())
        elif times & (times - 1) == 0:  # powers of two: a bug in a paint event would fill the disk
            write_down(f"{kind.__name__}: {error} (for the {times}th time)", log_file())
        return times == 1

    def _report(self, kind: type[BaseException], error: BaseException) -> None:
        """Save the work, and have it said what has happened."""
        reason = str(error).strip().partition("\n")[0][:200]
        what = f"Something went wrong inside the program ({kind.__name__}{': ' if reason else ''}{reason})."
        self._failed.emit(f"{what} {self._save()}You can go on; if something looks wrong, restart.")

    def _save(self) -> str:
        """Save the work aside, and say so."""
        if time.monotonic() - self._saved_at >= SAVE_AGAIN_S:
            self._saved_at, self._saved = time.monotonic(), None
            try:
                self._saved = self._save_aside()
            except Exception:
                write_down(traceback.format_exc(), log_file())
        return "" if self._saved is None else f"Your work was saved to {self._saved}. "

    def _tell(self, text: str) -> None:
        inner = getattr(self._handling, "now", False)
        self._handling.now = True  # an error while it is shown must not be shown
        try:
            self._show(text)
        except Exception:
            write_down(traceback.format_exc(), log_file())
        finally:
            self._handling.now = inner


def _place(trace: TracebackType | None) -> object:
    """Where an error was raised."""
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return None if trace is None else (trace.tb_frame.f_code, trace.tb_lineno)
