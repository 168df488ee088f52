"""The engine as the window uses it, with a real worker process."""

from __future__ import annotations

import os
import re
import signal
import time

import numpy as np
import psutil
import pytest
from msgspec.structs import replace

from playground.document import edits
from playground.document.document import Document
from playground.document.presets import preset
from playground.document.spec import Data, Layer, Spec, Training
from playground.engine import client
from playground.engine.problem import make_network
from playground.engine.protocol import Speed
from playground.engine.session import Session

SPEC = Spec(data=Data("xor"), seed=3)
MAX = Speed(None)


def test_the_first_snapshot_shows_the_first_weights_before_anybody_plays(watch):
    first = watch(SPEC).wait()
    assert (first.revision, first.epoch, first.steps, first.playing) == (1, 0, 0, False)
    np.testing.assert_array_equal(first.values, make_network(SPEC).parameters)


def test_playing_trains_and_pausing_stops(watch):
    watcher = watch(SPEC, MAX)
    paused = watcher.play_to_step(500)
    assert not watcher.engine.playing
    assert paused.train_loss < watcher.snapshots[0].train_loss
    watcher.engine.set_speed(MAX)  # Makes the worker publish again.
    assert watcher.wait().steps == paused.steps


def test_one_step_is_one_update_and_pauses(watch):
    watcher = watch(SPEC)
    watcher.engine.step("step")
    assert watcher.wait(lambda snapshot: snapshot.steps > 0).steps == 1
    watcher.engine.set_playing(True)
    watcher.wait(lambda snapshot: snapshot.playing)
    watcher.engine.step("step")
    assert not watcher.engine.playing
    stopped = watcher.wait(lambda snapshot: not snapshot.playing)
    watcher.engine.step("step")
    assert watcher.wait().steps == stopped.steps + 1


def test_one_epoch_goes_to_the_end_of_the_present_one(watch):
    watcher = watch(SPEC)
    steps_per_epoch = Session(SPEC).trainer.steps_per_epoch
    watcher.engine.step("step")
    watcher.engine.step("epoch")
    first = watcher.wait(lambda snapshot: snapshot.epoch == 1)
    watcher.engine.step("epoch")
    second = watcher.wait(lambda snapshot: snapshot.epoch == 2)
    assert (first.steps, second.steps) == (steps_per_epoch, 2 * steps_per_epoch)


def test_worker_and_synchronous_session_give_the_same_weights_bit_for_bit(watch):
    watcher = watch(replace(SPEC, layers=(*SPEC.layers, Layer("dropout", 3))), MAX)
    paused = watcher.play_to_step(300)
    session = Session(replace(SPEC, layers=(*SPEC.layers, Layer("dropout", 3))))
    while session.steps < paused.steps:
        session.advance(0, min(37, paused.steps - session.steps))
    assert session.epoch == paused.epoch
    np.testing.assert_array_equal(session.network.parameters, paused.values)
    assert session.metrics() == paused[5:9]


def test_at_a_slow_speed_nothing_happens_before_its_time(watch):
    slow = Speed(1e-9, "step")
    watcher = watch(SPEC, slow)
    watcher.engine.set_playing(True)
    for _ in range(3):
        assert watcher.wait(lambda snapshot: snapshot.playing).steps == 0
        watcher.engine.set_speed(slow)  # Makes the worker publish again.
    watcher.engine.set_speed(MAX)
    watcher.wait(lambda snapshot: snapshot.steps > 100)


def test_a_speed_that_is_slower_than_any_clock_can_wait_for_does_no_harm(watch):
    watcher = watch(SPEC, Speed(1e-300))
    watcher.engine.set_playing(True)
    watcher.wait(lambda snapshot: snapshot.playing)
    watcher.engine.set_speed(MAX)
    watcher.wait(lambda snapshot: snapshot.steps > 100)
    assert watcher.notices == []


