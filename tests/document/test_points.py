"""Points of one's own: painting, moving and erasing keep everything else as it is."""

import numpy as np
import pytest

from playground.document import edits
from playground.document.edits import ImpossibleEditError
from playground.document.spec import OUTPUT_ID, Data, Spec, decode, encode
from playground.document.table import OWN, Table, table_of
from playground.engine.problem import make_problem

SPIRAL = Spec(data=Data("spiral", samples=60, noise=0.1, train_share=0.7), seed=4)


def shown(spec: Spec) -> Table:
    table = make_problem(spec).table
    assert table is not None
    return table


def own(spec: Spec) -> Table:
    assert spec.data.own is not None
    return spec.data.own


def test_the_first_stroke_makes_the_samples_there_are_ones_own():
    before = make_problem(SPIRAL)
    new = edits.paint_points([(1.0, 2.0)], 1.0, of=shown(SPIRAL))(SPIRAL)
    after = make_problem(new)
    assert new.data.dataset == OWN
    assert own(new).n_rows == 61
    for old_part, new_part in ((before.train, after.train), (before.test, after.test)):
        assert {*map(tuple, old_part.points.tolist())} <= {*map(tuple, new_part.points.tolist())}
    assert len(after.train.points) + len(after.test.points) == 61


@pytest.mark.parametrize("seed", [0, 4, 77])
def test_no_edit_of_points_moves_another_one_from_training_to_test(seed):
    spec = edits.set_seed(seed)(edits.paint_points([(0.0, 0.0)], 1.0, of=shown(SPIRAL))(SPIRAL))
    train = {*map(tuple, make_problem(spec).train.points.tolist())}
    row = int(make_problem(spec).test.rows[0])
    for edit in (edits.paint_points([(5.0, 5.0)], -1.0), edits.erase_points([row]), edits.move_point(row, (5.5, 5.5))):
        changed = {*map(tuple, make_problem(edit(spec)).train.points.tolist())}
        assert changed - {(5.0, 5.0)} == train


def test_rows_of_the_samples_are_those_of_the_table():
    problem = make_problem(edits.paint_points([(1.0, 2.0)], 1.0, of=shown(SPIRAL))(SPIRAL))
    assert problem.table is not None
    for part in (problem.train, problem.test):
        np.testing.assert_array_equal(problem.table.rows.X[part.rows], part.points)
        np.testing.assert_array_equal(problem.table.rows.y[part.rows], part.labels[:, 0])


def test_points_are_kept_inside_the_plane():
    new = edits.paint_points([(99.0, -99.0)], 1.0, of=shown(SPIRAL))(SPIRAL)
    assert own(new).rows.X[-1].tolist() == [6, -6]
    assert own(edits.move_point(0, (0.5, 7))(new)).rows.X[0].tolist() == [0.5, 6]


def test_the_last_point_cannot_be_erased():
    spec = edits.clear_points()(SPIRAL)
    spec = edits.erase_points([0])(spec)
    with pytest.raises(ImpossibleEditError, match="one point has to stay"):
        edits.erase_points([0])(spec)


def test_a_single_point_is_trained_and_tested_on():
    problem = make_problem(edits.erase_points([0])(edits.clear_points()(SPIRAL)))
    assert len(problem.train.points) == 1
    assert problem.test is problem.train


@pytest.mark.parametrize(("classes", "outputs", "loss"), [(2, 1, "half_squared"), (3, 3, "categorical_crossentropy")])
def test_an_empty_plane_has_one_point_of_each_class(classes, outputs, loss):
    spec = edits.clear_points(classes)(SPIRAL)
    assert own(spec).n_rows == classes
    assert (spec.n_outputs, spec.training.loss) == (outputs, loss)


def test_an_empty_plane_of_values_is_a_regression():
    spec = edits.clear_points(0)(SPIRAL)
    assert spec.dataset.task == "regression"
    painted = edits.paint_points([(1.0, 1.0)], 0.37)(spec)
    assert own(painted).rows.y[-1] == 0.37


def test_classes_can_be_added_and_taken_away():
    spec = edits.paint_points([(0.0, 1.0)], 1.0)(edits.clear_points(2)(SPIRAL))
    three = edits.set_class_count(3)(spec)
    assert own(three).rows.y.tolist() == [0, 1, 1]
    assert three.n_outputs == 3
    painted = edits.paint_points([(2.0, 2.0)], 2.0)(three)
    two = edits.set_class_count(2)(painted)
    assert own(two).rows.y.tolist() == [-1, 1, 1, 1]
    assert two.n_outputs == 1


