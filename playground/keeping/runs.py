"""The runs of one sitting: each with its settings, its curve and its final network."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from psygnal import Signal

from playground.document.spec import Spec
from playground.engine.session import Session
from playground.engine.snapshot import Curve, newest_start
from playground.engine.stand import Stand, stand_of

MOST_RUNS = 500
MOST_BYTES = 64 * 2**20
"""Of all stands together."""
MOST_ROWS = 1000
"""Of the curve of a run that is kept."""
MOST_NAME = 80
"""Characters of a name."""
MOST_LABEL = 300
"""Characters of what is said of a change."""


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

    @property
    def title(self) -> str:
        """Its name, or "Run 3"."""
        return self.name or f"Run {self.number}"

    @property
    def is_whole(self) -> bool:
        """Whether all is known that training goes on from; if not, only the weights are."""
        return "order" in self.stand.arrays


class Runs:
    """The runs that are kept, in the order of their numbers, within limits of their number and of memory.

    Where there are too many, the oldest without a name give up first what only going on from them needs; if that is not
    enough, they are dropped, and then the same happens to those with a name. `hint` says so.
    """

    changed = Signal()
    loaded = Signal()
    """Another project's runs are held."""
    hint = Signal(str)

    def __init__(self, most: int = MOST_RUNS, most_bytes: int = MOST_BYTES) -> None:
        self._most, self._most_bytes = most, most_bytes
        self._runs: dict[int, Run] = {}
        self._last = 0
        self._has_told = False
        """Whether it was said that runs give up what only going on needs: the list marks them."""

    @property
    def all(self) -> tuple[Run, ...]:
        """The runs, oldest first."""
        return tuple(self._runs.values())

    @property
    def next_number(self) -> int:
        """The number of the next run."""
        return self._last + 1

    def by_number(self, number: int | None) -> Run | None:
        """The run of a number, if there is one."""
        return None if number is None else self._runs.get(number)

    def add(self, run: Run) -> Run:
        """Keep a run; in the place of that of the same number, if there is one. Gives what is kept of it."""
        self._last = max(self._last, run.number)
        self._runs[run.number] = replace(run, curve=thinned(run.curve))
        self._sort()
        self._keep_limits(run.number)
        self.changed.emit()
        return self._runs[run.number]

    def rename(self, number: int, name: str) -> None:
        """Call a run something else; an empty name is none."""
        run, name = self._runs[number], " ".join(name.split())[:MOST_NAME]
        if name == f"Run {number}":
            name = ""
        if name != run.name:
            self._runs[number] = replace(run, name=name)
            self.changed.emit()

    def remove(self, numbers: Iterable[int]) -> tuple[Run, ...]:
        """Forget runs; what `put_back` takes."""
        removed = tuple(self._runs.pop(number) for number in numbers if number in self._runs)
        if removed:
            self.changed.emit()
        return removed

    def put_back(self, runs: Iterable[Run]) -> None:
        """Take back runs that were removed."""
        self._runs |= {run.number: run for run in runs}
        self._sort()
        self._keep_limits()
        self.changed.emit()

    def load(self, runs: Iterable[Run]) -> None:
        """Hold these, and nothing else: another project was opened."""
        self._runs = {run.number: run for run in runs}
        self._last = max(self._runs, default=0)
        self._sort()
        self._keep_limits()
        self.changed.emit()
        self.loaded.emit()

    @property
    def n_bytes(self) -> int:
        """What the arrays of all stands take."""
        return sum(run.stand.n_bytes for run in self._runs.values())

    def _sort(self) -> None:
        self._runs = dict(sorted(self._runs.items()))

    def _keep_limits(self, newest: int | None = None) -> None:
        """Let go of what is too much; of the newest run nothing, unless it is the only one."""
        before, slimmed = len(self._runs), False
        excess = self.n_bytes - self._most_bytes
        for has_name in (False, True):
            oldest = [run.number for run in self.all if bool(run.name) == has_name and run.number != newest]
            for number in oldest:
                if excess > 0 and self._runs[number].is_whole:
                    excess -= self._slim(number)
                    slimmed = True
            while oldest and (len(self._runs) > self._most or excess > 0):
                excess -= self._runs.pop(oldest.pop(0)).stand.n_bytes
        self._tell(before - len(self._runs), slimmed)

    def _slim(self, number: int) -> int:
        """Keep of the state of a run its weights alone; gives how many bytes that frees."""
        run = self._runs[number]
        slim = replace(run.stand, arrays={"values": run.stand.values})
        self._runs[number] = replace(run, stand=slim)
        return run.stand.n_bytes - slim.n_bytes

    def _tell(self, dropped: int, slimmed: bool) -> None:
        if dropped:
            self.hint.emit(
                f"There is room for {self._most} runs and {self._most_bytes >> 20} MB of networks: "
                f"{_counted(dropped, 'oldest run')} {'was' if dropped == 1 else 'were'} removed."
            )
        elif slimmed and not self._has_told:
            self._has_told = True
            self.hint.emit(
                f"Runs take more than {self._most_bytes >> 20} MB: of older ones, at first of those without a name, "
                "only weights and curves are kept."
            )


def whole_stand(run: Run) -> Stand:
    """What training goes on from at the end of a run; where only its weights are known, with a fresh optimizer."""
    if run.is_whole:
        return run.stand
    session, stand = Session(run.spec), run.stand
    session.network.values[:] = stand.values
    session.trainer.count_from(steps=stand.steps, epochs=stand.epochs)
    fresh = stand_of(session.trainer)
    fields = ("in_effect", "train_loss", "test_loss", "train_score", "test_score", "seconds")
    return replace(fresh, **{name: getattr(stand, name) for name in fields})


def thinned(curve: Curve, most: int = MOST_ROWS) -> Curve:
    """At most so many rows of a curve: evenly taken, its first and its last among them."""
    if len(curve.rows) <= most:
        return curve
    kept = np.unique(np.linspace(0, len(curve.rows) - 1, most).round().astype(int))
    return Curve(curve.rows[kept], curve.measures[kept])


def newest_part(curve: Curve) -> np.ndarray:
    """(n, 3): the rows since the same was measured as at the end; what came before cannot be compared."""
    return curve.rows[newest_start(curve.measures) :]


def _counted(count: int, what: str) -> str:
    return f"the {what}" if count == 1 else f"the {count} {what}s"
