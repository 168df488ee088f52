"""The window's end of the engine: tells the worker what to do, reads how it goes, and replaces it at need."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Literal

import numpy as np
from msgspec.structs import replace
from psygnal import Signal

from playground.document.spec import Cut, Spec
from playground.engine.process import WorkerProcess
from playground.engine.protocol import (
    Ask,
    Configure,
    Diverged,
    Event,
    Failed,
    Finished,
    GoBack,
    SetPlaying,
    SetSpeed,
    Speed,
    StandsAt,
    Step,
    Told,
)
from playground.engine.snapshot import Curve, History, Snapshot
from playground.engine.stand import Stand
from playground.engine.standing import Left, Standing, Stood

MAX_DEATHS = 3
"""So many worker deaths within `DEATHS_SPAN_S` are taken for the experiment's fault: training pauses.

After more than these, the next worker waits until the span is over: starting one costs as much as opening a window.
"""
DEATHS_SPAN_S = 10.0


class Engine:
    """Training in a child process. Nothing here ever waits for it.

    Parameters
    ----------
    spec
        What to train.
    speed
        How fast.
    """

    noticed = Signal(str)
    """Emitted from `poll` with a sentence for the user: a spec failed, or training was restarted."""
    told = Signal(str)
    """Likewise: what an edit has done to the output, or that a condition to stop holds."""
    diverged = Signal(str)
    """Likewise: training has paused, since a step leads out of the finite numbers."""
    stood = Signal(Stood)
    """Likewise: where training stands, about twice a second while that changes."""
    left = Signal(Left)
    """Likewise: a run of at least one step has been left, by a reset or for an experiment that starts anew."""

    def __init__(self, spec: Spec, speed: Speed | None = None) -> None:
        self.history = History()
        """The loss curve since the last start."""
        self.latest: Snapshot | None = None
        """The newest snapshot read."""
        self._spec = spec
        self._speed = speed or Speed()
        self._playing = False
        self._revision = self._origin = 1
        self._standing = Standing(self._measure)
        self._standing.expect(self._revision, spec)
        self._curves: dict[object, Curve] = {}
        """By the origin of a spec that was left and may be gone back to."""
        self._measures: dict[object, int] = {}
        """Numbers for what is measured: a loss on a data set."""
        self._deaths: list[float] = []
        self._closed = False
        self._launch()

    # -- commands ---------------------------------------------------------------------------------

    @property
    def playing(self) -> bool:
        """Whether training runs, or will as soon as the worker hears of it."""
        return self._playing

    @property
    def worker_pid(self) -> int | None:
        """Process id of the worker."""
        return self._worker.pid

    def apply(self, spec: Spec, *, reset: bool = False, travels: bool = False) -> bool:
        """Train this spec from now on, keeping what still fits of what was learned, or (`reset`) anew.

        Parameters
        ----------
        spec
            What to train.
        reset
            Whether to begin with the first weights.
        travels
            Whether an undo or a redo leads there: a network of other layers comes back as it was left.

        Returns
        -------
        bool
            Whether training, and with it the history, begins anew: it does too where the spec is of another origin.
        """
        anew = reset or spec.origin != self._spec.origin
        before, self._spec = self._spec, spec
        if not reset and replace(spec, cut=Cut()) == replace(before, cut=Cut()):
            self._standing.expect(self._revision, spec)  # how it is looked at does not concern the worker
            return False
        if anew:
            self._leave(before, reset)
        self._next_revision()
        if anew or _measured(spec) != _measured(before):
            self._origin = self._revision  # what the worker still says about the spec before is not for this curve
        self._worker.send(Configure(self._revision, spec, self._origin, reset=reset, travels=travels))
        return anew

    def restore(self, spec: Spec, stand: Stand, curve: Curve) -> None:
        """Pause, and go on from where the training of a spec stood.

        Parameters
        ----------
        spec
            What was given to `apply` last.
        stand, curve
            Of this spec.
        """
        self._playing, self._spec = False, spec
        self._next_revision()
        self._origin = self._revision
        self._standing.begin(self._revision, Stood(spec, stand))
        self.history.clear()
        before = curve.rows[:, 0] < stand.progress  # what comes from there on the worker says itself
        self.history.append(curve.rows[before], self._renumbered(curve)[before])
        self._worker.send(SetPlaying(False))
        self._worker.send(Configure(self._revision, spec, self._origin, stand=stand))

    def set_playing(self, playing: bool) -> None:
        """Play or pause."""
        self._playing = playing
        self._worker.send(SetPlaying(playing))

    def step(self, unit: Literal["step", "epoch"]) -> None:
        """Pause, and take one step or go to the end of the epoch."""
        self._playing = False
        self._worker.send(Step(unit))

    def go_back(self) -> None:
        """Pause, and go back to the best state under the present spec."""
        self._playing = False
        self._worker.send(GoBack())

    def set_speed(self, speed: Speed) -> None:
        """Train this fast."""
        self._speed = speed
        self._worker.send(SetSpeed(speed))

    # -- reading ----------------------------------------------------------------------------------

    @property
    def last_stood(self) -> Stood | None:
        """Where training was last said to stand since the last start."""
        return self._standing.last

    def ask_stand(self, then: Callable[[Stood], object]) -> None:
        """Call `then`, from a later `poll`, with where training stands.

        That is of the present spec, unless the worker is busy for long: then it is the last that is known.
        """
        self._worker.send(Ask(self._standing.ask(then)))

    def curve(self) -> Curve:
        """The loss curve since the last start, a copy."""
        return Curve(self.history.rows, self.history.measures.copy())

    def poll(self) -> Snapshot | None:
        """The newest snapshot of the present spec, or None if there is none that was not read yet.

        Also notices whether the worker has died or hangs, and replaces it.
        """
        if self._closed:
            return None
        self._hear_all()
        snapshot = self._read()
        self._standing.answer_late()
        if not self._worker.is_alive:
            self._replace_worker("stopped unexpectedly")
        elif self._worker.hangs(is_busy=self._playing):
            self._playing = False
            self._replace_worker("did not answer any more")
        return snapshot

    def close(self) -> None:
        """End the worker and give the shared memory back; a second call does nothing."""
        if self._closed:
            return
        self._closed = True
        self._worker.end()

    # ---------------------------------------------------------------------------------------------

    def _next_revision(self) -> None:
        self._revision += 1
        self._standing.expect(self._revision, self._spec)

    def _leave(self, before: Spec, reset: bool) -> None:
        """Begin another curve: that of the present spec if it was left before, and is not `reset`."""
        curve = self.curve()
        self._standing.leave(self._revision, curve)
        if not reset:
            self._curves[before.origin] = curve
        known = self._curves.pop(self._spec.origin, Curve())
        self.history.clear()
        if not reset:
            self.history.append(known.rows, known.measures)

    def _read(self) -> Snapshot | None:
        """What is new in the block."""
        snapshot, rows = self._worker.read()
        self._append(rows[rows[:, 0] == self._origin, 1:], self._measure(self._spec))
        if snapshot is None or snapshot.revision != self._revision:
            return None
        self.latest = snapshot
        self._standing.came_to(self._revision)
        return snapshot

    def _measure(self, spec: Spec) -> int:
        """The number of what is measured under a spec."""
        return self._number(_measured(spec))

    def _number(self, what: object) -> int:
        return self._measures.setdefault(what, len(self._measures))

    def _renumbered(self, curve: Curve) -> np.ndarray:
        """The measures of a curve from elsewhere, (n,), in numbers of this engine; the last is that of the spec."""
        last = curve.measures[-1:].tolist()
        numbers = {
            each: self._measure(self._spec) if [each] == last else self._number(object())
            for each in np.unique(curve.measures).tolist()
        }
        return np.array([numbers[each] for each in curve.measures.tolist()])

    def _append(self, rows: np.ndarray, measure: int) -> None:
        """Add rows to the curve; where they go back in time, what came after that is forgotten."""
        epochs = np.concatenate([self.history.epochs[-1:], rows[:, 0]])
        back = np.flatnonzero(np.diff(epochs) < 0)
        if len(back):
            rows = rows[len(rows) - (len(epochs) - 1 - back[-1]) :]
            self.history.cut(rows[0, 0])
        self.history.append(rows, measure)

    def _hear_all(self) -> None:
        for event in self._worker.heard():
            self._hear(event)

    def _hear(self, event: Event) -> None:
        """Take in what the worker has said on the pipe."""
        match event:
            case Finished(revision) | Diverged(revision) | Failed(revision) if revision != self._revision:
                # It has paused for a spec that is gone by now: under the present one nobody has.
                if self._playing:
                    self._worker.send(SetPlaying(True))
            case StandsAt():
                self._hear_stand(event)
            case Told(revision, text) if revision == self._revision:
                self.told.emit(text)
            case Finished(_, reason):
                self._playing = False
                self.told.emit(reason)
            case Diverged(_, reason):
                self._playing = False
                self.diverged.emit(reason)
            case Failed(_, reason):
                self._playing = False
                self.noticed.emit(reason)

    def _hear_stand(self, event: StandsAt) -> None:
        taken = self._standing.take(event)
        if isinstance(taken, Left):
            self.left.emit(taken)
        elif taken is not None:
            if event.revision >= self._origin:  # else it is of data or of weights that are gone by now
                self._standing.put(event.revision, taken)
                self.stood.emit(taken)
            self._standing.answer(event.asked, taken)

    # -- the worker -------------------------------------------------------------------------------

    def _launch(self) -> None:
        """Start a worker, and tell it all there is to know."""
        self._worker = WorkerProcess()
        self._worker.send(SetSpeed(self._speed))
        if self.last_stood is None:
            self.history.clear()
            self._worker.send(Configure(self._revision, self._spec, self._origin, reset=True))
        else:
            (spec, stand), revision = self.last_stood, self._standing.last_revision
            self.history.cut(stand.progress)
            self._standing.expect(revision, spec)
            self._worker.send(Configure(revision, spec, min(self._origin, revision), stand=stand))
            if revision != self._revision:
                self._worker.send(Configure(self._revision, self._spec, self._origin))
        for number in self._standing.asked:
            self._worker.send(Ask(number))
        if self._playing:
            self._worker.send(SetPlaying(True))

    def _replace_worker(self, what: str) -> None:
        now = time.monotonic()
        self._deaths = [death for death in self._deaths if now - death < DEATHS_SPAN_S]
        if len(self._deaths) > MAX_DEATHS:
            return
        self._deaths.append(now)
        self._worker.end()
        self._hear_all()  # its last words
        for run in self._standing.lost():
            self.left.emit(run)
        hopeless = len(self._deaths) >= MAX_DEATHS
        self._playing = self._playing and not hopeless
        self._launch()
        if hopeless:
            state = "is paused: this has happened several times in a row"
        else:
            state = "goes on from where it stood" if self._playing else "stands where it stood"
        self.noticed.emit(f"The training process {what}. It was restarted and {state}.")


def _measured(spec: Spec) -> tuple[str, str]:
    """What the losses of a spec are of: those of other data, or by another formula, are no part of the same curve."""
    own = spec.data.own
    return own.label if own is not None and spec.data.is_own else spec.data.dataset, spec.training.loss
