"""Losses: their formulas, their gradients, logits far out, and which outputs and targets they take."""

import math
import re
from collections.abc import Callable

import numpy as np
import pytest

import nncore as nn
from nncore.tape import run

NAMES = nn.Loss.names()
FUSED = {"binary_crossentropy": "sigmoid", "categorical_crossentropy": "softmax"}


def run_tape(tape: nn.Tape) -> None:
    with np.errstate(all="ignore"):
        run(tape.program())


def activated(name: str, z: np.ndarray) -> np.ndarray:
    tape, a = nn.Tape(z.shape[1], z.dtype), np.zeros_like(z)
    nn.Activation.of(name).forward(tape, z, a)
    run_tape(tape)
    return a


def value_and_gradient(loss: object, z: np.ndarray, y: np.ndarray) -> tuple[float, np.ndarray]:
    """For logits and targets (n_samples, outputs); an output that is not prescribed is the logit itself."""
    rule = nn.Loss.of(loss)  # type: ignore[arg-type]
    z = np.ascontiguousarray(np.asarray(z).T)
    y = np.ascontiguousarray(np.asarray(y, z.dtype).T)
    a = activated(rule.fused or "identity", z)
    tape, value, d = nn.Tape(z.shape[1], z.dtype), np.zeros(()), np.zeros_like(z)
    rule.forward(tape, z if rule.fused else None, a, y, value)
    rule.backward(tape, z if rule.fused else None, a, y, d)
    run_tape(tape)
    return float(value), d.T


# -- values and gradients -------------------------------------------------------------------------

A = np.array([[0.2, 0.8], [0.6, -0.4], [3.5, -2.5]])
Y = np.array([[0.0, 1.0], [1.0, 0.0], [0.0, 1.0]])
SIGNS = 2 * Y - 1
# Errors A - Y: 0.2, -0.2, -0.4, -0.4, 3.5, -3.5.
SQUARES = 2 * 0.04 + 2 * 0.16 + 2 * 12.25
LOGITS = np.log([[0.2, 0.8], [0.6, 0.4], [0.5, 0.5]])
ODDS = np.log([[1 / 4, 4], [3 / 2, 2 / 3], [1, 1]])
CROSS_ENTROPY = -(math.log(0.8) + math.log(0.6) + math.log(0.5))


def huber(error: float, delta: float) -> float:
    return error**2 / 2 if abs(error) <= delta else delta * (abs(error) - delta / 2)


BY_HAND = [
    ("half_squared", A, Y, SQUARES / 2 / 3, (A - Y) / 3),
    ("mse", A, Y, SQUARES / 6, (A - Y) / 3),
    ("mae", A, Y, 8.2 / 6, np.sign(A - Y) / 6),
    ("huber", A, Y, (0.04 + 0.16 + 2 * 3) / 6, np.clip(A - Y, -1, 1) / 6),
    (
        {"name": "huber", "delta": 0.3},
        A,
        Y,
        sum(huber(error, 0.3) for error in (A - Y).flat) / 6,
        np.clip(A - Y, -0.3, 0.3) / 6,
    ),
    ("binary_crossentropy", ODDS, Y, 2 * CROSS_ENTROPY / 6, np.array([[0.2, -0.2], [-0.4, 0.4], [0.5, -0.5]]) / 6),
    ("categorical_crossentropy", LOGITS, Y, CROSS_ENTROPY / 3, np.array([[0.2, -0.2], [-0.4, 0.4], [0.5, -0.5]]) / 3),
    # 1 - Y A: 1.2, 0.2, 0.4, 0.6, 4.5, 3.5, and in another sample twice below 0.
    ("hinge", A, SIGNS, 10.4 / 6, -SIGNS / 6),
    ("hinge", np.array([[2.0, -3.0]]), np.array([[1.0, -1.0]]), 0, np.zeros((1, 2))),
    # Where Y A is 1 the derivative is 0.
    ("hinge", np.array([[1.0, -1.0]]), np.array([[1.0, -1.0]]), 0, np.zeros((1, 2))),
]


@pytest.mark.parametrize(("loss", "z", "y", "value", "gradient"), BY_HAND, ids=str)
def test_a_loss_and_its_gradient_are_the_formula(loss, z, y, value, gradient):
    ours = value_and_gradient(loss, z, y)
    assert ours[0] == pytest.approx(value, rel=1e-14)
    np.testing.assert_allclose(ours[1], gradient, rtol=1e-13, atol=1e-16)


