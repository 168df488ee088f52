"""The training loop: batches, seeds, and a state that restores bit for bit."""

import contextlib
import copy
import pickle
import re
import tracemalloc
from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nncore as nn
from nncore.explain import written


def refuses(message: str):
    return pytest.raises(ValueError, match=r"^" + re.escape(message) + "$")


def make_trainer(seed: int = 0, n: int = 47, **settings: Any) -> nn.Trainer:
    """Training with all that has a state: shuffling, dropout, batch norm, Adam, and a remainder (47 = 4 · 10 + 7)."""
    X, y = nn.datasets.spiral(n, noise=0.1, seed=1)
    layers = [nn.Dense(8, "relu"), nn.Dropout(0.3), nn.BatchNorm(), nn.Dense(4, "tanh"), nn.Dense(1, "tanh")]
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


# -- mistakes and disasters -----------------------------------------------------------------------


def test_impossible_settings_say_what_is_possible():
    X, y = nn.datasets.xor(20)
    network = nn.Network([nn.Dense(1, "tanh")], inputs=2)
    before = network.parameters.copy()
    cases = {
        "trainer: expected a whole number batch_size >= 1, got 0": {"batch_size": 0},
        "unknown remainder 'drop'; possible: step, carry": {"remainder": "drop"},
        "seed: expected a whole number >= 0, got -1": {"seed": -1},
        "test: expected a pair (X, y)": {"test": X},
        "shuffle: expected True or False, got 'no'": {"shuffle": "no"},
        "1e-60 is too small for float32: it would be 0.0": {"optimizer": nn.SGD(1e-60)},
        "unknown loss 'mes' (did you mean 'mse'?); possible: " + ", ".join(nn.Loss.names()): {"loss": "mes"},
        "layer 1 (dense): expected inputs (n_samples, 2), got (20, 1)": {"test": (y, y)},
        "targets: expected shape (n_samples, 1) or (n_samples,), got (20, 2)": {"test": (X, X)},
    }
    for message, settings in cases.items():
        with refuses(message):
            nn.Trainer(network, X, y, **settings)
    with refuses("targets: expected 20 samples, as there are inputs, got 5"):
        nn.Trainer(network, X, y[:5])
    assert np.array_equal(network.parameters, before)


def test_samples_that_are_no_finite_numbers_are_refused_with_their_place():
    X, y = nn.datasets.xor(20)
    network = nn.Network([nn.Dense(1)], inputs=2)
    hole, words = X.copy(), X.astype(object)
    hole[6, 1], words[3, 0] = np.nan, "many"
    for message, samples in {
        "inputs: row 7, column 2 is not a finite number: nan": (hole, y),
        "inputs: expected numbers, got 'many' in row 4, column 1": (words, y),
        "inputs: expected rows of equal length": ([[1, 2], [3]], y[:2]),
        "inputs: row 1, column 1 is too large for float32: 1e+300": (np.full((1, 2), 1e300), y[:1]),
        "targets: row 2 is not a finite number: inf": (X[:2], np.array([1, np.inf])),
    }.items():
        with refuses(message):
            nn.Trainer(network, *samples)
    nn.Trainer(network, X.astype(object), y).step()  # numbers in another wrapping are fine


# -- memory ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("remainder", ["step", "carry"])
@pytest.mark.parametrize("optimizer", nn.Optimizer.names())
def test_ten_thousand_further_steps_allocate_nothing(optimizer, remainder):
    trainer = make_trainer(optimizer=optimizer, remainder=remainder, schedule="cosine", clipping="norm")
    trainer.advance(1000)
    tracemalloc.start()
    try:
        trainer.advance(100)  # what measuring itself brings along
        before, _ = tracemalloc.get_traced_memory()
        tracemalloc.reset_peak()
        trainer.advance(10_000)
        after, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    # A few Python numbers, and the state of the generator, come and go; no array does.
    assert after - before < 500
    assert peak - before < 5000


# -- a number that is not finite ------------------------------------------------------------------


