"""How evenly the window draws while somebody paints, slides, edits and drags, and training goes on at full speed.

    python tests/benchmarks/gestures.py [--rounds 3] [--seconds 4] [--scenes paint drag] [--networks 6x8]

Mouse and keys are made here, 80 events a second, in the process of the window; it has to be the only thing that runs.
Without a screen: `xvfb-run -s "-screen 0 1920x1080x24" python …`. Times are those from one frame to the next, in
milliseconds, medians of the rounds; frames show something new, as in `--stats`.
"""

from __future__ import annotations

import argparse
import math
import statistics
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from msgspec.structs import replace
from PySide6.QtCore import QEvent, QPointF, Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from threadpoolctl import threadpool_limits

from playground.document.document import Document
from playground.document.spec import Data, Layer, Spec, Training
from playground.engine.client import Engine
from playground.engine.protocol import Speed
from playground.keeping.film import Plan
from playground.keeping.runs import Run
from playground.ui.application import application
from playground.ui.dialogs.export_film import ExportFilmDialog
from playground.ui.frames import FrameStatistics
from playground.ui.main_window import MainWindow

EVENT_MS = 12
N_RUNS = 300
FILMED = tuple(range(0, 300, 5))
"""Epochs of a film."""
SIZE = (1400, 850)
WARM_UP_S = 1.5

LEFT, NONE, NO_KEYS = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier

NETWORKS = {"6x8": (8,) * 6, "500": (500,), "8-500-8": (8, 500, 8)}


def spec_of(units: tuple[int, ...]) -> Spec:
    """The spiral, learned by a network of these units at a rate that keeps it moving."""
    layers = tuple(Layer("dense", index + 1, count) for index, count in enumerate(units))
    return Spec(data=Data("spiral", noise=0.1), layers=layers, training=Training(learning_rate=0.001))


# -- scenes: each yields once per event -------------------------------------------------------------


def watch(window: MainWindow) -> Iterator[None]:
    """Hands off."""
    while True:
        yield


def paint(window: MainWindow) -> Iterator[None]:
    """Strokes of the brush on the surface."""
    window.surface.tools.choose_brush(1)
    yield from _circle(window.surface.plot.viewport(), center=(0.55, 0.5), radius=0.25, moves=60)


def slide(window: MainWindow) -> Iterator[None]:
    """The noise, to and fro."""
    slider = _child(window, "noise")
    yield from _strokes(slider, [(0.5 + 0.45 * math.sin(turn / 20), 0.5) for turn in range(126)])


def weigh(window: MainWindow) -> Iterator[None]:
    """A weight in the inspector, to and fro."""
    window.pick((1, 0))
    yield
    slider = next(child for child in window.inspector.findChildren(QWidget) if "Slider" in type(child).__name__)
    yield from _strokes(slider, [(0.5 + 0.4 * math.sin(turn / 20), 0.5) for turn in range(126)])


def edit(window: MainWindow) -> Iterator[None]:
    """A unit more, a unit less, six times a second."""
    canvas = window.network.canvas
    canvas.select(window.document.spec.layers[0].id)
    while True:
        for key in (Qt.Key.Key_Plus, Qt.Key.Key_Plus, Qt.Key.Key_Minus, Qt.Key.Key_Minus):
            QTest.keyClick(canvas, key)
            for _ in range(13):
                yield


def drag(window: MainWindow) -> Iterator[None]:
    """A layer by its head, over the others and back."""
    canvas = window.network.canvas
    place = canvas.stage.places[1]
    y = 20.0
    start = place.x
    reach = canvas.width() - 2 * start
    path = [(start + reach * (0.5 - 0.5 * math.cos(turn / 40)), y) for turn in range(252)]
    while True:
        yield from _stroke(canvas, path)


def runs(window: MainWindow) -> Iterator[None]:
    """Hands off, with 300 runs in the list and five curves beside that of the present one."""
    stood = window.engine.last_stood
    if stood is None:
        raise LookupError("the training process has not said where it stands")
    kept = Run(1, stood.spec, window.engine.curve(), stood.stand)
    for number in range(1, N_RUNS + 1):
        window.runs.runs.add(replace(kept, number=number))
    window.actions_by_name["tab-runs"].trigger()
    while True:
        yield


