"""Adam and its kin: the mean of the gradients, over the root of the mean of their squares."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nncore.optimizers.base import Optimizer, State
from nncore.registry import option
from nncore.tape import Tape


@dataclass(frozen=True)
class Adam(Optimizer):
    """w ← w − η m̂ / (√v̂ + ε), with m̂ and v̂ decaying means of g and g² (Kingma and Ba 2015, algorithm 1).

    Kept are the decaying sums m ← β₁ m + g and v ← β₂ v + g², and the sums of the weights in them, n ← β n + 1. So
    m̂ = m / nₘ and v̂ = v / nᵥ: that is the paper's mean with its bias corrected, as nₘ = (1 − β₁ᵗ) / (1 − β₁).
    It takes fewer calls, and loses no digits to 1 − βᵗ in float32.

    Attributes
    ----------
    beta_1, beta_2
        β₁ and β₂, decay of the first and of the second moment, 0 <= β < 1.
    epsilon
        ε, 10⁻³⁰ <= ε <= 1000, keeps the division finite: in float32 too it is more than 0.
    """

    beta_1: float = option(0.9, "β₁", at_least=0, below=1)
    beta_2: float = option(0.999, "β₂", at_least=0, below=1)
    epsilon: float = option(1e-8, "ε", at_least=1e-30, at_most=1000)
    name, label = "adam", "Adam"

    def state(self, n_parameters, dtype):
        moments = {name: np.zeros(n_parameters, dtype) for name in ("m", "v")}
        return moments | {name: np.zeros((), dtype) for name in ("n_m", "n_v")}

    def record(self, tape, w, g, state, rate):
        m, s = state["m"], tape.array(w.shape, "s")
        self._record_moments(tape, g, state, s)
        _record_count(tape, state["n_m"], self.beta_1, "nₘ", "β₁")
        self._record_root(tape, state, s)
        tape(np.divide, m, s, s, says="s ← m / (√v̂ + ε)")
        tape(np.divide, s, state["n_m"], s, says="s = m̂ / (√v̂ + ε)")
        self._record_decay(tape, w, s)
        tape(np.multiply, s, rate, s, says="s ← η s")
        tape(np.subtract, w, s, w, says="w ← w − s")

    def _record_moments(self, tape: Tape, g: np.ndarray, state: State, s: np.ndarray) -> None:
        """Record the sums m and v, with `s` as scratch."""
        m, v = state["m"], state["v"]
        tape(np.multiply, m, tape.constant(self.beta_1, m), m, says="m ← β₁ m")
        tape(np.add, m, g, m, says="m ← m + g")
        tape(np.multiply, g, g, s, says="s ← g²")
        tape(np.multiply, v, tape.constant(self.beta_2, v), v, says="v ← β₂ v")
        tape(np.add, v, s, v, says="v ← v + g²")

    def _record_root(self, tape: Tape, state: State, s: np.ndarray) -> None:
        """Record s = √v̂ + ε."""
        _record_count(tape, state["n_v"], self.beta_2, "nᵥ", "β₂")
        tape(np.divide, state["v"], state["n_v"], s, says="s ← v̂ = v / nᵥ")
        tape(np.sqrt, s, s, says="s ← √v̂")
        tape(np.add, s, tape.constant(self.epsilon, s), s, says="s = √v̂ + ε")

    def _record_decay(self, tape: Tape, w: np.ndarray, s: np.ndarray) -> None:
        """Record what joins the step before it is multiplied by the learning rate: nothing, in Adam itself."""


@dataclass(frozen=True)
class AdamW(Adam):
    """w ← w − η (m̂ / (√v̂ + ε) + λ w): Adam with the decay of weights apart (Loshchilov and Hutter 2019).

    The decay is of all parameters, biases too, as in PyTorch.

    Attributes
    ----------
    weight_decay
        λ, 0 <= λ <= 1000.
    """

    weight_decay: float = option(0.01, "λ, weight decay", at_least=0, at_most=1000)
    name, label = "adamw", "AdamW"

    def _record_decay(self, tape, w, s):
        d = tape.array(w.shape, "d")
        tape(np.multiply, w, tape.constant(self.weight_decay, w), d, says="d = λ w")
        tape(np.add, s, d, s, says="s ← s + λ w")


@dataclass(frozen=True)
class NAdam(Adam):
    """w ← w − η (a g + b m) / (√v̂ + ε): Adam with Nesterov's look ahead (Dozat 2016, in PyTorch's form).

    With μₜ = β₁ (1 − ½ 0.96^(t ψ)) and Pₜ = μ₁ ⋯ μₜ, a = (1 − μₜ) / (1 − Pₜ) and b = (1 − β₁) μₜ₊₁ / (1 − Pₜ₊₁), since
    m is Adam's decaying sum. Kept are μ, P and h = ½ β₁ 0.96^(t ψ) of the coming step.

    Attributes
    ----------
    momentum_decay
        ψ, 0 <= ψ <= 1000.
    """

    momentum_decay: float = option(0.004, "ψ, momentum decay", at_least=0, at_most=1000)
    name, label = "nadam", "NAdam"

    @property
    def _factor(self) -> float:
        """Of h from step to step."""
        return 0.96**self.momentum_decay

    def state(self, n_parameters, dtype):
        state = super().state(n_parameters, dtype)
        del state["n_m"]
        h = self.beta_1 / 2 * self._factor
        # In float64 always: what 0.96^ψ loses in float32 would add up from step to step.
        first = {"h": h, "mu": self.beta_1 - h, "P": self.beta_1 - h}
        return state | {name: np.array(value, np.float64) for name, value in first.items()}

    def record(self, tape, w, g, state, rate):
        s, d, root = (tape.array(w.shape, name) for name in ("s", "d", "r"))
        self._record_moments(tape, g, state, s)
        self._record_root(tape, state, root)
        a, b = self._record_weights(tape, state)
        tape(np.multiply, g, a, s, says="s ← a g")
        tape(np.multiply, state["m"], b, d, says="d = b m")
        tape(np.add, s, d, s, says="s ← a g + b m")
        tape(np.divide, s, root, s, says="s = (a g + b m) / (√v̂ + ε)")
        tape(np.multiply, s, rate, s, says="s ← η s")
        tape(np.subtract, w, s, w, says="w ← w − s")

    def _record_weights(self, tape: Tape, state: State) -> tuple[np.ndarray, np.ndarray]:
        """Record a and b, and go on to the next μ and P."""
        h, mu, P = state["h"], state["mu"], state["P"]
        x, y = (tape.array((), name, np.float64) for name in ("x", "y"))
        one, factor, beta, rest = (
            tape.constant(value, h, np.float64) for value in (1, self._factor, self.beta_1, 1 - self.beta_1)
        )
        # A call that writes a single number in place takes three times as long as one to another number, or a copy.
        tape(np.subtract, one, mu, x, says="x = 1 − μₜ")
        tape(np.subtract, one, P, y, says="y = 1 − Pₜ")
        a = _record_quotient(tape, x, y, "a", "(1 − μₜ) / (1 − Pₜ)")
        tape(np.multiply, h, factor, x, says="x = 0.96^ψ h")
        tape(h.__setitem__, ..., x, says="h = ½ β₁ 0.96^((t + 1) ψ)")
        tape(np.subtract, beta, h, mu, says="μₜ₊₁ = β₁ − h")
        tape(np.multiply, P, mu, x, says="x = Pₜ μₜ₊₁")
        tape(P.__setitem__, ..., x, says="Pₜ₊₁ = Pₜ μₜ₊₁")
        tape(np.multiply, mu, rest, x, says="x = (1 − β₁) μₜ₊₁")
        tape(np.subtract, one, P, y, says="y = 1 − Pₜ₊₁")
        return a, _record_quotient(tape, x, y, "b", "(1 − β₁) μₜ₊₁ / (1 − Pₜ₊₁)")


def _record_quotient(tape: Tape, x: np.ndarray, y: np.ndarray, name: str, formula: str) -> np.ndarray:
    """Record x / y of numbers in float64, and give it back in the precision of the tape."""
    exact = tape.array((), name, np.float64)
    tape(np.divide, x, y, exact, says=f"{name} = {formula}")
    if tape.dtype == np.float64:
        return exact
    rounded = tape.array((), name)
    tape(rounded.__setitem__, ..., exact, says=f"{name}, rounded to {tape.dtype}")
    return rounded


def _record_count(tape: Tape, n: np.ndarray, beta: float, name: str, beta_name: str) -> None:
    """Record n ← β n + 1, the sum of the weights in a decaying sum."""
    x = tape.array((), "x")
    tape(np.multiply, n, tape.constant(beta, n), x, says=f"x = {beta_name} {name}")
    tape(np.add, x, tape.constant(1, n), n, says=f"{name} ← {beta_name} {name} + 1")
