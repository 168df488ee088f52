"""The runs of one sitting: each with its settings, its curve and its final network."""

from __future__ import annotations

from msgspec import Struct

from playground.document.spec import Spec
from playground.engine.snapshot import Curve
from playground.engine.stand import Stand


class Change(Struct, frozen=True):
    """A setting that was changed while a run was under way."""

    epoch: int
    label: str
    """As in the Edit menu: "Set learning rate"."""


class Run(Struct, frozen=True, eq=False):
    """A training from its first weights on, as it was when it was left."""

    number: int
    """Counts the runs of a project; never given twice."""
    spec: Spec
    """The settings it ended with."""
    curve: Curve
    stand: Stand
    """Where it ended: how well it did, and its final network."""
    name: str = ""
    """What somebody called it; "" has no name but its number."""
    changes: tuple[Change, ...] = ()
    parent: int | None = None
    """The run whose end it was continued from."""
    ended: str = ""
    """When it was left, ISO 8601, UTC."""
