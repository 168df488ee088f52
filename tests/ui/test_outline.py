"""The outline: the network as a tree of sentences, edited by the keyboard alone."""

import numpy as np
import pytest
from inspector_bench import Following, with_weights
from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QTabBar, QWidget

from playground.document.lesson import Lesson
from playground.document.spec import OUTPUT_ID, Layer, Spec
from playground.ui.canvas.geometry import INPUT_ID
from playground.ui.outline.rows import CHUNK, ROOT, Row
from playground.ui.outline.view import OutlineView

SPEC = Spec(layers=(Layer("dense", 1, units=3), Layer("dropout", 2), Layer("dense", 3, units=2, activation="relu")))
CONTROL, NO_KEYS = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier


def settle() -> None:
    """Let what was typed arrive, and the editor go."""
    for _ in range(2):
        QApplication.processEvents()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


class Bench(Following):
    """The view on a document whose mirror follows at once."""

    def __init__(self, qtbot, spec: Spec = SPEC) -> None:
        super().__init__(spec)
        self.messages: list[str] = []
        self.chosen: list[object] = []
        self.view = OutlineView(self.document, {})
        self.view.message.connect(self.messages.append)
        self.view.selection_wanted.connect(self.chosen.append)
        self.view.picked_changed.connect(self.chosen.append)
        qtbot.addWidget(self.view)
        self.view.set_mirror(self.mirror)
        self.view.resize(700, 400)
        self.view.show()

    def show(self, mirror) -> None:
        self.view.set_mirror(mirror)

    def below(self, row: Row = ROOT) -> list[str]:
        model = self.view.model
        parent = model.index_of(row)
        return [model.index(at, 0, parent).data() for at in range(model.rowCount(parent))]

    def says(self, row: Row) -> str:
        return self.view.model.index_of(row).data()

    def press(self, key, modifier=Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.view.tree, key, modifier)

    def type_into(self, row: Row, text: str) -> None:
        self.view.tree.go_to(row)
        self.press(Qt.Key.Key_F2)
        editor = self.view.findChild(QLineEdit, "outline-editor")
        assert editor is not None
        editor.setText(text)
        QTest.keyClick(editor, Qt.Key.Key_Return)
        settle()


@pytest.fixture
def bench(qtbot):
    return Bench(qtbot)


def test_every_layer_is_a_sentence(bench):
    assert bench.below() == [
        "Input: 2 features, x₁, x₂",
        "Layer 1: Dense 1, 3 units, tanh, 9 parameters",
        "Layer 2: Dropout 1, rate 20 %, no parameters",
        "Layer 3: Dense 2, 2 units, ReLU, 8 parameters",
        "Output: 1 unit, tanh, 3 parameters",
    ]


def test_a_neuron_tells_its_bias_its_weights_and_what_it_gives_on_average(bench):
    *weights, bias = bench.incoming(1, 1)
    weights[:], bias = (0.5, -0.3), 0.12
    bench.mirror.network.layers[0].block[1] = [*weights, bias]
    bench.mirror.load(bench.mirror.network.values.copy())
    bench.view.model.renew()
    mean = bench.mirror.activations[0][:, 1].mean()
    told = f"Neuron 2: bias 0.12, weights 0.50 from x₁, −0.30 from x₂, mean activation {mean:.2f}".replace(" -", " −")
    assert bench.says(Row("unit", 1, 1)) == told
    assert bench.below(Row("unit", 1, 1)) == ["bias: 0.120", "from x₁: 0.500", "from x₂: −0.300"]


def test_of_many_weights_the_sentence_names_the_strongest(qtbot):
    bench = Bench(qtbot, Spec(layers=(Layer("dense", 1, units=8), Layer("dense", 2, units=1))))
    block = bench.mirror.network.layers[1].block
    block[0] = [0, 4, 0.1, -3, 0, 2, 0.1, 1, 0.5]
    bench.view.model.renew()
    strongest = "strongest weights 4.00 from unit 2, −3.00 from unit 4, 2.00 from unit 6, 1.00 from unit 8"
    assert strongest in bench.says(Row("unit", 2, 0))


def test_what_was_done_to_a_layer_or_a_neuron_is_said(qtbot):
    spec = with_weights(with_weights(SPEC, 0, frozen_units=(1,), silenced=(1, 2)), 2, frozen=True)
    bench = Bench(qtbot, spec)
    assert bench.says(Row("layer", 3)).endswith("8 parameters, frozen")
    assert bench.says(Row("unit", 1, 1)).endswith(", frozen, silenced")
    assert bench.says(Row("unit", 1, 2)).endswith(", silenced")


