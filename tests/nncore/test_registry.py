"""The registries: everything chosen by name, with its options and their ranges."""

import math
import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nncore as nn

FAMILIES: list[Any] = nn.Registered.__subclasses__()
PARTS = [(family, name) for family in FAMILIES for name in family.names()]
OPTIONS = [(family, name, key) for family, name in PARTS for key in family.named(name).options]


def test_the_families():
    assert sorted(family.family for family in FAMILIES) == [
        "activation",
        "clipping",
        "data set",
        "feature",
        "initializer",
        "layer",
        "loss",
        "optimizer",
        "regularizer",
        "schedule",
        "stop condition",
    ]


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.family)
def test_every_registered_class_has_a_name_a_label_and_a_description(family):
    assert family.names()
    for name, kind in family.registry.items():
        assert kind.name == name
        assert re.fullmatch("[a-z][a-z0-9_]*", name)
        assert kind.label
        assert kind.__doc__
        assert family.named(name) is kind


def test_labels_within_a_family_are_different():
    for family in FAMILIES:
        labels = [kind.label for kind in family.registry.values()]
        assert len(set(labels)) == len(labels)


def test_an_unknown_name_lists_what_is_possible_and_guesses_what_was_meant():
    possible = ", ".join(nn.Activation.names())
    with pytest.raises(nn.UnknownNameError) as error:
        nn.Dense(1, "tahn")
    assert str(error.value) == f"unknown activation 'tahn' (did you mean 'tanh'?); possible: {possible}"
    with pytest.raises(nn.UnknownNameError) as error:
        nn.Dense(1, "xyz")
    assert str(error.value) == f"unknown activation 'xyz'; possible: {possible}"


def test_what_is_no_name_and_of_another_family_is_refused():
    for choice in (None, 3, ["tanh"], nn.Loss.of("mse")):
        with pytest.raises(nn.UnknownNameError, match=r"^unknown activation "):
            nn.Dense(1, choice)  # type: ignore[arg-type]


def test_a_choice_may_be_a_name_or_an_instance():
    tanh = nn.Activation.of("tanh")
    assert nn.Activation.of(tanh) is tanh


def test_a_new_class_registers_itself_and_a_name_stands_once(monkeypatch):
    monkeypatch.setattr(nn.Activation, "registry", dict(nn.Activation.registry))

    class Square(nn.Activation):
        """z²."""

        name, label = "square", "square"

        def forward(self, tape, z, a):
            tape(np.multiply, z, z, a, says="A = Z²")

    assert nn.Activation.names()[-1] == "square"
    network = nn.Network([nn.Dense(1, "square")], inputs=1)
    network.parameters[:] = 1, 0
    assert network.predict(np.array([[3.0]])) == 9
    with pytest.raises(TypeError, match=r"^activation 'square' is defined twice$"):
        type("Other", (nn.Activation,), {"name": "square", "label": "other"})


# -- options --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("family", "name"), PARTS, ids=lambda part: getattr(part, "family", part))
def test_a_part_has_defaults_and_is_made_again_from_its_configuration(family, name):
    part = family.of(name)
    assert part.config() == name
    again = family.of({"name": name, **part.settings()})
    assert again.settings() == part.settings()
    if not isinstance(part, nn.Layer):  # a layer is one thing, not a value
        assert again == part


@pytest.mark.parametrize(("family", "name", "key"), OPTIONS, ids=lambda part: getattr(part, "family", part))
def test_an_option_has_a_label_and_takes_what_it_says_and_nothing_else(family, name, key):
    kind, option = family.named(name), family.named(name).options[key]
    assert option.label
    if option.family is not None:
        for choice in option.family.names():
            assert kind(**{key: choice}).settings()[key] == choice
        return
    if option.several:
        return
    low, high = max(option.at_least, option.above), min(option.at_most, option.below)
    inside = [low] * (option.at_least == low > -math.inf) + [high] * (option.at_most == high < math.inf)
    for value in [option.default, *inside]:
        assert kind(**{key: value}).settings()[key] == value
    outside = [low] * (option.above == low) + [high] * (option.below == high)
    outside += [x for x in (low - 1, high + 1) if math.isfinite(x)] + [1.5] * option.whole
    for value in [*outside, math.nan, math.inf, "1", True, None, [1], 1j, np.complex128(1), 10**400]:
        with pytest.raises(ValueError, match=f"^{name}: expected .*{key}.*, got "):
            kind(**{key: value})


def test_an_option_of_several_numbers_takes_lists_and_keeps_each_number_once_in_order():
    for values in ([3, 1, 3], (1, 3), np.array([3, 1])):
        layer = nn.Dense(4, silenced=values)  # type: ignore[arg-type]
        assert layer.silenced == (1, 3)
        assert layer.config() == {"name": "dense", "silenced": [1, 3]}
        assert nn.Layer.of(layer.config()).settings() == layer.settings()
        assert repr(layer) == "Dense(4, silenced=[1, 3])"
    assert nn.Dense(4, silenced=[]).config() == "dense"


@pytest.mark.parametrize("values", [3, "12", None, {1: 2}, {1, 2}, 1j])
def test_an_option_of_several_numbers_takes_nothing_but_lists(values):
    message = f"^dense: expected a list of whole numbers silenced >= 0, got {re.escape(repr(values))}$"
    with pytest.raises(ValueError, match=message):
        nn.Dense(4, silenced=values)


@pytest.mark.parametrize("value", [-1, 1.5, "1", True, None, [1], math.nan])
def test_what_is_no_such_number_in_a_list_is_named(value):
    message = f"^dense: expected a list of whole numbers silenced >= 0, got {re.escape(repr(value))} in it$"
    with pytest.raises(ValueError, match=message):
        nn.Dense(4, silenced=[0, value])


def test_settings_that_are_not_default_are_in_the_configuration():
    leaky, layer = nn.activations.LeakyReLU(0.3), nn.Dense(7, nn.activations.ELU(0.5), "zeros")
    assert leaky.config() == {"name": "leaky_relu", "slope": 0.3}
    assert nn.Activation.of(leaky.config()) == leaky
    assert layer.config() == {
        "name": "dense",
        "units": 7,
        "activation": {"name": "elu", "alpha": 0.5},
        "initializer": "zeros",
    }
    assert nn.Layer.of(layer.config()).settings() == layer.settings()


def test_an_unknown_option_lists_those_there_are():
    with pytest.raises(ValueError, match=r"^optimizer 'momentum' has no option decay; possible: learning_rate, "):
        nn.Optimizer.of({"name": "momentum", "decay": 1})
    with pytest.raises(ValueError, match=r"^activation 'tanh' has no option slope; possible: none$"):
        nn.Activation.of({"name": "tanh", "slope": 1})


@given(
    value=st.one_of(st.none(), st.text(), st.integers(), st.lists(st.integers()), st.dictionaries(st.text(), st.text()))
)
def test_whatever_is_no_choice_is_refused_in_one_sentence(value):
    with pytest.raises(ValueError, match=r"^(unknown optimizer|optimizer ')"):
        nn.Optimizer.of(value)


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.family)
def test_a_family_is_no_part(family):
    if family is not nn.Layer:  # which is refused by the network it is put into
        with pytest.raises(TypeError, match=rf"^{family.__name__} is a family; choose one of it: "):
            family()


def test_numbers_of_numpy_are_numbers():
    assert nn.Adam(np.float32(0.5)).learning_rate == 0.5  # type: ignore[arg-type]
    assert type(nn.Dense(np.int64(3)).units) is int  # type: ignore[arg-type]
