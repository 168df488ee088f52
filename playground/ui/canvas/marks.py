"""What is painted over the network while something is dragged, and where there is nothing yet."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from playground.ui.canvas.boxes import Box
from playground.ui.canvas.geometry import TINY, Layout
from playground.ui.fonts import body_font, strong_font
from playground.ui.theme import Theme

CENTRED = Qt.AlignmentFlag.AlignCenter
LOCK_PX = (9.0, 10.0)
"""Width and height of a lock."""
LEAST_LOCK_PX = 20
"""On smaller tiles, a corner says that they are frozen."""


def paint_landing(painter: QPainter, theme: Theme, layout: Layout, x: float, top: float, kind: str | None) -> None:
    """The dashed line where something will land; for a new layer with the outline of its head, naming its kind.

    `top` is the height at which the heads stand.
    """
    if kind is not None:
        outline = _head_outline(layout, x, top, layout.heads.layer)
        painter.setBrush(theme.color("accent", 0.08))
        painter.setPen(QPen(theme.color("accent"), 1.5, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(outline, 8, 8)
        painter.setFont(strong_font())
        if layout.heads is TINY:
            paint_upwards(painter, outline, kind)
        else:
            painter.drawText(outline, CENTRED, kind)
        top += layout.heads.height + 6
    pen = QPen(theme.color("accent"), 2)
    pen.setDashPattern([3, 2])
    painter.setPen(pen)
    painter.drawLine(QPointF(x, top), QPointF(x, layout.body_bottom))


def paint_hint(painter: QPainter, theme: Theme, layout: Layout, top: float) -> None:
    """Where the first hidden layer would stand."""
    outline = _head_outline(layout, layout.gap_x or 0, top, layout.heads.widest)
    painter.setFont(body_font())
    painter.setBrush(theme.color("panel"))
    painter.setPen(QPen(theme.color("muted"), 1, Qt.PenStyle.DashLine))
    painter.drawRoundedRect(outline, 8, 8)
    painter.drawText(outline, CENTRED, "Drag a layer here")


def paint_focus(painter: QPainter, theme: Theme, area: Box) -> None:
    """A ring inside an area: the keys go there."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.color("accent"), 2))
    painter.drawRoundedRect(QRectF(*area).adjusted(2, 2, -2, -2), 6, 6)


def paint_pill(painter: QPainter, theme: Theme, x: float, y: float, area: Box, text: str) -> None:
    """A warning around a point, kept inside an area."""
    painter.setFont(body_font())
    wide = painter.fontMetrics().horizontalAdvance(text) + 32
    left = min(max(x - wide / 2, area.left + 8), area.left + area.width - wide - 8)
    pill = QRectF(left, y - 16, wide, 32)
    painter.setBrush(theme.color("panel"))
    painter.setPen(QPen(theme.color("danger"), 1, Qt.PenStyle.DashLine))
    painter.drawRoundedRect(pill, 16, 16)
    painter.drawText(pill, CENTRED, text)


def paint_upwards(painter: QPainter, area: QRectF, text: str, flags: Qt.AlignmentFlag = CENTRED) -> None:
    """A text that is read from the bottom to the top."""
    painter.save()
    painter.translate(area.left(), area.bottom())
    painter.rotate(-90)
    painter.drawText(QRectF(0, 0, area.height(), area.width()), flags, text)
    painter.restore()


def paint_lock(painter: QPainter, theme: Theme, left: float, top: float, token: str = "muted") -> None:
    """A small closed lock."""
    width, height = LOCK_PX
    body = QRectF(left + 0.5, top + height * 0.45, width - 1, height * 0.55)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.color(token), 1.4))
    painter.drawArc(QRectF(left + width / 2 - 2.6, top + 0.8, 5.2, height * 0.75), 0, 180 * 16)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color(token))
    painter.drawRoundedRect(body, 1.2, 1.2)


def paint_frozen(painter: QPainter, theme: Theme, tile: QRectF) -> None:
    """The sign of a frozen unit in the upper right corner of its tile: a lock, or on a small one a corner."""
    painter.setPen(Qt.PenStyle.NoPen)
    if tile.width() < LEAST_LOCK_PX:
        side = max(4.0, tile.width() / 3)
        painter.setBrush(theme.color("text"))
        corner = [QPointF(-side, 0), QPointF(0, 0), QPointF(0, side)]
        painter.drawPolygon([tile.topRight() + point for point in corner])
        return
    at = tile.topRight() + QPointF(-9, -5)
    painter.setBrush(theme.color("panel"))
    painter.drawEllipse(at + QPointF(4.5, 5.2), 8, 8)
    paint_lock(painter, theme, at.x(), at.y(), "text")


def paint_silenced(painter: QPainter, theme: Theme, tile: QRectF) -> None:
    """The sign of a unit that gives nothing: its tile in the dark, struck out."""
    radius = min(max(3.0, tile.width() / 6), tile.width() / 3)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("canvas", 0.62))
    painter.drawRoundedRect(tile, radius, radius)
    painter.setPen(QPen(theme.color("text"), 1.6))
    inset = tile.width() / 8
    inner = tile.adjusted(inset, inset, -inset, -inset)
    painter.drawLine(inner.bottomLeft(), inner.topRight())


def _head_outline(layout: Layout, x: float, top: float, width: float) -> QRectF:
    return QRectF(round(x - width / 2) + 0.5, top + 0.5, width, layout.heads.height - 1)
