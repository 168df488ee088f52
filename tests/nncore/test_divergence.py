"""The first step out of the finite numbers: it is undone, and traced to where it began."""

import contextlib
import pickle
from functools import partial

import numpy as np
import pytest
from training import same

import nncore as nn
from nncore.explain import written


def make_diverging(rate: float = 10.0, **settings) -> nn.Trainer:
    X, y = nn.datasets.xor(40)
    network = nn.Network([nn.Dense(4, "relu"), nn.Dense(4, "relu"), nn.Dense(1)], inputs=2, seed=1)
    return nn.Trainer(network, X, y, optimizer=nn.SGD(rate), batch_size=7, **settings)


def test_the_first_step_out_of_the_finite_numbers_ends_training_with_the_last_good_state():
    stepwise, at_once = make_diverging(), make_diverging()
    good = stepwise.state()
    with pytest.raises(nn.NotFiniteError) as found:  # noqa: PT012
        for _ in range(1000):
            good = stepwise.state()
            stepwise.step()
    same(stepwise.state(), good)
    assert np.isfinite(stepwise.network.parameters).all()
    # In one go it is found by going back, and comes to the same.
    with pytest.raises(nn.NotFiniteError) as again:
        at_once.advance(1000)
    same(at_once.state(), good)
    assert str(again.value) == str(found.value)
    assert found.value.step == stepwise.steps == at_once.steps


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("remainder", ["step", "carry"])
def test_the_state_after_it_is_that_before_the_step_whatever_is_random_or_carried(seed, remainder):
    # Huge steps fail soon: at the first step of an epoch as well, where the samples have just been put in order.
    def wild() -> nn.Trainer:
        X, y = nn.datasets.xor(7, seed=seed)
        layers = [nn.Dense(4, "relu"), nn.Dropout(0.3), nn.BatchNorm(), nn.Dense(1)]
        network = nn.Network(layers, inputs=2, seed=seed)
        return nn.Trainer(network, 1e6 * X, y, optimizer=nn.SGD(1e9), batch_size=3, remainder=remainder, seed=seed)

    stepwise, at_once = wild(), wild()
    good = stepwise.state()
    with pytest.raises(nn.NotFiniteError, match=r"layer \d|update|loss"):  # noqa: PT012
        for _ in range(100):
            good = stepwise.state()
            stepwise.step()
    with pytest.raises(nn.NotFiniteError):
        at_once.advance(100)
    same(stepwise.state(), good)
    same(at_once.state(), good)


def test_a_first_step_that_failed_is_no_beginning():
    trainer = make_diverging(rate=0.01)
    trainer.network.parameters[0] = np.nan
    with pytest.raises(nn.NotFiniteError):
        trainer.step()
    assert not trainer.has_begun
    trainer.network.parameters[0] = 0.5
    trainer.step()
    assert trainer.has_begun
    assert trainer.first["values"][0] == 0.5


def test_gradients_that_are_carried_over_are_watched_too():
    X = np.array([[1], [1], [1e30]])
    network = nn.Network([nn.Dense(1)], inputs=1)
    trainer = nn.Trainer(network, X, X, optimizer=nn.SGD(1e-3), batch_size=2, shuffle=False, remainder="carry")
    before = trainer.state()
    with pytest.raises(nn.NotFiniteError) as found:
        trainer.step()
    assert found.value.formula == "[dW | db] = dZ·Xᵀ"
    same(trainer.state(), before)


def test_the_message_names_step_layer_and_formula():
    with pytest.raises(nn.NotFiniteError) as found:
        make_diverging().advance(1000)
    error = found.value
    assert (error.layer, error.formula, error.call) == (2, "dX = Wᵀ·dZ", "W3.T.dot(dZ3, dX3)")
    assert str(error) == (
        f"step {error.step + 1} (epoch {error.epoch + 1}): layer 3 (dense), backward: dX = Wᵀ·dZ is not finite "
        "any more; nothing of that step was kept"
    )
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


