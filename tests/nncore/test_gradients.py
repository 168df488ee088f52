"""Everything in the registries, against central differences in float64. A new class enters by itself."""

from collections.abc import Callable, Sequence
from itertools import product

import numpy as np
import pytest

import nncore as nn
from nncore.tape import run

TOLERANCE = 1e-8
STEP = 1e-6
MARGIN = 1e-3
"""How far logits stay from a kink: a thousand times further than a parameter is moved."""

SETTINGS = {"units": 3, "activation": "tanh", "rate": 0.4}
"""A value for each option that a layer kind may have."""

OUTPUTS = [
    (loss, activation)
    for loss, activation in product(nn.Loss.names(), nn.Activation.names())
    if nn.Loss.named(loss).accepts_output(activation)
]
FUSED = [(name, kind.fused) for name, kind in nn.Loss.registry.items() if kind.fused]


def central_differences(function: Callable[[], float], parameters: np.ndarray) -> np.ndarray:
    """The gradient of `function` with respect to `parameters`, which it reads."""
    differences = np.empty_like(parameters)
    for index, value in enumerate(parameters.copy()):
        parameters[index] = value + STEP
        above = function()
        parameters[index] = value - STEP
        differences[index] = (above - function()) / (2 * STEP)
        parameters[index] = value
    return differences


def stays_off_kinks(network: nn.Network, X: np.ndarray) -> bool:
    arriving = X
    for layer, output in zip(network.layers, network.activations(X), strict=True):
        if isinstance(layer, nn.Dense):
            logits = arriving @ layer.weights.T + layer.biases
            if any(np.abs(logits - kink).min() < MARGIN for kink in layer.activation.kinks):
                return False
        arriving = output
    return True


def example(layers: Callable[[], Sequence[nn.Layer]]) -> tuple[nn.Network, np.ndarray, np.ndarray]:
    """A network, inputs that keep it off the kinks, and targets that are probabilities: every loss takes those."""
    for seed in range(100):
        rng = np.random.default_rng(seed)
        network = nn.Network(layers(), inputs=3, seed=seed, dtype="float64")
        network.parameters += rng.normal(0, 0.2, len(network.parameters))
        X = rng.normal(0, 1, (7, 3))
        if stays_off_kinks(network, X):
            return network, X, rng.dirichlet(np.ones(network.outputs), len(X))
    raise AssertionError("no inputs found that are off the kinks")


@pytest.mark.parametrize("activation", nn.Activation.names())
def test_the_gradient_through_a_hidden_activation(activation):
    network, X, y = example(lambda: [nn.Dense(4, activation), nn.Dense(3, activation), nn.Dense(2)])
    assert nn.check_gradients(network, X, y, "mse") < TOLERANCE


@pytest.mark.parametrize(("loss", "activation"), OUTPUTS)
def test_the_gradient_of_a_loss_through_an_output_it_can_read(loss, activation):
    network, X, y = example(lambda: [nn.Dense(4, "tanh"), nn.Dense(3, activation)])
    assert nn.check_gradients(network, X, y, loss) < TOLERANCE


@pytest.mark.parametrize(("loss", "activation"), FUSED)
def test_backward_through_loss_and_output_apart_gives_the_same_as_fused(loss, activation, monkeypatch):
    network, X, y = example(lambda: [nn.Dense(4, "tanh"), nn.Dense(3, activation)])
    fused = network.gradients(X, y, loss)
    with monkeypatch.context() as patch:
        patch.setattr(nn.Loss.named(loss), "fused", None)
        apart, _, _ = example(lambda: [nn.Dense(4, "tanh"), nn.Dense(3, activation)])
        np.testing.assert_allclose(apart.gradients(X, y, loss), fused, rtol=1e-12, atol=1e-15)
        assert nn.check_gradients(apart, X, y, loss) < TOLERANCE


def make_layer(kind: str) -> nn.Layer:
    cls = nn.Layer.named(kind)
    return cls(**{option: SETTINGS[option] for option in cls.options})


