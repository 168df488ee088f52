"""The name in the head of a layer, never cut off: set smaller where the head is narrow."""

from __future__ import annotations

from itertools import product

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF, QResizeEvent
from PySide6.QtWidgets import QLabel, QWidget

from playground.ui.fonts import strong_font

SIZES_PX = (12, 11, 10)
INDENT_PX = 3
"""In line with the choice of the activation below."""


class LayerTitle(QLabel):
    """A name in the largest size that fits; elided, with the whole of it as tooltip, only if none does.

    Parameters
    ----------
    lines
        2 where the number may stand below the kind, if it does not fit beside it.
    """

    def __init__(self, name: str, parent: QWidget, lines: int = 1) -> None:
        super().__init__(parent)
        self._name, self._lines = name, lines
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
        stacked = "\n".join(self._name.rsplit(" ", 1))
        font = strong_font()
        for text, size in product((self._name, stacked)[: self._lines], SIZES_PX):
            font.setPixelSize(size)
            if max(map(QFontMetricsF(font).horizontalAdvance, text.splitlines())) <= room:
                break
        else:
            text = QFontMetricsF(font).elidedText(self._name, Qt.TextElideMode.ElideRight, room)
        self.setFont(font)
        self.setText(text)
        self.setToolTip(self._name if "…" in text else "")
