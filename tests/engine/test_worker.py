"""The worker's clock and its mailbox, without a process."""

from __future__ import annotations

import math
from multiprocessing import Pipe

import pytest
from threadpoolctl import threadpool_info

from playground.document import edits
from playground.document.spec import Spec
from playground.engine import worker
from playground.engine.process import HANG_S
from playground.engine.protocol import (
    Block,
    Configure,
    Failed,
    SetPlaying,
    StandsAt,
    Step,
    decode_event,
    encode,
)
from playground.engine.worker import Worker, _Pace, _Rate


def steps_taken(rate: float, seconds: float, most_per_s: float = math.inf, frame_s: float = 0.001) -> int:
    """How many steps a machine that can do so many takes at a rate, on a clock of our own."""
    pace, now, taken = _Pace(), 100.0, 0
    pace.set(rate, now)
    while now < 100.0 + seconds:
        now += max(pace.wait_s(now), frame_s)
        steps = int(min(max(pace.due(now), 0), most_per_s * frame_s))
        pace.done(steps)
        taken += steps
    return taken


@pytest.mark.parametrize("rate", [0.5, 1, 10, 999.5, 1500, 60_000])
def test_steps_are_taken_at_the_asked_rate(rate):
    assert steps_taken(rate, seconds=20) == pytest.approx(20 * rate, abs=max(1, 0.002 * 20 * rate))


def test_without_a_limit_there_is_always_more_to_do_and_nothing_to_wait_for():
    pace = _Pace()
    assert pace.due(5.0) == math.inf
    assert pace.wait_s(5.0) == 0


def test_a_machine_that_is_too_slow_does_what_it_can():
    assert steps_taken(1000, seconds=10, most_per_s=500, frame_s=0.01) == pytest.approx(5000, rel=0.02)


def test_a_long_pause_is_not_made_up_for():
    pace = _Pace()
    pace.set(1000, 0.0)
    assert pace.due(60.0) == 100
    pace.done(100)
    assert pace.due(60.0) == 0
    assert pace.due(60.01) == pytest.approx(10, abs=1)


def test_after_a_pause_a_slow_speed_takes_one_step_at_once_and_then_keeps_time():
    pace = _Pace()
    pace.set(1, 0.0)
    assert pace.due(10.0) == 1
    pace.done(1)
    assert pace.due(10.9) == 0
    assert pace.due(11.01) == 1


def test_setting_the_same_rate_again_does_not_lose_time():
    pace = _Pace()
    pace.set(10, 0.0)
    pace.set(10, 0.09)
    assert pace.due(0.101) == 1


def test_the_wait_ends_when_the_next_step_is_due():
    pace = _Pace()
    pace.set(4, 0.0)
    assert pace.wait_s(0.1) == pytest.approx(0.15)
    assert pace.wait_s(0.3) == 0


def test_however_slow_it_is_a_worker_gives_a_sign_of_life_long_before_it_is_taken_to_hang():
    pace = _Pace()
    pace.set(1e-300, 0.0)
    assert pace.wait_s(0.0) == worker.MAX_WAIT_S
    assert worker.MAX_WAIT_S < HANG_S / 2


