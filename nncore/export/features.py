"""Features of points of the plane as NumPy code."""

from __future__ import annotations

from collections.abc import Sequence

from nncore.features import LARGEST, Formula, feature
from nncore.formula import CONSTANTS, FUNCTIONS, Tree, parse

_PLAIN = {
    "x1": "x1",
    "x2": "x2",
    "x1_squared": "x1 * x1",
    "x2_squared": "x2 * x2",
    "x1_x2": "x1 * x2",
    "sin_x1": "np.sin(x1)",
    "sin_x2": "np.sin(x2)",
    "cos_x1": "np.cos(x1)",
    "cos_x2": "np.cos(x2)",
}
_SIGNS = {"+": "add", "-": "subtract", "*": "multiply", "/": "divide", "^": "power", "negative": "negative"}
_OTHERS = {
    "step": "np.heaviside({}, 1.0)",
    "relu": "np.maximum({}, 0.0)",
    "sigmoid": "sigmoid({})",
    "gauss": "gauss({})",
    "min": "np.minimum({})",
    "max": "np.maximum({})",
}
_HELPERS = {
    "sigmoid": "def sigmoid(z):\n    return 1.0 / (1.0 + np.exp(-z))",
    "gauss": "def gauss(z):\n    return np.exp(-z * z)",
}
_FINITE = f'''def finite(values, x1):
    """A formula at all points: 0 where its value is none or infinite, and at most a million."""
    values = np.broadcast_to(values, x1.shape)
    return np.clip(np.where(np.isfinite(values), values, 0.0), -{LARGEST}, {LARGEST})'''


def features_function(names: Sequence[str]) -> str:
    """The function `features(points)` of a script, which gives the same numbers as `nncore.features.transform`.

    Parameters
    ----------
    names
        Of the features, in order, by name or as a formula.

    Raises
    ------
    ValueError
        If a feature is none of nncore's own.
    """
    chosen = [feature(name) for name in names]
    formulas = [each for each in chosen if isinstance(each, Formula)]
    columns = [f"        {_column(each)},  # {each.label}" for each in chosen]
    helpers = [_HELPERS[name] for name in _HELPERS if any(_holds(parse(each.formula), name) for each in formulas)]
    lines = [
        "def features(points):",
        '    """What the network is given of points (n, 2) of the plane: (n, ' + f'{len(chosen)})."""',
        "    x1, x2 = np.asarray(points, float).T",
    ]
    if formulas:
        lines += ['    with np.errstate(all="ignore"):', "        columns = ["]
        lines += [f"    {column}" for column in columns] + ["        ]"]
    else:
        lines += ["    columns = [", *columns, "    ]"]
    lines.append("    return np.stack(columns, axis=1)")
    return "\n\n\n".join([*helpers, *([_FINITE] if formulas else []), "\n".join(lines)])


def _column(each: object) -> str:
    if isinstance(each, Formula):
        return f"finite({_code(parse(each.formula))}, x1)"
    name = getattr(each, "name", "")
    if name not in _PLAIN:
        raise ValueError(f"export: the feature '{name}' cannot be written")
    return _PLAIN[name]


def _code(tree: Tree) -> str:
    """A formula call by call, as nncore computes it: operators would have Python compute what is of numbers alone."""
    if tree.what == "number":
        return repr(tree.number)
    if not tree.parts:
        return f"np.{tree.what}" if tree.what in CONSTANTS else tree.what
    inside = ", ".join(map(_code, tree.parts))
    if tree.what in _OTHERS:
        return _OTHERS[tree.what].format(inside)
    return f"np.{_SIGNS.get(tree.what) or FUNCTIONS[tree.what].__name__}({inside})"


def _holds(tree: Tree, name: str) -> bool:
    return tree.what == name or any(_holds(part, name) for part in tree.parts)
