"""A control of a bar, under a small caption."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from playground.ui.fonts import caption_font
from playground.ui.readout import CAPTION_PX


class Captioned(QWidget):
    """A control under its caption, with a value, if any, at the right of the caption."""

    def __init__(self, caption: str, control: QWidget, value: QLabel | None = None) -> None:
        super().__init__()
        self._caption = QLabel(caption)
        self._caption.setProperty("muted", True)
        self._caption.setBuddy(control)  # A combo box is named by what is chosen; its label says what it is.
        self._caption.setFont(caption_font())
        self._caption.setFixedHeight(CAPTION_PX)
        head = QHBoxLayout()
        head.addWidget(self._caption)
        if value is not None:
            value.setFixedHeight(CAPTION_PX)
            head.addWidget(value, 1, Qt.AlignmentFlag.AlignRight)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addStretch(1)
        column.addLayout(head)
        control.setFixedHeight(26)
        column.addWidget(control)
        column.addStretch(1)

    def set_widths(self, least_px: int, most_px: int) -> None:
        """Be so wide, by what room there is."""
        self.setMinimumWidth(least_px)
        self.setMaximumWidth(most_px)

    def show_caption(self, shown: bool) -> None:
        """Show the caption, or leave the place to the value."""
        self._caption.setVisible(shown)
