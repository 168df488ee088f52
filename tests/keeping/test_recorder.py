"""Runs are kept when they are left, with what was changed on the way, and gone on from."""

import time

import numpy as np
import pytest
from msgspec.structs import replace
from psygnal import Signal
from sittings import curve_of, run_of

from playground.document import edits
from playground.document.document import Document
from playground.document.spec import Data, Layer, Spec
from playground.engine.client import Engine, Left, Stood
from playground.engine.protocol import Speed
from playground.engine.session import Session
from playground.engine.snapshot import History
from playground.keeping.project import Project, write_project
from playground.keeping.recorder import RunRecorder
from playground.keeping.runs import MOST_LABEL, Change, Run, Runs

SPEC = Spec(data=Data("xor"))
ADAM = replace(SPEC, training=replace(SPEC.training, optimizer="adam", batch_size=7))


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


def test_changes_on_the_way_are_kept_with_their_epochs_and_those_of_a_gesture_once(desk):
    desk.apply(edits.set_learning_rate(0.1))
    desk.engine.train(3.5)
    drag = object()
    for rate in (0.2, 0.3):
        desk.document.apply(edits.set_learning_rate(rate), drag)
    desk.engine.train(8.0)
    desk.apply(edits.set_noise(0.2))
    desk.document.undo()
    desk.leave(desk.document.spec, 40)
    changes = [(change.epoch, change.label) for change in desk.runs.all[0].changes]
    assert changes == [(3, "Change learning rate"), (8, "Change noise"), (8, "noise 20 % → 0 %")]
    desk.leave(desk.document.spec, 40)
    assert desk.runs.all[1].changes == (), "those of the run before"


def test_the_same_setting_changed_again_later_is_another_change(desk):
    for epoch, rate in ((100, 0.1), (1000, 0.2)):
        desk.engine.train(epoch)
        desk.apply(edits.set_learning_rate(rate))
    assert [change.epoch for change in desk.recorder.changes] == [100, 1000]


def test_a_drag_back_to_where_it_began_is_not_taken_for_the_edit_before(desk):
    desk.engine.train(2)
    desk.apply(edits.set_noise(0.2))
    drag, before = object(), desk.document.spec.training.learning_rate
    for rate in (0.2, before):
        desk.document.apply(edits.set_learning_rate(rate), drag)
    assert [change.label for change in desk.recorder.changes] == ["Change noise", "Change learning rate"]


def test_a_change_of_a_deep_network_is_said_within_bounds_and_can_be_written(desk, tmp_path):
    deep = replace(SPEC, layers=tuple(Layer("dense", number, 4) for number in range(1, 31)))
    desk.document.begin(deep)
    spec = desk.apply(edits.add_layer(0, "dense"))
    desk.engine.train(3)
    desk.document.undo()
    spec = desk.document.spec
    desk.engine.left.emit(Left(spec, run_of(1, spec).stand, curve_of()))
    (run,) = desk.runs.all
    assert len(run.changes[-1].label) == MOST_LABEL
    write_project(tmp_path / "deep.nnp", Project(spec, runs=desk.runs.all))


def test_what_goes_on_from_a_file_keeps_its_changes_and_its_run_is_not_added_again(desk):
    kept = replace(run_of(3, SPEC), stand=desk.stand(40))
    changes = (Change(2, "Change noise"),)
    desk.document.begin(SPEC)
    desk.runs.load([kept])
    desk.recorder.follow_opened(changes, 3)
    assert desk.recorder.parent is kept
    opened = desk.document.spec
    desk.apply(edits.set_seed(5))
    desk.leave(opened, 40)
    assert desk.kept == [(3, 40, None)], "nothing has happened since"
    desk.document.undo()
    desk.leave(desk.document.spec, 60)
    assert desk.kept == [(3, 40, None), (4, 60, 3)]
    assert desk.runs.all[1].changes == changes


def test_what_goes_on_from_a_run_that_is_not_in_its_file_has_no_parent(desk):
    desk.document.begin(SPEC)
    desk.runs.load([])
    desk.recorder.follow_opened((), 1)
    desk.leave(desk.document.spec, 60)
    assert desk.kept == [(1, 60, None)]


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


def test_an_answer_that_comes_after_another_file_was_opened_is_none_of_its_runs(desk):
    asked = Stood(desk.document.spec, desk.stand(30))
    desk.document.begin(ADAM)
    assert desk.recorder.keep(asked, curve_of()) is None
    assert desk.kept == []
