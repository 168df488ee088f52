"""The list of runs as a table that sorts: the present one first, then every run that is kept."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from playground.document.spec import Spec
from playground.keeping.compare import Difference, differing, short
from playground.keeping.runs import Run, Runs
from playground.ui.runs.signs import NOW_SIGN, Sign, free_slot, sign_of
from playground.ui.text import grouped, loss_text, percent, signed

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole

NOW = 0
"""In the place of a number: the present run."""
SHOWN, NAME, EPOCHS, TRAIN, TEST, SCORE, TIME, DIFFERS = range(8)
HEADS = ("", "Name", "Epochs", "Train", "Test", "Score", "Time", "Differs")
TIPS = (
    "Tick a run to see its curve",
    "What the run is called; F2 gives it another name",
    "How many epochs it was trained",
    "Loss on the training samples at its end",
    "Loss on the test samples at its end",
    "Test samples classified right, or R² where values are to be found",
    "How long it was trained",
    "What the run has otherwise than the present one",
)
_SPOKEN = ("", "name", "epochs", "training loss", "test loss", "test score", "training time", "differs from now in")
_SORTED = {Qt.SortOrder.AscendingOrder: " ▴", Qt.SortOrder.DescendingOrder: " ▾"}
_MOST_TICKED_ANEW = 5
"""A run that was just left is shown at once, unless so many are."""


class Row(NamedTuple):
    """What is said of a run."""

    number: int
    title: str
    spec: Spec
    epochs: int
    train_loss: float
    test_loss: float
    score: float
    seconds: float


class RunsModel(QAbstractTableModel):
    """What the list shows; the newest run first, unless it is sorted by a column.

    Parameters
    ----------
    runs
        The runs that are kept.
    present
        Tells of the present run.
    """

    ticked_changed = Signal()
    """Others are shown, or in other colours."""

    def __init__(self, runs: Runs, present: Callable[[], Row]) -> None:
        super().__init__()
        self._runs, self._present = runs, present
        self._slots: dict[int, int] = {}
        """By the number of a run that is shown: its place among them, which gives its colour."""
        self._shows_now = True
        self._sorting = -1, Qt.SortOrder.AscendingOrder
        self._rows: list[Row] = []
        self._said: dict[int, list[Difference]] = {}
        """By number: what a run differs in from the present settings, once somebody has asked."""
        self._newest = runs.next_number - 1
        self._take()

    # -- runs -------------------------------------------------------------------------------------

    @property
    def numbers(self) -> list[int]:
        """Of the rows, from above; `NOW` first."""
        return [row.number for row in self._rows]

    @property
    def present(self) -> Row:
        """What was last said of the present run."""
        return self._rows[0]

    @property
    def ticked(self) -> list[int]:
        """Numbers of the runs that are shown, in the order of the list."""
        return [number for number in self.numbers if self.is_ticked(number)]

    def is_ticked(self, number: int) -> bool:
        """Whether the curve of a run is shown."""
        return self._shows_now if number == NOW else number in self._slots

    def sign(self, number: int) -> Sign:
        """How the curve of a run is drawn that is shown."""
        return NOW_SIGN if number == NOW else sign_of(self._slots[number])

    def tick(self, numbers: list[int], on: bool) -> None:
        """Show runs, or do not."""
        for number in numbers:
            if number == NOW:
                self._shows_now = on
            elif not on:
                self._slots.pop(number, None)
            elif number not in self._slots:
                self._slots[number] = free_slot(self._slots.values())
        self._tell_column(SHOWN)
        self.ticked_changed.emit()

    def follow_runs(self) -> None:
        """Other runs are kept."""
        self.beginResetModel()
        present = {run.number for run in self._runs.all}
        self._slots = {number: slot for number, slot in self._slots.items() if number in present}
        for number in sorted(present):
            if number > self._newest and len(self._slots) < _MOST_TICKED_ANEW:
                self._slots[number] = free_slot(self._slots.values())
        self._newest = self._runs.next_number - 1
        self._said.clear()
        self._take()
        self.endResetModel()
        self.ticked_changed.emit()

    def follow_spec(self) -> None:
        """The present settings have changed."""
        self._rows[0] = self._present()
        self._said.clear()
        self._tell_column(DIFFERS)

    def refresh(self) -> None:
        """Say how the present run stands."""
        row = self._present()
        if row != self._rows[0]:
            self._rows[0] = row
            for column in range(EPOCHS, DIFFERS):  # one by one: of a range, Qt paints the whole list anew
                self.dataChanged.emit(self.index(0, column), self.index(0, column))

    def lines(self, number: int) -> list[str]:
        """What a run differs in from the present settings."""
        return [str(each) for each in self._differing(number)]

    def _differing(self, number: int) -> list[Difference]:
        if number not in self._said:
            row = self._rows[self.numbers.index(number)]
            self._said[number] = differing(self._rows[0].spec, row.spec)
        return self._said[number]

    # -- the table --------------------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802 - Qt's signature
        """One for each run, and the present one."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802 - Qt's signature
        """What is said of each."""
        return 0 if parent.isValid() else len(HEADS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> object:  # noqa: N802
        """What the columns mean."""
        if orientation == Qt.Orientation.Horizontal:
            if role == Role.DisplayRole:
                return HEADS[section] + (_SORTED[self._sorting[1]] if section == self._sorting[0] else "")
            if role == Role.ToolTipRole:
                return TIPS[section]
            if role == Role.AccessibleTextRole:
                return _SPOKEN[section] or "shown"
        if role == Role.TextAlignmentRole:
            return _alignment(section)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Names can be edited, curves be ticked."""
        flags = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemNeverHasChildren
        if index.column() == SHOWN:
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        if index.column() == NAME and self._rows[index.row()].number != NOW:
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def data(self, index: Index, role: int = Role.DisplayRole) -> object:
        """What stands in a cell, and what is said of it."""
        row, place = self._rows[index.row()], index.column()
        if role in (Role.DisplayRole, Role.EditRole):
            return self._text(row, place)
        if role == Role.CheckStateRole and place == SHOWN:
            return Qt.CheckState.Checked if self.is_ticked(row.number) else Qt.CheckState.Unchecked
        if role == Role.TextAlignmentRole:
            return _alignment(place)
        if role == Role.ToolTipRole:
            return self._tip(row, place)
        if role == Role.AccessibleTextRole:
            shown = "curve shown" if self.is_ticked(row.number) else "curve hidden"
            said = shown if place == SHOWN else f"{_SPOKEN[place]} {self._text(row, place)}"
            return f"{row.title}, {said}" if place != NAME else row.title
        return None

    def setData(self, index: Index, value: object, role: int = Role.EditRole) -> bool:  # noqa: N802 - Qt's name
        """Call a run something else, or show its curve."""
        number = self._rows[index.row()].number
        if role == Role.CheckStateRole:
            self.tick([number], Qt.CheckState(value) == Qt.CheckState.Checked)
            return True
        if role == Role.EditRole and number != NOW:
            self._runs.rename(number, str(value))
            return True
        return False

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column, or (-1) by age; the present run stays first."""
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        numbers = [self._rows[index.row()].number for index in before]
        self._sorting = column, order
        self._take()
        places = {number: place for place, number in enumerate(self.numbers)}
        after = [self.index(places[number], i.column()) for number, i in zip(numbers, before, strict=True)]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(HEADS) - 1)

    # ---------------------------------------------------------------------------------------------

    def _take(self) -> None:
        """Make the rows anew, in order."""
        rows = [self._present(), *map(row_of, self._runs.all)]
        self._rows = rows
        column, order = self._sorting
        keys = {row.number: self._key(row, column) for row in rows[1:]}
        falling = order == Qt.SortOrder.DescendingOrder
        known = sorted((row for row in rows[1:] if keys[row.number] is not None), key=_by(keys), reverse=falling)
        self._rows = [rows[0], *known, *(row for row in rows[1:] if keys[row.number] is None)]

    def _key(self, row: Row, column: int) -> tuple | None:
        """What a row is sorted by; None stands last in either order."""
        if column < 0:
            return (-row.number,)
        if column == SHOWN:
            return (not self.is_ticked(row.number), row.number)
        if column == NAME:
            return ("run" if row.title == f"Run {row.number}" else row.title.casefold(), row.number)
        if column == DIFFERS:
            lines = self.lines(row.number)
            return (len(lines), lines, row.number)
        value = (row.epochs, row.train_loss, row.test_loss, row.score, row.seconds)[column - EPOCHS]
        return None if math.isnan(value) else (value, row.number)

    def _text(self, row: Row, place: int) -> str:
        if place == NAME:
            return row.title
        if place == EPOCHS:
            return grouped(row.epochs)
        if place in (TRAIN, TEST):
            loss = row.train_loss if place == TRAIN else row.test_loss
            return "–" if math.isnan(loss) else loss_text(loss)
        if place == SCORE:
            return score_text(row)
        if place == TIME:
            return time_text(row.seconds)
        if place == DIFFERS:
            return "" if row.number == NOW else self._brief(row.number)
        return ""

    def _brief(self, number: int) -> str:
        """What a run has otherwise than the present one, in the room of a column."""
        return short([each.brief for each in self._differing(number)], "nothing")

    def _tip(self, row: Row, place: int) -> str:
        if place == SHOWN:
            return "Hide its curve" if self.is_ticked(row.number) else "Show its curve"
        if row.number == NOW:
            return "The run that is under way"
        run = self._runs.by_number(row.number)
        if place == DIFFERS:
            return "\n".join(self.lines(row.number)) or "The present settings are the same"
        if run is None or place != NAME:
            return ""
        return "\n".join(told(run, self._runs))

    def _tell_column(self, column: int) -> None:
        self.dataChanged.emit(self.index(0, column), self.index(len(self._rows) - 1, column))


