"""The child process: a session, a pipe on which it is told what to do, and a shared block where it says how it goes."""

from __future__ import annotations

import contextlib
import math
import os
import signal
import threading
import time
from itertools import zip_longest
from multiprocessing import connection, parent_process

from threadpoolctl import threadpool_limits

import nncore as nn
from playground.document.naming import layer_names
from playground.document.spec import Spec
from playground.engine.protocol import (
    Ask,
    Block,
    Command,
    Configure,
    Diverged,
    Event,
    Failed,
    Finished,
    GoBack,
    Ready,
    SetPlaying,
    SetSpeed,
    Speed,
    StandsAt,
    Step,
    Told,
    decode_command,
    encode,
)
from playground.engine.session import Metrics, Session
from playground.engine.snapshot import Snapshot

SLICE_S = 0.004
"""Longest time training goes on before the pipe is looked at, unless one step takes longer."""
PUBLISH_S = 0.008
"""Least time between two snapshots while playing: about two per frame."""
MEASURE_SHARE = 0.1
"""Most of the time that goes into metrics: to evaluate a wide network on many samples takes far longer than a step."""
STAND_S = 0.4
"""Least time between two messages on where training stands: what is lost if a process is killed."""
STAND_SHARE = 0.05
"""Most of the time that goes into them: those of a large network are large."""
MAX_WAIT_S = 10.0
"""Longest time the pipe is waited for at once: so often there is a sign of life, see `process.HANG_S`."""
PAUSED = "training is paused."
"""How a sentence ends that says why."""
RATE_S = 0.5
"""Span over which steps per second are counted."""


def main(pipe: connection.Connection, block_name: str) -> None:
    """Serve one window until it closes the pipe, or dies."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C in the terminal is for the window, which then stops us.
    threading.Thread(target=die_with_parent, daemon=True).start()
    block = Block(block_name)
    # With two BLAS threads a step of a wide network takes 4 to 20 times as long.
    with threadpool_limits(1), contextlib.suppress(EOFError, OSError):  # the window is gone
        pipe.send_bytes(encode(Ready()))
        block.count_said()
        Worker(pipe, block).serve()
    block.close()


def die_with_parent() -> None:
    """End this process, even in the middle of a long step, as soon as the window's process is gone."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


