"""Every edit: what it changes, what it leaves alone, and what it refuses."""

import math
import re

import msgspec
import pytest
from msgspec.structs import replace

import nncore as nn
from playground.document import edits
from playground.document.edits import Edit, ImpossibleEditError
from playground.document.fitting import loss_refusal
from playground.document.spec import MAX_LAYERS, MAX_UNITS, OUTPUT_ID, Data, Layer, Spec, Training

SPEC = Spec(
    layers=(
        Layer("dense", 1, units=8, activation="relu"),
        Layer("dropout", 4, rate=0.3),
        Layer("dense", 2, units=3, activation="sigmoid"),
    )
)


def ids(spec: Spec) -> list[int]:
    return [layer.id for layer in spec.layers]


def refuses(message: str, kind: type[ValueError] = ImpossibleEditError):
    return pytest.raises(kind, match=r"^" + re.escape(message) + "$")


# -- layers ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("at", range(4))
@pytest.mark.parametrize("kind", nn.Layer.names())
def test_a_layer_of_any_kind_can_be_added_anywhere(kind, at):
    new = edits.add_layer(at, kind)(SPEC)
    assert new.layers[at].kind == kind
    assert new.layers[at].id == 5
    assert new.layers[:at] + new.layers[at + 1 :] == SPEC.layers


@pytest.mark.parametrize(
    ("at", "units", "activation"), [(0, 8, "relu"), (1, 8, "relu"), (2, 8, "relu"), (3, 3, "sigmoid")]
)
def test_a_new_dense_layer_takes_after_the_dense_layer_before_it(at, units, activation):
    new = edits.add_layer(at, "dense")(SPEC).layers[at]
    assert (new.units, new.activation) == (units, activation)


def test_a_new_layer_in_an_empty_network_has_four_tanh_units():
    assert edits.add_layer(0, "dense")(Spec(layers=())).layers == (Layer("dense", 1, units=4, activation="tanh"),)


def test_a_new_layer_can_bring_its_activation():
    assert edits.add_layer(0, "dense", activation="sigmoid")(SPEC).layers[0].activation == "sigmoid"


def test_a_layer_is_duplicated_right_behind_itself():
    new = edits.duplicate_layer(1)(SPEC)
    assert ids(new) == [1, 5, 4, 2]
    assert replace(new.layers[1], id=1) == SPEC.layers[0]


def test_a_layer_is_removed():
    assert ids(edits.remove_layer(4)(SPEC)) == [1, 2]


def test_every_hidden_layer_can_be_removed():
    spec = SPEC
    for layer in SPEC.layers:
        spec = edits.remove_layer(layer.id)(spec)
    assert spec.layers == ()


@pytest.mark.parametrize(("to", "order"), [(0, [1, 4, 2]), (1, [4, 1, 2]), (2, [4, 2, 1])])
def test_a_layer_is_moved_among_the_others(to, order):
    assert ids(edits.move_layer(1, to)(SPEC)) == order


@pytest.mark.parametrize(("units", "kept"), [(5, 5), (0, 1), (-3, 1), (5000, MAX_UNITS)])
def test_units_are_set_within_their_bounds(units, kept):
    assert edits.set_units(1, units)(SPEC).layers == (replace(SPEC.layers[0], units=kept), *SPEC.layers[1:])


def test_the_rate_of_dropout_is_set():
    assert edits.set_rate(4, 0.5)(SPEC).layers[1].rate == 0.5


def test_the_activation_of_a_hidden_layer_is_set():
    assert edits.set_activation(2, "tanh")(SPEC).layers[2].activation == "tanh"


# -- the output and its loss ----------------------------------------------------------------------


def test_the_activation_of_the_output_is_set():
    new = edits.set_activation(OUTPUT_ID, "identity")(SPEC)
    assert new == replace(SPEC, output_activation="identity")


def test_a_loss_that_needs_another_output_brings_it():
    new = edits.set_loss("binary_crossentropy")(SPEC)
    assert (new.training.loss, new.output_activation) == ("binary_crossentropy", "sigmoid")


def test_an_output_that_the_loss_cannot_read_brings_the_default_loss_back():
    spec = edits.set_loss("binary_crossentropy")(SPEC)
    new = edits.set_activation(OUTPUT_ID, "tanh")(spec)
    assert (new.training.loss, new.output_activation) == ("half_squared", "tanh")


def test_a_loss_that_reads_any_output_leaves_it():
    spec = edits.set_loss("binary_crossentropy")(SPEC)
    assert edits.set_loss("mse")(spec).output_activation == "sigmoid"


