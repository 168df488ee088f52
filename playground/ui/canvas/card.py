"""The small card that says what is under the cursor, and its value while the network learns."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from playground.document.spec import Spec
from playground.engine.mirror import folds_inputs
from playground.ui.canvas.boxes import Box, place_card
from playground.ui.canvas.readings import number
from playground.ui.canvas.targets import Target
from playground.ui.fonts import body_font, strong_font
from playground.ui.names import bias_name, inputs_text, unit_title, weight_name
from playground.ui.theme import Theme


def describe(spec: Spec, target: Target) -> str:
    """What a target is."""
    if target.column == 0 and folds_inputs(spec):
        return f"input · {inputs_text(spec)}"
    if target.kind == "unit":
        return unit_title(spec, target.column, target.unit)
    if target.kind == "bias":
        return bias_name(spec, target.column, target.unit)
    return weight_name(spec, target.column, target.unit, target.source)


class HoverCard(QFrame):
    """Explains one target. Never covers it, and lets the mouse through."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._right = 0
        self.setObjectName("hover-card")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._what, self._value = QLabel(self), QLabel(self)
        self._what.setFont(body_font())
        self._what.setProperty("muted", True)
        font = strong_font()
        font.setPixelSize(16)
        self._value.setFont(font)
        # As wide as any usual value, so that the card stands still while the digits run.
        self._value.setMinimumWidth(QFontMetrics(font).horizontalAdvance(number(-88.888)))
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
        self, what: str, value: str, at: tuple[float, float], bounds: Box, avoid: list[tuple[float, float]]
    ) -> None:
        """Come up beside a point, inside `bounds`, off the points to `avoid`."""
        self._what.setText(what)
        self._value.setText(value)
        self._value.setVisible(value != "")
        size = self.sizeHint()
        self.resize(size)
        x, y = place_card(at, (size.width(), size.height()), bounds, avoid)
        self.move(round(x), round(y))
        self._right = round(bounds.left + bounds.width)
        self.show()
        self.raise_()

    def show_value(self, value: str) -> None:
        """Show the newest value; the card may have to grow, but stays inside its bounds."""
        if value != self._value.text():
            self._value.setText(value)
            self.resize(self.sizeHint().expandedTo(self.size()))
            self.move(min(self.x(), self._right - self.width()), self.y())

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_card(self, self._theme)


def paint_card(card: QWidget, theme: Theme) -> None:
    """Paint the ground and the border of a card, while it is being painted."""
    with QPainter(card) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color("accent"), 1))
        painter.setBrush(theme.color("panel"))
        painter.drawRoundedRect(QRectF(card.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
