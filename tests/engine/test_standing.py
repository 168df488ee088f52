"""Where training stands: what the engine says of it, and that training goes on from there as if nothing had been."""

from __future__ import annotations

import os
import signal
import time

import numpy as np
import pytest
from msgspec.structs import replace

from playground.document import edits
from playground.document.presets import preset, presets
from playground.document.spec import Spec
from playground.engine import process, standing
from playground.engine.protocol import Speed
from playground.engine.session import Session
from playground.engine.snapshot import Curve
from playground.engine.stand import put_back, stand_of

SPEC = preset("xor").spec
MAX = Speed(None)


def asked(watcher):
    """Where the engine says that training stands."""
    answers = []
    watcher.engine.ask_stand(answers.append)
    watcher.wait_until(lambda: answers)
    return answers[0]


def left_runs(watcher):
    """The runs that are left from now on."""
    runs = []
    watcher.engine.left.connect(runs.append)
    return runs


# -- saying it ------------------------------------------------------------------------------------


def test_the_engine_says_where_training_stands_while_it_plays(watch):
    watcher, said = watch(SPEC, MAX), []
    watcher.engine.stood.connect(lambda stood: said.append(stood.stand.steps))
    watcher.engine.set_playing(True)
    watcher.wait_until(lambda: len(said) > 3)
    assert said == sorted(said)
    assert said[-1] > said[0]


def test_in_a_pause_it_is_said_where_training_came_to_and_then_no_more(watch):
    watcher, said = watch(SPEC, MAX), []
    last = watcher.play_to_step(100)
    assert watcher.engine.last_stood.stand.steps == last.steps
    watcher.engine.stood.connect(said.append)
    asked(watcher)
    asked(watcher)
    assert [stood.stand.steps for stood in said] == [last.steps] * 2, "only who asks is told again"


def test_an_edit_in_a_pause_is_said_without_a_step(watch):
    watcher, said = watch(SPEC, MAX), []
    watcher.play_to_step(100)
    asked(watcher)
    watcher.engine.stood.connect(said.append)
    slower = edits.set_learning_rate(0.01)(SPEC)
    watcher.engine.apply(slower)
    watcher.wait_until(lambda: said)
    assert said[0].spec == slower


def test_an_answer_is_of_the_present_spec(watch, monkeypatch):
    monkeypatch.setattr(standing, "ANSWER_S", 20.0)
    watcher = watch(SPEC, MAX)
    wider = edits.set_units(1, 6)(SPEC)
    watcher.engine.apply(wider)
    answer = asked(watcher)
    assert answer.spec == wider
    assert len(answer.stand.values) == len(Session(wider).network.values)


def test_if_the_worker_is_busy_the_answer_is_the_last_that_is_known(watch, monkeypatch):
    monkeypatch.setattr(standing, "ANSWER_S", 0.05)
    watcher = watch(SPEC, MAX)
    last = watcher.play_to_step(100)
    os.kill(watcher.engine.worker_pid, signal.SIGSTOP)
    assert asked(watcher).stand.steps == last.steps
    os.kill(watcher.engine.worker_pid, signal.SIGCONT)


# -- leaving a run --------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["reset", "seed", "demo"])
def test_a_run_that_is_left_is_told_of_with_its_curve_up_to_its_end(watch, way):
    watcher = watch(SPEC, MAX)
    runs, last = left_runs(watcher), watcher.play_to_step(200)
    if way == "reset":
        watcher.engine.apply(SPEC, reset=True)
    else:
        other = edits.set_seed(99) if way == "seed" else edits.open_spec(preset("spiral").spec, "spiral")
        watcher.engine.apply(other(SPEC))
    watcher.wait_until(lambda: runs)
    (run,) = runs
    assert run.spec == SPEC
    np.testing.assert_array_equal(run.stand.values.astype(float), last.values)
    assert (run.stand.steps, run.stand.train_loss) == (last.steps, last.train_loss)
    assert run.curve.rows[0, 0] == 0
    assert run.curve.rows[-1].tolist() == [run.stand.progress, run.stand.train_loss, run.stand.test_loss]
    assert len(run.curve.measures) == len(run.curve.rows)


def test_where_no_step_was_taken_no_run_is_left(watch):
    watcher = watch(SPEC, MAX)
    runs = left_runs(watcher)
    watcher.wait()
    watcher.engine.apply(edits.set_seed(99)(SPEC))
    watcher.play_to_step(100)
    watcher.engine.apply(SPEC)
    watcher.wait_until(lambda: runs)
    assert [run.spec.seed for run in runs] == [99]


def test_an_edit_leaves_no_run(watch):
    watcher = watch(SPEC, MAX)
    runs = left_runs(watcher)
    watcher.play_to_step(100)
    watcher.engine.apply(edits.set_learning_rate(0.02)(SPEC))
    watcher.wait(lambda snapshot: snapshot.revision == 2)
    assert runs == []


def test_seeds_in_quick_succession_leave_the_one_run_that_was_trained(watch):
    watcher = watch(SPEC, MAX)
    runs, last = left_runs(watcher), watcher.play_to_step(100)
    spec = SPEC
    for seed in range(50, 60):
        spec = edits.set_seed(seed)(spec)
        watcher.engine.apply(spec)
    watcher.wait(lambda snapshot: snapshot.revision == 11)
    asked(watcher)
    assert [(run.spec, run.stand.steps) for run in runs] == [(SPEC, last.steps)]


