"""What will be written, seen beforehand."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QWidget

from playground.ui.controls import identify
from playground.ui.theme import Theme

_SQUARE_PX = 8
_TEXT_PX = 11
_RADIUS_PX = 6
_MONOSPACE = ["DejaVu Sans Mono", "Menlo", "Consolas", "monospace"]


class Preview(QWidget):
    """Shows a picture, as large as fits, or the first lines of a file."""

    def __init__(self, least: QSize) -> None:
        super().__init__()
        self.image = QImage()
        self.text = ""
        """The lines it shows."""
        self._squares: Theme | None = None
        self.setMinimumSize(least)
        identify(self, "export-preview", "Preview")
        self.setToolTip("What will be written")

    def show_image(self, image: QImage, squares: Theme | None = None) -> None:
        """Show a picture; one without a ground on squares in the colours it is meant to stand on."""
        self.image, self.text, self._squares = image, "", squares
        self.update()

    def show_text(self, text: str) -> None:
        """Show the beginning of a file."""
        self.image, self.text = QImage(), text
        self.setAccessibleDescription(text)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            outline = QPainterPath()
            outline.addRoundedRect(QRectF(self.rect()), _RADIUS_PX, _RADIUS_PX)
            painter.setClipPath(outline)
            painter.fillRect(self.rect(), self.palette().base())
            if self.text:
                self._paint_text(painter)
            elif not self.image.isNull():
                self._paint_image(painter)
            painter.setClipping(False)
            painter.setPen(self.palette().mid().color())
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), _RADIUS_PX, _RADIUS_PX)

    def _paint_image(self, painter: QPainter) -> None:
        own = self.image.deviceIndependentSize().toSize()
        size = own.scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio).boundedTo(own)
        area = self.rect()
        area.setSize(size)
        area.moveCenter(self.rect().center())
        if self._squares is not None:
            painter.save()
            painter.setClipRect(area, Qt.ClipOperation.IntersectClip)
            painter.fillRect(area, self._squares.color("panel"))
            for row, y in enumerate(range(area.top(), area.bottom() + 1, _SQUARE_PX)):
                for x in range(area.left() + row % 2 * _SQUARE_PX, area.right() + 1, 2 * _SQUARE_PX):
                    painter.fillRect(x, y, _SQUARE_PX, _SQUARE_PX, self._squares.color("hairline"))
            painter.restore()
        smooth = Qt.TransformationMode.SmoothTransformation
        fitted = self.image.scaled(size * self.devicePixelRatioF(), Qt.AspectRatioMode.IgnoreAspectRatio, smooth)
        fitted.setDevicePixelRatio(1)
        painter.drawImage(area, fitted)

    def _paint_text(self, painter: QPainter) -> None:
        font = self.font()
        font.setFamilies(_MONOSPACE)
        font.setPixelSize(_TEXT_PX)
        painter.setFont(font)
        painter.setPen(self.palette().text().color())
        painter.drawText(self.rect().adjusted(10, 8, -8, -8), Qt.AlignmentFlag.AlignLeft, self.text)