def test_an_edit_while_paused_keeps_the_weights_of_untouched_layers_exactly(watch):
    watcher = watch(SPEC, MAX)
    before = watcher.play_to_step(200)
    wider = edits.toggle_feature("x1_x2")(SPEC)
    assert watcher.engine.apply(wider) is False
    after = watcher.wait()
    assert (after.revision, after.steps, after.epoch) == (2, before.steps, before.epoch)
    old, new = make_network(SPEC), make_network(wider)
    for old_block, new_block in zip(_blocks(old, before), _blocks(new, after), strict=True):
        rows, inputs = old_block.shape[0], old_block.shape[1] - 1
        np.testing.assert_array_equal(new_block[:rows, :inputs], old_block[:, :-1])
        np.testing.assert_array_equal(new_block[:rows, -1], old_block[:, -1])


def test_an_edit_while_playing_goes_on_playing(watch):
    watcher = watch(SPEC, MAX)
    watcher.engine.set_playing(True)
    watcher.wait(lambda snapshot: snapshot.steps > 100)
    watcher.engine.apply(edits.set_learning_rate(0.1)(SPEC))
    edited = watcher.wait()
    assert edited.playing
    assert edited.steps > 100
    watcher.wait(lambda snapshot: snapshot.steps > edited.steps)


def test_no_snapshot_of_an_older_spec_is_given_after_an_edit(watch):
    watcher = watch(SPEC, MAX)
    watcher.engine.set_playing(True)
    watcher.wait(lambda snapshot: snapshot.steps > 0)
    spec = SPEC
    for units in (9, 3, 12, 1):
        spec = edits.set_units(1, units)(spec)
        watcher.engine.apply(spec)
        snapshot = watcher.wait()
        assert len(snapshot.values) == len(make_network(spec).values)


def test_how_data_are_looked_at_concerns_no_other_data_and_not_the_worker(watch):
    iris = edits.set_dataset("iris")(SPEC)
    cut = edits.set_axes((0, 3))(iris)
    watcher = watch(iris)
    assert not watcher.engine.apply(cut)
    assert watcher.wait(lambda snapshot: snapshot.revision == 1)
    for others in (SPEC, cut, edits.set_dataset("images")(SPEC), cut, preset("xor").spec):
        watcher.engine.apply(others)
        assert len(watcher.wait().values) == len(make_network(others).values)


def test_a_storm_of_edits_ends_at_the_last(watch):
    watcher = watch(SPEC, MAX)
    watcher.engine.set_playing(True)
    spec = SPEC
    for step in range(300):
        spec = edits.set_units(1, 1 + step % 50)(spec)
        watcher.engine.apply(spec)
    assert watcher.wait().revision == 301
    watcher.wait(lambda snapshot: snapshot.steps > 0)
    assert len(watcher.engine.history) > 0, "edits before the first snapshot must not lose the curve"


def test_reset_goes_back_to_the_same_first_weights_and_clears_the_curve(watch):
    watcher = watch(SPEC, MAX)
    first = watcher.wait()
    watcher.play_to_step(200)
    assert watcher.engine.apply(SPEC, reset=True) is True
    assert len(watcher.engine.history) == 0
    again = watcher.wait()
    assert (again.epoch, again.steps) == (0, 0)
    np.testing.assert_array_equal(again.values, first.values)
    assert watcher.engine.history.epochs.tolist() == [0.0]


@pytest.mark.parametrize("edit", [edits.set_seed(4), edits.set_initializer("uniform")], ids=lambda edit: edit.label)
def test_another_origin_starts_with_other_weights(watch, edit):
    watcher = watch(SPEC)
    first = watcher.wait()
    assert watcher.engine.apply(edit(SPEC)) is True
    other = watcher.wait()
    assert other.steps == 0
    assert not np.array_equal(other.values, first.values)


def test_the_curve_is_in_order_and_goes_through_every_snapshot(watch):
    watcher = watch(SPEC, MAX)
    last = watcher.play_to_step(500)
    history = watcher.engine.history
    assert history.epochs[0] == 0
    assert np.all(np.diff(history.epochs) > 0)
    assert (history.train_loss[-1], history.test_loss[-1]) == (last.train_loss, last.test_loss)


