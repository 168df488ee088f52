"""The live plots, seen through their pixels and their read-outs."""

from __future__ import annotations

import gc
from functools import partial

import numpy as np
import pytest
from msgspec.structs import replace
from plots_bench import DEEP, PLANE, history_of, mirror_with, pixel_at, same_color, show_view, surface_of
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from playground.document.spec import Data, Layer, Spec
from playground.ui.plots.heatmap import Spot
from playground.ui.plots.histograms import ActivationsView, GradientsView, bounds
from playground.ui.plots.loss import LOG_FLOOR, LossView, thinned
from playground.ui.plots.surface import SurfaceView
from playground.ui.plots.weights import WeightsView
from playground.ui.text import signed
from playground.ui.theme import DARK, LIGHT


@pytest.fixture
def show(qtbot):
    """Show a view; it is closed and released when the test ends, as pyqtgraph needs it."""
    yield partial(show_view, qtbot)
    gc.collect()


# -- the decision surface -------------------------------------------------------------------------


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_the_surface_is_the_right_way_up(show, theme):
    view = surface_of(show, 0, 5, 0, theme=theme)  # tanh(5 x2): positive at the top
    for x1 in (-5.8, 5.8):
        assert same_color(pixel_at(view, x1, 5.8), theme.positive)
        assert same_color(pixel_at(view, x1, -5.8), theme.negative)


def test_the_surface_is_not_mirrored(show):
    view = surface_of(show, 5, 0, 0)
    for x2 in (-5.8, 5.8):
        assert same_color(pixel_at(view, 5.8, x2), DARK.positive)
        assert same_color(pixel_at(view, -5.8, x2), DARK.negative)


def test_not_a_number_is_drawn_in_the_neutral_colour_and_read_out_as_such(show):
    view = surface_of(show, np.nan, 0, 0)
    assert same_color(pixel_at(view, 5.8, 5.8), DARK.zero)
    view.plot.cursor_moved.emit((1.0, 2.0))
    assert view.readout.text == "(1.00, 2.00) → NaN"


def test_the_read_out_is_the_value_of_the_network_under_the_mouse(show, qtbot):
    view = surface_of(show, 0.1, -0.3, 0.05)
    position = view.plot.box.mapViewToScene(QPointF(1.5, -3.0)).toPoint()
    QTest.mouseMove(view.plot.viewport(), position)
    point = view.plot.box.mapSceneToView(QPointF(position))
    value = view._mirror.score_at(point.x(), point.y())
    assert view.readout.text == f"({signed(point.x())}, {signed(point.y())}) → {signed(value)} · class +1"


def test_the_read_out_follows_the_training_while_the_mouse_rests(show):
    view = surface_of(show, 0, 0, 0.5)
    view.plot.cursor_moved.emit((1.42, -3.07))
    view._mirror.load(np.array([0.0, 0.0, -0.5]))
    view.refresh()
    assert view.readout.text == "(1.42, −3.07) → −0.46 · class −1"
    view.plot.cursor_moved.emit(None)
    assert view.readout.text == "Point at the surface"


def test_training_points_are_drawn_where_they_lie_in_the_colour_of_their_class(show):
    spec = replace(PLANE, data=Data("xor_truth_table"))
    view = surface_of(show, 0, 0, 0, spec=spec)
    train = view._mirror.problem.train
    for (x1, x2), label in zip(train.points, train.labels[:, 0], strict=True):
        assert same_color(pixel_at(view, x1, x2), DARK.positive if label > 0 else DARK.negative)


