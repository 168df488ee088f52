"""The training loop: batches, steps, epochs, history, and a state that restores bit for bit."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, NamedTuple

import numpy as np

from nncore.batches import Batches, Samples
from nncore.checks import as_mask, whole
from nncore.clipping import Clipping
from nncore.explain import Walk
from nncore.loop import Loop
from nncore.losses import Loss
from nncore.network import Network
from nncore.optimizers import Optimizer
from nncore.registry import Option
from nncore.regularizers import Regularizer
from nncore.schedules import Schedule
from nncore.state import OWNERS, State, check_state
from nncore.steps import Rules
from nncore.stopping import StopCondition
from nncore.tape import Tape

BATCH_SIZE = Option(32, "batch size", at_least=1, whole=True)


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
        Its values are changed in place.
    X, y
        (n_samples, n_inputs) and (n_samples, n_outputs); for `categorical_crossentropy` y may be integer labels.
    loss
        Name or instance.
    optimizer
        A value such as `SGD(0.03)`, or a name.
    schedule
        How the learning rate changes with time: a value such as `Cosine(100)`, or a name.
    regularizer, clipping
        Name or instance; the first is for layers that do not bring a regularizer of their own.
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
    frozen
        (n_parameters,) of bool: parameters that keep their values, those they have or are given between steps. Their
        gradients count as zero. None, or nothing but False, lets all of them learn.

    Raises
    ------
    ValueError
        If a setting is impossible, a name unknown, a shape wrong, a sample not a finite number, or the loss cannot
        read the network's output.
    """

    def __init__(
        self,
        network: Network,
        X: np.ndarray,
        y: np.ndarray,
        *,
        loss: str | Loss = "mse",
        optimizer: str | Optimizer = "sgd",
        schedule: str | Schedule = "constant",
        regularizer: str | Regularizer = "none",
        clipping: str | Clipping = "none",
        batch_size: int = 32,
        shuffle: bool = True,
        seed: int = 0,
        remainder: Literal["step", "carry"] = "step",
        test: tuple[np.ndarray, np.ndarray] | None = None,
        frozen: np.ndarray | None = None,
    ) -> None:
        if not isinstance(network, Network):
            raise ValueError(f"trainer: expected a Network to train, got {network!r}")
        if remainder not in ("step", "carry"):
            raise ValueError(f"unknown remainder '{remainder}'; possible: step, carry")
        if test is not None and not (isinstance(test, (tuple, list)) and len(test) == 2):
            raise ValueError("test: expected a pair (X, y)")
        self.network = network
        self.loss = Loss.of(loss)
        self.optimizer = Optimizer.of(optimizer)
        self.schedule = Schedule.of(schedule)
        self.regularizer = Regularizer.of(regularizer)
        self.clipping = Clipping.of(clipping)
        self.frozen = None if frozen is None else as_mask(frozen, len(network.parameters), "frozen")
        """(n_parameters,) of bool, which parameters keep their values; None if all learn."""
        if not isinstance(shuffle, (bool, np.bool_)):
            raise ValueError(f"shuffle: expected True or False, got {shuffle!r}")
        self.shuffle = bool(shuffle)
        self.carries = remainder == "carry"
        self._train = Samples.checked(network, self.loss, X, y)
        self._test = None if test is None else Samples.checked(network, self.loss, *test)
        self.X, self.y = self._train.X, self._train.targets
        self.test = None if self._test is None else (self._test.X, self._test.targets)
        self.batch_size = min(BATCH_SIZE.check("trainer", "batch_size", batch_size), len(self.X))

        self.history: list[Record] = []
        """One record per epoch that `epoch` or `run` went through, and before them one of where they began."""
        self.seed = whole(seed, "seed", at_least=0)
        self._first: State | None = None
        self._loop = self._make_loop()

    def _make_loop(self) -> Loop:
        rules = Rules(self.loss, self.optimizer, self.schedule, self.regularizer, self.clipping, self.frozen)
        batches = Batches(self._train.inputs, self._train.targets, self.batch_size, self.network.dtype)
        return Loop(self.network, batches, rules, seed=self.seed, shuffles=self.shuffle, carries=self.carries)

    # -- going on ---------------------------------------------------------------------------------

    @property
    def steps(self) -> int:
        """Updates so far."""
        return self._loop.steps

    @property
    def epochs(self) -> int:
        """Whole epochs so far."""
        return self._loop.epochs

    @property
    def steps_per_epoch(self) -> int:
        """Updates in one epoch."""
        return self._loop.recorded.per_epoch

    @property
    def steps_left(self) -> int:
        """Updates until the end of the present epoch, at least one."""
        return self._loop.left

    @property
    def progress(self) -> float:
        """Epochs so far, with the fraction of the present one."""
        return self.epochs + self._loop.position / self.steps_per_epoch

    def count_from(self, *, steps: int, epochs: int) -> None:
        """Go on counting from these numbers; what comes next counts as the beginning of its training."""
        self._first = None
        self._loop.steps, self._loop.epochs = whole(steps, "steps", at_least=0), whole(epochs, "epochs", at_least=0)

    @property
    def learning_rate(self) -> float:
        """The learning rate of the next step, as the schedule has it."""
        return self.optimizer.learning_rate * self.schedule.factor(self.progress)

    def step(self) -> None:
        """Train on the next batch."""
        self.advance(1)

    def epoch(self) -> None:
        """Train to the end of the present epoch, and add to the history."""
        if not self.history:
            self.record()
        self.advance(self.steps_left)
        self.record()

    def run(self, epochs: int | None = None, until: str | Mapping | StopCondition | Sequence[Any] = ()) -> str:
        """Train for this many epochs, or until a condition is met, and add each epoch to the history.

        Parameters
        ----------
        epochs
            None goes on until a condition is met.
        until
            One or several, such as `LossBelow(0.05)`, `Seconds(10)`, `EarlyStopping(20)`; or names, or dictionaries.

        Returns
        -------
        str
            Why it stopped, for people.

        Raises
        ------
        ValueError
            If it would never end.
        NotFiniteError
            As `advance`.
        """
        is_one = isinstance(until, (str, Mapping, StopCondition)) or not isinstance(until, Iterable)
        several: Any = (until,) if is_one else until
        conditions = [StopCondition.of(condition) for condition in several]
        if epochs is None and not conditions:
            raise ValueError("run: expected a number of epochs, or a condition to stop")
        if not self.history:
            self.record()
        watches = [condition.watch(self) for condition in conditions]
        last = None if epochs is None else self.epochs + whole(epochs, "epochs", at_least=0)
        while last is None or self.epochs < last:
            self.epoch()
            for watch in watches:
                if reason := watch():
                    return reason
        return f"{epochs} epochs are over"

    def advance(self, steps: int) -> None:
        """Take this many steps, across as many epochs as that is; adds nothing to the history.

        Raises
        ------
        NotFiniteError
            If a step leads out of the finite numbers; everything then is as it was before that step.
        """
        steps = whole(steps, "steps", at_least=0)
        self._keep_first()
        self._loop.advance(steps)

    def explain(self) -> Walk:
        """The next step as data: its ops, each with phase, layer, formula, call, and operands by name and shape.

        They can be run one by one (`run_next`); when the last has run, the step is taken. Until then nothing counts:
        whatever else is asked of the trainer first undoes what has been run.

        Raises
        ------
        NotFiniteError
            From the run of the last op, as `advance`.
        """
        self._keep_first()
        return self._loop.walk()

    @property
    def tape(self) -> Tape:
        """The step of a full batch as it is recorded: print it to read what a step computes."""
        return self._loop.recorded.full.tape

    @property
    def arrays(self) -> dict[str, np.ndarray]:
        """The live arrays training goes on from, by name: parameters, moments (n_parameters,), counters ().

        Names such as "adam.m" begin with that of the optimizer or regularizer the array belongs to. The running
        statistics, (n_statistics,), are among them where the network has some, and where gradients are carried over,
        these, (n_parameters,), and of how many samples they are.
        """
        named = {"parameters": self.network.parameters}
        if self.network.statistics.size:
            named["statistics"] = self.network.statistics
        kept = self._loop.recorded
        named |= {f"{self.optimizer.name}.{name}": array for name, array in kept.moments.items()}
        named |= {f"{kept.penalty_owners[name]}.{name}": array for name, array in kept.penalty.items()}
        if self.carries:
            named |= {"carried": kept.carried, "carried_samples": kept.carried_samples}
        return named

    def inherit(self, other: Trainer) -> None:
        """Go on counting, drawing and remembering where another trainer stands, whatever network and data it has.

        What comes next counts as the beginning of its training.

        Arrays that both have are left to the caller: see `arrays`.
        """
        if not isinstance(other, Trainer):
            raise ValueError(f"inherit: expected a Trainer, got {other!r}")
        mine, theirs = self._loop, other._loop
        mine.undo_walk()
        theirs.undo_walk()
        self._first = None
        mine.steps, mine.epochs, self.history = theirs.steps, theirs.epochs, list(other.history)
        mine.rng.bit_generator.state = theirs.rng.bit_generator.state
        if len(self.X) == len(other.X) and self.batch_size == other.batch_size:
            mine.position, mine.batches.order[...] = theirs.position, theirs.batches.order
            mine.batches.arrange()

    # -- state ------------------------------------------------------------------------------------

    def state(self) -> State:
        """Everything that training goes on from, as a copy; made of numbers, strings and arrays."""
        self._loop.undo_walk()
        return {**copy.deepcopy(self._live_state()), "history": list(self.history)}

    def _live_state(self) -> State:
        """The state without the history, its arrays not copied."""
        return {
            "values": self.network.values,
            "optimizer": {"name": self.optimizer.name, **self._loop.recorded.moments},
            "regularizer": {"name": self.regularizer.name, **self._loop.recorded.penalty},
            "steps": self.steps,
            "epochs": self.epochs,
            "samples": self._loop.position * self.batch_size,
            "order": self._loop.batches.order,
            "rng": self._loop.rng.bit_generator.state,
            "carried": self._loop.recorded.carried,
            "carried_samples": self._loop.recorded.carried_samples,
        }

    def restore(self, state: State, *, first: State | None = None) -> None:
        """Go back to a state: from there on, every number comes out as it did the first time.

        The settings may be others than those of the trainer that the state is of: another learning rate goes on from
        there, another batch size with the batch of the present epoch that holds the next sample.

        Parameters
        ----------
        state
            What `state` gave, of this trainer or of another one with the same network and samples.
        first
            In what state its training began, if that was another trainer's: see the attribute of that name.

        Raises
        ------
        ValueError
            If the state is of another network, data set size, optimizer or regularizer; nothing has changed then.
        """
        loop, live = self._loop, self._live_state()
        loop.undo_walk()
        for each in (state, first) if first is not None else (state,):
            check_state(each, live)
        is_later = self._first is not None and state["steps"] > self._first["steps"]
        self._first = first or (self._first if is_later else None)
        for what in OWNERS:
            for name, array in live[what].items():
                if name != "name":
                    array[...] = state[what][name]
        for name in ("values", "order", "carried", "carried_samples"):
            live[name][...] = state[name]
        if not self.carries:
            live["carried"][...], live["carried_samples"][...] = 0, 0
        loop.steps, loop.epochs = state["steps"], state["epochs"]
        loop.position = min(state["samples"] // self.batch_size, self.steps_per_epoch - 1)
        loop.rng.bit_generator.state = copy.deepcopy(state["rng"])
        loop.batches.arrange()
        self.history = [Record(*row) for row in state["history"]]

    # -- samples and history ----------------------------------------------------------------------

    @property
    def first(self) -> State:
        """The state in which it took its first step; the present one, if it has taken none."""
        return self._first if self._first is not None and self.has_begun else self.state()

    @property
    def has_begun(self) -> bool:
        """Whether it has taken a step."""
        return self._first is not None and self.steps > self._first["steps"]

    def _keep_first(self) -> None:
        self._loop.undo_walk()
        if not self.has_begun:
            self._first = self.state()

    def record(self) -> None:
        """Add the losses as they are to the history."""
        losses = [self._loss_on(samples) for samples in (self._train, self._test)]
        self.history.append(Record(self.epochs, *losses))

    def _loss_on(self, samples: Samples | None) -> float:
        if samples is None:
            return float("nan")
        return self.network.evaluate_checked(samples.inputs, samples.targets, self.loss)[0]

    # -- copies -----------------------------------------------------------------------------------

    def settings(self) -> dict[str, Any]:
        """What `Trainer` was made with, besides network, samples and what is frozen, as plain values."""
        rules = ("loss", "optimizer", "schedule", "regularizer", "clipping")
        return {
            **{name: getattr(self, name).config() for name in rules},
            "batch_size": self.batch_size,
            "shuffle": self.shuffle,
            "seed": self.seed,
            "remainder": "carry" if self.carries else "step",
        }

    def __reduce__(self) -> tuple[Any, ...]:
        """A copy, or one in another process, has a network of its own, and goes on from the same state."""
        samples = self.X, self.y, self.test
        settings = self.settings() | {"frozen": self.frozen}
        return _rebuild, (self.network, samples, settings, self.state(), self._first)


def _rebuild(
    network: Network, samples: Sequence[Any], settings: dict[str, Any], state: State, first: State | None
) -> Trainer:
    X, y, test = samples
    trainer = Trainer(network, X, y, test=test, **settings)
    trainer.restore(state, first=first)
    return trainer
