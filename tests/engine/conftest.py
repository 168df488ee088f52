"""What the engine's tests share: real workers, which end with the test, and waiting for what they say."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest

from playground.document.spec import Spec
from playground.engine.client import Engine
from playground.engine.protocol import Speed
from playground.engine.snapshot import Snapshot

TIMEOUT_S = 20.0
"""Far longer than anything takes: a test that gets here has failed."""


class Watcher:
    """An engine, and everything it has said so far."""

    def __init__(self, spec: Spec, speed: Speed | None = None) -> None:
        self.engine = Engine(spec, speed)
        self.notices: list[str] = []
        self.snapshots: list[Snapshot] = []
        for signal in (self.engine.noticed, self.engine.told, self.engine.diverged):
            signal.connect(self.notices.append)

    def poll(self) -> Snapshot | None:
        snapshot = self.engine.poll()
        if snapshot is not None:
            self.snapshots.append(snapshot)
        return snapshot

    def wait(self, what: Callable[[Snapshot], bool] = lambda snapshot: True) -> Snapshot:
        """Poll until there is a new snapshot of which this is true."""
        end = time.monotonic() + TIMEOUT_S
        while time.monotonic() < end:
            snapshot = self.poll()
            if snapshot is not None and what(snapshot):
                return snapshot
            time.sleep(0.001)
        raise AssertionError("the worker did not come to this in time")

    def wait_for_notice(self) -> str:
        """Poll until the engine says something it had not said before."""
        end, count = time.monotonic() + TIMEOUT_S, len(self.notices)
        while time.monotonic() < end:
            self.poll()
            if len(self.notices) > count:
                return self.notices[-1]
            time.sleep(0.001)
        raise AssertionError("the engine said nothing")

    def wait_until(self, what: Callable[[], object]) -> None:
        """Poll until this is true."""
        end = time.monotonic() + TIMEOUT_S
        while not what():
            assert time.monotonic() < end, "the engine did not come to this in time"
            self.poll()
            time.sleep(0.001)

    def wait_unheard(self) -> None:
        """Wait until the worker has said something that nobody has heard."""
        end = time.monotonic() + TIMEOUT_S
        while self.engine._worker.has_been_heard:
            assert time.monotonic() < end, "the worker said nothing"
            time.sleep(0.001)

    def play_to_step(self, steps: int) -> Snapshot:
        """Play until that many steps are taken, and pause."""
        self.engine.set_playing(True)
        self.wait(lambda snapshot: snapshot.steps >= steps)
        return self.pause()

    def pause(self) -> Snapshot:
        """Pause, and give the state where it stands."""
        self.engine.set_playing(False)
        return self.wait(lambda snapshot: not snapshot.playing)


@pytest.fixture
def watch() -> Iterator[Callable[..., Watcher]]:
    """Start engines that end with the test."""
    watchers: list[Watcher] = []

    def start(spec: Spec, speed: Speed | None = None) -> Watcher:
        watchers.append(Watcher(spec, speed))
        return watchers[-1]

    yield start
    for watcher in watchers:
        watcher.engine.close()