@pytest.mark.parametrize("edit", [edits.set_dataset("gauss"), edits.set_loss("hinge")], ids=lambda edit: edit.label)
def test_losses_of_other_data_or_by_another_formula_are_told_apart(watch, edit):
    watcher = watch(SPEC, MAX)
    last = watcher.play_to_step(200)
    engine = watcher.engine
    engine.apply(edit(SPEC))
    engine.step("epoch")
    watcher.wait(lambda snapshot: snapshot.revision == 2 and snapshot.epoch > last.epoch)
    start = engine.history.start
    assert engine.history.epochs[0] == 0, "the curve so far is kept"
    assert 0 < start < len(engine.history)
    engine.apply(edits.set_learning_rate(0.01)(edit(SPEC)))
    watcher.wait(lambda snapshot: snapshot.revision == 3)
    assert engine.history.start == start


def test_diverged_training_pauses_with_a_sentence_and_reset_recovers(watch):
    training = Training(learning_rate=10, optimizer="sgd", loss="mse")
    layers = (Layer("dense", 1, 8, "identity"), Layer("dense", 2, 8, "relu"))
    spec = Spec(data=Data("spiral"), layers=layers, output_activation="identity", training=training)
    watcher = watch(spec, MAX)
    watcher.engine.set_playing(True)
    said = watcher.wait_for_notice()
    assert re.fullmatch(
        r"Training ran off to infinity in (Dense [12]|Output) at step \d+ \(.+\)\. Go back, then try a lower rate\.",
        said,
    )
    assert not watcher.engine.playing
    last = watcher.engine.latest
    last = watcher.wait(lambda snapshot: not snapshot.playing) if last.playing else last
    assert np.isfinite(last.values).all()
    watcher.engine.apply(spec, reset=True)
    assert np.isfinite(watcher.wait().values).all()
    watcher.engine.apply(edits.set_learning_rate(0.001)(spec), reset=True)
    watcher.engine.set_playing(True)
    watcher.wait(lambda snapshot: snapshot.steps > 500)
    assert len(watcher.notices) == 1


def test_a_killed_worker_is_replaced_and_training_goes_on_from_where_it_was_last_said_to_stand(watch):
    watcher = watch(SPEC, MAX)
    watcher.engine.set_playing(True)
    watcher.wait(lambda snapshot: watcher.engine.last_stood.stand.epochs > 10)
    _kill(watcher)
    last = watcher.engine.last_stood.stand
    assert "restarted and goes on" in watcher.wait_for_notice()
    assert watcher.engine.playing
    first = watcher.wait()
    assert first.epoch >= last.epochs
    assert first.steps >= last.steps
    assert first.train_loss < watcher.engine.history.train_loss[0]
    watcher.wait(lambda snapshot: snapshot.playing and snapshot.steps > last.steps)
    assert watcher.engine.history.epochs[0] == 0, "the curve is kept"


def test_a_worker_killed_in_a_pause_leaves_the_weights_as_they_were(watch):
    watcher = watch(SPEC, MAX)
    last = watcher.play_to_step(200)
    _kill(watcher)
    watcher.wait_for_notice()
    first = watcher.wait()
    np.testing.assert_array_equal(first.values, last.values)
    assert (first.epoch, first.steps, first.playing) == (last.epoch, last.steps, False)


def test_a_worker_killed_just_after_an_edit_does_not_lose_what_was_learned(watch):
    watcher = watch(SPEC, MAX)
    last = watcher.play_to_step(200)
    os.kill(watcher.engine.worker_pid, signal.SIGSTOP)
    wider = edits.set_units(1, 6)(SPEC)
    watcher.engine.apply(wider)
    _kill(watcher)
    watcher.wait_for_notice()
    first = watcher.wait()
    assert (first.revision, first.steps) == (2, last.steps)
    old_block, new_block = (
        _blocks(make_network(spec), snapshot)[0] for spec, snapshot in ((SPEC, last), (wider, first))
    )
    np.testing.assert_array_equal(new_block[:4], old_block)
    watcher.engine.set_playing(True)
    watcher.wait(lambda snapshot: snapshot.steps > last.steps)


