"""What layers, units and weights are called, on the canvas and in every plot.

A column is counted as in `Mirror.maps`: 0 is the input, the last one the output.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import nncore as nn
from playground.document.naming import layer_names
from playground.document.spec import Spec
from playground.ui.text import grouped

_PIXEL = re.compile(r"pixel (\d+),(\d+).*")
"""An input of a picture; its colours are shown as one."""


def layer_title(spec: Spec, index: int) -> str:
    """A layer and its activation, where it has one: "Dense 2 · tanh"."""
    name = layer_names(spec)[index]
    if index == len(spec.layers):
        return f"{name} · {nn.Activation.named(spec.output_activation).label}"
    layer = spec.layers[index]
    if "activation" not in nn.Layer.named(layer.kind).options:
        return name
    return f"{name} · {nn.Activation.named(layer.activation).label}"


def unit_name(spec: Spec, column: int, unit: int) -> str:
    """A unit as others refer to it: its feature ("x₁"), "Dense 1, unit 3", "Output" or "Output, setosa"."""
    if column == 0:
        return _PIXEL.sub(r"pixel row \1, column \2", input_names(spec)[unit])
    name = layer_names(spec)[column - 1]
    if column <= len(spec.layers):
        return f"{name}, unit {unit + 1}"
    return name if spec.n_outputs == 1 else f"{name}, {spec.dataset.class_names[unit]}"


def input_names(spec: Spec) -> Sequence[str]:
    """What each input is called: a feature's label, or what was measured."""
    if spec.is_plane:
        return [nn.feature(name).label for name in spec.features]
    return spec.dataset.input_names


def inputs_text(spec: Spec) -> str:
    """How many inputs there are, and of which sort: "2 features", "12 288 inputs"."""
    what = "feature" if spec.is_plane else "input"
    return f"{grouped(spec.n_inputs)} {what}{'s' if spec.n_inputs > 1 else ''}"


def unit_title(spec: Spec, column: int, unit: int) -> str:
    """A unit that stands by itself: "input · x₁", "Dense 1, unit 3"."""
    name = unit_name(spec, column, unit)
    return name if column else f"input · {name}"


def bias_name(spec: Spec, column: int, unit: int) -> str:
    """The bias of a unit: "bias · Dense 1, unit 3"."""
    return f"bias · {unit_name(spec, column, unit)}"


def weight_name(spec: Spec, column: int, unit: int, source: int) -> str:
    """The weight of what arrives at a unit from one of the column before: "weight · x₁ → Dense 1, unit 3"."""
    return f"weight · {unit_name(spec, column - 1, source)} → {unit_name(spec, column, unit)}"
