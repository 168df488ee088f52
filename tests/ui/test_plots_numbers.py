"""Numbers, ranges and ticks as the plots write them."""

from __future__ import annotations

import math

import pytest

from playground.ui import text
from playground.ui.plots.scales import SteadyLimit, linear_ticks, log_ticks, nice_ceil, nice_floor


@pytest.mark.parametrize(
    ("value", "written"),
    [(0, "0"), (-6, "−6"), (0.03, "0.03"), (12300, "12300"), (3.2e-5, "3.2×10⁻⁵"), (-1e-9, "−10⁻⁹"), (1e30, "10³⁰"),
     (math.inf, "∞"), (-math.inf, "−∞"), (math.nan, "NaN")],
)  # fmt: skip
def test_plain_numbers_are_short_and_have_a_real_minus(value, written):
    assert text.plain(value) == written


def test_signed_numbers_keep_their_decimals():
    assert text.signed(-1.284, 3) == "−1.284"
    assert text.signed(0.87, plus=True) == "+0.87"
    assert text.signed(1, 0, plus=True) == "+1"


def test_a_large_number_has_no_decimals_that_nobody_can_read():
    assert text.signed(-6.9792e19) == "−6.98×10¹⁹"
    assert text.signed(15398.4) == "15400"
    assert text.signed(20347.0, plus=True) == "+20300"
    assert text.signed(-9999.94, 1) == "−9999.9"


def test_what_rounds_to_zero_has_no_sign():
    assert text.signed(-0.001) == "0.00"
    assert text.plain(-0.0) == "0"


@pytest.mark.parametrize(
    ("loss", "written"),
    [(0, "0.000"), (2.9e-12, "<10⁻⁹"), (7.48e-4, "7.5×10⁻⁴"), (9.996e-4, "0.001"), (0.5, "0.500"), (9.9996, "10.00"),
     (12.345, "12.35"), (123.45, "123.5"), (1234, "1234"), (123_456, "1.2×10⁵"), (math.inf, "∞"), (math.nan, "NaN")],
)  # fmt: skip
def test_a_loss_is_written_with_fixed_places_or_two_digits_and_a_power(loss, written):
    assert text.loss_text(loss) == written


def test_a_message_is_a_sentence():
    assert text.sentence("a network needs an input") == "A network needs an input."
    assert text.sentence("Why?") == "Why?"


def test_counters_are_grouped():
    assert text.grouped_epoch(123) == "000 123"
    assert text.grouped_epoch(1_234_567) == "1 234 567"
    assert text.grouped(158_000) == "158 000"
    assert text.percent(0.996) == "99.6 %"


def test_round_numbers_enclose_the_value():
    for value in (0.00137, 0.99, 1, 3.0000001, 8.01, 47_000):
        assert nice_floor(value) <= value * (1 + 1e-9)
        assert nice_ceil(value) >= value * (1 - 1e-9)


def test_ticks_are_round_and_inside_the_range():
    assert linear_ticks(0, 500, 5) == [0, 100, 200, 300, 400, 500]
    assert log_ticks(0.01, 1, 6) == pytest.approx([0.01, 0.1, 1])
    assert log_ticks(0.05, 1, 6) == pytest.approx([0.05, 0.1, 0.2, 0.5, 1])


def test_a_range_without_extent_has_no_ticks():
    assert linear_ticks(1, 1, 5) == []
    assert linear_ticks(0, math.inf, 5) == []


def test_a_steady_limit_grows_at_once_and_shrinks_late():
    limit = SteadyLimit()
    assert limit.fit(0.9) == 1
    assert limit.fit(1.1) == 2
    assert limit.fit(0.8) == 2
    assert limit.fit(math.nan) == 2
    assert limit.fit(0.5) == 0.5
