"""What is typed into a row of the outline becomes an edit of the document."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import nncore as nn
from playground.document import edits
from playground.document.document import Document
from playground.ui.canvas.geometry import INPUT_ID
from playground.ui.canvas.heads import NUMBERS
from playground.ui.editing import apply_edit
from playground.ui.inspect.values import WeightSetter
from playground.ui.outline.rows import ACTIVATION, Row
from playground.ui.outline.sentences import VALUE, Sentences
from playground.ui.text import sentence

_NUMBER_EDITS = {"units": edits.set_units, "rate": edits.set_rate, "span": edits.set_span}


class Hands:
    """Edits the document as the rows of the outline ask for.

    Parameters
    ----------
    document
        Where the edits go.
    complain
        Takes a sentence where one is impossible.
    """

    def __init__(self, document: Document, complain: Callable[[str], object]) -> None:
        self._document, self._complain = document, complain
        self._setter = WeightSetter(document, complain)

    def set_value(self, row: Row, text: str, sentences: Sentences) -> bool:
        """Give a row the value that was typed; False if that is impossible."""
        if text.strip() == sentences.value_text(row):
            return True
        try:
            if row.kind == "setting":
                return self._set_setting(row, text)
            return self._set_weight(row, VALUE.read(text), sentences)
        except ValueError as error:
            what = str(error)
            for label in (VALUE.label, row.option.capitalize()):  # the name says it better
                what = what.removeprefix(f"{label}: ")
            self._complain(sentence(f"{sentences.name(row)}: {what}"))
            return False

    def add_behind(self, row: Row) -> int | None:
        """Put a dense layer behind that of a row (before the output, if it is that); its id."""
        spec = self._document.spec
        at = 0 if row.key == INPUT_ID else len(spec.layers)
        with suppress(ValueError):
            at = spec.index_of(row.key) + 1
        if not apply_edit(self._document, edits.add_layer(at=at, kind="dense"), None, self._complain):
            return None
        return self._document.spec.layers[at].id

    def _set_setting(self, row: Row, text: str) -> bool:
        if row.option == ACTIVATION:
            edit = edits.set_activation(row.key, _activation_named(text))
        else:
            edit = _NUMBER_EDITS[row.option](row.key, NUMBERS[row.option].read(text))
        return apply_edit(self._document, edit, None, self._complain)

    def _set_weight(self, row: Row, value: float, sentences: Sentences) -> bool:
        before = sentences.value(row)
        if before is None:
            return False
        column = row.source if row.kind == "weight" else sentences.sources(row)
        return self._setter.set(row.key, row.unit, column, value, before)


def _activation_named(text: str) -> str:
    """The name of the activation that is called so; ValueError if there is none."""
    wanted = text.strip().casefold()
    for name, kind in nn.Activation.registry.items():
        if wanted in (name.casefold(), kind.label.casefold()):
            return name
    labels = ", ".join(kind.label for kind in nn.Activation.registry.values())
    raise ValueError(f"there is no activation '{text.strip()}'; possible: {labels}")
