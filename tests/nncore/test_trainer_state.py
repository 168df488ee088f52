"""The state of a trainer: seeds, restoring bit for bit, inheriting, copies."""

import copy
import pickle

import numpy as np
import pytest
from training import make_trainer, refuses, same

import nncore as nn


def test_the_same_seed_gives_the_same_curve_bit_for_bit():
    first, second, other = make_trainer(seed=5), make_trainer(seed=5), make_trainer(seed=6)
    for trainer in (first, second, other):
        trainer.run(4)
    losses = [[record.train_loss for record in trainer.history] for trainer in (first, second, other)]
    assert losses[0] == losses[1] != losses[2]


@pytest.mark.parametrize("remainder", ["step", "carry"])
@pytest.mark.parametrize("regularizer", nn.Regularizer.names())
@pytest.mark.parametrize("optimizer", nn.Optimizer.names())
def test_training_goes_on_from_a_state_bit_for_bit(optimizer, regularizer, remainder):
    settings = {
        "optimizer": nn.Optimizer.named(optimizer)(0.02),
        "regularizer": nn.Regularizer.named(regularizer)(0.01),
        "remainder": remainder,
    }
    trainer = make_trainer(**settings)
    trainer.run(2)
    trainer.advance(2)  # into the middle of an epoch
    state = trainer.state()
    trainer.run(3)
    expected = trainer.state()

    trainer.restore(state)
    trainer.run(3)
    same(trainer.state(), expected)

    fresh = make_trainer(seed=9, **settings)
    fresh.restore(state)
    fresh.run(3)
    same(fresh.state(), expected)


def test_a_state_is_a_copy_and_restoring_does_not_use_it_up():
    trainer = make_trainer()
    trainer.advance(3)
    state = trainer.state()
    untouched = copy.deepcopy(state)
    trainer.run(2)
    trainer.restore(state)
    trainer.run(2)
    same(state, untouched)


def test_a_state_goes_on_under_another_batch_size_near_the_same_sample():
    before, after = make_trainer(n=100, batch_size=10), make_trainer(n=100, batch_size=25)
    before.advance(16)  # sixty samples into the second epoch
    after.restore(before.state())
    assert after.progress == 1.5
    after.advance(2)
    assert (after.epochs, after.steps) == (2, 18)


def test_a_state_that_does_not_fit_says_why_and_changes_nothing():
    trainer = make_trainer()
    trainer.advance(3)
    before = trainer.state()
    smaller = nn.Trainer(nn.Network([nn.Dense(1)], inputs=2), trainer.X, trainer.y, optimizer="adam")
    cases = {
        "restore: this trainer's values: (97,) float32, the state's: (3,) float32": smaller.state(),
        "restore: this trainer's order: (47,) int64, the state's: (20,) int64": make_trainer(n=20).state(),
        "restore: this trainer's optimizer: adam, the state's: sgd": make_trainer(optimizer="sgd").state(),
        "restore: this trainer's regularizer: none, the state's: l1": make_trainer(regularizer="l1").state(),
        "restore: not the state of a trainer, it lacks order, rng": {
            key: value for key, value in before.items() if key not in ("order", "rng")
        },
    }
    without_moment = trainer.state()
    del without_moment["optimizer"]["m"]
    cases["restore: this trainer's optimizer.m: (81,) float32, the state's: nothing"] = without_moment
    for message, state in cases.items():
        with refuses(message):
            trainer.restore(state)
        same(trainer.state(), before)


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("values", np.nan, "values: expected finite numbers"),
        ("order", 0, "order: expected every sample once"),
        ("steps", -1, "steps: expected a whole number >= 0, got -1"),
        ("epochs", "two", "epochs: expected a whole number >= 0, got 'two'"),
        ("history", [(1, 2)], "history: expected rows of epoch, training loss and test loss"),
        ("optimizer", 3, "this trainer's optimizer: adam, the state's: 3"),
    ],
)
def test_a_damaged_state_is_refused_and_changes_nothing(key, value, message):
    trainer = make_trainer()
    trainer.run(2)
    before, damaged = trainer.state(), trainer.state()
    damaged[key] = np.full_like(damaged[key], value) if isinstance(damaged[key], np.ndarray) else value
    with refuses(f"restore: {message}"):
        trainer.restore(damaged)
    same(trainer.state(), before)


def test_what_is_no_state_is_refused():
    with refuses("restore: expected what Trainer.state gave, got NoneType"):
        make_trainer().restore(None)  # type: ignore[arg-type]
    state = make_trainer().state()
    state["rng"] = {"bit_generator": "MT19937"}
    with pytest.raises(ValueError, match=r"^restore: rng: not the state of a random generator"):
        make_trainer().restore(state)


def test_a_trainer_can_inherit_counters_and_randomness_from_another():
    before = make_trainer(seed=5)
    before.run(2)
    before.advance(3)
    after = make_trainer(seed=6)
    after.inherit(before)
    for name, array in after.arrays.items():
        array[...] = before.arrays[name]
    for trainer in (before, after):
        trainer.run(2)
    same(after.state(), before.state())


def test_the_live_arrays_are_named_after_who_owns_them():
    assert list(make_trainer(regularizer="pruning_l1").arrays) == [
        "parameters",
        "statistics",
        *(f"adam.{name}" for name in nn.Adam().state(1, np.dtype("f4"))),
        "pruning_l1.dead",
    ]


@pytest.mark.parametrize("remainder", ["step", "carry"])
@pytest.mark.parametrize("copied", [copy.deepcopy, lambda trainer: pickle.loads(pickle.dumps(trainer))])
def test_a_copy_of_a_trainer_is_another_that_goes_on_alike(copied, remainder):
    trainer = make_trainer(remainder=remainder, schedule="cosine", clipping="value", regularizer="l1")
    trainer.advance(7)
    twin = copied(trainer)
    same(twin.state(), trainer.state())
    same(twin.first, trainer.first)
    assert not np.shares_memory(twin.network.values, trainer.network.values)
    for each in (trainer, twin):
        each.run(2)
    same(twin.state(), trainer.state())


def test_training_begins_where_another_was_inherited_or_the_count_was_set():
    trainer = make_trainer()
    trainer.run(1)
    trainer.count_from(steps=500, epochs=100)
    trainer.step()
    assert trainer.first["steps"] == 500
    trainer.inherit(make_trainer())
    trainer.step()
    assert trainer.first["steps"] == 0
    with refuses("inherit: expected a Trainer, got None"):
        trainer.inherit(None)  # type: ignore[arg-type]


def test_what_was_carried_over_is_inherited_and_dropped_where_nothing_is_carried():
    before, after = make_trainer(remainder="carry"), make_trainer(remainder="carry", seed=3)
    before.advance(4)
    assert before.state()["carried_samples"] == 7
    after.inherit(before)
    for name, array in after.arrays.items():
        array[...] = before.arrays[name]
    same(after.state(), before.state())
    stepping = make_trainer()
    stepping.restore(before.state())
    assert stepping.state()["carried_samples"] == 0
    stepping.run(2)


def test_a_state_late_in_an_epoch_of_small_batches_is_the_last_step_of_large_ones():
    small, large = make_trainer(n=100, batch_size=1), make_trainer(n=100, batch_size=60)
    small.advance(99)
    large.restore(small.state())
    assert large.steps_left == 1
    large.advance(1)
    assert large.epochs == 1
