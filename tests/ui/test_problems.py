"""Problems beyond two classes in the plane, and layers beyond dense ones, as the window shows them."""

from __future__ import annotations

import numpy as np
import pytest
from canvas_bench import Bench, activation_mime, kind_mime
from plots_bench import mirror_with, pixel_at, same_color, show_view
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QColor
from PySide6.QtWidgets import QLabel, QMenu, QScrollArea

import nncore as nn
from playground.document import edits
from playground.document.document import Document
from playground.document.spec import Layer, Spec
from playground.engine.session import Session
from playground.ui.canvas.fields import Stepper
from playground.ui.canvas.palette import ActivationChip, KindChip
from playground.ui.canvas.title import LayerTitle
from playground.ui.names import unit_name
from playground.ui.panels.data import DataPanel
from playground.ui.panels.features import FeaturesPanel
from playground.ui.plots.point_colors import ClassColors, ValueColors
from playground.ui.plots.sheet import PictureSheet, Sheet
from playground.ui.plots.surface import SurfaceView
from playground.ui.plots.weights import WeightsView
from playground.ui.remarks import remark
from playground.ui.text import summary
from playground.ui.theme import DARK, LIGHT, class_token

SPEC = Spec(layers=(Layer("dense", 1, units=4), Layer("dense", 2, units=3)))


def spec_of(dataset: str) -> Spec:
    return edits.set_dataset(dataset)(SPEC)


# -- layers ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", nn.Layer.names())
def test_every_layer_kind_can_be_dragged_in_and_taken_back(qtbot, kind):
    bench = Bench(qtbot, SPEC)
    middle = round((bench.place(1).x + bench.place(2).x) / 2)
    bench.drop(kind_mime(kind), [QPoint(middle, 100)])
    assert [layer.kind for layer in bench.document.spec.layers] == ["dense", kind, "dense"]
    bench.picture()
    bench.document.undo()
    assert bench.document.spec == SPEC


@pytest.mark.parametrize("kind", nn.Layer.names())
def test_every_layer_kind_can_be_dropped_anywhere(qtbot, kind):
    bench = Bench(qtbot, SPEC)
    for at in range(3):
        bench.document.apply(edits.add_layer(at=at, kind=kind))
        bench.settle()
        bench.picture()
        for key in bench.ids:
            bench.hover(bench.unit_point(key))
            assert bench.canvas.card.text
        bench.document.undo()


@pytest.mark.parametrize("kind", nn.Layer.names())
def test_every_layer_kind_says_in_its_tooltip_what_it_does(qtbot, kind):
    bench = Bench(qtbot, SPEC)
    (chip,) = (chip for chip in bench.panel.findChildren(KindChip) if chip.name == kind)
    assert summary(nn.Layer.named(kind)).replace("`", "") in chip.toolTip()


def test_a_norm_says_gain_and_shift_of_a_unit(qtbot):
    bench = Bench(qtbot, Spec(layers=(Layer("dense", 1), Layer("layer_norm", 2))))
    bench.hover(bench.unit_point(2, 1))
    assert bench.canvas.card.text == "LayerNorm 1, unit 2 gain 1.000 · shift 0.000"


def test_a_residual_connection_has_a_span_that_steps(qtbot):
    bench = Bench(qtbot, Spec(layers=(Layer("dense", 1), Layer("dense", 2), Layer("residual", 3))))
    bench.hover(bench.unit_point(3))
    assert bench.canvas.card.text.endswith("adds what went in 1 layer before")
    bench.click("layer-3-span-plus")
    assert bench.document.spec.layers[2].span == 2
    bench.hover(bench.unit_point(3))
    assert bench.canvas.card.text.endswith("adds what went in 2 layers before")


def test_a_way_around_shows_what_a_residual_connection_spans(qtbot):
    layers = (Layer("dense", 1), Layer("dense", 2), Layer("residual", 3, span=2), Layer("residual", 4, span=9))
    bench = Bench(qtbot, Spec(layers=layers))
    assert bench.canvas._picture._bypasses() == [(0, 3), (0, 4)]
    bench.document.apply(edits.move_layer(3, 0))
    assert bench.canvas._picture._bypasses() == [(0, 4)]


