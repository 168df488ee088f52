"""Makes a film: a process trains, the window paints a frame at a time, the process encodes them."""

from __future__ import annotations

import multiprocessing
import threading
import time
from collections import deque
from collections.abc import Callable
from functools import partial
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path
from queue import SimpleQueue

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from nncore.files import replacing
from playground.keeping.film import Encoded, Ended, Frame, Moment, Plan, Refused, make_film
from playground.ui.export.frames import FramePainter, frame_of
from playground.ui.export.saving import refusal

LOOK_MS = 10
"""From one look for news to the next."""
REST = 2.0
"""So much longer than a turn took, the window has for itself."""
GONE = "The film could not be made: its process has ended."


class FilmMaking(QObject):
    """One film under way.

    Parameters
    ----------
    plan
        Of what.
    painter
        Paints its frames; closed when all are there.
    path
        Where it goes, as a whole or not at all.
    """

    painted = Signal(QImage, int)
    """A frame, and the how many-th it is."""
    encoded = Signal(int)
    """So many frames are encoded."""
    finished = Signal(str)
    """It is there; what there is to say of it, as a sentence."""
    failed = Signal(str)
    """Why there is none, as a sentence."""

    def __init__(self, plan: Plan, painter: FramePainter, path: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._plan, self._painter, self._path = plan, painter, path
        self._frames: list[Frame] = []
        self._ended = Ended()
        self._encoding = False
        self._news: SimpleQueue[Encoded | Refused] = SimpleQueue()
        """From the thread that sends frames to be encoded."""
        self.recorder = Recorder(plan)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._take_turn)
        self._turns: deque[Callable[[], None]] = deque()
        """What is left to do of the moment that came last: one of it at a time, lest the window stand still."""
        self.destroyed.connect(partial(_end, self.recorder, painter))  # with the window
        self._timer.start(LOOK_MS)

    def cancel(self) -> None:
        """Stop at once; no file comes, and the process is gone."""
        self._timer.stop()
        _end(self.recorder, self._painter)

    # -- painting ---------------------------------------------------------------------------------

    def _take_turn(self) -> None:
        """Do one thing for the film; then let the window have more time than that took."""
        began = time.perf_counter()
        turn = self._turns.popleft() if self._turns else self._look_for_moment
        turn()
        if not self.recorder.is_over and not self._encoding:
            self._timer.start(max(LOOK_MS, round(REST * 1000 * (time.perf_counter() - began))))

    def _look_for_moment(self) -> None:
        try:
            news = self.recorder.pipe.recv() if self.recorder.pipe.poll() else None
        except (EOFError, OSError):
            self._fail(GONE)
            return
        if isinstance(news, Moment):
            self._turns.extend((partial(self._painter.take, news), self._paint))
        elif isinstance(news, Refused):
            self._fail(f"The film could not be made: {news.reason}")
        elif isinstance(news, Ended):
            self._encode(news)

    def _paint(self) -> None:
        count = len(self._frames)
        image = self._painter.paint(count / max(1, len(self._plan.epochs) - 1))
        self._turns.append(partial(self._pack, image))

    def _pack(self, image: QImage) -> None:
        self._frames.append(frame_of(image))
        self.painted.emit(image, len(self._frames))

    def _fail(self, why: str) -> None:
        self.cancel()
        self.failed.emit(why)

    # -- encoding ---------------------------------------------------------------------------------

    def _encode(self, ended: Ended) -> None:
        self._painter.close()
        self._ended, self._encoding = ended, True
        if not self._frames:
            self._fail(f"There is nothing to film: {ended.diverged}.")
            return
        # Sending waits for the reader, and the window must not.
        given = self.recorder, self._frames, self._path, self._news
        threading.Thread(target=_send_and_save, args=given, name="film", daemon=True).start()
        self._timer.timeout.disconnect()
        self._timer.timeout.connect(self._look_for_end)
        self._timer.setSingleShot(False)
        self._timer.start(LOOK_MS)

    def _look_for_end(self) -> None:
        while not self._news.empty():
            news = self._news.get()
            if isinstance(news, Refused):
                self._fail(news.reason)
            elif not news.gif:
                self.encoded.emit(news.frames)
            else:
                self.cancel()
                self.finished.emit(self._told(news))

    def _told(self, film: Encoded) -> str:
        size = f"{len(film.gif) / 1e6:.1f} MB"
        diverged = self._ended.diverged
        ending = f" It ends where training left the finite numbers: {diverged}." if diverged else ""
        return f"Film of {film.frames} frames ({size}) saved to {self._path}.{ending}"


class Recorder:
    """The process of one film, and the window's end of its pipe."""

    def __init__(self, plan: Plan) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe: Connection
        self.pipe, far_end = context.Pipe()
        self.process: SpawnProcess = context.Process(
            target=make_film, args=(far_end, plan), name="film recorder", daemon=True
        )
        self.process.start()
        far_end.close()
        self.is_over = False

    def end(self) -> None:
        """End it at once, whatever it does."""
        if not self.is_over:
            self.is_over = True
            self.process.kill()
            self.process.join()


def _end(recorder: Recorder, painter: FramePainter, *_: object) -> None:
    recorder.end()
    painter.close()


def _send_and_save(recorder: Recorder, frames: list[Frame], path: Path, news: SimpleQueue[Encoded | Refused]) -> None:
    """Have frames encoded, and write the film: in a thread of its own, which ends with the process."""
    try:
        for frame in [*frames, None]:
            recorder.pipe.send(frame)
        while isinstance(told := recorder.pipe.recv(), Encoded) and not told.gif:
            news.put(told)
        if isinstance(told, Encoded):
            with replacing(path) as file:
                file.write(told.gif)
                if recorder.is_over:
                    raise EOFError  # cancelled just now: the temporary file goes, and nobody asks any more
            news.put(told)
        else:
            news.put(Refused(f"The film could not be made: {told.reason}"))
    except (EOFError, BrokenPipeError, ConnectionResetError):
        news.put(Refused(GONE))
    except (OSError, ValueError) as error:
        news.put(Refused(refusal(path, error)))
