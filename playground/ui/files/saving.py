"""Writes projects to files, one after the other, while the window goes on."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal

from playground.keeping.project import Project, write_project


class _Task(NamedTuple):
    path: Path
    project: Project
    then: Callable[[str], object]
    """Called with what is wrong, "" if nothing is."""


class Saver(QObject):
    """A thread that writes; what has come of it is told in the thread that made this."""

    _written = Signal(object, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks: SimpleQueue[_Task | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._written.connect(self._tell)

    def save(self, path: Path, project: Project, then: Callable[[str], object]) -> None:
        """Write a project; `then` is called with what went wrong, "" if nothing did."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="saving", daemon=True)
            self._thread.start()
        self._tasks.put(_Task(path, project, then))

    def close(self, timeout_s: float = 0.3) -> None:
        """Come to an end, once all is written or after this time."""
        if self._thread is not None:
            self._tasks.put(None)
            self._thread.join(timeout_s)

    def _run(self) -> None:
        while (task := self._tasks.get()) is not None:
            wrong = ""
            try:
                write_project(task.path, task.project)
            except (OSError, ValueError) as error:
                wrong = str(error)
            except Exception as error:  # such as no memory: whoever saves must hear of it
                wrong = f"{task.path.name} cannot be written: {type(error).__name__}"
            self._written.emit(task, wrong)

    def _tell(self, task: _Task, wrong: str) -> None:
        task.then(wrong)
