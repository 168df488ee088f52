"""One experiment under way: a spec, its data, its network and its trainer. Synchronous; knows no process."""

from __future__ import annotations

import math
import time
from typing import NamedTuple

import numpy as np

import nncore as nn
from nncore.stopping import Watch
from playground.document.spec import Spec, Training
from playground.engine.assigning import ByHand, assign
from playground.engine.left import Left
from playground.engine.memory import Past
from playground.engine.preserving import preserved
from playground.engine.problem import (
    Problem,
    Samples,
    frozen_parameters,
    make_network,
    make_problem,
    output_to_score,
    seeds,
)
from playground.engine.stand import Stand, put_back, stand_of

SLICE_S = 0.001
"""How long steps are taken before the clock is looked at again."""


class Metrics(NamedTuple):
    """How well the network does on all training and all test samples."""

    train_loss: float
    test_loss: float
    train_score: float
    """The share of samples classified right, 0 … 1, or R² where values are to be found."""
    test_score: float


def score_name(spec: Spec) -> str:
    """What the scores of its metrics are, in files."""
    return "r2" if spec.dataset.task == "regression" else "accuracy"


class Session:
    """Trains what a spec describes, and goes on training when the spec changes.

    Parameters
    ----------
    spec
        A valid spec.
    stand
        Where to go on from; None begins with its first weights.
    """

    def __init__(self, spec: Spec, stand: Stand | None = None) -> None:
        self._pasts: dict[tuple[object, ...], Past] = {}
        self._left = Left()
        self.reset(spec, stand)

    @property
    def epoch(self) -> int:
        """Whole epochs so far."""
        return self.trainer.epochs

    @property
    def steps(self) -> int:
        """Updates so far."""
        return self.trainer.steps

    def reset(self, spec: Spec | None = None, stand: Stand | None = None) -> None:
        """Start anew, and forget what was learned of it.

        Parameters
        ----------
        spec
            The present one by default.
        stand
            Where to go on from, of this spec; None begins with its first weights.

        Raises
        ------
        ValueError
            If the stand is none of this spec; everything stays as it was then.
        """
        spec = spec or self.spec
        problem, network, trainer = _build(spec)
        if stand is not None:
            put_back(trainer, stand)
        self._chunk = 1
        self._install(spec, problem, network, trainer)
        self._pasts.pop(spec.origin, None)
        self._left.forget(spec.origin)
        self._in_effect = set(() if stand is None else stand.in_effect)
        """Serial numbers of the assignments that the weights have gone through."""
        self._seconds = 0.0 if stand is None else stand.seconds
        """How long this has been trained since its first weights."""

    def stand(self) -> Stand:
        """Where training stands."""
        return stand_of(
            self.trainer,
            in_effect=tuple(sorted(self._in_effect)),
            seconds=self._seconds,
            **{name: float(value) for name, value in self.metrics()._asdict().items()},
        )

    def apply(self, spec: Spec, *, travels: bool = False) -> str | None:
        """Go on under another spec, keeping what still fits of what has been learned.

        One of another origin starts anew, unless it was left before: then it goes on where it was left. One that was
        left, with no step since, is as it was then, bit for bit. A network that has learned goes on giving what it
        gave, where there is a way. If the spec leads to an error, everything stays as it was.

        Parameters
        ----------
        spec
            Valid.
        travels
            Whether an undo or a redo leads there: then a network of other layers or inputs comes back as it was left,
            even if steps were taken since. They count on.

        Returns
        -------
        str or None
            What was done to keep the output as it was, and how far that went.
        """
        said, assigned = None, self.spec.assigned
        if spec.learned != self.spec.learned:
            said, (assigned, in_effect) = self._rebuild(spec, travels)
            self._in_effect = set(in_effect)
        else:
            self.spec = spec
        assign(spec, self.network, assigned, self._in_effect)
        return said

    def _rebuild(self, spec: Spec, travels: bool) -> tuple[str | None, ByHand]:
        """Make data, network and trainer anew, and put back what was learned.

        Returns
        -------
        said, by_hand
            As `apply` says, and what had been set by hand when the weights were learned that are put back.
        """
        before, said, by_hand = self.spec, None, ByHand(self.spec.assigned, frozenset(self._in_effect))
        problem, network, trainer = _build(spec)
        first = network.values.copy()
        past = self._pasts.setdefault(before.origin, Past())
        past.remember(before, self.trainer, by_hand)
        past.seconds = self._seconds
        self._left.remember(before, self.trainer, by_hand)
        if spec.origin == before.origin:
            trainer.inherit(self.trainer)
        if spec.origin in self._pasts:
            self._pasts[spec.origin].recall(spec, trainer)
            by_hand, self._seconds = self._pasts[spec.origin].by_hand, self._pasts[spec.origin].seconds
        else:
            by_hand, self._seconds = ByHand(spec.assigned, frozenset()), 0.0
        _redraw(before, spec, network, first)
        left = self._left.recall(spec, trainer, after_steps=travels and _computes_otherwise(before, spec))
        if left is not None:
            by_hand = left
        elif spec.origin == before.origin and self.steps:
            kept = preserved(before, spec, self.network, network, self.problem.train.inputs)
            if kept is not None:
                network.values[:], said = kept.values, kept.text
        good = (self._good, self._good_loss) if _same_loss(before, spec) else (None, math.inf)
        self._install(spec, problem, network, trainer)
        self._good, self._good_loss = good
        return said, by_hand

    def advance(self, budget_s: float, max_steps: float = math.inf) -> int:
        """Take steps until the time or the number is used up, at least one.

        Parameters
        ----------
        budget_s
            Seconds; may be passed by one slice or one step, whichever is longer.
        max_steps
            Most steps to take, >= 1.

        Returns
        -------
        int
            How many steps were taken.

        Raises
        ------
        NotFiniteError
            If a step leads out of the finite numbers; everything then is as it was before that step.
        """
        now = time.perf_counter()
        end, taken = now + budget_s, 0
        while taken < max_steps and (taken == 0 or now < end) and self.stopped is None:
            chunk = int(min(self._chunk, max_steps - taken))
            if self._watches:
                chunk = min(chunk, self.trainer.steps_left)
            self.trainer.advance(chunk)
            taken += chunk
            self._look_whether_to_stop()
            before, now = now, time.perf_counter()
            self._seconds += now - before
            self._chunk = max(1, min(2 * self._chunk, round(chunk * SLICE_S / max(now - before, 1e-9))))
        return taken

    def watch(self) -> None:
        """Begin to look at the conditions on which to stop: from here on, epochs and seconds are counted."""
        self.stopped = None
        self.trainer.history.clear()
        self._watches: list[Watch] = []
        if self.spec.training.stop:
            self.trainer.record()
            self._watches = [nn.StopCondition.of(text).watch(self.trainer) for text in self.spec.training.stop]

    def step_epoch(self) -> None:
        """Train to the end of the present epoch."""
        self.trainer.advance(self.trainer.steps_left)

    def metrics(self) -> Metrics:
        """Evaluate the network as it is on both sets."""
        train_loss, train_score = self._evaluate(self.problem.train)
        self._keep_if_good(train_loss)
        if self.problem.test is self.problem.train:
            return Metrics(train_loss, train_loss, train_score, train_score)
        test_loss, test_score = self._evaluate(self.problem.test)
        return Metrics(train_loss, test_loss, train_score, test_score)

    def go_back(self) -> None:
        """Go back to the best state that was measured: that of the least training loss.

        It was measured under this spec, or one before it that differs only in how it is trained.
        """
        good, loss = self._good, self._good_loss
        if good is None:
            return
        try:
            self.trainer.restore(good)
        except ValueError:  # Of another optimizer or penalty: what this one has noted since is not for it either.
            self._install(self.spec, *_build(self.spec))
            self.network.values[:] = good["values"]
            self.trainer.count_from(steps=good["steps"], epochs=good["epochs"])
            self._good, self._good_loss = good, loss

    # ---------------------------------------------------------------------------------------------

    def _look_whether_to_stop(self) -> None:
        if self._watches and self.trainer.steps_left == self.trainer.steps_per_epoch:
            self.trainer.record()
            self.stopped = next((reason for watch in self._watches if (reason := watch())), None)
            del self.trainer.history[:-1]

    def _keep_if_good(self, train_loss: float) -> None:
        if math.isfinite(train_loss) and train_loss <= self._good_loss:
            self._good, self._good_loss = self.trainer.state(), train_loss

    def _install(self, spec: Spec, problem: Problem, network: nn.Network, trainer: nn.Trainer) -> None:
        self.spec, self.problem, self.network, self.trainer = spec, problem, network, trainer
        self._good, self._good_loss = None, math.inf
        self.stopped: str | None = None
        """Why it is time to pause, if it is: a condition of the spec holds."""
        self.watch()
        # Looked at once: of pictures that would take longer than evaluating them.
        self._checked = {
            id(samples): (
                network.check_inputs(samples.inputs).astype(network.dtype, copy=False),
                network.check_targets(samples.targets, len(samples.targets), trainer.loss),
            )
            for samples in (problem.train, problem.test)
        }

    def _evaluate(self, samples: Samples) -> tuple[float, float]:
        loss, outputs = self.network.evaluate_checked(*self._checked[id(samples)], self.trainer.loss)
        if self.problem.dataset.task == "regression":
            return loss, _r2(outputs, samples.targets)
        if outputs.shape[1] > 1:
            return loss, nn.metrics.accuracy(outputs, samples.targets)
        return loss, nn.metrics.accuracy(output_to_score(self.spec, outputs), samples.labels, threshold=0.0)


