"""What the window learns about the training: the newest state, and the curve so far."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


class Snapshot(NamedTuple):
    """The state of the training at one moment."""

    revision: int
    """Counts the specs the engine was given: tells which one this belongs to."""
    epoch: int
    steps: int
    playing: bool
    steps_per_s: float
    train_loss: float
    test_loss: float
    train_score: float
    """The share of samples classified right, 0 … 1, or R² where values are to be found."""
    test_score: float
    values: np.ndarray
    """(n_values,): all numbers of the network, a copy."""


class History:
    """The loss curve: rows of (epoch, training loss, test loss), thinned so that it never grows beyond a limit."""

    def __init__(self, limit: int = 4096) -> None:
        self._rows = np.empty((limit, 3))
        self.clear()

    def __len__(self) -> int:
        return self._size + self._has_newest

    @property
    def epochs(self) -> np.ndarray:
        """When, (n,), may have fractions."""
        return self._rows[: len(self), 0]

    @property
    def train_loss(self) -> np.ndarray:
        """On the training set, (n,)."""
        return self._rows[: len(self), 1]

    @property
    def test_loss(self) -> np.ndarray:
        """On the test set, (n,)."""
        return self._rows[: len(self), 2]

    @property
    def rows(self) -> np.ndarray:
        """All there is, (n, 3), a copy."""
        return self._rows[: len(self)].copy()

    def clear(self) -> None:
        """Forget all."""
        self._size, self._stride, self._seen = 0, 1, 0
        self._has_newest = False

    def append(self, rows: np.ndarray) -> None:
        """Add (k, 3) rows in order of time; once the limit has been met every `stride`-th is kept, and the newest."""
        for row in rows:
            self._rows[self._size] = row
            self._has_newest = self._seen % self._stride != 0
            if not self._has_newest:
                self._size += 1
            if self._size == len(self._rows):
                self._halve(row)
            self._seen += 1

    def cut(self, epoch: float) -> None:
        """Forget what was after this epoch."""
        self._size = min(self._size, int(np.searchsorted(self.epochs, epoch, side="right")))
        self._has_newest = False

    def _halve(self, newest: np.ndarray) -> None:
        kept = self._rows[: self._size : 2].copy()
        self._size = len(kept)
        self._rows[: self._size] = kept
        self._stride *= 2
        self._rows[self._size], self._has_newest = newest, True
