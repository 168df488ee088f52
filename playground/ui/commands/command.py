"""A command: something that can be done at once, and what it is called."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple


class Command(NamedTuple):
    """Something to do."""

    name: str
    """By which it is known again."""
    title: str
    """"Dark theme", "Optimizer: Adam"."""
    run: Callable[[], object]
    place: str = ""
    """Where it stands otherwise: "View › Theme"."""
    keys: str = ""
    """Its shortcut, as people read it."""
    words: str = ""
    """Other words by which people look for it."""
    tip: str = ""
    """What it does, or why that is impossible."""
    possible: bool = True
    """Whether it can be done at present."""
    checked: bool = False
    """Whether this is how it is already."""

    @property
    def spoken(self) -> str:
        """All that there is to know, for a screen reader."""
        state = "" if self.possible else "unavailable"
        return ", ".join(
            part for part in (self.title, "chosen" if self.checked else "", self.place, self.keys, state) if part
        )
