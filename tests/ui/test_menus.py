"""Menus: everything has a key, no two share one, and each entry can be chosen by a letter."""

from collections import Counter

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QMainWindow, QMenu, QWidget

import nncore as nn
from playground.document import edits
from playground.document.presets import presets
from playground.ui.actions import Entry, heading, keys_of, make_actions, separator
from playground.ui.commands.from_menus import walk
from playground.ui.dialogs.shortcuts import GroupBlock
from playground.ui.letters import letter_of, letters_for, underlined
from playground.ui.placement import PANELS, TABS

ALT = Qt.KeyboardModifier.AltModifier


def strokes(keys: QKeySequence) -> tuple[str, ...]:
    return tuple(keys.toString().split(", ")) if keys.toString() != "," else (",",)


def all_menus(desk) -> list[QMenu]:
    return [menu for menu in desk.window.menuBar().findChildren(QMenu) if menu.title()]


def entries(desk) -> list[QAction]:
    return [action for _, action in walk(desk.window.menuBar())]


def test_every_entry_of_every_menu_says_its_keys(desk):
    assert [action.text() for action in entries(desk) if not keys_of(action)] == []
    assert len(entries(desk)) > 60


def test_no_two_entries_share_a_key_and_none_stands_in_the_way_of_a_chord(desk):
    given = [strokes(keys) for action in entries(desk) for keys in action.shortcuts()]
    assert [keys for keys, count in Counter(given).items() if count > 1] == []
    beginnings = {keys[:length] for keys in given for length in range(1, len(keys))}
    assert beginnings & set(given) == set()


def test_a_key_of_the_canvas_is_no_shortcut_of_the_window_too(desk):
    shown = {keys_of(action) for action in entries(desk) if not action.shortcuts()}
    taken = {keys.toString() for action in entries(desk) for keys in action.shortcuts()}
    assert shown & taken == set()


def test_no_shortcut_takes_the_letter_that_opens_a_menu(desk):
    opening = {f"Alt+{letter_of(menu.menuAction())}" for menu in all_menus(desk)}
    assert opening & {keys.toString() for action in entries(desk) for keys in action.shortcuts()} == set()


def test_every_menu_can_be_gone_through_by_letters_of_its_own(desk):
    for menu in [desk.window.menuBar(), *all_menus(desk)]:
        actions = [each for each in menu.actions() if each.text() and not each.property("heading")]
        letters = [letter_of(action) for action in actions]
        assert "" not in letters, [action.text() for action in actions]
        assert len(set(letters)) == len(letters), [action.text() for action in actions]


def test_only_what_asks_for_something_first_has_dots(desk):
    """What merely shows something (keys, the log, the version) has none."""
    dots = {action.objectName().removeprefix("action-") for action in entries(desk) if action.text().endswith("…")}
    showing = {"shortcuts", "first-steps", "show-log", "about"}
    assert dots & showing == set()
    asking = {"open-project", "save-project-as", "open-data", "open-link", "save-picture", "make-lesson", "palette"}
    exporting = {
        each.objectName().removeprefix("action-") for each in desk.window.findChild(QMenu, "menu-file-export").actions()
    }
    assert dots == asking | (exporting - {""}) | {"run-rename", "run-code", "run-summary-csv"}


def test_the_letter_of_undo_outlives_the_name_of_what_is_undone(desk):
    desk.window.document.apply(edits.set_noise(0.2))
    assert letter_of(desk.window.actions_by_name["undo"]) == "U"


def test_every_menu_has_a_name_for_tests_and_one_for_screen_readers(desk):
    for menu in all_menus(desk):
        assert menu.objectName(), menu.title()
        assert menu.accessibleName() == menu.title().replace("&", "")


def test_every_demo_panel_tab_and_layer_kind_is_in_a_menu(desk):
    names = {action.objectName().removeprefix("action-") for action in entries(desk)}
    assert {f"demo-{name}" for name in presets()} <= names
    assert {f"panel-{place.title.lower()}" for place in PANELS} <= names
    assert {f"tab-{tab.title.lower()}" for tab in TABS} <= names
    assert {f"add-{name}" for name in nn.Layer.names()} <= names


def press_chord(desk, *keys):
    for key, modifiers in keys:
        desk.type(key, modifier=modifiers)


CONTROL, NONE = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier


def test_a_chord_adds_a_layer_and_its_last_key_alone_does_what_it_always_does(desk):
    kinds = [layer.kind for layer in desk.spec.layers]
    press_chord(desk, (Qt.Key.Key_I, CONTROL), (Qt.Key.Key_R, NONE))
    assert [layer.kind for layer in desk.spec.layers] == [*kinds, "residual"]


def test_a_chord_reaches_the_window_from_a_field_in_which_one_types(desk):
    line = desk.focus_number("noise-value")
    press_chord(desk, (Qt.Key.Key_G, CONTROL), (Qt.Key.Key_M, NONE))
    assert desk.window.docks["Layers"].findChild(QWidget, "layers-tabs").currentIndex() == 3
    assert "m" not in line.text()


def test_a_chord_shows_and_hides_a_panel(desk):
    for shown in (False, True):
        press_chord(desk, (Qt.Key.Key_G, CONTROL), (Qt.Key.Key_L, NONE))
        assert desk.window.docks["Loss"].isVisible() is shown
        assert desk.window.actions_by_name["panel-loss"].isChecked() is shown


