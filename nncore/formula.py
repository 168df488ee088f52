"""Formulas in x1 and x2 that a person types, such as `sin(3*x1)*x2`: read, computed, and written again.

They are read by the grammar below, never evaluated as code:

    sum     = product (("+" | "-") product)*
    product = unary (("*" | "/" | nothing) unary)*
    unary   = ("-" | "+") unary | power
    power   = atom (("^" | "**") unary)?
    atom    = number | name | function "(" sum ("," sum)* ")" | "(" sum ")"

A product without a sign (`3x1`) may not begin with a number in the middle nor follow a division, where people read it
in two ways. `x` and `y` are x1 and x2; the signs of labels (x₁ · − ² π) are understood, too.
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple, NoReturn

import numpy as np

__all__ = [
    "CONSTANTS",
    "FUNCTIONS",
    "LONGEST",
    "VARIABLES",
    "FormulaError",
    "Tree",
    "evaluate",
    "parse",
    "variables",
    "written",
]

LONGEST = 200
"""How many characters a formula has at most, as it is typed and as it is written again."""
DEEPEST = 30
"""How deep brackets, signs and powers may stand inside each other."""
EXAMPLE = "sin(3*x1)*x2"


class FormulaError(ValueError):
    """A text that is no formula; the message says where and what is possible there.

    Attributes
    ----------
    position
        The place of the character, counted from 1; one behind the last if something is missing at the end.
    """

    def __init__(self, message: str, position: int = 1) -> None:
        super().__init__(message)
        self.position = position


FUNCTIONS: dict[str, Callable[..., np.ndarray]] = {
    "sin": np.sin,
    "cos": np.cos,
    "tan": np.tan,
    "exp": np.exp,
    "log": np.log,
    "sqrt": np.sqrt,
    "abs": np.abs,
    "sign": np.sign,
    "step": lambda z: np.heaviside(z, 1.0),
    "floor": np.floor,
    "ceil": np.ceil,
    "round": np.round,
    "min": np.minimum,
    "max": np.maximum,
    "mod": np.mod,
    "hypot": np.hypot,
    "arcsin": np.arcsin,
    "arccos": np.arccos,
    "arctan": np.arctan,
    "arctan2": np.arctan2,
    "sinh": np.sinh,
    "cosh": np.cosh,
    "tanh": np.tanh,
    "relu": lambda z: np.maximum(z, 0.0),
    "sigmoid": lambda z: 1.0 / (1.0 + np.exp(-z)),
    "gauss": lambda z: np.exp(-z * z),
}
"""By name: `step` is 1 from 0 on, `gauss` exp(−z²); the others are NumPy's, relu and sigmoid the activations."""
_OF_TWO = {"min", "max", "mod", "hypot", "arctan2"}
VARIABLES = ("x1", "x2")
CONSTANTS = {"pi": math.pi, "e": math.e}
_OTHER_NAMES = {"x": "x1", "y": "x2", "π": "pi", "ln": "log", "asin": "arcsin", "acos": "arccos", "atan": "arctan"}
_KNOWN = [*VARIABLES, *CONSTANTS, *FUNCTIONS]

_SIGNS: dict[str, Callable[..., np.ndarray]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "^": np.power,
    "negative": np.negative,
}
_BINDING = {"+": 1, "-": 1, "*": 2, "/": 2, "negative": 3, "^": 4}
"""How strongly a sign holds its operands together; 5 is what needs no brackets anywhere."""


class Tree(NamedTuple):
    """A formula as it is computed: an operation and what it works on, or a leaf."""

    what: str
    """A sign, `negative`, a function, a constant, a variable, or `number`."""
    parts: tuple[Tree, ...] = ()
    number: float = 0.0


def evaluate(tree: Tree, x1: np.ndarray, x2: np.ndarray) -> np.ndarray | float:
    """The values of a formula, as NumPy gives them, infinite or not a number where they are; warnings included.

    Parameters
    ----------
    tree
        What `parse` gave.
    x1, x2
        Coordinates of points, arrays of one shape, float64.

    Returns
    -------
    np.ndarray or float
        Of the shape of `x1`; a number if the formula holds neither variable.
    """
    if tree.what == "number":
        return np.float64(tree.number)
    if tree.what in CONSTANTS:
        return np.float64(CONSTANTS[tree.what])
    if tree.what in VARIABLES:
        return x1 if tree.what == "x1" else x2
    operation = _SIGNS.get(tree.what) or FUNCTIONS[tree.what]
    return operation(*[evaluate(part, x1, x2) for part in tree.parts])


