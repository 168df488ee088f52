"""The loss chart: how far training and test have come, epoch by epoch."""

from __future__ import annotations

import math

import numpy as np
import pyqtgraph as pg
from PySide6.QtGui import QPainter, QShowEvent, QTransform
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

import nncore as nn
from playground.engine.mirror import Mirror
from playground.engine.snapshot import History
from playground.ui.controls import CheckBox, identify
from playground.ui.plots.parts import CURVE_PX, FAINT_PX, FigureLine, Segment
from playground.ui.plots.plot import Axis, ShowOnlyPlot, axis_texts, number_ticks
from playground.ui.plots.scales import finite, linear_ticks, log_ticks, nice_ceil, nice_floor
from playground.ui.text import grouped, loss_text
from playground.ui.theme import DARK, Theme

LOG_FLOOR = 1e-8
"""On the logarithmic scale smaller losses, and zero, are drawn here."""

_ROUND_EPOCHS = (1.0, 1.25, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
_ROUND_LOSSES = (1.0, 2.0, 5.0, 10.0)


class LossPlot(ShowOnlyPlot):
    """Losses over epochs, with room for a line above: what is plotted, and where the cursor is."""

    _TOP_PX = 24

    def __init__(self) -> None:
        super().__init__(Axis("left", least_px=44), Axis("bottom", caption="epoch"))
        self._ranges: tuple[float, ...] = ()

    def fit(self, epochs: np.ndarray, scaled: np.ndarray, logarithmic: bool) -> None:
        """Choose round ranges around the data: they change seldom, and then by a visible step.

        Parameters
        ----------
        epochs
            (n,), in order; only the first and the last matter.
        scaled
            (m,) losses as `scaled` gives them; may be NaN.
        """
        first, last = 0.0, 100.0
        if len(epochs):
            first = float(epochs[0])
            last = first + nice_ceil(max(10.0, float(epochs[-1]) - first), _ROUND_EPOCHS)
        values = finite(scaled)
        low, high = (float(values.min()), float(values.max())) if len(values) else (math.nan, math.nan)
        low, high = _log_range(low, high) if logarithmic else _linear_range(high)
        ranges = (first, last, low, high, logarithmic)
        if ranges == self._ranges:
            return
        self._ranges = ranges
        left, bottom = self.axes
        bottom.set_ticks(number_ticks(linear_ticks(first, last, 5)))
        if logarithmic:
            ticks = log_ticks(10**low, 10**high, 6)
            left.set_ticks(list(zip(map(math.log10, ticks), axis_texts(ticks), strict=True)))
        else:
            left.set_ticks(number_ticks(linear_ticks(low, high, 5)))
        self.set_ranges((first - (last - first) / 60, last), (low, high))  # room for a whole dot at the start


class Curve(pg.PlotCurveItem):
    """A curve that is as wide as several strokes of one pixel beside each other.

    Of a long, jagged line, Qt draws a wider stroke 15 times slower than one of a pixel.
    """

    def __init__(self, width_px: float) -> None:
        super().__init__(connect="finite")
        self.width_px = width_px
        self.setSegmentedLineMode("on")  # stroked as one path, it would take longer still

    def paint(self, p: QPainter, opt, widget=None) -> None:
        """Draw the strokes from the lower left to the upper right: a falling curve gets its full width."""
        ratio = p.device().devicePixelRatioF()
        reach = (self.width_px - 1 / ratio) / 2
        strokes = 1 + math.ceil(2 * math.sqrt(2) * reach * ratio)  # so near each other that nothing shows between them
        place = p.transform()
        for shift in np.linspace(-reach, reach, strokes) if strokes > 1 else (0.0,):
            p.setTransform(place * QTransform.fromTranslate(shift, -shift))
            super().paint(p, opt, widget)
        p.setTransform(place)


class LossView(QWidget):
    """Training and test loss over epochs, with a logarithmic or linear scale and values on hover.

    Of a history in which data or loss have changed, only what has come since is drawn: it cannot be compared.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._history: History | None = None
        self._cursor: float | None = None
        self._begun = False
        self._name = ""
        self.plot = LossPlot()
        identify(self.plot, "loss-plot", "Loss curve")
        self.train_curve, self.test_curve = Curve(CURVE_PX), Curve(FAINT_PX)
        self.cursor_line = pg.InfiniteLine(angle=90, movable=False)
        self.cursor_dots = pg.ScatterPlotItem(size=8, pxMode=True)
        self.cursor_dots.setZValue(1)
        for item in (self.cursor_line, self.test_curve, self.train_curve, self.cursor_dots):
            self.plot.box.addItem(item, ignoreBounds=True)
        self.readout = FigureLine("Loss at the cursor, or the newest")
        self.log_scale = CheckBox("Log")
        identify(self.log_scale, "loss-log-scale", "Logarithmic loss scale")
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
        self.train_curve.setPen(pg.mkPen(theme.accent, width=1))
        self.test_curve.setPen(pg.mkPen(theme.muted, width=1))
        self.cursor_line.setPen(pg.mkPen(theme.color("muted", 0.6), width=1))
        self.cursor_dots.setPen(pg.mkPen(theme.panel, width=1.5))
        self._show_cursor()

    def set_mirror(self, mirror: Mirror) -> None:
        """Say above the plot which loss the curve is of."""
        self._name = nn.Loss.named(mirror.spec.training.loss).label
        self._show_cursor()

    def set_history(self, history: History) -> None:
        """Follow this history; it is read again at each `refresh`."""
        self._history = history
        self.refresh()

    def refresh(self) -> None:
        """Draw the history as it is now."""
        history = self._history
        epochs, train, test = (np.empty(0),) * 3
        start = 0
        if history is not None:
            start = history.start
            epochs = history.epochs[start:]
            train, test = (self._scaled(losses[start:]) for losses in (history.train_loss, history.test_loss))
        self.plot.fit(epochs, np.concatenate([train, test]), self.log_scale.isChecked())
        # Edits before the training has begun give several losses of one epoch: only the last of them is true.
        begun = self._begun = len(epochs) > 1 and epochs[-1] > epochs[0]
        self.plot.set_notice("" if begun or start else "Press Play to see the loss fall")
        shown = slice(None if begun else 0)
        columns = max(64, int(self.plot.box.width()))
        self.train_curve.setData(*thinned(epochs[shown], train[shown], columns))
        self.test_curve.setData(*thinned(epochs[shown], test[shown], columns))
        self._show_cursor()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what was missed while hidden."""
        super().showEvent(event)
        self.refresh()

    def _scaled(self, losses: np.ndarray) -> np.ndarray:
        return scaled(losses, self.log_scale.isChecked())

    def _move_cursor(self, position: tuple[float, float] | None) -> None:
        self._cursor = None if position is None else position[0]
        self._show_cursor()

    def _show_cursor(self) -> None:
        """Read out the entry nearest to the cursor, or the newest."""
        history = self._history
        if history is None or len(history) == 0:
            self.cursor_line.setVisible(False)
            self.cursor_dots.setVisible(False)
            self.plot.set_heading(self._name, "")
            self.readout.show_segments(*_legend("train", "test"))
            return
        hovered = self._cursor is not None
        index = len(history) - 1
        if self._cursor is not None:
            index = history.start + _nearest(history.epochs[history.start :], self._cursor)
        epoch, train, test = history.epochs[index], history.train_loss[index], history.test_loss[index]
        self.plot.set_heading(self._name, f"epoch {grouped(int(epoch))}" if hovered else "")
        self.readout.show_segments(*_legend(f"train {loss_text(train)}", f"test {loss_text(test)}"))
        self.cursor_line.setVisible(hovered)
        self.cursor_line.setValue(epoch)
        self._show_dots(float(epoch), self._scaled(np.array([test, train])), hovered or not self._begun)

    def _show_dots(self, epoch: float, losses: np.ndarray, wanted: bool) -> None:
        """Mark the losses, test and training, that are read out, as far as they are numbers."""
        shown = np.isfinite(losses)
        visible = wanted and bool(shown.any())
        self.cursor_dots.setVisible(visible)
        if visible:
            brushes = [self._theme.color(token) for token, seen in zip(("muted", "accent"), shown, strict=True) if seen]
            self.cursor_dots.setData(x=[epoch] * len(brushes), y=losses[shown], brush=brushes)


def scaled(losses: np.ndarray, logarithmic: bool) -> np.ndarray:
    """Losses in the coordinates of a plot; what is not finite becomes a gap."""
    values = np.where(np.isfinite(losses), losses, np.nan)
    return np.log10(np.maximum(values, LOG_FLOOR)) if logarithmic else values


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
    return Segment(train, "text", "curve", "accent"), Segment(test, "text", "faint curve", "muted")
