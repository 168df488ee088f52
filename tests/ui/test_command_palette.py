"""The command palette: a few letters find any command and any setting, and the keyboard is all one needs."""

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QLineEdit

from playground.document import edits
from playground.document.spec import OUTPUT_ID
from playground.ui.commands.command import Command
from playground.ui.commands.from_menus import walk
from playground.ui.commands.offer import commands_of
from playground.ui.commands.search import find, search
from playground.ui.dialogs.command_list import FoundList
from playground.ui.dialogs.command_palette import CommandPalette

CONTROL = Qt.KeyboardModifier.ControlModifier


def open_palette(desk, text=""):
    desk.window.activateWindow()
    desk.press(Qt.Key.Key_K, CONTROL)
    palette = desk.window.findChild(CommandPalette)
    QTest.keyClicks(palette.findChild(QLineEdit), text)
    return palette


def listed(palette):
    return [found.command.title for found in palette.findChild(FoundList).model().found]


def is_open(desk) -> bool:
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return desk.window.findChild(CommandPalette) is not None


def first_for(desk, text: str) -> str:
    return commands_of(desk.window).find(text)[0].command.title


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("dark", "Dark theme"),
        ("csv", "Open data (CSV)"),
        ("adam", "Optimizer: Adam"),
        ("relu", "Activation of all hidden layers: ReLU"),
        ("moons", "Data: Moons"),
        ("huber", "Loss: Huber"),
        ("he normal", "Initializer: He normal"),
        ("cosine", "Schedule: cosine"),
        ("max", "Speed: max"),
        ("full", "Full screen"),
        ("x1x2", "Feature: x₁x₂"),
        ("learning rate 0.05", "Learning rate: 0.05"),
        ("batch 16", "Batch size: 16"),
        ("noise 20", "Noise: 20 %"),
        ("quit", "Quit"),
        ("start", "Play or pause"),
    ],
)
def test_a_few_letters_find_it(desk, typed, first):
    assert first_for(desk, typed) == first


def test_everything_in_the_menus_is_found_by_its_own_name(desk):
    for _, action in walk(desk.window.menuBar()):
        name = action.text().partition("\t")[0].replace("&", "").removesuffix(" …")
        assert name in [found.command.title for found in commands_of(desk.window).find(name)[:3]], name


def test_without_letters_everything_in_the_menus_is_listed_with_its_place_and_keys(desk):
    found = commands_of(desk.window).find("")
    assert len(found) == len([*walk(desk.window.menuBar())])
    dark = next(each.command for each in found if each.command.title == "Dark theme")
    assert (dark.place, dark.keys) == ("View › Theme", "Ctrl+T, D")


def test_enter_runs_the_first_and_gives_the_focus_back(desk):
    desk.canvas.setFocus()
    palette = open_palette(desk, "adagrad")
    assert QApplication.focusWidget() is palette.findChild(QLineEdit)
    desk.type(Qt.Key.Key_Return)
    assert desk.spec.training.optimizer == "adagrad"
    assert not is_open(desk)
    assert QApplication.focusWidget() is desk.canvas


def test_what_was_used_last_comes_first_when_nothing_is_typed(desk):
    for typed in ("show test", "nadam"):
        open_palette(desk, typed)
        desk.type(Qt.Key.Key_Return)
        is_open(desk)
    assert listed(open_palette(desk))[:2] == ["Optimizer: NAdam", "Show test data"]


def test_arrow_keys_and_pages_go_through_the_list_and_round_its_ends(desk):
    palette = open_palette(desk)
    view = palette.findChild(FoundList)
    model = view.model()
    rows = range(model.rowCount())
    last = max(row for row in rows if model.index(row, 0).flags() & Qt.ItemFlag.ItemIsEnabled)
    for key, row in (
        (Qt.Key.Key_Down, 1),
        (Qt.Key.Key_Up, 0),
        (Qt.Key.Key_Up, last),
        (Qt.Key.Key_Down, 0),
        (Qt.Key.Key_PageDown, 11),
        (Qt.Key.Key_PageUp, 0),
    ):
        desk.type(key)
        assert view.currentIndex().row() == row


def test_the_mouse_chooses_by_being_moved_not_by_lying_where_the_list_comes_to(desk):
    view = open_palette(desk).findChild(FoundList)
    pointed = view.visualRect(view.model().index(3, 0)).center()
    for at in (pointed - QPoint(0, 40), pointed):
        QTest.mouseMove(view.viewport(), at)
        desk.settle()
    assert view.currentIndex().row() == 3
    desk.type(Qt.Key.Key_Up, Qt.Key.Key_Up)
    view.entered.emit(view.indexAt(pointed))
    assert view.currentIndex().row() == 1


def test_escape_and_the_shortcut_itself_close_it_and_change_nothing(desk):
    spec = desk.spec
    for closing in ((Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier), (Qt.Key.Key_K, CONTROL)):
        open_palette(desk, "adam")
        desk.type(closing[0], modifier=closing[1])
        assert not is_open(desk)
    assert desk.spec == spec


def test_a_click_runs_a_command_and_one_beside_the_list_closes_it(desk):
    view = open_palette(desk, "adagrad").findChild(FoundList)
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualRect(view.model().index(0)).center())
    assert desk.spec.training.optimizer == "adagrad"
    assert not is_open(desk)
    QTest.mouseClick(open_palette(desk), Qt.MouseButton.LeftButton, pos=QPoint(10, 400))
    assert not is_open(desk)


