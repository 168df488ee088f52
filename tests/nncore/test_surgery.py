"""Operations on a network that has learned: what it gives stays where mathematics allows, and it goes on learning."""

from typing import cast

import numpy as np
import pytest
from operated import BENT, LINEAR_FAR_OUT, PIECEWISE, dense, is_rounding, kinds, network, trained

import nncore as nn
from nncore import surgery
from nncore.surgery.linear import apply
from nncore.trainer import Trainer


@pytest.fixture
def X(rng) -> np.ndarray:
    return rng.normal(0, 1, (40, 3))


# -- what all operations have in common -----------------------------------------------------------------------

OPERATIONS = {
    "insert": lambda net, X: surgery.insert_layer(net, 1, nn.Dense(7, "tanh"), X),
    "widen": lambda net, X: surgery.widen(net, 0, 9, X),
    "split": lambda net, X: surgery.split_neuron(net, 0, 1, X),
    "remove_neuron": lambda net, X: surgery.remove_neuron(net, 0, 1, X),
    "remove_layer": lambda net, X: surgery.remove_layer(net, 0, X),
    "change": lambda net, X: surgery.change_activation(net, 0, "softsign", X),
}


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_the_given_network_is_untouched_and_the_change_is_that_of_the_output(X, operation, dtype):
    old = trained(nn.Dense(5, "tanh"), nn.BatchNorm(), nn.Dense(4, "relu"), nn.Dense(2), X=X, dtype=dtype)
    values, described, before = old.values.copy(), repr(old), old.predict(X)
    new, change = operation(old, X)
    assert np.array_equal(old.values, values)
    assert repr(old) == described
    assert new is not old
    assert not np.shares_memory(new.values, old.values)
    assert change == np.abs(new.predict(X).astype(float) - before).max()
    assert np.isfinite(new.values).all()


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_data_type_standardization_and_initializer_stay(X, operation):
    standard = nn.Standardization.of(5 + 3 * X)
    old = network(
        nn.Dense(5, "tanh", initializer="he_normal"),
        nn.Dense(4, "relu"),
        nn.Dense(2),
        dtype="float32",
        initializer="he_uniform",
        standardization=standard,
    )
    new, _ = operation(old, 5 + 3 * X)
    assert (new.dtype, new.standardization, new.initializer) == (old.dtype, standard, old.initializer)


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_the_result_trains(X, operation):
    y = np.sin(X @ np.ones((3, 2)))
    old = trained(nn.Dense(5, "tanh"), nn.Dropout(0.1), nn.Dense(4, "relu"), nn.Dense(2), X=X)
    new, _ = operation(old, X)
    before = new.loss(X, y, "mse")
    Trainer(new, X, y, optimizer=nn.Adam(0.003), batch_size=10).run(40)
    assert new.loss(X, y, "mse") < before


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_one_sample_is_enough(X, operation):
    old = network(nn.Dense(5, "tanh"), nn.Dense(4, "relu"), nn.Dense(2))
    assert is_rounding(operation(old, X[:1]), X[:1])


# -- inserting a dense layer ----------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("host", ["relu", "tanh", "identity", "gaussian"])
@pytest.mark.parametrize("activation", PIECEWISE + LINEAR_FAR_OUT)
@pytest.mark.parametrize("units", [4, 5, 11])
def test_an_inserted_layer_with_a_linear_part_changes_nothing(X, activation, host, units, dtype):
    old = network(nn.Dense(5, host), nn.Dense(4, host), nn.Dense(2), dtype=dtype)
    for at, arriving in ((0, 3), (1, 5), (2, 4)):
        if units >= arriving:
            operated = surgery.insert_layer(old, at, nn.Dense(units, activation), X)
            assert is_rounding(operated, X)
            assert operated.network.layers[at].units == units