def test_every_loss_is_worked_out_here():
    assert {nn.Loss.of(case[0]).name for case in BY_HAND} == set(NAMES)


@pytest.mark.parametrize("loss", [*NAMES, {"name": "huber", "delta": 0.3}], ids=str)
@pytest.mark.parametrize("shape", [(1, 1), (5, 3), (3000, 2)])
def test_a_gradient_is_the_slope_of_the_value(loss, shape, rng):
    z, y = rng.normal(0, 2, shape), targets_for(nn.Loss.of(loss), shape, rng)
    _, gradient = value_and_gradient(loss, z, y)
    moved, h = rng.normal(0, 1, shape), 1e-6
    slope = (value_and_gradient(loss, z + h * moved, y)[0] - value_and_gradient(loss, z - h * moved, y)[0]) / (2 * h)
    assert np.sum(gradient * moved) == pytest.approx(slope, rel=1e-6, abs=1e-8)


def targets_for(loss: nn.Loss, shape: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    if loss.name == "hinge":
        return rng.choice([-1.0, 1.0], shape)
    if loss.name == "categorical_crossentropy":
        return rng.dirichlet(np.ones(shape[1]), shape[0])
    return rng.random(shape)


@pytest.mark.parametrize("name", NAMES)
def test_targets_and_outputs_are_left_alone(name, rng):
    z, y = rng.normal(0, 2, (4, 3)), targets_for(nn.Loss.of(name), (4, 3), rng)
    before = z.copy(), y.copy()
    value_and_gradient(name, z, y)
    assert np.array_equal(z, before[0])
    assert np.array_equal(y, before[1])


# -- far out --------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(
    ("z", "y", "value", "gradient"),
    [(1000, 1, 0, 0), (1000, 0, 1000, 1), (-1000, 0, 0, 0), (-1000, 1, 1000, -1), (1000, 0.25, 750, 0.75)],
)
def test_binary_cross_entropy_of_logits_far_out_is_exact(z, y, value, gradient, dtype):
    ours = value_and_gradient("binary_crossentropy", np.array([[z]], dtype), np.array([[y]]))
    assert ours == (value, [[gradient]])


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(
    ("z", "y", "value", "gradient"),
    [
        ([1000, -1000], [1, 0], 0, [0, 0]),
        ([1000, -1000], [0, 1], 2000, [1, -1]),
        ([-1000, -1000], [1, 0], math.log(2), [-0.5, 0.5]),
        ([1000, 1000, -1000], [0.5, 0.25, 0.25], math.log(2) + 500, [0, 0.25, -0.25]),
    ],
)
def test_categorical_cross_entropy_of_logits_far_out_is_exact(z, y, value, gradient, dtype):
    ours = value_and_gradient("categorical_crossentropy", np.array([z], dtype), np.array([y]))
    assert ours[0] == pytest.approx(value, rel=2 * float(np.finfo(dtype).eps))
    assert ours[1].tolist() == [gradient]


def test_a_cross_entropy_that_is_nearly_zero_keeps_its_digits():
    value, _ = value_and_gradient("binary_crossentropy", np.array([[-40.0], [40.0]]), np.array([[0], [1]]))
    assert value == pytest.approx(math.exp(-40), rel=1e-13)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_what_is_not_a_number_stays_visible(name, dtype):
    value, gradient = value_and_gradient(name, np.full((2, 3), np.nan, dtype), np.array([[1, 0, 0]] * 2))
    assert np.isnan(value)
    assert np.isnan(gradient).all()


def test_a_value_is_summed_in_float64():
    z = np.full((100_000, 1), 0.1, "float32")
    value, _ = value_and_gradient("mae", z, np.zeros_like(z))
    assert value == pytest.approx(float(z[0, 0]), rel=1e-12)


# -- which outputs --------------------------------------------------------------------------------

ACCEPTED: dict[str, Callable[[str], bool]] = {
    **dict.fromkeys(("half_squared", "mse", "mae", "huber"), lambda name: True),
    "binary_crossentropy": lambda name: name == "sigmoid",
    "categorical_crossentropy": lambda name: name == "softmax",
    "hinge": lambda name: name not in {"sigmoid", "relu", "softplus", "gaussian", "softmax"},
}


