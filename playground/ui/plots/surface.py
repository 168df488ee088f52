"""The decision surface: what the network says about every point of the plane, and the points it learns from."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

import nncore as nn
from playground.engine.mirror import RESOLUTION, Mirror
from playground.ui.plots.parts import ColorBar, ReadOut, Segment
from playground.ui.plots.plot import Axis, ShowOnlyPlot, number_ticks
from playground.ui.plots.surface_items import PlaneItem, PointsItem
from playground.ui.text import signed
from playground.ui.theme import Theme

_ENLARGE = 3
"""A discretized surface is decided at this many times as many places along each axis."""


class SquarePlot(ShowOnlyPlot):
    """A plot whose area is always square and as large as fits."""

    _AXIS_PX = 24
    _BELOW_PX = 20
    _MARGIN_PX = 8
    _RIGHT_PX = 4

    def __init__(self, parent: QWidget | None = None) -> None:
        left, bottom = Axis("left"), Axis("bottom")
        super().__init__(left, bottom, parent)
        left.setWidth(self._AXIS_PX)
        bottom.setHeight(self._BELOW_PX)

    def sizeHint(self) -> QSize:
        """A square."""
        return QSize(300, self.height_for(300))

    def minimumSizeHint(self) -> QSize:
        """A small square."""
        return QSize(200, self.height_for(200))

    def height_for(self, width: int) -> int:
        """The height at which a plot of this width wastes no room."""
        return width - self._AXIS_PX - self._RIGHT_PX + self._BELOW_PX + self._MARGIN_PX

    def resizeEvent(self, ev: QResizeEvent | None) -> None:
        """Turn what one direction has too much of into margin."""
        across = self.width() - self._AXIS_PX - self._RIGHT_PX
        down = self.height() - self._BELOW_PX - self._MARGIN_PX
        side = max(16, min(across, down))
        spare = max(0, across - side)
        left = spare // 2
        self.content.setContentsMargins(left, self._MARGIN_PX, spare - left + self._RIGHT_PX, max(0, down - side))
        super().resizeEvent(ev)


class SurfaceView(QWidget):
    """The decision surface with points, axes, legend and the value under the cursor."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mirror: Mirror | None = None
        self._focus: tuple[int, int] | None = None
        self._cursor: tuple[float, float] | None = None
        self.plane = PlaneItem()
        self.train_points = PointsItem(hollow=False)
        self.test_points = PointsItem(hollow=True)
        self.plot = SquarePlot()
        for item in (self.plane, self.test_points, self.train_points):
            self.plot.addItem(item)
        self.title = ReadOut("What the surface shows")
        self.readout = ReadOut("Value under the cursor")
        self.legend = ColorBar()
        self.show_test = _check_box("Show test data", "show-test-data", "Also show the points kept for testing")
        self.discretize = _check_box("Discretize", "discretize-output", "Show only which class the network decides for")
        self._arrange()
        self.test_points.setVisible(False)
        self.show_test.toggled.connect(self.test_points.setVisible)
        self.discretize.toggled.connect(self.refresh)
        self.plot.cursor_moved.connect(self._move_cursor)

    def _arrange(self) -> None:
        options, below = QHBoxLayout(), QHBoxLayout()
        options.setSpacing(12)
        for widget in (self.title, self.show_test, self.discretize):
            options.addWidget(widget)
        below.setContentsMargins(0, 0, 4, 0)
        below.addWidget(self.readout)
        below.addWidget(self.legend)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(options)
        layout.addWidget(self.plot, 1)
        layout.addLayout(below)
        layout.addStretch()

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        for part in (self.plane, self.train_points, self.test_points, self.title, self.readout, self.legend):
            part.set_theme(theme)
        self.plot.set_theme(theme)

    def set_mirror(self, mirror: Mirror) -> None:
        """Show another network, its data and its part of the plane."""
        self._mirror = mirror
        low, high = domain = mirror.problem.domain
        self.plane.set_domain(low, high)
        self.train_points.set_samples(mirror.problem.train, domain)
        self.test_points.set_samples(mirror.problem.test, domain)
        self.plot.set_ranges(domain, domain)
        for axis in self.plot.axes:
            axis.set_ticks(number_ticks(np.linspace(low, high, 5).tolist()))
        if self.isVisible():
            self.refresh()

    def set_focus(self, focus: tuple[int, int] | None) -> None:
        """Show the map of one neuron, (column, unit) as in `Mirror.maps`, or with None the output."""
        if focus != self._focus:
            self._focus = focus
            self.refresh()

    def refresh(self) -> None:
        """Draw what the mirror holds now."""
        if self._mirror is None:
            return
        scores = self._scores(self._mirror)
        if self.discretize.isChecked():
            # Enlarged before it is decided: otherwise the border would be a staircase.
            scores = np.where(_enlarged(_enlarged(scores).T).T >= 0, np.float32(1), np.float32(-1))
        self.plane.set_scores(scores)
        self._show_texts(self._mirror)

    def height_for(self, width: int) -> int:
        """The height at which a view of this width wastes no room."""
        return self.sizeHint().height() - self.plot.sizeHint().height() + self.plot.height_for(width)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let nothing but the surface grow, and that not beyond the square."""
        super().resizeEvent(event)
        self.plot.setMaximumHeight(self.plot.height_for(self.width()))

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what was missed while hidden."""
        super().showEvent(event)
        self.refresh()

    def _focused(self, mirror: Mirror) -> tuple[int, int] | None:
        """The focus, unless it is the output or something that no longer exists."""
        if self._focus is None:
            return None
        column, unit = self._focus
        exists = 0 <= column < len(mirror.maps) - 1 and 0 <= unit < len(mirror.maps[column])
        return self._focus if exists else None

    def _scores(self, mirror: Mirror) -> np.ndarray:
        focus = self._focused(mirror)
        return mirror.surface if focus is None else mirror.maps[focus[0]][focus[1]]

    def _move_cursor(self, position: tuple[float, float] | None) -> None:
        self._cursor = position
        if self._mirror is not None:
            self._show_texts(self._mirror)

    def _show_texts(self, mirror: Mirror) -> None:
        focus = self._focused(mirror)
        self.title.show_segments(*(() if focus is None else [Segment(neuron_name(mirror, *focus), "accent")]))
        if self._cursor is None:
            self.readout.show_segments(Segment("Point at the surface"))
            return
        x1, x2 = self._cursor
        value = mirror.score_at(x1, x2) if focus is None else _sample(self._scores(mirror), mirror, x1, x2)
        segments = [Segment(f"({signed(x1)}, {signed(x2)}) → {signed(value)}", "text")]
        if focus is None and not np.isnan(value):
            segments.append(Segment(f"class {signed(1 if value >= 0 else -1, 0, plus=True)}"))
        self.readout.show_segments(*segments)


