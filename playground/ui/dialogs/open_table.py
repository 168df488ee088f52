"""The dialog that asks what is to be learned from a file: which columns are inputs, and which is the target."""

from __future__ import annotations

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLabel, QTableView, QVBoxLayout, QWidget

from playground.document.reading import Sheet, is_usually_classes, table_from
from playground.document.table import MAX_CLASSES, Table
from playground.ui.controls import CheckBox, ComboBox, PushButton, identify
from playground.ui.dialogs.columns import ColumnsModel, ColumnsView, prepare
from playground.ui.fonts import strong_font
from playground.ui.text import grouped, plain, sentence
from playground.ui.theme import SPACING_PX

_SIZE_PX = 880, 620
_WIDEST_PX = 260
_USUAL_DEVIATION = 0.1, 10.0
"""Values that stray from their mean so far can be learned as they are."""
_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole


class OpenTableDialog(QDialog):
    """Shows what is in a file, and makes a table of the columns that are chosen.

    Parameters
    ----------
    sheet
        What the file says.
    """

    def __init__(self, sheet: Sheet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("open-table-dialog")
        self.setWindowTitle(f"Open {sheet.file}")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._sheet = sheet
        self.table: Table | None = None
        """What would be opened now; None while that is impossible."""
        self.columns = ColumnsModel(sheet, self)
        self._view = ColumnsView(self.columns)
        self._preview = QTableView()
        self._preview.setModel(_Preview(sheet, self))
        self._learned = ""
        self._make_options()
        self._state = QLabel()
        self._buttons = PushButton("Cancel"), PushButton("Open")
        self._arrange()
        self.resize(*_SIZE_PX)
        self.columns.changed.connect(self._choose)
        self._choose()
        self._view.setFocus()

    def _make_options(self) -> None:
        self._as = ComboBox()
        self._as.addItem("classes", True)
        self._as.addItem("values", False)
        identify(self._as, "table-target-as", "Learn the target as")
        self._as.activated.connect(self._update)
        self._standardize = _box("Standardise inputs", "table-standardize", "Bring every input to mean 0, deviation 1")
        self._standardize.setChecked(True)
        tip = "Learn the target as deviations from its mean: large values are hard to learn as they are"
        self._standardize_target = _box("Standardise target", "table-standardize-target", tip)
        tip = "Rows without a value in one of the chosen columns"
        self._leave_out = _box("Leave out rows with missing values", "table-leave-out", tip)
        self._leave_out.setVisible(any(each.n_missing for each in self._sheet.columns))
        for box in (self._standardize, self._standardize_target, self._leave_out):
            box.toggled.connect(self._update)

    def _arrange(self) -> None:
        identify(self._preview, "table-preview", "First rows of the file")
        prepare(self._preview)
        self._preview.horizontalHeader().setMaximumSectionSize(_WIDEST_PX)
        self._preview.resizeColumnsToContents()
        head = QHBoxLayout()
        title = QLabel(self._sheet.file)
        title.setFont(strong_font())
        title.setTextFormat(Qt.TextFormat.PlainText)
        found = QLabel(_found(self._sheet))
        found.setProperty("muted", True)
        head.addWidget(title)
        head.addWidget(found)
        head.addStretch(1)
        for text, every in (("All", True), ("None", False)):
            button = PushButton(text)
            button.setProperty("quiet", True)
            identify(button, f"table-inputs-{text.lower()}", f"{text} of the columns as inputs")
            button.setToolTip("Make every column an input that can be one" if every else "Take all inputs away")
            button.clicked.connect(lambda _=False, every=every: self.columns.choose_inputs(every))
            head.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(*(2 * SPACING_PX,) * 4)
        column.setSpacing(SPACING_PX)
        column.addLayout(head)
        column.addWidget(self._view, 3)
        column.addLayout(self._options_row())
        column.addWidget(self._preview, 2)
        column.addLayout(self._last_row())

    def _options_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(2 * SPACING_PX)
        label = QLabel("Learn the target as")
        label.setBuddy(self._as)
        learned = QHBoxLayout()
        learned.setSpacing(SPACING_PX)
        learned.addWidget(label)
        learned.addWidget(self._as)
        row.addLayout(learned)
        for box in (self._standardize, self._standardize_target, self._leave_out):
            row.addWidget(box)
        row.addStretch(1)
        return row

    def _last_row(self) -> QGridLayout:
        identify(self._state, "table-state", "What will be opened")
        self._state.setTextFormat(Qt.TextFormat.PlainText)
        self._state.setWordWrap(True)
        self._state.setMinimumHeight(2 * self._state.fontMetrics().lineSpacing() + 4)
        self._state.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        cancel, done = self._buttons
        identify(cancel, "table-cancel", "Cancel")
        identify(done, "table-open", "Open")
        cancel.clicked.connect(self.reject)
        done.clicked.connect(self.accept)
        done.setProperty("primary", True)
        done.setDefault(True)
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACING_PX)
        for place, widget in enumerate((self._state, cancel, done)):
            grid.addWidget(widget, 0, place)
        grid.setColumnStretch(0, 1)
        return grid

    def _choose(self) -> None:
        """Another target is learned as it usually is; whatever was chosen is shown."""
        if self._learned != self.columns.target:
            self._learned = self.columns.target
            target = self._sheet.column(self._learned)
            self._as.setCurrentIndex(0 if target.problem or is_usually_classes(target) else 1)
            self._as.setEnabled(target.kind == "number" and not target.problem and len(target.distinct) <= MAX_CLASSES)
            self._as.setToolTip(_why_so(self._as.isEnabled(), target.kind))
            low, high = _USUAL_DEVIATION
            values = target.values[~target.missing]
            far = target.kind == "number" and not low <= float(values.std()) <= high
            self._standardize_target.setChecked(far)
        self._update()

    def _update(self) -> None:
        """Say what would be opened, or why nothing can be."""
        classes = bool(self._as.currentData())
        self._standardize_target.setVisible(not classes)
        try:
            self.table = table_from(
                self._sheet,
                self.columns.inputs,
                self.columns.target,
                classes=classes,
                standardize=self._standardize.isChecked(),
                standardize_target=self._standardize_target.isChecked(),
                leave_out=self._leave_out.isChecked(),
            )
        except ValueError as error:
            self.table = None
            said = sentence(str(error).removeprefix(f"{self._sheet.file}: "))
        else:
            said = self._summary(self.table)
        self._state.setText(said)
        self._state.setAccessibleName(said)
        possible = self.table is not None
        self._state.setForegroundRole(QPalette.ColorRole.WindowText if possible else QPalette.ColorRole.BrightText)
        self._buttons[1].setEnabled(possible)
        self._buttons[1].setToolTip("Learn from these samples" if possible else said)

    def _summary(self, table: Table) -> str:
        """What a table holds, and which rows of the file are not in it."""
        inputs = len(table.input_names)
        what = [f"{grouped(table.n_rows)} samples", f"{inputs} input" + ("" if inputs == 1 else "s")]
        if table.task == "regression":
            y = table.rows.y
            scaled = ", standardised:" if self._standardize_target.isChecked() else ""
            what.append(f"values of {self.columns.target}{scaled} {plain(float(y.min()))} … {plain(float(y.max()))}")
        else:
            what.append(f"{len(table.class_names)} classes: {', '.join(table.class_names)}")
        if inputs == 2:
            what.append("points of the plane, of which features can be made")
        left = int(self._sheet.missing_in([*self.columns.inputs, self.columns.target]).sum())
        if left:
            what.append(f"{grouped(left)} rows left out")
        if table.n_rows + left < self._sheet.count:
            what.append(f"chosen at random from {grouped(self._sheet.count)} rows")
        return " · ".join(what)


