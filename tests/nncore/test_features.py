"""Input features: what the network is given of a point of the plane."""

import numpy as np
import pytest

import nncore as nn

NINE = ["x1", "x2", "x1_squared", "x2_squared", "x1_x2", "sin_x1", "sin_x2", "cos_x1", "cos_x2"]


def test_the_nine_features_of_a_point():
    points = np.array([[3.0, -2.0]])
    values = nn.features.transform(points, NINE)
    assert values.tolist() == [[3, -2, 9, 4, -6, np.sin(3), np.sin(-2), np.cos(3), np.cos(-2)]]


def test_the_nine_features_in_the_order_of_a_palette():
    assert nn.Feature.names()[:9] == NINE
    labels = [nn.feature(name).label for name in NINE]
    assert labels == ["x₁", "x₂", "x₁²", "x₂²", "x₁x₂", "sin x₁", "sin x₂", "cos x₁", "cos x₂"]


def test_formulas_stand_among_the_names():
    points = np.array([[3.0, -2.0], [0.0, 1.0]])
    values = nn.features.transform(points, ["3 x1 - x2", "x2", "1/x1", "7"])
    assert values.tolist() == [[11, -2, 1 / 3, 7], [-1, 1, 0, 7]]
    assert nn.features.transform(points, "x1+x2").tolist() == [[1], [1]]


def test_a_feature_is_found_by_its_name_or_made_of_a_formula():
    assert nn.feature("x1_squared") == nn.Feature.of("x1_squared")
    assert nn.feature("x1 ^ 2") == nn.Formula("x1^2")
    for text in ("x1", " x1 ", "(x)", "x₁"):
        assert nn.feature(text) == nn.Feature.of("x1"), "a formula that is a feature's name is that feature"


def test_a_feature_tells_which_coordinates_it_depends_on():
    of = {name: nn.feature(name).variables for name in [*NINE, "sin(3 x2)", "x2*x1", "7"]}
    assert of == {name: tuple(v for v in ("x1", "x2") if v in name) for name in NINE} | {
        "sin(3 x2)": ("x2",),
        "x2*x1": ("x1", "x2"),
        "7": (),
    }


def test_formulas_are_in_no_palette():
    nn.Formula("x1+x2")
    assert "x1+x2" not in nn.Feature.names()


def test_features_come_in_the_order_asked_for_and_leave_the_points_alone():
    points = np.array([[1.0, 2.0], [3.0, 4.0]])
    values = nn.features.transform(points, ["x2", "x1"])
    assert values.tolist() == [[2, 1], [4, 3]]
    values[...] = 0
    assert points.tolist() == [[1, 2], [3, 4]]


def test_every_feature_is_one_number_per_point(rng):
    assert nn.features.transform(rng.normal(0, 1, (5, 2)), nn.Feature.names()).shape == (5, len(nn.Feature.names()))


def test_impossible_features_say_what_is_possible():
    with pytest.raises(ValueError, match=r"^features: expected points \(n_samples, 2\), got \(5, 3\)$"):
        nn.features.transform(np.ones((5, 3)), ["x1"])
    for none in ([], (), iter([])):
        with pytest.raises(ValueError, match=r"^features: expected at least one name$"):
            nn.features.transform(np.ones((5, 2)), none)  # type: ignore[arg-type]
    for wrong in (5, None, [None], ["x1", 5]):
        with pytest.raises(ValueError, match=r"^features: names: expected names, got (5|None)$"):
            nn.features.transform(np.ones((5, 2)), wrong)  # type: ignore[arg-type]
    with pytest.raises(nn.FormulaError, match=r"^unknown name 'x3' at position 1; possible: x1, x2, "):
        nn.features.transform(np.ones((5, 2)), ["x3"])


def test_names_may_come_from_anything_that_gives_them_in_turn_or_be_a_single_one():
    points = np.array([[3.0, -2.0]])
    assert nn.features.transform(points, (name for name in ("x2", "x1"))).tolist() == [[-2, 3]]  # type: ignore[arg-type]
    assert nn.features.transform(points, "x1_x2").tolist() == [[-6]]


@pytest.mark.parametrize(
    ("points", "message"),
    [
        ([[1, 2], [1]], "expected rows of equal length"),
        ([["1", "2"]], "expected numbers, got '1' in row 1, column 1"),
        (np.array([["2026-01-01", "2026-01-02"]], "datetime64[D]"), "expected numbers, got .* in row 1, column 1"),
        ([[0, np.nan]], "row 1, column 2 is not a finite number: nan"),
    ],
    ids=["ragged", "text", "dates", "not a number"],
)
def test_points_that_are_no_numbers_are_refused(points, message):
    with pytest.raises(ValueError, match=f"^features: points: {message}$"):
        nn.features.transform(points, ["x1"])
