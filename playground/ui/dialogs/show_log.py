"""The dialog that shows the log, and where it is."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from playground.ui.controls import PushButton, identify
from playground.ui.log_file import log_file
from playground.ui.theme import SPACING_PX

_SHOWN_BYTES = 20_000
"""The end of the log, in which the newest stands."""
_SIZE_PX = 640, 400


class LogDialog(QDialog):
    """Shows the end of the log; its place can be copied, and its folder opened.

    Parameters
    ----------
    file
        The log, which need not be there.
    """

    def __init__(self, file: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("log-dialog")
        self.setWindowTitle("Log file")
        self._file = file
        place = QLineEdit(str(file))
        place.setReadOnly(True)
        place.setToolTip("Where errors are written down")
        identify(place, "log-place", "Place of the log file")
        copy = PushButton("&Copy")
        copy.setToolTip("Copy the place of the log file")
        identify(copy, "copy-log-place", "Copy the place of the log file")
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(str(file)))
        folder = PushButton("Open &folder")
        folder.setToolTip("Show the folder of the log file")
        identify(folder, "open-log-folder", "Open the folder of the log file")
        folder.clicked.connect(self._open_folder)
        text = QPlainTextEdit(_end_of(file))
        text.setReadOnly(True)
        text.setTabChangesFocus(True)
        text.document().setDocumentMargin(SPACING_PX)
        text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        text.setToolTip("The end of the log: the newest stands last")
        identify(text, "log-text", "End of the log")
        text.verticalScrollBar().setValue(text.verticalScrollBar().maximum())
        self._arrange(place, copy, folder, text)

    def _arrange(self, place: QWidget, copy: QWidget, folder: QWidget, text: QWidget) -> None:
        row = QHBoxLayout()
        row.setSpacing(SPACING_PX)
        row.addWidget(place, 1)
        row.addWidget(copy)
        row.addWidget(folder)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        identify(buttons.button(QDialogButtonBox.StandardButton.Close), "close-log", "Close")
        column = QVBoxLayout(self)
        column.setContentsMargins(*(2 * SPACING_PX,) * 4)
        column.setSpacing(SPACING_PX)
        column.addLayout(row)
        column.addWidget(text, 1)
        column.addWidget(buttons)
        self.resize(*_SIZE_PX)

    def _open_folder(self) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._file.parent)))


def show_log(window: QWidget) -> None:
    """Show the log over a window."""
    LogDialog(log_file(), window).open()


def _end_of(file: Path) -> str:
    """The last entries of the log."""
    try:
        text = file.read_bytes()[-_SHOWN_BYTES:].decode(errors="replace")
    except OSError:
        return "Nothing has gone wrong so far."
    return text or "Nothing has gone wrong so far."
