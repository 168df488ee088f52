"""How a number of the document is written, read and stepped through in the window."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from playground.ui.text import MINUS, grouped


@dataclass(frozen=True)
class Quantity:
    """One number a user can set.

    Parameters
    ----------
    label
        What it is called.
    stops
        The values a slider or a list offers, ascending. Any other value in range can be typed.
    low, high
        The range, which may be infinite. `low` itself is excluded where `above_low` is set, `high` where `below_high`.
    percent
        Whether a share (0 … 1) is written as per cent.
    whole
        Whether only whole numbers make sense.
    """

    label: str
    stops: tuple[float, ...]
    low: float
    high: float
    percent: bool = False
    whole: bool = False
    above_low: bool = False
    below_high: bool = False

    def show(self, value: float) -> str:
        """`value` as a person reads it."""
        if self.percent:
            return f"{_plain(round(100 * value, 6))} %"
        return grouped(int(value)) if self.whole else _plain(value)

    def read(self, text: str) -> float:
        """The value a person typed; spaces, a per-cent sign and a decimal comma are understood.

        Raises
        ------
        ValueError
            Saying which numbers are possible.
        """
        digits = "".join(text.replace("%", "").split()).replace(",", ".").replace(MINUS, "-")
        try:
            value = float(digits) / (100 if self.percent else 1)
        except ValueError:
            value = math.nan
        too_low = value <= self.low if self.above_low else value < self.low
        too_high = value >= self.high if self.below_high else value > self.high
        if not math.isfinite(value) or too_low or too_high or (self.whole and value != int(value)):
            raise ValueError(f"{self.label}: {self.possible} is possible")
        return self.exact(value)

    @property
    def possible(self) -> str:
        """Which numbers are possible: "a number above 0, up to 10"."""
        kind = "a whole number" if self.whole else "a number"
        if math.isinf(self.low) or math.isinf(self.high):
            return f"{kind}{self._end}"
        low, high = self.show(self.low), self.show(self.high)
        if self.below_high:
            return f"{kind} {'above' if self.above_low else 'from'} {low}, below {high}"
        return f"{kind} above {low}, up to {high}" if self.above_low else f"{kind} from {low} to {high}"

    @property
    def _end(self) -> str:
        """The only end of a range that has at most one."""
        if math.isfinite(self.low):
            return f" {'above' if self.above_low else 'from'} {self.show(self.low)}" + ("" if self.above_low else " on")
        return "" if math.isinf(self.high) else f" {'below' if self.below_high else 'up to'} {self.show(self.high)}"

    def exact(self, value: float) -> float:
        """`value` as an int where only whole numbers make sense: Qt's signals carry floats."""
        return int(value) if self.whole else value

    def nearest_stop(self, value: float) -> int:
        """Index of the stop that is closest to `value`."""
        return int(np.abs(np.asarray(self.stops) - value).argmin())


def _plain(value: float) -> str:
    """`value` without an exponent, unless it is too small to be read that way."""
    if value and abs(value) < 1e-6:
        digits, exponent = f"{value:g}".split("e")
        return f"{digits}e{int(exponent)}".replace("-", MINUS)
    return np.format_float_positional(value, trim="-").replace("-", MINUS)
