"""The heads of the layers, the palette, the keyboard and the hover card."""

from itertools import pairwise

import numpy as np
import pytest
from canvas_bench import Bench, dense, kind_mime
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QMenu, QWidget

import nncore as nn
from playground.document import edits
from playground.document.spec import OUTPUT_ID, Layer, Spec
from playground.ui.canvas.fields import Stepper
from playground.ui.canvas.geometry import TINY
from playground.ui.canvas.palette import Chip
from playground.ui.canvas.title import LayerTitle
from playground.ui.theme import DARK, LIGHT

Key = Qt.Key


@pytest.fixture
def bench(qtbot):
    return Bench(qtbot, Spec(layers=dense(4, 3, 2)))


@pytest.fixture
def with_dropout(qtbot):
    return Bench(qtbot, Spec(layers=(Layer("dense", 1, units=4), Layer("dropout", 2, rate=0.2), Layer("dense", 3))))


def choose(bench, text):
    """Choose an entry of the menu that is open."""
    menu = next(menu for menu in bench.panel.findChildren(QMenu) if menu.isVisible())
    action = next(action for action in menu.actions() if action.text() == text)
    action.trigger()
    menu.close()
    bench.settle()


# -- heads ------------------------------------------------------------------------------------------


def test_plus_and_minus_change_the_units(bench):
    bench.click("layer-2-units-plus")
    bench.click("layer-1-units-minus")
    assert [layer.units for layer in bench.document.spec.layers] == [3, 4, 2]


def test_a_number_of_units_can_be_typed(bench):
    field = bench.widget("layer-1-units")
    assert isinstance(field, QLineEdit)
    field.selectAll()
    QTest.keyClicks(field, "12")
    QTest.keyClick(field, Key.Key_Return)
    assert bench.document.spec.layers[0].units == 12


def test_an_impossible_number_is_refused_with_a_message(bench):
    field = bench.widget("layer-1-units")
    assert isinstance(field, QLineEdit)
    field.selectAll()
    QTest.keyClicks(field, "4000")
    QTest.keyClick(field, Key.Key_Return)
    assert bench.edits == []
    assert field.text() == "4"
    assert "1 024" in bench.messages[0].replace("\u2009", " ").replace("\u202f", " ").replace("\u00a0", " ")


@pytest.mark.parametrize(("key", "units"), [(Key.Key_PageUp, 14), (Key.Key_PageDown, 1)])
def test_page_up_and_down_go_ten_units_at_once_as_far_as_there_are_any(bench, key, units):
    QTest.keyClick(bench.widget("layer-1-units"), key)
    assert bench.document.spec.layers[0].units == units


def test_holding_plus_is_one_entry_in_the_history(bench):
    plus = bench.canvas.heads[1].stepper.plus
    for _ in range(3):
        bench.canvas.heads[1].stepper.step(+1, plus.gesture)
    assert bench.document.spec.layers[0].units == 7
    bench.document.undo()
    assert bench.document.spec.layers[0].units == 4


def test_the_cross_removes_the_layer(bench):
    bench.click("layer-2-remove")
    assert bench.ids == [1, 3]


@pytest.mark.parametrize("name", ["layer-2-activation", "output-activation"])
def test_the_menu_of_a_head_offers_every_activation(bench, name):
    bench.click(name)
    menu = next(menu for menu in bench.panel.findChildren(QMenu) if menu.isVisible())
    assert [action.text() for action in menu.actions()] == [kind.label for kind in nn.Activation.registry.values()]
    choose(bench, "ReLU")
    assert bench.edits == ["Change activation"]


def test_dropout_has_a_rate_that_steps_and_can_be_typed(with_dropout):
    with_dropout.click("layer-2-rate-plus")
    assert with_dropout.document.spec.layers[1].rate == pytest.approx(0.25)
    field = with_dropout.widget("layer-2-rate")
    assert isinstance(field, QLineEdit)
    field.selectAll()
    QTest.keyClicks(field, "40")
    QTest.keyClick(field, Key.Key_Return)
    assert with_dropout.document.spec.layers[1].rate == pytest.approx(0.4)


