"""Data that somebody measured, read from the files that come with the program: iris and digits."""

from __future__ import annotations

import gzip
import io
from functools import cache
from pathlib import Path

import numpy as np

from nncore.datasets.base import Dataset
from nncore.tables import read_csv

_PACKAGE = Path(__file__).parents[1]
PLACES = (_PACKAGE / "data", _PACKAGE.parent / "assets" / "data")
"""Where the files are: inside an installed package, and in a source tree."""


class Iris(Dataset):
    """Fisher's irises: four measures of 150 flowers of three species. Noise adds ν deviations of each column, normal.

    Sizes are in centimetres. R. A. Fisher, "The use of multiple measurements in taxonomic problems", 1936.
    """

    name, label = "iris", "Iris"
    domain = (0.0, 8.0)
    size = 150

    @property
    def n_classes(self):
        return 3

    @property
    def class_names(self):
        return ("setosa", "versicolor", "virginica")

    @property
    def input_names(self):
        return ("sepal length", "sepal width", "petal length", "petal width")

    @property
    def n_inputs(self):
        return 4

    def draw(self, rng, n, noise):
        X, y = _table("iris.csv")
        chosen = rng.permutation(len(X))[:n]
        return X[chosen] + noise * X.std(axis=0) * rng.normal(0, 1, (n, 4)), y[chosen]


class Digits(Dataset):
    """1797 digits written by hand, 8×8 pixels of 0 (paper) to 1 (ink). Noise moves each pixel by up to ν.

    The grey of the file, 0 … 16, is divided by 16; with noise it still ends at 0 and 1. Test set of E. Alpaydin and
    C. Kaynak, "Optical Recognition of Handwritten Digits", UCI Machine Learning Repository, 1998.
    """

    name, label = "digits", "Digits"
    domain = (0.0, 1.0)
    size = 1797
    shape = (8, 8)

    @property
    def n_classes(self):
        return 10

    @property
    def input_names(self):
        return tuple(f"pixel {row},{column}" for row in range(8) for column in range(8))

    @property
    def n_inputs(self):
        return 64

    def draw(self, rng, n, noise):
        X, y = _table("digits.csv.gz")
        chosen = rng.permutation(len(X))[:n]
        return np.clip(X[chosen] / 16 + noise * rng.uniform(-1, 1, (n, 64)), 0, 1), y[chosen]


@cache
def _table(name: str) -> tuple[np.ndarray, np.ndarray]:
    """Inputs (n_samples, n_inputs) and class numbers (n_samples,) of a file; the last column is the class."""
    content = _file(name)
    if not name.endswith(".gz"):
        X, y, *_ = read_csv(io.BytesIO(content), delimiter=",", header=True).samples(classes=True)
        return X, y[:, 0]
    # Nothing but whole numbers below the names: read at once, in a tenth of the time.
    names, rows = gzip.decompress(content).decode().strip().split("\n", 1)
    numbers = np.fromstring(rows.replace("\n", ","), float, sep=",").reshape(-1, names.count(",") + 1)
    return numbers[:, :-1], numbers[:, -1]


def _file(name: str) -> bytes:
    path = next((place / name for place in PLACES if (place / name).is_file()), None)
    if path is None:
        places = " or ".join(map(str, PLACES))
        raise FileNotFoundError(f"the data file {name} is missing: it belongs into {places}; install nncore anew")
    return path.read_bytes()
