"""The exported PyTorch and Keras scripts: run there, they end with the same losses and the same outputs."""

import functools
import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from export_cases import CARRIED, CASES, LAYERS, RESUMED, Case, train

import nncore as nn
from nncore import export

RUNNER = Path(__file__).with_name("run_scripts.py")
LONG: dict[str, Case] = {
    "hundreds of steps": lambda: train(*LAYERS["dropout"](), epochs=150, optimizer="adam", schedule="one_cycle"),
    "hundreds of steps, normalised": lambda: train(
        *LAYERS["batch_norm"](), epochs=100, optimizer="nadam", regularizer={"name": "elastic_net", "rate": 0.01}
    ),
    "hundreds of steps of plain descent": lambda: train(
        nn.Dense(8, "relu"),
        nn.Dense(10, "relu"),
        nn.Dense(3, "softmax"),
        loss="categorical_crossentropy",
        y=np.arange(23) % 3,
        epochs=100,
    ),
}
TORCH, KERAS = CASES | CARRIED | RESUMED | LONG, CASES | LONG
AS_IT_IS = [name for name in KERAS if name in ("layer dense", "loss mae", "hundreds of steps of plain descent")]
"""What is run in Keras with the precision that its PyTorch backend has."""

TOLERANCE = {"float64": 1e-9, "float32": 1e-5}

HAS_TORCH = importlib.util.find_spec("torch") is not None
HAS_KERAS = HAS_TORCH and importlib.util.find_spec("keras") is not None
needs_torch = pytest.mark.skipif(not HAS_TORCH, reason="torch is not installed")
needs_keras = pytest.mark.skipif(not HAS_KERAS, reason="keras and torch are not installed")


@functools.cache
def trainer(name: str) -> nn.Trainer:
    return TORCH[name]()


def _start(folder: Path, scripts: dict[str, tuple[Callable[[nn.Trainer], str], list[str]]]) -> subprocess.Popen[str]:
    """Write the scripts for these cases, folder by folder, and begin to run them in a process of their own."""
    arguments: list[str] = []
    for option, (to_script, names) in scripts.items():
        place = folder / option.strip("-")
        place.mkdir()
        for number, name in enumerate(names):
            (place / f"{number:03}.py").write_text(to_script(trainer(name)), encoding="utf-8")
            np.save(place / f"{number:03}.npy", trainer(name).X)
        arguments += [*([option] if option.startswith("--") else []), str(place)]
    environment = os.environ | {"KERAS_BACKEND": "torch", "OMP_NUM_THREADS": "1"}
    command = [sys.executable, str(RUNNER), *arguments]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def _results(process: subprocess.Popen[str], folder: Path, names: list[str]) -> dict[str, Any]:
    """What came out, by the name of the case."""
    _, errors = process.communicate()
    assert process.returncode == 0, errors[-3000:]
    results = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    return {name: results[f"{number:03}"] for number, name in enumerate(names)}


@pytest.fixture(scope="module")
def results(tmp_path_factory) -> dict[str, dict[str, Any]]:
    """Of PyTorch and Keras, as far as they are installed, run at the same time."""
    torch, keras = tmp_path_factory.mktemp("torch"), tmp_path_factory.mktemp("keras")
    runs: list[tuple[str, Path, subprocess.Popen[str], list[str]]] = []
    if HAS_TORCH:
        process = _start(torch, {"scripts": (export.to_pytorch, list(TORCH))})
        runs.append(("torch", torch / "scripts", process, list(TORCH)))
    if HAS_KERAS:
        process = _start(keras, {"plain": (export.to_keras, AS_IT_IS), "--float64": (export.to_keras, list(KERAS))})
        runs.append(("keras as it is", keras / "plain", process, AS_IT_IS))
        runs.append(("keras", keras / "float64", process, list(KERAS)))
    return {kind: _results(process, folder, names) for kind, folder, process, names in runs}


def check(name: str, result: dict[str, Any], tolerance: float | None = None) -> None:
    """Losses after every epoch and in the end, and the outputs, are those of the trainer."""
    expected = trainer(name)
    tolerance = tolerance or TOLERANCE[str(expected.network.dtype)]
    np.testing.assert_allclose(result["losses"], [record.train_loss for record in expected.history], rtol=tolerance)
    assert result["final"] == result["losses"][-1]
    np.testing.assert_allclose(
        result["predicted"], expected.network.predict(expected.X), rtol=tolerance, atol=tolerance
    )


@needs_torch
@pytest.mark.parametrize("name", TORCH)
def test_a_pytorch_script_ends_with_the_same_losses(name, results):
    check(name, results["torch"][name])


@needs_keras
@pytest.mark.parametrize("name", KERAS)
def test_a_keras_script_ends_with_the_same_losses(name, results):
    check(name, results["keras"][name])


@needs_keras
@pytest.mark.parametrize("name", AS_IT_IS)
def test_in_the_precision_of_keras_on_pytorch_the_losses_agree_to_that(name, results):
    check(name, results["keras as it is"][name], TOLERANCE["float32"])
