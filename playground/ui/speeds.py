"""The speeds of training that are offered, and how people say them."""

from __future__ import annotations

from playground.engine.protocol import Speed
from playground.ui.text import grouped

SPEEDS = (
    *(Speed(value, "step") for value in (1.0, 5.0)),
    *(Speed(value, "epoch") for value in (1.0, 5.0, 15.0, 30.0, 60.0, 120.0, 250.0, 500.0, 1000.0, 2500.0)),
    Speed(None, "epoch"),
)
"""The stops of the speed slider."""


def speed_text(speed: Speed) -> str:
    """A speed as a person reads it."""
    if speed.value is None:
        return "max"
    amount = grouped(int(speed.value)) if speed.value == int(speed.value) else f"{speed.value:g}"
    return f"{amount} {speed.per}{'' if speed.value == 1 else 's'}/s"


def nearest_stop(speed: Speed) -> int:
    """Index of the speed among those offered that comes nearest."""
    if speed.value is None:
        return len(SPEEDS) - 1
    limited = [(at, stop.value) for at, stop in enumerate(SPEEDS) if stop.value is not None and stop.per == speed.per]
    wanted = speed.value
    return min(limited, key=lambda item: abs(item[1] - wanted))[0]