def test_a_softmax_over_one_output_is_refused():
    with refuses("a softmax of one unit is always 1: the output layer needs at least 2 units for it", ValueError):
        edits.set_activation(OUTPUT_ID, "softmax")(SPEC)
    with refuses("categorical cross-entropy needs one output per class, and Circle has a single output"):
        edits.set_loss("categorical_crossentropy")(SPEC)


def test_a_loss_for_classes_is_refused_where_values_are_asked_for():
    with refuses("hinge is for classes, and Saddle asks for values"):
        edits.set_loss("hinge")(edits.set_dataset("saddle")(SPEC))


@pytest.mark.parametrize(
    ("dataset", "output", "loss"),
    [
        ("blobs", "softmax", "categorical_crossentropy"),
        ("iris", "softmax", "categorical_crossentropy"),
        ("saddle", "identity", "half_squared"),
        ("spiral", "tanh", "half_squared"),
    ],
)
def test_another_sort_of_data_brings_its_usual_output_and_loss(dataset, output, loss):
    for before in ("circle", "digits", "plane"):
        if nn.Dataset.named(before)().task != nn.Dataset.named(dataset)().task:
            spec = edits.set_dataset(dataset)(edits.set_dataset(before)(SPEC))
            assert (spec.output_activation, spec.training.loss) == (output, loss)


def test_data_of_the_same_sort_leave_output_and_loss_as_they_are():
    spec = edits.set_loss("hinge")(SPEC)
    assert edits.set_dataset("moons")(spec).training.loss == "hinge"


def test_every_data_set_can_follow_every_other():
    for before in nn.Dataset.names():
        for after in nn.Dataset.names():
            edits.set_dataset(after)(edits.set_dataset(before)(SPEC))


def test_every_loss_finds_an_output_or_is_refused_with_a_reason():
    for dataset in ("circle", "blobs", "saddle"):
        spec = edits.set_dataset(dataset)(SPEC)
        for loss in nn.Loss.names():
            if loss_refusal(loss, spec.dataset) is None:
                assert edits.set_loss(loss)(spec).training.loss == loss
            else:
                with pytest.raises(ImpossibleEditError, match=f"^{nn.Loss.named(loss).label} "):
                    edits.set_loss(loss)(spec)


def test_features_of_data_that_are_no_points_of_the_plane_are_refused():
    with refuses("features are made of points of the plane; Iris brings its own inputs"):
        edits.toggle_feature("x1_x2")(edits.set_dataset("iris")(SPEC))


def test_the_span_of_a_residual_connection_can_be_changed():
    spec = edits.add_layer(at=2, kind="residual")(SPEC)
    added = spec.layers[2].id
    assert edits.set_span(added, 2)(spec).layers[2].span == 2
    with refuses("a dense layer has no span"):
        edits.set_span(spec.layers[0].id, 2)(spec)


# -- data, features, training, the whole ----------------------------------------------------------


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (edits.set_dataset("spiral"), replace(SPEC, data=Data(dataset="spiral"))),
        (edits.set_noise(0.25), replace(SPEC, data=Data(noise=0.25))),
        (edits.set_samples(200), replace(SPEC, data=Data(samples=200))),
        (edits.set_train_share(0.7), replace(SPEC, data=Data(train_share=0.7))),
        (edits.set_learning_rate(0.3), replace(SPEC, training=Training(learning_rate=0.3))),
        (edits.set_optimizer("adam"), replace(SPEC, training=Training(optimizer="adam"))),
        (edits.set_loss("mse"), replace(SPEC, training=Training(loss="mse"))),
        (edits.set_batch_size(25), replace(SPEC, training=Training(batch_size=25))),
        (edits.set_regularization_rate(0.1), replace(SPEC, training=Training(regularization_rate=0.1))),
        (edits.set_initializer("he_normal"), replace(SPEC, training=Training(initializer="he_normal"))),
        (edits.set_seed(7), replace(SPEC, seed=7)),
        (edits.open_spec(Spec(seed=3), "Circle"), Spec(seed=3, run=1)),
    ],
    ids=lambda value: value.label if isinstance(value, Edit) else "",
)
def test_an_edit_changes_its_own_value_and_nothing_else(edit, expected):
    assert edit(SPEC) == expected


def test_switched_on_features_stand_in_the_order_of_the_registry():
    spec = edits.toggle_feature("sin_x1")(SPEC)
    spec = edits.toggle_feature("x1_squared")(spec)
    assert spec.features == ("x1", "x2", "x1_squared", "sin_x1")
    assert edits.toggle_feature("x1")(spec).features == ("x2", "x1_squared", "sin_x1")


