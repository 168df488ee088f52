"""What the views of all layers have in common: pictures side by side in a strip, a read-out and a legend above them."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, TypeVar

import pyqtgraph as pg
from PySide6.QtCore import QPointF
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from playground.engine.mirror import Mirror
from playground.ui.plots.parts import ColorBar, FigureLine
from playground.ui.plots.strip import Strip
from playground.ui.theme import DARK, Theme

Item = TypeVar("Item", bound=pg.GraphicsObject)


class LayersView(QWidget):
    """One picture per layer; what is drawn and read out is said by a subclass.

    Parameters
    ----------
    legend
        Stands at the right above the pictures.
    """

    subject: ClassVar[str] = ""
    readout_name: ClassVar[str] = ""
    """What a screen reader calls the line that reads out what is under the cursor."""

    def __init__(self, legend: FigureLine | ColorBar, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mirror: Mirror | None = None
        self._theme = DARK
        self._cursor: QPointF | None = None
        self._themed_legend = legend
        self.strip = Strip(f"{self.subject} of every layer")
        self.readout = FigureLine(self.readout_name)
        above = QHBoxLayout()
        above.addWidget(self.readout)
        above.addWidget(legend)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(above)
        layout.addWidget(self.strip, 1)
        self.strip.canvas.set_notice(f"The {self.subject.lower()} of every layer appear here")
        self.strip.resized.connect(self._place)
        self.strip.canvas.cursor_moved.connect(self._move_cursor)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._theme = theme
        for part in (self.strip, self.readout, self._themed_legend):
            part.set_theme(theme)

    def refresh(self) -> None:
        """Draw what the mirror holds now."""
        raise NotImplementedError

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what was missed while hidden."""
        super().showEvent(event)
        self.refresh()

    def _fit_count(self, items: list[Item], count: int, make: Callable[[], Item]) -> None:
        """Have so many items in the strip; those there are stay as long as they are needed."""
        while len(items) > count:
            self.strip.canvas.removeItem(items.pop())
        while len(items) < count:
            items.append(make())
            self.strip.canvas.addItem(items[-1])

    def _share_out(self, count: int, least_px: float, most_px: float, gap_px: int) -> list[tuple[int, int]]:
        """(left, width) in pixels of so many pictures that share the width evenly, down to a least; then it scrolls."""
        share_px = (self.strip.viewport().width() + gap_px) / count - gap_px
        width_px = int(min(most_px, max(least_px, share_px)))
        self.strip.set_content_width(count * (width_px + gap_px) - gap_px)
        return [(place * (width_px + gap_px), width_px) for place in range(count)]

    def _move_cursor(self, position: QPointF | None) -> None:
        self._cursor = position
        self._show_cursor()

    def _place(self) -> None:
        """Put the pictures side by side."""
        raise NotImplementedError

    def _show_cursor(self) -> None:
        """Mark and read out what is under the cursor."""
        raise NotImplementedError
