"""Rectangles, and where a card finds room among what it explains: pure arithmetic on floats, in logical pixels."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple


class Box(NamedTuple):
    """A rectangle."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Where it ends on the right."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """Where it ends below."""
        return self.top + self.height

    @property
    def center(self) -> tuple[float, float]:
        """Its middle."""
        return self.left + self.width / 2, self.top + self.height / 2

    def contains(self, x: float, y: float, margin: float = 0) -> bool:
        """Whether a point lies in it, or nearer to it than `margin`."""
        return (
            self.left - margin <= x <= self.left + self.width + margin
            and self.top - margin <= y <= self.top + self.height + margin
        )

    def nearest(self, x: float, y: float) -> tuple[float, float]:
        """The point of it that is nearest to a point."""
        return min(max(x, self.left), self.right), min(max(y, self.top), self.bottom)


def place_card(
    anchor: tuple[float, float], size: tuple[float, float], bounds: Box, avoid: Sequence[tuple[float, float]]
) -> tuple[float, float]:
    """Top left of a card near `anchor`, inside `bounds`, on as few points of `avoid` as possible."""
    (x, y), (width, height) = anchor, size
    best, fewest = (bounds.left, bounds.top), math.inf
    for distance in (16, 40, 72):
        for dx in (distance, -width - distance, -width / 2):
            for dy in (distance, -height - distance, -height / 2):
                left = min(max(x + dx, bounds.left), bounds.left + bounds.width - width)
                top = min(max(y + dy, bounds.top), bounds.top + bounds.height - height)
                card = Box(left, top, width, height)
                covered = sum(card.contains(*point, margin=6) for point in [*avoid, anchor])
                if covered < fewest:
                    best, fewest = (left, top), covered
                if covered == 0:
                    return best
    return best
