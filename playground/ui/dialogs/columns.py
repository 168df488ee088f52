"""The columns of a sheet as a list: which are inputs, which one is to be learned, and what is in them."""

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QHeaderView,
    QRadioButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionButton,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from playground.document.reading import Column, Sheet, why_no_input, why_no_target
from playground.ui.controls import identify
from playground.ui.text import grouped, plain, sentence

INPUT, TARGET, NAME, KIND, VALUES = range(5)
_HEADS = ("Input", "Target", "Column", "Kind", "Values")
_TIPS = ("What the network is given", "What it is to find", "", "", "")
_INDICATOR_PX = 15
_ROW_PX = 24
_WORDS_SHOWN = 12
_SIGNS = (QStyle.PrimitiveElement.PE_IndicatorCheckBox, QStyle.PrimitiveElement.PE_IndicatorRadioButton)
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole


class ColumnsModel(QAbstractTableModel):
    """One row for each column of a sheet, and which part it plays."""

    changed = Signal()
    """Another choice was made."""

    def __init__(self, sheet: Sheet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._columns = sheet.columns
        inputs, self.target = sheet.usual_roles()
        self._inputs = set(inputs)
        self._refusals = [(why_no_input(each), why_no_target(each)) for each in self._columns]
        self._descriptions = [_kind(each) for each in self._columns], [_values(each) for each in self._columns]

    @property
    def inputs(self) -> tuple[str, ...]:
        """The names of the inputs, in the order of the file."""
        return tuple(each.name for each in self._columns if each.name in self._inputs)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802 - Qt's signature
        """One for each column."""
        return 0 if parent.isValid() else len(self._columns)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802 - Qt's signature
        """What is said of each."""
        return 0 if parent.isValid() else len(_HEADS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> object:  # noqa: N802
        """What the columns of this list mean."""
        if orientation == Qt.Orientation.Horizontal and role in (Role.DisplayRole, Role.ToolTipRole):
            return (_HEADS if role == Role.DisplayRole else _TIPS)[section]
        if role == Role.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignCenter if section <= TARGET else _LEFT
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Every cell can be gone to, for the reason why it cannot be chosen."""
        flags = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled
        return flags if self.why_not(index) is not None else flags | Qt.ItemFlag.ItemIsUserCheckable

    def why_not(self, index: Index) -> str | None:
        """Why nothing can be chosen in a cell, as a sentence; None if something can."""
        row, place = index.row(), index.column()
        if place > TARGET:
            return ""
        if place == INPUT and self._columns[row].name == self.target:
            return "This is to be found: it cannot be given."
        why = self._refusals[row][place]
        return sentence(why) if why else None

    def data(self, index: Index, role: int = Role.DisplayRole) -> object:
        """What stands in a cell, and why it is greyed."""
        row, place = index.row(), index.column()
        column = self._columns[row]
        if role == Role.DisplayRole and place >= NAME:
            return (column.name, *(texts[row] for texts in self._descriptions))[place - NAME]
        if role == Role.CheckStateRole and place <= TARGET:
            return Qt.CheckState.Checked if self.is_chosen(index) else Qt.CheckState.Unchecked
        if role == Role.AccessibleTextRole and place <= TARGET:
            return f"{column.name}, {_HEADS[place].lower()}"
        if role in (Role.ToolTipRole, Role.AccessibleDescriptionRole):
            return self._descriptions[1][row] if place == VALUES else self.why_not(index)
        return None

    def is_chosen(self, index: Index) -> bool:
        """Whether the column plays the part of this cell."""
        name = self._columns[index.row()].name
        return name in self._inputs if index.column() == INPUT else name == self.target

    def is_used(self, index: Index) -> bool:
        """Whether the column plays any part."""
        name = self._columns[index.row()].name
        return name in self._inputs or name == self.target

    def choose(self, index: Index) -> None:
        """Make a column an input, or no input any more; or the target."""
        if self.why_not(index) is not None:
            return
        name = self._columns[index.row()].name
        if index.column() == INPUT:
            self._inputs ^= {name}
        elif name != self.target:
            self._become_target(name)
        self._tell()

    def choose_inputs(self, all_of_them: bool) -> None:
        """Make every column an input that can be one as it is, or none."""
        possible = {each.name for each, (why, _) in zip(self._columns, self._refusals, strict=True) if not why}
        whole = {each.name for each in self._columns if not each.n_missing}
        self._inputs = possible & whole - {self.target} if all_of_them else set()
        self._tell()

    def _become_target(self, name: str) -> None:
        """What was the target before becomes an input, if it can."""
        before, self.target = self.target, name
        self._inputs.discard(name)
        place = [each.name for each in self._columns].index(before)
        if not self._refusals[place][INPUT]:
            self._inputs.add(before)

    def _tell(self) -> None:
        self.dataChanged.emit(self.index(0, INPUT), self.index(len(self._columns) - 1, VALUES))
        self.changed.emit()


class ColumnsView(QTableView):
    """The list: a click or Space chooses, arrows move, Tab leaves."""

    def __init__(self, model: ColumnsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setModel(model)
        self._columns = model
        identify(self, "table-columns", "Columns of the file: inputs and target")
        self.setToolTip("Tick what the network is given, and choose what it is to find")
        prepare(self)
        self.setItemDelegate(_RoleDelegate(self, model))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.verticalHeader().hide()
        head = self.horizontalHeader()
        head.setSectionResizeMode(VALUES, QHeaderView.ResizeMode.Stretch)
        for place, width_px in ((INPUT, 58), (TARGET, 62), (NAME, 180), (KIND, 176)):
            head.resizeSection(place, width_px)
        self.clicked.connect(model.choose)
        self.setCurrentIndex(model.index(0, INPUT))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space chooses: the cell one is at or, in the others, the input."""
        if event.key() == Qt.Key.Key_Space:
            at = self.currentIndex()
            self._columns.choose(at if at.column() <= TARGET else at.siblingAtColumn(INPUT))
        else:
            super().keyPressEvent(event)


class _RoleDelegate(QStyledItemDelegate):
    """Draws check boxes and radio buttons as they look everywhere else, and greys what plays no part."""

    def __init__(self, view: ColumnsView, model: ColumnsModel) -> None:
        super().__init__(view)
        self._view, self._columns = view, model
        # The style sheet knows how these look; they are never shown themselves.
        self._likenesses = QCheckBox(view), QRadioButton(view)
        for each in self._likenesses:
            each.hide()

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:  # noqa: N802 - Qt's name
        """Without the sign that Qt would draw at the left of the cell."""
        super().initStyleOption(option, index)
        option.features &= ~QStyleOptionViewItem.ViewItemFeature.HasCheckIndicator  # type: ignore[attr-defined]
        if not self._columns.is_used(index):
            faded = self._view.palette().color(QPalette.ColorRole.PlaceholderText)
            option.palette.setColor(QPalette.ColorRole.Text, faded)  # type: ignore[attr-defined]

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """The cell, and the sign in its middle."""
        super().paint(painter, option, index)
        if index.column() > TARGET:
            return
        sign, like = QStyleOptionButton(), self._likenesses[index.column()]
        box = QRect(0, 0, _INDICATOR_PX, _INDICATOR_PX)
        box.moveCenter(option.rect.center())  # type: ignore[attr-defined]
        state = QStyle.StateFlag.State_On if self._columns.is_chosen(index) else QStyle.StateFlag.State_Off
        if self._columns.why_not(index) is None:
            state |= QStyle.StateFlag.State_Enabled
        sign.state = state  # type: ignore[attr-defined]
        sign.rect = box  # type: ignore[attr-defined]
        like.style().drawPrimitive(_SIGNS[index.column()], sign, painter, like)

    def editorEvent(self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: Index) -> bool:
        """Leave clicks and keys to the view."""
        return False


def prepare(view: QTableView) -> None:
    """What all tables of the dialog have in common."""
    view.setTabKeyNavigation(False)
    view.setShowGrid(False)
    view.setWordWrap(False)
    view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.verticalHeader().setDefaultSectionSize(_ROW_PX)
    view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    view.horizontalHeader().setHighlightSections(False)
    view.horizontalHeader().setDefaultAlignment(_LEFT)


def _kind(column: Column) -> str:
    if column.problem:
        return "—"
    kind = "numbers" if column.kind == "number" else "words"
    different = len(column.distinct)
    return f"{grouped(different)} different {kind}"


def _values(column: Column) -> str:
    if column.problem:
        return sentence(column.problem)
    values = column.distinct
    if column.kind == "number":
        said = f"{plain(float(values[0]), 4)} … {plain(float(values[-1]), 4)}"
    else:
        said = ", ".join(map(str, values[:_WORDS_SHOWN])) + (", …" if len(values) > _WORDS_SHOWN else "")
    return said + (f" · {grouped(column.n_missing)} missing" if column.n_missing else "")
