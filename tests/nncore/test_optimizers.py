"""Optimizers: their rules, what the rate may be, and driving them by hand. PyTorch's paths are in tests/golden."""

import copy
import pickle
import re
from dataclasses import replace

import numpy as np
import pytest

from nncore.explain import Names, explained
from nncore.optimizers import SGD, Adadelta, AdaGrad, Adam, AdamW, Momentum, NAdam, Nesterov, Optimizer, RMSProp
from nncore.tape import SMALL, Tape, run

NAMES = Optimizer.names()


def recorded(optimizer: Optimizer, w: np.ndarray, g: np.ndarray, rate: float | np.ndarray) -> Tape:
    """A tape with the update of `w` by `g`, its arrays named as a trainer names them."""
    tape = Tape(1, w.dtype)
    state = optimizer.state(len(w), w.dtype)
    for name, array in {"w": w, "g": g, **state}.items():
        tape.name(array, name)
    operand = tape.name(rate, "rate") if isinstance(rate, np.ndarray) else tape.constant(rate, w)
    optimizer.record(tape, w, g, state, operand)
    return tape


def path(name: str, dtype: str, steps: int, rng: np.random.Generator) -> np.ndarray:
    """Where parameters come to when a bowl with different slopes is walked down, its gradients noisy."""
    optimizer = Optimizer.named(name)()
    w, slopes = np.linspace(-2, 2, 9).astype(dtype), np.geomspace(0.1, 10, 9)
    for noise in rng.normal(0, 0.1, (steps, 9)):
        optimizer.update(w, (slopes * w + noise).astype(dtype))
    return w


# -- the rules ------------------------------------------------------------------------------------


def steps(optimizer: Optimizer, *gradients: float) -> list[float]:
    """Where one parameter that begins at 1 is after each gradient."""
    w, places = np.array([1.0]), []
    for gradient in gradients:
        optimizer.update(w, np.array([float(gradient)]))
        places.append(w[0])
    return places


BY_HAND = {
    SGD(0.1): [0.8, 0.9],
    # v: 2, then 0.5·2 − 1 = 0
    Momentum(0.1, 0.5): [0.8, 0.8],
    # v as above; steps by 2 + 0.5·2 = 3 and −1 + 0.5·0 = −1
    Nesterov(0.1, 0.5): [0.7, 0.8],
    # v: 4, then 5
    AdaGrad(0.1): [0.9, 0.9 + 0.1 / 5**0.5],
    # v: 0.5·4 = 2, then 0.5·2 + 0.5·1 = 1.5
    RMSProp(0.1, 0.5): [1 - 0.2 / 2**0.5, 1 - 0.2 / 2**0.5 + 0.1 / 1.5**0.5],
    # m̂: 2, then (0.5·2 − 1) / 1.5 = 0; v̂: 4
    Adam(0.1, 0.5, 0.5): [0.9, 0.9],
    # the same, and 0.1·0.5·w off each time
    AdamW(0.1, 0.5, 0.5, weight_decay=0.5): [0.85, 0.85 * 0.95],
}


@pytest.mark.parametrize("optimizer", BY_HAND, ids=lambda optimizer: optimizer.name)
def test_two_steps_by_gradients_of_2_and_minus_1_come_out_as_on_paper(optimizer):
    assert steps(optimizer, 2, -1) == pytest.approx(BY_HAND[optimizer], abs=1e-7)


def test_adadelta_begins_with_steps_as_long_as_the_root_of_epsilon():
    first, second = steps(Adadelta(1, 0.5, 1e-6), 2, 2)
    d = 1e-3 / np.sqrt(2 + 1e-6) * 2
    assert 1 - first == pytest.approx(d)
    assert first - second == pytest.approx(np.sqrt(d * d / 2 + 1e-6) / np.sqrt(3 + 1e-6) * 2)


def test_nadam_looks_ahead_with_a_momentum_that_warms_up():
    mu_1, mu_2 = (0.9 * (1 - 0.5 * 0.96 ** (t * 0.004)) for t in (1, 2))
    gradient_share, moment_share = (1 - mu_1) / (1 - mu_1), mu_2 * 0.1 / (1 - mu_1 * mu_2)
    assert steps(NAdam(0.1), 2) == pytest.approx([1 - 0.1 * (gradient_share + moment_share)])


