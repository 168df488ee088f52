"""Figures for people. The numbers called scikit-learn's were computed by its version 1.9 from the same classes."""

import numpy as np
import pytest

import nncore as nn
from nncore.metrics import MAX_CLASSES, accuracy, confusion_matrix, f1, precision, r2, recall


def column(*values: float) -> np.ndarray:
    return np.array(values).reshape(-1, 1)


def said(classes: list[int], n_classes: int) -> np.ndarray:
    """Outputs, (n_samples, n_classes), that are largest for these classes."""
    return 0.3 * np.eye(n_classes)[classes] + 0.1


TRUE, SAID = [0, 0, 1, 1, 2, 2], [0, 1, 1, 1, 0, 3]
"""Of four classes; 2 is never said, 3 has no samples."""
OUTPUTS, ONE_HOT, NUMBERS = said(SAID, 4), np.eye(4)[TRUE], column(*TRUE)
TRUE_OF_TWO, SAID_OF_TWO = np.array([1, 0, 1, 1, 0, 0, 1, 0]), np.array([1, 1, 0, 1, 0, 0, 1, 1])
MATRIX_OF_TWO = [[2, 2], [1, 3]]
ALL = [accuracy, confusion_matrix, precision, recall, f1, r2]
OF_CLASSES = ALL[:-1]


def test_accuracy_is_the_share_of_right_classes():
    assert accuracy(column(0.3, -0.2, -0.1, 0.9), column(1, -1, 1, 1)) == 0.75
    assert accuracy(column(0.3, 0.6, 0.7, 0.2), column(0, 1, 0, 1)) == 0.5
    assert accuracy(np.array([[0.1, 0.7, 0.2], [0.5, 0.3, 0.2]]), np.eye(3)[[1, 2]]) == 0.5


def test_a_threshold_can_be_given_where_targets_do_not_tell_it():
    outputs, all_positive = column(0.3, -0.3), column(1, 1)
    assert accuracy(outputs, all_positive, threshold=0) == 0.5
    assert confusion_matrix(outputs, all_positive, threshold=0).tolist() == [[0, 0], [1, 1]]


@pytest.mark.parametrize("low", [-1, 0])
def test_an_output_at_the_threshold_means_the_second_class(low):
    edge = (low + 1) / 2
    targets = column(low, 1)
    assert accuracy(column(np.nextafter(edge, -1), edge), targets) == 1
    assert confusion_matrix(column(edge, edge), targets).tolist() == [[0, 1], [0, 1]]
    assert accuracy(column(0.25, 0.25), column(0.25, 0.75), threshold=0.25) == 1, "for a target too"


def test_an_output_that_is_not_a_number_is_wrong():
    assert accuracy(column(np.nan, 0.5), column(-1, 1)) == 0.5
    assert accuracy(column(np.nan), column(0)) == 0
    assert accuracy(np.array([[np.nan, 0.5]]), np.array([[0, 1]])) == 0
    assert accuracy(np.array([[np.inf, 0.5]]), np.array([[1, 0]])) == 0


@pytest.mark.parametrize("metric", OF_CLASSES)
def test_targets_may_be_one_hot_or_class_numbers(metric):
    assert np.array_equal(metric(OUTPUTS, ONE_HOT), metric(OUTPUTS, NUMBERS))


def test_the_confusion_matrix_has_true_classes_as_rows():
    assert confusion_matrix(OUTPUTS, NUMBERS).tolist() == [[1, 1, 0, 0], [0, 2, 0, 0], [1, 0, 0, 1], [0, 0, 0, 0]]
    assert accuracy(OUTPUTS, NUMBERS) == 0.5


@pytest.mark.parametrize(("low", "edge"), [(-1, 0.0), (0, 0.5)])
def test_figures_of_two_classes_agree_with_scikit_learn(low, edge):
    outputs = column(*np.where(SAID_OF_TWO, edge + 0.2, edge - 0.2))
    targets = column(*np.where(TRUE_OF_TWO, 1.0, low))
    assert confusion_matrix(outputs, targets).tolist() == MATRIX_OF_TWO
    assert accuracy(outputs, targets) == 0.625
    assert precision(outputs, targets) == pytest.approx(0.6, abs=1e-15)
    assert recall(outputs, targets) == pytest.approx(0.75, abs=1e-15)
    assert f1(outputs, targets) == pytest.approx(0.6666666666666666, abs=1e-15)
    assert precision(outputs, targets, average=None) == pytest.approx([2 / 3, 0.6], abs=1e-15)
    assert recall(outputs, targets, average=None) == pytest.approx([0.5, 0.75], abs=1e-15)
    assert f1(outputs, targets, average=None) == pytest.approx([4 / 7, 2 / 3], abs=1e-15)


def test_figures_of_several_classes_agree_with_scikit_learn_and_are_0_where_there_is_nothing_to_divide_by():
    assert precision(OUTPUTS, NUMBERS, average=None) == pytest.approx([0.5, 2 / 3, 0, 0], abs=1e-15)
    assert recall(OUTPUTS, NUMBERS, average=None) == pytest.approx([0.5, 1, 0, 0], abs=1e-15)
    assert f1(OUTPUTS, NUMBERS, average=None) == pytest.approx([0.5, 0.8, 0, 0], abs=1e-15)
    assert precision(OUTPUTS, NUMBERS) == pytest.approx(0.29166666666666663, abs=1e-15)
    assert recall(OUTPUTS, NUMBERS) == pytest.approx(0.375, abs=1e-15)
    assert f1(OUTPUTS, NUMBERS) == pytest.approx(0.325, abs=1e-15)


