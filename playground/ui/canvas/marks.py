"""What is painted over the network while something is dragged, and where there is nothing yet."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from playground.ui.canvas.geometry import HEAD_TOP_PX, Box, Layout
from playground.ui.fonts import body_font, strong_font
from playground.ui.theme import Theme

CENTRED = Qt.AlignmentFlag.AlignCenter


def paint_landing(painter: QPainter, theme: Theme, layout: Layout, x: float, kind: str | None) -> None:
    """The dashed line where something will land; for a new layer with the outline of its head, naming its kind."""
    top = float(HEAD_TOP_PX)
    if kind is not None:
        outline = _head_outline(layout, x, layout.heads.layer)
        painter.setBrush(theme.color("accent", 0.08))
        painter.setPen(QPen(theme.color("accent"), 1.5, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(outline, 8, 8)
        painter.setFont(strong_font())
        painter.drawText(outline, CENTRED, kind)
        top += layout.heads.height + 6
    pen = QPen(theme.color("accent"), 2)
    pen.setDashPattern([3, 2])
    painter.setPen(pen)
    painter.drawLine(QPointF(x, top), QPointF(x, layout.body_bottom))


def paint_hint(painter: QPainter, theme: Theme, layout: Layout) -> None:
    """Where the first hidden layer would stand."""
    outline = _head_outline(layout, layout.gap_x or 0, layout.heads.widest)
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


def _head_outline(layout: Layout, x: float, width: float) -> QRectF:
    return QRectF(round(x - width / 2) + 0.5, HEAD_TOP_PX + 0.5, width, layout.heads.height - 1)
