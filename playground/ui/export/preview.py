"""What will be written, seen beforehand."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from playground.ui.controls import identify

_PAPER, _SQUARE = QColor("#FFFFFF"), QColor("#D9DFE5")
_SQUARE_PX = 8
_TEXT_PX = 11
_MONOSPACE = ["DejaVu Sans Mono", "Menlo", "Consolas", "monospace"]


class Preview(QWidget):
    """Shows a picture, as large as fits, or the first lines of a file."""

    def __init__(self, least: QSize) -> None:
        super().__init__()
        self.image = QImage()
        self.text = ""
        """The lines it shows."""
        self._clear = False
        self.setMinimumSize(least)
        identify(self, "export-preview", "Preview")
        self.setToolTip("What will be written")

    def show_image(self, image: QImage, clear: bool = False) -> None:
        """Show a picture; a `clear` one, which has no ground, on squares."""
        self.image, self.text, self._clear = image, "", clear
        self.update()

    def show_text(self, text: str) -> None:
        """Show the beginning of a file."""
        self.image, self.text = QImage(), text
        self.setAccessibleDescription(text)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), self.palette().base())
            if self.text:
                self._paint_text(painter)
            elif not self.image.isNull():
                self._paint_image(painter)

    def _paint_image(self, painter: QPainter) -> None:
        own = self.image.deviceIndependentSize().toSize()
        size = own.scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio).boundedTo(own)
        area = self.rect()
        area.setSize(size)
        area.moveCenter(self.rect().center())
        if self._clear:
            painter.setClipRect(area)
            painter.fillRect(area, _PAPER)
            for row, y in enumerate(range(area.top(), area.bottom() + 1, _SQUARE_PX)):
                for x in range(area.left() + row % 2 * _SQUARE_PX, area.right() + 1, 2 * _SQUARE_PX):
                    painter.fillRect(x, y, _SQUARE_PX, _SQUARE_PX, _SQUARE)
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