def test_a_momentum_of_zero_is_gradient_descent(rng):
    gradients = rng.normal(0, 1, 20)
    expected = steps(SGD(0.1), *gradients)
    for optimizer in (Momentum(0.1, 0), Nesterov(0.1, 0)):
        assert steps(optimizer, *gradients) == pytest.approx(expected, abs=1e-15)


def test_adamw_without_decay_is_adam(rng):
    gradients = rng.normal(0, 1, 20)
    assert steps(AdamW(0.1, weight_decay=0), *gradients) == steps(Adam(0.1), *gradients)


@pytest.mark.parametrize("epsilon", [1e-12, 1e-3, 10])
def test_epsilon_counts_as_it_is_given(epsilon):
    assert steps(AdaGrad(0.1, epsilon), 2)[0] == pytest.approx(1 - 0.2 / (2 + epsilon), rel=1e-14)
    assert steps(RMSProp(0.1, 0.75, epsilon), 2)[0] == pytest.approx(1 - 0.2 / (1 + epsilon), rel=1e-14)
    assert steps(Adam(0.1, epsilon=epsilon), 2)[0] == pytest.approx(1 - 0.2 / (2 + epsilon), rel=1e-14)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", [name for name in NAMES if "epsilon" in Optimizer.named(name).options])
def test_the_smallest_epsilon_keeps_the_division_of_no_gradient_finite(name, dtype):
    epsilon = Optimizer.named(name).options["epsilon"].at_least
    w = np.ones(3, dtype)
    Optimizer.of({"name": name, "epsilon": epsilon}).update(w, np.zeros(3, dtype))
    assert np.isfinite(w).all()


# -- on the tape ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("size", [7, SMALL + 1])
def test_every_operand_has_a_name_and_every_call_can_be_written_down(name, size):
    w, g = np.ones(size), np.ones(size)
    for rate in (0.1, np.array(0.1)):
        tape = recorded(Optimizer.named(name)(), w, g, rate)
        names = Names(tape)
        for op in tape.ops:
            assert explained(op, names).call.isascii()


@pytest.mark.parametrize("name", NAMES)
def test_the_learning_rate_is_read_when_the_step_is_taken(name):
    lengths = []
    for rate in (0.01, 0.02):
        w, g, live = np.ones(3), np.array([1.0, -2, 3]), np.zeros(3)
        tape = recorded(Optimizer.named(name)(learning_rate=5), w, g, live)
        live[...] = rate
        run(tape.program())
        lengths.append(1 - w)
    assert np.all(lengths[0] != 0)
    assert lengths[1] == pytest.approx(2 * lengths[0])


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_single_number_does_as_a_rate_for_all(name, dtype, rng):
    g = rng.normal(0, 1, 5).astype(dtype)
    ends = []
    for rate in (np.full(5, 0.01, dtype), np.array(0.01, dtype)):
        w = np.ones(5, dtype)
        program = recorded(Optimizer.named(name)(), w, g, rate).program()
        for _ in range(3):
            run(program)
        ends.append(w)
    assert np.array_equal(*ends)


@pytest.mark.parametrize("name", NAMES)
def test_many_parameters_take_the_steps_of_few(name, rng):
    few, many = rng.normal(0, 1, 7), np.zeros(SMALL + 7)
    many[:7] = few
    gradients = np.zeros_like(many)
    small, large = Optimizer.named(name)(), Optimizer.named(name)()
    for gradient in rng.normal(0, 1, (5, 7)):
        gradients[:7] = gradient
        small.update(few, gradient)
        large.update(many, gradients)
    assert many[:7] == pytest.approx(few, rel=1e-14)


@pytest.mark.parametrize("name", NAMES)
def test_in_float32_it_comes_where_it_comes_in_float64(name):
    single, double = (path(name, dtype, 3000, np.random.default_rng(1)) for dtype in ("float32", "float64"))
    assert single.dtype == np.float32
    assert single == pytest.approx(double, abs=1e-4)