def _r2(outputs: np.ndarray, targets: np.ndarray) -> float:
    """R², or NaN where there is none: of outputs that are not finite, or of a single sample."""
    return nn.metrics.r2(outputs, targets) if len(targets) > 1 and np.isfinite(outputs).all() else math.nan


def _build(spec: Spec) -> tuple[Problem, nn.Network, nn.Trainer]:
    """Data, network and trainer of a spec, at their beginning."""
    problem, training = make_problem(spec), spec.training
    network = make_network(spec, problem.standardization)
    trainer = nn.Trainer(
        network,
        problem.train.inputs,
        problem.train.targets,
        loss=training.loss,
        optimizer=_optimizer(training),
        schedule=training.schedule,
        regularizer=_regularizer(training),
        clipping=training.clipping,
        batch_size=training.batch_size,
        # A batch of all samples is the same in any order.
        shuffle=training.shuffle and training.batch_size < len(problem.train.inputs),
        seed=seeds(spec).training,
        remainder=training.remainder,
        frozen=frozen_parameters(spec, network),
        # Only conditions to stop look at it here.
        test=(problem.test.inputs, problem.test.targets) if training.stop else None,
    )
    return problem, network, trainer


def _regularizer(training: Training) -> nn.Regularizer:
    told = nn.Regularizer.of(training.regularizer)
    return type(told)(**{**told.settings(), "rate": training.regularization_rate})


