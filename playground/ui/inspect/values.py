"""Weights and biases under the hand: how one is written and typed, slid, and set in the document."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QStyle, QStyleOptionSlider, QWidget

from playground.document import edits
from playground.document.document import Document
from playground.ui.controls import Slider
from playground.ui.editing import apply_edit
from playground.ui.number_entry import NumberField
from playground.ui.quantity import Quantity
from playground.ui.text import plain, signed
from playground.ui.theme import DARK, Theme

USUAL_LIMIT = 5.0
"""Where a slider ends, unless a value lies further out."""
LARGEST = 1000.0
"""The largest value that can be typed."""
_STEPS = 1000
"""Positions of a slider on either side of zero."""


@dataclass(frozen=True)
class ValueQuantity(Quantity):
    """A weight or a bias, with three decimals while it is small enough for them to matter."""

    def show(self, value: float) -> str:
        return signed(value, 3) if abs(value) < 100 or math.isnan(value) else plain(value, 5)


def value_quantity(label: str) -> ValueQuantity:
    """The values that a weight or a bias can be given."""
    return ValueQuantity(label, (), low=-LARGEST, high=LARGEST)


def limit_for(values: np.ndarray | Sequence[float]) -> float:
    """Where sliders have to end to show all of these values, with room to go on."""
    magnitudes = np.abs(np.asarray(values, float))
    peak = magnitudes[np.isfinite(magnitudes)].max(initial=0.0)
    return USUAL_LIMIT if peak <= USUAL_LIMIT else min(LARGEST, float(math.ceil(1.25 * peak)))


def show_live(field: NumberField, value: float) -> None:
    """Show the newest value, unless another one is being typed; a selection stays, to be typed over."""
    if field.isModified():
        return
    selected = field.hasSelectedText()
    field.show_value(value)
    if selected:
        field.selectAll()


class SignedSlider(Slider):
    """A slider from −limit to +limit, filled from zero on in the colour of the sign."""

    slid = Signal(float, object)
    """(value, gesture): where the user put it, and the object that marks edits that belong together."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._limit = DARK, USUAL_LIMIT
        self.setRange(-_STEPS, _STEPS)
        self.setSingleStep(_STEPS // 50)
        self.setPageStep(_STEPS // 5)
        self.valueChanged.connect(lambda at: self.slid.emit(at * self._limit / _STEPS, self.gesture))

    def set_theme(self, theme: Theme) -> None:
        """Use these colours."""
        self._theme = theme
        self.update()

    @property
    def limit(self) -> float:
        """The value at its right end."""
        return self._limit

    def show_live(self, value: float, limit: float) -> None:
        """Show the newest value on a scale up to `limit`, unless the handle is held."""
        if self.isSliderDown():
            return
        self._limit = limit
        share = value / limit if math.isfinite(value) else 0.0
        position = round(_STEPS * min(max(share, -1.0), 1.0))
        if position != self.value() or not self.accessibleDescription():
            self.show_position(position, signed(value, 3))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the groove, the stretch from zero to the value, and the handle."""
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        control, part = QStyle.ComplexControl.CC_Slider, QStyle.SubControl.SC_SliderHandle
        # Where the style looks for the mouse.
        handle = QRectF(self.style().subControlRect(control, option, part, self)).center()
        theme, middle, y = self._theme, self.width() / 2, handle.y()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("muted", 0.3))
        painter.drawRoundedRect(QRectF(1, y - 2, self.width() - 2, 4), 2, 2)
        painter.drawRect(QRectF(middle - 0.5, y - 4, 1, 8))
        painter.setBrush(theme.color("negative" if self.value() < 0 else "positive"))
        painter.drawRect(QRectF(min(middle, handle.x()), y - 2, abs(handle.x() - middle), 4))
        self._paint_handle(painter, handle)
        painter.end()

    def _paint_handle(self, painter: QPainter, at: QPointF) -> None:
        theme, group = self._theme, QPalette.ColorGroup.Disabled
        active = self.isEnabled() and (self.hasFocus() or self.underMouse())
        faded = self.palette().color(group, QPalette.ColorRole.WindowText)
        painter.setBrush(theme.color("accent" if active else "text") if self.isEnabled() else faded)
        ring = theme.color("text") if self.hasFocus() else theme.color("panel")
        painter.setPen(QPen(ring, 1.6 if self.hasFocus() else 1.0))
        painter.drawEllipse(at, 5.6, 5.6)


class WeightSetter:
    """Sets single weights in the document; a drag is one entry in the undo history.

    Parameters
    ----------
    document
        Where the edits go.
    complain
        Takes a sentence where one is impossible.
    """

    def __init__(self, document: Document, complain: Callable[[str], object]) -> None:
        self._document, self._complain = document, complain
        self._last: tuple[object, object] = (None, None)
        """The gesture of the last edit, and the spec it led to."""

    def set(self, layer_id: int, unit: int, column: int, value: float, before: float, gesture: object = None) -> bool:
        """Give one weight of a unit a value (the bias stands behind the last weight); False if that is impossible."""
        if gesture is None and value == before:
            return True  # Typed as it was: nothing that undo would have to take back.
        # After an undo in between, the last entry is another one.
        goes_on = gesture is not None and self._last[0] is gesture and self._last[1] is self._document.spec
        before = before if math.isfinite(before) else 0.0
        edit = edits.assign(layer_id, unit, (column,), (value,), (before,), goes_on=goes_on)
        done = apply_edit(self._document, edit, gesture, self._complain)
        self._last = (gesture, self._document.spec)
        return done