def test_layers_of_other_kinds_tell_what_they_have(qtbot):
    layers = (Layer("batch_norm", 1), Layer("dense", 2, units=2), Layer("residual", 3))
    bench = Bench(qtbot, Spec(layers=layers))
    assert bench.says(Row("layer", 1)) == "Layer 1: BatchNorm 1, 4 parameters"
    assert bench.says(Row("unit", 1, 0)).startswith("Neuron 1: gain 1.00, shift 0.00, mean activation ")
    assert bench.below(Row("layer", 3))[0] == "Span: 1"


def test_a_wide_layer_is_folded_in_groups_and_made_only_where_one_looks(qtbot):
    bench = Bench(qtbot, Spec(layers=(Layer("dense", 1, units=130), Layer("dense", 2, units=100))))
    groups = ["Neurons 1 to 64", "Neurons 65 to 128", "Neurons 129 to 130"]
    assert bench.below(Row("layer", 1)) == ["Units: 130", "Activation: tanh", *groups]
    assert not bench.view.model.index_of(Row("unit", 1, 130)).isValid()
    assert bench.below(Row("unit", 2, 3))[1:] == ["Weights 1 to 64", "Weights 65 to 128", "Weights 129 to 130"]
    made = len(bench.view.model._rows)
    assert made < 130 + CHUNK
    bench.view.set_picked((1, 100))
    assert bench.view.tree.current == Row("unit", 1, 100)


def test_a_weight_is_typed_in_its_row_and_a_bias_in_that_of_its_neuron(bench):
    bench.type_into(Row("weight", 1, 2, 1), "-0.75")
    bench.type_into(Row("unit", 1, 2), "0,5")
    np.testing.assert_allclose(bench.incoming(1, 2)[1:], [-0.75, 0.5])
    assert bench.says(Row("weight", 1, 2, 1)) == "from x₂: −0.750"
    bench.document.undo()
    bench.document.undo()
    assert bench.document.undo_label is None


def test_units_rate_and_activation_are_set_in_rows_of_their_own(bench):
    bench.type_into(Row("setting", 1, option="units"), "5")
    bench.type_into(Row("setting", 2, option="rate"), "35 %")
    assert bench.spec.layers[0].units == 5
    assert bench.spec.layers[1].rate == 0.35

    bench.view.tree.go_to(Row("setting", OUTPUT_ID, option="activation"))
    bench.press(Qt.Key.Key_Return)
    choice = bench.view.findChild(QComboBox, "outline-editor")
    assert choice.currentText() == "tanh"
    choice.setCurrentIndex(choice.findData("identity"))
    QTest.keyClick(choice, Qt.Key.Key_Tab)
    settle()
    assert bench.spec.output_activation == "identity"


@pytest.mark.parametrize(
    ("row", "text", "told"),
    [
        (Row("weight", 1, 0, 0), "much", "Weight from x₁ to Dense 1, unit 1: a number from −1000 to 1000 is possible."),
        (Row("unit", 1, 0), "2000", "Bias of Dense 1, unit 1: a number from −1000 to 1000 is possible."),
        (Row("setting", 1, option="units"), "0", "Units of Dense 1: a whole number from 1 to 1 024 is possible."),
    ],
)
def test_an_impossible_value_is_told_and_changes_nothing(bench, row, text, told):
    bench.type_into(row, text)
    assert bench.messages == [told]
    assert bench.document.undo_label is None


def test_what_was_not_changed_makes_no_edit(bench):
    bench.view.tree.go_to(Row("weight", 1, 0, 0))
    bench.press(Qt.Key.Key_F2)
    QTest.keyClick(bench.view.findChild(QLineEdit, "outline-editor"), Qt.Key.Key_Return)
    settle()
    assert bench.document.undo_label is None
    assert bench.messages == []


def test_what_is_open_and_where_one_is_outlives_a_change_of_the_network(bench):
    tree, model = bench.view.tree, bench.view.model
    row = Row("weight", 3, 1, 0)
    bench.view.tree.go_to(row)
    for opened in (Row("layer", 3), Row("unit", 3, 1), Row("layer", 1)):
        tree.setExpanded(model.index_of(opened), True)
    bench.type_into(Row("setting", 1, option="units"), "4")
    tree.go_to(row)
    bench.chosen.clear()
    bench.document.undo()
    assert tree.current == row
    assert all(tree.isExpanded(model.index_of(opened)) for opened in (Row("layer", 3), Row("unit", 3, 1)))
    assert bench.chosen == []


