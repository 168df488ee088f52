"""The choice of the plane on which samples of more than two inputs are seen, and of what the others are held at."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from playground.document import edits
from playground.document.document import Document
from playground.document.spec import Spec
from playground.engine.mirror import Mirror
from playground.ui.controls import ComboBox, PushButton, Slider, identify
from playground.ui.editing import EditingWidget
from playground.ui.number_entry import NumberField
from playground.ui.plots.parts import small_font
from playground.ui.quantity import Quantity
from playground.ui.text import grouped
from playground.ui.theme import SPACING_PX

MOST_INPUTS = 64
"""Of more inputs (pictures) none can be chosen: one pixel says nothing, and nobody finds it in a list."""
HEIGHT_PX, LEAST_ROWS = 120, 3
"""At most so high are the inputs that are held, and at least so many are seen: the others are scrolled to."""
_ROW_PX = 20
_NAME_PX = 104
_FIELD_PX = 60
_STEPS = 100
_MOST_DIGITS = 6

_COMPONENTS = "component 1 (PCA)", "component 2 (PCA)"


class Range(NamedTuple):
    """What the training samples say of one input."""

    stops: tuple[float, ...]
    """The values a slider offers, from the least to the greatest."""
    digits: int
    """So many decimals are enough."""


class AxisBox(ComboBox):
    """What one axis shows; where there is no room, components go by the shorter name they have at the plot."""

    def shown_text(self, width_px: int) -> str:
        """The whole name or, of a component, that without brackets."""
        text = self.currentText()
        if self.currentIndex() > 0 or self.fontMetrics().horizontalAdvance(text) <= width_px:
            return super().shown_text(width_px)
        return self.fontMetrics().elidedText(text.split(" (")[0], Qt.TextElideMode.ElideRight, width_px)


class CutBar(EditingWidget):
    """Two axes to choose, and a slider for each of the other inputs; seen only with more than two inputs."""

    def __init__(self, document: Document | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: tuple[str, ...] = ()
        self._mirror: Mirror | None = None
        self._inputs: np.ndarray | None = None
        self._ranges: list[Range] = []
        self._means: list[float] = []
        self._rows: list[_HeldRow] = []
        self._axes = self._axis("x"), self._axis("y")
        self._about = QLabel()
        self._about.setFont(small_font())
        self._about.setProperty("muted", True)
        self._reset = PushButton("Means")
        self._reset.setProperty("quiet", True)
        identify(self._reset, "cut-means", "Hold all inputs at their means")
        self._reset.setToolTip("Hold all inputs at their means")
        self._reset.clicked.connect(self._hold_means)
        self._held = QScrollArea()
        self._arrange()
        self.hide()
        if document is not None:
            self.bind(document)

    def follow(self, spec: Spec) -> None:
        """Show the plane of this spec."""
        names = spec.dataset.input_names
        shown = not spec.is_plane and len(names) > 2
        self.setVisible(shown)
        if not shown:
            return
        if names != self._names:
            self._names = names
            self._fill_axes()
            self._inputs, self._ranges = None, []
            self._remove_rows()
        for which, box in enumerate(self._axes):
            box.setCurrentIndex(0 if spec.cut.axes is None else 1 + spec.cut.axes[which])
        spanned = spec.cut.axes is not None
        self._about.setVisible(len(names) > MOST_INPUTS)
        self._reset.setVisible(spanned)
        self._reset.setEnabled(bool(spec.cut.held))
        self._held.setVisible(spanned)
        if spanned:
            self._show_held(spec)

    def set_mirror(self, mirror: Mirror) -> None:
        """Take over how far the samples reach."""
        self._mirror = mirror
        if self._document is not None:
            self.follow(self._document.spec)

    def _measure(self) -> None:
        """Look at the samples there are, unless they are those of before, or not yet those of this document."""
        mirror = self._mirror
        if mirror is None or mirror.spec.dataset.input_names != self._names or len(self._names) > MOST_INPUTS:
            return
        inputs = mirror.problem.train.inputs
        if inputs is self._inputs:
            return
        self._inputs = inputs
        self._means = inputs.mean(axis=0, dtype=float).tolist()
        ranges = [range_of(values) for values in inputs.T]
        if ranges != self._ranges:
            self._ranges = ranges
            self._remove_rows()

    def _arrange(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(SPACING_PX // 2)
        for name, box in zip("xy", self._axes, strict=True):
            label = QLabel(name)
            label.setProperty("muted", True)
            label.setBuddy(box)
            line.addWidget(label)
            line.addWidget(box, 1)
        line.addWidget(self._reset)
        self._held.setWidgetResizable(True)
        self._held.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._held.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._held.setMaximumHeight(HEIGHT_PX)
        identify(self._held, "cut-held", "Inputs that are held at a value")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, SPACING_PX // 2, 0, 0)
        column.setSpacing(SPACING_PX // 2)
        column.addLayout(line)
        column.addWidget(self._about)
        column.addWidget(self._held)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def _axis(self, name: str) -> AxisBox:
        box = AxisBox()
        identify(box, f"cut-{name}", f"What the {name} axis shows")
        which = "xy".index(name)
        box.activated.connect(lambda at: self._choose(which, None if at == 0 else at - 1))
        return box

    def _fill_axes(self) -> None:
        few = len(self._names) <= MOST_INPUTS
        too_many = f"{grouped(len(self._names))} inputs are too many to choose from"
        for box, component in zip(self._axes, _COMPONENTS, strict=True):
            box.clear()
            box.addItems([component, *(self._names if few else ())])
            box.setEnabled(few)
            box.setToolTip(f"{box.accessibleName()}: a principal component, or an input" if few else f"{too_many}.")
        self._about.setText("" if few else f"{too_many}: these are components")

    def _choose(self, which: int, index: int | None) -> None:
        """Both axes are inputs, and different ones, or both are components."""
        if self._document is None:
            return
        axes = self._document.spec.cut.axes
        if index is None:
            self.apply(edits.set_axes(None))
            return
        other = axes[1 - which] if axes is not None else int(index == 0)
        if other == index:
            other = axes[which] if axes is not None else int(index == 0)
        self.apply(edits.set_axes((index, other) if which == 0 else (other, index)))

    def _show_held(self, spec: Spec) -> None:
        self._measure()
        if len(self._ranges) != len(self._names):
            return  # The mirror of these data is on its way.
        if not self._rows:
            self._make_rows()
        held = dict(spec.cut.held)
        for index, row in enumerate(self._rows):
            row.setVisible(index not in (spec.cut.axes or ()))
            row.show_value(held.get(index, self._means[index]))

    def _make_rows(self) -> None:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, SPACING_PX, 0)
        column.setSpacing(0)
        for index, (name, reach) in enumerate(zip(self._names, self._ranges, strict=True)):
            row = _HeldRow(index, name, reach)
            row.edited.connect(lambda value, gesture, index=index: self._hold(index, value, gesture))
            row.rejected.connect(self.complain)
            column.addWidget(row)
            self._rows.append(row)
        column.addStretch(1)
        self._held.setWidget(content)
        n_held = len(self._rows) - 2
        self._held.setMinimumHeight(_ROW_PX * min(n_held, LEAST_ROWS) + 2)
        self._held.setMaximumHeight(min(HEIGHT_PX, _ROW_PX * n_held + 2))

    def _remove_rows(self) -> None:
        old = self._held.takeWidget()
        self._rows.clear()
        if old is not None:
            old.deleteLater()

    def _hold(self, index: int, value: float, gesture: object) -> None:
        self.apply(edits.hold_input(index, value), gesture)

    def _hold_means(self) -> None:
        if self._document is not None:
            gesture = object()
            for index, _ in self._document.spec.cut.held:
                self.apply(edits.hold_input(index, None), gesture)


class _HeldRow(QWidget):
    """An input that is held: its name, a slider over what the samples have of it, its value."""

    edited = Signal(float, object)
    """(value, gesture)"""
    rejected = Signal(str)

    def __init__(self, index: int, name: str, reach: Range) -> None:
        super().__init__()
        self._reach = reach
        stops = reach.stops
        self._quantity = Quantity(name, stops, stops[0], stops[-1])
        self._slider, self._field = Slider(), NumberField(self._quantity)
        self._slider.setRange(0, len(stops) - 1)
        identify(self._slider, f"cut-held-{index}", f"{name} is held at")
        identify(self._field, f"cut-held-{index}-value", f"{name} is held at, value")
        label = QLabel(name)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setText(label.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, _NAME_PX))
        label.setFixedWidth(_NAME_PX)
        self._field.setFixedSize(_FIELD_PX, _ROW_PX - 2)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACING_PX // 2)
        row.addWidget(label)
        row.addWidget(self._slider, 1)
        row.addWidget(self._field)
        self.setFixedHeight(_ROW_PX)
        self.setToolTip(f"The plane is cut where {name} has this value")
        self._slider.valueChanged.connect(lambda stop: self.edited.emit(stops[stop], self._slider.gesture))
        self._field.entered.connect(lambda value: self.edited.emit(value, None))
        self._field.rejected.connect(self.rejected)

    def show_value(self, value: float) -> None:
        """Show this value, in as many digits as matter."""
        self._field.show_value(round(value, self._reach.digits))
        self._slider.show_position(self._quantity.nearest_stop(value))


def range_of(values: np.ndarray) -> Range:
    """The stops of a slider for an input: its whole numbers if it has nothing else, or a hundred steps."""
    low, high = float(values.min()), float(values.max())
    if low == high:
        return Range((low,), _MOST_DIGITS)
    if high - low <= _STEPS and bool((values == np.floor(values)).all()):
        return Range(tuple(float(at) for at in range(int(low), int(high) + 1)), 2)
    # A step is written with one figure that counts; steps of whole numbers are written without decimals.
    digits = max(0, -math.floor(math.log10((high - low) / _STEPS)))
    stops = np.linspace(low, high, _STEPS + 1).round(digits)
    return Range(tuple(np.unique(stops).tolist()), digits)