def test_a_sample_without_an_answer_still_counts_as_one_of_its_class():
    outputs = OUTPUTS.copy()
    outputs[3] = np.nan  # class 1, till now found
    assert confusion_matrix(outputs, NUMBERS)[1].tolist() == [0, 1, 0, 0]
    assert recall(outputs, NUMBERS, average=None) == pytest.approx([0.5, 0.5, 0, 0], abs=1e-15)
    assert precision(outputs, NUMBERS, average=None) == pytest.approx([0.5, 0.5, 0, 0], abs=1e-15)
    single = column(0.9, np.nan, 0.2)
    assert confusion_matrix(single, column(1, 1, 0)).tolist() == [[1, 0], [0, 1]]
    assert recall(single, column(1, 1, 0)) == 0.5


def test_r2_agrees_with_scikit_learn():
    assert r2(column(2.5, 0, 2, 8), column(3, -0.5, 2, 7)) == pytest.approx(0.9486081370449679, abs=1e-15)
    outputs, targets = np.array([[0.0, 2], [-1, 2], [8, -5]]), np.array([[0.5, 1], [-1, 1], [7, -6]])
    assert r2(outputs, targets) == pytest.approx(0.9368005266622779, abs=1e-15)


def test_r2_of_the_mean_is_0_and_of_worse_is_less():
    targets = column(1, 2, 3)
    assert r2(targets, targets) == 1
    assert r2(column(2, 2, 2), targets) == 0
    assert r2(column(3, 2, 1), targets) == -3


def test_r2_of_targets_that_are_all_the_same_is_1_or_0():
    same = column(0.1, 0.1, 0.1)
    assert r2(same, same) == 1
    assert r2(column(0.1, 0.1, 0.2), same) == 0
    half = np.array([[1.0, 2], [1, 3], [1, 5]]), np.array([[1.0, 2], [1, 4], [2, 5]])
    assert r2(half[1], half[0]) == pytest.approx(0.39285714285714285, abs=1e-15)


def test_r2_of_what_is_not_a_number_is_not_a_number():
    assert np.isnan(r2(column(1, np.nan), column(1, 2)))
    assert np.isnan(r2(column(1, np.nan), column(1, 1)))


@pytest.mark.parametrize("metric", ALL)
def test_what_does_not_fit_is_refused_by_name(metric):
    name = metric.__name__
    with pytest.raises(ValueError, match=rf"^{name}: outputs are \(3, 1\), targets \(3, 2\)$"):
        metric(np.ones((3, 1)), np.ones((3, 2)))
    with pytest.raises(ValueError, match=rf"^{name}: outputs are \(3, 2\), targets \(2, 2\)$"):
        metric(np.ones((3, 2)), np.ones((2, 2)))
    with pytest.raises(ValueError, match=rf"^{name}: outputs are \(3,\), targets \(3,\)$"):
        metric(np.ones(3), np.ones(3))
    with pytest.raises(ValueError, match=rf"^{name}: expected at least one sample, got outputs \(0, 1\)$"):
        metric(np.ones((0, 1)), np.ones((0, 1)))
    with pytest.raises(ValueError, match=rf"^{name}: the target in row 2 is not a number$"):
        metric(np.ones((2, 1)), column(1, np.nan))
    with pytest.raises(ValueError, match=rf"^{name}: outputs: expected numbers, got 'a' in row 1, column 1$"):
        metric(np.array([["a"]]), np.ones((1, 1)))
    with pytest.raises(ValueError, match=rf"^{name}: outputs: expected rows of equal length$"):
        metric([[1, 2], [1]], np.ones((2, 1)))
    with pytest.raises(ValueError, match=rf"^{name}: targets: expected numbers, got None in row 1, column 1$"):
        metric(np.ones((1, 1)), [[None]])


@pytest.mark.parametrize("metric", OF_CLASSES)
@pytest.mark.parametrize("wrong", ["x", [], np.ones(3), np.nan, np.inf, 1j, True], ids=repr)
def test_a_threshold_is_one_finite_number(metric, wrong):
    with pytest.raises(ValueError, match=rf"^{metric.__name__}: expected a number as threshold, got "):
        metric(column(0, 1), column(0, 1), wrong)


def test_a_confusion_matrix_has_a_size_that_fits_the_memory():
    outputs = np.zeros((1, MAX_CLASSES + 1))
    with pytest.raises(ValueError, match=r"^confusion_matrix: expected at most 5,000 classes, got 5,001$"):
        confusion_matrix(outputs, column(0))
    assert recall(outputs, column(0)) == 1 / 5001, "the figures need no matrix"


@pytest.mark.parametrize("metric", OF_CLASSES)
@pytest.mark.parametrize("wrong", [0.5, -1, 4])
def test_a_target_that_is_no_class_is_refused(metric, wrong):
    with pytest.raises(
        ValueError, match=rf"^{metric.__name__}: expected classes 0 … 3 as targets, got {wrong} in row 2$"
    ):
        metric(said([0, 1], 4), column(0, wrong))


def test_an_unknown_average_is_refused():
    for wrong in ("micro", np.ones(2)):
        with pytest.raises(ValueError, match=r"^f1: expected average 'macro' or None, got "):
            f1(OUTPUTS, NUMBERS, average=wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize("dtype", ["uint8", "bool", "float16"])
def test_r2_of_any_type_of_number_is_that_of_the_numbers(dtype):
    outputs, targets = np.array([[1], [1], [0]], dtype), np.array([[0], [1], [1]], dtype)
    assert r2(outputs, targets) == pytest.approx(-2, abs=1e-15)


def test_the_module_offers_the_figures_and_nothing_else():
    assert nn.metrics.__all__ == sorted(metric.__name__ for metric in ALL)