def test_identity_and_relu_behind_relu_keep_every_digit(X):
    old = network(nn.Dense(5, "relu"), nn.Dense(4, "relu"), nn.Dense(2))
    for activation in ("identity", "relu", "leaky_relu", "elu"):
        assert surgery.insert_layer(old, 1, nn.Dense(5, activation), X).change == 0
        inserted = surgery.insert_layer(old, 2, nn.Dense(4, activation), X).network.layers[2]
        assert np.array_equal(inserted.block, np.eye(4, 5))


def test_a_narrow_layer_is_exact_where_the_next_one_needs_no_more(X):
    """Three logits behind it are all that counts of six units: three directions carry them."""
    old = network(nn.Dense(6, "tanh"), nn.BatchNorm(), nn.Dense(3, "tanh"), nn.Dense(2))
    for units in (3, 4, 5):
        assert is_rounding(surgery.insert_layer(old, 1, nn.Dense(units, "relu"), X), X)
    changes = [surgery.insert_layer(old, 1, nn.Dense(units, "relu"), X).change for units in (1, 2, 3)]
    assert changes == sorted(changes, reverse=True)


@pytest.mark.parametrize("activation", BENT)
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_an_inserted_layer_without_linear_part_changes_little(X, activation, dtype):
    old = network(nn.Dense(5, "tanh"), nn.Dense(4, "tanh"), nn.Dense(2), dtype=dtype)
    extent = np.ptp(old.predict(X))
    limit = 0.1 if activation == "softsign" else 0.03
    assert surgery.insert_layer(old, 1, nn.Dense(5, activation), X).change < limit * extent


def test_the_copies_in_a_wider_inserted_layer_part_ways(X):
    old = network(nn.Dense(3, "relu"), nn.Dense(2, "tanh"), nn.Dense(2))
    new, _ = surgery.insert_layer(old, 1, nn.Dense(6, "relu"), X)
    Trainer(new, X, X[:, :2]).run(1)
    assert len(np.unique(np.round(new.layers[1].block, 12), axis=0)) == 6


@pytest.mark.parametrize("between", [nn.Dropout(), nn.BatchNorm(), nn.LayerNorm()], ids=lambda layer: layer.name)
@pytest.mark.parametrize("activation", ["identity", "relu", "elu"])
def test_a_shift_is_undone_through_what_lies_between(X, between, activation):
    layers = nn.Dense(5, "tanh"), nn.Layer.of(between.config()), nn.Dense(4, "tanh"), nn.Dense(2)
    old = trained(*layers, X=X)
    assert is_rounding(surgery.insert_layer(old, 1, nn.Dense(5, activation), X), X)


# -- inserting other layers -----------------------------------------------------------------------------------


@pytest.mark.parametrize("at", range(4))
@pytest.mark.parametrize("layer", ["dropout", "batch_norm"])
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_inserted_dropout_and_batch_normalisation_change_nothing(X, layer, at, dtype):
    old = trained(nn.Dense(3, "relu"), nn.LayerNorm(), nn.Residual(2), nn.Dense(2), X=X, dtype=dtype)
    operated = surgery.insert_layer(old, at, layer, X)
    assert is_rounding(operated, X)
    assert kinds(operated.network)[at] == layer


def test_inserted_batch_normalisation_knows_the_statistics_of_the_inputs(X):
    new, _ = surgery.insert_layer(network(nn.Dense(2)), 0, nn.BatchNorm(), X)
    np.testing.assert_allclose(new.layers[0].statistics, [X.mean(axis=0), X.var(axis=0, ddof=1)])


def test_inserted_layer_normalisation_is_made_good_as_far_as_possible(X):
    old = network(nn.Dense(8, "tanh"), nn.Dense(8, "tanh"), nn.Dense(2))
    assert surgery.insert_layer(old, 1, "layer_norm", X).change < np.ptp(old.predict(X)) / 2


