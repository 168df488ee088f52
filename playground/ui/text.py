"""Numbers and messages as people read them: a real minus sign, fixed digits, powers of ten instead of 1e-05."""

from __future__ import annotations

import math

MINUS = "\N{MINUS SIGN}"
WIDEST_LOSS = "8.8×10⁻⁴"
"""No text of a loss is wider."""
MOST_FIXED = 10_000
"""Numbers from here on have no decimals that anybody could read."""
LEAST_LOSS = 1e-9
"""Smaller ones are only said to be smaller."""
_LOSS_DECIMALS = ((10, 3), (100, 2), (1000, 1), (10_000, 0))
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def signed(value: float, digits: int = 2, plus: bool = False) -> str:
    """A number with a fixed count of decimals: `−1.28`; with `plus`, `+0.87`; large ones are as in `plain`."""
    if not math.isfinite(value):
        return _not_finite(value)
    if abs(value) >= MOST_FIXED:
        return f"{'+' if plus and value > 0 else ''}{plain(value)}"
    text = f"{abs(value):.{digits}f}"
    if float(text) == 0:
        return text
    return f"{MINUS}{text}" if value < 0 else f"{'+' if plus else ''}{text}"


def plain(value: float, digits: int = 3) -> str:
    """A number as short as `digits` significant digits allow: `0.03`, `−6`, `3.2×10⁻⁵`."""
    if not math.isfinite(value):
        return _not_finite(value)
    return _fixed(value, digits) if -4 < _exponent(value, digits) < 5 else power(value, digits)


def power(value: float, digits: int = 3) -> str:
    """A finite number with a power of ten also where `plain` does without: `2×10⁴`, `10⁻³`; but not from 1 to 99."""
    exponent = _exponent(value, digits)
    if exponent in (0, 1):
        return _fixed(value, digits)
    mantissa = f"{abs(value) / 10.0**exponent:.{digits}g}"
    return f"{MINUS if value < 0 else ''}{'' if mantissa == '1' else f'{mantissa}×'}10{superscript(exponent)}"


def is_short(value: float) -> bool:
    """Whether `plain` writes a finite number without a power of ten."""
    return -4 < _exponent(value, 3) < 5


def loss_text(loss: float) -> str:
    """A loss as it is written everywhere: `0.061`, `12.35`, `7.5×10⁻⁴`."""
    if 0 < loss < LEAST_LOSS:
        return f"<{plain(LEAST_LOSS)}"
    if loss == 0:
        return "0.000"
    if not 0.001 <= loss < 9999.5:
        return plain(loss, 1 if loss > 1e99 else 2)
    decimals = next(decimals for limit, decimals in _LOSS_DECIMALS if loss < limit - 0.5 * 10**-decimals)
    return f"{loss:.{decimals}f}"


def percent(share: float, digits: int = 1) -> str:
    """A share of 0 … 1 in percent: `99.6 %`."""
    return f"{signed(100 * share, digits)} %"


def grouped_epoch(epoch: int) -> str:
    """A counter with at least six places in groups of three: `000 123`."""
    return f"{int(epoch):07,}".replace(",", " ")


def grouped(number: int) -> str:
    """A whole number in groups of three: `158 000`."""
    return f"{int(number):,}".replace(",", " ").replace("-", MINUS)


def superscript(number: int) -> str:
    """A whole number in raised figures: `⁻¹²`."""
    return str(number).translate(_SUPERSCRIPTS)


def summary(part: type) -> str:
    """The first line of a class's docstring: what it is or computes, for a tooltip."""
    return (part.__doc__ or "").strip().splitlines()[0]


def sentence(text: str) -> str:
    """A message with a capital and a full stop."""
    return f"{text[:1].upper()}{text[1:]}" + ("" if text.endswith((".", "?", "!")) else ".")


def _fixed(value: float, digits: int) -> str:
    return f"{float(f'{value:.{digits}g}') + 0:.12f}".rstrip("0").rstrip(".").replace("-", MINUS)


def _exponent(value: float, digits: int) -> int:
    """The power of ten in front of which a number, rounded to its digits, has one place; 0 for 0."""
    rounded = abs(float(f"{value:.{digits}g}"))
    return math.floor(math.log10(rounded)) if rounded else 0


def _not_finite(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    return "∞" if value > 0 else f"{MINUS}∞"
