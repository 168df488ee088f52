"""A session keeps what a trained network gives through edits, finds its way back, and knows when to stop."""

from __future__ import annotations

import math

import numpy as np
import pytest

import nncore as nn
from playground.document import edits
from playground.document.spec import OUTPUT_ID, Data, Layer, Spec, Training
from playground.engine.session import Session

SPEC = Spec(
    data=Data("xor", noise=0.1),
    layers=(Layer("dense", 1, units=6, activation="relu"), Layer("dense", 2, units=4)),
    training=Training(optimizer="adam", learning_rate=0.01),
    seed=3,
)


def trained(spec: Spec = SPEC, steps: int = 200) -> Session:
    session = Session(spec)
    while session.steps < steps:
        session.advance(1, steps - session.steps)
    return session


def outputs(session: Session) -> np.ndarray:
    return session.network.predict(session.problem.train.inputs)


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (edits.add_layer(1, "dense", "relu"), "Layer added"),
        (edits.add_layer(2, "dropout"), "Layer added"),
        (edits.add_layer(1, "batch_norm"), "Layer added"),
        (edits.set_units(1, 7), "Neuron added"),
        (edits.set_units(1, 40), "34 neurons added"),
    ],
    ids=lambda value: getattr(value, "label", value),
)
def test_an_edit_that_can_keep_the_output_does_and_says_so(edit, said):
    session = trained()
    before = outputs(session)
    text = session.apply(edit(SPEC))
    assert text == f"{said}: output changed by at most 0"
    np.testing.assert_allclose(outputs(session), before, atol=2e-6)


@pytest.mark.parametrize(
    "edit",
    [
        edits.add_layer(1, "dense", "tanh"),
        edits.set_units(1, 5),
        edits.remove_layer(2),
        edits.set_activation(1, "gelu"),
    ],
    ids=lambda edit: edit.label,
)
def test_what_cannot_be_kept_exactly_is_told_in_numbers(edit):
    session = trained()
    before = outputs(session)
    text = session.apply(edit(SPEC))
    change = float(np.abs(outputs(session) - before).max())
    assert text is not None
    assert float(text.rpartition(" ")[2]) == pytest.approx(change, rel=0.06)


def test_a_network_that_has_learned_nothing_is_drawn_anew():
    session = Session(SPEC)
    new = edits.add_layer(1, "dense", "relu")(SPEC)
    assert session.apply(new) is None
    weights = session.network.layers[1].weights
    assert np.abs(weights - np.eye(6)).max() > 0.1


@pytest.mark.parametrize(
    "edit",
    [
        edits.add_layer(1, "dense", "tanh"),
        edits.remove_layer(1),
        edits.set_units(1, 9),
        edits.set_units(1, 2),
        edits.set_activation(2, "relu"),
        edits.set_optimizer("sgd"),
        edits.toggle_feature("x1_x2"),
    ],
    ids=lambda edit: edit.label,
)
def test_undo_without_a_step_in_between_gives_back_every_number(edit):
    session = trained()
    before = {name: array.copy() for name, array in session.trainer.arrays.items()}
    changed = edit(SPEC)
    session.apply(changed)
    middle = session.network.values.copy()
    session.apply(SPEC)
    for name, array in session.trainer.arrays.items():
        np.testing.assert_array_equal(array, before[name], err_msg=name)
    session.apply(changed)  # redo
    np.testing.assert_array_equal(session.network.values, middle)


def test_undo_after_more_training_keeps_what_was_learned_since():
    session = trained()
    session.apply(edits.add_layer(1, "dense", "relu")(SPEC))
    session.advance(1, 500)
    before = outputs(session)
    text = session.apply(SPEC)
    assert text is not None
    assert np.abs(outputs(session) - before).max() < 0.5


# -- weights set by hand --------------------------------------------------------------------------


def test_a_weight_set_by_hand_is_there_at_once_and_undo_takes_it_back():
    session = trained()
    before = session.network.values.copy()
    old = float(session.network.layers[0].block[2, 1])
    new = edits.assign(1, 2, [1], [4.5], [old])(SPEC)
    session.apply(new)
    assert session.network.layers[0].block[2, 1] == 4.5
    assert (session.network.values != before).sum() == 1
    session.apply(SPEC)
    np.testing.assert_array_equal(session.network.values, before)


