"""What the colours of the decision surface stand for: which values its ends have, and how a value is written."""

from __future__ import annotations

from typing import NamedTuple

import nncore as nn
from playground.document.spec import Spec
from playground.engine.problem import Problem, output_range
from playground.ui.text import percent, plain, signed

SIGNS = ("−1", "+1")
"""Names of two classes that have none: those of their labels."""

_UNIT_TIP = "Value of the unit; stronger ones have the colours of the ends"
_SCORES_TIP = "Output of the network: the ends are the classes, the middle is the border"
_VALUES_TIP = "Values of the output; the ends are the greatest magnitude of the training data"
_CLASS_TIP = "Output for this class; from the middle on it speaks for it"


class Scale(NamedTuple):
    """The meaning of scores −1 … +1."""

    low: float
    high: float
    """What scores of −1 and +1 stand for."""
    tip: str
    names: tuple[str, str] | None = None
    """What the ends are called, instead of their values."""
    is_probability: bool = False

    @property
    def ends(self) -> tuple[str, str]:
        """What stands at the ends of the colour bar."""
        if self.names is not None:
            return self.names
        return ("0 %", "100 %") if self.is_probability else (plain(self.low), plain(self.high))

    def text(self, score: float) -> str:
        """The value that a score stands for."""
        value = self.low + (score + 1) / 2 * (self.high - self.low)
        return percent(value, 0) if self.is_probability else signed(value)


def unit_scale(spec: Spec, column: int) -> Scale:
    """The scale of a unit, its column counted as in `Mirror.maps`."""
    if column <= len(spec.layers):
        return Scale(-1, 1, _UNIT_TIP)
    likely = nn.Activation.named(spec.output_activation).output_range == (0, 1)
    return Scale(*output_range(spec), _CLASS_TIP, is_probability=likely)


def output_scale(spec: Spec, problem: Problem) -> Scale:
    """The scale of a network's only output."""
    if problem.dataset.task == "regression":
        return Scale(*output_range(spec, problem.limit), _VALUES_TIP)
    names = problem.dataset.class_names
    named = (names[0], names[1]) if len(names) == 2 and names != SIGNS else None
    return Scale(*output_range(spec), _SCORES_TIP, named)