def test_a_head_stays_the_same_widget_while_its_layer_lives(bench):
    head = bench.canvas.heads[2]
    bench.click("layer-2-units-plus")
    bench.press(Key.Key_Right, Key.Key_Delete)
    assert bench.canvas.heads[2] is head


def test_every_control_has_a_name_to_be_spoken(bench):
    controls = [control for _, head in bench.canvas.heads.items() for control in head.controls]
    controls += bench.panel.findChildren(Chip)
    assert controls
    assert all(control.accessibleName() and control.objectName() and control.toolTip() for control in controls)


# -- keyboard ---------------------------------------------------------------------------------------


def test_the_arrows_select_from_layer_to_layer(bench):
    seen = []
    bench.panel.selection_changed.connect(seen.append)
    bench.press(*[Key.Key_Right] * 5)
    bench.press(Key.Key_Left)
    assert seen == [1, 2, 3, OUTPUT_ID, 3]


@pytest.mark.parametrize("key", [Key.Key_Delete, Key.Key_Backspace])
def test_delete_removes_the_selected_layer_and_selects_its_neighbour(bench, key):
    bench.press(Key.Key_Right, Key.Key_Right, key)
    assert bench.ids == [1, 3]
    assert bench.canvas.selected == 3


def test_the_output_cannot_be_removed(bench):
    bench.press(Key.Key_Left, Key.Key_Delete)
    assert bench.edits == []
    assert len(bench.messages) == 1


def test_keys_duplicate_move_and_resize(bench):
    bench.press(Key.Key_Right, Key.Key_Plus)
    bench.press(Key.Key_D, control=True)
    bench.press(Key.Key_Right, control=True)
    bench.press(Key.Key_Minus)
    assert [(layer.id, layer.units) for layer in bench.document.spec.layers] == [(1, 5), (2, 3), (4, 4), (3, 2)]


def test_enter_opens_the_activations_of_the_selected_layer(bench):
    bench.press(Key.Key_Right, Key.Key_Return)
    choose(bench, "sigmoid")
    assert bench.document.spec.layers[0].activation == "sigmoid"


def test_escape_clears_the_selection(bench):
    bench.press(Key.Key_Right, Key.Key_Escape)
    assert bench.canvas.selected is None


# -- palette ----------------------------------------------------------------------------------------


def test_the_palette_offers_everything_that_is_registered(bench):
    names = {chip.objectName() for chip in bench.panel.findChildren(Chip)}
    assert {f"palette-{name}" for name in nn.Layer.registry} <= names
    assert {f"activation-{name}" for name in nn.Activation.registry} <= names


def test_enter_on_a_kind_puts_it_before_the_output(bench):
    QTest.keyClick(bench.widget("palette-dropout"), Key.Key_Return)
    assert [layer.kind for layer in bench.document.spec.layers] == ["dense", "dense", "dense", "dropout"]
    assert bench.canvas.selected == bench.ids[-1]


def test_a_double_click_on_a_kind_does_the_same(bench):
    QTest.mouseDClick(bench.widget("palette-dense"), Qt.MouseButton.LeftButton)
    assert len(bench.ids) == 4


def test_a_click_on_an_activation_gives_it_to_the_selected_layer(bench):
    bench.press(Key.Key_Right)
    bench.click("activation-relu")
    assert bench.document.spec.layers[0].activation == "relu"


def test_a_click_on_an_activation_without_a_selection_says_what_to_do(bench):
    bench.click("activation-relu")
    assert bench.edits == []
    assert "layer first" in bench.hints[0]
    assert bench.messages == []  # nothing went wrong


