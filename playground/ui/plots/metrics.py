"""How good the network is, on training and test samples side by side: a confusion matrix, or said against true."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtWidgets import QWidget

from playground.engine.mirror import Mirror
from playground.engine.problem import Problem, Samples
from playground.ui.plots.confusion_cell import ConfusionCell
from playground.ui.plots.layers_view import LayersView
from playground.ui.plots.parts import FigureLine, Segment
from playground.ui.plots.point_colors import class_tokens
from playground.ui.plots.scatter_cell import ScatterCell
from playground.ui.plots.scores import ClassFigures, ValueFigures, figures_of
from playground.ui.text import grouped
from playground.ui.theme import Theme

_GAP_PX = 20


class MetricsView(LayersView):
    """A cell for the training set and one for the test set; one for both where they are the same samples."""

    subject = "Metrics"
    readout_name = "Figure under the cursor"

    def __init__(self, parent: QWidget | None = None) -> None:
        self.legend = FigureLine("What rows and columns are")
        super().__init__(self.legend, parent)
        for part in (self.strip, self.strip.canvas, self.strip.canvas.viewport()):
            part.setAccessibleName("Metrics of training and test set")
        self.strip.canvas.set_notice("How good the network is appears here")
        self.cells: list[ConfusionCell | ScatterCell] = []
        self._titles: list[str] = []
        self._kind: object = None
        self._show_cursor()

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        super().set_theme(theme)
        for cell in self.cells:
            cell.set_theme(theme)

    def set_mirror(self, mirror: Mirror) -> None:
        """Show another network; cells stay as long as the data ask for the same."""
        self._mirror = mirror
        problem = mirror.problem
        self._titles = _titles(problem, mirror.looked_at)
        kind, make = _cell_of(problem)
        if (kind, len(self._titles)) != self._kind:
            self._kind = kind, len(self._titles)
            self._fit_count(self.cells, 0, make)
            self._fit_count(self.cells, len(self._titles), make)
            for cell in self.cells:
                cell.set_theme(self._theme)
            self.legend.show_segments(Segment(_legend(problem)))
            self.legend.setFixedWidth(self.legend.needed_px())
        self.strip.canvas.set_notice("")
        self._place()
        if self.isVisible():
            self.refresh()

    def refresh(self) -> None:
        """Compute the figures of what the mirror holds now."""
        if self._mirror is None:
            return
        for cell, title, figures in zip(self.cells, self._titles, figures_of(self._mirror), strict=True):
            if isinstance(figures, ClassFigures) and isinstance(cell, ConfusionCell):
                cell.show_figures(title, figures)
            if isinstance(figures, ValueFigures) and isinstance(cell, ScatterCell):
                cell.show_figures(title, figures)
        self._show_cursor()

    def _place(self) -> None:
        """Put the pictures side by side."""
        if not self.cells:
            return
        height = self.strip.viewport().height()
        shares = self._share_out(len(self.cells), self.cells[0].least_px, self.cells[0].most_px, _GAP_PX)
        for cell, (left, width) in zip(self.cells, shares, strict=True):
            cell.fit(width, height)
            cell.setPos(left, 0)

    def _show_cursor(self) -> None:
        segments = (Segment("Point at a figure"),)
        for cell, title in zip(self.cells, self._titles, strict=True):
            inside = None if self._cursor is None else cell.mapFromScene(self._cursor)
            said = cell.set_cursor(inside)
            if said:
                segments = (Segment(title.partition(" · ")[0]), Segment(said, "text"))
        self.readout.show_segments(*segments)


def _cell_of(problem: Problem) -> tuple[object, Callable[[], ConfusionCell | ScatterCell]]:
    """What the cells of a problem are made from, equal for those that can share them, and how to make one."""
    dataset = problem.dataset
    if dataset.task == "regression":
        labels = np.concatenate([problem.train.labels, problem.test.labels])
        return (float(labels.min()), float(labels.max())), lambda: ScatterCell(labels)
    names = dataset.class_names
    return names, lambda: ConfusionCell(names, class_tokens(len(names)))


def _legend(problem: Problem) -> str:
    if problem.dataset.task == "regression":
        return "on the diagonal: right"
    return "rows: true class, columns: predicted"


def _titles(problem: Problem, most: int) -> list[str]:
    """What stands above each cell: which samples are counted, and how many of them if not all."""
    if problem.test is problem.train:
        return [f"Training and test · {_count(problem.train, most)}"]
    return [f"Training · {_count(problem.train, most)}", f"Test · {_count(problem.test, most)}"]


def _count(samples: Samples, most: int) -> str:
    count = len(samples.labels)
    of = f"{grouped(most)} of " if count > most else ""
    return f"{of}{grouped(count)} sample{'' if count == 1 else 's'}"
