"""Clipping: keeps one step from being thrown far by a gradient that is too long."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from nncore.registry import Registered, option
from nncore.tape import Tape


@dataclass(frozen=True)
class Clipping(Registered, family="clipping"):
    """A bound for the gradient of a step: what the optimizer sees."""

    def record(self, tape: Tape, g: np.ndarray) -> None:
        """Record what is done, in place, to the gradients `g`, (n_parameters,), in the precision of the tape."""
        raise NotImplementedError


class NoClipping(Clipping):
    """The gradient as it is."""

    name, label = "none", "none"

    def record(self, tape, g):
        pass


@dataclass(frozen=True)
class ClipNorm(Clipping):
    """g ← g min(1, c / (‖g‖ + 10⁻⁶)): a long gradient keeps its direction (Pascanu et al. 2013, in PyTorch's form).

    Attributes
    ----------
    limit
        c, 0 < c <= 10⁶, the longest Euclidean norm of the gradients of all parameters.
    """

    limit: float = option(1.0, "longest norm", above=0, at_most=1e6)
    name, label = "norm", "by norm"

    def record(self, tape, g):
        # Squares of float32 overflow from 2e19 on and vanish below 1e-23; in float64 they do neither.
        wide = g
        if g.dtype != np.float64:
            wide = tape.array(g.shape, "G", np.float64)
            tape(wide.__setitem__, ..., g, says="G = g, in float64")
        x, y = tape.array((), "x", np.float64), tape.array((), "y", np.float64)
        factor = tape.array((), "factor")
        tape(wide.dot, wide, x, says="x = ‖g‖²")
        tape(np.sqrt, x, y, says="y = ‖g‖")
        tape(np.add, y, tape.constant(1e-6, x, np.float64), x, says="x = ‖g‖ + 10⁻⁶")
        tape(np.divide, tape.constant(self.limit, x, np.float64), x, y, says="y = c / (‖g‖ + 10⁻⁶)")
        tape(partial(np.minimum, out=x), y, tape.constant(1, x, np.float64), says="x = min(1, c / (‖g‖ + 10⁻⁶))")
        tape(factor.__setitem__, ..., x, says="factor = min(1, c / (‖g‖ + 10⁻⁶))")
        tape(np.multiply, g, factor, g, says="g ← factor g")


@dataclass(frozen=True)
class ClipValue(Clipping):
    """g ← min(max(g, −c), c): each gradient by itself, which turns the direction (Mikolov 2012).

    Attributes
    ----------
    limit
        c, 0 < c <= 10⁶, the largest absolute value.
    """

    limit: float = option(1.0, "largest value", above=0, at_most=1e6)
    name, label = "value", "by value"

    def record(self, tape, g):
        # fmin would be faster, but would make a number of what is none.
        tape(partial(np.maximum, out=g), g, tape.constant(-self.limit, g), says="g ← max(g, −c)")
        tape(partial(np.minimum, out=g), g, tape.constant(self.limit, g), says="g ← min(g, c)")
