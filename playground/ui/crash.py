"""What happens to an error nobody caught: it is written down, and shown once; the program goes on."""

from __future__ import annotations

import sys
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

LOG = Path(tempfile.gettempdir()) / "nn-playground-errors.log"


class CrashHook:
    """A `sys.excepthook` for a program with an event loop.

    Exceptions in slots, paint events and threads all arrive here. Only the first is shown: one bug in a paint
    event would otherwise open sixty dialogs a second.

    Parameters
    ----------
    show
        Called with a sentence for the user, once.
    """

    def __init__(self, show: Callable[[str], None]) -> None:
        self._show = show
        self._shown = False
        self._busy = False

    def install(self) -> None:
        """Take over `sys.excepthook`."""
        sys.excepthook = self

    def __call__(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        text = "".join(traceback.format_exception(kind, error, trace))
        sys.stderr.write(text)
        if self._busy:
            return
        self._busy = True
        try:
            with LOG.open("a", encoding="utf-8") as log:
                log.write(text + "\n")
            if not self._shown:
                self._shown = True
                self._show(f"Something went wrong inside the program ({kind.__name__}: {error}). Details: {LOG}")
        finally:
            self._busy = False
