"""Undo and redo while training goes on: a network of other layers comes back as it was left, and counts on."""

from __future__ import annotations

import numpy as np
import pytest

from playground.document import edits
from playground.document.document import Document
from playground.document.spec import Data, Layer, Spec, Training
from playground.engine.session import Session

SPEC = Spec(
    data=Data("xor"), layers=(Layer("dense", 1, 4), Layer("dense", 2, 3)), seed=3,
    training=Training(optimizer="adam", learning_rate=0.01),
)  # fmt: skip


def trained(spec: Spec, steps: int = 300) -> Session:
    session = Session(spec)
    more(session, steps)
    return session


def more(session: Session, steps: int = 200) -> None:
    end = session.steps + steps
    while session.steps < end:
        session.advance(1, end - session.steps)


@pytest.mark.parametrize(
    "edit",
    [
        edits.remove_layer(1),
        edits.add_layer(1, "dense", "tanh"),
        edits.set_units(1, 7),
        edits.set_units(1, 2),
        edits.set_activation(2, "relu"),
        edits.toggle_feature("x1_x2"),
        edits.set_dataset("blobs"),
    ],
    ids=lambda edit: edit.label,
)
def test_undo_brings_the_network_back_and_redo_the_other_one(edit):
    session = trained(SPEC)
    before = {name: array.copy() for name, array in session.trainer.arrays.items() if array.ndim}
    other = edit(SPEC)
    session.apply(other)
    more(session)
    learned = session.network.values.copy()
    session.apply(SPEC, travels=True)
    for name, array in before.items():
        np.testing.assert_array_equal(session.trainer.arrays[name], array, err_msg=name)
    assert session.steps == 500
    more(session)
    session.apply(other, travels=True)
    np.testing.assert_array_equal(session.network.values, learned)
    assert session.steps == 700


@pytest.mark.parametrize(
    "edit",
    [edits.set_noise(0.3), edits.set_learning_rate(0.02), edits.set_batch_size(5), edits.freeze_unit(1, 0)],
    ids=lambda edit: edit.label,
)
def test_undo_of_what_does_not_change_the_network_keeps_what_was_learned_since(edit):
    session = trained(SPEC)
    session.apply(edit(SPEC))
    more(session)
    learned = session.network.values.copy()
    session.apply(SPEC, travels=True)
    np.testing.assert_array_equal(session.network.values, learned)


def test_an_edit_that_leads_to_the_same_layers_is_no_undo():
    session = trained(SPEC)
    before = session.network.values.copy()
    session.apply(edits.set_units(1, 5)(SPEC))
    more(session)
    text = session.apply(edits.set_units(1, 4)(session.spec))
    assert text is not None
    assert text.startswith("Neuron removed: output changed by at most")
    assert not np.array_equal(session.network.values, before)


def test_a_document_says_whether_it_travels():
    document, said = Document(SPEC), []
    document.changed.connect(lambda new, old: said.append(document.travels))
    document.apply(edits.set_noise(0.1))
    document.undo()
    document.redo()
    document.apply(edits.set_noise(0.2))
    assert said == [False, True, True, False]
    assert not document.travels


@pytest.mark.parametrize("edit", [edits.add_layer(2, "dense", "relu"), edits.set_units(1, 3), edits.set_units(1, 6)])
def test_what_is_frozen_keeps_its_values_through_edits_of_other_layers(edit):
    spec = edits.freeze_layer(2)(SPEC)
    session = trained(spec)
    before = session.network.layers[1].block.copy()
    session.apply(edit(spec))
    layer = session.network.layers[1].block
    rows, columns = (min(a, b) for a, b in zip(before.shape, layer.shape, strict=True))
    np.testing.assert_array_equal(layer[:rows, : columns - 1], before[:rows, : columns - 1])
    np.testing.assert_array_equal(layer[:, -1], before[:, -1])


def test_after_a_reset_an_undo_of_what_was_before_it_brings_no_training_back():
    session = Session(SPEC)
    session.advance(0, 40)
    wider = edits.set_units(1, 6)(SPEC)
    session.apply(wider)
    session.advance(0, 1)
    session.reset(wider)
    never_trained = Session(wider)
    for each in (session, never_trained):
        each.apply(SPEC, travels=True)
    assert session.steps == 0
    np.testing.assert_array_equal(session.network.values, never_trained.network.values)