def variables(tree: Tree) -> tuple[str, ...]:
    """Which of x1 and x2 a formula contains, in this order."""
    if tree.what in VARIABLES:
        return (tree.what,)
    inside = {name for part in tree.parts for name in variables(part)}
    return tuple(name for name in VARIABLES if name in inside)


# -- writing ----------------------------------------------------------------------------------------

_RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_RAISE = str.maketrans("0123456789", _RAISED)
_PRETTY = {"+": " + ", "-": " − ", "*": "·", "x1": "x₁", "x2": "x₂", "pi": "π"}


def written(tree: Tree, pretty: bool = False) -> str:
    """A formula as text, with no more brackets than it needs.

    Parameters
    ----------
    tree
        What `parse` gave, and gives again for this text.
    pretty
        With the signs of a label, x₁² − 3·x₂, rather than those of a keyboard, x1^2-3*x2.
    """
    signs = _PRETTY if pretty else {}

    def inner(part: Tree, binding: int) -> str:
        text = written(part, pretty)
        return text if _BINDING.get(part.what, 5) >= binding else f"({text})"

    if tree.what == "number":
        return _number(tree.number)
    if tree.what == "negative":
        return ("−" if pretty else "-") + inner(tree.parts[0], 3)
    if tree.what not in _BINDING:
        arguments = ", " if pretty else ","
        inside = f"({arguments.join(written(part, pretty) for part in tree.parts)})" if tree.parts else ""
        return signs.get(tree.what, tree.what) + inside
    left, right = tree.parts
    if tree.what == "^":
        exponent = inner(right, 3)
        raised = pretty and right.what == "number" and exponent.isdigit()
        return inner(left, 5) + (exponent.translate(_RAISE) if raised else f"^{exponent}")
    binding = _BINDING[tree.what]
    return inner(left, binding) + signs.get(tree.what, tree.what) + inner(right, binding + 1)


def _number(value: float) -> str:
    return repr(value).removesuffix(".0")


# -- reading ----------------------------------------------------------------------------------------

_PLAIN = str.maketrans("₀₁₂₃₄₅₆₇₈₉·×−", "0123456789**-")
"""Signs of labels as those of a keyboard, one for one, so that positions stay."""
_TOKEN = re.compile(
    rf"""(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[-+]?[0-9]+)?)
    |(?P<raised>[{_RAISED}]+)
    |(?P<name>x[12](?![0-9_])|π|(?![0-9{_RAISED}])\w(?:(?![{_RAISED}])\w)*)
    |(?P<sign>\*\*|[-+*/^(),])
    |(?P<end>$)""",
    re.VERBOSE | re.IGNORECASE,
)
_SPACE = re.compile(r"\s*")


class _Token(NamedTuple):
    kind: str
    text: str
    position: int

    def __str__(self) -> str:
        return "the end" if self.kind == "end" else f"'{self.text}' at position {self.position}"


def parse(text: str) -> Tree:
    """The formula that `text` says.

    Raises
    ------
    FormulaError
        If it is none, or too long, or nested too deep.
    """
    if not isinstance(text, str) or not text.strip():
        got = "" if isinstance(text, str) else f", got {text!r:.40}"
        raise FormulaError(f"expected a formula in x1 and x2, such as {EXAMPLE}{got}")
    return _parsed(text)


@lru_cache(maxsize=256)
def _parsed(text: str) -> Tree:
    _check_length(text, "")
    tree = _Parser(_tokens(text)).whole()
    # Files keep what is written, and have to read it again.
    _check_length(written(tree), ", as x1*x1 and x1^2 are written for x x and x²")
    return tree


def _check_length(text: str, how: str) -> None:
    if len(text) > LONGEST:
        raise FormulaError(f"a formula has at most {LONGEST} characters{how}, got {len(text)}", LONGEST + 1)


