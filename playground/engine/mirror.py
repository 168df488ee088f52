"""The window's own copy of the network: it evaluates, from the newest values, what the views draw."""

from __future__ import annotations

from functools import cached_property

import numpy as np

import nncore as nn
from playground.document.spec import Spec
from playground.engine.planes import Plane
from playground.engine.problem import Problem, make_network, make_problem, output_to_score

RESOLUTION = 100
"""Samples of the plane along each axis, at most, and (of wide networks) at least."""
LEAST_RESOLUTION = 32

SAMPLES = 2000
"""Most training samples that activations and gradients are looked at on: more would not change a histogram's shape."""
LEAST_SAMPLES = 64

GRID_COST, SAMPLES_COST = 60e6, 25e6
"""Most that the plane, and the samples, may cost: so many multiplications take some milliseconds."""
UNIT_COST = 20
"""An activation costs as much as so many multiplications."""

MOST_NUMBERS = 2**20
"""Most inputs of all samples together that are computed with for one picture: of wide samples there are fewer."""

FOLDED_INPUTS = 8
"""More inputs than these are drawn as one block."""


def folds_inputs(spec: Spec) -> bool:
    """Whether the inputs of a network are too many to be drawn one by one."""
    return spec.n_inputs > FOLDED_INPUTS


class Mirror:
    """What the network of one spec does, at the values loaded last.

    Whatever a view asks for is computed at most once per load.
    """

    def __init__(self, spec: Spec, problem: Problem | None = None) -> None:
        self.spec = spec
        self.problem = problem or make_problem(spec)
        self.network: nn.Network = make_network(spec, self.problem.standardization)
        self._section = _section(self.network, spec, self.problem)
        low, high = self.problem.domain
        ticks = np.linspace(low, high, self._resolution())
        plane = np.stack(np.meshgrid(ticks, ticks), axis=-1).reshape(-1, 2)
        self._grid = self._inputs_at(plane).astype(spec.dtype)
        self._input_maps = self._maps_of_inputs(plane)
        affordable = int(SAMPLES_COST / _cost(self.network))
        self.looked_at = max(16, min(SAMPLES, MOST_NUMBERS // spec.n_inputs, max(affordable, LEAST_SAMPLES)))
        """Of how many samples activations and gradients are, at most."""

    def load(self, values: np.ndarray) -> None:
        """Take over the network's values, (n_values,), and forget what was computed with the old ones."""
        self.network.values[:] = values
        self.forget()

    def take(self, spec: Spec) -> bool:
        """Go on with another spec if its network and the plane it is looked at are the same; False if they are not."""
        if _looks(spec) != _looks(self.spec):
            return False
        problem = make_problem(spec)
        if problem.domain != self.problem.domain:
            return False
        self.spec, self.problem = spec, problem
        self.forget()
        return True

    def forget(self) -> None:
        """Forget what was computed: the values have changed."""
        for name in ("maps", "activations", "gradients"):
            self.__dict__.pop(name, None)

    @cached_property
    def maps(self) -> list[np.ndarray]:
        """One (units, resolution, resolution) array for the inputs and one per layer, the output last.

        Element [u, i, j] is unit u's activation at the i-th lowest x2 and the j-th lowest x1: row 0 is
        the *bottom* of the picture. Inputs are scaled to -1 … 1, and left out where they are folded; the output is
        given as scores.
        """
        *hidden, output = self._activations(self._grid)
        return [self._input_maps, *map(self._as_maps, hidden), self._as_maps(self._scores(output))]

    @property
    def surface(self) -> np.ndarray:
        """(resolution, resolution) scores of a single output, -1 … +1 for the two classes; row 0 is the bottom."""
        return self.maps[-1][0]

    def scores_at(self, x1: float, x2: float) -> np.ndarray:
        """(n_outputs,): the outputs at one point of the plane, as scores."""
        return self._scores(self._activations(self._inputs_at(np.array([[x1, x2]])))[-1])[0]

    def score_at(self, x1: float, x2: float) -> float:
        """The first output at one point of the plane, as a score."""
        return float(self.scores_at(x1, x2)[0])

    @cached_property
    def activations(self) -> list[np.ndarray]:
        """(n_samples, units) per layer, on the training set (of a large one on its first samples)."""
        return self.network.activations(self.problem.train.inputs[: self.looked_at])

    @cached_property
    def gradients(self) -> list[np.ndarray]:
        """The loss gradient on the same samples: one flat vector per layer, empty for one without parameters."""
        train, count = self.problem.train, self.looked_at
        flat = self.network.gradients(train.inputs[:count], train.targets[:count], self.spec.training.loss)
        return [flat[layer.slice] for layer in self.network.layers]

    # -- the plane --------------------------------------------------------------------------------

    def _resolution(self) -> int:
        network = self._section.network if self._section is not None else self.network
        inputs = 2 if self._section is not None else self.spec.n_inputs
        affordable = max(LEAST_RESOLUTION, int((GRID_COST / _cost(network)) ** 0.5))
        return max(2, min(RESOLUTION, affordable, int((MOST_NUMBERS / inputs) ** 0.5)))

    def _inputs_at(self, points: np.ndarray) -> np.ndarray:
        """What `_activations` is given for points (n_samples, 2) of the plane."""
        plane = self.problem.plane
        if plane is None:
            return nn.features.transform(points, self.spec.features)
        return points if self._section is not None else plane.lift(points)

    def _activations(self, inputs: np.ndarray) -> list[np.ndarray]:
        if self._section is None:
            return self.network.activations(inputs)
        self._section.follow(self.network)
        return self._section.network.activations(inputs)

    def _scores(self, outputs: np.ndarray) -> np.ndarray:
        return output_to_score(self.spec, outputs, self.problem.limit)

    def _as_maps(self, samples: np.ndarray) -> np.ndarray:
        side = round(len(samples) ** 0.5)
        return np.ascontiguousarray(samples.T).reshape(-1, side, side)

    def _maps_of_inputs(self, points: np.ndarray) -> np.ndarray:
        """Those of the inputs: how far each is above or below its mean, where they were measured."""
        plane = self.problem.plane
        if plane is None:
            return _normalized(self._as_maps(self._grid))
        inputs = 0 if folds_inputs(self.spec) else self.spec.n_inputs
        side = self._resolution()
        maps = (points @ plane.axes[:, :inputs]).T.reshape(inputs, side, side)
        return _normalized(maps.astype(self.spec.dtype))


class Section:
    """The network on a plane through the space of its inputs: a network of two inputs, exact at all of its points.

    What a dense layer computes of mean + u·a + v·b it computes of (u, v) with the weights W·a and W·b and the bias
    W·mean + b; so a picture of the plane costs no more with ten thousand inputs than with two.
    """

    def __init__(self, network: nn.Network, spec: Spec, plane: Plane, first: int) -> None:
        self.network = make_network(spec, inputs=2)
        self._first = first
        mean, axes = plane.mean, plane.axes
        if network.standardization is not None:
            mean, axes = network.standardization.apply(mean[None])[0], axes / network.standardization.scale
        self._basis = np.stack([*axes, mean], axis=1).astype(network.dtype)

    def follow(self, network: nn.Network) -> None:
        """Compute with the present values of the whole network."""
        theirs, own = network.layers[self._first], self.network.layers[self._first]
        np.matmul(theirs.block[:, :-1], self._basis, out=own.block)
        own.block[:, -1] += theirs.block[:, -1]
        self.network.values[own.slice.stop :] = network.values[theirs.slice.stop :]


def _looks(spec: Spec) -> tuple[object, ...]:
    """What a network, and what is drawn of it, depend on; points of the plane only on where they are drawn."""
    network = spec.origin, spec.layers, spec.features, spec.output_activation, spec.output, spec.n_outputs
    return *network, spec.is_plane or (spec.data, spec.cut)


def _cost(network: nn.Network) -> float:
    """What one sample costs on its way through a network, in multiplications."""
    return sum(layer.units * (layer.inputs * bool(layer.parameter_names) + UNIT_COST) for layer in network.layers)


def _section(network: nn.Network, spec: Spec, problem: Problem) -> Section | None:
    """The section along the plane of a problem; None where there is none, or the first layer needs the inputs whole."""
    plane, layers = problem.plane, network.layers
    first = next(index for index, layer in enumerate(layers) if not isinstance(layer, nn.Dropout))
    reaches_back = any(layer.span and index - layer.span <= first for index, layer in enumerate(layers))
    if plane is None or reaches_back or not isinstance(layers[first], nn.Dense):
        return None
    return Section(network, spec, plane, first)


def _normalized(maps: np.ndarray) -> np.ndarray:
    peak = np.abs(maps).max(axis=(1, 2), keepdims=True, initial=0)
    return maps / np.where(peak == 0, 1, peak)
