"""The incoming weights of a neuron, one row each. Only those that are seen are widgets: 500 cost no more than 5."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QFrame, QHBoxLayout, QLabel, QWidget

from playground.ui.controls import identify
from playground.ui.inspect.values import SignedSlider, limit_for, show_live, value_quantity
from playground.ui.number_entry import NumberField
from playground.ui.theme import DARK, Theme

ROW_PX = 24
FIELD_PX = 58
_NAME_PX = (32, 96)
"""Least and most room for a name."""


class WeightRow(QWidget):
    """A name, a slider and a number."""

    moved = Signal(int, float, object)
    """(index, value, gesture): what the user set; the gesture is None if it was typed."""
    rejected = Signal(str)

    def __init__(self, place: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._place, self._index = place, 0
        self._label = QLabel()
        self.slider = SignedSlider()
        self.field = NumberField(value_quantity("Weight"))
        self.field.setFixedSize(FIELD_PX, 20)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 4, 0)
        row.addWidget(self._label)
        row.addWidget(self.slider, 1)
        row.addWidget(self.field)
        self.slider.slid.connect(lambda value, gesture: self.moved.emit(self._index, value, gesture))
        self.field.entered.connect(lambda value: self.moved.emit(self._index, value, None))
        self.field.rejected.connect(self.rejected)

    def stand_for(self, index: int, text: str, spoken: str, name_px: int) -> None:
        """Show the weight of this index, which is called `text` and, in full, `spoken`."""
        self._index = index
        self.field.setModified(False)
        metrics = QFontMetrics(self._label.font())
        self._label.setText(metrics.elidedText(text, Qt.TextElideMode.ElideRight, name_px))
        self._label.setFixedWidth(name_px)
        self._label.setToolTip(spoken)
        identify(self.slider, f"inspector-weight-{self._place}", spoken)
        identify(self.field, f"inspector-weight-{self._place}-value", f"{spoken}, value")
        self.slider.setToolTip(f"{spoken}\nDrag, or use the arrow keys. It goes on learning from there")
        self.field.setToolTip(f"{spoken}\nType a number, Enter sets it")

    def show_value(self, value: float, limit: float) -> None:
        """Show the newest value."""
        self.slider.show_live(value, limit)
        show_live(self.field, value)


class WeightRows(QAbstractScrollArea):
    """A list of values that scrolls by rows."""

    moved = Signal(int, float, object)
    """(index, value, gesture)"""
    message = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._theme = DARK
        self._names: Sequence[str] = ()
        self._spoken: Callable[[int], str] = str
        self._values = np.zeros(0)
        self._limit = 0.0
        self._name_px = _NAME_PX[0]
        self._rows: list[WeightRow] = []
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setAutoFillBackground(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        identify(self, "inspector-weights", "Incoming weights")
        self.verticalScrollBar().valueChanged.connect(self._scroll)

    @property
    def rows(self) -> list[WeightRow]:
        """The rows that are seen, from the top."""
        return [row for row in self._rows if not row.isHidden()]

    @property
    def first(self) -> int:
        """The index of the value in the first row."""
        return self.verticalScrollBar().value()

    def set_theme(self, theme: Theme) -> None:
        """Use these colours."""
        self._theme = theme
        for row in self._rows:
            row.slider.set_theme(theme)

    def show_names(self, names: Sequence[str], spoken: Callable[[int], str]) -> None:
        """List values of these names; `spoken` says in full what the value of an index is."""
        self._names, self._spoken, self._limit = names, spoken, 0.0
        metrics = QFontMetrics(self.font())
        widest = max((metrics.horizontalAdvance(name) for name in names[:1000]), default=0) + 4
        self._name_px = min(max(widest, _NAME_PX[0]), _NAME_PX[1])
        self._arrange()
        self.verticalScrollBar().setValue(0)

    def show_values(self, values: np.ndarray) -> None:
        """Show the newest values, one per name."""
        self._values = values
        # It only grows: a scale that follows every step would move the handles of values that stand still.
        self._limit = max(self._limit, limit_for(values))
        for place, row in enumerate(self.rows):
            row.show_value(float(values[self.first + place]), self._limit)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as many rows as there is room for."""
        self._arrange()

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: N802 - Qt's name
        """Tab goes through all values: from the last row that is seen to the one below."""
        bar, rows = self.verticalScrollBar(), self.rows
        edge = (rows[-1].field if forward else rows[0].slider) if rows else None
        at_end = bar.value() == (bar.maximum() if forward else bar.minimum())
        if edge is None or QApplication.focusWidget() is not edge or at_end:
            return super().focusNextPrevChild(forward)
        bar.setValue(bar.value() + (1 if forward else -1))
        target = rows[-1].slider if forward else rows[0].field
        target.setFocus(Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason)
        return True

    def _arrange(self) -> None:
        """Have as many rows as are seen, and put them in their places."""
        width, height = self.viewport().width(), self.viewport().height()
        fitting = max(1, height // ROW_PX)
        seen = min(fitting, len(self._names))
        bar = self.verticalScrollBar()
        bar.setRange(0, len(self._names) - seen)
        bar.setPageStep(seen)
        while len(self._rows) < seen:
            self._rows.append(self._new_row(len(self._rows)))
        for place, row in enumerate(self._rows):
            row.setGeometry(0, place * ROW_PX, width, ROW_PX)
            row.setVisible(place < seen)
        self._name_rows()

    def _new_row(self, place: int) -> WeightRow:
        row = WeightRow(place, self.viewport())
        row.slider.set_theme(self._theme)
        row.moved.connect(self.moved)
        row.rejected.connect(self.message)
        return row

    def _scroll(self) -> None:
        """Let every row stand for another value; what was being typed is for the one it was typed at."""
        for row in self.rows:
            if row.field.hasFocus():
                self.window().setFocus(Qt.FocusReason.OtherFocusReason)
        self._name_rows()

    def _name_rows(self) -> None:
        for place, row in enumerate(self.rows):
            index = self.first + place
            row.stand_for(index, self._names[index], self._spoken(index), self._name_px)
            if index < len(self._values):
                row.show_value(float(self._values[index]), self._limit or limit_for(self._values))
