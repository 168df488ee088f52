"""What one press of the mouse does to the points of the plane, from the press to the release: one gesture, one undo."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from playground.document import edits
from playground.document.edits import Edit
from playground.document.edits.points import Point
from playground.document.table import Table
from playground.engine.problem import Problem

_STEP, _LEAST_STEP = 0.5, 0.015
"""From one point of a stroke to the next: as a share of the radius, but no less than this share of the plane."""


class Stroke(Protocol):
    """Collects what the mouse does; what has come together is taken once per frame."""

    def move(self, to: Point) -> None:
        """Go on to here."""
        ...

    def take(self, shown: ShownPoints) -> Edit | None:
        """The edit for what has come together since the last one; None if nothing has."""
        ...


class ShownPoints:
    """The points that are drawn, with their rows in the table they make.

    Parameters
    ----------
    problem
        Whose samples they are.
    with_test
        Whether the test points are drawn too.
    """

    def __init__(self, problem: Problem, with_test: bool) -> None:
        parts = [problem.train, problem.test] if with_test and problem.test is not problem.train else [problem.train]
        self.problem = problem
        self.places = np.concatenate([part.points for part in parts])
        """(n, 2)"""
        self.rows = np.concatenate([part.rows for part in parts])
        """(n,)"""

    @property
    def table(self) -> Table | None:
        """What they make."""
        return self.problem.table

    def within(self, start: Point, end: Point, radius: float) -> np.ndarray:
        """Rows of those that a circle touches on its way from one place to another."""
        origin, way = np.array(start), np.subtract(end, start)
        length = float(way @ way)
        along = np.clip((self.places - origin) @ way / length, 0, 1) if length else np.zeros(len(self.places))
        return self.rows[np.square(self.places - origin - along[:, None] * way).sum(axis=1) <= radius**2]

    def nearest(self, to: Point, reach: float) -> int | None:
        """Row of the one nearest to a place, if it is within reach."""
        distances = np.square(self.places - np.array(to)).sum(axis=1)
        at = int(distances.argmin())
        return int(self.rows[at]) if distances[at] <= reach**2 else None

    def place_of(self, row: int) -> Point | None:
        """Where the point of a row of the table lies; None if it is not drawn."""
        found = np.flatnonzero(self.rows == row)
        return (float(self.places[found[0], 0]), float(self.places[found[0], 1])) if len(found) else None


class BrushStroke:
    """A point where the mouse is pressed, and along its way points that stray within the radius.

    Parameters
    ----------
    label
        Of the points.
    at
        Where it begins.
    radius
        How far points stray.
    domain
        No point is painted outside of it.
    seed
        For how they stray: the same stroke over the same points paints the same.
    """

    def __init__(self, label: float, at: Point, radius: float, domain: tuple[float, float], seed: int) -> None:
        self._label, self._radius, self._domain = label, radius, domain
        self._rng = np.random.default_rng(seed)
        self._step = max(_STEP * radius, _LEAST_STEP * (domain[1] - domain[0]))
        self._last = np.array(at)
        self._points: list[Point] = [at]

    def move(self, to: Point) -> None:
        """Paint along the straight way to here, at even distances."""
        end = np.array(to)
        while (left := float(np.hypot(*(end - self._last)))) >= self._step:
            self._last = self._last + (end - self._last) * (self._step / left)
            if (self._domain[0] <= self._last).all() and (self._last <= self._domain[1]).all():
                self._points.append(self._strayed())

    def take(self, shown: ShownPoints) -> Edit | None:
        """Paint what has come together."""
        points, self._points = self._points, []
        return edits.paint_points(points, self._label, of=shown.table) if points else None

    def _strayed(self) -> Point:
        """A place within the radius, each equally likely."""
        distance, angle = self._radius * self._rng.random() ** 0.5, 2 * np.pi * self._rng.random()
        x, y = np.clip(self._last + distance * np.array([np.cos(angle), np.sin(angle)]), *self._domain)
        return float(x), float(y)


class EraseStroke:
    """Every point that the circle touches goes."""

    def __init__(self, at: Point, radius: float) -> None:
        self._radius = radius
        self._way: list[Point] = [at, at]

    def move(self, to: Point) -> None:
        """Wipe along the straight way to here."""
        self._way.append(to)

    def take(self, shown: ShownPoints) -> Edit | None:
        """Erase what lies on the way that has come together."""
        pairs = zip(self._way, self._way[1:], strict=False)
        rows = np.unique(np.concatenate([np.empty(0, np.intp), *(shown.within(*pair, self._radius) for pair in pairs)]))
        self._way = self._way[-1:]
        return edits.erase_points(rows.tolist(), of=shown.table) if len(rows) else None


class MoveStroke:
    """One point follows the mouse."""

    def __init__(self, row: int, at: Point, place: Point) -> None:
        self.row = row
        self._grip = np.subtract(place, at)
        """It is held where it was taken, not at its middle."""
        self._to: Point | None = None

    def move(self, to: Point) -> None:
        """Bring it here."""
        x, y = np.add(to, self._grip)
        self._to = float(x), float(y)

    def take(self, shown: ShownPoints) -> Edit | None:
        """Put it where it was brought last."""
        to, self._to = self._to, None
        if to is None or shown.place_of(self.row) is None:
            return None
        return edits.move_point(self.row, to, of=shown.table)
