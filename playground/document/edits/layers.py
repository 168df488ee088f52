"""Edits of the layers: which there are, and the settings in their heads."""

from __future__ import annotations

from msgspec.structs import replace

import nncore as nn
from playground.document import fitting
from playground.document.edits.base import ImpossibleEditError, edit, layer_of, with_layer
from playground.document.spec import MAX_LAYERS, MAX_UNITS, OUTPUT_ID, Layer, Spec


@edit("Add layer")
def add_layer(spec: Spec, at: int, kind: str, activation: str | None = None) -> Spec:
    """Insert a layer of this kind before position `at` (0 … number of layers).

    A dense layer takes the width and activation of the one before it, so that the layer after it
    keeps its shape and all it has learned.
    """
    _check_place(at, len(spec.layers))
    model = _dense_before(spec, at)
    new = Layer(
        kind,
        _new_id(spec),
        units=model.units if model else 4,
        activation=activation or (model.activation if model else "tanh"),
    )
    return _with_layers(spec, (*spec.layers[:at], new, *spec.layers[at:]))


@edit("Duplicate layer")
def duplicate_layer(spec: Spec, layer_id: int) -> Spec:
    """Insert a copy of a layer right behind it."""
    at = spec.index_of(layer_id)
    copy = replace(spec.layers[at], id=_new_id(spec))
    return _with_layers(spec, (*spec.layers[: at + 1], copy, *spec.layers[at + 1 :]))


@edit("Paste layer")
def paste_layer(spec: Spec, at: int, layer: Layer) -> Spec:
    """Insert a layer of these settings before position `at`; it gets an id of its own."""
    _check_place(at, len(spec.layers))
    return _with_layers(spec, (*spec.layers[:at], replace(layer, id=_new_id(spec)), *spec.layers[at:]))


@edit("Change settings of layer")
def set_kind(spec: Spec, layer_id: int, kind: str) -> Spec:
    """Give a layer other settings of its kind, those that stand in brackets: "batch_norm(momentum=0.8)"."""
    if nn.Layer.named(kind) is not nn.Layer.named(layer_of(spec, layer_id).kind):
        raise ImpossibleEditError("a layer stays of its kind: remove it, and add another")
    return with_layer(spec, layer_id, kind=nn.Layer.of(kind).text)


@edit("Remove layer")
def remove_layer(spec: Spec, layer_id: int) -> Spec:
    """Take a hidden layer out."""
    at = spec.index_of(layer_id)
    return _with_layers(spec, spec.layers[:at] + spec.layers[at + 1 :])


@edit("Move layer")
def move_layer(spec: Spec, layer_id: int, to: int) -> Spec:
    """Move a layer so that it stands at position `to` among the others."""
    at = spec.index_of(layer_id)
    others = spec.layers[:at] + spec.layers[at + 1 :]
    _check_place(to, len(others))
    return _with_layers(spec, (*others[:to], spec.layers[at], *others[to:]))


@edit("Change units")
def set_units(spec: Spec, layer_id: int, units: int) -> Spec:
    """Give a dense layer this many units (clipped to 1 … MAX_UNITS)."""
    units = min(max(units, 1), MAX_UNITS)
    weights = layer_of(spec, layer_id).weights
    frozen = tuple(unit for unit in weights.frozen_units if unit < units)
    silenced = tuple(unit for unit in weights.silenced if unit < units)
    fewer = with_layer(spec, layer_id, weights=replace(weights, frozen_units=frozen, silenced=silenced))
    return _with_options(fewer, layer_id, units=units)


@edit("Change dropout rate")
def set_rate(spec: Spec, layer_id: int, rate: float) -> Spec:
    """Give a dropout layer this rate."""
    return _with_options(spec, layer_id, rate=rate)


@edit("Change span")
def set_span(spec: Spec, layer_id: int, span: int) -> Spec:
    """Let a residual connection reach back over this many layers."""
    return _with_options(spec, layer_id, span=span)


@edit("Change activation")
def set_activation(spec: Spec, layer_id: int, activation: str) -> Spec:
    """Give a layer this activation; `OUTPUT_ID` stands for the output.

    An output the loss cannot read (cross-entropy of a tanh) brings the usual loss of the data set back.
    """
    if layer_id != OUTPUT_ID:
        return _with_options(spec, layer_id, activation=activation)
    nn.Activation.of(activation)
    loss = fitting.fitting_loss(activation, spec.dataset, spec.training.loss)
    return replace(spec, output_activation=activation, training=replace(spec.training, loss=loss))


def _with_layers(spec: Spec, layers: tuple[Layer, ...]) -> Spec:
    return replace(spec, layers=layers)


def _with_options(spec: Spec, layer_id: int, **changes: object) -> Spec:
    """`spec` with settings of a layer changed that its kind has."""
    layer = layer_of(spec, layer_id)
    kind = nn.Layer.named(layer.kind)
    for option in changes.keys() - set(kind.options):
        raise ImpossibleEditError(f"a {kind.name} layer has no {option}")
    return with_layer(spec, layer_id, **changes)


def _new_id(spec: Spec) -> int:
    """An id no layer has; ImpossibleEditError if there is no room for another layer."""
    if len(spec.layers) >= MAX_LAYERS:
        raise ImpossibleEditError(f"a network has at most {MAX_LAYERS} hidden layers")
    return max((layer.id for layer in spec.layers), default=0) + 1


def _check_place(at: int, last: int) -> None:
    if not 0 <= at <= last:
        raise ImpossibleEditError(f"a layer can stand at the positions 0 to {last}, not at {at}")


def _dense_before(spec: Spec, at: int) -> Layer | None:
    """The dense layer whose units arrive at position `at`, or the nearest one behind it."""
    before = [layer for layer in spec.layers[:at] if layer.has_units]
    behind = [layer for layer in spec.layers[at:] if layer.has_units]
    return before[-1] if before else behind[0] if behind else None
