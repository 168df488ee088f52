"""The window's copy of the network: what it evaluates, and how often."""

from __future__ import annotations

import numpy as np
import pytest
from msgspec.structs import replace

import nncore as nn
from playground.document import edits
from playground.document.spec import Data, Layer, Spec
from playground.engine.mirror import MOST_NUMBERS, RESOLUTION, Mirror
from playground.engine.session import Session

SPEC = Spec(data=Data("spiral"), layers=(Layer("dense", 1, 5), Layer("dropout", 2), Layer("dense", 3, 3)))


@pytest.fixture
def session() -> Session:
    session = Session(SPEC)
    session.advance(10, 50)
    return session


@pytest.fixture
def mirror(session) -> Mirror:
    mirror = Mirror(SPEC)
    mirror.load(session.network.parameters)
    return mirror


def test_it_predicts_what_the_session_does(session, mirror):
    inputs = session.problem.test.inputs
    np.testing.assert_array_equal(mirror.network.predict(inputs), session.network.predict(inputs))


def test_there_is_a_map_for_every_input_and_every_unit_of_every_layer(mirror):
    assert [maps.shape for maps in mirror.maps] == [(n, RESOLUTION, RESOLUTION) for n in (2, 5, 5, 3, 1)]


def test_row_0_is_the_bottom_and_column_0_the_left(mirror):
    x1, x2 = mirror.maps[0]
    assert (x1[0, 0], x1[-1, 0], x1[0, -1]) == (-1, -1, 1)
    assert (x2[0, 0], x2[-1, 0], x2[0, -1]) == (-1, 1, -1)


def test_the_surface_agrees_with_the_score_at_a_point(mirror):
    low, high = mirror.problem.domain
    ticks = np.linspace(low, high, RESOLUTION)
    for row, column in ((0, 0), (0, 99), (99, 0), (30, 70)):
        assert mirror.surface[row, column] == pytest.approx(mirror.score_at(ticks[column], ticks[row]), abs=1e-5)


def test_the_surface_of_a_sigmoid_reaches_from_minus_one_to_one():
    mirror = Mirror(edits.set_activation(0, "sigmoid")(SPEC))
    parameters = np.zeros_like(mirror.network.parameters)
    for bias, score in ((-50, -1), (0, 0), (50, 1)):
        parameters[-1] = bias
        mirror.load(parameters)
        assert mirror.surface.mean() == pytest.approx(score)


def test_activations_and_gradients_are_those_of_the_training_set(session, mirror):
    train = session.problem.train
    for mine, theirs in zip(mirror.activations, session.network.activations(train.inputs), strict=True):
        np.testing.assert_array_equal(mine, theirs)
    flat = session.network.gradients(train.inputs, train.targets, SPEC.training.loss)
    np.testing.assert_array_equal(np.concatenate(mirror.gradients), flat)
    assert [len(gradients) for gradients in mirror.gradients] == [15, 0, 18, 4]


def test_what_is_asked_for_twice_is_computed_once_per_load(mirror):
    assert mirror.maps is mirror.maps
    before = mirror.surface
    mirror.load(mirror.network.parameters * 2)
    assert mirror.surface is not before
    assert not np.array_equal(mirror.surface, before)


def test_loading_other_parameters_leaves_results_given_out_as_they_were(mirror):
    activations = mirror.activations[0]
    before = activations.copy()
    mirror.load(mirror.network.parameters * 2)
    _ = mirror.activations
    np.testing.assert_array_equal(activations, before)


def test_the_map_of_every_input_feature_reaches_one_at_its_peak():
    maps = Mirror(Spec(features=tuple(nn.Feature.names()))).maps[0]
    assert np.isfinite(maps).all()
    assert np.abs(maps).max(axis=(1, 2)) == pytest.approx(1.0)


def test_parameters_of_another_shape_are_refused(mirror):
    with pytest.raises(ValueError, match="shape"):
        mirror.load(np.zeros(3))


# -- samples with many inputs ----------------------------------------------------------------------


@pytest.mark.parametrize("kinds", [("dense",), ("dropout", "dense"), ("batch_norm", "dense"), ("dense", "residual")])
@pytest.mark.parametrize("dataset", ["iris", "digits"])
def test_the_surface_is_what_the_network_says_of_the_points_of_the_plane(dataset, kinds):
    layers = tuple(Layer(kind, index) for index, kind in enumerate(kinds, start=1))
    spec = edits.set_dataset(dataset)(Spec(layers=layers))
    session = Session(spec)
    session.advance(10, 50)
    mirror = Mirror(spec)
    mirror.load(session.network.values)
    points = np.array([[-1.0, 0.5], [0.3, 1.0]])
    assert mirror.problem.plane is not None
    expected = 2 * session.network.predict(mirror.problem.plane.lift(points)) - 1
    for point, scores in zip(points, expected, strict=True):
        np.testing.assert_allclose(mirror.scores_at(*point), scores, atol=2e-5)
    low, high = mirror.problem.domain
    surfaces = mirror.maps[-1]
    ticks = np.linspace(low, high, surfaces.shape[-1])
    np.testing.assert_allclose(surfaces[:, 3, 7], mirror.scores_at(ticks[7], ticks[3]), atol=2e-5)


def test_a_picture_of_ten_thousand_inputs_costs_no_more_than_one_of_two():
    mirror = Mirror(edits.set_dataset("images")(Spec()))
    assert mirror.maps[-1].shape == (1, RESOLUTION, RESOLUTION)
    assert mirror._grid.shape == (RESOLUTION**2, 2)


def test_a_layer_that_needs_all_inputs_is_looked_at_in_fewer_places():
    mirror = Mirror(edits.set_dataset("images")(Spec(layers=(Layer("layer_norm", 1), Layer("dense", 2)))))
    assert mirror._grid.size <= MOST_NUMBERS
    assert mirror.maps[-1].shape[-1] < RESOLUTION


def test_inputs_that_are_folded_have_no_maps():
    assert len(Mirror(edits.set_dataset("iris")(Spec())).maps[0]) == 4
    assert len(Mirror(edits.set_dataset("digits")(Spec())).maps[0]) == 0


def test_running_statistics_are_loaded_with_the_parameters():
    spec = Spec(layers=(Layer("dense", 1), Layer("batch_norm", 2), Layer("dense", 3)))
    session = Session(spec)
    session.advance(10, 100)
    mirror = Mirror(spec)
    mirror.load(session.network.values)
    inputs = session.problem.test.inputs
    np.testing.assert_array_equal(mirror.network.predict(inputs), session.network.predict(inputs))


def test_points_that_reach_farther_are_another_plane_to_look_at():
    near = edits.clear_points()(SPEC)
    assert near.data.own is not None
    far = edits.open_table(replace(near.data.own, domain=(-20.0, 20.0)))(near)
    mirror = Mirror(near)
    assert mirror.take(edits.set_train_share(0.7)(near))
    assert not mirror.take(far)
