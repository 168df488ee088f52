"""The worker's process as the window has it: started, spoken with, watched, and ended, without ever waiting for it."""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
import threading
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from queue import Empty, SimpleQueue

import numpy as np

from playground.engine import worker
from playground.engine.protocol import Block, Command, Event, Ready, decode_event, encode
from playground.engine.snapshot import Snapshot

HANG_S = 30.0
"""A worker that has something to do, and gives no sign of life for so long, hangs.

The largest step that a valid spec can ask for takes some ten seconds.
"""


class WorkerProcess:
    """One worker, from its start to its end."""

    def __init__(self) -> None:
        # Spawned on every system: a fork would carry the window's threads and screen connection along.
        context = multiprocessing.get_context("spawn")
        self.block = Block()
        self._linked = True
        self._sequence, self._rows_seen = 0, 0
        self._beats, self._sent, self._heard = 0, 0, 0
        self._silent_s, self._looked_at = 0.0, time.monotonic()
        self.pipe, theirs = context.Pipe()
        self._process = context.Process(
            target=worker.main, args=(theirs, self.block.name), name="nn-playground training", daemon=True
        )
        with _interrupts_held():
            self._process.start()
        theirs.close()
        self._outbox, self._inbox = _Outbox(self.pipe), _Inbox(self.pipe)

    @property
    def pid(self) -> int | None:
        """Its process id."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether it still runs."""
        return self._process.is_alive()

    def send(self, command: Command) -> None:
        """Tell it something, as soon as it has room for that."""
        self._sent += 1
        self._outbox.send(encode(command))

    def heard(self) -> Iterator[Event]:
        """What it has said on the pipe since."""
        for event in self._inbox.taken():
            self._heard += 1
            if isinstance(event, Ready):
                self._unlink_block()
            else:
                yield event

    @property
    def has_been_heard(self) -> bool:
        """Whether all that it has said so far has been given by `heard`."""
        return self._heard >= self.block.said

    def read(self) -> tuple[Snapshot | None, np.ndarray]:
        """What is new in the block: the newest snapshot, and rows of the curve, (k, 4).

        Nothing, until all has been heard that was said before.
        """
        # In this order: the worker speaks, adds to the curve, publishes: both reach to this snapshot at least.
        sequence, snapshot = self.block.read(self._sequence)
        if not self.has_been_heard:
            return None, np.empty((0, 4))
        self._sequence = sequence
        self._rows_seen, rows = self.block.read_history(self._rows_seen)
        return snapshot, rows

    def hangs(self, *, is_busy: bool) -> bool:
        """Whether it has had something to do, and has given no sign of life, for too long; to be asked often.

        Parameters
        ----------
        is_busy
            Whether it has something to do besides what it was told.
        """
        now = time.monotonic()
        # This process may have been halted in between, and the worker with it: that is not the worker's fault.
        self._silent_s += min(now - self._looked_at, 0.1)
        self._looked_at = now
        beats, heard = self.block.life
        if beats != self._beats or not (is_busy or heard < self._sent):
            self._silent_s = 0.0
        self._beats = beats
        return self._silent_s > HANG_S

    def end(self) -> None:
        """End it at once, whatever it is doing, and give back what it had; `heard` gives the rest."""
        self._process.kill()  # it has nothing to tidy up: that takes it 0.15 s, and the window as long to close
        self._process.join()
        self._process.close()
        self._outbox.close()
        self._inbox.close()
        self.pipe.close()
        self._unlink_block()
        self.block.close()

    def _unlink_block(self) -> None:
        """Give the block's name back as soon as both ends have it open: what has no name cannot be left behind."""
        if self._linked:
            self.block.unlink()
            self._linked = False


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


class _Inbox:
    """Reads from a pipe in a thread of its own: a long message, or one without its end, makes its reader wait."""

    def __init__(self, pipe: Connection) -> None:
        self._events: SimpleQueue[Event] = SimpleQueue()
        self._thread = threading.Thread(target=self._read_all, args=(pipe,), name="engine inbox", daemon=True)
        self._thread.start()

    def taken(self) -> Iterator[Event]:
        """What has arrived since."""
        with contextlib.suppress(Empty):
            while True:
                yield self._events.get_nowait()

    def close(self) -> None:
        """Come to the end of what was said; the writer must be gone."""
        self._thread.join()

    def _read_all(self, pipe: Connection) -> None:
        # A worker that was killed leaves the last message without its end.
        with contextlib.suppress(EOFError, OSError):
            while True:
                self._events.put(decode_event(pipe.recv_bytes()))