def test_a_residual_connection_around_a_linear_layer_changes_nothing(X, rng):
    old, others = network(nn.Dense(4, "tanh"), nn.Dense(5), nn.Dense(2)), rng.normal(0, 1, (50, 3))
    operated = surgery.insert_layer(old, 2, nn.Residual(1), X)
    assert is_rounding(operated, X)
    np.testing.assert_allclose(operated.network.predict(others), old.predict(others), atol=1e-12)
    assert kinds(operated.network) == ["dense", "dense", "residual", "dense"]


def test_inside_a_residual_block_the_connection_goes_around_the_new_layer_too(X):
    old = trained(nn.Dense(4, "tanh"), nn.Dense(6, "relu"), nn.Dense(4), nn.Residual(2), nn.Dense(2), X=X)
    for at, span in ((0, 2), (1, 3), (2, 3), (4, 2)):
        operated = surgery.insert_layer(old, at, nn.Dense([3, 4, 6, 0, 4][at], "relu"), X)
        (residual,) = (layer for layer in operated.network.layers if layer.name == "residual")
        assert residual.span == span
        assert is_rounding(operated, X)


# -- more units -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("activation", nn.Activation.names())
@pytest.mark.parametrize(
    "between",
    [[], [nn.Dropout()], [nn.BatchNorm()], [nn.BatchNorm(), nn.Dropout()]],
    ids=lambda layers: "-".join(layer.name for layer in layers),
)
def test_more_units_change_nothing(X, activation, between, dtype):
    layers = [nn.Layer.of(layer.config()) for layer in between]
    old = trained(nn.Dense(4, activation), *layers, nn.Dense(3, "tanh"), nn.Dense(2), X=X, dtype=dtype)
    for operated in (surgery.widen(old, 0, 7, X), surgery.split_neuron(old, 0, 2, X, 0.3)):
        assert is_rounding(operated, X)
    assert surgery.widen(old, 0, 7, X).network.layers[0].units == 7


def test_more_units_change_nothing_in_a_residual_block_and_before_one(X):
    old = trained(nn.Dense(4, "tanh"), nn.Dense(6, "relu"), nn.Dense(4, "elu"), nn.Residual(2), nn.Dense(2), X=X)
    for layer in (0, 1, 2):
        assert is_rounding(surgery.widen(old, layer, 9, X), X)
        assert is_rounding(surgery.split_neuron(old, layer, 3, X), X)


def test_layer_normalisation_allows_every_unit_to_be_doubled(X):
    old = trained(nn.Dense(4, "relu"), nn.LayerNorm(), nn.Dense(2), X=X)
    assert is_rounding(surgery.widen(old, 0, 8, X), X)
    assert 1e-6 < surgery.widen(old, 0, 5, X).change < 0.5


def test_copies_part_the_outgoing_weights_unevenly_and_go_different_ways(X):
    old = network(nn.Dense(3, "tanh"), nn.Dense(2))
    new, _ = surgery.widen(old, 0, 9, X, seed=4)
    incoming, outgoing = new.layers[0].block, dense(new, 1).weights
    for unit, row in enumerate(old.layers[0].block):
        copies = np.flatnonzero((incoming == row).all(axis=1))
        assert len(copies) == 3
        shares = outgoing[0, copies] / dense(old, 1).weights[0, unit]
        assert shares.sum() == pytest.approx(1)
        assert len(np.unique(shares)) == 3
    Trainer(new, X, X[:, :2]).run(1)
    assert len(np.unique(new.layers[0].block, axis=0)) == 9


def test_widening_is_reproducible_and_the_seed_chooses(X):
    old = network(nn.Dense(6, "tanh"), nn.Dense(2))
    one, same, other = (surgery.widen(old, 0, 8, X, seed=seed).network.values for seed in (1, 1, 2))
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)


