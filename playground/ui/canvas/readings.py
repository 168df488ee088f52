"""What can be read off a link, a bias or a neuron while the network learns: the second line of the hover card."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

import nncore as nn
from nncore.layers import Scale
from playground.engine.mirror import Mirror, folds_inputs
from playground.ui.text import percent, plain, signed

DIGITS = 3
TICKS = 101
"""Samples of the plane along each axis; an odd number, so that the middle is one of them."""


def number(value: float) -> str:
    """A weight or a bias."""
    return "not a number" if np.isnan(value) else signed(value, DIGITS)


def about_unit(mirror: Mirror, column: int, unit: int, bias: float | None) -> str:
    """What there is to know about one unit, beside its name.

    Parameters
    ----------
    column
        0 is the input.
    bias
        None for a unit that has none.
    """
    if column == 0:
        low, high = _input_range(mirror, unit)
        return f"{plain(low)} … {plain(high)}"
    if bias is None:
        return _about_passing(mirror, column - 1, unit)
    if np.isnan(bias):
        return number(bias)
    return " · ".join([f"bias {number(bias)}", *_sameness(mirror.maps[column][unit])])


def _about_passing(mirror: Mirror, index: int, unit: int) -> str:
    """What a layer without links of its own does to one unit."""
    own, layer = mirror.network.layers[index], mirror.spec.layers[index]
    options = nn.Layer.named(layer.kind).options
    if isinstance(scale := own.split(mirror.network.parameters), Scale):
        return f"gain {number(float(scale.gain[unit]))} · shift {number(float(scale.shift[unit]))}"
    if "span" in options:
        return (
            f"adds what went in {own.span} layer{'s' if own.span > 1 else ''} before" if own.span else "nothing to add"
        )
    return f"rate {percent(layer.rate, 0)}" if "rate" in options else ""


def _sameness(values: np.ndarray) -> list[str]:
    """What a unit is called that answers the same everywhere on the plane."""
    low, high = float(values.min()), float(values.max())
    if np.isnan(low):
        return [number(low)]
    if high - low > 1e-6 * max(1.0, abs(high)):
        return []
    return ["dead" if high == 0 else f"constant {plain(high)}"]


def _input_range(mirror: Mirror, unit: int) -> tuple[float, float]:
    """The least and the largest value of an input: on the plane or, where it was measured, of all samples it has."""
    spec = mirror.spec
    if spec.is_plane:
        return _range_of(spec.features[unit], *mirror.problem.domain)
    inputs = mirror.problem.train.inputs
    chosen = inputs if folds_inputs(spec) else inputs[:, unit]
    return float(chosen.min()), float(chosen.max())


@lru_cache(maxsize=64)
def _range_of(feature: str, low: float, high: float) -> tuple[float, float]:
    """The least and the largest value of a feature on the plane."""
    ticks = np.linspace(low, high, TICKS)
    plane = np.stack(np.meshgrid(ticks, ticks), axis=-1).reshape(-1, 2)
    values = nn.features.transform(plane, (feature,))
    return float(values.min()), float(values.max())
