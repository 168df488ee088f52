"""Numbers and messages as people read them: a real minus sign, fixed digits, powers of ten instead of 1e-05."""

from __future__ import annotations

import math

MINUS = "\N{MINUS SIGN}"
WIDEST_LOSS = "8.8×10⁻⁴"
"""No text of a loss is wider."""
LEAST_LOSS = 1e-9
"""Smaller ones are only said to be smaller."""
_LOSS_DECIMALS = ((10, 3), (100, 2), (1000, 1), (10_000, 0))
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def signed(value: float, digits: int = 2, plus: bool = False) -> str:
    """A number with a fixed count of decimals: `−1.28`; with `plus`, `+0.87`."""
    if not math.isfinite(value):
        return _not_finite(value)
    text = f"{abs(value):.{digits}f}"
    if float(text) == 0:
        return text
    return f"{MINUS}{text}" if value < 0 else f"{'+' if plus else ''}{text}"


def plain(value: float, digits: int = 3) -> str:
    """A number as short as `digits` significant digits allow: `0.03`, `−6`, `3.2×10⁻⁵`."""
    if not math.isfinite(value):
        return _not_finite(value)
    rounded = float(f"{value:.{digits}g}")
    if rounded == 0:
        return "0"
    exponent = math.floor(math.log10(abs(rounded)))
    if -4 < exponent < 5:
        return f"{rounded:.12f}".rstrip("0").rstrip(".").replace("-", MINUS)
    sign = MINUS if rounded < 0 else ""
    mantissa = f"{abs(rounded) / 10.0**exponent:.{digits}g}"
    return f"{sign}{'' if mantissa == '1' else f'{mantissa}×'}10{superscript(exponent)}"


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


def _not_finite(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    return "∞" if value > 0 else f"{MINUS}∞"
