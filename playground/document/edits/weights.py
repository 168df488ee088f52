"""Edits of the weights of one layer: how they begin, what holds them, and values set by hand."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

import nncore as nn
from playground.document.edits.base import ImpossibleEditError, edit, layer_of, with_layer
from playground.document.spec import OUTPUT_ID, Assignment, Spec, Weights


def weights_of(spec: Spec, layer_id: int) -> Weights:
    """What is particular to the weights of a layer; `OUTPUT_ID` stands for the output."""
    return spec.output if layer_id == OUTPUT_ID else layer_of(spec, layer_id).weights


@edit("Change initializer of layer")
def set_layer_initializer(spec: Spec, layer_id: int, initializer: str | None) -> Spec:
    """Another way to draw the first weights of a layer, and draws them anew; None is that of the training."""
    return _with_weights(spec, layer_id, initializer=initializer and nn.Initializer.of(initializer).text)


@edit("Change regularization of layer")
def set_layer_regularizer(spec: Spec, layer_id: int, regularizer: str | None) -> Spec:
    """A penalty of its own for a layer, "l2(rate=0.01)"; None is that of the training."""
    return _with_weights(spec, layer_id, regularizer=regularizer and nn.Regularizer.of(regularizer).text)


@edit("Freeze layer")
def freeze_layer(spec: Spec, layer_id: int, frozen: bool = True) -> Spec:
    """Let training leave the parameters of a layer as they are, or change them again."""
    return _with_weights(spec, layer_id, frozen=frozen)


@edit("Freeze neuron")
def freeze_unit(spec: Spec, layer_id: int, unit: int, frozen: bool = True) -> Spec:
    """Let training leave the incoming weights and the bias of a unit as they are, or change them again."""
    units = weights_of(spec, layer_id).frozen_units
    return _with_weights(spec, layer_id, frozen_units=_toggled(units, unit, frozen))


@edit("Silence neuron")
def silence_unit(spec: Spec, layer_id: int, unit: int, silent: bool = True) -> Spec:
    """Let a unit give 0 whatever arrives, or speak again."""
    if layer_id == OUTPUT_ID:
        raise ImpossibleEditError("the output cannot be silenced: there would be nothing left to learn")
    units = weights_of(spec, layer_id).silenced
    return _with_weights(spec, layer_id, silenced=_toggled(units, unit, silent))


@edit("Set weight")
def assign(
    spec: Spec,
    layer_id: int,
    unit: int,
    columns: Sequence[int],
    values: Sequence[float],
    before: Sequence[float],
    *,
    goes_on: bool = False,
) -> Spec:
    """Give weights of a unit these values, now; they go on learning from there.

    Parameters
    ----------
    columns
        Which of its incoming weights; the bias comes behind the last of them.
    values, before
        What they are to be, and what they are, for undo.
    goes_on
        Whether this belongs to the last one, as while a slider is dragged.
    """
    if layer_id != OUTPUT_ID:
        layer_of(spec, layer_id)
    last = spec.assigned[-1] if spec.assigned else None
    if goes_on and last is not None and (last.layer_id, last.unit, last.columns) == (layer_id, unit, tuple(columns)):
        new = replace(last, values=tuple(map(float, values)))
        return replace(spec, assigned=(*spec.assigned[:-1], new))
    serial = last.serial + 1 if last is not None else 1
    new = Assignment(serial, layer_id, unit, tuple(columns), tuple(map(float, values)), tuple(map(float, before)))
    return replace(spec, assigned=(*spec.assigned, new))


@edit("Re-draw neuron")
def redraw_unit(spec: Spec, layer_id: int, unit: int, values: Sequence[float], before: Sequence[float]) -> Spec:
    """Give a unit other first weights: `values` for all that come in, and for its bias at last; `before` for undo."""
    return assign(layer_id, unit, range(len(values)), values, before).function(spec)


def _with_weights(spec: Spec, layer_id: int, **changes: object) -> Spec:
    weights = replace(weights_of(spec, layer_id), **changes)
    if layer_id == OUTPUT_ID:
        return replace(spec, output=weights)
    kind = nn.Layer.named(layer_of(spec, layer_id).kind)
    if not kind.parameter_names:
        raise ImpossibleEditError(f"a {kind.name} layer has no weights")
    if "units" not in kind.options and changes.keys() != {"frozen"}:
        raise ImpossibleEditError(f"a {kind.name} layer has no units: all of it can be frozen, or nothing")
    return with_layer(spec, layer_id, weights=weights)


def _toggled(units: tuple[int, ...], unit: int, on: bool) -> tuple[int, ...]:
    return tuple(sorted({*units, unit} if on else {*units} - {unit}))
