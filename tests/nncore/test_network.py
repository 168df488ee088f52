"""A network: one vector of parameters, shapes in and out, and what it says when something does not fit."""

import copy
import pickle
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nncore as nn
from nncore.network import MAX_RECORDINGS
from nncore.tape import run


def make_network(*units: int, inputs: int = 2, activation: str = "tanh", **settings) -> nn.Network:
    return nn.Network([nn.Dense(n, activation) for n in units], inputs=inputs, **settings)


# -- one flat vector ------------------------------------------------------------------------------


def test_weights_and_biases_are_views_of_the_one_vector():
    network = make_network(3, 1)
    for part in network.split(network.parameters):
        assert part
        assert np.shares_memory(part.weights, network.parameters)
        assert np.shares_memory(part.biases, network.parameters)
        part.weights[...], part.biases[...] = 7, 8
    assert sorted(set(network.parameters)) == [7, 8]


def test_a_layer_s_views_are_those_that_split_gives():
    network = make_network(3, 1)
    for layer, part in zip(network.layers, network.split(network.parameters), strict=True):
        assert isinstance(layer, nn.Dense)
        assert part
        layer.weights[0, 0] = 5
        assert part.weights[0, 0] == 5
        assert layer.biases.shape == part.biases.shape


def test_writing_into_a_view_changes_the_prediction():
    network = make_network(1, activation="identity")
    layer = network.layers[0]
    assert isinstance(layer, nn.Dense)
    layer.weights[...], layer.biases[...] = [[2, -1]], [0.5]
    assert network.predict(np.array([[3.0, 1.0]])) == pytest.approx(np.array([[5.5]]))


def test_a_layer_s_block_is_weights_and_bias_side_by_side():
    network = make_network(2, 1, inputs=3)
    network.parameters[...] = np.arange(11)
    first, second = network.split(network.parameters)
    assert first
    assert second
    assert first.weights.tolist() == [[0, 1, 2], [4, 5, 6]]
    assert first.biases.tolist() == [3, 7]
    assert second.weights.tolist() == [[8, 9]]
    assert second.biases.tolist() == [10]


def test_a_layer_without_parameters_splits_into_nothing():
    network = nn.Network([nn.Dense(3), nn.Dropout(0.5), nn.Dense(1)], inputs=2)
    assert network.split(network.parameters)[1] == ()


def test_what_is_returned_is_the_caller_s_own():
    network = make_network(3, 1)
    X, y = np.ones((4, 2)), np.ones((4, 1))
    results = [network.predict(X), network.gradients(X, y, "mse"), *network.activations(X)]
    before = [result.copy() for result in results]
    network.predict(-X)
    network.gradients(-X, y, "mse")
    network.activations(-X)
    assert all(np.array_equal(a, b) for a, b in zip(results, before, strict=True))


# -- shapes and precision -------------------------------------------------------------------------


@given(
    units=st.lists(st.integers(1, 6), min_size=1, max_size=4),
    inputs=st.integers(1, 5),
    n=st.integers(1, 30),
    dtype=st.sampled_from(["float32", "float64"]),
)
def test_any_network_keeps_its_shapes_and_its_precision(units, inputs, n, dtype):
    network = make_network(*units, inputs=inputs, dtype=dtype)
    X, y = np.ones((n, inputs)), np.zeros((n, units[-1]))
    assert network.predict(X).shape == (n, units[-1])
    assert [a.shape for a in network.activations(X)] == [(n, u) for u in units]
    flat = network.gradients(X, y, "mse")
    assert flat.shape == network.parameters.shape
    assert {network.predict(X).dtype, flat.dtype, network.parameters.dtype} == {np.dtype(dtype)}


def test_float32_agrees_with_float64(rng):
    X, y = rng.normal(0, 1, (50, 2)), rng.normal(0, 1, (50, 1))
    single, double = (make_network(8, 8, 1, dtype=dtype) for dtype in ("float32", "float64"))
    assert single.predict(X) == pytest.approx(double.predict(X), abs=1e-5)
    assert single.gradients(X, y, "mse") == pytest.approx(double.gradients(X, y, "mse"), abs=1e-5)


def test_the_last_activations_are_the_prediction(rng):
    network, X = make_network(3, 2), rng.normal(0, 1, (5, 2))
    assert np.array_equal(network.activations(X)[-1], network.predict(X))