def test_layer_kinds_that_find_no_room_stand_in_the_menu(qtbot):
    bench = Bench(qtbot, SPEC, width=400)
    hidden = [chip for chip in bench.panel.findChildren(KindChip) if chip.isHidden()]
    assert hidden
    bench.panel.palette_row.open_menu()
    texts = [action.text() for action in bench.panel.palette_row.findChildren(QMenu)[-1].actions()]
    assert all(f"Add {chip.text()}" in texts for chip in hidden)


# -- more than two classes, values, more than two inputs ---------------------------------------------


@pytest.mark.parametrize(("dataset", "inputs", "outputs"), [("blobs", 2, 3), ("iris", 4, 3), ("images", 1, 1)])
def test_the_canvas_has_a_tile_for_each_input_and_output_or_one_block(qtbot, dataset, inputs, outputs):
    bench = Bench(qtbot, spec_of(dataset))
    assert (len(bench.place(-1).ys), len(bench.place(0).ys)) == (inputs, outputs)
    bench.picture()


def test_ten_thousand_inputs_are_one_block_that_says_so(qtbot):
    bench = Bench(qtbot, spec_of("images"))
    bench.hover(bench.unit_point(-1))
    assert bench.canvas.card.text.startswith("input · 12 288 inputs")
    bench.document.apply(edits.add_layer(at=0, kind="dropout"))
    bench.settle()
    bench.picture()


def test_outputs_are_called_by_their_class(qtbot):
    bench = Bench(qtbot, spec_of("iris"))
    bench.hover(bench.unit_point(0, 2))
    assert bench.canvas.card.text.startswith("Output, virginica ")
    bench.hover(bench.unit_point(-1, 0))
    assert bench.canvas.card.text.startswith("input · sepal length ")


def trained_surface(qtbot, spec, steps, theme=DARK):
    session = Session(spec)
    session.advance(60, steps)
    view = show_view(qtbot, SurfaceView(), theme=theme)
    mirror = mirror_with(spec, *session.network.values)
    view.set_mirror(mirror)
    return view, mirror


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_the_surface_has_the_colour_of_the_class_with_the_largest_output(qtbot, theme):
    view, mirror = trained_surface(qtbot, spec_of("blobs"), 2000, theme)
    view.train_points.hide()
    for point in ((-4.5, -3.0), (4.5, -3.0), (0.3, 5.0)):
        best = int(mirror.scores_at(*point).argmax())
        assert same_color(pixel_at(view, *point), getattr(theme, class_token(best)), 24)


def test_a_tie_of_all_classes_has_no_colour(qtbot):
    spec = spec_of("blobs")
    view = show_view(qtbot, SurfaceView())
    view.set_mirror(mirror_with(spec, *np.zeros_like(mirror_with(spec).network.values)))
    assert same_color(pixel_at(view, 5.5, 5.5), DARK.zero)


def test_the_legend_names_classes_or_shows_the_scale_of_values(qtbot):
    view, _ = trained_surface(qtbot, spec_of("iris"), 1)
    assert view.classes.text == "setosa · versicolor · virginica"
    assert (view.classes.isVisible(), view.legend.isVisible()) == (True, False)
    view.set_mirror(mirror_with(spec_of("saddle")))
    assert (view.classes.isVisible(), view.legend.isVisible()) == (False, True)


def test_the_axes_of_samples_with_many_inputs_are_components(qtbot):
    view, _ = trained_surface(qtbot, spec_of("iris"), 1)
    assert view.plot.heading == ("↑ component 2", "component 1 →")
    view.set_mirror(mirror_with(spec_of("circle")))
    assert view.plot.heading == ("", "")


def test_the_cursor_reads_a_class_with_its_share_or_a_value(qtbot):
    view, mirror = trained_surface(qtbot, spec_of("iris"), 500)
    view.plot.cursor_moved.emit((-2.0, 0.0))
    assert "setosa" in view.readout.text
    assert view.readout.text.endswith("%")
    plane, mirror = trained_surface(qtbot, spec_of("plane"), 2000)
    plane.plot.cursor_moved.emit((3.0, 1.0))
    shown = float(plane.readout.text.rpartition("→ ")[2].replace("−", "-"))
    assert shown == pytest.approx(mirror.score_at(3, 1) * mirror.problem.limit, abs=0.01)