def test_a_split_neuron_gives_its_share_of_the_outgoing_weights(X):
    old = network(nn.Dense(3, "tanh"), nn.Dense(2))
    new, change = surgery.split_neuron(old, 0, 1, X, share=0.25)
    weights = dense(old, 1).weights[:, 1]
    np.testing.assert_allclose(dense(new, 1).weights[:, 1], 0.75 * weights)
    np.testing.assert_allclose(dense(new, 1).weights[:, 3], 0.25 * weights)
    assert np.array_equal(new.layers[0].block[3], old.layers[0].block[1])
    assert change < 1e-15


# -- fewer ----------------------------------------------------------------------------------------------------


def test_a_dead_constant_copied_or_unheard_neuron_is_not_missed(X):
    for dtype in ("float64", "float32"):
        old = network(nn.Dense(7, "relu"), nn.Dropout(), nn.Dense(3, "tanh"), nn.Dense(2), dtype=dtype)
        block = old.layers[0].block
        block[0, -1] = -100  # dead
        block[1, :-1], block[1, -1] = 0, 2  # constant
        block[2] = block[3]  # a copy
        block[4] = 3 * block[5]  # a multiple, in ReLU
        dense(old, 2).weights[:, 6] = 0  # nobody listens
        for unit in (0, 1, 2, 3, 4, 5, 6):
            assert is_rounding(surgery.remove_neuron(old, 0, unit, X), X), unit


@pytest.mark.parametrize("between", [nn.Dropout(), nn.BatchNorm()], ids=lambda layer: layer.name)
def test_a_neuron_between_linear_layers_is_not_missed_while_the_rest_is_enough(X, between):
    """Five linear units carry three inputs: two are too many."""
    old = trained(nn.Dense(5), nn.Layer.of(between.config()), nn.Dense(2), X=X)
    new, change = surgery.remove_neuron(old, 0, 1, X)
    assert change < 1e-12
    assert surgery.remove_neuron(new, 0, 0, X).change < 1e-12


def test_what_a_neuron_did_is_made_good_by_least_squares(X):
    old = network(nn.Dense(8, "tanh"), nn.Dense(1))
    new, change = surgery.remove_neuron(old, 0, 2, X)
    kept = np.delete(old.activations(X)[0], 2, axis=1)
    best = np.linalg.lstsq(np.column_stack([kept, np.ones(len(X))]), old.predict(X), rcond=None)[0]
    np.testing.assert_allclose(new.layers[1].block[0], best[:, 0], rtol=1e-6)
    plain = np.abs(old.activations(X)[0][:, 2] * dense(old, 1).weights[0, 2]).max()
    assert change < plain


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_a_linear_layer_can_be_removed_without_change(X, dtype):
    old = trained(
        nn.Dense(5, "tanh"),
        nn.Dense(4),
        nn.Dropout(),
        nn.BatchNorm(),
        nn.Dense(3, "elu"),
        nn.Dense(2),
        X=X,
        dtype=dtype,
    )
    operated = surgery.remove_layer(old, 1, X)
    assert is_rounding(operated, X)
    assert kinds(operated.network) == ["dense", "dropout", "batch_norm", "dense", "dense"]


def test_a_relu_layer_that_never_switches_can_be_removed_without_change(X):
    old = network(nn.Dense(5, "tanh"), nn.Dense(4, "relu"), nn.Dense(2))
    dense(old, 1).biases[...] = 50, 50, -50, 50  # on, on, off, on, whatever arrives
    assert is_rounding(surgery.remove_layer(old, 1, X), X)
    assert is_rounding(surgery.remove_layer(old, 1, X[:3]), X[:3])


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_dropout_and_batch_normalisation_can_be_removed_without_change(X, dtype):
    old = trained(nn.Dense(5, "tanh"), nn.BatchNorm(), nn.Dropout(), nn.BatchNorm(), nn.Dense(2), X=X, dtype=dtype)
    for layer in (1, 2, 3):
        assert is_rounding(surgery.remove_layer(old, layer, X), X)


