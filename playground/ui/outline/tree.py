"""The outline as a widget: a tree of Qt's own, so that screen readers know it, with the keys of the canvas."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, QItemSelection, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QWidget,
)

import nncore as nn
from playground.ui.canvas.keys import KeyCommand, command_at
from playground.ui.controls import Choice, LetterKeeper, identify, is_enter
from playground.ui.outline.model import OutlineModel
from playground.ui.outline.rows import ACTIVATION, ROOT, Row
from playground.ui.outline.sentences import Sentences

Index = QModelIndex | QPersistentModelIndex

OWN_KEYS = frozenset({"select-left", "select-right", "activation", "units-up", "units-down", "escape"})
"""Commands of the canvas whose keys mean something else in a tree."""


class OutlineTree(QTreeView):
    """Keeps what is open and where one is, whatever becomes of the network."""

    row_chosen = Signal(object)
    """The `Row` that the user went to."""
    command_wanted = Signal(object, object)
    """A `KeyCommand` of the canvas, and the row it was pressed on."""
    inspector_wanted = Signal()
    layer_wanted = Signal(object)
    """A layer is to be added behind that of this row."""

    def __init__(self, model: OutlineModel) -> None:
        super().__init__()
        identify(self, "outline-tree", "Outline of the network")
        self.setAccessibleDescription(DESCRIPTION)
        self._model = model
        self._open: set[Row] = set()
        self._following = False
        """Whether the window, and not the user, moves to another row."""
        self._kept: tuple[Row, int] = (ROOT, 0)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHeaderHidden(True)
        self.setUniformRowHeights(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed | QAbstractItemView.EditTrigger.DoubleClicked)
        self.setItemDelegate(ValueDelegate(model, self))
        self.setModel(model)
        self.expanded.connect(lambda index: self._open.add(model.row_at(index)))
        self.collapsed.connect(lambda index: self._open.discard(model.row_at(index)))
        model.modelAboutToBeReset.connect(self._keep)
        model.modelReset.connect(self._restore)

    @property
    def current(self) -> Row:
        """The row one is at; `ROOT` if at none."""
        return self._model.row_at(self.currentIndex())

    def go_to(self, row: Row) -> None:
        """Show a row and stand there, without telling anybody."""
        index = self._model.index_of(row)
        self._following = True
        self.setCurrentIndex(index)
        if index.isValid():
            self.scrollTo(index)
        self._following = False

    def currentChanged(self, current: Index, previous: Index) -> None:  # noqa: N802 - Qt's name
        """Tell what the user went to."""
        super().currentChanged(current, previous)
        if not self._following and current.isValid():
            self.row_chosen.emit(self._model.row_at(current))

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:  # noqa: N802 - as above
        """A screen reader selects a row without going there: go there."""
        super().selectionChanged(selected, deselected)
        chosen = selected.indexes()
        if chosen and chosen[0] != self.currentIndex():
            self.setCurrentIndex(chosen[0])

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Stand somewhere: at first in the first row."""
        if self.current == ROOT:
            self.go_to(self._model.row_at(self._model.index(0, 0)))
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Edit by the keys of the canvas; all others move about the tree."""
        row, command = self.current, command_at(event)
        if self.state() == QAbstractItemView.State.EditingState:
            super().keyPressEvent(event)  # what the editor has left over
        elif is_enter(event):
            self._enter(row, bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier))
        elif event.key() == Qt.Key.Key_Insert:
            self.layer_wanted.emit(row)
        elif command is not None and command.name not in OWN_KEYS and self._is_layers(command, row):
            self.command_wanted.emit(command, row)
        elif event.key() != Qt.Key.Key_Asterisk:  # it would open every neuron of every layer
            super().keyPressEvent(event)

    def _enter(self, row: Row, look: bool) -> None:
        if row == ROOT:
            return
        if look or row.kind == "layer":
            self.inspector_wanted.emit()
        elif self._model.is_editable(row):
            self.edit(self.currentIndex())
        else:
            self.setExpanded(self.currentIndex(), not self.isExpanded(self.currentIndex()))

    @staticmethod
    def _is_layers(command: KeyCommand, row: Row) -> bool:
        """Whether a key is for the layer; on other rows that of copying is for their text."""
        return command.name != "copy" or row.kind == "layer"

    def _keep(self) -> None:
        self._kept = self.current, self.verticalScrollBar().value()

    def _restore(self) -> None:
        """Open again what was open, and go back to the same row, or the layer it was in."""
        shape, (row, scrolled) = self._model.shape, self._kept
        if shape is None:
            return
        self._open = {each for each in self._open if shape.has(each)}
        for each in sorted(self._open, key=lambda each: (each.kind != "layer", each.kind == "unit")):
            self.setExpanded(self._model.index_of(each), True)
        layer = Row("layer", row.key)
        self.go_to(row if shape.has(row) else layer if shape.has(layer) else ROOT)
        self.verticalScrollBar().setValue(scrolled)


DESCRIPTION = (
    "Arrow keys go from row to row, Right opens a row, Left closes it. F2 or Enter: change the value of a row. "
    "Enter on a layer, or Control Enter anywhere: show it in the Inspector. Plus and Minus: units. "
    "Control Left, Control Right: move the layer. Insert: add a layer. Delete: remove it. Control D: duplicate it."
)


class ValueDelegate(QStyledItemDelegate):
    """Lets a value be typed, and an activation be chosen."""

    def __init__(self, model: OutlineModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:  # noqa: N802
        """A line, or a list of activations."""
        row, sentences = self._model.row_at(index), self._model.sentences
        editor = QLineEdit(parent) if row.option != ACTIVATION else self._activations(parent, row)
        editor.setProperty("bare", True)  # as low as the row
        identify(editor, "outline-editor", sentences.name(row) if sentences is not None else "Value")
        return editor

    def setEditorData(self, editor: QWidget, index: Index) -> None:  # noqa: N802 - Qt's name
        """Show the present value."""
        text = index.data(Qt.ItemDataRole.EditRole)
        if isinstance(editor, Choice):
            editor.setCurrentText(text)
        elif isinstance(editor, QLineEdit):
            editor.setText(text)
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:  # noqa: N802
        """Take over what was typed or chosen."""
        text = (
            editor.currentText()
            if isinstance(editor, Choice)
            else editor.text()
            if isinstance(editor, QLineEdit)
            else ""
        )
        model.setData(index, text)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:  # noqa: N802
        """Stand at the beginning of the row, as wide as a number or a name needs."""
        area = option.rect  # type: ignore[attr-defined]  # missing from the stubs
        editor.setGeometry(area.x(), area.y(), min(area.width(), EDITOR_PX), area.height())

    def _activations(self, parent: QWidget, row: Row) -> Choice:
        choice = Choice(nn.Activation, parent=parent)
        LetterKeeper(choice)
        choice.activated.connect(lambda: self._finish(choice))
        sentences: Sentences | None = self._model.sentences
        units = sentences.units(row) if sentences is not None else 1
        for name, kind in nn.Activation.registry.items():
            few = f"{kind.label} needs at least {kind.min_units} units" if units < kind.min_units else None
            choice.set_possible(name, few)
        return choice

    def _finish(self, editor: QWidget) -> None:
        self.commitData.emit(editor)
        self.closeEditor.emit(editor)


EDITOR_PX = 180
