"""Runs: kept when they are left, named, removed and gone on from; within limits, and as tables for elsewhere."""

import csv
import io
import time

import numpy as np
import pytest
from msgspec.structs import replace
from psygnal import Signal
from sittings import curve_of, run_of

from playground.document import edits
from playground.document.document import Document
from playground.document.spec import Data, Spec
from playground.engine.client import Engine, Left, Stood
from playground.engine.protocol import Speed
from playground.engine.session import Session
from playground.engine.snapshot import Curve, History
from playground.engine.stand import put_back
from playground.keeping.metrics_csv import CURVE_HEAD, curves_csv, summary_csv
from playground.keeping.recorder import RunRecorder
from playground.keeping.runs import Run, Runs, newest_part, thinned, whole_stand

SPEC = Spec(data=Data("xor"))
ADAM = replace(SPEC, training=replace(SPEC.training, optimizer="adam", batch_size=7))


# -- the list -------------------------------------------------------------------------------------


def told(runs):
    hints = []
    runs.hint.connect(hints.append)
    return hints


def test_runs_stand_in_the_order_of_their_numbers_and_no_number_is_given_twice():
    runs = Runs()
    runs.load([run_of(4, SPEC), run_of(2, SPEC)])
    assert [run.number for run in runs.all] == [2, 4]
    assert runs.next_number == 5
    runs.remove([4])
    assert runs.next_number == 5
    runs.add(run_of(5, SPEC))
    assert [run.number for run in runs.all] == [2, 5]


def test_whoever_shows_runs_is_told_of_every_change_and_of_nothing_else():
    runs, changes = Runs(), []
    runs.changed.connect(lambda: changes.append(None))
    runs.add(run_of(1, SPEC))
    runs.rename(1, "with tanh")
    removed = runs.remove([1])
    runs.put_back(removed)
    assert len(changes) == 4
    runs.rename(1, "with tanh")
    runs.remove([7])
    assert len(changes) == 4


def test_a_name_is_one_line_and_an_empty_one_is_the_number_again():
    runs = Runs()
    runs.add(run_of(3, SPEC))
    runs.rename(3, "  two\nwords ")
    assert runs.all[0].title == "two words"
    for empty in ("", "Run 3"):
        runs.rename(3, empty)
        assert (runs.all[0].name, runs.all[0].title) == ("", "Run 3")


def test_what_was_removed_comes_back_as_it_was():
    runs = Runs()
    kept = [runs.add(run_of(number, SPEC)) for number in (1, 2, 3)]
    runs.put_back(runs.remove([3, 1]))
    assert list(runs.all) == kept


def test_beyond_the_memory_there_is_for_them_the_oldest_unnamed_keep_their_weights_alone():
    size = run_of(1, ADAM).stand.n_bytes
    runs = Runs(most_bytes=round(3.3 * size))
    hints = told(runs)
    for number in range(1, 5):
        runs.add(run_of(number, ADAM, name="the best" if number == 1 else ""))
    assert [run.is_whole for run in runs.all] == [True, False, True, True]
    assert set(runs.all[1].stand.arrays) == {"values"}
    assert runs.n_bytes <= 3.3 * size
    assert len(hints) == 1
    assert "only weights and curves are kept" in hints[0]
    runs.add(run_of(5, ADAM))
    assert [run.is_whole for run in runs.all] == [True, False, False, True, True]
    assert len(hints) == 1, "the list says it from then on"


def test_beyond_the_number_of_runs_the_oldest_unnamed_are_dropped_and_that_is_said():
    runs = Runs(most=3)
    hints = told(runs)
    for number in range(1, 6):
        runs.add(run_of(number, SPEC, name="kept" if number == 1 else ""))
    assert [run.number for run in runs.all] == [1, 4, 5]
    assert len(hints) == 2
    assert "There is room for 3 runs" in hints[0]


def test_a_single_run_is_kept_whatever_it_takes():
    runs = Runs(most_bytes=1)
    runs.add(run_of(1, ADAM))
    assert [run.is_whole for run in runs.all] == [True]


