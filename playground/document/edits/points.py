"""Edits of single points: painting, moving, erasing. The first of them makes the samples there are the user's own."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from msgspec.structs import replace

from playground.document.edits.base import ImpossibleEditError, edit
from playground.document.edits.data import with_dataset
from playground.document.spec import Spec
from playground.document.table import MAX_CLASSES, MAX_ROWS, OWN, Table, next_lots, table_of

PAINTED = "Painted points"

Point = tuple[float, float]


@edit("Paint points")
def paint_points(spec: Spec, points: Sequence[Point], label: float, *, of: Table | None = None) -> Spec:
    """Add points of one label: that of a class, or a value.

    Parameters
    ----------
    points
        (x1, x2) of each.
    label
        -1 or +1 for two classes, 0, 1, 2 … for more, any number for values.
    of
        The samples that are shown, as a table: they become the user's own, if they are not yet.
    """
    table = _own(spec, of)
    if table.n_rows + len(points) > MAX_ROWS:
        raise ImpossibleEditError(f"there is room for {MAX_ROWS:,} points")
    X, y, lots = table.rows
    X = np.concatenate([X, _inside(table, points)])
    y = np.concatenate([y, np.full(len(points), float(label))])
    return _with_rows(spec, table, X, y, np.concatenate([lots, next_lots(table, len(points))]))


@edit("Erase points")
def erase_points(spec: Spec, rows: Sequence[int], *, of: Table | None = None) -> Spec:
    """Take points away, by their rows in the table; one has to stay."""
    table = _own(spec, of)
    _check_rows(table, rows)
    kept = np.ones(table.n_rows, bool)
    kept[list(rows)] = False
    if not kept.any():
        raise ImpossibleEditError("one point has to stay: a network cannot learn from nothing")
    return _with_rows(spec, table, *(part[kept] for part in table.rows))


@edit("Move point")
def move_point(spec: Spec, row: int, to: Point, *, of: Table | None = None) -> Spec:
    """Put one point, by its row in the table, somewhere else."""
    table = _own(spec, of)
    X, y, lots = table.rows
    _check_rows(table, [row])
    X = X.copy()
    X[row] = _inside(table, [to])[0]
    return _with_rows(spec, table, X, y, lots)


@edit("Change label of point")
def label_point(spec: Spec, row: int, label: float, *, of: Table | None = None) -> Spec:
    """Give one point, by its row in the table, another class or value."""
    table = _own(spec, of)
    X, y, lots = table.rows
    _check_rows(table, [row])
    y = y.copy()
    y[row] = label
    return _with_rows(spec, table, X, y, lots)


@edit("Start with an empty plane")
def clear_points(spec: Spec, n_classes: int = 2) -> Spec:
    """Begin with one point of each class, or (0 classes) of a low and a high value."""
    count = n_classes or 2
    angles = np.pi * (1 + 2 * np.arange(count) / count)
    X = 3 * np.stack([np.cos(angles), np.sin(angles)], axis=1).round(2)
    labels = np.arange(count, dtype=float) if n_classes > 2 else np.array([-1.0, 1.0])
    task = "regression" if n_classes == 0 else "binary" if n_classes == 2 else "classes"
    names = () if n_classes == 0 else ("−1", "+1") if n_classes == 2 else tuple(map(str, range(count)))
    table = table_of(X, labels, label=PAINTED, task=task, input_names=("x₁", "x₂"), class_names=names)
    return with_dataset(spec, replace(spec.data, dataset=OWN, own=table))


@edit("Change number of classes")
def set_class_count(spec: Spec, n_classes: int, *, of: Table | None = None) -> Spec:
    """Have so many classes to paint, 2 … 10; points of a class that is gone become those of the last one."""
    table = _own(spec, of)
    if table.task == "regression" or not 2 <= n_classes <= MAX_CLASSES:
        raise ImpossibleEditError(f"there can be 2 to {MAX_CLASSES} classes, where there are classes")
    numbers = np.searchsorted(table.labels, table.rows.y).clip(max=n_classes - 1).astype(float)
    names = [*table.class_names, *map(str, range(len(table.class_names), n_classes))][:n_classes]
    if table.class_names in (("−1", "+1"), tuple(map(str, range(len(table.class_names))))):
        names = ["−1", "+1"] if n_classes == 2 else [str(number) for number in range(n_classes)]
    new = table_of(
        table.rows.X, 2 * numbers - 1 if n_classes == 2 else numbers, label=table.label,
        task="binary" if n_classes == 2 else "classes", input_names=table.input_names, class_names=names,
        lots=table.rows.lots, standardize=table.standardize, domain=table.domain,
    )  # fmt: skip
    return with_dataset(spec, replace(spec.data, dataset=OWN, own=new))


def _own(spec: Spec, of: Table | None) -> Table:
    """The table to change: the user's own, or that which the samples shown make."""
    if not spec.is_plane:
        raise ImpossibleEditError(f"points are painted on the plane; {spec.dataset.label} has {spec.n_inputs} inputs")
    table = spec.data.own if spec.data.is_own else of
    if table is None:
        raise ImpossibleEditError("there are no points to change")
    return table


def _check_rows(table: Table, rows: Sequence[int]) -> None:
    if any(not 0 <= row < table.n_rows for row in rows):
        raise ImpossibleEditError(f"there are the points 0 to {table.n_rows - 1}")


def _inside(table: Table, points: Sequence[Point]) -> np.ndarray:
    return np.clip(np.array(points, float).reshape(-1, 2), *table.domain)


def _with_rows(spec: Spec, table: Table, X: np.ndarray, y: np.ndarray, lots: np.ndarray) -> Spec:
    values = np.column_stack([X, y, lots]).astype("<f8").tobytes()
    return with_dataset(spec, replace(spec.data, dataset=OWN, own=replace(table, values=values)))
