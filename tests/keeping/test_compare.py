"""What two experiments differ in: in the words of the panels, short, and complete."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from sittings import FLOWERS, POINTS, SPECS

from playground.document.presets import presets
from playground.document.spec import Assignment, Cut, Data, Layer, Spec, Training, Weights
from playground.keeping.compare import differences, differing, short

SPEC = Spec(
    data=Data("circle"),
    features=("x1", "x2"),
    layers=(Layer("dense", 1, 4, "tanh"), Layer("dense", 2, 2, "tanh"), Layer("dropout", 3), Layer("residual", 4)),
    training=Training(optimizer="adam"),
)
DATA = {
    "dataset": "spiral",
    "samples": 60,
    "noise": 0.1,
    "train_share": 0.7,
    "own": POINTS,
}
TRAINING = {
    "loss": "mse",
    "optimizer": "sgd",
    "learning_rate": 0.1,
    "batch_size": 7,
    "regularizer": "l1",
    "regularization_rate": 0.5,
    "initializer": "zeros",
    "schedule": "cosine",
    "clipping": "norm",
    "shuffle": False,
    "remainder": "carry",
    "stop": ("epochs(limit=5)",),
}
LAYER = {
    "kind": "layer_norm",
    "units": 9,
    "activation": "relu",
    "rate": 0.5,
    "span": 3,
    "weights": Weights(frozen=True),
}
WEIGHTS = {
    "initializer": "he_normal",
    "regularizer": "l2(rate=0.5)",
    "frozen": True,
    "frozen_units": (0,),
    "silenced": (1,),
}
WHOLE = {
    "data": Data("xor"),
    "features": ("x2",),
    "layers": (),
    "output_activation": "identity",
    "output": Weights(frozen=True),
    "training": Training(),
    "seed": 9,
    "dtype": "float64",
}
NO_SETTINGS = {"version", "run", "cut", "assigned"}
"""Fields of a spec that say nothing of how it trains."""


def with_layer(place, **changes):
    layers = list(SPEC.layers)
    layers[place] = replace(layers[place], **changes)
    return replace(SPEC, layers=tuple(layers))


CHANGED = [
    *(replace(SPEC, **{name: value}) for name, value in WHOLE.items()),
    *(replace(SPEC, data=replace(SPEC.data, **{name: value})) for name, value in DATA.items()),
    *(replace(SPEC, training=replace(SPEC.training, **{name: value})) for name, value in TRAINING.items()),
    *(with_layer(place, **{name: value}) for place in range(4) for name, value in LAYER.items()
      if not (place and name == "weights")),
    *(with_layer(0, weights=Weights(**{name: value})) for name, value in WEIGHTS.items()),
    *(replace(SPEC, output=Weights(**{name: value})) for name, value in WEIGHTS.items() if name != "silenced"),
    replace(SPEC, training=replace(SPEC.training, optimizer="adam()")),
    replace(SPEC, data=Data("circle()")),
    replace(SPEC, data=Data("own", own=POINTS)),
    replace(SPEC, data=Data("own", own=replace(POINTS, label="Circle"))),
    replace(SPEC, training=replace(SPEC.training, learning_rate=0.030000000000001)),
]  # fmt: skip
OF_PARTS = [SPEC, *CHANGED, *SPECS.values(), *(preset.spec for preset in presets().values())]


def settings_of(spec):
    """All that is a setting in a spec."""
    return replace(spec.learned, run=0, layers=tuple(replace(layer, id=1 + i) for i, layer in enumerate(spec.layers)))


def test_every_field_is_tried():
    assert set(DATA) == set(Data.__struct_fields__)
    assert set(TRAINING) == set(Training.__struct_fields__)
    assert set(LAYER) == set(Layer.__struct_fields__) - {"id"}
    assert set(WEIGHTS) == set(Weights.__struct_fields__)
    assert set(WHOLE) == set(Spec.__struct_fields__) - NO_SETTINGS


@pytest.mark.parametrize("changed", CHANGED)
def test_a_change_of_any_field_is_said_in_one_line_in_either_direction(changed):
    for lines in (differences(SPEC, changed), differences(changed, SPEC)):
        assert lines
        assert all("\n" not in line for line in lines)
    if changed.training is SPEC.training and changed.data is SPEC.data:
        assert len(differences(SPEC, changed)) == 1


@given(pair=st.tuples(st.sampled_from(OF_PARTS), st.sampled_from(OF_PARTS)))
def test_two_experiments_have_no_line_only_if_they_train_alike(pair):
    old, new = pair
    assert (differences(old, new) == []) == (settings_of(old) == settings_of(new))


def test_what_is_no_setting_is_not_said():
    assigned = Assignment(1, 1, 0, (0, 1), (1.0, 2.0), (0.0, 0.0))
    elsewhere = replace(SPEC, run=7, assigned=(assigned,), layers=tuple(replace(x, id=x.id + 5) for x in SPEC.layers))
    assert differences(SPEC, elsewhere) == []
    iris = SPECS["iris"]
    assert differences(iris, replace(iris, cut=Cut(axes=(0, 1)))) == []


def test_settings_are_named_as_in_the_panels():
    def said(**changes):
        return differences(SPEC, replace(SPEC, **changes))

    def training(**changes):
        return said(training=replace(SPEC.training, **changes))

    assert training(learning_rate=0.1) == ["learning rate 0.03 → 0.1"]
    assert training(optimizer="sgd") == ["optimizer: Adam → SGD"]
    assert training(optimizer="adam(beta_1=0.8)")[0].startswith("optimizer: Adam → Adam (")
    assert training(shuffle=False) == ["shuffle each epoch on → off"]
    assert training(remainder="carry") == ["left-over samples: smaller step → carry over"]
    assert said(seed=2) == ["seed 0 → 2"]
    assert said(dtype="float64") == ["precision float32 → float64"]
    assert said(data=replace(SPEC.data, noise=0.1)) == ["noise 0 % → 10 %"]
    assert said(data=Data("spiral(arms=3)")) == ["data: Circle → Spiral (arms 3)"]
    assert said(features=("x2", "sin_x1")) == ["features − x₁, + sin x₁"]
    assert said(features=("x2", "x1")) == ["order of features: x1, x2 → x2, x1"]
    assert said(output=Weights(frozen=True)) == ["output: tanh → tanh, frozen"]


def test_layers_are_named_one_by_one_or_all_if_there_are_more_or_fewer():
    old = replace(SPEC, layers=SPEC.layers[:2])
    assert differences(old, replace(old, layers=(Layer("dense", 7, 8, "relu"),))) == [
        "layers: Dense 4 tanh, Dense 2 tanh → Dense 8 ReLU"
    ]
    assert differences(old, replace(old, layers=())) == ["layers: Dense 4 tanh, Dense 2 tanh → none"]
    frozen = Layer("dense", 2, 2, "tanh", weights=Weights(frozen_units=(0, 1), silenced=(1,)))
    assert differences(old, replace(old, layers=(old.layers[0], frozen))) == [
        "layer 2: Dense 2 tanh → Dense 2 tanh, units 1 2 frozen, unit 2 silenced"
    ]


def test_samples_of_ones_own_are_told_by_their_name_and_number():
    own = replace(SPEC, data=Data("own", own=POINTS))
    assert differences(SPEC, own) == ["data: Circle → points.csv", "own samples: none → points.csv (40 samples)"]
    moved = replace(POINTS, values=POINTS.values[32:] + POINTS.values[:32])  # the first row stands last
    other = replace(SPEC, data=Data("own", own=moved))
    assert differences(own, other) == ["own samples: points.csv (40 samples) → points.csv (40 samples), changed"]
    assert "data: points.csv → flowers.csv" in differences(
        own, replace(SPECS["flowers"], data=Data("own", own=FLOWERS))
    )


def test_no_two_experiments_that_come_along_are_told_alike():
    for one, other in combinations([preset.spec for preset in presets().values()], 2):
        assert differences(one, other), (one, other)


def test_lines_are_joined_where_there_is_room_for_one_only():
    assert short(["seed 1 → 2", "noise 0 % → 10 %"]) == "seed 1 → 2 · noise 0 % → 10 %"
    assert short([], "nothing") == "nothing"


def test_briefly_only_what_the_other_has_is_said():
    other = replace(SPEC, seed=3, features=("x1",), layers=(), training=replace(SPEC.training, optimizer="sgd"))
    assert [each.brief for each in differing(SPEC, other)] == [
        "features − x₂",
        "layers: none",
        "optimizer: SGD",
        "seed 3",
    ]
