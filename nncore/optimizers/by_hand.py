"""Driving an optimizer by hand: its update on a tape of its own, for arrays that belong to somebody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nncore.tape import Tape, run

if TYPE_CHECKING:
    from nncore.optimizers.base import Optimizer


class Driver:
    """An optimizer's moments, and a tape with its update, for flat arrays of one size and precision.

    Parameters
    ----------
    optimizer
        Whose rule and settings it follows.
    parameters
        An array like those to come; this one is not touched.
    """

    def __init__(self, optimizer: Optimizer, parameters: np.ndarray) -> None:
        self._name = optimizer.name
        tape = Tape(1, parameters.dtype)
        # Copies in and out cost little, and let the caller come with any array each time.
        self._w, self._g = tape.array(parameters.shape, "w"), tape.array(parameters.shape, "g")
        rate = tape.constant(optimizer.learning_rate, self._w)
        optimizer.record(tape, self._w, self._g, optimizer.state(len(parameters), tape.dtype), rate)
        self._program = tape.program()

    def step(self, parameters: np.ndarray, gradients: np.ndarray) -> None:
        """Take one step of the parameters in place; ValueError, before anything has changed, if they do not fit."""
        if (parameters.shape, parameters.dtype) != (self._w.shape, self._w.dtype):
            raise ValueError(
                f"{self._name}: this optimizer has the moments of {self._w.size} parameters in {self._w.dtype}, "
                f"got {parameters.size} in {parameters.dtype}; take a new one"
            )
        self._w[...], self._g[...] = parameters, gradients
        # Training that diverges overflows: its user sees that in the numbers, not in warnings.
        with np.errstate(all="ignore"):
            run(self._program)
        parameters[...] = self._w


def check_pair(name: str, parameters: np.ndarray, gradients: np.ndarray) -> None:
    """Raise ValueError, beginning with `name`, unless these can be stepped and stepped by."""
    for what, array in (("parameters", parameters), ("gradients", gradients)):
        if not isinstance(array, np.ndarray):
            raise ValueError(f"{name}: expected {what} as an array, got {type(array).__name__}")
        if array.ndim != 1:
            raise ValueError(f"{name}: expected {what} (n_parameters,), got {array.shape}")
        if array.dtype not in (np.float32, np.float64):
            raise ValueError(f"{name}: expected {what} in float32 or float64, got {array.dtype}")
    if (parameters.shape, parameters.dtype) != (gradients.shape, gradients.dtype):
        raise ValueError(
            f"{name}: expected gradients like the parameters, {parameters.shape} {parameters.dtype}, "
            f"got {gradients.shape} {gradients.dtype}"
        )
    if not parameters.flags.writeable:
        raise ValueError(f"{name}: expected parameters that can be written to, got a read-only array")
