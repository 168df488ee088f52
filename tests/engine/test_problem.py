"""From a spec to data and network."""

from __future__ import annotations

import numpy as np
import pytest

import nncore as nn
from playground.document import edits
from playground.document.spec import MAX_LAYERS, MAX_UNITS, MAX_VALUES, Data, Layer, Spec, Training
from playground.engine.planes import principal_plane
from playground.engine.problem import (
    make_network,
    make_problem,
    output_to_score,
    seeds,
)
from playground.engine.protocol import CAPACITY


@pytest.mark.parametrize(("share", "n_train"), [(0.1, 50), (0.5, 250), (0.9, 450)])
def test_the_training_share_splits_the_points(share, n_train):
    problem = make_problem(Spec(data=Data(train_share=share)))
    assert len(problem.train.points) == n_train
    assert len(problem.test.points) == 500 - n_train


@pytest.mark.parametrize("share", [0.1, 0.9])
def test_neither_set_is_ever_empty(share):
    problem = make_problem(Spec(data=Data(samples=4, train_share=share)))
    assert len(problem.train.points) >= 1
    assert len(problem.test.points) >= 1


def test_the_truth_table_is_trained_and_tested_on_its_four_points():
    problem = make_problem(Spec(data=Data("xor_truth_table", samples=4)))
    assert sorted(problem.train.points.tolist()) == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert problem.test is problem.train


def test_inputs_are_the_chosen_features_in_their_order():
    problem = make_problem(Spec(features=("x1_squared", "x2")))
    x1, x2 = problem.train.points.T
    np.testing.assert_allclose(problem.train.inputs, np.column_stack([x1**2, x2]))


def test_the_same_seed_gives_the_same_points_and_another_gives_others():
    points = [make_problem(Spec(seed=seed)).train.points for seed in (1, 1, 2)]
    np.testing.assert_array_equal(points[0], points[1])
    assert not np.array_equal(points[0], points[2])


def test_a_sigmoid_is_to_become_zero_or_one_and_is_shown_on_the_scale_of_the_labels():
    spec = edits.set_activation(0, "sigmoid")(Spec())
    train = make_problem(spec).train
    assert set(train.labels.ravel()) == {-1, 1}
    np.testing.assert_array_equal(train.targets, (train.labels + 1) / 2)
    np.testing.assert_array_equal(output_to_score(spec, train.targets), train.labels)


def test_other_outputs_are_to_become_the_labels():
    train = make_problem(Spec()).train
    np.testing.assert_array_equal(train.targets, train.labels)
    np.testing.assert_array_equal(output_to_score(Spec(), train.targets), train.labels)


def test_the_network_has_the_layers_of_the_spec_and_one_output():
    layers = (Layer("dense", 1, 5, "relu"), Layer("dropout", 2, rate=0.4), Layer("dense", 3, 3, "sigmoid"))
    network = make_network(Spec(layers=layers, features=("x1", "x2", "sin_x1")))
    assert [layer.units for layer in network.layers] == [5, 5, 3, 1]
    assert [layer.activation.name for layer in network.layers] == ["relu", "identity", "sigmoid", "tanh"]
    assert isinstance(network.layers[1], nn.Dropout)
    assert network.layers[1].rate == 0.4
    assert network.inputs == 3


def test_seed_precision_and_initializer_reach_the_network():
    spec = Spec(seed=4, dtype="float64", training=Training(initializer="uniform"))
    network = make_network(spec)
    expected = nn.Network(
        [nn.Dense(4, "tanh"), nn.Dense(2, "tanh"), nn.Dense(1, "tanh")],
        2,
        seed=seeds(spec).weights,
        dtype="float64",
        initializer="uniform",
    )
    np.testing.assert_array_equal(network.parameters, expected.parameters)
    assert network.parameters.dtype == np.float64


@pytest.mark.parametrize("kind", ["dense", "batch_norm", "layer_norm"])
def test_a_spec_knows_how_many_numbers_its_network_has(kind):
    spec = Spec(layers=(Layer("dense", 1, 7), Layer(kind, 2, 5), Layer("dropout", 3), Layer("dense", 4, 3)))
    assert spec.n_values == len(make_network(spec).values)


def test_a_network_that_does_not_fit_into_the_shared_block_is_refused():
    layers = tuple(Layer("dense", layer_id, MAX_UNITS) for layer_id in range(1, MAX_LAYERS + 1))
    with pytest.raises(ValueError, match=r"would have [0-9,]+ parameters; there is room for 2,000,000"):
        Spec(layers=layers)
    assert MAX_VALUES <= CAPACITY