def test_what_was_inserted_can_be_removed_again(X, rng):
    old = trained(nn.Dense(5, "tanh"), nn.Dense(4, "tanh"), nn.Dense(2), X=X)
    others = rng.normal(0, 1, (50, 3))
    for layer in (nn.Dense(5), nn.Dense(5, "relu"), nn.BatchNorm(), nn.Dropout()):
        new, _ = surgery.insert_layer(old, 1, layer, X)
        back, change = surgery.remove_layer(new, 1, X)
        assert change < 1e-11
        assert kinds(back) == kinds(old)
        np.testing.assert_allclose(back.predict(X), old.predict(X), atol=1e-11)
        if layer.name != "dense" or layer.activation.name == "identity":
            np.testing.assert_allclose(back.predict(others), old.predict(others), atol=1e-11)


def test_a_residual_block_shrinks_with_its_layers(X):
    old = network(nn.Dense(4, "tanh"), nn.Dense(4), nn.Dense(4), nn.Residual(2), nn.Dense(2))
    operated = surgery.remove_layer(old, 1, X)
    assert [layer.span for layer in operated.network.layers] == [0, 0, 1, 0]
    assert is_rounding(operated, X)
    with pytest.raises(ValueError, match=r"layers\[1\] \(dense\) is all there is inside layers\[2\] \(residual\)"):
        surgery.remove_layer(operated.network, 1, X)
    assert kinds(surgery.remove_layer(operated.network, 2, X).network) == ["dense", "dense", "dense"]


# -- another activation ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("between", [[], [nn.Dropout()], [nn.BatchNorm()]])
def test_tanh_and_sigmoid_are_the_same_curve(X, between, dtype):
    for old_name, new_name in (("tanh", "sigmoid"), ("sigmoid", "tanh")):
        layers = [nn.Layer.of(layer.config()) for layer in between]
        old = trained(nn.Dense(5, old_name), *layers, nn.Dense(3, "elu"), nn.Dense(2), X=X, dtype=dtype)
        operated = surgery.change_activation(old, 0, new_name, X)
        assert is_rounding(operated, X)
        assert operated.network.layers[0].activation.name == new_name


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("activation", PIECEWISE + LINEAR_FAR_OUT)
def test_a_linear_layer_takes_any_activation_that_has_a_linear_part(X, activation, dtype):
    old = network(nn.Dense(5, "tanh"), nn.Dense(4), nn.Dense(3, "tanh"), nn.Dense(2), dtype=dtype)
    assert is_rounding(surgery.change_activation(old, 1, activation, X), X)


def test_activations_that_coincide_over_the_inputs_leave_all_weights_as_they_are(X):
    old = network(nn.Dense(5, "relu"), nn.Dense(2))
    dense(old, 0).biases[...] = 50
    for activation in ("identity", "leaky_relu", "elu"):
        new, change = surgery.change_activation(old, 0, activation, X)
        assert change == 0
        assert np.array_equal(new.values, old.values)


@pytest.mark.parametrize("old_name", nn.Activation.names())
@pytest.mark.parametrize("new_name", nn.Activation.names())
def test_every_activation_can_take_the_place_of_every_other(X, old_name, new_name):
    """What the layers behind are fitted to is never worse than what they would give without."""
    old = network(nn.Dense(6, old_name), nn.Dense(4, "tanh"), nn.Dense(2))
    new, change = surgery.change_activation(old, 0, new_name, X)
    careless = nn.Network([nn.Dense(6, new_name), nn.Dense(4, "tanh"), nn.Dense(2)], inputs=3, dtype="float64")
    careless.values[...] = old.values
    assert change <= np.abs(careless.predict(X) - old.predict(X)).max() + 1e-14
    assert new.layers[0].activation.name == new_name


