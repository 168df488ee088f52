"""The training loop: batches, seeds, and a state that restores bit for bit."""

import copy
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nncore as nn


def refuses(message: str):
    return pytest.raises(ValueError, match=r"^" + re.escape(message) + "$")


def make_trainer(seed: int = 0, n: int = 47, **settings) -> nn.Trainer:
    """Training with everything that has a state: shuffling, dropout, Adam, and a remainder (47 = 4 · 10 + 7)."""
    X, y = nn.datasets.spiral(n, noise=0.1, seed=1)
    layers = [nn.Dense(8, "relu"), nn.Dropout(0.3), nn.Dense(4, "tanh"), nn.Dense(1, "tanh")]
    network = nn.Network(layers, inputs=2, seed=seed)
    settings = {"loss": "half_squared", "optimizer": nn.Adam(0.01), "batch_size": 10, "seed": seed} | settings
    return nn.Trainer(network, X, y, **settings)


# -- batches --------------------------------------------------------------------------------------


@given(n=st.integers(1, 40), size=st.integers(1, 50), shuffle=st.booleans())
def test_an_epoch_uses_every_sample_once_in_batches_of_the_size_asked_for(n, size, shuffle):
    # Sample i is the i-th unit vector, so weight i moves at its step only: by η/m, with m samples in that step.
    network = nn.Network([nn.Dense(1)], inputs=n, dtype="float64")
    network.parameters[...] = 0
    trainer = nn.Trainer(
        network,
        np.eye(n),
        np.ones((n, 1)),
        loss="half_squared",
        optimizer=nn.SGD(1e-9),
        batch_size=size,
        shuffle=shuffle,
    )
    trainer.epoch()
    size = min(size, n)
    in_step_of = np.rint(1e-9 / network.parameters[:n]).astype(int)
    assert sorted(in_step_of) == [n % size] * (n % size) + [size] * (n - n % size)
    assert trainer.steps == trainer.steps_per_epoch == -(-n // size)


@given(n=st.integers(1, 40), size=st.integers(1, 40))
def test_a_carried_remainder_takes_no_step(n, size):
    trainer = make_trainer(n=n, batch_size=size, remainder="carry")
    trainer.epoch()
    assert trainer.steps == trainer.steps_per_epoch == n // min(n, size)


def test_every_epoch_has_its_own_order_unless_it_is_fixed():
    orders = []
    for shuffle in (True, False):
        trainer = make_trainer(shuffle=shuffle)
        for _ in range(2):
            trainer.epoch()
            orders.append(trainer.state()["order"].tolist())
    first, second, *fixed = orders
    assert first != second
    assert sorted(first) == sorted(second) == fixed[0] == fixed[1] == list(range(47))


def test_steps_and_epochs_are_counted_and_progress_has_fractions():
    trainer = make_trainer()
    trainer.advance(7)  # five steps are an epoch
    assert (trainer.steps, trainer.epochs) == (7, 1)
    assert trainer.progress == pytest.approx(1.4)
    trainer.epoch()
    assert (trainer.steps, trainer.epochs) == (10, 2)


def test_advancing_in_any_pieces_comes_to_the_same():
    whole, pieces = make_trainer(), make_trainer()
    whole.advance(23)
    for steps in (1, 0, 4, 6, 1, 11):
        pieces.advance(steps)
    assert np.array_equal(whole.network.parameters, pieces.network.parameters)


def test_history_begins_before_the_first_epoch_and_has_both_losses():
    X, y = nn.datasets.xor(40, seed=1)
    trainer = make_trainer(test=(X, y))
    at_first = trainer.network.loss(X, y, "half_squared")
    trainer.run(2)
    assert [record.epoch for record in trainer.history] == [0, 1, 2]
    assert trainer.history[0].test_loss == at_first
    assert trainer.history[2].test_loss == trainer.network.loss(X, y, "half_squared")


def test_the_loss_that_is_shown_does_not_contain_the_penalty():
    trainer = make_trainer(regularizer=nn.L2(10.0))
    trainer.epoch()
    assert trainer.history[-1].train_loss == trainer.network.loss(trainer.X, trainer.y, "half_squared")


def test_the_test_loss_is_not_a_number_without_a_test_set():
    trainer = make_trainer()
    trainer.run(1)
    assert all(np.isnan(record.test_loss) for record in trainer.history)


def test_the_caller_s_samples_are_copied():
    X, y = nn.datasets.xor(20)
    first, second = (nn.Trainer(nn.Network([nn.Dense(1)], inputs=2), X, y) for _ in range(2))
    first.run(3)
    X[...] = 99
    second.run(3)
    assert np.array_equal(first.network.parameters, second.network.parameters)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_whole_step_computes_in_the_precision_of_the_network(dtype):
    X, y = nn.datasets.xor(20)
    network = nn.Network([nn.Dense(3, "sigmoid"), nn.Dropout(0.2), nn.Dense(1)], inputs=2, dtype=dtype)
    trainer = nn.Trainer(network, X, y, optimizer="adam", regularizer=nn.L2(0.1))
    trainer.run(2)
    # What is bigger than a single number, and no comparison, is in the network's own precision.
    arrays = [a for op in trainer.tape.ops for a in op.args if isinstance(a, np.ndarray) and a.ndim and a.dtype != bool]
    assert {a.dtype for a in arrays} == {np.dtype(dtype)}


# -- seeds and state ------------------------------------------------------------------------------


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


def same(first: dict, second: dict) -> None:
    np.testing.assert_equal(first, second)


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
        "restore: this trainer's parameters: (65,) float32, the state's: (3,) float32": smaller.state(),
        "restore: this trainer's order: (47,) int64, the state's: (20,) int64": make_trainer(n=20).state(),
        "restore: this trainer's optimizer: adam, the state's: sgd": make_trainer(optimizer="sgd").state(),
        "restore: this trainer's regularizer: none, the state's: l1": make_trainer(regularizer="l1").state(),
        "restore: not the state of a trainer, it lacks order, rng": {
            key: value for key, value in before.items() if key not in ("order", "rng")
        },
    }
    without_moment = trainer.state()
    del without_moment["optimizer"]["m"]
    cases["restore: this trainer's optimizer.m: (65,) float32, the state's: nothing"] = without_moment
    for message, state in cases.items():
        with refuses(message):
            trainer.restore(state)
        same(trainer.state(), before)


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
        "adam.m",
        "adam.v",
        "adam.beta_1_power",
        "adam.beta_2_power",
        "pruning_l1.dead",
    ]


