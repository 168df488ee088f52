"""Every layer's weights and biases as heat maps on one colour scale."""

from __future__ import annotations

import numpy as np
from PySide6.QtWidgets import QWidget

from nncore.layers import Parameters
from playground.engine.mirror import Mirror
from playground.ui.names import bias_name, layer_names, weight_name
from playground.ui.plots.heatmap import LayerHeatmap, Spot
from playground.ui.plots.layers_view import LayersView
from playground.ui.plots.parts import ColorBar, Segment
from playground.ui.plots.scales import SteadyLimit, finite
from playground.ui.text import signed
from playground.ui.theme import Theme

_GAP_PX = 28
_LARGEST_CELL_PX = 30
_LEAST_CELL_PX = 12
"""Cells become no smaller than this to fit the width (only to fit the height): the strip scrolls instead."""

_TYPICAL_SHARE = 0.95
"""This share of all weights lies inside the colour scale; one huge weight must not pale all others."""


class WeightsView(LayersView):
    """A heat map (units × inputs) per layer, its biases beside it, and the value under the cursor."""

    subject = "Weights"
    readout_name = "Weight under the cursor"

    def __init__(self, parent: QWidget | None = None) -> None:
        self.legend = ColorBar()
        super().__init__(self.legend, parent)
        self._limit = SteadyLimit(least=0.01)
        self.heatmaps: list[LayerHeatmap] = []
        self.legend.setToolTip(
            "One scale for all layers, but those of so many inputs that they are drawn otherwise; "
            "the few stronger values have the colours of the ends"
        )

    @property
    def limit(self) -> float:
        """The magnitude that has the full colour."""
        return self._limit.value

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        super().set_theme(theme)
        self.refresh()

    def set_mirror(self, mirror: Mirror) -> None:
        """Show another network; heat maps are kept as long as they are needed."""
        if mirror is self._mirror:
            self.refresh()
            return
        self._mirror = mirror
        network = mirror.network
        parts = enumerate(network.split(network.parameters))
        layers = [(index, own) for index, own in parts if isinstance(own, Parameters)]
        self._fit_count(self.heatmaps, len(layers), LayerHeatmap)
        names = layer_names(mirror.spec)
        for place, (heatmap, (index, own)) in enumerate(zip(self.heatmaps, layers, strict=True)):
            # The first of them sees the inputs.
            heatmap.set_layer(index, names[index], *own, mirror.problem.dataset.shape if place == 0 else None)
        self.strip.canvas.set_notice("" if layers else "No layer of this network has weights")
        self._place()
        if self.isVisible():
            self.refresh()

    def refresh(self) -> None:
        """Draw what the mirror holds now."""
        if self._mirror is None:
            return
        # A layer with thousands of inputs has a scale of its own: its weights are far smaller, and far more.
        shared = [heatmap for heatmap in self.heatmaps if not heatmap.is_wide]
        limit = self._limit.fit(typical(_magnitudes(shared)))
        self.legend.set_limit(limit)
        for heatmap in self.heatmaps:
            heatmap.refresh(self._theme, typical(_magnitudes([heatmap])) if heatmap.is_wide else limit)
        self._show_cursor()

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

    def _show_cursor(self) -> None:
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
        name = weight_name(spec, column, spot.unit, spot.source)
        return name if spot.merged == 1 else f"{name}, and {spot.merged - 1} more"


def _magnitudes(heatmaps: list[LayerHeatmap]) -> np.ndarray:
    """The finite magnitudes of all their weights and biases."""
    return finite(np.abs(np.concatenate([np.empty(0), *(part.ravel() for each in heatmaps for part in each.arrays)])))


def typical(magnitudes: np.ndarray) -> float:
    """The magnitude that `_TYPICAL_SHARE` of them do not exceed; NaN if there are none.

    `np.percentile` would import the masked arrays of NumPy, in the middle of the first frame.
    """
    if len(magnitudes) == 0:
        return np.nan
    place = int(_TYPICAL_SHARE * (len(magnitudes) - 1))
    return float(np.partition(magnitudes, place)[place])