def test_classes_beyond_two_have_an_output_each():
    spec = edits.set_dataset("blobs")(Spec())
    train = make_problem(spec).train
    assert set(train.labels.ravel()) == {0, 1, 2}
    np.testing.assert_array_equal(train.targets.argmax(axis=1), train.labels[:, 0])
    assert set(train.targets.ravel()) == {0, 1}
    signed = make_problem(edits.set_loss("hinge")(spec)).train
    assert set(signed.targets.ravel()) == {-1, 1}


def test_values_are_taken_as_they_are_and_shown_on_the_scale_of_the_greatest():
    spec = edits.set_dataset("gaussians")(Spec())
    problem = make_problem(spec)
    np.testing.assert_array_equal(problem.train.targets, problem.train.labels)
    assert np.abs(output_to_score(spec, problem.train.targets, problem.limit)).max() == 1


def test_measured_inputs_are_standardised_and_pixels_are_centred():
    iris, digits = (make_problem(edits.set_dataset(name)(Spec())) for name in ("iris", "digits"))
    for problem, deviation in ((iris, 1.0), (digits, None)):
        assert problem.standardization is not None
        inputs = problem.standardization.apply(problem.train.inputs)
        np.testing.assert_allclose(inputs.mean(axis=0), 0, atol=1e-6)
        if deviation is not None:
            np.testing.assert_allclose(inputs.std(axis=0), deviation, rtol=1e-6)
    assert digits.standardization is not None
    np.testing.assert_array_equal(digits.standardization.scale, 1)


def test_more_samples_than_there_are_means_all():
    problem = make_problem(
        Spec(
            data=Data("iris", samples=500, train_share=0.8),
            output_activation="softmax",
            training=Training(loss="categorical_crossentropy"),
        )
    )
    assert (len(problem.train.inputs), len(problem.test.inputs)) == (120, 30)


def test_samples_with_many_inputs_are_drawn_where_they_differ_most():
    problem = make_problem(edits.set_dataset("iris")(Spec()))
    inputs = problem.train.inputs - problem.train.inputs.mean(axis=0)
    variances = np.linalg.eigvalsh(inputs.T @ inputs / len(inputs))[::-1]
    np.testing.assert_allclose(problem.train.points.var(axis=0), variances[:2], rtol=1e-3)
    low, high = problem.domain
    assert low < problem.train.points.min() < problem.train.points.max() < high


def test_the_principal_plane_of_few_samples_is_that_of_many_inputs():
    X = np.random.default_rng(0).normal(size=(6, 40))
    few, many = principal_plane(X), principal_plane(np.repeat(X, 10, axis=0))
    np.testing.assert_allclose(few.axes, many.axes, atol=1e-8)
    np.testing.assert_allclose(few.project(few.lift(np.array([[0.3, -2]]))), [[0.3, -2]])


def test_a_residual_connection_spans_no_more_layers_than_there_are():
    layers = (Layer("residual", 1), Layer("dense", 2), Layer("residual", 3, span=9))
    network = make_network(Spec(layers=layers))
    assert [layer.span for layer in network.layers] == [0, 0, 2, 0]
    points = np.array([[0.5, -1.0]])
    np.testing.assert_array_equal(network.activations(points)[0], points.astype("f4"))


def test_a_truth_table_has_each_of_its_rows_once_however_many_samples_are_asked_for():
    problem = make_problem(Spec(data=Data("xor_truth_table", samples=500)))
    assert sorted(map(tuple, problem.train.points)) == [(0, 0), (0, 1), (1, 0), (1, 1)]


def test_pictures_are_not_drawn_again_for_settings_they_do_not_follow(monkeypatch):
    make_problem(Spec(data=Data("images")))
    monkeypatch.setattr(nn.Dataset.named("images"), "draw", None)
    assert len(make_problem(Spec(data=Data("images", samples=55, train_share=0.3))).train.inputs) == 209


def test_samples_are_kept_from_edit_to_edit():
    drawn = [Spec(data=Data(name)) for name in ("xor", "iris", "images")]
    painted = edits.paint_points([(1.0, 2.0)], 1.0, of=make_problem(drawn[0]).table)(drawn[0])
    for spec in (*drawn, painted):
        faster = edits.set_learning_rate(0.5)(spec)
        assert make_problem(faster).train.labels is make_problem(spec).train.labels, spec.data.dataset


def test_pictures_outlive_any_number_of_strokes():
    pictures = make_problem(Spec(data=Data("images"))).train.labels
    for seed in range(20):
        make_problem(Spec(seed=seed))
    assert make_problem(Spec(data=Data("images"))).train.labels is pictures
