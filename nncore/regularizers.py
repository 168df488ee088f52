"""Penalties on the weights. Biases are never penalised, and the shown loss does not contain the penalty."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nncore.registry import Registered
from nncore.tape import Tape


@dataclass(frozen=True)
class Regularizer(Registered, family="regularizer"):
    """A penalty whose gradient joins that of the loss before the optimizer's step.

    Attributes
    ----------
    rate
        Weight λ of the penalty, >= 0.
    """

    rate: float = 0.0

    def __post_init__(self) -> None:
        if not 0 <= self.rate < math.inf:
            raise ValueError(f"regularization rate: expected a number >= 0, got {self.rate}")

    def penalty(self, weights: np.ndarray) -> float:
        """The penalty on these weights, of any shape; what `around` records is its gradient."""
        return 0.0

    def state(self, n_parameters: int, dtype: np.dtype) -> dict[str, np.ndarray]:
        """Fresh arrays that it keeps from step to step."""
        return {}

    def around(self, tape: Tape, step: Step, state: dict[str, np.ndarray], update: Callable[[], None]) -> None:
        """Record the penalty, and by a call of `update()` in its place the optimizer's step."""
        update()


@dataclass(frozen=True)
class Step:
    """The flat vectors, each (n_parameters,), between which an update happens."""

    parameters: np.ndarray
    gradients: np.ndarray
    is_weight: np.ndarray
    """1 for a weight, 0 for a bias."""
    learning_rate: float


class NoPenalty(Regularizer):
    """No penalty."""

    name, label = "none", "none"


class L1(Regularizer):
    """λ Σ |w|: drives weights to zero and keeps few."""

    name, label = "l1", "L1"

    def penalty(self, weights):
        return self.rate * float(np.abs(weights).sum())

    def around(self, tape, step, state, update):
        penalty = np.empty_like(step.parameters)
        rates = (step.is_weight * self.rate).astype(tape.dtype)
        tape(np.sign, step.parameters, penalty, says="R ← sign(w)")
        tape(np.multiply, penalty, rates, penalty, says="R = λ sign(w), 0 for biases")
        tape(np.add, step.gradients, penalty, step.gradients, says="g ← g + λ sign(w)")
        update()


class L2(Regularizer):
    """½ λ Σ w²: keeps weights small."""

    name, label = "l2", "L2"

    def penalty(self, weights):
        return 0.5 * self.rate * float(np.square(weights).sum())

    def around(self, tape, step, state, update):
        penalty = np.empty_like(step.parameters)
        rates = (step.is_weight * self.rate).astype(tape.dtype)
        tape(np.multiply, step.parameters, rates, penalty, says="R = λ w, 0 for biases")
        tape(np.add, step.gradients, penalty, step.gradients, says="g ← g + λ w")
        update()


class PruningL1(L1):
    """L1 as the TensorFlow Playground has it: a weight that the penalty carries past zero is dead for good.

    The penalty is taken off after the optimizer's step, w ← w₁ − η λ sign(w before the step); where w₁ and w
    have opposite signs, w becomes 0 and stays 0.
    """

    name, label = "pruning_l1", "L1, pruning"

    def state(self, n_parameters, dtype):
        return {"dead": np.zeros(n_parameters, bool)}

    def around(self, tape, step, state, update):
        w, dead = step.parameters, state["dead"]
        shrink, product, crossed = np.empty_like(w), np.empty_like(w), np.empty(len(w), bool)
        rates = (step.is_weight * (self.rate * step.learning_rate)).astype(tape.dtype)
        tape(np.sign, w, shrink, says="R ← sign(w)")
        tape(np.multiply, shrink, rates, shrink, says="R = η λ sign(w), 0 for biases")
        update()
        tape(product.__setitem__, ..., w, says="w₁ = w, after the step")
        tape(np.subtract, w, shrink, w, says="w ← w₁ − R")
        tape(np.multiply, w, product, product, says="P = w ∘ w₁")
        tape(np.less, product, 0, crossed, says="crossed = [P < 0]")
        tape(np.logical_or, dead, crossed, dead, says="dead ← dead or crossed")
        tape(np.putmask, w, dead, 0, says="w = 0 where dead")
