"""A random walk through the window in numbers: how long it ever stood still, and whether its edits make its document.

    python tests/benchmarks/walk.py [--gestures 2000] [--seed 0]

The same hands as in `tests/ui/test_walk.py`, which asks whether anything breaks; here the time is looked at, with
training at full speed beside it. It has to be the only thing that runs.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "ui"))

from PySide6.QtCore import QEvent
from threadpoolctl import threadpool_limits
from walker import RecordedDocument, Walker, without_the_system  # pyright: ignore[reportMissingImports] - of the path above

from playground.document.presets import preset
from playground.engine.client import Engine
from playground.engine.protocol import Speed
from playground.ui.application import application
from playground.ui.main_window import MainWindow

LONG_S = 0.1


def walk(gestures: int, seed: int) -> int:
    """Walk, and print what came of it."""
    hand = random.Random(seed)
    app, spec = application(), preset("xor").spec
    engine = Engine(spec, Speed(None))
    window = MainWindow(document := RecordedDocument(spec), engine, "dark", None)
    window.resize(1400, 850)
    window.show()
    window.reset_layout()
    window.loop.start()
    window.loop.set_playing(True)
    broken: list[str] = []
    sys.excepthook = lambda kind, error, trace: broken.append(f"{kind.__name__}: {error}")
    without_the_system(setattr)
    walker = Walker(window)
    end = time.perf_counter() + 1
    while time.perf_counter() < end:
        app.processEvents()

    def place() -> tuple[float, float]:
        return hand.random(), hand.random()

    def which() -> int:
        return hand.randrange(10_000)

    canvas = window.network.canvas
    kinds = {
        "click": lambda: walker.click(which(), place(), right=hand.random() < 0.1),
        "drag": lambda: walker.drag(which(), place(), place()),
        "drag on canvas": lambda: walker.drag_on(canvas, place(), place()),
        "drag on surface": lambda: walker.drag_on(window.surface.plot.viewport(), place(), place()),
        "hover": lambda: walker.hover(which(), place()),
        "wheel": lambda: walker.wheel(which(), place(), hand.random() < 0.5, hand.random() < 0.3),
        "key": lambda: walker.press(which(), hand.random() < 0.3),
        "type": lambda: walker.type_number(which(), which()),
        "drop": lambda: walker.drop_kind(which(), hand.random()),
        "menu": lambda: walker.trigger(which()),
        "undo": lambda: walker.undo(hand.randrange(1, 7)),
        "redo": lambda: walker.redo(hand.randrange(1, 7)),
        "play": window.toggle_playing,
    }
    long: Counter[str] = Counter()
    worst: dict[str, tuple[float, str]] = {}
    for _ in range(gestures):
        name = hand.choice(list(kinds))
        walker.longest_s, walker.on = 0.0, ""
        try:
            walker.gesture(kinds[name])
        except Exception as error:
            broken.append(f"{name} {walker.on}: {type(error).__name__}: {error}")
        worst[name] = max(worst.get(name, (0.0, "")), (walker.longest_s, walker.on))
        long[name] += walker.longest_s > LONG_S
    same = document.replayed() == document.spec
    print(f"{gestures} gestures, {len(document.done)} of the document's; longest stands in ms, and how many above 100:")
    for name, (longest, on) in sorted(worst.items(), key=lambda item: item[1], reverse=True):
        print(f"  {name:<16}{1000 * longest:>8.0f}{long[name]:>6}  {on}")
    print(f"exceptions: {len(broken)}; the document is what its edits make of the first one: {same}")
    print(*sorted(set(broken)), sep="\n")
    window.close()
    window.deleteLater()
    app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    engine.close()
    return 0 if same and not broken else 1


def main() -> int:
    """Read the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gestures", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    with threadpool_limits(1):
        return walk(asked.gestures, asked.seed)


if __name__ == "__main__":
    sys.exit(main())