class Worker:
    """Obeys commands between steps, trains at the asked rate, and publishes what comes out."""

    def __init__(self, pipe: connection.Connection, block: Block) -> None:
        self._pipe = pipe
        self._block = block
        self._session: Session | None = None
        self._revision = 0
        self._origin = 0
        self._playing = False
        self._goal: int | None = None
        """While a single epoch is trained: the number of epochs at which it ends."""
        self._speed = Speed()
        self._pace = _Pace()
        self._rate = _Rate()
        self._published_at = 0.0
        self._metrics: Metrics | None = None
        self._measure_at = 0.0
        self._curve_at = -1.0
        self._heard = 0
        """How many messages have arrived."""
        self._said: tuple[int, int] | None = None
        """Revision and steps of where training was last said to stand."""
        self._say_at = self._may_say_at = 0.0
        """When to say so the next time, and when at the earliest: after a command."""

    def serve(self) -> None:
        """Run until the pipe is closed."""
        while True:
            self._block.beat(self._heard)
            if self._pipe.poll(self._idle_s()):
                for command in self._receive():
                    self._obey(command)
            elif self._is_time_to_say():
                self._say_stand()
            elif self._goal is not None:
                self._train_to_goal(self._goal)
            elif self._playing:
                self._train()

    def _receive(self) -> list[Command]:
        """What has arrived; of edits in a row only the last: a slider sends them faster than large data is made."""
        commands = [decode_command(self._pipe.recv_bytes())]
        while self._pipe.poll():
            commands.append(decode_command(self._pipe.recv_bytes()))
        self._heard += len(commands)
        return [
            command
            for command, following in zip_longest(commands, commands[1:])
            if not (isinstance(command, Configure) and isinstance(following, Configure) and _covers(following, command))
        ]

    def _idle_s(self) -> float | None:
        """How long nothing needs to be done; None is until the next command."""
        if self._goal is not None:
            return 0.0
        now = time.perf_counter()
        waits = [max(0.0, self._say_at - now)] if self._has_news() else []
        if self._playing and self._session is not None:
            waits.append(self._pace.wait_s(now))
        return min(waits, default=None)

    # -- where training stands --------------------------------------------------------------------

    def _has_news(self) -> bool:
        """Whether training stands elsewhere than was said last."""
        return self._session is not None and self._said != (self._revision, self._session.steps)

    def _is_time_to_say(self) -> bool:
        return self._has_news() and time.perf_counter() >= self._say_at

    def _say_stand(self, asked: int = 0) -> None:
        """Say where training stands, and not again for a while."""
        if self._session is None:
            return
        began = time.thread_time()  # where processes wait for each other, the clock on the wall would tell their time
        self._say(StandsAt(self._revision, self._session.stand(), asked=asked))
        self._said = self._revision, self._session.steps
        now, rest_s = time.perf_counter(), (time.thread_time() - began) / STAND_SHARE
        self._may_say_at = now if rest_s < STAND_S else now + rest_s
        self._say_at = now + max(STAND_S, rest_s)

    # -- commands ---------------------------------------------------------------------------------

    def _obey(self, command: Command) -> None:
        try:
            self._carry_out(command)
        except nn.NotFiniteError as error:
            self._pause(error)
        except Exception as error:
            # Whatever a spec leads to, the window is to hear of it and stay in command.
            self._playing = False
            revision = command.revision if isinstance(command, Configure) else self._revision
            self._say(Failed(revision, f"{type(error).__name__}: {error}"))
        self._say_at = self._may_say_at
        if self._is_time_to_say():  # before the window can see anything of it: nothing seen is lost with this process
            self._say_stand()
        self._metrics = None
        self._publish()
        # The first evaluation of another network takes far longer than the next: do not put that off for its sake.
        self._measure_at = 0.0

    def _carry_out(self, command: Command) -> None:
        match command:
            case Configure():
                self._configure(command)
            case SetPlaying(playing):
                self._playing, self._goal = playing, None
                self._rate.restart()
                if playing and self._session is not None:
                    self._session.watch()
            case GoBack() if self._session is not None:
                self._playing, self._goal = False, None
                self._session.go_back()
                self._curve_at = -1.0
            case Ask(number):
                self._say_stand(number)
            case SetSpeed(speed):
                self._speed = speed
            case Step(unit) if self._session is not None:
                self._playing, self._goal = False, None
                self._session.watch()  # What one asks for by hand, no condition that held before is to stop.
                if unit == "epoch":
                    self._goal = self._session.epoch + 1
                else:
                    self._session.advance(0, 1)
        self._set_pace()

    def _configure(self, command: Configure) -> None:
        self._goal, said = None, None
        left = self._left_for(command)
        if self._session is None:
            self._session = Session(command.spec, command.stand)
        elif not command.is_edit:
            self._session.reset(command.spec, command.stand)
            self._rate.restart()
        else:
            said = self._session.apply(command.spec, travels=command.travels)
        if left is not None:
            self._say(left)
        # Not before: a spec that fails leaves the session as it was, and the window must not take that for its result.
        self._revision, self._origin = command.revision, command.origin
        if said is not None:
            self._say(Told(self._revision, said))
        self._curve_at = -1.0

    def _left_for(self, command: Configure) -> StandsAt | None:
        """Where training stands, if a command leads to where it starts anew, and it has begun."""
        session = self._session
        if session is None or not session.steps or (command.is_edit and command.spec.origin == session.spec.origin):
            return None
        return StandsAt(self._revision, session.stand(), "left")

    def _set_pace(self) -> None:
        if self._session is not None:
            rate = self._speed.steps_per_s(self._session.trainer.steps_per_epoch)
            self._pace.set(rate, time.perf_counter())

    # -- training ---------------------------------------------------------------------------------

    def _train(self) -> None:
        now = time.perf_counter()
        due = self._pace.due(now)
        if due < 1:
            return
        taken = self._advance(due)
        self._pace.done(taken)
        if self._session is not None and self._session.stopped is not None:
            self._finish(self._session.stopped)
            return
        now = time.perf_counter()
        self._rate.add(taken, now)
        if now - self._published_at >= PUBLISH_S:
            self._publish()

    def _train_to_goal(self, goal: int) -> None:
        """Go on with a single epoch for a slice; publish when it is done."""
        assert self._session is not None
        self._advance(self._session.trainer.steps_left)
        if self._session.epoch >= goal:
            self._goal = None
            self._metrics = None
            self._publish()

    def _advance(self, max_steps: float) -> int:
        """Take steps for a slice, at most so many, and return their number; pause where there is none to take."""
        assert self._session is not None
        try:
            return self._session.advance(SLICE_S, max_steps)
        except nn.NotFiniteError as error:
            self._pause(error)
            self._metrics = None
            self._publish()
            return 0

    def _pause(self, error: nn.NotFiniteError) -> None:
        """Stop before the step that leads out of the finite numbers, and say which one that is."""
        self._playing, self._goal = False, None
        assert self._session is not None
        self._say(Diverged(self._revision, divergence_text(error, self._session.spec)))

    def _finish(self, reason: str) -> None:
        """Pause: a condition to stop holds."""
        self._playing = False
        self._metrics = None
        self._publish()
        self._say(Finished(self._revision, f"{reason[:1].upper()}{reason[1:]}: {PAUSED}"))

    def _say(self, event: Event) -> None:
        self._pipe.send_bytes(encode(event))
        self._block.count_said()

    def _publish(self) -> None:
        """Write the present state to the block."""
        session = self._session
        if session is None:
            return
        metrics = self._measure(session)
        now = self._published_at = time.perf_counter()
        self._block.write(
            Snapshot(
                self._revision,
                session.epoch,
                session.steps,
                self._playing,
                self._rate.per_s(now) if self._playing else 0.0,
                *metrics,
                session.network.values,
            )
        )

    def _measure(self, session: Session) -> Metrics:
        """The metrics; while playing they may be a little old where computing them takes long."""
        began = time.perf_counter()
        if self._metrics is None or not self._playing or began >= self._measure_at:
            self._metrics = session.metrics()
            now = time.perf_counter()
            self._measure_at = now + (now - began) / MEASURE_SHARE
            epochs = session.trainer.progress
            if epochs != self._curve_at:
                self._block.append_history((self._origin, epochs, self._metrics.train_loss, self._metrics.test_loss))
                self._curve_at = epochs
        return self._metrics


