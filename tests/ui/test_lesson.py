"""Lessons: what is hidden stays hidden, what is the user's own comes back, and how a teacher makes one."""

from typing import TypeVar

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QTabBar,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from playground.document import edits
from playground.document.lesson import MOST_TEXT, Lesson
from playground.document.tf_link import HIDDEN
from playground.keeping.project import read_project
from playground.ui.commands.offer import commands_of
from playground.ui.dialogs.lesson import LessonDialog
from playground.ui.lesson.hideable import ROWS, Inventory, parts_of, row_named
from playground.ui.placement import PANELS, TABS
from playground.ui.settings import Settings

Part = TypeVar("Part", bound=QWidget)
Key = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier
TASK = "Take the second layer away. What becomes of the surface?\nPut it back."


def widget(desk, name: str) -> QWidget:
    found = desk.window.findChild(QWidget, name)
    assert found is not None, name
    return found


def part_of(widget: QWidget, kind: type[Part], name: str = "") -> Part:
    """What is there for certain."""
    found = widget.findChild(kind, name) if name else widget.findChild(kind)
    assert found is not None, name
    return found


def text_of(desk, name: str) -> str:
    return part_of(desk.window, QLabel, name).text()


def save_button(dialog: QWidget) -> QAbstractButton:
    return part_of(dialog, QAbstractButton, "save-lesson")


def tabs(desk) -> QTabBar:
    return part_of(desk.window, QTabBar, "layers-tabs")


def start(desk, *hidden: str, title="Why two layers?", text=TASK) -> None:
    desk.window.lesson.start(Lesson(title, text, hidden))
    desk.settle()


def names(parts) -> list[str]:
    return [name for part in parts for name in (part.name, *names(part.inside))]


# -- what is hidden -----------------------------------------------------------------------------------


def test_every_panel_tab_and_menu_is_listed_by_itself(desk):
    parts = parts_of(desk.window)
    labels = {part.label: [each.label for each in part.inside] for part in parts}
    assert [title for title in labels if title in {place.title for place in PANELS}] == [p.title for p in PANELS]
    assert labels["Layers"] == [tab.title for tab in TABS]
    assert labels["Menus"] == list(desk.window.menus)[: len(labels["Menus"])]
    listed = [name for name in names(parts) if name]
    assert len(set(listed)) == len(listed)
    assert {"action-undo", "action-export-numpy", "menu-file-export", "tab-weights", "data-panel"} <= set(listed)
    assert not {"action-quit", "action-make-lesson", "action-leave-lesson"} & set(listed)


def test_every_row_of_the_table_is_found_in_the_window(desk):
    listed, there = names(parts_of(desk.window)), Inventory(desk.window)
    for row in ROWS:
        assert there.widgets_of(row), row.name
        assert row.name in listed
        for name in row.actions:
            assert "*" in name or name in desk.window.actions_by_name


@pytest.mark.parametrize("title", [place.title for place in PANELS])
def test_a_hidden_panel_cannot_be_brought_back(desk, title):
    dock = desk.window.docks[title]
    start(desk, dock.objectName())
    assert dock.isHidden()
    assert not dock.toggleViewAction().isVisible()
    desk.window.reset_layout()
    desk.wait_until(dock.isHidden)
    dock.toggleViewAction().trigger()
    desk.wait_until(dock.isHidden)
    desk.window.lesson.leave()
    assert dock.isVisible()
    assert dock.toggleViewAction().isVisible()


def test_a_hidden_control_goes_with_its_row_its_shortcut_and_its_entry_in_the_menus(desk):
    start(desk, "play", "noise", "remainder", "order", "schedule")
    for name in ("play", "noise", "noise-value", "schedule", "remainder", "shuffle"):
        assert not widget(desk, name).isVisible(), name
    labels = {label.text() for label in desk.window.findChildren(QLabel) if label.isVisible()}
    assert not labels & {"Noise", "Schedule", "Left-over", "Samples "}
    assert widget(desk, "samples").isVisible()
    assert not desk.window.actions_by_name["play"].isVisible()
    desk.press(Key.Key_Space)
    assert not desk.engine.playing
    assert not [found for found in commands_of(desk.window).find("play or pause") if "Play" in found.command.title]


def test_a_control_that_shows_itself_stays_hidden(desk):
    desk.window.document.apply(edits.set_optimizer("adam"))
    start(desk, "optimizer", "activations")
    settings = widget(desk, "optimizer-beta-1")
    desk.window.document.apply(edits.set_optimizer("sgd"))
    desk.window.document.apply(edits.set_optimizer("adam"))
    desk.settle()
    assert not widget(desk, "optimizer").isVisible()
    assert not settings.isVisible()
    desk.window.resize(1500, 900)
    desk.settle()
    assert not widget(desk, "activation-relu").isVisible()


