"""Batch normalisation: each unit's values are centred and scaled over the batch, then given a gain and a shift."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from nncore.layers.base import Pass
from nncore.layers.norm import Norm
from nncore.registry import Option


class BatchNorm(Norm):
    """A = γ ∘ (X − μ) / √(σ² + ε) + β, with each unit's mean μ and variance σ² over the batch.

    In prediction, μ and σ² are running averages of those seen in training, r ← ρ r + (1 − ρ) μ, for the variance
    with the unbiased σ² · m / (m − 1) (Ioffe and Szegedy 2015, algorithms 1 and 2). A batch of one sample
    has no variance: it comes out as β, and leaves the averages as they are.

    Parameters
    ----------
    momentum
        ρ: how much of the running averages stays at each step, 0 <= ρ < 1.
    epsilon
        ε, from 1e-30, for which float32 has a number, to 1000.

    Attributes
    ----------
    block
        (2, units): γ and β.
    statistics
        (2, units): the running mean and variance.
    """

    name, label = "batch_norm", "BatchNorm"
    options: ClassVar = {
        "momentum": Option(0.9, "momentum", at_least=0, below=1),
        "epsilon": Option(1e-5, "ε", at_least=1e-30, at_most=1000),
    }

    momentum: float
    epsilon: float

    def __init__(self, momentum: float = 0.9, epsilon: float = 1e-5) -> None:
        self._set(momentum=momentum, epsilon=epsilon)

    def n_statistics(self, inputs):
        return 2 * inputs

    def bind(self, inputs, parameters, start, statistics):
        super().bind(inputs, parameters, start, statistics)
        self.statistics = statistics.reshape(2, inputs)

    def initialize(self, rng, initializer):
        super().initialize(rng, initializer)
        self.statistics[0], self.statistics[1] = 0, 1

    def record(self, tape, x, *reached):
        return self._record_training(tape, x) if tape.trains else self._record_prediction(tape, x)

    def _record_training(self, tape, x):
        u, m = self.inputs, tape.batch
        gain = self.block[0]
        a, c, xhat = tape.columns(u), tape.empty(u, "C"), tape.empty(u, "Xhat")
        moments, s = tape.array((2, u), "moments"), tape.array((u,), "s")
        mean, variance = moments
        average = tape.name(np.full(m, 1 / m, tape.dtype), "average")
        tape(x.values.dot, average, mean, says="μ = mean of X over the batch")
        tape(np.subtract, x.values, mean[:, None], c, says="C = X − μ")
        tape(np.multiply, c, c, xhat, says="X̂ ← C∘C")
        tape(xhat.dot, average, variance, says="σ² = mean of C∘C over the batch")
        tape(np.add, variance, tape.constant(self.epsilon, s), s, says="s ← σ² + ε")
        tape(np.sqrt, s, s, says="s = √(σ² + ε)")
        tape(np.divide, c, s[:, None], xhat, says="X̂ = C / s")
        self._record_scale(tape, xhat, a.values)
        if m > 1:
            self._record_averages(tape, moments)

        def backward(da, gradients, *, fused=False, needs_input=True):
            d_gain, d_shift = self.shaped(gradients)
            t = self._record_scale_gradient(tape, da, xhat, gradients)
            if not needs_input:
                return None
            dx, k, p = tape.empty(u, "dX"), tape.array((u,), "k"), tape.array((u,), "p")
            tape(np.multiply, d_gain, tape.constant(1 / m, k), k, says="k = dγ / m")
            tape(np.multiply, d_shift, tape.constant(1 / m, p), p, says="p = dβ / m")
            tape(np.multiply, xhat, k[:, None], t, says="T = X̂ ∘ dγ / m")
            tape(np.subtract, da, p[:, None], dx, says="dX ← dA − dβ / m")
            tape(np.subtract, dx, t, dx, says="dX ← dA − dβ / m − X̂ ∘ dγ / m")
            tape(np.divide, gain, s, k, says="k = γ / s")
            tape(np.multiply, dx, k[:, None], dx, says="dX = γ / s ∘ (dA − dβ / m − X̂ ∘ dγ / m)")
            return dx

        return Pass(a, backward)

    def _record_averages(self, tape, moments):
        """Record the running averages of mean and variance."""
        u, m, fresh = self.inputs, tape.batch, 1 - self.momentum
        shares = np.repeat([[fresh], [fresh * m / (m - 1)]], u, axis=1).astype(tape.dtype)
        share, t = tape.name(shares, "share"), tape.array((2, u), "t")
        running = tape.name(self.statistics, "running")
        tape(np.multiply, running, tape.constant(self.momentum, running), running, says="r ← ρ r")
        tape(np.multiply, moments, share, t, says="t = (1 − ρ) (μ, σ² m / (m − 1))")
        tape(np.add, running, t, running, says="r ← ρ r + (1 − ρ) (μ, σ² m / (m − 1))")

    def _record_prediction(self, tape, x):
        u = self.inputs
        (gain, shift), running = self.block, tape.name(self.statistics, "running")
        a, c = tape.columns(u), tape.empty(u, "C")
        s, k = tape.array((u,), "s"), tape.array((u,), "k")
        tape(np.add, running[1], tape.constant(self.epsilon, s), s, says="s ← σ² + ε, running")
        tape(np.sqrt, s, s, says="s = √(σ² + ε)")
        tape(np.divide, gain, s, k, says="k = γ / s")
        tape(np.subtract, x.values, running[0][:, None], c, says="C = X − μ, running")
        tape(np.multiply, c, k[:, None], a.values, says="A ← γ ∘ C / s")
        tape(np.add, a.values, shift[:, None], a.values, says="A = γ ∘ C / s + β")

        def backward(da, gradients, *, fused=False, needs_input=True):
            d_gain, d_shift = self.shaped(gradients)
            ones, t = tape.name(np.ones(tape.batch, tape.dtype), "ones"), tape.empty(u, "T")
            tape(da.dot, ones, d_shift, says="dβ = Σ dA over the batch")
            tape(np.multiply, da, c, t, says="T = dA ∘ C")
            tape(t.dot, ones, d_gain, says="dγ ← Σ dA ∘ C over the batch")
            tape(np.divide, d_gain, s, d_gain, says="dγ = Σ dA ∘ C / s")
            if not needs_input:
                return None
            dx = tape.empty(u, "dX")
            tape(np.multiply, da, k[:, None], dx, says="dX = dA ∘ γ / s")
            return dx

        return Pass(a, backward)
