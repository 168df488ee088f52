"""The one place where the canvas, the layer heads and the palette change the document."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from playground.document import edits
from playground.document.document import Document
from playground.document.edits import Edit
from playground.document.spec import OUTPUT_ID, Layer, Spec


class Editor(QObject):
    """Applies edits to the network; what is impossible becomes a message instead of an error."""

    message = Signal(str)

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document

    @property
    def spec(self) -> Spec:
        """The experiment as it stands."""
        return self._document.spec

    def layer(self, layer_id: int) -> Layer | None:
        """A hidden layer, or None for the output and for a layer that is gone."""
        return next((layer for layer in self.spec.layers if layer.id == layer_id), None)

    def add(self, kind: str, at: int | None = None) -> int | None:
        """Insert a layer (before the output where no position is given); its id, or None if that is impossible."""
        before = {layer.id for layer in self.spec.layers}
        self.apply(edits.add_layer(at=len(self.spec.layers) if at is None else at, kind=kind))
        return self._new_id(before)

    def duplicate(self, layer_id: int) -> int | None:
        """Copy a hidden layer; the copy's id, or None if that is impossible."""
        before = {layer.id for layer in self.spec.layers}
        self.apply(edits.duplicate_layer(layer_id))
        return self._new_id(before)

    def remove(self, layer_id: int) -> bool:
        """Take a hidden layer out."""
        return self.apply(edits.remove_layer(layer_id))

    def move(self, layer_id: int, to: int) -> bool:
        """Put a hidden layer at another position among the others."""
        return self.apply(edits.move_layer(layer_id, to))

    def set_units(self, layer_id: int, units: int, gesture: object = None) -> bool:
        """Change the width of a layer."""
        return self.apply(edits.set_units(layer_id, units), gesture)

    def set_rate(self, layer_id: int, rate: float, gesture: object = None) -> bool:
        """Change the rate of a dropout layer."""
        return self.apply(edits.set_rate(layer_id, rate), gesture)

    def set_activation(self, layer_id: int, activation: str) -> bool:
        """Change the activation of a layer or of the output."""
        layer = self.layer(layer_id)
        if layer is None and layer_id != OUTPUT_ID:
            self.message.emit("Choose a layer first: click its head, or drag the activation onto it.")
            return False
        return self.apply(edits.set_activation(layer_id, activation))

    def apply(self, edit: Edit, gesture: object = None) -> bool:
        """Apply an edit; where it is impossible, say why and return False."""
        try:
            self._document.apply(edit, gesture)
        except (ValueError, KeyError) as error:
            self.message.emit(sentence(error))
            return False
        return True

    def say(self, text: str) -> None:
        """Tell the user something."""
        self.message.emit(text)

    def _new_id(self, before: set[int]) -> int | None:
        return next((layer.id for layer in self.spec.layers if layer.id not in before), None)


def sentence(error: Exception) -> str:
    """The message of an error, with a capital and a full stop."""
    text = str(error.args[0]) if error.args else str(error)
    return f"{text[:1].upper()}{text[1:]}" + ("" if text.endswith((".", "?", "!")) else ".")
