"""A random walk through the window in numbers: how long it ever stood still, and whether anything breaks.

    python tests/benchmarks/walk.py [--gestures 5000] [--seed 0] [--kinds runs,film,…]

The same hands and the same checks as in `tests/ui/test_walk.py`; here the time is looked at, in a real window with
training at full speed beside it. What is timed is every single event with what follows it at once, and every pass of
the window's events with its painting; the checks are not. It has to be the only thing that runs: beside the time on
the clock stands that of the window's thread, which other programs do not make longer.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "ui"))


def main() -> int:
    """Read the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gestures", "--steps", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--kinds", default="", help="only these, separated by commas")
    asked = parser.parse_args()
    # Not above: the processes of the program import this file, and would take their time for all of that.
    from threadpoolctl import threadpool_limits
    from walk_times import walk  # pyright: ignore[reportMissingImports] - of the path above

    kinds = [kind for kind in asked.kinds.split(",") if kind]
    with threadpool_limits(1), tempfile.TemporaryDirectory() as folder:
        return walk(asked.gestures, asked.seed, kinds, Path(folder))


if __name__ == "__main__":
    sys.exit(main())
