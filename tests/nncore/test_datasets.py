"""The data sets, by their formulas; and the files of those that were measured."""

import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nncore as nn
from nncore.datasets import measured

ALL = nn.Dataset.names()
SURFACES = ["plane", "gaussians", "sine", "saddle"]
PICTURES = ["digits", "images"]
PLANAR = [name for name in ALL if name not in ("iris", *PICTURES)]
POINTS_STAY = ["circle", "xor", "checkerboard", *SURFACES]
"""Data sets whose noise changes what is to be learned, and moves no point."""
WITH_CLASSES = [
    *[("spiral", "arms", k) for k in range(2, 7)],
    *[("rings", "classes", k) for k in range(2, 7)],
    *[("blobs", "classes", k) for k in range(2, 9)],
]
FIRST_THREE = {
    "circle": (
        [
            [2.1494631758491, 3.200390071695156],
            [1.9180084842368055, -4.292926399135483],
            [-0.10569386064753283, -0.18621877395659667],
        ],
        [-1, -1, 1],
    ),
    "xor": (
        [
            [3.3127446520639685, 1.1216203606436779],
            [-4.358713577596008, -0.9687305976352623],
            [-4.443508328563756, -2.931894934039003],
        ],
        [1, 1, 1],
    ),
    "xor_truth_table": (
        [
            [0.03012744652063969, 1.0082162036064368],
            [-0.04143508328563757, -0.02631894934039003],
            [0.9594128642240399, -0.0066873059763526204],
        ],
        [1, -1, 1],
    ),
    "gauss": (
        [
            [-1.5419956607627918, -2.6219604414841813],
            [4.235714881652578, -0.7995907741558486],
            [-2.495852455855273, -2.23617485911677],
        ],
        [-1, 1, -1],
    ),
    "spiral": (
        [
            [0.06025489304127938, 0.01643240721287356],
            [-0.08287016657127513, -0.05263789868078006],
            [1.6865926814144507, -1.7811415649190718],
        ],
        [-1, 1, -1],
    ),
}
"""Three samples with noise 0.1 and seed 3, as the first version of the program drew them."""


def norms(X: np.ndarray) -> np.ndarray:
    return np.hypot(X[:, 0], X[:, 1])


def made(name: str, **options) -> nn.Dataset:
    return nn.Dataset.of({"name": name, **options})


def possible_labels(dataset: nn.Dataset) -> set[float]:
    return {-1, 1} if dataset.n_classes == 2 else set(range(dataset.n_classes))


# -- what all have in common ------------------------------------------------------------------------


@given(name=st.sampled_from(ALL), n=st.integers(1, 101), noise=st.floats(0, 0.8), seed=st.integers(0, 2**31 - 1))
def test_any_data_set_has_as_many_samples_as_asked_for(name, n, noise, seed):
    dataset = made(name)
    X, y = dataset.generate(n, noise, seed)
    assert X.shape == (n, dataset.n_inputs)
    assert y.shape == (n, 1)
    assert X.dtype == y.dtype == np.float64
    assert np.isfinite(X).all()
    assert np.isfinite(y).all()
    assert dataset.task == "regression" or set(y.ravel()) <= possible_labels(dataset)


@pytest.mark.parametrize("name", ALL)
def test_a_data_set_says_what_it_is_before_it_is_drawn(name):
    dataset = made(name)
    expected = {0: "regression", 2: "binary"}
    assert dataset.task == expected.get(dataset.n_classes, "classes")
    assert len(dataset.class_names) == len(set(dataset.class_names)) == dataset.n_classes
    assert len(dataset.input_names) == len(set(dataset.input_names)) == dataset.n_inputs
    assert dataset.shape is None or np.prod(dataset.shape) == dataset.n_inputs
    assert dataset.label
    assert type(dataset).__doc__
    assert "oise" in (type(dataset).__doc__ or ""), "what noise means is said"


def test_the_labels_that_a_person_reads_are_unique():
    labels = [kind.label for kind in nn.Dataset.registry.values()]
    assert len(set(labels)) == len(labels)


@pytest.mark.parametrize("name", ALL)
def test_without_a_number_there_are_500_samples_or_all_there_are(name):
    dataset = made(name)
    assert len(dataset.generate()[0]) == (dataset.size or 500)


