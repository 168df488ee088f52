"""What the engine says of edits, of conditions to stop, and how it finds its way back; with a real worker process."""

from __future__ import annotations

import os
import signal

import numpy as np
import pytest
from msgspec.structs import replace

from playground.document import edits
from playground.document.spec import Data, Layer, Spec, Training
from playground.engine.protocol import Speed

SPEC = Spec(data=Data("xor"), layers=(Layer("dense", 1, 4, "relu"), Layer("dense", 2, 2)), seed=3)
MAX = Speed(None)


def test_it_says_by_how_much_an_edit_of_a_trained_network_has_changed_the_output(watch):
    watcher = watch(SPEC, MAX)
    watcher.play_to_step(200)
    watcher.engine.apply(edits.set_units(1, 5)(SPEC))
    assert watcher.wait_for_notice() == "Neuron added: output changed by at most 0"


def test_a_weight_set_by_hand_is_in_the_next_snapshot(watch):
    watcher = watch(SPEC, MAX)
    before = watcher.play_to_step(200)
    watcher.engine.apply(edits.assign(1, 0, [1], [7.5], [0.0])(SPEC))
    after = watcher.wait()
    changed = np.flatnonzero(after.values != before.values)
    assert changed.tolist() == [1]
    assert after.values[1] == 7.5
    assert after.steps == before.steps


def test_another_plane_is_no_business_of_the_worker(watch):
    iris = edits.set_dataset("iris")(SPEC)
    watcher = watch(iris, MAX)
    watcher.wait()
    assert watcher.engine.apply(edits.set_axes((0, 1))(iris)) is False
    watcher.engine.step("step")
    assert watcher.wait(lambda snapshot: snapshot.steps == 1).revision == 1


def test_playing_pauses_where_a_condition_holds_and_can_be_taken_up_again(watch):
    spec = edits.set_stop("epochs(limit=5)")(SPEC)
    watcher = watch(spec, MAX)
    for end in (5, 10):
        watcher.engine.set_playing(True)
        assert watcher.wait_for_notice() == "5 epochs are over: training is paused."
        assert not watcher.engine.playing
        watcher.engine.set_speed(MAX)
        assert watcher.wait(lambda snapshot: not snapshot.playing).epoch == end


@pytest.mark.parametrize(("unit", "steps"), [("step", 1), ("epoch", 25)])
def test_where_a_condition_has_stopped_it_one_can_step_by_hand(watch, unit, steps):
    watcher = watch(edits.set_stop("epochs(limit=5)")(SPEC), MAX)
    watcher.engine.set_playing(True)
    watcher.wait_for_notice()
    watcher.engine.step(unit)
    assert watcher.wait(lambda snapshot: snapshot.steps > 5 * 25).steps == 5 * 25 + steps


def test_where_it_stopped_for_a_spec_that_is_gone_by_now_it_goes_on(watch):
    spec = edits.set_stop("epochs(limit=5)")(SPEC)
    watcher = watch(spec, MAX)
    watcher.wait()
    watcher.engine.set_playing(True)
    watcher.wait_unheard()  # it says that it has stopped
    watcher.engine.apply(edits.set_stop("epochs(limit=5)", on=False)(spec))
    watcher.wait(lambda snapshot: snapshot.steps > 10 * 25)
    assert watcher.engine.playing
    assert not watcher.notices


def test_what_an_edit_has_done_is_no_news_after_the_next(watch):
    watcher = watch(SPEC, MAX)
    watcher.play_to_step(200)
    wider = edits.set_units(1, 5)(SPEC)
    watcher.engine.apply(wider)
    watcher.wait_unheard()
    watcher.engine.apply(edits.set_learning_rate(0.1)(wider))
    watcher.wait()
    assert not watcher.notices


def test_the_curve_ends_where_one_has_gone_back_to(watch):
    spec = edits.set_learning_rate(10.0)(SPEC)
    watcher = watch(spec, MAX)
    first = watcher.wait()
    for epoch in (1, 2, 3):
        watcher.engine.step("epoch")
        worse = watcher.wait(lambda snapshot, epoch=epoch: snapshot.epoch == epoch)
        assert worse.train_loss > first.train_loss
    watcher.engine.go_back()
    watcher.wait(lambda snapshot: snapshot.steps == 0)
    assert watcher.engine.history.epochs.max() == 0


def test_a_weight_set_by_hand_can_be_taken_back_after_the_worker_was_killed(watch):
    watcher = watch(SPEC, MAX)
    watcher.wait()
    stood = []
    watcher.engine.apply(edits.assign(1, 0, [1], [7.5], [0.25])(SPEC))
    watcher.engine.ask_stand(stood.append)
    watcher.wait(lambda snapshot: snapshot.values[1] == 7.5)
    watcher.wait_until(lambda: stood)
    os.kill(watcher.engine.worker_pid, signal.SIGKILL)
    watcher.wait_for_notice()
    watcher.engine.apply(SPEC)
    assert watcher.wait(lambda snapshot: snapshot.revision == 3).values[1] == 0.25


def test_after_divergence_one_can_go_back_to_the_best_state(watch):
    training = Training(learning_rate=0.01, optimizer="sgd", loss="mse")
    layers = (Layer("dense", 1, 8, "identity"), Layer("dense", 2, 8, "relu"))
    spec = Spec(data=Data("spiral"), layers=layers, output_activation="identity", training=training)
    watcher = watch(spec, MAX)
    good = watcher.play_to_step(2000)
    wild = replace(spec, training=replace(training, learning_rate=10.0))
    watcher.engine.apply(wild)
    watcher.wait()
    watcher.engine.set_playing(True)
    assert "Training ran off to infinity" in watcher.wait_for_notice()
    watcher.engine.go_back()
    back = watcher.wait(lambda snapshot: snapshot.steps <= good.steps)
    assert back.train_loss <= good.train_loss
    assert not back.playing
    epochs = watcher.engine.history.epochs
    assert (np.diff(epochs) >= 0).all()
    assert epochs[-1] == back.epoch + (back.steps - back.epoch * 25) / 25


def test_painted_points_go_on_with_the_same_curve(watch):
    spec = edits.clear_points()(SPEC)
    watcher = watch(spec, MAX)
    watcher.play_to_step(200)
    rows = len(watcher.engine.history)
    watcher.engine.apply(edits.paint_points([(1.0, 1.0)], 1.0)(spec))
    watcher.wait()
    assert len(watcher.engine.history) >= rows
    assert watcher.engine.history.start == 0
