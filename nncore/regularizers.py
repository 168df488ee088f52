"""Penalties on the weights. Biases are never penalised, and the shown loss does not contain the penalty."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nncore.checks import as_numbers
from nncore.registry import Registered, option
from nncore.tape import Tape


@dataclass(frozen=True)
class Step:
    """What an update is made of; every array is (n_parameters,)."""

    parameters: np.ndarray
    gradients: np.ndarray
    is_weight: np.ndarray
    """1 for a weight that is penalised, 0 for a bias, and for a weight that is frozen."""
    learning_rate: np.ndarray
    """η when the step is taken, as an operand for the others: (n_parameters,) or ()."""


@dataclass(frozen=True)
class Regularizer(Registered, family="regularizer"):
    """A penalty whose gradient joins that of the loss before the optimizer's step.

    Attributes
    ----------
    rate
        Weight λ of the penalty, 0 <= λ <= 1000.
    """

    rate: float = option(0.0, "rate", at_least=0, at_most=1000)

    def penalty(self, weights: np.ndarray) -> float:
        """The penalty on these weights, of any shape; what `around` records is its gradient.

        ValueError if they are no numbers.
        """
        return self._penalty(as_numbers(weights, f"{self.name}: weights", finite=False).astype(np.float64))

    def _penalty(self, weights: np.ndarray) -> float:
        """The penalty on weights in float64."""
        return 0.0

    def state(self, n_parameters: int, dtype: np.dtype) -> dict[str, np.ndarray]:
        """Fresh arrays that it keeps from step to step, (n_parameters,) each."""
        return {}

    def around(self, tape: Tape, step: Step, state: dict[str, np.ndarray], update: Callable[[], None]) -> None:
        """Record the penalty, and by a call of `update()` in its place the optimizer's step."""
        update()


class NoPenalty(Regularizer):
    """No penalty."""

    name, label = "none", "none"


class L1(Regularizer):
    """λ Σ |w|: drives weights to zero and keeps few (the lasso: Tibshirani 1996)."""

    name, label = "l1", "L1"

    def _penalty(self, weights):
        return self.rate * float(np.abs(weights).sum())

    def around(self, tape, step, state, update):
        w, g, R = step.parameters, step.gradients, tape.array(step.parameters.shape, "R")
        tape(np.sign, w, R, says="R ← sign(w)")
        tape(np.multiply, R, _of_weights(tape, step, self.rate), R, says="R = λ sign(w), 0 for biases")
        tape(np.add, g, R, g, says="g ← g + R")
        update()


class L2(Regularizer):
    """½ λ Σ w²: keeps weights small (ridge regression, weight decay: Krogh and Hertz 1992)."""

    name, label = "l2", "L2"

    def _penalty(self, weights):
        return 0.5 * self.rate * float(np.square(weights).sum())

    def around(self, tape, step, state, update):
        w, g, R = step.parameters, step.gradients, tape.array(step.parameters.shape, "R")
        tape(np.multiply, w, _of_weights(tape, step, self.rate), R, says="R = λ w, 0 for biases")
        tape(np.add, g, R, g, says="g ← g + R")
        update()


@dataclass(frozen=True)
class ElasticNet(Regularizer):
    """λ Σ (α |w| + ½ (1 − α) w²): L1 and L2 at once (Zou and Hastie 2005, in the form of Friedman et al. 2010).

    Attributes
    ----------
    share
        α, that of L1, 0 <= α <= 1.
    """

    share: float = option(0.5, "α, share of L1", at_least=0, at_most=1)
    name, label = "elastic_net", "elastic net"

    def _penalty(self, weights):
        absolute, square = float(np.abs(weights).sum()), float(np.square(weights).sum())
        return self.rate * (self.share * absolute + 0.5 * (1 - self.share) * square)

    def around(self, tape, step, state, update):
        w, g = step.parameters, step.gradients
        R, Q = tape.array(w.shape, "R"), tape.array(w.shape, "Q")
        of_l1 = _of_weights(tape, step, self.rate * self.share)
        of_l2 = _of_weights(tape, step, self.rate * (1 - self.share))
        tape(np.sign, w, R, says="R ← sign(w)")
        tape(np.multiply, R, of_l1, R, says="R = λ α sign(w), 0 for biases")
        tape(np.multiply, w, of_l2, Q, says="Q = λ (1 − α) w, 0 for biases")
        tape(np.add, R, Q, R, says="R ← R + Q")
        tape(np.add, g, R, g, says="g ← g + R")
        update()


class PruningL1(L1):
    """λ Σ |w| as the TensorFlow Playground has it: a weight that the penalty carries past zero is dead for good.

    The penalty is taken off after the optimizer's step, w ← w₁ − η λ sign(w before the step); where w₁ and w
    have opposite signs, w becomes 0 and stays 0.
    """

    name, label = "pruning_l1", "L1, pruning"

    def state(self, n_parameters, dtype):
        return {"dead": np.zeros(n_parameters, bool)}

    def around(self, tape, step, state, update):
        w, dead = step.parameters, state["dead"]
        R, P = tape.array(w.shape, "R"), tape.array(w.shape, "P")
        crossed = tape.array(w.shape, "crossed", bool)
        tape(np.sign, w, R, says="R ← sign(w)")
        tape(np.multiply, R, _of_weights(tape, step, self.rate), R, says="R ← λ sign(w), 0 for biases")
        tape(np.multiply, R, step.learning_rate, R, says="R = η λ sign(w), 0 for biases")
        update()
        tape(P.__setitem__, ..., w, says="P ← w₁: w, after the step")
        tape(np.subtract, w, R, w, says="w ← w₁ − R")
        tape(np.multiply, w, P, P, says="P = w ∘ w₁")
        tape(np.less, P, tape.constant(0, P), crossed, says="crossed = [P < 0]")
        tape(np.logical_or, dead, crossed, dead, says="dead ← dead or crossed")
        tape(np.putmask, w, dead, 0, says="w = 0 where dead")


def _of_weights(tape: Tape, step: Step, value: float) -> np.ndarray:
    """A named operand, (n_parameters,): `value` for weights, 0 for biases."""
    return tape.name((step.is_weight * value).astype(tape.dtype), "rates")
