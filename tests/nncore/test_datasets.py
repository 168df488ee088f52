"""The data sets, by their formulas."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nncore as nn

ALL = nn.Dataset.names()
POINTS_STAY = ("circle", "xor")
"""Data sets whose noise flips labels."""


def norms(X: np.ndarray) -> np.ndarray:
    return np.hypot(X[:, 0], X[:, 1])


@given(name=st.sampled_from(ALL), n=st.integers(1, 101), noise=st.floats(0, 0.5), seed=st.integers(0, 2**31 - 1))
def test_any_data_set_has_as_many_points_as_asked_for(name, n, noise, seed):
    X, y = nn.Dataset.named(name)().generate(n, noise, seed)
    assert X.shape == (n, 2)
    assert y.shape == (n, 1)
    assert set(y.ravel()) <= {-1, 1}
    assert np.isfinite(X).all()


@pytest.mark.parametrize("name", ALL)
def test_the_same_seed_gives_the_same_points(name):
    make = nn.Dataset.named(name)().generate
    first, again, other = make(50, 0.1, 3), make(50, 0.1, 3), make(50, 0.1, 4)
    assert np.array_equal(first[0], again[0])
    assert np.array_equal(first[1], again[1])
    assert not np.array_equal(first[0], other[0])


@pytest.mark.parametrize("name", ALL)
def test_both_classes_are_there_and_mixed_by_shuffling(name):
    _, y = nn.Dataset.named(name)().generate(200)
    assert abs(y.mean()) < 0.3
    assert abs(y[:100].mean()) < 0.4


@pytest.mark.parametrize("name", ALL)
def test_without_noise_the_points_lie_in_the_domain(name):
    dataset = nn.Dataset.named(name)()
    low, high = dataset.domain
    X, _ = dataset.generate(300)
    assert low <= X.min()
    assert X.max() <= high


@pytest.mark.parametrize("name", ["circle", "gauss", "spiral"])
def test_an_odd_number_leaves_the_smaller_half_to_the_first_class(name):
    _, y = nn.Dataset.named(name)().generate(7)
    assert int((y > 0).sum()) == 3


@pytest.mark.parametrize("name", POINTS_STAY)
def test_noise_flips_labels_near_the_border_and_moves_no_point(name):
    make = nn.Dataset.named(name)().generate
    X, y = make(2000, noise=0.0, seed=1)
    moved, noisy_y = make(2000, noise=0.3, seed=1)
    assert np.array_equal(X, moved)
    assert 0.01 < np.mean(y != noisy_y) < 0.4


@pytest.mark.parametrize("name", [name for name in ALL if name not in POINTS_STAY])
def test_noise_moves_points_and_flips_no_label(name):
    make = nn.Dataset.named(name)().generate
    X, y = make(200, noise=0.0, seed=1)
    moved, noisy_y = make(200, noise=0.3, seed=1)
    assert not np.array_equal(X, moved)
    assert np.array_equal(y, noisy_y)


def test_the_circle_is_a_disc_inside_a_ring():
    X, y = nn.datasets.circle(2000, seed=1)
    r, inside = norms(X), y.ravel() > 0
    assert 2.4 < r[inside].max() < 2.5  # R/2
    assert 3.5 <= r[~inside].min() < 3.52  # 0.7 R
    assert 4.98 < r[~inside].max() < 5  # R


def test_xor_has_the_sign_of_the_product_and_keeps_off_the_axes():
    X, y = nn.datasets.xor(2000, seed=1)
    assert np.array_equal(y.ravel(), np.sign(X[:, 0] * X[:, 1]))
    assert 0.3 <= np.abs(X).min() < 0.31
    assert 5.28 < np.abs(X).max() < 5.3


def test_the_truth_table_of_xor_has_its_four_rows():
    X, y = nn.datasets.xor_truth_table(4)
    assert sorted(zip(*X.T.tolist(), y.ravel().tolist(), strict=True)) == [(0, 0, -1), (0, 1, 1), (1, 0, 1), (1, 1, -1)]
    assert nn.datasets.XorTruthTable.exhaustive


def test_gauss_is_two_normal_clouds_that_noise_widens():
    for noise in (0.0, 0.5):
        X, y = nn.datasets.gauss(20_000, noise=noise, seed=1)
        for label, centre in ((1, 2), (-1, -2)):
            cloud = X[y.ravel() == label]
            assert cloud.mean(axis=0) == pytest.approx([centre, centre], abs=0.1)
            assert cloud.var(axis=0) == pytest.approx([0.5 + 7 * noise] * 2, rel=0.05)


def test_the_spiral_winds_by_its_formula():
    X, y = nn.datasets.spiral(200)
    for label, phase in ((1, 0), (-1, np.pi)):
        arm = X[y.ravel() == label]
        arm = arm[np.argsort(norms(arm))]
        i = np.arange(100)
        r, t = 5 * i / 100, 1.75 * 2 * np.pi * i / 100 + phase
        np.testing.assert_allclose(arm, np.stack([r * np.sin(t), r * np.cos(t)], axis=1), atol=1e-12)


def test_the_noise_of_the_spiral_is_uniform_in_a_square():
    exact, _ = nn.datasets.spiral(2000, noise=0.0, seed=2)
    moved, _ = nn.datasets.spiral(2000, noise=0.5, seed=2)
    distance = np.abs(moved - exact)
    assert 0.49 < distance.max() <= 0.5
    assert distance.mean() == pytest.approx(0.25, rel=0.05)


def test_the_functions_are_the_registered_data_sets():
    for name in ALL:
        X, y = getattr(nn.datasets, name)(20, noise=0.1, seed=3)
        points, expected_y = nn.Dataset.named(name)().generate(20, 0.1, 3)
        assert np.array_equal(X, points)
        assert np.array_equal(y, expected_y)


def test_impossible_wishes_say_what_is_possible():
    with pytest.raises(ValueError, match=r"^n_samples: expected a number >= 1, got 0$"):
        nn.datasets.xor(0)
    for noise in (-0.1, 0.6, float("nan")):
        with pytest.raises(ValueError, match=f"^{re.escape(f'noise: expected 0 <= noise <= 0.5, got {noise}')}$"):
            nn.datasets.xor(10, noise=noise)
