"""Layers that are copied and pasted, and links and presets that are copied, pasted, dropped or typed."""

import json

import numpy as np
import pytest
from canvas_bench import Bench, dense
from msgspec.structs import replace
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialogButtonBox, QLabel, QLineEdit, QPushButton

from playground.document import edits
from playground.document.own_link import write_link, write_preset
from playground.document.spec import MAX_LAYERS, OUTPUT_ID, Data, Layer, Spec, Weights
from playground.document.table import table_of
from playground.document.tf_link import read_link
from playground.ui.canvas.keys import COMMANDS
from playground.ui.clipboard import LAYER_MIME, NOTHING, Pasting, clipboard_data, layer_data, layer_in, link_in
from playground.ui.dialogs.open_link import OpenLinkDialog, ask_for_link

Key = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier
LINK = "https://playground.tensorflow.org/#activation=relu&dataset=spiral&networkShape=8,6,4&discretize=true"
WRONG = f"{LINK}&noise=99"
PARTICULAR = Layer(
    "dense", 9, units=7, activation="relu", weights=Weights(regularizer="l2(rate=0.01)", silenced=(1, 3))
)


class Window(Bench):
    """A bench whose panel is a window that pastes."""

    def __init__(self, qtbot, spec: Spec) -> None:
        super().__init__(qtbot, spec)
        self.pasting = Pasting(self.panel, self.document, self.canvas)
        self.pasting.message.connect(self.messages.append)
        self.pasting.hint.connect(self.hints.append)
        self.opened = []
        self.pasting.opened.connect(self.opened.append)


@pytest.fixture
def window(qtbot):
    return Window(qtbot, Spec(layers=dense(4, 3, 2)))


def put(text: str) -> None:
    QGuiApplication.clipboard().setText(text)


def settings(window: Bench) -> list[Layer]:
    return [replace(layer, id=1) for layer in window.document.spec.layers]


# -- layers -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("layer", [PARTICULAR, Layer("batch_norm(momentum=0.8)", 1), Layer("residual", 2, span=3)])
def test_a_layer_comes_back_from_the_clipboard_with_all_its_settings(qapp, layer):
    data = layer_data(layer)
    assert data.hasFormat(LAYER_MIME)
    assert layer_in(data) == layer
    as_text = QMimeData()
    as_text.setText(data.text())
    assert layer_in(as_text) == layer


@pytest.mark.parametrize(
    "text",
    ["", "hello", "[1]", '{"kind": "conv", "id": 1}', '{"kind": "dense", "id": 1, "units": 0}', " " * 60_000 + "{}"],
)
def test_other_texts_are_no_layer(qapp, text):
    data = QMimeData()
    data.setText(text)
    assert layer_in(data) is None


def test_a_copied_layer_is_pasted_behind_the_selected_one_and_selected(window):
    window.canvas.select(1)
    window.press(Key.Key_C, control=True)
    assert window.edits == []
    window.canvas.select(2)
    window.press(Key.Key_V, control=True)
    assert [layer.units for layer in window.document.spec.layers] == [4, 3, 4, 2]
    assert window.canvas.selected == window.ids[2]
    assert len(set(window.ids)) == 4
    assert window.edits == ["Paste layer"]


@pytest.mark.parametrize("selected", [None, OUTPUT_ID])
def test_without_a_selected_layer_it_is_pasted_before_the_output(window, selected):
    QGuiApplication.clipboard().setMimeData(layer_data(PARTICULAR))
    window.canvas.select(selected)
    window.press(Key.Key_V, control=True)
    assert settings(window)[-1] == replace(PARTICULAR, id=1)


def test_a_layer_that_was_cut_can_be_pasted_into_another_window(qtbot, window):
    window.canvas.select(1)
    window.press(Key.Key_X, control=True)
    assert window.ids == [2, 3]
    other = Window(qtbot, Spec(layers=()))
    other.press(Key.Key_V, control=True)
    assert settings(other) == [Layer("dense", 1, units=4)]
    window.document.undo()
    assert window.ids == [1, 2, 3]


def test_the_output_can_be_neither_copied_nor_cut(window):
    put("hello")
    window.canvas.select(OUTPUT_ID)
    window.press(Key.Key_C, control=True)
    window.press(Key.Key_X, control=True)
    assert window.messages == ["A network has one output: it cannot be copied."] * 2
    assert QGuiApplication.clipboard().text() == "hello"
    assert window.edits == []


