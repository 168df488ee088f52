"""A small card that points at something in the window: it takes no focus, and what lies around it goes on working."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from playground.ui.controls import PushButton, ToolButton, identify
from playground.ui.fonts import readout_font
from playground.ui.theme import DARK, SPACING_PX, Theme

Side = Literal["below", "above", "right", "left"]

_WIDTH_PX = 296
_TAIL_PX = 9
_SHADOW_PX = 10
_RADIUS_PX = 10
_RING_PX = 4
"""Between what is pointed at and the ring around it."""
_DOT_PX = 6


class Ring(QWidget):
    """A line around what is pointed at; the mouse does not notice it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("callout-ring")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._theme = DARK
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        self._theme = theme
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(self._theme.color("accent"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), _RADIUS_PX, _RADIUS_PX)


class Callout(QWidget):
    """Says something in two lines about a rectangle of its parent, with a button to go on.

    Parameters
    ----------
    parent
        The window over which it lies.
    """

    accepted = Signal()
    """It was read."""
    closed = Signal()
    """Nothing of the kind is wanted any more."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        identify(self, "callout", "First steps")
        self._window = parent
        self._theme = DARK
        self._side: Side = "below"
        self._tip = QPointF()
        """The point of the tail, in coordinates of this widget."""
        self.ring = Ring(parent)
        self._title, self._text, self._dots = QLabel(), QLabel(), Dots()
        self._title.setObjectName("callout-title")
        font = readout_font()
        font.setPixelSize(15)
        self._title.setFont(font)
        self._text.setObjectName("callout-text")
        self._text.setProperty("muted", True)
        self._text.setWordWrap(True)
        self._close = ToolButton()
        self._close.setText("×")
        self._close.setFixedSize(24, 24)
        self._close.setToolTip("No more of these (Esc)")
        identify(self._close, "callout-close", "Close the first steps")
        self._close.clicked.connect(self.closed)
        self._accept = PushButton("Got it")
        self._accept.setProperty("primary", True)
        self._accept.setToolTip("Go on; this is not shown again")
        identify(self._accept, "callout-accept", "Got it")
        self._accept.clicked.connect(self.accepted)
        self._column = self._arrange()
        self.hide()

    def _arrange(self) -> QVBoxLayout:
        head, foot = QHBoxLayout(), QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._close)
        foot.addWidget(self._dots)
        foot.addStretch(1)
        foot.addWidget(self._accept)
        column = QVBoxLayout(self)
        around = _TAIL_PX + _SHADOW_PX
        inside = SPACING_PX * 3 // 2
        column.setContentsMargins(*(around + inside,) * 4)
        column.setSpacing(SPACING_PX)
        column.addLayout(head)
        column.addWidget(self._text)
        column.addLayout(foot)
        return column

    @property
    def text(self) -> str:
        """What it says."""
        return f"{self._title.text()}. {self._text.text()}"

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        self._theme = theme
        self.ring.set_theme(theme)
        self._dots.set_theme(theme)
        self.update()

    def say(self, title: str, text: str, at: int, of: int) -> None:
        """Say this, the `at`-th of so many, counted from 0."""
        self._title.setText(title)
        self._text.setText(text)
        self._dots.show_place(at, of)
        self.setAccessibleName(f"First steps, {at + 1} of {of}: {self.text}")
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def point_at(self, target: QRect, sides: Sequence[Side]) -> None:
        """Come up beside a rectangle of the parent, on the first side with room for all of it."""
        width_px = _WIDTH_PX + 2 * (_TAIL_PX + _SHADOW_PX)
        size = QSize(width_px, self._column.totalHeightForWidth(width_px))
        window = self._window.rect()
        ring = target.adjusted(-_RING_PX, -_RING_PX, _RING_PX, _RING_PX).intersected(window)
        fitting: list[Side] = [side for side in sides if _fits(_beside(ring, size, side), window)]
        side = fitting[0] if fitting else sides[0]
        place = _moved_into(_beside(ring, size, side), window)
        self._side, tip = side, _touching(ring, side)
        self._tip = QPointF(tip - place.topLeft())
        if place != self.geometry() or not self.isVisible() or ring != self.ring.geometry():
            self.setGeometry(place)
            self.ring.setGeometry(ring)
            for widget in (self.ring, self):
                widget.show()
                widget.raise_()
        self.update()

    def vanish(self) -> None:
        """Go, with the ring."""
        self.hide()
        self.ring.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        shape = self._shape()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            shadow = QColor()
            for width in range(2 * _SHADOW_PX, 0, -4):
                shadow.setRgbF(0, 0, 0, 0.03)
                painter.setPen(QPen(shadow, width, j=Qt.PenJoinStyle.RoundJoin))
                painter.drawPath(shape)
            painter.setPen(QPen(self._theme.color("accent"), 1.5, j=Qt.PenJoinStyle.RoundJoin))
            painter.setBrush(self._theme.color("panel"))
            painter.drawPath(shape)

    def _shape(self) -> QPainterPath:
        """The card with its tail."""
        edge = _TAIL_PX + _SHADOW_PX
        body = QRectF(self.rect()).adjusted(edge, edge, -edge, -edge)
        card, tail = QPainterPath(), QPainterPath()
        card.addRoundedRect(body, _RADIUS_PX, _RADIUS_PX)
        tip = self._tip
        low_x, high_x = body.left() + 2 * _RADIUS_PX, body.right() - 2 * _RADIUS_PX
        low_y, high_y = body.top() + 2 * _RADIUS_PX, body.bottom() - 2 * _RADIUS_PX
        x, y = min(max(tip.x(), low_x), high_x), min(max(tip.y(), low_y), high_y)
        bases = {
            "below": (QPointF(x - _TAIL_PX, body.top() + 1), QPointF(x + _TAIL_PX, body.top() + 1)),
            "above": (QPointF(x - _TAIL_PX, body.bottom() - 1), QPointF(x + _TAIL_PX, body.bottom() - 1)),
            "right": (QPointF(body.left() + 1, y - _TAIL_PX), QPointF(body.left() + 1, y + _TAIL_PX)),
            "left": (QPointF(body.right() - 1, y - _TAIL_PX), QPointF(body.right() - 1, y + _TAIL_PX)),
        }
        tail.addPolygon([tip, *bases[self._side], tip])
        return card.united(tail)


class Dots(QWidget):
    """Which of how many this is."""

    def __init__(self) -> None:
        super().__init__()
        self._at, self._of, self._theme = 0, 1, DARK

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        self._theme = theme
        self.update()

    def show_place(self, at: int, of: int) -> None:
        """Fill the `at`-th dot of so many."""
        self._at, self._of = at, of
        self.setFixedSize(of * 2 * _DOT_PX, _DOT_PX + 2)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            for index in range(self._of):
                painter.setBrush(self._theme.color("accent" if index == self._at else "muted", 1.0))
                size = _DOT_PX if index == self._at else _DOT_PX - 2
                painter.drawEllipse(QPointF(_DOT_PX / 2 + 2 * _DOT_PX * index, self.height() / 2), size / 2, size / 2)


def _beside(target: QRect, size: QSize, side: Side) -> QRect:
    """Where a card of this size stands on a side of a rectangle, its shadow reaching below that."""
    place = QRect(target.center(), size)
    place.moveCenter(target.center())
    if side in ("below", "above"):
        inset = _TAIL_PX + _SHADOW_PX + 3 * _RADIUS_PX
        place.moveLeft(target.center().x() - inset)  # the tail stands near the left corner, not in the middle
        place.moveTop(target.bottom() - _SHADOW_PX) if side == "below" else place.moveBottom(target.top() + _SHADOW_PX)
    elif side == "right":
        place.moveLeft(target.right() - _SHADOW_PX)
    else:
        place.moveRight(target.left() + _SHADOW_PX)
    return place


def _fits(place: QRect, window: QRect) -> bool:
    room = window.adjusted(-_SHADOW_PX, -_SHADOW_PX, _SHADOW_PX, _SHADOW_PX)
    return room.top() <= place.top() and place.bottom() <= room.bottom() and place.width() <= room.width()


def _moved_into(place: QRect, window: QRect) -> QRect:
    moved = QRect(place)
    moved.moveLeft(min(max(place.left(), -_SHADOW_PX), window.width() + _SHADOW_PX - place.width()))
    moved.moveTop(min(max(place.top(), -_SHADOW_PX), window.height() + _SHADOW_PX - place.height()))
    return moved


def _touching(target: QRect, side: Side) -> QPoint:
    """The middle of the edge of a rectangle at which a card on this side points."""
    middle = target.center()
    if side == "below":
        middle.setY(target.bottom() + 1)
    elif side == "above":
        middle.setY(target.top() - 1)
    elif side == "right":
        middle.setX(target.right() + 1)
    else:
        middle.setX(target.left() - 1)
    return middle
