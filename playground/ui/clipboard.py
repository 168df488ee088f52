"""What can be copied, pasted and dropped: layers, links of both kinds, and presets, all of them texts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import msgspec
from PySide6.QtCore import QByteArray, QEvent, QMimeData, QObject, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget

from playground.document import edits
from playground.document.document import Document
from playground.document.own_link import LONGEST as LONGEST_LINK
from playground.document.own_link import MOST_BYTES, is_any, read_any, write_link, write_preset
from playground.document.spec import OUTPUT_ID, Layer, Spec
from playground.document.tf_link import Link
from playground.ui.canvas.editor import Editor
from playground.ui.text import sentence

LAYER_MIME = "application/x-nn-playground-layer"
LONGEST = 50_000
"""A text of more bytes is no layer."""
NOTHING = "The clipboard holds no layer, link or preset: copy one first."


class Canvas(Protocol):
    """What is needed of the canvas."""

    editor: Editor

    @property
    def selected(self) -> int | None:
        """The id of the selected layer, or None."""
        ...

    def select(self, layer_id: int | None) -> None:
        """Select a layer."""


def layer_data(layer: Layer) -> QMimeData:
    """A layer for the clipboard: as JSON, which is text, too."""
    text = msgspec.json.encode(layer)
    data = QMimeData()
    data.setData(LAYER_MIME, QByteArray(text))
    data.setText(text.decode())
    return data


def layer_in(data: QMimeData) -> Layer | None:
    """The layer that a clipboard or a drag holds; None if it holds something else."""
    text = bytes(data.data(LAYER_MIME).data()) or data.text().encode(errors="replace")
    if len(text) > LONGEST:
        return None
    try:
        return msgspec.json.decode(text, type=Layer)
    except ValueError:  # no JSON, or not that of a layer, or of one there is not
        return None


def link_in(data: QMimeData) -> str | None:
    """The link, of any kind, or the preset that a clipboard or a drag holds; None if it holds something else."""
    text = data.text()
    return text if len(text) <= max(MOST_BYTES, 2 * LONGEST_LINK) and is_any(text) else None


def clipboard_data() -> QMimeData:
    """What the clipboard holds; empty data where that is nothing at all."""
    # Qt gives a null pointer for a clipboard that nobody has put anything into.
    return QGuiApplication.clipboard().mimeData() or QMimeData()


def copy_selected(canvas: Canvas) -> bool:
    """Put the selected layer into the clipboard; False if that is impossible, which is said."""
    layer = canvas.editor.layer(canvas.selected) if canvas.selected is not None else None
    if layer is None:
        canvas.editor.say("A network has one output: it cannot be copied.")
        return False
    QGuiApplication.clipboard().setMimeData(layer_data(layer))
    return True


def paste(canvas: Canvas) -> bool:
    """Put the layer of the clipboard behind the selected one, or before the output; False if there is none."""
    layer = layer_in(clipboard_data())
    if layer is None:
        return False
    editor = canvas.editor
    at = len(editor.spec.layers)
    if canvas.selected not in (None, OUTPUT_ID):
        at = editor.spec.index_of(canvas.selected) + 1
    if editor.apply(edits.paste_layer(at, layer)):
        canvas.select(editor.spec.layers[at].id)
    return True


class Pasting(QObject):
    """Takes what is pasted into a window, or dropped on it, where no widget in it wants it.

    Parameters
    ----------
    window
        Keys and drops that nothing else takes arrive there.
    document
        Links are opened in it.
    canvas
        Layers are pasted there.
    """

    message = Signal(str)
    """Why nothing could be pasted."""
    hint = Signal(str)
    """What was opened, and what of it could not be taken as it stands."""
    opened = Signal(object)
    """The `Link` that was opened: whoever follows shows test data, discretizes and hides controls as it says."""

    def __init__(self, window: QWidget, document: Document, canvas: Canvas) -> None:
        super().__init__(window)
        self._document, self._canvas = document, canvas
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def paste(self) -> None:
        """Paste a layer, or open a link or preset, whichever the clipboard holds."""
        if paste(self._canvas):
            return
        text = link_in(clipboard_data())
        if text is None:
            self.message.emit(NOTHING)
        else:
            self.open(text)

    def open(self, text: str) -> None:
        """Put what a link or preset stands for in the place of the present experiment."""
        try:
            link = read_any(text)
            self._document.apply(edits.open_spec(link.spec, link.what))
        except ValueError as error:
            self.message.emit(sentence(str(error)))
            return
        self.tell(link)

    def tell(self, link: Link) -> None:
        """Say that this link was opened."""
        self.opened.emit(link)
        self.hint.emit(opened_text(link))

    def copy_link(self) -> None:
        """Put a link to the present experiment into the clipboard."""
        self._copy(write_link, "A link to this experiment is in the clipboard: whoever pastes it here opens it.")

    def copy_preset(self) -> None:
        """Put the present experiment into the clipboard as JSON."""
        self._copy(write_preset, "This experiment is in the clipboard as JSON: whoever pastes it here opens it.")

    def _copy(self, write: Callable[[Spec], str], done: str) -> None:
        try:
            text = write(self._document.spec)
        except ValueError as error:
            self.message.emit(sentence(str(error)))
            return
        QGuiApplication.clipboard().setText(text)
        self.hint.emit(done)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look at the keys and drops that have come as far as the window."""
        if isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.KeyPress and event.matches(QKeySequence.StandardKey.Paste):
                self.paste()
                return True
        elif isinstance(event, QDropEvent) and event.type() in (QEvent.Type.DragEnter, QEvent.Type.Drop):
            return self._take(event)
        return False

    def _take(self, event: QDropEvent) -> bool:
        text = link_in(event.mimeData())
        if text is None:
            return False
        event.acceptProposedAction()
        if not isinstance(event, QDragEnterEvent):
            self.open(text)
        return True


def opened_text(link: Link) -> str:
    """What a link or preset opened, and the notes on it."""
    return " ".join((f"Opened {link.summary}.", *link.notes))
