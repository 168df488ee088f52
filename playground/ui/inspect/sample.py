"""What a neuron is looked at with: a training sample one steps through, or the point under the cursor."""

from __future__ import annotations

import numpy as np

import nncore as nn
from playground.engine.mirror import Mirror
from playground.ui.names import input_names
from playground.ui.text import grouped, signed

MOST_INPUTS = 4
"""Of so many inputs the values are told."""


class Sample:
    """One sample of a mirror's problem."""

    def __init__(self) -> None:
        self._index = 0
        self._point: tuple[float, float] | None = None

    @property
    def is_point(self) -> bool:
        """Whether it is a point of the plane, and none of the training samples."""
        return self._point is not None

    def step(self, by: int, mirror: Mirror) -> None:
        """Go on among the training samples; behind the last one comes the first."""
        self._index = (self._index + by) % len(mirror.problem.train.inputs)

    def set_point(self, point: tuple[float, float] | None) -> None:
        """Look at a point of the plane, or (None) at a training sample again."""
        self._point = point

    def activations(self, mirror: Mirror) -> list[np.ndarray]:
        """(units,) per column, as in `Mirror.maps`: what arrives at the first layer, and what each layer gives."""
        inputs = self._inputs(mirror)
        arriving = mirror.network.check_inputs(inputs)
        return [arriving[0], *(layer[0] for layer in mirror.network.activations(inputs))]

    def heading(self, mirror: Mirror) -> str:
        """Which one it is: "sample 3 of 250"."""
        if self._point is not None:
            return "At the cursor"
        return f"Sample {grouped(self._at(mirror) + 1)} of {grouped(len(mirror.problem.train.inputs))}"

    def details(self, mirror: Mirror) -> str:
        """What there is to know of it: its inputs, where they are few, and what it should become."""
        problem, spec = mirror.problem, mirror.spec
        parts = []
        if problem.plane is None:
            x1, x2 = self._point or problem.train.points[self._at(mirror)]
            parts.append(f"x₁ {signed(x1)}, x₂ {signed(x2)}")
        elif spec.n_inputs <= MOST_INPUTS:
            values = self._inputs(mirror)[0]
            named = zip(input_names(spec), values, strict=True)
            parts.append(", ".join(f"{name} {signed(float(value))}" for name, value in named))
        if self._point is None:
            parts.append(self._wanted(mirror))
        return " · ".join(parts)

    def _wanted(self, mirror: Mirror) -> str:
        """What the outputs should become."""
        dataset, label = mirror.problem.dataset, float(mirror.problem.train.labels[self._at(mirror), 0])
        if dataset.task == "regression":
            return f"target {signed(label)}"
        return f"class {dataset.class_names[int(label >= 0) if dataset.task == 'binary' else int(label)]}"

    def _inputs(self, mirror: Mirror) -> np.ndarray:
        """What the network is given: (1, n_inputs)."""
        problem = mirror.problem
        if self._point is None:
            return problem.train.inputs[self._at(mirror)][None]
        point = np.array([self._point])
        return (
            nn.features.transform(point, mirror.spec.features) if problem.plane is None else problem.plane.lift(point)
        )

    def _at(self, mirror: Mirror) -> int:
        """Its place; there may be fewer samples by now."""
        return min(self._index, len(mirror.problem.train.inputs) - 1)