@pytest.mark.parametrize(
    ("action", "key", "box"),
    [
        ("show-test", Qt.Key.Key_T, "show-test-data"),
        ("discretize", Qt.Key.Key_D, "discretize-output"),
        ("log-scale", Qt.Key.Key_L, "loss-log-scale"),
    ],
)
def test_a_switch_of_the_menu_and_its_check_box_are_always_alike(desk, action, key, box):
    entry, button = desk.window.actions_by_name[action], desk.window.findChild(QWidget, box)
    before = button.isChecked()
    assert entry.isChecked() is before
    desk.press(key)
    assert (entry.isChecked(), button.isChecked()) == (not before, not before)
    desk.click(box)
    assert (entry.isChecked(), button.isChecked()) == (before, before)


def test_a_switch_of_the_menu_is_greyed_out_with_its_check_box(desk):
    entry = desk.window.actions_by_name["discretize"]
    assert entry.isEnabled()
    desk.window.document.apply(edits.set_dataset("plane"))
    desk.wait_until(lambda: not desk.window.surface.discretize.isEnabled())
    assert not entry.isEnabled()


def test_comma_and_full_stop_change_the_speed(desk):
    said = []
    desk.window.transport.speed_changed.connect(said.append)
    for key in (Qt.Key.Key_Period, Qt.Key.Key_Comma):
        desk.press(key)
    assert len(said) == 2
    assert said[0].value > said[1].value


def test_painting_begins_from_the_menu_with_the_surface_in_sight(desk):
    desk.window.docks["Output"].close()
    desk.press(Qt.Key.Key_P)
    assert desk.window.docks["Output"].isVisible()
    assert desk.window.surface.tools.tool.kind == "brush"


def test_painting_where_there_is_no_plane_says_why_not(desk):
    desk.window.document.apply(edits.set_dataset("iris"))
    desk.press(Qt.Key.Key_P)
    assert desk.window.notice.text == "Points are painted on a plane; Iris has 4 inputs."


def test_a_message_can_be_dismissed_by_the_keyboard(desk):
    desk.window.notice.show_message("Something stays.", sticky=True)
    QTest.keyClick(desk.canvas, Qt.Key.Key_Escape, Qt.KeyboardModifier.ShiftModifier)
    desk.wait_until(lambda: not desk.window.notice.isVisible())


def test_a_theme_that_is_chosen_is_marked(desk):
    press_chord(desk, (Qt.Key.Key_T, CONTROL), (Qt.Key.Key_L, NONE))
    marked = [name for name in ("system", "light", "dark") if desk.window.actions_by_name[f"theme-{name}"].isChecked()]
    assert marked == ["light"]


def test_a_menu_within_a_menu_is_made_where_the_first_entry_asks_for_it(qtbot):
    window = QMainWindow()
    qtbot.addWidget(window)
    menus, run = {"File": QMenu("&File", window)}, []
    table = [
        Entry("first", "File", "&First", "", lambda: None),
        Entry("inner", "File/&Export", "&Inner", "Ctrl+E,N", lambda: run.append("inner")),
        separator("File"),
        heading("File", "More"),
        Entry("last", "File", "&Last", "", lambda: None),
    ]
    actions = make_actions(window, menus, table)
    assert [action.text() for action in menus["File"].actions()] == ["&First", "&Export", "", "", "More", "&Last"]
    assert [action.text() for action in menus["File/Export"].actions()] == ["&Inner"]
    assert menus["File/Export"].objectName() == "menu-file-export"
    assert keys_of(actions["inner"]) == "Ctrl+E, N"
    actions["inner"].trigger()
    assert run == ["inner"]


def test_letters_are_the_first_of_a_name_or_of_a_word_in_it_and_never_the_same():
    assert letters_for(["Dense", "Dropout", "Residual"]) == {"Dense": "D", "Residual": "R", "Dropout": "O"}
    assert letters_for(["Norm", "LayerNorm", "Long name"]) == {"Norm": "N", "LayerNorm": "L", "Long name": "O"}
    assert letters_for(["A", "A a"], taken="b") == {"A": "A", "A a": "0"}
    assert underlined("XOR truth table", "T") == "XOR &truth table"
    assert underlined("Dropout", "O") == "Dr&opout"


def open_sheet(desk):
    desk.window.actions_by_name["shortcuts"].trigger()
    return desk.window.findChild(QWidget, "shortcuts-dialog")


def shown_texts(dialog) -> list[str]:
    return [label.text() for label in dialog.findChildren(QLabel) if label.isVisible()]


def test_the_sheet_lists_menus_within_menus_and_fits_the_window(desk):
    dialog = open_sheet(desk)
    titles = [block.group.title for block in dialog.findChildren(GroupBlock)]
    assert {"File", "View › Panels", "View › Theme", "Network › Add layer", "Demos"} <= set(titles)
    assert {"Ctrl+K", "Ctrl+G, D", "Ctrl+I, D", "Ctrl+1"} <= set(shown_texts(dialog))
    assert dialog.width() <= desk.window.width()
    assert dialog.height() <= desk.window.height()
    for label in dialog.findChildren(QLabel):
        if label.isVisible():
            assert label.heightForWidth(label.width()) <= label.height() + 1, label.text()
    assert len({block.x() for block in dialog.findChildren(GroupBlock)}) == 3


def test_searching_the_sheet_leaves_what_fits(desk):
    dialog = open_sheet(desk)
    line = dialog.findChild(QLineEdit, "shortcuts-search")
    QTest.keyClicks(line, "light theme")
    assert [text for text in shown_texts(dialog) if text] == ["View › Theme", "Ctrl+T, L", "Light theme"]
    line.setText("panels")
    assert "Ctrl+G, D" in shown_texts(dialog)
    line.setText("nothing like that")
    assert shown_texts(dialog) == ["No key does that."]
