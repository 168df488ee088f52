"""Messages survive the pipe, and shared memory is never read half written."""

from __future__ import annotations

import math
import multiprocessing
import sys
import threading
from collections.abc import Iterator

import msgspec
import numpy as np
import pytest

from playground.document.presets import preset
from playground.engine.protocol import (
    CAPACITY,
    HISTORY_ROWS,
    Ask,
    Block,
    Configure,
    Diverged,
    Failed,
    Finished,
    GoBack,
    Ready,
    SetPlaying,
    SetSpeed,
    Speed,
    StandsAt,
    Step,
    Told,
    decode_command,
    decode_event,
    encode,
)
from playground.engine.session import Session
from playground.engine.snapshot import Snapshot

SPEC = preset("xor").spec
STAND = Session(SPEC).stand()


@pytest.fixture
def block() -> Iterator[Block]:
    block = Block()
    yield block
    block.unlink()
    block.close()


def snapshot(number: int, n_parameters: int = 50) -> Snapshot:
    """A snapshot in which everything says the same number: one that is torn shows."""
    same = float(number)
    return Snapshot(number, number, number, True, same, same, same, same, same, np.full(n_parameters, number, "f4"))


# -- messages -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "command",
    [
        Configure(3, preset("spiral").spec, 1),
        Configure(4, preset("xor").spec, 1, reset=True),
        SetPlaying(True),
        SetSpeed(Speed(None)),
        SetSpeed(Speed(1.5, "step")),
        Step("epoch"),
        GoBack(),
        Ask(3),
    ],
    ids=lambda command: type(command).__name__,
)
def test_a_command_arrives_as_it_was_sent(command):
    assert decode_command(encode(command)) == command


@pytest.mark.parametrize(
    "event",
    [Ready(), Told(3, "what"), Finished(3, "why"), Diverged(3, "why"), Failed(3, "why")],
    ids=lambda event: type(event).__name__,
)
def test_an_event_arrives_as_it_was_sent(event):
    assert decode_event(encode(event)) == event


def test_a_stand_arrives_as_it_was_sent():
    there = decode_command(encode(Configure(5, SPEC, 1, stand=STAND))).stand
    back = decode_event(encode(StandsAt(7, STAND, "left")))
    assert (back.revision, back.why) == (7, "left")
    for stand in (there, back.stand):
        assert {name: a.tobytes() for name, a in stand.arrays.items()} == {
            name: a.tobytes() for name, a in STAND.arrays.items()
        }
        assert [a.dtype for a in stand.arrays.values()] == [a.dtype for a in STAND.arrays.values()]
        assert (stand.steps, stand.rng, stand.train_loss) == (STAND.steps, STAND.rng, STAND.train_loss)
        assert all(array.flags.writeable for array in stand.arrays.values())


def test_a_message_that_says_something_impossible_is_refused():
    with pytest.raises(msgspec.ValidationError):
        decode_command(encode(SetSpeed(Speed(-1.0))))


def test_only_a_plain_configure_is_an_edit():
    spec = preset("xor").spec
    assert Configure(1, spec, 1).is_edit
    assert not Configure(1, spec, 1, reset=True).is_edit
    assert not Configure(1, spec, 1, stand=STAND).is_edit


def test_a_speed_counts_epochs_or_steps_or_nothing():
    assert Speed(60.0).steps_per_s(25) == 1500
    assert Speed(2.0, "step").steps_per_s(25) == 2
    assert Speed(None).steps_per_s(25) == math.inf


# -- snapshots ------------------------------------------------------------------------------------


def test_a_snapshot_is_read_as_it_was_written(block):
    written = Snapshot(3, 4, 5, True, 1.5, 0.25, 0.5, 0.75, math.nan, np.array([0.1, -2, np.inf], "f4"))
    block.write(written)
    _, read = block.read(0)
    assert read[:8] == written[:8]
    assert math.isnan(read.test_score)
    np.testing.assert_array_equal(read.values.astype("f4"), written.values)
    assert (type(read.epoch), type(read.playing)) == (int, bool)


def test_an_empty_block_and_one_read_already_give_nothing(block):
    assert block.read(0) == (0, None)
    block.write(snapshot(1))
    seen, first = block.read(0)
    assert first is not None
    assert block.read(seen) == (seen, None)


def test_what_was_read_is_a_copy(block):
    block.write(snapshot(1))
    _, first = block.read(0)
    block.write(snapshot(2))
    assert (first.values == 1).all()


def test_a_snapshot_whose_writer_died_half_way_is_not_read(block):
    block.write(snapshot(1))
    seen, _ = block.read(0)
    block._header["sequence"] += 1
    assert block.read(seen) == (seen, None)


def test_the_number_of_parameters_may_change(block):
    for n_parameters in (5, CAPACITY, 0, 7):
        block.write(snapshot(1, n_parameters))
        assert len(block.read(0)[1].values) == n_parameters


def test_both_ends_see_the_same_memory(block):
    other = Block(block.name)
    other.write(snapshot(9))
    assert block.read(0)[1].epoch == 9
    other.close()


def hammer(name: str, count: int) -> None:
    """Write as fast as it goes."""
    block = Block(name)
    for number in range(1, count + 1):
        block.append_history((number, number, number, number))
        block.write(snapshot(number, 2000 + number % 100))
    block.close()


@pytest.mark.parametrize(("kind", "count"), [("thread", 5000), ("process", 20_000)])
def test_no_reader_ever_sees_a_torn_snapshot(block, kind, count):
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-4)  # or a thread might have written all before the other has its turn
    try:
        _read_while_written(block, kind, count)
    finally:
        sys.setswitchinterval(usual)


def _read_while_written(block: Block, kind: str, count: int) -> None:
    spawn = multiprocessing.get_context("spawn").Process
    writer = (threading.Thread if kind == "thread" else spawn)(target=hammer, args=(block.name, count))
    writer.start()
    seen = rows_seen = last = n_read = 0
    while last < count:
        seen, read = block.read(seen)
        rows_seen, rows = block.read_history(rows_seen)
        assert (rows == rows[:, :1]).all()
        assert (np.diff(rows[:, 0]) == 1).all()
        if read is not None:
            number, n_read = read.epoch, n_read + 1
            assert number > last
            assert set(read[:3]) | set(read[4:9]) == {number}
            assert len(read.values) == 2000 + number % 100
            assert (read.values == number).all()
            last = number
    writer.join()
    assert n_read > 1


# -- the curve ------------------------------------------------------------------------------------


def add(block: Block, first: int, last: int) -> None:
    for number in range(first, last):
        block.append_history((1, number, number / 2, number / 4))


def test_rows_of_the_curve_are_read_once_and_in_order(block):
    add(block, 0, 5)
    seen, rows = block.read_history(0)
    np.testing.assert_array_equal(rows, [(1, n, n / 2, n / 4) for n in range(5)])
    assert block.read_history(seen)[1].shape == (0, 4)
    add(block, 5, 7)
    assert block.read_history(seen)[1][:, 1].tolist() == [5, 6]


def test_a_reader_that_comes_late_loses_the_oldest_rows_only(block):
    count = 3 * HISTORY_ROWS + 10
    add(block, 0, count)
    seen, rows = block.read_history(5)
    assert seen == count
    assert len(rows) > HISTORY_ROWS - 100
    np.testing.assert_array_equal(rows[:, 1], np.arange(count - len(rows), count))
