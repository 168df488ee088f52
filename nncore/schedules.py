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
    """γ^⌊t / T⌋: the rate is multiplied by γ every T epochs (as by Szegedy et al. 2015, section 6).

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
        x = _number(tape, "x")
        tape(np.floor_divide, t, _constant(tape, self.every), x, says="x = ⌊t / T⌋")
        tape(np.power, _constant(tape, self.gamma), x, factor, says="f = γ^⌊t / T⌋")


@dataclass(frozen=True)
class Exponential(Schedule):
    """γ^(t / T): the rate falls evenly, by γ in T epochs (Senior, Heigold, Ranzato and Yang 2013).

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
        x = _number(tape, "x")
        tape(np.divide, t, _constant(tape, self.every), x, says="x = t / T")
        tape(np.power, _constant(tape, self.gamma), x, factor, says="f = γ^(t / T)")


@dataclass(frozen=True)
class Cosine(Schedule):
    """e + (1 − e) (1 + cos(π t / T)) / 2, and e from T epochs on (Loshchilov and Hutter 2017, equation 5, one cycle).

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
        x, y = _number(tape, "x"), _number(tape, "y")
        tape(partial(np.minimum, out=x), t, _constant(tape, self.epochs), says="x = min(t, T)")
        _record_glide(tape, (x, y), self.epochs, 1, self.final, factor)


@dataclass(frozen=True)
class WarmUp(Schedule):
    """min(1, a + (1 − a) t / T): the rate rises evenly to what it is to be (Goyal et al. 2017, section 2.2).

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
        x, y = _number(tape, "x"), _number(tape, "y")
        tape(np.multiply, t, _constant(tape, (1 - self.start) / self.epochs), x, says="x = (1 − a) t / T")
        tape(np.add, x, _constant(tape, self.start), y, says="y = a + (1 − a) t / T")
        tape(partial(np.minimum, out=factor), y, _constant(tape, 1), says="f = min(1, y)")


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
        x, y, z, rise, fall = (_number(tape, name) for name in ("x", "y", "z", "rise", "fall"))
        tape(partial(np.minimum, out=x), t, _constant(tape, peak), says="x = min(t, s T): how far it has risen")
        tape(partial(np.minimum, out=y), t, _constant(tape, self.epochs), says="y = min(t, T)")
        tape(np.subtract, y, x, z, says="z = y − x: how far it has fallen")
        _record_glide(tape, (x, y), peak, self.start, 1, rise, "rise")
        _record_glide(tape, (z, y), self.epochs - peak, 1, self.final, fall, "fall")
        # One of the two halves is 1 at any time.
        tape(np.multiply, rise, fall, factor, says="f = rise · fall")


def _glide(begin: float, end: float, progress: float) -> float:
    """From `begin` to `end` along half a cosine, as `progress` goes from 0 to 1."""
    return end + (begin - end) * (1 + math.cos(math.pi * min(progress, 1.0))) / 2


def _record_glide(
    tape: Tape,
    scratch: tuple[np.ndarray, np.ndarray],
    span: float,
    begin: float,
    end: float,
    result: np.ndarray,
    name: str = "f",
) -> None:
    """Record `_glide` into `result`, called `name`, for a progress of x / span; x is the first of the scratch."""
    x, y = scratch
    tape(np.multiply, x, _constant(tape, math.pi / span), y, says=f"y = π x / {span:g}")
    tape(np.cos, y, x, says="x = cos y")
    tape(np.multiply, x, _constant(tape, (begin - end) / 2), y, says=f"y = {(begin - end) / 2:g} x")
    tape(np.add, y, _constant(tape, (begin + end) / 2), result, says=f"{name} = y + {(begin + end) / 2:g}")


def _number(tape: Tape, name: str) -> np.ndarray:
    """A buffer for one number; calls go from one to another, as writing one in place takes three times as long."""
    return tape.array((), name, np.float64)


def _constant(tape: Tape, value: float) -> np.ndarray:
    return tape.constant(value, np.empty(()), np.float64)
