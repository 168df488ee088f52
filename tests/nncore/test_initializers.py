"""How first weights are drawn: the spread of every rule, orthogonal matrices, biases."""

import numpy as np
import pytest

from nncore.initializers import Initializer, Normal, Orthogonal, Uniform

UNITS, INPUTS = 300, 200
LIMITS = {
    "glorot_uniform": np.sqrt(6 / 500),
    "he_uniform": np.sqrt(6 / 200),
    "lecun_uniform": np.sqrt(3 / 200),
    "uniform": 0.5,
}
NORMAL_VARIANCES = {"glorot_normal": 2 / 500, "he_normal": 2 / 200, "lecun_normal": 1 / 200, "normal": 0.01}
# Columns of length 1 in 300 dimensions.
VARIANCES = {name: r**2 / 3 for name, r in LIMITS.items()} | NORMAL_VARIANCES | {"orthogonal": 1 / 300, "zeros": 0}


@pytest.mark.parametrize("name", VARIANCES)
def test_first_weights_have_the_spread_of_their_rule(name, rng):
    weights = Initializer.of(name).weights(rng, UNITS, INPUTS)
    assert weights.shape == (UNITS, INPUTS)
    assert weights.dtype == np.float64
    assert weights.mean() == pytest.approx(0, abs=3e-3)
    assert weights.var() == pytest.approx(VARIANCES[name], rel=0.02)


@pytest.mark.parametrize("name", LIMITS)
def test_uniform_weights_fill_their_range_and_keep_within_it(name, rng):
    largest = np.abs(Initializer.of(name).weights(rng, UNITS, INPUTS)).max()
    assert 0.999 * LIMITS[name] < largest <= LIMITS[name]


@pytest.mark.parametrize("name", NORMAL_VARIANCES)
def test_normal_weights_have_the_tails_of_the_bell_curve(name, rng):
    weights = Initializer.of(name).weights(rng, UNITS, INPUTS)
    assert np.mean(np.abs(weights) > 2 * np.sqrt(NORMAL_VARIANCES[name])) == pytest.approx(0.0455, abs=0.003)


def test_the_spread_of_every_initializer_is_known_here():
    assert set(VARIANCES) == set(Initializer.names())


@pytest.mark.parametrize("name", Initializer.names())
def test_the_same_generator_draws_the_same_weights_and_one_unit_is_no_mistake(name):
    draw = Initializer.of(name).weights
    first, again = (draw(np.random.default_rng(3), 4, 3) for _ in range(2))
    assert np.array_equal(first, again)
    assert draw(np.random.default_rng(3), 1, 1).shape == (1, 1)


def test_biases_begin_at_zero_but_for_the_rule_of_the_tensorflow_playground():
    first = {name: Initializer.of(name).bias for name in Initializer.names()}
    assert first == {name: 0.1 if name == "uniform" else 0 for name in first}
    assert Uniform(bias=-0.2).bias == -0.2


@pytest.mark.parametrize(("units", "inputs"), [(5, 5), (7, 3), (3, 7), (1, 4), (4, 1)])
def test_an_orthogonal_matrix_keeps_lengths_times_its_gain(units, inputs, rng):
    weights = Orthogonal(gain=2).weights(rng, units, inputs)
    product = weights @ weights.T if units <= inputs else weights.T @ weights
    assert weights.shape == (units, inputs)
    assert product == pytest.approx(4 * np.eye(min(units, inputs)), abs=1e-14)


def test_every_orthogonal_matrix_is_as_likely_as_its_negative(rng):
    first = [Orthogonal().weights(rng, 2, 2) for _ in range(2000)]
    assert np.mean(first, axis=0) == pytest.approx(np.zeros((2, 2)), abs=0.06)
    assert np.mean([np.linalg.det(matrix) > 0 for matrix in first]) == pytest.approx(0.5, abs=0.05)


def test_the_spread_can_be_set(rng):
    assert np.abs(Uniform(limit=2).weights(rng, UNITS, INPUTS)).max() == pytest.approx(2, rel=1e-3)
    assert Normal(std=3).weights(rng, UNITS, INPUTS).std() == pytest.approx(3, rel=0.02)
    for kind, message in (
        (Uniform, "uniform: expected 0 < limit <= 1000"),
        (Normal, "normal: expected 0 < std <= 1000"),
    ):
        with pytest.raises(ValueError, match=f"^{message}, got 0$"):
            kind(0)


@pytest.mark.parametrize("name", Initializer.names())
def test_what_is_no_generator_and_no_size_is_refused(name, rng):
    draw = Initializer.of(name).weights
    with pytest.raises(ValueError, match=f"^{name}: units: expected a whole number >= 1, got 'x'$"):
        draw(rng, "x", 2)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=f"^{name}: inputs: expected a whole number >= 1, got 0$"):
        draw(rng, 2, 0)
    with pytest.raises(ValueError, match=f"^{name}: expected a numpy.random.Generator as rng, got 3$"):
        draw(3, 2, 2)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", Initializer.names())
def test_the_largest_settings_give_weights_that_float32_can_hold(name, rng):
    kind = Initializer.named(name)
    largest = kind(**{key: option.at_most for key, option in kind.options.items()})
    weights = largest.weights(rng, 4, 3)
    assert np.isfinite(weights.astype(np.float32)).all()
    assert np.abs(weights).max() < 1e4
