"""Parts written as one line of text."""

import pytest

import nncore as nn


def test_a_part_with_default_settings_is_its_name():
    assert nn.Optimizer.of("adam").text == "adam"
    assert nn.Optimizer.of("adam(beta_1=0.9)").text == "adam"


def test_settings_come_back_from_the_text():
    part = nn.Optimizer.of({"name": "adam", "beta_1": 0.8, "epsilon": 1e-7})
    assert part.text == "adam(beta_1=0.8, epsilon=1e-07)"
    assert nn.Optimizer.of(part.text) == part


def test_a_setting_may_be_a_part_itself():
    layer = nn.Layer.of("dense(units=3, activation=elu(alpha=0.5), initializer=None, silenced=[0, 2])")
    assert layer.activation == nn.Activation.of("elu(alpha=0.5)")
    assert nn.Layer.of(layer.text).config() == layer.config()


def test_the_class_is_found_by_the_whole_text():
    assert nn.Dataset.named("spiral(arms=3)") is nn.Dataset.named("spiral")


@pytest.mark.parametrize(
    "text", ["adam(", "adam(beta_1)", "adam(beta_1=)", "adam(beta_1=1, beta_1=1)", "adam()x", "", "("]
)
def test_what_is_no_part_is_refused(text):
    with pytest.raises(ValueError, match=r"expected|unknown"):
        nn.Optimizer.of(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("adamm(beta_1=0.8)", "did you mean 'adam'"),
        ("adam(beta=0.8)", "has no option beta; possible: learning_rate"),
        ("adam(beta_1=2)", "expected 0 <= beta_1 < 1"),
        ("adam(beta_1=nan)", "expected 0 <= beta_1 < 1"),
        ("adam(beta_1=__import__(os=1))", "expected 0 <= beta_1 < 1"),
    ],
)
def test_impossible_settings_are_named(text, said):
    with pytest.raises(ValueError, match=said.replace("(", r"\(")):
        nn.Optimizer.of(text)


def test_deep_nesting_is_refused():
    with pytest.raises(ValueError, match="expected a name"):
        nn.Optimizer.of("adam(beta_1=" * 5000 + "1" + ")" * 5000)
