"""The description of one experiment: data, features, layers, training and seed, as an immutable value."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import replace

import nncore as nn
from playground.document import fitting
from playground.document.table import MAX_MAGNITUDE, OWN, Table, own_dataset

OUTPUT_ID = 0
"""The id under which edits and views speak of the output layer."""

MAX_LAYERS = 32
MAX_UNITS = 1024
MAX_VALUES = 2_000_000
"""Most numbers that a network may learn."""
MAX_FEATURES = 32


class Data(Struct, frozen=True, forbid_unknown_fields=True):
    """Which samples the network learns from."""

    dataset: str = "circle"
    """A data set of the core, which may have settings, as in "spiral(arms=3)"; or "own", that is, the table `own`."""
    samples: Annotated[int, Meta(ge=4, le=20_000)] = 500
    noise: Annotated[float, Meta(ge=0, le=0.8)] = 0.0
    train_share: Annotated[float, Meta(ge=0.1, le=0.9)] = 0.5
    own: Table | None = None
    """Kept while another data set is looked at."""

    def __post_init__(self) -> None:
        if not self.is_own:
            fitting.dataset_of(self.dataset)
        elif self.own is None:
            raise ValueError("the data set 'own' needs a table `own`")

    @property
    def is_own(self) -> bool:
        """Whether the samples are those of the table."""
        return self.dataset == OWN

    @property
    def kind(self) -> nn.Dataset:
        """What there is to know of the data set before it is drawn."""
        if self.is_own and self.own is not None:
            return own_dataset(self.own)
        return fitting.dataset_of(self.dataset)

    @property
    def n_samples(self) -> int:
        """How many there are in fact: of some data sets no more can be had, others bring their own division along."""
        if self.is_own and self.own is not None:
            return self.own.n_rows
        most = fitting.most_samples(dataset := fitting.dataset_of(self.dataset))
        if most is None or dataset.train_size is not None:
            return most or self.samples
        return min(self.samples, most)

    @property
    def n_train(self) -> int:
        """How many of them are for training; of a table that may be one more or less than its share, in each seed."""
        if self.is_own and self.own is not None:
            return int(self.own.in_training(self.train_share, 0).sum())
        dataset = fitting.dataset_of(self.dataset)
        if dataset.exhaustive:
            return self.n_samples
        return dataset.train_size or max(1, int(self.n_samples * self.train_share))


Indices = tuple[Annotated[int, Meta(ge=0, lt=MAX_UNITS)], ...]


class Weights(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What is particular to the weights of one layer."""

    initializer: str | None = None
    """None is that of the training."""
    regularizer: str | None = None
    """With its rate, "l2(rate=0.01)"; None is that of the training."""
    frozen: bool = False
    """Whether training leaves all of them as they are."""
    frozen_units: Indices = ()
    """The units whose incoming weights and bias it leaves as they are."""
    silenced: Indices = ()
    """The units that give 0, whatever arrives."""

    def __post_init__(self) -> None:
        if self.initializer is not None:
            nn.Initializer.of(self.initializer)
        if self.regularizer is not None:
            nn.Regularizer.of(self.regularizer)
        for name in ("frozen_units", "silenced"):
            units = getattr(self, name)
            if tuple(sorted(set(units))) != units:
                raise ValueError(f"the units in `{name}` stand in order, each once")