@pytest.mark.parametrize("name", ALL)
def test_the_same_seed_gives_the_same_samples(name):
    make = made(name).generate
    first, again, other = make(50, 0.1, 3), make(50, 0.1, 3), make(50, 0.1, 4)
    assert np.array_equal(first[0], again[0])
    assert np.array_equal(first[1], again[1])
    assert not np.array_equal(first[0], other[0])


@pytest.mark.parametrize("name", FIRST_THREE)
def test_a_seed_gives_the_samples_it_gave_in_the_first_version(name):
    X, y = made(name).generate(3, 0.1, 3)
    points, labels = FIRST_THREE[name]
    np.testing.assert_allclose(X, points, rtol=1e-14)
    assert y.ravel().tolist() == labels


@pytest.mark.parametrize("name", [name for name in ALL if name not in SURFACES])
def test_all_classes_are_there_and_mixed_by_shuffling(name):
    dataset = made(name)
    _, y = dataset.generate(min(300, dataset.size or 300))
    halves = y[: len(y) // 2], y[len(y) // 2 :]
    for part in (y, *halves):
        labels, counts = np.unique(part, return_counts=True)
        assert set(labels) == possible_labels(dataset)
        assert counts.min() > 0.6 * len(part) / dataset.n_classes * (0.5 if dataset.n_classes == 10 else 1)


@pytest.mark.parametrize(("name", "option", "k"), WITH_CLASSES)
def test_there_can_be_more_classes_and_all_have_equal_shares(name, option, k):
    dataset = made(name, **{option: k})
    X, y = dataset.generate(100 * k + 1, noise=0.0, seed=2)
    assert dataset.n_classes == k
    assert dataset.task == ("binary" if k == 2 else "classes")
    assert set(y.ravel()) == possible_labels(dataset)
    counts = np.unique(y, return_counts=True)[1]
    assert sorted(counts) == [100] * (k - 1) + [101]
    assert np.abs(X).max() <= 6.5


@pytest.mark.parametrize("name", ALL)
def test_without_noise_the_samples_lie_in_the_domain(name):
    dataset = made(name)
    low, high = dataset.domain
    X, _ = dataset.generate(min(300, dataset.size or 300))
    assert low <= X.min()
    assert X.max() <= high


@pytest.mark.parametrize("name", ["circle", "gauss", "spiral"])
def test_an_odd_number_leaves_the_smaller_half_to_the_first_class(name):
    _, y = made(name).generate(7)
    assert int((y > 0).sum()) == 3


@pytest.mark.parametrize("name", POINTS_STAY)
def test_noise_near_a_border_changes_what_is_to_be_learned_and_moves_no_point(name):
    make = made(name).generate
    X, y = make(2000, noise=0.0, seed=1)
    moved, noisy_y = make(2000, noise=0.3, seed=1)
    assert np.array_equal(X, moved)
    assert 0.01 < np.abs(y - noisy_y).mean() / 2 < 0.4


@pytest.mark.parametrize("name", [name for name in ALL if name not in POINTS_STAY])
def test_noise_moves_samples_and_flips_no_label(name):
    make = made(name).generate
    X, y = make(100, noise=0.0, seed=1)
    moved, noisy_y = make(100, noise=0.3, seed=1)
    assert not np.array_equal(X, moved)
    assert np.array_equal(y, noisy_y)


@pytest.mark.parametrize("name", ALL)
def test_with_the_most_noise_all_classes_are_still_there(name):
    dataset = made(name)
    X, y = dataset.generate(min(300, dataset.size or 300), noise=0.8, seed=1)
    assert np.isfinite(X).all()
    assert np.ptp(y) > 0 if name in SURFACES else set(y.ravel()) == possible_labels(dataset)


@pytest.mark.parametrize("name", ALL)
def test_the_functions_are_the_registered_data_sets(name):
    X, y = getattr(nn.datasets, name)(20, noise=0.1, seed=3)
    points, expected_y = made(name).generate(20, 0.1, 3)
    assert np.array_equal(X, points)
    assert np.array_equal(y, expected_y)


def test_the_functions_take_the_options_by_keyword():
    assert set(nn.datasets.spiral(60, arms=3)[1].ravel()) == {0, 1, 2}
    assert set(nn.datasets.blobs(classes=5)[1].ravel()) == {0, 1, 2, 3, 4}


def test_data_sets_with_the_same_options_are_equal():
    assert made("spiral") == made("spiral", arms=2)
    assert made("spiral") != made("spiral", arms=3)
    assert made("circle") == made("circle")
    assert made("circle") != made("xor")
    assert made("spiral", arms=3).config() == {"name": "spiral", "arms": 3}


@pytest.mark.parametrize(
    ("name", "wish", "message"),
    [
        ("xor", {"n_samples": 0}, "n_samples: expected a whole number >= 1, got 0"),
        ("xor", {"n_samples": 2.5}, "n_samples: expected a whole number >= 1, got 2.5"),
        ("xor", {"n_samples": "5"}, "n_samples: expected a whole number >= 1, got '5'"),
        ("iris", {"n_samples": 151}, "n_samples: iris has 150 samples, got 151"),
        ("xor", {"noise": -0.1}, "noise: expected 0 <= noise <= 0.8, got -0.1"),
        ("xor", {"noise": 0.9}, "noise: expected 0 <= noise <= 0.8, got 0.9"),
        ("xor", {"noise": float("nan")}, "noise: expected 0 <= noise <= 0.8, got nan"),
        ("xor", {"noise": "0"}, "noise: expected 0 <= noise <= 0.8, got '0'"),
        ("xor", {"noise": 0.1j}, "noise: expected 0 <= noise <= 0.8, got 0.1j"),
        ("xor", {"noise": np.complex128(0.1)}, f"noise: expected 0 <= noise <= 0.8, got {np.complex128(0.1)!r}"),
        ("xor", {"n_samples": 10_000_001}, "n_samples: expected a whole number <= 10,000,000, got 10000001"),
        ("rings", {"n_samples": 10**20}, f"n_samples: expected a whole number <= 10,000,000, got {10**20}"),
        ("spiral", {"name": "iris"}, "data set 'spiral' cannot have another name, got 'iris'"),
        ("xor", {"seed": -1}, "seed: expected a whole number >= 0, got -1"),
        ("xor", {"seed": 0.5}, "seed: expected a whole number >= 0, got 0.5"),
        ("spiral", {"arms": 7}, "spiral: expected a whole number 2 <= arms <= 6, got 7"),
        ("xor", {"arms": 3}, "data set 'xor' has no option arms; possible: none"),
    ],
)
def test_impossible_wishes_say_what_is_possible(name, wish, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        getattr(nn.datasets, name)(**wish)


# -- classes in the plane ---------------------------------------------------------------------------


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
    for noise in (0.0, 0.5, 0.8):
        X, y = nn.datasets.gauss(20_000, noise=noise, seed=1)
        for label, centre in ((1, 2), (-1, -2)):
            cloud = X[y.ravel() == label]
            assert cloud.mean(axis=0) == pytest.approx([centre, centre], abs=0.1)
            assert cloud.var(axis=0) == pytest.approx([0.5 + 7 * noise] * 2, rel=0.05)


@pytest.mark.parametrize("arms", [2, 3, 6])
def test_every_arm_of_the_spiral_winds_by_its_formula(arms):
    X, y = nn.datasets.spiral(100 * arms, arms=arms)
    for arm in range(arms):
        label = 1 - 2 * arm if arms == 2 else arm
        points = X[y.ravel() == label]
        points = points[np.argsort(norms(points))]
        i = np.arange(100)
        r, t = 5 * i / 100, 3.5 / arms * 2 * np.pi * i / 100 + 2 * np.pi * arm / arms
        np.testing.assert_allclose(points, np.stack([r * np.sin(t), r * np.cos(t)], axis=1), atol=1e-12)


def test_two_arms_of_the_spiral_go_round_one_and_three_quarter_times():
    assert nn.datasets.Spiral().turns == 1.75


def test_the_noise_of_the_spiral_is_uniform_in_a_square():
    exact, _ = nn.datasets.spiral(2000, noise=0.0, seed=2)
    moved, _ = nn.datasets.spiral(2000, noise=0.8, seed=2)
    distance = np.abs(moved - exact)
    assert 0.79 < distance.max() <= 0.8
    assert distance.mean() == pytest.approx(0.4, rel=0.05)


def test_the_moons_are_half_circles_that_reach_into_each_other():
    X, y = nn.datasets.moons(400)
    upper, lower = X[y.ravel() > 0], X[y.ravel() < 0]
    assert norms(upper - [-1.6, -0.8]) == pytest.approx(np.full(200, 3.2), abs=1e-12)
    assert norms(lower - [1.6, 0.8]) == pytest.approx(np.full(200, 3.2), abs=1e-12)
    assert upper[:, 1].min() < lower[:, 1].max()
    nearest = np.hypot(*(upper[:, None] - lower[None]).transpose(2, 0, 1)).min()
    assert nearest > 1, "without noise there is room between them"


def test_the_noise_of_the_moons_is_normal():
    exact, _ = nn.datasets.moons(10_000, noise=0.0, seed=1)
    moved, _ = nn.datasets.moons(10_000, noise=0.4, seed=1)
    assert (moved - exact).std(axis=0) == pytest.approx([0.8, 0.8], rel=0.05)
    assert np.abs(moved - exact).max() > 3 * 0.8


@pytest.mark.parametrize("cells", [2, 3, 8])
def test_the_squares_of_the_checkerboard_change_sign_by_turns(cells):
    X, y = nn.datasets.checkerboard(2000, seed=1, cells=cells)
    column, row = np.floor((X + 5) / (10 / cells)).T
    assert np.array_equal(y.ravel() > 0, (column + row) % 2 == 0)
    assert len(set(zip(column, row, strict=True))) == cells**2
    if cells == 2:
        assert np.array_equal(y.ravel(), np.sign(X[:, 0] * X[:, 1])), "two by two it is XOR"


def test_rings_lie_around_each_other_with_room_between():
    X, y = nn.datasets.rings(3000, classes=4, seed=1)
    edges = [(norms(X[y.ravel() == k]).min(), norms(X[y.ravel() == k]).max()) for k in range(4)]
    assert edges[-1][1] == pytest.approx(5, abs=0.02)
    for (_, outer), (inner, _) in pairwise(edges):
        assert inner - outer == pytest.approx(5 / 11, abs=0.05)


def test_blobs_are_normal_clouds_on_a_circle_that_noise_widens():
    for noise in (0.0, 0.5, 0.8):
        X, y = nn.datasets.blobs(20_000, noise, classes=5, seed=1)
        for number in range(5):
            cloud, angle = X[y.ravel() == number], 2 * np.pi * number / 5
            assert cloud.mean(axis=0) == pytest.approx([3.8 * np.sin(angle), 3.8 * np.cos(angle)], abs=0.1)
            assert cloud.std(axis=0) == pytest.approx([0.6 + 2 * noise] * 2, rel=0.05)


# -- values over the plane --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "formula"),
    [
        ("plane", lambda x1, x2: (x1 + x2) / 10),
        ("sine", lambda x1, x2: np.sin(x1)),
        ("saddle", lambda x1, x2: (x1**2 - x2**2) / 36),
    ],
)
def test_the_surfaces_have_their_formulas(name, formula):
    X, y = made(name).generate(200, seed=1)
    np.testing.assert_allclose(y.ravel(), formula(*X.T), atol=1e-15)


def test_there_are_three_hills_and_three_hollows():
    height = nn.datasets.Gaussians().height
    places = np.array([(-4, 2.5), (0, 2.5), (4, 2.5), (-4, -2.5), (0, -2.5), (4, -2.5), (0, 0), (-4, 1.5), (1, 2.5)])
    assert height(*places.T).tolist() == [1, -1, 1, -1, 1, -1, 0, 0.5, -0.5]


def test_the_noise_of_the_plane_moves_the_place_it_is_read_at():
    X, y = nn.datasets.plane(20_000, noise=0.5, seed=1)
    moved = 10 * y.ravel() - X.sum(axis=1)  # ε₁ + ε₂, each uniform in −3 … 3
    assert 5.5 < np.abs(moved).max() <= 6
    assert moved.var() == pytest.approx(2 * 3**2 / 3, rel=0.05)


# -- measured data ----------------------------------------------------------------------------------


def test_iris_has_50_flowers_of_each_species():
    X, y = nn.datasets.iris()
    assert X.shape == (150, 4)
    assert np.bincount(y.ravel().astype(int)).tolist() == [50, 50, 50]
    dataset = nn.datasets.Iris()
    assert dataset.class_names == ("setosa", "versicolor", "virginica")
    assert dataset.input_names == ("sepal length", "sepal width", "petal length", "petal width")
    np.testing.assert_allclose(X.mean(axis=0), [5.843, 3.057, 3.758, 1.199], atol=5e-4)
    np.testing.assert_allclose(X[y.ravel() == 0].mean(axis=0), [5.006, 3.428, 1.462, 0.246], atol=5e-4)


def test_the_noise_of_iris_is_a_share_of_each_deviation():
    X, _ = nn.datasets.iris(seed=4)
    moved = np.concatenate([nn.datasets.iris(noise=0.5, seed=seed)[0] for seed in range(40)])
    assert moved.std(axis=0) == pytest.approx(X.std(axis=0) * np.sqrt(1.25), rel=0.03)
    X[...] = 0
    assert nn.datasets.iris(seed=4)[0].all(), "what a caller does to his samples is his affair"


def test_digits_are_1797_pictures_of_ten_classes():
    X, y = nn.datasets.digits()
    assert X.shape == (1797, 64)
    assert np.bincount(y.ravel().astype(int)).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    assert (X.min(), X.max()) == (0, 1)
    assert np.array_equal(X * 16, np.round(X * 16))
    assert X.mean() * 16 == pytest.approx(4.884165, abs=1e-6)
    zero = X[y.ravel() == 0].mean(axis=0).reshape(8, 8)
    assert zero[3:5, 3:5].max() < 0.2 < zero[3:5, [2, 5]].min(), "a zero is hollow, and stands upright"


@pytest.mark.parametrize("name", PICTURES)
def test_pixels_stay_between_0_and_1_with_any_noise(name):
    X, _ = made(name).generate(50, noise=0.8)
    assert (X.min(), X.max()) == (0, 1)


def test_a_missing_data_file_is_one_clear_error(monkeypatch, tmp_path):
    monkeypatch.setattr(measured, "PLACES", (tmp_path / "a", tmp_path / "b"))
    measured._table.cache_clear()
    with pytest.raises(FileNotFoundError, match=r"^the data file iris\.csv is missing: it belongs into .*a or .*b; "):
        nn.datasets.iris()


# -- pictures ---------------------------------------------------------------------------------------


def test_there_are_209_faces_for_training_and_50_for_the_test():
    dataset = nn.datasets.Images()
    X, y = dataset.generate()
    assert X.shape == (259, 12288)
    assert (dataset.train_size, dataset.size, dataset.shape) == (209, 259, (64, 64, 3))
    assert dataset.class_names == ("sad", "happy")
    assert [(part > 0).sum() for part in (y[:209], y[209:])] == [105, 25]
    assert dataset.input_names[:4] == ("pixel 0,0 red", "pixel 0,0 green", "pixel 0,0 blue", "pixel 0,1 red")


def test_fewer_faces_are_the_first_of_all():
    X, y = nn.datasets.images(seed=5)
    first, labels = nn.datasets.images(30, seed=5)
    assert np.array_equal(first, X[:30])
    assert np.array_equal(labels, y[:30])


def test_happy_and_sad_faces_differ_in_the_mouth():
    X, y = nn.datasets.images()
    faces = X.reshape(-1, 64, 64, 3).mean(axis=3)
    difference = np.abs(faces[y.ravel() > 0].mean(axis=0) - faces[y.ravel() < 0].mean(axis=0))
    mouth = difference[34:58, 16:48]
    assert mouth.max() > 3 * difference[:30].max()


def test_adding_up_pixels_does_not_tell_the_faces_apart():
    X, y = nn.datasets.images()
    train, test = X[:209] - X[:209].mean(axis=0), X[209:] - X[:209].mean(axis=0)
    share = np.linalg.solve(train @ train.T + 10 * np.eye(209), y[:209])  # ridge regression
    assert nn.metrics.accuracy(train @ (train.T @ share), y[:209]) > 0.95
    assert nn.metrics.accuracy(test @ (train.T @ share), y[209:]) < 0.9
