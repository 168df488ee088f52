"""The formula of a neuron says what the neuron computes."""

import numpy as np
import pytest

from playground.document.spec import Data, Layer, Spec, Training
from playground.engine.mirror import Mirror
from playground.ui.inspect import formula
from playground.ui.inspect.formula import text_of
from playground.ui.inspect.sample import Sample

WEIGHTS = np.array([0.53, -1.2])


def rule(activation="tanh", unit=0, weights=WEIGHTS, bias=0.1, symbols=("x₁", "x₂"), most=6):
    return text_of(formula.rule(activation, unit, weights, bias, symbols, formula.largest(weights, most)))


def test_a_neuron_is_written_with_its_weights():
    assert rule() == "a = tanh(0.53·x₁ − 1.20·x₂ + 0.10)"


def test_a_linear_neuron_has_no_function():
    assert rule("identity", bias=-0.5) == "a = 0.53·x₁ − 1.20·x₂ − 0.50"


def test_softmax_says_which_of_its_components_it_is():
    assert rule("softmax", unit=2).startswith("a = softmax₃(0.53·x₁")


def test_an_activation_with_settings_has_its_label():
    assert rule("leaky_relu(slope=0.2)").startswith("a = leaky ReLU(0.53·x₁")


def test_of_many_terms_the_largest_are_written_in_their_order():
    weights = np.array([0.1, -3.0, 0.2, 2.0, 0.0])
    symbols = [f"u{n}" for n in range(1, 6)]
    assert rule(weights=weights, symbols=symbols, most=2) == "a = tanh(−3.00·u2 + 2.00·u4 + 3 more + 0.10)"


def test_a_single_term_more_is_written_rather_than_counted():
    assert formula.largest(np.array([0.1, 0.2, 0.3]), most=2) == [0, 1, 2]


def test_what_is_left_out_counts_in_the_sum():
    weights, values = np.array([2.0, 0.5, 0.25]), np.array([1.0, 2.0, -4.0])
    words = formula.with_values("tanh", 0, weights, 0.1, values, [0])
    assert text_of(words) == "= tanh(2.00·1.00 + 0.00 (2 more) + 0.10)"


def test_negative_values_stand_in_brackets():
    words = formula.with_values("tanh", 0, WEIGHTS, 0.1, np.array([2.1, -0.3]), [0, 1])
    assert text_of(words) == "= tanh(0.53·2.10 − 1.20·(−0.30) + 0.10)"


@pytest.mark.parametrize(
    ("activation", "silent", "said"),
    [
        ("tanh", False, "= tanh(0.71) = 0.61"),
        ("identity", False, "= 0.61"),
        ("softmax", False, "= exp(0.71) / Σ exp(zⱼ) = 0.61"),
        ("tanh", True, "= 0.61 since it is silent"),
    ],
)
def test_the_result_is_what_the_activation_makes_of_the_sum(activation, silent, said):
    assert text_of(formula.result(activation, 0.71, 0.61, silent)) == said


def test_a_feature_that_is_a_sum_stands_in_brackets():
    assert formula.symbols_of(Spec(features=("x1", "x1^2-3*x2")), 0, 2) == ["x₁", "(x₁² − 3·x₂)"]


def test_units_of_a_hidden_layer_are_counted():
    assert formula.symbols_of(Spec(), 1, 12)[-1] == "u₁₂"


# -- the sample it is computed with -----------------------------------------------------------------


def test_samples_are_those_of_the_training_and_begin_again_behind_the_last():
    mirror, sample = Mirror(Spec(data=Data(samples=40))), Sample()
    assert sample.heading(mirror) == "Sample 1 of 20"
    sample.step(-1, mirror)
    assert sample.heading(mirror) == "Sample 20 of 20"
    sample.step(+1, mirror)
    assert sample.heading(mirror) == "Sample 1 of 20"


def test_activations_are_those_of_the_sample_inputs_first():
    mirror, sample = Mirror(Spec(data=Data(samples=40))), Sample()
    sample.step(2, mirror)
    arriving, first, *_ = sample.activations(mirror)
    assert arriving == pytest.approx(mirror.problem.train.inputs[2], abs=1e-6)
    assert first == pytest.approx(mirror.activations[0][2], abs=1e-6)


def test_measured_inputs_arrive_standardised():
    spec = Spec(
        data=Data("iris"),
        output_activation="softmax",
        training=Training(loss="categorical_crossentropy"),
    )
    mirror = Mirror(spec)
    scale = mirror.network.standardization
    assert scale is not None
    arriving = Sample().activations(mirror)[0]
    expected = (mirror.problem.train.inputs[0] - scale.mean) / scale.scale
    assert arriving == pytest.approx(expected, abs=1e-5)


def test_the_point_under_the_cursor_takes_the_place_of_the_sample():
    spec = Spec(features=("x1", "x2", "x1_x2"), layers=(Layer("dense", 1),))
    mirror, sample = Mirror(spec), Sample()
    sample.set_point((2.0, -3.0))
    assert sample.activations(mirror)[0] == pytest.approx([2, -3, -6])
    assert sample.heading(mirror) == "At the cursor"
    assert sample.details(mirror) == "x₁ 2.00, x₂ −3.00"
    sample.set_point(None)
    assert sample.heading(mirror).startswith("Sample 1")
