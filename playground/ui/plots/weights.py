"""Every layer's weights and biases as heat maps on one colour scale."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from playground.engine.mirror import Mirror
from playground.ui.names import bias_name, layer_names, weight_name
from playground.ui.plots.heatmap import LayerHeatmap, Spot
from playground.ui.plots.parts import ColorBar, FigureLine, Segment
from playground.ui.plots.scales import SteadyLimit, finite
from playground.ui.plots.strip import Strip
from playground.ui.text import signed
from playground.ui.theme import DARK, Theme

_GAP_PX = 28
_LARGEST_CELL_PX = 30
_LEAST_CELL_PX = 12
"""Cells become no smaller than this to fit the width (only to fit the height): the strip scrolls instead."""

_TYPICAL_SHARE = 0.95
"""This share of all weights lies inside the colour scale; one huge weight must not pale all others."""


class WeightsView(QWidget):
    """A heat map (units × inputs) per layer, its biases beside it, and the value under the cursor."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mirror: Mirror | None = None
        self._theme = DARK
        self._limit = SteadyLimit(least=0.01)
        self._cursor: QPointF | None = None
        self.heatmaps: list[LayerHeatmap] = []
        self.strip = Strip("Weights of every layer")
        self.readout = FigureLine("Weight under the cursor")
        self.legend = ColorBar()
        self.legend.setToolTip("One scale for all layers; the few stronger values have the colours of the ends")
        above = QHBoxLayout()
        above.addWidget(self.readout)
        above.addWidget(self.legend)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(above)
        layout.addWidget(self.strip, 1)
        self.strip.canvas.set_notice("The weights of every layer appear here")
        self.strip.resized.connect(self._place)
        self.strip.canvas.cursor_moved.connect(self._move_cursor)

    @property
    def limit(self) -> float:
        """The magnitude that has the full colour."""
        return self._limit.value

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._theme = theme
        for part in (self.strip, self.readout, self.legend):
            part.set_theme(theme)
        self.refresh()

    def set_mirror(self, mirror: Mirror) -> None:
        """Show another network; heat maps are kept as long as they are needed."""
        self._mirror = mirror
        network = mirror.network
        layers = [(index, own) for index, own in enumerate(network.split(network.parameters)) if own]
        while len(self.heatmaps) > len(layers):
            self.strip.canvas.removeItem(self.heatmaps.pop())
        while len(self.heatmaps) < len(layers):
            self.heatmaps.append(LayerHeatmap())
            self.strip.canvas.addItem(self.heatmaps[-1])
        names = layer_names(mirror.spec)
        for heatmap, (index, own) in zip(self.heatmaps, layers, strict=True):
            heatmap.set_layer(index, names[index], *own)
        self.strip.canvas.set_notice("" if layers else "No layer of this network has weights")
        self._place()
        if self.isVisible():
            self.refresh()

    def refresh(self) -> None:
        """Draw what the mirror holds now."""
        if self._mirror is None:
            return
        magnitudes = finite(np.abs(self._mirror.network.parameters))
        limit = self._limit.fit(typical(magnitudes))
        self.legend.set_limit(limit)
        for heatmap in self.heatmaps:
            heatmap.refresh(self._theme, limit)
        self._show_value()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what was missed while hidden."""
        super().showEvent(event)
        self.refresh()

    def _place(self) -> None:
        """Choose the largest cells with which all layers fit, and put the layers side by side."""
        width, height = self.strip.viewport().width(), self.strip.viewport().height()
        for cell in range(_LARGEST_CELL_PX, _LEAST_CELL_PX - 1, -1):
            needed = sum(heatmap.fit(cell, height) + _GAP_PX for heatmap in self.heatmaps) - _GAP_PX
            if needed <= width:
                break
        x = 0.0
        for heatmap in self.heatmaps:
            heatmap.setPos(x, 0)
            x += heatmap.boundingRect().width() + _GAP_PX
        self.strip.set_content_width(max(0.0, x - _GAP_PX))

    def _move_cursor(self, position: QPointF | None) -> None:
        self._cursor = position
        self._show_value()

    def _show_value(self) -> None:
        segments = (Segment("Point at a weight"),)
        for heatmap in self.heatmaps:
            spot = None if self._cursor is None else heatmap.spot_at(heatmap.mapFromScene(self._cursor))
            heatmap.set_marked(spot)
            if spot is not None:
                name = self._name_of(heatmap.index + 1, spot)
                segments = (Segment(name), Segment(signed(heatmap.value_of(spot), 3), "text"))
        self.readout.show_segments(*segments)

    def _name_of(self, column: int, spot: Spot) -> str:
        assert self._mirror is not None
        spec = self._mirror.spec
        if spot.source is None:
            return bias_name(spec, column, spot.unit)
        return weight_name(spec, column, spot.unit, spot.source)


def typical(magnitudes: np.ndarray) -> float:
    """The magnitude that `_TYPICAL_SHARE` of them do not exceed; NaN if there are none.

    `np.percentile` would import the masked arrays of NumPy, in the middle of the first frame.
    """
    if len(magnitudes) == 0:
        return np.nan
    place = int(_TYPICAL_SHARE * (len(magnitudes) - 1))
    return float(np.partition(magnitudes, place)[place])
