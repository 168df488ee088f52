"""The base of everything that is drawn with pyqtgraph: a view that only shows."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QWheelEvent

from playground.ui.fonts import body_font
from playground.ui.theme import DARK, Theme


class QuietView(pg.GraphicsView):
    """Ignores clicks, drags and the wheel, and can show a calm line of text where there are no data."""

    theme = DARK
    notice = ""

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self.theme = theme
        self.setBackground(theme.panel)
        self.viewport().update()

    def set_notice(self, text: str) -> None:
        """Show a line of text instead of data; an empty one removes it."""
        if text != self.notice:
            self.notice = text
            self.viewport().update()

    def notice_area(self) -> QRectF:
        """In the middle of what the notice stands."""
        return QRectF(self.viewport().rect())

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:  # noqa: N802 - Qt's own virtual method
        """Draw the notice, on a patch that keeps grid lines away from it."""
        if not self.notice:
            return
        painter.setFont(body_font())
        area, flags = self.notice_area(), Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        patch = painter.boundingRect(area, flags, self.notice).adjusted(-8, -4, 8, 4)
        painter.fillRect(patch, self.theme.color("panel"))
        painter.setPen(self.theme.color("muted"))
        painter.drawText(area, flags, self.notice)

    def mousePressEvent(self, ev: QMouseEvent) -> None:
        """Nothing to press."""
        ev.ignore()

    def mouseReleaseEvent(self, ev: QMouseEvent) -> None:
        """Nothing to press."""
        ev.ignore()

    def mouseDoubleClickEvent(self, ev: QMouseEvent) -> None:
        """Nothing to press."""
        ev.ignore()

    def wheelEvent(self, ev: QWheelEvent) -> None:
        """Leave the wheel to whatever scrolls around this."""
        ev.ignore()
