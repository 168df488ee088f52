"""What makes the plots readable: nothing is left over, cut off, hidden, or says what it does not mean."""

from __future__ import annotations

import gc
import subprocess
import sys
import warnings
from functools import partial
from itertools import pairwise

import numpy as np
import pytest
from msgspec.structs import replace
from plots_bench import PLANE, history_of, mirror_with, pixel_at, same_color, show_view, surface_of, written
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFontMetricsF, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QWidget

from playground.document.edits import set_dataset
from playground.document.spec import Data, Layer, Spec
from playground.ui.plots.heatmap import Spot
from playground.ui.plots.histogram_cell import BINS
from playground.ui.plots.histograms import ActivationsView, GradientsView
from playground.ui.plots.loss import LossView
from playground.ui.plots.parts import FigureLine, Segment, small_font
from playground.ui.plots.plot import axis_texts
from playground.ui.plots.scales import SteadyLimit
from playground.ui.plots.strip import Strip
from playground.ui.plots.surface import SurfaceView
from playground.ui.plots.surface_items import spline_weights
from playground.ui.plots.weights import WeightsView
from playground.ui.theme import DARK

WIDE = Spec(layers=tuple(Layer("dense", i + 1, units=units) for i, units in enumerate((8, 6, 4))))
NARROW = Spec(layers=(Layer("dense", 1, units=2),))


@pytest.fixture
def show(qtbot):
    """Show a view; it is closed and released when the test ends, as pyqtgraph needs it."""
    yield partial(show_view, qtbot)
    gc.collect()


def on_screen(view):
    """What has been painted, without painting it anew."""
    return view.screen().grabWindow(view.winId()).toImage().convertToFormat(QImage.Format.Format_RGB32)


# -- the strip of layers --------------------------------------------------------------------------


@pytest.mark.parametrize("view_class", [WeightsView, ActivationsView, GradientsView])
def test_another_network_leaves_no_trace_of_the_one_before(show, qtbot, view_class):
    view = show(view_class(), 620, 200)
    canvas = view.strip.canvas
    for spec in (NARROW, WIDE, NARROW):
        view.set_mirror(mirror_with(spec))
        qtbot.wait(20)
    assert on_screen(view) == view.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    assert canvas.viewportUpdateMode() == canvas.ViewportUpdateMode.FullViewportUpdate


def test_a_strip_takes_the_focus_only_while_there_is_something_to_scroll(show):
    strip = show(Strip("Layers"), 300, 160)
    assert strip.focusPolicy() == Qt.FocusPolicy.NoFocus
    strip.set_content_width(900)
    QApplication.processEvents()
    assert strip.focusPolicy() == Qt.FocusPolicy.TabFocus
    strip.set_content_width(100)
    QApplication.processEvents()
    assert strip.focusPolicy() == Qt.FocusPolicy.NoFocus


def test_a_strip_shows_its_focus_and_scrolls_with_the_arrow_keys(show, qtbot):
    class Window(QWidget):
        def set_theme(self, theme):
            strip.set_theme(theme)

    window, strip, field = Window(), Strip("Layers"), QLineEdit()
    row = QHBoxLayout(window)
    row.addWidget(field)
    row.addWidget(strip)
    strip.set_content_width(900)
    show(window, 500, 160)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    field.setFocus()
    assert not strip.focus_frame.isVisible()
    QTest.keyClick(field, Qt.Key.Key_Tab)
    assert strip.focus_frame.isVisible()
    assert same_color(strip.grab().toImage().pixelColor(0, 40), DARK.accent)
    QTest.keyClick(strip, Qt.Key.Key_Right)
    assert strip.horizontalScrollBar().value() > 0
    field.setFocus()
    assert not strip.focus_frame.isVisible()


def test_biases_stand_at_the_same_distance_from_every_matrix(show):
    view = show(WeightsView(), 620, 200)
    view.set_mirror(mirror_with(WIDE))
    inputs = (2, 8, 6, 4)
    gaps = [
        heatmap.rect_of(Spot(0, None)).left() - heatmap.rect_of(Spot(0, count - 1)).right()
        for heatmap, count in zip(view.heatmaps, inputs, strict=True)
    ]
    assert gaps == pytest.approx([6] * 4)


