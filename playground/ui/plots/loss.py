"""The loss chart: how far training and test have come, epoch by epoch."""

from __future__ import annotations

import math

import numpy as np
import pyqtgraph as pg
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

import nncore as nn
from playground.engine.mirror import Mirror
from playground.engine.snapshot import History
from playground.ui.plots.parts import CURVE_PX, DASH_PX, ReadOut, Segment
from playground.ui.plots.plot import Axis, ShowOnlyPlot, number_ticks
from playground.ui.plots.scales import finite, linear_ticks, log_ticks, nice_ceil, nice_floor
from playground.ui.text import grouped, plain
from playground.ui.theme import DARK, Theme

LOG_FLOOR = 1e-8
"""On the logarithmic scale smaller losses, and zero, are drawn here."""

_ROUND_EPOCHS = (1.0, 1.25, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
_ROUND_LOSSES = (1.0, 2.0, 5.0, 10.0)


class LossView(QWidget):
    """Training and test loss over epochs, with a logarithmic or linear scale and values on hover."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._history: History | None = None
        self._cursor: float | None = None
        self._ranges: tuple[float, ...] = ()
        self.plot = ShowOnlyPlot(Axis("left"), Axis("bottom", caption="epoch"))
        self.plot.axes[0].setLabel("loss")
        self.plot.axes[0].setWidth(48)
        self.train_curve, self.test_curve = pg.PlotCurveItem(connect="finite"), pg.PlotCurveItem(connect="finite")
        for curve in (self.train_curve, self.test_curve):
            # Qt strokes a long, jagged path wider than a pixel 30 times slower than its pieces.
            curve.setSegmentedLineMode("on")
        self.cursor_line = pg.InfiniteLine(angle=90, movable=False)
        self.cursor_dots = pg.ScatterPlotItem(size=8, pxMode=True)
        self.cursor_dots.setZValue(1)
        for item in (self.cursor_line, self.test_curve, self.train_curve, self.cursor_dots):
            self.plot.box.addItem(item, ignoreBounds=True)
        self.readout = ReadOut("Loss at the cursor, or the newest")
        self.log_scale = QCheckBox("Log")
        self.log_scale.setObjectName("loss-log-scale")
        self.log_scale.setAccessibleName("Logarithmic loss scale")
        self.log_scale.setToolTip("Equal distances for equal ratios: shows progress at small losses")
        self.log_scale.setChecked(True)
        self._arrange()
        self.log_scale.toggled.connect(self.refresh)
        self.plot.cursor_moved.connect(self._move_cursor)
        self.refresh()

    def _arrange(self) -> None:
        options = QHBoxLayout()
        options.addWidget(self.readout, 1)
        options.addWidget(self.log_scale)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(options)
        layout.addWidget(self.plot, 1)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._theme = theme
        self.readout.set_theme(theme)
        self.plot.set_theme(theme, grid=True)
        width = CURVE_PX * self.devicePixelRatioF()  # pens of curves are measured in pixels of the screen
        self.train_curve.setPen(pg.mkPen(theme.accent, width=width))
        self.test_curve.setPen(pg.mkPen(theme.muted, width=width))
        self.cursor_line.setPen(pg.mkPen(theme.color("muted", 0.6), width=1))
        self.cursor_dots.setPen(pg.mkPen(theme.panel, width=1.5))
        self._show_cursor()

    def set_mirror(self, mirror: Mirror) -> None:
        """Say at the axis which loss the curve is of."""
        loss = nn.Loss.named(mirror.spec.training.loss)
        self.plot.axes[0].setLabel(f"loss ({loss.label})")

    def set_history(self, history: History) -> None:
        """Follow this history; it is read again at each `refresh`."""
        self._history = history
        self.refresh()

    def refresh(self) -> None:
        """Draw the history as it is now."""
        history = self._history
        empty = history is None or len(history) == 0
        self.plot.set_notice("Press Play to see the loss fall" if empty else "")
        epochs, train, test = (np.empty(0),) * 3
        if history is not None:
            epochs, train, test = history.epochs, self._scaled(history.train_loss), self._scaled(history.test_loss)
        self._fit(epochs, np.concatenate([train, test]))
        columns = max(64, int(self.plot.box.width()))
        self.train_curve.setData(*thinned(epochs, train, columns))
        self._draw_dashed(*thinned(epochs, test, columns), columns)
        self._show_cursor()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what was missed while hidden."""
        super().showEvent(event)
        self.refresh()

    def _scaled(self, losses: np.ndarray) -> np.ndarray:
        """Losses in the coordinates of the plot; what is not finite becomes a gap."""
        values = np.where(np.isfinite(losses), losses, np.nan)
        return np.log10(np.maximum(values, LOG_FLOOR)) if self.log_scale.isChecked() else values

    def _fit(self, epochs: np.ndarray, scaled: np.ndarray) -> None:
        """Choose round ranges around the data: they change seldom, and then by a visible step."""
        last = nice_ceil(max(10.0, float(epochs[-1])), _ROUND_EPOCHS) if len(epochs) else 100.0
        values = finite(scaled)
        low, high = (float(values.min()), float(values.max())) if len(values) else (math.nan, math.nan)
        logarithmic = self.log_scale.isChecked()
        low, high = _log_range(low, high) if logarithmic else _linear_range(high)
        ranges = (last, low, high, logarithmic)
        if ranges == self._ranges:
            return
        self._ranges = ranges
        left, bottom = self.plot.axes
        bottom.set_ticks([(tick, grouped(round(tick))) for tick in linear_ticks(0, last, 5)])
        if logarithmic:
            ticks = log_ticks(10**low, 10**high, 6)
            left.set_ticks([(math.log10(tick), plain(tick)) for tick in ticks])
        else:
            left.set_ticks(number_ticks(linear_ticks(low, high, 5)))
        self.plot.set_ranges((0, last), (low, high))

    def _draw_dashed(self, epochs: np.ndarray, test: np.ndarray, columns: int) -> None:
        """Dashes are left-out pieces: a dashed pen would need the slow path. Long pieces are cut at every pixel."""
        px_per_epoch = columns / self._ranges[0]
        if 1 < len(epochs) < columns:
            grid = np.arange(epochs[0], epochs[-1], 1 / px_per_epoch)
            places = np.union1d(grid, epochs)
            epochs, test = places, np.interp(places, epochs, test)
        drawn = np.mod(epochs * px_per_epoch, sum(DASH_PX)) < DASH_PX[0]
        self.test_curve.setData(epochs, test, connect=drawn & np.isfinite(test) & np.isfinite(np.roll(test, -1)))

    def _move_cursor(self, position: tuple[float, float] | None) -> None:
        self._cursor = None if position is None else position[0]
        self._show_cursor()

    def _show_cursor(self) -> None:
        """Read out the entry nearest to the cursor, or the newest."""
        history = self._history
        hovered = history is not None and len(history) > 0 and self._cursor is not None
        self.cursor_line.setVisible(hovered)
        self.cursor_dots.setVisible(hovered)
        if history is None or len(history) == 0:
            self.readout.show_segments(*_legend("train", "test"))
            return
        index = _nearest(history.epochs, self._cursor) if self._cursor is not None else len(history) - 1
        epoch, train, test = history.epochs[index], history.train_loss[index], history.test_loss[index]
        self.readout.show_segments(
            Segment(f"epoch {grouped(int(epoch))}"), *_legend(f"train {_loss_text(train)}", f"test {_loss_text(test)}")
        )
        if hovered:
            self.cursor_line.setValue(epoch)
            brushes = [self._theme.color("accent"), self._theme.color("muted")]
            self.cursor_dots.setData(x=[epoch] * 2, y=self._scaled(np.array([train, test])), brush=brushes)


def thinned(x: np.ndarray, y: np.ndarray, columns: int) -> tuple[np.ndarray, np.ndarray]:
    """Two to four points per pixel column that look like the whole curve: each bin's least and greatest.

    Bins hold a fixed number of samples from the start, so that those already drawn do not move as the curve grows.
    """
    size = len(x) // columns
    if size < 2:
        return x, y
    whole = len(x) // size * size
    bins = y[:whole].reshape(-1, size)
    ends = np.stack([bins.min(axis=1), bins.max(axis=1)], axis=1)
    falling = bins[:, 0] > bins[:, -1]
    ends[falling] = ends[falling, ::-1]
    starts = x[:whole].reshape(-1, size)
    places = np.stack([starts[:, 0], starts[:, size // 2]], axis=1)
    return np.concatenate([places.ravel(), x[whole:]]), np.concatenate([ends.ravel(), y[whole:]])


def _log_range(low: float, high: float) -> tuple[float, float]:
    if math.isnan(low):
        return -2.0, 0.0
    bottom, top = nice_floor(10**low, _ROUND_LOSSES), nice_ceil(10**high, _ROUND_LOSSES)
    return math.log10(bottom), math.log10(top if top > bottom else 2 * bottom)


def _linear_range(high: float) -> tuple[float, float]:
    return 0.0, 1.0 if math.isnan(high) else nice_ceil(max(high, LOG_FLOOR))


def _nearest(epochs: np.ndarray, epoch: float) -> int:
    behind = int(np.clip(np.searchsorted(epochs, epoch), 1, max(1, len(epochs) - 1)))
    if len(epochs) == 1:
        return 0
    return behind if epochs[behind] - epoch < epoch - epochs[behind - 1] else behind - 1


def _legend(train: str, test: str) -> tuple[Segment, Segment]:
    return Segment(train, "text", curve="accent"), Segment(test, "text", curve="muted", dashed=True)


def _loss_text(loss: float) -> str:
    return f"{loss:.3f}" if 0.001 <= loss < 1000 else plain(loss)
