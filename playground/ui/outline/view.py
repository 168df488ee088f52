"""The tab that tells the network as a tree of sentences."""

from __future__ import annotations

import time
from collections.abc import Mapping

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QAction, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from playground.document.document import Document
from playground.engine.mirror import Mirror
from playground.ui.canvas.geometry import INPUT_ID
from playground.ui.canvas.keys import KeyCommand
from playground.ui.outline.hands import Hands
from playground.ui.outline.model import OutlineModel
from playground.ui.outline.rows import ACTIVATION, ROOT, Row
from playground.ui.outline.tree import OutlineTree
from playground.ui.theme import SPACING_PX, Theme

CALM_S = 0.5
"""Numbers are renewed no more often: they are to be read, and read out."""

ON_LAYERS = frozenset({"cut", "duplicate", "remove", "move-left", "move-right"})
"""Commands that would surprise on the row of a neuron."""


class OutlineView(QWidget):
    """Selection and picked neuron go with the row one is at, and the row with them.

    Parameters
    ----------
    document
        Where edits go; what is shown is what `set_mirror` brings back.
    actions
        Those of the menus, by name: the keys of the canvas trigger them here.
    """

    message = Signal(str)
    """Why an edit was impossible."""
    hint = Signal(str)
    """What to do first."""
    selection_wanted = Signal(object)
    """The id of the layer that one is at (`OUTPUT_ID` for the output); None at the input."""
    picked_changed = Signal(object)
    """(column, unit) of the neuron that one is at, or None."""
    inspector_wanted = Signal()
    """What is picked or selected is to be seen in the Inspector."""

    def __init__(self, document: Document, actions: Mapping[str, QAction]) -> None:
        super().__init__()
        self.setObjectName("outline-view")
        self.setAccessibleName("Outline")
        self._actions = actions
        self._hands = Hands(document, self.message.emit)
        self.model = OutlineModel(self._set_value, self)
        self.tree = OutlineTree(self.model)
        self._renewed = 0.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._renew)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, SPACING_PX // 2, 0, 0)
        column.addWidget(self.tree)
        self.tree.row_chosen.connect(self._choose)
        self.tree.command_wanted.connect(self._command)
        self.tree.layer_wanted.connect(self._add_behind)
        self.tree.inspector_wanted.connect(self.inspector_wanted)

    # -- what is shown ------------------------------------------------------------------------------

    def set_theme(self, theme: Theme) -> None:
        """Its colours are those of the style sheet."""

    def set_mirror(self, mirror: Mirror) -> None:
        """Show the network of this mirror: what is open stays open as long as it is part of it."""
        self.model.show_mirror(mirror)
        self._renew()

    def refresh(self) -> None:
        """The mirror has new numbers: tell them as soon as the last have been seen for a while."""
        due_s = self._renewed + CALM_S - time.monotonic()
        if due_s <= 0:
            self._renew()
        elif not self._timer.isActive():
            self._timer.start(int(due_s * 1000) + 1)

    def set_selection(self, layer_id: int | None) -> None:
        """Go to a layer, unless one is in it already."""
        if layer_id is not None and self.tree.current.key != layer_id:
            self.tree.go_to(Row("layer", layer_id))
        elif layer_id is None and self.tree.current.key != INPUT_ID:
            self.tree.go_to(ROOT)

    def set_picked(self, picked: tuple[int, int] | None) -> None:
        """Go to a neuron, (column, unit) as in `Mirror.maps`, unless one is in it already."""
        shape = self.model.shape
        if picked is None or shape is None or picked[0] >= len(shape.columns):
            return
        key, at = shape.columns[picked[0]].key, self.tree.current
        if (at.key, at.unit) != (key, picked[1]) or at.kind == "units":
            self.tree.go_to(Row("unit", key, picked[1]))

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what was missed while hidden."""
        super().showEvent(event)
        self._renew()

    def _renew(self) -> None:
        self._renewed = time.monotonic()
        self.model.renew()
        self.tree.viewport().update()

    # -- what the user does --------------------------------------------------------------------------

    def _choose(self, row: Row) -> None:
        self.selection_wanted.emit(None if row.key == INPUT_ID else row.key)
        shape = self.model.shape
        single = shape is not None and row.unit >= 0 and row.kind != "units"
        self.picked_changed.emit((shape.column_of(row.key), row.unit) if shape is not None and single else None)

    def _command(self, command: KeyCommand, row: Row) -> None:
        if command.on_selection and row.key == INPUT_ID:
            self.hint.emit("The input is no layer: what goes in is chosen in the panel Features.")
        elif command.name in ON_LAYERS and row.kind != "layer":
            self.hint.emit("That is for whole layers: go to the row of the layer first. + and − change its units.")
        elif (row != ROOT or not command.on_selection) and self._may(command.name):
            self._actions[command.name].trigger()

    def _add_behind(self, row: Row) -> None:
        new = self._hands.add_behind(row) if self._may("add-dense") else None
        if new is not None:
            self.selection_wanted.emit(new)

    def _may(self, name: str) -> bool:
        """Whether an action is there to be used: a lesson may hide it; if so, it is said."""
        action = self._actions.get(name)
        if action is None or action.isVisible():
            return True
        self.hint.emit("This lesson does without that.")
        return False

    def _set_value(self, row: Row, text: str) -> None:
        if row.kind == "setting" and not self._may("activation" if row.option == ACTIVATION else "more-units"):
            return
        # Other units or layers make other rows, which takes the editor away: it has to be done before.
        QTimer.singleShot(0, self, lambda: self._apply(row, text))

    def _apply(self, row: Row, text: str) -> None:
        sentences = self.model.sentences
        if sentences is not None and self.model.index_of(row).isValid():
            self._hands.set_value(row, text, sentences)
            self._renew()
