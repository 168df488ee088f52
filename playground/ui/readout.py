"""A number people watch: a small caption above large figures that never move while they change."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QAccessible, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.ui.fonts import caption_font, hint_font, readout_font
from playground.ui.text import grouped_epoch, signed
from playground.ui.theme import DARK, Theme

NOTHING = "–"
_HEIGHT_PX = 42
_BEFORE_HINT_PX = 5

CAPTION_PX = 14
"""Height of a caption: the same for all that stand side by side."""


class ReadOut(QWidget):
    """Painted by itself, since a label that changes its text lays the whole bar out anew.

    Parameters
    ----------
    caption
        The small word above.
    widest
        The longest text a value can have: the place kept for it.
    pair
        Whether there are two values, training (filled dot) and test (ring), or one without a mark.
    hint
        What stands small behind the caption.
    """

    MARKER_PX = 14
    """From the left edge of a mark to its value."""

    def __init__(self, caption: str, widest: str, pair: bool, hint: str = "") -> None:
        super().__init__()
        self._caption, self._widest = caption, widest
        self._pair = pair
        self._hint = hint
        self._theme = DARK
        self._texts = (NOTHING, NOTHING) if pair else (NOTHING,)
        self._caption_font, self._hint_font, self._font = caption_font(), hint_font(), readout_font()
        self._caption_px = math.ceil(QFontMetricsF(self._caption_font).horizontalAdvance(caption.upper()))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_room(self._font.pixelSize(), hint, 0)
        self.setAccessibleName(caption)

    @property
    def texts(self) -> tuple[str, ...]:
        """What is shown."""
        return self._texts

    @property
    def hint(self) -> str:
        """What stands behind the caption."""
        return self._hint

    def set_theme(self, theme: Theme) -> None:
        """Paint in these colours."""
        self._theme = theme
        self.update()

    @property
    def value_px(self) -> int:
        """The room for a value."""
        return self._value_px

    def set_room(self, figures_px: int, widest_hint: str, gap_px: int) -> None:
        """Write figures of this height, two of them so far apart, and keep room for the longest hint."""
        self._gap_px = gap_px
        self._font.setPixelSize(figures_px)
        self._value_px = math.ceil(QFontMetricsF(self._font).horizontalAdvance(self._widest))
        self._hint_px = math.ceil(QFontMetricsF(self._hint_font).horizontalAdvance(widest_hint)) + 2
        self.setFixedSize(self._width_px(), _HEIGHT_PX)
        self.update()

    def show_caption(self, caption: str, explanation: str = "") -> None:
        """Call the values something else, no longer than before, with a tooltip that says what they are."""
        self.setToolTip(explanation)
        if caption != self._caption:
            self._caption = caption
            self._caption_px = math.ceil(QFontMetricsF(self._caption_font).horizontalAdvance(caption.upper()))
            self.setAccessibleName(caption)
            self.update()

    def show_hint(self, hint: str) -> None:
        """Put something else behind the caption; repaints only where something changed."""
        if hint != self._hint:
            self._hint = hint
            self.update()

    def show_texts(self, *texts: str) -> None:
        """Show one text per value; repaints only where something changed."""
        if texts == self._texts:
            return
        self._texts = texts
        if QAccessible.isActive():
            self.setAccessibleDescription(" / ".join(texts))
        self.update()

    def sizeHint(self) -> QSize:
        """Room for the widest values."""
        return QSize(self._width_px(), _HEIGHT_PX)

    def _width_px(self) -> int:
        if self._pair:
            return 2 * (self.MARKER_PX + self._value_px) + self._gap_px
        return max(self._value_px, self._caption_px + _BEFORE_HINT_PX + self._hint_px)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint caption, markers and values."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self._theme.color("muted"))
        painter.setFont(self._caption_font)
        painter.drawText(QRectF(0, 0, self._caption_px + 2, CAPTION_PX), Qt.AlignmentFlag.AlignVCenter, self._caption)
        if self._hint:
            painter.setFont(self._hint_font)
            hint = QRectF(self._caption_px + _BEFORE_HINT_PX, 0, self._hint_px, CAPTION_PX)
            painter.drawText(hint, Qt.AlignmentFlag.AlignVCenter, self._hint)
        painter.setFont(self._font)
        x = 0.0
        for index, text in enumerate(self._texts):
            if self._pair:
                self._paint_marker(painter, QPointF(x + 4.5, 28.5), filled=index == 0)
                x += self.MARKER_PX
            painter.setPen(self._theme.color("muted" if index else "text"))
            painter.drawText(QRectF(x, 15, self._value_px + 2, 26), Qt.AlignmentFlag.AlignVCenter, text)
            x += self._value_px + self._gap_px
        painter.end()

    def _paint_marker(self, painter: QPainter, centre: QPointF, filled: bool) -> None:
        accent = self._theme.color("accent")
        painter.setPen(QPen(accent, 1.6))
        painter.setBrush(accent if filled else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(centre, 3.4, 3.4)


def epoch_text(epoch: int) -> str:
    """`000 467`; beyond ten million `12.3 M`, so that it never outgrows its place."""
    if epoch >= 10_000_000:
        return f"{epoch / 1e6:.{1 if epoch < 1e9 else 0}f} M"
    return grouped_epoch(epoch)


def score_text(score: float, task: str) -> str:
    """An accuracy in per cent or, where values are to be found, R² with two decimals."""
    if task != "regression":
        return accuracy_text(score)
    return NOTHING if math.isnan(score) else "< −9" if score < -9 else signed(math.floor(100 * score) / 100)


def accuracy_text(accuracy: float) -> str:
    """Per cent with one decimal; 100 only where every sample is right."""
    if math.isnan(accuracy):
        return NOTHING
    if accuracy >= 1:
        return "100 %"
    return f"{math.floor(accuracy * 1000 + 1e-6) / 10:.1f} %"
