"""What every layer kind has, in this order: settings, shape, first values, and the recording of its two passes."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, NamedTuple

import numpy as np

from nncore.activations import Activation, Identity
from nncore.initializers import Initializer
from nncore.registry import Registered
from nncore.tape import Columns, Tape

Backward = Callable[..., np.ndarray | None]
"""Records a layer's backward pass: see `Layer.record`."""


class Parameters(NamedTuple):
    """Views of one layer's part of a flat vector."""

    weights: np.ndarray
    """(units, inputs)"""
    biases: np.ndarray
    """(units,)"""


class Layer(Registered, family="layer"):
    """One layer of a network. It belongs to at most one network, which binds it to its parameters."""

    options: ClassVar[tuple[str, ...]] = ()
    """Names of the settings, as the constructor takes them: what a file keeps and an editor offers."""
    activation: Activation = Identity()
    """What makes its output of its logits; identity for a kind that has none."""

    inputs: int
    units: int
    slice: slice
    """Where its parameters stand in the network's flat vector."""
    block: np.ndarray
    """Its parameters, in the shape it computes with."""

    @property
    def is_bound(self) -> bool:
        """Whether it stands in a network."""
        return hasattr(self, "block")

    def bind(self, inputs: int, flat: np.ndarray, start: int) -> None:
        """Take its place in a network: `inputs` units arrive, its parameters begin at `start` of `flat`."""
        self.inputs, self.units = inputs, self.units_for(inputs)
        self.slice = slice(start, start + self.n_parameters(inputs))
        self.block = self.shaped(flat)

    def units_for(self, inputs: int) -> int:
        """How many units it has when `inputs` arrive."""
        raise NotImplementedError

    def n_parameters(self, inputs: int) -> int:
        """How many parameters it has when `inputs` units arrive."""
        return 0

    def shaped(self, flat: np.ndarray) -> np.ndarray:
        """Its part of a flat vector (n_parameters,), as a view in the shape it computes with."""
        return flat[self.slice]

    def split(self, flat: np.ndarray) -> Parameters | tuple[()]:
        """Its part of a flat vector as named views; empty for a layer without parameters."""
        return ()

    def initialize(self, rng: np.random.Generator, initializer: Initializer) -> None:
        """Draw its first parameters."""

    def record(self, tape: Tape, x: Columns) -> tuple[Columns, Backward]:
        """Record the forward pass of `x`.

        Returns
        -------
        output : Columns
            Of (units, batch).
        backward : callable
            `backward(d_output, gradients, *, fused, needs_input)` records the backward pass: it takes the loss
            gradient for the output (for the logits, if `fused`), writes that for the parameters into its part of
            the flat `gradients`, and returns that for the input, (inputs, batch), or None if that is not needed.
        """
        raise NotImplementedError

    def __repr__(self) -> str:
        settings = ", ".join(f"{option}={value!r}" for option, value in self.settings().items())
        return f"{type(self).__name__}({settings})"

    def settings(self) -> dict[str, object]:
        """The settings by name, as plain values."""
        values = {option: getattr(self, option) for option in self.options}
        return {key: value.name if isinstance(value, Registered) else value for key, value in values.items()}