def test_layers_that_come_later_have_no_more_controls_than_the_others(desk):
    start(desk, "activations", "layer-heads")
    desk.window.document.apply(edits.add_layer(1, "dense"))
    desk.settle()
    new = desk.ids[1]
    for name in (f"layer-{new}-activation", f"layer-{new}-remove", f"layer-{new}-units"):
        desk.wait_until(lambda name=name: not widget(desk, name).isVisible())
    desk.window.lesson.leave()
    assert widget(desk, f"layer-{new}-activation").isVisible()


def test_the_canvas_does_not_answer_to_the_keys_of_what_is_hidden(desk):
    start(desk, "layer-heads")
    before = desk.spec
    desk.canvas.select(desk.ids[0])
    desk.canvas.setFocus()
    for key in (Key.Key_Plus, Key.Key_Delete):
        desk.type(key)
    assert desk.spec == before
    desk.window.lesson.leave()
    desk.canvas.select(desk.ids[0])
    desk.type(Key.Key_Plus)
    assert desk.spec != before


def test_the_command_palette_offers_nothing_that_is_hidden(desk):
    start(desk, "optimizer", "data-panel", "menu-demos")
    for query in ("adam", "moons", "noise 0.2", "spiral with sine"):
        titles = [found.command.title for found in commands_of(desk.window).find(query)]
        assert not [title for title in titles if query.split()[0] in title.lower()], query
    desk.window.lesson.leave()
    assert [found for found in commands_of(desk.window).find("adam") if "Adam" in found.command.title]


def test_a_hidden_menu_takes_the_shortcuts_of_its_entries_along_but_not_the_buttons_of_the_window(desk):
    desk.window.document.apply(edits.set_seed(7))
    start(desk, "menu-edit", "menu-train")
    desk.type(Key.Key_Z, modifier=CONTROL)
    assert desk.spec.seed == 7
    desk.press(Key.Key_Space)
    assert not desk.engine.playing
    desk.click("play")
    assert desk.engine.playing
    desk.click("play")


def test_hidden_tabs_are_skipped_and_cannot_be_chosen(desk):
    bar = tabs(desk)
    start(desk, "tab-weights", "tab-inspector")
    assert bar.tabText(bar.currentIndex()) == "Activations"
    desk.window.pick((1, 0))
    desk.settle()
    assert bar.tabText(bar.currentIndex()) == "Activations"
    desk.window.lesson.leave()
    assert bar.tabText(bar.currentIndex()) == "Weights"


def test_with_the_list_of_runs_goes_all_that_is_done_to_runs(desk):
    start(desk, "tab-runs")
    actions = [action for name, action in desk.window.actions_by_name.items() if name.startswith("run-")]
    assert len(actions) > 5
    assert not any(action.isVisible() for action in actions)
    assert not desk.window.findChild(QMenu, "menu-train-runs").menuAction().isVisible()
    desk.window.lesson.leave()
    assert all(action.isVisible() for action in actions)


def test_names_that_this_version_does_not_know_are_left_alone(desk):
    start(desk, "hologram-panel", "tab-dreams", "action-fly", "noise")
    assert not widget(desk, "noise").isVisible()
    assert desk.window.lesson.current.hidden[0] == "hologram-panel"
    desk.window.lesson.leave()
    assert widget(desk, "noise").isVisible()


def test_everything_can_be_hidden_at_once_and_comes_back_as_it_was(desk):
    desk.window.docks["Loss"].hide()
    desk.settle()
    before = {each: each.isVisible() for each in desk.window.findChildren(QWidget) if each.objectName()}
    visible = {name: action.isVisible() for name, action in desk.window.actions_by_name.items()}
    start(desk, *[name for name in names(parts_of(desk.window)) if name])
    assert not any(widget(desk, row.name).isVisible() for row in ROWS if desk.window.findChild(QWidget, row.name))
    assert widget(desk, "leave-lesson").isVisible()
    desk.click("leave-lesson")
    desk.window.resize(desk.window.size())
    desk.settle()
    after = {each: each.isVisible() for each in before}
    assert [each.objectName() for each in before if before[each] != after[each]] == []
    assert {name: action.isVisible() for name, action in desk.window.actions_by_name.items()} == visible


# -- what is the user's own -----------------------------------------------------------------------------


@pytest.fixture
def settings(tmp_path) -> Settings:
    return Settings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))


