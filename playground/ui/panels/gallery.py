"""The tiles of the gallery: a data set as a small picture that can be clicked, and an empty plane to paint on."""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

import numpy as np
import qtawesome
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPen

import nncore as nn
from playground.document.fitting import is_plane
from playground.document.table import OwnDataset
from playground.engine.planes import principal_plane
from playground.ui.controls import PushButton, identify
from playground.ui.plots.point_colors import colors_of
from playground.ui.text import summary
from playground.ui.theme import DARK, Theme

_SAMPLES = 200
_PICTURES = 4
"""So many samples are shown of a data set of pictures."""
_MARGIN_PX = 3
_LEAST_PX, _HEIGHT_PX = 34, 33
_OWN = "points of your own"


class _Dots(NamedTuple):
    """What is painted of samples that are points."""

    places: np.ndarray
    """(n_samples, 2): 0 … 1, x2 growing upwards."""
    kinds: np.ndarray
    """(n_samples,): which of the colours each has."""


class DatasetButton(PushButton):
    """Shows 200 points of a data set without noise, the way up they stand on the surface, or some of its pictures."""

    def __init__(self, dataset: nn.Dataset) -> None:
        super().__init__()
        self.setCheckable(True)
        self.setMinimumWidth(_LEAST_PX)
        self._theme = DARK
        self._limit = 1.0
        self.show_dataset(dataset)

    @property
    def dataset(self) -> nn.Dataset:
        """What it shows, and a click gives."""
        return self._dataset

    def show_dataset(self, dataset: nn.Dataset) -> None:
        """Show this data set: the same with other settings, or other points of the user's own."""
        self._dataset = dataset
        for made in ("_dots", "_pictures"):
            self.__dict__.pop(made, None)
        identify(self, f"dataset-{dataset.name.replace('_', '-')}", f"Data set {dataset.label}")
        own = isinstance(dataset, OwnDataset)
        self.setToolTip(f"{dataset.label}: {_OWN if own else summary(type(dataset))}")
        self.update()

    def sizeHint(self) -> QSize:
        """Room for a picture, four of them side by side."""
        return QSize(_LEAST_PX, _HEIGHT_PX)

    def set_theme(self, theme: Theme) -> None:
        """Paint the points in these colours."""
        self._theme = theme
        self.update()

    def prepare(self) -> None:
        """Make what is painted, lest that holds up the page on which it is first seen."""
        _ = self._dots if self._dataset.shape is None else self._pictures

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the frame of a button, and the samples in it."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = min(self.width(), self.height()) - 2 * _MARGIN_PX
        area = QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)
        if self._dataset.shape is None:
            self._paint_dots(painter, area)
        else:
            self._paint_pictures(painter, area)
        painter.end()

    def _paint_dots(self, painter: QPainter, area: QRectF) -> None:
        places, kinds = self._dots
        x = area.left() + area.width() * places[:, 0]
        y = area.bottom() - area.height() * places[:, 1]  # x₂ grows upwards, pixels downwards
        width = 7.0 if len(x) < 20 else 2.4
        for kind, color in enumerate(colors_of(self._dataset, self._limit).colors(self._theme)):
            painter.setPen(QPen(color, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            chosen = kinds == kind
            painter.drawPoints([QPointF(*place) for place in np.column_stack((x[chosen], y[chosen])).tolist()])

    def _paint_pictures(self, painter: QPainter, area: QRectF) -> None:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        half = area.width() / 2 - 1
        for index, picture in enumerate(self._pictures):
            row, column = divmod(index, 2)
            corner = area.topLeft() + QPointF(column * (half + 2), row * (half + 2))
            painter.drawImage(QRectF(corner.x(), corner.y(), half, half), picture)

    # Made when they are first seen, or before in an idle moment: all at once would hold up the window's start.

    @cached_property
    def _dots(self) -> _Dots:
        dataset = self._dataset
        points, labels = _sample(dataset)
        low, high = dataset.domain
        if not is_plane(dataset):
            points = principal_plane(points).project(points)
            high = 1.05 * float(np.abs(points).max())
            low = -high
        points, labels = _distinct(points, labels)
        self._limit = float(np.abs(labels).max()) or 1.0
        return _Dots((points - low) / (high - low), colors_of(dataset, self._limit).kinds(labels[:, 0]))

    @cached_property
    def _pictures(self) -> list[QImage]:
        X, labels = self._dataset.generate(_PICTURES * self._dataset.n_classes, 0.0, 0)
        # As many classes as there is room for, and of these the first samples.
        _, first = np.unique(labels, return_index=True)
        chosen = [*sorted(first), *(set(range(len(X))) - set(first))][:_PICTURES]
        return [_image(x.reshape(self._dataset.shape)) for x in X[chosen]]


class PaintButton(PushButton):
    """Begins an empty plane to paint on."""

    def __init__(self, task: str, what: str) -> None:
        super().__init__()
        self.setMinimumWidth(_LEAST_PX)
        self.setIconSize(QSize(18, 18))
        self.setToolTip(f"Paint your own: {what}")
        identify(self, f"paint-own-{task}", f"Paint your own: {what}")

    def sizeHint(self) -> QSize:
        """As large as the pictures beside it."""
        return QSize(_LEAST_PX, _HEIGHT_PX)

    def set_theme(self, theme: Theme) -> None:
        """Draw the brush in these colours."""
        self.setIcon(qtawesome.icon("mdi6.brush-outline", color=theme.muted, color_active=theme.text))


def _sample(dataset: nn.Dataset) -> tuple[np.ndarray, np.ndarray]:
    """Points and labels for a small picture; of many points of the user's own only some, evenly chosen."""
    if isinstance(dataset, OwnDataset):
        step = -(-dataset.table.n_rows // _SAMPLES)
        return dataset.table.rows.X[::step], dataset.table.rows.y[::step, None]
    return dataset.generate(min(_SAMPLES, dataset.size or _SAMPLES), 0.0, 0)


def _distinct(points: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Every point once: a truth table repeats its rows."""
    _, first = np.unique(points, axis=0, return_index=True)
    return points[first], labels[first]


def _image(picture: np.ndarray) -> QImage:
    """A picture of 0 … 1, (height, width) from paper to ink or (height, width, 3) in colours."""
    ink = np.repeat(1 - picture[..., None], 3, axis=2) if picture.ndim == 2 else picture
    pixels = np.ascontiguousarray(np.rint(255 * ink).astype(np.uint8))
    height, width, _ = pixels.shape
    return QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()
