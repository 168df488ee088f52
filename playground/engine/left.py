"""States of the training that an edit has left, for as long as no step is taken: undo finds them as they were."""

from __future__ import annotations

import nncore as nn
from nncore.state import State
from playground.document.spec import Spec

MOST_NUMBERS = 2**22
"""Most numbers of networks that are kept; the oldest are forgotten first."""


class Left:
    """What trainers had come to under the specs that were left since the last step."""

    def __init__(self) -> None:
        self._states: dict[Spec, State] = {}
        self._at: tuple[int, object] = (0, None)

    def forget(self) -> None:
        """Forget all."""
        self._states.clear()

    def remember(self, spec: Spec, trainer: nn.Trainer) -> None:
        """Keep the state of a trainer of this spec; the others are forgotten if a step was taken since."""
        if self._at != (trainer.steps, spec.origin):
            self.forget()
        self._at = trainer.steps, spec.origin
        self._states.pop(spec.learned, None)
        self._states[spec.learned] = trainer.state()
        while sum(len(state["values"]) for state in self._states.values()) > MOST_NUMBERS and len(self._states) > 1:
            del self._states[next(iter(self._states))]

    def recall(self, spec: Spec, trainer: nn.Trainer) -> bool:
        """Let a new trainer of this spec go on from its state then; False if there is none."""
        state = self._states.get(spec.learned)
        if state is None or state["steps"] != trainer.steps:
            return False
        trainer.restore(state)
        return True
