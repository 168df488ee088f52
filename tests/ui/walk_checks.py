"""What has to hold whatever was done to the window, and a record of what was done to the document."""

from __future__ import annotations

import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace
from PySide6.QtCore import QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from playground.document.document import Document
from playground.document.edits import Edit
from playground.document.spec import Cut, Spec
from playground.keeping.project import read_project
from playground.ui.files.project_files import APP
from playground.ui.main_window import MainWindow
from playground.ui.runs.desk import ON_RUN
from playground.ui.runs.model import NOW

MEANINGLESS = (
    "This plugin does not support",  # off-screen there is nobody who could be told
    "QXcb",  # the X server of the walk
)


class Done(NamedTuple):
    """One thing that was done to the document."""

    what: str
    given: Edit | Spec | None = None
    gesture: object = None


class RecordedDocument(Document):
    """A document that notes what is done to it: the same, done again to another one, has to lead to the same spec."""

    def __init__(self, spec: Spec) -> None:
        super().__init__(spec)
        self._replica = Document(spec)
        self._notes: list[Done] = []
        self.n_done = 0

    def apply(self, edit: Edit, gesture: object = None) -> Spec:
        note = Done("apply", edit, gesture)
        self._notes.append(note)  # first: whoever follows the change may make one
        try:
            return super().apply(edit, gesture)
        except ValueError:
            self._notes.remove(note)
            raise

    def begin(self, spec: Spec) -> None:
        self._notes.append(Done("begin", spec))
        super().begin(spec)

    def undo(self) -> None:
        self._notes.append(Done("undo"))
        super().undo()

    def redo(self) -> None:
        self._notes.append(Done("redo"))
        super().redo()

    def replayed(self) -> Spec:
        """The spec to which the same leads again."""
        self.n_done += len(self._notes)
        for what, given, gesture in self._notes:
            if isinstance(given, Edit):
                self._replica.apply(given, gesture)
            elif given is not None:
                self._replica.begin(given)
            else:
                getattr(self._replica, what)()
        self._notes.clear()
        return self._replica.spec


class Checks:
    """Whether a window agrees with itself."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._read: tuple[Path, int, Spec] | None = None
        """The project of the window as it is on the disk: its file, that file's time, and what it holds."""

    def all(self) -> None:
        """Look at everything; AssertionError says what does not agree."""
        self.document()
        self.dialogs()
        self.title()
        self.file()
        self.runs()

    def document(self) -> None:
        """It is what its edits make of the first one, and what the window shows."""
        document, mirror = self._window.document, self._window.loop.mirror
        assert isinstance(document, RecordedDocument)
        assert document.replayed() == document.spec
        assert mirror.spec == document.spec
        assert len(mirror.network.values) == document.spec.n_values

    def dialogs(self) -> None:
        """What has to be answered stands over what it belongs to, never two side by side."""
        modal = [each for each in QApplication.topLevelWidgets() if each.isVisible() and each.isModal()]
        side_by_side = [
            each for each in modal if not any(each is not other and _is_over(other, each) for other in modal)
        ]
        assert len(side_by_side) < 2, [each.objectName() for each in modal]

    def title(self) -> None:
        """It names the file, and says whether that is up to date."""
        files = self._window.files
        assert self._window.windowTitle() == f"{files.path.name if files.path else 'Untitled'}[*] — {APP}"
        assert self._window.isWindowModified() == files.changes.unsaved

    def file(self) -> None:
        """What is said to be saved is in the file."""
        files = self._window.files
        if files.path is None or files.changes.unsaved or files._saving or not files.path.exists():
            return
        kept = self._kept(files.path)
        assert same_experiment(self._window.document.spec, kept)

    def runs(self) -> None:
        """List, buttons and file have the runs that are kept."""
        desk, actions = self._window.runs, self._window.actions_by_name
        numbers, table, model = [run.number for run in desk.runs.all], desk.view.table, desk.view.model
        assert numbers == sorted(set(numbers))
        assert model.numbers[0] == NOW
        assert sorted(model.numbers[1:]) == numbers
        assert model.rowCount() == len(numbers) + 1
        assert set(model.ticked) <= {NOW, *numbers}
        selected = any(number != NOW for number in table.selected)
        possible = {**dict.fromkeys(ON_RUN, selected), "run-bring-back": bool(desk._removed)}
        shown = {name: on for name, on in possible.items() if actions[name].isVisible()}  # not hidden by a lesson
        assert {name: actions[name].isEnabled() for name in shown} == shown
        assert self._window.files.sitting.runs == desk.runs.all

    def _kept(self, path: Path) -> Spec:
        time_ns = path.stat().st_mtime_ns
        if self._read is None or self._read[:2] != (path, time_ns):
            self._read = path, time_ns, read_project(path).spec
        return self._read[2]


@contextmanager
def witness() -> Iterator[list[str]]:
    """Collects what goes wrong where nobody can catch it, and what Qt complains about."""
    seen: list[str] = []

    def note(kind: type[BaseException], error: BaseException | None, trace: object) -> None:
        seen.append("".join(traceback.format_exception(kind, error, trace)))  # pyright: ignore[reportArgumentType]

    def hear(kind: QtMsgType, context: object, message: str) -> None:
        if kind != QtMsgType.QtDebugMsg and not message.startswith(MEANINGLESS):
            seen.append(f"Qt: {message}")

    before = sys.excepthook, sys.unraisablehook, threading.excepthook
    sys.excepthook = note
    sys.unraisablehook = lambda what: note(what.exc_type, what.exc_value, what.exc_traceback)
    threading.excepthook = lambda what: note(what.exc_type, what.exc_value, what.exc_traceback)
    handler = qInstallMessageHandler(hear)
    try:
        yield seen
    finally:
        sys.excepthook, sys.unraisablehook, threading.excepthook = before
        qInstallMessageHandler(handler)


def quietly(run: Callable[[], object], seen: list[str]) -> None:
    """Do something; what it raises is seen."""
    try:
        run()
    except Exception:
        seen.append(traceback.format_exc())


def _is_over(dialog: object, other: object) -> bool:
    """Whether a dialog was opened by another one."""
    parent = getattr(dialog, "parentWidget", lambda: None)()
    return parent is not None and (parent is other or _is_over(parent, other))


def _nameless(spec: Spec) -> Spec:
    """A spec without what a file gives anew: the number of its run, ids, the plane, and what is in the weights."""
    layers = tuple(replace(layer, id=number) for number, layer in enumerate(spec.layers, 1))
    return replace(spec, run=0, layers=layers, cut=Cut(), assigned=())


def same_experiment(spec: Spec, other: Spec) -> bool:
    """Whether two specs are the same, whatever a file gives anew."""
    return _nameless(spec) == _nameless(other)
