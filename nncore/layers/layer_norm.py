"""Layer normalisation: each sample's values are centred and scaled over the units, then given a gain and a shift."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from nncore.layers.base import Pass
from nncore.layers.norm import Norm
from nncore.registry import Option


class LayerNorm(Norm):
    """A = γ ∘ (X − μ) / √(σ² + ε) + β, with each sample's mean μ and variance σ² over the units.

    The same in training and in prediction (Ba, Kiros and Hinton 2016).

    Parameters
    ----------
    epsilon
        ε, from 1e-30, for which float32 has a number, to 1000.

    Attributes
    ----------
    block
        (2, units): γ and β.
    """

    name, label = "layer_norm", "LayerNorm"
    options: ClassVar = {"epsilon": Option(1e-5, "ε", at_least=1e-30, at_most=1000)}

    epsilon: float

    def __init__(self, epsilon: float = 1e-5) -> None:
        self._set(epsilon=epsilon)

    def record(self, tape, x, *reached):
        u, m = self.inputs, tape.batch
        gain = self.block[0]
        a, c, xhat = tape.columns(u), tape.empty(u, "C"), tape.empty(u, "Xhat")
        mean, s = tape.array((m,), "mu"), tape.array((m,), "s")
        average = tape.name(np.full(u, 1 / u, tape.dtype), "average")
        tape(average.dot, x.values, mean, says="μ = mean of X over the units")
        tape(np.subtract, x.values, mean, c, says="C = X − μ")
        tape(np.multiply, c, c, xhat, says="X̂ ← C∘C")
        tape(average.dot, xhat, s, says="s ← σ² = mean of C∘C over the units")
        tape(np.add, s, tape.constant(self.epsilon, s), s, says="s ← σ² + ε")
        tape(np.sqrt, s, s, says="s = √(σ² + ε)")
        tape(np.divide, c, s, xhat, says="X̂ = C / s")
        self._record_scale(tape, xhat, a.values)

        def backward(da, gradients, *, fused=False, needs_input=True):
            t = self._record_scale_gradient(tape, da, xhat, gradients)
            if not needs_input:
                return None
            dx, p, q = tape.empty(u, "dX"), tape.array((m,), "p"), tape.array((m,), "q")
            tape(np.multiply, da, gain[:, None], dx, says="dX̂ = γ ∘ dA")
            tape(average.dot, dx, p, says="p = mean of dX̂ over the units")
            tape(np.multiply, dx, xhat, t, says="T = dX̂ ∘ X̂")
            tape(average.dot, t, q, says="q = mean of dX̂ ∘ X̂ over the units")
            tape(np.multiply, xhat, q, t, says="T = X̂ ∘ q")
            tape(np.subtract, dx, p, dx, says="dX ← dX̂ − p")
            tape(np.subtract, dx, t, dx, says="dX ← dX̂ − p − X̂ ∘ q")
            tape(np.divide, dx, s, dx, says="dX = (dX̂ − p − X̂ ∘ q) / s")
            return dx

        return Pass(a, backward)
