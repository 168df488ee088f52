"""Which regularizer is for which part of the parameters: layers may have one of their own."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from nncore.network import Network
from nncore.regularizers import Regularizer, Step
from nncore.tape import Tape


class Penalties:
    """The regularizers of a network. Neighbours that have the same one share its calls.

    Parameters
    ----------
    network
        Whose weights are penalised.
    regularizer
        For layers that do not bring their own.

    Attributes
    ----------
    state
        (n_parameters,) each: what the regularizers keep from step to step.
    owners
        By the name of such an array, that of the regularizer.
    """

    def __init__(self, network: Network, regularizer: Regularizer) -> None:
        self._parts = _parts(network, regularizer)
        self.state: dict[str, np.ndarray] = {}
        self.owners: dict[str, str] = {}
        for rule, _ in self._parts:
            for name, array in rule.state(len(network.parameters), network.dtype).items():
                self.state.setdefault(name, array)
                self.owners.setdefault(name, rule.name)

    def around(self, tape: Tape, step: Step, update: Callable[[], None]) -> None:
        """Record all penalties, and by a call of `update()` in its place the optimizer's step."""
        for rule, part in reversed(self._parts):
            if part is None:
                rule.around(tape, step, self.state, update)
                return
            own = rule.state(0, tape.dtype)
            state = {name: self.state[name][part] for name in own}
            update = partial(rule.around, tape, _part_of(tape, step, part), state, update)
        update()


def _parts(network: Network, regularizer: Regularizer) -> list[tuple[Regularizer, slice | None]]:
    """Each regularizer and the parameters it is for; None stands for all."""
    parts: list[tuple[Regularizer, slice]] = []
    for layer in network.layers:
        if "weights" in layer.parameter_names:
            rule, start = layer.regularizer or regularizer, layer.slice.start
            if parts and parts[-1][0] == rule:
                start = parts.pop()[1].start
            parts.append((rule, slice(start, layer.slice.stop)))
    if len(parts) > 1:
        return [*parts]
    return [(parts[0][0] if parts else regularizer, None)]


def _part_of(tape: Tape, step: Step, part: slice) -> Step:
    """Views of a part of all vectors; of a constant, another one, as it is known to the tape by itself."""
    w, rate = step.parameters[part], step.learning_rate
    if id(rate) in tape.constants:
        rate = tape.constant(float(rate.flat[0]), w)
    elif rate.ndim:
        rate = rate[part]
    return Step(w, step.gradients[part], step.is_weight[part], rate)
