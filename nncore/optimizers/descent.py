"""Gradient descent with one learning rate for all parameters: plain, and with momentum."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nncore.optimizers.base import Optimizer
from nncore.registry import option


class SGD(Optimizer):
    """w ← w − η g: gradient descent (Robbins and Monro 1951, on batches)."""

    name, label = "sgd", "SGD"

    def record(self, tape, w, g, state, rate):
        s = tape.array(w.shape, "s")
        tape(np.multiply, g, rate, s, says="s = η g")
        tape(np.subtract, w, s, w, says="w ← w − η g")


@dataclass(frozen=True)
class Momentum(Optimizer):
    """v ← μ v + g, w ← w − η v: a heavy ball (Polyak 1964), with η outside v.

    Attributes
    ----------
    momentum
        μ, 0 <= μ < 1.
    """

    momentum: float = option(0.9, "μ, momentum", at_least=0, below=1)
    name, label = "momentum", "Momentum"

    def state(self, n_parameters, dtype):
        return {"velocity": np.zeros(n_parameters, dtype)}

    def record(self, tape, w, g, state, rate):
        v, s = state["velocity"], tape.array(w.shape, "s")
        tape(np.multiply, v, tape.constant(self.momentum, v), v, says="v ← μ v")
        tape(np.add, v, g, v, says="v ← v + g")
        tape(np.multiply, v, rate, s, says="s = η v")
        tape(np.subtract, w, s, w, says="w ← w − η v")


@dataclass(frozen=True)
class Nesterov(Optimizer):
    """v ← μ v + g, w ← w − η (g + μ v): momentum that looks ahead (Nesterov 1983; Sutskever et al. 2013).

    The velocity is kept as μ v, since that is what both the step and the next v need.

    Attributes
    ----------
    momentum
        μ, 0 <= μ < 1.
    """

    momentum: float = option(0.9, "μ, momentum", at_least=0, below=1)
    name, label = "nesterov", "Nesterov"

    def state(self, n_parameters, dtype):
        return {"velocity": np.zeros(n_parameters, dtype)}

    def record(self, tape, w, g, state, rate):
        carried, s = state["velocity"], tape.array(w.shape, "s")
        tape(np.add, carried, g, s, says="v = μ v + g")
        tape(np.multiply, s, tape.constant(self.momentum, s), carried, says="μ v")
        tape(np.add, g, carried, s, says="s ← g + μ v")
        tape(np.multiply, s, rate, s, says="s = η (g + μ v)")
        tape(np.subtract, w, s, w, says="w ← w − s")