def test_the_typical_weight_is_found_without_masked_arrays():
    code = (
        "import sys, numpy as np; from playground.ui.plots.weights import typical;"
        "assert typical(np.arange(101.0)) == 95; assert np.isnan(typical(np.empty(0)));"
        "assert 'numpy.ma' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


# -- histograms -----------------------------------------------------------------------------------


def test_a_layer_that_is_not_a_number_is_neither_dead_nor_saturated(show):
    spec = Spec(layers=(Layer("dense", 1, units=2, activation="relu"),))
    view = show(ActivationsView(), 620, 200)
    view.set_mirror(mirror_with(spec, *[np.nan] * 9))
    for cell in view.cells:
        assert cell.figures == ("not finite", "")
        assert cell.meter is None


def test_gradients_that_are_all_zero_have_a_calm_axis(show):
    view = show(GradientsView(), 620, 200)
    mirror = mirror_with(PLANE, 0, 0, 0)
    mirror.gradients = [np.zeros(3)]
    view.set_mirror(mirror)
    (cell,) = view.cells
    assert cell.figures == ("all zero", "RMS 0")
    assert cell.edges[-1] == 1


def test_zero_does_not_change_a_steady_limit():
    limit = SteadyLimit()
    assert limit.fit(0.03) == 0.03
    assert limit.fit(0) == 0.03


def test_a_bar_is_read_out_under_the_mouse(show):
    view = show(ActivationsView(), 620, 200)
    mirror = mirror_with(PLANE, 0, 0, 0.5)  # tanh(0.5) = 0.46 for every sample
    view.set_mirror(mirror)
    (cell,) = view.cells
    (place,) = np.flatnonzero(cell.counts)
    x = (place + 0.5) / BINS * cell.boundingRect().width()
    position = cell.mapToScene(QPointF(x, cell.boundingRect().height() - 30)).toPoint()
    QTest.mouseMove(view.strip.canvas.viewport(), position)
    count = len(mirror.activations[0])
    assert view.readout.text == f"Output · tanh · 0.433 … 0.467: {count} values, 100 %"
    view.strip.canvas.cursor_moved.emit(None)
    assert view.readout.text == "Point at a bar"


@pytest.mark.parametrize(("view_class", "words"), [(ActivationsView, "saturated or dead"), (GradientsView, "RMS")])
def test_the_meter_is_explained_in_words(show, view_class, words):
    view = show(view_class(), 620, 200)
    assert words in view.legend.text
    assert view.legend.width() >= view.legend.needed_px()
    assert view.legend.toolTip()


# -- lines of figures -----------------------------------------------------------------------------


def test_a_line_of_figures_elides_what_does_not_fit():
    line = FigureLine("Figures")
    line.show_segments(Segment("train 0.001", sign="curve"), Segment("test 1.2×10⁻⁴", sign="curve"))
    needed = line.needed_px()
    assert [text for _, _, text in line.written(needed)] == ["train 0.001", "test 1.2×10⁻⁴"]
    metrics = QFontMetricsF(small_font())
    for width in range(10, needed):
        pieces = line.written(width)
        assert [text for _, _, text in pieces] != ["train 0.001", "test 1.2×10⁻⁴"]
        for _, x, text in pieces:
            assert x + metrics.horizontalAdvance(text) <= width + 1


# -- the loss chart -------------------------------------------------------------------------------


def test_the_figures_of_the_loss_never_reach_the_check_box(show):
    view = show(LossView(), 293, 240)
    view.set_history(history_of([0.5, 7.48e-4], [0.5, 1.24e-5]))
    view.plot.cursor_moved.emit((1.0, -3.0))
    assert view.readout.needed_px() <= view.readout.width()
    assert view.readout.geometry().right() < view.log_scale.geometry().left()


@pytest.mark.parametrize("loss", ["half_squared", "binary_crossentropy"])
def test_the_name_of_the_loss_stands_whole_above_the_plot(show, loss):
    view = show(LossView(), 293, 240)
    spec = replace(PLANE, training=replace(PLANE.training, loss=loss), output_activation="sigmoid")
    view.set_mirror(mirror_with(spec))
    name = view.plot.heading[0]
    assert name in ("½ squared", "binary cross-entropy")
    view.set_history(history_of([0.5] * 2000))
    view.plot.cursor_moved.emit((1999.0, 0.0))
    metrics = QFontMetricsF(small_font())
    assert sum(map(metrics.horizontalAdvance, view.plot.heading)) + 8 < view.plot.notice_area().width()


def test_no_epoch_is_swallowed_at_the_end_of_the_axis(show):
    view = show(LossView(), 293, 240)
    view.set_history(history_of(np.full(1188, 0.5)))
    texts = written(view.plot.axes[1], view)
    assert [text for _, text in texts] == ["0", "500", "1 000", "epoch"]
    for epochs in (500, 3000):
        view.set_history(history_of(np.full(epochs, 0.5)))
        areas = [area for area, _ in written(view.plot.axes[1], view)]
        assert all(area.right() <= 293.5 for area in areas)
        assert areas[-1].left() + QFontMetricsF(small_font()).horizontalAdvance("epoch") < areas[0].left()


@pytest.mark.parametrize("epochs", [240, 600, 1188, 2400, 5900, 78_000, 190_000])
def test_the_epochs_at_the_axis_are_evenly_spaced(show, epochs):
    view = show(LossView(), 293, 240)
    view.set_history(history_of([0.5, 0.5, 0.5], epochs=[0, 1, epochs]))
    *areas, _ = [area for area, _ in written(view.plot.axes[1], view)]
    *labels, _ = [int(text.replace(" ", "")) for _, text in written(view.plot.axes[1], view)[:-1]] + [0]
    assert len(labels) >= 3
    assert len(set(np.diff(labels))) == 1
    assert all(right.left() - left.right() >= 6 for left, right in pairwise(areas))


@pytest.mark.parametrize(
    ("values", "texts"),
    [((0, 1000, 20_000, -5000), "0|1 000|20 000|−5 000"), ((0, 0.5, 1000), "0|0.5|1000"),
     ((50_000, 100_000, 200_000), "50 000|100 000|200 000"), ((0, 5e5, 1e6), "0|5×10⁵|10⁶"),
     ((1e-4, 1e-3, 0.01, 0.1, 1, 10, 100), "10⁻⁴|10⁻³|10⁻²|10⁻¹|1|10|10²"), ((0.01, 0.1, 1), "0.01|0.1|1")],
)  # fmt: skip
def test_all_numbers_of_an_axis_have_one_form(values, texts):
    assert axis_texts(values) == texts.split("|")


def test_before_the_first_epoch_the_chart_shows_one_dot_and_what_to_do(show):
    view = show(LossView(), 293, 240)
    history = history_of([0.5], [0.6])
    view.set_history(history)
    assert "Press Play" in view.plot.notice
    assert view.cursor_dots.isVisible()
    assert not view.cursor_line.isVisible()
    assert view.cursor_dots.getData()[1] == pytest.approx(np.log10([0.6, 0.5]))
    history.append(np.array([[0, 0.4, 0.45]]))  # an edit before the training has begun
    view.refresh()
    assert "Press Play" in view.plot.notice
    assert len(view.train_curve.getData()[0]) == 0
    assert view.cursor_dots.getData()[1] == pytest.approx(np.log10([0.45, 0.4]))
    history.append(np.array([[1, 0.3, 0.35]]))
    view.refresh()
    assert view.plot.notice == ""
    assert not view.cursor_dots.isVisible()
    assert len(view.train_curve.getData()[0]) == 3


def test_losses_that_are_not_numbers_have_no_dots(show):
    view = show(LossView(), 293, 240)
    view.set_history(history_of([0.5, np.nan, 0.2], [0.5, np.nan, np.inf]))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        view.plot.cursor_moved.emit((1.0, 0.0))
        view.grab()
        assert not view.cursor_dots.isVisible()
        assert view.cursor_line.isVisible()
        view.plot.cursor_moved.emit((2.0, 0.0))
        view.grab()
    assert view.cursor_dots.getData()[1] == pytest.approx(np.log10([0.2]))


def test_both_curves_are_whole_and_differ_in_weight_and_colour(show):
    view = show(LossView(), 293, 240)
    view.set_history(history_of(np.geomspace(1, 1e-4, 100), np.geomspace(1, 1e-2, 100)))
    assert len(view.test_curve.getData()[0]) == 100
    assert view.test_curve.opts["connect"] == "finite"
    assert view.test_curve.width_px < view.train_curve.width_px
    image = view.plot.grab().toImage()
    for curve, token in ((view.train_curve, DARK.accent), (view.test_curve, DARK.muted)):
        x, y = (values[60] for values in curve.getData())
        place = view.plot.box.mapViewToScene(QPointF(x, y)).toPoint()
        near = [image.pixelColor(place.x(), place.y() + step) for step in range(-2, 3)]
        assert any(same_color(color, token, 60) for color in near)


# -- the surface ----------------------------------------------------------------------------------


def test_no_coordinate_is_cut_off_or_missing(show):
    view = surface_of(show, 1, 1, 0, spec=replace(PLANE, data=Data("xor_truth_table")), width=293, height=340)
    for axis in view.plot.axes:
        texts = written(axis, view)
        assert [text for _, text in texts] == ["−0.5", "0", "0.5", "1", "1.5"]
        for area, _ in texts:
            assert area.left() >= -0.5
            assert area.right() <= 293.5


def test_the_surface_reaches_to_the_edge_of_the_panel(show):
    view = surface_of(show, 1, 1, 0, width=293, height=360)
    assert view.plot.box.sceneBoundingRect().right() == pytest.approx(293, abs=0.5)


def test_test_data_are_seen_and_named_even_where_they_are_the_training_data(show):
    view = surface_of(show, 0, 0, 0, spec=replace(PLANE, data=Data("xor_truth_table")))
    before = view.plot.grab().toImage()
    assert view.title.text == "train"
    view.show_test.setChecked(True)
    assert view.title.text == "train · test"
    assert [segment.sign for segment, _, _ in view.title.written(200)] == ["disc", "ring"]
    assert view.plot.grab().toImage() != before


@pytest.mark.parametrize("decided", [False, True], ids=["scores", "classes"])
def test_the_border_between_classes_moves_smoothly_from_row_to_row_of_pixels(show, decided):
    view = surface_of(show, 60, 20, 3, spec=replace(PLANE, data=Data("spiral", samples=10)), width=293, height=340)
    view.train_points.setVisible(False)
    view.discretize.setChecked(decided)
    image = view.plot.grab().toImage()
    area = view.plot.box.sceneBoundingRect().toRect().adjusted(8, 8, -8, -8)
    borders = []
    for y in range(area.top(), area.bottom()):
        row = [image.pixelColor(x, y) for x in range(area.left(), area.right())]
        shares = [(color.blue() - color.red() + 300) / 600 for color in row]
        blue, orange = max(shares), min(shares)
        borders.append(sum((share - orange) / (blue - orange) for share in shares))  # pixels of the class +1
    steps = np.diff(borders)
    assert np.abs(steps - steps.mean()).max() < 0.8
    assert np.abs(np.mean(steps) + 1 / 3) < 0.02  # 60 x1 + 20 x2 = −3 is a line of this slope


def test_another_heading_leaves_no_trace_of_the_one_before(show, qtbot):
    view = show(SurfaceView(), 440, 500)
    for name in ("iris", "digits", "circle"):
        view.set_mirror(mirror_with(set_dataset(name)(Spec())))
        qtbot.waitUntil(lambda: on_screen(view) == view.grab().toImage().convertToFormat(QImage.Format.Format_RGB32))


def test_enlarging_keeps_a_plane_a_plane():
    weights = spline_weights(20, 333)
    assert weights.sum(axis=1) == pytest.approx(np.ones(333), abs=1e-5)
    ends = (np.arange(333) + 0.5) / 333 * 19
    assert weights @ np.arange(20, dtype=np.float32) == pytest.approx(ends, abs=1e-4)


def test_surface_and_legend_agree_on_the_scale_of_a_sigmoid_output(show):
    spec = replace(PLANE, output_activation="sigmoid")
    view = surface_of(show, 0, 9, 0, spec=spec)
    assert same_color(pixel_at(view, 5.8, 5.8), DARK.positive)
    assert same_color(pixel_at(view, 5.8, -5.8), DARK.negative)
    view.plot.cursor_moved.emit((0.0, -6.0))
    assert view.readout.text == "(0.00, −6.00) → 0.00 · class −1"
    assert view.legend.labels == ("0", "1")
