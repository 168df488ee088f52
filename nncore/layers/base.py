"""What every layer kind has, in this order: settings, shape, first values, and the recording of its two passes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, NamedTuple

import numpy as np

from nncore.activations import Activation, Identity
from nncore.initializers import Initializer
from nncore.registry import Registered
from nncore.regularizers import Regularizer
from nncore.tape import Columns, Tape

Backward = Callable[..., Any]
"""Records a layer's backward pass: see `Layer.record`."""


class Parameters(NamedTuple):
    """Views of a dense layer's part of a flat vector."""

    weights: np.ndarray
    """(units, inputs)"""
    biases: np.ndarray
    """(units,)"""


class Scale(NamedTuple):
    """Views of a normalising layer's part of a flat vector."""

    gain: np.ndarray
    """(units,): γ"""
    shift: np.ndarray
    """(units,): β"""


class Pass(NamedTuple):
    """What a layer recorded on its way forward."""

    output: Columns
    """Of (units, batch)."""
    backward: Backward
    """Records the way back: see `Layer.record`."""
    logits: np.ndarray | None = None
    """(units, batch): what went into the activation, for a layer that has one."""


class Layer(Registered, family="layer"):
    """One layer of a network. It belongs to at most one network, which binds it to its parameters."""

    activation: Activation = Identity()
    """What makes its output of its logits; identity for a kind that has none."""
    regularizer: Regularizer | None = None
    """The penalty on its weights; None is that of the training."""
    silenced: tuple[int, ...] = ()
    """The units that give 0 whatever arrives, in order."""
    span: int = 0
    """Over how many layers before it, it reaches back for a second input; 0 for a kind that has one."""
    parameter_names: ClassVar[tuple[str, ...]] = ()
    """What the parts are called that `split` gives."""
    block_names: ClassVar[tuple[str, str]] = ("W", "dW")
    """What its parameters as a whole and their gradient are called on a tape."""

    inputs: int
    units: int
    slice: slice
    """Where its parameters stand in the network's flat vector."""
    block: np.ndarray
    """Its parameters, in the shape it computes with."""
    statistics: np.ndarray
    """Its numbers that training keeps up to date without a gradient, in the shape it computes with."""

    def _set(self, **settings: object) -> None:
        """Check these options, and keep them."""
        for key, value in settings.items():
            setattr(self, key, self.options[key].check(self.name, key, value))

    def __getattr__(self, name: str) -> Any:
        if name in Layer.__annotations__ or isinstance(getattr(type(self), name, None), property):
            raise AttributeError(f"{self.name}: has no {name} before it stands in a network")
        raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'")

    def __reduce__(self) -> tuple[Any, ...]:
        """A copy stands in no network."""
        return type(self).of, (self.config(),)

    @property
    def is_bound(self) -> bool:
        """Whether it stands in a network."""
        return hasattr(self, "block")

    def bind(self, inputs: int, parameters: np.ndarray, start: int, statistics: np.ndarray) -> None:
        """Take its place in a network.

        Parameters
        ----------
        inputs
            How many units arrive.
        parameters
            The network's flat vector; its own part begins at `start`.
        statistics
            (n_statistics,): its own.
        """
        self.inputs, self.units = inputs, self.units_for(inputs)
        self.slice = slice(start, start + self.n_parameters(inputs))
        self.block = self.shaped(parameters)
        self.statistics = statistics

    def units_for(self, inputs: int) -> int:
        """How many units it has when `inputs` arrive."""
        return inputs

    def n_parameters(self, inputs: int) -> int:
        """How many parameters it has when `inputs` units arrive."""
        return 0

    def n_statistics(self, inputs: int) -> int:
        """How many running statistics it has when `inputs` units arrive."""
        return 0

    def shaped(self, flat: np.ndarray) -> np.ndarray:
        """Its part of a flat vector (n_parameters,), as a view in the shape it computes with."""
        return flat[self.slice]

    def split(self, flat: np.ndarray) -> tuple[np.ndarray, ...]:
        """Its part of a flat vector as named views (`Parameters` or `Scale`); empty for a layer without parameters."""
        return ()

    def initialize(self, rng: np.random.Generator, initializer: Initializer) -> None:
        """Draw its first parameters."""

    def record(self, tape: Tape, x: Columns, *reached: Columns) -> Pass:
        """Record the forward pass.

        Parameters
        ----------
        tape
            Where to.
        x
            (inputs, batch): what arrives.
        reached
            For a layer with a `span`: what arrived at the first layer it spans.

        Returns
        -------
        Pass
            Its `backward(d_output, gradients, *, fused, needs_input)` records the backward pass: it takes the loss
            gradient for the output (for the logits, if `fused`), writes that for the parameters into its part of
            the flat `gradients`, and returns that for the input, (inputs, batch), or None if that is not needed. A
            layer with a `span` returns a pair: the second is the gradient for what it reached back to. The arrays
            it takes and gives are read by others too: it never writes into them again.
        """
        raise NotImplementedError

    def __repr__(self) -> str:
        values = self.settings()
        said = {key: value for key, value in values.items() if value != self.options[key].default}
        first = next(iter(values), None)
        parts = [
            repr(values[key]) if key == first else f"{key}={value!r}"
            for key, value in ({first: 0} | said).items()
            if key
        ]
        return f"{type(self).__name__}({', '.join(parts)})"
