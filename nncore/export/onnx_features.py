"""Features of points of the plane as nodes of an ONNX graph, in float64."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from nncore.features import LARGEST, Feature, Formula, feature
from nncore.formula import CONSTANTS, Tree, parse

Call = Callable[..., str]
"""Adds a node, and gives its result's name; numbers become constants."""


def can_say(names: Sequence[str]) -> bool:
    """Whether all of these features, given by name or as a formula, can be written."""
    return all(_known(tree) for name in names for tree in [_tree(feature(name))])


def record_features(call: Call, points: str, names: Sequence[str]) -> str:
    """Add the nodes that make features.

    Parameters
    ----------
    call
        What adds a node.
    points
        The name of the points, (batch, 2), float64.
    names
        Of the features, in order, by name or as a formula.

    Returns
    -------
    str
        The name of the features, (batch, len(names)), float64.
    """
    x = {name: call("Gather", points, np.array([place]), axis=1) for place, name in enumerate(("x1", "x2"))}
    columns = []
    for each in map(feature, names):
        value = _record(call, _tree(each), x)
        columns.append(_finite(call, value, x["x1"]) if isinstance(each, Formula) else value)
    return call("Concat", *columns, axis=1)


_PLAIN = {
    "x1": "x1",
    "x2": "x2",
    "x1_squared": "x1*x1",
    "x2_squared": "x2*x2",
    "x1_x2": "x1*x2",
    "sin_x1": "sin(x1)",
    "sin_x2": "sin(x2)",
    "cos_x1": "cos(x1)",
    "cos_x2": "cos(x2)",
}
"""The features of the registry as formulas."""


def _tree(each: Feature) -> Tree:
    return parse(each.formula if isinstance(each, Formula) else _PLAIN.get(each.name, ""))


def _known(tree: Tree) -> bool:
    leaf = tree.what in ("number", "x1", "x2", *CONSTANTS)
    return leaf or (tree.what in _NODES and all(map(_known, tree.parts)))


def _record(call: Call, tree: Tree, x: dict[str, str]) -> str:
    """Add the nodes of a formula of the columns `x`."""
    if tree.what in x:
        return x[tree.what]
    if not tree.parts:
        return call("Identity", np.array([[CONSTANTS.get(tree.what, tree.number)]]))
    return _NODES[tree.what](call, *(_record(call, part, x) for part in tree.parts))


def _finite(call: Call, value: str, like: str) -> str:
    """0 where a value is none or infinite, and at most a million; a column even where it is one number."""
    lacking = call("Or", call("IsNaN", value), call("IsInf", value))
    value = call("Max", call("Min", call("Where", lacking, _of(0), value), _of(LARGEST)), _of(-LARGEST))
    return call("Add", value, call("Mul", like, _of(0)))


def _of(number: float) -> np.ndarray:
    return np.array(number, np.float64)


# -- what formulas are made of -----------------------------------------------------------------------
#
# Of these onnxruntime computes in float64 all but the inverse functions.


def _node(op: str) -> Callable[..., str]:
    return lambda call, *operands: call(op, *operands)


def _keep_none(call: Call, z: str, value: str) -> str:
    """A value, but none where z is none."""
    return call("Where", call("IsNaN", z), z, value)


def _step(call: Call, z: str) -> str:
    return _keep_none(call, z, call("Where", call("GreaterOrEqual", z, _of(0)), _of(1), _of(0)))


def _mod(call: Call, a: str, b: str) -> str:
    """The rest of a division, with the sign of the divisor."""
    rest = call("Mod", a, b, fmod=1)
    differs = call("Less", call("Mul", rest, b), _of(0))
    return call("Where", differs, call("Add", rest, b), rest)


def _exponentials(call: Call, z: str) -> tuple[str, str]:
    return call("Exp", z), call("Exp", call("Neg", z))


def _largest(op: str) -> Callable[..., str]:
    return lambda call, a, b: _keep_none(call, a, _keep_none(call, b, call(op, a, b)))


_NODES: dict[str, Callable[..., str]] = {
    "+": _node("Add"),
    "-": _node("Sub"),
    "*": _node("Mul"),
    "/": _node("Div"),
    "^": _node("Pow"),
    "negative": _node("Neg"),
    "sin": _node("Sin"),
    "cos": _node("Cos"),
    "tan": lambda call, z: call("Div", call("Sin", z), call("Cos", z)),
    "exp": _node("Exp"),
    "log": _node("Log"),
    "sqrt": _node("Sqrt"),
    "abs": _node("Abs"),
    "sign": lambda call, z: _keep_none(call, z, call("Sign", z)),
    "step": _step,
    "floor": _node("Floor"),
    "ceil": _node("Ceil"),
    "round": _node("Round"),
    "min": _largest("Min"),
    "max": _largest("Max"),
    "mod": _mod,
    "hypot": lambda call, a, b: call("Sqrt", call("Add", call("Mul", a, a), call("Mul", b, b))),
    "sinh": lambda call, z: call("Mul", call("Sub", *_exponentials(call, z)), _of(0.5)),
    "cosh": lambda call, z: call("Mul", call("Add", *_exponentials(call, z)), _of(0.5)),
    "tanh": _node("Tanh"),
    "relu": lambda call, z: _keep_none(call, z, call("Max", z, _of(0))),
    "sigmoid": lambda call, z: call("Div", _of(1), call("Add", call("Exp", call("Neg", z)), _of(1))),
    "gauss": lambda call, z: call("Exp", call("Neg", call("Mul", z, z))),
}
