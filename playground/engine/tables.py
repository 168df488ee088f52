"""The samples of a data set as a table that the user can go on with: paint into, erase from."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from playground.document.edits import PAINTED
from playground.document.spec import Spec
from playground.document.table import GOLDEN, Table, table_of, turn


def table_of_samples(spec: Spec, parts: Sequence[tuple[np.ndarray, np.ndarray]], seed: int) -> Table:
    """The table of samples of the plane.

    Parameters
    ----------
    parts
        (points (n, 2), labels (n, 1)) of the training set, and of the test set if there is another one: their lots put
        every sample into the part it comes from, at the share of the spec.
    seed
        Of the data.
    """
    dataset, share = spec.dataset, spec.data.train_share
    ranges = [(0.0, share), (share, 1.0)] if len(parts) > 1 else [(0.0, 0.1)]
    lots = [low + (high - low) * _spread(len(points)) for (low, high), (points, _) in zip(ranges, parts, strict=True)]
    return table_of(
        np.concatenate([points for points, _ in parts]),
        np.concatenate([labels for _, labels in parts]),
        label=PAINTED,
        task=dataset.task,
        input_names=dataset.input_names,
        class_names=dataset.class_names,
        lots=(np.concatenate(lots) - turn(seed)) % 1.0,
        domain=dataset.domain,
    )


def _spread(count: int) -> np.ndarray:
    """(count,) numbers from 0 to 1, even however many one looks at."""
    return (np.arange(1, count + 1) * GOLDEN) % 1.0 * 0.999 + 0.0005
