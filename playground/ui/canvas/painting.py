"""The layers of paint of the canvas: the network, what is held free or in the hand, and what will become of it."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from playground.ui.canvas.boxes import Box
from playground.ui.canvas.geometry import HEAD_TOP_PX
from playground.ui.canvas.gestures import KindDrop, LayerDrag
from playground.ui.canvas.marks import paint_hint, paint_landing, paint_pill
from playground.ui.canvas.picture import Picture
from playground.ui.canvas.pointer import Pointer
from playground.ui.canvas.stage import Lifted, Stage

PILL_PX = 32
"""From the lower edge to the warning that a layer will be removed."""


def paint_network(
    painter: QPainter, picture: Picture, stage: Stage, pointer: Pointer, area: Box, strip_bottom: float
) -> None:
    """Everything but the ground, as far as it lies in the `area` that is seen and below the heads."""
    places, lifted, gesture = stage.places, stage.lifted, pointer.gesture
    if area.top > 0:
        painter.setClipRect(QRectF(area.left, strip_bottom, area.width, area.height))
    picture.paint_links(painter, pointer.target)
    for index, place in enumerate(places):
        if lifted is None or place.column.key != lifted.key:
            picture.paint_column(painter, index, pointer.target)
    painter.setClipping(False)
    heads_top = area.top + HEAD_TOP_PX
    if stage.gap_x is not None:
        kind = gesture.label if isinstance(gesture, KindDrop) else None
        paint_landing(painter, picture.theme, stage.layout, stage.gap_x, heads_top, kind)
    elif len(places) == 2:
        paint_hint(painter, picture.theme, stage.layout, heads_top)
    for index, place in enumerate(places):
        if lifted is not None and place.column.key == lifted.key:
            removing = isinstance(gesture, LayerDrag) and gesture.removing
            _paint_lifted(painter, picture, index, lifted, removing)
            if removing:
                paint_pill(painter, picture.theme, place.x, area.bottom - PILL_PX, area, "Release to remove")


def _paint_lifted(painter: QPainter, picture: Picture, index: int, lifted: Lifted, removing: bool) -> None:
    painter.save()
    painter.setOpacity(0.3 if removing else 0.8)
    painter.translate(0, lifted.dy)
    picture.paint_column(painter, index, None)
    painter.restore()
