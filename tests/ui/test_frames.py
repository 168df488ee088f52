"""How evenly the window draws, measured on frames whose times are known."""

import numpy as np
import pytest

from playground.ui.frames import FrameMeter


@pytest.fixture
def clock(monkeypatch):
    times = [100.0]
    monkeypatch.setattr("time.perf_counter", lambda: times[0])
    return times


def frames(clock, intervals_ms) -> FrameMeter:
    meter = FrameMeter()
    meter.mark()
    for interval_ms in intervals_ms:
        clock[0] += interval_ms / 1000
        meter.mark()
    return meter


def test_the_quantiles_are_those_of_the_intervals(clock):
    intervals_ms = np.arange(1.0, 102.0)  # 1 … 101 ms: the quantile p is 1 + p ms
    np.random.default_rng(0).shuffle(intervals_ms)
    figures = frames(clock, intervals_ms).statistics()
    assert figures.p50_ms == pytest.approx(51)
    assert figures.p95_ms == pytest.approx(96)
    assert figures.max_ms == pytest.approx(101)
    assert figures.fps == pytest.approx(1000 / 51)


def test_only_frames_of_the_last_second_count_as_frames_per_second(clock):
    meter = frames(clock, [16] * 200)
    assert meter.frames_per_s() == pytest.approx(1000 / 16, abs=1)
    clock[0] += 2
    assert meter.frames_per_s() == 0


def test_what_was_before_a_restart_is_forgotten(clock):
    meter = frames(clock, [500, 500])
    meter.restart()
    assert np.isnan(meter.statistics().max_ms)
    meter.mark()
    clock[0] += 0.01
    meter.mark()
    assert meter.statistics().max_ms == pytest.approx(10)