def test_evaluate_gives_loss_and_outputs_of_one_pass(rng):
    network, X, y = make_network(3, 2), rng.normal(0, 1, (5, 2)), rng.normal(0, 1, (5, 2))
    loss, outputs = network.evaluate(X, y, "mse")
    assert loss == network.loss(X, y, "mse") == pytest.approx(float(np.mean((outputs - y) ** 2)), rel=1e-6)


def test_a_prediction_does_not_depend_on_the_samples_beside_it(rng):
    network, X = make_network(8, 2, dtype="float64"), rng.normal(0, 1, (40, 2))
    alone = np.concatenate([network.predict(row[None]) for row in X])
    assert network.predict(X) == pytest.approx(alone, abs=1e-14)


def test_only_the_newest_recordings_are_kept():
    network = make_network(1)
    for n in range(1, 3 * MAX_RECORDINGS):
        network.predict(np.ones((n, 2)))
    assert len(network._recordings) == MAX_RECORDINGS


def test_dropout_is_off_in_predictions_and_gradients(rng):
    X, y = rng.normal(0, 1, (9, 2)), rng.normal(0, 1, (9, 1))
    plain = nn.Network([nn.Dense(4, "tanh"), nn.Dense(1)], inputs=2, seed=1)
    dropping = nn.Network([nn.Dense(4, "tanh"), nn.Dropout(0.9), nn.Dense(1)], inputs=2, seed=1)
    assert np.array_equal(plain.predict(X), dropping.predict(X))
    assert np.array_equal(plain.gradients(X, y, "mse"), dropping.gradients(X, y, "mse"))


def test_dropout_loses_its_share_in_training_and_makes_good_for_it(rng):
    network = nn.Network([nn.Dropout(0.25)], inputs=50, dtype="float64")
    recording = network.record(nn.Tape(400, network.dtype, rng))
    run(recording.program)
    outputs = recording.outputs[-1].values
    assert set(np.unique(outputs)) == {0, 1 / 0.75}
    assert np.mean(outputs == 0) == pytest.approx(0.25, abs=0.01)


def test_dropout_of_nothing_is_not_on_the_tape():
    network = nn.Network([nn.Dropout(0)], inputs=3)
    assert network.record(nn.Tape(4, network.dtype, np.random.default_rng())).program == []


# -- seeds ----------------------------------------------------------------------------------------


def test_the_same_seed_draws_the_same_parameters():
    assert np.array_equal(make_network(4, 1, seed=3).parameters, make_network(4, 1, seed=3).parameters)
    assert not np.array_equal(make_network(4, 1, seed=3).parameters, make_network(4, 1, seed=4).parameters)


def test_initialize_draws_anew_into_the_same_vector():
    network = make_network(4, 1, seed=3)
    vector, first = network.parameters, network.parameters.copy()
    network.initialize(4)
    assert network.parameters is vector
    assert not np.array_equal(vector, first)
    network.initialize(3)
    assert np.array_equal(vector, first)


def test_float32_and_float64_start_at_the_same_parameters():
    double = make_network(4, 1, seed=3, dtype="float64").parameters
    assert np.array_equal(make_network(4, 1, seed=3).parameters, double.astype("float32"))


def test_a_layer_may_bring_its_own_initializer():
    network = nn.Network([nn.Dense(3, initializer="uniform"), nn.Dense(1)], inputs=2)
    first, second = network.split(network.parameters)
    assert first
    assert second
    assert first.biases.tolist() == pytest.approx([0.1] * 3)
    assert second.biases.tolist() == [0]


# -- messages -------------------------------------------------------------------------------------


def refuses(message: str):
    return pytest.raises(ValueError, match=r"^" + re.escape(message) + "$")


def test_wrong_shapes_say_which_layer_expected_what():
    network = make_network(4, 2)
    with refuses("layer 1 (dense): expected inputs (n_samples, 2), got (10, 3)"):
        network.predict(np.ones((10, 3)))
    with refuses("layer 1 (dense): expected inputs (n_samples, 2), got (2,)"):
        network.predict(np.ones(2))
    with refuses("layer 1 (dense): expected inputs (n_samples, 2), got (0, 2)"):
        network.predict(np.ones((0, 2)))
    with refuses("targets: expected shape (n_samples, 2), got (10,)"):
        network.loss(np.ones((10, 2)), np.ones(10), "mse")
    with refuses("targets: expected 10 samples, as there are inputs, got 9"):
        network.loss(np.ones((10, 2)), np.ones((9, 2)), "mse")
    with refuses("split: expected shape (22,), got (3,)"):
        network.split(np.ones(3))


