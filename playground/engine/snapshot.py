"""What the window learns about the training: the newest state, and the curve so far."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from msgspec import Struct, field


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


def _no_rows() -> np.ndarray:
    return np.empty((0, 3))


def _no_measures() -> np.ndarray:
    return np.empty(0)


class Curve(Struct, frozen=True, eq=False):
    """A loss curve as a value."""

    rows: np.ndarray = field(default_factory=_no_rows)
    """(n, 3): epoch, which may have fractions, training loss, test loss; the losses may be NaN."""
    measures: np.ndarray = field(default_factory=_no_measures)
    """(n,): the number of what each row has measured; where it changes, another curve begins."""

    @property
    def parts(self) -> np.ndarray:
        """(n,): to which curve each row belongs, 1, 2, …: those of one can be compared."""
        if len(self.measures) != len(self.rows):
            return np.ones(len(self.rows), int)
        return 1 + np.cumsum(np.diff(self.measures, prepend=self.measures[:1]) != 0)

    def ending(self, row: tuple[float, float, float], measure: float | None = None) -> Curve:
        """The curve up to a row, which is its last.

        Parameters
        ----------
        row
            Epoch, training loss, test loss; it is added where the curve ends before.
        measure
            The number of what it has measured; that of the row before by default.
        """
        so_far = self.rows[:, 0] <= row[0]
        rows, measures = self.rows[so_far], self.measures[so_far]
        if not len(rows) or rows[-1, 0] < row[0]:
            before = measures[-1] if len(measures) else 0.0
            rows, measures = np.vstack([rows, row]), np.append(measures, before if measure is None else measure)
        return Curve(rows, measures)


def newest_start(measures: np.ndarray) -> int:
    """The row of (n,) measures from which on the same was measured as at the end; what was before has another curve."""
    others = np.flatnonzero(measures != measures[-1:])
    return int(others[-1]) + 1 if len(others) else 0


class History:
    """The loss curve: rows of (epoch, training loss, test loss), thinned so that it never grows beyond a limit.

    Each row has the number of what was measured, since losses of other data cannot be compared: where it changes,
    another curve begins.
    """

    def __init__(self, limit: int = 4096) -> None:
        self._rows = np.empty((limit, 4))
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
        return self._rows[: len(self), :3].copy()

    @property
    def measures(self) -> np.ndarray:
        """The number of what each row has measured, (n,)."""
        return self._rows[: len(self), 3]

    @property
    def start(self) -> int:
        """The row at which the newest curve begins: from there on the same is measured."""
        return newest_start(self.measures)

    def clear(self) -> None:
        """Forget all."""
        self._size, self._stride, self._seen = 0, 1, 0
        self._has_newest = False

    def append(self, rows: np.ndarray, measures: int | np.ndarray = 0) -> None:
        """Add (k, 3) rows in order of time; once the limit has been met every `stride`-th is kept, and the newest.

        `measures` says what they have measured, a number for all of them or (k,).
        """
        for row in self._news(np.column_stack([rows, np.broadcast_to(measures, len(rows))])):
            self._forget_untrained(row)
            self._rows[self._size] = row
            self._has_newest = self._seen % self._stride != 0
            if not self._has_newest:
                self._size += 1
            if self._size == len(self._rows):
                self._halve(row)
            self._seen += 1

    def _news(self, rows: np.ndarray) -> np.ndarray:
        """Those of (k, 4) rows that do not say the same again: in a pause every edit is followed by a row."""
        newest = self._rows[len(self) - 1] if len(self) else np.full(4, np.nan)
        before = np.vstack([newest, rows[:-1]])
        return rows[~((rows == before) | (np.isnan(rows) & np.isnan(before))).all(axis=1)]

    def cut(self, epoch: float) -> None:
        """Forget what was after this epoch."""
        self._size = min(self._size, int(np.searchsorted(self.epochs, epoch, side="right")))
        self._has_newest = False

    def _forget_untrained(self, row: np.ndarray) -> None:
        """Drop the newest row if something else is measured now and no step was taken since: nothing led from it."""
        if self._size and not self._has_newest:
            epoch, _, _, measure = self._rows[self._size - 1]
            if epoch == row[0] and measure != row[3]:
                self._size -= 1
                self._seen -= 1

    def _halve(self, newest: np.ndarray) -> None:
        kept = self._rows[: self._size : 2].copy()
        self._size = len(kept)
        self._rows[: self._size] = kept
        self._stride *= 2
        self._rows[self._size], self._has_newest = newest, True