def test_the_activation_of_the_output_changes_and_nothing_else(X):
    old = network(nn.Dense(4, "tanh"), nn.Dense(1))
    new, change = surgery.change_activation(old, 1, "tanh", X)
    assert np.array_equal(new.values, old.values)
    assert change == np.abs(np.tanh(old.predict(X)) - old.predict(X)).max()


# -- impossible requests --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("request_of", "message"),
    [
        (lambda net, X: surgery.insert_layer(net, 4, "dense", X), "at: expected an index from 0 to 3, got 4"),
        (lambda net, X: surgery.insert_layer(net, -1, "dense", X), "at: expected an index from 0 to 3, got -1"),
        (
            lambda net, X: surgery.insert_layer(net, cast(int, "end"), "dense", X),
            "at: expected an index from 0 to 3, got 'end'",
        ),
        (lambda net, X: surgery.insert_layer(net, 1, "dens", X), "unknown layer 'dens' (did you mean 'dense'?)"),
        (lambda net, X: surgery.insert_layer(net, 1, nn.Residual(2), X), "at: expected at least 2, since the layer"),
        (lambda net, X: surgery.insert_layer(net, 1, nn.Dense(1, "softmax"), X), "units: 'softmax' needs at least 2"),
        (
            lambda net, X: surgery.widen(net, 3, 9, X),
            "layers[3] (dense) is the output: cannot widen it; possible: 0, 2",
        ),
        (lambda net, X: surgery.widen(net, 1, 9, X), "layers[1] (dropout) is no dense layer: cannot widen it"),
        (lambda net, X: surgery.widen(net, 5, 9, X), "layer: expected an index from 0 to 3, got 5"),
        (lambda net, X: surgery.widen(net, 0, 4, X), "units: layers[0] (dense) has 4, expected more, got 4"),
        (
            lambda net, X: surgery.widen(net, 0, cast(int, "many"), X),
            "widen: expected a whole number units >= 1, got 'many'",
        ),
        (lambda net, X: surgery.split_neuron(net, 0, 4, X), "unit: expected an index from 0 to 3, got 4"),
        (lambda net, X: surgery.split_neuron(net, 0, 0, X, 1.5), "split_neuron: expected 0 <= share <= 1, got 1.5"),
        (lambda net, X: surgery.split_neuron(net, 3, 0, X), "layers[3] (dense) is the output: cannot split a neuron"),
        (lambda net, X: surgery.remove_neuron(net, 0, -1, X), "unit: expected an index from 0 to 3, got -1"),
        (lambda net, X: surgery.remove_neuron(net, 2, 0, X), "units of layers[2] (dense): 1, the fewest that it can"),
        (lambda net, X: surgery.remove_neuron(net, 3, 0, X), "layers[3] (dense) is the output: cannot remove a neuron"),
        (
            lambda net, X: surgery.remove_layer(net, 3, X),
            "layers[3] (dense) is the output: cannot remove it; possible: 0",
        ),
        (lambda net, X: surgery.remove_layer(net, cast(int, 1.5), X), "layer: expected an index from 0 to 3, got 1.5"),
        (lambda net, X: surgery.change_activation(net, 0, "tan", X), "unknown activation 'tan' (did you mean 'tanh'?)"),
        (
            lambda net, X: surgery.change_activation(net, 1, "tanh", X),
            "layers[1] (dropout) has no activation; possible: 0",
        ),
        (
            lambda net, X: surgery.change_activation(net, 2, "softmax", X),
            "units of layers[2] (dense): 1, 'softmax' needs 2",
        ),
        (
            lambda net, X: surgery.widen(net, 0, 9, X[:, :2]),
            "layer 1 (dense): expected inputs (n_samples, 3), got (40, 2)",
        ),
        (lambda net, X: surgery.widen(net, 0, 9, X[:0]), "layer 1 (dense): expected inputs (n_samples, 3), got (0, 3)"),
        (lambda net, X: surgery.widen(net, 0, 9, X * np.nan), "inputs: row 1, column 1 is not a finite number: nan"),
        (lambda net, X: surgery.widen(net, 0, 9, X, seed=-1), "seed: expected a whole number >= 0, got -1"),
        (lambda net, X: surgery.widen(net, 0, 9, X, seed=True), "seed: expected a whole number >= 0, got True"),
        (lambda net, X: surgery.widen(net, False, 9, X), "layer: expected an index from 0 to 3, got False"),
        (
            lambda net, X: surgery.widen(net, 0, 10**9, X),
            "units: expected a network of at most 268,435,456 parameters, got 1,000,000,000 units",
        ),
        (
            lambda net, X: surgery.widen(net, 0, 10**7, X),
            "units: expected at most 1,677,721 with 40 samples in X, got 10,000,000",
        ),
        (
            lambda net, X: surgery.insert_layer(net, 0, nn.Dense(10**8), X),
            "units: expected a network of at most 268,435,456 parameters, got 100,000,000 units",
        ),
    ],
)
def test_an_impossible_request_says_what_is_possible_and_changes_nothing(X, request_of, message):
    old = network(nn.Dense(4, "tanh"), nn.Dropout(), nn.Dense(1, "tanh"), nn.Dense(2))
    values = old.values.copy()
    with pytest.raises(ValueError) as raised:  # noqa: PT011
        request_of(old, X)
    assert str(raised.value).startswith(message)
    assert np.array_equal(old.values, values)


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_a_broken_network_and_enormous_inputs_are_refused(X, operation):
    old = network(nn.Dense(5, "tanh"), nn.Dense(4, "relu"), nn.Dense(2))
    with pytest.raises(ValueError, match=r"^X: expected the inputs to be numbers below"):
        operation(old, X * 1e200)
    old.values[-1] = 1e200
    with pytest.raises(ValueError, match=r"^X: expected what layers\[2\] \(dense\) gives to be numbers below"):
        operation(old, X)
    old.values[-1] = np.nan
    message = r"^surgery: the network has numbers that are not finite, in layers\[2\] \(dense\)$"
    with pytest.raises(ValueError, match=message):
        operation(old, X)


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_what_is_no_network_is_refused(X, operation):
    with pytest.raises(ValueError, match=r"^surgery: expected a Network, got None$"):
        operation(None, X)


