"""Loss curves of several runs over each other, test losses clear and training losses faint."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from playground.ui.controls import CheckBox, identify
from playground.ui.plots.loss import Curve, LossPlot, scaled, thinned
from playground.ui.plots.parts import CURVE_PX, FAINT_PX, small_font
from playground.ui.runs.signs import Sign
from playground.ui.text import grouped, loss_text
from playground.ui.theme import DARK, Theme

_FAINT = 0.55
"""Opacity of training losses."""
_REACH_PX = 24
"""So far from the cursor a curve is read."""


class Plotted(NamedTuple):
    """A run as the plot needs it."""

    number: int
    title: str
    sign: Sign
    rows: np.ndarray
    """(n, 3): epoch, training loss, test loss."""


class _Pair(NamedTuple):
    """The two curves of a run."""

    train: Curve
    test: Curve


class RunsPlot(QWidget):
    """The curves of the runs that are shown; the cursor reads the nearest.

    Attributes
    ----------
    log_scale
        Stands elsewhere.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._runs: list[Plotted] = []
        self._pairs: dict[int, _Pair] = {}
        self._cursor: tuple[float, float] | None = None
        self.plot = LossPlot()
        self.cursor_dots = pg.ScatterPlotItem(size=8, pxMode=True)
        self.cursor_dots.setZValue(2)
        self.reading = pg.TextItem()
        self.reading.setFont(small_font())
        self.reading.setZValue(3)
        for item in (self.cursor_dots, self.reading):
            self.plot.box.addItem(item, ignoreBounds=True)
        self.log_scale = CheckBox("Log")
        identify(self.log_scale, "runs-log-scale", "Logarithmic loss scale of the runs")
        self.log_scale.setToolTip("Equal distances for equal ratios: shows progress at small losses")
        self.log_scale.setChecked(True)
        self.log_scale.toggled.connect(self._draw)
        self.plot.cursor_moved.connect(self._move_cursor)
        self.plot.setAccessibleName("Loss curves of the runs")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.plot)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._theme = theme
        self.plot.set_theme(theme, grid=True)
        self.cursor_dots.setPen(pg.mkPen(theme.panel, width=1.5))
        self.reading.setColor(theme.text)
        self.reading.fill = pg.mkBrush(theme.raised)
        self.reading.border = pg.mkPen(theme.hairline)
        self._draw()

    @property
    def shown(self) -> list[Plotted]:
        """What is drawn."""
        return self._runs

    def show_runs(self, runs: list[Plotted]) -> None:
        """Draw these."""
        self._runs = runs
        present = {run.number for run in runs}
        for number in [number for number in self._pairs if number not in present]:
            for curve in self._pairs.pop(number):
                self.plot.box.removeItem(curve)
        for run in runs:
            if run.number not in self._pairs:
                self._pairs[run.number] = pair = _Pair(Curve(FAINT_PX), Curve(CURVE_PX))
                for curve, height in zip(pair, (0.0, 0.5), strict=True):
                    curve.setZValue(height)
                    self.plot.box.addItem(curve, ignoreBounds=True)
        self._draw()

    def show_newest(self, rows: np.ndarray, number: int) -> None:
        """Draw the curve of one run again: it has grown."""
        for place, run in enumerate(self._runs):
            if run.number == number:
                self._runs[place] = run._replace(rows=rows)
                self._fit()
                self._draw_run(self._runs[place])
                self._show_cursor()

    # ---------------------------------------------------------------------------------------------

    def _draw(self) -> None:
        self._fit()
        for run in self._runs:
            self._draw_run(run)
        self._show_cursor()
        self._describe()

    def _fit(self) -> None:
        rows = [run.rows for run in self._runs if len(run.rows)]
        both = np.concatenate(rows) if rows else np.empty((0, 3))
        logarithmic = self.log_scale.isChecked()
        ends = np.array([both[:, 0].min(), both[:, 0].max()]) if len(both) else np.empty(0)
        self.plot.fit(ends, scaled(both[:, 1:].ravel(), logarithmic), logarithmic)
        self.plot.set_notice("" if rows else "Tick a run to see its curve" if not self._runs else "Nothing trained yet")

    def _draw_run(self, run: Plotted) -> None:
        pair, columns = self._pairs[run.number], max(64, int(self.plot.box.width()))
        for curve, losses, alpha in ((pair.train, run.rows[:, 1], _FAINT), (pair.test, run.rows[:, 2], 1.0)):
            pen = run.sign.pen(self._theme, 1.0, alpha)
            pen.setCosmetic(True)
            pen.setCapStyle(Qt.PenCapStyle.SquareCap)  # without gaps between the pieces
            curve.setPen(pen)
            # Piece by piece, dashes would begin anew at each point.
            curve.setSegmentedLineMode("on" if run.sign.style == Qt.PenStyle.SolidLine else "off")
            curve.setData(*thinned(run.rows[:, 0], scaled(losses, self.log_scale.isChecked()), columns))
            curve.setVisible(len(run.rows) > 1)

    def _describe(self) -> None:
        said = ", ".join(f"{run.title} {_loss(run.rows[-1, 2])}" for run in self._runs if len(run.rows))
        self.plot.setAccessibleDescription(f"Test loss at the end: {said}" if said else "No curve is shown")

    # -- the cursor -------------------------------------------------------------------------------

    def _move_cursor(self, position: tuple[float, float] | None) -> None:
        self._cursor = position
        self._show_cursor()

    def _show_cursor(self) -> None:
        """Read out the curve nearest to the cursor; without one, say what the lines are."""
        found = None if self._cursor is None else self._nearest(*self._cursor)
        for item in (self.cursor_dots, self.reading):
            item.setVisible(found is not None)
        self.plot.set_heading("test loss, training faint" if self._runs else "", "")
        if found is None:
            return
        run, (epoch, train, test) = found
        at = scaled(np.array([test, train]), self.log_scale.isChecked())
        seen = np.isfinite(at)
        color = self._theme.color(run.sign.token)
        self.cursor_dots.setData(x=[epoch] * int(seen.sum()), y=at[seen], brush=color)
        said = f"{run.title}\nepoch {grouped(int(epoch))}\ntest {_loss(test)}\ntrain {_loss(train)}"
        self._place_reading(said, float(epoch), float(np.nanmean(at)) if seen.any() else 0.0)

    def _place_reading(self, text: str, x: float, y: float) -> None:
        """Write beside a place, on the side where there is more room."""
        (left, right), (low, high) = self.plot.box.viewRange()
        beyond, above = x > (left + right) / 2, y > (low + high) / 2
        self.reading.setText(text)
        self.reading.setAnchor((1.1 if beyond else -0.1, 0.0 if above else 1.0))
        self.reading.setPos(x, y)

    def _nearest(self, x: float, y: float) -> tuple[Plotted, np.ndarray] | None:
        """The run whose test loss is nearest above or below the cursor, and its row there."""
        (low, high), height_px = self.plot.box.viewRange()[1], self.plot.box.height()
        best, best_px = None, math.inf
        for run in self._runs:
            if not len(run.rows) or not run.rows[0, 0] <= x <= run.rows[-1, 0]:
                continue
            row = run.rows[int(np.abs(run.rows[:, 0] - x).argmin())]
            away = np.abs(scaled(row[1:], self.log_scale.isChecked()) - y) / (high - low) * height_px
            away_px = float(np.nanmin(away)) if np.isfinite(away).any() else math.inf
            if away_px < best_px:
                best, best_px = (run, row), away_px
        return best if best_px <= _REACH_PX else None


def _loss(loss: float) -> str:
    return "–" if math.isnan(loss) else loss_text(loss)
