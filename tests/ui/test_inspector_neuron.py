"""The inspector on one neuron: what it shows is what the network computes, and what is set is set in the network."""

import numpy as np
import pytest
from inspector_bench import TWO_LAYERS, InspectorBench, with_weights
from msgspec.structs import replace
from plots_bench import PLANE
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from playground.document import edits
from playground.document.spec import OUTPUT_ID, Data, Layer, Spec, Training
from playground.ui.inspect.view import HELP
from playground.ui.theme import DARK, LIGHT

LEFT, NO_KEYS = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def bench(qtbot):
    return InspectorBench(qtbot)


def drag(slider, *shares):
    """Press the slider, move through these shares of its width, and let go."""
    points = [QPoint(round(share * slider.width()), slider.height() // 2) for share in shares]
    QTest.mousePress(slider, LEFT, NO_KEYS, points[0])
    for point in points[1:]:
        where = QPointF(point)
        QApplication.sendEvent(
            slider, QMouseEvent(QEvent.Type.MouseMove, where, slider.mapToGlobal(where), LEFT, LEFT, NO_KEYS)
        )
    QTest.mouseRelease(slider, LEFT, NO_KEYS, points[-1])


def write(field, text, key=Qt.Key.Key_Return):
    """Type over a field, and end with a key."""
    field.setFocus(Qt.FocusReason.MouseFocusReason)
    field.selectAll()
    QTest.keyClicks(field, text)
    QTest.keyClick(field, key)


# -- what is shown ----------------------------------------------------------------------------------


def test_at_first_it_says_how_to_begin(bench):
    assert bench.view.pages.currentWidget() is bench.view.help
    assert bench.view.help.text() == HELP


def test_the_formula_has_the_numbers_of_the_network(qtbot):
    bench = InspectorBench(qtbot, PLANE)
    bench.view.set_picked((1, 0))
    bench.learn(0.53, -1.2, 0.1)
    assert bench.view.neuron.rule.text == "a = tanh(0.53·x₁ − 1.20·x₂ + 0.10)"
    x1, x2 = bench.mirror.problem.train.points[0]
    result = bench.view.neuron.numbers.text.splitlines()[-1]
    logit = 0.53 * x1 - 1.2 * x2 + 0.1
    assert result == f"= tanh({logit:.2f}) = {np.tanh(logit):.2f}".replace("-", "−")


def test_the_result_is_what_the_network_makes_of_the_sample(bench):
    for picked in ((1, 2), (2, 1), (3, 0)):
        bench.view.set_picked(picked)
        output = bench.mirror.activations[picked[0] - 1][0, picked[1]]
        assert bench.view.neuron.numbers.text.endswith(f"= {output:.2f}".replace("-", "−"))


def test_numbers_follow_the_training(qtbot):
    bench = InspectorBench(qtbot, PLANE)
    bench.view.set_picked((1, 0))
    bench.learn(1, 2, 3)
    row = bench.view.neuron.rows.rows[1]
    assert row.field.text() == "2.000"
    bench.learn(1, -2.5, 3)
    assert row.field.text() == "−2.500"
    assert row.slider.value() == -500
    assert "− 2.50·x₂" in bench.view.neuron.rule.text


def test_every_incoming_weight_has_a_row_and_the_bias_is_the_last(bench):
    bench.view.set_picked((2, 1))
    rows = bench.view.neuron.rows.rows
    assert [row.field.text() for row in rows] == [f"{v:.3f}".replace("-", "−") for v in bench.incoming(2, 1)]
    assert rows[0].slider.accessibleName() == "weight · Dense 1, unit 1 → Dense 2, unit 2"
    assert rows[-1].slider.accessibleName() == "bias · Dense 2, unit 2"


def test_the_scale_of_the_sliders_grows_with_the_weights(qtbot):
    bench = InspectorBench(qtbot, PLANE)
    bench.view.set_picked((1, 0))
    slider = bench.view.neuron.rows.rows[0].slider
    assert slider.limit == 5
    bench.learn(8, 0, 0)
    assert slider.limit == 10
    assert slider.value() == 800
    bench.learn(1, 0, 0)
    assert slider.limit == 10


def test_a_network_that_has_blown_up_is_shown_calmly(qtbot):
    bench = InspectorBench(qtbot, PLANE)
    bench.view.set_picked((1, 0))
    bench.learn(np.nan, np.inf, 0)
    rows = bench.view.neuron.rows.rows
    assert [row.field.text() for row in rows] == ["NaN", "∞", "0.000"]
    assert rows[0].slider.value() == 0
    bench.view.grab()


def test_another_sample_can_be_looked_at(bench):
    bench.view.set_picked((1, 0))
    bench.click("inspector-sample-behind")
    assert "Sample 2 of 250" in bench.view.neuron.about_sample.text
    output = bench.mirror.activations[0][1, 0]
    assert bench.view.neuron.numbers.text.endswith(f"= {output:.2f}".replace("-", "−"))


def test_the_point_under_the_cursor_of_the_surface_is_computed_with(qtbot):
    bench = InspectorBench(qtbot, PLANE)
    bench.view.set_picked((1, 0))
    bench.learn(1, 0, 0)
    bench.view.set_point((0.5, 3.0))
    assert bench.view.neuron.numbers.text.endswith("= tanh(0.50) = 0.46")
    bench.view.set_point(None)
    assert "Sample 1" in bench.view.neuron.about_sample.text


def test_an_input_says_what_it_is_and_has_no_weights(qtbot):
    bench = InspectorBench(qtbot, Spec(features=("x1", "sin(3*x1)*x2")))
    bench.view.set_picked((0, 1))
    neuron = bench.view.neuron
    assert neuron.head.title == "Input · sin(3·x₁)·x₂"
    assert neuron.rule.text.startswith("sin(3·x₁)·x₂")
    assert not neuron.rows.isVisible()
    assert not neuron.head.freeze.isVisible()


def test_a_norm_says_what_it_does_with_its_gain_and_shift(qtbot):
    bench = InspectorBench(qtbot, Spec(layers=(Layer("dense", 1, units=3), Layer("batch_norm", 2))))
    bench.view.set_picked((2, 1))
    text = bench.view.neuron.rule.text
    assert "γ ∘" in text
    assert "gain γ 1.000 · shift β 0.000" in text
    assert "running variance 1.000" in text


def test_the_neuron_stays_when_a_layer_comes_before_it(bench):
    bench.view.set_picked((2, 1))
    bench.document.apply(edits.add_layer(at=0, kind="dense"))
    assert bench.view.picked == (3, 1)


def test_a_neuron_that_is_gone_gives_its_place_to_its_layer(bench):
    bench.view.set_selection(2)
    bench.view.set_picked((2, 1))
    bench.document.apply(edits.set_units(2, 1))
    assert bench.view.picked is None
    assert bench.view.pages.currentWidget() is bench.view.layer
    bench.document.apply(edits.remove_layer(2))
    assert bench.view.pages.currentWidget() is bench.view.help


def test_one_goes_on_to_the_next_neuron_and_to_the_layer(bench):
    bench.view.set_picked((1, 2))
    bench.click("inspector-behind")
    assert bench.view.picked == (1, 0)
    bench.click("inspector-layer")
    assert bench.view.pages.currentWidget() is bench.view.layer
    bench.click("inspector-neurons")
    assert bench.picked == [(1, 0), None, (1, 0)]


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_the_map_is_the_right_way_up(qtbot, theme):
    bench = InspectorBench(qtbot, PLANE)
    bench.view.set_theme(theme)
    bench.view.set_picked((1, 0))
    bench.learn(0, 5, 0)  # positive at the top
    picture = bench.view.neuron.map.grab().toImage()
    middle = picture.width() // 2
    assert picture.pixelColor(middle, 12).name() == theme.positive.lower()
    assert picture.pixelColor(middle, picture.height() - 12).name() == theme.negative.lower()


# -- what is set ------------------------------------------------------------------------------------


def test_a_weight_that_is_typed_stands_in_the_network(bench):
    bench.view.set_picked((2, 1))
    write(bench.view.neuron.rows.rows[0].field, "1,5")
    assert bench.incoming(2, 1)[0] == 1.5
    assert bench.document.undo_label == "Set weight"
    assert "1.50·u₁" in bench.view.neuron.rule.text


def test_a_weight_that_is_typed_as_it_was_is_nothing_to_undo(bench):
    bench.view.set_picked((1, 0))
    field = bench.view.neuron.rows.rows[0].field
    write(field, "2.5")
    once = bench.document.spec
    write(field, "2.5")
    assert bench.document.spec == once
    bench.document.undo()
    assert bench.document.spec.assigned == ()


def test_the_bias_of_the_output_can_be_set(bench):
    bench.view.set_picked((3, 0))
    write(bench.view.neuron.rows.rows[-1].field, "-2")
    (assigned,) = bench.spec.assigned
    assert (assigned.layer_id, assigned.columns, assigned.values) == (OUTPUT_ID, (2,), (-2.0,))
    assert bench.incoming(3, 0)[-1] == -2


def test_what_is_no_number_is_refused_in_one_sentence(bench):
    bench.view.set_picked((1, 0))
    before = bench.incoming(1, 0)[0]
    for text in ("steep", "5000"):
        write(bench.view.neuron.rows.rows[0].field, text)
    assert bench.messages == ["Weight: a number from −1000 to 1000 is possible."] * 2
    assert bench.spec.assigned == ()
    assert bench.view.neuron.rows.rows[0].field.text() == f"{before:.3f}".replace("-", "−")


def test_a_drag_is_one_undo(bench):
    bench.view.set_picked((1, 1))
    before = bench.incoming(1, 1)
    drag(bench.view.neuron.rows.rows[0].slider, 0.5, 0.6, 0.7, 0.9)
    assert len(bench.spec.assigned) == 1
    assert bench.incoming(1, 1)[0] > 3
    bench.document.undo()
    assert bench.incoming(1, 1) == pytest.approx(before)
    assert bench.document.undo_label is None


def test_two_drags_are_two_undos(bench):
    bench.view.set_picked((1, 1))
    slider = bench.view.neuron.rows.rows[0].slider
    drag(slider, 0.5, 0.6)
    drag(slider, 0.6, 0.9)
    assert len(bench.spec.assigned) == 2


def test_a_drag_that_goes_on_after_an_undo_leaves_the_earlier_one_alone(bench):
    bench.view.set_picked((1, 1))
    slider = bench.view.neuron.rows.rows[0].slider
    drag(slider, 0.5, 0.6)
    (first,) = bench.spec.assigned
    QTest.mousePress(slider, LEFT, NO_KEYS, QPoint(slider.width() * 7 // 10, 9))
    bench.document.undo()
    slider.setValue(800)
    QTest.mouseRelease(slider, LEFT)
    assert bench.spec.assigned[0] == first
    assert bench.spec.assigned[1].values == (4.0,)


def test_the_training_does_not_move_a_handle_that_is_held_nor_what_is_being_typed(qtbot):
    bench = InspectorBench(qtbot, PLANE)
    bench.view.set_picked((1, 0))
    bench.learn(1, 1, 1)
    held, typed = bench.view.neuron.rows.rows[0].slider, bench.view.neuron.rows.rows[1].field
    QTest.mousePress(held, LEFT, NO_KEYS, QPoint(held.width() * 8 // 10, 9))
    at = held.value()
    bench.learn(-1, 1, 1)
    assert held.value() == at
    QTest.mouseRelease(held, LEFT)
    typed.setFocus()
    typed.selectAll()
    QTest.keyClicks(typed, "3")
    bench.learn(-1, -1, 1)
    assert typed.text() == "3"
    assert bench.view.neuron.rows.rows[2].field.text() == "1.000"


def test_weights_are_drawn_anew_by_the_initializer_of_the_layer(qtbot):
    spec = with_weights(TWO_LAYERS, 1, initializer="uniform(limit=0.01, bias=0.7)")
    bench = InspectorBench(qtbot, spec)
    bench.view.set_picked((2, 1))
    before = bench.incoming(2, 1)
    bench.click("inspector-redraw")
    drawn = bench.incoming(2, 1)
    assert np.abs(drawn[:-1]).max() <= 0.01
    assert len(set(drawn.tolist())) == 4
    assert drawn[-1] == pytest.approx(0.7)
    assert bench.document.undo_label == "Re-draw neuron"
    bench.document.undo()
    assert bench.incoming(2, 1) == pytest.approx(before)


def test_a_neuron_is_frozen_and_thawed(bench):
    bench.view.set_picked((1, 2))
    bench.click("inspector-freeze")
    assert bench.spec.layers[0].weights.frozen_units == (2,)
    assert bench.view.neuron.head.freeze.isChecked()
    bench.click("inspector-freeze")
    assert bench.spec.layers[0].weights.frozen_units == ()


def test_a_neuron_of_a_frozen_layer_says_so(qtbot):
    bench = InspectorBench(qtbot, with_weights(TWO_LAYERS, 0, frozen=True))
    bench.view.set_picked((1, 0))
    assert not bench.view.neuron.head.freeze.isEnabled()
    assert bench.view.neuron.head.freeze.isChecked()
    assert "layer is frozen" in bench.view.neuron.head.freeze.toolTip()


def test_a_neuron_is_silenced_but_for_those_of_the_output(bench):
    bench.view.set_picked((1, 0))
    bench.click("inspector-silence")
    assert bench.spec.layers[0].weights.silenced == (0,)
    assert bench.view.neuron.numbers.text.endswith("= 0.00 since it is silent")
    bench.view.set_picked((3, 0))
    assert not bench.view.neuron.head.silence.isVisible()


# -- many weights -----------------------------------------------------------------------------------


@pytest.fixture
def wide(qtbot):
    spec = Spec(data=Data(samples=40), layers=(Layer("dense", 1, units=500), Layer("dense", 2, units=2)))
    bench = InspectorBench(qtbot, spec)
    bench.view.set_picked((2, 1))
    return bench


def test_of_500_weights_only_those_seen_are_widgets(wide):
    rows = wide.view.neuron.rows
    assert 3 <= len(rows.rows) <= 12
    rows.verticalScrollBar().setValue(rows.verticalScrollBar().maximum())
    assert rows.rows[-1].slider.accessibleName() == "bias · Dense 2, unit 2"
    assert rows.rows[-2].slider.accessibleName() == "weight · Dense 1, unit 500 → Dense 2, unit 2"


def test_a_row_that_was_scrolled_sets_the_weight_it_shows(wide):
    rows = wide.view.neuron.rows
    rows.verticalScrollBar().setValue(200)
    write(rows.rows[1].field, "2")
    assert wide.incoming(2, 1)[201] == 2


def test_what_was_typed_before_scrolling_is_for_the_weight_it_was_typed_at(wide):
    rows = wide.view.neuron.rows
    field = rows.rows[0].field
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "2.5")
    rows.verticalScrollBar().setValue(100)
    assert wide.incoming(2, 1)[0] == 2.5
    assert wide.incoming(2, 1)[100] != 2.5


def test_tab_reaches_all_weights_there_and_back(wide):
    rows = wide.view.neuron.rows
    seen = len(rows.rows)
    rows.rows[-1].field.setFocus()
    QTest.keyClick(rows.rows[-1].field, Qt.Key.Key_Tab)
    assert rows.first == 1
    assert QApplication.focusWidget() is rows.rows[-1].slider
    assert rows.rows[-1].slider.accessibleName().startswith(f"weight · Dense 1, unit {seen + 1} ")
    rows.rows[0].slider.setFocus()
    QTest.keyClick(rows.rows[0].slider, Qt.Key.Key_Backtab)
    assert rows.first == 0
    assert QApplication.focusWidget() is rows.rows[0].field


def test_long_formulas_say_how_much_they_leave_out(wide):
    assert "+ 494 more" in wide.view.neuron.rule.text


@pytest.mark.parametrize("width", [560, 640, 1100])
def test_nothing_is_wider_than_the_tab(qtbot, width):
    spec = Spec(
        data=Data("digits"),
        layers=(Layer("dense", 1, units=20),),
        output_activation="softmax",
        training=Training(loss="categorical_crossentropy"),
    )
    bench = InspectorBench(qtbot, replace(spec, seed=1), width=width)
    for picked in ((1, 3), (2, 9)):
        bench.view.set_picked(picked)
        bench.view.resize(width, 200)
        QApplication.processEvents()
        assert bench.view.width() == width
        assert bench.view.minimumSizeHint().width() <= width
