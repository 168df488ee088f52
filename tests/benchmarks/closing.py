"""How long it takes from closing to the end of all processes, whatever the window is doing.

    python tests/benchmarks/closing.py [--rounds 3]

Each scene is closed as somebody does it who presses the cross and answers "Discard", and by SIGTERM. Needs no screen.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import psutil
from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest

from playground import app
from playground.document import edits
from playground.document.presets import preset
from playground.document.spec import Layer
from playground.engine.protocol import Speed
from playground.engine.snapshot import Curve
from playground.interrupts import Interrupts
from playground.keeping.project import Project, write_project
from playground.ui.dialogs.export_film import ExportFilmDialog
from playground.ui.dialogs.show_log import show_log
from playground.ui.main_window import MainWindow

SETTLE_MS = 1500
SCENE_MS = 1000


def _train(window: MainWindow) -> None:
    window.loop.set_playing(True)


def _train_wide(window: MainWindow) -> None:
    """Steps of this take longer than the worker looks away from its pipe."""
    layers = tuple(Layer("dense", number, units=1024) for number in (1, 2))
    window.document.apply(edits.Edit("wide", lambda spec: replace(spec, layers=layers)))
    _train(window)


def _read(window: MainWindow, folder: Path) -> None:
    spec = preset("spiral").spec
    rows = np.random.default_rng(0).random((60_000, 3))
    write_project(folder / "large.nnp", Project(spec, curve=Curve(rows, np.zeros(len(rows)))))
    window.files.open(folder / "large.nnp")


def _save(window: MainWindow, folder: Path) -> None:
    _train_wide(window)
    QTimer.singleShot(SCENE_MS - 150, window, partial(window.files._save_to, folder / "wide.nnp"))


def _paint(window: MainWindow) -> None:
    window.surface.start_painting()
    QTest.mousePress(window.surface.plot, Qt.MouseButton.LeftButton, pos=QPoint(80, 80))
    QTest.mouseMove(window.surface.plot, QPoint(120, 120))


def _film(window: MainWindow, folder: Path) -> None:
    window.exporting.ask_film()
    dialog = window.findChild(ExportFilmDialog)
    assert dialog is not None
    dialog.begin(dialog._plan(), folder / "film.gif")


SCENES: dict[str, Callable[[MainWindow, Path], object]] = {
    "idle": lambda window, folder: None,
    "training at full speed": lambda window, folder: _train(window),
    "training 2 million parameters": lambda window, folder: _train_wide(window),
    "reading a file": _read,
    "saving 2 million parameters": _save,
    "a dialog is open": lambda window, folder: show_log(window),
    "a file dialog is open": lambda window, folder: window.files.save_as(),
    "a menu is open": lambda window, folder: window.menus["File"].popup(QPoint(50, 50)),
    "making a film": _film,
    "in the midst of a stroke": lambda window, folder: _paint(window),
}


def play(scene: str, by_signal: bool, folder: Path) -> int:
    """Run the program, set the scene, and close; the moment goes to a file."""
    look_after = app.look_after

    def close(window: MainWindow) -> None:
        (folder / "closed").write_text(str(time.time()))
        if by_signal:
            os.kill(os.getpid(), signal.SIGTERM)
        else:
            window.files.ask_before_closing = False
            window.close()

    def look_after_and_close(window: MainWindow) -> None:
        look_after(window)
        QTimer.singleShot(SETTLE_MS, window, lambda: SCENES[scene](window, folder))
        QTimer.singleShot(SETTLE_MS + SCENE_MS, window, lambda: close(window))

    app.look_after = look_after_and_close
    return app.run(app.Run(preset("spiral").spec, Speed(None)), Interrupts())


def closing_s(scene: str, by_signal: bool) -> float:
    """Seconds from closing to the end of all processes."""
    with tempfile.TemporaryDirectory() as name:
        variables = {"XDG_STATE_HOME": name, "XDG_CONFIG_HOME": name, "QT_QPA_PLATFORM": "offscreen"}
        command = [sys.executable, __file__, "--play", scene, "--folder", name, *(["--signal"] if by_signal else [])]
        process = subprocess.Popen(
            command,
            env={**os.environ, **variables},
        )
        processes: list[psutil.Process] = []
        closed = Path(name) / "closed"
        while not closed.exists() and process.poll() is None:
            processes = psutil.Process(process.pid).children(recursive=True)
            time.sleep(0.05)
        if process.wait() and not closed.exists():
            raise RuntimeError(f"the program ended before it was closed: {scene}")
        while not all(has_ended(each) for each in processes):
            time.sleep(0.005)
        ended = time.time()
        return ended - float(closed.read_text())


def has_ended(process: psutil.Process) -> bool:
    """Whether a process does nothing any more; its number may still be taken, if nobody has asked what became of it."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def main() -> int:
    """Close every scene, and print how long it took at most."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--play", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--signal", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.play is not None:
        return play(options.play, options.signal, options.folder)
    for scene in SCENES:
        times = {by: [closing_s(scene, by == "SIGTERM") for _ in range(options.rounds)] for by in ("cross", "SIGTERM")}
        print(f"{scene:32}" + "   ".join(f"{by} {max(each):.2f} s" for by, each in times.items()), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
