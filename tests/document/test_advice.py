"""Advice is true: what it warns of fails to learn, and what it is silent about in the neighbourhood learns."""

import math

import numpy as np
import pytest
from msgspec.structs import replace

import nncore as nn
from playground.document.advice import RULES, advice
from playground.document.fitting import USUAL
from playground.document.presets import presets
from playground.document.spec import Data, Layer, Spec, Training, Weights
from playground.document.table import table_of
from playground.engine.session import Session

PLAIN, ZEROS, FROZEN = Weights(), Weights(initializer="zeros"), Weights(frozen=True)


def dense(*units: int, activation: str = "tanh", weights: Weights = PLAIN) -> tuple[Layer, ...]:
    return tuple(Layer("dense", n + 1, units=u, activation=activation, weights=weights) for n, u in enumerate(units))


def experiment(
    dataset: str = "circle",
    layers: tuple[Layer, ...] = (),
    output: str | None = None,
    features: str = "x1 x2",
    **training,
) -> Spec:
    activation, loss = USUAL[nn.Dataset.of(dataset).task]
    settings = {"optimizer": "adam", "learning_rate": 0.01, "loss": loss} | training
    return Spec(
        data=Data(dataset),
        features=tuple(features.split()),
        layers=layers,
        output_activation=output or activation,
        training=Training(**settings),
    )


def scores(spec: Spec, epochs: int, seeds: int = 3) -> list[float]:
    """The share of training samples classified right, or R², one for each seed; 0 where training breaks off."""
    found = []
    for seed in range(seeds):
        session = Session(replace(spec, seed=seed))
        try:
            for _ in range(epochs):
                session.step_epoch()
            score = float(session.metrics().train_score)
        except nn.NotFiniteError:
            score = 0.0
        found.append(0.0 if math.isnan(score) else score)
    return found


def names(spec: Spec) -> list[str]:
    return [remark.name for remark in advice(spec)]


LOGISTIC = {"output": "sigmoid", "loss": "binary_crossentropy", "learning_rate": 0.1}
"""A tanh output with squared errors may start where it is flat, and stay there."""

