"""How the transport bar folds itself up where there is little room."""

from __future__ import annotations

from typing import NamedTuple


class Fit(NamedTuple):
    """How much room the parts of the bar take."""

    step: str = "{}"
    """What stands on the step button; {} is for "batch" or "epoch"."""
    step_px: int = 100
    play_px: int = 96
    speed_px: int = 128
    speed_caption: bool = True
    figures_px: int = 20
    batch: str = "batch {} / {}"
    """The hint beside the epoch, for the batch and for how many there are."""
    learning_rate_px: int = 92
    optimizer_px: int = 96
    loss_px: int = 94
    gap_px: int = 8
    """Between the parts; half as much again at both ends."""
    pair_px: int = 12
    """Between the two values of a figure."""
    apart_px: int = 22
    """At least, between one figure and the next, which must not look like a pair; half is added before the first."""


FITS = (
    Fit(step="Step {}", step_px=132, learning_rate_px=96, loss_px=104),
    Fit(play_px=88, learning_rate_px=88, optimizer_px=94, pair_px=10, apart_px=19),
    Fit(play_px=92, figures_px=15, learning_rate_px=88, optimizer_px=94, loss_px=80, gap_px=6, pair_px=8, apart_px=13),
    Fit(play_px=80, speed_px=88, speed_caption=False, figures_px=14, batch="{} / {}",
        learning_rate_px=86, optimizer_px=94, loss_px=68, gap_px=5, pair_px=8, apart_px=12),
    Fit(step_px=92, play_px=80, speed_px=86, speed_caption=False, figures_px=13, batch="{} / {}",
        learning_rate_px=88, optimizer_px=74, loss_px=62, gap_px=4, pair_px=6, apart_px=9),
)  # fmt: skip
"""From the roomiest to the narrowest; the bar takes the first that fits."""
