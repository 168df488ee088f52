"""Writing code in a process of its own: a thread would not do, for it would keep the interpreter from the window."""

from __future__ import annotations

import contextlib
import multiprocessing
import threading
from collections.abc import Iterator
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import NamedTuple

from threadpoolctl import threadpool_limits

from playground.document.spec import Spec
from playground.engine.stand import Stand
from playground.keeping.code import Code, Flavour, write_code

LOST = "that took more memory than there is"


class Wish(NamedTuple):
    """What is to be written: the arguments of `write_code`."""

    spec: Spec
    stand: Stand
    kind: str
    flavour: Flavour


Answer = Code | str | float
"""What was written; why it cannot be; or the share of the training that has been gone through meanwhile."""


class CodeWriter:
    """A process that writes code, one wish at a time; a new wish is what counts. Nothing here waits for it."""

    def __init__(self) -> None:
        self._process: SpawnProcess | None = None
        self._pipe: Connection | None = None
        self._sender: threading.Thread | None = None
        self._busy = False

    @property
    def busy(self) -> bool:
        """Whether a wish has not been answered yet."""
        return self._busy

    def ask(self, wish: Wish) -> None:
        """Write this, and forget what was asked before."""
        if self._busy:
            self.close()
        if self._process is None:
            self._start()
        self._busy = True
        # A pipe whose reader is not there yet makes its writer wait.
        self._sender = threading.Thread(target=_send, args=(self._pipe, wish), name="sending a wish", daemon=True)
        self._sender.start()

    def answers(self) -> Iterator[Answer]:
        """What has arrived since the last call."""
        while self._busy and self._pipe is not None:
            try:
                if not self._pipe.poll():
                    return
                answer: Answer = self._pipe.recv()
            except (EOFError, OSError):
                self.close()
                yield LOST
                return
            self._busy = isinstance(answer, float)
            yield answer

    def close(self) -> None:
        """End the process, whatever it is doing."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._process.close()
        if self._sender is not None:
            self._sender.join()  # nobody reads any more, so that it has come to its end
        if self._pipe is not None:
            self._pipe.close()
        self._process = self._pipe = self._sender = None
        self._busy = False

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, far_end = context.Pipe()
        process = context.Process(target=serve, args=(far_end,), name="writing code", daemon=True)
        process.start()
        far_end.close()
        self._process = process


def serve(pipe: Connection) -> None:
    """Answer wishes until the pipe is closed: to be run in a process of its own."""
    # As in the process that trains: another number of threads may round otherwise.
    with threadpool_limits(1), contextlib.suppress(EOFError, OSError):
        while True:
            wish: Wish = pipe.recv()
            try:
                answer: Answer = write_code(*wish, tell=pipe.send)
            except (ValueError, ImportError) as error:
                answer = str(error)
            pipe.send(answer)


def _send(pipe: Connection, wish: Wish) -> None:
    with contextlib.suppress(OSError, ValueError):  # the wish has been taken back
        pipe.send(wish)
