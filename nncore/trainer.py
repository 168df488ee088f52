"""The training loop: batches, steps, epochs, history, and a state that restores bit for bit."""

from __future__ import annotations

import copy
import operator
from typing import Any, Literal, NamedTuple

import numpy as np

from nncore.losses import Loss
from nncore.network import Network
from nncore.optimizers import Optimizer
from nncore.regularizers import Regularizer, Step
from nncore.tape import Program, Tape, run

State = dict[str, Any]
"""A trainer's state: plain numbers, strings and arrays, nested in dictionaries."""


class Record(NamedTuple):
    """One point of the loss curve."""

    epoch: int
    train_loss: float
    test_loss: float
    """NaN where there is no test set."""


class Trainer:
    """Trains a network on samples.

    Parameters
    ----------
    network
        Its parameters are changed in place.
    X, y
        (n_samples, n_inputs) and (n_samples, n_outputs).
    loss
        Name or instance.
    optimizer
        A value such as `SGD(0.03)`, or a name.
    regularizer
        Name or instance.
    batch_size
        Samples per step, >= 1; never more than there are.
    shuffle
        Whether every epoch goes through the samples in a new order.
    seed
        Of the order and of dropout.
    remainder
        What happens at the end of an epoch to samples that do not fill a batch: a smaller "step" of their own;
        "carry", as in the TensorFlow Playground: their gradients wait, and join the next epoch's first step.
    test
        (X, y) of samples whose loss the history shows beside that of the training set.

    Raises
    ------
    ValueError
        If a setting is impossible, a name unknown, a shape wrong, or the loss cannot read the network's output.
    """

    def __init__(
        self,
        network: Network,
        X: np.ndarray,
        y: np.ndarray,
        *,
        loss: str | Loss = "mse",
        optimizer: str | Optimizer = "sgd",
        regularizer: str | Regularizer = "none",
        batch_size: int = 32,
        shuffle: bool = True,
        seed: int = 0,
        remainder: Literal["step", "carry"] = "step",
        test: tuple[np.ndarray, np.ndarray] | None = None,
    ) -> None:
        if not operator.index(batch_size) >= 1:
            raise ValueError(f"batch_size: expected a number >= 1, got {batch_size}")
        if remainder not in ("step", "carry"):
            raise ValueError(f"unknown remainder '{remainder}'; possible: step, carry")
        self.network = network
        self.loss = Loss.of(loss)
        self.X, self.y = _checked(network, self.loss, X, y)
        self.test = None if test is None else _checked(network, self.loss, *test)
        self.optimizer = Optimizer.of(optimizer)
        self.regularizer = Regularizer.of(regularizer)
        self.batch_size = min(batch_size, len(self.X))
        self.shuffle = shuffle
        self.carries = remainder == "carry"

        self.steps = 0
        """Updates so far."""
        self.epochs = 0
        """Whole epochs so far."""
        self.history: list[Record] = []
        """One record per epoch that `epoch` or `run` went through, and before them one of where they began."""
        self._position = 0
        self._rng = np.random.default_rng(seed)
        self._order = np.arange(len(self.X))
        self._gradients = np.zeros_like(network.parameters)
        self._carried = np.zeros_like(network.parameters)
        self._carried_samples = 0
        size = len(network.parameters)
        self._moments = self.optimizer.state(size, network.dtype)
        self._penalty = self.regularizer.state(size, network.dtype)
        self._prepare_batches()

    # -- going on ---------------------------------------------------------------------------------

    @property
    def steps_per_epoch(self) -> int:
        """Updates in one epoch."""
        partial = self._remainder and not self.carries
        return len(self._batches) + (1 if partial else 0)

    @property
    def steps_left(self) -> int:
        """Updates until the end of the present epoch, at least one."""
        return self.steps_per_epoch - self._position

    @property
    def progress(self) -> float:
        """Epochs so far, with the fraction of the present one."""
        return self.epochs + self._position / self.steps_per_epoch

    def step(self) -> None:
        """Train on the next batch."""
        self.advance(1)

    def epoch(self) -> None:
        """Train to the end of the present epoch, and add to the history."""
        if not self.history:
            self._record_history()
        self.advance(self.steps_left)
        self._record_history()

    def run(self, epochs: int) -> None:
        """Train for this many epochs, and add each to the history."""
        for _ in range(epochs):
            self.epoch()

    def advance(self, steps: int) -> None:
        """Take this many steps, across as many epochs as that is; adds nothing to the history."""
        # Training that diverges overflows: its user sees that in the loss, not in warnings.
        with np.errstate(all="ignore"):
            while steps > 0:
                if self._position == 0:
                    self._begin_epoch()
                stop = min(self._position + steps, self.steps_per_epoch)
                self._train(self._position, stop)
                steps -= stop - self._position
                self.steps += stop - self._position
                self._position = stop
                if stop == self.steps_per_epoch:
                    self._end_epoch()

    @property
    def arrays(self) -> dict[str, np.ndarray]:
        """The live arrays training goes on from, by name: parameters, moments (n_parameters,), counters ().

        Names such as "adam.m" begin with that of the optimizer or regularizer the array belongs to.
        """
        named = {"parameters": self.network.parameters}
        for owner, arrays in ((self.optimizer, self._moments), (self.regularizer, self._penalty)):
            named |= {f"{owner.name}.{name}": array for name, array in arrays.items()}
        return named

    def inherit(self, other: Trainer) -> None:
        """Go on counting, drawing and remembering where another trainer stands, whatever network and data it has.

        Arrays that both have are left to the caller: see `arrays`.
        """
        self.steps, self.epochs, self.history = other.steps, other.epochs, list(other.history)
        self._rng.bit_generator.state = other._rng.bit_generator.state
        if len(self._order) == len(other._order) and self.batch_size == other.batch_size:
            self._position, self._order[...] = other._position, other._order
            self._gather()

    # -- state ------------------------------------------------------------------------------------

    def state(self) -> State:
        """Everything that training goes on from, as a copy; made of numbers, strings and arrays."""
        return {**copy.deepcopy(self._live_state()), "history": list(self.history)}

    def _live_state(self) -> State:
        """The state without the history, its arrays not copied."""
        return {
            "parameters": self.network.parameters,
            "optimizer": {"name": self.optimizer.name, **self._moments},
            "regularizer": {"name": self.regularizer.name, **self._penalty},
            "steps": self.steps,
            "epochs": self.epochs,
            "samples": self._position * self.batch_size,
            "order": self._order,
            "rng": self._rng.bit_generator.state,
            "carried": self._carried,
            "carried_samples": self._carried_samples,
        }

    def restore(self, state: State) -> None:
        """Go back to a state: from there on, every number comes out as it did the first time.

        The settings may be others than those of the trainer that the state is of: another learning rate goes on from
        there, another batch size with the batch of the present epoch that holds the next sample.

        Raises
        ------
        ValueError
            If the state is of another network, data set size, optimizer or regularizer; nothing has changed then.
        """
        self._check_state(state)
        state = copy.deepcopy(state)
        self.network.parameters[...] = state["parameters"]
        for kept, stored in ((self._moments, state["optimizer"]), (self._penalty, state["regularizer"])):
            for name, array in kept.items():
                array[...] = stored[name]
        self.steps, self.epochs = state["steps"], state["epochs"]
        self._position = min(state["samples"] // self.batch_size, self.steps_per_epoch - 1)
        self._order[...] = state["order"]
        self._rng.bit_generator.state = state["rng"]
        self._carried[...] = state["carried"]
        self._carried_samples = state["carried_samples"]
        self.history = [Record(*row) for row in state["history"]]
        self._gather()

    def _check_state(self, state: State) -> None:
        """Raise ValueError unless the state fits this trainer."""
        mine = self._live_state()
        missing = [key for key in (*mine, "history") if key not in state]
        if missing:
            raise ValueError(f"restore: not the state of a trainer, it lacks {', '.join(missing)}")
        for what in ("optimizer", "regularizer"):
            if mine[what]["name"] != state[what].get("name"):
                theirs = state[what].get("name")
                raise ValueError(f"restore: this trainer's {what}: {mine[what]['name']}, the state's: {theirs}")
        for name, array in _named_arrays(mine).items():
            theirs = _named_arrays(state).get(name)
            if theirs is None or (array.shape, array.dtype) != (theirs.shape, theirs.dtype):
                found = "nothing" if theirs is None else f"{theirs.shape} {theirs.dtype}"
                raise ValueError(f"restore: this trainer's {name}: {array.shape} {array.dtype}, the state's: {found}")

    # -- one epoch --------------------------------------------------------------------------------

    def _prepare_batches(self) -> None:
        """Record the step for both batch sizes, and cut the epoch's buffers into batches once and for all."""
        n, size = len(self.X), self.batch_size
        self._remainder = n % size
        ones = np.ones((n, 1), self.network.dtype)
        self._rows = np.hstack([self.X, ones])
        self._epoch_rows, self._epoch_targets = self._rows.copy(), self.y.copy()
        full = n - self._remainder
        self._batches = [self._batch(start, start + size) for start in range(0, full, size)]
        self._recording = self._record(size)
        self._last = self._record(self._remainder) if self._remainder else None

    def _batch(self, start: int, stop: int) -> tuple[np.ndarray, np.ndarray]:
        return self._epoch_rows[start:stop], self._epoch_targets[start:stop]

    def _record(self, batch: int) -> _StepRecording:
        tape = Tape(batch, self.network.dtype, self._rng)
        recording = self.network.record(tape, self.loss, gradients=self._gradients)
        w, g = self.network.parameters, self._gradients
        step = Step(w, g, self._is_weight(), self.optimizer.learning_rate)
        with tape.at("update"):
            self.regularizer.around(tape, step, self._penalty, lambda: self.optimizer.record(tape, w, g, self._moments))
        gradients = tape.program("forward", "loss", "backward")
        return _StepRecording(tape, recording.rows, recording.target_rows, tape.program(), gradients)

    def _is_weight(self) -> np.ndarray:
        mask = np.zeros_like(self.network.parameters)
        for views in self.network.split(mask):
            if views:
                views.weights[...] = 1
        return mask

    def _begin_epoch(self) -> None:
        if self.shuffle:
            self._order[...] = self._rng.permutation(len(self._order))
            self._gather()

    def _gather(self) -> None:
        """Put the samples into the epoch's buffers in the present order."""
        np.take(self._rows, self._order, axis=0, out=self._epoch_rows)
        np.take(self.y, self._order, axis=0, out=self._epoch_targets)

    def _train(self, start: int, stop: int) -> None:
        """Take the steps from `start` to before `stop` of the present epoch."""
        if self._carried_samples and start == 0:
            self._take_carried_step()
            start = 1
        _, rows, targets, program, _ = self._recording
        for batch_rows, batch_targets in self._batches[start:stop]:
            rows[...] = batch_rows
            targets[...] = batch_targets
            run(program)
        if stop > len(self._batches) and self._last is not None:
            self._load_remainder(self._last)
            run(self._last.program)

    def _end_epoch(self) -> None:
        self.epochs += 1
        self._position = 0
        if self.carries and self._last is not None:
            self._load_remainder(self._last)
            run(self._last.gradients)
            self._carried += self._gradients * self._remainder
            self._carried_samples += self._remainder

    def _load_remainder(self, last: _StepRecording) -> None:
        last.rows[...], last.targets[...] = self._batch(len(self._rows) - self._remainder, len(self._rows))

    def _take_carried_step(self) -> None:
        """The first step of an epoch, over its own samples and those carried from the end of the last one."""
        recording = self._recording
        recording.rows[...], recording.targets[...] = self._batches[0]
        run(recording.gradients)
        self._gradients *= self.batch_size
        self._gradients += self._carried
        self._gradients /= self.batch_size + self._carried_samples
        run(recording.tape.program("update"))
        self._carried[...], self._carried_samples = 0, 0

    def _record_history(self) -> None:
        train_loss = self.network.loss(self.X, self.y, self.loss)
        test_loss = self.network.loss(*self.test, self.loss) if self.test else float("nan")
        self.history.append(Record(self.epochs, train_loss, test_loss))

    @property
    def tape(self) -> Tape:
        """The step as it is recorded: print it to read what a step computes."""
        return self._recording.tape


def _named_arrays(state: State) -> dict[str, np.ndarray]:
    """Every array of a state by its path, such as "optimizer.m"."""
    nested = {f"{what}.{name}": value for what in ("optimizer", "regularizer") for name, value in state[what].items()}
    return {name: value for name, value in (state | nested).items() if isinstance(value, np.ndarray)}


def _checked(network: Network, loss: Loss, X: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Copies of samples in the network's precision; ValueError if they do not fit it or the loss."""
    X, y = network.check_inputs(X), network.check_targets(y, len(X), loss)
    return X.astype(network.dtype), y.astype(network.dtype)


class _StepRecording(NamedTuple):
    """A recorded step, ready to run."""

    tape: Tape
    rows: np.ndarray
    targets: np.ndarray
    program: Program
    gradients: Program
    """The program without the update."""