def test_test_points_appear_when_they_are_asked_for(show, qtbot):
    view = surface_of(show, 0, 0, 0)
    before = view.plot.grab().toImage()
    qtbot.mouseClick(view.show_test, Qt.MouseButton.LeftButton, pos=QPoint(8, view.show_test.height() // 2))
    assert view.show_test.isChecked()
    assert view.plot.grab().toImage() != before
    view.show_test.setChecked(False)
    assert view.plot.grab().toImage() == before


def test_a_discretized_surface_has_the_two_colours_of_the_classes(show):
    view = surface_of(show, 0.01, 0, 0.001)
    assert not same_color(pixel_at(view, 5.8, 5.8), DARK.positive)
    view.discretize.setChecked(True)
    assert same_color(pixel_at(view, 5.8, 5.8), DARK.positive)
    assert same_color(pixel_at(view, -5.8, 5.8), DARK.negative)


def test_a_neuron_in_focus_takes_the_place_of_the_output(show):
    view = surface_of(show, 0, 5, 0)
    view.set_focus((0, 0))
    assert view.title.text == "input · x₁"
    assert same_color(pixel_at(view, 5.8, -5.8), DARK.positive)  # x1, no longer x2
    view.set_focus(None)
    assert view.title.text == "train"
    assert same_color(pixel_at(view, 5.8, -5.8), DARK.negative)


def test_a_focus_on_a_neuron_that_no_longer_exists_shows_the_output(show):
    view = surface_of(show, spec=DEEP)
    view.set_focus((1, 4))
    assert view.title.text == "Dense 1, unit 5"
    view.set_mirror(mirror_with(PLANE, 0, 5, 0))
    assert view.title.text == "train"
    assert same_color(pixel_at(view, 5.8, 5.8), DARK.positive)


@pytest.mark.parametrize("size", [(300, 344), (300, 700), (500, 300)])
def test_the_surface_is_always_square(show, size):
    view = surface_of(show, 0, 5, 0, width=size[0], height=size[1])
    box = view.plot.box.sceneBoundingRect()
    assert box.width() == pytest.approx(box.height(), abs=0.5)
    assert box.width() > 0.7 * min(size)


def test_neither_wheel_nor_drag_moves_the_plot(show, qtbot):
    view = surface_of(show, 0, 5, 0)
    before = view.plot.box.viewRange()
    viewport = view.plot.viewport()
    qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
    qtbot.mouseMove(viewport, QPoint(150, 180))
    qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=QPoint(150, 180))
    assert view.plot.box.viewRange() == before
    assert not view.plot.getPlotItem().menuEnabled()


# -- the loss chart -------------------------------------------------------------------------------


def test_an_empty_chart_says_how_to_fill_it(show):
    view = show(LossView())
    assert "Press Play" in view.plot.notice
    history = history_of([0.5, 0.25])
    view.set_history(history)
    assert view.plot.notice == ""
    history.clear()
    view.refresh()
    assert "Press Play" in view.plot.notice
    assert len(view.train_curve.getData()[0]) == 0


def test_the_log_scale_is_on_at_first_and_can_be_switched_off(show):
    view = show(LossView())
    view.set_history(history_of([1.0, 0.1, 0.01]))
    assert view.train_curve.getData()[1] == pytest.approx([0, -1, -2])
    view.log_scale.setChecked(False)
    assert view.train_curve.getData()[1] == pytest.approx([1, 0.1, 0.01])
    assert view.plot.box.viewRange()[1][0] == pytest.approx(0)


@pytest.mark.parametrize("logarithmic", [True, False])
def test_losses_that_are_zero_or_not_finite_leave_a_readable_chart(show, logarithmic):
    view = show(LossView())
    view.log_scale.setChecked(logarithmic)
    view.set_history(history_of([0.5, np.inf, np.nan, 0.0, -np.inf, 1e30], [np.nan] * 6))
    assert np.isfinite(view.plot.box.viewRange()).all()
    values = view.train_curve.getData()[1]
    assert np.isnan(values).tolist() == [False, True, True, False, True, False]
    assert values[3] == pytest.approx(np.log10(LOG_FLOOR) if logarithmic else 0)
    view.grab()


def test_the_read_out_shows_the_newest_loss_or_the_one_under_the_cursor(show):
    view = show(LossView())
    view.set_history(history_of(np.linspace(0.5, 0.1, 201), np.linspace(0.6, 0.2, 201)))
    assert view.readout.text == "train 0.100 · test 0.200"
    assert view.plot.heading[1] == ""
    assert not view.cursor_line.isVisible()
    view.plot.cursor_moved.emit((99.7, 0.0))
    assert view.readout.text == "train 0.300 · test 0.400"
    assert view.plot.heading[1] == "epoch 100"
    assert view.cursor_line.isVisible()
    assert view.cursor_line.value() == 100


def test_another_curve_is_read_out_under_the_cursor_before_it_is_drawn(show):
    view = show(LossView())
    history = history_of(np.linspace(0.5, 0.1, 201))
    history.append(np.array([[300.0, 2.0, 2.0], [400.0, 3.0, 3.0]]), 1)
    view.set_history(history)
    view.plot.cursor_moved.emit((390.0, 0.0))
    history.clear()
    history.append(np.array([[0.0, 0.7, 0.8]]))
    view.set_mirror(mirror_with(PLANE))
    assert view.readout.text == "train 0.700 · test 0.800"


def test_the_axes_stay_put_while_the_curve_grows_a_little(show):
    view = show(LossView())
    view.set_history(history_of(np.linspace(0.5, 0.1, 160)))
    before = view.plot.box.viewRange()
    view.set_history(history_of(np.linspace(0.5, 0.1, 190)))
    assert view.plot.box.viewRange() == before


def test_thinning_keeps_every_peak():
    y = np.random.default_rng(0).random(4096)
    y[1234], y[3210] = 50, -50
    x_thin, y_thin = thinned(np.arange(4096.0), y, columns=250)
    assert len(x_thin) <= 4 * 250
    assert (np.diff(x_thin) > 0).all()
    assert y_thin.max() == 50
    assert y_thin.min() == -50


# -- the weights ----------------------------------------------------------------------------------


def cell_color(view, heatmap, spot):
    position = heatmap.mapToScene(heatmap.rect_of(spot).center()).toPoint()
    return view.strip.canvas.grab().toImage().pixelColor(position)


def test_a_weight_has_the_colour_of_its_sign(show):
    view = show(WeightsView(), 620, 200)
    view.set_mirror(mirror_with(PLANE, 2, -2, 0))
    (heatmap,) = view.heatmaps
    first, second, bias = (heatmap.spot_at(heatmap.rect_of(Spot(0, i)).center()) for i in (0, 1, None))
    assert same_color(cell_color(view, heatmap, first), DARK.positive)
    assert same_color(cell_color(view, heatmap, second), DARK.negative)
    assert same_color(cell_color(view, heatmap, bias), DARK.zero)
    assert heatmap.title == "Output · 1×2"


def test_layers_without_weights_are_left_out_and_the_others_keep_their_names(show):
    view = show(WeightsView(), 620, 200)
    view.set_mirror(mirror_with(DEEP))
    assert [heatmap.title for heatmap in view.heatmaps] == ["Dense 1 · 5×2", "Dense 2 · 3×5", "Output · 1×3"]
    view.set_mirror(mirror_with(PLANE))
    assert len(view.heatmaps) == 1


def test_a_weight_is_read_out_under_the_mouse_and_follows_the_training(show):
    view = show(WeightsView(), 620, 200)
    mirror = mirror_with(PLANE, 0.5, -1.284, 0.25)
    view.set_mirror(mirror)
    (heatmap,) = view.heatmaps
    QTest.mouseMove(view.strip.canvas.viewport(), heatmap.mapToScene(heatmap.rect_of(Spot(0, 1)).center()).toPoint())
    assert view.readout.text == "weight · x₂ → Output · −1.284"
    mirror.load(np.array([0.5, 2.0, 0.25]))
    view.refresh()
    assert view.readout.text == "weight · x₂ → Output · 2.000"


def test_one_colour_scale_holds_still_under_small_changes(show):
    view = show(WeightsView(), 620, 200)
    mirror = mirror_with(PLANE, 1.7, 1.7, 1.7)
    view.set_mirror(mirror)
    before = view.limit
    for scale in (1.02, 0.9, 0.7):
        mirror.load(np.full(3, 1.7 * scale))
        view.refresh()
        assert view.limit == before
    mirror.load(np.full(3, 17.0))
    view.refresh()
    assert view.limit >= 17


def test_weights_that_are_not_finite_are_said_to_be_so(show):
    view = show(WeightsView(), 620, 200)
    view.set_mirror(mirror_with(PLANE, np.nan, np.inf, 0))
    view.grab()
    assert np.isfinite(view.limit)


def test_many_layers_scroll_sideways(show):
    view = show(WeightsView(), 620, 200)
    layers = tuple(Layer("dense", i + 1, units=16) for i in range(12))
    view.set_mirror(mirror_with(Spec(layers=layers)))
    assert view.strip.horizontalScrollBar().maximum() > 0
    assert view.strip.verticalScrollBar().maximum() == 0


# -- activations and gradients --------------------------------------------------------------------


def test_every_activation_of_the_training_set_is_counted_once(show):
    view = show(ActivationsView(), 620, 200)
    mirror = mirror_with(DEEP)
    view.set_mirror(mirror)
    assert [cell.counts.sum() for cell in view.cells] == [a.size for a in mirror.activations]
    assert [cell.title for cell in view.cells][-1] == "Output · tanh"


def test_bars_stand_where_the_values_are(show):
    view = show(ActivationsView(), 620, 200)
    view.set_mirror(mirror_with(PLANE, 0, 0, 0.5))  # tanh(0.5) = 0.46 for every sample
    (cell,) = view.cells
    (place,) = np.flatnonzero(cell.counts)
    assert cell.edges[place] <= np.tanh(0.5) <= cell.edges[place + 1]


def test_saturation_is_told_from_the_bounds_of_the_activation(show):
    view = show(ActivationsView(), 620, 200)
    view.set_mirror(mirror_with(PLANE, 0, 0, 9))
    assert view.cells[0].figures[1] == "100 % saturated"
    view.set_mirror(mirror_with(PLANE, 0, 0, 0.1))
    assert view.cells[0].figures[1] == "0 % saturated"


def test_dead_units_are_counted_where_the_activation_has_only_a_lower_bound(show):
    view = show(ActivationsView(), 620, 200)
    spec = Spec(layers=(Layer("dense", 1, units=2, activation="relu"),))
    view.set_mirror(mirror_with(spec, 0, 0, -1, 1, 1, 20, 1, 1, 0))
    assert view.cells[0].figures[1] == "1 of 2 units dead"


def test_bounds_are_found_for_any_activation():
    assert bounds("tanh") == pytest.approx((-1, 1))
    assert bounds("sigmoid") == pytest.approx((0, 1))
    assert bounds("relu")[0] == 0
    assert np.isnan(bounds("relu")[1])
    assert np.isnan(bounds("identity")).all()


def test_gradients_are_shown_for_layers_that_have_parameters(show):
    view = show(GradientsView(), 620, 200)
    mirror = mirror_with(DEEP)
    view.set_mirror(mirror)
    assert [cell.title for cell in view.cells] == ["Dense 1 · tanh", "Dense 2 · ReLU", "Output · tanh"]
    assert [cell.counts.sum() for cell in view.cells] == [g.size for g in mirror.gradients if g.size]
    assert all(cell.figures[1].startswith("RMS ") for cell in view.cells)


@pytest.mark.parametrize("view_class", [ActivationsView, GradientsView])
def test_a_network_that_has_blown_up_is_said_not_to_be_finite(show, view_class):
    view = show(view_class(), 620, 200)
    view.set_mirror(mirror_with(PLANE, np.nan, np.nan, np.nan))
    assert view.cells[0].figures[0] == "not finite"
    view.grab()


@pytest.mark.parametrize("view_class", [WeightsView, ActivationsView, GradientsView])
def test_before_there_is_a_network_the_tab_says_what_will_be_there(show, view_class):
    assert "appear here" in show(view_class(), 620, 200).strip.canvas.notice


@pytest.mark.parametrize("view_class", [SurfaceView, WeightsView, ActivationsView, GradientsView])
def test_a_view_catches_up_when_it_is_shown(show, view_class):
    view = view_class()
    view.set_theme(LIGHT)
    view.set_mirror(mirror_with(DEEP))
    show(view, 620, 300, LIGHT)
    picture = view.grab().toImage()
    view.refresh()
    assert view.grab().toImage() == picture
