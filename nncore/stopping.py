"""When a run of epochs ends before all of them are over."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nncore.registry import Registered, option

if TYPE_CHECKING:
    from nncore.trainer import Trainer

Watch = Callable[[], "str | None"]
"""Called after each epoch: the reason to stop now, or None."""


@dataclass(frozen=True)
class StopCondition(Registered, family="stop condition"):
    """A reason to stop."""

    def watch(self, trainer: Trainer) -> Watch:
        """Begin to watch a trainer."""
        raise NotImplementedError


@dataclass(frozen=True)
class Epochs(StopCondition):
    """Stop after so many epochs of the run.

    Attributes
    ----------
    limit
        Epochs, >= 1.
    """

    limit: int = option(100, "epochs", at_least=1, whole=True)
    name, label = "epochs", "epochs"

    def watch(self, trainer):
        last = trainer.epochs + self.limit
        return lambda: f"{self.limit} epochs are over" if trainer.epochs >= last else None


@dataclass(frozen=True)
class LossBelow(StopCondition):
    """Stop once the training loss is below a value.

    Attributes
    ----------
    value
        In the units of the loss, > 0.
    """

    value: float = option(0.05, "loss below", above=0)
    name, label = "loss_below", "loss below"

    def watch(self, trainer):
        def reached() -> str | None:
            loss = trainer.history[-1].train_loss
            return f"the training loss is {loss:.4g}, below {self.value:g}" if loss < self.value else None

        return reached


@dataclass(frozen=True)
class Seconds(StopCondition):
    """Stop at the end of the epoch in which a time is over.

    Attributes
    ----------
    limit
        Seconds since the run began, > 0.
    """

    limit: float = option(10.0, "seconds", above=0)
    name, label = "seconds", "time"

    def watch(self, trainer):
        end = time.perf_counter() + self.limit
        return lambda: f"{self.limit:g} seconds are over" if time.perf_counter() >= end else None


@dataclass(frozen=True)
class EarlyStopping(StopCondition):
    """Stop when the test loss has not become better for some epochs, and go back to the network that was best.

    Without a test set it watches the training loss. What goes back are the network's values; the trainer's counts and
    the moments of its optimizer stay (Prechelt 1998).

    Attributes
    ----------
    patience
        Epochs to wait for a better one, >= 1.
    improvement
        By how much a loss must be less to be better, >= 0.
    """

    patience: int = option(10, "patience, epochs", at_least=1, whole=True)
    improvement: float = option(0.0, "least improvement", at_least=0)
    name, label = "early_stopping", "early stopping"

    def watch(self, trainer):
        def watched() -> float:
            newest = trainer.history[-1]
            return newest.train_loss if trainer.test is None else newest.test_loss

        best, best_epoch, values = watched(), trainer.epochs, trainer.network.values.copy()

        def reached() -> str | None:
            nonlocal best, best_epoch
            loss = watched()
            if loss < best - self.improvement:
                best, best_epoch = loss, trainer.epochs
                values[...] = trainer.network.values
            elif trainer.epochs - best_epoch >= self.patience:
                trainer.network.values[...] = values
                return f"no better loss than {best:.4g} since epoch {best_epoch}, whose network is back"
            return None

        return reached
