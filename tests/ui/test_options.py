"""The settings of any registered part as fields: made from what the core says of its options."""

import pytest
from panel_bench import choose, find, show_panel, type_into
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QVBoxLayout, QWidget

import nncore as nn
from nncore.registry import Option, Registered
from playground.ui.number_entry import NumberField
from playground.ui.options import OptionFields, quantity_of

FAMILIES = (nn.Optimizer, nn.Loss, nn.Regularizer, nn.Schedule, nn.Clipping, nn.Initializer, nn.StopCondition,
            nn.Activation, nn.Dataset)  # fmt: skip


@pytest.fixture
def make(qtbot, qapp):
    hosts = []  # kept, or Python would take them away

    def make(family, text, **settings) -> OptionFields:
        hosts.append(host := QWidget())
        fields = OptionFields(family, "part", **settings)
        QVBoxLayout(host).addWidget(fields)
        fields.show_part(text)
        show_panel(qtbot, qapp, host)
        return fields

    return make


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.family)
def test_every_option_of_every_part_has_a_named_field_that_shows_it_in_full(make, family):
    for name, kind in family.registry.items():
        fields = make(family, name)
        assert list(fields.fields) == list(kind.options)
        for key, field in fields.fields.items():
            assert field.objectName() == f"part-{key.replace('_', '-')}"
            assert kind.options[key].label in field.accessibleName()
            assert field.toolTip()
            text = field.text() if isinstance(field, QLineEdit) else field.currentText()
            assert field.fontMetrics().horizontalAdvance(text) <= field.width() - 14


def test_a_part_without_options_takes_no_room(make):
    fields = make(nn.Optimizer, "sgd", skip=("learning_rate",))
    assert fields.isHidden()
    fields.show_part("adam")
    assert fields.isVisible()
    fields.show_part("sgd")
    assert fields.isHidden()


def test_fields_that_are_not_in_a_window_yet_make_none_of_their_own(qtbot, qapp):
    fields = OptionFields(nn.Optimizer, "part")
    qtbot.addWidget(fields)
    fields.show_part("adam")
    assert not fields.isVisible()


def test_typing_a_number_says_the_part_with_it(qtbot, make):
    fields = make(nn.Optimizer, "adam(beta_2=0.99)", skip=("learning_rate",))
    with qtbot.waitSignal(fields.edited) as edited:
        type_into(qtbot, find(fields, QLineEdit, "part-beta-1"), "0.8")
    assert edited.args == ["adam(beta_1=0.8, beta_2=0.99)", None]


def test_a_setting_back_at_its_default_is_left_out(qtbot, make):
    fields = make(nn.Optimizer, "adam(beta_1=0.8)")
    with qtbot.waitSignal(fields.edited) as edited:
        type_into(qtbot, find(fields, QLineEdit, "part-beta-1"), "0.9")
    assert edited.args[0] == "adam"


def test_options_that_have_their_place_elsewhere_keep_their_value(qtbot, make):
    fields = make(nn.Regularizer, "elastic_net(rate=0.03)", skip=("rate",))
    assert list(fields.fields) == ["share"]
    with qtbot.waitSignal(fields.edited) as edited:
        type_into(qtbot, find(fields, QLineEdit, "part-share"), "0.25")
    assert edited.args[0] == "elastic_net(rate=0.03, share=0.25)"


@pytest.mark.parametrize(
    ("family", "text", "key", "typed", "possible"),
    [
        (nn.Optimizer, "adam", "beta-1", "1", "Adam, β₁: a number from 0, below 1 is possible."),
        (nn.Schedule, "step", "gamma", "0", "Steps, γ: a number above 0, up to 1 is possible."),
        (nn.StopCondition, "epochs", "limit", "2.5", "Epochs, epochs: a whole number from 1 on is possible."),
        (nn.StopCondition, "seconds", "limit", "-1", "Time, seconds: a number above 0 is possible."),
        (nn.Optimizer, "adam", "epsilon", "inf", "Adam, ε: a number from 1e−30 to 1000 is possible."),
    ],
)
def test_what_is_impossible_is_said_and_nothing_changes(qtbot, make, family, text, key, typed, possible):
    fields = make(family, text)
    line = find(fields, QLineEdit, f"part-{key}")
    before = line.text()
    with qtbot.waitSignal(fields.message) as said, qtbot.assertNotEmitted(fields.edited):
        type_into(qtbot, line, typed)
    assert said.args == [possible]
    assert line.text() == before


def test_a_few_whole_numbers_are_offered_in_a_list(qtbot, make):
    fields = make(nn.Dataset, "spiral")
    box = find(fields, QComboBox, "part-arms")
    assert [box.itemText(at) for at in range(box.count())] == ["2", "3", "4", "5", "6"]
    with qtbot.waitSignal(fields.edited) as edited:
        box.setCurrentIndex(1)
        box.activated.emit(1)
    assert edited.args[0] == "spiral(arms=3)"


def test_another_part_brings_its_own_rows(qtbot, make):
    fields = make(nn.Schedule, "cosine")
    fields.show_part("step")
    qtbot.waitUntil(lambda: all(field.isVisible() for field in fields.fields.values()))
    labels = [label.text() for label in fields.findChildren(QLabel) if label.isVisible()]
    assert labels == ["every, epochs", "γ"]


def test_fields_without_labels_are_still_named_for_screen_readers(make):
    fields = make(nn.StopCondition, "epochs", labelled=False)
    assert not fields.findChildren(QLabel)
    assert find(fields, NumberField, "part-limit").accessibleName() == "epochs"


class Wheel(Registered, family="wheel"):
    """Of a car; stands in a family of its own, so that no list of the product changes."""


class Rim(Wheel):
    """What holds the tyre."""

    name, label = "rim", "rim"


class Tyre(Wheel):
    """What the rim holds."""

    name, label = "tyre", "tyre"


class Car(Registered, family="car"):
    """Chooses from another family, and has a list."""


class Small(Car):
    """A small one."""

    name, label = "small", "small"
    options = {  # noqa: RUF012 - as the layers of the core have it
        "wheel": Option("rim", "wheel", family=Wheel),
        "doors": Option([], "doors", several=True),
    }

    def __init__(self, wheel="rim", doors=()):
        self.wheel, self.doors = Wheel.of(wheel), doors


def test_an_option_of_another_family_is_a_choice_and_a_list_has_no_field(qtbot, make):
    fields = make(Car, "small")
    assert list(fields.fields) == ["wheel"]
    with qtbot.waitSignal(fields.edited) as edited:
        choose(find(fields, QComboBox, "part-wheel"), "tyre")
    assert edited.args[0] == "small(wheel=tyre)"


def test_a_range_is_that_of_the_option():
    quantity = quantity_of(Option(1.0, "x", above=0, below=2), "x")
    assert quantity.possible == "a number above 0, below 2"
    assert quantity.read("1,5") == 1.5
    with pytest.raises(ValueError, match="above 0, below 2"):
        quantity.read("2")
    assert quantity_of(Option(1.0, "x"), "x").possible == "a number"
    assert quantity_of(Option(1.0, "x", at_most=3), "x").possible == "a number up to 3"
