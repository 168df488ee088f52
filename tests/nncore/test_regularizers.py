"""Penalties on the weights: their gradient joins that of the loss, biases are spared."""

from typing import Any

import numpy as np
import pytest

import nncore as nn
from nncore.explain import Names, explained
from nncore.regularizers import L1, L2, ElasticNet, PruningL1, Regularizer, Step
from nncore.tape import SMALL, Tape, run

W = np.array([2.0, -0.5, 0.0, 3.0])
IS_WEIGHT = np.array([1.0, 1.0, 1.0, 0.0])


def recorded(regularizer: Regularizer, step: Step) -> tuple[Tape, dict[str, np.ndarray]]:
    """A tape with the penalty around w ← w − η g, and the regularizer's state."""
    w, g = step.parameters, step.gradients
    tape, state = Tape(1, w.dtype), regularizer.state(len(w), w.dtype)
    for name, array in {"w": w, "g": g, "rate": step.learning_rate, **state}.items():
        tape.name(array, name)

    def update() -> None:
        s = tape.array(w.shape, "s")
        tape(np.multiply, g, step.learning_rate, s, says="s = η g")
        tape(np.subtract, w, s, w, says="w ← w − s")

    regularizer.around(tape, step, state, update)
    return tape, state


def gradient_of(regularizer: Regularizer, dtype: str = "float64") -> np.ndarray:
    """What a regularizer adds to a gradient of (1, 1, 1, 1) at `W`, whose last is a bias."""
    step = Step(W.astype(dtype), np.ones(4, dtype), IS_WEIGHT.astype(dtype), np.array(0.1, dtype))
    run(recorded(regularizer, step)[0].program())
    return step.gradients - 1


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_what_joins_the_gradient_is_that_of_the_penalty(dtype):
    near = 1e-6 if dtype == "float32" else 1e-15
    assert gradient_of(L1(0.1), dtype) == pytest.approx([0.1, -0.1, 0, 0], abs=near)
    assert gradient_of(L2(0.1), dtype) == pytest.approx([0.2, -0.05, 0, 0], abs=near)
    expected = [0.1 * (0.25 + 0.75 * 2), 0.1 * (-0.25 - 0.75 * 0.5), 0, 0]
    assert gradient_of(ElasticNet(0.1, share=0.25), dtype) == pytest.approx(expected, abs=near)


def test_the_penalty_is_its_formula():
    assert L1(0.1).penalty(W) == pytest.approx(0.1 * 5.5)
    assert L2(0.1).penalty(W) == pytest.approx(0.05 * 13.25)
    assert ElasticNet(0.1, 0.25).penalty(W) == pytest.approx(0.1 * (0.25 * 5.5 + 0.75 * 13.25 / 2))
    assert Regularizer.of("none").penalty(W) == 0
    assert L1(0.1).penalty([[1, -2], [0, 3]]) == pytest.approx(0.6)  # type: ignore[arg-type]
    assert np.isnan(L2(0.1).penalty(np.array([1, np.nan])))


def test_the_ends_of_an_elastic_net_are_l1_and_l2():
    for share, end in ((1, L1(0.3)), (0, L2(0.3))):
        net = ElasticNet(0.3, share)
        assert net.penalty(W) == pytest.approx(end.penalty(W))
        assert gradient_of(net) == pytest.approx(gradient_of(end))


def pruning(w: list[float], g: list[float], rate: float = 1.0) -> tuple[Tape, Step, np.ndarray]:
    """Weights and last a bias under an L1 of 0.1 that kills: tape, step, which are dead."""
    is_weight = np.array([1.0] * (len(w) - 1) + [0.0])
    step = Step(np.array(w), np.array(g), is_weight, np.array(rate))
    tape, state = recorded(PruningL1(0.1), step)
    return tape, step, state["dead"]


def test_a_weight_that_the_penalty_carries_past_zero_is_dead_for_good():
    tape, step, dead = pruning([0.05, -0.05, 0.5, 0.05], [0, 0, 0, 0])
    run(tape.program())
    assert step.parameters == pytest.approx([0, 0, 0.4, 0.05])
    assert dead.tolist() == [True, True, False, False]
    step.gradients[...] = -1
    run(tape.program())
    assert step.parameters == pytest.approx([0, 0, 1.3, 1.05])


def test_a_weight_that_the_gradient_carries_past_zero_lives_on():
    tape, step, dead = pruning([0.05, 0.0], [0.3, 0.0])
    run(tape.program())
    assert step.parameters == pytest.approx([0.05 - 0.3 - 0.1, 0])
    assert not dead.any()


def test_what_the_pruning_penalty_takes_off_goes_by_the_learning_rate_of_the_step():
    tape, step, _ = pruning([1.0, 0.0], [0.0, 0.0], rate=1.0)
    step.learning_rate[...] = 0.5
    run(tape.program())
    assert step.parameters[0] == pytest.approx(0.95)


