"""What a trainer goes on from, and whether one that comes from outside fits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from nncore.checks import whole

State = dict[str, Any]
"""A trainer's state: plain numbers, strings and arrays, nested in dictionaries."""

OWNERS = ("optimizer", "regularizer")
COUNTS = ("steps", "epochs", "samples")


def check_state(state: object, mine: State) -> None:
    """Check that a state fits.

    Parameters
    ----------
    state
        What a trainer is to go back to.
    mine
        The present state of that trainer, without the history.

    Raises
    ------
    ValueError
        If it is of another network, data set size, optimizer or regularizer, or is damaged; the place is named.
    """
    if not isinstance(state, Mapping):
        raise ValueError(f"restore: expected what Trainer.state gave, got {type(state).__name__}")
    missing = [key for key in (*mine, "history") if key not in state]
    if missing:
        raise ValueError(f"restore: not the state of a trainer, it lacks {', '.join(missing)}")
    for what in OWNERS:
        theirs = state[what].get("name") if isinstance(state[what], Mapping) else state[what]
        if mine[what]["name"] != theirs:
            raise ValueError(f"restore: this trainer's {what}: {mine[what]['name']}, the state's: {theirs}")
    theirs = named_arrays(state)
    for name, array in named_arrays(mine).items():
        _check_array(name, array, theirs.get(name))
    for name in COUNTS:
        whole(state[name], f"restore: {name}", at_least=0)
    whole(state["samples"], "restore: samples", at_least=0, at_most=len(mine["order"]))
    if not np.array_equal(np.sort(state["order"]), np.arange(len(mine["order"]))):
        raise ValueError("restore: order: expected every sample once")
    check_generator(state["rng"], "restore: rng")
    if not 0 <= state["carried_samples"] <= len(mine["order"]):
        raise ValueError(
            f"restore: carried_samples: expected 0 to {len(mine['order'])}, got {state['carried_samples']}"
        )
    _check_history(state["history"])


def named_arrays(state: Mapping[str, Any]) -> dict[str, np.ndarray]:
    """Every array of a state by its path, such as "optimizer.m"."""
    nested = {f"{what}.{name}": value for what in OWNERS for name, value in state[what].items()}
    return {name: value for name, value in ({**state, **nested}).items() if isinstance(value, np.ndarray)}


def _check_array(name: str, mine: np.ndarray, theirs: np.ndarray | None) -> None:
    if theirs is None or (mine.shape, mine.dtype) != (theirs.shape, theirs.dtype):
        found = "nothing" if theirs is None else f"{theirs.shape} {theirs.dtype}"
        raise ValueError(f"restore: this trainer's {name}: {mine.shape} {mine.dtype}, the state's: {found}")
    if not np.isfinite(theirs).all():
        raise ValueError(f"restore: {name}: expected finite numbers")


def check_generator(state: Any, what: str) -> None:
    """Raise ValueError, beginning with `what`, unless a generator can be in this state."""
    try:
        np.random.default_rng(0).bit_generator.state = state
    except (TypeError, ValueError, KeyError, OverflowError, AttributeError) as error:
        raise ValueError(f"{what}: not the state of a random generator ({error})") from None


def _check_history(history: Any) -> None:
    try:
        rows = np.array([[float(number) for number in row] for row in history])
    except (TypeError, ValueError, OverflowError):
        rows = np.empty((1, 0))
    if len(rows) and rows.shape != (len(rows), 3):
        raise ValueError("restore: history: expected rows of epoch, training loss and test loss")
