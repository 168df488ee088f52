"""The surface of data with more than two inputs: its axes are measured in what the data measure."""

from __future__ import annotations

import gc
from functools import partial

import numpy as np
import pytest
from plots_bench import mirror_with, show_view, surface_of, written
from PySide6.QtCore import QRectF

from playground.document import edits
from playground.document.spec import Data, Spec
from playground.document.table import table_of
from playground.engine.planes import Plane
from playground.engine.problem import Problem
from playground.ui.plots.plot import heading_line
from playground.ui.plots.square import measured_ticks, round_values
from playground.ui.plots.surface import SurfaceView

IRIS = edits.set_dataset("iris")(Spec(layers=()))


@pytest.fixture
def show(qtbot):
    """Show a view; it is closed and released when the test ends, as pyqtgraph needs it."""
    yield partial(show_view, qtbot)
    gc.collect()


def shown(show, spec: Spec) -> SurfaceView:
    view = show(SurfaceView())
    view.set_mirror(mirror_with(spec))
    return view


def problem_of(view: SurfaceView) -> Problem:
    assert view._mirror is not None
    return view._mirror.problem


def test_axes_that_are_inputs_have_their_names_and_round_values_of_them(show):
    view = shown(show, edits.set_axes((2, 0))(IRIS))
    names = IRIS.dataset.input_names
    assert view.plot.heading == (f"↑ {names[0]}", f"{names[2]} →")
    problem = problem_of(view)
    for axis, place in zip(view.plot.axes, (1, 0), strict=True):
        texts = [text for _, text in written(axis, view)]
        column = problem.train.inputs[:, (2, 0)[place]]
        assert all(column.min() - 1 <= float(text) <= column.max() + 1 for text in texts)
        assert len(texts) >= 3


def test_ticks_stand_where_their_values_are():
    plane = Plane(np.zeros(3), np.zeros((2, 3)), ("a", "b"), origin=(50.0, 0.0), unit=(20.0, 1.0))
    assert measured_ticks(plane, 0, -1.0, 1.0) == [(-1, "30"), (-0.5, "40"), (0, "50"), (0.5, "60"), (1, "70")]


@pytest.mark.parametrize(
    ("low", "high", "values"),
    [
        (0, 10, [0, 2.5, 5, 7.5, 10]),
        (4.1, 8.1, [5, 6, 7, 8]),
        (-0.03, 0.07, [-0.025, 0, 0.025, 0.05]),
        (1e6, 5e6, [1e6, 2e6, 3e6, 4e6, 5e6]),
    ],
)
def test_values_of_an_axis_are_round(low, high, values):
    assert round_values(low, high) == values


def test_an_input_that_never_changes_still_has_an_axis(show):
    X = np.column_stack([np.ones(20), np.arange(20.0), np.arange(20.0) ** 2])
    table = table_of(X, np.arange(20.0), label="Table", task="regression", input_names=("one", "n", "square"))
    view = shown(show, edits.set_axes((0, 1))(edits.open_table(table)(Spec(layers=()))))
    assert view.plot.heading == ("↑ n", "one →")
    assert written(view.plot.axes[1], view)


def test_the_read_out_is_in_the_units_of_the_data(show):
    view = shown(show, edits.set_axes((0, 1))(IRIS))
    plane = problem_of(view).plane
    assert plane is not None
    view.plot.cursor_moved.emit((0.0, 0.0))
    assert view.readout.text.startswith(f"({plane.label(0, 0):.2f}, {plane.label(1, 0):.2f}) →")


def test_it_is_said_that_points_are_projected_where_they_are(show):
    view = shown(show, IRIS)
    assert view.caption.isVisible()
    assert view.caption.text == "Points are projected onto a plane through their mean"
    view.set_mirror(mirror_with(edits.set_axes((0, 1))(IRIS)))
    assert view.caption.text == "Points are projected onto this plane"
    view.set_mirror(mirror_with(Spec(data=Data(samples=40), layers=())))
    assert not view.caption.isVisible()


def test_points_of_a_table_of_two_inputs_have_axes_with_their_names(show):
    table = table_of(np.eye(2), np.array([-1.0, 1.0]), label="Table", task="binary", input_names=("age", "fare"),
                     class_names=("no", "yes"))  # fmt: skip
    view = shown(show, edits.open_table(table)(Spec(layers=())))
    assert view.plot.heading == ("↑ fare", "age →")
    assert not view.caption.isVisible()


def test_whoever_draws_the_output_too_is_told_when_only_the_decision_is_shown(show):
    view = surface_of(show, 0, 5, 0)
    told = []
    view.discretized.connect(told.append)
    view.discretize.setChecked(True)
    view.set_mirror(mirror_with(edits.set_dataset("plane")(Spec(layers=()))))  # there is nothing to decide
    view.set_mirror(mirror_with(Spec(layers=())))
    view.discretize.setChecked(False)
    assert told == [True, False, True, False]


@pytest.mark.parametrize(
    ("needed_px", "left", "right"), [(100, 80, 220), (200, 50, 250), (400, 20, 280)], ids=["fits", "wider", "too wide"]
)
def test_the_names_of_the_axes_stick_out_alike_before_they_would_touch(needed_px, left, right):
    line = heading_line(QRectF(80, 40, 140, 140), QRectF(0, 0, 280, 200), needed_px)
    assert (line.left(), line.right()) == (left, right)
