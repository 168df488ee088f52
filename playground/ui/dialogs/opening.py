"""Opening a file of one's own: it is read while the window goes on, and then one is asked what is in it."""

from __future__ import annotations

import multiprocessing
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from playground.document import edits
from playground.document.document import Document
from playground.document.reading import Sheet, read_sheet, send_sheet
from playground.ui.dialogs.open_table import OpenTableDialog
from playground.ui.editing import apply_edit

AT_ONCE_BYTES = 500_000
"""What is not larger is read before the next frame. A thread would not do for others: it would keep the interpreter."""
_POLL_MS = 50
_KINDS = "Tables (*.csv *.tsv *.txt);;All files (*)"


class TableOpener(QObject):
    """Opens tables as the data of a document.

    Parameters
    ----------
    window
        What the dialogs stand over.
    document
        What gets the table.
    """

    message = Signal(str)
    """Why a file cannot be opened."""
    hint = Signal(str)
    """That it takes a while."""

    def __init__(self, window: QWidget, document: Document) -> None:
        super().__init__(window)
        self._window, self._document = window, document
        self._folder = ""
        self._reader: _Reader | None = None
        self._waiting = QTimer(self)
        self._waiting.setInterval(_POLL_MS)
        self._waiting.timeout.connect(self._look)

    def ask(self) -> None:
        """Ask for a file, and open it."""
        path, _ = QFileDialog.getOpenFileName(self._window, "Open data", self._folder, _KINDS)
        if path:
            self.open(path)

    def open(self, path: str | Path) -> None:
        """Read a file, and ask what is to be learned from it."""
        path = Path(path)
        if self._reader is not None:
            self.message.emit(f"{self._reader.path.name} is still being read.")
            return
        self._folder = str(path.parent)
        if _size(path) > AT_ONCE_BYTES:
            self.hint.emit(f"Reading {path.name} …")
            self._reader = _Reader(path)
            self._waiting.start()
            return
        try:
            self._ask_about(read_sheet(path))
        except ValueError as error:
            self.message.emit(f"{error}.")  # it begins with the name of the file, as that is written

    def _look(self) -> None:
        """Whether the file has been read."""
        if self._reader is None or not self._reader.done:
            return
        result, self._reader = self._reader.result(), None
        self._waiting.stop()
        if isinstance(result, Sheet):
            self._ask_about(result)
        else:
            self.message.emit(f"{result}.")

    def _ask_about(self, sheet: Sheet) -> None:
        dialog = OpenTableDialog(sheet, self._window)
        dialog.accepted.connect(lambda: self._take(dialog))
        dialog.open()

    def _take(self, dialog: OpenTableDialog) -> None:
        if dialog.table is not None:
            apply_edit(self._document, edits.open_table(dialog.table), None, self.message.emit)


class _Reader:
    """A process that reads one file, and ends with this one."""

    def __init__(self, path: Path) -> None:
        self.path = path
        context = multiprocessing.get_context("spawn")
        self._pipe: Connection
        self._pipe, far_end = context.Pipe(duplex=False)
        self._process: SpawnProcess = context.Process(
            target=send_sheet, args=(str(path), far_end), name="table reader", daemon=True
        )
        self._process.start()
        far_end.close()

    @property
    def done(self) -> bool:
        """Whether there is a result, or never will be."""
        return self._pipe.poll()

    def result(self) -> Sheet | str:
        """What the file says, or what is wrong."""
        try:
            return self._pipe.recv()
        except (EOFError, OSError):
            return f"{self.path.name} could not be read: that took more memory than there is"
        finally:
            self._pipe.close()
            self._process.join()
            self._process.close()


def _size(path: Path) -> int:
    """In bytes; 0 if that cannot be told, which reading will tell."""
    try:
        return path.stat().st_size
    except OSError:
        return 0
