"""Commands that set something: a data set, an optimizer, an activation, a number that was typed. One function each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import reduce
from typing import NamedTuple

import nncore as nn
from nncore.registry import Registered
from playground.document import edits
from playground.document.document import Document
from playground.document.edits import Edit
from playground.document.fitting import loss_refusal
from playground.document.naming import layer_names
from playground.document.spec import OUTPUT_ID, Spec
from playground.engine.protocol import Speed
from playground.ui.commands.command import Command
from playground.ui.controls import explanation
from playground.ui.editing import apply_edit
from playground.ui.panels.data import BATCH_SIZE, NOISE, SAMPLES, TRAIN_SHARE
from playground.ui.panels.training import REGULARIZATION_RATE
from playground.ui.quantity import Quantity
from playground.ui.speeds import SPEEDS, speed_text
from playground.ui.text import sentence
from playground.ui.transport import LEARNING_RATE

PLACE = "Setting"


class Given(NamedTuple):
    """What settings are made of."""

    document: Document
    selected: int | None
    """The selected layer (`OUTPUT_ID` for the output)."""
    set_speed: Callable[[Speed], object]
    complain: Callable[[str], object]
    """Is told why something is impossible."""
    query: str = ""
    """What was typed: a number in it may be what is to be set."""

    @property
    def spec(self) -> Spec:
        """The experiment as it stands."""
        return self.document.spec

    def apply(self, edit: Edit) -> None:
        """Change the document."""
        apply_edit(self.document, edit, None, self.complain)


Provider = Callable[[Given], Iterator[Command]]


def datasets(given: Given) -> Iterator[Command]:
    """Data sets by name."""
    return _parts(given, nn.Dataset, "Data", given.spec.data.dataset, edits.set_dataset)


def features(given: Given) -> Iterator[Command]:
    """Features of points of the plane, each of which can be given or not."""
    if not given.spec.is_plane:
        return
    for name, kind in nn.Feature.registry.items():
        title, run = f"Feature: {kind.label}", lambda name=name: given.apply(edits.toggle_feature(name))
        chosen = name in given.spec.features
        yield Command(f"feature-{name}", title, run, PLACE, words=name, tip=explanation(kind), checked=chosen)


def optimizers(given: Given) -> Iterator[Command]:
    """Optimizers."""
    return _parts(given, nn.Optimizer, "Optimizer", given.spec.training.optimizer, edits.set_optimizer)


def losses(given: Given) -> Iterator[Command]:
    """Losses, as far as they suit the data."""

    def why_not(name: str) -> str | None:
        return loss_refusal(name, given.spec.dataset)

    return _parts(given, nn.Loss, "Loss", given.spec.training.loss, edits.set_loss, why_not)


def regularizers(given: Given) -> Iterator[Command]:
    """Penalties of large weights."""
    now = given.spec.training.regularizer
    return _parts(given, nn.Regularizer, "Regularization", now, edits.set_regularizer)


def schedules(given: Given) -> Iterator[Command]:
    """Schedules of the learning rate."""
    return _parts(given, nn.Schedule, "Schedule", given.spec.training.schedule, edits.set_schedule)


def clippings(given: Given) -> Iterator[Command]:
    """Bounds for the gradient."""
    return _parts(given, nn.Clipping, "Clipping", given.spec.training.clipping, edits.set_clipping)


def initializers(given: Given) -> Iterator[Command]:
    """How the first weights are drawn."""
    return _parts(given, nn.Initializer, "Initializer", given.spec.training.initializer, edits.set_initializer)


def activations(given: Given) -> Iterator[Command]:
    """Activations of the selected layer, or of all hidden layers where none is selected."""
    spec = given.spec
    with_one = [layer for layer in spec.layers if "activation" in nn.Layer.named(layer.kind).options]
    of_these = [layer for layer in with_one if layer.id == given.selected] or with_one
    if given.selected == OUTPUT_ID:
        whose, ids, now = "Output", [OUTPUT_ID], {spec.output_activation}
    elif of_these:
        names = layer_names(spec)
        whose = "all hidden layers" if len(of_these) > 1 else names[spec.index_of(of_these[0].id)]
        ids, now = [layer.id for layer in of_these], {layer.activation for layer in of_these}
    else:
        return
    for name, kind in nn.Activation.registry.items():
        title, run = f"Activation of {whose}: {kind.label}", lambda name=name: given.apply(_activate(ids, name))
        yield Command(f"activation-{name}", title, run, PLACE, words=name, tip=explanation(kind), checked=now == {name})


def speeds(given: Given) -> Iterator[Command]:
    """How fast it trains."""
    for speed in SPEEDS:
        text, run = speed_text(speed), lambda speed=speed: given.set_speed(speed)
        yield Command(f"speed-{text}", f"Speed: {text}", run, PLACE, words="maximum full" if text == "max" else "")


def numbers(given: Given) -> Iterator[Command]:
    """What can be set to the number that was typed: "rate 0.05", "batch size 16", "noise 20"."""
    typed = re.search(r"[-+]?[\d.,]+\s*%?$", given.query.strip())
    if typed is None:
        return
    for name, (quantity, edit) in NUMBERS.items():
        try:
            value = quantity.read(typed.group())
        except ValueError as error:
            possible, title, tip = False, f"{quantity.label}: {typed.group()}", sentence(str(error))
            yield Command(name, title, lambda: None, PLACE, words=typed.group(), tip=tip, possible=possible)
        else:
            title, run = f"{quantity.label}: {quantity.show(value)}", lambda edit=edit, v=value: given.apply(edit(v))
            yield Command(name, title, run, PLACE, words=typed.group())


NUMBERS: dict[str, tuple[Quantity, Callable[[float], Edit]]] = {
    "learning-rate": (LEARNING_RATE, edits.set_learning_rate),
    "batch-size": (BATCH_SIZE, lambda size: edits.set_batch_size(int(size))),
    "noise": (NOISE, edits.set_noise),
    "samples": (SAMPLES, lambda samples: edits.set_samples(int(samples))),
    "train-share": (TRAIN_SHARE, edits.set_train_share),
    "regularization-rate": (REGULARIZATION_RATE, edits.set_regularization_rate),
}
"""Numbers that can be typed, by the names of their controls."""

PROVIDERS: dict[str, Provider] = {
    "data": datasets,
    "features": features,
    "activation": activations,
    "optimizer": optimizers,
    "loss": losses,
    "regularizer": regularizers,
    "schedule": schedules,
    "clipping": clippings,
    "initializer": initializers,
    "speed": speeds,
    "numbers": numbers,
}
"""What offers settings, by what they are of, in the order in which equally good ones stand."""


def _parts(
    given: Given,
    family: type[Registered],
    label: str,
    present: str,
    edit: Callable[[str], Edit],
    why_not: Callable[[str], str | None] = lambda name: None,
) -> Iterator[Command]:
    """One command for each of a registry; what is chosen already is left as it is, with its settings."""
    chosen = family.named(present).name if present in family.registry or "(" in present else present
    for name, kind in family.registry.items():
        refusal = why_not(name)
        yield Command(
            f"{family.__name__.lower()}-{name}",
            f"{label}: {kind.label}",
            (lambda: None) if name == chosen else (lambda name=name: given.apply(edit(name))),
            PLACE,
            words=name.replace("_", " "),
            tip=explanation(kind) if refusal is None else sentence(refusal),
            possible=refusal is None,
            checked=name == chosen,
        )


def _activate(ids: list[int], name: str) -> Edit:
    """Give several layers an activation, in one step of the history."""
    changes = [edits.set_activation(layer_id, name) for layer_id in ids]
    return Edit(changes[0].label, lambda spec: reduce(lambda before, change: change.function(before), changes, spec))
