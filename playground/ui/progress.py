"""How far the present epoch has come."""

from __future__ import annotations

import math
from typing import NamedTuple

from playground.engine.mirror import Mirror
from playground.engine.snapshot import History, Snapshot


class BatchProgress(NamedTuple):
    """Batches of the present epoch."""

    done: int
    in_all: int


def batch_progress(mirror: Mirror, snapshot: Snapshot, history: History) -> BatchProgress:
    """How many batches of the present epoch are done, and how many there are.

    The loss curve says where in the epoch it ends. A remainder of the steps would not do: another batch size, or other
    data, begins an epoch anew, but not the count of steps.
    """
    samples = len(mirror.problem.train.inputs)
    in_all = math.ceil(samples / min(mirror.spec.training.batch_size, samples))
    share = float(history.epochs[-1]) - snapshot.epoch if len(history) else 0.0
    return BatchProgress(min(max(round(share * in_all), 0), in_all), in_all)
