"""The name in the head of a layer, never cut off: set smaller where the head is narrow."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF, QResizeEvent
from PySide6.QtWidgets import QLabel, QWidget

from playground.ui.fonts import strong_font

SIZES_PX = (12, 11, 10)
INDENT_PX = 3
"""In line with the choice of the activation below."""


class LayerTitle(QLabel):
    """A name in the largest size that fits; elided only if none does."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._name = name
        self.setIndent(INDENT_PX)
        self.setMinimumWidth(10)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._fit()

    def show_name(self, name: str) -> None:
        """Show this name."""
        if name != self._name:
            self._name = name
            self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room = self.width() - INDENT_PX
        font = strong_font()
        for size in SIZES_PX:
            font.setPixelSize(size)
            if QFontMetricsF(font).horizontalAdvance(self._name) <= room:
                break
        self.setFont(font)
        self.setText(QFontMetricsF(font).elidedText(self._name, Qt.TextElideMode.ElideRight, room))
