"""The description of one experiment: data, features, layers, training and seed, as an immutable value."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta, Struct

import nncore as nn
from playground.document import fitting

OUTPUT_ID = 0
"""The id under which edits and views speak of the output layer."""

MAX_LAYERS = 12
MAX_UNITS = 128


class Data(Struct, frozen=True, forbid_unknown_fields=True):
    """Which samples the network learns from."""

    dataset: str = "circle"
    samples: Annotated[int, Meta(ge=4, le=20_000)] = 500
    noise: Annotated[float, Meta(ge=0, le=0.5)] = 0.0
    train_share: Annotated[float, Meta(ge=0.1, le=0.9)] = 0.5

    def __post_init__(self) -> None:
        nn.Dataset.named(self.dataset)

    @property
    def n_samples(self) -> int:
        """How many there are in fact: of some data sets no more can be had, others bring their own division along."""
        most = fitting.most_samples(dataset := fitting.dataset_of(self.dataset))
        if most is None or dataset.train_size is not None:
            return most or self.samples
        return min(self.samples, most)

    @property
    def n_train(self) -> int:
        """How many of them are for training."""
        dataset = fitting.dataset_of(self.dataset)
        if dataset.exhaustive:
            return self.n_samples
        return dataset.train_size or max(1, int(self.n_samples * self.train_share))


class Layer(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One hidden layer.

    `id` stays with the layer through every edit: it is what learned weights, selection and
    animation hold on to. `units` and `activation` belong to dense layers, `rate` to dropout, `span` to a residual
    connection: over how many layers it reaches back, or over all there are before it if they are fewer.
    """

    kind: str
    id: Annotated[int, Meta(ge=1)]
    units: Annotated[int, Meta(ge=1, le=MAX_UNITS)] = 4
    activation: str = "tanh"
    rate: Annotated[float, Meta(ge=0, le=0.95)] = 0.2
    span: Annotated[int, Meta(ge=1, le=MAX_LAYERS)] = 1

    def __post_init__(self) -> None:
        nn.Layer.named(self.kind)
        nn.Activation.named(self.activation)


class Training(Struct, frozen=True, forbid_unknown_fields=True):
    """How the network learns. Everything but the initializer can change while it runs."""

    loss: str = "half_squared"
    optimizer: str = "sgd"
    learning_rate: Annotated[float, Meta(gt=0, le=10)] = 0.03
    batch_size: Annotated[int, Meta(ge=1, le=20_000)] = 10
    regularizer: str = "none"
    regularization_rate: Annotated[float, Meta(ge=0, le=10)] = 0.0
    initializer: str = "glorot_uniform"
    schedule: str = "constant"
    clipping: str = "none"

    def __post_init__(self) -> None:
        nn.Loss.named(self.loss)
        nn.Optimizer.named(self.optimizer)
        nn.Regularizer.named(self.regularizer)
        nn.Initializer.named(self.initializer)
        nn.Schedule.named(self.schedule)
        nn.Clipping.named(self.clipping)


class Spec(Struct, frozen=True, forbid_unknown_fields=True):
    """One experiment. Same spec, same curve, bit for bit."""

    version: Annotated[int, Meta(ge=1, le=1)] = 1
    data: Data = Data()
    features: Annotated[tuple[str, ...], Meta(min_length=1)] = ("x1", "x2")
    """What the network is given of a point of the plane; samples with more inputs it is given as they are."""
    layers: Annotated[tuple[Layer, ...], Meta(max_length=MAX_LAYERS)] = (
        Layer("dense", 1, units=4),
        Layer("dense", 2, units=2),
    )
    output_activation: str = "tanh"
    training: Training = Training()
    seed: Annotated[int, Meta(ge=0, lt=2**31)] = 0
    dtype: str = "float32"
    run: Annotated[int, Meta(ge=0)] = 0
    """Tells experiments apart that were opened one after the other in one document."""

    def __post_init__(self) -> None:
        for name in self.features:
            nn.Feature.named(name)
        if len(set(self.features)) != len(self.features):
            raise ValueError("a feature stands twice in `features`")
        ids = [layer.id for layer in self.layers]
        if len(set(ids)) != len(ids):
            raise ValueError("two layers have the same `id`")
        if self.dtype not in ("float32", "float64"):
            raise ValueError(f"unknown dtype '{self.dtype}'; possible: float32, float64")
        nn.Activation.named(self.output_activation)
        fitting.check(self.dataset, self.training.loss, self.output_activation)

    @property
    def dataset(self) -> nn.Dataset:
        """What there is to know of the data set before it is drawn."""
        return fitting.dataset_of(self.data.dataset)

    @property
    def is_plane(self) -> bool:
        """Whether samples are points of the plane, of which features are made."""
        return fitting.is_plane(self.dataset)

    @property
    def n_inputs(self) -> int:
        """How many numbers the network is given of a sample."""
        return len(self.features) if self.is_plane else self.dataset.n_inputs

    @property
    def n_outputs(self) -> int:
        """How many units the output layer has."""
        return fitting.n_outputs(self.dataset)

    @property
    def origin(self) -> tuple[object, ...]:
        """Where it changes, training starts anew: another experiment, or other first weights."""
        return self.run, self.seed, self.training.initializer, self.dtype

    def index_of(self, layer_id: int) -> int:
        """The place of a hidden layer.

        Raises
        ------
        ValueError
            If no hidden layer has this id.
        """
        for index, layer in enumerate(self.layers):
            if layer.id == layer_id:
                return index
        raise ValueError(f"no hidden layer has the id {layer_id}")


def validated(spec: Spec) -> Spec:
    """`spec`, if every bound holds: constructors check names only, this checks ranges and types too.

    Raises
    ------
    msgspec.ValidationError
        Naming the place (`$.layers[2].units`) and what is expected there.
    """
    return msgspec.convert(msgspec.to_builtins(spec), Spec)


def encode(spec: Spec) -> bytes:
    """`spec` as indented JSON."""
    return msgspec.json.format(msgspec.json.encode(spec), indent=2)


def decode(text: bytes | str) -> Spec:
    """The spec in a JSON text, validated.

    Raises
    ------
    msgspec.DecodeError
        If it is not JSON, or (as `msgspec.ValidationError`) says something impossible, and where.
    """
    return msgspec.json.decode(text, type=Spec)
