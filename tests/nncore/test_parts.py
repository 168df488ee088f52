"""The smaller parts: features, activations, losses, initializers, metrics, the tape, the registry."""

import re

import numpy as np
import pytest

import nncore as nn
from nncore.tape import SMALL, run

# -- features -------------------------------------------------------------------------------------


def test_the_seven_features_of_a_point():
    points = np.array([[3.0, -2.0]])
    values = nn.features.transform(points, ["x1", "x2", "x1_squared", "x2_squared", "x1_x2", "sin_x1", "sin_x2"])
    assert values.tolist() == [[3, -2, 9, 4, -6, np.sin(3), np.sin(-2)]]


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
    with pytest.raises(ValueError, match=r"^features: expected at least one name$"):
        nn.features.transform(np.ones((5, 2)), [])
    with pytest.raises(nn.UnknownNameError, match=r"^unknown feature 'x3'; possible: x1, x2, "):
        nn.features.transform(np.ones((5, 2)), ["x3"])


# -- activations and losses -----------------------------------------------------------------------

Z = np.array([-2.0, -0.5, 0.0, 0.5, 2.0])
FORMULAS = {
    "identity": Z,
    "tanh": np.tanh(Z),
    "relu": np.maximum(0, Z),
    "leaky_relu": np.where(Z > 0, Z, 0.01 * Z),
    "sigmoid": 1 / (1 + np.exp(-Z)),
    "softmax": np.exp(Z) / np.exp(Z).sum(),
}


def activate(name: str, z: np.ndarray, dtype: str = "float64") -> np.ndarray:
    """`z`, (n_samples, units), through an activation."""
    network = nn.Network([nn.Dense(z.shape[1], name)], inputs=z.shape[1], dtype=dtype)
    layer = network.layers[0]
    assert isinstance(layer, nn.Dense)
    layer.weights[...], layer.biases[...] = np.eye(z.shape[1]), 0
    return network.predict(z)


@pytest.mark.parametrize("name", FORMULAS)
def test_an_activation_is_its_formula(name):
    assert activate(name, Z[None])[0] == pytest.approx(FORMULAS[name], abs=1e-15)


@pytest.mark.parametrize("name", nn.Activation.names())
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_no_activation_overflows(name, dtype):
    big = 1e4 * Z[None]
    assert np.isfinite(activate(name, big, dtype)).all()


def test_an_activation_that_needs_several_units_is_constant_on_one():
    for kind in nn.Activation.registry.values():
        constant = len(np.unique(activate(kind.name, Z[:, None]))) == 1
        assert constant == (kind.min_units > 1), kind.name


A = np.array([[0.2, 0.8], [0.6, 0.4], [0.5, 0.5]])
Y = np.array([[0.0, 1.0], [1.0, 0.0], [0.0, 1.0]])
VALUES = {
    "half_squared": (0.08 + 0.32 + 0.5) / 2 / 3,
    "mse": (0.08 + 0.32 + 0.5) / 6,
    "binary_crossentropy": -(2 * np.log(0.8) + 2 * np.log(0.6) + 2 * np.log(0.5)) / 6,
    "categorical_crossentropy": -(np.log(0.8) + np.log(0.6) + np.log(0.5)) / 3,
}


def loss_of(name: str, a: np.ndarray, y: np.ndarray, dtype: str = "float64") -> float:
    tape, value = nn.Tape(len(a), np.dtype(dtype)), np.zeros(())
    nn.Loss.named(name)().forward(tape, np.ascontiguousarray(a.T, dtype), np.ascontiguousarray(y.T, dtype), value)
    run(tape.program())
    return float(value)


@pytest.mark.parametrize("name", VALUES)
def test_a_loss_is_its_formula(name):
    assert loss_of(name, A, Y) == pytest.approx(VALUES[name], rel=1e-14)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_cross_entropy_is_finite_where_the_output_is_surely_wrong(dtype):
    wrong, right = np.array([[0.0, 1.0]]), np.array([[1.0, 0.0]])
    info = np.finfo(dtype)
    of_zero, of_one = -np.log(float(info.tiny)), -np.log(float(info.eps) / 2)
    assert loss_of("categorical_crossentropy", wrong, right, dtype) == pytest.approx(of_zero, rel=1e-6)
    assert loss_of("binary_crossentropy", wrong, right, dtype) == pytest.approx((of_zero + of_one) / 2, rel=1e-6)


