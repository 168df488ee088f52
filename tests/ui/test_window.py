"""The whole window, driven as a person drives it: what it trains and what an edit does."""

import os
import signal

import numpy as np
import pytest
from canvas_bench import activation_mime
from desk import CONTROL, LEFT
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QComboBox,
)

from playground.document import edits
from playground.engine.protocol import SetSpeed, Speed


def test_a_network_is_built_changed_undone_and_trained_with_mouse_and_keyboard_alone(desk):
    desk.drag_in("dense", desk.place(1).x + 40)
    assert desk.ids == [1, 3, 2]

    desk.drag_head(3, desk.place(2).x + 60)
    assert desk.ids == [1, 2, 3]

    desk.drop(activation_mime("relu"), desk.place(3).x)
    assert desk.spec.layers[2].activation == "relu"

    undo = (Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    for _ in range(3):
        desk.press(*undo)
    assert desk.ids == [1, 2]
    redo_keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    desk.press(Qt.Key.Key_Z, redo_keys)
    assert desk.ids == [1, 3, 2]

    desk.press(Qt.Key.Key_Space)
    desk.wait_until(lambda: desk.engine.latest.epoch > 3)
    desk.press(Qt.Key.Key_Space)
    assert not desk.engine.playing


def test_the_window_shows_what_the_worker_computes(desk):
    before = desk.window.loop.mirror.surface.copy()
    desk.press(Qt.Key.Key_Space)
    desk.wait_until(lambda: desk.engine.latest.epoch > 5)
    mirror = desk.window.loop.mirror
    assert np.abs(mirror.surface - before).max() > 0.01
    np.testing.assert_array_equal(mirror.network.parameters, desk.engine.latest.values.astype("f4"))
    desk.wait_until(lambda: len(desk.engine.history) > 5)


def test_b_takes_one_batch_and_e_goes_to_the_end_of_the_epoch(desk):
    desk.press(Qt.Key.Key_B)
    desk.wait_until(lambda: desk.engine.latest.steps == 1)
    desk.press(Qt.Key.Key_E)
    desk.wait_until(lambda: desk.engine.latest.epoch == 1)
    assert desk.engine.latest.steps == 25


def test_a_batch_that_was_taken_is_seen_beside_the_epoch(desk):
    for done in (1, 2):
        desk.press(Qt.Key.Key_B)
        desk.wait_until(lambda done=done: desk.window.transport.epoch.hint == f"batch {done} / 25")
    desk.press(Qt.Key.Key_E)
    desk.wait_until(lambda: desk.window.transport.epoch.hint == "batch 0 / 25")
    assert desk.window.transport.epoch.texts == ("000 001",)


@pytest.mark.parametrize("key", [Qt.Key.Key_R, Qt.Key.Key_N, None])
def test_what_stopped_the_training_is_said_until_it_is_dealt_with(desk, key):
    notice = desk.window.notice
    desk.window.document.apply(edits.set_activation(1, "relu"))
    desk.window.document.apply(edits.set_activation(2, "identity"))
    desk.window.document.apply(edits.set_activation(0, "identity"))
    desk.window.document.apply(edits.set_learning_rate(10.0))
    desk.press(Qt.Key.Key_Space)
    desk.wait_until(lambda: notice.kind == "error" and not desk.engine.playing)
    said = notice.text
    desk.click("activation-relu")
    assert (notice.kind, notice.text != said) == ("info", True)
    QTest.mouseClick(notice, LEFT)
    assert (notice.kind, notice.text) == ("error", said)
    if key is not None:
        desk.press(key)
    else:
        desk.window.open_demo("gauss")
        QTest.mouseClick(notice, LEFT)
    desk.wait_until(notice.isHidden)


def test_a_loss_that_brings_its_output_along_says_so_but_not_again_when_it_is_undone(desk):
    notice = desk.window.notice
    desk.window.document.apply(edits.set_loss("binary_crossentropy"))
    assert (notice.kind, notice.text) == (
        "info",
        "Binary cross-entropy needs a sigmoid output: the output is sigmoid now.",
    )
    notice.show_message("")
    desk.press(Qt.Key.Key_Z, CONTROL)
    assert notice.text == ""


@pytest.mark.parametrize("drawn", [0, -1])
def test_a_new_seed_is_another_one(desk, monkeypatch, drawn):
    monkeypatch.setattr("secrets.randbelow", lambda below: drawn % below)
    for present in (0, 1, 999, 1000, 123_456):
        desk.window.document.apply(edits.set_seed(present))
        desk.press(Qt.Key.Key_N)
        assert desk.spec.seed != present
        assert 0 <= desk.spec.seed < 1000


def test_the_speed_of_the_slider_is_that_of_the_training(desk, monkeypatch):
    heard = []
    monkeypatch.setattr(desk.engine._worker, "send", heard.append)
    slider = desk.window.findChild(QAbstractSlider, "speed")
    slider.setFocus()
    desk.type(Qt.Key.Key_Home)
    assert heard == [SetSpeed(Speed(1.0, "step"))]


def test_the_surface_shows_the_neuron_under_the_mouse(desk):
    title = desk.window.surface.title
    place = desk.place(2)
    QTest.mouseMove(desk.canvas, QPoint(round(place.x), round(place.ys[1])))
    assert "Dense 2, unit 2" in title.text
    QTest.mouseMove(desk.canvas, QPoint(3, desk.canvas.height() - 3))
    assert "Dense 2" not in title.text


def test_reset_brings_the_first_weights_back_and_pauses(desk):
    first = desk.engine.latest.values
    desk.press(Qt.Key.Key_Space)
    desk.wait_until(lambda: desk.engine.latest.epoch > 2)
    desk.press(Qt.Key.Key_R)
    np.testing.assert_array_equal(desk.window.loop.mirror.network.parameters, first.astype("f4"))
    desk.wait_until(lambda: desk.engine.latest.epoch == 0 and not desk.engine.latest.playing)
    np.testing.assert_array_equal(desk.engine.latest.values, first)
    desk.wait_until(lambda: len(desk.engine.history) == 1)


def test_a_new_seed_brings_other_weights_and_can_be_undone(desk):
    seen = desk.engine.latest
    first = seen.values
    desk.press(Qt.Key.Key_N)
    desk.wait_for_answer(seen)
    assert not np.array_equal(desk.engine.latest.values, first)
    desk.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    desk.wait_until(lambda: np.array_equal(desk.engine.latest.values, first))


def test_an_edit_while_it_runs_keeps_what_the_other_layers_have_learned(desk):
    desk.press(Qt.Key.Key_Space)
    desk.wait_until(lambda: desk.engine.latest.epoch > 20)
    desk.press(Qt.Key.Key_Space)
    desk.wait_until(lambda: not desk.engine.latest.playing)
    learned = desk.window.loop.mirror.network.layers[0].weights.copy()
    seen = desk.engine.latest
    desk.drag_in("dense", desk.place(2).x + 40)
    # At once, in the window's own copy, and then in what the worker says.
    np.testing.assert_array_equal(desk.window.loop.mirror.network.layers[0].weights, learned)
    desk.wait_for_answer(seen)
    np.testing.assert_array_equal(desk.window.loop.mirror.network.layers[0].weights, learned)
    assert desk.engine.latest.epoch > 20


def test_settings_of_the_training_change_while_it_runs_without_a_reset(desk):
    desk.press(Qt.Key.Key_Space)
    desk.wait_until(lambda: desk.engine.latest.epoch > 2)
    optimizer = desk.window.findChild(QComboBox, "optimizer")
    QTest.keyClick(optimizer, Qt.Key.Key_Down)
    epoch = desk.engine.latest.epoch
    assert desk.spec.training.optimizer == "momentum"
    desk.wait_until(lambda: desk.engine.latest.epoch > epoch + 2)


def test_the_window_outlives_its_worker(desk):
    desk.press(Qt.Key.Key_Space)
    desk.wait_until(lambda: desk.engine.latest.epoch > 5)
    epoch = desk.engine.latest.epoch
    os.kill(desk.engine.worker_pid, signal.SIGKILL)
    desk.wait_until(lambda: "restarted" in desk.window.notice.text)
    desk.wait_until(lambda: desk.engine.latest.epoch > epoch + 5)


def test_a_demo_starts_anew_and_undo_goes_back_to_what_was_learned(desk):
    desk.press(Qt.Key.Key_E)
    desk.wait_until(lambda: desk.engine.latest.epoch == 1)
    learned = desk.window.loop.mirror.network.parameters.copy()
    desk.window.open_demo("gauss")
    desk.wait_until(lambda: desk.engine.latest.epoch == 0)
    desk.press(Qt.Key.Key_E)
    desk.wait_until(lambda: desk.engine.latest.epoch == 1)
    desk.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    np.testing.assert_array_equal(desk.window.loop.mirror.network.parameters, learned)
    desk.wait_until(lambda: np.array_equal(desk.engine.latest.values, learned))
    assert desk.spec.data.dataset == "circle"


def test_the_undo_menu_says_what_it_would_undo(desk):
    undo = desk.window.actions_by_name["undo"]
    assert not undo.isEnabled()
    desk.click("feature-sin-x1")
    assert undo.isEnabled()
    assert undo.text() == "&Undo change features"
    desk.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert not undo.isEnabled()


def test_an_impossible_edit_is_a_notice_and_changes_nothing(desk):
    desk.click("feature-x1")
    before = desk.spec
    desk.click("feature-x2")
    assert desk.spec is before
    assert "at least one input feature" in desk.window.notice.text


def test_closing_the_window_ends_the_worker_and_frees_its_memory(open_desk):
    desk = open_desk()
    pid = desk.engine.worker_pid
    desk.window.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_the_end_of_a_schedule_is_said_until_something_is_done_about_it(desk):
    desk.window.document.apply(edits.set_schedule("cosine"))
    desk.engine.set_speed(Speed(None))
    desk.click("play")
    desk.wait_until(lambda: desk.window.notice.text.startswith("The cosine schedule has come to its end"))
    assert desk.window.findChild(QAbstractButton, "notice-reset").isVisible()
    desk.window.document.apply(edits.set_schedule("constant"))
    desk.wait_until(desk.window.notice.isHidden)


def test_what_was_said_of_an_edit_goes_with_the_next(desk):
    desk.window.document.apply(edits.set_dataset("iris"))
    assert desk.window.notice.text.startswith("Iris asks for 3 classes")
    desk.window.document.apply(edits.set_samples(100))
    desk.wait_until(desk.window.notice.isHidden)