def test_the_warm_up_of_nadam_does_not_drift_in_float32():
    optimizer, w, g = NAdam(), np.ones(1, "f"), np.ones(1, "f")
    state, tape = optimizer.state(1, w.dtype), Tape(1, w.dtype)
    optimizer.record(tape, w, g, state, tape.constant(0.01, w))
    program = tape.program()
    for _ in range(1000):
        run(program)
    assert state["mu"] == pytest.approx(0.9 * (1 - 0.5 * 0.96 ** (1001 * 0.004)), rel=1e-12)


@pytest.mark.parametrize("name", NAMES)
def test_parameters_without_a_gradient_stay_and_what_is_not_a_number_stays_visible(name):
    optimizer, w = Optimizer.named(name)(), np.zeros(3)
    for _ in range(3):
        optimizer.update(w, np.array([0.0, np.nan, 1.0]))
    assert w[0] == 0
    assert np.isnan(w[1])
    assert w[2] < 0


@pytest.mark.parametrize("name", NAMES)
def test_moments_are_as_many_as_parameters_in_their_precision_and_all_else_are_single_numbers(name):
    for array in Optimizer.named(name)().state(5, np.dtype("float32")).values():
        assert array.shape == () or (array.shape == (5,) and array.dtype == np.float32)


# -- settings -------------------------------------------------------------------------------------


def test_they_are_listed_simplest_first():
    assert " ".join(NAMES) == "sgd momentum nesterov adagrad adadelta rmsprop adam adamw nadam"


