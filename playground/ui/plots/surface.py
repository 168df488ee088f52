"""The decision surface: what the network says about every point of the plane, and the points it learns from."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from playground.engine.mirror import RESOLUTION, Mirror
from playground.ui.controls import CheckBox, identify
from playground.ui.names import unit_title
from playground.ui.plots.parts import ColorBar, FigureLine, Segment
from playground.ui.plots.plot import Axis, ShowOnlyPlot, number_ticks
from playground.ui.plots.surface_items import PlaneItem, PointsItem
from playground.ui.text import signed
from playground.ui.theme import Theme

_POINT_SIGNS = (Segment("train", sign="disc"), Segment("test", sign="ring"))


class SquarePlot(ShowOnlyPlot):
    """A plot whose area is always square and as large as fits."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Axis("left"), Axis("bottom"), parent)

    def sizeHint(self) -> QSize:
        """A square."""
        return QSize(300, self.height_for(300))

    def minimumSizeHint(self) -> QSize:
        """A small square."""
        return QSize(200, self.height_for(200))

    def height_for(self, width: int) -> int:
        """The height at which a plot of this width wastes no room."""
        left, bottom = self.axes
        return width - left.room_px + bottom.room_px + self._TOP_PX

    def set_domain(self, low: float, high: float) -> None:
        """Show this square of the plane."""
        for axis in self.axes:
            axis.set_ticks(number_ticks(np.linspace(low, high, 5).tolist()))
        self._fit()
        self.set_ranges((low, high), (low, high))

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
        for item in (self.plane, self.train_points, self.test_points):
            self.plot.addItem(item)
        self.title = FigureLine("What the surface shows")
        self.readout = FigureLine("Value under the cursor")
        self.legend = ColorBar()
        self.legend.setToolTip("Scores: −1 and +1 are the classes, 0 the border; an output of 0 … 1 is stretched that")
        self.show_test = _check_box("Show test data", "show-test-data", "Also show the points kept for testing")
        self.discretize = _check_box("Discretize", "discretize-output", "Show only which class the network decides for")
        self._arrange()
        self.test_points.setVisible(False)
        self.show_test.toggled.connect(self._show_test)
        self.discretize.toggled.connect(self.refresh)
        self.plot.cursor_moved.connect(self._move_cursor)

    def _arrange(self) -> None:
        options, below = QHBoxLayout(), QHBoxLayout()
        options.setSpacing(12)
        for widget in (self.title, self.show_test, self.discretize):
            options.addWidget(widget)
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
        domain = mirror.problem.domain
        self.plane.set_domain(*domain)
        self.train_points.set_samples(mirror.problem.train, domain)
        self.test_points.set_samples(mirror.problem.test, domain)
        self.plot.set_domain(*domain)
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
        self.plane.set_scores(self._scores(self._mirror), decided=self.discretize.isChecked())
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

    def _show_test(self, shown: bool) -> None:
        self.test_points.setVisible(shown)
        if self._mirror is not None:
            self._show_texts(self._mirror)

    def _show_texts(self, mirror: Mirror) -> None:
        focus = self._focused(mirror)
        if focus is not None:
            self.title.show_segments(Segment(unit_title(mirror.spec, *focus), "accent"))
        else:
            self.title.show_segments(*_POINT_SIGNS[: 2 if self.show_test.isChecked() else 1])
        if self._cursor is None:
            self.readout.show_segments(Segment("Point at the surface"))
            return
        x1, x2 = self._cursor
        value = mirror.score_at(x1, x2) if focus is None else _sample(self._scores(mirror), mirror, x1, x2)
        segments = [Segment(f"({signed(x1)}, {signed(x2)}) → {signed(value)}", "text")]
        if focus is None and not np.isnan(value):
            segments.append(Segment(f"class {signed(1 if value >= 0 else -1, 0, plus=True)}"))
        self.readout.show_segments(*segments)


def _sample(field: np.ndarray, mirror: Mirror, x1: float, x2: float) -> float:
    """The value of a map at the sample nearest to a point."""
    low, high = mirror.problem.domain
    column, row = (round((x - low) / (high - low) * (RESOLUTION - 1)) for x in (x1, x2))
    return float(field[row, column])


def _check_box(text: str, name: str, tip: str) -> CheckBox:
    box = CheckBox(text)
    identify(box, name, text)
    box.setToolTip(tip)
    return box
