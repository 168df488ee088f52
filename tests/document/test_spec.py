"""The spec: what is valid, what an invalid one is told, and JSON there and back."""

import json
import re

import msgspec
import pytest
from msgspec.structs import replace

import nncore as nn
from playground.document import edits
from playground.document.naming import layer_names
from playground.document.spec import Data, Layer, Spec, Training, Weights, decode, encode, validated


def changed(path: str, value: object) -> str:
    """The default spec as JSON, with one value in it changed."""
    tree = json.loads(encode(Spec()))
    *places, last = path.split(".")
    at = tree
    for place in places:
        at = at[int(place)] if place.isdigit() else at[place]
    at[last] = value
    return json.dumps(tree)


def test_the_default_spec_is_valid():
    assert validated(Spec()) == Spec()


def test_a_spec_is_the_same_after_json():
    spec = Spec(layers=(Layer("dense", 3, units=7, activation="relu"), Layer("dropout", 5, rate=0.4)), seed=11)
    assert decode(encode(spec)) == spec
    assert decode(encode(spec).decode()) == spec


def test_nothing_is_said_of_units_that_are_not_there():
    for layer in (("dense", 1, 4), ("batch_norm", 1, 4)):
        with pytest.raises(ValueError, match="units"):
            Layer(*layer, weights=Weights(frozen_units=(4,)))
    with pytest.raises(ValueError, match="it has no units"):
        Layer("layer_norm", 1, weights=Weights(silenced=(0,)))


def test_what_would_contradict_itself_is_refused():
    with pytest.raises(ValueError, match="a stop condition stands twice"):
        Training(stop=("epochs(limit=5)", "epochs(limit=7)"))
    with pytest.raises(ValueError, match="units of the output cannot be silenced"):
        Spec(output=Weights(silenced=(0,)))


def test_layers_are_counted_by_their_kind_whatever_its_settings():
    kinds = ("dense", "batch_norm", "batch_norm(momentum=0.8)", "dense")
    spec = Spec(layers=tuple(Layer(kind, i + 1) for i, kind in enumerate(kinds)))
    assert layer_names(spec) == ["Dense 1", "BatchNorm 1", "BatchNorm 2", "Dense 2", "Output"]


def test_the_json_is_indented_for_reading():
    assert b'\n  "data": {\n' in encode(Spec())


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("data.samples", 3, "Expected `int` >= 4 - at `$.data.samples`"),
        ("data.samples", 20_001, "Expected `int` <= 20000 - at `$.data.samples`"),
        ("data.noise", 0.9, "Expected `float` <= 0.8 - at `$.data.noise`"),
        ("data.noise", "much", "Expected `float`, got `str` - at `$.data.noise`"),
        ("data.train_share", 0.95, "Expected `float` <= 0.9 - at `$.data.train_share`"),
        ("layers.1.units", 0, "Expected `int` >= 1 - at `$.layers[1].units`"),
        ("layers.1.units", 1025, "Expected `int` <= 1024 - at `$.layers[1].units`"),
        ("layers.0.rate", 0.96, "Expected `float` <= 0.95 - at `$.layers[0].rate`"),
        ("layers.0.colour", "red", "Object contains unknown field `colour` - at `$.layers[0]`"),
        ("training.learning_rate", 0, "Expected `float` > 0.0 - at `$.training.learning_rate`"),
        ("training.learning_rate", 11, "Expected `float` <= 10.0 - at `$.training.learning_rate`"),
        ("training.batch_size", 0, "Expected `int` >= 1 - at `$.training.batch_size`"),
        ("training.regularization_rate", -1, "Expected `float` >= 0.0 - at `$.training.regularization_rate`"),
        ("features", [], "Expected `array` of length >= 1 - at `$.features`"),
        ("seed", -1, "Expected `int` >= 0 - at `$.seed`"),
        ("version", 2, "Expected `int` <= 1 - at `$.version`"),
    ],
)
def test_an_invalid_value_is_told_its_place_and_what_is_expected(path, value, message):
    with pytest.raises(msgspec.ValidationError, match=r"^" + re.escape(message) + "$"):
        decode(changed(path, value))


