"""The walk of `test_walk.py`, as a state machine: it runs in a process of its own."""

from __future__ import annotations

import itertools
from pathlib import Path
from random import Random

import pytest
from desk import Desk
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test
from PySide6.QtCore import QSettings
from walk_checks import Checks, RecordedDocument, quietly, witness
from walk_files import Files
from walk_gestures import GESTURES, Walk
from walker import Walker, without_the_system

from playground.app import look_after
from playground.engine.protocol import Speed
from playground.ui.settings import Settings

GESTURES_EACH, WALKS = 125, 4


@pytest.fixture
def walks(qtbot, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    numbers = itertools.count()

    class AnyWalk(RuleBasedStateMachine):
        """Mouse, keyboard, files, runs and dialogs, in any order."""

        def __init__(self) -> None:
            super().__init__()
            folder = tmp_path / str(next(numbers))
            folder.mkdir()
            store = QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat)
            self.desk = Desk(qtbot, demo="xor", kind=RecordedDocument, settings=Settings(store))
            self.desk.engine.set_speed(Speed(None))
            look_after(self.desk.window)
            without_the_system(monkeypatch.setattr, Files(self._files_in(folder), Random(0)).choose)
            self.checks = Checks(self.desk.window)
            self.walk = Walk(Walker(self.desk.window, folder / "files"))

        @staticmethod
        def _files_in(folder: Path) -> Path:
            (folder / "files").mkdir()
            return folder / "files"

        @rule(name=st.sampled_from([*GESTURES]), hand=st.randoms(use_true_random=False))
        def do(self, name, hand):
            with witness() as seen:
                quietly(lambda: self.walk.step(name, hand), seen)
                quietly(self.checks.all, seen)
            assert not seen, "\n".join([f"{name} on {self.walk.walker.on}:", *seen])

        def teardown(self):
            self.desk.window.files.ask_before_closing = False
            self.walk.walker.leave()
            self.desk.window.close()
            self.desk.window.deleteLater()

    return AnyWalk


def test_no_gesture_breaks_the_window_or_the_document(walks):
    # Made smaller, a walk takes a different way at a different moment of the training: that would take for ever.
    phases = (Phase.explicit, Phase.generate)
    run_state_machine_as_test(
        walks, settings=settings(max_examples=WALKS, stateful_step_count=GESTURES_EACH, phases=phases)
    )
