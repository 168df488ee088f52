"""What can be read off the plots is what is true at that place."""

import numpy as np
import pytest

from playground.document.spec import Data, Layer, Spec
from playground.engine.mirror import Mirror
from playground.engine.snapshot import History
from playground.ui.plots.heatmap import Spot
from playground.ui.plots.histograms import ActivationsView, GradientsView
from playground.ui.plots.loss import LossView
from playground.ui.plots.surface import SurfaceView
from playground.ui.plots.weights import WeightsView
from playground.ui.theme import DARK

WITH_DROPOUT = Spec(
    data=Data(samples=40), layers=(Layer("dense", 1, units=3), Layer("dropout", 2), Layer("dense", 3, units=2))
)


@pytest.fixture
def show(qtbot):
    def show_view(view, width=420, height=360):
        qtbot.addWidget(view)
        view.set_theme(DARK)
        view.resize(width, height)
        view.show()
        return view

    return show_view


@pytest.mark.parametrize(("feature", "value"), [(0, "1.00"), (1, "−1.00")])
def test_a_neuron_in_focus_is_read_out_at_the_place_of_the_mouse(show, feature, value):
    view = show(SurfaceView())
    view.set_mirror(Mirror(Spec(data=Data(samples=40), layers=())))  # inputs are scaled by 6 to −1 … 1
    view.set_focus((0, feature))
    view.plot.cursor_moved.emit((6.0, -6.0))
    assert f"(6.00, −6.00) → {value}" in view.readout.text


@pytest.mark.parametrize(
    ("logarithmic", "expected"), [(True, {0: "1", -1: "0.1", -2: "0.01"}), (False, {0: "0", 0.2: "0.2", 1: "1"})]
)
def test_the_labels_of_the_loss_axis_stand_at_their_losses(show, logarithmic, expected):
    view = show(LossView())
    view.log_scale.setChecked(logarithmic)
    history = History()
    history.append(np.array([[0, 1.0, 1.0], [10, 0.1, 0.1], [20, 0.01, 0.01]]))
    view.set_history(history)
    (ticks,) = view.plot.axes[0]._tickLevels
    places = {round(place, 6): text for place, text in ticks}
    assert expected.items() <= places.items()


def test_a_layer_has_one_name_everywhere(show):
    mirror = Mirror(WITH_DROPOUT)
    weights, activations, gradients = show(WeightsView()), show(ActivationsView()), show(GradientsView())
    surface = show(SurfaceView())
    for view in (weights, activations, gradients, surface):
        view.set_mirror(mirror)
    surface.set_focus((3, 1))
    assert "Dense 2, unit 2" in surface.title.text
    assert [heatmap.title.partition(" · ")[0] for heatmap in weights.heatmaps] == ["Dense 1", "Dense 2", "Output"]
    assert [cell.title for cell in gradients.cells] == ["Dense 1 · tanh", "Dense 2 · tanh", "Output · tanh"]
    assert [cell.title for cell in activations.cells] == [
        "Dense 1 · tanh", "Dropout 1", "Dense 2 · tanh", "Output · tanh"
    ]  # fmt: skip


def test_weights_and_biases_are_named_after_what_they_connect(show):
    view = show(WeightsView())
    view.set_mirror(Mirror(WITH_DROPOUT))
    first, second, output = view.heatmaps
    for heatmap, spot, name in (
        (first, (2, 1), "weight · x₂ → Dense 1, unit 3"),
        (second, (0, 2), "weight · Dropout 1, unit 3 → Dense 2, unit 1"),
        (second, (1, None), "bias · Dense 2, unit 2"),
        (output, (0, 1), "weight · Dense 2, unit 2 → Output"),
    ):
        where = heatmap.mapToScene(heatmap.rect_of(Spot(*spot)).center())
        view.strip.canvas.cursor_moved.emit(where)
        assert name in view.readout.text