@pytest.mark.parametrize("z", [-700.0, -300.0, -40.0, 0.0, 30.0])
def test_a_sigmoid_keeps_its_digits_far_out(z):
    network = nn.Network([nn.Dense(1, "sigmoid")], inputs=1, dtype="float64")
    network.parameters[:] = 1, 0
    assert network.predict(np.array([[z]]))[0, 0] == pytest.approx(1 / (1 + np.exp(-z)), rel=1e-14)
    assert network.loss(np.array([[z]]), np.ones((1, 1)), "binary_crossentropy") == pytest.approx(
        np.logaddexp(0, -z), rel=1e-12
    )


def test_losses_of_the_same_settings_are_equal():
    assert nn.Loss.of("mse") == nn.Loss.of("mse") != nn.Loss.of("half_squared")


# -- initializers ---------------------------------------------------------------------------------

UNITS, INPUTS = 300, 200
LIMITS = {"glorot_uniform": np.sqrt(6 / 500), "he_uniform": np.sqrt(6 / 200), "uniform": 0.5}
VARIANCES = {"glorot_normal": 2 / 500, "he_normal": 2 / 200} | {name: r**2 / 3 for name, r in LIMITS.items()}


@pytest.mark.parametrize("name", VARIANCES)
def test_first_weights_have_the_spread_of_their_rule(name, rng):
    weights = nn.Initializer.of(name).weights(rng, UNITS, INPUTS)
    assert weights.shape == (UNITS, INPUTS)
    assert weights.mean() == pytest.approx(0, abs=3e-3)
    assert weights.var() == pytest.approx(VARIANCES[name], rel=0.02)
    if name in LIMITS:
        assert 0.999 * LIMITS[name] < np.abs(weights).max() <= LIMITS[name]


def test_biases_begin_at_zero_but_for_the_rule_of_the_tensorflow_playground():
    first = {name: nn.Initializer.of(name).bias for name in VARIANCES}
    assert first == {name: 0.1 if name == "uniform" else 0 for name in VARIANCES}


def test_the_spread_of_every_initializer_is_known_here():
    assert set(VARIANCES) == set(nn.Initializer.names())


# -- metrics --------------------------------------------------------------------------------------


def column(*values: float) -> np.ndarray:
    return np.array(values).reshape(-1, 1)


def test_accuracy_is_the_share_of_right_classes():
    accuracy = nn.metrics.accuracy
    assert accuracy(column(0.3, -0.2, -0.1, 0.9), column(1, -1, 1, 1)) == 0.75
    assert accuracy(column(0.3, 0.6, 0.7, 0.2), column(0, 1, 0, 1)) == 0.5
    assert accuracy(np.array([[0.1, 0.7, 0.2], [0.5, 0.3, 0.2]]), np.eye(3)[[1, 2]]) == 0.5


def test_a_threshold_can_be_given_where_targets_do_not_tell_it():
    outputs, all_positive = column(0.3, -0.3), column(1, 1)
    assert nn.metrics.accuracy(outputs, all_positive, threshold=0) == 0.5


def test_an_output_that_is_not_a_number_is_wrong():
    assert nn.metrics.accuracy(column(np.nan, 0.5), column(-1, 1)) == 0.5
    assert nn.metrics.accuracy(np.array([[np.nan, 0.5]]), np.array([[0, 1]])) == 0


def test_accuracy_refuses_different_shapes():
    with pytest.raises(ValueError, match=r"^accuracy: outputs are \(3, 1\), targets \(3, 2\)$"):
        nn.metrics.accuracy(np.ones((3, 1)), np.ones((3, 2)))


# -- the tape -------------------------------------------------------------------------------------


def test_a_tape_prints_the_step_as_formulas():
    network = nn.Network([nn.Dense(2, "tanh"), nn.Dense(1)], inputs=2)
    trainer = nn.Trainer(network, np.ones((4, 2)), np.ones((4, 1)), loss="half_squared", optimizer="sgd")
    assert str(trainer.tape).splitlines() == [
        "forward  layer 1  Z = W·X + b",
        "forward  layer 1  A = tanh(Z)",
        "forward  layer 2  Z = W·X + b",
        "forward  layer 2  A = Z",
        "loss     network  dA ← A − Y",
        "loss     network  dA = (A − Y) / m",
        "backward layer 2  dZ = dA",
        "backward layer 2  [dW | db] = dZ·Xᵀ",
        "backward layer 2  dX = Wᵀ·dZ",
        "backward layer 1  dZ ← A∘A",
        "backward layer 1  dZ ← 1 − A∘A",
        "backward layer 1  dZ = dA ∘ (1 − A∘A)",
        "backward layer 1  [dW | db] = dZ·Xᵀ",
        "update   network  s = η g",
        "update   network  w ← w − η g",
    ]