def test_a_first_regularizer_gets_a_rate_that_can_be_seen():
    new = edits.set_regularizer("l2")(SPEC).training
    assert (new.regularizer, new.regularization_rate) == ("l2", 0.001)
    kept = edits.set_regularizer("l1")(edits.set_regularization_rate(0.5)(SPEC)).training
    assert (kept.regularizer, kept.regularization_rate) == ("l1", 0.5)
    assert edits.set_regularizer("none")(SPEC).training.regularization_rate == 0


# -- what is impossible ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (edits.add_layer(4, "dense"), "a layer can stand at the positions 0 to 3, not at 4"),
        (edits.add_layer(-1, "dense"), "a layer can stand at the positions 0 to 3, not at -1"),
        (edits.move_layer(1, 3), "a layer can stand at the positions 0 to 2, not at 3"),
        (edits.move_layer(1, -1), "a layer can stand at the positions 0 to 2, not at -1"),
        (edits.set_units(4, 5), "a dropout layer has no units"),
        (edits.set_activation(4, "relu"), "a dropout layer has no activation"),
        (edits.set_rate(1, 0.5), "a dense layer has no rate"),
    ],
)
def test_an_impossible_edit_says_what_is_possible(edit, message):
    with refuses(message):
        edit(SPEC)


@pytest.mark.parametrize(
    "edit",
    [
        edits.duplicate_layer(9),
        edits.remove_layer(OUTPUT_ID),
        edits.move_layer(9, 0),
        edits.set_units(9, 3),
        edits.set_rate(9, 0.1),
        edits.set_activation(9, "tanh"),
    ],
    ids=lambda edit: edit.label,
)
def test_a_layer_that_is_not_there_cannot_be_edited(edit):
    with pytest.raises(ValueError, match=r"^no hidden layer has the id [09]$"):
        edit(SPEC)


@pytest.mark.parametrize("edit", [edits.add_layer(0, "dense"), edits.duplicate_layer(1)], ids=lambda edit: edit.label)
def test_a_full_network_takes_no_further_layer(edit):
    full = Spec(layers=tuple(Layer("dense", i + 1) for i in range(MAX_LAYERS)))
    with refuses(f"a network has at most {MAX_LAYERS} hidden layers"):
        edit(full)


def test_the_last_feature_stays():
    with refuses("a network needs at least one input feature"):
        edits.toggle_feature("x1")(Spec(features=("x1",)))


@pytest.mark.parametrize(
    ("edit", "place"),
    [
        (edits.set_samples(1), "$.data.samples"),
        (edits.set_noise(0.9), "$.data.noise"),
        (edits.set_noise(float("nan")), "$.data.noise"),
        (edits.set_train_share(0.0), "$.data.train_share"),
        (edits.set_rate(4, 1.0), "$.layers[1].rate"),
        (edits.set_learning_rate(float("inf")), "$.training.learning_rate"),
        (edits.set_batch_size(0), "$.training.batch_size"),
        (edits.set_regularization_rate(-1.0), "$.training.regularization_rate"),
        (edits.set_seed(-1), "$.seed"),
    ],
    ids=lambda value: value.label if isinstance(value, Edit) else "",
)
def test_a_value_out_of_bounds_is_told_its_place(edit, place):
    with pytest.raises(msgspec.ValidationError, match=re.escape(f"at `{place}`") + "$"):
        edit(SPEC)


@pytest.mark.parametrize(
    "edit",
    [
        edits.add_layer(0, "none"),
        edits.add_layer(0, "dense", activation="none"),
        edits.set_activation(1, "none"),
        edits.set_activation(OUTPUT_ID, "none"),
        edits.set_dataset("none"),
        edits.set_optimizer("none"),
        edits.set_loss("none"),
        edits.set_regularizer("nothing"),
        edits.set_initializer("none"),
    ],
    ids=lambda edit: edit.label,
)
def test_an_unknown_name_lists_what_is_possible(edit):
    with pytest.raises(nn.UnknownNameError, match="; possible: "):
        edit(SPEC)


def test_a_formula_that_cannot_be_read_says_where():
    with pytest.raises(nn.FormulaError, match="unknown name 'none' at position 1"):
        edits.toggle_feature("none")(SPEC)


