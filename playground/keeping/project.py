"""A project: all of one sitting as a value, and the file it is kept in."""

from __future__ import annotations

import msgspec
from msgspec import Struct

from playground.document.lesson import Lesson
from playground.document.spec import Spec
from playground.engine.snapshot import Curve
from playground.engine.stand import Stand
from playground.keeping.runs import Run


class Project(Struct, frozen=True, eq=False):
    """All that a `.nnp` file holds."""

    spec: Spec
    """The experiment as it is edited. Its `assigned` are left out: they are in the weights."""
    stand: Stand | None = None
    """Where its training stands; None is at its first weights."""
    trained: Spec | None = None
    """The spec that `stand` is of, where that is not `spec`: an edit that had not arrived there yet."""
    curve: Curve = msgspec.field(default_factory=Curve)
    runs: tuple[Run, ...] = ()
    lesson: Lesson | None = None
    view: dict[str, str] = msgspec.field(default_factory=dict)
    """How it is looked at: what views want to be told again, as text."""