def test_a_layer_for_which_there_is_no_room_leaves_everything_as_it_was(qtbot):
    full = Window(qtbot, Spec(layers=dense(*[1] * MAX_LAYERS)))
    QGuiApplication.clipboard().setMimeData(layer_data(PARTICULAR))
    full.press(Key.Key_V, control=True)
    assert full.edits == []
    assert full.messages == [f"A network has at most {MAX_LAYERS} hidden layers."]


@pytest.mark.parametrize("text", ["", "hello", "x=3", "{}", '{"name": "somebody else\'s"}'])
def test_what_is_neither_layer_nor_link_is_told_in_one_sentence(window, text):
    put(text)
    window.press(Key.Key_V, control=True)
    assert window.messages == [NOTHING]
    assert window.edits == []


def test_pasting_needs_no_selection_copying_does():
    needs = {command.name: command.on_selection for command in COMMANDS if command.menu}
    assert (needs["paste"], needs["copy"], needs["cut"]) == (False, True, True)


# -- links ------------------------------------------------------------------------------------------


def test_a_pasted_link_is_opened_at_once_and_can_be_undone(window):
    before = window.document.spec
    put(f" {LINK}\n")
    window.press(Key.Key_V, control=True)
    assert window.document.spec.learned == replace(read_link(LINK).spec, run=1, layers=window.document.spec.layers)
    assert [layer.units for layer in window.document.spec.layers] == [8, 6, 4]
    assert window.edits == ["Open link"]
    assert window.hints == ["Opened Spiral, 8-6-4, ReLU."]
    assert [(link.show_test, link.discretize) for link in window.opened] == [(False, True)]
    window.document.undo()
    assert window.document.spec == before


def test_the_notice_says_what_of_a_link_could_not_be_taken(window):
    window.pasting.open(WRONG)
    assert window.hints == ["Opened Spiral, 8-6-4, ReLU. noise=99 is not from 0 to 80: 50 instead."]


def test_a_link_is_pasted_wherever_the_focus_is_but_in_a_line_of_text(qtbot, window):
    put(LINK)
    line = QLineEdit(window.panel)
    line.show()
    QTest.keyClick(line, Key.Key_V, CONTROL)
    assert line.text() == LINK
    assert window.edits == []
    QTest.keyClick(window.widget("palette-dense"), Key.Key_V, CONTROL)
    assert window.edits == ["Open link"]


def drop(window: Window, data: QMimeData) -> bool:
    """Drag something over the window and let it go there; whether it was taken."""
    copy, nobody = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPointF(5, 5).toPoint(), copy, data, Qt.MouseButton.LeftButton, nobody)
    enter.ignore()
    QGuiApplication.sendEvent(window.canvas, enter)  # which wants layers only
    if enter.isAccepted():
        QGuiApplication.sendEvent(
            window.panel, QDropEvent(QPointF(5, 5), copy, data, Qt.MouseButton.LeftButton, nobody)
        )
    return enter.isAccepted()


def test_a_link_can_be_dropped_on_the_window_other_things_cannot(window):
    text, address = QMimeData(), QMimeData()
    text.setText("hello")
    address.setUrls([QUrl(LINK)])
    assert not drop(window, text)
    assert window.edits == []
    assert drop(window, address)
    assert window.edits == ["Open link"]


def test_a_link_that_is_copied_opens_the_same_experiment_in_another_window(qtbot, window):
    window.pasting.copy_link()
    assert QGuiApplication.clipboard().text() == write_link(window.document.spec)
    assert window.hints == ["A link to this experiment is in the clipboard: whoever pastes it here opens it."]
    other = Window(qtbot, Spec(layers=()))
    other.press(Key.Key_V, control=True)
    assert settings(other) == settings(window)
    assert other.edits == ["Open link"]
    assert other.hints == ["Opened Circle, 4-3-2, tanh."]


def test_a_preset_that_is_copied_is_json_and_opens_the_same_experiment(qtbot, window):
    window.pasting.copy_preset()
    assert json.loads(QGuiApplication.clipboard().text())["layers"][1]["units"] == 3
    other = Window(qtbot, Spec(layers=()))
    other.press(Key.Key_V, control=True)
    assert settings(other) == settings(window)
    assert other.edits == ["Open preset"]


def test_samples_that_are_too_many_for_a_link_are_told_in_one_sentence_and_the_clipboard_keeps_what_it_has(qtbot, rng):
    X, y = rng.uniform(-5, 5, (9000, 2)), np.sign(rng.uniform(-1, 1, 9000))
    own = table_of(X, y, label="Mine", task="binary", input_names=("x1", "x2"), class_names=("−1", "+1"))
    window = Window(qtbot, Spec(data=Data("own", own=own)))
    put("hello")
    window.pasting.copy_link()
    assert window.messages == ["These samples are too many for a link; save a project instead."]
    assert QGuiApplication.clipboard().text() == "hello"


