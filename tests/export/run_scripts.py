"""Run exported scripts one after the other in a process of their own, and say what came out: see test_peers.py."""

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np


def compute_in_float64() -> None:
    """Let the PyTorch backend of Keras multiply float64 matrices in float64, as its TensorFlow backend does.

    Otherwise it does so in float32 (keras-team/keras, issue 23704), and a rule that is wrong by 1e-8 would not be seen.
    """
    from keras.src.backend.common import dtypes

    dtypes.BIT64_TO_BIT32_DTYPE["float64"] = "float64"


def main(folder: Path) -> None:
    """Train in every script of a folder, and write losses and predictions to `results.json`."""
    results = {}
    for path in sorted(folder.glob("*.py")):
        names: dict[str, Any] = {"__name__": "script"}
        exec(compile(path.read_text(encoding="utf-8"), path.name, "exec"), names)
        losses, inputs = names["train"](), np.load(path.with_suffix(".npy"))
        predicted = np.asarray(names["predict"](inputs))
        results[path.stem] = {"losses": losses, "final": names["loss"](), "predicted": predicted.tolist()}
    (folder / "results.json").write_text(json.dumps(results), encoding="utf-8")


if __name__ == "__main__":
    for argument in sys.argv[1:]:
        if argument == "--float64":
            compute_in_float64()
        else:
            main(Path(argument))
