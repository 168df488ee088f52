"""The list of runs as a widget: ticks, keys and names, as everywhere else in the window."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QLineF, QModelIndex, QPersistentModelIndex, QPointF, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionButton,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from playground.ui.controls import identify, is_enter
from playground.ui.plots.parts import CURVE_PX, small_font
from playground.ui.runs.model import DIFFERS, EPOCHS, NAME, NOW, SCORE, SHOWN, TEST, TIME, TRAIN, RunsModel
from playground.ui.theme import DARK

Index = QModelIndex | QPersistentModelIndex

_ROW_PX = 24
_INDICATOR_PX = 15
_SWATCH_PX = 16
_WIDTHS = {SHOWN: 48, NAME: 60, EPOCHS: 55, TRAIN: 61, TEST: 61, SCORE: 54, TIME: 48, DIFFERS: 46}
_ROOMY_PX = sum(_WIDTHS.values()) + 80
"""In less than this, what a run differs in is told rather than how long it took."""
_GAP_PX = 10
_NARROW = """
QTableView::item { padding: 0 1px; }
QHeaderView::section { padding: 4px 1px 4px 4px; }
QHeaderView::section:last { padding-left: 14px; }
QHeaderView::up-arrow, QHeaderView::down-arrow { image: none; width: 0; height: 0; }
"""
"""The columns have to stand beside a plot; which one sorts is said by its text."""
_EMPTY = (
    "Every training you leave is kept here, with its curve and its network: open a demo, draw a new seed or press "
    "Reset. Or keep the present one with Ctrl+R, K."
)
_OWN_KEYS = (Qt.Key.Key_Space, Qt.Key.Key_Delete, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2)


class RunsTable(QTableView):
    """The list: Space shows curves, Enter restores, F2 renames, Delete removes."""

    restore_requested = Signal()
    rename_requested = Signal()
    remove_requested = Signal()
    selection_moved = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = DARK
        identify(self, "runs-table", "Runs")
        self.setToolTip("Space shows curves, Enter restores a run, F2 renames, Delete removes")
        self.setFont(small_font())
        self.setStyleSheet(_NARROW)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setSortingEnabled(True)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.setItemDelegate(_Delegate(self))
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(_ROW_PX)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setHighlightSections(False)

    @property
    def runs(self) -> RunsModel:
        """What is shown."""
        model = self.model()
        assert isinstance(model, RunsModel)
        return model

    def show_model(self, model: RunsModel) -> None:
        """Show these runs."""
        self.setModel(model)
        head = self.horizontalHeader()
        head.setStretchLastSection(True)
        for place, width_px in _WIDTHS.items():
            head.resizeSection(place, width_px)
        head.setMinimumSectionSize(46)
        head.setSortIndicatorClearable(True)
        head.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.selectionModel().selectionChanged.connect(lambda *_: self.selection_moved.emit())
        model.modelAboutToBeReset.connect(self._remember)
        model.modelReset.connect(self._recall)
        self._kept: tuple[list[int], int] = ([], NOW)

    @property
    def selected(self) -> list[int]:
        """Numbers of the runs that are selected, from above; `NOW` may be among them."""
        if self.model() is None:
            return []
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        return [self.runs.numbers[row] for row in rows]

    def select(self, number: int) -> None:
        """Select one run, and go there."""
        index = self.runs.index(self.runs.numbers.index(number), NAME)
        self.setCurrentIndex(index)
        self.selectRow(index.row())

    def rename(self, number: int) -> None:
        """Let the name of a run be typed."""
        index = self.runs.index(self.runs.numbers.index(number), NAME)
        self.setCurrentIndex(index)
        self.setFocus()
        self.edit(index)

    def _remember(self) -> None:
        at = self.currentIndex()
        self._kept = self.selected, self.runs.numbers[at.row()] if at.isValid() else NOW

    def _recall(self) -> None:
        """Select what was selected, as far as it is there."""
        numbers, (selected, current) = self.runs.numbers, self._kept
        mode = self.selectionModel()
        at = self.runs.index(numbers.index(current) if current in numbers else 0, NAME)
        mode.setCurrentIndex(at, mode.SelectionFlag.NoUpdate)
        for number in selected:
            if number in numbers:
                index = self.runs.index(numbers.index(number), NAME)
                mode.select(index, mode.SelectionFlag.Select | mode.SelectionFlag.Rows)
        self.selection_moved.emit()

    def event(self, event: QEvent) -> bool:
        """Take keys before the window's shortcuts do."""
        if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
            return super().event(event)
        if event.key() in _OWN_KEYS and not event.modifiers():
            event.accept()
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What is done with the selected runs."""
        if self.state() == QAbstractItemView.State.EditingState:
            super().keyPressEvent(event)  # what the editor has left over
        elif event.key() == Qt.Key.Key_Space:
            self._toggle()
        elif event.key() == Qt.Key.Key_Delete:
            self.remove_requested.emit()
        elif is_enter(event):
            self.restore_requested.emit()
        elif event.key() == Qt.Key.Key_F2:
            self.rename_requested.emit()
        else:
            super().keyPressEvent(event)

    def commitData(self, editor: QWidget) -> None:  # noqa: N802 - Qt's own virtual method
        """Take a name; the list is made anew by it, editor and all, and has the keys as it would have otherwise."""
        had_focus = editor.hasFocus()
        super().commitData(editor)
        if had_focus:
            self.setFocus()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click on a tick box ticks, and selects nothing else."""
        index = self.indexAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and index.isValid() and index.column() == SHOWN:
            number = self.runs.numbers[index.row()]
            self.runs.tick([number], not self.runs.is_ticked(number))
            return
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """The second click on a tick box is a click."""
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and index.column() == SHOWN:
            self.mousePressEvent(event)
        else:
            super().mouseDoubleClickEvent(event)

    def _toggle(self) -> None:
        """Show the selected runs or, if all of them are shown, hide them."""
        numbers = self.selected or [self.runs.numbers[max(0, self.currentIndex().row())]]
        self.runs.tick(numbers, not all(map(self.runs.is_ticked, numbers)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out a column where there is no room for it."""
        super().resizeEvent(event)
        self.setColumnHidden(TIME, self.viewport().width() < _ROOMY_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Below the present run, say how the list comes to be filled."""
        super().paintEvent(event)
        if self.model() is None or self.runs.rowCount() > 1:
            return
        painter = QPainter(self.viewport())
        painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
        room = self.viewport().rect().adjusted(16, _ROW_PX + 4, -16, -4)
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, _EMPTY)
        painter.end()


class _Delegate(QStyledItemDelegate):
    """Draws a check box as it looks everywhere else, and beside it what the curve looks like."""

    def __init__(self, table: RunsTable) -> None:
        super().__init__(table)
        self._table = table
        # The style sheet knows how it looks; it is never shown itself.
        self._likeness = QCheckBox(table)
        self._likeness.hide()

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:  # noqa: N802 - Qt's name
        """Without the sign that Qt would draw at the left of the cell, and without a ring around each cell."""
        super().initStyleOption(option, index)
        option.features &= ~QStyleOptionViewItem.ViewItemFeature.HasCheckIndicator  # type: ignore[attr-defined]
        if index.column() == DIFFERS:  # words, behind numbers that end at the right
            option.rect.adjust(_GAP_PX, 0, 0, 0)  # type: ignore[attr-defined]

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """The cell; in the first column the box, and a piece of the curve."""
        super().paint(painter, option, index)
        if index.column() != SHOWN:
            return
        runs = self._table.runs
        number = runs.numbers[index.row()]
        rect: QRect = option.rect  # type: ignore[attr-defined]
        box = QRect(rect.left() + 6, 0, _INDICATOR_PX, _INDICATOR_PX)
        box.moveTop(rect.center().y() - _INDICATOR_PX // 2)
        sign = QStyleOptionButton()
        on = QStyle.StateFlag.State_On if runs.is_ticked(number) else QStyle.StateFlag.State_Off
        sign.state = on | QStyle.StateFlag.State_Enabled  # type: ignore[attr-defined]
        sign.rect = box  # type: ignore[attr-defined]
        indicator = QStyle.PrimitiveElement.PE_IndicatorCheckBox
        self._likeness.style().drawPrimitive(indicator, sign, painter, self._likeness)
        if runs.is_ticked(number):
            start = QPointF(box.right() + 7, rect.center().y() + 0.5)
            painter.setPen(runs.sign(number).pen(self._table.theme, CURVE_PX + 0.4))
            painter.drawLine(QLineF(start, start + QPointF(_SWATCH_PX, 0)))

    def editorEvent(self, event: QEvent, model: object, option: QStyleOptionViewItem, index: Index) -> bool:
        """Leave clicks and keys to the table."""
        return False

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:  # noqa: N802
        """A line for the name."""
        editor = super().createEditor(parent, option, index)
        identify(editor, "run-name", "Name of the run")
        return editor
