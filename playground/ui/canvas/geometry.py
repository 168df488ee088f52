"""Where everything on the canvas stands: pure arithmetic on floats, without Qt, in logical pixels."""

from __future__ import annotations

import math
from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import NamedTuple

from playground.ui.canvas.mosaic import Mosaic, make_mosaic

INPUT_ID = -1
"""The key of the input column, beside the ids of the layers and `OUTPUT_ID`."""

TILE_PX = 36
PITCH_PX = 44
"""Tile, and from one tile to the next, in a window of usual size."""
LARGEST_TILE_PX = 56
SMALLEST_TILE_PX = 8
TILE_SHARE = 0.3
"""Tiles grow with the window, up to this share of the way to the next column: the links need the rest."""
CROWDED_SHARE = 0.5
"""The share of tiles where the columns stand so close that they have to be small."""
TILE_GAP_PX = 6
"""Between two tiles, however small."""
COMMON_PITCH_PX = 28
"""Down to this pitch, all columns shrink together with the tallest one."""
LEAST_PITCH_PX = 20
"""Below this, a column is folded into a block of small maps."""
MOST_TILES = 24
"""More units are folded even if there is room."""
BLOCK_SHARE = 0.42
"""A block is this wide at most, as a share of the way to the next column."""

EDGE_PX = 8
"""Free room at the left and right of the canvas."""
WIDEST_SLOT_PX = 340
"""Columns do not drift further apart than this, however wide the canvas."""
END_SHARE = 0.75
"""Input and output take less of the room left over: most of theirs would lie outside, where nothing is drawn."""
HEAD_TOP_PX = 12
BODY_GAP_PX = 14
"""Between the heads and the tiles."""
FOOT_PX = 34
"""Below the tiles, where the buttons of the zoom are."""


class HeadSizes(NamedTuple):
    """Widths and the height of the layer heads, and the gap between them, in one of the densities."""

    input: int
    output: int
    layer: int
    widest: int
    height: int
    gap: int


ROOMY = HeadSizes(input=84, output=92, layer=132, widest=152, height=54, gap=6)
COMPACT = HeadSizes(input=70, output=72, layer=80, widest=92, height=74, gap=6)
TINY = HeadSizes(input=40, output=18, layer=18, widest=26, height=112, gap=2)
"""Heads that hold nothing but a name, written upwards."""
DENSITIES = (ROOMY, COMPACT, TINY)
SQUEEZE_PX = 1
"""So much narrower a gap may be before the canvas scrolls: a bar that moves next to nothing is of no use."""
NAME_PX = 46
"""Room for the name of a feature beside its tile."""
WIDEST_SHIFT_PX = 14


class Column(NamedTuple):
    """What the layout has to know about one column."""

    key: int
    """`INPUT_ID`, a layer's id, or `OUTPUT_ID`."""
    units: int
    is_end: bool = False
    """The input or the output: its head holds less."""
    passes: bool = False
    """Its units hand their input on (dropout): drawn as a slim column beside the one before it."""
    folded: bool = False
    """Its units are inputs, too many to be drawn one by one: they count as one."""
    scrolled: int = 0
    """The first row that is seen, if it is a block of small maps."""


class Gap(NamedTuple):
    """Room held free for a column that is not there (yet)."""

    at: int
    """Position among the hidden layers, 0 … their number."""


@dataclass(frozen=True)
class Place:
    """Where one column stands."""

    column: Column
    x: float
    """Centre of the units."""
    head_shift: float
    """From there to the centre of the head: the names of the features stand below theirs, where room is short."""
    head_width: float
    tile: int
    ys: tuple[float, ...]
    """Centres of the units, from the top; of a block the heights at which its links begin and end."""
    mosaic: Mosaic | None = None
    """The block its units are folded into, if they are too many to stand below each other."""

    @property
    def shown(self) -> range:
        """The units that have a place of their own."""
        if self.mosaic is not None:
            return self.mosaic.shown
        return range(self.column.units if len(self.ys) == self.column.units else 0)

    @property
    def top(self) -> float:
        """Where its units begin."""
        return self.mosaic.top if self.mosaic is not None else self.ys[0] - self.tile / 2

    @property
    def bottom(self) -> float:
        """Where its units end."""
        return self.mosaic.top + self.mosaic.height if self.mosaic is not None else self.ys[-1] + self.tile / 2

    @property
    def head_left(self) -> float:
        """Where the head begins."""
        return self.x + self.head_shift - self.head_width / 2

    @property
    def head_right(self) -> float:
        """Where the head ends."""
        return self.head_left + self.head_width

    @property
    def reach(self) -> float:
        """From the centre of the column to where its links begin and end."""
        if self.mosaic is not None:
            return self.mosaic.width / 2 + 2
        return 5.0 if self.column.passes else self.tile / 2


