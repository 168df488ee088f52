"""Keeps the work of a window in case of a crash: it gives `Recovery` whatever is new."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal

from playground.keeping.project import Project
from playground.keeping.recovery import Recovery

if TYPE_CHECKING:
    from playground.ui.main_window import MainWindow

_FILE = "file"
"""What a project that is kept for a crash calls the file it is of, among the things of `Project.view`."""


class Keeper(QObject):
    """Follows document, training and files of a window.

    Parameters
    ----------
    window
        Whose work it is.
    recovery
        What writes it down.
    """

    message = Signal(str)
    """Why nothing is kept."""

    def __init__(self, window: MainWindow, recovery: Recovery) -> None:
        super().__init__(window)
        self.recovery = recovery
        self.stays = False
        """Whether the work is to be there at the next start, although the window was closed."""
        self._warned = False
        self._files, self._document, self._engine = window.files, window.document, window.engine
        self._document.changed.connect(self._keep)
        self._engine.stood.connect(self._keep)
        self._files.sitting.runs_changed.connect(self._keep_runs)
        self._files.kept.connect(self._forget)
        self._files.keeper = self

    def keep(self) -> None:
        """Write down all there is."""
        project = self._files.sitting.project(self._engine.last_stood)
        self.recovery.keep(with_file(project, self._files.path))
        self._keep_runs()

    def close(self) -> None:
        """The window is closing."""
        self._document.changed.disconnect(self._keep)
        self._engine.stood.disconnect(self._keep)
        self.recovery.close(keep=self.stays)

    def _keep(self, *_: object) -> None:
        stood, changes = self._engine.last_stood, self._files.changes
        trained = stood is not None and stood.stand.steps > 0
        if changes.unsaved or (trained and not changes.has_file):
            project = self._files.sitting.project(stood)
            self.recovery.keep(with_file(project, self._files.path))
        if self.recovery.trouble and not self._warned:
            self._warned = True
            self.message.emit(f"The work cannot be kept for the case of a crash: {self.recovery.trouble}.")

    def _keep_runs(self) -> None:
        self.recovery.keep_runs(self._files.sitting.runs)

    def _forget(self) -> None:
        if not self._files.changes.unsaved:
            self.recovery.forget()


def with_file(project: Project, path: Path | None) -> Project:
    """A project that says of which file it is."""
    if path is None or not str(path).isprintable():  # such a name is in no alphabet, and cannot be written down
        return project
    return replace(project, view={**project.view, _FILE: str(path)})


def file_of(project: Project) -> Path | None:
    """The file that a project says it is of."""
    name = project.view.get(_FILE)
    return None if name is None else Path(name)
