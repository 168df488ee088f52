"""The small card that says what is under the cursor, and its value while the network learns."""

from __future__ import annotations

from collections import Counter

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

import nncore as nn
from playground.document.spec import Spec
from playground.ui.canvas.geometry import Box, place_card
from playground.ui.canvas.picture import Target
from playground.ui.fonts import body_font, strong_font
from playground.ui.text import signed
from playground.ui.theme import Theme

DIGITS = 3


def layer_names(spec: Spec) -> list[str]:
    """What each hidden layer is called: its kind, counted by kind ("Dense 1", "Dropout 1", "Dense 2")."""
    seen: Counter[str] = Counter()
    names = []
    for layer in spec.layers:
        seen[layer.kind] += 1
        names.append(f"{nn.Layer.named(layer.kind).label} {seen[layer.kind]}")
    return names


def unit_name(spec: Spec, column: int, unit: int) -> str:
    """What one unit is called: its feature, "Dense 1, unit 3" or "Output"."""
    if column == 0:
        return nn.Feature.named(spec.features[unit]).label
    if column > len(spec.layers):
        return "Output"
    return f"{layer_names(spec)[column - 1]}, unit {unit + 1}"


def describe(spec: Spec, target: Target) -> str:
    """What a target is: "weight · x₁ → Dense 1, unit 3"."""
    name = unit_name(spec, target.column, target.unit)
    if target.kind == "unit":
        return f"input · {name}" if target.column == 0 else name
    if target.kind == "bias":
        return f"bias · {name}"
    return f"weight · {unit_name(spec, target.column - 1, target.source)} → {name}"


class HoverCard(QFrame):
    """Explains one target. Never covers it, and lets the mouse through."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setObjectName("hover-card")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._what, self._value = QLabel(self), QLabel(self)
        self._what.setFont(body_font())
        self._what.setProperty("muted", True)
        font = strong_font()
        font.setPixelSize(16)
        self._value.setFont(font)
        # As wide as any usual value, so that the card stands still while the digits run.
        self._value.setMinimumWidth(QFontMetrics(font).horizontalAdvance(signed(-88.888, DIGITS)))
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(2)
        column.addWidget(self._what)
        column.addWidget(self._value)
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        """Use these colours."""
        self._theme = theme
        self.update()

    @property
    def text(self) -> str:
        """What it says, in one line."""
        return " ".join(label.text() for label in (self._what, self._value) if not label.isHidden())

    def explain(
        self, what: str, value: float | None, at: tuple[float, float], bounds: Box, avoid: list[tuple[float, float]]
    ) -> None:
        """Come up beside a point, inside `bounds`, off the points to `avoid`."""
        self._what.setText(what)
        self._value.setVisible(value is not None)
        self.show_value(value)
        size = self.sizeHint()
        self.resize(size)
        x, y = place_card(at, (size.width(), size.height()), bounds, avoid)
        self.move(round(x), round(y))
        self.show()
        self.raise_()

    def show_value(self, value: float | None) -> None:
        """Show the newest value."""
        if value is not None:
            self._value.setText(signed(value, DIGITS))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.color("accent"), 1))
        painter.setBrush(self._theme.color("panel"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        painter.end()
