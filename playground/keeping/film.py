"""The training once more, in a process of its own: what the network was like at chosen epochs, and the GIF of it."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import os
import signal
import threading
import zlib
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection
from typing import Literal, NamedTuple

import numpy as np
from threadpoolctl import threadpool_limits

import nncore as nn
from playground.document.spec import Spec
from playground.engine.session import Session
from playground.engine.worker import die_with_parent

MOST_FRAMES = 300
CURVE_ROWS = 400
"""So many points the loss curve has at the end, about: to evaluate both sets may take longer than an epoch."""
LAST_S = 2.0
"""How long the last frame stays."""
LEAST_FRAME_S = 0.02
"""Shorter ones are shown far longer by most viewers."""
PALETTE_FROM = 12
"""Of so many frames the common colours are found."""
COLORS = 128
NICE = 10
"""By so much the window and its own training go before."""
NO_PILLOW = "GIFs need the package Pillow: pip install pillow."

Spacing = Literal["linear", "logarithmic"]


class Plan(NamedTuple):
    """What is to be filmed, and how fast it is shown."""

    spec: Spec
    epochs: tuple[int, ...]
    """When, ascending: a frame each."""
    seconds: float
    """From the first frame to the last."""

    @property
    def durations_ms(self) -> tuple[float, float]:
        """How long each frame is seen, and the last; GIFs count in hundredths of a second."""
        each_s = max(LEAST_FRAME_S, round(self.seconds / max(1, len(self.epochs) - 1), 2))
        return 1000 * each_s, 1000 * max(LAST_S, each_s)


class Moment(NamedTuple):
    """The network at one of the epochs."""

    epoch: int
    values: np.ndarray
    """(n_values,)"""
    rows: np.ndarray
    """(n, 3): the loss curve since the moment before: epoch, training loss, test loss."""


class Ended(NamedTuple):
    """There are no more moments."""

    diverged: str = ""
    """Why they end before the last epoch; "" if they do not."""


class Encoded(NamedTuple):
    """So many frames are ready; at last, all of them as a GIF."""

    frames: int
    gif: bytes = b""


class Refused(NamedTuple):
    """Why there is no film."""

    reason: str


class Frame(NamedTuple):
    """A picture of RGB pixels."""

    width: int
    height: int
    packed: bytes
    """(height, width, 3) uint8, compressed."""


def frame_epochs(first: int, last: int, frames: int, spacing: Spacing) -> tuple[int, ...]:
    """At most so many whole epochs from `first` to `last`, evenly spaced, or more closely at the beginning.

    Raises
    ------
    ValueError
        If there is nothing between them.
    """
    if not 0 <= first < last:
        raise ValueError(f"the last epoch has to be above the first: {first:,} to {last:,} was asked for")
    if not 2 <= frames <= MOST_FRAMES:
        raise ValueError(f"a film has from 2 to {MOST_FRAMES} frames: {frames:,} were asked for")
    steps = np.linspace(0, 1, frames)
    if spacing == "logarithmic":
        steps = np.expm1(steps * np.log1p(last - first)) / (last - first)
    return tuple(np.unique(np.rint(first + steps * (last - first)).astype(int)).tolist())


def has_pillow() -> bool:
    """Whether there is something to write GIFs with."""
    return importlib.util.find_spec("PIL") is not None


# -- the process ----------------------------------------------------------------------------------


def make_film(pipe: Connection, plan: Plan) -> None:
    """Send a `Moment` for every epoch, take a `Frame` for each, None at last, and give back the GIF.

    It is the whole of a process, which ends with the one that waits for it.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C in the terminal is for the window, which then ends this one
    threading.Thread(target=die_with_parent, daemon=True).start()
    if hasattr(os, "nice"):
        os.nice(NICE)
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        try:
            with threadpool_limits(1):
                for moment in moments(plan):
                    pipe.send(moment)
            frames: list[Frame] = []
            while (frame := pipe.recv()) is not None:
                frames.append(frame)
            pipe.send(Encoded(len(frames), gif_of(frames, plan.durations_ms, lambda n: pipe.send(Encoded(n)))))
        except (MemoryError, ImportError, ValueError) as error:
            pipe.send(Refused(NO_PILLOW if isinstance(error, ImportError) else str(error) or "there is no memory left"))


def moments(plan: Plan) -> Iterator[Moment | Ended]:
    """Train a network from its first weights, and say what it is like at each of the epochs; `Ended` comes last."""
    session = Session(plan.spec)
    every = max(1, plan.epochs[-1] // CURVE_ROWS)
    rows = [_row(session)]
    for wanted in plan.epochs:
        try:
            while session.epoch < wanted:
                session.step_epoch()
                if session.epoch % every == 0 or session.epoch == wanted:
                    rows.append(_row(session))
        except nn.NotFiniteError as error:
            yield Ended(str(error))
            return
        yield Moment(session.epoch, session.network.values.copy(), np.array(rows).reshape(-1, 3))
        rows = []
    yield Ended()


def _row(session: Session) -> tuple[float, float, float]:
    metrics = session.metrics()
    return session.epoch, metrics.train_loss, metrics.test_loss


# -- the file -------------------------------------------------------------------------------------


def packed(width: int, height: int, pixels: bytes | memoryview) -> Frame:
    """A frame of (height, width, 3) uint8 pixels: hundreds of them are held at a time."""
    return Frame(width, height, zlib.compress(pixels, 1))


def gif_of(
    frames: Sequence[Frame], durations_ms: tuple[float, float], tell: Callable[[int], object] = lambda _: None
) -> bytes:
    """An endless GIF of frames of one size, in common colours: they do not flicker from frame to frame.

    Parameters
    ----------
    durations_ms
        Of each frame, and of the last.
    tell
        Called with how many are ready.
    """
    from PIL import Image  # only this process needs it, and only now

    def picture(frame: Frame) -> Image.Image:
        return Image.frombytes("RGB", (frame.width, frame.height), zlib.decompress(frame.packed))

    shown = [frames[round(at)] for at in np.linspace(0, len(frames) - 1, min(PALETTE_FROM, len(frames)))]
    sheet = Image.new("RGB", (shown[0].width, sum(each.height for each in shown)))
    for place, each in enumerate(shown):
        sheet.paste(picture(each), (0, place * each.height))
    common = sheet.quantize(COLORS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    pictures = []
    for count, frame in enumerate(frames, start=1):
        pictures.append(picture(frame).quantize(palette=common, dither=Image.Dither.NONE))
        tell(count)
    each_ms, last_ms = durations_ms
    file = io.BytesIO()
    pictures[0].save(
        file,
        "GIF",
        save_all=True,
        append_images=pictures[1:],
        duration=[each_ms] * (len(pictures) - 1) + [last_ms],
        loop=0,
        optimize=False,
    )
    return file.getvalue()
