"""The map of one neuron, large enough to see what it has learned."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from playground.ui.theme import DARK, Theme

SIDE_PX = 120
RADIUS_PX = 8


class MapPicture(QWidget):
    """A square picture of (resolution, resolution) values, whose row 0 is the bottom."""

    def __init__(self) -> None:
        super().__init__()
        self._theme = DARK
        self._values: np.ndarray | None = None
        self.setFixedSize(SIDE_PX, SIDE_PX)
        self.setAccessibleName("Map of the neuron")
        self.setToolTip("What the neuron answers at every point of the plane")

    def set_theme(self, theme: Theme) -> None:
        """Use these colours."""
        self._theme = theme
        self.update()

    def show_map(self, values: np.ndarray) -> None:
        """Show these values, -1 … 1; the array is kept."""
        self._values = values
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the map with round corners and a thin ring."""
        if self._values is None:
            return
        ratio = self.devicePixelRatioF()
        between = _interpolation(len(self._values), round(SIDE_PX * ratio))
        # Qt scales smoothly too, but takes 8 ms for it without a graphics card.
        with np.errstate(invalid="ignore"):
            pixels = np.ascontiguousarray(self._theme.to_pixels(between @ self._values @ between.T)[::-1])
        image = QImage(pixels.data, len(pixels), len(pixels), 4 * len(pixels), QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(ratio)
        square = QRectF(self.rect())
        corners, rounded = QPainterPath(), QPainterPath()
        corners.addRect(square)
        rounded.addRoundedRect(square, RADIUS_PX, RADIUS_PX)
        painter = QPainter(self)
        painter.drawImage(QPointF(0, 0), image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillPath(corners - rounded, self._theme.color("panel"))
        painter.setPen(QPen(self._theme.color("text", 0.22), 1))
        painter.drawRoundedRect(square.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS_PX - 0.5, RADIUS_PX - 0.5)
        painter.end()


@lru_cache(maxsize=8)
def _interpolation(samples: int, pixels: int) -> np.ndarray:
    """What makes `pixels` values of so many `samples` along an axis, linearly: (pixels, samples)."""
    places = np.linspace(0, samples - 1, pixels)
    return np.clip(1 - np.abs(places[:, None] - np.arange(samples)), 0, None).astype(np.float32)