def test_a_long_curve_is_thinned_evenly_from_its_first_to_its_last_row():
    rows = np.arange(9000.0).reshape(3000, 3)
    run = Runs().add(replace(run_of(1, SPEC), curve=Curve(rows, np.zeros(3000))))
    assert len(run.curve.rows) == len(run.curve.measures) == 1000
    np.testing.assert_array_equal(run.curve.rows[[0, -1]], rows[[0, -1]])
    assert np.diff(run.curve.rows[:, 0]).max() <= 4 * 3
    short = curve_of(7)
    assert thinned(short) is short


def test_of_a_curve_that_measured_something_else_before_only_the_newest_part_can_be_compared():
    curve = curve_of(5)
    np.testing.assert_array_equal(newest_part(curve), curve.rows[3:])
    assert newest_part(Curve()).shape == (0, 3)


def test_of_weights_alone_training_goes_on_with_a_fresh_optimizer():
    run = run_of(3, ADAM)
    slim = replace(run, stand=replace(run.stand, arrays={"values": run.stand.values}))
    assert whole_stand(run) is run.stand
    session, stand = Session(ADAM), whole_stand(slim)
    put_back(session.trainer, stand)
    np.testing.assert_array_equal(session.network.values, run.stand.values)
    assert (session.steps, session.epoch) == (run.stand.steps, run.stand.epochs)
    assert session.metrics().train_loss == run.stand.train_loss == stand.train_loss
    session.trainer.advance(5)
    assert np.isfinite(session.network.values).all()


# -- keeping them ---------------------------------------------------------------------------------


class FakeEngine:
    left = Signal(Left)

    def __init__(self) -> None:
        self.history = History()

    def train(self, epoch: float) -> None:
        self.history.append(np.array([[epoch, 0.5, 0.6]]))


class Desk:
    """A document, what is followed of its training, and the runs that are kept."""

    def __init__(self) -> None:
        self.document, self.engine, self.runs = Document(SPEC), FakeEngine(), Runs()
        self.recorder = RunRecorder(self.engine, self.document, self.runs, clock=lambda: "now")  # type: ignore[arg-type]

    def stand(self, steps, spec=None):
        return replace(run_of(1, spec or SPEC).stand, steps=steps)

    def leave(self, spec: Spec, steps: int) -> None:
        """As the engine says it when a run of so many steps has been left."""
        self.engine.left.emit(Left(spec, self.stand(steps), curve_of()))

    def apply(self, edit):
        """An edit; where it leads to another origin, the run that it leaves has this many steps."""
        return self.document.apply(edit)

    @property
    def kept(self):
        return [(run.number, run.stand.steps, run.parent) for run in self.runs.all]


@pytest.fixture
def desk():
    return Desk()


def test_a_run_that_is_left_for_another_is_kept(desk):
    first = desk.document.spec
    desk.apply(edits.set_seed(5))
    desk.leave(first, 40)
    assert desk.kept == [(1, 40, None)]
    run = desk.runs.all[0]
    assert (run.spec, run.ended, run.title) == (first, "now", "Run 1")


def test_a_run_without_a_step_is_not_kept(desk):
    first = desk.document.spec
    desk.apply(edits.set_seed(5))
    desk.leave(first, 0)
    assert desk.kept == []


def test_reset_makes_another_run_each_time(desk):
    desk.leave(desk.document.spec, 40)
    desk.leave(desk.document.spec, 40)
    assert desk.kept == [(1, 40, None), (2, 40, None)]


def test_a_run_that_undo_goes_back_to_keeps_its_number_and_its_name(desk):
    first = desk.document.spec
    desk.apply(edits.set_seed(5))
    desk.leave(first, 40)
    desk.runs.rename(1, "mine")
    desk.document.undo()
    desk.leave(replace(first, seed=5), 10)
    desk.document.redo()
    desk.leave(first, 70)
    assert desk.kept == [(1, 70, None), (2, 10, None)]
    assert desk.runs.all[0].name == "mine"


