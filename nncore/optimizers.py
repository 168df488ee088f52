"""Optimizers, simplest first: each turns the flat gradient into a step of the flat parameter vector."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

import numpy as np

from nncore.registry import Registered
from nncore.tape import Tape


@dataclass(frozen=True)
class Optimizer(Registered, family="optimizer"):
    """A rule for the update; an immutable value, so that to change a setting is to give another one.

    Attributes
    ----------
    learning_rate
        Length η of the steps, > 0.
    """

    learning_rate: float = 0.01

    def __post_init__(self) -> None:
        if not 0 < self.learning_rate < math.inf:
            raise ValueError(f"learning_rate: expected a number > 0, got {self.learning_rate}")
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name != "learning_rate" and not 0 <= value < 1:
                raise ValueError(f"{field.name}: expected 0 <= {field.name} < 1, got {value}")

    def state(self, n_parameters: int, dtype: np.dtype) -> dict[str, np.ndarray]:
        """Fresh arrays that it keeps from step to step: moments of shape (n_parameters,), counters of shape ()."""
        return {}

    def record(self, tape: Tape, w: np.ndarray, g: np.ndarray, state: dict[str, np.ndarray]) -> None:
        """Record the step of the parameters `w` by the gradients `g`, both (n_parameters,)."""
        raise NotImplementedError


@dataclass(frozen=True)
class SGD(Optimizer):
    """Gradient descent: w ← w − η g."""

    name, label = "sgd", "SGD"

    def record(self, tape, w, g, state):
        step = np.empty_like(w)
        tape(np.multiply, g, tape.constant(self.learning_rate, w), step, says="s = η g")
        tape(np.subtract, w, step, w, says="w ← w − η g")


@dataclass(frozen=True)
class Momentum(Optimizer):
    """Heavy ball: v ← μ v + g, w ← w − η v (Polyak 1964, in the form of Sutskever et al. 2013 with η outside v).

    Attributes
    ----------
    momentum
        μ, 0 <= μ < 1.
    """

    momentum: float = 0.9
    name, label = "momentum", "Momentum"

    def state(self, n_parameters, dtype):
        return {"velocity": np.zeros(n_parameters, dtype)}

    def record(self, tape, w, g, state):
        v, step = state["velocity"], np.empty_like(w)
        tape(np.multiply, v, tape.constant(self.momentum, v), v, says="v ← μ v")
        tape(np.add, v, g, v, says="v ← μ v + g")
        tape(np.multiply, v, tape.constant(self.learning_rate, v), step, says="s = η v")
        tape(np.subtract, w, step, w, says="w ← w − η v")


@dataclass(frozen=True)
class Adam(Optimizer):
    """Adaptive moments (Kingma and Ba 2015, algorithm 1).

    Attributes
    ----------
    beta_1, beta_2
        Decay of the first and of the second moment, 0 <= β < 1.
    epsilon
        Keeps the division finite.
    """

    beta_1: float = 0.9
    beta_2: float = 0.999
    epsilon: float = 1e-8
    name, label = "adam", "Adam"

    def state(self, n_parameters, dtype):
        return {
            "m": np.zeros(n_parameters, dtype),
            "v": np.zeros(n_parameters, dtype),
            "beta_1_power": np.ones(()),
            "beta_2_power": np.ones(()),
        }

    def record(self, tape, w, g, state):
        m, v, t, u = state["m"], state["v"], np.empty_like(w), np.empty_like(w)
        self._record_moment(tape, m, g, self.beta_1, t, "m", "g")
        tape(np.multiply, g, g, u, says="u = g²")
        self._record_moment(tape, v, u, self.beta_2, t, "v", "g²")
        m_scale = self._record_correction(tape, state["beta_1_power"], self.beta_1, "₁")
        v_scale = self._record_correction(tape, state["beta_2_power"], self.beta_2, "₂")
        tape(np.divide, v, v_scale, u, says="u ← v / (1 − β₂ᵗ)")
        tape(np.sqrt, u, u, says="u ← √(v / (1 − β₂ᵗ))")
        tape(np.add, u, tape.constant(self.epsilon, u), u, says="u = √(v / (1 − β₂ᵗ)) + ε")
        tape(np.divide, m, m_scale, t, says="s ← m / (1 − β₁ᵗ)")
        tape(np.divide, t, u, t, says="s ← m / (1 − β₁ᵗ) / u")
        tape(np.multiply, t, tape.constant(self.learning_rate, t), t, says="s = η m / (1 − β₁ᵗ) / u")
        tape(np.subtract, w, t, w, says="w ← w − s")

    @staticmethod
    def _record_moment(
        tape: Tape, moment: np.ndarray, term: np.ndarray, beta: float, t: np.ndarray, name: str, term_name: str
    ) -> None:
        """Record moment ← β moment + (1 − β) term, with `t` as scratch."""
        tape(np.multiply, moment, tape.constant(beta, moment), moment, says=f"{name} ← β {name}")
        tape(np.multiply, term, tape.constant(1 - beta, term), t, says=f"t = (1 − β) {term_name}")
        tape(np.add, moment, t, moment, says=f"{name} ← β {name} + (1 − β) {term_name}")

    @staticmethod
    def _record_correction(tape: Tape, power: np.ndarray, beta: float, index: str) -> np.ndarray:
        """Record power ← power · β, and 1 − power in the tape's own precision; the power itself needs float64.

        A call that writes a single number in place or in another precision takes three times as long as these do.
        """
        product, exact, rounded = np.zeros(()), np.zeros(()), np.zeros((), tape.dtype)
        tape(np.multiply, power, np.array(beta), product, says=f"p{index} ← β{index}ᵗ⁻¹ · β{index}")
        tape(power.__setitem__, ..., product, says=f"p{index} = β{index}ᵗ")
        tape(np.subtract, np.ones(()), power, exact, says=f"c{index} ← 1 − β{index}ᵗ")
        tape(rounded.__setitem__, ..., exact, says=f"c{index} = 1 − β{index}ᵗ, rounded")
        return rounded
