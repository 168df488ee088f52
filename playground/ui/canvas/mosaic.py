"""A layer of more units than find room as tiles: a block of small maps, several in a row, that scrolls by rows."""

from __future__ import annotations

import math
from typing import NamedTuple

from playground.ui.canvas.boxes import Box

LARGEST_CELL_PX, CELL_PX, SMALLEST_CELL_PX = 18, 14, 12
"""The side of a cell: as large as lets all units be seen at once, and of this size where none does."""
BAR_PX = 7
"""Room for the scroll bar at the right of the block."""
LEAST_THUMB_PX = 16
CAPTION_PX = 18
"""Room for the line of text below the block."""
MOST_ACROSS = 12
MOST_BUNDLES = 12
"""Its links are drawn in so many bundles."""


class Mosaic(NamedTuple):
    """Where the cells of one block are; distances to the right count from the middle of its column."""

    units: int
    across: int
    """Cells in a row."""
    rows: int
    """Rows that are seen at once."""
    first: int
    """The first of them, counted from the top of the whole layer."""
    cell: int
    """From one cell to the next, in both directions."""
    top: float

    @property
    def all_rows(self) -> int:
        """How many rows there are."""
        return math.ceil(self.units / self.across)

    @property
    def last_first(self) -> int:
        """How far it can be scrolled."""
        return self.all_rows - self.rows

    @property
    def shown(self) -> range:
        """The units that are seen."""
        start = self.first * self.across
        return range(start, min(self.units, start + self.rows * self.across))

    @property
    def width(self) -> float:
        """Of the block, with its scroll bar if it has one."""
        return self.across * self.cell + (BAR_PX if self.last_first else 0)

    @property
    def height(self) -> float:
        """Of the rows that are seen."""
        return self.rows * self.cell

    @property
    def bundle_ys(self) -> tuple[float, ...]:
        """Heights at which its links begin and end, from the top."""
        count = min(MOST_BUNDLES, self.rows)
        return tuple(self.top + self.height * (index + 0.5) / count for index in range(count))

    def box(self, x: float) -> Box:
        """The whole block, in a column whose middle is at `x`."""
        return Box(round(x - self.width / 2), self.top, self.width, self.height)

    def box_of(self, unit: int, x: float) -> Box | None:
        """The cell of one unit; None if it is scrolled away."""
        if unit not in self.shown:
            return None
        row, column = divmod(unit, self.across)
        left = self.box(x).left + column * self.cell
        return Box(left, self.top + (row - self.first) * self.cell, self.cell, self.cell)

    def unit_at(self, x: float, y: float, middle: float) -> int | None:
        """The unit whose cell holds a point, in a column whose middle is there."""
        column = math.floor((x - self.box(middle).left) / self.cell)
        row = math.floor((y - self.top) / self.cell)
        unit = (self.first + row) * self.across + column
        inside = 0 <= column < self.across and 0 <= row < self.rows
        return unit if inside and unit < self.units else None

    def track(self, x: float) -> Box | None:
        """Where the scroll bar is; None if there is nothing to scroll."""
        box = self.box(x)
        return Box(box.right - BAR_PX, box.top, BAR_PX, box.height) if self.last_first else None

    def thumb(self, x: float) -> Box | None:
        """What of the scroll bar is dragged."""
        track = self.track(x)
        if track is None:
            return None
        long = max(LEAST_THUMB_PX, track.height * self.rows / self.all_rows)
        return Box(track.left, track.top + (track.height - long) * self.first / self.last_first, BAR_PX, long)

    def first_for(self, unit: int) -> int:
        """The first row that has to be shown for a unit to be seen, as little scrolled as possible."""
        row = unit // self.across
        return min(max(self.first, row - self.rows + 1), row)

    def first_at(self, thumb_top: float) -> int:
        """The first row that is shown while the top of the thumb is there."""
        thumb = self.thumb(0)
        if thumb is None:
            return 0
        free = max(1.0, self.height - thumb.height)
        return min(max(0, round((thumb_top - self.top) / free * self.last_first)), self.last_first)


def make_mosaic(units: int, room: float, top: float, bottom: float, zoom: float, first: int = 0) -> Mosaic:
    """The block of a layer.

    Parameters
    ----------
    room
        How wide it may be.
    top, bottom
        Between these it stands, in the middle, with its caption.
    zoom
        Of the cells.
    first
        The first row to be seen, if it can be scrolled that far.
    """
    high = bottom - top - CAPTION_PX
    for cell in range(round(LARGEST_CELL_PX * zoom), round(SMALLEST_CELL_PX * zoom) - 1, -1):
        across = math.ceil(units / max(1, high // cell))
        if across * cell <= room and across <= MOST_ACROSS:
            rows = math.ceil(units / across)
            break
    else:
        cell = max(1, min(round(CELL_PX * zoom), int(room - BAR_PX)))
        across = min(max(1, int((room - BAR_PX) // cell)), MOST_ACROSS)
        rows = min(math.ceil(units / across), max(1, int(high // cell)))
    first = min(max(0, first), math.ceil(units / across) - rows)
    start = round((top + bottom - CAPTION_PX - rows * cell) / 2)
    return Mosaic(units, across, rows, first, cell, start)
