"""The samples of a training set in the order of the present epoch, cut into batches whose memory is made once."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from nncore.checks import as_numbers
from nncore.losses import Loss
from nncore.network import Network


class Batch(NamedTuple):
    """Samples of one step."""

    rows: np.ndarray
    """(size, n_inputs + 1): the last column is one."""
    targets: np.ndarray
    """(size, n_outputs)"""


class Samples(NamedTuple):
    """Samples that were looked at: copies of what somebody gave."""

    X: np.ndarray
    """(n_samples, n_inputs), as they came."""
    inputs: np.ndarray
    """The same as the first layer gets it: standardised, and in the precision of the network."""
    targets: np.ndarray
    """(n_samples, n_outputs), in the precision of the network."""

    @classmethod
    def checked(cls, network: Network, loss: Loss, X: np.ndarray, y: np.ndarray) -> Samples:
        """Samples for a network and a loss.

        Raises
        ------
        ValueError
            If `X`, (n_samples, n_inputs), or `y`, (n_samples, n_outputs), does not fit them.
        """
        inputs = network.check_inputs(X)
        targets = network.check_targets(y, len(inputs), loss)
        return cls(np.array(as_numbers(X, "inputs")), inputs.copy(), targets.copy())


class Batches:
    """Samples and their targets, batch by batch.

    Parameters
    ----------
    X, y
        (n_samples, n_inputs) and (n_samples, n_outputs), as the network computes with them.
    size
        Samples per batch, <= n_samples.
    dtype
        Of the batches.

    Attributes
    ----------
    full
        Every batch of that size.
    rest
        The samples that do not fill a batch; there may be none.
    order
        (n_samples,): which sample stands where.
    """

    def __init__(self, X: np.ndarray, y: np.ndarray, size: int, dtype: np.dtype) -> None:
        n = len(X)
        self._rows = np.ones((n, X.shape[1] + 1), dtype)
        self._rows[:, :-1] = X
        self._targets = y.astype(dtype)
        rows, targets = self._rows.copy(), self._targets.copy()
        self._epoch_rows, self._epoch_targets = rows, targets
        full = n - n % size
        self.size = size
        self.full = [Batch(rows[i : i + size], targets[i : i + size]) for i in range(0, full, size)]
        self.rest = Batch(rows[full:], targets[full:])
        self.order = np.arange(n)
        self._in_order = np.arange(n)

    def shuffle(self, rng: np.random.Generator) -> None:
        """Put the samples into a new order."""
        self.order[...] = self._in_order
        rng.shuffle(self.order)
        self.arrange()

    def arrange(self) -> None:
        """Put the samples into the order that `order` says."""
        # With the mode "raise", take would make a copy first.
        np.take(self._rows, self.order, axis=0, out=self._epoch_rows, mode="clip")
        np.take(self._targets, self.order, axis=0, out=self._epoch_targets, mode="clip")
