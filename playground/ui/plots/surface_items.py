"""What the surface plot paints: the coloured plane, and the points on it."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QImage, QPainter, QPixmap, QTransform

from playground.engine.problem import Samples
from playground.ui.theme import DARK, Theme

_CORNER_PX = 4.0
_RADIUS_PX = 3.0


class PlaneItem(pg.GraphicsObject):
    """Scores over a square of the plane as colours, smoothly enlarged, with rounded corners."""

    def __init__(self) -> None:
        super().__init__()
        self._theme = DARK
        self._domain = (-1.0, 1.0)
        self._scores = np.zeros((2, 2))
        self._pixels = np.zeros((2, 2), np.uint32)
        self._image = _image_over(self._pixels)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._theme = theme
        self.set_scores(self._scores)

    def set_domain(self, low: float, high: float) -> None:
        """The first and last sample of each axis lie at `low` and `high`."""
        self.prepareGeometryChange()
        self._domain = (low, high)

    def set_scores(self, scores: np.ndarray) -> None:
        """Draw (n, n) scores -1 … +1; row 0 is the lowest x2."""
        self._scores = scores
        if scores.shape != self._pixels.shape:
            self._pixels = np.empty(scores.shape, np.uint32)
            self._image = _image_over(self._pixels)
        self._pixels[:] = self._theme.to_pixels(scores)
        self.update()

    def boundingRect(self) -> QRectF:  # noqa: N802 - Qt's own virtual method
        """The square, in the coordinates of the plane."""
        low, high = self._domain
        return QRectF(low, low, high - low, high - low)

    def paint(self, painter: QPainter, option, widget=None) -> None:
        """Fill the rounded square with the image: sample centres lie on their coordinates."""
        low, high = self._domain
        step = (high - low) / (len(self._pixels) - 1)
        brush = QBrush(self._image)
        # The plot's y axis points up, so that row 0, the first of the image, comes to lie at the bottom.
        brush.setTransform(QTransform(step, 0, 0, step, low - step / 2, low - step / 2))
        painter.setRenderHints(QPainter.RenderHint.SmoothPixmapTransform | QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(brush)
        corner = _CORNER_PX * abs(painter.transform().inverted()[0].m11())
        painter.drawRoundedRect(self.boundingRect(), corner, corner)


class PointsItem(pg.GraphicsObject):
    """Labelled points, drawn once into a pixmap: however many there are, a frame costs one copy of it.

    Training points are discs with a ring; test points (`hollow`) are rings with a halo on both sides, so that
    either can be told from a surface of its own colour.
    """

    def __init__(self, hollow: bool) -> None:
        super().__init__()
        self._hollow = hollow
        self._theme = DARK
        self._domain = (-1.0, 1.0)
        self._points = np.empty((0, 2))
        self._positive = np.empty(0, bool)
        self._drawn: QPixmap | None = None

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._theme = theme
        self._forget()

    def set_samples(self, samples: Samples, domain: tuple[float, float]) -> None:
        """Show those of the samples that lie in the domain."""
        low, high = domain
        inside = ((samples.points >= low) & (samples.points <= high)).all(axis=1)
        self.prepareGeometryChange()
        self._domain = domain
        self._points = samples.points[inside]
        self._positive = samples.labels[inside, 0] >= 0
        self._forget()

    def _forget(self) -> None:
        self._drawn = None
        self.update()

    def boundingRect(self) -> QRectF:  # noqa: N802 - Qt's own virtual method
        """The whole domain."""
        low, high = self._domain
        return QRectF(low, low, high - low, high - low)

    def paint(self, painter: QPainter, option, widget=None) -> None:
        """Copy the pixmap, drawn anew after a change of size or content."""
        area = self.mapRectToScene(self.boundingRect()).toAlignedRect()
        ratio = painter.device().devicePixelRatioF()
        if self._drawn is None or self._drawn.size() != area.size() * ratio or self._drawn.devicePixelRatio() != ratio:
            self._drawn = self._draw(area.width(), area.height(), ratio)
        # In the scene's coordinates, which are pixels, the copy is exact; in the plane's it would be resampled.
        painter.setTransform(self.sceneTransform().inverted()[0] * painter.transform())
        painter.drawPixmap(area.topLeft(), self._drawn)

    def _draw(self, width: int, height: int, ratio: float) -> QPixmap:
        pixmap = QPixmap(int(width * ratio), int(height * ratio))
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        low, high = self._domain
        stamps = [point_stamp(self._theme, positive, self._hollow, ratio) for positive in (False, True)]
        half = stamps[0].width() / ratio / 2
        x = (self._points[:, 0] - low) / (high - low) * width - half
        y = (high - self._points[:, 1]) / (high - low) * height - half
        painter = QPainter(pixmap)
        for x_px, y_px, positive in zip(x.tolist(), y.tolist(), self._positive.tolist(), strict=True):
            painter.drawPixmap(QPointF(x_px, y_px), stamps[positive])
        painter.end()
        return pixmap


def point_stamp(theme: Theme, positive: bool, hollow: bool, ratio: float) -> QPixmap:
    """The picture of one point."""
    size = 2 * _RADIUS_PX + 6
    pixmap = QPixmap(int(size * ratio), int(size * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    color = theme.color("positive" if positive else "negative")
    halo = theme.color("text" if theme.name == "dark" else "panel", 0.95)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    center = QPointF(size / 2, size / 2)
    if hollow:
        for ring, width in ((halo, 3.2), (color, 1.4)):
            painter.setPen(pg.mkPen(ring, width=width))
            painter.drawEllipse(center, _RADIUS_PX, _RADIUS_PX)
    else:
        painter.setPen(pg.mkPen(halo, width=1.2))
        painter.setBrush(color)
        painter.drawEllipse(center, _RADIUS_PX + 0.4, _RADIUS_PX + 0.4)
    painter.end()
    return pixmap


def _image_over(pixels: np.ndarray) -> QImage:
    """A picture that shows whatever the (height, width) uint32 array holds; the array must be kept alive."""
    height, width = pixels.shape
    return QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGB32)