def test_a_run_that_undo_goes_back_to_and_that_was_removed_is_a_new_one(desk):
    first = desk.document.spec
    desk.apply(edits.set_seed(5))
    desk.leave(first, 40)
    desk.runs.remove([1])
    desk.document.undo()
    desk.document.redo()
    desk.leave(first, 40)
    assert desk.kept == [], "nothing has happened since"
    desk.leave(first, 50)
    assert desk.kept == [(2, 50, None)]


def test_a_restored_run_that_goes_on_is_a_new_one_and_knows_where_it_came_from(desk):
    desk.leave(desk.document.spec, 40)
    run = desk.runs.all[0]
    desk.apply(edits.open_spec(run.spec, run.title))
    desk.recorder.follow_restored(run)
    assert desk.recorder.parent is run
    restored = desk.document.spec
    desk.apply(edits.set_seed(9))
    desk.leave(restored, 40)
    assert desk.kept == [(1, 40, None)], "it was looked at, no more"
    desk.document.undo()
    desk.document.redo()
    desk.leave(restored, 60)
    assert desk.kept == [(1, 40, None), (2, 60, 1)]
    assert desk.runs.all[0] is run


def test_changes_on_the_way_are_kept_with_their_epochs_and_repeated_ones_once(desk):
    desk.apply(edits.set_learning_rate(0.1))
    desk.engine.train(3.5)
    for rate in (0.2, 0.3):
        desk.apply(edits.set_learning_rate(rate))
    desk.engine.train(8.0)
    desk.apply(edits.set_noise(0.2))
    desk.document.undo()
    desk.leave(desk.document.spec, 40)
    changes = [(change.epoch, change.label) for change in desk.runs.all[0].changes]
    assert changes == [(3, "Change learning rate"), (8, "Change noise"), (8, "noise 20 % → 0 %")]
    desk.leave(desk.document.spec, 40)
    assert desk.runs.all[1].changes == (), "those of the run before"


def test_how_a_network_is_looked_at_is_no_change(desk):
    desk.apply(edits.set_dataset("iris"))
    desk.engine.train(2.0)
    desk.apply(edits.set_axes((0, 1)))
    assert desk.recorder.changes == ()


def test_a_run_can_be_kept_as_it_is_and_goes_on_as_another(desk):
    spec = desk.document.spec
    kept = desk.recorder.keep(Stood(spec, desk.stand(30)), curve_of())
    assert desk.kept == [(1, 30, None)]
    assert desk.recorder.keep(Stood(spec, desk.stand(30)), curve_of()) is kept, "once is enough"
    desk.leave(spec, 50)
    assert desk.kept == [(1, 30, None), (2, 50, 1)]
    assert desk.recorder.keep(Stood(spec, desk.stand(0)), curve_of()) is None


def test_what_belonged_to_another_project_is_not_kept_in_this_one(desk):
    before = desk.document.spec
    desk.document.begin(ADAM)
    desk.runs.load([run_of(8, ADAM)])
    desk.leave(before, 40)
    assert [run.number for run in desk.runs.all] == [8]
    desk.leave(desk.document.spec, 40)
    assert [run.number for run in desk.runs.all] == [8, 9]


def test_a_recorder_that_is_closed_keeps_nothing(desk):
    desk.recorder.close()
    desk.leave(desk.document.spec, 40)
    assert desk.kept == []


# -- with a worker --------------------------------------------------------------------------------


