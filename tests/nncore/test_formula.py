"""Formulas that a person types: what they mean, how they are written again, and what is said of texts that are none."""

import re
import string

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import nncore as nn
from nncore.formula import DEEPEST, FUNCTIONS, LONGEST, Tree, evaluate, parse, written

X1, X2 = (axis.ravel() for axis in np.meshgrid(np.linspace(-6, 6, 13), np.linspace(-5, 7, 13)))


def values(text: str) -> np.ndarray:
    return nn.Formula(text)(X1, X2)


# -- what they mean ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sin(3*x1)*x2", np.sin(3 * X1) * X2),
        ("x1 + x2*2 - 1", X1 + X2 * 2 - 1),
        ("x1 - x2 - 1", X1 - X2 - 1),
        ("x1/2/4", X1 / 8),
        ("-x1^2", -(X1**2)),
        ("(-x1)^2", X1**2),
        ("2^-x1^2", 2.0 ** -(X1**2)),
        ("2^3^2 + 0*x1", 512 + 0 * X1),
        ("x1**2", X1**2),
        ("--x1 + +x2", X1 + X2),
        (".5 x1 + 1e-3 + 2.E1", 0.5 * X1 + 20.001),
        ("2 pi + e", 2 * np.pi + np.e + 0 * X1),
    ],
)
def test_formulas_are_computed_by_the_rules_of_school(text, expected):
    np.testing.assert_allclose(values(text), expected, rtol=1e-15, atol=1e-15)


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("3x1", "3*x1"),
        ("2 sin(x1)", "2*sin(x1)"),
        ("x1x2", "x1*x2"),
        ("x1(x2 + 1)", "x1*(x2+1)"),
        ("(x1)(x2)", "x1*x2"),
        ("-2x1^2x2", "-2*x1^2*x2"),
        ("2e x1", "2*e*x1"),
        ("X1 * Y - x", "x1*x2-x1"),
        ("SIN(x) + PI", "sin(x1)+pi"),
        ("x₁² − 3·x₂³ + 2×π", "x1^2-3*x2^3+2*pi"),
        ("x1¹²", "x1^12"),
        ("ln(2) + atan(x1)", "log(2)+arctan(x1)"),
        ("((x1)) + (x2*3)", "x1+x2*3"),
    ],
)
def test_one_formula_can_be_typed_in_many_ways_and_is_equal(short, long):
    assert nn.Formula(short) == nn.Formula(long)
    assert nn.Formula(short).text == long


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("relu", np.maximum(X1, 0)),
        ("step", (X1 >= 0) * 1.0),
        ("sigmoid", 1 / (1 + np.exp(-X1))),
        ("gauss", np.exp(-(X1**2))),
        ("abs", np.abs(X1)),
    ],
)
def test_functions_that_numpy_has_not_under_that_name(name, expected):
    np.testing.assert_allclose(values(f"{name}(x1)"), expected, rtol=1e-15)


def test_functions_of_two_values():
    assert np.array_equal(values("min(x1, x2) + max(x1, 0)"), np.minimum(X1, X2) + np.maximum(X1, 0))
    assert np.array_equal(values("hypot(x1, x2)"), np.hypot(X1, X2))


def test_a_formula_without_variables_is_the_same_everywhere():
    assert np.array_equal(values("1/4"), np.full(X1.shape, 0.25))


def test_values_are_float64_whatever_the_points_are():
    assert nn.Formula("x1+x2")(X1.astype(np.float32), X2.astype(np.float32)).dtype == np.float64
    assert nn.Formula("x1/2")(np.array([1, 2]), np.array([0, 0])).tolist() == [0.5, 1]


# -- where there is no value ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "x1", "expected"),
    [
        ("1/x1", 0, 0),
        ("log(x1)", -1, 0),
        ("sqrt(x1)", -4, 0),
        ("x1^0.5", -4, 0),
        ("arcsin(x1)", 2, 0),
        ("mod(1, x1)", 0, 0),
        ("exp(exp(x1))", 9, 0),
        ("exp(x1)", 20, 1e6),
        ("-exp(x1)", 20, -1e6),
        ("tanh(1/x1)", 0, 1),
    ],
)
def test_a_formula_is_a_number_everywhere(text, x1, expected):
    assert nn.Formula(text)(np.array([x1]), np.zeros(1)).tolist() == [expected]


