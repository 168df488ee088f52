"""The inspector on one layer: all its settings, each one edit."""

import pytest
from inspector_bench import InspectorBench
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit

from playground.document.spec import OUTPUT_ID, Layer, Spec, Training

MIXED = Spec(
    layers=(
        Layer("dense", 1, units=3, activation="leaky_relu(slope=0.2)"),
        Layer("batch_norm", 2),
        Layer("dropout", 3),
        Layer("residual", 4),
    ),
    training=Training(initializer="he_normal"),
)


@pytest.fixture
def bench(qtbot):
    return InspectorBench(qtbot, MIXED)


def choose(combo: QComboBox, data: str) -> None:
    index = combo.findData(data)
    combo.setCurrentIndex(index)
    combo.activated.emit(index)
    QApplication.processEvents()


def write(line: QLineEdit, text: str) -> None:
    line.setFocus(Qt.FocusReason.MouseFocusReason)
    line.selectAll()
    QTest.keyClicks(line, text)
    QTest.keyClick(line, Qt.Key.Key_Return)


def seen(bench, *names):
    return [name for name in names if getattr(bench.view.layer, name).isVisible()]


def test_a_layer_is_described_with_its_formula_and_its_parameters(bench):
    bench.view.set_selection(1)
    page = bench.view.layer
    assert page.title.text() == "Dense 1 · leaky ReLU"
    assert "A = f(W·X + b)" in page.about.text()
    assert "max(z, slope · z)" in page.about.text()
    assert page.count.text() == "9 parameters: 6 weights, 3 biases"


@pytest.mark.parametrize(
    ("layer_id", "count"),
    [(2, "6 parameters: 3 gains, 3 shifts"), (3, "No parameters"), (OUTPUT_ID, "4 parameters: 3 weights, 1 bias")],
)
def test_parameters_are_counted_for_every_kind(bench, layer_id, count):
    bench.view.set_selection(layer_id)
    assert bench.view.layer.count.text() == count


@pytest.mark.parametrize(
    ("layer_id", "controls", "number"),
    [
        (1, ["activation", "initializer", "regularizer", "frozen"], "units"),
        (2, ["frozen"], None),
        (3, [], "rate"),
        (4, [], "span"),
        (OUTPUT_ID, ["activation", "initializer", "regularizer", "frozen"], None),
    ],
)
def test_only_the_settings_of_its_kind_are_seen(bench, layer_id, controls, number):
    bench.view.set_selection(layer_id)
    assert seen(bench, "activation", "initializer", "regularizer", "frozen") == controls
    assert [name for name, field in bench.view.layer.numbers.items() if field.isVisible()] == (
        [number] if number else []
    )


def test_units_are_typed(bench):
    bench.view.set_selection(1)
    write(bench.view.layer.numbers["units"].lineEdit(), "7")
    assert bench.spec.layers[0].units == 7
    assert bench.view.layer.count.text().startswith("21 parameters")


def test_impossible_units_are_refused_in_a_sentence(bench):
    bench.view.set_selection(1)
    write(bench.view.layer.numbers["units"].lineEdit(), "0")
    assert bench.messages == ["Units: a whole number from 1 to 1 024 is possible."]
    assert bench.spec == MIXED


def test_a_rate_is_typed_in_per_cent(bench):
    bench.view.set_selection(3)
    write(bench.view.layer.numbers["rate"].lineEdit(), "35")
    assert bench.spec.layers[2].rate == 0.35


def test_the_activation_and_its_settings_are_chosen(bench):
    bench.view.set_selection(1)
    write(bench.widget("inspector-activation-slope"), "0.3")
    assert bench.spec.layers[0].activation == "leaky_relu(slope=0.3)"
    choose(bench.view.layer.activation, "elu")
    assert bench.spec.layers[0].activation == "elu"
    assert bench.widget("inspector-activation-alpha").isVisible()


