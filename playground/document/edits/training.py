"""Edits of the training, and of the experiment as a whole."""

from __future__ import annotations

from typing import Literal

from msgspec.structs import replace

import nncore as nn
from playground.document import fitting
from playground.document.edits.base import ImpossibleEditError, edit, with_training
from playground.document.spec import Spec

PRECISIONS = ("float32", "float64")
"""What a network can compute in."""


@edit("Change learning rate")
def set_learning_rate(spec: Spec, learning_rate: float) -> Spec:
    """Length of a step, 0 < rate <= 10."""
    return with_training(spec, learning_rate=learning_rate)


@edit("Change optimizer")
def set_optimizer(spec: Spec, optimizer: str) -> Spec:
    """Another rule for the update."""
    return with_training(spec, optimizer=optimizer)


@edit("Change loss")
def set_loss(spec: Spec, loss: str) -> Spec:
    """Another loss; where it cannot read the present output, the output gets the activation it needs."""
    refusal = fitting.loss_refusal(loss, spec.dataset)
    if refusal is not None:
        raise ImpossibleEditError(refusal)
    output = fitting.fitting_output(loss, spec.dataset, spec.output_activation)
    return replace(spec, output_activation=output, training=replace(spec.training, loss=loss))


@edit("Change batch size")
def set_batch_size(spec: Spec, batch_size: int) -> Spec:
    """Samples per step."""
    return with_training(spec, batch_size=batch_size)


@edit("Change regularization")
def set_regularizer(spec: Spec, regularizer: str) -> Spec:
    """Another penalty on the weights; a rate of 0 becomes one that can be seen."""
    rate = spec.training.regularization_rate
    rate = 0.001 if nn.Regularizer.named(regularizer).name != "none" and rate == 0 else rate
    return with_training(spec, regularizer=regularizer, regularization_rate=rate)


@edit("Change regularization rate")
def set_regularization_rate(spec: Spec, rate: float) -> Spec:
    """Weight of the penalty."""
    return with_training(spec, regularization_rate=rate)


@edit("Change initializer")
def set_initializer(spec: Spec, initializer: str) -> Spec:
    """Another way to draw the first weights; draws them anew."""
    return with_training(spec, initializer=initializer)


@edit("Change schedule")
def set_schedule(spec: Spec, schedule: str) -> Spec:
    """Another course of the learning rate."""
    return with_training(spec, schedule=schedule)


@edit("Change clipping")
def set_clipping(spec: Spec, clipping: str) -> Spec:
    """Another bound for the gradients."""
    return with_training(spec, clipping=clipping)


@edit("Change order of samples")
def set_shuffle(spec: Spec, shuffle: bool) -> Spec:
    """Whether the samples come in another order in each epoch."""
    return with_training(spec, shuffle=shuffle)


@edit("Change remainder")
def set_remainder(spec: Spec, remainder: Literal["step", "carry"]) -> Spec:
    """What becomes of the samples that do not fill a batch."""
    return with_training(spec, remainder=remainder)


@edit("Change stop condition")
def set_stop(spec: Spec, condition: str, on: bool = True) -> Spec:
    """Stop on a condition, "loss_below(value=0.01)", in the place of another of its name; or, not `on`, do not."""
    kind = nn.StopCondition.named(condition)
    others = [text for text in spec.training.stop if nn.StopCondition.named(text) is not kind]
    chosen = [*others, nn.StopCondition.of(condition).text] if on else others
    names = nn.StopCondition.names()
    return with_training(
        spec, stop=tuple(sorted(chosen, key=lambda text: names.index(nn.StopCondition.named(text).name)))
    )


@edit("Change precision")
def set_precision(spec: Spec, dtype: Literal["float32", "float64"]) -> Spec:
    """Other numbers to compute in; starts anew."""
    if dtype not in PRECISIONS:
        raise ImpossibleEditError(f"there is no precision '{dtype}'; possible: {', '.join(PRECISIONS)}")
    return replace(spec, dtype=dtype)


@edit("New seed")
def set_seed(spec: Spec, seed: int) -> Spec:
    """Other points and other first weights."""
    return replace(spec, seed=seed)


@edit("Open {1}")
def open_spec(spec: Spec, new: Spec, name: str) -> Spec:
    """Put the experiment `new`, called `name`, in the place of this one, and start it anew."""
    return replace(new, run=spec.run + 1)
