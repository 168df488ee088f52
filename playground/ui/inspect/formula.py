"""The formula of a neuron with its numbers, as words in the colours of the theme. Knows no widget."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

import nncore as nn
from playground.document.spec import Spec
from playground.ui.names import input_names
from playground.ui.plots.parts import Segment
from playground.ui.text import signed

_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_OPERATORS = ("+", "−", "/")

Words = tuple[Segment, ...]
"""A formula; a line can break between two of them."""


def subscript(number: int) -> str:
    """A whole number in lowered figures: `₁₂`."""
    return str(number).translate(_SUBSCRIPTS)


def symbols_of(spec: Spec, column: int, units: int) -> list[str]:
    """What the values are called that arrive from the `units` of a column: "x₁" for inputs, else "u₁" and so on."""
    if column:
        return [f"u{subscript(unit + 1)}" for unit in range(units)]
    return [f"({name})" if any(sign in name for sign in _OPERATORS) else name for name in input_names(spec)]


def largest(weights: np.ndarray, most: int) -> list[int]:
    """Which of many terms are written: those of the `most` largest weights, in their order."""
    if len(weights) <= most + 1:  # "+ 1 more" would take as much room as the term
        return list(range(len(weights)))
    return sorted(np.argpartition(np.abs(weights), -most)[-most:].tolist())


def rule(
    activation: str, unit: int, weights: np.ndarray, bias: float, symbols: Sequence[str], shown: Sequence[int]
) -> Words:
    """How a unit computes: `a = tanh(0.53·x₁ − 1.20·x₂ + 0.10)`.

    Parameters
    ----------
    weights
        (n_sources,)
    symbols
        (n_sources,): what arrives is called.
    shown
        Which terms are written; of the others there is their number.
    """
    terms = [_term(float(weights[index]), symbols[index], first=place == 0) for place, index in enumerate(shown)]
    if len(shown) < len(weights):
        terms.append((Segment("+"), Segment(f"{len(weights) - len(shown)} more")))
    return _called(Segment("a ="), activation, unit, [*terms, _addend(bias)])


def with_values(
    activation: str, unit: int, weights: np.ndarray, bias: float, values: np.ndarray, shown: Sequence[int]
) -> Words:
    """The same for values that arrive: `= tanh(0.53·2.10 − 1.20·(−0.30) + 0.10)`."""
    terms = []
    for place, index in enumerate(shown):
        value = float(values[index])
        text = f"({signed(value)})" if value < 0 else signed(value)
        terms.append(_term(float(weights[index]), text, first=place == 0, token="text"))
    if len(shown) < len(weights):
        others = np.delete(weights * values, shown)
        terms.append((*_addend(float(others.sum())), Segment(f"({len(others)} more)")))
    return _called(Segment("="), activation, unit, [*terms, _addend(bias)])


def result(activation: str, logit: float, output: float, silent: bool = False) -> Words:
    """What comes out: `= tanh(0.71) = 0.61`; of a unit that is silenced, 0."""
    if silent:
        return (Segment("="), Segment(signed(output), "text"), Segment("since it is silent"))
    name = nn.Activation.named(activation).name
    if name == "identity":
        return (Segment("="), Segment(signed(output), "text"))
    inside = f"exp({signed(logit)}) / Σ exp(zⱼ)" if name == "softmax" else f"{_function(activation)}({signed(logit)})"
    return (Segment("="), Segment(inside, "text"), Segment("="), Segment(signed(output), "text"))


def text_of(words: Words) -> str:
    """A formula in one line of text."""
    return " ".join(word.text for word in words)


def _function(activation: str) -> str:
    return nn.Activation.named(activation).label


def _called(before: Segment, activation: str, unit: int, terms: Sequence[Words]) -> Words:
    """An activation of a sum; of softmax that component which belongs to the unit."""
    words = [word for term in terms for word in term]
    name = nn.Activation.named(activation).name
    if name == "identity":
        return (before, *words)
    function = _function(activation) + (subscript(unit + 1) if name == "softmax" else "")
    words[0] = words[0]._replace(text=f"{function}({words[0].text}")
    words[-1] = words[-1]._replace(text=f"{words[-1].text})")
    return (before, *words)


def _term(weight: float, what: str, first: bool, token: str = "text") -> Words:
    """One product, with its sign before it."""
    if first:
        return (Segment(f"{signed(weight)}·{what}", token),)
    return (_sign(weight), Segment(f"{signed(abs(weight))}·{what}", token))


def _addend(value: float) -> Words:
    return (_sign(value), Segment(signed(abs(value)), "text"))


def _sign(value: float) -> Segment:
    return Segment("−" if value < 0 else "+")
