"""Runs as tables for elsewhere."""

import csv
import io

from msgspec.structs import replace
from sittings import curve_of, run_of

from playground.document.spec import Data, Spec, Weights
from playground.keeping.metrics_csv import CURVE_HEAD, curves_csv, summary_csv
from playground.keeping.tables import loss_tables

SPEC = Spec(data=Data("xor"))
ADAM = replace(SPEC, training=replace(SPEC.training, optimizer="adam", batch_size=7))


def read(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_the_curves_as_a_table_have_every_row_in_full_precision():
    runs = [run_of(1, SPEC, name="a, b"), run_of(2, ADAM)]
    rows = read(curves_csv(runs))
    assert tuple(rows[0]) == CURVE_HEAD
    assert len(rows) == sum(len(run.curve.rows) for run in runs)
    assert rows[0]["name"] == "a, b"
    assert float(rows[4]["train_loss"]) == runs[1].curve.rows[1, 1]
    assert rows[1]["test_loss"] == "nan"


def test_losses_that_cannot_be_compared_belong_to_different_curves_of_the_table():
    run = replace(run_of(1, SPEC), curve=curve_of(5))
    assert [row["curve"] for row in read(curves_csv([run]))] == ["1", "1", "1", "2", "2"]
    (table,) = loss_tables(run.curve)
    assert [row[-1] for row in table.rows] == [1, 1, 1, 2, 2]


def test_results_and_settings_as_a_table_have_a_row_for_each_run():
    iris = replace(SPEC, data=Data("xor", noise=0.2))
    first, second = read(summary_csv([run_of(1, SPEC), run_of(2, iris, parent=1)]))
    assert (first["run"], first["parent"], second["parent"]) == ("1", "", "1")
    assert float(first["train_loss"]) == run_of(1, SPEC).stand.train_loss
    assert (first["dataset"], second["noise"], first["optimizer"], first["seed"]) == ("xor", "0.2", "sgd", "0")
    assert first["layers"] == "Dense 4 tanh; Dense 2 tanh"


def test_all_that_is_particular_to_the_output_is_in_the_table():
    frozen = replace(SPEC, output=Weights(frozen=True))
    first, second = read(summary_csv([run_of(1, SPEC), run_of(2, frozen)]))
    assert second["output"] == f"{first['output']}, frozen"


def test_runs_with_other_scores_share_a_table():
    plane = Spec(data=Data("plane"), output_activation="identity", training=replace(SPEC.training, loss="half_squared"))
    first, second = read(summary_csv([run_of(1, SPEC), run_of(2, plane)]))
    assert first["test_accuracy"] != ""
    assert (first["test_r2"], second["test_accuracy"]) == ("", "")
    assert float(second["test_r2"]) <= 1