def film(window: MainWindow) -> Iterator[None]:
    """Hands off, while one film after the other is made of the training."""
    while True:
        window.actions_by_name["export-film"].trigger()
        dialog = window.findChild(ExportFilmDialog)
        if dialog is None:
            raise LookupError("the window has no dialog for a film")
        with tempfile.TemporaryDirectory() as folder:
            dialog.begin(Plan(window.document.spec, FILMED, 6.0), Path(folder) / "training.gif")
            while dialog.making is not None:
                yield


SCENES: dict[str, Callable[[MainWindow], Iterator[None]]] = {
    scene.__name__: scene for scene in (watch, paint, slide, weigh, edit, drag, runs, film)
}


def _child(window: MainWindow, name: str) -> QWidget:
    child = window.findChild(QWidget, name)
    if child is None:
        raise LookupError(f"the window has no {name}")
    return child


def _circle(widget: QWidget, center: tuple[float, float], radius: float, moves: int) -> Iterator[None]:
    turns = [2 * math.pi * move / moves for move in range(moves)]
    yield from _strokes(
        widget, [(center[0] + radius * math.cos(turn), center[1] + radius * math.sin(turn)) for turn in turns]
    )


def _strokes(widget: QWidget, shares: list[tuple[float, float]]) -> Iterator[None]:
    """The same stroke again and again, along places given as shares of width and height."""
    while True:
        yield from _stroke(widget, [(x * widget.width(), y * widget.height()) for x, y in shares])


def _stroke(widget: QWidget, path: list[tuple[float, float]]) -> Iterator[None]:
    first, last = QPointF(*path[0]), QPointF(*path[-1])
    _mouse(widget, QEvent.Type.MouseButtonPress, first, LEFT)
    for place in path:
        _mouse(widget, QEvent.Type.MouseMove, QPointF(*place), NONE)
        yield
    _mouse(widget, QEvent.Type.MouseButtonRelease, last, LEFT)
    yield


def _mouse(widget: QWidget, kind: QEvent.Type, where: QPointF, button: Qt.MouseButton) -> None:
    held = NONE if kind == QEvent.Type.MouseButtonRelease else LEFT
    event = QMouseEvent(kind, where, QPointF(widget.mapToGlobal(where)), button, held, NO_KEYS)
    QApplication.sendEvent(widget, event)


# -- measuring ----------------------------------------------------------------------------------------


def measure(units: tuple[int, ...], scene: Callable[[MainWindow], Iterator[None]], seconds: float) -> FrameStatistics:
    """The frames of one run."""
    spec = spec_of(units)
    engine = Engine(spec, Speed(None))
    app = application()
    window = MainWindow(Document(spec), engine, "dark", None)
    window.resize(*SIZE)
    window.show()
    window.reset_layout()
    window.loop.start()
    window.loop.set_playing(True)
    found: list[FrameStatistics] = []
    timer = QTimer(window)
    timer.setTimerType(Qt.TimerType.PreciseTimer)

    def begin() -> None:
        events = scene(window)
        timer.timeout.connect(lambda: next(events))
        timer.start(EVENT_MS)
        window.frames.restart()

    def end() -> None:
        found.append(window.frames.statistics())
        window.close()

    QTimer.singleShot(round(1000 * WARM_UP_S), window, begin)
    QTimer.singleShot(round(1000 * (WARM_UP_S + seconds)), window, end)
    app.exec()
    timer.stop()
    window.deleteLater()
    app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    engine.close()
    return found[0]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--scenes", nargs="+", choices=SCENES, default=list(SCENES))
    parser.add_argument("--networks", nargs="+", choices=NETWORKS, default=["6x8", "500"])
    asked = parser.parse_args()
    print(f"medians of {asked.rounds} rounds of {asked.seconds:g} s, {SIZE[0]}×{SIZE[1]}, training at full speed")
    print(f"{'network':<10}{'scene':<8}{'frames/s':>10}{'p50 ms':>9}{'p95 ms':>9}{'longest':>9}")
    with threadpool_limits(1):
        for network in asked.networks:
            for scene in asked.scenes:
                runs = [measure(NETWORKS[network], SCENES[scene], asked.seconds) for _ in range(asked.rounds)]
                fps, p50, p95, longest = (statistics.median(run[index] for run in runs) for index in range(4))
                print(f"{network:<10}{scene:<8}{fps:>10.1f}{p50:>9.1f}{p95:>9.1f}{longest:>9.1f}", flush=True)


if __name__ == "__main__":
    main()
