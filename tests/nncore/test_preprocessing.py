"""Standardization, the split into training and test, and one-hot labels."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nncore.preprocessing import Standardization, one_hot, split

# -- standardization --------------------------------------------------------------------------------


def test_standardized_inputs_have_mean_0_and_deviation_1(rng):
    X = rng.normal((5, -300, 1e-9), (2, 40, 1e-12), (200, 3))
    scaled = Standardization.of(X).apply(X)
    assert scaled.mean(axis=0) == pytest.approx([0, 0, 0], abs=1e-9)
    assert scaled.std(axis=0) == pytest.approx([1, 1, 1], abs=1e-12)


def test_the_formula_by_hand():
    standardization = Standardization.of([[1, 10], [3, 10], [5, 40]])
    assert standardization.mean.tolist() == [3, 20]
    np.testing.assert_allclose(standardization.scale, [np.sqrt(8 / 3), np.sqrt(200)], rtol=1e-15)
    assert Standardization([3, 20], [2, 10]).apply([[1, 10]]).tolist() == [[-1, -1]]
    assert Standardization([3, 20], [2, 10]).undo([[-1, -1]]).tolist() == [[1, 10]]


def test_undo_is_the_reverse_of_apply(rng):
    X = rng.normal(3, 5, (20, 4))
    standardization = Standardization.of(X)
    np.testing.assert_allclose(standardization.undo(standardization.apply(X)), X, rtol=1e-14)


def test_a_constant_column_becomes_0_and_keeps_its_scale():
    X = np.column_stack([np.full(7, 0.1), np.zeros(7), np.arange(7)])
    standardization = Standardization.of(X)
    assert standardization.scale[:2].tolist() == [1, 1], "0.1 has a deviation of 1e-17 by rounding"
    assert standardization.apply(X)[:, :2].tolist() == [[0, 0]] * 7
    assert Standardization.of([[4.0, 5.0]]).scale.tolist() == [1, 1]


@pytest.mark.parametrize("size", [1e-300, 1e300])
def test_very_small_and_very_large_numbers_neither_vanish_nor_overflow(size):
    X = np.array([[1.0], [2], [6]]) * size
    assert Standardization.of(X).apply(X) == pytest.approx(Standardization.of(X / size).apply(X / size), rel=1e-12)


def test_it_is_a_value(rng):
    X = rng.normal(0, 1, (5, 2))
    one, same, other = Standardization.of(X), Standardization.of(X.copy()), Standardization.of(X + 1)
    assert one == same
    assert hash(one) == hash(same)
    assert one != other
    assert one != "standardization"
    assert one.mean.dtype == one.scale.dtype == np.float64
    with pytest.raises(ValueError, match="read-only"):
        one.mean[0] = 1
    given = np.array([1.0, 2.0])
    kept = Standardization(given, [1, 1])
    given[0] = 9
    assert kept.mean.tolist() == [1, 2]


def test_inputs_are_left_alone_and_come_back_as_float64():
    X = np.array([[1, 2], [3, 4]], dtype=np.float32)
    assert Standardization.of(X).apply(X).dtype == np.float64
    assert X.tolist() == [[1, 2], [3, 4]]


def test_what_is_not_a_number_stays_visible():
    assert np.isnan(Standardization([0], [1]).apply([[np.nan]])).all()


def test_impossible_standardizations_are_refused():
    for X in (np.ones(3), np.ones((0, 3)), np.ones((3, 0))):
        with pytest.raises(
            ValueError, match=r"^standardization: expected X \(n_samples, n_inputs\), not empty, got \("
        ):
            Standardization.of(X)
    with pytest.raises(ValueError, match=r"^standardization: X: row 2, column 1 .*nan"):
        Standardization.of([[1, 2], [np.nan, 3]])
    with pytest.raises(ValueError, match=r"^standardization: expected inputs \(n_samples, 4\), got \(10, 3\)$"):
        Standardization(np.zeros(4), np.ones(4)).apply(np.ones((10, 3)))
    with pytest.raises(ValueError, match=r"^standardization: expected inputs \(n_samples, 4\), got \(4,\)$"):
        Standardization(np.zeros(4), np.ones(4)).undo(np.ones(4))
    for wrong in ("a", "1", 10**400, None, 1j):
        with pytest.raises(ValueError, match=r"^standardization: inputs: expected numbers, got .* in row 1, column 1$"):
            Standardization([0], [1]).apply([[wrong]])  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"^standardization: expected scale > 0, got 0\.0 for column 2$"):
        Standardization([0, 0], [1, 0])
    with pytest.raises(ValueError, match=r"^standardization: .*one shape \(n_inputs,\), got \(2,\) and \(1,\)$"):
        Standardization([0, 0], [1])


# -- split --------------------------------------------------------------------------------------------


@given(n=st.integers(4, 60), train=st.floats(0.01, 0.99), by_class=st.booleans(), seed=st.integers(0, 99))
def test_every_sample_is_in_one_part_with_its_own_target(n, train, by_class, seed):
    X, y = np.arange(2 * n).reshape(n, 2), np.arange(n)[:, None] % 2
    parts = [np.column_stack(part) for part in split(X, y, train, by_class=by_class, seed=seed)]
    assert sorted(np.concatenate(parts).tolist()) == np.column_stack([X, y]).tolist()


@pytest.mark.parametrize(
    ("n", "train", "n_train"), [(10, 0.8, 8), (10, 0.25, 2), (100, 0.29, 29), (2, 0.9, 1), (3, 0.1, 1)]
)
def test_the_first_part_has_its_share_and_neither_is_empty(n, train, n_train):
    first, second = split(np.ones((n, 3)), np.ones((n, 1)), train)
    assert [len(array) for array in first] == [n_train] * 2
    assert [len(array) for array in second] == [n - n_train] * 2


def test_samples_are_shuffled_and_the_same_seed_gives_the_same_parts():
    X, y = np.arange(50).reshape(-1, 1), np.zeros((50, 1))
    first, again, other = (split(X, y, seed=seed)[0][0].ravel().tolist() for seed in (1, 1, 2))
    assert first == again
    assert first != other
    assert first != sorted(first)


@pytest.mark.parametrize("form", ["labels", "column", "one-hot"])
def test_by_class_every_class_keeps_its_share(form):
    labels = np.repeat([0, 1, 2], [60, 30, 10])
    y = {"labels": labels, "column": labels[:, None], "one-hot": np.eye(3)[labels]}[form]
    (_, y_train), (_, y_test) = split(np.ones((100, 2)), y, 0.7, by_class=True)
    for part, counts in ((y_train, [42, 21, 7]), (y_test, [18, 9, 3])):
        numbers = part.argmax(axis=1) if form == "one-hot" else part.ravel()
        assert np.bincount(numbers).tolist() == counts
        assert numbers.tolist() != sorted(numbers)


def test_by_class_even_a_class_of_two_is_in_both_parts():
    labels = np.repeat([0, 1], [98, 2])
    for train in (0.05, 0.5, 0.95):
        (_, y_train), (_, y_test) = split(np.ones((100, 1)), labels, train, by_class=True)
        assert set(y_train) == set(y_test) == {0, 1}
        assert len(y_train) == pytest.approx(100 * train, abs=1)


def test_by_class_remainders_are_given_away_so_that_the_whole_share_is_kept():
    labels = np.repeat(range(5), 5)
    (_, y_train), _ = split(np.ones((25, 1)), labels, 0.5, by_class=True)
    assert len(y_train) == 12
    assert set(np.bincount(y_train)) == {2, 3}


def test_impossible_splits_are_refused():
    X, y = np.ones((4, 2)), np.array([0, 0, 0, 1])
    with pytest.raises(
        ValueError, match=r"^split: expected as many samples in X as in y, got shapes \(4, 2\) and \(3,\)$"
    ):
        split(X, y[:3])
    with pytest.raises(ValueError, match=r"^split: expected at least 2 samples, got 1$"):
        split(X[:1], y[:1])
    with pytest.raises(ValueError, match=r"^split: X: expected rows of equal length$"):
        split([[1, 2], [1]], [0, 1])
    with pytest.raises(ValueError, match=r"^split: y: expected numbers, got 'a' in row 1$"):
        split(X[:2], ["a", "b"])
    for train in (0, 1, -0.2, 5, float("nan"), "half", 0.5j, np.complex128(0.5)):
        with pytest.raises(ValueError, match=rf"^split: expected 0 < train < 1, got {re.escape(repr(train))}$"):
            split(X, y, train)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"^split: class 1 has one sample only; by_class needs two of each, one for "):
        split(X, y, by_class=True)
    for seed in (-1, "1", True, 0.5, None):
        with pytest.raises(ValueError, match=rf"^seed: expected a whole number >= 0, got {seed!r}$"):
            split(X, y, seed=seed)  # type: ignore[arg-type]


# -- one-hot ----------------------------------------------------------------------------------------


def test_one_hot_rows_have_a_single_1():
    assert one_hot([2, 0]).tolist() == [[0, 0, 1], [1, 0, 0]]
    assert one_hot(np.array([[1.0], [0.0]])).tolist() == [[0, 1], [1, 0]]
    assert one_hot([1], 3).tolist() == [[0, 1, 0]]
    assert one_hot([1]).dtype == np.float64


@pytest.mark.parametrize(
    ("labels", "n_classes", "message"),
    [
        ([0, 3], 3, r"expected whole labels 0 … 2, got 3 in row 2"),
        ([-1], None, r"expected whole labels 0 … 9999, got -1 in row 1"),
        ([0.5], 3, r"expected whole labels 0 … 2, got 0\.5 in row 1"),
        ([1e12], None, r"expected whole labels 0 … 9999, got 1e\+12 in row 1; give n_classes if there are more"),
        ([], None, r"expected labels \(n_samples,\) or \(n_samples, 1\), got \(0,\)"),
        (np.ones((2, 2)), None, r"expected labels \(n_samples,\) or \(n_samples, 1\), got \(2, 2\)"),
        ([0], 0, r"n_classes: expected a whole number >= 1, got 0"),
        ([0], 2.5, r"n_classes: expected a whole number >= 1, got 2\.5"),
        ([0], "x", r"n_classes: expected a whole number >= 1, got 'x'"),
        ([0], np.nan, r"n_classes: expected a whole number >= 1, got nan"),
        ([0], np.inf, r"n_classes: expected a whole number >= 1, got inf"),
        ([0], [], r"n_classes: expected a whole number >= 1, got \[\]"),
        ([0], {}, r"n_classes: expected a whole number >= 1, got \{\}"),
        ([0, 1], 10**12, r"2 labels of 1,000,000,000,000 classes are more than 100,000,000 numbers"),
        (np.full(20_000, 9999), None, r"20,000 labels of 10,000 classes are more than 100,000,000 numbers"),
        ([np.nan], 2, r"labels: row 1 .*nan"),
        (["a"], 2, r"labels: expected numbers.*"),
    ],
)
def test_labels_that_are_no_classes_are_refused(labels, n_classes, message):
    with pytest.raises(ValueError, match=f"^one_hot: {message}$"):
        one_hot(labels, n_classes)