def test_silenced_units_are_refused(X):
    silent = network(nn.Dense(3, "tanh", silenced=[1]), nn.Dense(1))
    message = r"^surgery: expected no silenced units, got Dense\(3, .*silenced=\[1\]\); operate first, then silence$"
    with pytest.raises(ValueError, match=message):
        surgery.widen(silent, 0, 5, X)
    with pytest.raises(ValueError, match=message):
        surgery.insert_layer(network(nn.Dense(2)), 0, nn.Dense(3, silenced=[1]), X)


def test_layers_keep_their_regularizer_and_an_inserted_one_brings_its_own(X):
    made, _ = surgery.widen(network(nn.Dense(3, "tanh", regularizer=nn.L2(0.1)), nn.Dense(1)), 0, 5, X)
    made, _ = surgery.insert_layer(made, 1, nn.Dense(5, "relu", regularizer="l1"), X)
    assert [layer.regularizer for layer in made.layers] == [nn.L2(0.1), nn.L1(), None]


def test_the_only_layer_stays(X):
    with pytest.raises(ValueError, match="possible: none, it is the only one"):
        surgery.remove_layer(network(nn.Dense(1)), 0, X)


def test_softmax_is_the_only_activation_that_is_not_taken_elementwise():
    """Operations treat an activation that needs two units as one that mixes them."""
    z = np.array([[0.3, -1.2, 2.0]])
    for name in nn.Activation.names():
        activation = nn.Activation.of(name)
        alone = np.column_stack([apply(activation, z[:, [i]]) for i in range(3)])
        assert np.allclose(alone, apply(activation, z)) == (activation.min_units == 1)
