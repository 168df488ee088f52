"""The command `nn-playground`: reads what is asked for, and starts only what that needs."""

from __future__ import annotations

import argparse
import gc
import math
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

from msgspec.structs import replace

from nncore import UnknownNameError
from playground import platform_check
from playground.document.own_link import read_any
from playground.document.presets import FIRST, Preset, preset, presets
from playground.document.spec import Spec
from playground.document.tf_link import Link
from playground.engine.protocol import Speed
from playground.interrupts import Interrupts

# Nothing here imports Qt at the top: error messages need none, and the worker process imports this module.

INTERRUPTED = 130
"""What a shell expects of a program that Ctrl+C has ended."""
MOST_SECONDS = 1e6
"""Longest time to play by itself: Qt's timers count milliseconds in 32 bits."""
OFFSCREEN_SECONDS = 10.0
OFFSCREEN_PICTURE = "nn-playground.png"


class Parser(argparse.ArgumentParser):
    """A parser whose errors are one line, and that takes no abbreviations of options."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(allow_abbrev=False, **settings)

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"nn-playground: {message}\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command.

    Parameters
    ----------
    argv
        Arguments; those of the process by default.

    Returns
    -------
    int
        Exit status: 0 is well, 1 a failure, 2 (by SystemExit) a wrong argument, 130 an end by Ctrl+C.
    """
    parser = make_parser()
    options = parser.parse_args(argv)
    by_hand = options.seconds is None and platform_check.has_display()
    given = [name for name in ("demo", "link", "file") if getattr(options, name, None) is not None]
    if len(given) > 1 and options.run is run_window:
        parser.error("--demo NAME, --link TEXT and --open FILE.nnp cannot go together")
    if by_hand and (options.screenshot or options.stats):
        parser.error("--screenshot and --stats go with --for SECONDS")
    try:
        return options.run(options)
    except KeyboardInterrupt:
        print("\nnn-playground: interrupted", file=sys.stderr)
        return INTERRUPTED


def make_parser() -> Parser:
    """The parser of the whole command line."""
    parser = Parser(prog="nn-playground", description="Build, train and watch small neural networks.")
    parser.set_defaults(run=run_window)
    add = parser.add_argument
    add("--demo", type=_demo, default=None, metavar="NAME", help=f"one of: {', '.join(presets())}")
    add(
        "--link",
        type=_link,
        metavar="TEXT",
        help="a link or preset to begin with: ours, or the TensorFlow Playground's",
    )
    add("--open", dest="file", type=_project, metavar="FILE.nnp", help="a project that was saved")
    add("--theme", type=_choice("theme", "light", "dark", "system"), help="light, dark or system")
    add("--seed", type=_seed, help="of data and first weights")
    add(
        "--for",
        dest="seconds",
        type=_positive("seconds", MOST_SECONDS),
        metavar="SECONDS",
        help="play by itself for so long, then end",
    )
    add("--speed", type=_speed, metavar="max|EPOCHS_PER_S", help="default: that of last time, or 60")
    add("--size", type=_size, default=None, metavar="WIDTHxHEIGHT", help="of the window, in pixels")
    add("--screenshot", type=_picture, metavar="FILE.png", help="with --for: save a picture at the end")
    add("--stats", type=_writable, metavar="FILE.json", help="with --for: save what was measured")

    commands = parser.add_subparsers(parser_class=Parser, metavar="{train,bench}")
    train = commands.add_parser("train", help="train a demo without a window")
    train.set_defaults(run=run_train)
    add = train.add_argument
    add("--demo", type=_demo, required=True, metavar="NAME", help=f"one of: {', '.join(presets())}")
    add("--epochs", type=_whole("epochs"), required=True, metavar="N")
    add("--out", type=_folder, required=True, metavar="DIR", help="made if it is not there")
    # Without a default of its own, or that would take the place of a --seed before the word train.
    add("--seed", type=_seed, default=argparse.SUPPRESS, help="of data and first weights")

    bench = commands.add_parser("bench", help="measure training with the window against training without")
    bench.set_defaults(run=run_bench)
    bench.add_argument(
        "--seconds", type=_positive("seconds", MOST_SECONDS), default=4.0, help="of each run; default: 4"
    )
    bench.add_argument("--rounds", type=_whole("rounds"), default=3, help="default: 3")
    return parser


# -- what the commands do -------------------------------------------------------------------------