def test_the_layout_of_the_user_is_not_overwritten(open_desk, settings):
    desk = open_desk(settings=settings)
    desk.window.docks["Features"].hide()
    tabs(desk).setCurrentIndex(2)
    start(desk, "data-panel", "tab-gradients")
    desk.window.surface.discretize.click()
    desk.window.close()
    again = open_desk(settings=settings)
    assert settings.tab == "Gradients"
    assert tabs(again).currentIndex() == 2
    assert not again.window.surface.discretize.isChecked()
    assert settings.restore_layout(again.window)
    assert again.window.docks["Data"].isVisible()
    assert not again.window.docks["Features"].isVisible()


def test_leaving_puts_docks_where_they_were(desk):
    before = desk.window.docks["Training"].geometry()
    start(desk, "data-panel", "features-panel")
    assert desk.window.docks["Training"].geometry() != before
    desk.window.lesson.leave()
    desk.wait_until(lambda: desk.window.docks["Training"].geometry() == before)


# -- the banner -----------------------------------------------------------------------------------------


def test_the_banner_says_title_and_text_and_opens_to_show_all_of_it(desk):
    start(desk, "noise")
    assert widget(desk, "lesson-banner").isVisible()
    assert text_of(desk, "lesson-title") == "Why two layers?"
    assert not widget(desk, "lesson-scroll").isVisible()
    desk.click("lesson-more")
    assert widget(desk, "lesson-scroll").isVisible()
    assert text_of(desk, "lesson-text") == TASK
    assert widget(desk, "lesson-banner").accessibleName() == f"Lesson: Why two layers?. {TASK.replace(chr(10), ' ')}"
    desk.click("leave-lesson")
    assert not widget(desk, "lesson-banner").isVisible()


@pytest.mark.parametrize("size", [(1280, 800), (1000, 640), (1700, 900)])
def test_a_line_that_does_not_fit_ends_in_dots_and_can_be_opened(open_desk, size):
    desk = open_desk(size=size)
    start(desk, text="one two three " * 12)
    line = part_of(desk.window, QLabel, "lesson-line")
    assert line.text().endswith("…")
    assert line.fontMetrics().horizontalAdvance(line.text()) <= line.width()
    assert widget(desk, "lesson-more").isVisible()
    start(desk, text="Short.")
    assert line.text() == "Short."
    assert not widget(desk, "lesson-more").isVisible()


