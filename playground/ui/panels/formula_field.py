"""The field in which an input feature is written as a formula, and looked at before it is added."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QWidget

import nncore as nn
from nncore.formula import EXAMPLE, FUNCTIONS, LONGEST, FormulaError
from playground.ui.controls import PushButton, identify
from playground.ui.panels.formula_card import FormulaCard
from playground.ui.text import sentence
from playground.ui.theme import SPACING_PX, Theme

PAUSE_MS = 500
"""Who has not typed for so long may be told what is wrong."""
_TICKS = 41
"""Points of the picture along each axis; an odd number, to meet the poles on the axes."""
_TIP = f"A formula in x1 and x2, such as {EXAMPLE}; Enter adds it.\nIt may use {', '.join(FUNCTIONS)}, pi and e"
_GAPS = "No value at some points: counts as 0 there."


class FormulaField(QWidget):
    """Takes a formula; while one types, a card shows its values on the plane, or says what is wrong.

    Parameters
    ----------
    refusal
        Why the network cannot be given a feature in the place of another one ("" for none); None if it can.
    """

    accepted = Signal(str, str)
    """A formula, and the one that it takes the place of, or ""."""
    left = Signal()
    """The user is done with the formula that was in the field."""

    def __init__(self, refusal: Callable[[nn.Feature, str], str | None]) -> None:
        super().__init__()
        self._refusal = refusal
        self._replaced = ""
        self._grid = _plane(-6, 6)
        self._line = _Line()
        self._line.setPlaceholderText(EXAMPLE)
        self._line.setMaxLength(LONGEST)
        self._line.setToolTip(_TIP)
        identify(self._line, "formula", "Formula of a further input feature")
        self.add = PushButton("Add")
        self._card = FormulaCard(self)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._blame)
        self._line.textChanged.connect(self._look)
        self._line.focused.connect(self._look)
        self._line.returnPressed.connect(self._take)
        self._line.escaped.connect(self._escape)
        self.add.clicked.connect(self._take)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACING_PX // 2)
        row.addWidget(self._line, 1)
        row.addWidget(self.add)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.clear()

    @property
    def replaced(self) -> str:
        """The formula that is being changed, or ""."""
        return self._replaced

    def set_theme(self, theme: Theme) -> None:
        """Use these colours."""
        self._card.set_theme(theme)
        self.setStyleSheet(f'QLineEdit[wrong="true"] {{ border-color: {theme.danger}; }}')

    def set_domain(self, low: float, high: float) -> None:
        """Show formulas between these coordinates."""
        self._grid = _plane(low, high)

    def change(self, formula: str) -> None:
        """Put a formula into the field, to be changed."""
        self._replaced = formula
        self._line.setText(formula)
        self._line.setFocus(Qt.FocusReason.OtherFocusReason)
        self._name()

    def clear(self) -> None:
        """Be ready for another formula."""
        self._replaced = ""
        self._line.clear()
        self._look()
        self._name()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The card has the width of the field."""
        self._look()

    def _look(self) -> None:
        """Show what is typed if it is a formula; if not, say so after a pause."""
        self._pause.stop()
        self._mark(wrong=False)
        if not (self._line.text().strip() and self._line.hasFocus()):
            self._card.hide()
            return
        feature = self._read()
        if isinstance(feature, FormulaError):
            self._card.say_nothing()
            self._pause.start()
            return
        refusal = self._refusal(feature, self._replaced)
        about = sentence(refusal) if refusal else _GAPS if feature.has_gaps(self._grid) else feature.label
        self._card.show_feature(_map_of(feature, self._grid), about, wrong=refusal is not None)
        self._mark(wrong=refusal is not None)

    def _blame(self) -> None:
        """Say what is wrong with what is typed."""
        error = self._read()
        if isinstance(error, FormulaError):
            # The list of all names that are possible stands in the tooltip.
            self._card.show_error(sentence(str(error).partition("; possible:")[0]))
            self._mark(wrong=True)

    def _take(self) -> None:
        """Hand the formula over, or show at once where it is wrong."""
        feature = self._read()
        self._line.setFocus(Qt.FocusReason.OtherFocusReason)
        if isinstance(feature, FormulaError):
            self._blame()
            self._line.setCursorPosition(min(feature.position - 1, len(self._line.text())))
        elif self._refusal(feature, self._replaced) is None:
            replaced = self._replaced
            self.clear()
            self.left.emit()
            self.accepted.emit(feature.text, replaced)

    def _escape(self) -> None:
        """Forget what is typed; with nothing there, give the keys back."""
        if self._line.text():
            self.clear()
            self.left.emit()
        else:
            self.window().setFocus(Qt.FocusReason.OtherFocusReason)

    def _read(self) -> nn.Feature | FormulaError:
        try:
            return nn.feature(self._line.text())
        except FormulaError as error:
            return error

    def _mark(self, wrong: bool) -> None:
        """Show at the line whether its text is wrong."""
        self._line.setAccessibleDescription(self._card.text if wrong else "")
        if self._line.property("wrong") != wrong:
            self._line.setProperty("wrong", wrong)
            self._line.style().polish(self._line)

    def _name(self) -> None:
        what = "Change" if self._replaced else "Add"
        self.add.setText(what)
        self.add.setToolTip(f"{what} this input feature (Enter)")
        identify(self.add, "formula-add", f"{what} the formula")


class _Line(QLineEdit):
    """Tells of Escape, and of the focus that comes or goes."""

    escaped = Signal()
    focused = Signal()

    def minimumSizeHint(self) -> QSize:
        """Narrow: what is longer scrolls."""
        return QSize(80, super().minimumSizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focused.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.focused.emit()


def _plane(low: float, high: float) -> np.ndarray:
    """(_TICKS², 2): points of the plane, row by row from the bottom."""
    ticks = np.linspace(low, high, _TICKS)
    return np.stack(np.meshgrid(ticks, ticks), axis=-1).reshape(-1, 2)


def _map_of(feature: nn.Feature, grid: np.ndarray) -> np.ndarray:
    """(_TICKS, _TICKS): its values, by their greatest magnitude, as the canvas shows those of inputs."""
    values = feature(*grid.T).reshape(_TICKS, _TICKS)
    return values / (float(np.abs(values).max()) or 1.0)
