"""What there is in the window beside bar and canvas: one line for every panel, and one for every tab below the canvas.

What a part needs to be told is found by looking at it (`parts.py`), so that a new one is a file of its own and a line
here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from playground.document.document import Document
from playground.ui.inspect.view import InspectorView
from playground.ui.outline.view import OutlineView
from playground.ui.panels.data import DataPanel
from playground.ui.panels.features import FeaturesPanel
from playground.ui.panels.training import TrainingPanel
from playground.ui.plots.histograms import ActivationsView, GradientsView
from playground.ui.plots.loss import LossView
from playground.ui.plots.metrics import MetricsView
from playground.ui.plots.surface import SurfaceView
from playground.ui.plots.weights import WeightsView
from playground.ui.runs.view import RunsView

LEFT, RIGHT = Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea


class Context(NamedTuple):
    """What a part of the window may be made from."""

    document: Document
    actions: Mapping[str, QAction]


class Place(NamedTuple):
    """A panel."""

    title: str
    area: Qt.DockWidgetArea
    """Where it stands at first, below those before it."""
    make: Callable[[Context], QWidget]


class Tab(NamedTuple):
    """A view of all layers."""

    title: str
    make: Callable[[Context], QWidget]


PANELS = (
    Place("Data", LEFT, lambda given: DataPanel(given.document, given.actions["new_seed"], given.actions["open-data"])),
    Place("Features", LEFT, lambda given: FeaturesPanel(given.document)),
    Place("Training", LEFT, lambda given: TrainingPanel(given.document)),
    Place("Output", RIGHT, lambda given: SurfaceView(given.document)),
    Place("Loss", RIGHT, lambda given: LossView()),
)

TABS = (
    Tab("Weights", lambda given: WeightsView()),
    Tab("Activations", lambda given: ActivationsView()),
    Tab("Gradients", lambda given: GradientsView()),
    Tab("Metrics", lambda given: MetricsView()),
    Tab("Inspector", lambda given: InspectorView(given.document)),
    Tab("Runs", lambda given: RunsView(given.actions)),
    Tab("Outline", lambda given: OutlineView(given.document, given.actions)),
)
