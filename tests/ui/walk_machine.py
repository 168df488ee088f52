"""The walks of `test_walk.py`: they run in a process of their own."""

from __future__ import annotations

from random import Random

import pytest
from desk import Desk
from PySide6.QtCore import QSettings
from walk_checks import Checks, RecordedDocument, quietly, witness
from walk_files import Files
from walk_gestures import GESTURES, Walk
from walker import Walker, without_the_system

from playground.app import look_after
from playground.engine.protocol import Speed
from playground.ui.settings import Settings

GESTURES_EACH = 125


@pytest.fixture
def window(qtbot, monkeypatch, tmp_path):
    """As somebody has it who works in it, with training at full speed."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    store = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    desk = Desk(qtbot, demo="xor", kind=RecordedDocument, settings=Settings(store))
    desk.engine.set_speed(Speed(None))
    look_after(desk.window)
    yield desk.window
    desk.window.files.ask_before_closing = False
    desk.window.close()
    desk.window.deleteLater()


@pytest.mark.parametrize("seed", range(4))
def test_no_gesture_breaks_the_window_or_the_document(window, seed, monkeypatch, tmp_path):
    hand, folder = Random(seed), tmp_path / "files"
    folder.mkdir()
    without_the_system(monkeypatch.setattr, Files(folder, Random(seed)).choose)
    checks, walker = Checks(window), Walker(window, folder)
    walk, names = Walk(walker), [*GESTURES]
    for number in range(GESTURES_EACH):
        name = hand.choice(names)
        with witness() as seen:
            quietly(lambda name=name: walk.step(name, hand), seen)
            quietly(checks.all, seen)
        assert not seen, "\n".join([f"gesture {number} of walk {seed}, {name} on {walker.on}:", *seen])
    walker.leave()
