"""The training loop: batches, epochs, history, memory, and what it refuses."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from training import make_trainer, refuses

import nncore as nn

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


@pytest.mark.parametrize("number", [-1, 2.5, "3", True])
def test_steps_and_epochs_are_whole_numbers(number):
    trainer = make_trainer()
    with refuses(f"steps: expected a whole number >= 0, got {number!r}"):
        trainer.advance(number)
    with refuses(f"epochs: expected a whole number >= 0, got {number!r}"):
        trainer.run(number)
    assert trainer.steps == 0
