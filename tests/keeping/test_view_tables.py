"""What stands in the CSV files of the views: every number, exactly, with names above."""

import csv

import numpy as np
import pytest

import nncore as nn
from playground.document import edits
from playground.document.presets import preset
from playground.document.spec import Data, Layer, Spec
from playground.engine.mirror import Mirror
from playground.engine.session import Session
from playground.engine.snapshot import Curve
from playground.keeping.tables import (
    Table,
    activations_tables,
    beginning,
    gradients_tables,
    loss_tables,
    metrics_tables,
    surface_tables,
    weights_tables,
    write_tables,
)

TWO_LAYERS = Spec(data=Data(samples=40), layers=(Layer("dense", 1, units=3), Layer("batch_norm", 2)))
IRIS = preset("tutorial-iris").spec


def trained(spec, epochs=2):
    session = Session(spec)
    for _ in range(epochs):
        session.step_epoch()
    mirror = Mirror(spec, session.problem)
    mirror.load(session.network.values)
    return mirror


def rows_of(table):
    return list(table.rows)


def read(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_the_surface_has_a_row_for_every_point_of_the_grid_with_the_output_of_the_network():
    mirror = trained(TWO_LAYERS)
    surface, _ = surface_tables(mirror)
    rows = np.array(rows_of(surface))
    assert surface.names == ("x1", "x2", "output")
    assert len(rows) == mirror.surface.size
    inputs = nn.features.transform(rows[:, :2], mirror.spec.features)
    assert np.allclose(rows[:, 2], mirror.network.predict(inputs)[:, 0], rtol=0, atol=1e-6)
    assert np.allclose(rows[:, 2].reshape(mirror.surface.shape), mirror.surface, atol=1e-5)


def test_the_points_stand_in_a_second_table_each_with_its_set():
    mirror = trained(TWO_LAYERS)
    points = rows_of(surface_tables(mirror)[1])
    problem = mirror.problem
    assert [row[3] for row in points].count("training") == len(problem.train.points)
    assert [row[3] for row in points].count("test") == len(problem.test.points)
    assert points[0][:2] == tuple(problem.train.points[0])


def test_samples_of_more_inputs_have_axes_in_their_own_units_and_an_output_per_class():
    mirror = trained(IRIS)
    surface, points = surface_tables(mirror)
    plane, low = mirror.problem.plane, mirror.problem.domain[0]
    assert plane is not None
    assert surface.names[:2] == plane.names
    assert surface.names[2:] == tuple(f"output {name}" for name in mirror.problem.dataset.class_names)
    assert {row[2] for row in points.rows} == set(mirror.problem.dataset.class_names)
    first = next(iter(surface.rows))
    assert first[:2] == pytest.approx([plane.label(0, low), plane.label(1, low)])


def test_the_loss_has_every_row_and_says_where_another_curve_begins():
    rows = np.array([(0, 0.5, 0.6), (1.5, 0.1, float("nan")), (2, 0.3, 0.4)])
    (table,) = loss_tables(Curve(rows, np.array([4.0, 4.0, 7.0])))
    assert table.names == ("epoch", "train_loss", "test_loss", "curve")
    told = rows_of(table)
    assert [row[3] for row in told] == [1, 1, 2]
    assert told[0][:3] == (0, 0.5, 0.6)
    assert np.isnan(told[1][2])


def test_every_parameter_has_a_row_that_says_where_it_comes_from():
    mirror = trained(TWO_LAYERS)
    (table,) = weights_tables(mirror)
    rows = rows_of(table)
    assert len(rows) == len(mirror.network.parameters)
    assert rows[0][:3] == ("Dense 1", "1", "x₁")
    assert rows[2][:3] == ("Dense 1", "1", "bias")
    assert ("BatchNorm 1", "1", "gain") in {row[:3] for row in rows}
    assert rows[-2][:3] == ("Output", "1", "BatchNorm 1, unit 3")
    assert sorted(row[3] for row in rows) == sorted(mirror.network.parameters.tolist())


def test_gradients_have_the_same_rows_as_weights():
    mirror = trained(TWO_LAYERS)
    weights, gradients = rows_of(weights_tables(mirror)[0]), rows_of(gradients_tables(mirror)[0])
    assert [row[:3] for row in weights] == [row[:3] for row in gradients]
    assert sorted(row[3] for row in gradients) == sorted(np.concatenate(mirror.gradients).tolist())


def test_activations_have_a_row_per_sample_and_a_column_per_unit():
    mirror = trained(TWO_LAYERS)
    (table,) = activations_tables(mirror)
    rows = rows_of(table)
    assert table.names[:2] == ("sample", "Dense 1, unit 1")
    assert len(rows) == len(mirror.problem.train.inputs)
    assert list(rows[0][1:]) == [value for layer in mirror.activations for value in layer[0].tolist()]


def test_the_confusion_matrix_counts_every_sample_of_both_sets():
    mirror = trained(IRIS)
    figures, counts = metrics_tables(mirror)
    told = rows_of(counts)
    problem = mirror.problem
    assert sum(row[3] for row in told) == len(problem.train.labels) + len(problem.test.labels)
    right = sum(row[3] for row in told if row[0] == "training" and row[1] == row[2])
    assert rows_of(figures)[0][2] == pytest.approx(right / len(problem.train.labels))


def test_values_have_figures_and_what_was_said_of_each_sample():
    mirror = trained(edits.set_dataset("plane")(TWO_LAYERS))
    figures, values = metrics_tables(mirror)
    assert figures.names == ("set", "r2", "rmse", "mae")
    errors = [row[2] - row[1] for row in values.rows if row[0] == "training"]
    assert rows_of(figures)[0][3] == pytest.approx(np.mean(np.abs(errors)))


def test_a_file_holds_every_digit_and_further_tables_stand_beside_it(tmp_path):
    value = float(np.float32(0.1))
    written = write_tables(
        tmp_path / "surface.csv", [Table("", ("x₁", "y"), [(value, "a,b")]), Table("points", ("n",), [(1,)])]
    )
    assert [path.name for path in written] == ["surface.csv", "surface-points.csv"]
    names, row = read(written[0])
    assert names == ["x₁", "y"]
    assert row == [repr(value), "a,b"]
    assert float(row[0]) == value
    assert read(written[1]) == [["n"], ["1"]]


def test_a_file_that_cannot_be_written_leaves_the_old_one_and_nothing_else(tmp_path):
    path = tmp_path / "old.csv"
    path.write_text("old")

    def rows():
        yield (1,)
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        write_tables(path, [Table("", ("n",), rows())])
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_the_beginning_of_a_table_is_that_of_its_file():
    table = Table("", ("n",), ((number,) for number in range(100)))
    assert beginning(table, 2) == "n\n0\n1\n"