def test_impossible_settings_say_what_is_possible():
    with refuses("a network needs at least one layer"):
        nn.Network([], inputs=2)
    with refuses("layers: expected a list such as [Dense(4), Dense(1)], got Dense(1)"):
        nn.Network(nn.Dense(1), inputs=2)  # type: ignore[arg-type]
    with refuses("inputs: expected a whole number >= 1, got 0"):
        nn.Network([nn.Dense(1)], inputs=0)
    with refuses("a network has at most 268,435,456 parameters, these layers have 1,000,001,000,000"):
        nn.Network([nn.Dense(10**6)], inputs=10**6)
    with refuses("unknown dtype 'int32'; possible: float32, float64"):
        nn.Network([nn.Dense(1)], inputs=1, dtype="int32")
    with refuses("dense: expected a whole number units >= 1, got 0"):
        nn.Dense(0)
    with refuses("dense: expected a whole number units >= 1, got 2.5"):
        nn.Dense(2.5)  # type: ignore[arg-type]
    with refuses("dropout: expected 0 <= rate < 1, got 1"):
        nn.Dropout(1)
    with refuses("layer 2 (residual): spans 2 layers, 1 stand before it"):
        nn.Network([nn.Dense(3), nn.Residual(2)], inputs=2)
    with refuses("layer 1 (str): expected a layer such as Dense(4), got 'dense'"):
        nn.Network(["dense"], inputs=2)  # type: ignore[list-item]
    with refuses("standardization: expected a Standardization, got 'mean'"):
        nn.Network([nn.Dense(1)], inputs=2, standardization="mean")  # type: ignore[arg-type]
    with refuses("standardization: expected that of 2 inputs, got 3"):
        nn.Network([nn.Dense(1)], inputs=2, standardization=nn.Standardization.of(np.eye(3)))


def test_a_layer_stands_in_one_network_only_and_the_others_stay_free():
    used, fresh = nn.Dense(2), nn.Dense(2)
    nn.Network([used], inputs=2)
    with refuses("layer 2 (dense) stands in a network already; make a new one"):
        nn.Network([fresh, used], inputs=2)
    with refuses("layer 2 (dense) stands in a network already; make a new one"):
        nn.Network([fresh, fresh], inputs=2)
    nn.Network([fresh], inputs=2)


def test_layers_of_a_network_that_could_not_be_made_stay_free():
    layer = nn.Dense(1)
    with refuses("seed: expected a whole number >= 0, got -1"):
        nn.Network([layer], inputs=2, seed=-1)
    with pytest.raises(AttributeError, match=r"^dense: has no weights before it stands in a network$"):
        _ = layer.weights
    nn.Network([layer], inputs=2)


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda network: pickle.loads(pickle.dumps(network))])
def test_a_copy_of_a_network_is_another_whose_layers_view_its_own_values(copied, rng):
    X = rng.normal(3, 2, (9, 2))
    layers = [nn.Dense(4, nn.activations.ELU(0.5)), nn.BatchNorm(), nn.Dense(2, "softmax")]
    network = nn.Network(layers, inputs=2, dtype="float64", standardization=nn.Standardization.of(X))
    network.values += rng.normal(0, 0.1, len(network.values))
    twin = copied(network)
    assert repr(twin) == repr(network)
    assert np.array_equal(twin.predict(X), network.predict(X))
    before = network.predict(X)
    twin.values[...] = 0
    assert twin.predict(X).tolist() == [[0.5, 0.5]] * 9
    assert np.array_equal(network.predict(X), before)


def test_a_network_prints_as_the_code_that_makes_it():
    network = nn.Network([nn.Dense(4, "relu"), nn.Dropout(0.25), nn.Dense(1)], inputs=2)
    assert repr(network) == (
        "Network([Dense(4, activation='relu'), Dropout(0.25), Dense(1)], inputs=2, dtype='float32')"
    )
    again = eval(repr(network), dict(vars(nn)))
    assert repr(again) == repr(network)
