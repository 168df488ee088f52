"""What an edit is: a pure function from Spec to Spec with a label for the undo menu."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec

import msgspec
from msgspec.structs import replace

from playground.document.spec import Layer, Spec, validated

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


def with_data(spec: Spec, **changes: object) -> Spec:
    """`spec` with these fields of its data changed."""
    return replace(spec, data=replace(spec.data, **changes))


def with_training(spec: Spec, **changes: object) -> Spec:
    """`spec` with these fields of its training changed."""
    return replace(spec, training=replace(spec.training, **changes))


def with_layer(spec: Spec, layer_id: int, **changes: object) -> Spec:
    """`spec` with these fields of one hidden layer changed."""
    at = spec.index_of(layer_id)
    layers = (*spec.layers[:at], replace(spec.layers[at], **changes), *spec.layers[at + 1 :])
    return replace(spec, layers=layers)


def layer_of(spec: Spec, layer_id: int) -> Layer:
    """The hidden layer of this id; ValueError if there is none."""
    return spec.layers[spec.index_of(layer_id)]
