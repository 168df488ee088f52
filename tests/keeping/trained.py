"""Trainings as people make them: of every demo, and with every part that an export has to know of."""

from typing import Literal

import numpy as np
from msgspec.structs import replace

from playground.document import edits
from playground.document.presets import preset, presets
from playground.document.spec import Data, Layer, Spec, Training, Weights
from playground.document.table import table_of
from playground.engine.session import Session


def trained(spec: Spec, steps: int = 37, dtype: str = "float64") -> Session:
    session = Session(replace(spec, dtype=dtype))
    session.trainer.advance(steps)
    return session


def measured(task: Literal["classes", "regression"] = "classes") -> Data:
    """A file of four inputs in units of their own."""
    rng = np.random.default_rng(2)
    X = rng.normal(size=(60, 4)) * [1, 10, 0.1, 3] + [0, 100, 5, -2]
    y = np.arange(60) % 3 if task == "classes" else X[:, 0] * X[:, 2]
    names = ("red", 'gr"een\\', "blue") if task == "classes" else ()
    table = table_of(
        X, y, label="cells.csv", task=task, input_names=("a", "b", "c", "d"), class_names=names, standardize=True
    )
    return Data("own", own=table)


def normalised() -> Spec:
    layers = (
        Layer("dense", 1, units=6, activation="relu", weights=Weights(silenced=(1, 4))),
        Layer("batch_norm", 2),
        Layer("dropout", 3, rate=0.3),
        Layer("dense", 4, units=6, activation="gelu", weights=Weights(frozen_units=(0, 2))),
        Layer("residual", 5, span=2),
        Layer("layer_norm", 6),
    )
    return Spec(layers=layers, training=Training(optimizer="adam", learning_rate=0.01, schedule="cosine"))


def formulas() -> Spec:
    features = ("x1", "x2_squared", "sin(3*x1)*x2", "1/x1", "log(x2)", "step(x1-x2)", "x1^0.5")
    return Spec(data=Data("spiral", noise=0.1), features=features, training=Training(optimizer="nadam"))


def several_classes() -> Spec:
    return edits.set_dataset("blobs")(Spec(training=Training(optimizer="adam")))


def edited_on_the_way() -> Session:
    """With other layers, another rate, another optimizer, features and batches than it began with."""
    session = trained(preset("circle").spec)
    for edit in (
        edits.set_learning_rate(0.1),
        edits.add_layer(1, "batch_norm"),
        edits.set_units(1, 6),
        edits.toggle_feature("x1_x2"),
        edits.set_batch_size(17),
        edits.set_optimizer("adam"),
    ):
        session.apply(edit(session.spec))
        session.trainer.advance(11)
    return session


SESSIONS = {name: (lambda name=name: trained(preset(name).spec)) for name in presets()} | {
    "every layer": lambda: trained(normalised()),
    "formulas": lambda: trained(formulas()),
    "several classes": lambda: trained(several_classes()),
    "a file with classes": lambda: trained(edits.set_dataset("own")(Spec(data=measured()))),
    "a file with values": lambda: trained(edits.set_dataset("own")(Spec(data=measured("regression")))),
    "edited on the way": edited_on_the_way,
    "carried gradients": lambda: trained(
        Spec(
            training=Training(
                remainder="carry", batch_size=17, regularizer="pruning_l1", regularization_rate=0.1, learning_rate=0.1
            )
        ),
        42,
    ),
}
