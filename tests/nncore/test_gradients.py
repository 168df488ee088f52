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

SETTINGS = {"units": 3, "activation": "tanh", "initializer": None, "rate": 0.4, "momentum": 0.8, "epsilon": 1e-3}
SETTINGS |= {"regularizer": None, "silenced": ()}
"""A value for each option that a layer kind may have; a block that a residual connection spans is as the test says."""

OUTPUTS = [
    (loss, activation)
    for loss, activation in product(nn.Loss.names(), nn.Activation.names())
    if nn.Loss.named(loss).accepts_output(activation)
]


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


def example(layers: Callable[[], Sequence[nn.Layer]], loss: str = "mse") -> tuple[nn.Network, np.ndarray, np.ndarray]:
    """A network, inputs that keep it off the kinks, and targets that the loss takes and whose kinks are far."""
    for seed in range(100):
        rng = np.random.default_rng(seed)
        network = nn.Network(layers(), inputs=3, seed=seed, dtype="float64")
        network.parameters += rng.normal(0, 0.2, len(network.parameters))
        network.statistics[...] = rng.uniform(0.5, 1.5, len(network.statistics))
        X = rng.normal(0, 1, (7, 3))
        y = targets_for(loss, rng, (len(X), network.outputs))
        if stays_off_kinks(network, X) and is_off_kinks(loss, network.predict(X), y):
            return network, X, y
    raise AssertionError("no inputs found that are off the kinks")


def targets_for(loss: str, rng: np.random.Generator, shape: tuple[int, int]) -> np.ndarray:
    """Probabilities, which every loss takes but the hinge: signs."""
    return rng.choice([-1.0, 1.0], shape) if loss == "hinge" else rng.dirichlet(np.ones(shape[1]), shape[0])


def is_off_kinks(loss: str, outputs: np.ndarray, y: np.ndarray) -> bool:
    """Where a loss has kinks: at a difference of 0 (mae) or of ±1 (huber), at a margin of 1 (hinge)."""
    distance = {"mae": outputs - y, "huber": np.abs(outputs - y) - 1, "hinge": 1 - outputs * y}.get(loss)
    return distance is None or bool(np.abs(distance).min() > MARGIN)


@pytest.mark.parametrize("activation", nn.Activation.names())
def test_the_gradient_through_a_hidden_activation(activation):
    network, X, y = example(lambda: [nn.Dense(4, activation), nn.Dense(3, activation), nn.Dense(2)])
    assert nn.check_gradients(network, X, y, "mse") < TOLERANCE


@pytest.mark.parametrize(("loss", "activation"), OUTPUTS)
def test_the_gradient_of_a_loss_through_an_output_it_can_read(loss, activation):
    network, X, y = example(lambda: [nn.Dense(4, "tanh"), nn.Dense(3, activation)], loss)
    assert nn.check_gradients(network, X, y, loss) < TOLERANCE


def make_layer(kind: str) -> nn.Layer:
    cls = nn.Layer.named(kind)
    return cls(**{option: SETTINGS[option] for option in cls.options if option != "span"})


def stack(kind: str, place: str) -> list[nn.Layer]:
    """Layers among which one of this kind stands; a residual connection closes a block of one layer, wherever it is."""
    before = [nn.Dense(4, "tanh")] if place != "first" or kind == "residual" else []
    after = [nn.Dense(2, "sigmoid")] if place != "last" else []
    return [*before, make_layer(kind), *after]


@pytest.mark.parametrize("place", ["first", "hidden", "last"])
@pytest.mark.parametrize("kind", nn.Layer.names())
def test_the_gradient_through_a_layer_in_prediction(kind, place):
    network, X, y = example(lambda: stack(kind, place))
    assert nn.check_gradients(network, X, y, "mse") < TOLERANCE


@pytest.mark.parametrize("place", ["first", "hidden", "last"])
@pytest.mark.parametrize("kind", nn.Layer.names())
def test_the_gradient_through_a_layer_while_training(kind, place):
    """On a training tape, where dropout drops and norms go by the batch."""
    assert_training_gradient(*example(lambda: stack(kind, place)))


@pytest.mark.parametrize("activation", nn.Activation.names())
def test_the_gradient_past_silenced_units(activation):
    def layers() -> list[nn.Layer]:
        return [nn.Dense(5, activation, silenced=(0, 3)), nn.Dense(4, activation, silenced=(1,)), nn.Dense(2)]

    network, X, y = example(layers)
    assert nn.check_gradients(network, X, y, "mse") < TOLERANCE
    assert_training_gradient(network, X, y)


BLOCKS = {
    "wide": [6, 3],
    "to fewer units": [5, 2],
    "to more units": [2, 7],
    "the same": [3, 3],
}


@pytest.mark.parametrize("units", BLOCKS.values(), ids=BLOCKS)
@pytest.mark.parametrize("before", [False, True], ids=["the inputs", "a layer"])
def test_the_gradient_around_a_block_that_begins_with(before, units):
    def layers() -> list[nn.Layer]:
        block = [nn.Dense(n, "tanh") for n in units]
        return [*([nn.Dense(3, "tanh")] if before else []), *block, nn.Residual(2), nn.Dense(2, "sigmoid")]

    assert_training_gradient(*example(layers))


