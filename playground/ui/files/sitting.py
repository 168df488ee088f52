"""All of one sitting in a window, as a project; and a project shown in the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from playground.engine.client import Stood
from playground.keeping.gathering import gathered, later_edit
from playground.keeping.project import Project
from playground.keeping.runs import Run, Runs

if TYPE_CHECKING:
    from playground.ui.main_window import MainWindow

_ON, _OFF = "on", "off"


class Sitting(QObject):
    """What of a window goes into a file.

    Parameters
    ----------
    window
        Its document, its engine and its parts.
    """

    noted = Signal()
    """Something of the user's was changed that is in no spec."""
    runs_changed = Signal()

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._runs: Runs | None = None
        self._names: dict[int, str] = {}
        """Of the runs, as somebody has called them."""
        self._showing = False

    def follow_runs(self, runs: Runs) -> None:
        """Keep these runs with the rest."""
        self._runs = runs
        runs.changed.connect(self._follow_runs)

    @property
    def runs(self) -> tuple[Run, ...]:
        """The runs that were left."""
        return () if self._runs is None else self._runs.all

    def project(self, stood: Stood | None) -> Project:
        """All there is; `stood` is where training stands."""
        window = self._window
        parts = {"runs": self.runs, "lesson": window.lesson.own, "view": self._view()}
        if self._runs is not None:
            recorder = window.runs.recorder
            parent = recorder.parent
            parts |= {"changes": recorder.changes, "parent": None if parent is None else parent.number}
        return gathered(window.document.spec, stood, window.engine.curve(), **parts)

    def show(self, project: Project) -> None:
        """Put a project in the place of what there is."""
        window = self._window
        self._showing = True
        try:
            window.loop.set_playing(False)
            begun = project.trained or project.spec
            window.document.begin(begun)
            if project.stand is not None:
                window.loop.restore(project.stand, project.curve)
            if project.trained is not None:
                window.document.apply(later_edit(begun, project.spec))
            if self._runs is not None:
                self._runs.load(project.runs)
                window.runs.recorder.follow_opened(project.changes, project.parent)
            self._look_as(project.view)
            window.lesson.open(project.lesson)
        finally:
            self._showing = False

    def _follow_runs(self) -> None:
        self.runs_changed.emit()
        names = {run.number: run.name for run in self.runs if run.name}
        if names != self._names:
            self._names = names
            if not self._showing:
                self.noted.emit()

    def _view(self) -> dict[str, str]:
        return {name: _ON if on else _OFF for name, on in self._window.remembering.shown().items()}

    def _look_as(self, view: dict[str, str]) -> None:
        self._window.remembering.show({name: said == _ON for name, said in view.items()})
