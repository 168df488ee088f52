"""Gradient descent with a rate for each parameter, by how large its gradients have been."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nncore.optimizers.base import Optimizer
from nncore.registry import option


@dataclass(frozen=True)
class AdaGrad(Optimizer):
    """v ← v + g², w ← w − η g / (√v + ε): steps shrink where gradients were large (Duchi et al. 2011).

    Attributes
    ----------
    epsilon
        ε, 10⁻³⁰ <= ε <= 1000, keeps the division finite: in float32 too it is more than 0.
    """

    epsilon: float = option(1e-10, "ε", at_least=1e-30, at_most=1000)
    name, label = "adagrad", "AdaGrad"

    def state(self, n_parameters, dtype):
        return {"v": np.zeros(n_parameters, dtype)}

    def record(self, tape, w, g, state, rate):
        v, s = state["v"], tape.array(w.shape, "s")
        tape(np.multiply, g, g, s, says="s ← g²")
        tape(np.add, v, s, v, says="v ← v + g²")
        tape(np.sqrt, v, s, says="s ← √v")
        tape(np.add, s, tape.constant(self.epsilon, s), s, says="s ← √v + ε")
        tape(np.divide, g, s, s, says="s ← g / (√v + ε)")
        tape(np.multiply, s, rate, s, says="s = η g / (√v + ε)")
        tape(np.subtract, w, s, w, says="w ← w − s")


@dataclass(frozen=True)
class Adadelta(Optimizer):
    """d = g √(u + ε) / √(v + ε), w ← w − η d, with v and u decaying means of g² and d² (Zeiler 2012).

    Kept are the decaying sums V = v / (1 − ρ) and U = u / (1 − ρ): their quotient is the same, with ε / (1 − ρ) for ε.

    Attributes
    ----------
    rho
        ρ, decay of both means, 0 <= ρ < 1.
    epsilon
        ε, 10⁻³⁰ <= ε <= 1000, starts it off and keeps the division finite: in float32 too it is more than 0.
    """

    learning_rate: float = option(1.0, "learning rate", above=0, at_most=1e9)
    rho: float = option(0.9, "ρ, decay", at_least=0, below=1)
    epsilon: float = option(1e-6, "ε", at_least=1e-30, at_most=1000)
    name, label = "adadelta", "Adadelta"

    def state(self, n_parameters, dtype):
        return {"V": np.zeros(n_parameters, dtype), "U": np.zeros(n_parameters, dtype)}

    def record(self, tape, w, g, state, rate):
        V, U, s, d = state["V"], state["U"], tape.array(w.shape, "s"), tape.array(w.shape, "d")
        rho, epsilon = tape.constant(self.rho, w), tape.constant(self.epsilon / (1 - self.rho), w)
        tape(np.multiply, g, g, s, says="s ← g²")
        tape(np.multiply, V, rho, V, says="V ← ρ V")
        tape(np.add, V, s, V, says="V ← V + g²")
        tape(np.add, V, epsilon, s, says="s ← V + ε'   (ε' = ε / (1 − ρ))")
        tape(np.add, U, epsilon, d, says="d ← U + ε'")
        tape(np.divide, d, s, d, says="d ← (U + ε') / (V + ε')")
        tape(np.sqrt, d, d, says="d ← √((U + ε') / (V + ε'))")
        tape(np.multiply, d, g, d, says="d = g √((U + ε') / (V + ε'))")
        tape(np.multiply, d, d, s, says="s ← d²")
        tape(np.multiply, U, rho, U, says="U ← ρ U")
        tape(np.add, U, s, U, says="U ← U + d²")
        tape(np.multiply, d, rate, s, says="s = η d")
        tape(np.subtract, w, s, w, says="w ← w − s")


@dataclass(frozen=True)
class RMSProp(Optimizer):
    """v ← ρ v + (1 − ρ) g², w ← w − η g / (√v + ε) (Tieleman and Hinton 2012, lecture 6.5).

    Attributes
    ----------
    rho
        ρ, decay of the mean of g², 0 <= ρ < 1.
    epsilon
        ε, 10⁻³⁰ <= ε <= 1000, keeps the division finite: in float32 too it is more than 0.
    """

    rho: float = option(0.99, "ρ, decay", at_least=0, below=1)
    epsilon: float = option(1e-8, "ε", at_least=1e-30, at_most=1000)
    name, label = "rmsprop", "RMSProp"

    def state(self, n_parameters, dtype):
        return {"v": np.zeros(n_parameters, dtype)}

    def record(self, tape, w, g, state, rate):
        v, s = state["v"], tape.array(w.shape, "s")
        tape(np.multiply, g, g, s, says="s ← g²")
        tape(np.multiply, s, tape.constant(1 - self.rho, s), s, says="s ← (1 − ρ) g²")
        tape(np.multiply, v, tape.constant(self.rho, v), v, says="v ← ρ v")
        tape(np.add, v, s, v, says="v ← v + (1 − ρ) g²")
        tape(np.sqrt, v, s, says="s ← √v")
        tape(np.add, s, tape.constant(self.epsilon, s), s, says="s ← √v + ε")
        tape(np.divide, g, s, s, says="s ← g / (√v + ε)")
        tape(np.multiply, s, rate, s, says="s = η g / (√v + ε)")
        tape(np.subtract, w, s, w, says="w ← w − s")
