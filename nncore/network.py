"""A network: layers in order, over one flat parameter vector."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from nncore.initializers import Initializer
from nncore.layers import Layer
from nncore.layers.base import Backward, Parameters
from nncore.losses import Loss
from nncore.tape import Columns, Program, Tape, run

MAX_RECORDINGS = 6
"""How many batch sizes a network keeps the recordings of."""


class Recording(NamedTuple):
    """A tape of a network, with the buffers through which samples go in and results come out."""

    tape: Tape
    rows: np.ndarray
    """(batch, inputs + 1): samples go into all but the last column, which is one."""
    target_rows: np.ndarray
    """(batch, outputs): targets go in here."""
    outputs: list[Columns]
    """Per layer."""
    loss: np.ndarray
    """(): the loss, where its value was recorded."""
    program: Program


def count_parameters(layers: Sequence[Layer], inputs: int) -> int:
    """How many parameters these layers have when `inputs` features arrive; they need not stand in a network."""
    count = 0
    for layer in layers:
        count += layer.n_parameters(inputs)
        inputs = layer.units_for(inputs)
    return count


def checked_dtype(dtype: str | np.dtype) -> np.dtype:
    """`dtype` as NumPy knows it; ValueError unless it is one that networks compute in."""
    try:
        known = np.dtype(dtype)
    except TypeError:
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
    """

    def __init__(
        self,
        layers: Sequence[Layer],
        inputs: int,
        *,
        seed: int = 0,
        dtype: str | np.dtype = "float32",
        initializer: str | Initializer = "glorot_uniform",
    ) -> None:
        if not layers:
            raise ValueError("a network needs at least one layer")
        if not inputs >= 1:
            raise ValueError(f"inputs: expected a number >= 1, got {inputs}")
        self.dtype = checked_dtype(dtype)
        self.layers = list(layers)
        self.inputs = inputs
        self.initializer = Initializer.of(initializer)
        self.parameters = self._bind()
        """(n_parameters,): every weight and bias. Layers hold views of it: change it in place."""
        self._recordings: dict[tuple[int, Loss | None, bool], Recording] = {}
        self._gradients = np.zeros_like(self.parameters)
        self.initialize(seed)

    @property
    def outputs(self) -> int:
        """Units of the last layer."""
        return self.layers[-1].units

    def initialize(self, seed: int) -> None:
        """Draw all parameters anew."""
        rng = np.random.default_rng(seed)
        for layer in self.layers:
            layer.initialize(rng, self.initializer)

    def split(self, flat: np.ndarray) -> list[Parameters | tuple[()]]:
        """A vector laid out like `parameters`, as views: weights and biases per layer, () for one without.

        Raises
        ------
        ValueError
            If `flat` is not of shape (n_parameters,).
        """
        if flat.shape != self.parameters.shape:
            raise ValueError(f"split: expected shape {self.parameters.shape}, got {flat.shape}")
        return [layer.split(flat) for layer in self.layers]

    def predict(self, X: np.ndarray) -> np.ndarray:
        """The outputs, (n_samples, n_outputs), for inputs (n_samples, n_inputs)."""
        return self._forward(X).outputs[-1].values.T.copy(order="K")

    def activations(self, X: np.ndarray) -> list[np.ndarray]:
        """One (n_samples, units) array per layer, for inputs (n_samples, n_inputs)."""
        return [output.values.T.copy(order="K") for output in self._forward(X).outputs]

    def loss(self, X: np.ndarray, y: np.ndarray, loss: str | Loss) -> float:
        """The loss of the predictions for `X`, (n_samples, n_inputs), against `y`, (n_samples, n_outputs)."""
        return self.evaluate(X, y, loss)[0]

    def evaluate(self, X: np.ndarray, y: np.ndarray, loss: str | Loss) -> tuple[float, np.ndarray]:
        """The loss, and the outputs (n_samples, n_outputs), of one forward pass."""
        recording = self._forward(X, y, Loss.of(loss))
        return float(recording.loss), recording.outputs[-1].values.T.copy(order="K")

    def gradients(self, X: np.ndarray, y: np.ndarray, loss: str | Loss) -> np.ndarray:
        """The gradient of the loss with respect to `parameters`, in the same layout; dropout is off."""
        self._forward(X, y, Loss.of(loss), backward=True)
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
        rows = np.ones((tape.batch, self.inputs + 1), self.dtype)
        x = Columns(rows.T, rows.T[:-1], rows)
        outputs, backwards = [], []
        for index, layer in enumerate(self.layers):
            with tape.at("forward", index):
                x, backward = layer.record(tape, x)
            outputs.append(x)
            backwards.append(backward)
        y, loss_value = tape.empty(self.outputs), np.zeros(())
        if loss is not None and value:
            with tape.at("loss"):
                loss.forward(tape, x.values, y, loss_value)
        if loss is not None and gradients is not None:
            self._record_backward(tape, loss, x.values, y, backwards, gradients)
        return Recording(tape, rows, y.T, outputs, loss_value, tape.program())

    def _record_backward(
        self,
        tape: Tape,
        loss: Loss,
        a: np.ndarray,
        y: np.ndarray,
        backwards: Sequence[Backward],
        gradients: np.ndarray,
    ) -> None:
        """Record the gradient of the loss, and each layer's backward pass down to the first that has parameters."""
        fused = self.layers[-1].activation.name == loss.fused
        d = tape.empty(self.outputs)
        with tape.at("loss"):
            (loss.backward_fused if fused else loss.backward)(tape, a, y, d)
        first = next((i for i, layer in enumerate(self.layers) if layer.n_parameters(layer.inputs)), len(self.layers))
        for index in range(len(self.layers) - 1, first - 1, -1):
            with tape.at("backward", index):
                d = backwards[index](d, gradients, fused=fused, needs_input=index > first)
            fused = False

    def _forward(
        self, X: np.ndarray, y: np.ndarray | None = None, loss: Loss | None = None, *, backward: bool = False
    ) -> Recording:
        """Run a recording on these samples and give it back; its buffers are good until the next call."""
        X = self.check_inputs(X)
        key = len(X), loss, backward
        recording = self._recordings.pop(key, None)
        if recording is None:
            gradients = self._gradients if backward else None
            recording = self.record(Tape(len(X), self.dtype), loss, value=not backward, gradients=gradients)
        self._recordings[key] = recording
        if len(self._recordings) > MAX_RECORDINGS:
            del self._recordings[next(iter(self._recordings))]
        recording.rows[:, :-1] = X
        if y is not None:
            recording.target_rows[...] = self.check_targets(y, len(X), loss)
        with np.errstate(all="ignore"):
            run(recording.program)
        return recording

    def check_inputs(self, X: np.ndarray) -> np.ndarray:
        """`X` as an array; ValueError unless it is (n_samples, n_inputs)."""
        X = np.asarray(X)
        if X.ndim != 2 or X.shape[1] != self.inputs or not len(X):
            first = self.layers[0]
            raise ValueError(f"layer 1 ({first.name}): expected inputs (n_samples, {self.inputs}), got {X.shape}")
        return X

    def check_targets(self, y: np.ndarray, n_samples: int, loss: Loss | None = None) -> np.ndarray:
        """`y` as an array; ValueError unless it is (n_samples, n_outputs), and fit for the loss."""
        y = np.asarray(y)
        if y.shape != (n_samples, self.outputs):
            raise ValueError(
                f"layer {len(self.layers)} ({self.layers[-1].name}): "
                f"expected targets ({n_samples}, {self.outputs}), got {y.shape}"
            )
        if loss is not None:
            self._check_output(loss)
            loss.check_targets(y)
        return y

    def _check_output(self, loss: Loss) -> None:
        loss.check_output(self.layers[-1].activation.name)

    def _bind(self) -> np.ndarray:
        """Make the flat vector and give every layer its part."""
        for index, layer in enumerate(self.layers):
            if layer.is_bound or any(layer is other for other in self.layers[:index]):
                raise ValueError(f"layer {index + 1} ({layer.name}) stands in a network already; make a new one")
        flat = np.zeros(count_parameters(self.layers, self.inputs), self.dtype)
        inputs, start = self.inputs, 0
        for layer in self.layers:
            layer.bind(inputs, flat, start)
            inputs, start = layer.units, layer.slice.stop
        return flat

    def __repr__(self) -> str:
        return f"Network([{', '.join(map(repr, self.layers))}], inputs={self.inputs}, dtype='{self.dtype}')"
