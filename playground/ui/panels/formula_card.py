"""What is shown of a formula while one types it: a card below the field, over whatever stands there."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QWidget

from playground.ui.controls import identify
from playground.ui.stylesheet import blend
from playground.ui.theme import DARK, SPACING_PX, Theme

PICTURE_PX = 34
_MARGIN_PX = SPACING_PX - 2


class FormulaCard(QFrame):
    """A picture of the formula and a line of text. It floats, so that no panel moves while somebody types.

    Parameters
    ----------
    anchor
        The card stands below this or, where the window ends, above it.
    """

    def __init__(self, anchor: QWidget) -> None:
        super().__init__(anchor)
        self._anchor = anchor
        self.setObjectName("formula-card")
        self._picture = MapLabel()
        self._about = QLabel()
        self._about.setObjectName("formula-about")
        self._about.setTextFormat(Qt.TextFormat.PlainText)
        self._about.setWordWrap(True)
        self._about.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout(self)
        row.setContentsMargins(*(_MARGIN_PX,) * 4)
        row.setSpacing(SPACING_PX)
        row.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._about, 1)
        self.hide()

    @property
    def text(self) -> str:
        """What it says."""
        return self._about.text()

    def set_theme(self, theme: Theme) -> None:
        """Use these colours."""
        self._picture.set_theme(theme)
        edge = blend(theme.hairline, theme.text, 0.22)
        self.setStyleSheet(
            f"FormulaCard {{ background: {theme.raised}; border: 1px solid {edge}; border-radius: 6px; }}"
            f"MapLabel {{ border: 1px solid {edge}; }}"
            f'QLabel {{ color: {theme.muted}; }} QLabel[wrong="true"] {{ color: {theme.danger}; }}'
        )

    def show_feature(self, values: np.ndarray, text: str, wrong: bool = False) -> None:
        """Show a feature, (n, n) values of -1 … 1 whose row 0 is the bottom, and what is to be said of it."""
        self._picture.show_map(values)
        self._picture.show()
        self._say(text, wrong)

    def show_error(self, text: str) -> None:
        """Show what is wrong with a text that is no formula."""
        self._picture.hide()
        self._say(text, wrong=True)

    def say_nothing(self) -> None:
        """What was said is no longer true, and what is true is not known yet."""
        self._about.clear()

    def _say(self, text: str, wrong: bool) -> None:
        self._about.setText(text)
        self._about.setAccessibleName(text)
        self._about.setProperty("wrong", wrong)
        self._about.style().polish(self._about)
        self._place()

    def _place(self) -> None:
        """Stand below the anchor, or above it."""
        window = self._anchor.window()
        if self.parent() is not window:  # its panel may float by now
            self.setParent(window)
        width, around = self._anchor.width(), 2 * _MARGIN_PX
        beside = 0 if self._picture.isHidden() else PICTURE_PX + SPACING_PX
        height = max(self._about.heightForWidth(width - around - beside), PICTURE_PX) + around
        at = self._anchor.mapTo(window, QPoint(0, self._anchor.height() + 2))
        if at.y() + height > window.height():
            at = self._anchor.mapTo(window, QPoint(0, -height - 2))
        self.setGeometry(at.x(), at.y(), width, height)
        self.show()
        self.raise_()


class MapLabel(QLabel):
    """A small picture of what a feature is at every point of the plane, in the colours of the canvas."""

    def __init__(self) -> None:
        super().__init__()
        self._theme = DARK
        self._values = np.zeros((1, 1))
        self.setFixedSize(PICTURE_PX, PICTURE_PX)
        self.setScaledContents(True)
        identify(self, "formula-picture", "Picture of the formula")

    def set_theme(self, theme: Theme) -> None:
        """Use these colours."""
        self._theme = theme
        self.show_map(self._values)

    def show_map(self, values: np.ndarray) -> None:
        """Show these values, (n, n) of -1 … 1; row 0 is the bottom."""
        self._values = values
        pixels = np.ascontiguousarray(self._theme.to_pixels(values[::-1]))
        height, width = pixels.shape
        self.setPixmap(QPixmap.fromImage(QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGB32)))
