"""Looks at the start for work that a crash has left, and offers it."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from playground.keeping.recovery import Leftover, leftovers
from playground.ui.dialogs.recovered import RecoveredDialog
from playground.ui.files.keeper import file_of

if TYPE_CHECKING:
    from playground.ui.main_window import MainWindow

SAFE_MS = 2000
"""After so long it is looked at first whether what was restored has been written down anew: the old writing goes."""


class RecoveryOffer(QObject):
    """Finds what was left in a thread of its own, then asks what is to become of it.

    Parameters
    ----------
    window
        Where it is restored.
    root
        The folder of `Recovery`.
    """

    message = Signal(str)
    """What was left could not be read."""
    _found = Signal(object)

    def __init__(self, window: MainWindow, root: Path) -> None:
        super().__init__(window)
        self._window, self._root = window, root
        self._restored: list[Leftover] = []
        self._dialog: RecoveredDialog | None = None
        self._found.connect(self._offer)

    def look(self) -> None:
        """Begin to look."""
        threading.Thread(target=self._look, name="looking for lost work", daemon=True).start()

    def close(self, stays: bool) -> None:
        """The window is closing, and its work (`stays`) is left for the next start, as what was not restored is."""
        if self._dialog is not None:
            self._dialog.close()
        for leftover in self._restored:
            if stays:  # it may not have been written down anew
                leftover.release()
            else:
                leftover.discard()
        self._restored.clear()

    def _look(self) -> None:
        self._found.emit(leftovers(self._root, self.message.emit))

    def _offer(self, found: list[Leftover]) -> None:
        if not found:
            return
        self._dialog = RecoveredDialog(found, self._restore, self._window)
        self._dialog.destroyed.connect(self._forget_dialog)
        self._dialog.show()

    def _forget_dialog(self) -> None:
        self._dialog = None

    def _restore(self, leftover: Leftover) -> None:
        files = self._window.files
        files.restore(leftover.project, file_of(leftover.project), lambda: self._keep(leftover))

    def _keep(self, leftover: Leftover) -> None:
        """It is in the window now: write that down, and then remove what was left."""
        if self._window.files.keeper is not None:
            self._window.files.keeper.keep()
        self._restored.append(leftover)
        if self._dialog is not None:
            self._dialog.drop(leftover)
        self._discard_after(SAFE_MS, leftover)

    def _discard_after(self, wait_ms: int, leftover: Leftover) -> None:
        QTimer.singleShot(wait_ms, self, lambda: self._discard_when_safe(leftover, wait_ms))

    def _discard_when_safe(self, leftover: Leftover, waited_ms: int) -> None:
        """Remove it if all is written down anew; if not, look later: ever more seldom, as each look hurries that."""
        if leftover not in self._restored:
            return
        keeper = self._window.files.keeper
        if keeper is None or not keeper.recovery.flush(0) or keeper.recovery.trouble:
            self._discard_after(2 * waited_ms, leftover)
        else:
            self._restored.remove(leftover)
            leftover.discard()
