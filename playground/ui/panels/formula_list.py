"""The formulas that are inputs: two beside each other, in as many rows as it takes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QSizePolicy, QWidget

import nncore as nn
from playground.ui.controls import PushButton, ToolButton, identify
from playground.ui.theme import SPACING_PX

_COLUMNS = 2
_MOST_ROWS = 4
"""More rows than these are scrolled to, as high as the panel may be."""
_ROW_PX = 22
_GAP_PX = SPACING_PX // 2
_SCROLL_BAR_PX = 8


class FormulaList(QScrollArea):
    """A chip for each formula. One row always has its place: the panel must not grow while somebody adds one.

    Parameters
    ----------
    before
        The control from which Tab leads to the first of them; in the same window.
    """

    removed = Signal(str)
    """A formula is to be switched off."""
    chosen = Signal(str)
    """A formula is to be changed."""

    def __init__(self, before: QWidget) -> None:
        super().__init__()
        self._before = before
        self.setObjectName("formulas")
        self.setAccessibleName("Formulas")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidgetResizable(True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.verticalScrollBar().setStyleSheet(f"QScrollBar {{ width: {_SCROLL_BAR_PX}px; }}")
        self.verticalScrollBar().rangeChanged.connect(self._scroll_to_new)
        self._formulas: tuple[str, ...] = ()
        self._has_new = False
        self.chips: list[FormulaChip] = []
        self._content = QWidget()
        self._grid = QGridLayout(self._content)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(_GAP_PX)
        self._grid.setAlignment(Qt.AlignmentFlag.AlignTop)
        for column in range(_COLUMNS):
            self._grid.setColumnStretch(column, 1)
        self.setWidget(self._content)

    def sizeHint(self) -> QSize:
        """All rows, but not too many."""
        rows = min(max(1, -(-len(self.chips) // _COLUMNS)), _MOST_ROWS)
        return QSize(self.minimumSizeHint().width(), rows * (_ROW_PX + _GAP_PX) - _GAP_PX)

    def minimumSizeHint(self) -> QSize:
        """One row, whether there is a formula or not."""
        return QSize(self._content.minimumSizeHint().width() + _SCROLL_BAR_PX, _ROW_PX)

    def show_formulas(self, formulas: tuple[str, ...], possible: bool) -> None:
        """Show these, or (not `possible`) that nothing can be chosen here; the focus stays where it was in the list."""
        self._content.setEnabled(possible)
        if formulas == self._formulas:
            return
        self._has_new = len(formulas) > len(self._formulas)
        self._formulas = formulas
        focused = next((index for index, chip in enumerate(self.chips) if chip.has_focus), None)
        self._show_chips(formulas)
        if focused is not None and self.chips:
            self.chips[min(focused, len(self.chips) - 1)].focus()
        self.updateGeometry()

    def mark(self, formula: str) -> None:
        """Mark the formula that is being changed, or (with "") none."""
        for chip in self.chips:
            chip.mark(chip.formula == formula)

    def _show_chips(self, formulas: Sequence[str]) -> None:
        for chip in self.chips:
            chip.setParent(None)  # gone at once: its place and its names are those of another one now
            chip.deleteLater()
        self.chips = [FormulaChip(formula, index) for index, formula in enumerate(formulas)]
        for index, chip in enumerate(self.chips):
            chip.chosen.connect(self.chosen)
            chip.removed.connect(self.removed)
            self._grid.addWidget(chip, *divmod(index, _COLUMNS))
        controls = [self._before, *(control for chip in self.chips for control in chip.controls)]
        for left, right in pairwise(controls):  # Qt takes what is new for the last of the window
            self.setTabOrder(left, right)

    def _scroll_to_new(self, least: int, most: int) -> None:
        """A formula was added, which is the last one, and now has its place."""
        if self._has_new:
            self._has_new = False
            self.verticalScrollBar().setValue(most)


class FormulaChip(QWidget):
    """One formula: a button with its label, and a cross."""

    chosen = Signal(str)
    removed = Signal(str)

    def __init__(self, formula: str, index: int) -> None:
        super().__init__()
        self.formula, self._label = formula, nn.feature(formula).label
        self._button = PushButton()
        for role in ("toggle", "segment"):
            self._button.setProperty(role, True)
        self._button.setCheckable(True)
        self._button.setChecked(True)
        self._button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._button.setToolTip(f"{self._label}\nA click or Enter changes it, Delete removes it")
        identify(self._button, f"formula-{index}", f"Change the formula {self._label}")
        self._button.clicked.connect(lambda: self.chosen.emit(self.formula))
        self._cross = ToolButton()
        self._cross.setText("×")
        self._cross.setFixedSize(18, _ROW_PX)
        self._cross.setToolTip(f"Remove {self._label}")
        identify(self._cross, f"formula-{index}-remove", f"Remove the formula {self._label}")
        self._cross.clicked.connect(lambda: self.removed.emit(self.formula))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._button, 1)
        row.addWidget(self._cross)

    @property
    def controls(self) -> tuple[QWidget, QWidget]:
        """What can have the focus, in reading order."""
        return self._button, self._cross

    @property
    def has_focus(self) -> bool:
        """Whether one of its buttons has the keyboard."""
        return any(control.hasFocus() for control in self.controls)

    def focus(self) -> None:
        """Take the keyboard."""
        self._button.setFocus(Qt.FocusReason.OtherFocusReason)

    def mark(self, changing: bool) -> None:
        """Show whether it is being changed: then it is as good as switched off."""
        self._button.setChecked(not changing)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete removes it."""
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit(self.formula)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shorten the label to what there is room for."""
        room = self.width() - self._cross.width() - SPACING_PX - 4
        self._button.setText(self._button.fontMetrics().elidedText(self._label, Qt.TextElideMode.ElideMiddle, room))