@dataclass(frozen=True)
class Layout:
    """All columns of one network on one canvas."""

    places: tuple[Place, ...]
    heads: HeadSizes
    pitch: float
    """From tile to tile, where a column is not too tall for it."""
    body_top: float
    body_bottom: float
    gap_x: float | None
    """Centre of the room held free."""

    def place_of(self, key: int) -> Place:
        """The place of one column; KeyError where there is none."""
        for place in self.places:
            if place.column.key == key:
                return place
        raise KeyError(key)

    def position_at(self, x: float) -> int:
        """The position among the hidden layers at which something dropped at `x` lands."""
        return sum(place.x < x for place in self.places[1:-1])

    def column_at(self, x: float) -> Place | None:
        """The column whose head's width holds `x`."""
        near = min(self.places, key=lambda place: abs(place.x - x))
        return near if abs(near.x + near.head_shift - x) <= near.head_width / 2 else None

    def carried_to(self, other: Layout, x: float, y: float) -> tuple[float, float]:
        """Where a point of this layout is in another one of the same columns: between the same two, at the same units.

        What lies outside of the columns keeps its distance to the outermost, in units of the tiles.
        """
        here, there = ([place.x for place in layout.places] for layout in (self, other))
        scale = other.pitch / self.pitch
        if here[0] <= x <= here[-1]:
            at = min(max(bisect(here, x), 1), len(here) - 1)
            share = (x - here[at - 1]) / max(here[at] - here[at - 1], 1e-9)
            new_x = there[at - 1] + share * (there[at] - there[at - 1])
        else:
            end = 0 if x < here[0] else -1
            new_x = there[end] + (x - here[end]) * scale
        return new_x, other.middle + (y - self.middle) * scale

    @property
    def middle(self) -> float:
        """The height around which the units stand."""
        return (self.body_top + self.body_bottom) / 2


def needed_width(columns: Sequence[Column], gap: Gap | None = None) -> int:
    """The width below which the canvas has to scroll: the gaps between the heads may be squeezed by a hair."""
    return _least_width(columns, TINY, gap)


def _least_width(columns: Sequence[Column], sizes: HeadSizes, gap: Gap | None) -> int:
    """The width down to which a density fits."""
    slots = _slots(columns, sizes, gap)
    squeeze = 0 if sizes is ROOMY else len(slots) * SQUEEZE_PX
    return sum(slots) + 2 * EDGE_PX - squeeze


def arrange(columns: Sequence[Column], width: float, height: float, gap: Gap | None = None, zoom: float = 1) -> Layout:
    """Lay the columns out from left to right, in the roomiest density in which all fit.

    Parameters
    ----------
    columns
        Input first, output last.
    width, height
        Of the canvas. Less than `needed_width` squeezes the columns into each other.
    gap
        Where to hold room free, as wide as a layer's.
    zoom
        How large tiles and distances are beside those that fill a canvas; above 1 the canvas is larger already.
    """
    span = width if zoom >= 1 else min(width, max(width * zoom, needed_width(columns, gap)))
    fitting = (sizes for sizes in DENSITIES if _least_width(columns, sizes, gap) <= span)
    sizes = next(fitting, TINY)
    slots = _share_out(_slots(columns, sizes, gap), span, zoom)
    ends = list(accumulate(slots, initial=(width - sum(slots)) / 2))
    centres = [(left + right) / 2 for left, right in pairwise(ends)]
    nearest = min(right - left for left, right in pairwise(centres))
    gap_x = None
    if gap is not None:
        gap_x = centres.pop(gap.at + 1)
        slots.pop(gap.at + 1)
    top = HEAD_TOP_PX + sizes.height + BODY_GAP_PX
    stack = _Stack(columns, sizes, top, max(height - FOOT_PX, top + LEAST_PITCH_PX), nearest, zoom)
    places: list[Place] = []
    for column, x, slot in zip(columns, centres, slots, strict=True):
        head = _fitted_head(column, sizes, slot - sizes.gap + SQUEEZE_PX)
        tile, ys, mosaic = stack.units_of(column, slot)
        if column.passes and places[-1].mosaic is not None:
            ys = places[-1].ys
        shift = min(max(NAME_PX + tile / 2 - x, 0), WIDEST_SHIFT_PX) if column.key == INPUT_ID else 0
        if sizes is TINY:  # the head is no wider than the tile: it stands above it
            head, shift = (min(head, TINY.output), 0) if column.is_end else (head, 0)
        places.append(Place(column, x + shift, -shift, head, tile, ys, mosaic))
    return Layout(tuple(places), sizes, stack.pitch, stack.top, stack.bottom, gap_x)


