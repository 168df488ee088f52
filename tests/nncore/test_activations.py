"""Activations: their formulas, their derivatives, and what they do far out."""

import math
import re
from collections.abc import Callable

import numpy as np
import pytest

import nncore as nn
from nncore.tape import run

SYMBOLS = ("Z", "A", "dA", "dZ")
Z = np.array([-3.0, -2.0, -0.5, -1e-3, 0.0, 1e-3, 0.5, 2.0, 3.0])
NAMES = nn.Activation.names()
ELEMENTWISE = [name for name in NAMES if name != "softmax"]
LARGE = 2000
"""Units of a layer that is beyond the size up to which constants are whole arrays, and sums are products with ones."""


def passes(activation: object, z: np.ndarray, da: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Outputs and gradients for logits `z`, (units, batch), of an activation; `da` is 1 where it is not given."""
    rule = nn.Activation.of(activation)  # type: ignore[arg-type]
    tape = nn.Tape(z.shape[1], z.dtype)
    a, dz = np.zeros_like(z), np.zeros_like(z)
    da = np.ones_like(z) if da is None else da
    kept = rule.forward(tape, z, a) or ()
    rule.backward(tape, z, a, da, dz, kept)
    with np.errstate(all="ignore"):
        run(tape.program())
    return a, dz


def column(z: np.ndarray) -> np.ndarray:
    return np.array(z, ndmin=2, dtype=float).T.copy()


# -- formulas -------------------------------------------------------------------------------------


def gelu(z: float) -> float:
    return z / 2 * (1 + math.tanh(math.sqrt(2 / math.pi) * (z + 0.044715 * z**3)))


LAMBDA, ALPHA = 1.0507009873554804934193349852946, 1.6732632423543772848170429916717
FORMULAS: dict[str, Callable[[float], float]] = {
    "identity": lambda z: z,
    "sigmoid": lambda z: 1 / (1 + math.exp(-z)),
    "tanh": math.tanh,
    "relu": lambda z: max(0, z),
    "leaky_relu": lambda z: z if z > 0 else 0.01 * z,
    "elu": lambda z: z if z > 0 else math.expm1(z),
    "selu": lambda z: LAMBDA * z if z > 0 else LAMBDA * ALPHA * math.expm1(z),
    "gelu": gelu,
    "silu": lambda z: z / (1 + math.exp(-z)),
    "softplus": lambda z: math.log1p(math.exp(z)),
    "mish": lambda z: z * math.tanh(math.log1p(math.exp(z))),
    "softsign": lambda z: z / (1 + abs(z)),
    "sin": math.sin,
    "gaussian": lambda z: math.exp(-(z**2)),
}
WITH_OPTIONS = [
    (nn.Activation.of({"name": "leaky_relu", "slope": 0.2}), lambda z: z if z > 0 else 0.2 * z),
    (nn.Activation.of({"name": "elu", "alpha": 0.5}), lambda z: z if z > 0 else 0.5 * math.expm1(z)),
    (nn.Activation.of({"name": "elu", "alpha": 3}), lambda z: z if z > 0 else 3 * math.expm1(z)),
]
ALL_FORMULAS = [(nn.Activation.of(name), formula) for name, formula in FORMULAS.items()] + WITH_OPTIONS


def title(value: object) -> str | None:
    return f"{value.name}-{value.settings()}" if isinstance(value, nn.Activation) else None


def test_the_formula_of_every_activation_is_known_here():
    assert {*FORMULAS, "softmax"} == set(NAMES)


@pytest.mark.parametrize(("activation", "formula"), ALL_FORMULAS, ids=title)
def test_an_activation_is_its_formula(activation, formula):
    a, _ = passes(activation, column(Z))
    assert a[:, 0] == pytest.approx([formula(z) for z in Z], rel=1e-14, abs=1e-16)


@pytest.mark.parametrize(("activation", "formula"), ALL_FORMULAS, ids=title)
def test_its_derivative_is_that_of_its_formula(activation, formula):
    points = np.array([z for z in Z if all(abs(z - kink) > 1e-2 for kink in activation.kinks)])
    _, slopes = passes(activation, column(points))
    # The five-point difference has an error of order h⁴ and of order ε / h.
    h = 1e-3
    differences = [
        (formula(z - 2 * h) - 8 * formula(z - h) + 8 * formula(z + h) - formula(z + 2 * h)) / (12 * h) for z in points
    ]
    assert slopes[:, 0] == pytest.approx(differences, rel=1e-10, abs=1e-10)


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_a_gradient_is_multiplied_by_the_derivative(name, rng):
    z, da = rng.normal(0, 2, (3, 5)), rng.normal(0, 1, (3, 5))
    _, slopes = passes(name, z)
    assert passes(name, z, da)[1] == pytest.approx(da * slopes, rel=1e-14)


@pytest.mark.parametrize("name", NAMES)
def test_logits_and_gradients_that_arrive_are_left_alone(name, rng):
    z, da = rng.normal(0, 2, (3, 5)), rng.normal(0, 1, (3, 5))
    before = z.copy(), da.copy()
    passes(name, z, da)
    assert np.array_equal(z, before[0])
    assert np.array_equal(da, before[1])


@pytest.mark.parametrize("name", NAMES)
def test_a_large_layer_computes_what_a_small_one_does(name, rng):
    z, da = rng.normal(0, 3, (LARGE, 3)), rng.normal(0, 1, (LARGE, 3))
    a, dz = passes(name, z, da)
    if name == "softmax":
        expected = np.exp(z) / np.exp(z).sum(axis=0)
        assert a == pytest.approx(expected, rel=1e-12)
        assert dz == pytest.approx(expected * (da - (da * expected).sum(axis=0)), rel=1e-9, abs=1e-16)
    else:
        parts = [passes(name, z[at : at + 2], da[at : at + 2]) for at in range(0, LARGE, 2)]
        # NumPy may take other instructions for the last elements of a short array.
        assert a == pytest.approx(np.concatenate([part[0] for part in parts]), rel=1e-14, abs=1e-300)
        assert dz == pytest.approx(np.concatenate([part[1] for part in parts]), rel=1e-12, abs=1e-15)


@pytest.mark.parametrize(
    ("name", "derivative"), [("relu", 0), ("leaky_relu", 0.01), ("elu", 1), ("selu", LAMBDA * ALPHA), ("softsign", 1)]
)
def test_the_derivative_at_a_kink_is_the_one_of_the_left_side(name, derivative):
    assert passes(name, np.zeros((1, 1)))[1][0, 0] == pytest.approx(derivative, rel=1e-15)


# -- softmax --------------------------------------------------------------------------------------


def test_softmax_makes_probabilities_of_the_units_of_each_sample(rng):
    z = rng.normal(0, 3, (4, 6))
    a, _ = passes("softmax", z)
    assert a == pytest.approx(np.exp(z) / np.exp(z).sum(axis=0), rel=1e-14)
    assert a.sum(axis=0) == pytest.approx(np.ones(6), rel=1e-15)


def test_softmax_passes_back_the_product_with_its_whole_jacobian(rng):
    z, da = rng.normal(0, 1, (4, 6)), rng.normal(0, 1, (4, 6))
    a, dz = passes("softmax", z, da)
    for sample in range(6):
        p = a[:, sample]
        jacobian = np.diag(p) - np.outer(p, p)
        assert dz[:, sample] == pytest.approx(jacobian @ da[:, sample], rel=1e-12, abs=1e-16)


def test_softmax_of_logits_far_out_is_exact():
    for dtype in ("float32", "float64"):
        a, dz = passes("softmax", np.array([[1000, -1000, 1000], [-1000, -1000, 1000]], dtype))
        assert a.tolist() == [[1, 0.5, 0.5], [0, 0.5, 0.5]]
        assert dz.tolist() == [[0, 0, 0], [0, 0, 0]]


# -- far out --------------------------------------------------------------------------------------

FAR = {
    dtype: [sign * size for size in (50.0, 100.0, 1000.0, 1e4, *enormous) for sign in (-1, 1)]
    for dtype, enormous in {"float64": (1e18, 1e150, 1e155, 1e200, 1e308), "float32": (1e18, 2e19, 1e30, 3e38)}.items()
}
"""The squares of the last ones are infinite."""
LIMITS = {
    "sigmoid": ((0, 0), (1, 0)),
    "tanh": ((-1, 0), (1, 0)),
    "relu": ((0, 0), ("z", 1)),
    "elu": ((-1, 0), ("z", 1)),
    "selu": ((-LAMBDA * ALPHA, 0), ("λz", LAMBDA)),
    "gelu": ((0, 0), ("z", 1)),
    "silu": ((0, 0), ("z", 1)),
    "softplus": ((0, 0), ("z", 1)),
    "mish": ((0, 0), ("z", 1)),
    "gaussian": ((0, 0), (0, 0)),
}
"""Value and derivative from −1000 and +1000 on, where they are those at infinity to the last digit."""


@pytest.mark.parametrize("dtype", FAR)
@pytest.mark.parametrize("name", NAMES)
def test_values_and_derivatives_far_out_are_finite(name, dtype):
    a, dz = passes(name, np.array(FAR[dtype], dtype).reshape(-1, 2).T.copy())
    assert np.isfinite(a).all()
    assert np.isfinite(dz).all()


@pytest.mark.parametrize("dtype", FAR)
@pytest.mark.parametrize("name", LIMITS)
def test_values_and_derivatives_far_out_are_those_at_infinity(name, dtype):
    digits = 4 * float(np.finfo(dtype).eps)
    for size in (1000, 1e18, 1e30 if dtype == "float32" else 1e200):
        a, dz = passes(name, np.array([[-size], [size]], dtype))
        for row, (value, slope) in enumerate(LIMITS[name]):
            expected = {"z": size, "λz": size * LAMBDA}.get(value, value)
            assert a[row, 0] == pytest.approx(expected, rel=digits, abs=1e-300)
            assert dz[row, 0] == pytest.approx(slope, rel=digits, abs=1e-300)


@pytest.mark.parametrize("z", [-700.0, -300.0, -40.0, -20.0, 30.0, 39.9, 40.1])
def test_small_values_keep_their_digits(z):
    """Where 1 + exp(z) would be rounded to 1 and the rest be lost."""
    small = {"sigmoid": math.exp(z) / (1 + math.exp(z)), "softplus": math.log1p(math.exp(z))}
    if z < -30:
        small |= {"silu": z * math.exp(z), "mish": z * math.exp(z)}
    for name, expected in small.items():
        assert passes(name, np.array([[z]]))[0][0, 0] == pytest.approx(expected, rel=1e-13), name


@pytest.mark.parametrize("z", [-20.0, -10.0, -5.0, -4.0])
def test_small_derivatives_keep_their_digits(z):
    g, slope = math.sqrt(8 / math.pi) * (z + 0.044715 * z**3), math.sqrt(8 / math.pi) * (1 + 3 * 0.044715 * z**2)
    s, t = math.exp(g) / (1 + math.exp(g)), math.tanh(math.log1p(math.exp(z)))
    small = {"gelu": s + z * s * (1 - s) * slope, "mish": t + z * (1 - t**2) * math.exp(z) / (1 + math.exp(z))}
    for name, expected in small.items():
        # exp(g) loses the digits that |g|, up to 600, has before the point.
        assert passes(name, np.array([[z]]))[1][0, 0] == pytest.approx(expected, rel=1e-12), name


@pytest.mark.parametrize("name", ["elu", "selu"])
def test_exponential_units_keep_their_digits_near_zero(name):
    scale = {"elu": 1, "selu": LAMBDA * ALPHA}[name]
    assert passes(name, np.array([[-1e-12]]))[0][0, 0] == pytest.approx(-1e-12 * scale, rel=1e-11)


@pytest.mark.parametrize("shape", [(2, 3), (LARGE, 3)])
@pytest.mark.parametrize("activation", [*NAMES, *(choice for choice, _ in WITH_OPTIONS)], ids=str)
def test_what_is_not_a_number_stays_visible(activation, shape):
    """In the output, and in what is passed back: for `identity` that is what arrives, whatever the logits are."""
    z = np.full(shape, np.nan)
    a, dz = passes(activation, z, None if activation != "identity" else z)
    assert np.isnan(a).all()
    assert np.isnan(dz).all()


# -- what they say of themselves ------------------------------------------------------------------


@pytest.mark.parametrize("activation", [*NAMES, *(choice for choice, _ in WITH_OPTIONS)], ids=str)
def test_outputs_stay_within_the_range_an_activation_promises_and_fill_it(activation):
    rule = nn.Activation.of(activation)
    low, high = rule.output_range
    z = np.array([np.linspace(-50, 50, 20001), np.zeros(20001)])
    outputs, _ = passes(rule, z)
    assert low <= outputs.min()
    assert outputs.max() <= high
    for bound, reached in ((low, outputs.min()), (high, outputs.max())):
        # The softsign of 50 is 0.02 away from its bound.
        assert math.isinf(bound) or abs(bound - reached) < 0.021


def test_an_activation_that_needs_several_units_is_constant_on_one():
    for name in NAMES:
        outputs, _ = passes(name, Z[None])
        assert (len(np.unique(outputs)) == 1) == (nn.Activation.named(name).min_units > 1), name


def test_activations_are_values():
    assert nn.Activation.of("elu") == nn.Activation.of({"name": "elu", "alpha": 1})
    assert nn.Activation.of("elu") != nn.Activation.of({"name": "elu", "alpha": 2})
    assert nn.Activation.of("tanh") == nn.Activation.of("tanh") != nn.Activation.of("sin")
    assert hash(nn.Activation.of("tanh")) == hash(nn.Activation.of("tanh"))
    with pytest.raises(AttributeError):
        nn.Activation.of("elu").alpha = 2  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        ({"name": "elu", "alpha": 0}, "elu: expected 0 < alpha <= 1000, got 0"),
        ({"name": "leaky_relu", "slope": 1}, "leaky_relu: expected 0 < slope < 1, got 1"),
        ({"name": "leaky_relu", "slope": "steep"}, "leaky_relu: expected 0 < slope < 1, got 'steep'"),
        ({"name": "tanh", "slope": 1}, "activation 'tanh' has no option slope; possible: none"),
    ],
)
def test_an_impossible_option_says_what_is_possible(choice, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        nn.Activation.of(choice)


@pytest.mark.parametrize("name", NAMES)
def test_a_description_begins_with_the_formula(name):
    assert (nn.Activation.named(name).__doc__ or "").startswith("f(z)")


@pytest.mark.parametrize("name", NAMES)
def test_every_operand_is_a_named_buffer_or_a_constant(name):
    """So that a step can be shown, and printed as a script."""
    rule, tape = nn.Activation.of(name), nn.Tape(4, "float64")
    z, a, da, dz = (tape.empty(3, symbol) for symbol in SYMBOLS)
    rule.backward(tape, z, a, da, dz, rule.forward(tape, z, a) or ())
    known = {id(array) for array in tape.names.values()} | set(tape.constants)
    for op in tape.ops:
        operands = [*op.args, *getattr(op.function, "keywords", {}).values(), getattr(op.function, "__self__", None)]
        assert all(id(value) in known for value in operands if isinstance(value, np.ndarray)), op