def _covers(following: Configure, command: Configure) -> bool:
    """Whether an edit makes no difference, since another follows: one that an undo led to does, to an edit of that."""
    return command.is_edit and not (command.travels and following.is_edit and not following.travels)


def divergence_text(error: nn.NotFiniteError, spec: Spec) -> str:
    """Where training left the finite numbers, and the way back.

    A lower rate alone would not help: from weights that are too large already, the next step leads out again.
    """
    layer = error.hit if error.layer is None else error.layer
    where = "" if layer is None else f" in {layer_names(spec)[layer]}"
    formula = f" ({error.formula})" if error.formula else ""
    return f"Training ran off to infinity{where} at step {error.step + 1}{formula}. Go back, then try a lower rate."


class _Pace:
    """Says how many steps are due at a given rate."""

    def __init__(self) -> None:
        self._rate, self._since, self._done = math.inf, 0.0, 0

    def set(self, rate: float, now: float) -> None:
        if rate != self._rate:
            self._rate, self._since, self._done = rate, now, 0

    def due(self, now: float) -> float:
        """Steps to take now. What was missed by more than a tenth of a second is not made up for."""
        if self._rate == math.inf:
            return math.inf
        due = math.floor((now - self._since) * self._rate) - self._done
        if due > max(1, self._rate / 10):
            self._since, self._done, due = now, 0, max(1, math.floor(self._rate / 10))
            self._since -= due / self._rate
        return due

    def done(self, steps: int) -> None:
        """Note steps as taken."""
        self._done += steps

    def wait_s(self, now: float) -> float:
        """Seconds until the next step is due."""
        if self._rate == math.inf:
            return 0.0
        return min(max(0.0, self._since + (self._done + 1) / self._rate - now), MAX_WAIT_S)


class _Rate:
    """Counts steps per second over the last half second or more."""

    def __init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        self._since = self._half = time.perf_counter()
        self._count = self._half_count = 0

    def add(self, steps: int, now: float) -> None:
        """Count steps; keep between half a span and a whole one."""
        self._count += steps
        self._half_count += steps
        if now - self._half > RATE_S / 2 and now - self._since > RATE_S:
            self._since, self._count = self._half, self._half_count
            self._half, self._half_count = now, 0

    def per_s(self, now: float) -> float:
        """Steps per second."""
        return self._count / max(now - self._since, 1e-3)
