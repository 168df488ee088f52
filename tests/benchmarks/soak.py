"""Trains at full speed for long, with recovery written and runs kept: memory and frames, minute by minute.

    python tests/benchmarks/soak.py --minutes 20

A minute's figures are those of both processes (proportional set size) and of the frames painted in it.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from pathlib import Path

import psutil
from PySide6.QtCore import QEvent, QTimer
from threadpoolctl import threadpool_limits

from playground.app import look_after
from playground.document.document import Document
from playground.document.presets import preset
from playground.engine.client import Engine
from playground.engine.protocol import Speed
from playground.ui.application import application
from playground.ui.main_window import MainWindow

MINUTE_MS = 60_000


class Soak:
    """One long sitting, with a line a minute."""

    def __init__(self, window: MainWindow, minutes: int) -> None:
        self._window, self._left, self._minute = window, minutes, 0
        self._steps = 0
        self._memory_mb: list[float] = []
        self._timer = QTimer(window)
        self._timer.timeout.connect(self._end_minute)
        self._timer.start(MINUTE_MS)

    def _end_minute(self) -> None:
        window = self._window
        self._minute += 1
        frames, last = window.frames.statistics(), window.engine.latest
        steps = last.steps if last is not None else 0
        self._memory_mb.append(_memory_mb(window.engine.worker_pid))
        print(
            f"{self._minute:>6}{self._memory_mb[-1]:>9.1f}{len(window.runs.runs.all):>6}{frames.fps:>10.1f}"
            f"{frames.p95_ms:>9.1f}{frames.max_ms:>9.1f}{(steps - self._steps) / 60:>11,.0f}",
            flush=True,
        )
        if self._minute == self._left:
            self._timer.stop()
            print(f"memory since the first minute: {self._memory_mb[-1] - self._memory_mb[0]:+.1f} MB")
            window.files.ask_before_closing = False
            window.close()
            return
        # A run a minute is kept: by its menu entry, and every other minute by a reset.
        if self._minute % 2:
            window.actions_by_name["run-keep"].trigger()
            self._steps = steps
        else:
            window.reset_training()
            window.loop.set_playing(True)
            self._steps = 0
        window.frames.restart()


def _memory_mb(worker_pid: int | None) -> float:
    processes = [psutil.Process(), *([psutil.Process(worker_pid)] if worker_pid is not None else [])]
    found = [process.memory_full_info() for process in processes]
    return sum(getattr(memory, "pss", 0) or memory.rss for memory in found) / 1e6


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=int, default=20)
    parser.add_argument("--demo", default="spiral")
    asked = parser.parse_args()
    spec = preset(asked.demo).spec
    with tempfile.TemporaryDirectory() as folder, threadpool_limits(1):
        os.environ["XDG_STATE_HOME"] = os.environ["XDG_CONFIG_HOME"] = str(Path(folder))
        app, engine = application(), Engine(spec, Speed(None))
        window = MainWindow(Document(spec), engine, "dark", None)
        window.resize(1440, 900)
        window.show()
        window.reset_layout()
        look_after(window)
        window.loop.start()
        window.loop.set_playing(True)
        print("minute   MB      runs  frames/s   p95 ms  longest    steps/s")
        _soak = Soak(window, asked.minutes)  # kept: its timer belongs to the window
        app.exec()
        window.deleteLater()
        app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        engine.close()


if __name__ == "__main__":
    main()
