"""Networks as ONNX: onnxruntime computes the same outputs."""

import builtins
import importlib.util

import numpy as np
import pytest
from export_cases import ACTIVATIONS, LAYERS, train

import nncore as nn
from nncore import export
from nncore.preprocessing import Standardization

TOLERANCE = {"float32": 1e-6, "float64": 1e-12}

needs_runtime = pytest.mark.skipif(
    any(importlib.util.find_spec(name) is None for name in ("onnx", "onnxruntime")),
    reason="onnx and onnxruntime are not installed",
)


def outputs(network: nn.Network, X: np.ndarray) -> np.ndarray:
    """What onnxruntime says."""
    import onnxruntime

    session = onnxruntime.InferenceSession(export.to_onnx(network), providers=["CPUExecutionProvider"])
    assert [(i.name, i.shape) for i in session.get_inputs()] == [("inputs", ["batch", network.inputs])]
    assert [(o.name, o.shape) for o in session.get_outputs()] == [("outputs", ["batch", network.outputs])]
    (result,) = session.run(None, {"inputs": X.astype(network.dtype)})
    return np.asarray(result)


def check(network: nn.Network, *, reach: float = 2) -> None:
    X = reach * np.random.default_rng(8).normal(size=(50, network.inputs))
    X = X.astype(network.dtype)
    tolerance = TOLERANCE[str(network.dtype)]
    for samples in (X, X[:1]):
        expected = network.predict(samples)
        result = outputs(network, samples)
        assert result.dtype == expected.dtype
        np.testing.assert_allclose(result, expected, rtol=tolerance, atol=tolerance)


@needs_runtime
@pytest.mark.parametrize("dtype", TOLERANCE)
@pytest.mark.parametrize("name", LAYERS)
def test_every_layer_gives_the_same_outputs_after_training(name, dtype):
    # Where all units say nearly the same, normalisation multiplies the rounding of float32: not with these inputs.
    check(train(*LAYERS[name](), dtype=dtype).network, reach=0.7)


@needs_runtime
@pytest.mark.parametrize("dtype", TOLERANCE)
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_every_activation_gives_the_same_outputs(name, dtype):
    activation = ACTIVATIONS[name]
    check(nn.Network([nn.Dense(6, activation), nn.Dense(3, activation)], inputs=3, dtype=dtype))


@needs_runtime
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_far_out_nothing_overflows(name):
    check(nn.Network([nn.Dense(4, ACTIVATIONS[name])], inputs=3, dtype="float64"), reach=1000)


@needs_runtime
@pytest.mark.parametrize("dtype", TOLERANCE)
def test_standardisation_is_part_of_it_and_computed_in_float64(dtype):
    X = 1e4 + np.random.default_rng(2).normal(size=(20, 3)).astype(np.float32)
    network = nn.Network([nn.Dense(4, "tanh")], inputs=3, dtype=dtype, standardization=Standardization.of(X))
    tolerance = TOLERANCE[dtype]
    np.testing.assert_allclose(outputs(network, X), network.predict(X), rtol=tolerance, atol=tolerance)


@needs_runtime
def test_a_trainer_stands_for_its_network():
    trainer = train()
    assert export.to_onnx(trainer) == export.to_onnx(trainer.network)


@pytest.mark.parametrize("wrong", [None, "x", 5])
def test_what_is_no_network_is_refused(wrong):
    with pytest.raises(ValueError, match=f"^to_onnx: expected a Network or a Trainer, got {wrong!r}$"):
        export.to_onnx(wrong)


@pytest.mark.parametrize("number", [np.nan, -np.inf])
def test_a_network_with_numbers_that_are_not_finite_is_refused(number):
    network = nn.Network([nn.Dense(3), nn.LayerNorm(), nn.Dense(1)], inputs=2)
    network.layers[2].block[0, 1] = number
    with pytest.raises(
        ValueError, match=r"^to_onnx: the network has numbers that are not finite, in layer 3 \(dense\)$"
    ):
        export.to_onnx(network)


@needs_runtime
def test_a_network_of_nothing_but_dropout_gives_back_its_inputs():
    check(nn.Network([nn.Dropout()], inputs=3, dtype="float64"))


def test_without_onnx_the_message_says_what_to_install(monkeypatch):
    really = builtins.__import__

    def refuse(name, *args, **kwargs):
        if name == "onnx":
            raise ImportError(name)
        return really(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(ImportError, match=r"pip install 'nn-playground\[export\]'"):
        export.to_onnx(nn.Network([nn.Dense(1)], inputs=1))
