"""The plane on which samples of many inputs are looked at: two of them, the others held."""

import numpy as np
import pytest

from playground.document import edits
from playground.document.spec import Layer, Spec
from playground.document.table import table_of
from playground.engine.mirror import Mirror
from playground.engine.planes import Plane
from playground.engine.problem import Problem, make_problem

IRIS = edits.set_dataset("iris")(Spec(layers=(Layer("dense", 1, 5), Layer("dense", 2, 3))))


def seen(spec: Spec) -> tuple[Problem, Plane]:
    """The samples, and the plane on which they are looked at."""
    problem = make_problem(spec)
    assert problem.plane is not None
    return problem, problem.plane


def test_two_inputs_span_the_plane_and_are_told_in_their_own_units():
    problem, plane = seen(edits.set_axes((2, 0))(IRIS))
    assert plane.names == ("petal length", "sepal length")
    x, y = plane.project(problem.train.inputs).T
    np.testing.assert_allclose([plane.label(0, u) for u in x], problem.train.inputs[:, 2], rtol=1e-5)
    np.testing.assert_allclose([plane.label(1, u) for u in y], problem.train.inputs[:, 0], rtol=1e-5)
    assert np.abs(problem.train.points).max() <= 1 == problem.domain[1]


def test_the_other_inputs_are_held_at_their_mean_or_where_one_puts_them():
    spec = edits.hold_input(1, 3.9)(edits.set_axes((2, 0))(IRIS))
    problem, plane = seen(spec)
    lifted = plane.lift(np.array([[0.3, -0.8], [1.0, 1.0]]))
    np.testing.assert_allclose(lifted[:, 1], 3.9, rtol=1e-6)
    np.testing.assert_allclose(lifted[:, 3], problem.train.inputs[:, 3].mean(), rtol=1e-5)
    assert edits.hold_input(1, None)(spec).cut.held == ()


@pytest.mark.parametrize("axes", [(0, 1), (3, 2)])
def test_the_surface_is_what_the_network_says_there(axes):
    spec = edits.hold_input(next(i for i in range(4) if i not in axes), 0.5)(edits.set_axes(axes)(IRIS))
    mirror, (_, plane) = Mirror(spec), seen(spec)
    points = np.array([[-1.0, -1.0], [1.0, -1.0], [0.2, 0.7]])
    expected = 2 * mirror.network.predict(plane.lift(points)) - 1
    found = np.array([mirror.scores_at(*point) for point in points])
    np.testing.assert_allclose(found, expected, atol=1e-5)
    np.testing.assert_allclose(mirror.maps[-1][:, 0, 0], expected[0], atol=1e-5)


def test_how_it_is_looked_at_changes_nothing_that_is_learned():
    assert edits.set_axes((0, 1))(IRIS).learned == IRIS.learned


@pytest.mark.parametrize("axes", [(0, 0), (0, 4)])
def test_impossible_axes_are_refused(axes):
    with pytest.raises(ValueError, match="plane that is looked at"):
        edits.set_axes(axes)(IRIS)


def test_another_data_set_is_looked_at_afresh():
    spec = edits.hold_input(1, 3.9)(edits.set_axes((2, 0))(IRIS))
    assert edits.set_dataset("digits")(spec).cut == Spec().cut
    assert edits.set_dataset("circle")(spec).cut == Spec().cut
    X = np.arange(20.0).reshape(5, 4)
    table = table_of(X, X[:, 0], label="x", task="regression", input_names=("a", "b", "c", "d"))
    assert edits.open_table(table)(spec).cut == Spec().cut


def test_inputs_are_held_in_their_order_whichever_comes_first():
    first, second = edits.hold_input(3, 0.5), edits.hold_input(1, 0.7)
    assert second(first(IRIS)).cut == first(second(IRIS)).cut


def test_an_input_that_is_the_same_everywhere_has_room_on_the_plane():
    X = np.column_stack([np.arange(5.0), np.full(5, 3.0), np.arange(5.0) ** 2])
    table = table_of(X, X[:, 0], label="x", task="regression", input_names=("a", "b", "c"))
    _, plane = seen(edits.set_axes((1, 0))(edits.open_table(table)(IRIS)))
    assert (plane.label(0, -1.0), plane.label(0, 0.0), plane.label(0, 1.0)) == (2.0, 3.0, 4.0)
