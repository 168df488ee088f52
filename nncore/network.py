"""A network: layers in order, over one flat parameter vector."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np

from nncore.checks import as_numbers, in_precision, whole
from nncore.initializers import Initializer
from nncore.layers import Layer
from nncore.layers.base import Pass
from nncore.losses import Loss
from nncore.preprocessing import Standardization
from nncore.tape import Columns, Program, Tape, run

MAX_RECORDINGS = 6
"""How many batch sizes a network keeps the recordings of."""


MAX_PARAMETERS = 2**28
"""A gigabyte in float32, and as much again for each of gradients and moments."""


class Recording(NamedTuple):
    """A tape of a network, with the buffers through which samples go in and results come out."""

    tape: Tape
    rows: np.ndarray
    """(batch, inputs + 1): samples go into all but the last column, which is one."""
    target_rows: np.ndarray
    """(batch, outputs): targets go in here."""
    outputs: list[Columns]
    """Per layer."""
    logits: np.ndarray | None
    """(outputs, batch): of the last layer, if it has some."""
    loss: np.ndarray
    """(): the loss, where its value was recorded."""
    program: Program


class Sizes(NamedTuple):
    """How many numbers layers have."""

    parameters: int
    statistics: int


def sizes(layers: Iterable[Layer], inputs: int) -> Sizes:
    """How many numbers these layers have when `inputs` features arrive; they need not stand in a network."""
    parameters = statistics = 0
    for layer in layers:
        parameters += layer.n_parameters(inputs)
        statistics += layer.n_statistics(inputs)
        inputs = layer.units_for(inputs)
    return Sizes(parameters, statistics)


def checked_dtype(dtype: str | np.dtype) -> np.dtype:
    """`dtype` as NumPy knows it; ValueError unless it is one that networks compute in."""
    try:
        known = None if dtype is None else np.dtype(dtype)
    except (TypeError, ValueError):
        known = None
    if known is None or known not in (np.float32, np.float64):
        raise ValueError(f"unknown dtype '{dtype}'; possible: float32, float64")
    return known


class Network:
    """A feed-forward network.

    Parameters
    ----------
    layers
        In order; the last one is the output. They are bound to this network.
    inputs
        Number of input features, >= 1.
    seed
        Of the first parameters; same seed, same parameters.
    dtype
        "float32" or "float64": of everything it computes.
    initializer
        Name or instance; for layers that do not bring their own.
    standardization
        What every input goes through first; None takes them as they are.

    Attributes
    ----------
    values
        (n_values,): all its numbers in one flat vector, the parameters first, then the running statistics. Layers hold
        views of it: change it in place.
    parameters
        (n_parameters,): the part of `values` that gradient descent changes.
    statistics
        (n_statistics,): the part that layers keep up to date while training, such as the averages of `BatchNorm`.

    Raises
    ------
    ValueError
        If there is no layer, or one cannot stand in its place.
    """

    def __init__(
        self,
        layers: Sequence[Layer],
        inputs: int,
        *,
        seed: int = 0,
        dtype: str | np.dtype = "float32",
        initializer: str | Initializer = "glorot_uniform",
        standardization: Standardization | None = None,
    ) -> None:
        if isinstance(layers, (str, Layer)) or not isinstance(layers, Iterable):
            raise ValueError(f"layers: expected a list such as [Dense(4), Dense(1)], got {layers!r}")
        self.layers = list(layers)
        if not self.layers:
            raise ValueError("a network needs at least one layer")
        self.inputs = whole(inputs, "inputs", at_least=1)
        if standardization is not None:
            self._check_standardization(standardization)
        seed = whole(seed, "seed", at_least=0)
        self.dtype = checked_dtype(dtype)
        self.initializer = Initializer.of(initializer)
        self.standardization = standardization
        self.values, self.parameters, self.statistics = self._bind()
        self._recordings: dict[tuple[int, Loss | None, bool], Recording] = {}
        self._gradients = np.zeros(len(self.parameters), self.dtype)
        self.initialize(seed)

    @property
    def outputs(self) -> int:
        """Units of the last layer."""
        return self.layers[-1].units

    def initialize(self, seed: int) -> None:
        """Draw all parameters anew."""
        rng = np.random.default_rng(whole(seed, "seed", at_least=0))
        for layer in self.layers:
            layer.initialize(rng, self.initializer)

    def split(self, flat: np.ndarray) -> list[Any]:
        """A vector laid out like `parameters`, as views.

        Returns
        -------
        list
            Per layer `Parameters`, (weights, biases), `Scale`, (gain, shift), or () for one without parameters.

        Raises
        ------
        ValueError
            If `flat` is not of shape (n_parameters,).
        """
        if np.shape(flat) != self.parameters.shape:
            raise ValueError(f"split: expected shape {self.parameters.shape}, got {np.shape(flat)}")
        return [layer.split(flat) for layer in self.layers]

    def predict(self, X: np.ndarray) -> np.ndarray:
        """The outputs, (n_samples, n_outputs), for inputs (n_samples, n_inputs)."""
        return self._run(self.check_inputs(X)).outputs[-1].values.T.copy(order="K")

    def activations(self, X: np.ndarray) -> list[np.ndarray]:
        """One (n_samples, units) array per layer, for inputs (n_samples, n_inputs)."""
        return [output.values.T.copy(order="K") for output in self._run(self.check_inputs(X)).outputs]

    def loss(self, X: np.ndarray, y: np.ndarray, loss: str | Loss) -> float:
        """The loss of the predictions for `X`, (n_samples, n_inputs), against `y`, (n_samples, n_outputs)."""
        return self.evaluate(X, y, loss)[0]

    def evaluate(self, X: np.ndarray, y: np.ndarray, loss: str | Loss) -> tuple[float, np.ndarray]:
        """The loss, and the outputs (n_samples, n_outputs), of one forward pass."""
        rule, inputs = Loss.of(loss), self.check_inputs(X)
        return self.evaluate_checked(inputs, self.check_targets(y, len(inputs), rule), rule)

    def evaluate_checked(self, inputs: np.ndarray, targets: np.ndarray, loss: Loss) -> tuple[float, np.ndarray]:
        """The same for what `check_inputs` and `check_targets` gave, without looking at it again."""
        recording = self._run(inputs, targets, loss)
        return float(recording.loss), recording.outputs[-1].values.T.copy(order="K")

    def gradients(self, X: np.ndarray, y: np.ndarray, loss: str | Loss) -> np.ndarray:
        """The gradient of the loss with respect to `parameters`, in the same layout; nothing is random or adapts."""
        rule, inputs = Loss.of(loss), self.check_inputs(X)
        self._run(inputs, self.check_targets(y, len(inputs), rule), rule, backward=True)
        return self._gradients.copy()

    def record(
        self, tape: Tape, loss: Loss | None = None, *, value: bool = False, gradients: np.ndarray | None = None
    ) -> Recording:
        """Record this network on a tape.

        Parameters
        ----------
        tape
            Fresh; its batch size is that of the recording.
        loss
            What outputs are compared with targets by; None for a prediction.
        value
            Whether the value of the loss is recorded.
        gradients
            (n_parameters,) If given, the backward pass is recorded too, and writes there.

        Raises
        ------
        ValueError
            If the loss cannot read the output of the last layer.
        """
        if loss is not None:
            self._check_output(loss)
        rows = tape.name(np.ones((tape.batch, self.inputs + 1), self.dtype), "X")
        x = Columns(rows.T, rows.T[:-1], rows)
        arriving, passes = [x], []
        for index, layer in enumerate(self.layers):
            with tape.at("forward", index):
                if layer.n_parameters(layer.inputs):
                    tape.name(layer.block, layer.block_names[0])
                passes.append(layer.record(tape, arriving[index], *self._reached(layer, index, arriving)))
            arriving.append(passes[-1].output)
        a, z, value_of = arriving[-1].values, passes[-1].logits, np.zeros(())
        y = tape.empty(self.outputs, "Y")
        if loss is not None and value:
            with tape.at("loss"):
                loss.forward(tape, z, a, y, tape.name(value_of, "L"))
        if loss is not None and gradients is not None:
            self._record_backward(tape, loss, a, y, passes, gradients)
        return Recording(tape, rows, y.T, arriving[1:], z, value_of, tape.program())

    @staticmethod
    def _reached(layer: Layer, index: int, arriving: Sequence[Columns]) -> tuple[Columns, ...]:
        """What arrived at the first layer of the block that this one closes, if it closes one."""
        return (arriving[index - layer.span],) if layer.span else ()

    def _record_backward(
        self, tape: Tape, loss: Loss, a: np.ndarray, y: np.ndarray, passes: Sequence[Pass], gradients: np.ndarray
    ) -> None:
        """Record the gradient of the loss, and each layer's backward pass down to the first that has parameters."""
        fused = loss.fused is not None
        d: Any = tape.empty(self.outputs, "dZ" if fused else "dA")
        with tape.at("loss"):
            loss.backward(tape, passes[-1].logits, a, y, d)
        first = next((i for i, layer in enumerate(self.layers) if layer.n_parameters(layer.inputs)), len(self.layers))
        around: dict[int, list[np.ndarray]] = {}
        for index in range(len(self.layers) - 1, first - 1, -1):
            layer = self.layers[index]
            with tape.at("backward", index):
                if layer.n_parameters(layer.inputs):
                    tape.name(layer.shaped(gradients), layer.block_names[1])
                d = passes[index].backward(d, gradients, fused=fused, needs_input=index > first)
                if layer.span:
                    d, reached = d
                    around.setdefault(index - layer.span, []).append(reached)
                for reached in around.pop(index, []) if index > first else []:
                    total = tape.empty(layer.inputs, "dX")
                    tape(np.add, d, reached, total, says="dX ← dX + what came around the block")
                    d = total
            fused = False

    def _run(
        self,
        inputs: np.ndarray,
        targets: np.ndarray | None = None,
        loss: Loss | None = None,
        *,
        backward: bool = False,
    ) -> Recording:
        """Run a recording on these samples and give it back; its buffers are good until the next call."""
        key = len(inputs), loss, backward
        recording = self._recordings.pop(key, None)
        if recording is None:
            gradients = self._gradients if backward else None
            recording = self.record(Tape(len(inputs), self.dtype), loss, value=not backward, gradients=gradients)
        self._recordings[key] = recording
        if len(self._recordings) > MAX_RECORDINGS:
            del self._recordings[next(iter(self._recordings))]
        recording.rows[:, :-1] = inputs
        if targets is not None:
            recording.target_rows[...] = targets
        with np.errstate(all="ignore"):
            run(recording.program)
        return recording

    def check_inputs(self, X: np.ndarray) -> np.ndarray:
        """`X` as the first layer gets it, standardised if that is asked for.

        Raises
        ------
        ValueError
            Unless it is (n_samples, n_inputs), of finite numbers.
        """
        X = as_numbers(X, "inputs")
        if X.ndim != 2 or X.shape[1] != self.inputs or not len(X):
            first = self.layers[0]
            raise ValueError(f"layer 1 ({first.name}): expected inputs (n_samples, {self.inputs}), got {X.shape}")
        X = X if self.standardization is None else self.standardization.apply(X)
        return in_precision(X, self.dtype, "inputs")

    def check_targets(self, y: np.ndarray, n_samples: int, loss: Loss) -> np.ndarray:
        """`y` as (n_samples, n_outputs) numbers that the loss can compare outputs with; ValueError if it is none."""
        self._check_output(loss)
        targets = loss.targets(y, self.outputs)
        if len(targets) != n_samples:
            raise ValueError(f"targets: expected {n_samples} samples, as there are inputs, got {len(targets)}")
        return in_precision(targets, self.dtype, "targets")

    def summary(self) -> str:
        """The layers as a table: what each is, the shapes of its output and of its parameters, and their count."""
        rows = [("layer", "output", "parameters", "count")]
        for layer in self.layers:
            parts = zip(layer.parameter_names, layer.split(self.parameters), strict=True)
            shapes = ", ".join(f"{name} {part.shape}" for name, part in parts)
            rows.append((repr(layer), f"(n, {layer.units})", shapes or "–", f"{layer.n_parameters(layer.inputs):,}"))
        widths = [max(len(row[column]) for row in rows) for column in range(3)]
        lines = ["  ".join([*(cell.ljust(w) for cell, w in zip(row, widths, strict=False)), row[3]]) for row in rows]
        return "\n".join([*lines, f"{len(self.parameters):,} parameters, {self.dtype}"])

    def _check_standardization(self, standardization: object) -> None:
        if not isinstance(standardization, Standardization):
            raise ValueError(f"standardization: expected a Standardization, got {standardization!r}")
        if len(standardization.mean) != self.inputs:
            raise ValueError(f"standardization: expected that of {self.inputs} inputs, got {len(standardization.mean)}")

    def _check_output(self, loss: Loss) -> None:
        loss.check_output(self.layers[-1].activation.name, self.outputs)

    def _bind(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Make the flat vector, and give every layer its part of the parameters and of the statistics."""
        n_parameters, n_statistics = self._check_layers()
        values = np.zeros(n_parameters + n_statistics, self.dtype)
        parameters, statistics = values[:n_parameters], values[n_parameters:]
        inputs, start, kept = self.inputs, 0, 0
        for layer in self.layers:
            until = kept + layer.n_statistics(inputs)
            layer.bind(inputs, parameters, start, statistics[kept:until])
            inputs, start, kept = layer.units, layer.slice.stop, until
        return values, parameters, statistics

    def _check_layers(self) -> Sizes:
        """How many parameters and statistics the layers have; ValueError if one cannot stand in its place."""
        seen: set[int] = set()
        for index, layer in enumerate(self.layers):
            where = f"layer {index + 1} ({getattr(layer, 'name', type(layer).__name__)})"
            if not isinstance(layer, Layer) or not hasattr(layer, "name"):
                raise ValueError(f"{where}: expected a layer such as Dense(4), got {layer!r}")
            if layer.is_bound or id(layer) in seen:
                raise ValueError(f"{where} stands in a network already; make a new one")
            seen.add(id(layer))
            if layer.span > index:
                raise ValueError(f"{where}: spans {layer.span} layers, {index} stand before it")
        if self.layers[-1].silenced:
            last = f"layer {len(self.layers)} ({self.layers[-1].name})"
            raise ValueError(f"{last} is the last: its units cannot be silenced; possible: those of layers before it")
        found = sizes(self.layers, self.inputs)
        if found.parameters > MAX_PARAMETERS:
            raise ValueError(
                f"a network has at most {MAX_PARAMETERS:,} parameters, these layers have {found.parameters:,}"
            )
        return found

    def __reduce__(self) -> tuple[Any, ...]:
        """A copy, or one in another process, is a network of its own: its layers are made anew, and view its values."""
        settings = {"dtype": self.dtype.name, "initializer": self.initializer.config()}
        configs = [layer.config() for layer in self.layers]
        return _rebuild, (configs, self.inputs, settings, self.standardization, self.values)

    def __repr__(self) -> str:
        return f"Network([{', '.join(map(repr, self.layers))}], inputs={self.inputs}, dtype='{self.dtype}')"


def _rebuild(
    configs: Sequence[Any], inputs: int, settings: dict[str, Any], standardization: Standardization, values: np.ndarray
) -> Network:
    network = Network([Layer.of(config) for config in configs], inputs, **settings, standardization=standardization)
    network.values[...] = values
    return network
