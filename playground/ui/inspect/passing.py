"""What is said of a unit that has no weights of its own: an input, and what dropout, norms and residuals do to one."""

from __future__ import annotations

import numpy as np

import nncore as nn
from nncore.layers import Scale
from playground.engine.mirror import Mirror
from playground.ui.inspect.formula import Words
from playground.ui.names import input_names
from playground.ui.plots.parts import Segment
from playground.ui.text import signed, summary


def passing_lines(mirror: Mirror, column: int, unit: int, values: list[np.ndarray]) -> list[Words]:
    """What there is to say of it, in lines.

    Parameters
    ----------
    values
        (units,) per column: what a sample becomes.
    """
    value = float(values[column][unit])
    if column == 0:
        return _about_input(mirror, unit, value)
    layer = mirror.network.layers[column - 1]
    lines: list[Words] = [_prose(summary(type(layer)).replace("`", ""))]
    if isinstance(own := layer.split(mirror.network.parameters), Scale):
        lines.append(_figures(("gain γ", float(own.gain[unit])), ("shift β", float(own.shift[unit]))))
    if layer.statistics.ndim == 2:
        mean, variance = (float(row[unit]) for row in layer.statistics)
        lines.append(_figures(("running mean", mean), ("running variance", variance)))
    lines.append(_figures(("arrives", float(values[column - 1][unit])), ("goes on", value)))
    return lines


def _about_input(mirror: Mirror, unit: int, value: float) -> list[Words]:
    spec, standardization = mirror.spec, mirror.network.standardization
    if spec.is_plane:
        feature = nn.feature(spec.features[unit])
        about = "A formula of your own" if isinstance(feature, nn.Formula) else summary(type(feature)).rstrip(".")
        return [(Segment(feature.label, "text"),), _prose(f"{about}."), _figures(("for this sample", value))]
    lines: list[Words] = [(Segment(input_names(spec)[unit], "text"),)]
    if standardization is not None:
        lines.append(_prose("Standardised: the network is given (x − mean) / scale."))
        mean, scale = float(standardization.mean[unit]), float(standardization.scale[unit])
        lines.append(_figures(("mean", mean), ("scale", scale)))
    return [*lines, _figures(("for this sample", value))]


def _prose(text: str) -> Words:
    return tuple(Segment(word) for word in text.split())


def _figures(*named: tuple[str, float]) -> Words:
    words = [(Segment("·"), Segment(name), Segment(signed(value, 3), "text")) for name, value in named]
    return tuple(word for each in words for word in each)[1:]
