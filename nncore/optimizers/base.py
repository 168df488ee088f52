"""What every optimizer has: settings, moments, an update on the tape, and a way to be driven by hand."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from nncore.optimizers.by_hand import Driver, check_pair
from nncore.registry import Registered, option
from nncore.tape import Tape

State = dict[str, np.ndarray]
"""What an optimizer keeps from step to step, by the name it has in the formulas."""


@dataclass(frozen=True)
class Optimizer(Registered, family="optimizer"):
    """A rule for the update; an immutable value, so that to change a setting is to give another one.

    In every formula w are the parameters, g their gradients and η is the learning rate. The rules are those of PyTorch.

    Attributes
    ----------
    learning_rate
        Length η of the steps, 0 < η <= 10⁹.
    """

    learning_rate: float = option(0.01, "learning rate", above=0, at_most=1e9)

    def state(self, n_parameters: int, dtype: np.dtype) -> State:
        """Fresh arrays that it keeps from step to step: moments (n_parameters,) in `dtype`, and single numbers ()."""
        return {}

    def record(self, tape: Tape, w: np.ndarray, g: np.ndarray, state: State, rate: np.ndarray) -> None:
        """Record one step of the parameters.

        Parameters
        ----------
        tape
            Where the calls go.
        w, g
            Parameters and gradients, (n_parameters,), both in the precision of the tape; `w` is changed in place.
        state
            What `state` gave for as many parameters.
        rate
            The learning rate when the step is taken, as an operand for arrays shaped like `w`: (n_parameters,) or ().
        """
        raise NotImplementedError

    def update(self, parameters: np.ndarray, gradients: np.ndarray) -> None:
        """Take one step, in place: this drives the optimizer by hand, without network and trainer.

        The moments stay with this instance from call to call. An equal instance, a copy, and one made by
        `dataclasses.replace` begin with fresh ones; whoever changes the learning rate that way starts the moments anew.

        Parameters
        ----------
        parameters
            (n_parameters,), float32 or float64, contiguous or not; changed in place.
        gradients
            (n_parameters,), of the same precision.

        Raises
        ------
        ValueError
            If an array is something else, or is of another size or precision than at the first call; nothing has
            changed then.
        """
        check_pair(self.name, parameters, gradients)
        driver = self.__dict__.get("_driver")
        if driver is None:
            driver = Driver(self, parameters)
            # No field, so that equality, hash and copies know nothing of it.
            object.__setattr__(self, "_driver", driver)
        driver.step(parameters, gradients)

    def __getstate__(self) -> dict[str, Any]:
        """The settings alone: a copy has no moments."""
        return {field.name: getattr(self, field.name) for field in fields(self)}
