"""Taking steps: counting them, beginning and ending epochs, and going back from a step that is not finite."""

from __future__ import annotations

from typing import NoReturn

import numpy as np

from nncore.batches import Batches
from nncore.divergence import Checkpoint, NotFiniteError
from nncore.explain import Walk
from nncore.network import Network
from nncore.steps import Rules, StepRecording, Steps
from nncore.tape import run

CHECK_STEPS = 64
"""After how many steps, at the latest, the numbers are looked at whether they are finite."""


class Loop:
    """Where training stands in its epochs, and what takes it on.

    Parameters
    ----------
    network
        What is trained.
    batches
        The samples.
    rules
        How a step is taken.
    seed
        Of the order of the samples, and of dropout.
    shuffles
        Whether every epoch has an order of its own.
    carries
        Whether gradients of samples that do not fill a batch wait for the next epoch's first step.

    Attributes
    ----------
    steps, epochs
        Updates and whole epochs so far.
    position
        Updates in the present epoch.
    rng
        The generator that is drawn from.
    recorded
        The tapes.
    """

    def __init__(
        self, network: Network, batches: Batches, rules: Rules, *, seed: int, shuffles: bool, carries: bool
    ) -> None:
        self.steps = self.epochs = self.position = 0
        self.rng = np.random.default_rng(seed)
        self.batches = batches
        self.recorded = Steps(network, batches, rules, self.rng, carries=carries)
        self._shuffles = shuffles
        self._layers = [layer.name for layer in network.layers]
        self._ends = [layer.slice.stop for layer in network.layers]
        self._checkpoint = Checkpoint(self.recorded.live, self.rng)
        self._walk: Walk | None = None

    @property
    def left(self) -> int:
        """Updates until the end of the present epoch, at least one."""
        return self.recorded.per_epoch - self.position

    def advance(self, steps: int) -> None:
        """Take this many steps, across as many epochs as that is; NotFiniteError ends it before the first bad one."""
        # Training that diverges overflows on the way: the error that follows says more than a warning.
        with np.errstate(all="ignore"):
            while steps > 0:
                taken = min(steps, self.left, CHECK_STEPS)
                self._take(taken)
                steps -= taken

    def walk(self) -> Walk:
        """The next step, to be taken op by op; until the last has run, `undo_walk` undoes what has."""
        at = self.steps
        recordings = [self.recorded.at(self.position)]
        if self.left == 1 and self.recorded.waits is not None:
            recordings.append(self.recorded.waits)

        def begin() -> None:
            if self._walk is walk:
                return
            if self._walk is not None or self.steps != at or walk.position:
                raise RuntimeError("the trainer has gone on otherwise since explain(); ask for another")
            self._checkpoint.save()
            self._load_next()
            self.recorded.load_waiting()
            self._walk = walk

        def finish() -> None:
            self._walk = None
            with np.errstate(all="ignore"):
                self._finish(1)

        walk = Walk([recording.tape for recording in recordings], begin, finish)
        return walk

    def undo_walk(self) -> None:
        """Undo a step that is being taken op by op and is not finished."""
        if self._walk is not None:
            self._walk.undone, self._walk = True, None
            self._go_back()

    # -- one step -----------------------------------------------------------------------------------

    def _take(self, steps: int) -> None:
        """Take steps of the present epoch."""
        self._checkpoint.save()
        self._begin_epoch()
        self.recorded.run(self.position, self.position + steps)
        if steps == self.left and self.recorded.waits is not None:
            self.recorded.load_waiting()
            run(self.recorded.waits.program)
        self._finish(steps)

    def _begin_epoch(self) -> None:
        """At the beginning of an epoch, put the samples into its order."""
        if self.position == 0 and self._shuffles:
            self.batches.shuffle(self.rng)
        self.recorded.set_clock(self.epochs * self.recorded.per_epoch + self.position)

    def _load_next(self) -> StepRecording:
        """The recording of the next step, with its batch."""
        self._begin_epoch()
        return self.recorded.load(self.position)

    def _finish(self, steps: int) -> None:
        """Count steps that have been run since the checkpoint, if all is finite; else raise NotFiniteError."""
        is_end = self.left == steps
        if not self._checkpoint.is_finite:
            self._go_back()
            self._find_divergence(steps)
        self.steps += steps
        self.position += steps
        if is_end:
            self.epochs += 1
            self.position = 0

    # -- a step that is not finite --------------------------------------------------------------------

    def _go_back(self) -> None:
        """Back to the checkpoint, with the samples in the order they had there."""
        self._checkpoint.go_back()
        self.batches.arrange()

    def _find_divergence(self, steps: int) -> NoReturn:
        """Take these steps again one by one; stop before the first bad one, and tell where it goes wrong."""
        if steps > 1:
            for _ in range(steps):
                self._take(1)
        recording, waits = self._load_next(), self.recorded.waits
        op = self._checkpoint.origin(recording.tape)
        if op is None and waits is not None and self.left == 1:
            self.recorded.load_waiting()
            recording, op = waits, self._checkpoint.origin(waits.tape)
        hit = self._layer_hit()
        self._go_back()
        raise NotFiniteError.of(op, recording.tape, step=self.steps, epoch=self.epochs, layers=self._layers, hit=hit)

    def _layer_hit(self) -> int | None:
        """The first layer that has a parameter, or a moment of one, that is not finite."""
        place = self._checkpoint.first_wrong(self._ends[-1])
        return None if place is None else next(index for index, end in enumerate(self._ends) if place < end)
