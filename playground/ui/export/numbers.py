"""The numbers that a view of the window shows, as tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import deepcopy

from PySide6.QtWidgets import QWidget

from playground.engine.mirror import Mirror
from playground.engine.snapshot import Curve
from playground.keeping.tables import (
    Table,
    activations_tables,
    gradients_tables,
    loss_tables,
    metrics_tables,
    surface_tables,
    weights_tables,
)
from playground.ui.canvas.canvas import NetworkCanvas
from playground.ui.export.pictures import Exhibit, Subject
from playground.ui.plots.histograms import ActivationsView, GradientsView
from playground.ui.plots.loss import LossView
from playground.ui.plots.metrics import MetricsView
from playground.ui.plots.surface import SurfaceView
from playground.ui.plots.weights import WeightsView

_TABLES: dict[type[QWidget], Callable[[Mirror], list[Table]]] = {
    SurfaceView: surface_tables,
    NetworkCanvas: weights_tables,
    WeightsView: weights_tables,
    ActivationsView: activations_tables,
    GradientsView: gradients_tables,
    MetricsView: metrics_tables,
}
"""The numbers of a view; those of the loss are not the mirror's."""


def has_tables(exhibit: Exhibit) -> bool:
    """Whether there are numbers of a view."""
    return isinstance(exhibit.view, (LossView, *_TABLES))


def tables_of(exhibit: Exhibit, subject: Subject) -> Sequence[Table]:
    """The numbers of a view; their rows are computed while they are gone through."""
    if isinstance(exhibit.view, LossView):
        return loss_tables(Curve(subject.history.rows, subject.history.measures.copy()))
    kind = next(kind for kind in _TABLES if isinstance(exhibit.view, kind))
    return _TABLES[kind](subject.mirror)


def frozen(subject: Subject) -> Callable[[], Subject]:
    """What makes a subject that is as this one is now: a matter of seconds if the network is large, for a thread."""
    live = subject.mirror
    spec, problem, values, history = live.spec, live.problem, live.network.values.copy(), deepcopy(subject.history)

    def make() -> Subject:
        mirror = Mirror(spec, problem)
        mirror.load(values)
        return Subject(mirror, history)

    return make
