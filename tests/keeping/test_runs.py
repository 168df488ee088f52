"""Runs: named, removed and put back, within limits, and gone on from with what is known of them."""

import numpy as np
from msgspec.structs import replace
from sittings import curve_of, run_of

from playground.document.spec import Data, Spec
from playground.engine.session import Session
from playground.engine.snapshot import Curve
from playground.engine.stand import put_back
from playground.keeping.runs import Runs, newest_part, thinned, whole_stand

SPEC = Spec(data=Data("xor"))
ADAM = replace(SPEC, training=replace(SPEC.training, optimizer="adam", batch_size=7))


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


def test_no_run_with_a_name_gives_up_anything_while_there_is_one_without():
    size = run_of(1, ADAM).stand.n_bytes
    runs = Runs(most_bytes=2 * size)
    hints = told(runs)
    for number in range(1, 4):
        runs.add(run_of(number, ADAM, name="the best" if number == 1 else ""))
    assert [(run.number, run.is_whole) for run in runs.all] == [(1, True), (3, True)]
    assert "the oldest run was removed" in hints[-1]


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