def _slots(columns: Sequence[Column], sizes: HeadSizes, gap: Gap | None) -> list[int]:
    """The least widths of the columns, and of the gap between them."""
    slots = [_head_width(column, sizes) + sizes.gap for column in columns]
    if gap is not None:
        slots.insert(gap.at + 1, sizes.layer + sizes.gap)
    return slots


def _head_width(column: Column, sizes: HeadSizes) -> int:
    if not column.is_end:
        return sizes.layer
    return sizes.input if column.key == INPUT_ID else sizes.output


def _fitted_head(column: Column, sizes: HeadSizes, room: float) -> float:
    """The width of a head that may be as wide as `room`, but leaves most of it free."""
    own = _head_width(column, sizes)
    if column.is_end or room < own:
        return min(own, room)
    return min(own + 0.4 * (room - own), sizes.widest)


def _share_out(slots: Sequence[int], width: float, zoom: float) -> list[float]:
    """Slots that have taken their shares of the room left over; squeezed where there is none."""
    total, room = sum(slots), width - 2 * EDGE_PX
    if total > room:
        return [slot * room / total for slot in slots]
    shares = [END_SHARE, *[1.0] * (len(slots) - 2), END_SHARE]
    extra = min((room - total) / sum(shares), max(0, WIDEST_SLOT_PX * zoom - max(slots)))
    return [slot + share * extra for slot, share in zip(slots, shares, strict=True)]


class _Stack:
    """How the units of the columns stand below each other: in tiles of one size, where they are not too many."""

    def __init__(
        self, columns: Sequence[Column], sizes: HeadSizes, top: float, bottom: float, nearest: float, zoom: float
    ) -> None:
        self.top, self.bottom, self._zoom = top, bottom, zoom
        less = min(1.0, zoom)
        self._room = (bottom - top) * less
        """A small network stays in the middle of the canvas."""
        usual = max(TILE_PX * zoom, nearest * TILE_SHARE)
        self._tile = max(SMALLEST_TILE_PX, min(usual, nearest * CROWDED_SHARE, LARGEST_TILE_PX * zoom))
        self._least = min(LEAST_PITCH_PX * less, self._tile + TILE_GAP_PX)
        tallest = max((column.units for column in columns if not self._is_folded(column)), default=1)
        roomy = max(self._tile * PITCH_PX / TILE_PX, self._tile + TILE_GAP_PX)
        self.pitch = min(roomy, max(COMMON_PITCH_PX * zoom, self._room / tallest))

    def units_of(self, column: Column, slot: float) -> tuple[int, tuple[float, ...], Mosaic | None]:
        """Tile and heights of a column's units, in the middle of the body, on whole pixels; or the block of them."""
        shown = column.units
        if self._is_folded(column):
            if not column.passes:
                high = min(self.bottom - self.top, self._room)
                top = (self.top + self.bottom - high) / 2
                mosaic = make_mosaic(
                    column.units, slot * BLOCK_SHARE, top, top + high, max(0.7, self._zoom), column.scrolled
                )
                return mosaic.cell - 1, mosaic.bundle_ys, mosaic
            shown = max(1, min(MOST_TILES, int(self._room / self._least)))
        pitch = max(self._least, min(self.pitch, self._room / shown))
        tile = 2 * (math.floor(min(self._tile, pitch * TILE_PX / PITCH_PX)) // 2)
        first = (self.top + self.bottom) / 2 - (shown - 1) * pitch / 2
        return tile, tuple(float(round(first + index * pitch)) for index in range(shown)), None

    def _is_folded(self, column: Column) -> bool:
        return column.units > MOST_TILES or column.units * self._least > self._room + 0.5
