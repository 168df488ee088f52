"""The frames of a film: off-screen views of a network that learns, with the epoch below them."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter

from playground.document.spec import Spec
from playground.engine.mirror import Mirror
from playground.engine.snapshot import History
from playground.keeping.film import Frame, Moment, packed
from playground.ui.canvas.canvas import NetworkCanvas
from playground.ui.export.pictures import Exhibit, Look, Subject, image_of, paper_with
from playground.ui.plots.parts import small_font
from playground.ui.text import grouped
from playground.ui.theme import Theme

FOOT_PX = 28
BAR_PX = 3
EDGE_PX = 12
WIDE = 1.5
"""A network is so much wider than high."""


class FramePainter:
    """Paints one moment after the other.

    Parameters
    ----------
    spec
        What is trained.
    shown
        The views that stand side by side in a frame.
    theme
        Its colours.
    height
        Of a frame, in pixels.
    """

    def __init__(self, spec: Spec, shown: Sequence[Exhibit], theme: Theme, height: int) -> None:
        self._mirror, self._history = Mirror(spec), History()
        self._theme = theme
        self._moment = Moment(0, self._mirror.network.values, self._history.rows)
        looks = [Look(theme, QSize(round(height * _shape(each)), height - FOOT_PX)) for each in shown]
        self.size = QSize(sum(look.size.width() for look in looks), height)
        self._open = ExitStack()
        subject = Subject(self._mirror, self._history)
        self._papers = [
            (self._open.enter_context(paper_with(each, subject, look)), look)
            for each, look in zip(shown, looks, strict=True)
        ]

    def close(self) -> None:
        """Give the views away."""
        self._open.close()

    def take(self, moment: Moment) -> None:
        """Compute what is to be painted of a moment."""
        self._moment = moment
        self._mirror.load(moment.values)
        self._history.append(moment.rows)
        _ = self._mirror.maps  # it keeps them for the views

    def paint(self, share: float) -> QImage:
        """The frame of the moment that was taken, when so much of the film is over, 0 … 1."""
        image = QImage(self.size, QImage.Format.Format_RGB888)
        image.fill(self._theme.color("panel"))
        with QPainter(image) as painter:
            left = 0
            for paper, look in self._papers:
                paper.refresh()
                painter.drawImage(left, 0, image_of(paper, look, 1))
                left += look.size.width()
            self._paint_foot(painter, self._moment.epoch, share)
        return image

    def _paint_foot(self, painter: QPainter, epoch: int, share: float) -> None:
        width, height = self.size.width(), self.size.height()
        painter.setFont(small_font(bold=True))
        painter.setPen(self._theme.color("text"))
        line = QRectF(EDGE_PX, height - FOOT_PX, width - 2 * EDGE_PX, FOOT_PX - BAR_PX)
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, f"epoch {grouped(epoch)}")
        painter.fillRect(QRectF(0, height - BAR_PX, width, BAR_PX), self._theme.color("hairline"))
        painter.fillRect(QRectF(0, height - BAR_PX, width * share, BAR_PX), self._theme.color("accent"))


def _shape(exhibit: Exhibit) -> float:
    """The width of a view in a film, as a share of its height."""
    return WIDE if isinstance(exhibit.view, NetworkCanvas) else 1.0


def frame_of(image: QImage) -> Frame:
    """A picture as it is sent to be encoded."""
    width, height = image.width(), image.height()
    rows = memoryview(image.constBits()).cast("B")
    stride = image.bytesPerLine()
    if stride != 3 * width:  # rows of a picture begin at multiples of four bytes
        rows = b"".join(rows[row * stride : row * stride + 3 * width] for row in range(height))
    return packed(width, height, rows)