@pytest.mark.parametrize(
    ("path", "value", "message", "place"),
    [
        ("data.dataset", "spirals", "unknown data set 'spirals' (did you mean 'spiral'?)", "$.data"),
        ("features", ["x1", "z"], "unknown name 'z' at position 1", ""),
        ("layers.1.kind", "dens", "unknown layer 'dens' (did you mean 'dense'?)", "$.layers[1]"),
        ("layers.0.activation", "tan", "unknown activation 'tan' (did you mean 'tanh'?)", "$.layers[0]"),
        ("output_activation", "tan", "unknown activation 'tan' (did you mean 'tanh'?)", ""),
        ("training.loss", "mes", "unknown loss 'mes' (did you mean 'mse'?)", "$.training"),
        ("training.optimizer", "adm", "unknown optimizer 'adm' (did you mean 'adam'?)", "$.training"),
        ("training.regularizer", "l3", "unknown regularizer 'l3'", "$.training"),
        ("training.initializer", "he", "unknown initializer 'he'", "$.training"),
    ],
)
def test_an_unknown_name_is_told_the_possible_ones_and_its_place(path, value, message, place):
    with pytest.raises(msgspec.ValidationError) as error:
        decode(changed(path, value))
    assert str(error.value).startswith(message)
    assert "; possible: " in str(error.value)
    assert str(error.value).endswith(f" - at `{place}`") or not place


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Spec(features=("x1", "x1")), "a feature stands twice in `features`"),
        (lambda: Spec(layers=(Layer("dense", 1), Layer("dropout", 1))), "two layers have the same `id`"),
        (lambda: Spec(dtype="int8"), "unknown dtype 'int8'; possible: float32, float64"),
        (
            lambda: Spec(training=Training(loss="binary_crossentropy")),
            "the loss 'binary_crossentropy' compares probabilities, each from a sigmoid; "
            "the output layer has the activation 'tanh'",
        ),
        (
            lambda: Spec(output_activation="softmax"),
            "a softmax of one unit is always 1: the output layer needs at least 2 units for it",
        ),
        (
            lambda: Spec(training=Training(loss="categorical_crossentropy"), output_activation="softmax"),
            "categorical cross-entropy needs one output per class, and Circle has a single output",
        ),
        (
            lambda: Spec(data=Data("plane"), training=Training(loss="hinge")),
            "hinge is for classes, and Plane asks for values",
        ),
    ],
)
def test_a_spec_that_contradicts_itself_is_told_how(make, message):
    with pytest.raises(ValueError, match=r"^" + re.escape(message) + "$"):
        make()


def test_what_is_no_json_is_refused():
    with pytest.raises(msgspec.DecodeError):
        decode("{")


def test_validated_finds_what_a_constructor_lets_through():
    with pytest.raises(msgspec.ValidationError, match=r"^Expected `int` <= 1024 - at `\$\.layers\[0\]\.units`$"):
        validated(Spec(layers=(Layer("dense", 1, units=1025),)))


def test_layers_are_found_by_their_id():
    spec = Spec(layers=(Layer("dense", 7, activation="relu"), Layer("dense", 3)), output_activation="sigmoid")
    assert spec.index_of(3) == 1
    with pytest.raises(ValueError, match=r"^no hidden layer has the id 4$"):
        spec.index_of(4)


def test_only_what_the_first_weights_depend_on_is_the_origin():
    spec = Spec()
    assert replace(spec, seed=1).origin != spec.origin
    assert replace(spec, training=replace(spec.training, initializer="he_normal")).origin != spec.origin
    assert replace(spec, training=replace(spec.training, learning_rate=0.1)).origin == spec.origin
    assert replace(spec, layers=()).origin == spec.origin


def test_every_option_of_a_layer_kind_is_a_field_of_a_layer_or_has_its_default():
    for kind in nn.Layer.registry.values():
        fields = {*Layer.__struct_fields__, *Weights.__struct_fields__}
        assert set(kind.options) - fields <= {"momentum", "epsilon"}  # these stand in `kind`, in brackets


@pytest.mark.parametrize(
    ("dataset", "inputs", "outputs"), [("circle", 2, 1), ("blobs", 2, 3), ("iris", 4, 3), ("images", 12288, 1)]
)
def test_inputs_and_outputs_follow_from_the_data(dataset, inputs, outputs):
    spec = edits.set_dataset(dataset)(Spec())
    assert (spec.n_inputs, spec.n_outputs) == (inputs, outputs)
