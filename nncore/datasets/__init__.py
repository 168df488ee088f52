"""Data sets: each is a class in the registry and a function here: `X, y = spiral(500, noise=0.1, seed=3)`.

Options go by keyword: `spiral(300, arms=3)`, `blobs(classes=5)`. What `X` and `y` are is said by `Dataset.generate`.
"""

# In the order of a gallery.
from nncore.datasets.base import Dataset  # isort: skip
from nncore.datasets.planar import (  # isort: skip
    Blobs,
    Checkerboard,
    Circle,
    Gauss,
    Moons,
    Rings,
    Spiral,
    Xor,
    XorTruthTable,
)
from nncore.datasets.regression import Gaussians, Plane, Saddle, Sine, Surface  # isort: skip
from nncore.datasets.measured import Digits, Iris  # isort: skip
from nncore.datasets.pictures import Images  # isort: skip

circle = Circle.sample
xor = Xor.sample
xor_truth_table = XorTruthTable.sample
gauss = Gauss.sample
spiral = Spiral.sample
moons = Moons.sample
checkerboard = Checkerboard.sample
rings = Rings.sample
blobs = Blobs.sample
plane = Plane.sample
gaussians = Gaussians.sample
sine = Sine.sample
saddle = Saddle.sample
iris = Iris.sample
digits = Digits.sample
images = Images.sample

__all__ = [
    "Blobs",
    "Checkerboard",
    "Circle",
    "Dataset",
    "Digits",
    "Gauss",
    "Gaussians",
    "Images",
    "Iris",
    "Moons",
    "Plane",
    "Rings",
    "Saddle",
    "Sine",
    "Spiral",
    "Surface",
    "Xor",
    "XorTruthTable",
    "blobs",
    "checkerboard",
    "circle",
    "digits",
    "gauss",
    "gaussians",
    "images",
    "iris",
    "moons",
    "plane",
    "rings",
    "saddle",
    "sine",
    "spiral",
    "xor",
    "xor_truth_table",
]
