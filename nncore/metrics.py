"""Figures for people: how many samples are classified right."""

from __future__ import annotations

import numpy as np


def accuracy(outputs: np.ndarray, targets: np.ndarray) -> float:
    """Share of samples that are classified right.

    Parameters
    ----------
    outputs, targets
        Both (n_samples, n_outputs). With one output the threshold is 0 where targets are −1 and +1, and 0.5
        where they are 0 and 1; with several, the largest output is the class.

    Returns
    -------
    float
        0 … 1. A sample whose output is not a number counts as wrong.
    """
    if outputs.shape != targets.shape:
        raise ValueError(f"accuracy: outputs are {outputs.shape}, targets {targets.shape}")
    if outputs.shape[1] > 1:
        right = outputs.argmax(axis=1) == targets.argmax(axis=1)
        return float(np.mean(right & np.isfinite(outputs).all(axis=1)))
    threshold = 0.0 if (targets < 0).any() else 0.5
    right = (outputs >= threshold) == (targets >= threshold)
    return float(np.mean(right & ~np.isnan(outputs)))
