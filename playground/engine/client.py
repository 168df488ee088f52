"""The window's end of the engine: starts the worker, tells it what to do, reads how it goes, replaces it if it dies."""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
import threading
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from queue import SimpleQueue
from typing import Literal

import numpy as np
from msgspec.structs import replace
from psygnal import Signal

from playground.document.spec import Spec
from playground.engine import worker
from playground.engine.protocol import (
    Block,
    Command,
    Configure,
    Diverged,
    Failed,
    Finished,
    GoBack,
    Progress,
    Ready,
    SetPlaying,
    SetSpeed,
    Speed,
    Step,
    Stop,
    Told,
    decode_event,
    encode,
)
from playground.engine.snapshot import History, Snapshot

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

    def __init__(self, spec: Spec, speed: Speed | None = None) -> None:
        self.history = History()
        """The loss curve since the last start."""
        self.latest: Snapshot | None = None
        """The newest snapshot read."""
        self._spec = spec
        self._speed = speed or Speed()
        self._playing = False
        self._revision = self._origin = 1
        self._learned: tuple[Spec, Snapshot] | None = None
        """The newest snapshot since the last start, and its spec: what a new worker would go on from."""
        self._curves: dict[object, tuple[np.ndarray, np.ndarray]] = {}
        """Rows and measures of the history by the origin of a spec that was left and may be gone back to."""
        self._measures: dict[tuple[str, str], int] = {}
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
        return self._process.pid

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
        if not reset and replace(spec, cut=before.cut) == before:
            return False  # how it is looked at does not concern the worker
        self._revision += 1
        if anew or _measured(spec) != _measured(before):
            self._origin = self._revision  # what the worker still says about the spec before is not for this curve
        if anew:
            self._learned = None
            if reset:
                self._curves.pop(spec.origin, None)
            else:
                self._curves[before.origin] = self.history.rows, self.history.measures.copy()
            self.history.clear()
            self.history.append(*self._curves.get(spec.origin, (np.empty((0, 3)), np.empty(0))))
        self._send(Configure(self._revision, spec, self._origin, reset=reset, travels=travels))
        return anew

    def set_playing(self, playing: bool) -> None:
        """Play or pause."""
        self._playing = playing
        self._send(SetPlaying(playing))

    def step(self, unit: Literal["step", "epoch"]) -> None:
        """Pause, and take one step or go to the end of the epoch."""
        self._playing = False
        self._send(Step(unit))

    def go_back(self) -> None:
        """Pause, and go back to the best state under the present spec."""
        self._playing = False
        self._send(GoBack())

    def set_speed(self, speed: Speed) -> None:
        """Train this fast."""
        self._speed = speed
        self._send(SetSpeed(speed))

    # -- reading ----------------------------------------------------------------------------------

    def poll(self) -> Snapshot | None:
        """The newest snapshot of the present spec, or None if there is none that was not read yet.

        Also notices whether the worker has died, and replaces it.
        """
        if self._closed:
            return None
        self._hear()
        snapshot = self._read()
        if not self._process.is_alive():
            self._replace_worker()
        return snapshot

    def close(self) -> None:
        """End the worker and give the shared memory back; a second call does nothing."""
        if self._closed:
            return
        self._closed = True
        self._send(Stop())
        self._process.join(1)
        self._discard_worker()

    # ---------------------------------------------------------------------------------------------

    def _read(self) -> Snapshot | None:
        """What is new in the block."""
        # In this order: the worker adds to the curve first, so the curve reaches to this snapshot at least.
        self._sequence, snapshot = self._block.read(self._sequence)
        self._rows_seen, rows = self._block.read_history(self._rows_seen)
        measure = self._measures.setdefault(_measured(self._spec), len(self._measures))
        self._append(rows[rows[:, 0] == self._origin, 1:], measure)
        if snapshot is None or snapshot.revision != self._revision:
            return None
        self.latest = snapshot
        self._learned = self._spec, snapshot
        return snapshot

    def _append(self, rows: np.ndarray, measure: int) -> None:
        """Add rows to the curve; where they go back in time, what came after that is forgotten."""
        epochs = np.concatenate([self.history.epochs[-1:], rows[:, 0]])
        back = np.flatnonzero(np.diff(epochs) < 0)
        if len(back):
            rows = rows[len(rows) - (len(epochs) - 1 - back[-1]) :]
            self.history.cut(rows[0, 0])
        self.history.append(rows, measure)

    def _launch(self) -> None:
        """Start a worker, and tell it all there is to know."""
        # Spawned on every system: a fork would carry the window's threads and screen connection along.
        context = multiprocessing.get_context("spawn")
        self._block = Block()
        self._linked = True
        self._sequence, self._rows_seen = 0, 0
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(
            target=worker.main, args=(theirs, self._block.name), name="nn-playground training", daemon=True
        )
        with _interrupts_held():
            self._process.start()
        theirs.close()
        self._outbox = _Outbox(self._pipe)
        self._send(SetSpeed(self._speed))
        if self._learned is None:
            self._send(Configure(self._revision, self._spec, self._origin, reset=True))
        else:
            spec, last = self._learned
            self.history.cut(last.epoch)
            progress = Progress(last.values.tolist(), last.epoch, last.steps)
            self._send(Configure(last.revision, spec, min(self._origin, last.revision), progress=progress))
            if last.revision != self._revision:
                self._send(Configure(self._revision, self._spec, self._origin))
        if self._playing:
            self._send(SetPlaying(True))

    def _send(self, command: Command) -> None:
        self._outbox.send(encode(command))

    def _hear(self) -> None:
        """Take in what the worker has said on the pipe."""
        with contextlib.suppress(EOFError, ConnectionResetError, BrokenPipeError):
            while self._pipe.poll():
                match decode_event(self._pipe.recv_bytes()):
                    case Ready():
                        self._unlink_block()
                    case Finished(revision) | Diverged(revision) | Failed(revision) if revision != self._revision:
                        # It has paused for a spec that is gone by now: under the present one nobody has.
                        if self._playing:
                            self._send(SetPlaying(True))
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

    def _replace_worker(self) -> None:
        now = time.monotonic()
        self._deaths = [death for death in self._deaths if now - death < DEATHS_SPAN_S]
        if len(self._deaths) > MAX_DEATHS:
            return
        self._deaths.append(now)
        hopeless = len(self._deaths) >= MAX_DEATHS
        self._playing = self._playing and not hopeless
        self._discard_worker()
        self._launch()
        state = "is paused: this has happened several times in a row" if hopeless else "goes on from the last picture"
        self.noticed.emit(f"The training process stopped unexpectedly. It was restarted and {state}.")

    def _discard_worker(self) -> None:
        if self._process.is_alive():
            self._process.kill()
        self._process.join()
        self._process.close()
        self._outbox.close()
        self._pipe.close()
        self._unlink_block()
        self._block.close()

    def _unlink_block(self) -> None:
        """Give the block's name back as soon as both ends have it open: what has no name cannot be left behind."""
        if self._linked:
            self._block.unlink()
            self._linked = False


def _measured(spec: Spec) -> tuple[str, str]:
    """What the losses of a spec are of: those of other data, or by another formula, are no part of the same curve."""
    own = spec.data.own
    return own.label if own is not None and spec.data.is_own else spec.data.dataset, spec.training.loss


@contextlib.contextmanager
def _interrupts_held() -> Iterator[None]:
    """Start processes that Ctrl+C does not reach: it is for the window, and would find them in mid-import."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _Outbox:
    """Sends on a pipe from a thread of its own: a pipe that is full, for its reader is busy, makes its writer wait."""

    def __init__(self, pipe: Connection) -> None:
        self._messages: SimpleQueue[bytes | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._send_all, args=(pipe,), name="engine outbox", daemon=True)
        self._thread.start()

    def send(self, message: bytes) -> None:
        """Send, as soon as there is room."""
        self._messages.put(message)

    def close(self) -> None:
        """End, once everything is sent or the reader is gone."""
        self._messages.put(None)
        self._thread.join()

    def _send_all(self, pipe: Connection) -> None:
        # A broken pipe is a dead worker: `Engine.poll` sees that, and its successor is told everything.
        with contextlib.suppress(OSError):
            for message in iter(self._messages.get, None):
                pipe.send_bytes(message)