# -- mistakes and disasters -----------------------------------------------------------------------


def test_impossible_settings_say_what_is_possible():
    X, y = nn.datasets.xor(20)
    network = nn.Network([nn.Dense(1, "tanh")], inputs=2)
    before = network.parameters.copy()
    cases = {
        "batch_size: expected a number >= 1, got 0": {"batch_size": 0},
        "unknown remainder 'drop'; possible: step, carry": {"remainder": "drop"},
        "unknown loss 'mes' (did you mean 'mse'?); possible: " + ", ".join(nn.Loss.names()): {"loss": "mes"},
        "the loss 'categorical_crossentropy' needs an output of softmax, got tanh": {
            "loss": "categorical_crossentropy"
        },
        "layer 1 (dense): expected inputs (n_samples, 2), got (20, 1)": {"test": (y, y)},
        "layer 1 (dense): expected targets (20, 1), got (20, 2)": {"test": (X, X)},
    }
    for message, settings in cases.items():
        with refuses(message):
            nn.Trainer(network, X, y, **settings)
    with refuses("layer 1 (dense): expected targets (20, 1), got (5, 1)"):
        nn.Trainer(network, X, y[:5])
    assert np.array_equal(network.parameters, before)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: nn.SGD(0), "learning_rate: expected a number > 0, got 0"),
        (lambda: nn.SGD(float("nan")), "learning_rate: expected a number > 0, got nan"),
        (lambda: nn.SGD(float("inf")), "learning_rate: expected a number > 0, got inf"),
        (lambda: nn.Momentum(0.1, momentum=1), "momentum: expected 0 <= momentum < 1, got 1"),
        (lambda: nn.Adam(0.1, beta_2=-0.1), "beta_2: expected 0 <= beta_2 < 1, got -0.1"),
        (lambda: nn.L2(-1), "regularization rate: expected a number >= 0, got -1"),
    ],
)
def test_impossible_rates_are_refused(make, message):
    with refuses(message):
        make()


@pytest.mark.parametrize("optimizer", nn.Optimizer.names())
@pytest.mark.parametrize("loss", nn.Loss.names())
def test_training_that_diverges_gives_no_warnings_and_its_state_restores(optimizer, loss):
    # Warnings are errors here: that none comes is what this test shows.
    output = (nn.Loss.named(loss).outputs or ("identity",))[0]
    network = nn.Network([nn.Dense(4, "relu"), nn.Dense(4, "relu"), nn.Dense(2, output)], inputs=2, dtype="float32")
    X, y = nn.datasets.spiral(40)
    trainer = nn.Trainer(
        network, 1e18 * X, np.hstack([y > 0, y < 0]), loss=loss, optimizer=nn.Optimizer.named(optimizer)(10)
    )
    start = trainer.state()
    trainer.run(60)
    diverged = trainer.state()
    trainer.restore(start)
    assert np.isfinite(network.parameters).all()
    trainer.restore(diverged)
    same(trainer.state(), diverged)


def test_divergence_is_seen_in_the_loss():
    network = nn.Network([nn.Dense(1)], inputs=2)
    X, y = nn.datasets.xor(40)
    trainer = nn.Trainer(network, X, y, optimizer=nn.SGD(10))
    trainer.run(80)
    assert not np.isfinite(trainer.history[-1].train_loss)
    assert not np.isfinite(network.parameters).any()