class Layer(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One hidden layer.

    `id` stays with the layer through every edit: it is what learned weights, selection and
    animation hold on to. `units` and `activation` belong to dense layers, `rate` to dropout, `span` to a residual
    connection: over how many layers it reaches back, or over all there are before it if they are fewer. What else a
    kind can be told stands in brackets behind its name: "batch_norm(momentum=0.8)".
    """

    kind: str
    id: Annotated[int, Meta(ge=1)]
    units: Annotated[int, Meta(ge=1, le=MAX_UNITS)] = 4
    activation: str = "tanh"
    rate: Annotated[float, Meta(ge=0, le=0.95)] = 0.2
    span: Annotated[int, Meta(ge=1, le=MAX_LAYERS)] = 1
    weights: Weights = Weights()

    def __post_init__(self) -> None:
        nn.Layer.of(self.kind)
        nn.Activation.of(self.activation)
        check_units(self.weights, self.units if self.has_units else 0)

    @property
    def has_units(self) -> bool:
        """Whether it has units with weights of their own."""
        return "units" in nn.Layer.named(self.kind).options


def check_units(weights: Weights, units: int) -> None:
    """Raise ValueError if something is said of units that are not there."""
    if any(unit >= units for unit in (*weights.frozen_units, *weights.silenced)):
        raise ValueError(f"a layer of {units} units has the units 0 to {units - 1}" if units else "it has no units")


class Training(Struct, frozen=True, forbid_unknown_fields=True):
    """How the network learns. Everything but the initializer can change while it runs.

    What is chosen by name may have settings in brackets: "adam(beta_1=0.8)".
    """

    loss: str = "half_squared"
    optimizer: str = "sgd"
    learning_rate: Annotated[float, Meta(gt=0, le=10)] = 0.03
    batch_size: Annotated[int, Meta(ge=1, le=20_000)] = 10
    regularizer: str = "none"
    regularization_rate: Annotated[float, Meta(ge=0, le=10)] = 0.0
    initializer: str = "glorot_uniform"
    schedule: str = "constant"
    clipping: str = "none"
    shuffle: bool = True
    """Whether the samples come in another order in each epoch."""
    remainder: Literal["step", "carry"] = "step"
    """What becomes of samples that do not fill a batch: a smaller step, or they wait for the next epoch's first."""
    stop: Annotated[tuple[str, ...], Meta(max_length=8)] = ()
    """Conditions: as soon as one of them holds, playing pauses."""

    def __post_init__(self) -> None:
        nn.Loss.of(self.loss)
        nn.Optimizer.of(self.optimizer)
        nn.Regularizer.of(self.regularizer)
        nn.Initializer.of(self.initializer)
        nn.Schedule.of(self.schedule)
        nn.Clipping.of(self.clipping)
        names = [nn.StopCondition.of(text).name for text in self.stop]
        if len(set(names)) != len(names):
            raise ValueError("a stop condition stands twice in `stop`")


Measured = Annotated[float, Meta(ge=-MAX_MAGNITUDE, le=MAX_MAGNITUDE)]
"""A number that samples or weights may have: none that is not finite."""


class Cut(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The plane on which samples of more than two inputs are looked at. It changes nothing that is learned."""

    axes: tuple[Annotated[int, Meta(ge=0)], Annotated[int, Meta(ge=0)]] | None = None
    """The inputs that span it; None are the two principal components."""
    held: tuple[tuple[Annotated[int, Meta(ge=0)], Measured], ...] = ()
    """(input, value) for the other inputs that are not held at their mean, in order of the inputs."""


class Assignment(Struct, frozen=True, forbid_unknown_fields=True):
    """Weights of one unit that were set by hand: they took these values at that moment, and went on learning."""

    serial: Annotated[int, Meta(ge=1)]
    layer_id: Annotated[int, Meta(ge=0)]
    unit: Annotated[int, Meta(ge=0)]
    columns: tuple[Annotated[int, Meta(ge=0)], ...]
    """Which of its weights; the bias comes behind the last of them."""
    values: tuple[Measured, ...]
    before: tuple[Measured, ...]
    """What they were, for undo."""

    def __post_init__(self) -> None:
        if not len(self.columns) == len(self.values) == len(self.before):
            raise ValueError("an assignment has as many values as columns")


class Spec(Struct, frozen=True, forbid_unknown_fields=True):
    """One experiment. Same spec, same curve, bit for bit."""

    version: Annotated[int, Meta(ge=1, le=1)] = 1
    data: Data = Data()
    features: Annotated[tuple[str, ...], Meta(min_length=1, max_length=MAX_FEATURES)] = ("x1", "x2")
    """What the network is given of a point of the plane, by name or as a formula in x1 and x2; samples with more inputs
    it is given as they are."""
    layers: Annotated[tuple[Layer, ...], Meta(max_length=MAX_LAYERS)] = (
        Layer("dense", 1, units=4),
        Layer("dense", 2, units=2),
    )
    output_activation: str = "tanh"
    output: Weights = Weights()
    training: Training = Training()
    seed: Annotated[int, Meta(ge=0, lt=2**31)] = 0
    dtype: str = "float32"
    run: Annotated[int, Meta(ge=0)] = 0
    """Tells experiments apart that were opened one after the other in one document."""
    cut: Cut = Cut()
    assigned: tuple[Assignment, ...] = ()
    """What was set by hand, in order."""

    def __post_init__(self) -> None:
        for name in self.features:
            if (text := nn.feature(name).text) != name:
                raise ValueError(f"the feature '{name}' is written '{text}'")
        if len(set(self.features)) != len(self.features):
            raise ValueError("a feature stands twice in `features`")
        ids = [layer.id for layer in self.layers]
        if len(set(ids)) != len(ids):
            raise ValueError("two layers have the same `id`")
        if self.dtype not in ("float32", "float64"):
            raise ValueError(f"unknown dtype '{self.dtype}'; possible: float32, float64")
        nn.Activation.of(self.output_activation)
        fitting.check(self.dataset, self.training.loss, self.output_activation)
        if self.output.silenced:
            raise ValueError("units of the output cannot be silenced")
        check_units(self.output, self.n_outputs)
        self._check_cut()
        if self.n_values > MAX_VALUES:
            raise ValueError(f"this network would have {self.n_values:,} parameters; there is room for {MAX_VALUES:,}")

    def _check_cut(self) -> None:
        if self.cut == Cut():
            return
        named = [*(self.cut.axes or ()), *(index for index, _ in self.cut.held)]
        if self.is_plane or any(index >= self.n_inputs for index in named):
            raise ValueError(f"the plane that is looked at is spanned by inputs 0 to {self.n_inputs - 1}")
        if self.cut.axes is not None and self.cut.axes[0] == self.cut.axes[1]:
            raise ValueError("two different inputs span the plane that is looked at")

    @property
    def dataset(self) -> nn.Dataset:
        """What there is to know of the data set before it is drawn."""
        return self.data.kind

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
    def n_values(self) -> int:
        """How many numbers the network has, those included that training keeps up without a gradient."""
        arriving, count = self.n_inputs, 0
        for layer in self.layers:
            kind = nn.Layer.named(layer.kind)
            if layer.has_units:
                count += layer.units * (arriving + 1)
                arriving = layer.units
            else:
                count += len(kind.parameter_names) * arriving * (2 if kind.name == "batch_norm" else 1)
        return count + self.n_outputs * (arriving + 1)

    @property
    def learned(self) -> Spec:
        """The spec without what training has nothing to do with: two specs of the same `learned` train alike."""
        return replace(self, cut=Cut(), assigned=())

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
    plain = msgspec.to_builtins(spec, builtin_types=(bytes,))
    return msgspec.convert(plain, Spec, builtin_types=(bytes,))


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