def test_a_program_can_be_cut_by_phase():
    network = nn.Network([nn.Dense(2, "tanh"), nn.Dense(1)], inputs=2)
    tape = nn.Trainer(network, np.ones((4, 2)), np.ones((4, 1))).tape
    assert len(tape.program()) == len(tape.ops)
    assert len(tape.program("update")) == 2
    assert tape.program("forward", "loss") + tape.program("backward", "update") == tape.program()


def test_running_a_tape_is_running_its_calls_in_order():
    tape, a = nn.Tape(3, np.dtype("float64")), np.ones((1, 3))
    tape(np.add, a, a, a, says="a ← 2 a")
    tape(np.square, a, a, says="a = a²")
    assert a.tolist() == [[1, 1, 1]]
    run(tape.program())
    assert a.tolist() == [[4, 4, 4]]


def test_a_constant_is_an_array_only_where_that_is_faster():
    tape = nn.Tape(4, np.dtype("float32"))
    assert tape.constant(2, np.empty((3, 4))).shape == (3, 4)
    assert tape.constant(2, np.empty((SMALL + 1,))).shape == ()
    assert tape.constant(2, np.empty((3, 4))).dtype == np.float32


# -- the registry ---------------------------------------------------------------------------------

FAMILIES = [
    nn.Activation,
    nn.Dataset,
    nn.Feature,
    nn.Initializer,
    nn.Layer,
    nn.Loss,
    nn.Optimizer,
    nn.Regularizer,
]


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.family)
def test_every_registered_class_has_a_name_a_label_and_a_description(family):
    assert family.names()
    for name, kind in family.registry.items():
        assert kind.name == name
        assert re.fullmatch("[a-z][a-z0-9_]*", name)
        assert kind.label
        assert kind.__doc__
        assert family.named(name) is kind


def test_labels_within_a_family_are_different():
    for family in FAMILIES:
        labels = [kind.label for kind in family.registry.values()]
        assert len(set(labels)) == len(labels)


def test_an_unknown_name_lists_what_is_possible_and_guesses_what_was_meant():
    possible = ", ".join(nn.Activation.names())
    with pytest.raises(nn.UnknownNameError) as error:
        nn.Dense(1, "tahn")
    assert str(error.value) == f"unknown activation 'tahn' (did you mean 'tanh'?); possible: {possible}"
    with pytest.raises(nn.UnknownNameError) as error:
        nn.Dense(1, "xyz")
    assert str(error.value) == f"unknown activation 'xyz'; possible: {possible}"


def test_what_is_no_name_and_of_another_family_is_refused():
    for choice in (None, 3, ["tanh"], nn.Loss.of("mse")):
        with pytest.raises(nn.UnknownNameError, match=r"^unknown activation "):
            nn.Dense(1, choice)  # type: ignore[arg-type]


def test_a_choice_may_be_a_name_or_an_instance():
    tanh = nn.Activation.of("tanh")
    assert nn.Activation.of(tanh) is tanh


def test_a_new_class_registers_itself_and_a_name_stands_once(monkeypatch):
    monkeypatch.setattr(nn.Activation, "registry", dict(nn.Activation.registry))

    class Square(nn.Activation):
        """z²."""

        name, label = "square", "square"

        def forward(self, tape, z, a):
            tape(np.multiply, z, z, a, says="A = Z²")

    assert nn.Activation.names()[-1] == "square"
    assert activate("square", np.array([[3.0]])) == 9
    with pytest.raises(TypeError, match=r"^activation 'square' is defined twice$"):
        type("Other", (nn.Activation,), {"name": "square", "label": "other"})


@pytest.mark.parametrize("name", nn.Activation.names())
def test_what_is_not_a_number_stays_visible(name):
    network = nn.Network([nn.Dense(2, name)], inputs=1)
    network.parameters[:] = np.nan
    assert np.isnan(network.predict(np.ones((3, 1)))).all()


@pytest.mark.parametrize("name", nn.Activation.names())
def test_outputs_stay_within_the_range_an_activation_promises(name, rng):
    low, high = nn.Activation.named(name).output_range
    outputs = nn.Network([nn.Dense(3, name)], inputs=1, dtype="float64").predict(rng.normal(0, 30, (200, 1)))
    assert low <= outputs.min()
    assert outputs.max() <= high