def test_a_formula_tells_whether_it_has_gaps_at_given_points():
    root = nn.Formula("sqrt(x1)")
    assert root.has_gaps(np.array([[1.0, 0], [-1, 0]]))
    assert not root.has_gaps(np.array([[1.0, 0], [4, 0]]))
    assert not nn.Formula("exp(x1)").has_gaps(np.array([[20.0, 0]])), "what is cut off has a value"
    assert not nn.feature("x1_squared").has_gaps(np.array([[1.0, 0]]))


# -- how they are written again ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("sin(3*x1)*x2", "sin(3·x₁)·x₂"),
        ("x1^2 - x2^12/pi", "x₁² − x₂¹²/π"),
        ("(x1+x2)^2", "(x₁ + x₂)²"),
        ("x1^x2", "x₁^x₂"),
        ("x1^2^3", "x₁^2³"),
        ("max(x1,-0.5)", "max(x₁, −0.5)"),
    ],
)
def test_a_label_has_the_signs_of_mathematics(text, label):
    assert nn.Formula(text).label == label


def test_a_formula_is_named_by_its_text_as_files_keep_it():
    formula = nn.Formula(" 3 x1 ")
    assert (formula.name, formula.text, formula.config()) == ("3*x1", "3*x1", "3*x1")
    assert nn.feature(formula.text) == formula
    assert repr(formula) == "Formula(formula='3*x1')"
    assert len({formula, nn.Formula("3*x1"), nn.Formula("4*x1")}) == 2