def test_points_have_the_colour_of_their_class_or_value():
    assert ClassColors(2).kinds(np.array([-1.0, 1.0])).tolist() == [0, 1]
    assert ClassColors(4).kinds(np.array([3.0, 0.0])).tolist() == [3, 0]
    assert ClassColors(4).colors(DARK)[3] == QColor(DARK.class_3)
    values = ValueColors(2.0)
    colors, kinds = values.colors(DARK), values.kinds(np.array([-2.0, 0.0, 9.0]))
    wanted = (DARK.negative, DARK.zero, DARK.positive)
    assert all(same_color(colors[kind], token) for kind, token in zip(kinds, wanted, strict=True))


# -- panels ---------------------------------------------------------------------------------------


@pytest.fixture
def document():
    return Document(SPEC)


def test_the_gallery_turns_to_the_page_of_the_chosen_data(qtbot, document, new_seed):
    panel = DataPanel(document, new_seed, QAction())
    qtbot.addWidget(panel)
    panel.show()
    assert shown(panel) >= {"circle", "images"}
    document.apply(edits.set_dataset("saddle"))
    assert shown(panel) == {"plane", "gaussians", "sine", "saddle"}
    qtbot.mouseClick(panel._gallery._tabs["classes"], Qt.MouseButton.LeftButton)
    assert shown(panel) == {"rings", "blobs", "iris", "digits"}
    document.apply(edits.set_noise(0.3))
    assert "iris" in shown(panel)


@pytest.fixture
def new_seed():
    return QAction("New seed")


def shown(panel) -> set[str]:
    return {name for name, button in panel._gallery._sets.items() if button.isVisible()}


def test_data_with_a_division_of_its_own_grey_out_samples_and_share(qtbot, document, new_seed):
    panel = DataPanel(document, new_seed, QAction())
    qtbot.addWidget(panel)
    document.apply(edits.set_dataset("images"))
    assert not panel._samples._slider.isEnabled()
    assert panel._share._field.text() == "81 %"
    document.apply(edits.set_dataset("iris"))
    assert panel._samples._field.text() == "150"
    assert panel._share._slider.isEnabled()


def test_features_are_greyed_out_where_there_is_no_plane(qtbot, document):
    panel = FeaturesPanel(document)
    qtbot.addWidget(panel)
    document.apply(edits.set_dataset("iris"))
    assert not any(switch.isEnabled() or switch.isChecked() for switch in panel._grid.switches.values())
    assert panel.toolTip() == "Iris brings 4 inputs of its own"
    document.undo()
    assert panel._grid.switches["x1"].isEnabled()
    assert panel._grid.switches["x1"].isChecked()


def test_a_remark_says_what_other_data_have_brought_along():
    assert remark(spec_of("iris"), SPEC) == (
        "Iris asks for 3 classes: the output is now 3 units, softmax, and the loss categorical cross-entropy."
        " There are 4 inputs."
    )
    assert remark(spec_of("moons"), SPEC) is None


def test_a_remark_says_what_other_data_of_the_same_sort_have_brought_along():
    iris = spec_of("iris")
    said = remark(edits.set_dataset("digits")(iris), iris)
    assert said is not None
    assert said.startswith("Digits asks for 10 classes: the output is now 10 units, softmax")
    assert said.endswith(" There are 64 inputs.")
    assert remark(spec_of("images"), SPEC) == "Faces has 12 288 inputs: the first layer begins anew."
    assert remark(SPEC, spec_of("images")) == "Circle has 2 features: the first layer begins anew."


# -- weights ---------------------------------------------------------------------------------------


def test_a_very_wide_matrix_is_drawn_by_means_of_neighbours():
    sheet = Sheet(3, 1000)
    weights = np.arange(3000.0).reshape(3, 1000)
    cells = sheet.cells(weights)
    assert cells.shape == (3, 250)
    assert sheet.note == "means of 4"
    assert cells[1, 2] == weights[1, 8:12].mean()
    assert sheet.spot(1, 2) == (1, slice(8, 12))
    assert sheet.place(1, 11) == (1, 2)


def test_weights_of_pixels_are_drawn_as_pictures():
    sheet = PictureSheet(2, (4, 5, 3))
    weights = np.arange(120.0).reshape(2, 60)
    cells = sheet.cells(weights)
    assert cells.shape == (4, 11)
    assert cells[1, 8] == weights[1].reshape(4, 5, 3)[1, 2].mean()
    assert sheet.spot(1, 8) == (1, slice(21, 24))
    assert sheet.spot(1, 5) is None
    assert sheet.place(1, 22) == (1, 8)


