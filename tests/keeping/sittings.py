"""What the tests of project files share: sittings worth keeping, and how two of them are compared."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np
from msgspec.structs import replace

import nncore as nn
from playground.document.lesson import Lesson
from playground.document.spec import Data, Layer, Spec, Training, Weights
from playground.document.table import table_of
from playground.engine.session import Session
from playground.engine.snapshot import Curve
from playground.engine.stand import Stand, encode_array, put_back, stand_of
from playground.keeping.project import Project
from playground.keeping.runs import Change, Run

POINTS = table_of(
    np.random.default_rng(1).normal(size=(40, 2)), np.tile([-1.0, 1.0], 20), label="points.csv", task="binary",
    input_names=("x₁", "x₂"), class_names=("no", "yes"),
)  # fmt: skip
FLOWERS = table_of(
    np.random.default_rng(2).normal(3, 2, (31, 3)), np.arange(31.0) % 3, label="flowers.csv", task="classes",
    input_names=("a", "b", "c"), class_names=("p", "q", "r"), standardize=True,
)  # fmt: skip

CLASSES = {
    "output_activation": "softmax",
    "training": Training("categorical_crossentropy", "adam", batch_size=7, remainder="carry"),
}
DEEP = (
    Layer("dense", 1, 6, "relu", weights=Weights(frozen_units=(1, 4), silenced=(2,), initializer="he_normal")),
    Layer("batch_norm(momentum=0.8)", 4),
    Layer("dropout", 5, rate=0.25),
    Layer("dense", 2, 6, weights=Weights(regularizer="l1(rate=0.001)", frozen=True)),
    Layer("residual", 3, span=3),
    Layer("layer_norm", 6),
)
SPECS = {
    "usual": Spec(),
    "everything": Spec(
        data=Data("own", own=POINTS),
        features=("x1", "x2", "sin(3*x1)"),
        layers=DEEP,
        output=Weights(regularizer="pruning_l1(rate=0.01)"),
        training=Training(
            optimizer="nadam(beta_1=0.8)", batch_size=7, regularizer="l2", regularization_rate=0.001,
            schedule="cosine", clipping="norm", remainder="carry", stop=("loss_below",),
        ),
        seed=7,
        dtype="float64",
    ),
    "flowers": Spec(data=Data("own", own=FLOWERS, train_share=0.7), **CLASSES),
    "iris": Spec(data=Data("iris"), **CLASSES),
    "digits": Spec(data=Data("digits", noise=0.1), layers=DEEP, **CLASSES),
    "truth table": Spec(data=Data("xor_truth_table")),
    "no layers": Spec(layers=()),
}  # fmt: skip
SPECS |= {name: Spec(training=Training(optimizer=name, batch_size=16)) for name in nn.Optimizer.names()}


def trained(spec: Spec, steps: int = 37) -> Session:
    """A session in mid-training; one that leads out of the finite numbers stays where that began."""
    session = Session(spec)
    with contextlib.suppress(nn.NotFiniteError):
        session.trainer.advance(steps)
    return session


def stand_in(session: Session) -> Stand:
    """Where a session stands, its metrics as well."""
    metrics = {name: float(value) for name, value in session.metrics()._asdict().items()}
    return stand_of(session.trainer, **metrics, seconds=1.5)


def continued(project: Project) -> Session:
    """A session that goes on from where a project stands, as the worker does it."""
    session = Session(project.trained or project.spec)
    assert project.stand is not None
    put_back(session.trainer, project.stand)
    return session


def curve_of(epochs: int = 5) -> Curve:
    """A loss curve with a loss that was not finite, and a second part of which something else was measured."""
    rows = np.column_stack([np.arange(epochs) / 2, np.linspace(1, 0.1, epochs), np.linspace(1, 0.3, epochs)])
    rows[1, 2] = np.nan
    return Curve(rows, (np.arange(epochs) > 2).astype(float))


def run_of(number: int, spec: Spec, *, slim: bool = False, **more: Any) -> Run:
    """A run of a spec; a slim one knows its weights alone."""
    stand = stand_in(trained(spec, 20 + number))
    if slim:
        stand = replace(stand, arrays={"values": stand.values})
    return Run(number, spec, curve_of(number + 2), stand, **more)


def sitting(name: str = "everything", runs: Sequence[Run] | None = None) -> Project:
    """A project that has something of everything."""
    spec = SPECS[name]
    if runs is None:
        changes = (Change(1, "Set learning rate"), Change(3, "Add layer"))
        runs = (
            run_of(2, SPECS["usual"], name="the first", changes=changes, ended="2026-02-03T04:05:06Z"),
            run_of(3, spec, slim=True, parent=2),
            run_of(9, SPECS["flowers"]),
        )
    return Project(
        spec=replace(spec, training=replace(spec.training, learning_rate=0.5)),
        stand=stand_in(trained(spec)),
        trained=spec,
        curve=curve_of(),
        changes=(Change(2, "Change noise"),),
        parent=9,
        runs=tuple(runs),
        lesson=Lesson("XOR", "Find the smallest network.", ("training", "gallery")),
        view={"theme": "dark", "surface": "3"},
    )


def content(project: Project) -> bytes:
    """All that a project holds, to compare bit for bit; NaN equals NaN."""
    return msgspec.msgpack.encode(project, enc_hook=encode_array, order="deterministic")