CASES = {
    # rule: what it warns of, its neighbour, epochs
    "all_frozen": [
        (
            replace(experiment("xor", dense(8, weights=FROZEN)), output=FROZEN),
            replace(experiment("xor", dense(12), learning_rate=0.03), output=FROZEN),
            100,
        ),
        (
            replace(
                experiment(
                    "xor", (*dense(2, weights=Weights(frozen_units=(0, 1))), Layer("batch_norm", 9, weights=FROZEN))
                ),
                output=FROZEN,
            ),
            experiment(
                "gauss", (*dense(2, weights=Weights(frozen_units=(0, 1))), Layer("batch_norm", 9, weights=FROZEN))
            ),
            20,
        ),
    ],
    "silenced_layer": [
        (
            experiment("gauss", dense(3, weights=Weights(silenced=(0, 1, 2)))),
            experiment("gauss", dense(3, weights=Weights(silenced=(0, 2)))),
            20,
        ),
        (
            experiment("gauss", (*dense(2), Layer("dense", 8, units=2, weights=Weights(silenced=(0, 1))))),
            experiment(
                "gauss",
                (*dense(2), Layer("dense", 8, units=2, weights=Weights(silenced=(0, 1))), Layer("residual", 9)),
            ),
            20,
        ),
    ],
    "constant_layer": [
        (
            experiment("gauss", (*dense(4), Layer("dense", 8, units=1, activation="softmax"))),
            experiment("gauss", (*dense(4), Layer("dense", 8, units=2, activation="softmax"))),
            20,
        ),
        (
            experiment("gauss", (*dense(1), Layer("layer_norm", 9))),
            experiment("gauss", (*dense(2), Layer("layer_norm", 9))),
            20,
        ),
    ],
    "batch_of_one": [
        (
            experiment("circle", (*dense(8), Layer("batch_norm", 9)), batch_size=1),
            experiment("circle", (*dense(8), Layer("batch_norm", 9)), batch_size=10),
            20,
        ),
    ],
    "zero_weights": [
        (experiment("circle", dense(6, 4), initializer="zeros"), experiment("circle", dense(6, 4)), 60),
        (
            experiment("circle", dense(6, activation="relu", weights=ZEROS)),
            experiment("circle", dense(6, activation="leaky_relu", weights=ZEROS)),
            60,
        ),
        (
            experiment("circle", dense(6, activation="sigmoid"), initializer="zeros"),
            replace(experiment("circle", dense(6, activation="sigmoid"), learning_rate=0.03), output=ZEROS),
            80,
        ),
    ],
    "output_range": [
        (experiment("plane", dense(4), output="sigmoid"), experiment("plane", dense(4), output="tanh"), 40),
        (
            experiment("saddle", dense(8), output="gelu"),
            experiment("saddle", dense(8), output="tanh", learning_rate=0.02),
            80,
        ),
    ],
    "missing_input": [
        (
            experiment("moons", dense(8), features="x1 x1_squared cos(3*x1)"),
            experiment("moons", dense(8), features="x1 sin(x2)"),
            80,
        ),
        (
            experiment("sine", dense(8), features="x2"),
            experiment("sine", dense(12), features="x1", learning_rate=0.03),
            120,
        ),
    ],
    "straight_only": [
        (
            experiment("circle", **LOGISTIC),
            experiment("circle", features="x1_squared x2_squared", **LOGISTIC),
            60,
        ),
        (experiment("xor", dense(8, 8, activation="identity")), experiment("xor", features="x1 x1_x2"), 60),
        (experiment("moons"), experiment("moons", features="x2 sin_x1"), 60),
        (experiment("rings"), experiment("rings", features="x1_squared x2_squared"), 150),
        (experiment("sine"), experiment("sine", features="sin_x1"), 60),
        (experiment("checkerboard(cells=2)"), experiment("checkerboard(cells=2)", features="x1_x2"), 60),
        (
            experiment("spiral", features="x1 x2 sin_x1 sin_x2"),
            experiment("spiral", dense(6), features="x1 x2 sin_x1 sin_x2"),
            200,
        ),
    ],
    "one_direction": [
        (experiment("circle", dense(1, 8)), experiment("circle", dense(4, 1)), 150),
        (
            experiment(
                "saddle", (*dense(4, activation="identity"), Layer("dense", 8, units=1), Layer("dense", 9, units=8))
            ),
            experiment("saddle", (*dense(4, activation="identity"), Layer("dense", 8, units=8)), learning_rate=0.02),
            100,
        ),
        (
            experiment("moons", dense(2, 8, activation="softmax")),
            experiment("moons", dense(8, activation="softmax")),
            150,
        ),
    ],
    "too_few_for_xor": [
        (experiment("xor", dense(2)), experiment("xor", dense(4)), 150),
        (experiment("xor", dense(2, activation="relu")), experiment("xor", dense(8, activation="relu")), 80),
    ],
    "too_few_for_spiral": [
        (experiment("spiral", dense(4, 2)), experiment("spiral", dense(12, 8), learning_rate=0.02), 250),
        (experiment("spiral", dense(6)), experiment("spiral", dense(6), features="x1 x2 sin_x1 sin_x2"), 200),
    ],
    "rate_too_high": [
        (
            experiment("circle", dense(4, 2), optimizer="sgd", learning_rate=6),
            experiment("circle", dense(4, 2), optimizer="sgd", learning_rate=0.1),
            100,
        ),
        (
            experiment("xor", dense(8, 8, activation="relu"), optimizer="momentum(momentum=0.9)", learning_rate=1),
            experiment("xor", dense(8, 8, activation="relu"), optimizer="momentum(momentum=0.5)", learning_rate=0.03),
            30,
        ),
        (
            experiment("xor", dense(8, 8, activation="relu"), learning_rate=1),
            experiment("xor", dense(8, 8, activation="relu"), learning_rate=0.01),
            30,
        ),
        (
            experiment("circle", dense(8), optimizer="sgd", learning_rate=3, batch_size=1),
            experiment("circle", dense(8), optimizer="sgd", learning_rate=3, batch_size=30),
            80,
        ),
    ],
    "all_shrinks": [
        (
            experiment("circle", dense(8), regularizer="l1", regularization_rate=0.3),
            experiment("circle", dense(8), regularizer="l1", regularization_rate=0.001),
            80,
        ),
        (
            experiment("gauss", dense(4), regularizer="l2", regularization_rate=3),
            experiment("gauss", dense(4), regularizer="l2", regularization_rate=0.3),
            40,
        ),
        (
            experiment("circle", dense(8), regularizer="l2", regularization_rate=1),
            experiment(
                "circle", dense(8, weights=Weights(regularizer="none")), regularizer="l2", regularization_rate=0.01
            ),
            80,
        ),
    ],
    "too_much_dropout": [
        (
            experiment("circle", (*dense(8), Layer("dropout", 9, rate=0.8))),
            experiment("circle", (*dense(32), Layer("dropout", 9, rate=0.5))),
            60,
        ),
    ],
    "vanishing": [
        (
            experiment("circle", dense(*[8] * 6, activation="sigmoid"), optimizer="sgd", learning_rate=0.3),
            experiment("circle", dense(*[8] * 6), optimizer="sgd", learning_rate=0.1),
            40,
        ),
    ],
}
TABLE = [(rule, *case) for rule, cases in CASES.items() for case in cases]


