"""Schedules of the learning rate: their values are PyTorch's, on the tape as in the formula."""

import math
import re

import numpy as np
import pytest

from nncore.explain import Names, arrays_of, explained, written
from nncore.schedules import Constant, Cosine, Exponential, OneCycle, Schedule, StepDecay, WarmUp
from nncore.tape import Tape, run

# torch.optim.lr_scheduler of PyTorch 2.13, with a learning rate of 1: the rate of each epoch.
TORCH = {
    # StepLR(3, gamma=0.5)
    StepDecay(3, 0.5): [1.0, 1.0, 1.0, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.125],
    # ExponentialLR(gamma=0.9)
    Exponential(1, 0.9): [1.0, 0.9, 0.81, 0.729, 0.6561, 0.59049, 0.531441, 0.4782969],
    # CosineAnnealingLR(6, eta_min=0.1)
    Cosine(6, 0.1): [1.0, 0.9397114317029974, 0.775, 0.55, 0.325, 0.1602885682970026, 0.1],
    # LinearLR(0.1, 1, total_iters=5)
    WarmUp(5, 0.1): [0.1, 0.28, 0.46, 0.64, 0.82, 1.0, 1.0, 1.0],
    # OneCycleLR(total_steps=11, pct_start=0.4): its halves end one step early, at 3.4 and 10
    OneCycle(10, 0.34): [
        0.04,
        0.2307353745379569,
        0.6513582352345996,
        0.9675866701140907,
        0.9797465678213015,
        0.8618675715844589,
        0.6635353275227843,
        0.428844865493034,
        0.20997470532822013,
        0.055586053343435624,
        4e-06,
    ],
}
TIMES = [0.0, 1e-3, 0.3, 1.0, 2.5, 3.0, 3.4, 4.75, 9.999, 10.0, 29.7, 99.0, 100.0, 101.5, 1e6]


def on_tape(schedule: Schedule, dtype: str = "float32") -> tuple[Tape, np.ndarray, np.ndarray]:
    """A tape that computes a schedule's factor, and the two numbers it goes between."""
    tape = Tape(1, dtype)
    t, factor = tape.array((), "t", np.float64), tape.array((), "factor", np.float64)
    schedule.record(tape, t, factor)
    return tape, t, factor


@pytest.mark.parametrize("schedule", TORCH, ids=lambda schedule: schedule.name)
def test_the_rate_of_each_epoch_is_that_of_pytorch(schedule):
    assert [schedule.factor(t) for t in range(len(TORCH[schedule]))] == pytest.approx(TORCH[schedule], rel=1e-12)


def test_every_schedule_that_changes_is_compared():
    changing = {name for name, kind in Schedule.registry.items() if not kind.is_constant}
    assert {schedule.name for schedule in TORCH} == changing


@pytest.mark.parametrize("schedule", [*TORCH, Cosine(), OneCycle(), WarmUp(0.5), StepDecay(), Exponential()], ids=str)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_tape_computes_the_formula_in_float64(schedule, dtype):
    tape, t, factor = on_tape(schedule, dtype)
    for time in TIMES:
        t[...] = time
        run(tape.program())
        assert float(factor) == pytest.approx(schedule.factor(time), rel=1e-12, abs=1e-15), time
        assert t == time


@pytest.mark.parametrize("name", Schedule.names())
def test_every_operand_has_a_name_and_every_call_can_be_written_down(name):
    tape, *_ = on_tape(Schedule.named(name)())
    names = Names(tape)
    for op in tape.ops:
        assert explained(op, names).call.isascii()


@pytest.mark.parametrize("name", Schedule.names())
def test_every_formula_says_what_its_call_reads_and_writes(name):
    """Left of its sign stands the name of the result, right of it those of all operands that are no constants."""
    tape, *_ = on_tape(Schedule.named(name)())
    names = Names(tape)
    for op in tape.ops:
        left, right = op.says.split(" = ")
        arrays = [array for array in arrays_of(op) if id(array) not in tape.constants]
        said = [names.of(array) for array in arrays if array is not written(op)]
        assert left == names.of(written(op))
        assert set(said) <= set(re.findall(r"[a-z]+", right))


@pytest.mark.parametrize("name", Schedule.names())
def test_no_buffer_is_called_like_the_samples(name):
    tape, *_ = on_tape(Schedule.named(name)())
    assert not {"x", "y", "z"} & set(tape.names)


def test_the_constant_one_records_nothing_and_is_the_only_one_that_says_so():
    tape, *_ = on_tape(Constant())
    assert not tape.ops
    assert [name for name, kind in Schedule.registry.items() if kind.is_constant] == ["constant"]
    assert Constant().factor(12.5) == 1


def test_within_an_epoch_the_rate_goes_on_changing():
    assert Exponential(1, 0.25).factor(0.5) == 0.5
    assert WarmUp(2, 0).factor(0.5) == 0.25
    assert Cosine(2).factor(0.5) == pytest.approx((1 + math.sqrt(0.5)) / 2)
    assert StepDecay(1, 0.25).factor(0.999) == 1


def test_after_its_end_a_schedule_stays_where_it_came_to():
    assert Cosine(10, 0.1).factor(1e9) == pytest.approx(0.1)
    assert OneCycle(10).factor(1e9) == pytest.approx(4e-6)
    assert WarmUp(10).factor(1e9) == 1


def test_one_cycle_is_highest_after_its_share_of_the_epochs():
    schedule = OneCycle(100, share=0.3)
    assert schedule.factor(0) == pytest.approx(1 / 25)
    assert schedule.factor(30) == 1
    assert schedule.factor(29) < 1 > schedule.factor(31)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"name": "step", "every": 0}, "step: expected 0.001 <= every <= 1,000,000, got 0"),
        ({"name": "exponential", "gamma": -1}, "exponential: expected 0 < gamma <= 1, got -1"),
        ({"name": "cosine", "final": 2}, "cosine: expected 0 <= final <= 1, got 2"),
        ({"name": "warm_up", "epochs": "ten"}, "warm_up: expected 0.001 <= epochs <= 1,000,000, got 'ten'"),
        ({"name": "one_cycle", "share": 1}, "one_cycle: expected 0.001 <= share <= 0.999, got 1"),
        ({"name": "one_cycle", "epochs": 5e-324}, "one_cycle: expected 0.001 <= epochs <= 1,000,000, got 5e-324"),
        ({"name": "step", "gamma": 10}, "step: expected 0 < gamma <= 1, got 10"),
    ],
)
def test_an_impossible_setting_says_what_is_possible(settings, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        Schedule.of(settings)


@pytest.mark.parametrize("name", Schedule.names())
def test_a_time_is_a_number_of_epochs(name):
    for t in (None, "x", -1, math.nan, math.inf, [1]):
        with pytest.raises(ValueError, match=f"^{name}: expected t >= 0, got {re.escape(repr(t))}$"):
            Schedule.of(name).factor(t)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", [name for name in Schedule.names() if name != "constant"])
def test_at_the_ends_of_every_range_the_factor_is_between_0_and_1(name):
    kind = Schedule.named(name)
    for end in ("at_least", "at_most"):
        bounds = {key: getattr(option, end) for key, option in kind.options.items()}
        schedule = kind(**{key: value for key, value in bounds.items() if math.isfinite(value)})
        tape, t, factor = on_tape(schedule)
        for time in TIMES:
            t[...] = time
            run(tape.program())
            assert 0 <= schedule.factor(time) <= 1
            assert 0 <= float(factor) <= 1 + 1e-12