def _tokens(text: str) -> list[_Token]:
    """The words of a formula; the last one is the end."""
    plain, place, found = text.translate(_PLAIN), 0, []
    while not found or found[-1].kind != "end":
        place = _SPACE.match(plain, place).end()  # type: ignore[union-attr]
        match = _TOKEN.match(plain, place)
        if match is None:
            raise FormulaError(
                f"unexpected {text[place]!r} at position {place + 1}; possible: numbers, names, + - * / ^ ( ) ,",
                place + 1,
            )
        kind, word = str(match.lastgroup), match.group().lower()
        if kind == "raised":
            # x² is x ^ 2: two words in the place of one.
            found.append(_Token("sign", "^", place + 1))
            kind, word = "number", "".join(str(_RAISED.index(digit)) for digit in word)
        found.append(_Token(kind, {"**": "^"}.get(word, word), place + 1))
        place = match.end()
    return found


class _Parser:
    """Reads words from the first to the last, one method for each line of the grammar."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self._depth = 0

    def whole(self) -> Tree:
        tree = self._sum()
        if self._now.kind != "end":
            self._fail("an operator (+ - * / ^)")
        return tree

    @property
    def _now(self) -> _Token:
        return self._tokens[self._at]

    def _taken(self, *signs: str) -> _Token | None:
        """The present word, and on to the next, if it is one of these signs."""
        token = self._now
        if token.kind != "sign" or token.text not in signs:
            return None
        self._at += 1
        return token

    def _fail(self, expected: str) -> NoReturn:
        token = self._now
        where = "at the end" if token.kind == "end" else f"at position {token.position}, got '{token.text}'"
        raise FormulaError(f"expected {expected} {where}", token.position)

    def _sum(self) -> Tree:
        tree = self._product()
        while sign := self._taken("+", "-"):
            tree = Tree(sign.text, (tree, self._product()))
        return tree

    def _product(self) -> Tree:
        tree, divided = self._unary(), False
        while True:
            sign = self._taken("*", "/")
            if sign is None and not (self._now.kind == "name" or self._now.text == "("):
                return tree
            if sign is None and divided:
                self._fail("'*' or brackets, since a product without '*' can be read in two ways after '/',")
            divided = sign is not None and sign.text == "/"
            tree = Tree(sign.text if sign else "*", (tree, self._unary()))

    def _unary(self) -> Tree:
        # Whatever stands inside something else comes by here, so this is the place to count.
        self._depth += 1
        if self._depth > DEEPEST:
            position = self._now.position
            raise FormulaError(
                f"nested deeper than {DEEPEST} at position {position}; write it with fewer ( ) - ^", position
            )
        sign = self._taken("-", "+")
        tree = self._unary() if sign else self._power()
        self._depth -= 1
        return Tree("negative", (tree,)) if sign and sign.text == "-" else tree

    def _power(self) -> Tree:
        base = self._atom()
        return Tree("^", (base, self._unary())) if self._taken("^") else base

    def _atom(self) -> Tree:
        if self._taken("("):
            tree = self._sum()
            self._close()
            return tree
        token = self._now
        if token.kind not in ("number", "name"):
            self._fail("a number, a name or '('")
        self._at += 1
        return self._number(token) if token.kind == "number" else self._named(token)

    def _close(self) -> None:
        if not self._taken(")"):
            self._fail("')'")

    def _number(self, token: _Token) -> Tree:
        value = float(token.text)
        if math.isinf(value):
            raise FormulaError(f"the number {token} is too large; possible: up to 1.7e308", token.position)
        return Tree("number", number=value)

    def _named(self, token: _Token) -> Tree:
        name = _OTHER_NAMES.get(token.text, token.text)
        if name in FUNCTIONS:
            return Tree(name, self._arguments(name, token))
        if name not in _KNOWN:
            near = difflib.get_close_matches(name, _KNOWN, n=1)
            hint = f" (did you mean '{near[0]}'?)" if near else ""
            raise FormulaError(f"unknown name {token}{hint}; possible: {', '.join(_KNOWN)}", token.position)
        return Tree(name)

    def _arguments(self, name: str, token: _Token) -> tuple[Tree, ...]:
        if not self._taken("("):
            self._fail(f"'(' after '{token.text}'")
        parts = [self._sum()]
        while self._taken(","):
            parts.append(self._sum())
        self._close()
        expected = 2 if name in _OF_TWO else 1
        if len(parts) != expected:
            numbers = "one value" if expected == 1 else "two values"
            raise FormulaError(f"{token} takes {numbers} in brackets, got {len(parts)}", token.position)
        return tuple(parts)
