"""The dialog that offers the work that a crash has left."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from playground.keeping.project import Project
from playground.keeping.recovery import Leftover
from playground.ui.controls import PushButton, identify
from playground.ui.files.keeper import file_of
from playground.ui.text import grouped, loss_text
from playground.ui.theme import SPACING_PX

_WIDTH_PX = 560
_ROW_PX = 32
_MOST_ROWS = 6
"""So many have room without scrolling."""


class RecoveredDialog(QDialog):
    """Lists what was left; each is restored or discarded, and what is neither is offered again at the next start.

    It is not modal: whoever does not care goes on working.

    Parameters
    ----------
    found
        What was left, the newest first.
    restore
        Called with what is to be restored; it is offered until `drop` says that it is in the window.
    """

    def __init__(
        self, found: Sequence[Leftover], restore: Callable[[Leftover], object], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("recovered-dialog")
        self.setWindowTitle("Recovered work")
        self._found, self._restore = list(found), restore
        self._list = QListWidget()
        self._list.setToolTip("What was open when the program ended, the newest first")
        identify(self._list, "recovered-list", "Recovered work")
        for leftover in self._found:
            item = QListWidgetItem(described(leftover))
            item.setSizeHint(QSize(0, _ROW_PX))
            self._list.addItem(item)
        self._list.setCurrentRow(0)
        self._list.itemDoubleClicked.connect(self._restore_chosen)  # Enter presses the button
        self._arrange()
        self._list.setFocus()

    def _arrange(self) -> None:
        about = QLabel("The program did not end as it should. What was open then can be restored.")
        about.setWordWrap(True)
        about.setObjectName("recovered-about")
        buttons = QDialogButtonBox()
        for text, name, role, tip, act in (
            ("&Restore", "restore-work", QDialogButtonBox.ButtonRole.AcceptRole, "Go on with it", self._restore_chosen),
            (
                "&Discard",
                "discard-work",
                QDialogButtonBox.ButtonRole.DestructiveRole,
                "Remove it for good",
                self._discard,
            ),
            ("&Later", "leave-work", QDialogButtonBox.ButtonRole.RejectRole, "Ask again at the next start", self.close),
        ):
            button = PushButton(text)
            button.setToolTip(tip)
            identify(button, name, text.replace("&", ""))
            button.clicked.connect(act)
            button.setProperty("primary", name == "restore-work")
            buttons.addButton(button, role)
        column = QVBoxLayout(self)
        column.setContentsMargins(*(2 * SPACING_PX,) * 4)
        column.setSpacing(SPACING_PX)
        column.addWidget(about)
        column.addWidget(self._list)
        column.addWidget(buttons)
        self._list.setFixedHeight(min(len(self._found), _MOST_ROWS) * _ROW_PX + 2 * self._list.frameWidth())
        self.setFixedSize(_WIDTH_PX, self.sizeHint().height())

    def drop(self, leftover: Leftover) -> None:
        """It is in the window now: offer it no more."""
        if leftover in self._found:
            row = self._found.index(leftover)
            self._list.takeItem(row)
            del self._found[row]
        if not self._found:
            self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        for leftover in self._found:
            leftover.release()
        self._found.clear()
        super().closeEvent(event)

    def _restore_chosen(self) -> None:
        row = self._list.currentRow()
        if row >= 0:
            self._restore(self._found[row])

    def _discard(self) -> None:
        row = self._list.currentRow()
        if row >= 0:
            leftover = self._found[row]
            leftover.discard()
            self.drop(leftover)


def described(leftover: Leftover) -> str:
    """When it was written, and what it is: "Today 14:05 · spiral.nnp · Spiral, epoch 120, loss 0.02 · 3 runs"."""
    when = datetime.fromtimestamp(leftover.when)
    day = "Today" if when.date() == datetime.now().date() else when.strftime("%d %B %Y").lstrip("0")
    project = leftover.project
    path = file_of(project)
    parts = [f"{day} {when:%H:%M}", *([path.name] if path is not None else []), _work(project)]
    if project.runs:
        parts.append("1 run" if len(project.runs) == 1 else f"{len(project.runs)} runs")
    return " · ".join(parts)


def _work(project: Project) -> str:
    stand = project.stand
    if stand is None:
        return f"{project.spec.dataset.label}, not trained"
    return f"{project.spec.dataset.label}, epoch {grouped(stand.epochs)}, loss {loss_text(stand.test_loss)}"
