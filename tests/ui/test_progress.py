"""How far the present epoch has come."""

import numpy as np
import pytest

from playground.document.spec import Data, Spec, Training
from playground.engine.mirror import Mirror
from playground.engine.snapshot import History, Snapshot
from playground.ui.progress import batch_progress


def progress(batch_size, epoch, curve, steps=0):
    mirror = Mirror(Spec(data=Data(samples=100, train_share=0.5), training=Training(batch_size=batch_size)))
    history = History()
    history.append(np.array([[at, 0.5, 0.5] for at in curve]).reshape(-1, 3))
    snapshot = Snapshot(0, epoch, steps, False, 0.0, 0.5, 0.5, 0.5, 0.5, np.zeros(1))
    return tuple(batch_progress(mirror, snapshot, history))


@pytest.mark.parametrize(("batch_size", "in_all"), [(1, 50), (10, 5), (20, 3), (50, 1), (20_000, 1)])
def test_the_last_batch_may_be_smaller_and_none_is_larger_than_the_data(batch_size, in_all):
    assert progress(batch_size, 0, [0.0]) == (0, in_all)


def test_the_curve_says_how_many_batches_are_done():
    assert progress(20, 4, [4.0, 4 + 1 / 3, 4 + 2 / 3]) == (2, 3)


def test_steps_taken_with_another_batch_size_do_not_count():
    assert progress(10, 1, [1.0, 1.2], steps=52) == (1, 5)


def test_there_is_nothing_done_before_the_first_point_of_the_curve():
    assert progress(10, 0, []) == (0, 5)
