"""The points that the surface plot paints over the plane."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap

from playground.engine.problem import Problem, Samples
from playground.ui.plots.point_colors import ClassColors, PointColors, point_colors
from playground.ui.theme import DARK, Theme

_HALO_PX = 1.0
_RING_PX = 1.5
_MANY = 300
"""More different points than these are small."""


class PointsItem(pg.GraphicsObject):
    """Labelled points, drawn once into pixmaps: however many there are, a frame costs two copies of them.

    Training points are discs, test points (`hollow`) rings. Both have a dark rim, by which they can be told from each
    other, in a light halo, by which they can be told from a surface, whatever the colours. All halos lie below all
    points: a chain of points shows the colour of the points. Points that come to those there are, as while one paints,
    are drawn alone.
    """

    def __init__(self, hollow: bool) -> None:
        super().__init__()
        self._hollow = hollow
        self._theme = DARK
        self._domain = (-1.0, 1.0)
        self._points = np.empty((0, 2))
        self._kinds = np.empty(0, np.intp)
        self._colors: PointColors = ClassColors(2)
        self._palette: list[QColor] = []
        self._radius = 0.0
        self._layers: tuple[QPixmap, QPixmap] | None = None
        """Halos, and points; None if they have to be drawn anew."""
        self._drawn = 0
        """How many of the points are in them."""

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._theme = theme
        self._palette = self._colors.colors(theme)
        self._forget()

    def set_samples(self, samples: Samples, problem: Problem) -> None:
        """Show those of the samples of a problem that lie in its domain."""
        low, high = problem.domain
        inside = ((samples.points >= low) & (samples.points <= high)).all(axis=1)
        points, colors = samples.points[inside], point_colors(problem)
        kinds, palette = colors.kinds(samples.labels[inside, 0]), colors.colors(self._theme)
        # Points that lie on each other count once; whether there are many can be told from the first of them.
        radius = point_radius(len(set(map(tuple, points[: 2 * _MANY].tolist()))))
        alike = (problem.domain, radius, palette) == (self._domain, self._radius, self._palette)
        known = self._drawn
        if not (alike and _begins_with(points, self._points[:known]) and _begins_with(kinds, self._kinds[:known])):
            self._forget()
        elif known < len(points):
            self.update()
        if problem.domain != self._domain:
            self.prepareGeometryChange()
        self._domain, self._points, self._kinds, self._radius = problem.domain, points, kinds, radius
        self._colors, self._palette = colors, palette

    def _forget(self) -> None:
        self._layers, self._drawn = None, 0
        self.update()

    def boundingRect(self) -> QRectF:  # noqa: N802 - Qt's own virtual method
        """The whole domain."""
        low, high = self._domain
        return QRectF(low, low, high - low, high - low)

    def paint(self, painter: QPainter, option, widget=None) -> None:
        """Copy the pixmaps, drawn anew after a change of size or content."""
        area = self.mapRectToScene(self.boundingRect()).toAlignedRect()
        ratio = painter.device().devicePixelRatioF()
        layers = self._up_to_date(area, ratio)
        # In the scene's coordinates, which are pixels, the copy is exact; in the plane's it would be resampled.
        painter.setTransform(self.sceneTransform().inverted()[0] * painter.transform())
        for layer in layers:
            painter.drawPixmap(area.topLeft(), layer)

    def _up_to_date(self, area: QRect, ratio: float) -> tuple[QPixmap, QPixmap]:
        """The pixmaps, with all points in them."""
        layers = self._layers
        if layers is None or layers[0].size() != area.size() * ratio or layers[0].devicePixelRatio() != ratio:
            layers = self._layers = (_empty(area, ratio), _empty(area, ratio))
            self._drawn = 0
        if self._drawn < len(self._points):
            self._draw_on(layers, ratio)
        return layers

    def _draw_on(self, layers: tuple[QPixmap, QPixmap], ratio: float) -> None:
        """Draw the points that are not in the pixmaps yet."""
        low, high = self._domain
        light, dark = map(self._theme.color, ("text", "canvas") if self._theme.name == "dark" else ("panel", "text"))
        stamps = [point_stamp(color, dark, self._radius, self._hollow, ratio) for color in self._palette]
        halos = [halo_stamp(light, self._radius, self._hollow, ratio)] * len(stamps)
        half = stamps[0].width() / ratio / 2
        width, height = (layers[0].deviceIndependentSize().width(), layers[0].deviceIndependentSize().height())
        points, kinds = self._points[self._drawn :], self._kinds[self._drawn :].tolist()
        x = (points[:, 0] - low) / (high - low) * width - half
        y = (high - points[:, 1]) / (high - low) * height - half
        places = [QPointF(*place) for place in zip(x.tolist(), y.tolist(), strict=True)]
        for layer, pictures in zip(layers, (halos, stamps), strict=True):
            painter = QPainter(layer)
            for place, kind in zip(places, kinds, strict=True):
                painter.drawPixmap(place, pictures[kind])
            painter.end()
        self._drawn = len(self._points)


def _begins_with(array: np.ndarray, start: np.ndarray) -> bool:
    return len(array) >= len(start) and np.array_equal(array[: len(start)], start)


def _empty(area: QRect, ratio: float) -> QPixmap:
    pixmap = QPixmap(int(area.width() * ratio), int(area.height() * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    return pixmap


def point_radius(count: int) -> float:
    """Pixels, for so many different points: a few are large, and many do not hide the surface."""
    if count <= 16:
        return 5.0
    return 3.0 if count <= _MANY else 2.25


def point_stamp(color: QColor, rim: QColor, radius: float, hollow: bool, ratio: float) -> QPixmap:
    """The picture of one point in a colour, with a rim in another one."""
    return _stamp([(rim, _rim_px(radius)), (color, 0.0)], radius, hollow, ratio)


def halo_stamp(color: QColor, radius: float, hollow: bool, ratio: float) -> QPixmap:
    """What lies below a point, and is seen around it."""
    return _stamp([(color, _rim_px(radius) + _HALO_PX)], radius, hollow, ratio)


def _rim_px(radius: float) -> float:
    """How wide a rim is: finer where the points are small, lest it take their colour."""
    return min(1.0, radius / 2.6)


def _stamp(layers: Sequence[tuple[QColor, float]], radius: float, hollow: bool, ratio: float) -> QPixmap:
    """Discs or rings upon each other, each wider by so many pixels at its edges than the point itself."""
    size = 2 * radius + 10
    pixmap = QPixmap(round(size * ratio), round(size * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    center = QPointF(size / 2, size / 2)
    for color, wider in layers:
        if hollow:
            # A little larger than a disc: where a test point lies on a training point, both can be seen.
            # With edges inside and outside, each of which is finer.
            painter.setPen(pg.mkPen(color, width=_RING_PX + 1.3 * wider))
            painter.drawEllipse(center, radius + _RING_PX, radius + _RING_PX)
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color)
            painter.drawEllipse(center, radius + wider, radius + wider)
    painter.end()
    return pixmap
