"""Ctrl+C and SIGTERM, at any time: left to itself, Python would raise in the middle of an import or of Qt's work."""

from __future__ import annotations

import signal
from collections.abc import Callable


class Interrupts:
    """Receives both signals from now on, and keeps them until there is a window that can be closed."""

    def __init__(self) -> None:
        self.received = False
        """Whether one has come."""
        self._act: Callable[[], object] | None = None
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._receive)

    def call(self, act: Callable[[], object]) -> None:
        """Call this when a signal comes, or now, if one has come already; it may be in the midst of anything."""
        self._act = act
        if self.received:
            act()

    def _receive(self, *_: object) -> None:
        self.received = True
        if self._act is not None:
            self._act()
