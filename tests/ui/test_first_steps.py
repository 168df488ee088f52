"""What somebody sees who opens the window for the first time: three hints, one after the other, and never again."""

import pytest
from PySide6.QtCore import QPoint, QRect, QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QDialog, QWidget

from playground.document import edits
from playground.document.presets import FIRST, preset
from playground.ui import first_steps
from playground.ui.first_steps import STEPS
from playground.ui.settings import Settings

Key = Qt.Key


@pytest.fixture(autouse=True)
def _without_waiting(monkeypatch):
    monkeypatch.setattr(first_steps, "NEXT_MS", 0)
    monkeypatch.setattr(first_steps, "FOLLOW_MS", 10)
    monkeypatch.setattr(first_steps, "LOOK_MS", 0)


@pytest.fixture
def settings(tmp_path) -> Settings:
    return Settings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))


def begin(open_desk, settings=None, **options):
    """A window of somebody new, with the first hint."""
    desk = open_desk(demo="xor", settings=settings, **options)
    desk.window.first_steps.start()
    desk.wait_until(lambda: callout(desk).isVisible())
    return desk


def callout(desk):
    return desk.window.first_steps.callout


def shown(desk) -> str:
    return desk.window.first_steps.shown


def test_the_program_begins_with_xor_which_learns():
    assert preset(FIRST).spec.data.dataset == "xor"


def test_nothing_is_shown_to_whoever_did_not_ask(desk):
    assert shown(desk) == ""
    assert not callout(desk).isVisible()


def test_each_hint_goes_when_one_does_what_it_says_and_the_next_comes(open_desk):
    desk = begin(open_desk)
    assert shown(desk) == "play"
    assert not desk.engine.playing
    desk.press(Key.Key_Space)
    desk.wait_until(lambda: shown(desk) == "build")
    desk.press(Key.Key_Space)
    desk.window.network.canvas.append("dense")
    desk.wait_until(lambda: shown(desk) == "look")
    desk.window.network.hovered.emit((1, 0))
    desk.wait_until(lambda: shown(desk) == "")
    assert not callout(desk).isVisible()
    assert not callout(desk).ring.isVisible()


def test_what_was_done_before_its_turn_is_not_asked_for(open_desk):
    desk = begin(open_desk)
    desk.window.document.apply(edits.set_activation(1, "relu"))
    desk.window.network.unit_clicked.emit((1, 0))
    desk.click("callout-accept")
    desk.settle()
    assert shown(desk) == ""


def test_a_neuron_that_the_mouse_only_passes_is_not_looked_at(open_desk, monkeypatch):
    monkeypatch.setattr(first_steps, "LOOK_MS", 50)
    desk = begin(open_desk)
    for _ in range(2):
        desk.click("callout-accept")
        desk.settle()
    desk.wait_until(lambda: shown(desk) == "look")
    desk.window.network.hovered.emit((1, 0))
    desk.window.network.hovered.emit(None)
    QTest.qWait(120)
    assert shown(desk) == "look"


def test_opening_another_experiment_builds_nothing(open_desk):
    desk = begin(open_desk)
    desk.window.open_demo("spiral")
    desk.click("callout-accept")
    desk.wait_until(lambda: shown(desk) == "build")


@pytest.mark.parametrize("how", ["Esc", "close"])
def test_esc_and_the_cross_end_all_of_them(open_desk, settings, how):
    desk = begin(open_desk, settings)
    if how == "Esc":
        desk.canvas.setFocus()
        desk.type(Key.Key_Escape)
    else:
        desk.click("callout-close")
    desk.settle()
    assert shown(desk) == ""
    assert all(settings.is_done(step.name) for step in STEPS)


def test_esc_first_does_what_it_always_does(open_desk):
    desk = begin(open_desk)
    desk.canvas.select(1)
    desk.canvas.setFocus()
    desk.type(Key.Key_Escape)
    assert desk.canvas.selected is None
    assert shown(desk) == "play"


def test_what_is_done_is_never_shown_again_also_not_after_a_crash(open_desk, settings, tmp_path):
    desk = begin(open_desk, settings)
    desk.click("callout-accept")
    (tmp_path / "copy.ini").write_bytes((tmp_path / "settings.ini").read_bytes())  # nothing was closed in order
    on_disk = Settings(QSettings(str(tmp_path / "copy.ini"), QSettings.Format.IniFormat))
    assert on_disk.is_done("play")
    again = begin(open_desk, on_disk)
    assert shown(again) == "build"
    again.click("callout-close")
    last = open_desk(demo="xor", settings=on_disk)
    last.window.first_steps.start()
    last.settle()
    assert shown(last) == ""


def test_the_help_menu_shows_them_again(open_desk, settings):
    desk = begin(open_desk, settings)
    desk.click("callout-close")
    desk.window.actions_by_name["first-steps"].trigger()
    desk.wait_until(lambda: shown(desk) == "play")
    assert not settings.is_done("play")


@pytest.mark.parametrize("size", [(1280, 800), (1000, 640), (1920, 1080)])
def test_every_hint_lies_in_the_window_beside_what_it_points_at(open_desk, size):
    desk = begin(open_desk, size=size)
    for step in STEPS:
        desk.wait_until(lambda name=step.name: shown(desk) == name and callout(desk).isVisible())
        target = step.target(desk.window)
        assert target is not None
        card = callout(desk).geometry().adjusted(19, 19, -19, -19)
        assert desk.window.rect().contains(card)
        assert not card.intersects(target)
        assert callout(desk).ring.geometry().contains(target)
        desk.click("callout-accept")
        desk.settle()


def test_it_follows_what_it_points_at(open_desk):
    desk = begin(open_desk)
    play = desk.window.findChild(QAbstractButton, "play")
    desk.window.resize(1600, 900)
    desk.wait_until(
        lambda: callout(desk).ring.geometry().contains(QRect(play.mapTo(desk.window, QPoint(0, 0)), play.size()))
    )


def test_it_gives_way_to_dialogs_and_comes_back(open_desk):
    desk = begin(open_desk)
    desk.window.actions_by_name["open-link"].trigger()
    desk.wait_until(lambda: not callout(desk).isVisible())
    dialog = next(box for box in desk.window.findChildren(QDialog) if box.isVisible())
    dialog.reject()
    desk.wait_until(lambda: callout(desk).isVisible())


def test_no_hint_speaks_of_a_data_set_that_may_not_be_there():
    assert not [step.name for step in STEPS if "XOR" in step.text]


def test_the_window_works_while_a_hint_is_there_and_the_canvas_has_the_keys(open_desk):
    desk = begin(open_desk)
    assert desk.window.isActiveWindow()
    assert not callout(desk).hasFocus()
    before = len(desk.ids)
    desk.canvas.setFocus()
    desk.press(Key.Key_Space)
    assert desk.engine.playing
    desk.press(Key.Key_Space)
    assert len(desk.ids) == before


def test_a_screen_reader_is_told_and_every_control_has_a_name(open_desk):
    desk = begin(open_desk)
    assert callout(desk).accessibleName().startswith("First steps, 1 of 3: Press Play.")
    for button in callout(desk).findChildren(QAbstractButton):
        assert button.accessibleName()
        assert button.toolTip()
        assert button.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_hints_are_seen_in_the_colours_of_the_theme(open_desk):
    desk = begin(open_desk)
    for name in ("light", "dark"):
        desk.window.set_theme(name)
        card: QWidget = callout(desk)
        pixel = card.grab().toImage().pixelColor(card.width() // 2, card.height() - 26)
        assert pixel == desk.window.theme.color("panel")
