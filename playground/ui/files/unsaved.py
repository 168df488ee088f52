"""Whether something of the user's would be lost, and the question that is asked then."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from functools import lru_cache

from msgspec.structs import replace
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QMessageBox, QWidget

from playground.document.document import Document
from playground.document.presets import presets
from playground.document.spec import Cut, Spec
from playground.engine.snapshot import Snapshot
from playground.ui.controls import identify


class Changes(QObject):
    """Follows what is done since the work was begun, opened or saved.

    Parameters
    ----------
    document
        What is edited.
    """

    changed = Signal()
    """Something may be unsaved now that was not, or the other way round."""

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self.has_file = False
        """Whether the work has a file: without one, training and looking are nothing to lose."""
        self._edited = self._trained = self._noted = False
        self._kept, self._steps, self._origin = _own(document.spec), 0, document.spec.origin
        document.changed.connect(self._follow)

    @property
    def unsaved(self) -> bool:
        """Whether something would be lost."""
        return self._noted or self._edited or (self.has_file and self._trained)

    def begin(self, has_file: bool, steps: int = 0, *, recovered: bool = False) -> None:
        """The document is as in its file, or has none.

        Parameters
        ----------
        has_file
            Whether it has one.
        steps
            Where its training stands there.
        recovered
            Whether it is more than is in a file.
        """
        self.note_kept(self._document.spec, steps, has_file)
        self._noted = recovered
        self.changed.emit()

    def note_kept(self, spec: Spec, steps: int, has_file: bool = True) -> None:
        """The file holds this; the document may be further by now."""
        self.has_file, self._noted, self._trained = has_file, False, False
        self._kept, self._steps, self._origin = _own(spec), steps, spec.origin
        self._edited = _own(self._document.spec) != self._kept
        self.changed.emit()

    def note(self) -> None:
        """Something of the user's that is in no spec was changed: a run was named, a lesson written."""
        self._noted = True
        self.changed.emit()

    def follow_training(self, snapshot: Snapshot) -> None:
        """Look how far the training has come."""
        trained = snapshot.steps != self._steps or self._document.spec.origin != self._origin
        if trained != self._trained:
            self._trained = trained
            self.changed.emit()

    def _follow(self, new: Spec, old: Spec) -> None:
        before = self._edited
        if _own(new) == self._kept:
            self._edited = False
        elif self.has_file or not _is_demo(new):
            self._edited = True
        if self._edited != before:
            self.changed.emit()

    def close(self) -> None:
        """Follow no more."""
        self._document.changed.disconnect(self._follow)


def _own(spec: Spec) -> Spec:
    """What of a spec somebody has made: not how it is looked at."""
    return replace(spec, cut=Cut())


@lru_cache(maxsize=1)
def _demos() -> list[Spec]:
    return [_nameless(demo.spec) for demo in presets().values()]


def _is_demo(spec: Spec) -> bool:
    return not spec.assigned and _nameless(spec.learned) in _demos()


def _nameless(spec: Spec) -> Spec:
    """A spec as it would be in another document: runs and layers have other numbers there."""
    layers = tuple(replace(layer, id=number) for number, layer in enumerate(spec.layers, 1))
    return replace(spec, run=0, layers=layers)


class Answer(Enum):
    """What is to become of changes."""

    SAVE = "save"
    DISCARD = "discard"
    CANCEL = "cancel"


def ask_about_changes(window: QWidget, name: str, then: Callable[[Answer], object]) -> QMessageBox:
    """Ask whether changes are to be saved; the window goes on meanwhile."""
    box = QMessageBox(window)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setObjectName("unsaved-dialog")
    box.setWindowTitle("Unsaved changes")
    box.setIcon(QMessageBox.Icon.Question)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(f"Save the changes to {name}?")
    box.setInformativeText("What is not saved is lost.")
    kinds = QMessageBox.StandardButton
    buttons = {}
    for kind, answer, text in (
        (kinds.Save, Answer.SAVE, "&Save"),
        (kinds.Discard, Answer.DISCARD, "&Discard"),
        (kinds.Cancel, Answer.CANCEL, "Cancel"),
    ):
        button = box.addButton(kind)
        button.setText(text)
        identify(button, f"unsaved-{answer.value}", text.replace("&", ""))
        buttons[kind] = answer
    box.setDefaultButton(kinds.Save)
    box.setEscapeButton(kinds.Cancel)
    save = box.button(kinds.Save)
    save.setProperty("primary", True)
    save.style().polish(save)  # it was polished when it was added
    box.finished.connect(lambda result: then(buttons.get(kinds(result), Answer.CANCEL)))
    box.open()
    return box
