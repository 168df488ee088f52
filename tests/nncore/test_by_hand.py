"""Training steps worked by hand: the numbers are in the comments."""

import numpy as np
import pytest

import nncore as nn


def set_parameters(network: nn.Network, *blocks: tuple[list, list]) -> None:
    for part, (weights, biases) in zip(network.split(network.parameters), blocks, strict=True):
        assert part
        part.weights[...], part.biases[...] = weights, biases


def test_one_step_worked_by_hand():
    # W¹ = (1 1; 1 −1), b¹ = (0, ½); W² = (2 5), b² = −1.  Sample x = (1, 2), target 4, η = 0.1, loss ½ (a − y)².
    network = nn.Network([nn.Dense(2, "relu"), nn.Dense(1)], inputs=2, dtype="float64")
    set_parameters(network, ([[1, 1], [1, -1]], [0, 0.5]), ([[2, 5]], [-1]))
    X, y = np.array([[1.0, 2.0]]), np.array([[4.0]])

    # z¹ = (1 + 2, 1 − 2 + ½) = (3, −½), a¹ = (3, 0); z² = 2·3 + 5·0 − 1 = 5; L = ½ (5 − 4)² = ½.
    assert [a.tolist() for a in network.activations(X)] == [[[3, 0]], [[5]]]
    assert network.loss(X, y, "half_squared") == 0.5

    # dz² = 1, so dW² = a¹ = (3, 0) and db² = 1.  da¹ = W² dz² = (2, 5), dz¹ = (2, 0) as z¹₂ < 0,
    # so dW¹ = dz¹ xᵀ = (2 4; 0 0) and db¹ = (2, 0).
    first, second = network.split(network.gradients(X, y, "half_squared"))
    assert first
    assert second
    assert first.weights.tolist() == [[2, 4], [0, 0]]
    assert first.biases.tolist() == [2, 0]
    assert second.weights.tolist() == [[3, 0]]
    assert second.biases.tolist() == [1]

    # w ← w − 0.1 dw.
    nn.Trainer(network, X, y, loss="half_squared", optimizer=nn.SGD(0.1), batch_size=1).step()
    first, second = network.split(network.parameters)
    assert first
    assert second
    assert first.weights == pytest.approx(np.array([[0.8, 0.6], [1, -1]]))
    assert first.biases == pytest.approx(np.array([-0.2, 0.5]))
    assert second.weights == pytest.approx(np.array([[1.7, 5]]))
    assert second.biases == pytest.approx(np.array([-1.1]))


def line(X: list[float], y: list[float], **settings) -> nn.Trainer:
    """Learn a = w x + b from w = b = 0 in fixed order, with η = 0.1 and the loss ½ (a − y)²."""
    network = nn.Network([nn.Dense(1)], inputs=1, dtype="float64")
    network.parameters[...] = 0
    settings = {"optimizer": nn.SGD(0.1), "loss": "half_squared", "shuffle": False} | settings
    return nn.Trainer(network, np.array(X).reshape(-1, 1), np.array(y).reshape(-1, 1), **settings)


def test_a_remainder_takes_a_smaller_step_of_its_own():
    trainer = line([1, 2, 3], [1, 1, 1], batch_size=2)
    # Samples 1 and 2: a − y = (−1, −1), dw = −(1 + 2)/2 = −1.5, db = −1.
    trainer.step()
    assert trainer.network.parameters == pytest.approx([0.15, 0.1])
    # Sample 3 alone: a − y = 0.45 + 0.1 − 1 = −0.45, dw = −1.35, db = −0.45.
    trainer.step()
    assert trainer.network.parameters == pytest.approx([0.285, 0.145])
    assert (trainer.steps, trainer.epochs) == (2, 1)


def test_a_carried_remainder_joins_the_first_step_of_the_next_epoch():
    trainer = line([1, 2, 3], [1, 1, 1], batch_size=2, remainder="carry")
    # As above; sample 3's gradient, dw = −1.35 and db = −0.45, is taken now and waits.
    trainer.epoch()
    assert trainer.network.parameters == pytest.approx([0.15, 0.1])
    assert (trainer.steps, trainer.epochs) == (1, 1)
    # Samples 1 and 2: a − y = (−0.75, −0.6), so Σdw = −0.75 − 1.2 and Σdb = −1.35.  With what waited, over three:
    # dw = (−1.95 − 1.35)/3 = −1.1, db = (−1.35 − 0.45)/3 = −0.6.
    trainer.step()
    assert trainer.network.parameters == pytest.approx([0.26, 0.16])
    assert (trainer.steps, trainer.epochs) == (2, 2)


def test_pruning_kills_a_weight_that_crosses_zero_and_it_stays_dead():
    trainer = line([0, 1], [0, 1], batch_size=1, regularizer=nn.PruningL1(1.0))
    trainer.network.parameters[...] = [0.01, 0]
    # Sample (0, 0) has no gradient.  The penalty takes η λ = 0.1 off 0.01: past zero, so the weight dies.
    trainer.step()
    assert trainer.network.parameters.tolist() == [0, 0]
    # Sample (1, 1) pulls weight and bias up by 0.1 each; a dead weight does not follow.
    trainer.step()
    assert trainer.network.parameters == pytest.approx([0, 0.1])


def test_plain_l1_lets_a_weight_cross_zero():
    trainer = line([0, 1], [0, 1], batch_size=1, regularizer=nn.L1(1.0))
    trainer.network.parameters[...] = [0.01, 0]
    trainer.step()
    assert trainer.network.parameters == pytest.approx([-0.09, 0])