@pytest.mark.parametrize("poison", ["weights", "gradients"])
def test_the_layer_is_the_one_where_it_began(poison, monkeypatch):
    # One op is made to give a number that is not finite; all that follow only pass it on.
    trainer = make_diverging(rate=0.01)
    ops = trainer.tape.ops
    index = next(
        i for i, op in enumerate(ops) if op.layer == 1 and op.phase == ("forward", "backward")[poison == "gradients"]
    )
    trainer.advance(1)
    step, buffer = trainer._loop.recorded.full, written(ops[index])
    broken = partial(np.multiply, out=buffer)
    ops[index] = ops[index]._replace(function=broken, args=(buffer, np.inf), says="broken")
    monkeypatch.setattr(trainer._loop.recorded, "full", step._replace(program=trainer.tape.program()))
    before = trainer.state()
    with pytest.raises(nn.NotFiniteError) as found:
        trainer.advance(3)
    assert (found.value.layer, found.value.formula) == (1, "broken")
    same(trainer.state(), before)


def test_what_overflows_on_the_way_and_comes_back_is_no_error():
    # exp(−z) of a sigmoid is infinite far out; the sigmoid is 0 there, and so is its slope.
    network = nn.Network([nn.Dense(3, "sigmoid"), nn.Dense(1)], inputs=1)
    trainer = nn.Trainer(network, np.array([[-1e4], [1e4]]), np.array([[0], [1]]), batch_size=2)
    trainer.run(20)
    assert np.isfinite(network.parameters).all()


def test_parameters_that_were_not_finite_before_are_told_apart():
    trainer = make_diverging(rate=0.01)
    trainer.network.parameters[0] = np.nan
    with pytest.raises(nn.NotFiniteError, match="the network was not finite before the step"):
        trainer.step()


def test_a_moment_that_is_not_finite_is_noticed_even_if_the_weights_stand_still():
    # g² overflows in float32, and a step of Adam becomes m / ∞ = 0: unless moments are looked at, it stops for good.
    X, y = np.full((4, 1), 1e12), np.full((4, 1), 1e12)
    network = nn.Network([nn.Dense(1)], inputs=1)
    with pytest.raises(nn.NotFiniteError) as found:
        nn.Trainer(network, X, y, optimizer="adam", batch_size=4).step()
    assert found.value.layer is None
    assert found.value.hit == 0
    assert "²" in found.value.formula


@pytest.mark.parametrize(("layer", "where"), [(0, 0), (2, 2)])
def test_where_an_op_of_the_whole_network_goes_wrong_the_layer_that_is_hit_is_told(layer, where):
    network = nn.Network([nn.Dense(3, "tanh"), nn.Dropout(0.1), nn.Dense(1)], inputs=2, dtype="float32")
    network.layers[layer].weights[...] = 3e37
    trainer = nn.Trainer(network, np.zeros((4, 2)), np.zeros((4, 1)), regularizer=nn.L2(100.0), batch_size=4)
    with pytest.raises(nn.NotFiniteError) as found:
        trainer.step()
    assert (found.value.layer, found.value.hit) == (None, where)
    assert found.value.formula == "R = λ w, 0 for biases"


@pytest.mark.parametrize("optimizer", nn.Optimizer.names())
@pytest.mark.parametrize("loss", nn.Loss.names())
def test_however_wild_training_is_no_warning_comes_and_nothing_that_is_not_finite_stays(optimizer, loss):
    # Warnings are errors here: that none comes is what this test shows.
    output = (nn.Loss.named(loss).outputs or ("identity",))[0]
    network = nn.Network([nn.Dense(4, "relu"), nn.Dense(4, "relu"), nn.Dense(2, output)], inputs=2, dtype="float32")
    X, y = nn.datasets.spiral(40)
    targets = np.hstack([y > 0, y < 0]) if loss != "hinge" else np.hstack([y, -y])
    trainer = nn.Trainer(network, 1e18 * X, targets, loss=loss, optimizer=nn.Optimizer.named(optimizer)(10))
    with contextlib.suppress(nn.NotFiniteError):
        trainer.run(60)
    assert all(np.isfinite(array).all() for array in trainer.arrays.values())
    before = trainer.state()
    trainer.restore(before)
    same(trainer.state(), before)