def _trees(inner: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    one = [name for name in FUNCTIONS if name not in ("min", "max", "mod", "hypot", "arctan2")]
    return st.one_of(
        st.builds(lambda sign, a, b: Tree(sign, (a, b)), st.sampled_from("+-*/^"), inner, inner),
        st.builds(lambda name, a: Tree(name, (a,)), st.sampled_from(["negative", *one]), inner),
        st.builds(lambda name, a, b: Tree(name, (a, b)), st.sampled_from(["min", "hypot"]), inner, inner),
    )


NUMBERS = st.floats(0, 1e300) | st.integers(0, 20).map(float)
LEAVES = st.sampled_from([Tree("x1"), Tree("x2"), Tree("pi"), Tree("e")]) | st.builds(
    lambda number: Tree("number", number=number), NUMBERS
)
FORMULAS = st.recursive(LEAVES, _trees, max_leaves=8).filter(lambda tree: len(written(tree, pretty=True)) <= LONGEST)


@given(FORMULAS)
def test_any_formula_is_read_again_as_it_was_written(tree):
    text = written(tree)
    assert parse(text) == tree
    assert parse(written(tree, pretty=True)) == tree
    assert nn.Formula(text).text == text


def _pairs(inner: st.SearchStrategy) -> st.SearchStrategy:
    """Formulas with brackets round everything, and what NumPy makes of them."""
    signs = [("+", np.add), ("-", np.subtract), ("*", np.multiply), ("/", np.divide), ("^", np.power)]
    calls = [("sin", np.sin), ("exp", np.exp), ("sqrt", np.sqrt), ("floor", np.floor), ("tanh", np.tanh)]

    def of_two(sign, a, b):
        with np.errstate(all="ignore"):
            return f"({a[0]}) {sign[0]} ({b[0]})", sign[1](a[1], b[1])

    def of_one(call, a):
        with np.errstate(all="ignore"):
            return f"{call[0]}({a[0]})", call[1](a[1])

    return st.builds(of_two, st.sampled_from(signs), inner, inner) | st.builds(of_one, st.sampled_from(calls), inner)


PAIRS = st.recursive(
    st.sampled_from([("x1", X1), ("x2", X2), ("pi", np.float64(np.pi))])
    | NUMBERS.map(lambda number: (repr(number), np.float64(number))),
    _pairs,
    max_leaves=6,
).filter(lambda pair: len(pair[0]) <= LONGEST)


@given(PAIRS)
def test_any_formula_has_the_values_that_numpy_gives(pair):
    text, expected = pair
    with np.errstate(all="ignore"):
        np.testing.assert_array_equal(evaluate(parse(text), X1, X2), expected)


@given(FORMULAS)
def test_any_formula_is_finite_and_warns_of_nothing(tree):
    computed = nn.Formula(written(tree))(X1, X2)
    assert computed.shape == X1.shape
    assert np.abs(computed).max() <= 1e6


# -- texts that are none ----------------------------------------------------------------------------

POSSIBLE = "; possible: x1, x2, pi, e, sin, cos, "


@pytest.mark.parametrize(
    ("text", "message", "position"),
    [
        ("", "expected a formula in x1 and x2, such as sin(3*x1)*x2", 1),
        ("  ", "expected a formula in x1 and x2, such as sin(3*x1)*x2", 1),
        (5, "expected a formula in x1 and x2, such as sin(3*x1)*x2, got 5", 1),
        ([], "expected a formula in x1 and x2, such as sin(3*x1)*x2, got []", 1),
        ("x1 + foo", "unknown name 'foo' at position 6 (did you mean 'floor'?)" + POSSIBLE, 6),
        ("sn(x1)", "unknown name 'sn' at position 1 (did you mean 'sin'?)" + POSSIBLE, 1),
        ("x3", "unknown name 'x3' at position 1" + POSSIBLE, 1),
        ("größe", "unknown name 'größe' at position 1" + POSSIBLE, 1),
        ("sin x1", "expected '(' after 'sin' at position 5, got 'x1'", 5),
        ("sin", "expected '(' after 'sin' at the end", 4),
        ("(x1 + 1", "expected ')' at the end", 8),
        ("(x1, x2)", "expected ')' at position 4, got ','", 4),
        ("x1 +", "expected a number, a name or '(' at the end", 5),
        ("x1 * * 2", "expected a number, a name or '(' at position 6, got '*'", 6),
        ("()", "expected a number, a name or '(' at position 2, got ')'", 2),
        ("x1)", "expected an operator (+ - * / ^) at position 3, got ')'", 3),
        ("x1 2", "expected an operator (+ - * / ^) at position 4, got '2'", 4),
        ("1/2x1", "expected '*' or brackets, since a product without '*' can be read in two ways after '/', at", 4),
        ("x1 & x2", "unexpected '&' at position 4; possible: numbers, names, + - * / ^ ( ) ,", 4),
        ("__import__(x1)", "unknown name '__import__' at position 1", 1),
        ("x1.real", "unexpected '.' at position 3", 3),
        ("x1\0", "unexpected '\\x00' at position 3", 3),
        ("min(x1)", "'min' at position 1 takes two values in brackets, got 1", 1),
        ("2*sin(x1, x2)", "'sin' at position 3 takes one value in brackets, got 2", 3),
        ("x1 + 1e999", "the number '1e999' at position 6 is too large; possible: up to 1.7e308", 6),
        ("x1" + "+1" * 100, "a formula has at most 200 characters, got 202", 201),
        ("x " * 99, "a formula has at most 200 characters, as x1*x1 and x1^2 are written for x x and x², got 296", 201),
        ("(" * 40 + "x1" + ")" * 40, f"nested deeper than {DEEPEST} at position 31; write it with fewer", 31),
        ("-" * 198 + "x1", f"nested deeper than {DEEPEST} at position 31; write it with fewer", 31),
        ("x" + "^x" * 99, f"nested deeper than {DEEPEST} at position 61; write it with fewer", 61),
    ],
)
def test_a_text_that_is_no_formula_is_told_where_and_what_is_possible(text, message, position):
    with pytest.raises(nn.FormulaError, match=f"^{re.escape(message)}") as caught:
        nn.Formula(text)
    assert caught.value.position == position


def test_a_formula_may_be_as_long_as_the_limit():
    text = "x1" + "+1" * 99
    assert len(text) == LONGEST
    assert values(text).tolist() == (X1 + 99).tolist()


WORDS = st.lists(st.sampled_from([*FUNCTIONS, "x1", "x₂", "y", "pi", "2", ".5", "1e9", *"+-*/^(),² "]), max_size=40)


@given(st.text(max_size=300) | st.text(string.printable, max_size=60) | WORDS.map("".join))
@example("(" * 10_000)
@example("9" * 200)
@example("x1" + "^9" * 14)
@example("²" * 200)
@example("İſK١x١")
def test_any_text_is_a_formula_or_told_why_not(text):
    try:
        formula = nn.Formula(text)
    except nn.FormulaError as error:
        refused = error
    else:
        assert nn.Formula(formula.text) == formula
        assert np.isfinite(formula(X1, X2)).all()
        return
    assert 1 <= refused.position <= max(len(text), LONGEST) + 1
    assert len(str(refused)) < 600
