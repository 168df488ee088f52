"""What was done to single layers and units, and is marked on the canvas: frozen, silenced."""

from __future__ import annotations

from typing import NamedTuple

from playground.document.spec import Spec

FROZEN_TIP = "Frozen: its weights keep their values"


class States(NamedTuple):
    """Of the units of one column."""

    frozen: bool = False
    """All of them."""
    frozen_units: frozenset[int] = frozenset()
    silenced: frozenset[int] = frozenset()

    @property
    def plain(self) -> bool:
        """Whether there is nothing to mark on a unit."""
        return not self.frozen_units and not self.silenced


def states_of(spec: Spec) -> list[States]:
    """Of every column, the input first."""
    weights = [*(layer.weights for layer in spec.layers), spec.output]
    return [States(), *(States(own.frozen, frozenset(own.frozen_units), frozenset(own.silenced)) for own in weights)]


def state_text(states: States, unit: int) -> str:
    """What a unit is, beside its name: "silenced", "frozen", both or nothing."""
    marks = [("silenced", unit in states.silenced), ("frozen", states.frozen or unit in states.frozen_units)]
    return ", ".join(text for text, holds in marks if holds)
