"""How a weight matrix is laid out as a picture: a cell per weight or, of very wide ones, per several."""

from __future__ import annotations

import math

import numpy as np

MOST_COLUMNS = 256
"""Wider matrices are drawn with a cell for several neighbouring weights."""
GROUP_PX = 3.0
"""Width of a cell that stands for several weights."""
MOST_PICTURES = 24
"""Of units that look at pictures, so many have theirs drawn."""


class Sheet:
    """A weight matrix (units, inputs) as cells (rows, columns), row by row.

    Attributes
    ----------
    rows, columns
        Of the cells.
    note
        What has to be said of them: "" where every weight has its own.
    """

    scale = 1.0
    """How large cells are beside those of other layers."""

    def __init__(self, units: int, inputs: int) -> None:
        self.units, self.inputs = units, inputs
        self._group = max(1, math.ceil(inputs / MOST_COLUMNS))
        self.rows, self.columns = units, math.ceil(inputs / self._group)
        self.note = f"means of {self._group}" if self._group > 1 else ""

    def cells(self, weights: np.ndarray) -> np.ndarray:
        """(rows, columns): what the cells show of these weights, (units, inputs)."""
        if self._group == 1:
            return weights
        starts = np.arange(0, self.inputs, self._group)
        counts = np.diff(starts, append=self.inputs)
        return np.add.reduceat(weights, starts, axis=1) / counts.astype(weights.dtype)

    def cell_width(self, height: float) -> float | None:
        """How wide a cell of this height has to be; None where that is free."""
        return min(height, GROUP_PX) if self._group > 1 else None

    def spot(self, row: int, column: int) -> tuple[int, slice] | None:
        """The unit and the inputs of a cell; None for one that shows nothing."""
        if not (0 <= row < self.rows and 0 <= column < self.columns):
            return None
        return row, slice(column * self._group, min((column + 1) * self._group, self.inputs))

    def place(self, unit: int, source: int) -> tuple[int, int]:
        """The row and column of the cell of a weight."""
        return unit, source // self._group


class PictureSheet(Sheet):
    """The weights of each unit as the picture it looks for, side by side; colours are averaged.

    Parameters
    ----------
    shape
        (height, width) or (height, width, colours) of a sample.
    """

    scale = 1 / 3

    def __init__(self, units: int, shape: tuple[int, ...]) -> None:
        super().__init__(units, math.prod(shape))
        self._height, self._width = shape[:2]
        self._colors = math.prod(shape[2:])
        self._shown = min(units, MOST_PICTURES)
        self.rows, self.columns = self._height, self._shown * (self._width + 1) - 1
        notes = [f"first {self._shown} units"] if self._shown < units else []
        self.note = ", ".join([*notes, "colours averaged"] if self._colors > 1 else notes)

    def cells(self, weights: np.ndarray) -> np.ndarray:
        pictures = weights[: self._shown].reshape(self._shown, self._height, self._width, self._colors)
        framed = np.zeros((self._height, self._shown, self._width + 1), weights.dtype)
        framed[:, :, :-1] = pictures.mean(axis=3).transpose(1, 0, 2)
        return framed.reshape(self._height, -1)[:, :-1]

    def cell_width(self, height: float) -> float | None:
        return height

    def spot(self, row: int, column: int) -> tuple[int, slice] | None:
        unit, x = divmod(column, self._width + 1)
        if not (0 <= row < self.rows and 0 <= column < self.columns and x < self._width):
            return None
        first = (row * self._width + x) * self._colors
        return unit, slice(first, first + self._colors)

    def place(self, unit: int, source: int) -> tuple[int, int]:
        row, x = divmod(source // self._colors, self._width)
        return row, unit * (self._width + 1) + x


def sheet_for(units: int, inputs: int, shape: tuple[int, ...] | None) -> Sheet:
    """The layout for a matrix of this size, whose inputs are the pixels of a picture of this shape, if any."""
    if shape is not None and math.prod(shape) == inputs:
        return PictureSheet(units, shape)
    return Sheet(units, inputs)
