"""A session keeps what a trained network gives through edits, finds its way back, and knows when to stop."""

from __future__ import annotations

import math

import numpy as np
import pytest

import nncore as nn
from playground.document import edits
from playground.document.spec import Data, Layer, Spec, Training
from playground.engine import left, preserving
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


def test_of_large_networks_the_oldest_states_are_forgotten_first(monkeypatch):
    session = trained()
    monkeypatch.setattr(left, "MOST_NUMBERS", 2 * len(session.network.values))
    specs = [SPEC, *(edits.set_learning_rate(rate)(SPEC) for rate in (0.1, 0.2, 0.3))]
    for spec in specs[1:]:
        session.apply(spec)
    assert list(session._left._stands) == specs[1:3]


def test_moments_of_an_optimizer_are_no_use_after_steps_of_another():
    session = trained()
    session.apply(edits.set_optimizer("sgd")(SPEC))
    session.advance(1, 20)
    session.apply(SPEC)
    moments = [array for name, array in session.trainer.arrays.items() if name not in ("parameters", "statistics")]
    assert moments
    assert all((array == 0).all() for array in moments)


def test_other_inputs_are_never_taken_for_the_same():
    session = trained()
    other = edits.toggle_feature("x1_x2")(edits.toggle_feature("x2")(SPEC))
    assert session.apply(edits.set_units(1, 7)(other)) is None


def test_the_output_is_kept_over_so_many_samples_as_takes_no_time(monkeypatch):
    looked_at = []
    monkeypatch.setattr(preserving, "_narrowed", lambda network, at, count, X: looked_at.append(len(X)) or network)
    spec = edits.set_samples(5000)(SPEC)
    trained(spec, 5).apply(edits.set_units(1, 5)(spec))
    assert looked_at == [preserving.MOST_SAMPLES]


def test_undo_after_more_training_keeps_what_was_learned_since():
    session = trained()
    session.apply(edits.add_layer(1, "dense", "relu")(SPEC))
    session.advance(1, 500)
    before = outputs(session)
    text = session.apply(SPEC)
    assert text is not None
    assert np.abs(outputs(session) - before).max() < 0.5


def test_undo_finds_every_number_though_another_seed_was_looked_at_in_between():
    session = trained()
    before = session.trainer.state()
    wider = edits.set_units(1, 9)(SPEC)
    for spec in (wider, edits.set_seed(9)(wider), wider, SPEC):
        session.apply(spec)
    after = session.trainer.state()
    np.testing.assert_array_equal(after["values"], before["values"])
    assert (after["rng"], after["samples"]) == (before["rng"], before["samples"])


def test_samples_that_wait_are_no_more_than_there_are():
    spec = edits.set_remainder("carry")(edits.set_batch_size(10)(edits.clear_points()(SPEC)))
    session = Session(edits.paint_points([(1.0, 1.0)] * 30, 1.0)(spec))
    while not session.trainer.arrays["carried_samples"]:
        session.advance(0, 1)
    single = edits.erase_points([0])(spec)
    session.apply(single)
    session.apply(edits.set_learning_rate(0.1)(single))
    session.apply(single)  # restored from a state that such a trainer can be in
    assert session.trainer.arrays["carried_samples"] <= 1


def test_of_a_wide_layer_no_more_units_are_taken_out_by_least_squares_than_takes_a_second(monkeypatch):
    taken = []
    monkeypatch.setattr(preserving, "_narrowed", lambda network, at, count, X: taken.append(count) or network)
    for units in (100, 400):
        spec = edits.set_units(1, units)(SPEC)
        session = trained(spec, 5)
        for count in (1, 5, 6, 16, 17):
            session.apply(edits.set_units(1, units - count)(spec))
            session.apply(spec)
    assert taken == [1, 5, 6, 16, 1, 5]


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
    assert len(session.trainer.history) <= 2, "what was measured is not kept for ever"


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


def test_what_one_goes_back_to_is_the_best_not_the_last():
    session = trained()
    best, values = session.metrics(), session.network.values.copy()
    session.network.values[:] = 0
    assert session.metrics().train_loss > best.train_loss
    session.go_back()
    np.testing.assert_array_equal(session.network.values, values)


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


@pytest.mark.parametrize(
    "change",
    [edits.set_learning_rate(0.001), edits.set_regularizer("l1"), edits.set_optimizer("adam")],
    ids=lambda change: change.label,
)
def test_after_divergence_settings_may_be_changed_before_it_goes_back(change):
    training = Training(learning_rate=0.01, loss="mse", optimizer="momentum", regularization_rate=0.001)
    layers = (Layer("dense", 1, 8, "identity"),)
    spec = Spec(data=Data("spiral"), layers=layers, output_activation="identity", training=training)
    session = Session(spec)
    session.step_epoch()
    good, values, epoch = session.metrics(), session.network.values.copy(), session.epoch
    wild = edits.set_learning_rate(10)(spec)
    session.apply(wild)
    with pytest.raises(nn.NotFiniteError):
        session.advance(10, 3000)
    session.apply(edits.set_learning_rate(0.001)(change(wild)))
    session.metrics()
    session.go_back()
    np.testing.assert_array_equal(session.network.values, values)
    assert (session.epoch, session.metrics()) == (epoch, good)
    session.step_epoch()
    assert session.metrics().train_loss < 2 * good.train_loss, "what the optimizer noted while it diverged is gone"


@pytest.mark.parametrize("change", [edits.set_noise(0.5), edits.set_loss("mae")], ids=lambda change: change.label)
def test_a_best_state_of_other_data_or_another_loss_is_not_gone_back_to(change):
    session = Session(SPEC)
    session.metrics()
    session.step_epoch()
    session.apply(change(SPEC))
    values = session.network.values.copy()
    session.go_back()
    np.testing.assert_array_equal(session.network.values, values)