def test_another_number_of_classes_leaves_each_point_in_training_or_test():
    before = make_problem(SPIRAL).train.points
    after = make_problem(edits.set_class_count(4, of=shown(SPIRAL))(SPIRAL)).train.points
    assert {*map(tuple, after.tolist())} == {*map(tuple, before.tolist())}


def test_an_output_that_is_gone_is_frozen_no_more():
    four = edits.set_class_count(4, of=shown(SPIRAL))(SPIRAL)
    spec = edits.freeze_unit(OUTPUT_ID, 3)(edits.freeze_unit(OUTPUT_ID, 1)(four))
    assert edits.set_class_count(3)(spec).output.frozen_units == (1,)


def test_points_cannot_be_painted_into_data_of_more_inputs():
    iris = edits.set_dataset("iris")(Spec())
    with pytest.raises(ImpossibleEditError, match="Iris has 4 inputs"):
        edits.paint_points([(0.0, 0.0)], 1.0, of=shown(SPIRAL))(iris)


def test_a_label_that_is_none_is_refused():
    with pytest.raises(ValueError, match="label of the table is that of no class"):
        edits.paint_points([(0.0, 0.0)], 0.5, of=shown(SPIRAL))(SPIRAL)


def test_another_data_set_keeps_the_own_points_for_later():
    spec = edits.paint_points([(1.0, 2.0)], 1.0, of=shown(SPIRAL))(SPIRAL)
    back = edits.set_dataset(OWN)(edits.set_dataset("circle")(spec))
    assert back.data.own == spec.data.own
    with pytest.raises(ImpossibleEditError, match="no points of your own yet"):
        edits.set_dataset(OWN)(SPIRAL)


def test_points_survive_a_file_bit_for_bit():
    spec = edits.paint_points([(0.1, 1 / 3)], 1.0, of=shown(SPIRAL))(SPIRAL)
    assert decode(encode(spec)) == spec


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"X": np.empty((0, 2)), "y": np.empty(0), "lots": np.empty(0)}, "from 1 to 20,000 rows"),
        ({"X": np.array([[np.nan, 0.0]]), "y": np.array([1.0])}, "have to be finite"),
        ({"y": np.array([3.0])}, "that of no class"),
        ({"lots": np.array([1.0])}, "from 0 to less than 1"),
        ({"domain": (2.0, 2.0)}, "domain of a table"),
        ({"task": "classes"}, "got classes with 2 names"),
    ],
)
def test_a_table_that_makes_no_sense_is_refused(change, message):
    fine = {
        "X": np.zeros((1, 2)), "y": np.ones(1), "label": "x", "task": "binary", "input_names": ("a", "b"),
        "class_names": ("p", "q"), "lots": np.zeros(1),
    }  # fmt: skip
    X, y = (change.get(name, fine[name]) for name in ("X", "y"))
    told = {name: value for name, value in {**fine, **change}.items() if name not in ("X", "y")}
    with pytest.raises(ValueError, match=message):
        table_of(X, y, **told)


def test_strokes_one_after_the_other_are_dealt_as_evenly_as_one():
    spec = edits.clear_points()(Spec())
    for x in range(98):
        spec = edits.paint_points([(x / 100, 0.0)], 1.0)(spec)
    assert own(spec).in_training(0.6, 0).mean() == pytest.approx(0.6, abs=0.03)


def test_of_few_points_the_one_that_a_greater_share_would_train_on_is_trained_on():
    table = table_of(
        np.zeros((3, 2)), np.ones(3), label="x", task="binary", input_names=("a", "b"), class_names=("p", "q"),
        lots=np.array([0.7, 0.5, 0.6]),
    )  # fmt: skip
    assert table.in_training(0.1, 0).tolist() == table.in_training(0.55, 0).tolist() == [False, True, False]


def test_a_share_is_dealt_evenly_and_another_seed_deals_anew():
    table = own(edits.paint_points([(x / 100, 0.0) for x in range(198)], 1.0)(edits.clear_points()(Spec())))
    parts = [table.in_training(0.6, seed) for seed in (0, 1)]
    assert all(abs(part.mean() - 0.6) < 0.03 for part in parts)
    assert (parts[0] != parts[1]).mean() > 0.2
