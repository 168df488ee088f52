"""Schedules: how the learning rate changes while training goes on, as a factor of the optimizer's own."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np

from nncore.registry import Option, Registered, option
from nncore.tape import Tape

TIME = Option(0.0, "time, epochs", at_least=0)


@dataclass(frozen=True)
class Schedule(Registered, family="schedule"):
    """What the learning rate is multiplied by, as a function of time.

    Time t is counted in epochs: 0 at the first step, with the fraction of the present epoch in between, so that a
    schedule is the same whatever the batch size.
    """

    is_constant: ClassVar[bool] = False
    """Whether the factor is always 1; nothing is recorded then."""

    def factor(self, t: float) -> float:
        """The factor at `t` epochs; ValueError unless that is a number >= 0."""
        return self._factor(TIME.check(self.name, "t", t))

    def _factor(self, t: float) -> float:
        raise NotImplementedError

    def record(self, tape: Tape, t: np.ndarray, factor: np.ndarray) -> None:
        """Record the computation of `factor` from `t`, both of shape () and in float64, whatever the tape is in."""
        raise NotImplementedError


class Constant(Schedule):
    """The learning rate stays as it is."""

    name, label = "constant", "constant"
    is_constant = True

    def _factor(self, t):
        return 1.0

    def record(self, tape, t, factor):
        pass


@dataclass(frozen=True)
class StepDecay(Schedule):
    """The rate is multiplied by γ every T epochs: γ^⌊t / T⌋ (as by Szegedy et al. 2015, section 6).

    Attributes
    ----------
    every
        T, in epochs, 0.001 <= T <= 10⁶.
    gamma
        γ, 0 < γ <= 1.
    """

    every: float = option(100.0, "every, epochs", at_least=0.001, at_most=1e6)
    gamma: float = option(0.5, "γ", above=0, at_most=1)
    name, label = "step", "steps"

    def _factor(self, t):
        return self.gamma ** (t // self.every)

    def record(self, tape, t, factor):
        falls = _number(tape, "falls")
        tape(np.floor_divide, t, _constant(tape, self.every), falls, says="falls = ⌊t / T⌋")
        tape(np.power, _constant(tape, self.gamma), falls, factor, says="factor = γ^falls")


@dataclass(frozen=True)
class Exponential(Schedule):
    """The rate falls evenly, by γ in T epochs: γ^(t / T) (Senior, Heigold, Ranzato and Yang 2013).

    Attributes
    ----------
    every
        T, in epochs, 0.001 <= T <= 10⁶.
    gamma
        γ, 0 < γ <= 1.
    """

    every: float = option(100.0, "every, epochs", at_least=0.001, at_most=1e6)
    gamma: float = option(0.5, "γ", above=0, at_most=1)
    name, label = "exponential", "exponential"

    def _factor(self, t):
        return self.gamma ** (t / self.every)

    def record(self, tape, t, factor):
        progress = _number(tape, "progress")
        tape(np.divide, t, _constant(tape, self.every), progress, says="progress = t / T")
        tape(np.power, _constant(tape, self.gamma), progress, factor, says="factor = γ^progress")


@dataclass(frozen=True)
class Cosine(Schedule):
    """The rate falls along half a cosine, in T epochs to its part e, and stays: e + (1 − e) (1 + cos(π t / T)) / 2.

    One cycle of Loshchilov and Hutter 2017, equation 5.

    Attributes
    ----------
    epochs
        T, in epochs, 0.001 <= T <= 10⁶.
    final
        e, the factor at the end, 0 <= e <= 1.
    """

    epochs: float = option(100.0, "epochs", at_least=0.001, at_most=1e6)
    final: float = option(0.0, "final factor", at_least=0, at_most=1)
    name, label = "cosine", "cosine"

    def _factor(self, t):
        return _glide(1, self.final, t / self.epochs)

    def record(self, tape, t, factor):
        elapsed = _number(tape, "elapsed")
        tape(partial(np.minimum, out=elapsed), t, _constant(tape, self.epochs), says="elapsed = min(t, T)")
        span, begin, end = ("T", self.epochs), ("1", 1), ("e", self.final)
        _record_glide(tape, _scratch(tape), ("elapsed", elapsed), span, begin, end, ("factor", factor))


@dataclass(frozen=True)
class WarmUp(Schedule):
    """The rate rises evenly, in T epochs, to what it is to be: min(1, a + (1 − a) t / T) (Goyal et al. 2017, 2.2).

    Attributes
    ----------
    epochs
        T, in epochs, 0.001 <= T <= 10⁶.
    start
        a, the factor of the first step, 0 <= a <= 1.
    """

    epochs: float = option(5.0, "epochs", at_least=0.001, at_most=1e6)
    start: float = option(0.1, "first factor", at_least=0, at_most=1)
    name, label = "warm_up", "warm-up"

    def _factor(self, t):
        return min(1.0, self.start + t * ((1 - self.start) / self.epochs))

    def record(self, tape, t, factor):
        growth, line = _number(tape, "growth"), _number(tape, "line")
        tape(np.multiply, t, _constant(tape, (1 - self.start) / self.epochs), growth, says="growth = (1 − a) t / T")
        tape(np.add, growth, _constant(tape, self.start), line, says="line = a + growth")
        tape(partial(np.minimum, out=factor), line, _constant(tape, 1), says="factor = min(1, line)")


@dataclass(frozen=True)
class OneCycle(Schedule):
    """Along a cosine up from a to 1 in s T epochs, then down to e at T, and e from there on (Smith and Topin 2018).

    The optimizer's learning rate is the highest. PyTorch's OneCycleLR, stepped once an epoch, gives the same rates if
    T = total_steps − 1 and s T = pct_start · total_steps − 1: its halves end one step early.

    Attributes
    ----------
    epochs
        T, in epochs, 0.001 <= T <= 10⁶.
    share
        s, the share of them in which the rate rises, 0.001 <= s <= 0.999.
    start
        a, the factor of the first step, 0 <= a <= 1.
    final
        e, the factor at the end, 0 <= e <= 1.
    """

    epochs: float = option(100.0, "epochs", at_least=0.001, at_most=1e6)
    share: float = option(0.3, "share of the rise", at_least=0.001, at_most=0.999)
    start: float = option(1 / 25, "first factor", at_least=0, at_most=1)
    final: float = option(1 / 25e4, "final factor", at_least=0, at_most=1)
    name, label = "one_cycle", "one cycle"

    def _factor(self, t):
        peak = self.share * self.epochs
        if t <= peak:
            return _glide(self.start, 1, t / peak)
        return _glide(1, self.final, (t - peak) / (self.epochs - peak))

    def record(self, tape, t, factor):
        peak = self.share * self.epochs
        names = ("risen", "elapsed", "fallen", "rise", "fall")
        risen, elapsed, fallen, rise, fall = (_number(tape, name) for name in names)
        tape(partial(np.minimum, out=risen), t, _constant(tape, peak), says="risen = min(t, s T)")
        tape(partial(np.minimum, out=elapsed), t, _constant(tape, self.epochs), says="elapsed = min(t, T)")
        tape(np.subtract, elapsed, risen, fallen, says="fallen = elapsed − risen")
        up, down = ("(s T)", peak), ("(T − s T)", self.epochs - peak)
        begin, top, end = ("a", self.start), ("1", 1), ("e", self.final)
        scratch = _scratch(tape)
        _record_glide(tape, scratch, ("risen", risen), up, begin, top, ("rise", rise))
        _record_glide(tape, scratch, ("fallen", fallen), down, top, end, ("fall", fall))
        # One of the two halves is 1 at any time.
        tape(np.multiply, rise, fall, factor, says="factor = rise · fall")


def _glide(begin: float, end: float, progress: float) -> float:
    """From `begin` to `end` along half a cosine, as `progress` goes from 0 to 1."""
    return end + (begin - end) * (1 + math.cos(math.pi * min(progress, 1.0))) / 2


def _scratch(tape: Tape) -> list[np.ndarray]:
    """What `_record_glide` computes in."""
    return [_number(tape, name) for name in ("angle", "wave", "swing")]


def _record_glide(
    tape: Tape,
    scratch: list[np.ndarray],
    passed: tuple[str, np.ndarray],
    span: tuple[str, float],
    begin: tuple[str, float],
    end: tuple[str, float],
    result: tuple[str, np.ndarray],
) -> None:
    """Record `_glide` for a progress of passed / span; all come with the symbols that formulas have for them."""
    angle, wave, swing = scratch
    half, middle = (begin[1] - end[1]) / 2, (begin[1] + end[1]) / 2
    tape(np.multiply, passed[1], _constant(tape, math.pi / span[1]), angle, says=f"angle = π {passed[0]} / {span[0]}")
    tape(np.cos, angle, wave, says="wave = cos(angle)")
    tape(np.multiply, wave, _constant(tape, half), swing, says=f"swing = ({begin[0]} − {end[0]}) / 2 · wave")
    tape(np.add, swing, _constant(tape, middle), result[1], says=f"{result[0]} = swing + ({begin[0]} + {end[0]}) / 2")


def _number(tape: Tape, name: str) -> np.ndarray:
    """A buffer for one number; calls go from one to another, as writing one in place takes three times as long."""
    return tape.array((), name, np.float64)


def _constant(tape: Tape, value: float) -> np.ndarray:
    return tape.constant(value, np.empty(()), np.float64)
