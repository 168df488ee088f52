"""Where everything on the canvas stands: pure arithmetic on floats, without Qt, in logical pixels."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import NamedTuple

INPUT_ID = -1
"""The key of the input column, beside the ids of the layers and `OUTPUT_ID`."""

TILE_PX = 36
PITCH_PX = 44
"""Tile, and from one tile to the next, in a window of usual size."""
LARGEST_TILE_PX = 56
TILE_SHARE = 0.3
"""Tiles grow with the window, up to this share of the way to the next column: the links need the rest."""
COMMON_PITCH_PX = 28
"""Down to this pitch, all columns shrink together with the tallest one."""
LEAST_PITCH_PX = 20
"""Below this, a column shows its first units and says how many more there are."""

EDGE_PX = 8
"""Free room at the left and right of the canvas."""
WIDEST_SLOT_PX = 340
"""Columns do not drift further apart than this, however wide the canvas."""
END_SHARE = 0.75
"""Input and output take less of the room left over: most of theirs would lie outside, where nothing is drawn."""
HEAD_TOP_PX = 12
BODY_GAP_PX = 14
"""Between the heads and the tiles, and below the tiles."""


class HeadSizes(NamedTuple):
    """Widths and the height of the layer heads, in one of the two densities."""

    input: int
    output: int
    layer: int
    widest: int
    height: int


ROOMY = HeadSizes(input=84, output=92, layer=132, widest=152, height=54)
COMPACT = HeadSizes(input=70, output=72, layer=80, widest=92, height=74)
HEAD_GAP_PX = 6
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
    pitch: float
    ys: tuple[float, ...]
    """Centres of the units that are shown, from the top."""

    @property
    def more(self) -> int:
        """Units that are not shown."""
        return self.column.units - len(self.ys)

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
        return 5.0 if self.column.passes else self.tile / 2


@dataclass(frozen=True)
class Layout:
    """All columns of one network on one canvas."""

    places: tuple[Place, ...]
    heads: HeadSizes
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


def needed_width(columns: Sequence[Column], gap: Gap | None = None) -> int:
    """The width below which the canvas has to scroll: the gaps between the heads may be squeezed by a hair."""
    slots = _slots(columns, COMPACT, gap)
    return sum(slots) + 2 * EDGE_PX - len(slots) * SQUEEZE_PX


def arrange(columns: Sequence[Column], width: float, height: float, gap: Gap | None = None) -> Layout:
    """Lay the columns out from left to right, in the roomier density if all fit.

    Parameters
    ----------
    columns
        Input first, output last.
    width, height
        Of the canvas. Less than `needed_width` squeezes the columns into each other.
    gap
        Where to hold room free, as wide as a layer's.
    """
    sizes = ROOMY if sum(_slots(columns, ROOMY, gap)) + 2 * EDGE_PX <= width else COMPACT
    slots = _share_out(_slots(columns, sizes, gap), width)
    ends = list(accumulate(slots, initial=(width - sum(slots)) / 2))
    centres = [(left + right) / 2 for left, right in pairwise(ends)]
    nearest = min(right - left for left, right in pairwise(centres))
    if gap is not None:
        gap_x = centres.pop(gap.at + 1)
        slots.pop(gap.at + 1)
    else:
        gap_x = None
    top = HEAD_TOP_PX + sizes.height + BODY_GAP_PX
    bottom = max(height - BODY_GAP_PX, top + LEAST_PITCH_PX)
    pitch = _common_pitch(columns, bottom - top, nearest)
    places = []
    for column, x, slot in zip(columns, centres, slots, strict=True):
        head = _fitted_head(column, sizes, slot - HEAD_GAP_PX + SQUEEZE_PX)
        tile, own_pitch, ys = _units(column, pitch, top, bottom)
        shift = min(max(NAME_PX + tile / 2 - x, 0), WIDEST_SHIFT_PX) if column.key == INPUT_ID else 0
        places.append(Place(column, x + shift, -shift, head, tile, own_pitch, ys))
    return Layout(tuple(places), sizes, top, bottom, gap_x)


def _slots(columns: Sequence[Column], sizes: HeadSizes, gap: Gap | None) -> list[int]:
    """The least widths of the columns, and of the gap between them."""
    slots = [_head_width(column, sizes) + HEAD_GAP_PX for column in columns]
    if gap is not None:
        slots.insert(gap.at + 1, sizes.layer + HEAD_GAP_PX)
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


def _share_out(slots: Sequence[int], width: float) -> list[float]:
    """Slots that have taken their shares of the room left over; squeezed where there is none."""
    total, room = sum(slots), width - 2 * EDGE_PX
    if total > room:
        return [slot * room / total for slot in slots]
    shares = [END_SHARE, *[1.0] * (len(slots) - 2), END_SHARE]
    extra = min((room - total) / sum(shares), max(0, WIDEST_SLOT_PX - max(slots)))
    return [slot + share * extra for slot, share in zip(slots, shares, strict=True)]


def _common_pitch(columns: Iterable[Column], room: float, nearest: float) -> float:
    """From tile to tile in every column that is not too tall for it; `nearest` are the two nearest columns."""
    tallest = max(column.units for column in columns)
    tile = min(max(TILE_PX, nearest * TILE_SHARE), LARGEST_TILE_PX)
    return min(tile * PITCH_PX / TILE_PX, max(COMMON_PITCH_PX, room / tallest))


def _units(column: Column, pitch: float, top: float, bottom: float) -> tuple[int, float, tuple[float, ...]]:
    """Tile, pitch and centres of a column's units, centred in the body, on whole pixels."""
    room = bottom - top
    pitch = max(LEAST_PITCH_PX, min(pitch, room / column.units))
    tile = 2 * (math.floor(pitch * TILE_PX / PITCH_PX) // 2)
    shown = column.units
    if shown * pitch > room + 0.5:
        shown = max(1, math.floor(room / pitch) - 1)
    rows = shown + (shown < column.units)
    first = (top + bottom) / 2 - (rows - 1) * pitch / 2
    return tile, pitch, tuple(float(round(first + index * pitch)) for index in range(shown))


class Box(NamedTuple):
    """A rectangle."""

    left: float
    top: float
    width: float
    height: float

    def contains(self, x: float, y: float, margin: float = 0) -> bool:
        """Whether a point lies in it, or nearer to it than `margin`."""
        return (
            self.left - margin <= x <= self.left + self.width + margin
            and self.top - margin <= y <= self.top + self.height + margin
        )


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