def test_a_worker_killed_just_after_a_reset_starts_anew(watch):
    watcher = watch(SPEC, MAX)
    watcher.play_to_step(200)
    os.kill(watcher.engine.worker_pid, signal.SIGSTOP)
    watcher.engine.apply(SPEC, reset=True)
    _kill(watcher)
    watcher.wait_for_notice()
    assert watcher.wait().steps == 0


def test_a_worker_that_dies_again_and_again_is_paused_and_then_left_alone(watch, monkeypatch):
    monkeypatch.setattr(client, "DEATHS_SPAN_S", 3600.0)
    watcher = watch(SPEC, MAX)
    watcher.engine.set_playing(True)
    for _ in range(3):
        assert watcher.engine.playing
        _kill(watcher)
        watcher.wait_for_notice()
    assert "paused" in watcher.notices[-1]
    assert not watcher.engine.playing
    _kill(watcher)
    watcher.wait_for_notice()
    dead = watcher.engine.worker_pid
    _kill(watcher)
    for _ in range(50):
        watcher.poll()
    assert watcher.engine.worker_pid == dead, "it is not started over and over"
    monkeypatch.setattr(client, "DEATHS_SPAN_S", 0.0)
    watcher.wait_for_notice()
    watcher.engine.set_playing(True)
    watcher.wait(lambda snapshot: snapshot.steps > 0)


def test_a_worker_that_does_not_listen_makes_nobody_wait(watch):
    watcher = watch(SPEC)
    watcher.wait()
    os.kill(watcher.engine.worker_pid, signal.SIGSTOP)
    began = time.monotonic()
    for rate in range(1, 3001):  # More than the pipe can hold.
        watcher.engine.apply(edits.set_learning_rate(rate / 1000)(SPEC))
    assert time.monotonic() - began < 5
    os.kill(watcher.engine.worker_pid, signal.SIGCONT)
    assert watcher.wait().revision == 3001


def test_closing_an_engine_whose_worker_does_not_listen_ends_it_all_the_same(watch):
    watcher = watch(SPEC)
    watcher.wait()
    worker = psutil.Process(watcher.engine.worker_pid)
    worker.suspend()
    for rate in range(1, 1001):
        watcher.engine.apply(edits.set_learning_rate(rate / 1000)(SPEC))
    watcher.engine.close()
    assert not worker.is_running()


def test_two_engines_do_not_disturb_each_other(watch):
    one, other = watch(SPEC, MAX), watch(replace(SPEC, seed=9), MAX)
    one.engine.set_playing(True)
    other.wait()
    one.wait(lambda snapshot: snapshot.steps > 300)
    other.engine.set_speed(MAX)
    assert other.wait().steps == 0
    one.engine.close()
    other.engine.step("step")
    assert other.wait(lambda snapshot: snapshot.steps > 0).steps == 1


def test_an_engine_may_be_closed_at_once_and_twice(watch):
    watcher = watch(SPEC)
    watcher.engine.close()
    watcher.engine.close()


def _kill(watcher) -> None:
    """End the worker as the system does when memory runs out, and wait until it is gone."""
    process = psutil.Process(watcher.engine.worker_pid)
    process.kill()
    while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
        time.sleep(0.001)


def _blocks(network, snapshot) -> list[np.ndarray]:
    return [layer.shaped(snapshot.values) for layer in network.layers]


def test_going_back_to_an_experiment_brings_its_loss_curve_back(watch):
    document = Document(preset("circle").spec)
    watcher = watch(document.spec)
    engine = watcher.engine
    engine.step("epoch")
    watcher.wait(lambda snapshot: snapshot.epoch == 1)
    curve = engine.history.rows
    engine.apply(document.apply(edits.open_spec(preset("gauss").spec, "Gauss")))
    assert len(engine.history) == 0
    document.undo()
    engine.apply(document.spec)
    np.testing.assert_array_equal(engine.history.rows[: len(curve)], curve)
    engine.apply(document.spec, reset=True)
    assert len(engine.history) == 0
