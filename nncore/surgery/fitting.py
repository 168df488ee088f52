"""Least squares: what the layers behind an operation need, expressed by what is left for them."""

from __future__ import annotations

import numpy as np

from nncore.surgery.plan import Operated, Plan, logits

CUTS = (1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-9, 1e-11, 1e-13, 1e-15)
"""Directions in which the arriving values vary less than this, relative to the most, may be left out of a fit.

Which are, is measured: with more directions the fit is closer, but its weights grow, and with them the rounding.
"""

GAIN = 0.95
"""More directions are taken only if the largest error falls below this part of what it was."""

ROUNDINGS = 16
"""As many units in the last place of a logit's largest term as this are still no error."""


def varies(low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Whether values between these bounds differ by more than rounding, which must not be enlarged."""
    return high - low > 1e-8 * np.maximum(np.abs(low), np.abs(high))


def line(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Per column the slope and offset with which y ≈ slope · x + offset; exact where y is x, or constant.

    Parameters
    ----------
    x, y
        (n_samples, units)

    Returns
    -------
    slope, offset
        (units,) each. Where x is constant to rounding, the slope is 1.
    """
    around = x - x.mean(axis=0)
    square = np.square(around).sum(axis=0)
    moves = varies(x.min(axis=0), x.max(axis=0)) & (square > 0)
    slope = np.where(moves, (around * (y - y.mean(axis=0))).sum(axis=0) / np.where(moves, square, 1), 1)
    offset = y.mean(axis=0) - slope * x.mean(axis=0)
    same, constant = (x == y).all(axis=0), (y == y[0]).all(axis=0) & moves
    slope = np.where(same, 1, np.where(constant, 0, slope))
    return slope, np.where(same, 0, np.where(constant, y[0], offset))


def mended(plan: Plan, start: int) -> Operated:
    """What a plan gives with the dense layers from `start` on fitted, or as it is, if that changes the output less."""
    plain = plan.finish()
    mend(plan, start)
    fitted = plan.finish()
    return plain if plain.change <= fitted.change else fitted


def mend(plan: Plan, start: int) -> None:
    """Let the dense layers from `start` on give the logits over X that they gave before, as nearly as they can.

    Each is changed as little as that takes, and not at all where its logits are right to rounding.
    """
    for index in range(start, len(plan.parts)):
        part = plan.parts[index]
        if part.target is not None:
            part.block = fitted(part.block, plan.arrivals()[index], part.target, plan.dtype)


def fitted(block: np.ndarray, arriving: np.ndarray, target: np.ndarray, dtype: np.dtype) -> np.ndarray:
    """The block near `block` whose logits come nearest to a target.

    Parameters
    ----------
    block
        (units, inputs + 1)
    arriving
        (n_samples, inputs)
    target
        (n_samples, units)
    dtype
        What the network computes in: rounding to it counts as an error.
    """
    rounded = block.astype(dtype).astype(np.float64)
    missing = target - logits(rounded, arriving)
    terms = np.abs(arriving) @ np.abs(rounded[:, :-1]).T + np.abs(rounded[:, -1]) + np.abs(target)
    if np.abs(missing).max() <= ROUNDINGS * np.finfo(dtype).eps * terms.max():
        return block
    A = np.column_stack([arriving, np.ones(len(arriving))])
    lengths = np.sqrt(np.square(A).sum(axis=0))
    # What next to nothing arrives of is not enlarged: its weights would be enormous.
    lengths = np.maximum(lengths, 1e-6 * lengths.max())
    U, sizes, Vt = np.linalg.svd(A / lengths, full_matrices=False)
    shares = U.T @ missing
    best, least = block, _error(block, arriving, target, dtype)
    for cut in CUTS:
        kept = sizes > cut * sizes[0]
        step = (Vt[kept].T @ (shares[kept] / sizes[kept, None])).T / lengths
        candidate = block + step
        error = _error(candidate, arriving, target, dtype)
        if error < GAIN * least:
            best, least = candidate, error
    return best


def _error(block: np.ndarray, arriving: np.ndarray, target: np.ndarray, dtype: np.dtype) -> float:
    """The largest error of a logit, computed as the network will."""
    with np.errstate(over="ignore", invalid="ignore"):
        error = np.abs(logits(block.astype(dtype), arriving.astype(dtype)) - target).max()
    return float(error) if np.isfinite(error) else np.inf
