"""Opens the window; plays by itself and measures, where the command asks for that."""

from __future__ import annotations

import gc
import json
import logging
import os
import sys
import time
from pathlib import Path
from typing import NamedTuple

import psutil
from PySide6.QtCore import QEvent, QSize, QTimer
from threadpoolctl import threadpool_limits

from playground.document.document import Document
from playground.document.spec import Spec
from playground.document.tf_link import Link
from playground.engine.client import Engine
from playground.engine.protocol import Speed
from playground.engine.session import score_name
from playground.engine.snapshot import Snapshot
from playground.interrupts import Interrupts
from playground.keeping.recovery import Recovery
from playground.ui.application import application
from playground.ui.crash import CrashHook
from playground.ui.files.keeper import Keeper
from playground.ui.files.recovery_offer import RecoveryOffer
from playground.ui.log_file import open_log, state_folder
from playground.ui.main_window import MainWindow
from playground.ui.settings import Settings

WINDOW_SIZE = (1440, 900)
WELCOME_MS = 800
"""From the first picture of the window to the first hint: what there is, is seen first."""


class Run(NamedTuple):
    """What one start of the program is asked to do."""

    spec: Spec
    speed: Speed
    theme: str | None = None
    seconds: float | None = None
    """Play by itself for so long, then end; None is a window for a person."""
    screenshot: Path | None = None
    stats: Path | None = None
    size: tuple[int, int] | None = None
    """Width and height in pixels; None is that of last time, or `WINDOW_SIZE`."""
    file: Path | None = None
    """A project to open."""
    link: Link | None = None
    """What `spec` was taken from, if it was a link: it may say how to look at it, too."""
    welcome: bool = False
    """Whether somebody who is here for the first time is shown the first steps."""


def run(job: Run, interrupts: Interrupts) -> int:
    """Open the window and run until it is closed, by hand or by an interrupt.

    Returns
    -------
    int
        Exit status.
    """
    # First of all: the worker starts up while Qt does.
    engine = Engine(job.spec, job.speed)
    try:
        with threadpool_limits(1):  # The worker has the other core.
            return _show_window(engine, job, interrupts)
    finally:
        engine.close()
        # Python looks through everything for garbage before it ends, which takes a quarter of a second: for nothing.
        gc.freeze()


def _show_window(engine: Engine, job: Run, interrupts: Interrupts) -> int:
    """Run the window until it is closed."""
    app = application()
    settings = None if job.seconds is not None else Settings()
    window = MainWindow(Document(job.spec), engine, job.theme, settings)
    window.transport.set_speed(job.speed)
    watch(window)
    if job.seconds is None:
        open_log()
        look_after(window)
    # Not at once: a window being painted cannot be closed.
    interrupts.call(lambda: QTimer.singleShot(0, window.files.close_at_once))
    if job.size is not None or not window.layout_restored:
        room = window.screen().availableGeometry().size()
        window.resize(QSize(*job.size) if job.size is not None else QSize(*WINDOW_SIZE).boundedTo(room))
    window.show()
    if not window.layout_restored:
        window.reset_layout()
    window.loop.start()
    # What there is by now stays: to look through all of it for garbage would be a frame of 50 ms, now and then.
    gc.freeze()
    gc.enable()
    if job.file is not None:
        window.files.open(job.file)
    if job.link is not None:
        window.pasting.tell(job.link)
    elif job.welcome:
        QTimer.singleShot(WELCOME_MS, window.first_steps, window.first_steps.start)
    demonstration = Demonstration(window, job) if job.seconds is not None else None
    status = app.exec()
    # A window with plots that is still alive when the interpreter ends can crash it.
    window.deleteLater()
    app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    app.processEvents()
    return demonstration.status if demonstration is not None else status


def watch(window: MainWindow) -> CrashHook:
    """See to it that nothing that goes wrong ends the program: it is shown, written down, and the work saved aside."""
    window.engine.noticed.connect(logging.getLogger(__name__).warning)

    def show(text: str) -> None:
        window.notice.show_message(text, "error", sticky=True, action=window.actions_by_name["show-log"])

    def save_aside() -> Path | None:
        return None if window.files.keeper is None else window.files.keeper.recovery.save_aside()

    hook = CrashHook(show, save_aside)
    hook.install()
    return hook