def run_window(options: argparse.Namespace) -> int:
    """Open the window; without a display, play into a picture instead."""
    seconds, picture = options.seconds, options.screenshot
    if not platform_check.has_display():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        seconds = seconds or OFFSCREEN_SECONDS
        picture = picture or Path(OFFSCREEN_PICTURE)
        print(f"nn-playground: no display; playing off-screen for {seconds:g} seconds into {picture}")
    if not _qt_can_run():
        return 1
    interrupts = Interrupts()
    gc.disable()  # until the window is shown: a start makes much and hardly garbage, and looking for it takes 0.06 s
    from playground import app
    from playground.ui.settings import Settings

    begun = options.link or options.demo or preset(FIRST)
    spec = _seeded(begun, options.seed)
    speed = options.speed or (Settings().speed if seconds is None else Speed())
    job = app.Run(spec, speed, options.theme, seconds, picture, options.stats, options.size, options.file, options.link)
    job = job._replace(welcome=seconds is None and not (options.demo or options.link or options.file))
    status = app.run(job, interrupts)
    return INTERRUPTED if interrupts.received else status


def run_train(options: argparse.Namespace) -> int:
    """Train without a window."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"  # Pictures are painted by the window's own views.
    if not _qt_can_run():
        return 1
    from playground.train import train

    return train(_seeded(options.demo, options.seed), options.epochs, options.out)


def run_bench(options: argparse.Namespace) -> int:
    """Measure live against headless."""
    if not platform_check.has_display():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    if not _qt_can_run():
        return 1
    from playground.bench import bench

    return bench(options.seconds, options.rounds)


def _qt_can_run() -> bool:
    chosen, possible = platform_check.chosen_platform(), platform_check.platforms()
    if chosen and possible and chosen.split("-")[0] not in possible:
        print(f"nn-playground: {UnknownNameError('QT_QPA_PLATFORM', chosen, possible)}", file=sys.stderr)
        return False
    missing = platform_check.missing_packages()
    if missing:
        print(
            f"nn-playground: system libraries are missing; install them: apt-get install {' '.join(missing)}",
            file=sys.stderr,
        )
    return not missing


def _seeded(begun: Preset | Link, seed: int | None) -> Spec:
    return begun.spec if seed is None else replace(begun.spec, seed=seed)


# -- arguments ------------------------------------------------------------------------------------


def _demo(name: str) -> Preset:
    try:
        return preset(name)
    except UnknownNameError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _link(text: str) -> Link:
    try:
        return read_any(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _choice(what: str, *possible: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in possible:
            raise argparse.ArgumentTypeError(str(UnknownNameError(what, text, list(possible))))
        return text

    return parse


def _positive(what: str, most: float = math.inf) -> Callable[[str], float]:
    limit = "" if most == math.inf else f", at most {most:,.0f}"

    def parse(text: str) -> float:
        try:
            number = float(text)
        except ValueError:
            number = math.nan
        if not (0 < number <= most and number < math.inf):
            raise argparse.ArgumentTypeError(f"expected {what} > 0{limit}, got '{text}'")
        return number

    return parse


def _whole(what: str, low: int = 1, high: int = 2**31) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not text.isdecimal() or not low <= int(text) < high:
            raise argparse.ArgumentTypeError(
                f"expected {what} as a whole number from {low} to {high - 1}, got '{text}'"
            )
        return int(text)

    return parse


_seed = _whole("a seed", low=0)


def _speed(text: str) -> Speed:
    if text == "max":
        return Speed(None)
    try:
        return Speed(_positive("epochs per second")(text))
    except argparse.ArgumentTypeError:
        raise argparse.ArgumentTypeError(f"expected 'max' or epochs per second > 0, got '{text}'") from None


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.partition("x")
    if not (width.isdecimal() and height.isdecimal() and 640 <= int(width) <= 7680 and 480 <= int(height) <= 4320):
        raise argparse.ArgumentTypeError(f"expected WIDTHxHEIGHT from 640x480 to 7680x4320, got '{text}'")
    return int(width), int(height)


def _writable(text: str) -> Path:
    path = Path(text)
    if not path.parent.is_dir():
        raise argparse.ArgumentTypeError(f"there is no folder '{path.parent}'")
    if path.is_dir():
        raise argparse.ArgumentTypeError(f"'{path}' is a folder, expected a file")
    return path


def _picture(text: str) -> Path:
    if not text.lower().endswith(".png"):
        raise argparse.ArgumentTypeError(f"expected a file that ends in .png, got '{text}'")
    return _writable(text)


def _project(text: str) -> Path:
    path = Path(text)
    if not path.is_file():
        raise argparse.ArgumentTypeError(f"expected a project that was saved, found no file '{text}'")
    return path


def _folder(text: str) -> Path:
    path = Path(text)
    nearest = next(parent for parent in (path, *path.absolute().parents) if parent.exists())
    if not nearest.is_dir() or not os.access(nearest, os.W_OK):
        raise argparse.ArgumentTypeError(f"cannot make the folder '{path}': expected one below a folder to write in")
    return path
