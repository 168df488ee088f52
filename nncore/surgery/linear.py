"""How a value passes an activation as if that were linear: scaled and shifted to where it is, or nearly is."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from nncore.activations import Activation
from nncore.surgery.fitting import line, varies
from nncore.tape import Tape, run

RADIUS = 0.2
"""Logits around the inflection point of an activation that has no linear part reach this far.

A smaller one changes the output less, but makes the next weights large, and with them the first gradients. Measured on
2-8-8-1 networks of tanh that have learned XOR to outputs of ±1, five seeds, 8 units inserted, in float32 (and alike in
float64): the largest change, and the median of the loss after 30 more epochs of Adam(0.01), relative to that before.

    radius   0.5              0.3              0.2              0.1              0.05             0.01
    tanh     0.17     0.2     0.064    0.4     0.028    0.2     0.0071   3       0.0018   1.8     0.00007  10
    sigmoid  0.044    0.3     0.016    0.2     0.0066   1.2     0.0017   0.5     0.0004   1.6     0.0003   9
    sin      0.091    0.4     0.032    0.3     0.014    0.6     0.0036   1.7     0.0009   1.6     0.00004  5
    gaussian 0.23     0.1     0.12     0.3     0.058    0.4     0.014    1.5     0.0034   1.3     0.0002   10

Adam does not mind the scale of a gradient. Plain gradient descent does: at the rate that the network was trained with,
a radius of 0.2 leads away for good in most cases, and 1 in none.
"""

HEADROOM = 0.1
"""How far the values stay from a kink, relative to their range."""

MARGINS = (0.0, 1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 10.0, 12.0, 16.0, 20.0, 24.0, 32.0, 40.0)
"""How much further from zero, for smooth activations that become linear far out: the best one is measured."""

LEAST_SLOPE = 0.05
FAR = 500.0


class Passage(NamedTuple):
    """With logits gain · h + bias, the value h is scale · f + shift, per unit; all of shape (units,)."""

    gain: np.ndarray
    bias: np.ndarray
    scale: np.ndarray
    shift: np.ndarray


def apply(activation: Activation, z: np.ndarray) -> np.ndarray:
    """The outputs (n_samples, units) for logits (n_samples, units), in float64."""
    tape = Tape(len(z), "float64")
    logits, outputs = np.ascontiguousarray(z.T), np.zeros(z.T.shape)
    activation.forward(tape, logits, outputs)
    with np.errstate(all="ignore"):
        run(tape.program())
    return outputs.T


def is_elementwise(activation: Activation) -> bool:
    """Whether each output depends on one logit only."""
    return activation.min_units == 1


def plain(units: int) -> Passage:
    """The passage that changes nothing."""
    return Passage(np.ones(units), np.zeros(units), np.ones(units), np.zeros(units))


def passage(
    activation: Activation, h: np.ndarray, dtype: np.dtype, *, together: bool = False, radius: float = RADIUS
) -> Passage:
    """How the values h, (n_samples, units), pass this activation with the least change.

    Parameters
    ----------
    activation
        f.
    h
        (n_samples, units)
    dtype
        What the network computes in: rounding to it counts as a change.
    together
        Whether all units are shifted by the same.
    radius
        How far logits reach around the inflection point: see `RADIUS`.
    """
    if not is_elementwise(activation):
        return _through_softmax(h, radius)
    units = h.shape[1]
    wrong = np.abs(apply(activation, h) - h).max(axis=0) > np.finfo(dtype).eps * np.abs(h).max(axis=0)
    if not wrong.any():
        return plain(units)
    found = _far_out(activation, h, dtype, together) or _around_inflection(activation, h, radius)
    if together:
        return found
    return Passage(*(np.where(wrong, new, old) for new, old in zip(found, plain(units), strict=True)))


def _far_out(activation: Activation, h: np.ndarray, dtype: np.dtype, together: bool) -> Passage | None:
    """By a shift to where f is a straight line; None if it is one nowhere."""
    near, far = apply(activation, np.array([[FAR], [2 * FAR]]))[:, 0]
    slope = (far - near) / FAR
    if slope < LEAST_SLOPE:
        return None
    low, high = h.min(axis=0), h.max(axis=0)
    spread = np.where(varies(low, high), high - low, 1)
    start = HEADROOM * spread - low
    best, least = None, np.inf
    for margin in MARGINS:
        bias = start / slope + margin
        if together:
            bias = np.full_like(bias, bias.max())
        z = h / slope + bias
        rounding = np.finfo(dtype).eps * np.abs(z).max(axis=0) * slope
        error = float(((np.abs(apply(activation, z) - slope * z).max(axis=0) + rounding) / spread).max())
        if error < least:
            best, least = bias, error
    if best is None or least > 1e-3:
        return None
    units = h.shape[1]
    return Passage(np.full(units, 1 / slope), best, np.ones(units), -slope * best)


def _around_inflection(activation: Activation, h: np.ndarray, radius: float) -> Passage:
    """By a scale so small that f is nearly straight: where it is most so."""
    centre = _straightest(activation, radius)
    low, high = h.min(axis=0), h.max(axis=0)
    one_value = ~varies(low, high)
    half = np.where(one_value, 1, (high - low) / 2)
    gain = radius / half
    bias = centre - gain * (high + low) / 2
    ends = apply(activation, np.array([[centre - radius], [centre], [centre + radius]]))[:, 0]
    scale, shift = line(apply(activation, gain * h + bias), h)
    scale = np.where(one_value, 2 * half / (ends[2] - ends[0]), scale)
    return Passage(gain, bias, scale, np.where(one_value, low - scale * ends[1], shift))


def _straightest(activation: Activation, radius: float) -> float:
    """The point around which the activation curves least over the radius, among those where it is steep."""
    centre, width = 0.0, 4.0
    for _ in range(3):
        centres = centre + width * np.linspace(-1, 1, 801)
        points = np.linspace(-radius, radius, 9)
        values = apply(activation, (centres[:, None] + points).reshape(-1, 1)).reshape(-1, 9)
        slope = (values[:, -1] - values[:, 0]) / (2 * radius)
        bend = np.abs(values - values.mean(axis=1, keepdims=True) - slope[:, None] * points).max(axis=1)
        steep = np.abs(slope) >= 0.2 * np.abs(slope).max()
        centre = float(centres[np.argmin(np.where(steep, bend / np.where(steep, np.abs(slope), 1), np.inf))])
        width /= 200
    return centre


def _through_softmax(h: np.ndarray, radius: float) -> Passage:
    """Around equal logits, where softmax is nearly linear; the mean over the units is lost."""
    units = h.shape[1]
    low, high = h.min(axis=0), h.max(axis=0)
    moves = varies(low, high)
    half = float((high - low)[moves].max()) / 2 if moves.any() else 1.0
    gain = np.full(units, radius / half)
    scale = units / gain
    return Passage(gain, -gain * h.mean(axis=0), scale, h.mean(axis=0) - scale / units)
