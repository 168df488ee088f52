"""What goes together: which losses and output activations a data set allows, and which it begins with."""

from __future__ import annotations

from functools import cache

import numpy as np

import nncore as nn

USUAL = {
    "binary": ("tanh", "half_squared"),
    "classes": ("softmax", "categorical_crossentropy"),
    "regression": ("identity", "half_squared"),
}
"""By what a data set asks for: the output activation and the loss it begins with."""

_VALUES = np.array([[-0.5], [0.25], [2.0]])
"""Targets that a loss for values must be able to read."""


@cache
def dataset_of(name: str) -> nn.Dataset:
    """The data set of this name, which may have settings; UnknownNameError if there is none."""
    return nn.Dataset.of(name)


def is_plane(dataset: nn.Dataset) -> bool:
    """Whether its samples are points of the plane, of which features can be made."""
    return dataset.n_inputs == 2


@cache
def most_samples(dataset: nn.Dataset) -> int | None:
    """How many samples there are at most, every row of a table once; None where any number can be drawn."""
    return len(np.unique(dataset.generate()[0], axis=0)) if dataset.exhaustive else dataset.size


def n_outputs(dataset: nn.Dataset) -> int:
    """How many outputs a network needs for it: one, or one for each of more than two classes."""
    return dataset.n_classes if dataset.task == "classes" else 1


def accepts(loss: str, activation: str, outputs: int) -> bool:
    """Whether a loss can read so many outputs of this activation."""
    try:
        nn.Loss.named(loss).check_output(nn.Activation.named(activation).name, outputs)
    except ValueError:
        return False
    return True


def loss_refusal(loss: str, dataset: nn.Dataset) -> str | None:
    """Why a loss cannot be used for a data set, whatever the output layer is; None if it can."""
    if _reads(loss, dataset.task, n_outputs(dataset)):
        return None
    label = nn.Loss.named(loss).label
    if dataset.task == "regression":
        return f"{label} is for classes, and {dataset.label} asks for values"
    return f"{label} needs one output per class, and {dataset.label} has a single output"


@cache
def _reads(loss: str, task: str, outputs: int) -> bool:
    """Whether a loss can read what a network gives for this task, with some output activation."""
    if task == "regression":
        try:
            nn.Loss.of(loss).targets(_VALUES, 1)
        except ValueError:
            return False
    return any(accepts(loss, activation, outputs) for activation in nn.Activation.names())


def fitting_output(loss: str, dataset: nn.Dataset, present: str) -> str:
    """The output activation that goes with a loss: the present one if that will do, else the usual one."""
    candidates = (present, *nn.Loss.named(loss).outputs, USUAL[dataset.task][0], *nn.Activation.names())
    return next(each for each in candidates if accepts(loss, each, n_outputs(dataset)))


def fitting_loss(activation: str, dataset: nn.Dataset, present: str) -> str:
    """The loss that goes with an output activation: the present one if that will do, else the usual one.

    Raises
    ------
    ValueError
        If none does.
    """
    candidates = (present, USUAL[dataset.task][1], USUAL["binary"][1])
    for loss in candidates:
        if loss_refusal(loss, dataset) is None and accepts(loss, activation, n_outputs(dataset)):
            return loss
    nn.Loss.named(present).check_output(nn.Activation.named(activation).name, n_outputs(dataset))
    raise ValueError(f"no loss reads an output of {activation}")


def check(dataset: nn.Dataset, loss: str, activation: str) -> None:
    """Raise ValueError unless data set, loss and output activation go together."""
    refusal = loss_refusal(loss, dataset)
    if refusal is not None:
        raise ValueError(refusal)
    nn.Loss.named(loss).check_output(nn.Activation.named(activation).name, n_outputs(dataset))
