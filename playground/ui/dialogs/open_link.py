"""The dialog that opens a link of any kind, or a preset, and says beforehand what that will be."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QLineEdit, QVBoxLayout, QWidget

from playground.document.own_link import MOST_BYTES, SCHEME, read_any
from playground.document.tf_link import HOST
from playground.ui.clipboard import Pasting, clipboard_data, link_in
from playground.ui.controls import identify
from playground.ui.text import sentence
from playground.ui.theme import SPACING_PX

_WIDTH_PX = 560
_LINES = 4
"""So many lines of the text below the link have room without the dialog growing."""


class OpenLinkDialog(QDialog):
    """Takes a link or preset; while one types or pastes, the text below says what it opens, or what is wrong.

    Parameters
    ----------
    pasting
        What opens the link.
    text
        What the line begins with.
    """

    def __init__(self, pasting: Pasting, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("open-link-dialog")
        self.setWindowTitle("Open link or preset")
        self._pasting = pasting
        self._line = QLineEdit()
        self._line.setMaxLength(MOST_BYTES)  # a line takes 32 767 characters by itself, and drops the rest
        self._line.setPlaceholderText(f"{SCHEME}1:…  or  https://{HOST}/#…")
        self._line.setClearButtonEnabled(True)
        self._line.setToolTip(f"A link of ours, the address of an experiment at {HOST}, or the JSON of a preset")
        identify(self._line, "link", "Link or preset")
        self._about = QLabel()
        self._about.setObjectName("link-about")
        self._about.setTextFormat(Qt.TextFormat.PlainText)
        self._about.setWordWrap(True)
        self._about.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._about.setMinimumHeight(_LINES * self._about.fontMetrics().lineSpacing())
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Open | QDialogButtonBox.StandardButton.Cancel)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        identify(self._open_button, "open-link", "Open the link")
        self._open_button.setProperty("primary", True)
        identify(self._buttons.button(QDialogButtonBox.StandardButton.Cancel), "cancel-link", "Cancel")
        self._arrange()
        self._line.textChanged.connect(self._explain)
        self._line.setText(text)
        self._line.setSelection(len(text), -len(text))  # all, with its beginning in sight
        self._explain(text)

    def accept(self) -> None:
        """Open the link, and close."""
        text = self._line.text()
        super().accept()
        self._pasting.open(text)

    def _explain(self, text: str) -> None:
        """Say what this text opens; an empty one needs no reproach."""
        about, possible = (
            "Paste a link or a preset. It replaces the present experiment; undo brings that back.",
            False,
        )
        if text.strip():
            try:
                link = read_any(text)
            except ValueError as error:
                about = sentence(str(error))
            else:
                about, possible = "\n".join((f"Opens {link.summary}.", *link.notes)), True
        self._about.setText(about)
        self._about.setAccessibleName(about)
        self._open_button.setEnabled(possible)

    @property
    def _open_button(self) -> QWidget:
        return self._buttons.button(QDialogButtonBox.StandardButton.Open)

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(*(2 * SPACING_PX,) * 4)
        column.setSpacing(SPACING_PX)
        column.addWidget(self._line)
        column.addWidget(self._about, 1)
        column.addWidget(self._buttons)
        self.setFixedWidth(_WIDTH_PX)


def ask_for_link(pasting: Pasting) -> None:
    """Ask for a link or preset, beginning with that in the clipboard, and open it."""
    window = pasting.parent()
    text = link_in(clipboard_data()) or ""
    OpenLinkDialog(pasting, text.strip(), window if isinstance(window, QWidget) else None).open()
