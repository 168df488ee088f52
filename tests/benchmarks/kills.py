"""What is lost when window or worker are killed at random moments, in numbers.

    python tests/benchmarks/kills.py [--kills 50] [--seed 0]

Every round starts the program as a person does, restores what the round before has left, trains at full speed and edits
ten times a second until it is killed. A side file says what was there at which moment: so it can be told how old the
newest thing is that was lost. Needs no screen.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import psutil
from closing import has_ended  # pyright: ignore[reportMissingImports] - beside this file
from msgspec.structs import replace
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QAbstractButton

from playground import app
from playground.document import edits
from playground.document.presets import preset
from playground.engine.protocol import Speed
from playground.interrupts import Interrupts
from playground.ui.main_window import MainWindow

TICK_MS = 10
EDIT_EVERY = 10
"""Ticks."""
RATE, STEP = 1e-3, 1e-7
"""The learning rate of the first edit, and what each further one adds: so the rate tells how many there were."""
PATIENCE_S = 20.0


# -- in the program -------------------------------------------------------------------------------


class Driver:
    """Restores what there is, then trains and edits, and writes down what is there at which moment."""

    def __init__(self, window: MainWindow, side: Path) -> None:
        self._window = window
        self._side = side.open("a", encoding="utf-8", buffering=1)
        self._ticks = self._edits = 0
        self._timer = QTimer(window)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._begin)
        self._timer.start()

    def _say(self, **what: Any) -> None:
        self._side.write(json.dumps({"at": time.time(), "worker": self._window.engine.worker_pid, **what}) + "\n")

    def _begin(self) -> None:
        """Wait for the offer, if there is anything to offer."""
        self._ticks += 1
        button = self._window.findChild(QAbstractButton, "restore-work")
        if button is not None:
            button.click()
            stood = self._window.engine.last_stood
            self._edits = edits_in(self._window.document.spec)
            self._say(restored=self._edits, steps=0 if stood is None else stood.stand.steps)
        elif self._ticks < 1000 / TICK_MS:
            return
        self._timer.timeout.disconnect(self._begin)
        self._timer.timeout.connect(self._go_on)
        self._window.loop.set_playing(True)

    def _go_on(self) -> None:
        self._ticks += 1
        latest = self._window.engine.latest
        self._say(edits=self._edits, steps=0 if latest is None else latest.steps)
        if self._ticks % EDIT_EVERY == 0:
            self._edits += 1
            self._window.document.apply(edits.set_learning_rate(RATE + STEP * self._edits))


def edits_in(spec: Any) -> int:
    """How many edits a spec has seen."""
    return round((spec.training.learning_rate - RATE) / STEP)


def play(side: Path) -> int:
    """Run the program."""
    look_after = app.look_after

    def look_after_and_drive(window: MainWindow) -> None:
        look_after(window)
        window.driver = Driver(window, side)  # pyright: ignore[reportAttributeAccessIssue] - it has to live as long

    app.look_after = look_after_and_drive
    spec = preset("spiral").spec
    spec = replace(spec, training=replace(spec.training, learning_rate=RATE, stop=()))
    return app.run(app.Run(spec, Speed(None)), Interrupts())


# -- from outside ---------------------------------------------------------------------------------


class Round:
    """One start of the program, to its end."""

    def __init__(self, home: Path) -> None:
        self._side = home / f"side-{time.time()}.jsonl"
        self._side.touch()
        variables = {"XDG_STATE_HOME": str(home), "XDG_CONFIG_HOME": str(home), "QT_QPA_PLATFORM": "offscreen"}
        command = [sys.executable, __file__, "--play", str(self._side)]
        self.process = subprocess.Popen(command, env={**os.environ, **variables}, stderr=subprocess.PIPE)

    @property
    def lines(self) -> list[dict[str, Any]]:
        """What the program has written down."""
        return [json.loads(line) for line in self._side.read_text().splitlines() if line.endswith("}")]

    def wait_for_lines(self, count: int) -> None:
        """Until the program has said so much."""
        end = time.monotonic() + PATIENCE_S
        while len(self.lines) < count:
            if time.monotonic() > end or self.process.poll() is not None:
                raise RuntimeError(
                    f"the program said nothing; {self.process.stderr.read() if self.process.stderr else ''}"
                )
            time.sleep(0.05)

    @property
    def children(self) -> list[psutil.Process]:
        """The processes it has started."""
        return psutil.Process(self.process.pid).children(recursive=True)


def lost_s(lines: list[dict[str, Any]], kept: dict[str, int], killed_at: float) -> float:
    """How old the first thing was that is not in what was kept."""
    for line in lines:
        if line.get("edits", 0) > kept["edits"] or line["steps"] > kept["steps"]:
            return max(0.0, killed_at - line["at"])
    return 0.0


def gone(processes: list[psutil.Process]) -> bool:
    """Whether all of them have ended, within some seconds."""
    end = time.monotonic() + 5
    while not all(has_ended(process) for process in processes):
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def shared_memory(processes: list[psutil.Process]) -> set[Path]:
    """The files behind the shared memory that processes have open, also those that have no name any more."""
    mapped: set[Path] = set()
    for process in processes:
        with contextlib.suppress(psutil.Error, OSError):
            text = Path(f"/proc/{process.pid}/maps").read_text()
            mapped |= {Path(f"/dev/shm/{name}") for name in re.findall(r"/dev/shm/(\S+)", text)}
    return mapped


def kill_window(home: Path, hand: random.Random, before: dict[str, Any] | None) -> dict[str, Any]:
    """Start, restore, work, kill the window; what there was, what is left of it."""
    there = Round(home)
    there.wait_for_lines(2)
    time.sleep(hand.uniform(0.5, 3.0))
    children = there.children
    memory = shared_memory([psutil.Process(there.process.pid), *children])
    there.process.kill()
    killed_at = time.time()
    there.process.communicate()
    ended = gone(children)
    left = [file.name for file in memory if file.exists()]
    lines = there.lines
    said = next(({"edits": line["restored"], "steps": line["steps"]} for line in lines if "restored" in line), None)
    lost = None if before is None or said is None else lost_s(before["lines"], said, before["killed_at"])
    working = [line for line in lines if "edits" in line]
    return {"lines": working, "killed_at": killed_at, "restored": said, "lost_s": lost, "ended": ended, "left": left}


def kill_worker(home: Path, hand: random.Random) -> dict[str, Any]:
    """Kill the worker of a window, which goes on with another; what was lost by it, and what was left by both."""
    there = Round(home)
    there.wait_for_lines(2)
    time.sleep(hand.uniform(0.5, 2.0))
    worker = there.lines[-1]["worker"]
    processes = [psutil.Process(there.process.pid), *there.children]
    memory = shared_memory(processes)
    os.kill(worker, signal.SIGKILL)
    killed_at, went_on, steps, lines = time.time(), False, 0, there.lines
    while not went_on and time.time() < killed_at + PATIENCE_S:
        time.sleep(0.2)
        lines = [line for line in there.lines if "edits" in line]
        after = [line for line in lines if line["worker"] != worker]
        steps = min((line["steps"] for line in after), default=0)
        went_on = bool(after) and after[-1]["steps"] > steps
    processes += there.children
    memory |= shared_memory(processes)
    there.process.terminate()
    there.process.communicate(timeout=PATIENCE_S)
    ended = gone(processes)
    left = [file.name for file in memory if file.exists()]
    before = [line for line in lines if line["at"] <= killed_at]
    lost = lost_s(before, {"edits": before[-1]["edits"], "steps": steps}, killed_at)
    return {"lost_s": lost, "ended": ended, "left": left, "went_on": went_on}


def main() -> int:
    """Kill, and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--play", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.play is not None:
        return play(options.play)
    hand = random.Random(options.seed)
    windows, workers = [], []
    with tempfile.TemporaryDirectory() as folder:
        home, before = Path(folder), None
        for number in range(options.kills):
            if number % 2 == 0:
                before = kill_window(home, hand, before)
                windows.append(before)
            else:
                with tempfile.TemporaryDirectory() as other:
                    workers.append(kill_worker(Path(other), hand))
            print(".", end="", flush=True)
        # What the last one left is looked at by one more start.
        windows.append(kill_window(home, hand, before))
    print()
    restored = [each for each in windows[1:] if each["restored"] is not None]
    for name, rounds in (("window", restored), ("worker", workers)):
        losses = sorted(each["lost_s"] for each in rounds)
        if losses:
            middle = losses[len(losses) // 2]
            print(f"{name}: {len(losses)} kills, lost at most {losses[-1]:.2f} s, median {middle:.2f} s")
    print(f"restored after {len(restored)} of {len(windows) - 1} kills of the window")
    print(f"went on after {sum(each['went_on'] for each in workers)} of {len(workers)} kills of the worker")
    everything = [*windows, *workers]
    print(f"processes left in {sum(not each['ended'] for each in everything)} rounds")
    print(f"shared memory left: {sorted(name for each in everything for name in each['left']) or 'none'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
