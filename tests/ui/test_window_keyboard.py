"""The whole window with the keyboard alone: whose keys are whose, and where Tab goes."""

import gc
from weakref import ref

import pytest
from desk import CONTROL
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDialog,
    QLabel,
    QMenu,
    QVBoxLayout,
    QWidget,
)

from playground.ui.canvas.keys import COMMANDS
from playground.ui.focus_order import order_focus
from playground.ui.plots.loss import LossView

NUMBERS = {"layer-1-units": "4", "noise-value": "0 %", "learning-rate": "0.03"}


@pytest.mark.parametrize("name", NUMBERS)
def test_after_a_number_is_typed_the_keys_belong_to_the_canvas_and_the_window_again(desk, name):
    line = desk.focus_number(name)
    before = desk.spec
    line.selectAll()
    desk.type(Qt.Key.Key_5, Qt.Key.Key_Return)
    assert desk.spec != before
    assert desk.canvas.hasFocus()
    desk.type(Qt.Key.Key_Z, modifier=CONTROL)
    assert desk.spec == before
    desk.type(Qt.Key.Key_Right)
    assert desk.canvas.selected == 1


@pytest.mark.parametrize("name", NUMBERS)
def test_escape_takes_back_what_was_typed_and_gives_the_keys_back(desk, name):
    line = desk.focus_number(name)
    line.selectAll()
    desk.type(Qt.Key.Key_5, Qt.Key.Key_Escape)
    assert line.text() == NUMBERS[name]
    assert desk.canvas.hasFocus()
    assert desk.window.document.undo_label is None


@pytest.mark.parametrize("name", NUMBERS)
def test_the_keys_of_the_window_work_in_a_number_until_something_is_typed(desk, name):
    desk.click("feature-sin-x1")
    line = desk.focus_number(name)
    desk.type(Qt.Key.Key_Space)
    assert desk.engine.playing
    desk.type(Qt.Key.Key_B)
    assert not desk.engine.playing
    desk.type(Qt.Key.Key_Z, modifier=CONTROL)
    assert "sin_x1" not in desk.spec.features
    desk.type(Qt.Key.Key_Z, modifier=CONTROL | Qt.KeyboardModifier.ShiftModifier)
    assert "sin_x1" in desk.spec.features
    desk.type(Qt.Key.Key_N)
    assert desk.window.document.undo_label == "New seed"
    assert line.text() == NUMBERS[name]

    line.selectAll()
    desk.type(Qt.Key.Key_1, Qt.Key.Key_Space, Qt.Key.Key_E)
    assert line.text() == "1 e"
    assert not desk.engine.playing


def test_enter_in_the_units_of_a_selected_layer_means_the_number_and_not_the_layer(desk):
    desk.type(Qt.Key.Key_Right)
    line = desk.focus_number("layer-1-units")
    line.selectAll()
    desk.type(Qt.Key.Key_5, Qt.Key.Key_Return)
    assert desk.spec.layers[0].units == 5
    assert not [menu for menu in desk.window.findChildren(QMenu) if menu.isVisible()]


@pytest.mark.parametrize("key", [Qt.Key.Key_Tab, Qt.Key.Key_Backtab])
def test_tab_goes_round_the_whole_window(desk, key):
    desk.canvas.setFocus()
    seen = []
    while "network-canvas" not in seen:
        desk.type(key)
        focused = QApplication.focusWidget()
        assert focused is not None
        seen.append(focused.objectName())
    some = {
        "play",
        "speed",
        "dataset-xor",
        "noise",
        "noise-value",
        "palette-dense",
        "layer-1-units",
        "output-activation",
    }
    assert some | {"optimizer", "feature-x1", "initializer", "discretize-output", "loss-log-scale"} <= set(seen)
    assert len(seen) == len(set(seen))


def tab_order(desk) -> list[str]:
    """Where Tab leads from the first control to the last."""
    desk.window.findChild(QWidget, "reset").setFocus()
    seen = ["reset"]
    while True:
        desk.type(Qt.Key.Key_Tab)
        focused = QApplication.focusWidget()
        assert focused is not None
        if focused.objectName() == "reset":
            return seen
        seen.append(focused.objectName())


def test_tab_goes_from_the_bar_over_the_left_and_the_middle_to_the_right(desk):
    seen = tab_order(desk)
    landmarks = [
        *("play", "speed", "learning-rate", "loss", "new-seed", "dataset-xor", "noise", "feature-x1", "initializer"),
        *("palette-dense", "network-canvas", "layer-1-units", "output-activation", "layers-tabs"),
        *("show-test-data", "loss-log-scale"),
    ]
    assert [name for name in seen if name in landmarks] == landmarks


def test_the_tab_order_outlives_panels_that_were_moved_and_floated(desk):
    before = tab_order(desk)
    window = desk.window
    for title in ("Data", "Loss"):
        window.docks[title].setFloating(True)
    window.docks["Data"].setFloating(False)
    desk.settle()
    window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, window.docks["Features"])
    window.reset_layout()
    window.activateWindow()
    desk.wait_until(window.isActiveWindow)
    assert tab_order(desk) == before


@pytest.mark.parametrize(("name", "focused"), [("tab-outline", "outline-tree"), ("tab-runs", "runs-table")])
def test_the_command_of_a_tab_brings_the_keyboard_to_its_list(desk, name, focused):
    desk.canvas.setFocus()
    desk.window.actions_by_name[name].trigger()
    assert desk.window.findChild(QWidget, focused).hasFocus()


def test_the_command_of_a_tab_of_pictures_leaves_the_keyboard_where_it_is(desk):
    desk.canvas.setFocus()
    desk.window.actions_by_name["tab-weights"].trigger()
    assert desk.canvas.hasFocus()


def test_keyboard_and_mouse_are_listed_and_the_list_goes_away_for_good(desk):
    desk.click("feature-sin-x1")
    for _ in range(2):
        desk.window.actions_by_name["shortcuts"].trigger()
        (dialog,) = desk.window.findChildren(QDialog)
        labels = dialog.findChildren(QLabel)
        texts = {label.text() for label in labels}
        assert {"File", "Edit", "Train", "View", "Help", "Canvas, keyboard", "Canvas, mouse"} <= texts
        assert len({label.x() for label in labels}) >= 4  # two columns of keys and what they do
        assert {"Space", "Ctrl+D", "← →", "Select a layer", "Drag a layer by its head"} <= texts
        assert {"Undo", "Save picture of the window"} <= texts
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        assert desk.window.findChildren(QDialog) == []


def test_the_menu_names_the_keys_of_the_canvas(desk):
    for command in COMMANDS:
        if command.menu:
            assert desk.window.actions_by_name[command.name].text() == f"{command.menu}\t{command.shown}"
    for command in COMMANDS:
        assert f"{command.spoken}" in desk.canvas.accessibleDescription()


@pytest.mark.parametrize("name", ["loss-log-scale", "show-test-data", "discretize-output"])
def test_a_check_box_answers_to_enter_for_space_plays_everywhere(desk, name):
    box = desk.window.findChild(QAbstractButton, name)
    before = box.isChecked()
    box.setFocus()
    desk.type(Qt.Key.Key_Return)
    assert box.isChecked() != before
    desk.type(Qt.Key.Key_Space)
    assert box.isChecked() != before
    assert desk.engine.playing


def test_what_the_order_of_tab_went_through_is_freed_with_its_window(qapp):
    part = QWidget()
    view = LossView()
    QVBoxLayout(part).addWidget(view)
    order_focus([part])
    known = ref(view.plot)
    part.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    del part, view
    gc.collect()
    assert known() is None