def make_diverging(rate: float = 10.0, **settings) -> nn.Trainer:
    X, y = nn.datasets.xor(40)
    network = nn.Network([nn.Dense(4, "relu"), nn.Dense(4, "relu"), nn.Dense(1)], inputs=2, seed=1)
    return nn.Trainer(network, X, y, optimizer=nn.SGD(rate), batch_size=7, **settings)


def test_the_first_step_out_of_the_finite_numbers_ends_training_with_the_last_good_state():
    stepwise, at_once = make_diverging(), make_diverging()
    good = stepwise.state()
    with pytest.raises(nn.NotFiniteError) as found:  # noqa: PT012
        for _ in range(1000):
            good = stepwise.state()
            stepwise.step()
    same(stepwise.state(), good)
    assert np.isfinite(stepwise.network.parameters).all()
    # In one go it is found by going back, and comes to the same.
    with pytest.raises(nn.NotFiniteError) as again:
        at_once.advance(1000)
    same(at_once.state(), good)
    assert str(again.value) == str(found.value)
    assert found.value.step == stepwise.steps == at_once.steps


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("remainder", ["step", "carry"])
def test_the_state_after_it_is_that_before_the_step_whatever_is_random_or_carried(seed, remainder):
    # Huge steps fail soon: at the first step of an epoch as well, where the samples have just been put in order.
    def wild() -> nn.Trainer:
        X, y = nn.datasets.xor(7, seed=seed)
        layers = [nn.Dense(4, "relu"), nn.Dropout(0.3), nn.BatchNorm(), nn.Dense(1)]
        network = nn.Network(layers, inputs=2, seed=seed)
        return nn.Trainer(network, 1e6 * X, y, optimizer=nn.SGD(1e9), batch_size=3, remainder=remainder, seed=seed)

    stepwise, at_once = wild(), wild()
    good = stepwise.state()
    with pytest.raises(nn.NotFiniteError, match=r"layer \d|update|loss"):  # noqa: PT012
        for _ in range(100):
            good = stepwise.state()
            stepwise.step()
    with pytest.raises(nn.NotFiniteError):
        at_once.advance(100)
    same(stepwise.state(), good)
    same(at_once.state(), good)


def test_a_first_step_that_failed_is_no_beginning():
    trainer = make_diverging(rate=0.01)
    trainer.network.parameters[0] = np.nan
    with pytest.raises(nn.NotFiniteError):
        trainer.step()
    assert not trainer.has_begun
    trainer.network.parameters[0] = 0.5
    trainer.step()
    assert trainer.has_begun
    assert trainer.first["values"][0] == 0.5


def test_gradients_that_are_carried_over_are_watched_too():
    X = np.array([[1], [1], [1e30]])
    network = nn.Network([nn.Dense(1)], inputs=1)
    trainer = nn.Trainer(network, X, X, optimizer=nn.SGD(1e-3), batch_size=2, shuffle=False, remainder="carry")
    before = trainer.state()
    with pytest.raises(nn.NotFiniteError) as found:
        trainer.step()
    assert found.value.formula == "[dW | db] = dZ·Xᵀ"
    same(trainer.state(), before)


def test_the_message_names_step_layer_and_formula():
    with pytest.raises(nn.NotFiniteError) as found:
        make_diverging().advance(1000)
    error = found.value
    assert (error.layer, error.formula, error.call) == (2, "dX = Wᵀ·dZ", "W3.T.dot(dZ3, dX3)")
    assert str(error) == (
        f"step {error.step + 1} (epoch {error.epoch + 1}): layer 3 (dense), backward: dX = Wᵀ·dZ is not finite "
        "any more; nothing of that step was kept"
    )
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


@pytest.mark.parametrize("poison", ["weights", "gradients"])
def test_the_layer_is_the_one_where_it_began(poison, monkeypatch):
    # One op is made to give a number that is not finite; all that follow only pass it on.
    trainer = make_diverging(rate=0.01)
    ops = trainer.tape.ops
    index = next(
        i for i, op in enumerate(ops) if op.layer == 1 and op.phase == ("forward", "backward")[poison == "gradients"]
    )
    trainer.advance(1)
    step, buffer = trainer._loop.recorded.full, written(ops[index])
    broken = partial(np.multiply, out=buffer)
    ops[index] = ops[index]._replace(function=broken, args=(buffer, np.inf), says="broken")
    monkeypatch.setattr(trainer._loop.recorded, "full", step._replace(program=trainer.tape.program()))
    before = trainer.state()
    with pytest.raises(nn.NotFiniteError) as found:
        trainer.advance(3)
    assert (found.value.layer, found.value.formula) == (1, "broken")
    same(trainer.state(), before)


