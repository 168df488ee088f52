"""Measures how evenly the window draws."""

from __future__ import annotations

import time
from collections import deque
from itertools import takewhile
from typing import NamedTuple

import numpy as np

LIMIT = 36_000


class FrameStatistics(NamedTuple):
    """Frames per second, and quantiles of the time from one frame to the next, in milliseconds."""

    fps: float
    p50_ms: float
    p95_ms: float
    max_ms: float


class FrameMeter:
    """Notes when frames were painted.

    It remembers the last `LIMIT` frames, ten minutes of them.
    """

    def __init__(self) -> None:
        self._times: deque[float] = deque(maxlen=LIMIT)

    def mark(self) -> None:
        """A frame has just been painted."""
        self._times.append(time.perf_counter())

    def restart(self) -> None:
        """Forget what was."""
        self._times.clear()

    def frames_per_s(self, span_s: float = 1.0) -> float:
        """Frames per second of late; 0 where nothing moves."""
        since = time.perf_counter() - span_s
        return sum(1 for _ in takewhile(lambda at: at > since, reversed(self._times))) / span_s

    def statistics(self) -> FrameStatistics:
        """Over all remembered frames; NaN where there are fewer than two."""
        if len(self._times) < 2:
            nan = float("nan")
            return FrameStatistics(nan, nan, nan, nan)
        intervals_ms = np.diff(np.array(self._times)) * 1000
        p50, p95 = np.percentile(intervals_ms, (50, 95))
        return FrameStatistics(1000 / float(intervals_ms.mean()), float(p50), float(p95), float(intervals_ms.max()))
