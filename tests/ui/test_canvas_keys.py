"""The keys of the canvas and of the palette, where they have nothing to work on or no room."""

import pytest
from canvas_bench import Bench, dense
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from playground.document.spec import Spec
from playground.ui.canvas.keys import COMMANDS, key_lines, spoken_keys

Key = Qt.Key


def open_menus(bench):
    return [menu for menu in bench.panel.findChildren(QMenu) if menu.isVisible()]


@pytest.mark.parametrize("key", [Key.Key_Delete, Key.Key_Plus, Key.Key_Minus, Key.Key_Return, Key.Key_Escape])
def test_without_a_selection_the_keys_of_a_layer_mean_nothing(qtbot, key):
    bench = Bench(qtbot, Spec(layers=dense(4, 3)))
    bench.press(key)
    bench.press(Key.Key_D, control=True)
    assert bench.edits == []
    assert bench.messages == []
    assert open_menus(bench) == []


def test_enter_opens_the_activations_that_found_no_room(qtbot):
    bench = Bench(qtbot, Spec(), width=420)
    QTest.keyClick(bench.widget("activation-more"), Key.Key_Return)
    (menu,) = open_menus(bench)
    menu.close()


def test_every_command_is_listed_and_spoken():
    keys_of = {what: keys for keys, what in key_lines()}
    assert len(keys_of) == len(key_lines())
    for command in COMMANDS:
        assert command.shown in keys_of[command.what].split()
        assert command.spoken in spoken_keys()
        assert command.what in spoken_keys()
