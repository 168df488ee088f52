"""What every activation has: bounds and kinks, and the recording of its two passes.

In all of them `z` and `a` are the logits and the output, `da` and `dz` the gradients of the loss with respect to them,
all of shape (units, batch). They are written for numbers far out: exp(−z) may become infinite where the output is 0
then, and what would become ∞ − ∞ or ∞ / ∞ is bounded before. What is not a number stays one: hence minimum and maximum,
not fmin and fmax, which take their output by position at half the time per call.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np

from nncore.registry import Registered
from nncore.tape import SMALL, Tape

Kept = tuple[np.ndarray, ...]
"""Buffers of a forward pass that the backward pass reads, so that no exponential is computed twice."""


@dataclass(frozen=True)
class Activation(Registered, family="activation"):
    """An elementwise (or, for softmax, columnwise) function A = f(Z); an immutable value, shared by many recordings."""

    kinks: ClassVar[tuple[float, ...]] = ()
    """Logits at which the first or second derivative jumps: a gradient check keeps away from them."""
    min_units: ClassVar[int] = 1
    """With fewer units its output is a constant."""
    output_range: ClassVar[tuple[float, float]] = (-math.inf, math.inf)
    """Bounds of f."""

    def forward(self, tape: Tape, z: np.ndarray, a: np.ndarray) -> Kept | None:
        """Record A = f(Z).

        Parameters
        ----------
        tape
            Where the calls are recorded.
        z, a
            (units, batch) The logits, and the buffer of the output. `z` stays as it is.

        Returns
        -------
        Kept or None
            Buffers of its own that `backward` reads; None if it needs none but `z` and `a`.
        """
        raise NotImplementedError

    def backward(
        self, tape: Tape, z: np.ndarray, a: np.ndarray, da: np.ndarray, dz: np.ndarray, kept: Kept = ()
    ) -> None:
        """Record dZ = dA ∘ f'(Z).

        Parameters
        ----------
        tape
            The one that `forward` was recorded on.
        z, a
            (units, batch) As `forward` left them.
        da, dz
            (units, batch) The gradient for the output, and the buffer of that for the logits. Only `dz` is written to.
        kept
            What `forward` returned.
        """
        raise NotImplementedError


def positive(tape: Tape, x: np.ndarray, out: np.ndarray, name: str) -> None:
    """Record out = 1 where x > 0, and 0 or less elsewhere: [x > 0], if x is never negative.

    sign is one call, but ceil and minimum take a third of its time on large arrays. A comparison that writes floats
    would be slower on small ones, and would make a zero of what is not a number.
    """
    if out.size <= SMALL:
        tape(np.sign, x, out, says=f"dZ ← sign({name})")
        return
    tape(np.ceil, x, out, says=f"dZ ← ⌈{name}⌉")
    tape(partial(np.minimum, out=out), out, tape.full(1, out.shape), says=f"dZ ← min(⌈{name}⌉, 1)")


def sigmoid(tape: Tape, z: np.ndarray, s: np.ndarray, name: str) -> None:
    """Record s = 1 / (1 + exp(−Z)); the formulas call it `name`.

    The form ½ + ½ tanh(z/2) is faster on large arrays, but loses the digits of small values, and is 0 from z = −37 on.
    """
    tape(np.negative, z, s, says=f"{name} ← −Z")
    tape(np.exp, s, s, says=f"{name} ← exp(−Z)")
    tape(np.add, tape.constant(1, s), s, s, says=f"{name} ← 1 + exp(−Z)")
    tape(np.reciprocal, s, s, says=f"{name} = 1 / (1 + exp(−Z))")
