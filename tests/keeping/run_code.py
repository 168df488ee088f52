"""Run exported scripts one after the other in a process of their own, and say what came out: see test_code.py."""

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np


def compute_in_float64() -> None:
    """Let the PyTorch backend of Keras multiply float64 matrices in float64, as its TensorFlow backend does."""
    from keras.src.backend.common import dtypes

    dtypes.BIT64_TO_BIT32_DTYPE["float64"] = "float64"


def main(folder: Path) -> None:
    """Import every script of a folder; write its figures, and what it predicts and how it goes on, beside it."""
    for path in sorted(folder.glob("*.py")):
        names: dict[str, Any] = {"__name__": "script"}
        exec(compile(path.read_text(encoding="utf-8"), path.name, "exec"), names)
        given = np.load(path.with_suffix(".npy"))
        inputs = names["features"](given) if "features" in names else given
        if path.stem.endswith("training"):
            names["train"]()
        results = {"figures": names["figures"](), "shown": names["SHOWN"]}
        np.save(path.with_suffix(".predicted.npy"), names["predict"](inputs))
        names["train"](5)
        results["gone_on"] = names["loss"]()
        path.with_suffix(".json").write_text(json.dumps(results), encoding="utf-8")


if __name__ == "__main__":
    for argument in sys.argv[1:]:
        if argument == "--float64":
            compute_in_float64()
        else:
            main(Path(argument))