def test_the_rate_is_counted_over_the_last_moments(monkeypatch):
    now = 0.0
    monkeypatch.setattr(worker.time, "perf_counter", lambda: now)
    rate = _Rate()
    for speed, seconds in ((1000, 2.0), (100, 2.0)):
        end = now + seconds
        while now < end:
            now += 0.01
            rate.add(speed // 100, now)
    assert rate.per_s(now) == pytest.approx(100, rel=0.01)


# -- the mailbox ----------------------------------------------------------------------------------


@pytest.fixture
def post():
    """A worker without a process of its own, the window's end of its pipe, and its block."""
    ours, theirs = Pipe()
    block = Block()
    yield Worker(theirs, block), ours, block
    block.unlink()
    block.close()
    ours.close()
    theirs.close()


def test_of_edits_in_a_row_only_the_last_is_obeyed(post):
    served, pipe, _ = post
    spec = Spec()
    sent = [
        Configure(1, spec, 1, reset=True),
        Configure(2, spec, 1),
        Configure(3, spec, 1),
        SetPlaying(True),
        Configure(4, spec, 1),
        Configure(5, spec, 1, reset=True),
        Configure(6, spec, 1),
        Step("step"),
    ]
    for command in sent:
        pipe.send_bytes(encode(command))
    assert served._receive() == [sent[index] for index in (0, 2, 3, 5, 6, 7)]


def test_what_an_undo_brings_back_is_brought_back_before_it_is_edited(post):
    served, pipe, _ = post
    spec = Spec()
    sent = [
        Configure(1, spec, 1, travels=True),
        Configure(2, spec, 1, travels=True),
        Configure(3, spec, 1),
        Configure(4, spec, 1, travels=True),
        Configure(5, spec, 1, reset=True),
    ]
    for command in sent:
        pipe.send_bytes(encode(command))
    assert served._receive() == [sent[index] for index in (1, 4)]


@pytest.mark.parametrize(
    ("wall_s", "own_s", "rests_s"),
    [(0.1, 0.01, 0.0), (5.0, 0.01, 0.0), (0.5, 0.5, 10.0)],
    ids=["as often as there are commands", "whatever other processes take", "rarely, if it takes long"],
)
def test_how_often_it_is_said_where_training_stands(post, monkeypatch, wall_s, own_s, rests_s):
    served, pipe, _ = post
    wall, own, real = [100.0], [1.0], worker.Session.stand
    monkeypatch.setattr(worker.time, "perf_counter", lambda: wall[0])
    monkeypatch.setattr(worker.time, "thread_time", lambda: own[0])

    def slow(session):
        wall[0] += wall_s
        own[0] += own_s
        return real(session)

    monkeypatch.setattr(worker.Session, "stand", slow)
    served._obey(Configure(1, Spec(), 1, reset=True))
    began = wall[0]
    served._obey(Step("step"))
    while served._has_news():
        wall[0] += 0.01
        if served._is_time_to_say():
            served._say_stand()
    assert wall[0] - wall_s - began == pytest.approx(rests_s, abs=0.02)
    assert [decode_event(pipe.recv_bytes()).stand.steps for _ in range(2)] == [0, 1]


def test_metrics_that_take_long_are_computed_now_and_then_while_weights_are_published_always(post, monkeypatch):
    served, _, block = post
    served._obey(Configure(1, Spec(), 1, reset=True))
    clock, computed, real = [100.0], [], worker.Session.metrics
    monkeypatch.setattr(worker.time, "perf_counter", lambda: clock[0])

    def slow(session):
        clock[0] += 1.0
        computed.append(session.steps)
        return real(session)

    monkeypatch.setattr(worker.Session, "metrics", slow)
    served._obey(SetPlaying(True))
    began, seen, published = clock[0], 0, set()
    while clock[0] < began + 30:
        clock[0] += 0.01
        served._session.advance(0, 1)
        served._publish()
        seen, snapshot = block.read(seen)
        published.add(snapshot.steps)
    assert len(published) > 1000
    assert 2 <= len(computed) - 1 <= 4, "a tenth of thirty seconds"
    served._obey(SetPlaying(False))
    assert computed[-1] == served._session.steps, "in a pause they are those of what is shown"
    assert block.read_history(0)[0] == len(computed)


def test_a_spec_that_fails_is_reported_and_the_session_before_it_stays_in_command(post, monkeypatch):
    served, pipe, block = post
    spec = Spec()
    served._obey(Configure(1, spec, 1, reset=True))
    seen, before = block.read(0)

    def fail(*_, **__):
        raise MemoryError("too large")

    with monkeypatch.context() as patch:
        patch.setattr(worker.Session, "apply", fail)
        served._obey(Configure(2, edits.set_units(1, 100)(spec), 1))
    assert isinstance(decode_event(pipe.recv_bytes()), StandsAt), "of the first spec"
    event = decode_event(pipe.recv_bytes())
    assert event == Failed(2, "MemoryError: too large")
    seen, after = block.read(seen)
    assert after.revision == before.revision == 1
    served._obey(Configure(3, spec, 1))
    assert block.read(seen)[1].revision == 3


def test_training_uses_one_blas_thread(monkeypatch):
    threads = []
    monkeypatch.setattr(worker.signal, "signal", lambda *_: None)
    monkeypatch.setattr(worker, "die_with_parent", lambda: None)
    monkeypatch.setattr(
        worker.Worker, "serve", lambda self: threads.extend(info["num_threads"] for info in threadpool_info())
    )
    _, theirs = Pipe()
    block = Block()
    try:
        worker.main(theirs, block.name)
    finally:
        block.unlink()
        block.close()
    assert threads
    assert set(threads) == {1}


def test_a_single_epoch_is_trained_in_slices_between_which_commands_are_heard(post):
    served, *_ = post
    spec = edits.set_batch_size(1)(edits.set_samples(20_000)(Spec()))
    served._obey(Configure(1, spec, 1, reset=True))
    served._obey(Step("epoch"))
    served._train_to_goal(served._goal)
    assert served._goal == 1
    assert 0 < served._session.steps < 10_000
    served._obey(SetPlaying(False))
    assert served._goal is None