def row_of(run: Run) -> Row:
    """What the list says of a run that is kept."""
    stand = run.stand
    losses = stand.train_loss, stand.test_loss
    return Row(run.number, run.title, run.spec, stand.epochs, *losses, stand.test_score, stand.seconds)


def told(run: Run, runs: Runs) -> list[str]:
    """What there is to know of a run beside its settings: where it came from, what was changed on the way."""
    lines = []
    if run.parent is not None:
        parent = runs.by_number(run.parent)
        lines.append(f"Went on from {parent.title if parent is not None else f'Run {run.parent}, which was removed'}")
    lines += [f"Epoch {grouped(change.epoch)}: {change.label}" for change in run.changes]
    if not run.is_whole:
        lines.append("Weights only: going on from it begins with a fresh optimizer")
    return lines


def score_text(row: Row) -> str:
    """The score of a run: per cent of samples, or R²."""
    if math.isnan(row.score):
        return "–"
    return signed(row.score, 3) if row.spec.dataset.task == "regression" else percent(row.score)


def time_text(seconds: float) -> str:
    """How long something took: "0.4 s", "12 s", "3:05", "1.5 h"."""
    if math.isnan(seconds):
        return "–"
    if seconds < 60:
        return f"{seconds:.1f} s" if seconds < 9.95 else f"{seconds:.0f} s"
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}:{rest:02}" if minutes < 60 else f"{seconds / 3600:.1f} h"


def _by(keys: dict[int, tuple | None]) -> Callable[[Row], tuple]:
    return lambda row: keys[row.number] or ()


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if EPOCHS <= column <= TIME else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
