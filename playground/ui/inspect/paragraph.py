"""A few lines of words that change sixty times a second: painted, since labels would lay out the window anew."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QAccessible, QFontMetricsF, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.ui.fonts import body_font
from playground.ui.inspect.formula import Words, text_of
from playground.ui.theme import DARK, Theme

LINE_PX = 18
_SPACE_PX = 5
_INDENT_PX = 16
"""Of a line that goes on from the one above."""
_LEADING = ("+", "−", "=", "·")
"""They stay with what stands behind them."""


class Paragraph(QWidget):
    """Formulas, one below the other, broken between words where they are too long.

    Parameters
    ----------
    name
        What a screen reader calls it.
    """

    def __init__(self, name: str) -> None:
        super().__init__()
        self._theme = DARK
        self._lines: tuple[Words, ...] = ()
        self._needed_px = LINE_PX
        self.setFont(body_font())
        self.setAccessibleName(name)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setSizePolicy(policy)

    @property
    def text(self) -> str:
        """What it says."""
        return "\n".join(map(text_of, self._lines))

    def set_theme(self, theme: Theme) -> None:
        """Use these colours."""
        self._theme = theme
        self.update()

    def show_lines(self, *lines: Words) -> None:
        """Say this from now on."""
        if lines == self._lines:
            return
        self._lines = lines
        if QAccessible.isActive():
            self.setAccessibleDescription(self.text)
        self._fit()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(160, self._needed_px)

    def minimumSizeHint(self) -> QSize:
        return QSize(60, self._needed_px)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break the lines anew."""
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Write the words."""
        painter = QPainter(self)
        painter.setFont(self.font())
        for at, text, token in self._placed():
            painter.setPen(self._theme.color(token))
            painter.drawText(at, text)
        painter.end()

    def _fit(self) -> None:
        placed = self._placed()
        rows = round((placed[-1][0].y() - placed[0][0].y()) / LINE_PX) + 1 if placed else 1
        if rows * LINE_PX != self._needed_px:
            self._needed_px = rows * LINE_PX
            self.updateGeometry()

    def _placed(self) -> list[tuple[QPointF, str, str]]:
        """Every word: where it begins, its text, its colour."""
        metrics = QFontMetricsF(self.font())
        y = (LINE_PX + metrics.ascent() - metrics.descent()) / 2
        placed = []
        for words in self._lines:
            x = 0.0
            for word, behind in zip(words, (*words[1:], None), strict=True):
                wide = whole = metrics.horizontalAdvance(word.text)
                if word.text in _LEADING and behind is not None:
                    whole += _SPACE_PX + metrics.horizontalAdvance(behind.text)
                if x > _INDENT_PX and math.floor(x + whole) > self.width():
                    x, y = float(_INDENT_PX), y + LINE_PX
                placed.append((QPointF(x, y), word.text, word.token))
                x += wide + _SPACE_PX
            y += LINE_PX
        return placed
