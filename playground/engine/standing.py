"""What the window knows of where training stands, and of the runs that were left."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import NamedTuple

from playground.document.spec import Spec
from playground.engine.protocol import StandsAt
from playground.engine.snapshot import Curve
from playground.engine.stand import Stand

ANSWER_S = 2.0
"""How long a question for where training stands waits for the worker."""


class Stood(NamedTuple):
    """Where training stood under a spec."""

    spec: Spec
    stand: Stand


class Left(NamedTuple):
    """A run that has been left: where it stood, and how it came there."""

    spec: Spec
    stand: Stand
    curve: Curve


class _Leaving(NamedTuple):
    """A run that the worker has been told to leave."""

    first: int
    revision: int
    """The first and the last one of it."""
    curve: Curve
    last: Stood | None
    """Where it was last said to stand."""


class Standing:
    """Keeps what the worker says of where training stands, until it is of no use any more.

    Parameters
    ----------
    measure_of
        Gives the number of what is measured under a spec, as curves have it.
    """

    def __init__(self, measure_of: Callable[[Spec], int]) -> None:
        self._measure_of = measure_of
        self.last: Stood | None = None
        """Where training was last said to stand since the last start: what a new worker would go on from."""
        self.last_revision = 0
        self._specs: dict[int, Spec] = {}
        """By revision; those are kept of which the worker may still say something."""
        self._first = 1
        """The revision at which the present run began."""
        self._leaving: list[_Leaving] = []
        self._asked: dict[int, tuple[Callable[[Stood], object], float]] = {}
        """Who wants to know where training stands, and until when that can wait, by number."""
        self._last_asked = 0

    @property
    def asked(self) -> list[int]:
        """The questions that have not been answered."""
        return list(self._asked)

    def expect(self, revision: int, spec: Spec) -> None:
        """From now on something may be said of this revision."""
        self._specs[revision] = spec

    def put(self, revision: int, stood: Stood) -> None:
        """Take this for where training stands."""
        self.last, self.last_revision = stood, revision

    def begin(self, revision: int, stood: Stood) -> None:
        """A run goes on from there: what the worker comes to before this revision is none."""
        self._first = revision
        self.put(revision, stood)

    def leave(self, revision: int, curve: Curve) -> None:
        """The run whose last revision this is is being left."""
        self._leaving.append(_Leaving(self._first, revision, curve, self.last))
        self._first, self.last = revision + 1, None

    def came_to(self, revision: int) -> None:
        """Everything that may be said of runs left before this revision has been said."""
        self._leaving = [each for each in self._leaving if each.revision >= revision]

    def take(self, event: StandsAt) -> Stood | Left | None:
        """What the worker says: of the present run, or of one that has been left; None is one nobody waits for."""
        stood = Stood(self._specs[event.revision], event.stand)
        self._specs = {revision: spec for revision, spec in self._specs.items() if revision >= event.revision}
        if event.why != "left":
            return stood
        # Those before it were left before the worker heard of them: nothing was trained there.
        self.came_to(event.revision)
        is_waited_for = bool(self._leaving) and self._leaving[0].first <= event.revision
        return self._left(self._leaving.pop(0), stood) if is_waited_for else None

    def lost(self) -> list[Left]:
        """The worker is gone: the runs that it was leaving, as far as is known."""
        runs = [
            self._left(each, each.last) for each in self._leaving if each.last is not None and each.last.stand.steps
        ]
        self._leaving.clear()
        return runs

    def _left(self, leaving: _Leaving, stood: Stood) -> Left:
        """A run that has been left, its curve up to where it stood."""
        spec, stand = stood
        # It may have gone back since, or its worker have died.
        return Left(spec, stand, leaving.curve.ending(stand.row, self._measure_of(spec)))

    # -- questions --------------------------------------------------------------------------------

    def ask(self, then: Callable[[Stood], object]) -> int:
        """Note who wants to know; the number is to come back with the answer."""
        self._last_asked += 1
        self._asked[self._last_asked] = then, time.monotonic() + ANSWER_S
        return self._last_asked

    def answer(self, number: int, stood: Stood) -> None:
        """Pass the answer on, if it is still waited for."""
        then, _ = self._asked.pop(number, (None, 0.0))
        if then is not None:
            then(stood)

    def answer_late(self) -> None:
        """Answer those who have waited long enough with what is known, if anything is."""
        if self.last is None:
            return
        now = time.monotonic()
        for number in [number for number, (_, until) in self._asked.items() if now > until]:
            self.answer(number, self.last)
