"""Weights that somebody sets, holds or draws by hand stay as they were put, and can be taken back."""

from __future__ import annotations

import numpy as np
import pytest

from playground.document import edits
from playground.document.spec import OUTPUT_ID, Data, Layer, Spec, Training
from playground.engine.session import Session

SPEC = Spec(
    data=Data("xor", noise=0.1),
    layers=(Layer("dense", 1, units=6, activation="relu"), Layer("dense", 2, units=4)),
    training=Training(optimizer="adam", learning_rate=0.01),
    seed=3,
)


@pytest.fixture
def session() -> Session:
    """One that has learned for a while."""
    session = Session(SPEC)
    while session.steps < 200:
        session.advance(1, 200 - session.steps)
    return session


def test_a_weight_set_by_hand_is_there_at_once_and_undo_takes_it_back(session):
    before = session.network.values.copy()
    old = float(session.network.layers[0].block[2, 1])
    new = edits.assign(1, 2, [1], [4.5], [old])(SPEC)
    session.apply(new)
    assert session.network.layers[0].block[2, 1] == 4.5
    assert (session.network.values != before).sum() == 1
    session.apply(SPEC)
    np.testing.assert_array_equal(session.network.values, before)


def test_a_weight_that_was_set_twice_is_taken_back_to_what_it_was_first(session):
    before = session.network.values.copy()
    old = float(session.network.layers[0].block[2, 1])
    once = edits.assign(1, 2, [1], [4.5], [old])(SPEC)
    session.apply(edits.assign(1, 2, [1], [6.5], [4.5])(once))
    session.apply(SPEC)
    np.testing.assert_array_equal(session.network.values, before)


def test_the_bias_of_the_output_comes_behind_its_weights(session):
    session.apply(edits.assign(OUTPUT_ID, 0, [4], [-1.25], [0.0])(SPEC))
    assert session.network.layers[-1].biases[0] == -1.25


def test_setting_a_weight_keeps_moments_and_counts(session):
    before = {name: array.copy() for name, array in session.trainer.arrays.items() if name != "parameters"}
    session.apply(edits.assign(1, 0, [0], [1.0], [0.0])(SPEC))
    for name, array in before.items():
        np.testing.assert_array_equal(session.trainer.arrays[name], array)
    assert session.steps == 200


def test_after_a_reset_undo_of_a_weight_changes_nothing(session):
    new = edits.assign(1, 0, [0], [3.0], [0.5])(SPEC)
    session.apply(new)
    session.reset()
    first = session.network.values.copy()
    session.apply(SPEC)
    np.testing.assert_array_equal(session.network.values, first)


def test_a_weight_set_by_hand_stays_though_an_edit_before_it_is_made_undone_by_another(session):
    faster = edits.set_learning_rate(0.1)(SPEC)
    session.apply(faster)
    by_hand = edits.assign(1, 2, [1], [4.5], [0.0])(faster)
    session.apply(by_hand)
    session.apply(edits.set_learning_rate(0.01)(by_hand))
    assert session.network.layers[0].block[2, 1] == 4.5


def test_of_edits_in_a_row_the_last_alone_takes_back_what_was_set_by_hand_before(session):
    before = session.network.layers[0].block[0].copy()
    session.apply(edits.assign(1, 0, [0], [4.5], [float(before[0])])(SPEC))
    session.apply(edits.assign(1, 0, [1], [7.5], [float(before[1])])(SPEC))  # undo, and another weight: both serial 1
    np.testing.assert_array_equal(session.network.layers[0].block[0], [before[0], 7.5, before[2]])


def test_undo_of_an_edit_finds_weights_as_they_were_though_one_set_by_hand_went_with_it(session):
    old = float(session.network.layers[0].block[2, 1])
    session.apply(edits.assign(1, 2, [1], [4.5], [old])(SPEC))
    session.apply(edits.set_learning_rate(0.1)(SPEC))  # undo, and another edit, in one
    session.apply(SPEC)
    assert session.network.layers[0].block[2, 1] == old


def test_a_weight_set_by_hand_can_be_taken_back_after_another_seed_was_looked_at(session):
    before = session.network.values.copy()
    by_hand = edits.assign(1, 2, [1], [4.5], [float(session.network.layers[0].block[2, 1])])(SPEC)
    for spec in (by_hand, edits.set_seed(9)(by_hand), by_hand):
        session.apply(spec)
    assert session.network.layers[0].block[2, 1] == 4.5
    session.apply(SPEC)
    np.testing.assert_array_equal(session.network.values, before)


def test_a_frozen_layer_and_a_frozen_unit_keep_their_weights():
    spec = edits.freeze_unit(2, 1)(edits.freeze_layer(1)(SPEC))
    session = Session(spec)
    session.advance(1, 1)
    layer, unit = session.network.layers[0].block.copy(), session.network.layers[1].block[1].copy()
    other = session.network.layers[1].block[0].copy()
    session.advance(1, 100)
    np.testing.assert_array_equal(session.network.layers[0].block, layer)
    np.testing.assert_array_equal(session.network.layers[1].block[1], unit)
    assert not np.array_equal(session.network.layers[1].block[0], other)


def test_another_initializer_of_a_layer_draws_that_layer_anew_and_no_other(session):
    before = [layer.block.copy() for layer in session.network.layers]
    session.apply(edits.set_layer_initializer(2, "zeros")(SPEC))
    np.testing.assert_array_equal(session.network.layers[0].block, before[0])
    np.testing.assert_array_equal(session.network.layers[1].block, 0)
    np.testing.assert_array_equal(session.network.layers[2].block, before[2])
    session.apply(edits.set_layer_initializer(OUTPUT_ID, "zeros")(session.spec))
    np.testing.assert_array_equal(session.network.layers[2].block, 0)
