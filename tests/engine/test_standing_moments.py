"""Where training stands, when messages, edits and deaths come at bad moments."""

from __future__ import annotations

import os
import signal
import struct
import time
from multiprocessing import Pipe

import numpy as np
import pytest
from msgspec.structs import replace

from playground.document import edits
from playground.document.presets import preset
from playground.document.spec import Cut
from playground.engine import process, standing
from playground.engine.process import WorkerProcess, _Inbox
from playground.engine.protocol import Ask, Speed, StandsAt, Told, encode
from playground.engine.session import Session
from playground.engine.snapshot import Curve
from playground.engine.standing import Left, Standing, Stood

SPEC = preset("xor").spec
MAX = Speed(None)


def stand_after(steps: int, spec=SPEC):
    session = Session(spec)
    session.trainer.advance(steps)
    return session.stand()


def curve_to(epochs: int) -> Curve:
    rows = np.column_stack([np.arange(epochs + 1.0), np.linspace(1, 0, epochs + 1), np.linspace(2, 0, epochs + 1)])
    return Curve(rows, np.zeros(len(rows)))


def wait_until_obeyed(watcher):
    """Wait, without polling, until the worker has done all it was told."""
    worker, end = watcher.engine._worker, time.monotonic() + 20
    while worker.block.life[1] < worker._sent:
        assert time.monotonic() < end
        time.sleep(0.001)


def silence(watcher, monkeypatch, polls):
    """What the worker says is still on its way for so many polls."""
    worker = watcher.engine._worker
    real, silent = worker.heard, iter(range(polls))
    monkeypatch.setattr(worker, "heard", lambda: real() if next(silent, None) is None else iter(()))


# -- which run it was -----------------------------------------------------------------------------


def test_what_was_trained_before_a_stand_was_put_back_is_no_run_and_takes_the_place_of_none():
    """A run is restored while it plays: the worker takes some steps under its spec before it hears of the stand."""
    keeper, other, restored = Standing(lambda _: 0), replace(SPEC, run=1), stand_after(50)
    keeper.expect(1, SPEC)
    keeper.leave(1, curve_to(1))
    keeper.expect(2, other)
    keeper.expect(3, other)
    keeper.begin(3, Stood(other, restored))
    keeper.leave(3, curve_to(1))
    keeper.expect(4, SPEC)
    said = [keeper.take(StandsAt(revision, stand_after(revision), "left")) for revision in (1, 2, 3)]
    assert [each and (each.spec.run, each.stand.steps) for each in said] == [(0, 1), None, (1, 3)]


def test_the_plane_that_was_looked_at_last_belongs_to_a_run_that_is_left(watch):
    spec, runs = edits.set_dataset("iris")(SPEC), []
    watcher = watch(spec, MAX)
    watcher.engine.left.connect(runs.append)
    watcher.play_to_step(50)
    watcher.engine.apply(edits.set_axes((0, 2))(spec))
    watcher.engine.apply(replace(spec, seed=99, cut=Cut()))
    watcher.wait_until(lambda: runs)
    assert runs[0].spec.cut.axes == (0, 2)


# -- its curve ------------------------------------------------------------------------------------


def left_from(curve, steps):
    keeper = Standing(lambda _: 7)
    keeper.expect(1, SPEC)
    keeper.leave(1, curve)
    left = keeper.take(StandsAt(1, stand_after(steps), "left"))
    assert isinstance(left, Left)
    return left


@pytest.mark.parametrize("epochs", [0, 1, 9], ids=["behind it", "as far", "beyond it"])
def test_the_curve_of_a_run_ends_where_it_stood_however_far_the_window_had_read(epochs):
    _, stand, curve = left_from(curve_to(epochs), 50)
    assert curve.rows[-1, 0] == stand.progress == 50 / 40
    assert curve.rows[-1].tolist() == [stand.progress, stand.train_loss, stand.test_loss]
    assert (np.diff(curve.rows[:, 0]) > 0).all()
    assert curve.measures[-1] == 7
    assert len(curve.measures) == len(curve.rows) == min(epochs, 1) + 2


def test_a_run_of_which_the_window_had_read_nothing_has_its_end_for_a_curve():
    _, stand, curve = left_from(Curve(), 1)
    assert curve.rows.tolist() == [[stand.progress, stand.train_loss, stand.test_loss]]


