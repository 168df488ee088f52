"""What exports say and have beside a network: features of points, test samples, and figures to compare."""

import importlib.util
from typing import Any

import numpy as np
import pytest
from export_cases import train

import nncore as nn
from nncore import export
from nncore.export.features import features_function
from nncore.export.onnx_features import can_say
from nncore.features import Feature, transform
from nncore.formula import FUNCTIONS

_OF_TWO = ("min", "max", "mod", "hypot", "arctan2")
FORMULAS = [
    *(f"{name}(x1,x2)" if name in _OF_TWO else f"{name}(x1)" for name in FUNCTIONS),
    "sin(3*x1)*x2",
    "1/x1",
    "x1^0.5-3*x2^2",
    "min(log(x1),2)",
    "max(x1,sqrt(x2))",
    "mod(x1,0)",
    "step(log(x1))+1",
    "sign(log(x2))+2",
    "relu(log(x1)+x2)",
    "exp(20*x1*x1)",
    "pi*e",
    "1/0",
    "-x1^2",
]
POINTS = np.vstack([
    np.random.default_rng(0).uniform(-6, 6, (300, 2)),
    [[0, 0], [1, 0], [0, -1], [2, -2], [1000, 5], [-1, 1.5], [0.5, -2.5]],
])  # fmt: skip

needs_runtime = pytest.mark.skipif(
    any(importlib.util.find_spec(name) is None for name in ("onnx", "onnxruntime")),
    reason="onnx and onnxruntime are not installed",
)


@pytest.mark.parametrize("name", [*Feature.registry, *FORMULAS])
def test_the_function_for_features_gives_the_same_numbers_bit_for_bit(name):
    names: dict[str, Any] = {"np": np}
    exec(features_function(["x2", name]), names)
    assert np.array_equal(names["features"](POINTS), transform(POINTS, ["x2", name]))


def test_a_feature_that_is_none_of_nncore_is_refused_by_name():
    class Own(nn.Feature):
        name, label = "own", "own"

    try:
        with pytest.raises(ValueError, match=r"^export: the feature 'own' cannot be written$"):
            features_function(["own"])
    finally:
        del Feature.registry["own"]


@needs_runtime
@pytest.mark.parametrize("name", [name for name in [*Feature.registry, *FORMULAS] if "arc" not in name])
def test_an_onnx_model_makes_the_features_itself(name):
    import onnxruntime

    network = nn.Network([nn.Dense(1)], inputs=1, dtype="float64")
    network.parameters[...] = 1, 0
    data = export.to_onnx(network, export.About(features=(name,)))
    session = onnxruntime.InferenceSession(data, providers=["CPUExecutionProvider"])
    (result,) = session.run(None, {"points": POINTS})
    np.testing.assert_allclose(np.asarray(result), transform(POINTS, [name]), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("name", [name for name in FORMULAS if "arc" in name])
def test_inverse_functions_are_left_out_of_onnx_as_no_runtime_has_them_in_float64(name):
    assert not can_say(["x1", f"sin({name})"])


@pytest.mark.parametrize("write", [export.to_numpy, export.to_pytorch, export.to_keras])
def test_a_script_has_the_test_samples_its_notes_and_the_figures(write):
    rng = np.random.default_rng(3)
    test = rng.normal(size=(9, 3)), rng.normal(size=(9, 2))
    about = export.About(
        notes=('A "note" with \\ and \n a line.',), test=test, score="R²", shown={"training loss": 0.25, "test R²": 0.5}
    )
    text = write(train(), about)
    assert "A 'note' with / and   a line." in text
    assert "def loss(test=False):" in text
    assert '    "training loss": 0.25,\n    "test R²": 0.5,\n' in text
    assert "9 more are a test" in text
    compile(text, "script.py", "exec")


@pytest.mark.parametrize("standardized", [False, True])
def test_the_loss_of_the_test_and_the_scores_are_those_of_the_network(standardized):
    trainer = train(standardized=standardized)
    rng = np.random.default_rng(3)
    test = 20 + 5 * rng.normal(size=(9, 3)), rng.normal(size=(9, 2))
    shown: dict[str, float] = dict.fromkeys(("training loss", "test loss", "training R²", "test R²"), 0.0)
    names: dict[str, Any] = {"__name__": "script"}
    exec(export.to_numpy(trainer, export.About(test=test, score="R²", shown=shown)), names)
    names["train"]()
    figures = names["figures"]()
    assert figures["test loss"] == trainer.network.loss(*test, trainer.loss)
    assert figures["test R²"] == pytest.approx(nn.metrics.r2(trainer.network.predict(test[0]), test[1]), rel=1e-12)
    assert figures["training R²"] == pytest.approx(nn.metrics.r2(names["predict"](trainer.X), trainer.y), rel=1e-12)


def test_classes_are_counted_from_the_threshold_on():
    X, y = np.array([[-2.0], [-0.1], [0.1], [2.0]]), np.array([-1, 1, 1, 1])
    network = nn.Network([nn.Dense(1)], inputs=1, dtype="float64")
    network.parameters[...] = 1, 0
    about = export.About(score="accuracy", threshold=0.0, shown={"training accuracy": 0.75})
    names: dict[str, Any] = {"__name__": "script"}
    exec(export.to_numpy(nn.Trainer(network, X, y), about), names)
    assert names["figures"]() == names["SHOWN"]
