"""What stands on the canvas beside tiles: units that hand their input on, many inputs as one, ways around, marks."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QPainter, QPainterPath, QPen

import nncore as nn
from playground.document.spec import Layer
from playground.ui.canvas.geometry import Place
from playground.ui.canvas.mosaic import CAPTION_PX, Mosaic
from playground.ui.text import grouped
from playground.ui.theme import Theme, class_token

BLOCK_CELLS = 4
"""Cells along a side of the picture of many inputs."""
BYPASS_PX = 11
"""How far below the lowest tile a way around a block runs."""
BEND_PX = 12


def paint_passing_units(painter: QPainter, theme: Theme, place: Place, layer: Layer | None) -> None:
    """A slim dashed column with a mark per unit.

    Dropout leaves as many hollow as it loses on average; a residual connection has a plus where it adds.
    """
    options = nn.Layer.named(layer.kind).options if layer is not None else {}
    rate = layer.rate if layer is not None and "rate" in options else 0
    muted = theme.color("muted")
    painter.setBrush(theme.color("canvas"))
    painter.setPen(QPen(theme.color("muted", 0.7), 1, Qt.PenStyle.DashLine))
    top, bottom = place.top, place.bottom
    painter.drawRoundedRect(QRectF(place.x - 9.5, round(top) + 0.5, 19, round(bottom - top)), 9, 9)
    painter.setPen(QPen(muted, 1.5))
    for unit, y in enumerate(place.ys):
        if "span" in options:
            painter.drawLine(QLineF(place.x - 4, y, place.x + 4, y))
            painter.drawLine(QLineF(place.x, y - 4, place.x, y + 4))
            continue
        dropped = int((unit + 1) * rate + 0.5) > int(unit * rate + 0.5)
        painter.setBrush(Qt.BrushStyle.NoBrush if dropped else muted)
        painter.drawEllipse(QPointF(place.x, y), 3.5, 3.5)


def paint_block(painter: QPainter, theme: Theme, place: Place) -> None:
    """Many inputs as one sheet of cells, with another behind it."""
    side = place.tile
    sheet = QRectF(round(place.x - side / 2), round(place.ys[0] - side / 2), side, side)
    painter.setPen(QPen(theme.color("muted", 0.7), 1))
    painter.setBrush(theme.color("raised"))
    for offset in (-4, 0):
        painter.drawRoundedRect(sheet.translated(offset, offset).adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
    cell = (side - 10) / BLOCK_CELLS
    painter.setPen(Qt.PenStyle.NoPen)
    for row in range(BLOCK_CELLS):
        for column in range(BLOCK_CELLS):
            strong = (row * 7 + column * 5 + row * column) % 3
            painter.setBrush(theme.color("muted", 0.25 + 0.25 * strong))
            at = QPointF(sheet.x() + 5 + column * cell, sheet.y() + 5 + row * cell)
            painter.drawRect(QRectF(at.x(), at.y(), cell - 1, cell - 1))


def paint_mosaic_edges(painter: QPainter, theme: Theme, place: Place, mosaic: Mosaic) -> None:
    """Around and below the small maps of a block: its frame, its scroll bar, and which units are seen."""
    box = mosaic.box(place.x)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.color("hairline"), 1))
    painter.drawRoundedRect(QRectF(*box).adjusted(-2.5, -2.5, 1.5, 1.5), 4, 4)
    thumb = mosaic.thumb(place.x)
    if thumb is not None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("muted", 0.7))
        painter.drawRoundedRect(QRectF(*thumb).adjusted(2, 1, -1, -1), 2, 2)
    font = QFont(painter.font())
    font.setPixelSize(11)
    font.setWeight(QFont.Weight.Normal)
    painter.setFont(font)
    painter.setPen(theme.color("muted"))
    room = max(place.head_width, box.width)
    width = painter.fontMetrics().horizontalAdvance
    text = next((text for text in _captions(mosaic) if width(text) <= room + 4), "")
    painter.drawText(QRectF(place.x - 90, box.bottom + 2, 180, CAPTION_PX), Qt.AlignmentFlag.AlignCenter, text)


def _captions(mosaic: Mosaic) -> list[str]:
    """How many units there are and which are seen, from the longest text to the shortest."""
    count = grouped(mosaic.units)
    if not mosaic.last_first:
        return [f"{count} units", count]
    seen = f"{grouped(mosaic.shown.start + 1)}–{grouped(mosaic.shown.stop)}"
    return [f"{count} units · {seen}", seen, count]


def paint_fan(painter: QPainter, theme: Theme, left: Place, right: Place) -> None:
    """All links from many inputs to the next column as one band."""
    x0, x1 = left.x + left.reach, right.x - right.reach
    half, bend = left.tile / 2 - 3, (x1 - x0) / 3
    top, bottom = left.ys[0] - half, left.ys[-1] + half
    edge = right.tile / 4 if right.mosaic is None else 0
    high, low = right.top + edge, right.bottom - edge
    path = QPainterPath(QPointF(x0, top))
    path.cubicTo(x0 + bend, top, x1 - bend, high, x1, high)
    path.lineTo(x1, low)
    path.cubicTo(x1 - bend, low, x0 + bend, bottom, x0, bottom)
    path.closeSubpath()
    painter.setPen(QPen(theme.color("muted", 0.35), 1))
    painter.setBrush(theme.color("muted", 0.14))
    painter.drawPath(path)


def paint_bypass(painter: QPainter, theme: Theme, places: Sequence[Place]) -> None:
    """The way around the block that a residual connection closes: from below the first column to below the last."""
    bottoms = [place.bottom + (CAPTION_PX if place.mosaic is not None else 0) for place in places]
    start, end = QPointF(places[0].x, bottoms[0] + 4), QPointF(places[-1].x, bottoms[-1] + 4)
    lowest = max(bottoms) + BYPASS_PX
    path = QPainterPath(start)
    path.cubicTo(start.x(), lowest, start.x(), lowest, start.x() + BEND_PX, lowest)
    path.lineTo(end.x() - BEND_PX, lowest)
    path.cubicTo(end.x(), lowest, end.x(), lowest, end.x(), end.y())
    path.moveTo(end + QPointF(-3, 4))
    path.lineTo(end)
    path.lineTo(end + QPointF(3, 4))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.color("muted"), 1.4))
    painter.drawPath(path)


def paint_class_dots(painter: QPainter, theme: Theme, place: Place) -> None:
    """Beside each output the colour that its class has on the surface."""
    if place.mosaic is not None:
        return
    painter.setPen(Qt.PenStyle.NoPen)
    for unit, y in enumerate(place.ys):
        painter.setBrush(theme.color(class_token(unit)))
        painter.drawEllipse(QPointF(place.x + place.tile / 2 + 9, y), 4, 4)
