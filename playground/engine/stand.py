"""Where the training of one spec stands: all that it goes on from, as a value that can be sent, kept and filed."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
from msgspec import Struct

import nncore as nn
from nncore.state import OWNERS, State, named_arrays


class Stand(Struct, frozen=True, eq=False):
    """All that training goes on from, and how well the network does there.

    From here on every number comes out as it would have, bit for bit, with a trainer of the same spec.
    """

    steps: int
    epochs: int
    samples: int
    """How many samples of the present epoch have been gone through."""
    optimizer: str
    regularizer: str
    rng: str
    """The state of the random generator, as JSON: its numbers have up to 128 bits."""
    arrays: dict[str, np.ndarray]
    """`values` (n_values,), `order` (n_train,), `carried`, `carried_samples`, and "optimizer.m" and the like."""
    in_effect: tuple[int, ...] = ()
    """Serial numbers of the assignments of the spec that the weights have gone through."""
    progress: float = 0.0
    """Epochs with the fraction of the present one."""
    train_loss: float = math.nan
    test_loss: float = math.nan
    train_score: float = math.nan
    test_score: float = math.nan
    seconds: float = 0.0
    """How long training has run since its first weights."""

    @property
    def values(self) -> np.ndarray:
        """All numbers of the network, (n_values,)."""
        return self.arrays["values"]

    @property
    def row(self) -> tuple[float, float, float]:
        """Its row of the loss curve: epoch, training loss, test loss."""
        return self.progress, self.train_loss, self.test_loss

    @property
    def n_bytes(self) -> int:
        """What its arrays take."""
        return sum(array.nbytes for array in self.arrays.values())


def stand_of(trainer: nn.Trainer, **more: Any) -> Stand:
    """Where a trainer stands; `more` are the fields of `Stand` that a trainer does not know."""
    state = trainer.state()
    return Stand(
        steps=state["steps"],
        epochs=state["epochs"],
        samples=state["samples"],
        optimizer=state["optimizer"]["name"],
        regularizer=state["regularizer"]["name"],
        rng=json.dumps(state["rng"]),
        arrays=named_arrays(state),
        progress=trainer.progress,
        **more,
    )


def put_back(trainer: nn.Trainer, stand: Stand) -> None:
    """Let a new trainer go on from there.

    Raises
    ------
    ValueError
        If it is the stand of another network, data set size, optimizer or regularizer, or damaged; nothing has changed.
    """
    state: State = {
        "steps": stand.steps,
        "epochs": stand.epochs,
        "samples": stand.samples,
        "rng": json.loads(stand.rng),
        "history": [],
    }
    for rule in OWNERS:
        prefix = f"{rule}."
        own = {name.removeprefix(prefix): a for name, a in stand.arrays.items() if name.startswith(prefix)}
        state[rule] = {"name": getattr(stand, rule), **own}
    state |= {name: array for name, array in stand.arrays.items() if "." not in name}
    trainer.restore(state)


# -- on a pipe ------------------------------------------------------------------------------------


def encode_array(value: object) -> object:
    """What msgspec writes for an array: its type, its shape and its bytes."""
    if isinstance(value, np.ndarray):
        return value.dtype.str, value.shape, value.tobytes()
    raise NotImplementedError(f"no message can hold {type(value).__name__}")


def decode_array(kind: type, value: Any) -> object:
    """The array that `encode_array` wrote, one that can be written to."""
    if kind is np.ndarray:
        dtype, shape, data = value
        return np.frombuffer(data, dtype).reshape(shape).copy()
    raise NotImplementedError(f"no message can hold {kind.__name__}")
