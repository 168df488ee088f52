"""What shows on the surface where a tool works: its circle, the crosshair of the keys, the point that is taken."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from playground.document.edits.points import Point
from playground.ui.theme import DARK, Theme

_ARM_PX, _TAKEN_PX = 9.0, 7.0
_HALO_PX, _LINE_PX = 3.4, 1.4


class PaintCursor(pg.GraphicsObject):
    """Lines with a halo, which can be told from any surface below them."""

    def __init__(self) -> None:
        super().__init__()
        self._theme = DARK
        self._domain = (-1.0, 1.0)
        self.at: Point | None = None
        """Where it is; None hides it."""
        self.radius = 0.0
        """Of the circle, in units of the plane; 0 has none."""
        self.crossed = False
        """Whether there is a crosshair, and a frame that says where the keys go."""
        self.taken: Point | None = None
        """Around this point is a ring."""
        self._color = QColor(DARK.text)
        self.setZValue(10)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._theme = theme
        self.update()

    def set_domain(self, low: float, high: float) -> None:
        """The part of the plane that is shown."""
        if (low, high) != self._domain:
            self.prepareGeometryChange()
            self._domain = (low, high)

    def show_at(self, at: Point | None, radius: float, color: QColor, crossed: bool, taken: Point | None) -> None:
        """Be here, and look like this."""
        state = at, radius, color.rgba(), crossed, taken
        if state != (self.at, self.radius, self._color.rgba(), self.crossed, self.taken):
            self.update()  # where it was
            self.prepareGeometryChange()
            self.at, self.radius, self._color, self.crossed, self.taken = at, radius, color, crossed, taken

    def boundingRect(self) -> QRectF:  # noqa: N802 - Qt's own virtual method
        """No more than has to be painted anew when the mouse moves."""
        low, high = self._domain
        whole = QRectF(low, low, high - low, high - low)
        if self.crossed or self.at is None:
            return whole if self.crossed else QRectF()
        pixel = self._pixel()
        around = self.radius + 4 * pixel
        area = QRectF(self.at[0] - around, self.at[1] - around, 2 * around, 2 * around)
        if self.taken is not None:
            ring = (_TAKEN_PX + 4) * pixel
            area = area.united(QRectF(self.taken[0] - ring, self.taken[1] - ring, 2 * ring, 2 * ring))
        return area.intersected(whole.adjusted(-4 * pixel, -4 * pixel, 4 * pixel, 4 * pixel))

    def paint(self, painter: QPainter, option, widget=None) -> None:
        """Draw every line twice: a wide one that is seen on all colours, and a fine one in its own."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        halo = self._theme.color("panel", 0.75)
        for color, width in ((halo, _HALO_PX), (self._color, _LINE_PX)):
            painter.setPen(pg.mkPen(color, width=width))  # pyqtgraph's pens are as wide in every scale
            self._paint_lines(painter)
        if self.crossed:
            low, high = self._domain
            inset = self._pixel()
            painter.setPen(pg.mkPen(self._theme.color("accent"), width=2))
            painter.drawRect(QRectF(low, low, high - low, high - low).adjusted(inset, inset, -inset, -inset))

    def _paint_lines(self, painter: QPainter) -> None:
        pixel = self._pixel()
        if self.at is not None and self.radius:
            painter.drawEllipse(QPointF(*self.at), self.radius, self.radius)
        if self.taken is not None:
            painter.drawEllipse(QPointF(*self.taken), _TAKEN_PX * pixel, _TAKEN_PX * pixel)
        if self.at is not None and self.crossed:
            (x, y), arm = self.at, _ARM_PX * pixel
            painter.drawLines([QLineF(x - arm, y, x + arm, y), QLineF(x, y - arm, x, y + arm)])

    def _pixel(self) -> float:
        width, _ = self.pixelVectors()
        return width.length() if width is not None else 0.0
