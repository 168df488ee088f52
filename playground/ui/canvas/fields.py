"""The small controls in a layer's head: a number between − and +, and the choice of an activation."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QActionGroup, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMenu, QWidget

import nncore as nn
from playground.ui.controls import ToolButton, gesture_of, identify
from playground.ui.number_entry import NumberField
from playground.ui.quantity import Quantity

QWIDGETSIZE_MAX = (1 << 24) - 1
"""Qt's name for a size without a limit."""
PAGE_STEPS = 10
"""How many steps Page Up and Page Down go."""
FIELD_EDGE_PX = 4
COMPACT_DIGITS_PX = 38
"""What a narrow head has room for."""


class StepButton(ToolButton):
    """− or +, repeating while held; `gesture` is one object for the whole of a hold."""

    def __init__(self, text: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setText(text)
        self.setAutoRepeat(True)
        self.setAutoRepeatInterval(80)
        self.gesture: object = object()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.gesture = gesture_of(event, self.gesture)
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.gesture = gesture_of(event, self.gesture)
        super().keyPressEvent(event)


class Stepper(QWidget):
    """A number that can be stepped and typed.

    Parameters
    ----------
    quantity
        Its range, its steps, and how it is written.
    name, spoken
        Object name and accessible name; the buttons get `-minus` and `-plus`.
    digits_px
        Room for the number.
    """

    entered = Signal(float, object)
    """The new value, and the gesture it belongs to (None if typed)."""
    rejected = Signal(str)

    def __init__(self, quantity: Quantity, name: str, spoken: str, digits_px: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._quantity = quantity
        self._digits_px = digits_px
        self._compact = False
        self._value = quantity.low
        self._most = quantity.high
        self.minus, self.plus = StepButton("−", self), StepButton("+", self)
        self.field = NumberField(quantity, self)
        self.field.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.field.setTextMargins(-2, 0, -2, 0)  # the style keeps two pixels free that the digits need
        self.field.setToolTip(f"{quantity.label}: type a number, Enter sets it")
        self._name = name
        self.call(spoken)
        self.minus.setToolTip(f"Less {quantity.label.lower()} (− with the layer selected)")
        self.plus.setToolTip(f"More {quantity.label.lower()} (+ with the layer selected)")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)  # the frame of the focus must not touch the buttons
        for part in (self.minus, self.field, self.plus):
            row.addWidget(part)
        self.minus.clicked.connect(lambda: self.step(-1, self.minus.gesture))
        self.plus.clicked.connect(lambda: self.step(+1, self.plus.gesture))
        self.field.entered.connect(lambda value: self.entered.emit(value, None))
        self.field.rejected.connect(self.rejected)

    def call(self, spoken: str) -> None:
        """Be known by this accessible name."""
        identify(self.field, self._name, spoken)
        identify(self.minus, f"{self._name}-minus", f"Less: {spoken}")
        identify(self.plus, f"{self._name}-plus", f"More: {spoken}")

    def set_compact(self, compact: bool) -> None:
        """Fit into a narrow head, across all of it."""
        self._compact = compact
        for button in (self.minus, self.plus):
            button.setFixedSize(16, 20)
        self.field.setFixedHeight(20)
        self._fit_digits()

    def _fit_digits(self) -> None:
        """As wide as most numbers need, so that nothing moves while one steps; wider for a longer one."""
        # The font comes from the style sheet, which the field may not have been given yet.
        self.field.ensurePolished()
        width = max(self._digits_px, self.field.fontMetrics().horizontalAdvance(self.field.text()) + FIELD_EDGE_PX)
        self.field.setMinimumWidth(min(width, COMPACT_DIGITS_PX) if self._compact else width)
        self.field.setMaximumWidth(QWIDGETSIZE_MAX if self._compact else width)

    def show_value(self, value: float, most: float | None = None) -> None:
        """Show this number, and where only so much of it is possible now, both: "2 of 4"."""
        self._most = self._quantity.high if most is None else most
        self._value = min(value, self._most)
        self.field.show_value(value, self._value)
        self._fit_digits()
        self.minus.setEnabled(self._value > self._quantity.low)
        self.plus.setEnabled(self._value < self._most)

    def step(self, direction: int, gesture: object = None) -> None:
        """Go so many stops up or down, as far as there are any."""
        stops = self._quantity.stops
        at = min(max(self._quantity.nearest_stop(self._value) + direction, 0), len(stops) - 1)
        value = min(stops[at], self._most)
        if value != self._value:
            self.entered.emit(value, gesture)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go further with the keys that turn a page."""
        pages = {Qt.Key.Key_PageUp: PAGE_STEPS, Qt.Key.Key_PageDown: -PAGE_STEPS}
        if event.key() not in pages:
            super().keyPressEvent(event)
            return
        self.plus.gesture = gesture_of(event, self.plus.gesture)
        self.step(pages[Qt.Key(event.key())], self.plus.gesture)


class ActivationButton(ToolButton):
    """Shows an activation, and offers in a menu all that make sense for so many `units` (None: any number)."""

    chosen = Signal(str)

    def __init__(self, name: str, spoken: str, centred: bool, parent: QWidget, units: int | None = None) -> None:
        super().__init__(parent)
        self._current = ""
        self._units = units
        self._spoken = spoken
        self._centred = centred
        identify(self, name, spoken)
        self.setFixedHeight(20)
        self.setMinimumWidth(20)
        self.clicked.connect(self.open_menu)

    def set_units(self, units: int) -> None:
        """Offer what makes sense for so many."""
        self._units = units

    def show_choice(self, activation: str, spoken: str = "") -> None:
        """Show this one as chosen; with `spoken`, under this accessible name."""
        self._current, self._spoken = activation, spoken or self._spoken
        label = nn.Activation.named(activation).label
        self.setText(label)
        self.setAccessibleName(f"{self._spoken}: {label}")
        self.setToolTip(f"Activation: {label} (Enter with the layer selected)")

    def open_menu(self) -> None:
        """Offer the activations below the button."""
        menu = QMenu(self)
        menu.setObjectName(f"{self.objectName()}-menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        group = QActionGroup(menu)
        for name, kind in nn.Activation.registry.items():
            action = menu.addAction(kind.label)
            action.setCheckable(True)
            is_current = kind is nn.Activation.named(self._current)
            action.setChecked(is_current)
            action.setEnabled(self._units is None or self._units >= kind.min_units)
            action.triggered.connect(lambda _=False, name=name: self.chosen.emit(name))
            group.addAction(action)
            if is_current:
                menu.setActiveAction(action)
        menu.popup(self.mapToGlobal(QPoint(0, self.height() + 2)))

    def paintEvent(self, event: QPaintEvent) -> None:
        palette = self.palette()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.hasFocus() or self.underMouse() or self.isDown():
            edge = palette.color(QPalette.ColorRole.Highlight) if self.hasFocus() else Qt.GlobalColor.transparent
            painter.setPen(QPen(edge, 1))
            ground = palette.color(QPalette.ColorRole.ButtonText)
            ground.setAlphaF(0.08)
            painter.setBrush(ground)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        self._paint_choice(painter)
        painter.end()

    def _paint_choice(self, painter: QPainter) -> None:
        # The style sheet's colour, and the window's own for the button under the mouse.
        palette = QApplication.palette() if self.underMouse() else self.palette()
        color = palette.color(QPalette.ColorRole.ButtonText)
        metrics = self.fontMetrics()
        text = metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width() - 15)
        wide = metrics.horizontalAdvance(text)
        x = (self.width() - wide - 11) / 2 if self._centred else 3.0
        painter.setPen(color)
        painter.drawText(QRectF(x, 0, wide + 2, self.height()), Qt.AlignmentFlag.AlignVCenter, text)
        x, y = x + wide + 4, self.height() / 2 + 0.5
        painter.setPen(QPen(color, 1.4, c=Qt.PenCapStyle.RoundCap, j=Qt.PenJoinStyle.RoundJoin))
        painter.drawPolyline([QPointF(x, y - 1.5), QPointF(x + 3, y + 1.5), QPointF(x + 6, y - 1.5)])
