"""The input features to choose from: a switch for every one that has a name, and behind them the formulas there are."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QSizePolicy, QWidget

import nncore as nn
from playground.ui.controls import PushButton, ToolButton, identify
from playground.ui.fonts import strong_font
from playground.ui.theme import SPACING_PX

_COLUMNS = 5
_LEAST_WIDE = 2
"""A formula takes at least so many columns: what is left of a row, or a whole one."""
_MOST_ROWS = 6
"""More rows than these are scrolled to, as high as the panel may be."""
_GAP_PX = SPACING_PX // 2


class FeatureGrid(QScrollArea):
    """Rows of features. It is never lower than the switches are, and scrolls to formulas where it is not higher."""

    toggled = Signal(str)
    """A feature, by name or as a formula, is to be switched on or off."""
    chosen = Signal(str)
    """A formula is to be changed."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("features")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidgetResizable(True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.verticalScrollBar().rangeChanged.connect(self._scroll_to_new)
        self._formulas: tuple[str, ...] = ()
        self._has_new = False
        self.chips: list[FormulaChip] = []
        self._content = QWidget()
        self._grid = QGridLayout(self._content)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(_GAP_PX)
        for column in range(_COLUMNS):
            self._grid.setColumnStretch(column, 1)
        self.switches = {name: self._switch(name) for name in nn.Feature.names()}
        for index, switch in enumerate(self.switches.values()):
            self._grid.addWidget(switch, *divmod(index, _COLUMNS))
        self.setWidget(self._content)

    def sizeHint(self) -> QSize:
        """All rows, but not too many."""
        return QSize(
            _COLUMNS * 38 + (_COLUMNS - 1) * _GAP_PX, self._height_px(min(_rows_of(self._content), _MOST_ROWS))
        )

    def minimumSizeHint(self) -> QSize:
        """The rows of switches, however many formulas there are: the panel must not grow while one adds some."""
        margins_px = 10  # of a scroll bar
        return QSize(self._content.minimumSizeHint().width() + margins_px, self._height_px(self._switch_rows))

    def show_features(self, features: Sequence[str], possible: bool) -> None:
        """Show these as switched on, or (not `possible`) that nothing can be chosen here."""
        for name, switch in self.switches.items():
            switch.setChecked(possible and name in features)
        self._show_formulas(tuple(name for name in features if name not in self.switches))
        self._content.setEnabled(possible)

    def mark(self, formula: str) -> None:
        """Mark the formula that is being changed, or (with "") none."""
        for chip in self.chips:
            chip.mark(chip.formula == formula)

    def _show_formulas(self, formulas: tuple[str, ...]) -> None:
        """Show these; the focus stays where it was in the list."""
        if formulas == self._formulas:
            return
        self._has_new = len(formulas) > len(self._formulas)
        self._formulas = formulas
        focused = next((index for index, chip in enumerate(self.chips) if chip.has_focus), None)
        for chip in self.chips:
            chip.setParent(None)  # gone at once: its place and its names are those of another one now
            chip.deleteLater()
        self.chips = [FormulaChip(formula, index) for index, formula in enumerate(formulas)]
        for index, chip in enumerate(self.chips):
            chip.chosen.connect(self.chosen)
            chip.removed.connect(self.toggled)
            self._grid.addWidget(chip, *_place_of(index, len(self.switches)))
        if focused is not None and self.chips:
            self.chips[min(focused, len(self.chips) - 1)].focus()
        self.updateGeometry()

    def _scroll_to_new(self, least: int, most: int) -> None:
        """A formula was added, which is the last one, and now has its place."""
        if self._has_new:
            self._has_new = False
            self.verticalScrollBar().setValue(most)

    @property
    def _switch_rows(self) -> int:
        return -(-len(self.switches) // _COLUMNS)

    def _height_px(self, rows: int) -> int:
        row_px = max(switch.sizeHint().height() for switch in self.switches.values())
        return rows * (row_px + _GAP_PX) - _GAP_PX

    def _switch(self, name: str) -> PushButton:
        label = nn.Feature.named(name).label
        switch = PushButton(label)
        switch.setProperty("toggle", True)
        switch.setCheckable(True)
        switch.setFont(strong_font())
        switch.setMinimumWidth(34)
        switch.setToolTip(f"Give the network {label} as an input")
        identify(switch, f"feature-{name.replace('_', '-')}", f"Input feature {label}")
        switch.clicked.connect(lambda: self.toggled.emit(name))
        return switch


class FormulaChip(QWidget):
    """One formula: a button with its label, and a cross."""

    chosen = Signal(str)
    removed = Signal(str)

    def __init__(self, formula: str, index: int) -> None:
        super().__init__()
        self.formula, self._label = formula, nn.feature(formula).label
        self._button = PushButton()
        self._button.setProperty("toggle", True)
        self._button.setCheckable(True)
        self._button.setChecked(True)
        self._button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._button.setToolTip(f"{self._label}\nA click or Enter changes it, Delete removes it")
        identify(self._button, f"formula-{index}", f"Change the formula {self._label}")
        self._button.clicked.connect(lambda: self.chosen.emit(self.formula))
        self._cross = ToolButton()
        self._cross.setText("×")
        self._cross.setFixedSize(22, 22)
        self._cross.setToolTip(f"Remove {self._label}")
        identify(self._cross, f"formula-{index}-remove", f"Remove the formula {self._label}")
        self._cross.clicked.connect(lambda: self.removed.emit(self.formula))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        row.addWidget(self._button, 1)
        row.addWidget(self._cross)

    @property
    def has_focus(self) -> bool:
        """Whether one of its buttons has the keyboard."""
        return self._button.hasFocus() or self._cross.hasFocus()

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
        room = self.width() - self._cross.width() - 2 * SPACING_PX - 2
        self._button.setText(self._button.fontMetrics().elidedText(self._label, Qt.TextElideMode.ElideMiddle, room))


def _place_of(index: int, switches: int) -> tuple[int, int, int, int]:
    """Row, column, rows and columns of a formula: the first fills the last row of switches, if there is room."""
    rows, used = divmod(switches, _COLUMNS)
    left = _COLUMNS - used
    if used and left >= _LEAST_WIDE:
        return (rows, used, 1, left) if index == 0 else (rows + index, 0, 1, _COLUMNS)
    return rows + bool(used) + index, 0, 1, _COLUMNS


def _rows_of(content: QWidget) -> int:
    """How many rows have something in them; a grid never forgets those that had."""
    grid = content.layout()
    assert isinstance(grid, QGridLayout)
    places = [grid.getItemPosition(index) for index in range(grid.count())]
    return 1 + max(row for row, *_ in places)  # type: ignore[misc]  # the stubs say object