def test_the_longest_text_leaves_the_canvas_its_room(desk):
    start(desk, text="word " * (MOST_TEXT // 5))
    desk.click("lesson-more")
    assert widget(desk, "lesson-banner").height() < 220
    assert desk.window.network.view.height() > 150


def test_a_lesson_can_be_left_from_the_menu_which_is_possible_only_in_one(desk):
    action = desk.window.actions_by_name["leave-lesson"]
    assert not action.isEnabled()
    start(desk, "noise", "menu-file")
    assert action.isEnabled()
    action.trigger()
    assert desk.window.lesson.current is None
    assert not action.isEnabled()


# -- links that hide --------------------------------------------------------------------------------------


def test_what_links_of_the_tensorflow_playground_hide_there_is_something_of_here():
    listed = {row.name for row in ROWS}
    assert {name for hidden in HIDDEN.values() for name in hidden} <= listed


def test_a_link_that_hides_controls_starts_a_lesson(desk):
    desk.window.pasting.open("https://playground.tensorflow.org/#dataset=xor&noise_hide=true&learningRate_hide=true")
    assert not widget(desk, "noise").isVisible()
    assert not widget(desk, "learning-rate").isVisible()
    assert desk.window.lesson.current == Lesson(hidden=("learning-rate", "noise"))
    assert text_of(desk, "lesson-title") == "Lesson"
    desk.window.pasting.open("#dataset=xor")
    assert desk.window.lesson.current is not None


# -- making one -------------------------------------------------------------------------------------------


def dialog_of(desk) -> LessonDialog:
    desk.window.actions_by_name["make-lesson"].trigger()
    return part_of(desk.window, LessonDialog)


def item_of(dialog: QDialog, *labels: str) -> QTreeWidgetItem:
    tree = part_of(dialog, QTreeWidget)
    item = tree.invisibleRootItem()
    for label in labels:
        children = filter(None, map(item.child, range(item.childCount())))
        item = next(child for child in children if child.text(0) == label)
    return item


def untick(dialog: QDialog, *labels: str) -> None:
    item_of(dialog, *labels).setCheckState(0, Qt.CheckState.Unchecked)


def test_everything_is_ticked_at_first_and_the_window_follows_each_tick(desk):
    dialog = dialog_of(desk)
    assert dialog.lesson == Lesson()
    untick(dialog, "Data", "Noise")
    untick(dialog, "Features")
    untick(dialog, "Menus", "Demos")
    desk.wait_until(lambda: not widget(desk, "noise").isVisible())
    assert not desk.window.docks["Features"].isVisible()
    assert dialog.lesson.hidden == ("noise", "features-panel", "menu-demos")
    item_of(dialog, "Data", "Noise").setCheckState(0, Qt.CheckState.Checked)
    desk.wait_until(lambda: widget(desk, "noise").isVisible())
    dialog.reject()
    assert desk.window.lesson.current is None
    assert desk.window.docks["Features"].isVisible()


def test_what_stands_in_something_hidden_cannot_be_ticked_by_itself(desk):
    dialog = dialog_of(desk)
    untick(dialog, "Data")
    assert item_of(dialog, "Data", "Noise").isDisabled()
    assert dialog.lesson.hidden == ("data-panel",)
    item_of(dialog, "Data").setCheckState(0, Qt.CheckState.Checked)
    assert not item_of(dialog, "Data", "Noise").isDisabled()
    dialog.reject()


def test_a_heading_ticks_all_that_stands_below_it(desk):
    dialog = dialog_of(desk)
    untick(dialog, "Bar above")
    assert {"play", "speed", "optimizer"} <= set(dialog.lesson.hidden)
    dialog.reject()


def test_a_lesson_is_saved_in_a_project_and_starts_where_that_is_opened(open_desk, tmp_path, monkeypatch):
    desk = open_desk(demo="xor")
    file = tmp_path / "lesson.nnp"
    monkeypatch.setattr(
        "playground.ui.files.project_files.ask_save", lambda window, title, name, kinds, then: then(file)
    )
    dialog = dialog_of(desk)
    QTest.keyClicks(part_of(dialog, QLineEdit, "lesson-title-line"), "Noise")
    part_of(dialog, QPlainTextEdit).setPlainText("How much noise can it take?")
    untick(dialog, "Network", "Palette")
    save_button(dialog).click()
    desk.wait_until(file.exists)
    lesson = Lesson("Noise", "How much noise can it take?", ("palette",))
    assert read_project(file).lesson == lesson
    assert desk.window.lesson.current is None

    other = open_desk(demo="circle")
    other.window.files.open(file)
    other.wait_until(lambda: other.window.lesson.current == lesson)
    assert not widget(other, "palette").isVisible()
    again = dialog_of(other)
    assert again.lesson == lesson
    again.reject()
    assert other.window.lesson.current == lesson
    other.window.files.new()
    other.wait_until(lambda: other.window.lesson.current is None)


def test_who_chooses_no_file_makes_no_lesson(desk, monkeypatch):
    monkeypatch.setattr("playground.ui.files.project_files.ask_save", lambda *given: None)
    dialog = dialog_of(desk)
    part_of(dialog, QPlainTextEdit).setPlainText("How much noise can it take?")
    save_button(dialog).click()
    assert desk.window.lesson.own is None
    assert not desk.window.files.changes.unsaved


def test_an_empty_lesson_makes_an_ordinary_project_again(desk, tmp_path, monkeypatch):
    file = tmp_path / "plain.nnp"
    monkeypatch.setattr(
        "playground.ui.files.project_files.ask_save", lambda window, title, name, kinds, then: then(file)
    )
    desk.window.lesson.own = Lesson("Noise", "How much can it take?")
    dialog = dialog_of(desk)
    part_of(dialog, QLineEdit, "lesson-title-line").clear()
    part_of(dialog, QPlainTextEdit).clear()
    save_button(dialog).click()
    assert desk.window.lesson.own is None
    desk.wait_until(file.exists)
    assert read_project(file).lesson is None


def test_a_text_that_is_too_long_is_told_and_not_saved(desk):
    dialog = dialog_of(desk)
    part_of(dialog, QPlainTextEdit).setPlainText("x" * (MOST_TEXT + 1))
    save = save_button(dialog)
    desk.wait_until(lambda: not save.isEnabled())
    assert any("longer than 2,000 characters" in label.text() for label in dialog.findChildren(QLabel))
    dialog.reject()


def test_the_dialog_can_be_worked_by_keyboard_and_every_control_has_a_name(desk):
    dialog = dialog_of(desk)
    tree = part_of(dialog, QTreeWidget)
    data = item_of(dialog, "Data")
    tree.setCurrentItem(data)
    QTest.keyClick(tree, Key.Key_Space)
    assert "data-panel" in dialog.lesson.hidden
    for control in (*dialog.findChildren(QAbstractButton), *dialog.findChildren(QLineEdit), tree):
        if not control.objectName().startswith("qt_"):
            assert control.accessibleName(), control
    dialog.reject()


def test_a_row_has_a_name_of_its_own():
    noise = row_named("noise")
    assert noise is not None
    assert noise.label == "Noise"
    assert row_named("nothing") is None
    assert len({row.name for row in ROWS}) == len(ROWS)
