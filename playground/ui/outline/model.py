"""The outline as a model for Qt: rows are made when somebody looks, and their words twice a second at most."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from playground.engine.mirror import Mirror
from playground.ui.outline.rows import ROOT, Row, Shape
from playground.ui.outline.sentences import Sentences

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole

CHANGES = {"setting": "F2 changes it", "bias": "F2 changes it", "weight": "F2 changes it", "unit": "F2 sets its bias"}


class OutlineModel(QAbstractItemModel):
    """The rows of a network.

    Parameters
    ----------
    edit
        Takes (row, text) of what was typed.
    """

    def __init__(self, edit: Callable[[Row, str], object], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._edit = edit
        self.shape: Shape | None = None
        self.sentences: Sentences | None = None
        self._forget_rows()

    def show_mirror(self, mirror: Mirror) -> None:
        """Show this network: rows are made anew only where there are others."""
        shape = Shape(mirror)
        same = shape == self.shape
        if not same:
            self.beginResetModel()
            self._forget_rows()
            self.shape = shape
        self.sentences = Sentences(mirror, self.shape or shape)
        self.renew()
        if not same:
            self.endResetModel()

    def renew(self) -> None:
        """Say everything with the newest numbers from now on."""
        self._texts: dict[Row, str] = {}

    # -- rows and their indices ----------------------------------------------------------------------

    def row_at(self, index: Index) -> Row:
        """What stands at an index."""
        return self._rows[index.internalId()] if index.isValid() else ROOT

    def index_of(self, row: Row) -> QModelIndex:
        """Where a row stands; an invalid index if there is none such."""
        if self.shape is None or row == ROOT or not self.shape.has(row):
            return QModelIndex()
        self._children(self.shape.parent(row))
        number, place = self._places[row]
        return self.createIndex(place, 0, number)

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:  # noqa: B008 - Qt's default
        """The index of a child."""
        children = self._children(self.row_at(parent))
        if column != 0 or not 0 <= row < len(children):
            return QModelIndex()
        return self.createIndex(row, 0, self._places[children[row]][0])

    def parent(self, index: Index | None = None) -> Any:  # type: ignore[override]  # QObject has another of this name
        """The index that one stands below."""
        if index is None:
            return super().parent()
        if not index.isValid() or self.shape is None:
            return QModelIndex()
        return self.index_of(self.shape.parent(self.row_at(index)))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802
        """How many stand below an index."""
        return len(self._children(self.row_at(parent)))

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802
        """One."""
        return 1

    def hasChildren(self, parent: Index = QModelIndex()) -> bool:  # noqa: B008, N802
        """Whether anything stands below an index, without making it."""
        return self.shape is not None and self.shape.has_children(self.row_at(parent))

    # -- words --------------------------------------------------------------------------------------

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        """What a row says, what of it is typed, and what can be done."""
        if not index.isValid() or self.sentences is None:
            return None
        row = self.row_at(index)
        if role in (Role.DisplayRole, Role.ToolTipRole, Role.AccessibleTextRole):
            if row not in self._texts:
                self._texts[row] = self.sentences.text(row)
            return self._texts[row]
        if role == Role.EditRole:
            return self.sentences.value_text(row)
        if role == Role.AccessibleDescriptionRole:
            return CHANGES.get(row.kind, "") if self.is_editable(row) else ""
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Whether a row can be edited."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsEditable if self.is_editable(self.row_at(index)) else flags

    def is_editable(self, row: Row) -> bool:
        """Whether there is a value to be typed."""
        if self.sentences is None:
            return False
        return row.kind == "setting" or (row.kind in CHANGES and self.sentences.value(row) is not None)

    def setData(self, index: Index, value: object, role: int = Role.EditRole) -> bool:  # noqa: N802 - Qt's name
        """Take over what was typed."""
        row = self.row_at(index)
        if role != Role.EditRole or not self.is_editable(row):
            return False
        self._edit(row, str(value))
        return True

    # ---------------------------------------------------------------------------------------------

    def _forget_rows(self) -> None:
        self._rows: list[Row] = []
        """By the number in an index."""
        self._places: dict[Row, tuple[int, int]] = {}
        """Number and place among its siblings of every row that was made."""
        self._made: dict[Row, list[Row]] = {}

    def _children(self, row: Row) -> list[Row]:
        if row not in self._made:
            children = self.shape.children(row) if self.shape is not None else []
            for place, child in enumerate(children):
                self._places[child] = (len(self._rows), place)
                self._rows.append(child)
            self._made[row] = children
        return self._made[row]
