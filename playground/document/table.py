"""Samples that somebody brought along: points painted by hand, or the rows of a file."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

import numpy as np
from msgspec import Struct

import nncore as nn

OWN = "own"
"""The name of the data set whose samples are those of `Data.own`."""

MAX_ROWS = 20_000
MAX_NUMBERS = 2**20
"""Most numbers in a table: it is part of every undo step and of every message to the worker."""
MAX_CLASSES = 10
"""As many as can be told apart by colour."""
MAX_MAGNITUDE = 1e12

GOLDEN = 0.618033988749895
"""Multiples of it, without their whole part, are spread evenly however many one takes."""


class Rows(NamedTuple):
    """The samples of a table as arrays; they cannot be written to."""

    X: np.ndarray
    """(n_rows, n_inputs), float64"""
    y: np.ndarray
    """(n_rows,): -1 or +1 for two classes, 0, 1, 2 … for more, values for a regression."""
    lots: np.ndarray
    """(n_rows,): 0 <= lot < 1, one for each; those below the training share are for training."""


class Table(Struct, frozen=True, forbid_unknown_fields=True):
    """Samples as a value: rows of numbers, and what they mean.

    Every row keeps a lot of its own, so that adding, moving or erasing one leaves all others in the part, training or
    test, where they are.
    """

    label: str
    """What it is called: "Painted points", or the name of a file."""
    task: Literal["binary", "classes", "regression"]
    input_names: tuple[str, ...]
    class_names: tuple[str, ...]
    """Of two classes the first is that of -1; empty where values are to be found."""
    values: bytes
    """(n_rows, n_inputs + 2) numbers of 8 bytes, the low one first: inputs, label, lot."""
    standardize: bool = False
    """Whether the network standardises its inputs first; inputs of the plane are drawn as they are."""
    domain: tuple[float, float] = (-6.0, 6.0)
    """Of a table of two inputs: least and greatest value of both that is drawn."""

    def __post_init__(self) -> None:
        width = 8 * (len(self.input_names) + 2)
        if not self.input_names or len(self.values) % width or not 1 <= len(self.values) // width <= MAX_ROWS:
            raise ValueError(f"a table has from 1 to {MAX_ROWS:,} rows of its inputs, a label and a lot")
        if len(self.values) > 8 * MAX_NUMBERS:
            raise ValueError(f"a table holds at most {MAX_NUMBERS:,} numbers; this one has {len(self.values) // 8:,}")
        low, high = self.domain
        if not -MAX_MAGNITUDE <= low < high <= MAX_MAGNITUDE:
            raise ValueError(f"the domain of a table goes from a number to a greater one, got {low} to {high}")
        self._check_rows()

    def _check_rows(self) -> None:
        _, y, lots = rows = self.rows
        if not all(np.isfinite(part).all() and np.abs(part).max() <= MAX_MAGNITUDE for part in rows):
            raise ValueError("the numbers of a table have to be finite, and not beyond 1e12")
        if lots.min() < 0 or lots.max() >= 1:
            raise ValueError("the lots of a table are from 0 to less than 1")
        count = len(self.class_names)
        possible = {"binary": count == 2, "classes": 3 <= count <= MAX_CLASSES, "regression": count == 0}
        if not possible[self.task]:
            raise ValueError(
                f"a table has two classes, 3 to {MAX_CLASSES}, or values; got {self.task} with {count} names"
            )
        if self.task != "regression" and not np.isin(y, self.labels).all():
            raise ValueError("a label of the table is that of no class")

    @property
    def labels(self) -> tuple[float, ...]:
        """The label of each class."""
        return (-1.0, 1.0) if self.task == "binary" else tuple(map(float, range(len(self.class_names))))

    @property
    def n_rows(self) -> int:
        """How many samples there are, at least one."""
        return len(self.values) // (8 * (len(self.input_names) + 2))

    @property
    def rows(self) -> Rows:
        """The samples as arrays."""
        block = np.frombuffer(self.values, "<f8").reshape(-1, len(self.input_names) + 2)
        return Rows(block[:, :-2], block[:, -2], block[:, -1])

    def in_training(self, share: float, seed: int) -> np.ndarray:
        """(n_rows,) bool: which samples are for training at this share; at least one is. Another seed deals anew."""
        lots = (self.rows.lots + turn(seed)) % 1.0
        chosen = lots < share
        if not chosen.any():
            chosen = lots == lots.min()
        return chosen


class OwnDataset(nn.Dataset):
    """What there is to know of a table, as of any other data set; it stands in no registry."""

    def __init__(self, table: Table) -> None:
        own = {"name": OWN, "label": table.label, "size": table.n_rows, "domain": table.domain, "table": table}
        for name, value in own.items():
            object.__setattr__(self, name, value)

    table: Table

    def __eq__(self, other: object) -> bool:
        return isinstance(other, OwnDataset) and self.table == other.table

    def __hash__(self) -> int:
        return hash(self.table)

    @property
    def n_classes(self) -> int:
        return len(self.table.class_names)

    @property
    def class_names(self) -> tuple[str, ...]:
        return self.table.class_names

    @property
    def input_names(self) -> tuple[str, ...]:
        return self.table.input_names

    @property
    def n_inputs(self) -> int:
        return len(self.table.input_names)

    def draw(self, rng: np.random.Generator, n: int, noise: float) -> tuple[np.ndarray, np.ndarray]:
        X, y, _ = self.table.rows
        return X[:n], y[:n]


@lru_cache(maxsize=8)
def own_dataset(table: Table) -> OwnDataset:
    """The data set of a table."""
    return OwnDataset(table)


def table_of(
    X: np.ndarray,
    y: np.ndarray,
    *,
    label: str,
    task: Literal["binary", "classes", "regression"],
    input_names: Sequence[str],
    class_names: Sequence[str] = (),
    lots: np.ndarray | None = None,
    standardize: bool = False,
    domain: tuple[float, float] = (-6.0, 6.0),
) -> Table:
    """A table of samples.

    Parameters
    ----------
    X
        (n_rows, n_inputs)
    y
        (n_rows,): labels as `Rows` has them.
    lots
        (n_rows,); None spreads them evenly, in an order that is always the same.

    Raises
    ------
    ValueError
        If the samples make no table; the message says what is possible.
    """
    if lots is None:
        lots = (np.random.default_rng(0).permutation(len(X)) + 0.5) / max(len(X), 1)
    block = np.column_stack([X, np.ravel(y), lots]).astype("<f8")
    names = tuple(input_names), tuple(class_names)
    return Table(label, task, *names, block.tobytes(), standardize, domain)


def rounded_up(value: float) -> float:
    """The next number that is easily halved twice: so far is drawn of samples that reach to `value`."""
    if value <= 0:
        return 1.0
    unit = 10.0 ** math.floor(math.log10(value))
    return next(step * unit for step in (1, 1.2, 1.6, 2, 2.4, 3, 4, 5, 6, 8, 10) if value <= step * unit * (1 + 1e-9))


def turn(seed: int) -> float:
    """By how much a seed turns all lots."""
    return GOLDEN * (seed % 65_536) % 1.0


def next_lots(table: Table | None, count: int) -> np.ndarray:
    """(count,) lots for samples that are added to a table: evenly spread among themselves and those there are."""
    first = table.n_rows if table is not None else 0
    return (np.arange(first, first + count) + 1) * GOLDEN % 1.0
