"""What the tests of surgery share: networks worth operating on, and what is no change."""

from typing import Any

import numpy as np

import nncore as nn
from nncore import surgery
from nncore.trainer import Trainer

ROUNDING = {"float64": 1e-11, "float32": 1e-3}
"""More than this, relative to the output, is no rounding; shifts by up to 40 cost digits, and so do fitted weights."""

PIECEWISE = ["identity", "relu", "leaky_relu", "elu", "selu"]
LINEAR_FAR_OUT = ["softplus", "silu", "gelu", "mish"]
BENT = ["tanh", "sigmoid", "sin", "softsign", "gaussian"]


def network(*layers: nn.Layer, dtype: str = "float64", seed: int = 1, **settings: Any) -> nn.Network:
    """A network of three inputs whose biases are not zero."""
    made = nn.Network(layers, inputs=3, seed=seed, dtype=dtype, **settings)
    made.parameters[...] += np.random.default_rng(seed).normal(0, 0.2, made.parameters.shape)
    return made


def trained(*layers: nn.Layer, X: np.ndarray, **settings: Any) -> nn.Network:
    """One whose running statistics say something."""
    made = network(*layers, **settings)
    Trainer(made, X, np.sin(X @ np.ones((3, made.outputs))), optimizer=nn.Adam(0.01), batch_size=10).run(2)
    return made


def is_rounding(operated: surgery.Operated, X: np.ndarray) -> bool:
    size = 1 + np.abs(operated.network.predict(X)).max()
    return operated.change <= ROUNDING[str(operated.network.dtype)] * size


def dense(made: nn.Network, index: int) -> nn.Dense:
    layer = made.layers[index]
    assert isinstance(layer, nn.Dense)
    return layer


def kinds(made: nn.Network) -> list[str]:
    return [layer.name for layer in made.layers]