class Training:
    """A document and an engine as the window joins them, and the runs that are kept of it."""

    def __init__(self, spec: Spec) -> None:
        self.document = Document(spec)
        self.engine = Engine(self.document.spec, Speed(None))
        self.runs = Runs()
        self.recorder = RunRecorder(self.engine, self.document, self.runs)
        self.document.changed.connect(self.follow)

    def follow(self, new, old):
        self.engine.apply(new, travels=self.document.travels)

    def wait(self, condition):
        end = time.monotonic() + 20
        while not condition():
            self.engine.poll()
            assert time.monotonic() < end, "the worker did not come to this in time"
            time.sleep(0.001)

    def stood(self) -> Stood:
        answers = []
        self.engine.ask_stand(answers.append)
        self.wait(lambda: answers)
        return answers[0]

    def play_to(self, steps):
        self.engine.set_playing(True)
        self.wait_for(lambda snapshot: snapshot.steps >= steps)
        self.engine.set_playing(False)
        self.wait_for(lambda snapshot: not snapshot.playing)

    def wait_for(self, what):
        """Wait for a new snapshot of the present spec."""
        end = time.monotonic() + 20
        while (snapshot := self.engine.poll()) is None or not what(snapshot):
            assert time.monotonic() < end, "the worker did not come to this in time"
            time.sleep(0.001)

    def restore(self, run: Run) -> None:
        self.document.apply(edits.open_spec(run.spec, run.title))
        self.recorder.follow_restored(run)
        self.engine.restore(self.document.spec, run.stand, run.curve)


@pytest.fixture
def training():
    opened = []

    def make(spec):
        opened.append(Training(spec))
        return opened[-1]

    yield make
    for each in opened:
        each.engine.close()


def test_a_restored_run_has_the_numbers_of_the_list_and_goes_on_as_if_it_had_never_stopped(training):
    there = training(replace(ADAM, data=Data("spiral"), seed=4))
    there.play_to(150)
    there.document.apply(edits.set_seed(5))
    there.wait(lambda: there.runs.all)
    run = there.runs.all[0]
    there.play_to(40)

    there.restore(run)
    back = there.stood().stand
    assert (back.steps, back.train_loss, back.test_loss) == (
        run.stand.steps, run.stand.train_loss, run.stand.test_loss,
    )  # fmt: skip
    np.testing.assert_array_equal(back.values, run.stand.values)
    np.testing.assert_array_equal(there.engine.curve().rows[:-1], run.curve.rows[:-1])

    there.play_to(run.stand.steps + 60)
    on = there.stood().stand
    never_stopped = Session(run.spec)
    never_stopped.trainer.advance(on.steps)
    np.testing.assert_array_equal(on.values, never_stopped.network.values)
    assert on.train_loss == never_stopped.metrics().train_loss
    assert there.runs.by_number(run.number) is run

    there.document.apply(edits.set_seed(6))
    there.wait(lambda: len(there.runs.all) == 3)
    assert [(each.number, each.parent) for each in there.runs.all] == [(1, None), (2, None), (3, 1)]


def test_undo_of_a_restore_goes_back_to_the_run_that_was_under_way(training):
    there = training(SPEC)
    there.play_to(50)
    first = there.stood().stand
    there.document.apply(edits.set_seed(5))
    there.wait(lambda: there.runs.all)
    there.play_to(30)
    before = there.stood().stand
    there.restore(there.runs.all[0])
    assert there.stood().stand.steps == first.steps
    there.document.undo()
    again = there.stood().stand
    assert (again.steps, again.train_loss) == (before.steps, before.train_loss)
    assert [run.stand.steps for run in there.runs.all] == [first.steps, before.steps]


# -- for elsewhere --------------------------------------------------------------------------------


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


def test_results_and_settings_as_a_table_have_a_row_for_each_run():
    iris = replace(SPEC, data=Data("xor", noise=0.2))
    first, second = read(summary_csv([run_of(1, SPEC), run_of(2, iris, parent=1)]))
    assert (first["run"], first["parent"], second["parent"]) == ("1", "", "1")
    assert float(first["train_loss"]) == run_of(1, SPEC).stand.train_loss
    assert (first["dataset"], second["noise"], first["optimizer"], first["seed"]) == ("xor", "0.2", "sgd", "0")
    assert first["layers"] == "Dense 4 tanh; Dense 2 tanh"


def test_runs_with_other_scores_share_a_table():
    plane = Spec(data=Data("plane"), output_activation="identity", training=replace(SPEC.training, loss="half_squared"))
    first, second = read(summary_csv([run_of(1, SPEC), run_of(2, plane)]))
    assert first["test_accuracy"] != ""
    assert (first["test_r2"], second["test_accuracy"]) == ("", "")
    assert float(second["test_r2"]) <= 1