def test_a_row_that_a_screen_reader_selects_is_gone_to(bench):
    row = Row("layer", 3)
    index = bench.view.model.index_of(row)
    bench.view.tree.selectionModel().select(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
    assert bench.view.tree.current == row
    assert bench.chosen[0] == 3


def test_where_a_neuron_is_gone_one_stands_at_its_layer(bench):
    bench.view.tree.go_to(Row("weight", 1, 2, 0))
    bench.type_into(Row("setting", 1, option="units"), "2")
    bench.document.undo()
    bench.view.tree.go_to(Row("unit", 1, 2))
    bench.document.redo()
    assert bench.view.tree.current == Row("layer", 1)


def test_numbers_stay_for_half_a_second_and_selection_stays_with_them(bench, qtbot):
    bench.view.tree.go_to(Row("bias", 1, 0))
    bench.view._renew()
    before = bench.says(Row("bias", 1, 0))
    bench.mirror.network.layers[0].block[0, -1] = 7
    bench.mirror.load(bench.mirror.network.values.copy())
    bench.view.refresh()
    assert bench.says(Row("bias", 1, 0)) == before
    qtbot.waitUntil(lambda: bench.says(Row("bias", 1, 0)) == "bias: 7.000")
    assert bench.view.tree.current == Row("bias", 1, 0)


def test_the_row_one_goes_to_selects_the_layer_and_picks_the_neuron(bench):
    bench.view.tree.setFocus()
    bench.view.tree.go_to(Row("layer", 1))
    bench.press(Qt.Key.Key_Right)
    for _ in range(3):  # over its two settings
        bench.press(Qt.Key.Key_Down)
    assert bench.view.tree.current == Row("unit", 1, 0)
    assert bench.chosen[-2:] == [1, (1, 0)]
    bench.press(Qt.Key.Key_Home)
    assert bench.chosen[-2:] == [None, None]
    assert bench.view.tree.current == Row("layer", INPUT_ID)


def test_a_selection_made_elsewhere_is_followed_without_an_answer(bench):
    bench.view.set_selection(3)
    assert bench.view.tree.current == Row("layer", 3)
    bench.view.set_picked((3, 1))
    assert bench.view.tree.current == Row("unit", 3, 1)
    bench.view.set_selection(3)
    assert bench.view.tree.current == Row("unit", 3, 1)
    bench.view.set_selection(None)
    assert bench.view.tree.current == ROOT
    assert bench.chosen == []


def test_a_screen_reader_finds_the_rows_with_their_words(bench):
    bench.view.tree.setExpanded(bench.view.model.index_of(Row("layer", 1)), True)
    QApplication.processEvents()
    tree = QAccessible.queryAccessibleInterface(bench.view.tree)
    assert tree.role() == QAccessible.Role.Tree
    children = [tree.child(at) for at in range(tree.childCount())]
    names = [child.text(QAccessible.Text.Name) for child in children if child.role() == QAccessible.Role.TreeItem]
    assert names[1:4] == ["Layer 1: Dense 1, 3 units, tanh, 9 parameters", "Units: 3", "Activation: tanh"]


def test_no_index_is_valid_before_there_is_a_network(qtbot):
    view = OutlineView(Following(SPEC).document, {})
    qtbot.addWidget(view)
    assert view.model.rowCount() == 0
    assert not view.model.index(0, 0, QModelIndex()).isValid()
    view.set_picked((1, 0))
    assert view.tree.current == ROOT


# -- in the window ----------------------------------------------------------------------------------


@pytest.fixture
def outline(desk):
    tabs = desk.window.findChild(QTabBar, "layers-tabs")
    tabs.setCurrentIndex([tabs.tabText(at) for at in range(tabs.count())].index("Outline"))
    view = desk.window.findChild(OutlineView)
    view.tree.setFocus()
    desk.settle()
    yield view
    QGuiApplication.clipboard().setText("")  # off-screen, Qt cannot end with data of ours in it


def test_the_keys_of_the_canvas_edit_the_layer_one_is_at(desk, outline):
    first, second = desk.ids
    desk.type(Qt.Key.Key_Down)
    assert desk.canvas.selected == first
    desk.type(Qt.Key.Key_Plus, Qt.Key.Key_Plus, Qt.Key.Key_Minus)
    assert desk.spec.layers[0].units == 5
    desk.type(Qt.Key.Key_Right, modifier=CONTROL)
    assert desk.ids == [second, first]
    desk.type(Qt.Key.Key_D, modifier=CONTROL)
    assert len(desk.ids) == 3
    assert outline.tree.current == Row("layer", desk.ids[2])
    desk.type(Qt.Key.Key_Delete)
    desk.type(Qt.Key.Key_C, Qt.Key.Key_V, modifier=CONTROL)
    assert len(desk.ids) == 3
    desk.type(Qt.Key.Key_Insert)
    assert len(desk.ids) == 4
    assert outline.tree.hasFocus()


def test_delete_on_a_neuron_removes_no_layer_but_says_what_to_do(desk, outline):
    outline.tree.setCurrentIndex(outline.model.index_of(Row("unit", desk.ids[0], 1)))
    desk.type(Qt.Key.Key_Delete)
    assert len(desk.ids) == 2
    assert "go to the row of the layer" in desk.window.notice.text
    desk.type(Qt.Key.Key_Plus)
    assert desk.spec.layers[0].units == 5


def test_enter_on_a_layer_leads_to_its_settings_and_with_control_on_a_neuron_to_its_page(desk, outline):
    desk.type(Qt.Key.Key_Down, Qt.Key.Key_Return)
    inspector = desk.window.inspector
    assert inspector.pages.currentWidget() is inspector.layer
    focused = QApplication.focusWidget()
    assert focused is not None
    assert inspector.isAncestorOf(focused)
    inspector.window()._below.show_tab("Outline")
    outline.tree.setFocus()
    outline.tree.setCurrentIndex(outline.model.index_of(Row("unit", desk.ids[0], 1)))
    assert outline.isVisible()
    desk.type(Qt.Key.Key_Return, modifier=CONTROL)
    assert inspector.picked == (1, 1)
    assert inspector.isVisible()


def test_a_weight_typed_in_the_outline_arrives_in_the_worker(desk, outline):
    row = Row("weight", desk.ids[0], 0, 0)
    outline.tree.setCurrentIndex(outline.model.index_of(row))
    desk.type(Qt.Key.Key_F2)
    editor = outline.findChild(QWidget, "outline-editor")
    assert isinstance(editor, QLineEdit)
    assert editor.accessibleName() == "Weight from x₁ to Dense 1, unit 1"
    editor.setText("1.25")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    desk.wait_until(lambda: desk.engine.latest is not None and desk.engine.latest.values[0] == 1.25)
    assert outline.model.index_of(row).data() == "from x₁: 1.250"


@pytest.mark.parametrize(
    ("part", "key", "modifier"),
    [
        ("layer-heads", Qt.Key.Key_Plus, NO_KEYS),
        ("layer-heads", Qt.Key.Key_Minus, NO_KEYS),
        ("layer-heads", Qt.Key.Key_Delete, NO_KEYS),
        ("palette", Qt.Key.Key_Insert, NO_KEYS),
        ("palette", Qt.Key.Key_D, CONTROL),
        ("menu-network", Qt.Key.Key_Right, CONTROL),
    ],
)
def test_keys_do_nothing_that_a_lesson_hides(desk, outline, part, key, modifier):
    desk.window.lesson.start(Lesson(hidden=(part,)))
    before = desk.spec
    outline.tree.setCurrentIndex(outline.model.index_of(Row("layer", desk.ids[0])))
    outline.tree.setFocus()
    desk.type(key, modifier=modifier)
    assert desk.spec == before
    assert desk.window.notice.text == "This lesson does without that."
    desk.window.lesson.leave()
    outline.tree.setFocus()
    desk.type(key, modifier=modifier)
    assert desk.spec != before


@pytest.mark.parametrize(("part", "option"), [("layer-heads", "units"), ("activations", "activation")])
def test_settings_of_layers_stay_as_they_are_in_a_lesson_that_hides_them(desk, outline, part, option):
    before = desk.spec
    value = {"units": "7", "activation": "ReLU"}[option]
    index = outline.model.index_of(Row("setting", desk.ids[0], option=option))
    desk.window.lesson.start(Lesson(hidden=(part,)))
    outline.model.setData(index, value)
    desk.settle()
    assert desk.spec == before
    desk.window.lesson.leave()
    outline.model.setData(index, value)
    desk.wait_until(lambda: desk.spec != before)