def _optimizer(training: Training) -> nn.Optimizer:
    told = nn.Optimizer.of(training.optimizer)
    return type(told)(**{**told.settings(), "learning_rate": training.learning_rate})


def _computes_otherwise(before: Spec, spec: Spec) -> bool:
    """Whether two specs have networks that are made otherwise: what one has learned does not fit the other."""
    return _made(before) != _made(spec)


def _made(spec: Spec) -> tuple[object, ...]:
    layers = [(layer.id, layer.kind, layer.units, layer.activation, layer.span) for layer in spec.layers]
    return layers, spec.features, spec.n_inputs, spec.n_outputs, spec.output_activation


def _redraw(before: Spec, spec: Spec, network: nn.Network, first: np.ndarray) -> None:
    """Give layers whose initializer has changed their first values."""
    old = {layer.id: layer.weights.initializer for layer in before.layers}
    new = [(layer.id, layer.weights.initializer) for layer in spec.layers]
    for (layer_id, initializer), layer in zip(new, network.layers, strict=False):
        if old.get(layer_id, initializer) != initializer:
            network.parameters[layer.slice] = first[layer.slice]
    if before.output.initializer != spec.output.initializer:
        last = network.layers[-1].slice
        network.parameters[last] = first[last]


def _same_loss(before: Spec, spec: Spec) -> bool:
    """Whether the same weights have the same loss under both."""
    old, new = (each.learned for each in (before, spec))
    changed = {name for name in Spec.__struct_fields__ if getattr(old, name) != getattr(new, name)}
    return changed <= {"training"} and old.training.loss == new.training.loss and old.origin == new.origin