def test_the_curve_of_a_run_whose_worker_died_ends_where_it_was_last_said_to_stand():
    keeper = Standing(lambda _: 0)
    keeper.expect(1, SPEC)
    keeper.put(1, Stood(SPEC, stand_after(50)))
    keeper.leave(1, curve_to(9))
    ((_, stand, curve),) = keeper.lost()
    assert curve.rows[-1, 0] == stand.progress
    assert keeper.lost() == [], "it is told of once"


def test_what_never_took_a_step_is_no_run_that_a_dying_worker_leaves():
    keeper = Standing(lambda _: 0)
    keeper.put(1, Stood(SPEC, stand_after(0)))
    keeper.leave(1, curve_to(0))
    assert keeper.lost() == []


def test_where_a_worker_died_the_curve_goes_back_to_where_it_was_last_said_to_stand(watch):
    watcher = watch(SPEC, MAX)
    watcher.play_to_step(100)
    stood = watcher.engine.last_stood.stand
    watcher.engine.history.append(curve_to(9).rows + np.array([stood.progress, 0, 0]))
    os.kill(watcher.engine.worker_pid, signal.SIGKILL)
    watcher.wait_for_notice()
    assert watcher.engine.history.epochs[-1] == stood.progress


def test_a_curve_that_is_restored_begins_where_the_same_was_measured_as_at_its_end(watch):
    watcher, stand = watch(SPEC, MAX), stand_after(400)
    curve = replace(curve_to(10), measures=np.array([3.0] * 4 + [1.0] * 7))
    watcher.engine.set_playing(True)
    watcher.engine.restore(SPEC, stand, curve)
    assert not watcher.wait(lambda snapshot: snapshot.steps == 400).playing
    assert watcher.engine.history.epochs.tolist() == list(range(11))
    assert watcher.engine.history.start == 4
    watcher.engine.step("step")
    watcher.wait(lambda snapshot: snapshot.steps == 401)
    assert watcher.engine.history.start == 4, "what comes now is of the same curve"
    watcher.engine.apply(edits.set_loss("mse")(SPEC))
    watcher.wait(lambda snapshot: snapshot.revision == 3)
    assert watcher.engine.history.start == 11, "by another formula another begins"


def test_edits_in_a_pause_that_change_no_loss_add_nothing_to_the_curve(watch):
    watcher, spec = watch(SPEC, MAX), SPEC
    watcher.play_to_step(100)
    rows = watcher.engine.curve().rows
    for rate in (0.01, 0.02, 0.03):
        spec = edits.set_learning_rate(rate)(spec)
        watcher.engine.apply(spec)
        watcher.wait()
    np.testing.assert_array_equal(watcher.engine.curve().rows, rows)


# -- messages on their way ------------------------------------------------------------------------


def test_what_can_be_seen_waits_for_what_is_said_of_it(watch, monkeypatch):
    watcher, runs = watch(SPEC, MAX), []
    watcher.engine.left.connect(runs.append)
    last = watcher.play_to_step(100)
    silence(watcher, monkeypatch, polls=3)
    watcher.engine.apply(SPEC, reset=True)
    wait_until_obeyed(watcher)
    assert [watcher.poll() for _ in range(3)] == [None] * 3
    assert watcher.wait().steps == 0
    assert [run.stand.steps for run in runs] == [last.steps]


def test_the_last_words_of_a_worker_that_died_are_heard(watch, monkeypatch):
    watcher, runs = watch(SPEC, MAX), []
    watcher.engine.left.connect(runs.append)
    last = watcher.play_to_step(100)
    silence(watcher, monkeypatch, polls=1)
    for _ in range(3):
        watcher.engine.step("step")
    watcher.engine.apply(SPEC, reset=True)
    wait_until_obeyed(watcher)
    os.kill(watcher.engine.worker_pid, signal.SIGKILL)
    watcher.engine._worker._process.join()
    watcher.poll()
    assert [run.stand.steps for run in runs] == [last.steps + 3]


def test_a_worker_may_die_after_it_spoke_of_an_edit_that_is_not_the_last(watch):
    watcher = watch(SPEC, MAX)
    last = watcher.play_to_step(100)
    circle = edits.set_dataset("circle")(SPEC)
    watcher.engine.apply(circle)
    wait_until_obeyed(watcher)
    os.kill(watcher.engine.worker_pid, signal.SIGSTOP)
    watcher.engine.apply(edits.set_dataset("gauss")(circle))
    while not watcher.engine._worker.has_been_heard:
        watcher.poll()
    os.kill(watcher.engine.worker_pid, signal.SIGKILL)
    watcher.wait_for_notice()
    assert watcher.wait(lambda snapshot: snapshot.revision == 3).steps == last.steps
    history = watcher.engine.history
    assert len(history) - history.start == 1, "of the data of now there is one loss, and none of those before"


