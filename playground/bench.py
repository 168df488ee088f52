"""`nn-playground bench`: how fast training is with the window drawing, beside training alone."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from threadpoolctl import threadpool_limits

from playground.document.presets import preset
from playground.engine.session import Session

DEMOS = ("xor", "spiral", "spiral-sine")


def bench(seconds: float, rounds: int) -> int:
    """Print the table: medians over rounds in which both take turns.

    Parameters
    ----------
    seconds
        Of each run.
    rounds
        How often each is run.

    Returns
    -------
    int
        Exit status.
    """
    print(f"medians of {rounds} rounds of {seconds:g} s each")
    print(f"{'demo':<14}{'headless steps/s':>18}{'live steps/s':>15}{'live/headless':>15}{'frames/s':>10}{'p95 ms':>8}")
    for demo in DEMOS:
        headless, live = [], []
        for _ in range(rounds):
            headless.append(_headless_steps_per_s(demo, seconds))
            live.append(_live_statistics(demo, seconds))
        alone = statistics.median(headless)
        watched, fps, p95 = (
            statistics.median(run[key] for run in live) for key in ("steps_per_s", "fps", "frame_ms_p95")
        )
        print(f"{demo:<14}{alone:>18,.0f}{watched:>15,.0f}{watched / alone:>15.0%}{fps:>10.1f}{p95:>8.1f}", flush=True)
    return 0


def _headless_steps_per_s(demo: str, seconds: float) -> float:
    with threadpool_limits(1):
        session = Session(preset(demo).spec)
        session.advance(0.2)
        return session.advance(seconds) / seconds


def _live_statistics(demo: str, seconds: float) -> dict[str, float]:
    """What the command itself measures when it plays by itself."""
    with tempfile.TemporaryDirectory() as folder:
        stats = Path(folder) / "stats.json"
        command = [sys.executable, "-m", "playground", "--demo", demo, "--speed", "max"]
        subprocess.run([*command, "--for", str(seconds), "--stats", str(stats)], check=True)
        return json.loads(stats.read_text(encoding="utf-8"))