@pytest.mark.parametrize(("rule", "warned", "neighbour", "epochs"), TABLE)
def test_what_is_warned_of_fails_and_its_neighbour_learns(rule, warned, neighbour, epochs):
    assert names(warned)[:1] == [rule]
    assert names(neighbour) == []
    assert max(scores(warned, epochs)) < 0.93
    assert np.median(scores(neighbour, epochs)) >= 0.95


def test_every_rule_has_its_case():
    assert set(CASES) == {rule.__name__ for rule in RULES}


@pytest.mark.parametrize("name", presets())
def test_the_demos_need_no_advice(name):
    assert advice(presets()[name].spec) == []


@pytest.mark.parametrize(("rule", "warned", "neighbour", "epochs"), TABLE)
def test_advice_is_one_or_two_short_sentences_with_the_way_out(rule, warned, neighbour, epochs):
    for remark in advice(warned):
        assert len(remark.text) <= 140
        assert remark.text.endswith(".")
        assert remark.text.count(". ") == 1, "what will happen, and the way out"


@pytest.mark.parametrize(
    ("spec", "text"),
    [
        (
            experiment("xor", dense(2)),
            "Two bends cannot part the four corners of XOR. Give the hidden layer 4 units, or switch on x₁x₂.",
        ),
        (
            experiment("circle"),
            "This network only adds up its inputs, and no sum of them makes Circle. "
            "Add a hidden layer of tanh units, or switch on x₁² and x₂².",
        ),
        (
            experiment("plane", output="sigmoid"),
            "The output is sigmoid, 0 to 1, but the values go from −1 to 1. Make the output linear.",
        ),
        (
            experiment("xor", dense(8), learning_rate=3),
            "A learning rate of 3 is far too high for Adam: the loss will jump about. Try 0.01.",
        ),
        (
            experiment("gauss", (*dense(3), Layer("dense", 7, units=2, weights=Weights(silenced=(0, 1))))),
            "All units of Dense 2 are silenced, so the output is the same everywhere. Let one be heard again.",
        ),
    ],
)
def test_advice_names_what_it_speaks_of(spec, text):
    assert advice(spec)[0].text == text


def test_the_most_important_comes_first():
    spec = replace(experiment("xor", dense(2, weights=FROZEN), learning_rate=5), output=FROZEN)
    assert names(spec) == ["all_frozen", "too_few_for_xor", "rate_too_high"]


def test_nothing_is_said_of_own_samples_but_what_is_certain(rng):
    X = rng.uniform(-5, 5, (40, 2))
    painted = table_of(
        X, np.sign(X[:, 0] * X[:, 1]), label="Painted", task="binary", input_names=("a", "b"), class_names=("−", "+")
    )
    prices = table_of(X, 100 + np.round(X[:, 0]), label="Prices", task="regression", input_names=("a", "b"))
    assert names(Spec(data=Data("own", own=painted), layers=dense(1))) == []
    assert names(Spec(data=Data("own", own=painted), layers=dense(4, weights=ZEROS), output=ZEROS)) == ["zero_weights"]
    wrong = Spec(data=Data("own", own=prices), output_activation="tanh")
    assert [remark.text for remark in advice(wrong)] == [
        "The output is tanh, −1 to 1, but the values go from 95 to 105. Make the output linear."
    ]
    assert names(replace(wrong, output_activation="identity")) == []


def test_a_formula_counts_for_the_coordinates_it_contains():
    assert names(experiment("circle", dense(8), features="x1 x1*x1")) == ["missing_input"]
    assert names(experiment("circle", features="x1 hypot(x1,x2)")) == []