def look_after(window: MainWindow) -> None:
    """Keep the work of a window that a person works in, offer what a crash has left, and ask before it is closed."""
    window.files.ask_before_closing = True
    root = state_folder()
    try:
        recovery = Recovery(root)
    except OSError as error:
        window.notice.show_error(f"The work cannot be kept for the case of a crash: {error}.")
        return
    keeper, offer = Keeper(window, recovery), RecoveryOffer(window, root)
    for part in (keeper, offer):
        part.message.connect(window.notice.show_error)
    window.files.offer = offer
    offer.look()


class Demonstration:
    """Plays for some seconds, measures, takes a picture, and closes the window."""

    def __init__(self, window: MainWindow, job: Run) -> None:
        self.status = 0
        self._window, self._job = window, job
        self._startup_s = float("nan")
        self._first: Snapshot | None = None
        self._first_at = 0.0
        window.painted.connect(self._begin)
        window.loop.snapshot_read.connect(self._note_first)

    def _begin(self) -> None:
        """The window has been painted for the first time: play."""
        self._window.painted.disconnect(self._begin)
        self._startup_s = _process_age_s()
        self._window.loop.set_playing(True)
        QTimer.singleShot(round(1000 * (self._job.seconds or 0)), self._end)

    def _note_first(self, snapshot: Snapshot) -> None:
        if self._first is None and snapshot.playing:
            self._first, self._first_at = snapshot, time.perf_counter()
            self._window.frames.restart()

    def _end(self) -> None:
        try:
            if self._job.stats is not None:
                self._job.stats.write_text(json.dumps(self._measure(), indent=2) + "\n", encoding="utf-8")
            picture = self._job.screenshot
            if picture is not None and not self._window.grab().save(str(picture)):
                raise OSError(f"cannot write {picture}")
        except (OSError, psutil.Error) as error:
            print(f"nn-playground: {error}", file=sys.stderr)
            self.status = 1
        finally:
            self._window.close()

    def _measure(self) -> dict[str, float | int | None]:
        """The figures, over the time from the first snapshot of the playing network to now."""
        frames = self._window.frames.statistics()
        last, first = self._window.engine.latest, self._first
        if last is None or first is None:
            raise OSError("the training process did not start in time; ask for more seconds")
        elapsed_s = time.perf_counter() - self._first_at
        worker = psutil.Process(self._window.engine.worker_pid)
        score = score_name(self._window.document.spec)
        figures = {
            "fps": frames.fps,
            "frame_ms_p50": frames.p50_ms,
            "frame_ms_p95": frames.p95_ms,
            "frame_ms_max": frames.max_ms,
            "startup_s": self._startup_s,
            "steps_per_s": (last.steps - first.steps) / elapsed_s,
            "epochs": last.epoch,
            "train_loss": last.train_loss,
            "test_loss": last.test_loss,
            f"train_{score}": last.train_score,
            f"test_{score}": last.test_score,
            "memory_mb": (_memory(psutil.Process()) + _memory(worker)) / 1e6,
        }
        # JSON has no NaN: what could not be measured is null.
        return {name: value if value == value else None for name, value in figures.items()}


def _process_age_s() -> float:
    """How long ago this process was started."""
    if sys.platform.startswith("linux"):
        # psutil counts from the time of boot, which Linux tells in whole seconds; this is exact to a hundredth.
        started_ticks = int(Path("/proc/self/stat").read_text().rpartition(")")[2].split()[19])
        return time.clock_gettime(time.CLOCK_BOOTTIME) - started_ticks / os.sysconf("SC_CLK_TCK")
    return time.time() - psutil.Process().create_time()


def _memory(process: psutil.Process) -> int:
    """Bytes of a process, with its share of what it has in common with others, where the system tells that."""
    memory = process.memory_full_info()
    return getattr(memory, "pss", 0) or memory.rss
