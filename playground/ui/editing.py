"""Editing as every widget does it: an impossible edit becomes a sentence, and the widget follows the document."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from playground.document.document import Document
from playground.document.edits import Edit
from playground.document.spec import Spec
from playground.ui.text import sentence


def apply_edit(document: Document, edit: Edit, gesture: object, complain: Callable[[str], object]) -> bool:
    """Apply an edit; where it is impossible, complain with a sentence that says why, and return False."""
    try:
        document.apply(edit, gesture)
    except ValueError as error:
        complain(sentence(str(error)))
        return False
    return True


class EditingWidget(QWidget):
    """Shows a part of the document and edits it.

    A subclass says in `follow` how it shows a spec, and calls `apply` for what its user does. Showing
    never applies: connect only to signals that a user causes (`clicked`, `activated`), or block them.
    """

    message = Signal(str)
    """Why an edit was impossible, for a notice."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document: Document | None = None

    def bind(self, document: Document) -> None:
        """Follow this document from now on."""
        if self._document is not None:
            self._document.changed.disconnect(self._on_changed)
        self._document = document
        document.changed.connect(self._on_changed)
        self.follow(document.spec)

    def follow(self, spec: Spec) -> None:
        """Show this spec."""
        raise NotImplementedError

    def apply(self, edit: Edit, gesture: object = None) -> None:
        """Apply an edit; an impossible one is reported, and the widget goes back to what the document says."""
        if self._document is not None:
            apply_edit(self._document, edit, gesture, self.complain)

    def complain(self, text: str) -> None:
        """Report a mistake of the user, and show again what is true."""
        self.message.emit(text)
        if self._document is not None:
            self.follow(self._document.spec)

    def _on_changed(self, new: Spec, old: Spec) -> None:
        self.follow(new)