def test_what_overflows_on_the_way_and_comes_back_is_no_error():
    # exp(−z) of a sigmoid is infinite far out; the sigmoid is 0 there, and so is its slope.
    network = nn.Network([nn.Dense(3, "sigmoid"), nn.Dense(1)], inputs=1)
    trainer = nn.Trainer(network, np.array([[-1e4], [1e4]]), np.array([[0], [1]]), batch_size=2)
    trainer.run(20)
    assert np.isfinite(network.parameters).all()


def test_parameters_that_were_not_finite_before_are_told_apart():
    trainer = make_diverging(rate=0.01)
    trainer.network.parameters[0] = np.nan
    with pytest.raises(nn.NotFiniteError, match="the network was not finite before the step"):
        trainer.step()


def test_a_moment_that_is_not_finite_is_noticed_even_if_the_weights_stand_still():
    # g² overflows in float32, and a step of Adam becomes m / ∞ = 0: unless moments are looked at, it stops for good.
    X, y = np.full((4, 1), 1e12), np.full((4, 1), 1e12)
    network = nn.Network([nn.Dense(1)], inputs=1)
    with pytest.raises(nn.NotFiniteError) as found:
        nn.Trainer(network, X, y, optimizer="adam", batch_size=4).step()
    assert found.value.layer is None
    assert "²" in found.value.formula


@pytest.mark.parametrize("optimizer", nn.Optimizer.names())
@pytest.mark.parametrize("loss", nn.Loss.names())
def test_however_wild_training_is_no_warning_comes_and_nothing_that_is_not_finite_stays(optimizer, loss):
    # Warnings are errors here: that none comes is what this test shows.
    output = (nn.Loss.named(loss).outputs or ("identity",))[0]
    network = nn.Network([nn.Dense(4, "relu"), nn.Dense(4, "relu"), nn.Dense(2, output)], inputs=2, dtype="float32")
    X, y = nn.datasets.spiral(40)
    targets = np.hstack([y > 0, y < 0]) if loss != "hinge" else np.hstack([y, -y])
    trainer = nn.Trainer(network, 1e18 * X, targets, loss=loss, optimizer=nn.Optimizer.named(optimizer)(10))
    with contextlib.suppress(nn.NotFiniteError):
        trainer.run(60)
    assert all(np.isfinite(array).all() for array in trainer.arrays.values())
    before = trainer.state()
    trainer.restore(before)
    same(trainer.state(), before)


# -- schedules, clipping, conditions to stop ------------------------------------------------------


def test_a_schedule_is_followed_step_by_step_and_across_a_state():
    trainer = make_trainer(optimizer=nn.SGD(0.1), schedule=nn.Cosine(4), shuffle=False)
    rates = []
    for step in range(12):
        rates.append(trainer.learning_rate)
        if step == 7:
            trainer.restore(trainer.state())
        trainer.step()
    expected = [0.1 * (1 + np.cos(np.pi * step / 5 / 4)) / 2 for step in range(12)]
    assert rates == pytest.approx(expected, rel=1e-12)
    assert float(trainer.tape.names["rate"][0]) == pytest.approx(expected[-1], rel=1e-6)


def test_gradients_are_clipped_before_the_step():
    X, y = nn.datasets.xor(20)
    network = nn.Network([nn.Dense(1)], inputs=2, dtype="float64")
    before = network.parameters.copy()
    nn.Trainer(network, X, 1e6 * y, optimizer=nn.SGD(1.0), clipping=nn.ClipNorm(0.5), batch_size=20).step()
    assert np.linalg.norm(network.parameters - before) == pytest.approx(0.5, rel=1e-6)


