"""Figures for people: how many samples are classified right."""

from __future__ import annotations

import numpy as np


def accuracy(outputs: np.ndarray, targets: np.ndarray, threshold: float | None = None) -> float:
    """Share of samples that are classified right.

    Parameters
    ----------
    outputs, targets
        Both (n_samples, n_outputs). With several outputs, the largest is the class.
    threshold
        From which value on a single output means the second class. None: 0 where a target is negative, 0.5
        elsewhere; give it where targets of −1 and +1 may happen to be all +1.

    Returns
    -------
    float
        0 … 1. A sample whose output is not a number counts as wrong.

    Raises
    ------
    ValueError
        If the two shapes differ.
    """
    if outputs.shape != targets.shape:
        raise ValueError(f"accuracy: outputs are {outputs.shape}, targets {targets.shape}")
    if outputs.shape[1] > 1:
        right = outputs.argmax(axis=1) == targets.argmax(axis=1)
        return float(np.mean(right & np.isfinite(outputs).all(axis=1)))
    if threshold is None:
        threshold = 0.0 if (targets < 0).any() else 0.5
    right = (outputs >= threshold) == (targets >= threshold)
    return float(np.mean(right & ~np.isnan(outputs)))