@pytest.mark.parametrize("place", ["first", "hidden", "last"])
@pytest.mark.parametrize("kind", nn.Layer.names())
def test_the_gradient_through_a_layer_while_training(kind, place):
    """On a training tape, where dropout drops: the generator goes back before each run, so that its mask stays."""
    before, after = place != "first", place != "last"
    network, X, y = example(
        lambda: [
            *([nn.Dense(4, "tanh")] if before else []),
            make_layer(kind),
            *([nn.Dense(2, "sigmoid")] if after else []),
        ]
    )
    rng = np.random.default_rng(3)
    start = rng.bit_generator.state
    gradients = np.zeros_like(network.parameters)
    tape = nn.Tape(len(X), network.dtype, rng)
    recording = network.record(tape, nn.Loss.of("mse"), value=True, gradients=gradients)
    recording.rows[:, :-1], recording.target_rows[...] = X, y

    def loss() -> float:
        rng.bit_generator.state = start
        run(recording.program)
        return float(recording.loss)

    differences = central_differences(loss, network.parameters)
    loss()
    np.testing.assert_allclose(gradients, differences, rtol=TOLERANCE, atol=TOLERANCE)


@pytest.mark.parametrize("name", nn.Regularizer.names())
def test_a_regularizer_adds_the_gradient_of_its_penalty_to_a_step_and_spares_biases(name, rng):
    rate = 0.1
    regularizer = nn.Regularizer.named(name)(0.03)
    X, y = rng.normal(0, 1, (6, 3)), rng.normal(0, 1, (6, 1))

    def trainer(penalty: nn.Regularizer | str) -> nn.Trainer:
        network = nn.Network([nn.Dense(4, "tanh"), nn.Dense(1)], inputs=3, seed=5, dtype="float64")
        network.parameters += 0.1
        return nn.Trainer(network, X, y, optimizer=nn.SGD(rate), regularizer=penalty, batch_size=6, seed=0)

    plain, penalised = trainer("none"), trainer(regularizer)
    start = plain.network.parameters.copy()
    plain.step()
    penalised.step()
    applied = plain.network.split((plain.network.parameters - penalised.network.parameters) / rate)
    for part, before in zip(applied, plain.network.split(start), strict=True):
        assert part
        assert before
        weights = before.weights.ravel()
        expected = central_differences(lambda weights=weights: regularizer.penalty(weights), weights)
        np.testing.assert_allclose(part.weights.ravel(), expected, rtol=TOLERANCE, atol=TOLERANCE)
        assert not part.biases.any()


@pytest.mark.parametrize("name", nn.Optimizer.names())
def test_an_optimizer_goes_down_to_the_bottom_of_a_bowl(name):
    # Learn y = 2x − 1, whose loss is a bowl in (w, b).
    x = np.linspace(-1, 1, 20).reshape(-1, 1)
    network = nn.Network([nn.Dense(1)], inputs=1, dtype="float64")
    nn.Trainer(network, x, 2 * x - 1, optimizer=nn.Optimizer.named(name)(0.05), batch_size=20).run(800)
    np.testing.assert_allclose(network.parameters, [2, -1], atol=1e-3)


def test_the_check_finds_a_wrong_gradient(monkeypatch):
    network, X, y = example(lambda: [nn.Dense(4, "tanh"), nn.Dense(2)])
    right = network.gradients(X, y, "mse")
    monkeypatch.setattr(network, "gradients", lambda *_: right * 1.001)
    assert nn.check_gradients(network, X, y, "mse") > 1e-5


def test_the_check_leaves_the_parameters_as_they_were():
    network, X, y = example(lambda: [nn.Dense(4, "tanh"), nn.Dense(2)])
    before = network.parameters.copy()
    nn.check_gradients(network, X, y, "mse")
    assert np.array_equal(network.parameters, before)


def test_the_check_refuses_float32():
    network = nn.Network([nn.Dense(1)], inputs=1)
    with pytest.raises(ValueError, match=r"^gradients are checked in float64, this network computes in float32$"):
        nn.check_gradients(network, np.ones((1, 1)), np.ones((1, 1)), "mse")