@pytest.mark.parametrize("name", Regularizer.names())
@pytest.mark.parametrize("size", [4, SMALL + 1])
def test_every_operand_has_a_name_and_every_call_can_be_written_down(name, size):
    step = Step(np.ones(size), np.ones(size), np.ones(size), np.array(0.1))
    tape, _ = recorded(Regularizer.named(name)(0.1), step)
    names = Names(tape)
    for op in tape.ops:
        assert explained(op, names).call.isascii()


@pytest.mark.parametrize("name", Regularizer.names())
def test_the_rate_is_the_first_setting_and_what_is_not_a_number_stays_visible(name):
    assert next(iter(Regularizer.named(name).options)) == "rate"
    step = Step(np.full(2, np.nan), np.zeros(2), np.ones(2), np.array(0.1))
    run(recorded(Regularizer.named(name)(0.1), step)[0].program())
    assert np.isnan(step.parameters).all()


def test_an_impossible_setting_says_what_is_possible():
    with pytest.raises(ValueError, match=r"^l2: expected 0 <= rate <= 1000, got -1$"):
        L2(-1)
    with pytest.raises(ValueError, match=r"^elastic_net: expected 0 <= share <= 1, got 2$"):
        ElasticNet(0.1, share=2)
    for name in Regularizer.names():
        with pytest.raises(ValueError, match=f"^{name}: weights: expected numbers, got "):
            Regularizer.of(name).penalty("many")  # type: ignore[arg-type]


# -- of a layer -----------------------------------------------------------------------------------


def trainer(*rules: str | Regularizer | None, regularizer: str | Regularizer = "none", **settings: Any) -> nn.Trainer:
    """Training of dense layers with these regularizers, and a norm behind the first."""
    first, *rest = [nn.Dense(3, "tanh", regularizer=rule) for rule in rules]
    network = nn.Network([first, nn.BatchNorm(), *rest, nn.Dense(1)], inputs=2, seed=4, dtype="float64")
    X, y = nn.datasets.xor(30, seed=2)
    return nn.Trainer(network, X, y, regularizer=regularizer, optimizer="adam", batch_size=10, **settings)


def same_training(one: nn.Trainer, other: nn.Trainer) -> bool:
    for each in (one, other):
        each.run(5)
    return np.array_equal(one.network.values, other.network.values)


def test_layers_that_say_what_the_training_says_record_and_compute_the_same():
    said, unsaid = trainer(L2(0.1), L2(0.1), regularizer=L2(0.1)), trainer(None, None, regularizer=L2(0.1))
    assert str(said.explain()) == str(unsaid.explain())
    assert same_training(said, unsaid)


@pytest.mark.parametrize("schedule", ["constant", "cosine"])
@pytest.mark.parametrize("name", Regularizer.names())
def test_layer_by_layer_a_regularizer_does_what_it_does_to_all(name, schedule):
    class Twin(Regularizer.named(name)):
        """The same, and yet another one, so that the vectors are parted."""

    rule, twin = Regularizer.named(name)(0.05), Twin(0.05)
    parted = trainer(rule, twin, regularizer=rule, schedule=schedule)
    whole = trainer(None, None, regularizer=rule, schedule=schedule)
    assert (len(parted.explain()) > len(whole.explain())) == (name != "none")
    assert same_training(parted, whole)


def test_weights_die_only_in_the_layer_whose_penalty_kills():
    training = trainer(L2(0.1), PruningL1(2.0), regularizer=L1(0.01))
    training.run(20)
    assert list(training.arrays)[-1] == "pruning_l1.dead"
    _, _, killed, _ = training.network.layers
    dead = np.flatnonzero(training.arrays["pruning_l1.dead"])
    assert len(dead) > 0
    assert set(dead) <= set(range(killed.slice.start, killed.slice.stop))
    assert not training.network.parameters[dead].any()


def test_two_layers_may_be_pruned_at_different_rates():
    training = trainer(PruningL1(0.0), PruningL1(1.0), regularizer=PruningL1(2.0))
    training.run(100)
    dead = training.network.split(training.arrays["pruning_l1.dead"])
    assert not dead[0].weights.any()
    assert dead[2].weights.all()
    assert dead[3].weights.all()
    assert not any(dead[layer].biases.any() for layer in (0, 2, 3))


@pytest.mark.parametrize("schedule", ["constant", "cosine"])
def test_a_large_network_with_a_small_part_has_operands_that_fit_both(schedule):
    layers = [nn.Dense(80, "tanh", regularizer=PruningL1(0.1)), nn.Dense(80, "tanh"), nn.Dense(1, regularizer=L1(0.1))]
    network = nn.Network(layers, inputs=2)
    assert len(network.parameters) > SMALL
    training = nn.Trainer(network, *nn.datasets.xor(20), regularizer=L2(0.1), schedule=schedule)
    training.run(2)
    assert all(op.call.isascii() for op in training.explain())


def test_an_impossible_regularizer_of_a_layer_says_what_is_possible():
    with pytest.raises(nn.UnknownNameError, match=r"^unknown regularizer 'l3'; possible: none, l1, l2, "):
        nn.Dense(2, regularizer="l3")
    with pytest.raises(ValueError, match=r"^l1: expected 0 <= rate <= 1000, got -1$"):
        nn.Layer.of({"name": "dense", "regularizer": {"name": "l1", "rate": -1}})