def test_a_run_that_is_left_just_before_the_worker_dies_is_not_lost(watch):
    watcher = watch(SPEC, MAX)
    runs, last = left_runs(watcher), watcher.play_to_step(100)
    os.kill(watcher.engine.worker_pid, signal.SIGSTOP)
    watcher.engine.apply(SPEC, reset=True)
    os.kill(watcher.engine.worker_pid, signal.SIGKILL)
    watcher.wait_for_notice()
    assert [run.stand.steps for run in runs] == [last.steps]
    assert watcher.wait().steps == 0


# -- going on -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", presets())
def test_training_goes_on_from_a_stand_as_if_it_had_never_stopped(name):
    spec = preset(name).spec
    if name == "tutorial-images":
        spec = edits.set_units(spec.layers[0].id, 8)(spec)
    never, stopped = Session(spec), Session(spec)
    for session in (never, stopped):
        session.advance(0, 7)
    again = Session(spec, stopped.stand())
    for session in (never, again):
        session.trainer.advance(60)
    np.testing.assert_array_equal(again.network.values, never.network.values)


def test_it_does_so_after_any_edits(watch):
    session = Session(SPEC)
    spec = SPEC
    for edit in (
        edits.add_layer(1, "batch_norm"),
        edits.add_layer(1, "dropout"),
        edits.set_units(1, 7),
        edits.set_optimizer("adam"),
        edits.set_batch_size(7),
        edits.assign(1, 0, [1], [0.5], [0.25]),
    ):
        session.advance(0, 5)
        spec = edit(spec)
        session.apply(spec)
    session.advance(0, 5)
    again = Session(spec, session.stand())
    for each in (session, again):
        each.trainer.advance(100)
    np.testing.assert_array_equal(again.network.values, session.network.values)
    # What was set by hand can still be taken back: both know that it is in effect.
    for each in (session, again):
        each.apply(replace(spec, assigned=()))
    np.testing.assert_array_equal(again.network.values, session.network.values)


def test_an_engine_goes_on_from_a_run_with_its_curve(watch):
    watcher = watch(SPEC, MAX)
    runs = left_runs(watcher)
    watcher.play_to_step(200)
    watcher.engine.apply(SPEC, reset=True)
    watcher.wait_until(lambda: runs)
    run = runs[0]
    opened = replace(SPEC, run=5)
    watcher.engine.apply(opened)
    watcher.engine.restore(opened, run.stand, run.curve)
    there = watcher.wait()
    assert (there.steps, there.playing) == (run.stand.steps, False)
    np.testing.assert_array_equal(there.values, run.stand.values.astype(float))
    np.testing.assert_array_equal(watcher.engine.curve().rows, run.curve.rows)
    assert watcher.engine.history.start == 0, "what comes next is of the same curve"
    for _ in range(2):
        watcher.engine.step("step")
    watcher.wait(lambda snapshot: snapshot.steps == run.stand.steps + 2)
    assert len(watcher.engine.history) > len(run.curve.rows)
    headless = Session(SPEC, run.stand)
    headless.trainer.advance(2)
    np.testing.assert_array_equal(asked(watcher).stand.values, headless.network.values)


def test_a_stand_that_does_not_fit_is_told_of_and_nothing_is_trained_with_it(watch):
    watcher = watch(SPEC, MAX)
    watcher.wait()
    watcher.engine.restore(SPEC, Session(preset("spiral").spec).stand(), Curve())
    assert "ValueError" in watcher.wait_for_notice()


def test_a_worker_that_hangs_is_replaced_and_paused_where_it_stood(watch, monkeypatch):
    watcher = watch(SPEC, MAX)
    last, hanging = watcher.play_to_step(100), watcher.engine.worker_pid
    monkeypatch.setattr(process, "HANG_S", 0.3)
    os.kill(hanging, signal.SIGSTOP)
    watcher.engine.set_playing(True)
    assert "did not answer" in watcher.wait_for_notice()
    monkeypatch.undo()  # its successor takes longer to start
    assert watcher.engine.worker_pid != hanging
    assert not watcher.engine.playing
    assert watcher.wait().steps == last.steps


def test_a_worker_that_has_nothing_to_do_may_be_silent(watch, monkeypatch):
    watcher = watch(SPEC, MAX)
    watcher.wait()
    asked(watcher)
    monkeypatch.setattr(process, "HANG_S", 0.05)
    patient = watcher.engine.worker_pid
    end = time.monotonic() + 0.6
    while time.monotonic() < end:
        watcher.poll()
        time.sleep(0.01)
    assert watcher.notices == []
    assert watcher.engine.worker_pid == patient


def test_closing_does_not_wait_for_a_worker_that_does_not_answer(watch):
    watcher = watch(Spec(), MAX)
    watcher.wait()
    os.kill(watcher.engine.worker_pid, signal.SIGSTOP)
    began = time.monotonic()
    watcher.engine.close()
    assert time.monotonic() - began < 5, "it would wait for ever"


# -- as a value -----------------------------------------------------------------------------------


def test_a_stand_is_a_copy():
    session = Session(SPEC)
    stand = session.stand()
    session.advance(0, 3)
    assert stand.steps == 0
    assert (stand.values != session.network.values).any()


def test_a_damaged_stand_is_refused_and_the_trainer_stays_as_it_was():
    trainer = Session(SPEC).trainer
    stand = stand_of(trainer)
    trainer.advance(3)
    before = trainer.network.values.copy()
    order = stand.arrays["order"].copy()
    order[0] = order[1]
    with pytest.raises(ValueError, match="order: expected every sample once"):
        put_back(trainer, replace(stand, arrays={**stand.arrays, "order": order}))
    np.testing.assert_array_equal(trainer.network.values, before)