@pytest.mark.parametrize("loss", NAMES)
@pytest.mark.parametrize("activation", nn.Activation.names())
def test_a_loss_takes_the_outputs_it_is_made_for(loss, activation):
    kind = nn.Loss.named(loss)
    assert kind.accepts_output(activation) == ACCEPTED[loss](activation)
    if kind.accepts_output(activation):
        kind.check_output(activation, outputs=2)
    else:
        with pytest.raises(
            ValueError, match=f"^the loss '{loss}' .*; the output layer has the activation '{activation}'$"
        ):
            kind.check_output(activation, outputs=2)


@pytest.mark.parametrize("loss", NAMES)
def test_the_output_it_is_usual_with_is_one_it_takes(loss):
    kind = nn.Loss.named(loss)
    assert all(kind.accepts_output(activation) for activation in kind.outputs)
    assert kind.fused is None or kind.outputs == (kind.fused,)


@pytest.mark.parametrize(
    ("loss", "activation", "outputs", "message"),
    [
        (
            "binary_crossentropy",
            "tanh",
            1,
            "the loss 'binary_crossentropy' compares probabilities, each from a sigmoid; "
            "the output layer has the activation 'tanh'",
        ),
        (
            "categorical_crossentropy",
            "sigmoid",
            3,
            "the loss 'categorical_crossentropy' compares probabilities of classes that add up to 1, "
            "from a softmax over them; the output layer has the activation 'sigmoid'",
        ),
        (
            "hinge",
            "sigmoid",
            1,
            "the loss 'hinge' asks for outputs of the sign of the targets, -1 or +1, and so for an activation that "
            "can be negative; the output layer has the activation 'sigmoid'",
        ),
        ("mse", "softmax", 1, "a softmax of one unit is always 1: the output layer needs at least 2 units for it"),
        (
            "categorical_crossentropy",
            "softmax",
            1,
            "a softmax of one unit is always 1: the output layer needs at least 2 units for it",
        ),
    ],
)
def test_an_output_is_refused_with_the_reason(loss, activation, outputs, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        nn.Loss.of(loss).check_output(activation, outputs)


# -- which targets --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_targets_come_back_as_rows_of_floats(name, rng):
    y = targets_for(nn.Loss.of(name), (4, 3), rng)
    for dtype in ("float32", "float64"):
        made = nn.Loss.of(name).targets(y.astype(dtype), 3)
        assert made.dtype == dtype
        assert np.array_equal(made, y.astype(dtype))
    assert np.array_equal(nn.Loss.of(name).targets(y.tolist(), 3), y)


@pytest.mark.parametrize("name", [name for name in NAMES if name != "categorical_crossentropy"])
def test_one_target_per_sample_need_not_be_a_column(name):
    made = nn.Loss.of(name).targets([1, 1, 1], 1)
    assert made.dtype == np.float64
    assert made.tolist() == [[1], [1], [1]]


def test_truth_values_are_numbers():
    assert nn.Loss.of("binary_crossentropy").targets([True, False], 1).tolist() == [[1], [0]]


@pytest.mark.parametrize(
    "labels", [[2, 0, 1], [[2], [0], [1]], [2.0, 0.0, 1.0], np.array([2, 0, 1], np.uint8)], ids=str
)
def test_labels_of_classes_become_one_hot(labels):
    made = nn.Loss.of("categorical_crossentropy").targets(labels, 3)
    assert made.dtype == np.float64
    assert made.tolist() == [[0, 0, 1], [1, 0, 0], [0, 1, 0]]


def test_two_classes_may_be_truth_values():
    assert nn.Loss.of("categorical_crossentropy").targets([True, False], 2).tolist() == [[0, 1], [1, 0]]


def test_class_probabilities_may_be_rounded_to_float32(rng):
    y = rng.dirichlet(np.ones(1000), 20).astype("float32")
    assert nn.Loss.of("categorical_crossentropy").targets(y, 1000) is not None


REFUSED = [
    ("hinge", [1, -1, 0.5], 1, "targets: row 3: expected -1 or +1 for the loss 'hinge', got 0.5"),
    ("hinge", [[1, -1], [1, 0]], 2, "targets: row 2, column 2: expected -1 or +1 for the loss 'hinge', got 0.0"),
    (
        "binary_crossentropy",
        [[0.0], [-1.0]],
        1,
        "targets: row 2: expected 0, 1 or a probability between for the loss 'binary_crossentropy', got -1.0",
    ),
    (
        "binary_crossentropy",
        [[0, 1], [1, 1.5]],
        2,
        "targets: row 2, column 2: expected 0, 1 or a probability between for the loss 'binary_crossentropy', got 1.5",
    ),
    (
        "categorical_crossentropy",
        [[0, 1], [0.5, 0.25]],
        2,
        "targets: row 2: expected probabilities that add up to 1 for the loss 'categorical_crossentropy', got 0.75",
    ),
    (
        "categorical_crossentropy",
        [[0, 1], [1.5, -0.5]],
        2,
        "targets: row 2, column 1: expected 0, 1 or a probability between for the loss 'categorical_crossentropy', "
        "got 1.5",
    ),
    (
        "categorical_crossentropy",
        [0, 1, 3],
        3,
        "targets: row 3: expected a class from 0 to 2 for the loss 'categorical_crossentropy', got 3",
    ),
    (
        "categorical_crossentropy",
        [[0.5], [1]],
        3,
        "targets: row 1: expected a class from 0 to 2 for the loss 'categorical_crossentropy', got 0.5",
    ),
    (
        "categorical_crossentropy",
        [1, -1],
        2,
        "targets: row 2: expected a class from 0 to 1 for the loss 'categorical_crossentropy', got -1",
    ),
    (
        "categorical_crossentropy",
        [[1, 0]],
        3,
        "targets: expected shape (n_samples, 3) or labels (n_samples,) from 0 to 2, got (1, 2)",
    ),
    (
        "categorical_crossentropy",
        [],
        3,
        "targets: expected shape (n_samples, 3) or labels (n_samples,) from 0 to 2, got (0,)",
    ),
]


@pytest.mark.parametrize(("loss", "y", "outputs", "message"), REFUSED)
def test_targets_are_refused_with_the_place_and_what_is_possible(loss, y, outputs, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        nn.Loss.of(loss).targets(y, outputs)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("y", "place"),
    [
        ([["1", "0"]], "numbers"),
        ([["setosa", "virginica"]], "'setosa' in row 1, column 1"),
        ([[1, None]], "None in row 1, column 2"),
        ([[1, 0], [1]], "rows of equal length"),
        ([[1 + 1j, 0]], "numbers"),
        ([[0, 1], [1, np.nan]], "row 2, column 2 is not a finite number"),
        ([[0, 1], [np.inf, 1]], "row 2, column 1 is not a finite number"),
    ],
    ids=str,
)
def test_what_is_no_finite_number_is_refused_by_every_loss(name, y, place):
    with pytest.raises(ValueError, match=f"^targets: .*{place}"):
        nn.Loss.of(name).targets(y, 2)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("shape", [(), (0, 2), (0,), (3, 3), (3, 2, 1), (2, 3)])
def test_another_shape_is_refused_by_every_loss(name, shape):
    with pytest.raises(ValueError, match=r"^targets: expected shape \(n_samples, 2\)"):
        nn.Loss.of(name).targets(np.ones(shape), 2)


def test_a_shape_for_one_output_may_be_flat():
    message = "targets: expected shape (n_samples, 1) or (n_samples,), got (3, 2)"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        nn.Loss.of("mse").targets(np.ones((3, 2)), 1)


# -- what they say of themselves ------------------------------------------------------------------


def test_losses_of_the_same_settings_are_equal():
    assert nn.Loss.of("mse") == nn.Loss.of("mse") != nn.Loss.of("half_squared")
    assert nn.Loss.of("huber") == nn.Loss.of({"name": "huber", "delta": 1}) != nn.Loss.of({"name": "huber", "delta": 2})


def test_an_impossible_option_says_what_is_possible():
    with pytest.raises(ValueError, match=r"^huber: expected 0 < delta <= 1,000,000, got 0$"):
        nn.Loss.of({"name": "huber", "delta": 0})


@pytest.mark.parametrize("name", NAMES)
def test_every_operand_is_a_named_buffer_or_a_constant(name):
    """So that a step can be shown, and printed as a script."""
    loss, tape = nn.Loss.of(name), nn.Tape(4, "float64")
    z, a, y, d = (tape.empty(3, symbol) for symbol in ("Z", "A", "Y", "d"))
    loss.forward(tape, z, a, y, tape.array((), "L", np.float64))
    loss.backward(tape, z, a, y, d)
    known = {id(array) for array in tape.names.values()} | set(tape.constants)
    for op in tape.ops:
        operands = [*op.args, *getattr(op.function, "keywords", {}).values(), getattr(op.function, "__self__", None)]
        assert all(id(value) in known for value in operands if isinstance(value, np.ndarray)), op
