"""What can be read off a spec without drawing data or training: what the rules of `advice` ask."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import nncore as nn
from playground.document.naming import layer_names
from playground.document.spec import Layer, Spec, Weights
from playground.document.table import Table

# -- the data ---------------------------------------------------------------------------------------


def pattern_of(spec: Spec) -> str:
    """What is to be learned: a data set's name, but a board of two by two is XOR; nothing is known of own samples."""
    dataset = spec.dataset
    if isinstance(dataset, nn.datasets.Checkerboard) and dataset.cells == 2:
        return "xor"
    return "" if spec.data.is_own else dataset.name


def value_range(spec: Spec) -> tuple[float, float]:
    """Least and greatest value that is to be found: of own samples, and of the surfaces, which reach from -1 to 1."""
    return _table_range(spec.data.own) if spec.data.is_own and spec.data.own else (-1.0, 1.0)


@lru_cache(maxsize=8)
def _table_range(table: Table) -> tuple[float, float]:
    values = table.rows.y
    return float(values.min()), float(values.max())


def has_coordinates_only(spec: Spec) -> bool:
    """Whether the network is given x1 and x2 and nothing else."""
    return set(spec.features) == {"x1", "x2"}


# -- one layer --------------------------------------------------------------------------------------


def kind_of(layer: Layer) -> str:
    """Its kind, without settings."""
    return nn.Layer.named(layer.kind).name


def activation_of(layer: Layer) -> str:
    """Its activation, without settings."""
    return nn.Activation.named(layer.activation).name


def is_bridged(spec: Spec, index: int) -> bool:
    """Whether a residual connection leads around the layer at this place."""
    behind = enumerate(spec.layers[index + 1 :], index + 1)
    return any(kind_of(layer) == "residual" and place - layer.span <= index for place, layer in behind)


# -- all layers -------------------------------------------------------------------------------------


class Learner(NamedTuple):
    """A layer that learns; the output is one, too."""

    name: str
    weights: Weights
    units: int
    """Units with weights of their own; 0 of a norm."""
    activation: str

    @property
    def is_frozen(self) -> bool:
        """Whether training changes nothing in it."""
        return self.weights.frozen or 0 < self.units == len(self.weights.frozen_units)


def learners(spec: Spec) -> list[Learner]:
    """Every layer that has something to learn, the output last."""
    names = layer_names(spec)
    found = [
        Learner(name, layer.weights, layer.units if layer.has_units else 0, activation_of(layer))
        for name, layer in zip(names, spec.layers, strict=False)
        if layer.has_units or nn.Layer.named(layer.kind).parameter_names
    ]
    output = nn.Activation.named(spec.output_activation).name
    return [*found, Learner(names[-1], spec.output, spec.n_outputs, output)]


def dense_layers(spec: Spec) -> list[Layer]:
    """The hidden layers with units."""
    return [layer for layer in spec.layers if layer.has_units]


def bends(spec: Spec) -> bool:
    """Whether the hidden layers do anything but add up."""
    return has(spec, "layer_norm") or any(activation_of(layer) != "identity" for layer in dense_layers(spec))


def has(spec: Spec, *kinds: str) -> bool:
    """Whether one of the hidden layers is of one of these kinds."""
    return any(kind_of(layer) in kinds for layer in spec.layers)


def narrowest(spec: Spec) -> tuple[int, str]:
    """The fewest units in a layer up to the first that bends: in so many directions the inputs are looked at.

    With the name of that layer. A softmax of n units, which always add up to 1, counts as n - 1.
    """
    found: list[tuple[int, str]] = []
    for name, layer in zip(layer_names(spec), spec.layers, strict=False):
        if layer.has_units:
            found.append((layer.units - (activation_of(layer) == "softmax"), name))
            if activation_of(layer) != "identity":
                break
    return min(found, default=(spec.n_inputs, ""))


def starts_at_zero(spec: Spec, weights: Weights) -> bool:
    """Whether the first weights of a layer are zeros."""
    return nn.Initializer.named(weights.initializer or spec.training.initializer).name == "zeros"


def penalty_on(spec: Spec, weights: Weights) -> tuple[str, float]:
    """Name and rate of the penalty on the weights of a layer."""
    if weights.regularizer is None:
        return nn.Regularizer.named(spec.training.regularizer).name, spec.training.regularization_rate
    own = nn.Regularizer.of(weights.regularizer)
    return own.name, own.rate
