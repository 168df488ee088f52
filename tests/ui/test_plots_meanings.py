"""The legend of the surface says what its colours mean; the loss curve compares only what can be compared."""

from __future__ import annotations

import gc
from functools import partial

import numpy as np
import pytest
from msgspec.structs import replace
from plots_bench import DEEP, PLANE, mirror_with, pixel_at, same_color, show_view, surface_of, written
from PySide6.QtGui import QFontMetricsF

from playground.document.edits import set_dataset
from playground.engine.snapshot import History
from playground.ui.plots.loss import LossView
from playground.ui.plots.parts import small_font
from playground.ui.plots.weights import WeightsView
from playground.ui.theme import DARK


@pytest.fixture
def show(qtbot):
    """Show a view; it is closed and released when the test ends, as pyqtgraph needs it."""
    yield partial(show_view, qtbot)
    gc.collect()


# -- the legend of the surface --------------------------------------------------------------------


@pytest.mark.parametrize("dataset", ["plane", "iris", "images", "circle"])
def test_while_a_hidden_unit_is_pointed_at_the_legend_is_that_of_its_map(show, dataset):
    view = surface_of(show, spec=set_dataset(dataset)(DEEP))
    before = view.legend.labels, view.legend.isVisible(), view.classes.text, view.plot.size()
    view.set_focus((1, 0))
    assert view.legend.isVisible()
    assert view.legend.labels == ("−1", "1")
    assert view.classes.text == ""
    view.grab()
    assert view.plot.size() == before[3], "the surface does not change its size"
    view.set_focus(None)
    after = view.legend.labels, view.legend.isVisible(), view.classes.text
    assert after[1:] == before[1:3]
    assert after[0] == before[0] or not view.legend.isVisible()


def test_pointing_at_one_of_several_outputs_shows_its_probability(show):
    view = surface_of(show, spec=set_dataset("iris")(PLANE))
    view.set_focus((1, 2))
    assert view.title.text == "Output, virginica · probability"
    assert view.legend.labels == ("0 %", "100 %")
    view.plot.cursor_moved.emit((0.0, 0.0))
    assert view.readout.text.endswith("%")
    share = (view._mirror.maps[1][2] + 1) / 2
    low, high = (view._mirror.problem.domain[0] * side * 0.97 for side in (1, -1))
    for x1, x2, value in ((low, low, share[0, 0]), (high, high, share[-1, -1])):
        if abs(value - 0.5) > 0.1:
            shown = pixel_at(view, x1, x2)
            assert (shown.blue() > shown.red()) == (value > 0.5)


def test_the_only_output_needs_no_map_of_its_own(show):
    view = surface_of(show, 0, 5, 0)
    view.set_focus((1, 0))
    assert view.title.text == "train"


def test_the_ends_of_the_legend_are_the_values_of_the_output(show):
    view = surface_of(show, spec=replace(PLANE, output_activation="sigmoid"))
    assert view.legend.labels == ("0", "1")
    view.set_mirror(mirror_with(PLANE))
    assert view.legend.labels == ("−1", "1")
    mirror = mirror_with(set_dataset("plane")(PLANE))
    view.set_mirror(mirror)
    assert view.legend.labels[1] == f"{mirror.problem.limit:.3g}"


def test_there_are_no_classes_to_discretize_where_values_are_asked_for(show):
    view = surface_of(show, 0.01, 0, 0.001)
    view.discretize.setChecked(True)
    assert same_color(pixel_at(view, 5.8, 5.8), DARK.positive)
    view.set_mirror(mirror_with(set_dataset("plane")(PLANE), 0.01, 0, 0.001))
    assert not view.discretize.isEnabled()
    assert view.discretize.toolTip() == "For classes: Plane asks for values"
    assert not same_color(pixel_at(view, 5.8, 5.8), DARK.positive)
    view.set_mirror(mirror_with(PLANE, 0.01, 0, 0.001))
    assert view.discretize.isEnabled()
    assert same_color(pixel_at(view, 5.8, 5.8), DARK.positive)


# -- the range of the weights ----------------------------------------------------------------------


def test_the_range_of_large_weights_is_short(show):
    view = show(WeightsView(), 620, 200)
    for weights, written_range in (((-1.5, 2), "−1.50 … 2.00"), ((-20347, 15398), "−20000 … 15000"),
                                   ((-6.979e19, 2.716e20), "−7×10¹⁹ … 2.7×10²⁰")):  # fmt: skip
        view.set_mirror(mirror_with(PLANE, *weights, 0))
        assert view.heatmaps[0].range == written_range


# -- the loss of something else -------------------------------------------------------------------


def two_losses():
    """Losses of about 5 up to epoch 50, then of something else, of about 0.05."""
    history = History()
    epochs = np.arange(101.0)
    for part, loss, measure in ((slice(51), 5.0, 0), (slice(51, None), 0.05, 1)):
        losses = np.linspace(loss, 0.9 * loss, len(epochs[part]))
        history.append(np.stack([epochs[part], losses, losses], axis=1), measure)
    return history


def test_another_curve_begins_where_something_else_is_measured(show):
    view = show(LossView())
    view.set_history(two_losses())
    x, y = view.train_curve.getData()
    assert x[[0, -1]].tolist() == [51, 100]
    assert y.max() == pytest.approx(np.log10(0.05))
    (left, right), (low, high) = view.plot.box.viewRange()
    assert 50 < left < 51
    assert 100 <= right <= 101
    assert -2 < low < np.log10(0.045)
    assert np.log10(0.05) <= high < 0


def test_the_cursor_reads_the_newest_curve_only(show):
    view = show(LossView())
    view.set_history(two_losses())
    view.plot.cursor_moved.emit((50.5, 0.0))
    assert view.plot.heading[1] == "epoch 51"
    assert view.readout.text == "train 0.050 · test 0.050"
    view.plot.cursor_moved.emit((80.2, 0.0))
    assert view.plot.heading[1] == "epoch 80"


def test_a_curve_that_has_just_begun_is_a_dot(show):
    view = show(LossView())
    history = two_losses()
    history.append(np.array([[101.0, 0.3, 0.4]]), 2)
    view.set_history(history)
    assert view.plot.notice == ""
    assert view.cursor_dots.isVisible()
    assert view.cursor_dots.getData()[1] == pytest.approx(np.log10([0.4, 0.3]))
    assert len(view.train_curve.getData()[0]) == 0


def test_no_epoch_at_the_axis_touches_its_caption(show):
    view = show(LossView(), 293, 240)
    view.set_mirror(mirror_with(PLANE))
    for first in (5090, 99_990):
        history = two_losses()
        history.append(np.stack([np.arange(first, first + 100.0), *[np.full(100, 0.5)] * 2], axis=1), 2)
        view.set_history(history)
        *numbers, (caption, text) = written(view.plot.axes[1], view)
        right = caption.left() + QFontMetricsF(small_font()).horizontalAdvance(text)
        assert len(numbers) >= 2
        assert all(area.left() >= right + 6 for area, _ in numbers)