class _Preview(QAbstractTableModel):
    """The first rows of a sheet, as they are written."""

    def __init__(self, sheet: Sheet, parent: QWidget) -> None:
        super().__init__(parent)
        self._names, self._rows = sheet.names, sheet.head

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802 - Qt's signature
        """Not more than are shown."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802 - Qt's signature
        """Those of the file."""
        return 0 if parent.isValid() else len(self._names)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> object:  # noqa: N802
        """Names of the columns, and lines of the file."""
        if role != Role.DisplayRole:
            return None
        return self._names[section] if orientation == Qt.Orientation.Horizontal else str(self._rows[section].line)

    def data(self, index: Index, role: int = Role.DisplayRole) -> object:
        """What is written in a cell."""
        if role in (Role.DisplayRole, Role.ToolTipRole):
            return self._rows[index.row()].cells[index.column()][:1000]
        return None


def _box(text: str, name: str, tip: str) -> CheckBox:
    box = CheckBox(text)
    identify(box, name, text)
    box.setToolTip(tip)
    return box


def _found(sheet: Sheet) -> str:
    """How the file was understood."""
    comma = any(each.decimal_comma for each in sheet.columns)
    delimiter = _DELIMITERS.get(sheet.delimiter, f"“{sheet.delimiter}”")
    said = [f"{grouped(sheet.count)} rows", f"{grouped(len(sheet.columns))} columns"]
    if len(sheet.columns) > 1:
        said.append(f"separated by {delimiter}")
    said += ["decimal commas"] if comma else []
    said.append("names in the first line" if sheet.header else "no names of columns")
    return " · ".join(said)


def _why_so(free: bool, kind: str) -> str:
    if free:
        return "Whether its numbers stand for classes, or are values to come close to"
    return "Words are classes" if kind == "word" else f"More than {MAX_CLASSES} different numbers are values"
