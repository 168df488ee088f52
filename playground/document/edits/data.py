"""Edits of the data and of what the network is given of it."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

import nncore as nn
from playground.document import fitting
from playground.document.edits.base import ImpossibleEditError, edit, with_data
from playground.document.spec import Cut, Data, Spec, Weights
from playground.document.table import OWN, Table


@edit("Change data set")
def set_dataset(spec: Spec, dataset: str) -> Spec:
    """Learn from another data set; where it asks for something else, it brings its usual output and loss along.

    "own" is the table that the document has.
    """
    if dataset == OWN and spec.data.own is None:
        raise ImpossibleEditError("there are no points of your own yet: paint some, or open a CSV file")
    return with_dataset(spec, replace(spec.data, dataset=dataset))


@edit("Open {0.label}")
def open_table(spec: Spec, table: Table) -> Spec:
    """Learn from the rows of a table."""
    return with_dataset(spec, replace(spec.data, dataset=OWN, own=table))


@edit("Change noise")
def set_noise(spec: Spec, noise: float) -> Spec:
    """Noise of the data, 0 … 0.8."""
    return with_data(spec, noise=noise)


@edit("Change samples")
def set_samples(spec: Spec, samples: int) -> Spec:
    """How many points, training and test together."""
    return with_data(spec, samples=samples)


@edit("Change training share")
def set_train_share(spec: Spec, train_share: float) -> Spec:
    """Which share of the points is for training, 0.1 … 0.9."""
    return with_data(spec, train_share=train_share)


@edit("Change features")
def toggle_feature(spec: Spec, feature: str) -> Spec:
    """Switch an input feature on or off; the last one stays. A formula that is switched off is gone."""
    _check_plane(spec)
    name = nn.feature(feature).text
    chosen = [each for each in spec.features if each != name]
    if len(chosen) == len(spec.features):
        chosen.append(name)
    if not chosen:
        raise ImpossibleEditError("a network needs at least one input feature")
    return replace(spec, features=_in_order(chosen))


@edit("Change formula")
def replace_formula(spec: Spec, feature: str, formula: str) -> Spec:
    """Put another formula in the place of one."""
    _check_plane(spec)
    name = nn.feature(formula).text
    if name in spec.features and name != feature:
        raise ImpossibleEditError(f"{name} is an input already")
    features = tuple(name if each == feature else each for each in spec.features)
    return replace(spec, features=_in_order(features))


@edit("Change plane")
def set_axes(spec: Spec, axes: tuple[int, int] | None) -> Spec:
    """Look at the plane that two inputs span, or (None) at that of the two principal components."""
    return replace(spec, cut=replace(spec.cut, axes=axes))


@edit("Hold input")
def hold_input(spec: Spec, index: int, value: float | None) -> Spec:
    """Hold an input at a value on the plane that is looked at; None is its mean."""
    held = {**dict(spec.cut.held), index: value}
    kept = tuple((each, at) for each, at in sorted(held.items()) if at is not None)
    return replace(spec, cut=replace(spec.cut, held=kept))


def with_dataset(spec: Spec, data: Data) -> Spec:
    """`spec` with other data, and with the output and the loss that they ask for."""
    old, new = spec.dataset, data.kind
    output, loss = spec.output_activation, spec.training.loss
    if (new.task, fitting.n_outputs(new)) != (old.task, fitting.n_outputs(old)):
        usual_output, usual = fitting.USUAL[new.task]
        if new.task != old.task:
            output = usual_output
        loss = loss if new.task != "classes" and fitting.loss_refusal(loss, new) is None else usual
        output = fitting.fitting_output(loss, new, output)
    same_inputs = new.input_names == old.input_names
    return replace(
        spec,
        data=data,
        output_activation=output,
        output=_fitted_weights(spec, fitting.n_outputs(new)),
        training=replace(spec.training, loss=loss),
        cut=spec.cut if same_inputs else Cut(),
    )


def _fitted_weights(spec: Spec, outputs: int) -> Weights:
    frozen = tuple(unit for unit in spec.output.frozen_units if unit < outputs)
    return replace(spec.output, frozen_units=frozen)


def _check_plane(spec: Spec) -> None:
    if not spec.is_plane:
        raise ImpossibleEditError(
            f"features are made of points of the plane; {spec.dataset.label} brings its own inputs"
        )


def _in_order(features: Sequence[str]) -> tuple[str, ...]:
    """Features as panels list them: those with names first, formulas as they came."""
    names = nn.Feature.names()
    return tuple(sorted(features, key=lambda name: names.index(name) if name in names else len(names)))
