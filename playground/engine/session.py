"""One experiment under way: a spec, its data, its network and its trainer. Synchronous; knows no process."""

from __future__ import annotations

import math
import time
from typing import NamedTuple

import numpy as np

import nncore as nn
from playground.document.spec import Spec
from playground.engine.memory import Past
from playground.engine.problem import Problem, Samples, make_network, make_problem, output_to_score, seeds

SLICE_S = 0.001
"""How long steps are taken before the clock is looked at again."""


class Metrics(NamedTuple):
    """How well the network does on all training and all test samples."""

    train_loss: float
    test_loss: float
    train_accuracy: float
    """0 … 1"""
    test_accuracy: float


class Session:
    """Trains what a spec describes, and goes on training when the spec changes.

    Parameters
    ----------
    spec
        A valid spec.
    """

    def __init__(self, spec: Spec) -> None:
        self._pasts: dict[tuple[object, ...], Past] = {}
        self.reset(spec)

    @property
    def epoch(self) -> int:
        """Whole epochs so far."""
        return self.trainer.epochs

    @property
    def steps(self) -> int:
        """Updates so far."""
        return self.trainer.steps

    def reset(self, spec: Spec | None = None) -> None:
        """Start anew, from the first weights of `spec` or of the present one, and forget what was learned of it."""
        spec = spec or self.spec
        self._chunk = 1
        self._install(spec, *_build(spec))
        self._pasts.pop(spec.origin, None)

    def apply(self, spec: Spec) -> None:
        """Go on under another spec, keeping what still fits of what has been learned.

        One of another origin starts anew, unless it was left before: then it goes on where it was left. If the spec
        leads to an error, everything stays as it was.
        """
        problem, network, trainer = _build(spec)
        self._pasts.setdefault(self.spec.origin, Past()).remember(self.spec, self.trainer)
        if spec.origin == self.spec.origin:
            trainer.inherit(self.trainer)
        if spec.origin in self._pasts:
            self._pasts[spec.origin].recall(spec, trainer)
        self._install(spec, problem, network, trainer)

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
        """
        now = time.perf_counter()
        end, taken = now + budget_s, 0
        while taken < max_steps and (taken == 0 or now < end):
            chunk = int(min(self._chunk, max_steps - taken))
            self.trainer.advance(chunk)
            taken += chunk
            before, now = now, time.perf_counter()
            self._chunk = max(1, min(2 * self._chunk, round(chunk * SLICE_S / max(now - before, 1e-9))))
        return taken

    def step_epoch(self) -> None:
        """Train to the end of the present epoch."""
        self.trainer.advance(self.trainer.steps_left)

    def metrics(self) -> Metrics:
        """Evaluate the network as it is on both sets."""
        train_loss, train_accuracy = self._evaluate(self.problem.train)
        if self.problem.test is self.problem.train:
            return Metrics(train_loss, train_loss, train_accuracy, train_accuracy)
        test_loss, test_accuracy = self._evaluate(self.problem.test)
        return Metrics(train_loss, test_loss, train_accuracy, test_accuracy)

    def is_finite(self) -> bool:
        """Whether every parameter is a number still: diverged training ends in infinities."""
        return bool(np.isfinite(self.network.parameters).all())

    def resume(self, parameters: np.ndarray, epoch: int, steps: int) -> None:
        """Go on from what is known of another session of the same spec that is gone.

        Parameters
        ----------
        parameters
            (n_parameters,)
        epoch, steps
            Whole epochs and updates it had come to.
        """
        self.network.parameters[:] = parameters
        self.trainer.epochs, self.trainer.steps = epoch, steps

    # ---------------------------------------------------------------------------------------------

    def _install(self, spec: Spec, problem: Problem, network: nn.Network, trainer: nn.Trainer) -> None:
        self.spec, self.problem, self.network, self.trainer = spec, problem, network, trainer

    def _evaluate(self, samples: Samples) -> tuple[float, float]:
        loss, outputs = self.network.evaluate(samples.inputs, samples.targets, self.spec.training.loss)
        return loss, nn.metrics.accuracy(output_to_score(self.spec, outputs), samples.labels, threshold=0.0)


def _build(spec: Spec) -> tuple[Problem, nn.Network, nn.Trainer]:
    """Data, network and trainer of a spec, at their beginning."""
    problem, network, training = make_problem(spec), make_network(spec), spec.training
    trainer = nn.Trainer(
        network,
        problem.train.inputs,
        problem.train.targets,
        loss=training.loss,
        optimizer=nn.Optimizer.named(training.optimizer)(training.learning_rate),
        regularizer=nn.Regularizer.named(training.regularizer)(training.regularization_rate),
        batch_size=training.batch_size,
        seed=seeds(spec).training,
    )
    return problem, network, trainer