def test_the_bias_of_the_output_comes_behind_its_weights():
    session = trained()
    session.apply(edits.assign(OUTPUT_ID, 0, [4], [-1.25], [0.0])(SPEC))
    assert session.network.layers[-1].biases[0] == -1.25


def test_setting_a_weight_keeps_moments_and_counts():
    session = trained()
    before = {name: array.copy() for name, array in session.trainer.arrays.items() if name != "parameters"}
    session.apply(edits.assign(1, 0, [0], [1.0], [0.0])(SPEC))
    for name, array in before.items():
        np.testing.assert_array_equal(session.trainer.arrays[name], array)
    assert session.steps == 200


def test_after_a_reset_undo_of_a_weight_changes_nothing():
    session = trained()
    new = edits.assign(1, 0, [0], [3.0], [0.5])(SPEC)
    session.apply(new)
    session.reset()
    first = session.network.values.copy()
    session.apply(SPEC)
    np.testing.assert_array_equal(session.network.values, first)


def test_a_frozen_layer_and_a_frozen_unit_keep_their_weights():
    spec = edits.freeze_unit(2, 1)(edits.freeze_layer(1)(SPEC))
    session = trained(spec, 1)
    layer, unit = session.network.layers[0].block.copy(), session.network.layers[1].block[1].copy()
    other = session.network.layers[1].block[0].copy()
    session.advance(1, 100)
    np.testing.assert_array_equal(session.network.layers[0].block, layer)
    np.testing.assert_array_equal(session.network.layers[1].block[1], unit)
    assert not np.array_equal(session.network.layers[1].block[0], other)


def test_another_initializer_of_a_layer_draws_that_layer_anew_and_no_other():
    session = trained()
    before = [layer.block.copy() for layer in session.network.layers]
    session.apply(edits.set_layer_initializer(2, "zeros")(SPEC))
    np.testing.assert_array_equal(session.network.layers[0].block, before[0])
    np.testing.assert_array_equal(session.network.layers[1].block, 0)
    np.testing.assert_array_equal(session.network.layers[2].block, before[2])


# -- stopping, going back ---------------------------------------------------------------------------


def play(session: Session, most_steps: int = 20_000) -> None:
    session.watch()
    while session.stopped is None and session.steps < most_steps:
        session.advance(0.01, most_steps - session.steps)


def test_it_stops_at_the_end_of_the_epoch_on_which_the_condition_holds():
    session = Session(edits.set_stop("loss_below(value=0.05)")(SPEC))
    play(session)
    assert session.stopped is not None
    assert "below 0.05" in session.stopped
    assert session.metrics().train_loss < 0.05
    assert session.trainer.steps_left == session.trainer.steps_per_epoch


def test_epochs_are_counted_from_where_playing_begins():
    session = Session(edits.set_stop("epochs(limit=7)")(SPEC))
    play(session)
    assert session.epoch == 7
    play(session)
    assert session.epoch == 14


def test_early_stopping_looks_at_the_test_set():
    session = Session(edits.set_stop("early_stopping(patience=3)")(SPEC))
    play(session)
    assert session.stopped is not None
    assert "no better loss than" in session.stopped
    best = float(session.stopped.split("than ")[1].split(" ")[0])
    assert session.metrics().test_loss == pytest.approx(best, rel=1e-3)


def test_without_conditions_it_never_stops():
    session = Session(SPEC)
    play(session, 3000)
    assert session.stopped is None
    assert session.steps == 3000


def test_after_divergence_it_goes_back_to_the_best_state_that_was_measured():
    spec = Spec(
        data=Data("spiral"), layers=(Layer("dense", 1, 8, "identity"),), output_activation="identity",
        training=Training(learning_rate=0.01, loss="mse"),
    )  # fmt: skip
    session = Session(spec)
    for _ in range(5):
        session.step_epoch()
        good = session.metrics()
    values, epoch = session.network.values.copy(), session.epoch
    wild = edits.set_learning_rate(10)(spec)
    session.apply(wild)
    session.metrics()
    with pytest.raises(nn.NotFiniteError):
        session.advance(10, 3000)
    session.go_back()
    np.testing.assert_array_equal(session.network.values, values)
    assert (session.epoch, session.metrics()) == (epoch, good)
    assert math.isfinite(good.train_loss)