def test_a_damaged_link_of_ours_is_told_in_one_sentence_and_changes_nothing(window):
    put(write_link(Spec())[:-2])
    window.press(Key.Key_V, control=True)
    assert window.messages == ["The link is damaged, or not all of it is there: copy the whole of it again."]
    put('{"seed": -1}')
    window.press(Key.Key_V, control=True)
    assert window.messages[1:] == ["The preset says something impossible: Expected `int` >= 0 - at `$.seed`."]
    assert window.edits == []


def test_a_link_of_ours_can_be_dropped_and_typed_too(window):
    link = QMimeData()
    link.setText(write_link(Spec(seed=7)))
    assert drop(window, link)
    assert window.document.spec.seed == 7
    dialog = dialog_of(window)
    line = dialog.findChild(QLineEdit, "link")
    assert line is not None
    line.setText(write_preset(Spec(seed=8)))
    assert said(dialog) == "Opens Circle, 4-2, tanh."
    QTest.keyClick(line, Key.Key_Return)
    assert window.document.spec.seed == 8


def test_a_long_link_can_be_pasted_into_the_dialog(window, rng):
    table = table_of(rng.uniform(-5, 5, (1500, 2)), rng.uniform(-1, 1, 1500), label="Mine", task="regression",
                     input_names=("x1", "x2"))  # fmt: skip
    spec = replace(edits.set_dataset("plane")(Spec()), data=Data("own", own=table))
    put(write_link(spec))
    assert len(write_link(spec)) > 40_000
    dialog = dialog_of(window)
    assert said(dialog) == "Opens Mine, 4-2, tanh."
    dialog.accept()
    assert window.document.spec.data == spec.data


# -- the dialog -------------------------------------------------------------------------------------


def dialog_of(window: Window) -> OpenLinkDialog:
    ask_for_link(window.pasting)
    dialog = window.panel.findChild(OpenLinkDialog)
    assert dialog is not None
    return dialog


def open_button(dialog: OpenLinkDialog) -> QPushButton:
    buttons = dialog.findChild(QDialogButtonBox)
    assert buttons is not None
    return buttons.button(QDialogButtonBox.StandardButton.Open)


def said(dialog: OpenLinkDialog) -> str:
    label = dialog.findChild(QLabel, "link-about")
    assert label is not None
    return label.text()


def test_the_dialog_begins_with_the_link_of_the_clipboard_and_says_what_it_opens(window):
    put(WRONG)
    dialog = dialog_of(window)
    line = dialog.findChild(QLineEdit, "link")
    assert line is not None
    assert line.text() == line.selectedText() == WRONG
    assert said(dialog) == "Opens Spiral, 8-6-4, ReLU.\nnoise=99 is not from 0 to 80: 50 instead."
    QTest.keyClick(line, Key.Key_Return)
    assert not dialog.isVisible()
    assert window.edits == ["Open link"]


def test_the_dialog_says_what_is_wrong_while_one_types_and_opens_nothing(window):
    put("hello")
    dialog = dialog_of(window)
    line = dialog.findChild(QLineEdit, "link")
    assert line is not None
    assert line.text() == ""
    assert not open_button(dialog).isEnabled()
    QTest.keyClicks(line, "https://example.org")
    assert "looks like https://playground.tensorflow.org/#" in said(dialog)
    assert not open_button(dialog).isEnabled()
    line.setText("#dataset=xor")
    assert said(dialog) == "Opens XOR, 4-2, tanh."
    assert open_button(dialog).isEnabled()
    QTest.keyClick(line, Key.Key_Escape)
    assert window.edits == []


def test_every_control_of_the_dialog_has_a_name(window):
    dialog = dialog_of(window)
    for control in (*dialog.findChildren(QPushButton), *dialog.findChildren(QLineEdit)):
        assert control.objectName()
        assert control.accessibleName()
    assert said(dialog).startswith("Paste a link or a preset.")


def test_an_empty_clipboard_holds_no_layer_and_no_link(monkeypatch):
    class Empty:
        """A clipboard that nobody has put anything into."""

        def mimeData(self) -> None:
            return None

    monkeypatch.setattr("playground.ui.clipboard.QGuiApplication.clipboard", Empty)
    assert layer_in(clipboard_data()) is None
    assert link_in(clipboard_data()) is None
