"""The loss curve keeps its shape however long it grows."""

from __future__ import annotations

import numpy as np

from playground.engine.snapshot import History


def rows(first: int, last: int) -> np.ndarray:
    epochs = np.arange(first, last, dtype=float)
    return np.column_stack([epochs, 1 / (1 + epochs), 2 / (1 + epochs)])


def test_a_short_curve_is_kept_whole():
    history = History()
    history.append(rows(0, 10))
    history.append(rows(10, 30))
    np.testing.assert_array_equal(history.epochs, np.arange(30))
    np.testing.assert_array_equal(history.train_loss, rows(0, 30)[:, 1])
    np.testing.assert_array_equal(history.test_loss, rows(0, 30)[:, 2])


def test_a_long_curve_never_passes_the_limit_and_keeps_its_beginning():
    history = History(limit=64)
    for first in range(0, 5000, 7):
        history.append(rows(first, first + 7))
        assert len(history) <= 64
    assert len(history) > 32
    assert history.epochs[0] == 0


def test_the_newest_row_is_always_there():
    history = History(limit=16)
    for epoch in range(200):
        history.append(rows(epoch, epoch + 1))
        assert history.epochs[-1] == epoch
        assert history.train_loss[-1] == 1 / (1 + epoch)


def test_a_curve_can_be_cut_and_goes_on_from_there():
    history = History(limit=16)
    history.append(rows(0, 50))
    history.cut(20)
    assert history.epochs[-1] <= 20
    history.append(rows(20, 60))
    assert history.epochs[-1] == 59
    assert (np.diff(history.epochs) > 0).all()


def test_thinning_leaves_the_points_evenly_spaced_up_to_the_newest():
    history = History(limit=64)
    history.append(rows(0, 1000))
    *evenly, to_the_newest = np.diff(history.epochs)
    assert set(evenly) == {16.0}
    assert 0 < to_the_newest <= 16


def test_how_rows_arrive_makes_no_difference():
    together, singly = History(limit=16), History(limit=16)
    together.append(rows(0, 100))
    for epoch in range(100):
        singly.append(rows(epoch, epoch + 1))
    np.testing.assert_array_equal(together.epochs, singly.epochs)


def test_clearing_begins_again_at_full_resolution():
    history = History(limit=16)
    history.append(rows(0, 100))
    history.clear()
    assert len(history) == 0
    history.append(rows(0, 10))
    np.testing.assert_array_equal(history.epochs, np.arange(10))


def test_nothing_appended_changes_nothing():
    history = History()
    history.append(np.empty((0, 3)))
    assert len(history) == 0


def test_another_curve_begins_where_something_else_is_measured():
    history = History()
    history.append(rows(0, 10), 0)
    history.append(rows(10, 20), 1)
    history.append(rows(20, 30), 1)
    assert history.start == 10
    again = History()
    again.append(history.rows, history.measures)
    assert again.start == 10


def test_where_a_curve_begins_outlives_thinning():
    history = History(limit=64)
    for first in range(0, 1000, 10):
        history.append(rows(first, first + 10), first // 500)
    assert history.epochs[history.start - 1] < 500 <= history.epochs[history.start]


def test_what_was_looked_at_without_training_leaves_no_trace():
    history = History()
    history.append(rows(0, 10), 0)
    for measure in (1, 2, 0):
        history.append(rows(9, 10), measure)
    assert history.start == 0
    np.testing.assert_array_equal(history.epochs, np.arange(10))


def test_without_rows_a_curve_begins_at_the_first():
    assert History().start == 0


def test_what_is_said_again_stands_in_the_curve_once():
    history = History()
    history.append(rows(0, 3))
    history.append(np.repeat(rows(2, 4), 3, axis=0))
    np.testing.assert_array_equal(history.rows, rows(0, 4))
    diverged = np.array([[4.0, np.nan, np.inf]])
    history.append(diverged)
    history.append(diverged)
    assert len(history) == 5
    history.append(np.array([[4.0, 1.0, 1.0]]))
    assert len(history) == 6, "another loss in the same place is news: weights were set by hand"
