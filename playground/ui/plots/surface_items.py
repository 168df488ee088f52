"""The coloured plane that the surface plot paints."""

from __future__ import annotations

import functools

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QImage, QPainter, QTransform

from playground.ui.theme import DARK, Theme, rgb_of

_CORNER_PX = 4.0

_FINEST_PX = 560
"""Pixels along a side that are computed one by one; a larger surface is scaled up from there, which nobody sees."""
_FINEST_CLASSES_PX = 400
"""The same where there are three classes; of more of them there are fewer."""
_CLASS_SHADES = 64
_STEEPEST = 8.0
"""Logits are clipped here, where float32 scores near ±1 have no digits left."""
_PALE, _SHADES = 4.0, 1024
"""Beyond this logit the colour is full; below, so many shades."""


class PlaneItem(pg.GraphicsObject):
    """Scores over a square of the plane as colours, enlarged to the pixels of the screen, with rounded corners.

    What is enlarged are logits, artanh of the scores: a steep border between two classes stays steep, and straight,
    where enlarged scores would be blurred and enlarged colours be a staircase.
    """

    def __init__(self) -> None:
        super().__init__()
        self._theme = DARK
        self._domain = (-1.0, 1.0)
        self._logits = np.zeros((2, 2), np.float32)
        self._classes: np.ndarray | None = None
        """(k, n, n) shares of the classes, where there are more than two."""
        self._decided = False
        self._pixels = np.zeros((0, 0), np.uint32)
        self._image = QImage()
        self._stale = True

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._theme = theme
        self._forget()

    def set_domain(self, low: float, high: float) -> None:
        """The first and last sample of each axis lie at `low` and `high`."""
        self.prepareGeometryChange()
        self._domain = (low, high)

    def set_scores(self, scores: np.ndarray, decided: bool) -> None:
        """Draw (n, n) scores -1 … +1, row 0 the lowest x2; or, `decided`, only which class they speak for."""
        known = np.nan_to_num(scores.astype(np.float32), posinf=1, neginf=-1)
        bound = np.float32(np.tanh(_STEEPEST))
        self._logits = np.arctanh(np.clip(known, -bound, bound))
        self._decided = decided and bool(np.isfinite(scores).all())
        self._classes = None
        self._forget()

    def set_classes(self, scores: np.ndarray, decided: bool) -> None:
        """Draw (k, n, n) scores -1 … +1 of k classes: the one with the largest, the paler the nearer to a tie."""
        self._classes = np.clip((np.nan_to_num(scores.astype(np.float32)) + 1) / 2, 0, 1)
        self._decided = decided
        self._forget()

    def _forget(self) -> None:
        self._stale = True
        self.update()

    def boundingRect(self) -> QRectF:  # noqa: N802 - Qt's own virtual method
        """The square, in the coordinates of the plane."""
        low, high = self._domain
        return QRectF(low, low, high - low, high - low)

    def paint(self, painter: QPainter, option, widget=None) -> None:
        """Fill the rounded square with the image."""
        low, high = self._domain
        side = self.mapRectToScene(self.boundingRect()).width() * painter.device().devicePixelRatioF()
        finest = _FINEST_PX if self._classes is None else _finest_of_classes(len(self._classes))
        self._draw(max(16, min(finest, round(side))))
        step = (high - low) / len(self._pixels)
        brush = QBrush(self._image)
        # The plot's y axis points up, so that row 0, the first of the image, comes to lie at the bottom.
        brush.setTransform(QTransform(step, 0, 0, step, low, low))
        painter.setRenderHints(QPainter.RenderHint.SmoothPixmapTransform | QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(brush)
        corner = _CORNER_PX * abs(painter.transform().inverted()[0].m11())
        painter.drawRoundedRect(self.boundingRect(), corner, corner)

    def _draw(self, side: int) -> None:
        """Bring the image up to date, at this many pixels along a side."""
        if len(self._pixels) != side:
            self._pixels = np.empty((side, side), np.uint32)
            self._image = _image_over(self._pixels)
        elif not self._stale:
            return
        self._stale = False
        if self._classes is not None:
            _paint_classes(self._classes, self._decided, self._theme, self._pixels)
            return
        spline = spline_weights(len(self._logits), side)
        logits = spline @ self._logits @ spline.T
        if self._decided:
            _sharpen(logits)
        logits *= np.float32((_SHADES - 1) / (2 * _PALE))
        logits += np.float32((_SHADES - 1) / 2 + 0.5)
        places = np.clip(logits, 0, _SHADES - 1, out=logits).astype(np.uint16)
        np.take(_shades(self._theme), places, out=self._pixels, mode="clip")


@functools.lru_cache(maxsize=8)
def spline_weights(samples: int, places: int) -> np.ndarray:
    """(places, samples) float32: what each sample weighs at the centre of each of so many equal parts of a line.

    The first and the last sample lie at the ends of the line. The weights are those of a cubic B-spline, which
    smoothes a little: it takes the staircase out of borders steeper than the samples can tell. Beyond its ends the line
    goes on straight, so that a plane remains one.
    """
    at = (np.arange(places) + 0.5) / places * (samples - 1)
    distance = np.abs(at[:, None] - np.arange(-1, samples + 1))
    near, far = 2 / 3 - distance**2 + distance**3 / 2, (2 - distance) ** 3 / 6
    weights = np.where(distance < 1, near, np.where(distance < 2, far, 0))
    inside = weights[:, 1:-1].copy()
    for outer, edge, next_one in ((0, 0, 1), (-1, -1, -2)):
        inside[:, edge] += 2 * weights[:, outer]
        inside[:, next_one] -= weights[:, outer]
    return inside.astype(np.float32)


def _sharpen(logits: np.ndarray) -> None:
    """Turn logits into a decision, in place: full colours, with a border one pixel wide so that it has no steps."""
    slope = np.full_like(logits, 1e-9)
    slope[:, :-1] += np.abs(logits[:, 1:] - logits[:, :-1])
    slope[:-1] += np.abs(logits[1:] - logits[:-1])
    logits += np.float32(1e-7)  # a score of exactly 0 speaks for the class +1
    np.divide(logits, slope, out=logits)
    logits *= 2 * _PALE


@functools.lru_cache(maxsize=4)
def _shades(theme: Theme) -> np.ndarray:
    """(_SHADES,) pixels for logits from -_PALE to +_PALE."""
    return theme.to_pixels(np.tanh(np.linspace(-_PALE, _PALE, _SHADES)) / np.tanh(_PALE))


def _finest_of_classes(k: int) -> int:
    """Pixels along a side that are computed one by one: every class has to be."""
    return round(_FINEST_CLASSES_PX * min(1.0, (3 / k) ** 0.5))


def _paint_classes(shares: np.ndarray, decided: bool, theme: Theme, pixels: np.ndarray) -> None:
    """Colour (side, side) pixels by the largest of (k, n, n) shares."""
    k, side = len(shares), len(pixels)
    spline = spline_weights(shares.shape[-1], side)
    fine = np.matmul(np.matmul(spline, shares), spline.T)
    winner = fine.argmax(axis=0)
    strength = fine.max(axis=0)
    # A share of 1/k is that of a tie of all.
    strength -= np.float32(1 / k)
    strength *= np.float32((_CLASS_SHADES - 1) * k / (k - 1))
    np.clip(strength, 0, _CLASS_SHADES - 1, out=strength)
    if decided:
        strength[:] = _CLASS_SHADES - 1
    winner *= _CLASS_SHADES
    winner += strength.astype(np.intp)
    np.take(_class_shades(theme, k), winner, out=pixels, mode="clip")


@functools.lru_cache(maxsize=8)
def _class_shades(theme: Theme, k: int) -> np.ndarray:
    """(k · _CLASS_SHADES,) pixels: for each class from a tie to certainty."""
    zero = np.array(rgb_of(theme.zero), np.float32)
    full = theme.class_rgb[np.arange(k) % len(theme.class_rgb)][:, None]
    share = np.linspace(0, 1, _CLASS_SHADES, dtype=np.float32)[:, None]
    rgb = np.rint(zero + (full - zero) * share).astype(np.uint32).reshape(-1, 3)
    return (np.uint32(255) << 24) | (rgb[:, 0] << 16) | (rgb[:, 1] << 8) | rgb[:, 2]


def _image_over(pixels: np.ndarray) -> QImage:
    """A picture that shows whatever the (height, width) uint32 array holds; the array must be kept alive."""
    height, width = pixels.shape
    return QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGB32)
