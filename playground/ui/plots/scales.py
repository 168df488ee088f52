"""Ranges and ticks that are round, and that hold still while the data move."""

from __future__ import annotations

import math

import numpy as np

_STEPS = (1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)


def nice_ceil(value: float, steps: tuple[float, ...] = _STEPS) -> float:
    """The smallest of `steps` × 10ⁿ that is at least `value` > 0."""
    power = 10.0 ** math.floor(math.log10(value))
    return next((step * power for step in steps if step * power >= value * (1 - 1e-9)), 10 * power)


def nice_floor(value: float, steps: tuple[float, ...] = _STEPS) -> float:
    """The greatest of `steps` × 10ⁿ that is at most `value` > 0."""
    power = 10.0 ** math.floor(math.log10(value))
    return next((step * power for step in reversed(steps) if step * power <= value * (1 + 1e-9)), power)


def linear_ticks(low: float, high: float, count: int) -> list[float]:
    """Up to about `count` round values from `low` to `high`, a 1-2-5 step apart."""
    if not (math.isfinite(high - low) and high > low):
        return []
    step = nice_ceil((high - low) / count, (1.0, 2.0, 5.0, 10.0))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [i * step for i in range(first, last + 1)]


def log_ticks(low: float, high: float, count: int) -> list[float]:
    """Round values from `low` to `high` > 0 for a logarithmic axis: decades, or 1-2-5 where there are few."""
    first, last = math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9)
    stride = max(1, math.ceil((last - first + 1) / count))
    if last - first >= 2:
        return [10.0**n for n in range(first, last + 1) if (last - n) % stride == 0]
    values = (m * 10.0**n for n in range(first - 1, last + 1) for m in (1, 2, 5))
    return [v for v in values if low * (1 - 1e-9) <= v <= high * (1 + 1e-9)]


class SteadyLimit:
    """A round upper limit that grows at once, and shrinks only when the data use less than a third of it.

    Without it, bars and colours would be rescaled, and so flicker, on every frame of a training.
    """

    def __init__(self, least: float = 1e-12) -> None:
        self._least = least
        self.value = 1.0

    def fit(self, needed: float) -> float:
        """Take the largest magnitude of the newest data into account; returns the limit. NaN and 0 change nothing."""
        if not math.isfinite(needed) or needed == 0:
            return self.value
        needed = max(needed, self._least)
        if needed > self.value or needed < self.value / 3:
            self.value = nice_ceil(needed)
        return self.value


def finite(values: np.ndarray) -> np.ndarray:
    """`values` as a flat array without NaN and infinities."""
    flat = values.ravel()
    mask = np.isfinite(flat)
    return flat if mask.all() else flat[mask]