def test_formulas_stand_behind_the_features_with_names_and_can_be_replaced():
    spec = edits.toggle_feature("x1_x2")(edits.toggle_feature("sin(3*x1)")(SPEC))
    formula = spec.features[-1]
    assert spec.features[:-1] == ("x1", "x2", "x1_x2")
    new = edits.replace_formula(formula, "cos(x2)*x1")(spec)
    assert new.features[-1] == nn.feature("cos(x2)*x1").text
    assert edits.toggle_feature(formula)(spec).features == ("x1", "x2", "x1_x2")


def test_what_is_said_of_units_goes_with_them():
    spec = edits.silence_unit(1, 7)(edits.freeze_unit(1, 2)(edits.freeze_unit(1, 6)(SPEC)))
    assert spec.layers[0].weights.frozen_units == (2, 6)
    wide = edits.freeze_unit(1, 8)(edits.set_units(1, 9)(spec))
    assert edits.freeze_unit(1, 1)(wide).layers[0].weights.frozen_units == (1, 2, 6, 8)
    fewer = edits.set_units(1, 4)(spec).layers[0].weights
    assert (fewer.frozen_units, fewer.silenced) == ((2,), ())


def test_a_slider_sets_a_weight_again_and_again_as_one_assignment():
    spec = edits.assign(1, 0, [1], [0.5], [0.1])(SPEC)
    spec = edits.assign(1, 0, [1], [0.7], [0.5], goes_on=True)(spec)
    assert [(each.values, each.before) for each in spec.assigned] == [((0.7,), (0.1,))]
    spec = edits.assign(1, 0, [1], [0.9], [0.7])(spec)
    assert [each.serial for each in spec.assigned] == [1, 2]


def test_a_neuron_that_is_drawn_anew_is_assigned_all_its_weights_and_says_so_for_undo():
    drawn = edits.redraw_unit(1, 0, [0.5, 0.7, 0.0], [0.1, 0.2, 0.3])
    (assigned,) = drawn(SPEC).assigned
    assert (assigned.columns, assigned.values, assigned.before) == ((0, 1, 2), (0.5, 0.7, 0.0), (0.1, 0.2, 0.3))
    assert drawn.label == "Re-draw neuron"


def test_a_stop_condition_takes_the_place_of_one_of_its_name():
    spec = edits.set_stop("loss_below(value=0.1)")(edits.set_stop("epochs(limit=7)")(SPEC))
    assert edits.set_stop("loss_below(value=0.2)")(spec).training.stop == ("epochs(limit=7)", "loss_below(value=0.2)")
    assert edits.set_stop("epochs", False)(spec).training.stop == ("loss_below(value=0.1)",)


def test_the_output_cannot_be_silenced():
    with refuses("the output cannot be silenced: there would be nothing left to learn"):
        edits.silence_unit(OUTPUT_ID, 0)(SPEC)


@pytest.mark.parametrize(
    "edit",
    [
        edits.freeze_unit(2, 0),
        edits.silence_unit(2, 0),
        edits.set_layer_initializer(2, "zeros"),
        edits.set_layer_regularizer(2, "l1(rate=0.1)"),
    ],
    ids=lambda edit: edit.label,
)
def test_a_layer_without_units_can_be_frozen_as_a_whole_only(edit):
    spec = Spec(layers=(Layer("dense", 1), Layer("batch_norm", 2)))
    assert edits.freeze_layer(2)(spec).layers[1].weights.frozen
    with refuses("a batch_norm layer has no units: all of it can be frozen, or nothing"):
        edit(spec)


@pytest.mark.parametrize("value", [math.nan, math.inf, -1e300])
def test_numbers_set_by_hand_are_finite(value):
    with pytest.raises(msgspec.ValidationError, match="Expected `float`"):
        edits.assign(1, 0, [0], [value], [0.0])(Spec())
    with pytest.raises(msgspec.ValidationError, match="Expected `float`"):
        edits.hold_input(0, value)(edits.set_dataset("iris")(Spec()))


def test_layers_without_weights_cannot_be_frozen():
    with refuses("a dropout layer has no weights"):
        edits.freeze_layer(4)(SPEC)


# -- precision ------------------------------------------------------------------------------------


def test_another_precision_starts_anew():
    new = edits.set_precision("float64")(SPEC)
    assert new.dtype == "float64"
    assert new.origin != SPEC.origin
    assert replace(new, dtype=SPEC.dtype) == SPEC


def test_a_precision_that_there_is_not_is_refused():
    with refuses("there is no precision 'float16'; possible: float32, float64"):
        edits.set_precision("float16")(SPEC)  # type: ignore[arg-type]
