"""What every loss has: the outputs and targets it compares, the recording of its value and of its gradient.

In all of them `z` and `a` are the logits and the output of the last layer and `y` the targets, all (outputs, batch);
in the formulas a batch has m samples. A loss that accepts one output activation only computes from the logits: there
nothing overflows, and no probability is rounded to 0 or 1 before its logarithm is taken.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, NoReturn

import numpy as np

from nncore.activations import Activation
from nncore.checks import as_numbers, place
from nncore.registry import Registered
from nncore.tape import Tape


@dataclass(frozen=True)
class Loss(Registered, family="loss"):
    """A mean over the batch that training makes smaller; an immutable value, equal to another of the same settings."""

    outputs: ClassVar[tuple[str, ...]] = ()
    """The output activations it is meant for, the usual one first; empty means any."""
    fused: ClassVar[str | None] = None
    """The only output activation it accepts, if it computes from the logits: `backward` gives their gradient then."""
    needs: ClassVar[str] = ""
    """Why it does not accept every output activation."""

    @classmethod
    def accepts_output(cls, activation: str) -> bool:
        """Whether it can read the output of this activation."""
        return not cls.outputs or activation in cls.outputs

    @classmethod
    def check_output(cls, activation: str, outputs: int) -> None:
        """Check that it can read the output of a layer.

        Parameters
        ----------
        activation
            Name of the activation of the last layer.
        outputs
            Its units.

        Raises
        ------
        ValueError
            If not, with the reason.
        """
        if not cls.accepts_output(activation):
            raise ValueError(f"the loss '{cls.name}' {cls.needs}; the output layer has the activation '{activation}'")
        if outputs < Activation.named(activation).min_units:
            raise ValueError(f"a {activation} of one unit is always 1: the output layer needs at least 2 units for it")

    def targets(self, y: object, outputs: int) -> np.ndarray:
        """The targets as this loss compares them with outputs.

        Parameters
        ----------
        y
            (n_samples, outputs), or (n_samples,) where there is one output: numbers.
        outputs
            Units of the output layer.

        Returns
        -------
        ndarray
            (n_samples, outputs), float32 if `y` is and else float64; it may share memory with `y`.

        Raises
        ------
        ValueError
            If `y` has another shape, holds what is no finite number, or is not in the range of this loss. The first
            row, counted from 1, and what is possible are named.
        """
        values = as_numbers(y, "targets")
        if values.ndim == 1 and outputs == 1:
            values = values[:, np.newaxis]
        if values.ndim != 2 or values.shape[1] != outputs or not len(values):
            also = " or (n_samples,)" if outputs == 1 else self._other_shapes(outputs)
            raise ValueError(f"targets: expected shape (n_samples, {outputs}){also}, got {np.shape(values)}")
        values = values.astype(np.float32 if values.dtype == np.float32 else np.float64, copy=False)
        self._check_range(values)
        return values

    def _other_shapes(self, outputs: int) -> str:
        """What else than (n_samples, outputs) targets may be, for a message."""
        return ""

    def _check_range(self, y: np.ndarray) -> None:
        """Raise ValueError if `y`, (n_samples, outputs), holds a number that this loss is not meant for."""

    def _refuse(self, y: np.ndarray, wrong: np.ndarray, expected: str) -> NoReturn:
        """Raise ValueError about the first element of `y` for which `wrong`, of its shape, is true."""
        index = tuple(np.argwhere(wrong)[0])
        where = place(index if y.shape[1:] != (1,) else index[:1]).strip()
        raise ValueError(f"targets: {where}: expected {expected} for the loss '{self.name}', got {y[index]}")

    def forward(self, tape: Tape, z: np.ndarray | None, a: np.ndarray, y: np.ndarray, value: np.ndarray) -> None:
        """Record the value of the loss.

        Parameters
        ----------
        tape
            Where the calls are recorded.
        z, a, y
            (outputs, batch) Logits, outputs and targets; a loss that is not `fused` does without logits.
        value
            () of float64: it goes there.
        """
        raise NotImplementedError

    def backward(self, tape: Tape, z: np.ndarray | None, a: np.ndarray, y: np.ndarray, d: np.ndarray) -> None:
        """Record the gradient.

        Parameters
        ----------
        tape
            Where the calls are recorded.
        z, a, y
            As in `forward`; they stay as they are.
        d
            (outputs, batch) The gradient for the outputs goes there; for the logits, if the loss is `fused`.
        """
        raise NotImplementedError


def mean(tape: Tape, terms: np.ndarray, divisor: float, value: np.ndarray, says: str) -> None:
    """Record value = Σ terms / divisor, summed in float64."""
    tape(np.add.reduce, terms, None, np.float64, value, says="L ← Σ T")
    tape(np.divide, value, float(divisor), value, says=says)


def difference(tape: Tape, a: np.ndarray, y: np.ndarray, scale: float, out: np.ndarray, name: str, by: str) -> None:
    """Record out = (a − y) · scale; the formula calls it `name`, and the scaling `by`."""
    tape(np.subtract, a, y, out, says=f"{name} ← A − Y")
    tape(np.multiply, out, tape.constant(scale, out), out, says=f"{name} = (A − Y) {by}")
