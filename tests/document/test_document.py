"""The document: one signal per change, and a history that brings back every value."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

import nncore as nn
from playground.document import edits
from playground.document.document import Document
from playground.document.edits import Edit
from playground.document.spec import OUTPUT_ID, Layer, Spec, decode, encode, validated
from playground.document.table import table_of


def watched(document: Document) -> list[tuple[Spec, Spec]]:
    """What the document emits from now on, as (new, old)."""
    emitted = []
    document.changed.connect(lambda new, old: emitted.append((new, old)))
    return emitted


def test_an_edit_changes_the_spec_and_tells_the_views():
    document = Document(Spec())
    emitted = watched(document)
    new = document.apply(edits.set_seed(5))
    assert document.spec is new
    assert new.seed == 5
    assert emitted == [(new, Spec())]


def test_undo_and_redo_travel_and_tell_the_views():
    document = Document(Spec())
    new = document.apply(edits.set_seed(5))
    emitted = watched(document)
    document.undo()
    assert document.spec == Spec()
    document.redo()
    assert document.spec == new
    assert emitted == [(Spec(), new), (new, Spec())]


def test_the_labels_name_what_undo_and_redo_would_do():
    document = Document(Spec())
    assert (document.undo_label, document.redo_label) == (None, None)
    document.apply(edits.set_seed(5))
    document.apply(edits.set_noise(0.1))
    document.undo()
    assert (document.undo_label, document.redo_label) == ("New seed", "Change noise")


def test_who_is_told_of_a_change_can_tell_whether_it_goes_on_with_a_gesture():
    document, told = Document(Spec()), []
    document.changed.connect(lambda new, old: told.append(document.continues))
    drag = object()
    for seed, gesture in ((1, drag), (2, drag), (3, object()), (4, None), (5, None)):
        document.apply(edits.set_seed(seed), gesture)
    document.undo()
    document.begin(Spec())
    assert told == [False, True, False, False, False, False, False]
    assert not document.continues


def test_undo_and_redo_with_nothing_to_do_do_nothing():
    document = Document(Spec())
    emitted = watched(document)
    document.undo()
    document.redo()
    assert emitted == []


def test_an_edit_that_changes_nothing_is_no_entry():
    document = Document(Spec())
    emitted = watched(document)
    document.apply(edits.set_noise(0.0))
    assert document.undo_label is None
    assert emitted == []


def test_a_new_edit_forgets_what_was_undone():
    document = Document(Spec())
    document.apply(edits.set_seed(5))
    document.undo()
    document.apply(edits.set_seed(6))
    assert document.redo_label is None


def test_the_history_has_no_limit():
    document = Document(Spec())
    for seed in range(1, 1001):
        document.apply(edits.set_seed(seed))
    for _ in range(1000):
        document.undo()
    assert document.spec == Spec()


# -- gestures -------------------------------------------------------------------------------------


def test_the_edits_of_one_gesture_are_one_entry_and_tell_the_views_each():
    document = Document(Spec())
    emitted = watched(document)
    drag = object()
    for noise in (0.1, 0.2, 0.3):
        document.apply(edits.set_noise(noise), gesture=drag)
    assert [new.data.noise for new, _ in emitted] == [0.1, 0.2, 0.3]
    document.undo()
    assert document.spec == Spec()
    document.redo()
    assert document.spec.data.noise == 0.3


def test_two_gestures_and_edits_without_one_are_entries_of_their_own():
    document = Document(Spec())
    for noise, gesture in ((0.1, "first"), (0.2, "second"), (0.3, None), (0.4, None)):
        document.apply(edits.set_noise(noise), gesture=gesture)
    noises = []
    while document.undo_label:
        document.undo()
        noises.append(document.spec.data.noise)
    assert noises == [0.3, 0.2, 0.1, 0.0]


def test_an_edit_in_between_ends_a_gesture():
    document = Document(Spec())
    drag = object()
    document.apply(edits.set_noise(0.1), gesture=drag)
    document.apply(edits.set_seed(5))
    document.apply(edits.set_noise(0.2), gesture=drag)
    document.undo()
    assert (document.spec.data.noise, document.spec.seed) == (0.1, 5)


def test_undo_ends_a_gesture():
    document = Document(Spec())
    drag = object()
    document.apply(edits.set_noise(0.1), gesture=drag)
    document.undo()
    document.apply(edits.set_noise(0.2), gesture=drag)
    document.undo()
    assert document.spec == Spec()


def test_a_drag_back_to_where_it_began_leaves_no_entry():
    document = Document(Spec())
    drag = object()
    for noise in (0.1, 0.2, 0.0):
        document.apply(edits.set_noise(noise), gesture=drag)
    assert document.undo_label is None
    document.apply(edits.set_noise(0.3), gesture=drag)
    assert document.undo_label == "Change noise"
    document.undo()
    assert document.spec == Spec()


# -- mistakes -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (edits.remove_layer(9), "no hidden layer"),
        (edits.set_noise(3), "data.noise"),
        (edits.set_dataset("x"), "unknown data set"),
        (edits.set_units(1, 2.5), "units"),  # type: ignore[arg-type]
    ],
)
def test_an_edit_that_fails_leaves_everything_as_it_was(edit, message):
    document = Document(Spec())
    document.apply(edits.set_seed(5))
    document.apply(edits.set_seed(6))
    document.undo()
    before = document.spec, document.undo_label, document.redo_label
    emitted = watched(document)
    with pytest.raises(ValueError, match=message):
        document.apply(edit)
    assert (document.spec, document.undo_label, document.redo_label) == before
    assert emitted == []


def test_a_failed_edit_does_not_end_a_gesture():
    document = Document(Spec())
    drag = object()
    document.apply(edits.set_noise(0.1), gesture=drag)
    with pytest.raises(ValueError, match="noise"):
        document.apply(edits.set_noise(0.9), gesture=drag)
    document.apply(edits.set_noise(0.2), gesture=drag)
    document.undo()
    assert document.spec == Spec()


# -- any sequence of edits ------------------------------------------------------------------------

layer_ids = st.integers(OUTPUT_ID, 6)
places = st.integers(-1, 6)
rates = st.floats(-0.1, 1.1)


def names(family: type[nn.Registered]) -> st.SearchStrategy[str]:
    return st.sampled_from([*family.names(), "unknown"])


units = st.integers(-1, 6)
points = st.tuples(st.floats(-9, 9), st.floats(-9, 9))
formulas = st.sampled_from(["sin(3*x1)", "x1 * x2 +", "exp(x2)"])
TABLE = table_of(
    np.array([[0.0, 1.0], [2.0, -3.0], [1.0, 1.0]]), np.array([-1.0, 1.0, 1.0]), label="own.csv", task="binary",
    input_names=("x₁", "x₂"), class_names=("no", "yes"),
)  # fmt: skip
WIDE = table_of(
    np.arange(12.0).reshape(4, 3), np.array([0.0, 1.0, 2.0, 1.0]), label="wide.csv", task="classes",
    input_names=("a", "b", "c"), class_names=("p", "q", "r"), standardize=True,
)  # fmt: skip

ARGUMENTS: dict[Callable[..., Edit], tuple[st.SearchStrategy, ...]] = {
    edits.add_layer: (places, names(nn.Layer)),
    edits.duplicate_layer: (layer_ids,),
    edits.remove_layer: (layer_ids,),
    edits.move_layer: (layer_ids, places),
    edits.set_units: (layer_ids, st.integers(-5, 200)),
    edits.set_rate: (layer_ids, rates),
    edits.set_span: (layer_ids, st.integers(-1, 14)),
    edits.set_activation: (layer_ids, names(nn.Activation)),
    edits.set_dataset: (names(nn.Dataset),),
    edits.set_noise: (rates,),
    edits.set_samples: (st.integers(0, 1000),),
    edits.set_train_share: (rates,),
    edits.toggle_feature: (names(nn.Feature) | formulas,),
    edits.set_learning_rate: (st.floats(),),
    edits.set_optimizer: (names(nn.Optimizer),),
    edits.set_loss: (names(nn.Loss),),
    edits.set_batch_size: (st.integers(-1, 100),),
    edits.set_regularizer: (names(nn.Regularizer),),
    edits.set_regularization_rate: (rates,),
    edits.set_initializer: (names(nn.Initializer),),
    edits.set_schedule: (names(nn.Schedule),),
    edits.set_clipping: (names(nn.Clipping),),
    edits.set_seed: (st.integers(-1, 2**31),),
    edits.paste_layer: (places, st.sampled_from([Layer("dense", 3, 7), Layer("dropout", 1), Layer("residual", 2)])),
    edits.set_kind: (layer_ids, st.sampled_from(["batch_norm(momentum=0.5)", "dense", "batch_norm(momentum=2)"])),
    edits.set_layer_initializer: (layer_ids, st.none() | names(nn.Initializer)),
    edits.set_layer_regularizer: (layer_ids, st.sampled_from([None, "l1(rate=0.01)", "l2(rate=-1)", "unknown"])),
    edits.freeze_layer: (layer_ids, st.booleans()),
    edits.freeze_unit: (layer_ids, units, st.booleans()),
    edits.silence_unit: (layer_ids, units, st.booleans()),
    edits.assign: (layer_ids, units, st.just([0, 1]), st.just([1.5, -0.5]), st.just([0.0, 0.25])),
    edits.redraw_unit: (layer_ids, units, st.just([1.5, -0.5]), st.just([0.0, 0.25])),
    edits.set_shuffle: (st.booleans(),),
    edits.set_remainder: (st.sampled_from(["step", "carry", "drop"]),),
    edits.set_precision: (st.sampled_from(["float32", "float64", "float16"]),),
    edits.set_stop: (st.sampled_from(["epochs", "loss_below(value=0.1)", "seconds(limit=0)"]), st.booleans()),
    edits.replace_formula: (st.sampled_from(["x1", "sin(3*x1)"]), formulas),
    edits.set_axes: (st.none() | st.tuples(st.integers(-1, 5), st.integers(-1, 5)),),
    edits.hold_input: (st.integers(-1, 5), st.none() | st.floats()),
    edits.open_table: (st.sampled_from([TABLE, WIDE]),),
    edits.paint_points: (st.lists(points, max_size=3), st.sampled_from([-1.0, 0.0, 1.0, 2.0])),
    edits.erase_points: (st.lists(st.integers(0, 5), max_size=4),),
    edits.move_point: (st.integers(0, 5), points),
    edits.label_point: (st.integers(0, 5), st.sampled_from([-1.0, 0.0, 1.0])),
    edits.clear_points: (st.sampled_from([0, 2, 3]),),
    edits.set_class_count: (st.integers(1, 12),),
}
"""What each edit is tried with: possible values and impossible ones."""


def trials(factory: Callable[..., Edit]) -> st.SearchStrategy[Edit]:
    return st.tuples(*ARGUMENTS[factory]).map(lambda values: factory(*values))


any_edit = st.sampled_from(list(ARGUMENTS)).flatmap(trials)


@settings(max_examples=300)
@given(sequence=st.lists(st.tuples(any_edit, st.sampled_from([None, "drag", "other drag"])), max_size=25))
def test_any_sequence_of_edits_keeps_the_spec_valid_and_can_be_undone_and_redone(sequence):
    document = Document(Spec())
    entries = [document.spec]
    for edit, gesture in sequence:
        label = document.undo_label
        try:
            new = document.apply(edit, gesture)
        except ValueError:
            assert document.undo_label == label
            continue
        assert validated(new) == new == decode(encode(new))
        entries.append(new)

    seen = [document.spec]
    while document.undo_label:
        document.undo()
        seen.append(document.spec)
    assert seen[-1] == Spec()
    assert all(spec in entries for spec in seen)
    assert all(a != b for a, b in pairwise(seen))
    for expected in reversed(seen[:-1]):
        document.redo()
        assert document.spec == expected
    assert document.redo_label is None


def test_the_edits_that_are_tried_are_all_there_are_but_open():
    made = {value for value in vars(edits).values() if hasattr(value, "__wrapped__")}
    assert made - {edits.open_spec} == set(ARGUMENTS)


def test_a_new_layer_never_gets_the_id_of_one_that_was_there():
    document = Document(Spec())
    document.apply(edits.add_layer(at=2, kind="dense"))
    first = document.spec.layers[2].id
    document.undo()
    document.apply(edits.add_layer(at=2, kind="dense"))
    second = document.spec.layers[2].id
    document.apply(edits.remove_layer(second))
    document.apply(edits.duplicate_layer(1))
    ids = [layer.id for layer in document.spec.layers]
    assert len({first, second, *ids}) == len(ids) + 2
    document.undo()
    document.undo()
    assert document.spec.layers[2].id == second


def test_nor_after_another_experiment_was_begun():
    document = Document(Spec())
    document.begin(Spec(layers=(Layer("dense", 1), Layer("dense", 9))))
    document.apply(edits.remove_layer(9))
    document.apply(edits.add_layer(at=1, kind="dense"))
    assert [layer.id for layer in document.spec.layers] == [1, 10]


def test_a_gesture_ends_where_another_experiment_begins():
    document, drag = Document(Spec()), object()
    document.apply(edits.set_noise(0.1), gesture=drag)
    document.begin(Spec())
    document.apply(edits.set_noise(0.2), gesture=drag)
    assert document.undo_label == "Change noise"


def test_every_opening_is_a_run_of_its_own_and_undo_goes_back_to_the_old_one():
    document = Document(Spec())
    document.apply(edits.open_spec(Spec(), "Circle"))
    first = document.spec.run
    document.undo()
    assert document.spec.run == 0
    document.apply(edits.open_spec(Spec(), "Circle"))
    assert len({0, first, document.spec.run}) == 3
    assert document.undo_label == "Open Circle"


# -- files ----------------------------------------------------------------------------------------


def test_another_experiment_is_begun_as_a_run_of_its_own_with_nothing_to_undo():
    document = Document(Spec())
    told = []
    document.changed.connect(lambda new, old: told.append((new, old)))
    document.apply(edits.set_units(1, 7))
    document.undo()
    document.begin(replace(Spec(), seed=5))
    assert (document.undo_label, document.redo_label) == (None, None)
    assert document.spec.seed == 5
    assert document.spec.run > 0
    assert told[-1][0] is document.spec


def test_layers_of_an_experiment_that_is_begun_keep_their_ids_which_no_later_one_gets():
    document = Document(Spec())
    document.begin(replace(Spec(), layers=(Layer("dense", 77), Layer("dense", 8))))
    assert [layer.id for layer in document.spec.layers] == [77, 8]
    document.apply(edits.add_layer(0, "dense"))
    assert document.spec.layers[0].id == 78
