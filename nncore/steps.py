"""The training steps of one epoch, recorded: one tape for every kind of batch, and the vectors they share."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from nncore.batches import Batch, Batches
from nncore.clipping import Clipping
from nncore.losses import Loss
from nncore.network import Network
from nncore.optimizers import Optimizer
from nncore.penalties import Penalties
from nncore.regularizers import Regularizer, Step
from nncore.schedules import Schedule
from nncore.tape import Program, Tape, run


class Rules(NamedTuple):
    """By what rules a step is taken."""

    loss: Loss
    optimizer: Optimizer
    schedule: Schedule
    regularizer: Regularizer
    clipping: Clipping
    frozen: np.ndarray | None = None
    """(n_parameters,): which of them keep their values; None if all change."""


class StepRecording(NamedTuple):
    """A recorded step, ready to run."""

    tape: Tape
    rows: np.ndarray
    targets: np.ndarray
    program: Program

    def load(self, batch: Batch) -> None:
        """Put a batch where the program reads it."""
        self.rows[...], self.targets[...] = batch


class Steps:
    """Every kind of step that an epoch has: with a full batch, with what is left over, and with what was carried over.

    Parameters
    ----------
    network
        What is trained.
    batches
        The samples.
    rules
        How.
    rng
        Where dropout draws from.
    carries
        Whether samples that do not fill a batch wait for the next epoch's first step.

    Attributes
    ----------
    moments, penalty
        What optimizer and regularizers keep from step to step.
    penalty_owners
        By the name of what a regularizer keeps, that of the regularizer.
    carried, carried_samples
        (n_parameters,) and (): the sum of the gradients that wait, and of how many samples.
    """

    def __init__(
        self, network: Network, batches: Batches, rules: Rules, rng: np.random.Generator, *, carries: bool
    ) -> None:
        self._network, self._batches, self._rules, self._rng, self._carries = network, batches, rules, rng, carries
        n, dtype = len(network.parameters), network.dtype
        self._gradients = np.zeros(n, dtype)
        self._clock = np.zeros(())
        self.moments = rules.optimizer.state(n, dtype)
        self._penalties = Penalties(network, rules.regularizer)
        self.penalty, self.penalty_owners = self._penalties.state, self._penalties.owners
        self.carried, self.carried_samples = np.zeros(n, dtype), np.zeros(())
        rest = len(batches.rest.rows)
        self.per_epoch = len(batches.full) + (1 if rest and not carries else 0)
        """Updates in an epoch."""
        self.full = self._record(batches.size)
        self._last = self._record(rest, waits=carries) if rest else None
        self._after_carry = self._record(batches.size, takes_carried=True) if rest and carries else None

    @property
    def live(self) -> list[np.ndarray]:
        """Every array that a step goes on from."""
        waiting = [self.carried, self.carried_samples] if self._carries else []
        return [self._network.values, *self.moments.values(), *self.penalty.values(), *waiting, self._batches.order]

    # -- running ----------------------------------------------------------------------------------

    def set_clock(self, steps: int) -> None:
        """Say how many steps, of the size they have now, have been taken: schedules go by that."""
        self._clock[...] = steps

    def load(self, position: int) -> StepRecording:
        """The recording that the step at this position of the epoch runs, with its batch."""
        recording = self.at(position)
        full = self._batches.full
        recording.load(full[position] if position < len(full) else self._batches.rest)
        return recording

    def at(self, position: int) -> StepRecording:
        """The recording that the step at this position of the epoch runs."""
        if position == 0 and self._after_carry is not None and self.carried_samples:
            return self._after_carry
        return self.full if position < len(self._batches.full) or self._last is None else self._last

    def run(self, start: int, stop: int) -> None:
        """Run the steps from `start` to before `stop` of the present epoch."""
        if start == 0 and self.carried_samples:
            run(self.load(0).program)
            start = 1
        _, rows, targets, program = self.full
        for batch_rows, batch_targets in self._batches.full[start:stop]:
            rows[...] = batch_rows
            targets[...] = batch_targets
            run(program)
        if stop > len(self._batches.full):
            run(self.load(stop - 1).program)

    @property
    def waits(self) -> StepRecording | None:
        """The recording that, at the end of an epoch, lets gradients of samples left over wait, if any do."""
        return self._last if self._carries else None

    def load_waiting(self) -> None:
        """Put the samples that are left over where `waits` reads them."""
        if self.waits is not None:
            self.waits.load(self._batches.rest)

    # -- recording --------------------------------------------------------------------------------

    def _record(self, batch: int, *, waits: bool = False, takes_carried: bool = False) -> StepRecording:
        """Record the step for a batch size, whose gradients wait, or join those that have waited."""
        tape = Tape(batch, self._network.dtype, self._rng)
        tape.name(self._network.parameters, "w")
        tape.name(self._gradients, "g")
        recording = self._network.record(tape, self._rules.loss, gradients=self._gradients)
        with tape.at("update"):
            if waits:
                self._record_waiting(tape)
            else:
                if takes_carried:
                    self._record_carried(tape)
                self._record_update(tape)
        return StepRecording(tape, recording.rows, recording.target_rows, tape.program())

    def _record_update(self, tape: Tape) -> None:
        w, g, rules = self._network.parameters, self._gradients, self._rules
        for name, array in (self.moments | self.penalty).items():
            tape.name(array, name)
        rate, frozen = self._record_rate(tape), rules.frozen

        def update() -> None:
            if frozen is not None:
                tape(np.putmask, g, frozen, 0, says="g = 0 where frozen")
            rules.clipping.record(tape, g)
            rules.optimizer.record(tape, w, g, self.moments, rate)

        kept = np.empty(0)
        if frozen is not None:
            tape.name(frozen, "frozen")
            kept = tape.array(w.shape, "kept")
            tape(kept.__setitem__, ..., w, says="kept = w")
        self._penalties.around(tape, Step(w, g, self._is_penalised(), rate), update)
        if frozen is not None:
            # Decay and momentum move a weight whose gradient is zero.
            tape(np.putmask, w, frozen, kept, says="w = kept where frozen")

    def _record_rate(self, tape: Tape) -> np.ndarray:
        """The learning rate as an operand; where it changes with time, record how."""
        rate = self._rules.optimizer.learning_rate
        constant = tape.constant(rate, self._network.parameters)
        if self._rules.schedule.is_constant:
            return constant
        live, clock = tape.array(constant.shape, "rate"), tape.name(self._clock, "clock")
        t, factor, eta, following = (tape.array((), name, np.float64) for name in ("t", "factor", "eta", "following"))

        def number(value: float) -> np.ndarray:
            return tape.constant(value, t, np.float64)

        tape(np.divide, clock, number(self.per_epoch), t, says="t = steps / steps per epoch")
        self._rules.schedule.record(tape, t, factor)
        tape(np.multiply, factor, number(rate), eta, says="η = η₀ · factor(t)")
        tape(live.__setitem__, ..., eta, says="η, for every parameter")
        # To write a single number in place takes three times as long as by way of another.
        tape(np.add, clock, number(1), following, says="n = steps + 1")
        tape(clock.__setitem__, ..., following, says="steps ← n")
        return live

    def _record_waiting(self, tape: Tape) -> None:
        """Record that the gradients of these samples are kept for the next epoch's first step."""
        g, t, n = self._gradients, tape.array(self._gradients.shape, "t"), float(tape.batch)
        carried, samples = tape.name(self.carried, "carried"), tape.name(self.carried_samples, "carried_samples")
        tape(np.multiply, g, tape.constant(n, g), t, says="t = g · m")
        tape(np.add, carried, t, carried, says="c ← c + g · m")
        tape(np.add, samples, n, samples, says="k ← k + m")

    def _record_carried(self, tape: Tape) -> None:
        """Record that the mean goes over the samples of the batch and those carried over."""
        g, n, total = self._gradients, float(tape.batch), tape.array((), "total")
        carried, samples = tape.name(self.carried, "carried"), tape.name(self.carried_samples, "carried_samples")
        tape(np.multiply, g, tape.constant(n, g), g, says="g ← g · m")
        tape(np.add, g, carried, g, says="g ← g · m + c")
        tape(total.__setitem__, ..., samples, says="M ← k")
        tape(np.add, total, n, total, says="M = m + k")
        tape(np.divide, g, total, g, says="g = (g · m + c) / (m + k)")
        tape(carried.fill, 0, says="c ← 0")
        tape(samples.fill, 0, says="k ← 0")

    def _is_penalised(self) -> np.ndarray:
        """1 for weights, 0 for biases and the like, and for what is frozen: the penalty must not kill it."""
        mask = np.zeros_like(self._network.parameters)
        for layer in self._network.layers:
            if "weights" in layer.parameter_names:
                layer.split(mask)[0][...] = 1
        if self._rules.frozen is not None:
            mask[self._rules.frozen] = 0
        return mask