def test_the_settings_are_those_of_the_papers_unless_others_are_given():
    assert {name: kind().settings() for name, kind in Optimizer.registry.items()} == {
        "sgd": {"learning_rate": 0.01},
        "momentum": {"learning_rate": 0.01, "momentum": 0.9},
        "nesterov": {"learning_rate": 0.01, "momentum": 0.9},
        "adagrad": {"learning_rate": 0.01, "epsilon": 1e-10},
        "adadelta": {"learning_rate": 1.0, "rho": 0.9, "epsilon": 1e-6},
        "rmsprop": {"learning_rate": 0.01, "rho": 0.99, "epsilon": 1e-8},
        "adam": {"learning_rate": 0.01, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-8},
        "adamw": {"learning_rate": 0.01, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-8, "weight_decay": 0.01},
        "nadam": {"learning_rate": 0.01, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-8, "momentum_decay": 0.004},
    }


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"name": "sgd", "learning_rate": 0}, "sgd: expected 0 < learning_rate <= 1,000,000,000, got 0"),
        ({"name": "momentum", "momentum": 1}, "momentum: expected 0 <= momentum < 1, got 1"),
        ({"name": "adam", "beta_2": 1.0}, "adam: expected 0 <= beta_2 < 1, got 1.0"),
        ({"name": "adam", "epsilon": 0}, "adam: expected 1e-30 <= epsilon <= 1000, got 0"),
        ({"name": "adamw", "weight_decay": -1}, "adamw: expected 0 <= weight_decay <= 1000, got -1"),
        (
            {"name": "adadelta", "learning_rate": np.inf},
            "adadelta: expected 0 < learning_rate <= 1,000,000,000, got inf",
        ),
    ],
)
def test_an_impossible_setting_says_what_is_possible(settings, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        Optimizer.of(settings)


# -- by hand --------------------------------------------------------------------------------------


def test_parameters_are_changed_in_place_whatever_their_strides():
    whole = np.ones((3, 4))
    SGD(0.5).update(whole[:, 1], np.arange(6.0)[::-2])
    assert whole[:, 1].tolist() == [1 - 2.5, 1 - 1.5, 1 - 0.5]
    assert whole[:, [0, 2, 3]].tolist() == [[1, 1, 1]] * 3


def test_gradients_are_left_alone_even_if_they_are_the_parameters():
    gradients = np.ones(3)
    Adam().update(np.zeros(3), gradients)
    assert gradients.tolist() == [1, 1, 1]
    SGD(0.25).update(gradients, gradients)
    assert gradients.tolist() == [0.75] * 3


def test_moments_stay_from_call_to_call_and_belong_to_the_instance():
    one, other, a, b = Momentum(1.0, 0.5), Momentum(1.0, 0.5), np.zeros(1), np.zeros(1)
    one.update(a, np.ones(1))
    one.update(a, np.ones(1))
    other.update(b, np.ones(1))
    assert (a[0], b[0]) == (-2.5, -1)


@pytest.mark.parametrize(
    "again",
    [copy.copy, copy.deepcopy, replace, lambda optimizer: pickle.loads(pickle.dumps(optimizer))],
    ids=["copy", "deepcopy", "replace", "pickle"],
)
def test_a_copy_is_equal_and_begins_afresh(again):
    used, w = Momentum(1.0, 0.5), np.zeros(1)
    used.update(w, np.ones(1))
    assert (used, hash(used), repr(used)) == (Momentum(1.0, 0.5), hash(Momentum(1.0, 0.5)), repr(Momentum(1.0, 0.5)))
    w[...] = 0
    new = again(used)
    assert new == used
    new.update(w, np.ones(1))
    assert w[0] == -1


def test_another_learning_rate_begins_with_fresh_moments():
    first, w = Momentum(1.0, 0.5), np.zeros(1)
    first.update(w, np.ones(1))
    replace(first, learning_rate=0.5).update(w, np.ones(1))
    assert w[0] == -1.5


FIVE = np.ones(5)


@pytest.mark.parametrize(
    ("parameters", "gradients", "message"),
    [
        (np.ones((5, 1)), FIVE, "adam: expected parameters (n_parameters,), got (5, 1)"),
        (FIVE, np.float64(1), "adam: expected gradients as an array, got float64"),
        ([1.0] * 5, FIVE, "adam: expected parameters as an array, got list"),
        (np.ones(5, int), FIVE, "adam: expected parameters in float32 or float64, got int64"),
        (FIVE, np.ones(5, complex), "adam: expected gradients in float32 or float64, got complex128"),
        (FIVE, np.ones(4), "adam: expected gradients like the parameters, (5,) float64, got (4,) float64"),
        (FIVE, np.ones(5, "f"), "adam: expected gradients like the parameters, (5,) float64, got (5,) float32"),
        (np.ones(4), np.ones(4), "adam: this optimizer has the moments of 5 parameters in float64, got 4 in float64"),
        (np.ones(5, "f"), np.ones(5, "f"), "adam: this optimizer has the moments of 5 parameters in float64, got 5 in"),
        (np.broadcast_to(1.0, 5), FIVE, "adam: expected parameters that can be written to, got a read-only array"),
    ],
    ids=["2-D", "number", "list", "integers", "complex", "shapes", "precisions", "size", "precision", "read-only"],
)
def test_what_cannot_be_stepped_is_refused_and_nothing_has_changed(parameters, gradients, message):
    optimizer, w = Adam(), np.zeros(5)
    optimizer.update(w, FIVE)
    before = np.array(parameters)
    with pytest.raises(ValueError, match=f"^{re.escape(message)}"):
        optimizer.update(parameters, gradients)
    assert np.array_equal(parameters, before)
    twin, v = Adam(), np.zeros(5)
    for _ in range(2):
        twin.update(v, FIVE)
    optimizer.update(w, FIVE)
    assert np.array_equal(w, v)


def test_a_refused_first_call_does_not_settle_the_size():
    optimizer = Adam()
    with pytest.raises(ValueError, match="expected gradients like"):
        optimizer.update(np.ones(5), np.ones(4))
    optimizer.update(np.ones(3), np.ones(3))


def test_gradients_that_overflow_give_no_warnings():
    w = np.zeros(2)
    Adam().update(w, np.array([1e300, 1.0]))
    assert w[1] < 0


@pytest.mark.parametrize("name", NAMES)
def test_no_parameters_at_all_are_no_mistake(name):
    Optimizer.named(name)().update(np.zeros(0), np.zeros(0))