def neuron_name(mirror: Mirror, column: int, unit: int) -> str:
    """What a neuron is called: an input after its feature, any other after its layer and place."""
    if column == 0:
        return f"Input {nn.Feature.named(mirror.spec.features[unit]).label}"
    return f"Layer {column} · unit {unit + 1}"


def _sample(field: np.ndarray, mirror: Mirror, x1: float, x2: float) -> float:
    """The value of a map at the sample nearest to a point."""
    low, high = mirror.problem.domain
    column, row = (round((x - low) / (high - low) * (RESOLUTION - 1)) for x in (x1, x2))
    return float(field[row, column])


def _enlarged(rows: np.ndarray) -> np.ndarray:
    """Linear interpolation between n rows, at `_ENLARGE` n places from the first to the last."""
    places = np.linspace(0, len(rows) - 1, _ENLARGE * len(rows), dtype=np.float32)
    below = np.minimum(places.astype(np.intp), len(rows) - 2)
    share = (places - below)[:, None].astype(np.float32)
    return rows[below] * (1 - share) + rows[below + 1] * share


def _check_box(text: str, name: str, tip: str) -> QCheckBox:
    box = QCheckBox(text)
    box.setObjectName(name)
    box.setAccessibleName(text)
    box.setToolTip(tip)
    return box
