"""Everything a person can do to the document: pure functions from Spec to Spec.

A call such as `add_layer(at=2, kind="dense")` makes an `Edit`: a label for the undo menu and
the function to apply. Edits never change what they are given, and never return an invalid spec.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec

import msgspec
from msgspec.structs import replace

import nncore as nn
from playground.document import fitting
from playground.document.spec import MAX_LAYERS, MAX_UNITS, OUTPUT_ID, Layer, Spec, validated

P = ParamSpec("P")


class ImpossibleEditError(ValueError):
    """An edit that makes no sense on this document; the message says what is possible."""


class Edit(msgspec.Struct, frozen=True):
    """One change of the document, ready to apply."""

    label: str
    function: Callable[[Spec], Spec]

    def __call__(self, spec: Spec) -> Spec:
        """`spec` after this change; ValueError if it is impossible."""
        return validated(self.function(spec))


def edit(label: str) -> Callable[[Callable[Concatenate[Spec, P], Spec]], Callable[P, Edit]]:
    """Turn a function `(spec, ...) -> Spec` into a factory `(...) -> Edit`.

    `label`, for the undo menu, may name arguments of the factory by position: "Open {1}".
    """

    def decorate(function: Callable[Concatenate[Spec, P], Spec]) -> Callable[P, Edit]:
        @functools.wraps(function)
        def factory(*args: P.args, **kwargs: P.kwargs) -> Edit:
            return Edit(label.format(*args, **kwargs), lambda spec: function(spec, *args, **kwargs))

        return factory

    return decorate


# -- layers ---------------------------------------------------------------------------------------


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
    return _with_layer(spec, layer_id, units=min(max(units, 1), MAX_UNITS))


@edit("Change dropout rate")
def set_rate(spec: Spec, layer_id: int, rate: float) -> Spec:
    """Give a dropout layer this rate."""
    return _with_layer(spec, layer_id, rate=rate)


@edit("Change span")
def set_span(spec: Spec, layer_id: int, span: int) -> Spec:
    """Let a residual connection reach back over this many layers."""
    return _with_layer(spec, layer_id, span=span)


@edit("Change activation")
def set_activation(spec: Spec, layer_id: int, activation: str) -> Spec:
    """Give a layer this activation; `OUTPUT_ID` stands for the output.

    An output the loss cannot read (cross-entropy of a tanh) brings the usual loss of the data set back.
    """
    if layer_id != OUTPUT_ID:
        return _with_layer(spec, layer_id, activation=activation)
    nn.Activation.named(activation)
    loss = fitting.fitting_loss(activation, spec.dataset, spec.training.loss)
    return replace(spec, output_activation=activation, training=replace(spec.training, loss=loss))


# -- data and features ----------------------------------------------------------------------------


@edit("Change data set")
def set_dataset(spec: Spec, dataset: str) -> Spec:
    """Learn from another data set; where it asks for something else, it brings its usual output and loss along."""
    new = fitting.dataset_of(dataset)
    output, loss = spec.output_activation, spec.training.loss
    if new.task != spec.dataset.task:
        output, usual = fitting.USUAL[new.task]
        loss = loss if new.task != "classes" and fitting.loss_refusal(loss, new) is None else usual
        output = fitting.fitting_output(loss, new, output)
    training, data = replace(spec.training, loss=loss), replace(spec.data, dataset=dataset)
    return replace(spec, data=data, output_activation=output, training=training)


@edit("Change noise")
def set_noise(spec: Spec, noise: float) -> Spec:
    """Noise of the data, 0 … 0.5."""
    return _with_data(spec, noise=noise)


@edit("Change samples")
def set_samples(spec: Spec, samples: int) -> Spec:
    """How many points, training and test together."""
    return _with_data(spec, samples=samples)


@edit("Change training share")
def set_train_share(spec: Spec, train_share: float) -> Spec:
    """Which share of the points is for training, 0.1 … 0.9."""
    return _with_data(spec, train_share=train_share)


@edit("Change features")
def toggle_feature(spec: Spec, feature: str) -> Spec:
    """Switch an input feature on or off; the last one stays."""
    if not spec.is_plane:
        raise ImpossibleEditError(
            f"features are made of points of the plane; {spec.dataset.label} brings its own inputs"
        )
    chosen = set(spec.features) ^ {feature}
    if not chosen:
        raise ImpossibleEditError("a network needs at least one input feature")
    nn.Feature.named(feature)
    return replace(spec, features=tuple(name for name in nn.Feature.names() if name in chosen))


# -- training -------------------------------------------------------------------------------------


@edit("Change learning rate")
def set_learning_rate(spec: Spec, learning_rate: float) -> Spec:
    """Length of a step, 0 < rate <= 10."""
    return _with_training(spec, learning_rate=learning_rate)


@edit("Change optimizer")
def set_optimizer(spec: Spec, optimizer: str) -> Spec:
    """Another rule for the update."""
    return _with_training(spec, optimizer=optimizer)


@edit("Change loss")
def set_loss(spec: Spec, loss: str) -> Spec:
    """Another loss; where it cannot read the present output, the output gets the activation it needs."""
    refusal = fitting.loss_refusal(loss, spec.dataset)
    if refusal is not None:
        raise ImpossibleEditError(refusal)
    output = fitting.fitting_output(loss, spec.dataset, spec.output_activation)
    return replace(spec, output_activation=output, training=replace(spec.training, loss=loss))


@edit("Change batch size")
def set_batch_size(spec: Spec, batch_size: int) -> Spec:
    """Samples per step."""
    return _with_training(spec, batch_size=batch_size)


@edit("Change regularization")
def set_regularizer(spec: Spec, regularizer: str) -> Spec:
    """Another penalty on the weights; a rate of 0 becomes one that can be seen."""
    rate = spec.training.regularization_rate
    rate = 0.001 if regularizer != "none" and rate == 0 else rate
    return _with_training(spec, regularizer=regularizer, regularization_rate=rate)


@edit("Change regularization rate")
def set_regularization_rate(spec: Spec, rate: float) -> Spec:
    """Weight of the penalty."""
    return _with_training(spec, regularization_rate=rate)


@edit("Change initializer")
def set_initializer(spec: Spec, initializer: str) -> Spec:
    """Another way to draw the first weights; draws them anew."""
    return _with_training(spec, initializer=initializer)


@edit("Change schedule")
def set_schedule(spec: Spec, schedule: str) -> Spec:
    """Another course of the learning rate."""
    return _with_training(spec, schedule=schedule)


@edit("Change clipping")
def set_clipping(spec: Spec, clipping: str) -> Spec:
    """Another bound for the gradients."""
    return _with_training(spec, clipping=clipping)


# -- the whole ------------------------------------------------------------------------------------


@edit("New seed")
def set_seed(spec: Spec, seed: int) -> Spec:
    """Other points and other first weights."""
    return replace(spec, seed=seed)


@edit("Open {1}")
def open_spec(spec: Spec, new: Spec, name: str) -> Spec:
    """Put the experiment `new`, called `name`, in the place of this one, and start it anew."""
    return replace(new, run=spec.run + 1)


def _with_data(spec: Spec, **changes: object) -> Spec:
    return replace(spec, data=replace(spec.data, **changes))


def _with_training(spec: Spec, **changes: object) -> Spec:
    return replace(spec, training=replace(spec.training, **changes))


def _with_layers(spec: Spec, layers: tuple[Layer, ...]) -> Spec:
    return replace(spec, layers=layers)


def _with_layer(spec: Spec, layer_id: int, **changes: object) -> Spec:
    at = spec.index_of(layer_id)
    layer = spec.layers[at]
    for option in changes.keys() - set(nn.Layer.named(layer.kind).options):
        raise ImpossibleEditError(f"a {layer.kind} layer has no {option}")
    return _with_layers(spec, (*spec.layers[:at], replace(layer, **changes), *spec.layers[at + 1 :]))


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
    before = [layer for layer in spec.layers[:at] if "units" in nn.Layer.named(layer.kind).options]
    behind = [layer for layer in spec.layers[at:] if "units" in nn.Layer.named(layer.kind).options]
    return before[-1] if before else behind[0] if behind else None
