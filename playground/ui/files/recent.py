"""The projects that were opened or saved last: they stand in a menu of their own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction

from playground.ui.dialogs.files import is_there
from playground.ui.settings import Settings

MOST = 8
"""So many are remembered."""


class RecentFiles(QObject):
    """Remembers files, and opens one of them.

    Parameters
    ----------
    settings
        Where they are remembered; None remembers them while the window is there.
    """

    chosen = Signal(object)
    """The path of a file to open."""
    message = Signal(str)
    """Why it cannot be."""

    def __init__(self, settings: Settings | None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self.paths = [Path(path) for path in settings.recent][:MOST] if settings is not None else []
        """The newest first."""
        self._actions: Mapping[str, QAction] = {}

    def bind(self, actions: Mapping[str, QAction]) -> None:
        """Show the files in the actions recent-1, recent-2 …."""
        self._actions = actions
        self._show()

    def add(self, path: Path) -> None:
        """Remember a file as the newest."""
        self._keep([path, *(other for other in self.paths if other != path)])

    def forget(self, path: Path) -> None:
        """Remember a file no more."""
        self._keep([other for other in self.paths if other != path])

    def clear(self) -> None:
        """Remember none."""
        self._keep([])

    def open(self, index: int) -> None:
        """Open one; if it is gone, say so and forget it."""
        if index >= len(self.paths):
            return
        path = self.paths[index]
        if is_there(path):
            self.chosen.emit(path)
        else:
            self.forget(path)
            self.message.emit(f"{path.name} is no longer in {path.parent}.")

    def _keep(self, paths: list[Path]) -> None:
        self.paths = paths[:MOST]
        if self._settings is not None:
            self._settings.recent = [str(path) for path in self.paths]
        self._show()

    def _show(self) -> None:
        for number in range(1, MOST + 1):
            action = self._actions.get(f"recent-{number}")
            if action is not None:
                path = self.paths[number - 1] if number <= len(self.paths) else None
                action.setVisible(path is not None)
                action.setEnabled(path is not None)
                name = str(number) if path is None else _shown(path)
                action.setText(f"&{number}  {name}")
                action.setData(f"Open {path.name}" if path is not None else f"Open recent project {number}")
                action.setToolTip(str(path or ""))
        if "recent-clear" in self._actions:
            self._actions["recent-clear"].setEnabled(bool(self.paths))


def _shown(path: Path) -> str:
    """A path for a menu: its name, and in which folder it is."""
    folder = str(path.parent)
    home = str(Path.home())
    if folder == home or folder.startswith(home + "/"):
        folder = "~" + folder[len(home) :]
    return f"{path.name}  —  {folder}".replace("&", "&&")