def test_what_is_impossible_is_greyed_says_why_and_is_not_run(desk):
    palette = open_palette(desk, "categorical cross")
    found = palette.findChild(FoundList).current
    assert found.command.title == "Loss: categorical cross-entropy"
    assert not found.command.possible
    assert palette.findChild(QLabel, "palette-said").text() == found.command.tip
    desk.type(Qt.Key.Key_Return)
    assert is_open(desk)
    assert desk.spec.training.loss != "categorical_crossentropy"


def test_an_entry_that_is_greyed_in_its_menu_is_not_run(desk):
    undo = next(found.command for found in commands_of(desk.window).find("undo") if found.command.title == "Undo")
    assert not undo.possible


def test_a_number_out_of_range_says_what_is_possible(desk):
    command = commands_of(desk.window).find("learning rate 50")[0].command
    assert (command.possible, command.tip) == (False, "Learning rate: a number above 0, up to 10 is possible.")


def test_nothing_found_is_said(desk):
    palette = open_palette(desk, "qqqq")
    assert palette.findChild(QLabel, "palette-said").text() == "Nothing of that name."
    desk.type(Qt.Key.Key_Return)
    assert is_open(desk)


def test_an_activation_goes_to_the_selected_layer_or_to_all_in_one_step_of_the_history(open_desk):
    desk = open_desk(demo="spiral")
    first, *others = desk.spec.layers
    desk.canvas.select(first.id)
    run_first(desk, "activation tanh")
    assert [layer.activation for layer in desk.spec.layers] == ["tanh", *(each.activation for each in others)]
    desk.canvas.select(None)
    run_first(desk, "activation gelu")
    assert {layer.activation for layer in desk.spec.layers} == {"gelu"}
    desk.window.document.undo()
    assert [layer.activation for layer in desk.spec.layers] == ["tanh", *(each.activation for each in others)]
    desk.canvas.select(OUTPUT_ID)
    assert first_for(desk, "activation sigmoid") == "Activation of Output: sigmoid"


def run_first(desk, typed: str) -> None:
    commands = commands_of(desk.window)
    commands.run(commands.find(typed)[0].command)


def test_what_is_chosen_is_marked_and_keeps_its_settings(desk):
    desk.window.document.apply(edits.set_optimizer("adam(beta_1=0.8)"))
    command = commands_of(desk.window).find("adam")[0].command
    assert (command.title, command.checked) == ("Optimizer: Adam", True)
    command.run()
    assert desk.spec.training.optimizer == "adam(beta_1=0.8)"


def test_settings_can_be_withheld(desk):
    commands_of(desk.window).withheld = frozenset({"optimizer"})
    assert "Optimizer: Adam" not in [found.command.title for found in commands_of(desk.window).find("adam")]


def test_an_entry_that_is_hidden_from_its_menu_is_not_found(desk):
    desk.window.actions_by_name["full-screen"].setVisible(False)
    assert "Full screen" not in [found.command.title for found in commands_of(desk.window).find("full")]


def test_a_command_that_opens_a_dialog_leaves_the_focus_to_it(desk):
    open_palette(desk, "about")
    desk.type(Qt.Key.Key_Return)
    assert not is_open(desk)
    assert [dialog.objectName() for dialog in desk.window.findChildren(QDialog)] == ["about-dialog"]


def test_it_stays_at_the_top_centre_while_the_window_changes_its_size(desk):
    palette = open_palette(desk)
    desk.window.resize(1400, 900)
    desk.settle()
    assert palette.size() == desk.window.size()
    card = palette.findChild(FoundList).parentWidget()
    assert abs(card.geometry().center().x() - desk.window.width() // 2) <= 1
    assert card.y() < 80


def test_screen_readers_hear_the_list_while_the_line_has_the_focus(desk, monkeypatch):
    heard = []

    def hear(event: QAccessibleEvent) -> None:
        if event.type() == QAccessible.Event.Focus and isinstance(event.object(), FoundList):
            heard.append(event.child())

    monkeypatch.setattr(QAccessible, "updateAccessibility", hear)
    palette = open_palette(desk, "adam")
    desk.type(Qt.Key.Key_Down)
    assert heard[-1] == 1
    interface = QAccessible.queryAccessibleInterface(palette.findChild(FoundList))
    assert interface.child(1).text(QAccessible.Text.Name) == "Optimizer: AdamW, Setting"
    assert QAccessible.queryAccessibleInterface(palette).role() == QAccessible.Role.Dialog


def command(title: str, **more) -> Command:
    return Command(title, title, lambda: None, **more)


def titles(query: str, *commands: Command, recent=()) -> list[str]:
    return [found.command.title for found in search(query, commands, recent)]


def test_the_beginning_of_a_word_comes_before_its_middle_and_that_before_scattered_letters():
    commands = [command("Ardea"), command("Armada"), command("Adam")]
    assert titles("ada", *commands) == ["Adam", "Armada", "Ardea"]


def test_letters_may_be_left_out_but_only_within_a_word_or_between_beginnings():
    assert [hit.letters for hit in (find("rlu", "ReLU"), find("od", "Open data")) if hit] == [(0, 2, 3), (0, 5)]
    assert find("adam", "Activation of hidden layers: Mish") is None


def test_every_word_has_to_be_found_in_any_order_also_in_menus_and_other_words():
    night = command("Dark theme", place="View › Theme", words="night")
    assert titles("theme dark", night) == titles("view dark", night) == titles("night", night) == ["Dark theme"]
    assert titles("dark green", night) == []


def test_raised_figures_and_capitals_are_found_by_plain_letters():
    assert titles("X1", command("Feature: x₁")) == ["Feature: x₁"]


def test_of_equally_good_ones_the_one_used_last_comes_first():
    assert titles("step", command("Step a"), command("Step b"), recent=["Step b"]) == ["Step b", "Step a"]
