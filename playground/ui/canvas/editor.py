"""The one place where the canvas, the layer heads and the palette change the document."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

import nncore as nn
from playground.document import edits
from playground.document.document import Document
from playground.document.edits import Edit
from playground.document.spec import OUTPUT_ID, Layer, Spec
from playground.ui.editing import apply_edit

_NUMBER_EDITS: dict[str, Callable[[int, float], Edit]] = {
    "units": lambda layer_id, value: edits.set_units(layer_id, int(value)),
    "rate": lambda layer_id, value: edits.set_rate(layer_id, value),
    "span": lambda layer_id, value: edits.set_span(layer_id, int(value)),
}


class Editor(QObject):
    """The edits of a network; what is impossible becomes a message instead of an error."""

    message = Signal(str)
    """Why an edit was impossible."""
    hint = Signal(str)
    """What to do first."""

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

    def set_number(self, layer_id: int, option: str, value: float, gesture: object = None) -> bool:
        """Change the number in the head of a layer: its "units", "rate" or "span"."""
        return self.apply(_NUMBER_EDITS[option](layer_id, value), gesture)

    def set_activation(self, layer_id: int | None, activation: str) -> bool:
        """Change the activation of a layer or of the output; without one (None), say what to do."""
        if layer_id is None or (layer_id != OUTPUT_ID and self.layer(layer_id) is None):
            self.hint.emit("Choose a layer first: click its head, or drag the activation onto it.")
            return False
        layer = self.layer(layer_id)
        if layer is not None and "activation" not in (kind := nn.Layer.named(layer.kind)).options:
            self.hint.emit(f"{kind.label} has no activation.")
            return False
        return self.apply(edits.set_activation(layer_id, activation))

    def apply(self, edit: Edit, gesture: object = None) -> bool:
        """Apply an edit; where it is impossible, say why and return False."""
        return apply_edit(self._document, edit, gesture, self.say)

    def say(self, text: str) -> None:
        """Tell the user something."""
        self.message.emit(text)

    def _new_id(self, before: set[int]) -> int | None:
        return next((layer.id for layer in self.spec.layers if layer.id not in before), None)
