"""What painted things say to somebody who does not see them: pictures and figures in words, told calmly."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QGraphicsView, QWidget

from nncore.layers import Parameters
from playground.engine.client import Engine
from playground.engine.mirror import Mirror
from playground.engine.snapshot import History
from playground.ui.canvas.panel import NetworkPanel
from playground.ui.live import LiveLoop
from playground.ui.names import inputs_text, layer_title
from playground.ui.plots.histograms import ActivationsView, GradientsView
from playground.ui.plots.loss import LossView
from playground.ui.plots.metrics import MetricsView
from playground.ui.plots.parts import FigureLine
from playground.ui.plots.scales import finite
from playground.ui.plots.scores import ClassFigures, figures_of
from playground.ui.plots.surface import SurfaceView
from playground.ui.plots.weights import WeightsView
from playground.ui.text import grouped, loss_text, percent, plain, signed

EVERY_MS = 1000


class Narrator(QObject):
    """Once a second, gives what is painted and seen a description in words, if anybody reads them.

    Parameters
    ----------
    loop, engine
        Where the numbers are.
    parts
        Those of the window; what they show is known by their kinds.
    window
        Its lines of figures are told, too.
    """

    def __init__(self, loop: LiveLoop, engine: Engine, parts: Sequence[QObject], window: QWidget) -> None:
        super().__init__(window)
        self._loop, self._engine, self._parts, self._window = loop, engine, parts, window
        self._keys: dict[QWidget, str] = {}
        """What the keys do, which some descriptions say already."""
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._tell_if_wanted)
        self._timer.start(EVERY_MS)

    def tell(self) -> None:
        """Describe all that is seen, as it is now."""
        for widget, words in self._descriptions():
            keys = self._keys.setdefault(widget, widget.accessibleDescription())
            _describe(widget, f"{words} {keys}".strip())
        for line in self._window.findChildren(FigureLine):
            if line.isVisible():
                _describe(line, line.text)

    def _tell_if_wanted(self) -> None:
        if QAccessible.isActive():
            self.tell()

    def _descriptions(self) -> Iterator[tuple[QWidget, str]]:
        mirror = self._loop.mirror
        for part in self._parts:
            if not isinstance(part, QWidget) or not part.isVisible():
                continue
            if isinstance(part, NetworkPanel):
                yield part.canvas, network_words(mirror)
            elif isinstance(part, SurfaceView):
                yield part.plot, surface_words(mirror)
            elif isinstance(part, LossView):
                yield part.plot, loss_words(self._engine.history)
            elif isinstance(part, WeightsView):
                yield part.strip.canvas, weights_words(mirror)
            elif isinstance(part, ActivationsView | GradientsView):
                yield part.strip.canvas, values_words(mirror, part)
            elif isinstance(part, MetricsView):
                yield part.strip.canvas, metrics_words(mirror)


def _describe(widget: QWidget, words: str) -> None:
    if widget.accessibleDescription() != words:
        widget.setAccessibleDescription(words)
        if isinstance(widget, QGraphicsView):  # from outside, its viewport is what has the focus
            widget.viewport().setAccessibleDescription(words)


def network_words(mirror: Mirror) -> str:
    """Every column from the input to the output, and where to read more."""
    spec, layers = mirror.spec, mirror.network.layers
    columns = [f"{layer_title(spec, at)}, {_count(layer.units, 'unit')}" for at, layer in enumerate(layers)]
    return f"{'; '.join([inputs_text(spec), *columns])}. All neurons and weights can be read in the tab Outline."


def surface_words(mirror: Mirror) -> str:
    """How much of the plane the network gives to which class, or between which values it is."""
    problem, (low, high) = mirror.problem, mirror.problem.domain
    axes = problem.plane.names if problem.plane is not None else tuple(problem.dataset.input_names)
    where = f"Over {axes[0]} and {axes[1]} from {signed(low, 1)} to {signed(high, 1)}: "
    names, task = problem.dataset.class_names, problem.dataset.task
    if task == "regression":
        scores = finite(mirror.surface) * problem.limit
        return where + (
            f"values from {signed(scores.min())} to {signed(scores.max())}." if len(scores) else "no values."
        )
    decided = mirror.maps[-1].argmax(axis=0) if mirror.spec.n_outputs > 1 else (mirror.surface >= 0).astype(int)
    shares = np.bincount(decided.ravel(), minlength=len(names)) / decided.size
    return where + ", ".join(f"{percent(share, 0)} {name}" for name, share in zip(names, shares, strict=True)) + "."


def loss_words(history: History) -> str:
    """The newest losses, and how they began."""
    if len(history) == 0:
        return "No loss yet."
    train, test = history.train_loss, history.test_loss
    start, epoch = history.start, history.epochs[-1]
    now = f"training {loss_text(train[-1])}, test {loss_text(test[-1])}, epoch {grouped(int(epoch))}"
    began = f"; began at training {loss_text(train[start])}, test {loss_text(test[start])}" if epoch > 0 else ""
    return f"{now}{began}."


def weights_words(mirror: Mirror) -> str:
    """Of every layer how many weights there are, and between which values."""
    names, parts = _titles(mirror), mirror.network.split(mirror.network.parameters)
    told = [
        f"{name}: {_count(own.weights.size, 'weight')} {_range(own.weights)}"
        for name, own in zip(names, parts, strict=True)
        if isinstance(own, Parameters)
    ]
    return "; ".join(told) + "." if told else "No layer has weights."


def values_words(mirror: Mirror, view: ActivationsView | GradientsView) -> str:
    """What a view of histograms shows of every layer: its mean and range, and what is remarked."""
    values, told = view.values(mirror), []
    for index, name in enumerate(_titles(mirror)):
        if view.shows(mirror.network.layers[index]):
            remark = view.remark(mirror, index, values[index])[0]
            told.append(f"{name}: {_range(values[index])}" + (f", {remark}" if remark else ""))
    return "; ".join(told) + "."


def metrics_words(mirror: Mirror) -> str:
    """How good the network is, on training and test samples."""
    said = []
    for name, figures in zip(("Training", "Test"), figures_of(mirror), strict=False):
        if isinstance(figures, ClassFigures):
            said.append(f"{name}: accuracy {percent(figures.accuracy)}")
        else:
            said.append(f"{name}: R² {signed(figures.r2)}, RMSE {plain(figures.rmse)}, MAE {plain(figures.mae)}")
    return "; ".join(said) + "."


def _titles(mirror: Mirror) -> list[str]:
    return [layer_title(mirror.spec, index) for index in range(len(mirror.network.layers))]


def _range(values: np.ndarray) -> str:
    known = finite(values.ravel())
    return f"from {plain(float(known.min()))} to {plain(float(known.max()))}" if len(known) else "that are not finite"


def _count(number: int, what: str) -> str:
    return f"{grouped(number)} {what}{'s' if number != 1 else ''}"
