"""The links between two columns, drawn by arithmetic: hundreds of smooth curves in a fraction of a millisecond.

Stroking an antialiased curve costs Qt's software renderer some 70 µs, so a network of 344 links took 25 ms a
frame. All links between two columns share one S-shape, y(x) = a + (b - a)·s(u), so down each column of pixels a
link is a trapezoid: full in the middle, with a ramp at each edge as wide as the curve is steep. The second
difference of a trapezoid is four impulses. `np.bincount` gathers those of all links, and two cumulative sums
turn them into the optical density of every pixel, whatever the widths. That takes 1 to 2 ms.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath

from playground.ui.theme import Theme

THINNEST_PX, WIDEST_PX = 0.8, 6.2
FAINTEST, STRONGEST = 0.16, 0.95
BROKEN_OPACITY = 0.6
DASH_PX = 4.0
"""Weights that are not finite have no strength: their links are dashed, and as thin as possible."""
DENSITY_STEPS = 80.0
"""Steps of the colour table per unit of optical density; its 256 reach an opacity of 0.96."""
MARGIN_PX = 6
SPARE_ROWS = 3
EVERYWHERE = (-math.inf, math.inf)
EDGES = np.array([-1.0, -1.0, 1.0, 1.0])[:, None, None]
"""The four knots of a trapezoid: two at its upper edge, two at its lower."""
RAMPS = np.array([-1.0, 1.0, -1.0, 1.0])[:, None, None]
BENDS = np.array([1.0, -1.0, -1.0, 1.0])[:, None, None]


def strengths(weights: np.ndarray) -> np.ndarray:
    """How strong links of these weights look, 0 … 1, any shape; what is not finite counts as nothing."""
    return 1 - np.exp(np.abs(np.where(np.isfinite(weights), weights, 0)) * -0.7)


def link_width(weight: float, scale: float = 1.0) -> float:
    """Width in pixels of one link."""
    return float(_widths(strengths(np.array(weight)), scale))


def _widths(strength: np.ndarray, scale: float) -> np.ndarray:
    return (THINNEST_PX + (WIDEST_PX - THINNEST_PX) * strength) * scale


def curve(x0: float, y0: float, x1: float, y1: float) -> QPainterPath:
    """The path of one link, for those few that are painted singly."""
    path = QPainterPath(QPointF(x0, y0))
    path.cubicTo(x0 + (x1 - x0) / 3, y0, x1 - (x1 - x0) / 3, y1, x1, y1)
    return path


def _densities(opacity: np.ndarray) -> np.ndarray:
    """Optical densities in steps of the colour table."""
    return -np.log1p(-opacity) * DENSITY_STEPS


@lru_cache(maxsize=8)
def color_table(theme: Theme, tokens: tuple[str, str] = ("positive", "negative")) -> np.ndarray:
    """(65536,) uint32 pixels, premultiplied: element p + 256·n for densities p of positive and n of negative links.

    Where both meet, the denser one prevails, as if it lay on top.
    """
    density = np.arange(256) / DENSITY_STEPS
    positive, negative = (_rgb(theme.color(token)) for token in tokens)
    p, n = density[None, :], density[:, None]
    share = (p**3 / np.maximum(p**3 + n**3, 1e-12))[..., None]
    alpha = 1 - np.exp(-(p + n))[..., None]
    rgb = np.rint((share * positive + (1 - share) * negative) * alpha).astype(np.uint32)
    a = np.rint(alpha[..., 0] * 255).astype(np.uint32)
    return ((a << 24) | (rgb[..., 0] << 16) | (rgb[..., 1] << 8) | rgb[..., 2]).reshape(-1)


def _rgb(color: QColor) -> np.ndarray:
    return np.array([color.red(), color.green(), color.blue()], float)


class LinkShape(NamedTuple):
    """Where the links between two columns run."""

    x0: float
    x1: float
    """Where they begin and end."""
    left: tuple[float, ...]
    right: tuple[float, ...]
    """Heights of the units they begin and end at."""
    scale: float = 1
    """Of the widths: less than 1 where the tiles are small."""
    ratio: float = 1
    """Device pixels per logical pixel."""

    def path_of(self, left: int, right: int) -> QPainterPath:
        """The path of one link."""
        return curve(self.x0, self.left[left], self.x1, self.right[right])

    def points_of(self, left: int, right: int) -> list[tuple[float, float]]:
        """Points along one link."""
        path = self.path_of(left, right)
        return [path.pointAtPercent(t / 12).toTuple() for t in range(13)]

    def pixels_in(self, view: tuple[float, float] = EVERYWHERE) -> range:
        """The columns of device pixels that hold a part of them, between two positions."""
        first = math.floor(max(self.x0, view[0]) * self.ratio)
        return range(first, max(first + 1, math.ceil(min(self.x1, view[1]) * self.ratio)))


class LinkBand:
    """The links between two columns, or what is seen of them: their curves, and which one is under the cursor.

    Parameters
    ----------
    shape
        Where they run.
    pixels
        The columns of device pixels that are drawn; without them all.
    step
        So many of them side by side share one column of the picture: thousands of links are seen as a web.
    """

    def __init__(self, shape: LinkShape, pixels: range | None = None, step: int = 1) -> None:
        self.shape, self.step = shape, step
        self.pixels = pixels if pixels is not None else shape.pixels_in()
        self.weights = np.zeros((len(shape.right), len(shape.left)))
        """(right units, left units), as drawn last."""
        ratio, span = shape.ratio, (shape.x1 - shape.x0) * shape.ratio
        middles = (np.arange(self.n_columns) + 0.5) * step
        u = np.clip((middles + self.pixels.start - shape.x0 * ratio) / span, 0, 1)
        a = np.tile(shape.left, len(shape.right))[:, None] * ratio
        b = np.repeat(shape.right, len(shape.left))[:, None] * ratio
        # Both (links, columns). Pixel k has its centre at k + 1/2; heights are measured from there.
        self.centres = a + (b - a) * (u * u * (3 - 2 * u)) - 0.5
        self.slopes = np.abs((b - a) * (6 * u * (1 - u)) / span)

    @property
    def n_columns(self) -> int:
        """Columns of its picture."""
        return -(-len(self.pixels) // self.step)

    def widths(self, strength: np.ndarray) -> np.ndarray:
        """Widths of links in device pixels."""
        return _widths(strength, self.shape.scale * self.shape.ratio)

    def nearest(self, x: float, y: float, tolerance: float = 4) -> tuple[int, int] | None:
        """The (left unit, right unit) whose link is nearest to a point, if any comes within tolerance of its edge."""
        ratio = self.shape.ratio
        column = (math.floor(x * ratio) - self.pixels.start) // self.step
        if not 0 <= column < self.n_columns:
            return None
        offsets = np.abs(self.centres[:, column] + 0.5 - y * ratio) / np.sqrt(1 + self.slopes[:, column] ** 2)
        halves = self.widths(strengths(self.weights.reshape(-1))) / 2
        link = int(np.argmin(offsets - halves))
        if offsets[link] - halves[link] > tolerance * ratio:
            return None
        right, left = divmod(link, len(self.shape.left))
        return left, right


class LinkField:
    """The picture of all links of a network: the bands side by side in one image.

    Parameters
    ----------
    bands
        At least one, all of the same ratio.
    view
        Top and bottom of what is seen: nothing is drawn outside.
    """

    def __init__(self, bands: Sequence[LinkBand], view: tuple[float, float] = EVERYWHERE) -> None:
        self.bands = bands
        self._ratio = bands[0].shape.ratio
        margin = MARGIN_PX * self._ratio
        highest = min(band.centres.min() for band in bands) - margin
        lowest = max(band.centres.max() for band in bands) + margin
        self._top = math.floor(max(highest, view[0] * self._ratio))
        # The last rows take up what belongs further down.
        self._n_rows = max(math.ceil(min(lowest, view[1] * self._ratio)) - self._top, 1) + SPARE_ROWS
        self._n_columns = sum(band.n_columns for band in bands)
        # Every link bends at four heights in each of its columns, and each bend falls between two rows.
        n_bends = 4 * sum(band.centres.size for band in bands)
        self._index = np.empty((2, n_bends), np.intp)
        self._values = np.empty((2, n_bends))
        self._parts = []
        column, bend = 0, 0
        for band in bands:
            size = 4 * band.centres.size
            self._parts.append(
                _BandBends(band, column, self._top, self._n_rows, self._n_columns, slice(bend, bend + size))
            )
            column, bend = column + band.n_columns, bend + size
        self._picture = np.zeros((self._n_rows, self._n_columns), np.uint32)
        form = QImage.Format.Format_ARGB32_Premultiplied
        self._image = QImage(self._picture.data, self._n_columns, self._n_rows, 4 * self._n_columns, form)

    def update(self, weights: Sequence[np.ndarray], theme: Theme) -> None:
        """Draw the picture for these weights, (right units, left units) per band."""
        finite = np.concatenate([np.isfinite(its_weights).reshape(-1) for its_weights in weights])
        if finite.any():
            places = self._gather(weights, broken=False)
            color_table(theme).take(places, out=self._picture, mode="clip")
        else:
            self._picture[:] = 0
        if not finite.all():
            grey = color_table(theme, ("muted", "muted")).take(self._gather(weights, broken=True))
            np.copyto(self._picture, grey, where=self._picture == 0)

    def _gather(self, weights: Sequence[np.ndarray], broken: bool) -> np.ndarray:
        """(rows, columns) places in the colour table: of the links that are finite, or of those that are not."""
        for part, its_weights in zip(self._parts, weights, strict=True):
            part.write(its_weights, self._index, self._values, broken)
        size = 2 * self._n_rows * self._n_columns
        gathered = np.bincount(self._index.reshape(-1), self._values.reshape(-1), minlength=size)
        rows = gathered.reshape(self._n_rows, 2 * self._n_columns)
        for _ in range(2):
            _add_up(rows)
        np.clip(rows, 0, 255, out=rows)
        # The bytes of the two densities of a pixel, side by side, are its place in the colour table.
        return rows.astype(np.uint8).view("<u2")

    def paint(self, painter: QPainter) -> None:
        """Put every band of the picture where it belongs."""
        ratio, column = self._ratio, 0
        for band in self.bands:
            size = (band.n_columns, self._n_rows - SPARE_ROWS)
            width = size[0] * band.step
            target = QRectF(band.pixels.start / ratio, self._top / ratio, width / ratio, size[1] / ratio)
            painter.drawImage(target, self._image, QRectF(column, 0, *size))
            column += band.n_columns


def _add_up(rows: np.ndarray) -> None:
    """Cumulative sum down the rows, in place; for rows this wide, three times as fast as `np.cumsum`."""
    above = rows[0]
    for row in rows[1:]:
        np.add(row, above, row)
        above = row


class _BandBends:
    """The impulses of one band: everything that does not depend on the weights is computed once.

    Arrays are (4 knots, links, columns). In the picture, columns of positive and negative densities alternate.
    """

    def __init__(self, band: LinkBand, column: int, top: int, n_rows: int, n_columns: int, part: slice) -> None:
        self._band, self._part = band, part
        self._last, self._stride = n_rows - SPARE_ROWS, 2 * n_columns
        ramp = np.maximum(0.5, band.slopes * (band.step / 2))
        self._shape = (4, *ramp.shape)
        self._knots = band.centres - top + RAMPS * ramp
        self._stretch = EDGES * np.sqrt(1 + band.slopes**2) / 2
        self._bends = BENDS / (2 * ramp)
        columns = 2 * (column + np.arange(band.n_columns))
        # The sum of sums up to row k is the profile at row k + 1: everything is stored one row later.
        self._columns = np.ascontiguousarray(np.broadcast_to(columns + self._stride, self._shape))
        self._positions = np.empty(self._shape)

    def write(self, weights: np.ndarray, index: np.ndarray, values: np.ndarray, broken: bool) -> None:
        """Write where the impulses are and how strong, as pairs of neighbouring rows; 0 for links of the other sort."""
        self._band.weights = weights
        weights = weights.reshape(-1)
        strength = strengths(weights).astype(float)
        density = self._dashes() if broken else _densities(FAINTEST + (STRONGEST - FAINTEST) * strength)[:, None]
        density = density * (np.isfinite(weights) != broken)[:, None]
        position = np.multiply(self._stretch, self._band.widths(strength)[:, None], out=self._positions)
        position += self._knots
        np.minimum(position, self._last, out=position)
        here, below = (rows[self._part].reshape(self._shape) for rows in index)
        value_here, value_below = (rows[self._part].reshape(self._shape) for rows in values)
        np.copyto(here, position, casting="unsafe")
        # What bends above the picture goes on as a straight line from two impulses in its first two rows.
        np.maximum(here, 0, out=here)
        position -= here
        np.multiply(self._bends, density, out=value_here)
        np.multiply(value_here, position, out=value_below)
        value_here -= value_below
        here *= self._stride
        here += self._columns
        here += (weights < 0)[:, None].astype(np.intp)
        np.add(here, self._stride, out=below)

    def _dashes(self) -> np.ndarray:
        """(links, columns) densities of dashed links."""
        lengths = np.cumsum(np.sqrt(1 + self._band.slopes**2), axis=1) * (self._band.step / self._band.shape.ratio)
        return _densities(np.array(BROKEN_OPACITY)) * (lengths // DASH_PX % 2 == 0)
