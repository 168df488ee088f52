"""What flows through the network: a histogram of every layer's activations, and one of its gradients."""

from __future__ import annotations

import functools
import math

import numpy as np
from PySide6.QtWidgets import QWidget

import nncore as nn
from playground.engine.mirror import Mirror
from playground.ui.names import layer_title
from playground.ui.plots.histogram_cell import HistogramCell
from playground.ui.plots.layers_view import LayersView
from playground.ui.plots.parts import FigureLine, Segment
from playground.ui.plots.scales import finite
from playground.ui.text import percent, plain
from playground.ui.theme import Theme

_GAP_PX = 24
_LEAST_PX, _GREATEST_PX = 136, 260


class HistogramsView(LayersView):
    """One histogram per layer, side by side; what of the network they show is said by a subclass."""

    readout_name = "Bar under the cursor"
    meter_says = ""
    """What the line below the figures of a layer shows."""
    meter_tip = ""

    def __init__(self, parent: QWidget | None = None) -> None:
        self.legend = FigureLine("What the line below the figures shows")
        super().__init__(self.legend, parent)
        self._layers: list[int] = []
        self.cells: list[HistogramCell] = []
        self.legend.show_segments(Segment(self.meter_says, sign="curve", sign_token="accent"))
        self.legend.setFixedWidth(self.legend.needed_px())
        self.legend.setToolTip(self.meter_tip)
        self._show_cursor()

    def shows(self, layer: nn.Layer) -> bool:
        """Whether a layer has a histogram."""
        raise NotImplementedError

    def values(self, mirror: Mirror) -> list[np.ndarray]:
        """One array per layer of the network."""
        raise NotImplementedError

    def remark(self, mirror: Mirror, index: int, values: np.ndarray) -> tuple[str, float | None]:
        """What to say about a layer's values beside their mean, and how far to fill the meter below it, 0 … 1."""
        raise NotImplementedError

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        super().set_theme(theme)
        for cell in self.cells:
            cell.set_theme(theme)

    def set_mirror(self, mirror: Mirror) -> None:
        """Show another network; cells are kept as long as they are needed."""
        self._mirror = mirror
        layers = [index for index, layer in enumerate(mirror.network.layers) if self.shows(layer)]
        self._fit_count(self.cells, len(layers), HistogramCell)
        for cell, index in zip(self.cells, layers, strict=True):
            cell.set_theme(self._theme)
            cell.set_title(layer_title(mirror.spec, index))
        self._layers = layers
        self.strip.canvas.set_notice("")
        self._place()
        if self.isVisible():
            self.refresh()

    def refresh(self) -> None:
        """Count what the mirror holds now."""
        if self._mirror is None:
            return
        values = self.values(self._mirror)
        for cell, index in zip(self.cells, self._layers, strict=True):
            cell.show_values(values[index], *self.remark(self._mirror, index, values[index]))
        self._show_cursor()

    def _place(self) -> None:
        """Put the pictures side by side."""
        if not self.cells:
            return
        height = self.strip.viewport().height()
        shares = self._share_out(len(self.cells), _LEAST_PX, _GREATEST_PX, _GAP_PX)
        for cell, (left, width) in zip(self.cells, shares, strict=True):
            cell.fit(width, height)
            cell.setPos(left, 0)

    def _show_cursor(self) -> None:
        segments = (Segment("Point at a bar"),)
        for cell in self.cells:
            place = None if self._cursor is None else cell.bin_at(cell.mapFromScene(self._cursor))
            cell.set_marked(place)
            if place is not None:
                segments = (Segment(cell.title), Segment(cell.text_of(place), "text"))
        self.readout.show_segments(*segments)


class ActivationsView(HistogramsView):
    """The outputs of every layer on the training set, and how many of them are saturated or dead."""

    subject = "Activations"
    meter_says = "share that is saturated or dead"
    meter_tip = (
        "Saturated: values within 2 % of the bounds of the activation, where it is flat and learns slowly. "
        "Dead: units whose output is zero for every sample"
    )

    def shows(self, layer: nn.Layer) -> bool:
        """Every layer has an output."""
        return True

    def values(self, mirror: Mirror) -> list[np.ndarray]:
        """(n_samples, units) per layer."""
        return mirror.activations

    def remark(self, mirror: Mirror, index: int, values: np.ndarray) -> tuple[str, float | None]:
        """The share of saturated values or of dead units, as far as the activation has a bound."""
        low, high = bounds(mirror.network.layers[index].activation.name)
        if math.isfinite(low) and math.isfinite(high):
            margin = 0.02 * (high - low)
            share = float(np.mean((values < low + margin) | (values > high - margin)))
            return f"{percent(share, 0)} saturated", share
        if math.isfinite(low):
            dead = int((values <= low).all(axis=0).sum())
            return f"{dead} of {values.shape[1]} units dead", dead / values.shape[1]
        sample = finite(values)
        return f"up to {plain(float(np.abs(sample).max()))}" if len(sample) else "", None


class GradientsView(HistogramsView):
    """The gradient of the loss on the training set for every layer's parameters, and its magnitude."""

    subject = "Gradients"
    meter_says = "RMS from 10⁻⁸ to 1, logarithmic"
    meter_tip = "Root mean square of a layer's gradient: compare the layers to see it vanish or explode on its way back"
    _FAINTEST = 1e-8
    """A root mean square at which the meter is empty; at 1 it is full, logarithmically between."""

    def shows(self, layer: nn.Layer) -> bool:
        """Layers without parameters have no gradient."""
        return layer.n_parameters(layer.inputs) > 0

    def values(self, mirror: Mirror) -> list[np.ndarray]:
        """One flat vector per layer."""
        return mirror.gradients

    def remark(self, mirror: Mirror, index: int, values: np.ndarray) -> tuple[str, float | None]:
        """The root mean square: comparing it between layers shows gradients that vanish or explode."""
        sample = finite(values).astype(float)
        rms = math.sqrt(float(np.mean(sample * sample))) if len(sample) else math.nan
        meter = 1 - math.log10(max(rms, self._FAINTEST)) / math.log10(self._FAINTEST) if rms >= 0 else None
        return f"RMS {plain(rms, 2)}", meter


@functools.cache
def bounds(activation: str) -> tuple[float, float]:
    """The values towards which an activation flattens far below and far above zero; NaN where it does not.

    Found by trying it out, so that a newly registered activation needs no entry here.
    """
    probe = nn.Network([nn.Dense(1, activation)], inputs=1, dtype="float64")
    probe.parameters[:] = (1.0, 0.0)
    far = probe.activations(np.array([[-60.0], [-30.0], [30.0], [60.0]]))[0][:, 0]
    low, high = (a if abs(a - b) < 1e-6 else math.nan for a, b in ((far[0], far[1]), (far[3], far[2])))
    return (low, high) if low != high else (math.nan, math.nan)
