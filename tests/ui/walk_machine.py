"""The hands of `test_walk.py`, as a state machine: it runs in a process of its own."""

from __future__ import annotations

import pytest
from desk import Desk
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from walker import RecordedDocument, Walker, without_the_system

GESTURES, WALKS = 125, 4

number = st.integers(0, 10_000)
share = st.floats(0, 1, width=16)
place = st.tuples(share, share)


@pytest.fixture
def walks(qtbot, monkeypatch):
    without_the_system(monkeypatch.setattr)

    class Walk(RuleBasedStateMachine):
        """Mouse, keyboard, undo and play, in any order."""

        def __init__(self) -> None:
            super().__init__()
            self.desk = Desk(qtbot, demo="xor", kind=RecordedDocument)
            self.walker = Walker(self.desk.window)

        @rule(which=number, at=place, right=st.booleans())
        def click(self, which, at, right):
            self.walker.gesture(lambda: self.walker.click(which, at, right=right))

        @rule(which=number, start=place, end=place)
        def drag(self, which, start, end):
            self.walker.gesture(lambda: self.walker.drag(which, start, end))

        @rule(start=place, end=place)
        def drag_on_the_canvas(self, start, end):
            self.walker.gesture(lambda: self.walker.drag_on(self.desk.canvas, start, end))

        @rule(start=place, end=place)
        def drag_on_the_surface(self, start, end):
            viewport = self.desk.window.surface.plot.viewport()
            self.walker.gesture(lambda: self.walker.drag_on(viewport, start, end))

        @rule(which=number, at=place)
        def hover(self, which, at):
            self.walker.gesture(lambda: self.walker.hover(which, at))

        @rule(which=number, at=place, up=st.booleans(), zoom=st.booleans())
        def wheel(self, which, at, up, zoom):
            self.walker.gesture(lambda: self.walker.wheel(which, at, up, zoom))

        @rule(key=number, control=st.booleans())
        def press(self, key, control):
            self.walker.gesture(lambda: self.walker.press(key, control))

        @rule(which=number, text=number)
        def type_number(self, which, text):
            self.walker.gesture(lambda: self.walker.type_number(which, text))

        @rule(kind=number, x=share)
        def drop_kind(self, kind, x):
            self.walker.gesture(lambda: self.walker.drop_kind(kind, x))

        @rule(which=number)
        def trigger(self, which):
            self.walker.gesture(lambda: self.walker.trigger(which))

        @rule(times=st.integers(1, 6))
        def undo(self, times):
            self.walker.gesture(lambda: self.walker.undo(times))

        @rule(times=st.integers(1, 6))
        def redo(self, times):
            self.walker.gesture(lambda: self.walker.redo(times))

        @rule()
        def play_or_pause(self):
            self.walker.gesture(self.desk.window.toggle_playing)

        @invariant()
        def the_window_shows_the_document(self):
            mirror = self.desk.window.loop.mirror
            assert mirror.spec == self.desk.spec
            assert len(mirror.network.values) == self.desk.spec.n_values

        def teardown(self):
            document = self.desk.window.document
            assert isinstance(document, RecordedDocument)
            assert document.replayed() == document.spec
            self.desk.window.close()
            self.desk.window.deleteLater()

    return Walk


def test_no_gesture_breaks_the_window_or_the_document(walks):
    run_state_machine_as_test(walks, settings=settings(max_examples=WALKS, stateful_step_count=GESTURES))