def test_activations_that_find_no_room_stand_in_a_menu(qtbot):
    bench = Bench(qtbot, Spec(), width=420)
    hidden = [chip.text() for chip in bench.panel.findChildren(Chip) if chip.isHidden() and chip.text() != "…"]
    assert hidden
    bench.press(Key.Key_Right)
    bench.click("activation-more")
    choose(bench, hidden[-1])
    assert bench.edits == ["Change activation"]


def title_label(bench, key):
    title = bench.canvas.heads[key].findChild(LayerTitle)
    assert isinstance(title, LayerTitle)
    return title


def title_of(bench, key):
    return title_label(bench, key).text()


def test_the_names_of_layers_are_whole_in_narrow_heads_too(qtbot):
    bench = Bench(qtbot, Spec(layers=(*dense(*[4] * 11), Layer("dropout", 12))), width=686)
    assert [title_of(bench, key) for key in (1, 11, 12)] == ["Dense 1", "Dense 11", "Dropout 1"]
    for key in (1, 11, 12):
        title = title_label(bench, key)
        assert title.fontMetrics().horizontalAdvance(title.text()) + title.indent() <= title.width()


@pytest.mark.parametrize("units", [128, 1024])
@pytest.mark.parametrize("count", [3, 6, 12])
def test_the_field_between_minus_and_plus_touches_neither_and_holds_its_digits(qtbot, count, units):
    """In a narrow head too, and where only the head of the selected layer has its controls."""
    bench = Bench(qtbot, Spec(layers=(*dense(units, *[4] * (count - 2)), Layer("dropout", 12))), width=686)
    for key in (1, 12):
        bench.canvas.select(key)
        bench.settle()
        stepper = bench.widget(f"layer-{key}-head").findChild(Stepper)
        assert isinstance(stepper, Stepper)
        minus, field, plus = (part.geometry() for part in (stepper.minus, stepper.field, stepper.plus))
        assert field.left() - minus.right() == plus.left() - field.right() == 3
        assert stepper.fontMetrics().horizontalAdvance(stepper.field.text()) <= field.width() - 2


# -- focus ------------------------------------------------------------------------------------------


