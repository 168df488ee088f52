"""The walk of `tests/benchmarks/walk.py`. It is no part of that file: the processes of the program would import it."""

from __future__ import annotations

import gc
import os
import random
import statistics
import time
from collections import defaultdict
from pathlib import Path

from PySide6.QtCore import QEvent, QSettings
from walk_checks import Checks, RecordedDocument, quietly, witness
from walk_files import Files
from walk_gestures import GESTURES, Walk
from walker import Hold, Walker, without_the_system

from playground.app import look_after
from playground.document.presets import preset
from playground.engine.client import Engine
from playground.engine.protocol import Speed
from playground.ui.application import application
from playground.ui.main_window import MainWindow
from playground.ui.settings import Settings

LONG_S = 0.1
MOST_WRONG = 40
"""After so much that is wrong the walk is given up."""


def make_window(folder: Path) -> MainWindow:
    """The window as somebody has it who works in it, with all that it keeps in a folder."""
    os.environ["XDG_STATE_HOME"] = str(folder / "state")
    application()
    spec = preset("xor").spec
    store = QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat)
    window = MainWindow(RecordedDocument(spec), Engine(spec, Speed(None)), "dark", Settings(store))
    look_after(window)
    window.resize(1400, 850)
    window.show()
    window.reset_layout()
    window.loop.start()
    window.loop.set_playing(True)
    gc.freeze()  # as the program does
    return window


def walk(gestures: int, seed: int, kinds: list[str], folder: Path) -> int:
    """Walk, and print what came of it."""
    hand = random.Random(seed)
    window = make_window(folder)
    files = folder / "files"
    files.mkdir()
    without_the_system(setattr, Files(files, random.Random(seed + 1)).choose)
    walker, checks = Walker(window, files), Checks(window)
    path, broken = Walk(walker), []
    walker.wait(lambda: False, 1.0)
    held: dict[str, list[Hold]] = defaultdict(list)
    for number in range(gestures):
        name = hand.choice(kinds or [*GESTURES])
        with witness() as seen:
            quietly(lambda name=name: held[path.step(name, hand)].append(walker.longest), seen)
            quietly(checks.all, seen)
        broken += [f"{number} {name} on {walker.on}: {text}" for text in seen]
        if walker.longest.wall_s > LONG_S or seen:
            print(f"{number:>5} {name} on {walker.on}: {_ms(walker.longest)}; {_about(window)}", *seen, flush=True)
        if len(broken) > MOST_WRONG:
            break
        if not window.isVisible():
            broken.append(f"{number} {name} on {walker.on}: the window is gone")
            break
    _report(held, window)
    print(f"wrong: {len(broken)}")
    _close(window, walker)
    return 1 if broken else 0


def _report(held: dict[str, list[Hold]], window: MainWindow) -> None:
    edits = getattr(window.document, "n_done", 0)
    count, long = sum(map(len, held.values())), sum(hold.wall_s > LONG_S for each in held.values() for hold in each)
    print(f"{count} gestures, {edits} of the document's, {len(window.runs.runs.all)} runs at the end")
    print(f"{long} stands longer than {1000 * LONG_S:.0f} ms; by gesture, in ms, of the window's thread in brackets:")
    print(f"  {'':<18}{'number':>7}{'median':>9}{'longest':>16}{'> 100':>7}")
    for name, holds in sorted(held.items(), key=lambda item: max(item[1]), reverse=True):
        median = statistics.median(hold.wall_s for hold in holds)
        over = sum(hold.wall_s > LONG_S for hold in holds)
        print(f"  {name:<18}{len(holds):>7}{1000 * median:>9.0f}{_ms(max(holds)):>16}{over:>7}")


def _about(window: MainWindow) -> str:
    """What there was in the window, which may be why it took long."""
    spec, units = window.document.spec, "-".join(str(layer.units) for layer in window.document.spec.layers)
    return f"{spec.data.n_samples} of {spec.data.dataset}, {spec.n_inputs} inputs, layers {units or 'none'}"


def _ms(hold: Hold) -> str:
    return f"{1000 * hold.wall_s:.0f} ({1000 * hold.cpu_s:.0f})"


def _close(window: MainWindow, walker: Walker) -> None:
    walker.leave()
    window.files.ask_before_closing = False
    began = time.perf_counter()
    window.close()
    print(f"closed in {1000 * (time.perf_counter() - began):.0f} ms")
    window.deleteLater()
    app = application()
    app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    app.processEvents()
