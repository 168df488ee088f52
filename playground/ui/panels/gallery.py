"""A data set as a small picture that can be clicked."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen

import nncore as nn
from playground.ui.controls import PushButton, identify
from playground.ui.theme import DARK, Theme

_SAMPLES = 200
_MARGIN_PX = 5


class DatasetButton(PushButton):
    """Shows 200 points of a data set without noise, the way up they stand on the surface."""

    def __init__(self, name: str) -> None:
        super().__init__()
        kind = nn.Dataset.named(name)
        identify(self, f"dataset-{name.replace('_', '-')}", f"Data set {kind.label}")
        self.setCheckable(True)
        self.setToolTip(kind.label)
        self.setMinimumWidth(48)
        self._theme = DARK
        dataset = kind()
        points, labels = _distinct(*dataset.generate(_SAMPLES, 0.0, 0))
        low, high = dataset.domain
        self._places = (points - low) / (high - low)
        self._positive = labels[:, 0] > 0

    def sizeHint(self) -> QSize:
        """Room for a picture, three of them side by side."""
        return QSize(64, 48)

    def set_theme(self, theme: Theme) -> None:
        """Paint the points in these colours."""
        self._theme = theme
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the frame of a button, and the points in it."""
        super().paintEvent(event)
        side = min(self.width(), self.height()) - 2 * _MARGIN_PX
        left, bottom = (self.width() - side) / 2, (self.height() + side) / 2
        x = left + side * self._places[:, 0]
        y = bottom - side * self._places[:, 1]  # x₂ grows upwards, pixels downwards
        few = len(x) < 20
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for chosen, token in ((~self._positive, "negative"), (self._positive, "positive")):
            painter.setPen(_dot(self._theme, token, 7.0 if few else 2.4))
            painter.drawPoints([QPointF(*place) for place in np.column_stack((x[chosen], y[chosen])).tolist()])
        painter.end()


def _distinct(points: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Every point once: a truth table repeats its rows."""
    _, first = np.unique(points, axis=0, return_index=True)
    return points[first], labels[first]


def _dot(theme: Theme, token: str, diameter_px: float) -> QPen:
    return QPen(theme.color(token), diameter_px, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