def test_the_weights_of_a_picture_are_read_where_the_cursor_is(qtbot):
    view = show_view(qtbot, WeightsView(), width=900, height=240)
    view.set_mirror(mirror_with(spec_of("digits")))
    first = view.heatmaps[0]
    assert first.title == "Dense 1 · 4×64"
    spot = first.spot_at(QPointF(30, 60))
    assert spot is not None
    assert first.rect_of(spot).contains(QPointF(30, 60))
    assert view._mirror is not None
    weights = view._mirror.network.layers[0].weights
    assert first.value_of(spot) == pytest.approx(float(weights[spot.unit, spot.source]))


def test_a_wide_layer_has_a_colour_scale_of_its_own(qtbot):
    view = show_view(qtbot, WeightsView(), width=900, height=240)
    mirror = mirror_with(spec_of("images"))
    mirror.network.layers[0].weights[:] *= 0.01
    view.set_mirror(mirror)
    others = np.concatenate([layer.block.ravel() for layer in mirror.network.layers[1:]])
    assert view.limit >= 0.9 * np.quantile(np.abs(others), 0.9)


# -- residual connections and names -----------------------------------------------------------------


def stepper_of(bench: Bench, key: int) -> Stepper:
    (stepper,) = bench.canvas.heads[key].findChildren(Stepper)
    return stepper


def test_a_span_steps_no_further_than_there_are_layers_and_says_where_it_is_cut_short(qtbot):
    bench = Bench(qtbot, Spec(layers=(Layer("dense", 1), Layer("dense", 2), Layer("residual", 3, span=2))))
    stepper = stepper_of(bench, 3)
    assert stepper.field.text() == "2"
    assert not stepper.plus.isEnabled()
    stepper.step(+1)
    assert bench.document.spec.layers[2].span == 2
    bench.document.apply(edits.remove_layer(1))
    assert stepper.field.text() == "1 of 2"
    assert not stepper.plus.isEnabled()
    assert not stepper.minus.isEnabled()


def test_a_residual_connection_in_first_place_has_nothing_to_add(qtbot):
    bench = Bench(qtbot, Spec(layers=(Layer("residual", 1), Layer("dense", 2))))
    head = bench.canvas.heads[1]
    assert stepper_of(bench, 1).isHidden()
    assert [label.text() for label in head.findChildren(QLabel) if label.isVisible()][-1] == "adds nothing"
    bench.document.apply(edits.move_layer(1, 1))
    bench.settle()
    assert not stepper_of(bench, 1).isHidden()


def test_an_activation_dropped_on_a_layer_that_has_none_says_so(qtbot):
    bench = Bench(qtbot, Spec(layers=(Layer("dense", 1), Layer("residual", 2))))
    bench.drop(activation_mime("relu"), [bench.unit_point(2)])
    assert bench.hints == ["Residual has no activation."]
    assert bench.edits == []


def test_the_name_of_a_norm_is_whole_in_a_narrow_head(qtbot):
    layers = (Layer("batch_norm", 1), Layer("layer_norm", 2), *(Layer("dense", n) for n in range(3, 7)))
    bench = Bench(qtbot, Spec(layers=layers), width=686)
    titles = [title.text() for key in (1, 2) for title in bench.canvas.heads[key].findChildren(LayerTitle)]
    assert titles == ["BatchNorm\n1", "LayerNorm\n1"]


def test_six_layers_need_no_scroll_bar_in_a_small_window(qtbot):
    layers = tuple(Layer("dense", n) for n in range(1, 7))
    bench = Bench(qtbot, Spec(layers=layers), width=684)
    (area,) = bench.panel.findChildren(QScrollArea)
    assert area.horizontalScrollBar().maximum() == 0


def test_the_activations_one_asks_for_most_are_in_sight_in_a_small_window(qtbot):
    bench = Bench(qtbot, SPEC, width=686)
    shown = [chip.text() for chip in bench.panel.findChildren(ActivationChip) if chip.isVisible()]
    assert shown[:3] == ["tanh", "ReLU", "sigmoid"]
    assert all(chip.isVisible() for chip in bench.panel.findChildren(KindChip))


def test_an_input_of_a_picture_is_called_by_row_and_column():
    assert unit_name(spec_of("images"), 0, 0) == "pixel row 0, column 0"
