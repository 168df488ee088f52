"""Opening a file of one's own: it is read while the window goes on, and then one is asked what is in it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from playground.document import edits
from playground.document.document import Document
from playground.document.reading import Sheet, read_sheet, send_sheet
from playground.ui.dialogs.files import ask_open
from playground.ui.dialogs.open_table import OpenTableDialog
from playground.ui.dialogs.topmost import topmost
from playground.ui.editing import apply_edit
from playground.ui.reader import AT_ONCE_BYTES, POLL_MS, Reader, size_of

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
        self._reader: Reader | None = None
        self._waiting = QTimer(self)
        self._waiting.setInterval(POLL_MS)
        self._waiting.timeout.connect(self._look)

    def ask(self) -> None:
        """Ask for a file, and open it."""
        ask_open(self._window, "Open data", _KINDS, self.open)

    def open(self, path: str | Path) -> None:
        """Read a file, and ask what is to be learned from it."""
        path = Path(path)
        if self._reader is not None:
            self.message.emit(f"{self._reader.path.name} is still being read.")
            return
        if size_of(path) > AT_ONCE_BYTES:
            self.hint.emit(f"Reading {path.name} …")
            self._reader = Reader(path, send_sheet)
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
        dialog = OpenTableDialog(sheet, topmost(self._window))
        dialog.accepted.connect(lambda: self._take(dialog))
        dialog.open()

    def _take(self, dialog: OpenTableDialog) -> None:
        if dialog.table is not None:
            apply_edit(self._document, edits.open_table(dialog.table), None, self.message.emit)
