"""What a network has learned finds its place again when the architecture around it changes."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from playground.document import edits
from playground.document.spec import Layer, Spec
from playground.engine.memory import Memory
from playground.engine.problem import make_network

SPEC = Spec(layers=(Layer("dense", 1, units=4), Layer("dense", 2, units=3), Layer("dense", 3, units=3)))


def carried(*specs: Spec) -> list[np.ndarray]:
    """Blocks of the last of these specs' networks after the first, with values 0, 1, 2, …, went through them all.

    New places hold NaN.
    """
    memory = Memory()
    flat = np.arange(len(make_network(specs[0]).parameters), dtype=float)
    for old, new in pairwise(specs):
        memory.remember(old, make_network(old), flat)
        network = make_network(new)
        flat = np.full(len(network.parameters), np.nan)
        memory.recall(new, network, flat)
    return blocks(specs[-1], flat)


def blocks(spec: Spec, flat: np.ndarray) -> list[np.ndarray]:
    return [layer.shaped(flat) for layer in make_network(spec).layers]


FIRST = carried(SPEC)


def test_the_same_architecture_keeps_everything():
    for before, after in zip(FIRST, carried(SPEC, edits.set_learning_rate(1.0)(SPEC)), strict=True):
        np.testing.assert_array_equal(after, before)


def test_more_units_keep_those_there_were_and_leave_the_new_ones_alone():
    after = carried(SPEC, edits.set_units(1, 6)(SPEC))
    np.testing.assert_array_equal(after[0][:4], FIRST[0])
    assert np.isnan(after[0][4:]).all()
    np.testing.assert_array_equal(after[1][:, :4], FIRST[1][:, :4])
    assert np.isnan(after[1][:, 4:6]).all()
    np.testing.assert_array_equal(after[1][:, -1], FIRST[1][:, -1])


def test_fewer_units_keep_the_first():
    after = carried(SPEC, edits.set_units(1, 2)(SPEC))
    np.testing.assert_array_equal(after[0], FIRST[0][:2])
    np.testing.assert_array_equal(after[1], FIRST[1][:, [0, 1, 4]])


@pytest.mark.parametrize(
    "edit",
    [
        edits.set_units(1, 1),
        edits.set_units(2, 9),
        edits.remove_layer(1),
        edits.remove_layer(2),
        edits.remove_layer(3),
        edits.move_layer(3, 0),
        edits.add_layer(1, "dense"),
        edits.add_layer(0, "dropout"),
        edits.toggle_feature("x1"),
        edits.toggle_feature("x1_x2"),
    ],
    ids=lambda edit: edit.label,
)
def test_taking_an_edit_back_brings_every_weight_back(edit):
    for before, after in zip(FIRST, carried(SPEC, edit(SPEC), SPEC), strict=True):
        # Biases and columns that lived on under the edit come back as they are now, which here is unchanged.
        np.testing.assert_array_equal(after, before)


def test_a_unit_that_comes_back_has_its_values_though_others_have_learned_since():
    memory, narrow = Memory(), edits.set_units(1, 2)(SPEC)
    wide_net, narrow_net = make_network(SPEC), make_network(narrow)
    memory.remember(SPEC, wide_net, np.full(len(wide_net.parameters), 1.0))
    memory.remember(narrow, narrow_net, np.full(len(narrow_net.parameters), 2.0))
    flat = np.full(len(wide_net.parameters), np.nan)
    memory.recall(SPEC, wide_net, flat)
    first, second, *_ = blocks(SPEC, flat)
    np.testing.assert_array_equal(first, np.repeat([[2.0], [2.0], [1.0], [1.0]], 3, axis=1))
    np.testing.assert_array_equal(second, np.tile([2.0, 2.0, 1.0, 1.0, 2.0], (3, 1)))


def test_the_layer_behind_a_new_one_of_the_same_width_keeps_its_weights():
    spec = edits.add_layer(1, "dense")(SPEC)
    after = carried(SPEC, spec)
    assert np.isnan(after[1]).all()
    for before, kept in zip(FIRST, [after[0], *after[2:]], strict=True):
        np.testing.assert_array_equal(kept, before)


def test_layers_that_change_places_keep_what_fits():
    after = carried(SPEC, edits.move_layer(3, 1)(SPEC))
    np.testing.assert_array_equal(after[0], FIRST[0])
    assert not np.isnan(after[2]).any(), "three units arrive where three arrived before"


def test_a_feature_brings_a_fresh_column_and_leaves_the_others():
    after = carried(SPEC, edits.toggle_feature("sin_x1")(SPEC))
    np.testing.assert_array_equal(after[0][:, [0, 1, 3]], FIRST[0])
    assert np.isnan(after[0][:, 2]).all()


def test_what_is_remembered_is_a_copy():
    memory, network = Memory(), make_network(SPEC)
    flat = np.ones(len(network.parameters))
    memory.remember(SPEC, network, flat)
    flat[:] = 7
    memory.recall(SPEC, network, flat)
    assert (flat == 1).all()


def test_what_a_norm_has_learned_goes_with_the_units_it_is_of():
    spec = Spec(layers=(Layer("dense", 1, units=4), Layer("layer_norm", 2), Layer("dense", 3)))
    narrow = edits.set_units(1, 3)(spec)
    before, after = blocks(spec, np.arange(len(make_network(spec).parameters), dtype=float)), carried(spec, narrow)
    np.testing.assert_array_equal(after[1], before[1][:, :3])
    np.testing.assert_array_equal(carried(spec, narrow, spec)[1], before[1])


def test_statistics_are_remembered_by_unit_too():
    spec = Spec(layers=(Layer("dense", 1, units=4), Layer("batch_norm", 2), Layer("dense", 3), Layer("batch_norm", 4)))
    wide, memory = edits.set_units(1, 6)(spec), Memory()
    network, other = make_network(spec), make_network(wide)
    flat = np.arange(len(network.statistics), dtype=float)
    memory.remember(spec, network, flat, "statistics")
    recalled = np.full(len(other.statistics), np.nan)
    memory.recall(wide, other, recalled, "statistics")
    np.testing.assert_array_equal(recalled[:12].reshape(2, 6)[:, :4], flat[:8].reshape(2, 4))
    np.testing.assert_array_equal(recalled[12:], flat[8:])


def test_weights_of_other_measures_are_not_taken_for_those_of_these():
    iris, digits = (edits.set_dataset(name)(SPEC) for name in ("iris", "digits"))
    assert np.isnan(carried(iris, digits)[0][:, :-1]).all()


def test_ten_thousand_inputs_stay_together_and_come_back():
    images, circle = (edits.set_dataset(name)(SPEC) for name in ("images", "circle"))
    memory, network = Memory(), make_network(images)
    flat = np.arange(len(network.parameters), dtype=float)
    memory.remember(images, network, flat)
    memory.remember(circle, make_network(circle), np.zeros(len(make_network(circle).parameters)))
    recalled = np.full_like(flat, np.nan)
    memory.recall(images, network, recalled)
    np.testing.assert_array_equal(network.layers[0].shaped(recalled)[:, :-1], network.layers[0].shaped(flat)[:, :-1])
