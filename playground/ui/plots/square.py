"""The square plot that a plane of points is drawn on."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from playground.engine.problem import Plane
from playground.ui.plots.plot import Axis, ShowOnlyPlot, number_ticks

_HEADING_PX = 16
_LEAST_PX = 160
_TICKS = 5
_STEPS = (1, 2, 2.5, 5, 10)


class SquarePlot(ShowOnlyPlot):
    """A plot whose area is always square and as large as fits."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Axis("left"), Axis("bottom"), parent)
        self._shown: object = None
        """Which part of the plane, and with which ticks."""

    def sizeHint(self) -> QSize:
        """A square."""
        return QSize(300, self.height_for(300))

    def minimumSizeHint(self) -> QSize:
        """A small square."""
        return QSize(_LEAST_PX, self.height_for(_LEAST_PX))

    def height_for(self, width: int) -> int:
        """The height at which a plot of this width wastes no room."""
        left, bottom = self.axes
        return width - left.room_px + bottom.room_px + self._TOP_PX

    def set_domain(self, low: float, high: float, plane: Plane | None = None) -> None:
        """Show this square of the plane; samples of more than two inputs have one with a scale of its own."""
        ticks = [number_ticks(np.linspace(low, high, _TICKS).tolist())] * 2
        if plane is not None:
            ticks = [measured_ticks(plane, axis, low, high) for axis in (0, 1)]
        if (low, high, ticks) == self._shown:  # while points are painted nothing here changes
            return
        self._shown = low, high, ticks
        left, bottom = self.axes
        bottom.set_ticks(ticks[0])
        left.set_ticks(ticks[1])
        self._fit()
        self.set_ranges((low, high), (low, high))

    def name_axes(self, names: tuple[str, str] | None) -> None:
        """Write what the axes are called above the plot; None for nothing."""
        self._TOP_PX = ShowOnlyPlot._TOP_PX + (_HEADING_PX if names else 0)
        self.set_heading(*((f"↑ {names[1]}", f"{names[0]} →") if names else ("", "")))
        self._fit()

    @property
    def pixel(self) -> float:
        """The width of a pixel in the units of the plane."""
        low, high = self.box.viewRange()[0]
        return (high - low) / max(1.0, self.box.sceneBoundingRect().width())

    def resizeEvent(self, ev: QResizeEvent | None) -> None:
        """Stay square."""
        self._fit()
        super().resizeEvent(ev)

    def _fit(self) -> None:
        """Turn what one direction has too much of into margin."""
        left, bottom = self.axes
        across = self.width() - left.room_px
        down = self.height() - bottom.room_px - self._TOP_PX
        side = max(16, min(across, down))
        spare = max(0, across - side)
        self.content.setContentsMargins(spare // 2, self._TOP_PX, spare - spare // 2, max(0, down - side))


def measured_ticks(plane: Plane, axis: int, low: float, high: float) -> list[tuple[float, str]]:
    """Ticks at round values of what an axis (0 is x) measures, from `low` to `high` of the plane."""
    first, last = (plane.label(axis, end) for end in (low, high))
    if not first < last:
        return number_ticks([low, high])
    values = round_values(first, last)
    places = [low + (value - first) / (last - first) * (high - low) for value in values]
    return [(place, text) for place, (_, text) in zip(places, number_ticks(values), strict=True)]


def round_values(low: float, high: float) -> list[float]:
    """About five round numbers, evenly spaced, in a range."""
    rough = (high - low) / (_TICKS - 1)
    unit = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * unit for factor in _STEPS if factor * unit >= rough * (1 - 1e-9))
    numbers = range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)
    # Decimal digits that the sum of binary fractions leaves behind would be written.
    return [float(f"{number * step:.12g}") for number in numbers]