def ring_of(bench):
    """The colour at the edge of the canvas, where the ring of the focus is."""
    return bench.picture().pixelColor(bench.canvas.width() // 2, bench.canvas.height() - 3)


def test_the_canvas_shows_that_it_has_the_focus_if_a_key_brought_it(bench):
    bench.canvas.setFocus(Qt.FocusReason.TabFocusReason)
    assert ring_of(bench).name() == DARK.accent.lower()
    bench.press(Key.Key_Right)  # now the selected layer shows it
    assert ring_of(bench).name() == DARK.canvas.lower()


def test_the_focus_brought_by_the_mouse_is_not_shown(bench):
    bench.canvas.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.mouseClick(bench.canvas, Qt.MouseButton.LeftButton, pos=QPoint(5, bench.canvas.height() - 20))
    assert bench.canvas.hasFocus()
    assert ring_of(bench).name() == DARK.canvas.lower()


# -- hover ------------------------------------------------------------------------------------------


def test_hovering_a_neuron_names_it_and_tells_the_other_views(bench):
    seen = []
    bench.panel.hovered.connect(seen.append)
    bench.hover(bench.unit_point(2, unit=2))
    assert bench.canvas.card.text.startswith("Dense 2, unit 3 ")
    bench.hover(QPoint(5, bench.canvas.height() - 5))
    assert seen == [(2, 2), None]
    assert bench.canvas.card.isHidden()


def test_hovering_a_link_shows_its_weight_live(bench):
    weights = bench.mirror.network.layers[0].weights
    weights[:] = 0.01
    weights[0, 0] = -1.284
    bench.panel.refresh()
    left, right = bench.place(-1), bench.place(1)
    middle = QPoint(round((left.x + right.x) / 2), round((left.ys[0] + right.ys[0]) / 2))
    bench.hover(middle)
    assert bench.canvas.card.text == "weight · x₁ → Dense 1, unit 1 −1.284"
    weights[0, 0] = 0.5
    bench.panel.refresh()
    assert bench.canvas.card.text.endswith(" 0.500")


@pytest.mark.parametrize(("key", "says"), [(1, "bias · Dense 1, unit 1 2.500"), (0, "bias · Output 2.500")])
def test_every_dense_neuron_has_a_bias_to_hover_the_output_too(bench, key, says):
    layer = bench.mirror.network.layers[0 if key else -1]
    layer.biases[0] = 2.5
    bench.panel.refresh()
    place = bench.place(key)
    bench.hover(QPoint(round(place.x - place.tile / 2), round(place.ys[0] + place.tile / 2) - 3))
    assert bench.canvas.card.text == says


def test_a_neuron_says_its_bias_and_whether_it_is_dead(bench):
    bench.hover(bench.unit_point(1))
    for bias, outgoing, says in ((0.25, 1, "bias 0.250"), (0.0, 0, "bias 0.000 · dead"), (1.0, 0, "constant 0.762")):
        layer = bench.mirror.network.layers[0]
        layer.weights[0] = outgoing
        layer.biases[0] = bias
        bench.mirror.load(bench.mirror.network.parameters.copy())
        bench.panel.refresh()
        assert bench.canvas.card.text.endswith(says)
        assert bench.canvas.card.width() >= bench.canvas.card.sizeHint().width()
        assert bench.canvas.rect().contains(bench.canvas.card.geometry())


@pytest.mark.parametrize(
    ("feature", "range_"), [("x1", "−6 … 6"), ("x1_squared", "0 … 36"), ("sin_x1", "−1 … 1"), ("x1_x2", "−36 … 36")]
)
def test_an_input_says_its_range_over_the_plane(qtbot, feature, range_):
    bench = Bench(qtbot, Spec(features=(feature,)))
    bench.hover(bench.unit_point(-1))
    assert bench.canvas.card.text == f"input · {nn.Feature.named(feature).label} {range_}"


def test_a_dropout_unit_says_its_rate(with_dropout):
    with_dropout.hover(with_dropout.unit_point(2))
    assert with_dropout.canvas.card.text == "Dropout 1, unit 1 rate 20 %"


def test_what_is_not_a_number_is_called_so(bench):
    bench.hover(bench.unit_point(1))
    bench.mirror.load(np.full_like(bench.mirror.network.parameters, np.nan))
    bench.panel.refresh()
    assert bench.canvas.card.text == "Dense 1, unit 1 not a number"


def test_the_card_goes_when_the_window_changes_size(bench):
    bench.hover(bench.unit_point(2))
    seen = []
    bench.panel.hovered.connect(seen.append)
    bench.panel.resize(bench.panel.width() + 200, bench.panel.height() + 100)
    bench.settle()
    assert bench.canvas.card.isHidden()
    assert seen == [None]


def test_the_card_goes_when_what_it_explains_moves_away(bench):
    bench.hover(bench.unit_point(2))
    bench.document.apply(edits.set_units(2, 3))
    assert not bench.canvas.card.isHidden()
    bench.document.apply(edits.add_layer(at=0, kind="dense"))
    assert bench.canvas.card.isHidden()


def test_the_card_follows_a_change_of_what_it_explains(with_dropout):
    with_dropout.hover(with_dropout.unit_point(2))
    with_dropout.document.apply(edits.set_rate(2, 0.5))
    assert with_dropout.canvas.card.text.endswith("rate 50 %")


def test_the_card_lies_on_the_canvas_and_not_on_the_neuron(bench):
    for key in (-1, 1, 2, 3, 0):
        for unit in range(len(bench.place(key).ys)):
            point = bench.unit_point(key, unit)
            bench.hover(point)
            card = bench.canvas.card.geometry()
            assert bench.canvas.rect().contains(card)
            assert not card.contains(point)


def test_layers_are_counted_by_kind(with_dropout):
    with_dropout.hover(with_dropout.unit_point(3))
    assert with_dropout.canvas.card.text.startswith("Dense 2, unit 1 ")
    assert title_of(with_dropout, 3) == "Dense 2"


# -- the picture as a whole -------------------------------------------------------------------------


@pytest.mark.parametrize("layers", [(), dense(1), dense(128, 128), dense(*[8] * 12), (Layer("dropout", 1),)])
def test_every_network_can_be_shown_in_a_small_window(qtbot, layers):
    bench = Bench(qtbot, Spec(layers=layers, features=("x1", "x2", "sin_x1")), width=420, height=260)
    bench.panel.refresh()
    assert not bench.picture().isNull()


def test_another_theme_changes_the_ground(bench):
    bench.panel.set_theme(LIGHT)
    assert bench.picture().pixelColor(2, bench.canvas.height() - 3).name() == LIGHT.canvas.lower()


def test_a_refresh_shows_the_newest_parameters(bench):
    """An output of one constant sign fills its tile with the colour of that sign."""
    colors = []
    for bias in (9.0, -9.0):
        bench.mirror.network.parameters[:] = 0
        bench.mirror.network.layers[-1].biases[:] = bias
        bench.mirror.load(bench.mirror.network.parameters.copy())
        bench.panel.refresh()
        color = bench.picture().pixelColor(bench.unit_point(0))
        colors.append(color.blue() - color.red())
    assert colors[0] > 60
    assert colors[1] < -60


def test_layers_can_be_added_until_the_canvas_scrolls(qtbot):
    """One double-click too many used to mix the new network with the old columns."""
    bench = Bench(qtbot, Spec(layers=dense(4)), width=420)
    for count in range(2, 26):
        QTest.mouseDClick(bench.widget("palette-dense"), Qt.MouseButton.LeftButton)
        assert len(bench.canvas.stage.places) == count + 2
    bench.settle()
    assert bench.canvas.width() > 420
    output = bench.canvas.heads[OUTPUT_ID].geometry()
    assert bench.canvas.visible_area().contains(output.right(), output.top())


def test_a_layer_dragged_into_a_full_canvas_finds_room(qtbot):
    bench = Bench(qtbot, Spec(layers=dense(*[4] * 6)), width=686)
    bench.hold_over(kind_mime("dense"), bench.unit_point(2) + QPoint(30, 0))
    heads = [bench.canvas.heads[key].geometry() for key in (-1, 1, 2, 3, 4, 5, 6, 0)]
    assert all(left.right() < right.left() for left, right in pairwise(heads))
    assert min(head.width() for head in heads[1:-1]) >= TINY.layer
    gap = bench.canvas.stage.gap_x
    assert gap is not None
    assert heads[2].right() < gap - TINY.layer / 2
    assert gap + TINY.layer / 2 < heads[3].left()


def test_a_network_that_is_too_wide_scrolls_to_the_selected_layer(qtbot):
    bench = Bench(qtbot, Spec(layers=dense(*[4] * 30)), width=420)
    bench.press(*[Key.Key_Right] * 30)
    assert bench.canvas.width() > 420
    assert bench.canvas.visible_area().contains(bench.place(30).x, 100)


def test_a_click_on_a_kind_says_what_to_do_instead_but_a_double_click_does_not(bench, qtbot):
    chip = bench.panel.findChild(QAbstractButton, "palette-dropout")
    QTest.mouseClick(chip, Qt.MouseButton.LeftButton)  # the system sends both
    QTest.mouseDClick(chip, Qt.MouseButton.LeftButton)
    QTest.qWait(QApplication.doubleClickInterval() + 50)
    assert bench.hints == []
    QTest.mouseClick(chip, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bench.hints == ["Drag it onto the canvas, or double-click to append it."])
    assert bench.messages == []


def test_the_activation_of_the_output_stands_below_the_middle_of_its_name(bench):
    button = bench.panel.findChild(QWidget, "output-activation")
    body = button.parentWidget()
    assert abs(button.geometry().center().x() - body.rect().center().x()) <= 1
