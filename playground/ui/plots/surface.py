"""The decision surface: what the network says about every point of the plane, and the points it learns from."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from playground.document.document import Document
from playground.engine.mirror import Mirror
from playground.engine.problem import Problem
from playground.ui.controls import CheckBox, identify
from playground.ui.names import unit_title
from playground.ui.plots.cut import CutBar
from playground.ui.plots.paint_tools import PaintTools
from playground.ui.plots.painting import Painting
from playground.ui.plots.parts import ColorBar, FigureLine, Segment
from playground.ui.plots.point_colors import class_tokens
from playground.ui.plots.points_item import PointsItem
from playground.ui.plots.square import SquarePlot
from playground.ui.plots.surface_items import PlaneItem
from playground.ui.plots.surface_scale import Scale, output_scale, unit_scale
from playground.ui.text import percent, signed
from playground.ui.theme import Theme

_USUAL_NAMES = ("x₁", "x₂")
"""Of axes, which need not be written."""
_CAPTION_PX = 18
_PROJECTED = "Points are projected onto this plane"
_THROUGH_MEAN = "Points are projected onto a plane through their mean"
_THROUGH_MEAN_TIP = (
    "The two principal components are the directions in which the samples differ most."
    "\nChoose inputs as axes to hold the others at values of your own."
)
_DISCRETIZE_TIP = "Show only which class the network decides for"
_POINT_SIGNS = (Segment("train", sign="disc"), Segment("test", sign="ring"))


class SurfaceView(QWidget):
    """The decision surface with points, axes, legend and the value under the cursor.

    Parameters
    ----------
    document
        Where points that are painted go; without one there are no tools to paint with.
    """

    message = Signal(str)
    """Why points could not be changed."""
    discretized = Signal(bool)
    """Whether only the decision is shown, from now on."""

    def __init__(self, document: Document | None = None) -> None:
        super().__init__()
        self._mirror: Mirror | None = None
        self._focus: tuple[int, int] | None = None
        self._cursor: tuple[float, float] | None = None
        self._scale: Scale | None = None
        """Of what is drawn; None where the colours are those of classes."""
        self.plane = PlaneItem()
        self.train_points = PointsItem(hollow=False)
        self.test_points = PointsItem(hollow=True)
        self.plot = SquarePlot()
        identify(self.plot, "surface-plot", "Decision surface")
        for item in (self.plane, self.train_points, self.test_points):
            self.plot.addItem(item)
        self.title = FigureLine("What the surface shows")
        self.readout = FigureLine("Value under the cursor")
        self.legend = ColorBar()
        self.tools = PaintTools()
        self.painting = Painting(self.plot, self.tools)
        self.caption = FigureLine("Where the points lie")
        self.caption.setFixedHeight(_CAPTION_PX)
        self.caption.hide()
        self.cut = CutBar()
        self.classes = FigureLine("Classes by colour")
        self.classes.hide()
        self.show_test = _check_box("Show test data", "show-test-data", "Also show the points kept for testing")
        self.discretize = _check_box("Discretize", "discretize-output", _DISCRETIZE_TIP)
        self._arrange()
        self.test_points.setVisible(False)
        self.show_test.toggled.connect(self._show_test)
        self.discretize.toggled.connect(self._discretize)
        self.plot.cursor_moved.connect(self._move_cursor)
        self.painting.began.connect(lambda: self.show_test.setChecked(True))
        for part in (self.tools, self.cut):
            part.message.connect(self.message)
        self.tools.setVisible(document is not None)
        if document is not None:
            self.tools.bind(document)
            self.cut.bind(document)

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
        layout.addWidget(self.tools)
        layout.addWidget(self.plot, 1)
        layout.addLayout(below)
        layout.addWidget(self.classes)
        layout.addWidget(self.caption)
        layout.addWidget(self.cut)
        layout.addStretch()

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        lines = self.title, self.readout, self.legend, self.classes, self.caption
        hands = self.tools, self.painting
        for part in (self.plane, self.train_points, self.test_points, *lines, *hands):
            part.set_theme(theme)
        self.plot.set_theme(theme)

    def set_mirror(self, mirror: Mirror) -> None:
        """Show another network, its data and its part of the plane."""
        self._mirror = mirror
        problem = mirror.problem
        self.plane.set_domain(*problem.domain)
        self.train_points.set_samples(problem.train, problem)
        self.test_points.set_samples(problem.test, problem)
        self.plot.set_domain(*problem.domain, plane=problem.plane)
        self.plot.name_axes(_names(problem))
        self.cut.set_mirror(mirror)
        self._show_caption(mirror)
        self.tools.set_problem(problem)
        self.painting.set_mirror(mirror)
        classes, values = (problem.dataset.task == task for task in ("classes", "regression"))
        self.classes.setVisible(classes)
        was_decided = self.is_discretized
        self.discretize.setEnabled(not values)
        if self.is_discretized != was_decided:
            self.discretized.emit(self.is_discretized)
        refusal = f"For classes: {problem.dataset.label} asks for values"
        self.discretize.setToolTip(refusal if values else _DISCRETIZE_TIP)
        self._show_legend(mirror)
        if self.isVisible():
            self.refresh()

    def _show_caption(self, mirror: Mirror) -> None:
        """Say where the points lie, of samples that do not lie in the plane."""
        problem, chosen = mirror.problem, mirror.spec.cut.axes is not None
        self.caption.setVisible(problem.plane is not None and problem.dataset.n_inputs > 2)
        self.caption.show_segments(Segment(_PROJECTED if chosen else _THROUGH_MEAN))
        self.caption.setToolTip("" if chosen else _THROUGH_MEAN_TIP)

    def set_focus(self, focus: tuple[int, int] | None) -> None:
        """Show the map of one neuron, (column, unit) as in `Mirror.maps`, or with None the output."""
        if focus != self._focus:
            self._focus = focus
            if self._mirror is not None:
                self._show_legend(self._mirror)
            self.refresh()

    def refresh(self) -> None:
        """Draw what the mirror holds now."""
        if self._mirror is None:
            return
        decided = self.is_discretized
        if self._shows_classes(self._mirror):
            self.plane.set_classes(self._mirror.maps[-1], decided)
        else:
            self.plane.set_scores(self._scores(self._mirror), decided)
        self._show_texts(self._mirror)

    @property
    def is_discretized(self) -> bool:
        """Whether only the class that the network decides for is shown, not how clearly."""
        return self.discretize.isChecked() and self.discretize.isEnabled()

    def start_painting(self) -> None:
        """Take the first brush, and give the surface the keys."""
        self.tools.choose("brush")
        self.plot.setFocus()

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
        """The focus, unless it is the only output or something that no longer exists."""
        if self._focus is None:
            return None
        column, unit = self._focus
        columns = len(mirror.maps) - (mirror.spec.n_outputs == 1)
        exists = 0 <= column < columns and 0 <= unit < len(mirror.maps[column])
        return self._focus if exists else None

    def _shows_classes(self, mirror: Mirror) -> bool:
        return mirror.spec.n_outputs > 1 and self._focused(mirror) is None

    def _show_legend(self, mirror: Mirror) -> None:
        """Say what the colours mean: classes by name, or a scale."""
        dataset, focus = mirror.problem.dataset, self._focused(mirror)
        classes = self._shows_classes(mirror)
        names = zip(dataset.class_names, class_tokens(dataset.n_classes), strict=True) if classes else ()
        # The line of the classes keeps its room while one unit is shown: the surface must not grow at that.
        self.classes.show_segments(*(Segment(name, "text", "disc", token) for name, token in names))
        self.legend.setVisible(not classes)
        self._scale = None
        if not classes:
            spec, problem = mirror.spec, mirror.problem
            self._scale = output_scale(spec, problem) if focus is None else unit_scale(spec, focus[0])
            self.legend.set_labels(*self._scale.ends)
            self.legend.setToolTip(self._scale.tip)

    def _scores(self, mirror: Mirror) -> np.ndarray:
        focus = self._focused(mirror)
        return mirror.surface if focus is None else mirror.maps[focus[0]][focus[1]]

    def _move_cursor(self, position: tuple[float, float] | None) -> None:
        self._cursor = position
        if self._mirror is not None:
            self._show_texts(self._mirror)

    def _discretize(self) -> None:
        self.refresh()
        self.discretized.emit(self.is_discretized)

    def _show_test(self, shown: bool) -> None:
        self.test_points.setVisible(shown)
        self.painting.show_test(shown)
        if self._mirror is not None:
            self._show_texts(self._mirror)

    def _show_texts(self, mirror: Mirror) -> None:
        focus = self._focused(mirror)
        if focus is not None:
            what = [Segment("probability")] if self._scale is not None and self._scale.is_probability else []
            self.title.show_segments(Segment(unit_title(mirror.spec, *focus), "accent"), *what)
        else:
            self.title.show_segments(*_POINT_SIGNS[: 2 if self.show_test.isChecked() else 1])
        if self._cursor is None:
            self.readout.show_segments(Segment("Point at the surface"))
            return
        x1, x2 = self._cursor
        plane = mirror.problem.plane
        told = (x1, x2) if plane is None else (plane.label(0, x1), plane.label(1, x2))
        place = f"({signed(told[0])}, {signed(told[1])}) →"
        self.readout.show_segments(
            *(
                Segment(f"{place} {text}", "text") if first else Segment(text)
                for first, text in self._readings(mirror, focus, x1, x2)
            )
        )

    def _readings(self, mirror: Mirror, focus: tuple[int, int] | None, x1: float, x2: float) -> list[tuple[bool, str]]:
        """What is under the cursor: (whether it stands behind the place, text)."""
        if self._scale is not None and focus is not None:
            return [(True, self._scale.text(_sample(self._scores(mirror), mirror, x1, x2)))]
        scores, dataset = mirror.scores_at(x1, x2), mirror.problem.dataset
        if self._scale is None:
            best = int(scores.argmax())
            return [(True, dataset.class_names[best]), (False, percent((float(scores[best]) + 1) / 2, 0))]
        score = float(scores[0])
        decided = dataset.task == "binary" and not np.isnan(score)
        decision = [(False, f"class {dataset.class_names[score >= 0]}")] if decided else []
        return [(True, self._scale.text(score)), *decision]


def _names(problem: Problem) -> tuple[str, str] | None:
    """What the axes are called, where that has to be said."""
    if problem.plane is not None:
        return problem.plane.names
    first, second = problem.dataset.input_names
    return None if (first, second) == _USUAL_NAMES else (first, second)


def _sample(field: np.ndarray, mirror: Mirror, x1: float, x2: float) -> float:
    """The value of a map at the sample nearest to a point."""
    low, high = mirror.problem.domain
    column, row = (round((x - low) / (high - low) * (len(field) - 1)) for x in (x1, x2))
    return float(field[row, column])


def _check_box(text: str, name: str, tip: str) -> CheckBox:
    box = CheckBox(text)
    identify(box, name, text)
    box.setToolTip(tip)
    return box