def test_the_gradient_around_blocks_within_blocks():
    assert_training_gradient(
        *example(
            lambda: [
                nn.Dense(4, "tanh"),
                nn.Dense(4, "tanh"),
                nn.BatchNorm(),
                nn.Residual(2),
                nn.Dense(4, "tanh"),
                nn.Residual(4),
                nn.Residual(2),
                nn.Dense(2),
            ]
        )
    )


def assert_training_gradient(network: nn.Network, X: np.ndarray, y: np.ndarray) -> None:
    """The generator goes back before each run, so that a dropout mask stays the same."""
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


@pytest.mark.parametrize("schedule", ["constant", nn.WarmUp(4, start=0.5)], ids=["constant", "warm-up"])
def test_a_step_goes_by_each_layer_s_penalty_past_silenced_units_and_leaves_what_is_frozen(schedule):
    """All that one can say of a layer at once, against central differences of the loss and all penalties."""
    rules = [nn.L2(0.03), nn.L2(0.03), nn.L1(0.05), nn.ElasticNet(0.02, share=0.3), "none"]

    def layers() -> list[nn.Layer]:
        first = nn.Dense(4, "tanh", regularizer=rules[0], silenced=[2])
        rest = [nn.Dense(4, "sigmoid", regularizer=rule) for rule in rules[1:3]]
        return [first, *rest, nn.LayerNorm(), nn.Dense(3, "softmax", silenced=[0]), nn.Dense(2, regularizer=rules[4])]

    network, X, y = example(layers)
    frozen = np.random.default_rng(7).random(len(network.parameters)) < 0.3
    dense = [layer for layer in network.layers if isinstance(layer, nn.Dense)]

    def penalised() -> float:
        penalties = [nn.Regularizer.of(rule).penalty(layer.weights) for rule, layer in zip(rules, dense, strict=True)]
        return network.loss(X, y, "mse") + sum(penalties)

    expected = np.where(frozen, 0, central_differences(penalised, network.parameters))
    before, rate = network.parameters.copy(), 0.05 if schedule == "constant" else 0.025
    trainer = nn.Trainer(
        network, X, y, optimizer=nn.SGD(0.05), schedule=schedule, regularizer=rules[3], batch_size=7, frozen=frozen
    )
    trainer.step()
    np.testing.assert_allclose((before - network.parameters) / rate, expected, rtol=1e-7, atol=TOLERANCE)
    assert np.array_equal(before[frozen], network.parameters[frozen])


def test_gains_and_shifts_are_never_penalised(rng):
    X, y = rng.normal(0, 1, (6, 3)), rng.normal(0, 1, (6, 1))

    def after_a_step(penalty: nn.Regularizer | str) -> nn.Network:
        layers = [nn.Dense(4), nn.BatchNorm(), nn.LayerNorm(), nn.Dense(1)]
        network = nn.Network(layers, inputs=3, dtype="float64")
        network.parameters += 0.3
        nn.Trainer(network, X, y, optimizer="sgd", regularizer=penalty, batch_size=6).step()
        return network

    plain, penalised = after_a_step("none"), after_a_step(nn.L2(0.5))
    for index in (1, 2):
        assert np.array_equal(plain.layers[index].block, penalised.layers[index].block)
    assert not np.array_equal(plain.layers[0].block, penalised.layers[0].block)


RATES = {"adagrad": 1.0, "adadelta": 1.0}
"""Learning rates of the optimizers whose steps become shorter by themselves; 0.05 for any other."""


@pytest.mark.parametrize("name", nn.Optimizer.names())
def test_an_optimizer_goes_down_to_the_bottom_of_a_bowl(name):
    # Learn y = 2x − 1, whose loss is a bowl in (w, b).
    x = np.linspace(-1, 1, 20).reshape(-1, 1)
    network = nn.Network([nn.Dense(1)], inputs=1, dtype="float64")
    settings = {"weight_decay": 0.0} if name == "adamw" else {}
    optimizer = nn.Optimizer.named(name)(RATES.get(name, 0.05), **settings)
    nn.Trainer(network, x, 2 * x - 1, optimizer=optimizer, batch_size=20).run(800)
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


def test_the_check_refuses_what_is_no_network_and_impossible_steps():
    network, X, y = example(lambda: [nn.Dense(2)])
    with pytest.raises(ValueError, match=r"^check_gradients: expected a Network, got NoneType$"):
        nn.check_gradients(None, X, y, "mse")  # type: ignore[arg-type]
    for step in (0, -1e-6, np.nan, np.inf, "x", 1j, None):
        with pytest.raises(ValueError, match=r"^check_gradients: expected 0 < step <= 1, got "):
            nn.check_gradients(network, X, y, "mse", step=step)  # type: ignore[arg-type]


def test_the_check_refuses_float32():
    network = nn.Network([nn.Dense(1)], inputs=1)
    with pytest.raises(ValueError, match=r"^gradients are checked in float64, this network computes in float32$"):
        nn.check_gradients(network, np.ones((1, 1)), np.ones((1, 1)), "mse")