def learnable(**settings) -> nn.Trainer:
    X, y = nn.datasets.gauss(100, noise=0.1, seed=2)
    network = nn.Network([nn.Dense(4, "tanh"), nn.Dense(1, "tanh")], inputs=2, seed=1)
    return nn.Trainer(network, X, y, loss="half_squared", optimizer=nn.SGD(0.03), batch_size=10, **settings)


def test_a_run_stops_when_the_loss_is_below_a_value():
    trainer = learnable()
    reason = trainer.run(1000, until=nn.LossBelow(0.05))
    assert trainer.history[-1].train_loss < 0.05 <= trainer.history[-2].train_loss
    assert reason == f"the training loss is {trainer.history[-1].train_loss:.4g}, below 0.05"


def test_a_run_stops_after_its_epochs_or_its_time():
    trainer = learnable()
    assert trainer.run(2, until=nn.LossBelow(1e-9)) == "2 epochs are over"
    assert trainer.run(until=nn.Epochs(1)) == "1 epochs are over"
    assert trainer.epochs == 3
    assert trainer.run(until=[nn.LossBelow(1e-9), nn.Seconds(1e-6)]) == "1e-06 seconds are over"
    assert trainer.epochs == 4


def test_early_stopping_goes_back_to_the_network_with_the_best_test_loss():
    X, y = nn.datasets.spiral(60, noise=0.5, seed=3)
    network = nn.Network([nn.Dense(16, "tanh"), nn.Dense(16, "tanh"), nn.Dense(1, "tanh")], inputs=2)
    trainer = nn.Trainer(
        network, X[:20], y[:20], loss="half_squared", optimizer=nn.Adam(0.01), test=(X[20:], y[20:]), seed=1
    )
    reason = trainer.run(2000, until=nn.EarlyStopping(patience=30))
    best = min(trainer.history, key=lambda record: record.test_loss)
    assert trainer.epochs == best.epoch + 30
    assert trainer.network.loss(X[20:], y[20:], "half_squared") == best.test_loss
    assert reason == f"no better loss than {best.test_loss:.4g} since epoch {best.epoch}, whose network is back"


def test_an_improvement_that_is_too_small_is_none():
    trainer = learnable()
    trainer.run(30)
    before = trainer.epochs
    reason = trainer.run(1000, until={"name": "early_stopping", "patience": 4, "improvement": 1.0})
    assert trainer.epochs == before + 4
    assert reason.endswith(f"since epoch {before}, whose network is back")


def test_early_stopping_brings_running_statistics_back_as_well():
    trainer = make_trainer(test=nn.datasets.xor(20, seed=4))
    trainer.run(2)
    best = trainer.network.values.copy()
    trainer.run(until=nn.EarlyStopping(patience=3, improvement=100.0))
    assert trainer.network.statistics.size
    assert np.array_equal(trainer.network.values, best)


def test_time_is_over_when_it_is_over(monkeypatch):
    now = iter(range(100))
    monkeypatch.setattr("nncore.stopping.time.perf_counter", lambda: next(now))
    trainer = learnable()
    assert trainer.run(until=nn.Seconds(5)) == "5 seconds are over"
    assert trainer.epochs == 5


@pytest.mark.parametrize("until", ["loss_belo", {"name": "seconds", "value": 1}, {}, 5, None, [3]])
def test_what_is_no_condition_is_refused(until):
    with pytest.raises(ValueError, match=r"^(unknown stop condition|stop condition 'seconds' has no option value)"):
        learnable().run(3, until=until)


def test_a_run_that_would_never_end_is_refused():
    with refuses("run: expected a number of epochs, or a condition to stop"):
        learnable().run()


@pytest.mark.parametrize("number", [-1, 2.5, "3", True])
def test_steps_and_epochs_are_whole_numbers(number):
    trainer = learnable()
    with refuses(f"steps: expected a whole number >= 0, got {number!r}"):
        trainer.advance(number)
    with refuses(f"epochs: expected a whole number >= 0, got {number!r}"):
        trainer.run(number)
    assert trainer.steps == 0
