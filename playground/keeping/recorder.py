"""Keeps every run that is left, with what was changed on the way."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import UTC, datetime
from typing import NamedTuple

from playground.document.document import Document
from playground.document.spec import Spec
from playground.engine.client import Engine, Left, Stood
from playground.engine.snapshot import Curve
from playground.engine.stand import Stand
from playground.keeping.compare import differences, short
from playground.keeping.runs import MOST_LABEL, Change, Run, Runs


class _Known(NamedTuple):
    """What is kept already of a training that may go on."""

    steps: int
    """So far it is kept."""
    number: int | None
    """The run that is written anew when it goes on; None makes a new one of it."""
    parent: int | None
    """The run whose end it was continued from."""


def now() -> str:
    """The time as `Run.ended` has it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


class RunRecorder:
    """Makes a `Run` of every training that is left for another experiment, or by Reset.

    A training that undo has led back to keeps its number when it is left again; one that goes on from the end of a run
    of the list becomes a run of its own, as soon as it has taken a step.

    Parameters
    ----------
    engine, document
        What is followed.
    runs
        Where the runs are kept.
    clock
        Tells the time, as `Run.ended` has it.
    """

    def __init__(self, engine: Engine, document: Document, runs: Runs, clock: Callable[[], str] = now) -> None:
        self._engine, self._document, self._runs, self._clock = engine, document, runs, clock
        self._known: dict[Hashable, _Known] = {}
        self._changes: dict[Hashable, list[Change]] = {}
        """Settings that were changed, by the origin of the spec."""
        self._first = document.spec.run
        """What is of an experiment before this one belongs to another project."""
        document.changed.connect(self._follow_document)
        engine.left.connect(self._keep_left)

    def close(self) -> None:
        """Follow no more."""
        self._document.changed.disconnect(self._follow_document)
        self._engine.left.disconnect(self._keep_left)

    @property
    def changes(self) -> tuple[Change, ...]:
        """What was changed in the present run so far."""
        return tuple(self._changes.get(self._document.spec.origin, ()))

    @property
    def parent(self) -> Run | None:
        """The run of the list from whose end the present one goes on."""
        known = self._known.get(self._document.spec.origin)
        return None if known is None else self._runs.by_number(known.number or known.parent)

    def follow_restored(self, run: Run) -> None:
        """The document has become the settings of a run, and training goes on from its end."""
        origin = self._document.spec.origin
        self._known[origin] = _Known(run.stand.steps, None, run.number)
        self._changes[origin] = list(run.changes)

    def follow_opened(self, changes: tuple[Change, ...], parent: int | None) -> None:
        """The document has become the experiment of a file, whose runs are in the list: it goes on from there.

        Parameters
        ----------
        changes
            What was changed in the present run so far.
        parent
            The run from whose end it goes on; none if that is not in the list any more.
        """
        origin = self._document.spec.origin
        self._changes[origin] = list(changes)
        run = self._runs.by_number(parent)
        if run is not None:
            self._known[origin] = _Known(run.stand.steps, None, run.number)

    def keep(self, stood: Stood, curve: Curve) -> Run | None:
        """Keep where training stands as a run, and let it go on from there; None if there is nothing to keep.

        It stands at its beginning, or another project was opened since it was asked.
        """
        spec, stand = stood
        if stand.steps < 1 or spec.run < self._first:
            return None
        known = self._known.get(spec.origin)
        if known is not None and known.steps == stand.steps:
            kept = self._runs.by_number(known.number or known.parent)
            if kept is not None:
                return kept
        parent = None if known is None else known.number or known.parent
        run = self._add(self._runs.next_number, spec, stand, curve, parent)
        self._known[spec.origin] = _Known(stand.steps, None, run.number)
        return run

    # ---------------------------------------------------------------------------------------------

    def _keep_left(self, left: Left) -> None:
        spec, stand, curve = left
        origin = spec.origin
        if spec.run >= self._first and stand.steps > 0:
            self._write(spec, stand, curve)
        if origin == self._document.spec.origin:  # by Reset: what comes now is another run
            self._known.pop(origin, None)
            self._changes.pop(origin, None)

    def _write(self, spec: Spec, stand: Stand, curve: Curve) -> None:
        known = self._known.get(spec.origin, _Known(0, None, None))
        if known.steps == stand.steps:
            return
        number = known.number if self._runs.by_number(known.number) is not None else None
        number = self._runs.next_number if number is None else number
        self._add(number, spec, stand, curve, known.parent)
        self._known[spec.origin] = _Known(stand.steps, number, known.parent)

    def _add(self, number: int, spec: Spec, stand: Stand, curve: Curve, parent: int | None) -> Run:
        before = self._runs.by_number(number)
        return self._runs.add(
            Run(
                number,
                spec,
                curve,
                stand,
                name="" if before is None else before.name,
                changes=tuple(self._changes.get(spec.origin, ())),
                parent=parent,
                ended=self._clock(),
            )
        )

    def _follow_document(self, new: Spec, old: Spec) -> None:
        document = self._document
        if new.run != old.run and document.undo_label is None and not document.travels:
            self._first = new.run  # another file was opened
            self._known.clear()
            self._changes.clear()
        if new.origin == old.origin and new.learned != old.learned:
            self._note_change(short(differences(old, new)) if document.travels else document.undo_label or "")

    def _note_change(self, label: str) -> None:
        """Note a change of settings, if training is under way; of a gesture, the last."""
        epochs = self._engine.history.epochs
        if not len(epochs) or epochs[-1] <= 0 or not label:
            return
        changes = self._changes.setdefault(self._document.spec.origin, [])
        if changes and self._document.continues:
            label = changes.pop().label  # where it is dragged back to where it began, undo has that of another edit
        changes.append(Change(int(epochs[-1]), label if len(label) <= MOST_LABEL else f"{label[: MOST_LABEL - 1]}…"))
