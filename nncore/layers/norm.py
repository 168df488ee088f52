"""What normalising layers share: a gain and a shift for each unit, after its values were centred and scaled."""

from __future__ import annotations

import numpy as np

from nncore.layers.base import Layer, Scale
from nncore.tape import Tape


class Norm(Layer):
    """A = γ ∘ X̂ + β: the end of a layer that makes X̂ of its input.

    Attributes
    ----------
    block
        (2, units): γ and β.
    """

    parameter_names = ("gain", "shift")
    block_names = ("gain_shift", "d_gain_shift")

    def n_parameters(self, inputs):
        return 2 * inputs

    def shaped(self, flat):
        return flat[self.slice].reshape(2, self.inputs)

    def split(self, flat):
        return Scale(*self.shaped(flat))

    def initialize(self, rng, initializer):
        self.block[0], self.block[1] = 1, 0

    def _record_scale(self, tape: Tape, xhat: np.ndarray, a: np.ndarray) -> None:
        """Record the output `a` of the normalised `xhat`, both (units, batch)."""
        gain, shift = self.block
        tape(np.multiply, xhat, gain[:, None], a, says="A ← γ ∘ X̂")
        tape(np.add, a, shift[:, None], a, says="A = γ ∘ X̂ + β")

    def _record_scale_gradient(self, tape: Tape, da: np.ndarray, xhat: np.ndarray, gradients: np.ndarray) -> np.ndarray:
        """Record those for γ and β into the flat `gradients`, (n_parameters,); gives scratch, (units, batch)."""
        d_gain, d_shift = self.shaped(gradients)
        ones, t = tape.name(np.ones(tape.batch, tape.dtype), "ones"), tape.empty(len(da), "T")
        tape(da.dot, ones, d_shift, says="dβ = Σ dA over the batch")
        tape(np.multiply, da, xhat, t, says="T = dA ∘ X̂")
        tape(t.dot, ones, d_gain, says="dγ = Σ dA ∘ X̂ over the batch")
        return t
