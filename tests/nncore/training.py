"""Trainers that several test files train, and how their states and messages are compared."""

import re
from typing import Any

import numpy as np
import pytest

import nncore as nn


def refuses(message: str):
    return pytest.raises(ValueError, match=r"^" + re.escape(message) + "$")


def make_trainer(seed: int = 0, n: int = 47, **settings: Any) -> nn.Trainer:
    """Training with all that has a state: shuffling, dropout, batch norm, Adam, and a remainder (47 = 4 · 10 + 7)."""
    X, y = nn.datasets.spiral(n, noise=0.1, seed=1)
    layers = [nn.Dense(8, "relu"), nn.Dropout(0.3), nn.BatchNorm(), nn.Dense(4, "tanh"), nn.Dense(1, "tanh")]
    network = nn.Network(layers, inputs=2, seed=seed)
    settings = {"loss": "half_squared", "optimizer": nn.Adam(0.01), "batch_size": 10, "seed": seed} | settings
    return nn.Trainer(network, X, y, **settings)


def same(first: dict, second: dict) -> None:
    np.testing.assert_equal(first, second)
