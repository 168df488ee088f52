"""nncore computes what PyTorch and the TensorFlow Playground compute."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nncore as nn
from nncore.layers.base import Parameters
from nncore.tape import run

HERE = Path(__file__).parent
TORCH = json.loads((HERE / "torch.json").read_text())
MORE = json.loads((HERE / "torch_more.json").read_text())
PLAYGROUND = json.loads((HERE / "tf_playground.json").read_text())

OUTPUT_OF = {"binary_crossentropy": "sigmoid", "categorical_crossentropy": "softmax"}
"""The output activation of a case; linear for any other loss."""


def close(ours: object, theirs: object, tolerance: float) -> None:
    np.testing.assert_allclose(np.asarray(ours), np.asarray(theirs), rtol=tolerance, atol=tolerance)


def network_of(case: dict[str, Any]) -> nn.Network:
    *hidden, outputs = case["shape"][1:]
    layers = [nn.Dense(units, case["hidden_activation"]) for units in hidden]
    layers.append(nn.Dense(outputs, case.get("output_activation") or OUTPUT_OF.get(case["loss"], "identity")))
    network = nn.Network(layers, inputs=case["shape"][0], dtype="float64")
    for part, weights, biases in zip(network.split(network.parameters), case["weights"], case["biases"], strict=True):
        assert isinstance(part, Parameters)
        part.weights[...], part.biases[...] = weights, biases
    return network


# Every entry of the files becomes a test. One that names something unknown fails: nothing is skipped.


def title(case: dict[str, Any]) -> str:
    return "-".join((case["hidden_activation"], case.get("output_activation", ""), case["loss"]))


@pytest.mark.parametrize("case", TORCH["gradients"] + MORE["gradients"], ids=title)
def test_outputs_loss_and_gradients_are_those_of_pytorch(case):
    network, X, y = network_of(case), np.array(case["X"]), np.array(case["y"])
    close(network.predict(X), case["output"], 1e-10)
    close(network.loss(X, y, case["loss"]), case["loss_value"], 1e-10)
    gradients = network.split(network.gradients(X, y, case["loss"]))
    for part, weights, biases in zip(gradients, case["weight_gradients"], case["bias_gradients"], strict=True):
        assert isinstance(part, Parameters)
        close(part.weights, weights, 1e-10)
        close(part.biases, biases, 1e-10)


@pytest.mark.parametrize("name", TORCH["optimizers"])
def test_an_optimizer_takes_the_steps_that_pytorch_takes(name):
    case = TORCH["optimizers"][name]
    optimizer = nn.Optimizer.named(name)(**case["settings"])
    w, by_hand = np.array(case["start"]), np.array(case["start"])
    g = np.empty_like(w)
    tape = nn.Tape(1, w.dtype)
    optimizer.record(tape, w, g, optimizer.state(len(w), w.dtype), tape.constant(optimizer.learning_rate, w))
    assert len(case["gradients"]) == len(case["path"]) == 25
    for gradient, expected in zip(case["gradients"], case["path"], strict=True):
        g[...] = gradient
        run(tape.program())
        optimizer.update(by_hand, np.array(gradient))
        close(w, expected, 1e-12)
        close(by_hand, expected, 1e-12)


def test_every_optimizer_is_compared():
    assert set(TORCH["optimizers"]) == set(nn.Optimizer.names())


def test_every_activation_is_compared_and_every_loss_with_every_output_it_takes():
    cases = TORCH["gradients"] + MORE["gradients"]
    assert {case["hidden_activation"] for case in cases} == set(nn.Activation.names())
    compared = {
        (case["loss"], case.get("output_activation") or OUTPUT_OF.get(case["loss"], "identity")) for case in cases
    }
    assert compared == {
        (loss, activation)
        for loss, kind in nn.Loss.registry.items()
        for activation in nn.Activation.names()
        if kind.accepts_output(activation)
    }


def trainer_of(case: dict[str, Any]) -> nn.Trainer:
    """The rules of the TensorFlow Playground: fixed order, carried remainder, an L1 that kills links."""
    layers = [
        *(nn.Dense(units, case["activation"]) for units in case["hidden"]),
        nn.Dense(1, case["output_activation"]),
    ]
    network = nn.Network(layers, inputs=len(case["features"]), dtype="float64")
    for part, weights in zip(network.split(network.parameters), case["initial_weights"], strict=True):
        assert part
        part.weights[...], part.biases[...] = weights, case["initial_bias"]
    train, test = np.array(case["train"]), np.array(case["test"])
    penalty = {None: nn.Regularizer.of("none"), "L1": nn.PruningL1(case["regularization_rate"])}
    return nn.Trainer(
        network,
        train[:, :2],
        train[:, 2:],
        loss="half_squared",
        optimizer=nn.SGD(case["learning_rate"]),
        regularizer=penalty[case["regularization"]],
        batch_size=case["batch_size"],
        shuffle=False,
        remainder="carry",
        test=(test[:, :2], test[:, 2:]),
    )


@pytest.mark.parametrize("case", PLAYGROUND["runs"], ids=lambda case: f"{case['dataset']}-{case['regularization']}")
def test_a_run_of_the_tensorflow_playground_is_reproduced(case):
    trainer = trainer_of(case)
    trainer.run(case["epochs"])
    close([row[1:] for row in trainer.history], case["loss_per_epoch"], 1e-12)
    parts = trainer.network.split(trainer.network.parameters)
    dead = trainer.network.split(trainer.arrays.get("pruning_l1.dead", np.zeros(len(trainer.network.parameters))))
    for part, mask, weights, biases, links in zip(
        parts, dead, case["final_weights"], case["final_biases"], case["dead_links"], strict=True
    ):
        assert part
        assert mask
        close(part.weights, weights, 1e-12)
        close(part.biases, biases, 1e-12)
        assert np.array_equal(mask.weights.astype(bool), np.array(links, bool))