def test_the_activation_of_the_output_is_chosen(bench):
    bench.view.set_selection(OUTPUT_ID)
    choose(bench.view.layer.activation, "sigmoid")
    assert bench.spec.output_activation == "sigmoid"


def test_what_makes_no_sense_for_one_output_is_greyed_with_the_reason(bench):
    bench.view.set_selection(OUTPUT_ID)
    combo = bench.view.layer.activation
    item = combo.model().item(combo.findData("softmax"))
    assert not item.isEnabled()
    assert item.toolTip() == "Softmax needs at least 2 units."


def test_the_settings_of_a_kind_are_typed(bench):
    bench.view.set_selection(2)
    write(bench.widget("inspector-layer-momentum"), "0.8")
    assert bench.spec.layers[1].kind == "batch_norm(momentum=0.8)"


def test_an_initializer_of_its_own_and_that_of_the_training_again(bench):
    bench.view.set_selection(1)
    initializer = bench.view.layer.initializer
    assert initializer.currentText() == "as in Training: He normal"
    choose(initializer, "uniform")
    assert bench.spec.layers[0].weights.initializer == "uniform"
    write(bench.widget("inspector-initializer-limit"), "0.25")
    assert bench.spec.layers[0].weights.initializer == "uniform(limit=0.25)"
    choose(initializer, "")
    assert bench.spec.layers[0].weights.initializer is None
    assert not bench.view.layer.initializer_options.isVisible()


def test_a_penalty_of_its_own_begins_with_a_rate_that_can_be_seen(bench):
    bench.view.set_selection(OUTPUT_ID)
    choose(bench.view.layer.regularizer, "l2")
    assert bench.spec.output.regularizer == "l2(rate=0.001)"
    write(bench.widget("inspector-regularizer-rate"), "0.1")
    assert bench.spec.output.regularizer == "l2(rate=0.1)"
    choose(bench.view.layer.regularizer, "none")
    assert bench.spec.output.regularizer == "none"
    choose(bench.view.layer.regularizer, "")
    assert bench.spec.output.regularizer is None


def test_a_layer_is_frozen(bench):
    bench.view.set_selection(1)
    bench.click("inspector-frozen")
    assert bench.spec.layers[0].weights.frozen
    bench.document.undo()
    assert not bench.view.layer.frozen.isChecked()


def test_the_page_follows_the_selection_and_goes_with_it(bench):
    bench.view.set_selection(1)
    bench.view.set_picked((1, 2))
    assert bench.view.pages.currentWidget() is bench.view.neuron
    bench.view.set_selection(3)
    assert bench.view.layer.title.text() == "Dropout 1"
    bench.view.set_selection(None)
    assert bench.view.pages.currentWidget() is bench.view.help


def test_without_a_picked_neuron_the_selected_layer_is_shown_again(bench):
    bench.view.set_selection(2)
    bench.view.set_picked((1, 2))
    bench.view.set_picked(None)
    assert bench.view.layer.title.text() == "BatchNorm 1"


def test_the_way_from_a_neuron_leads_to_its_own_layer_whatever_is_selected(bench):
    bench.view.set_selection(2)
    bench.view.set_picked((1, 2))
    bench.view.picked_changed.connect(bench.view.set_picked)  # the window tells everybody who follows the picked neuron
    bench.click("inspector-layer")
    assert bench.view.layer.title.text() == "Dense 1 · leaky ReLU"


def test_a_neuron_stays_when_its_own_layer_is_selected(bench):
    bench.view.set_picked((1, 2))
    bench.view.set_selection(1)
    assert bench.view.picked == (1, 2)


@pytest.mark.parametrize("layer_id", [1, 2, 3, 4, OUTPUT_ID])
def test_every_control_has_a_name_and_a_tooltip(bench, layer_id):
    bench.view.set_selection(layer_id)
    page = bench.view.layer
    for control in (page.activation, *page.numbers.values(), page.initializer, page.regularizer, page.frozen):
        assert control.accessibleName()
        assert control.objectName().startswith("inspector-")
        assert control.toolTip()
