"""The window's own copy of the network: it evaluates, from the newest parameters, what the views draw."""

from __future__ import annotations

from functools import cached_property

import numpy as np

import nncore as nn
from playground.document.spec import Spec
from playground.engine.problem import Problem, make_network, make_problem, output_to_score

RESOLUTION = 100
"""Samples of the plane along each axis."""

SAMPLES = 2000
"""Most training samples that activations and gradients are looked at on: more would not change a histogram's shape."""


class Mirror:
    """What the network of one spec does, at the parameters loaded last.

    Whatever a view asks for is computed at most once per load.
    """

    def __init__(self, spec: Spec, problem: Problem | None = None) -> None:
        self.spec = spec
        self.problem = problem or make_problem(spec)
        self.network: nn.Network = make_network(spec)
        low, high = self.problem.domain
        ticks = np.linspace(low, high, RESOLUTION)
        plane = np.stack(np.meshgrid(ticks, ticks), axis=-1).reshape(-1, 2)
        self._grid = nn.features.transform(plane, spec.features).astype(spec.dtype)
        self._input_maps = _normalized(self._as_maps(self._grid))

    def load(self, parameters: np.ndarray) -> None:
        """Take over the flat parameter vector, (n_parameters,), and forget what was computed with the old one."""
        self.network.parameters[:] = parameters
        for name in ("maps", "surface", "activations", "gradients"):
            self.__dict__.pop(name, None)

    @cached_property
    def maps(self) -> list[np.ndarray]:
        """One (units, RESOLUTION, RESOLUTION) array for the inputs and one per layer, the output last.

        Element [u, i, j] is unit u's activation at the i-th lowest x2 and the j-th lowest x1: row 0 is
        the *bottom* of the picture. Inputs are scaled to -1 … 1; the output is given as scores.
        """
        *hidden, output = self.network.activations(self._grid)
        return [self._input_maps, *map(self._as_maps, hidden), self._as_maps(output_to_score(self.spec, output))]

    @cached_property
    def surface(self) -> np.ndarray:
        """(RESOLUTION, RESOLUTION) scores of the output, -1 … +1 for the two classes; row 0 is the bottom."""
        return self.maps[-1][0]

    def score_at(self, x1: float, x2: float) -> float:
        """The output at one point of the plane, on the scale of the labels."""
        inputs = nn.features.transform(np.array([[x1, x2]]), self.spec.features)
        return float(output_to_score(self.spec, self.network.predict(inputs))[0, 0])

    @cached_property
    def activations(self) -> list[np.ndarray]:
        """(n_samples, units) per layer, on the training set (of a large one on its first `SAMPLES`)."""
        return self.network.activations(self.problem.train.inputs[:SAMPLES])

    @cached_property
    def gradients(self) -> list[np.ndarray]:
        """The loss gradient on the same samples: one flat vector per layer, empty for one without parameters."""
        train = self.problem.train
        flat = self.network.gradients(train.inputs[:SAMPLES], train.targets[:SAMPLES], self.spec.training.loss)
        return [flat[layer.slice] for layer in self.network.layers]

    def _as_maps(self, samples: np.ndarray) -> np.ndarray:
        return np.ascontiguousarray(samples.T).reshape(-1, RESOLUTION, RESOLUTION)


def _normalized(maps: np.ndarray) -> np.ndarray:
    peak = np.abs(maps).max(axis=(1, 2), keepdims=True)
    return maps / np.where(peak == 0, 1, peak)