@pytest.mark.skipif(os.name != "posix", reason="writes to a pipe byte by byte")
def test_a_message_without_its_end_makes_nobody_wait():
    ours, theirs = Pipe()
    inbox, word = _Inbox(ours), Told(1, "hello")
    theirs.send_bytes(encode(word))
    heard, end = [], time.monotonic() + 20
    while not heard and time.monotonic() < end:
        heard += inbox.taken()
    os.write(theirs.fileno(), struct.pack("!i", 1000) + b"begin")
    assert list(inbox.taken()) == []
    theirs.close()
    inbox.close()
    ours.close()
    assert heard == [word]
    assert list(inbox.taken()) == []


def test_who_asks_a_worker_that_dies_is_answered_by_the_next(watch, monkeypatch):
    monkeypatch.setattr(standing, "ANSWER_S", 20.0)
    watcher, answers = watch(SPEC, MAX), []
    last = watcher.play_to_step(100)
    os.kill(watcher.engine.worker_pid, signal.SIGSTOP)
    watcher.engine.ask_stand(answers.append)
    os.kill(watcher.engine.worker_pid, signal.SIGKILL)
    watcher.wait_until(lambda: answers)
    assert [answer.stand.steps for answer in answers] == [last.steps]


def test_who_asks_is_answered_once_and_not_again_when_the_answer_comes_late():
    keeper, answers = Standing(lambda _: 0), []
    keeper.expect(1, SPEC)
    number = keeper.ask(answers.append)
    assert keeper.asked == [Ask(number).number]
    for _ in range(2):
        keeper.answer(number, Stood(SPEC, stand_after(1)))
    assert len(answers) == 1
    assert keeper.asked == []


def test_what_was_said_before_a_reset_is_not_where_training_stands_after_it(watch):
    watcher, said = watch(SPEC, MAX), []
    watcher.play_to_step(100)
    before = watcher.engine.last_stood
    watcher.engine.stood.connect(said.append)
    os.kill(watcher.engine.worker_pid, signal.SIGSTOP)
    watcher.engine.apply(SPEC, reset=True)
    watcher.engine._hear(StandsAt(1, before.stand))
    assert watcher.engine.last_stood is None
    assert said == []
    os.kill(watcher.engine.worker_pid, signal.SIGCONT)


# -- signs of life --------------------------------------------------------------------------------


class Alive:
    """A block of which the signs of life are what somebody says."""

    life = 0, 0


@pytest.fixture
def looked_at(monkeypatch):
    """(a worker that is only looked at, its block, a clock)"""
    clock, block = [0.0], Alive()
    monkeypatch.setattr(process.time, "monotonic", lambda: clock[0])
    worker = object.__new__(WorkerProcess)
    vars(worker).update(block=block, _beats=0, _sent=0, _silent_s=0.0, _looked_at=0.0)
    return worker, block, clock


def is_taken_for_hanging(looked_at, seconds, *, is_busy, every=0.05):
    worker, _, clock = looked_at
    for _ in range(round(seconds / every)):
        clock[0] += every
        if worker.hangs(is_busy=is_busy):
            return True
    return False


def test_a_silent_worker_hangs_if_it_trains_or_was_told_something(looked_at):
    worker, block, _ = looked_at
    assert not is_taken_for_hanging(looked_at, 100, is_busy=False)
    assert not is_taken_for_hanging(looked_at, 25, is_busy=True)
    assert is_taken_for_hanging(looked_at, 10, is_busy=True)
    block.life = 1, 0
    worker._sent = 1
    assert not is_taken_for_hanging(looked_at, 25, is_busy=False)
    block.life = 2, 0
    assert not is_taken_for_hanging(looked_at, 25, is_busy=False)
    assert is_taken_for_hanging(looked_at, 10, is_busy=False)


def test_it_does_not_hang_if_it_was_the_window_that_was_halted(looked_at):
    assert not is_taken_for_hanging(looked_at, 3600, is_busy=True, every=600)
