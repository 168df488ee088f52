"""States of the training that an edit has left: undo and redo find them as they were."""

from __future__ import annotations

from typing import NamedTuple

import nncore as nn
from nncore.state import State
from playground.document.spec import Spec
from playground.engine.assigning import ByHand

MOST_NUMBERS, MOST_STANDS = 2**22, 128
"""Most numbers of networks that are kept, and most states; the oldest are forgotten first."""


class _Stand(NamedTuple):
    """Where a trainer stood."""

    steps: int
    state: State
    by_hand: ByHand

    @property
    def numbers(self) -> int:
        """How many the network has."""
        return len(self.state["values"])


class Left:
    """What trainers had come to under the specs that were left."""

    def __init__(self) -> None:
        self._stands: dict[Spec, _Stand] = {}

    def forget(self, origin: object) -> None:
        """Forget what is of this origin."""
        self._stands = {spec: stand for spec, stand in self._stands.items() if spec.origin != origin}

    def remember(self, spec: Spec, trainer: nn.Trainer, by_hand: ByHand) -> None:
        """Keep the state of a trainer of this spec, in the place of what was kept of it before."""
        self._stands.pop(spec.learned, None)
        self._stands[spec.learned] = _Stand(trainer.steps, trainer.state(), by_hand)
        while len(self._stands) > 1 and self._is_too_much():
            del self._stands[next(iter(self._stands))]

    def recall(self, spec: Spec, trainer: nn.Trainer, *, after_steps: bool) -> ByHand | None:
        """Let a new trainer of this spec go on from its state then; its counts of steps and epochs stay.

        Parameters
        ----------
        after_steps
            Whether to go back to it even if steps were taken since.

        Returns
        -------
        ByHand or None
            What had been set by hand then; None if there is no such state.
        """
        stand = self._stands.get(spec.learned)
        if stand is None or (stand.steps != trainer.steps and not after_steps):
            return None
        steps, epochs = trainer.steps, trainer.epochs
        trainer.restore(stand.state)
        if steps != stand.steps:
            trainer.count_from(steps=steps, epochs=epochs)
        return stand.by_hand

    def _is_too_much(self) -> bool:
        numbers = sum(stand.numbers for stand in self._stands.values())
        return numbers > MOST_NUMBERS or len(self._stands) > MOST_STANDS
