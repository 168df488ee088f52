"""The files of the window: begun, opened, saved, and asked about where something would be lost."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QMessageBox
from shiboken6 import isValid

from playground.document.presets import FIRST, preset
from playground.document.spec import Spec
from playground.engine.client import Stood
from playground.keeping.gathering import send_project
from playground.keeping.project import Project, read_project
from playground.ui.dialogs.files import ask_open, ask_save
from playground.ui.dialogs.topmost import topmost
from playground.ui.files.recent import RecentFiles
from playground.ui.files.saving import Saver
from playground.ui.files.sitting import Sitting
from playground.ui.files.unsaved import Answer, Changes, ask_about_changes
from playground.ui.reader import AT_ONCE_BYTES, POLL_MS, Reader, modified, size_of

if TYPE_CHECKING:
    from playground.ui.files.keeper import Keeper
    from playground.ui.files.recovery_offer import RecoveryOffer
    from playground.ui.main_window import MainWindow

SUFFIX = ".nnp"
KINDS = f"Projects (*{SUFFIX});;All files (*)"
APP = "Neural Network Playground"
ANSWER_MS = 3000
"""So long saving waits to be told where training stands; after that it goes without."""


def _nothing() -> None:
    pass


class ProjectFiles(QObject):
    """Begins, opens and saves projects, and says in the title of the window which one that is.

    Parameters
    ----------
    window
        Whose work it is. Whatever is saved or shown beside document and training is taken from its parts.
    """

    message = Signal(str)
    """Why something could not be opened or saved."""
    hint = Signal(str)
    """That it takes a while, or what to do first."""
    kept = Signal()
    """The work is in a file now, or there is none yet."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.path: Path | None = None
        """The file of the present work, if it has one."""
        self.sitting = Sitting(window)
        self.changes = Changes(window.document, self)
        self.recent = RecentFiles(window.settings, self)
        self.keeper: Keeper | None = None
        """What keeps the work in case of a crash."""
        self.offer: RecoveryOffer | None = None
        """What offers the work that a crash has left."""
        self.ask_before_closing = False
        """Whether the window asks before it closes; only one for a person does."""
        self._saver = Saver(self)
        self._saving = 0
        self._after_saving: list[Callable[[], object]] = []
        self._reader: Reader | None = None
        self._written = 0
        """When the file that is being read was written, in ns."""
        self._looking = QTimer(self)
        self._looking.setInterval(POLL_MS)
        self._looking.timeout.connect(self._look)
        self._question: QMessageBox | None = None
        self._leaving = self._closed = False
        self._connect()

    def _connect(self) -> None:
        self.changes.changed.connect(self._show_title)
        self.sitting.noted.connect(self.changes.note)
        self.recent.chosen.connect(self.open)
        self.recent.message.connect(self.message)
        self.recent.bind(self._window.actions_by_name)
        self._show_title()

    # -- commands ---------------------------------------------------------------------------------

    def new(self) -> None:
        """Begin another project."""
        self._secure(lambda: self._show(Project(preset(FIRST).spec), None))

    def ask_open(self) -> None:
        """Ask for a project, and open it."""
        ask_open(self._window, "Open project", KINDS, self.open)

    def open(self, path: str | Path) -> None:
        """Open a project; whatever is wrong with it, the present one stays as it is."""
        path = Path(path)
        written = modified(path)  # before it is read: somebody may save to it meanwhile
        if self._reader is not None:
            self.message.emit(f"{self._reader.path.name} is still being read.")
        elif size_of(path) > AT_ONCE_BYTES:
            self.hint.emit(f"Reading {path.name} …")
            self._reader, self._written = Reader(path, send_project), written
            self._looking.start()
        else:
            try:
                self._take(path, read_project(path), written)
            except (OSError, ValueError) as error:
                self._take(path, str(error), written)

    def open_dropped(self, path: str) -> None:
        """Open what was dropped on the window: a project, or a table."""
        if Path(path).suffix.lower() == SUFFIX:
            self.open(path)
        else:
            self._window.opener.open(path)

    def save(self, then: Callable[[], object] = _nothing) -> None:
        """Save the work to its file; ask for one if it has none. `then` is called when it is saved."""
        if self.path is None:
            self.save_as(then)
        else:
            self._save_to(self.path, then)

    def save_as(self, then: Callable[[], object] = _nothing, first: Callable[[], object] = _nothing) -> None:
        """Ask for a file, and save the work there: `first` is called when it is chosen, `then` when it is saved."""

        def save_to(path: Path) -> None:
            first()
            self._save_to(path, then)

        suggested = str(self.path or f"{self._window.document.spec.data.dataset}{SUFFIX}")
        ask_save(self._window, "Save project", suggested, KINDS, save_to)

    def restore(self, project: Project, path: Path | None, then: Callable[[], object] = _nothing) -> None:
        """Go on with work that a crash has left."""

        def show() -> None:
            self._show(project, path, recovered=True)
            then()

        self._secure(show)

    # -- closing ----------------------------------------------------------------------------------

    def may_close(self) -> bool:
        """Whether the window may close now; if not, it is asked what is to be lost, and then closed."""
        if self._leaving or not self.ask_before_closing or not (self.changes.unsaved or self._saving):
            return True
        self._secure(self._leave)
        return False

    def close_at_once(self) -> None:
        """Close the window without a question: what is not saved will be offered at the next start."""
        if self.keeper is not None and self.changes.unsaved:
            self.keeper.stays = True
        self._leave()

    def close(self) -> None:
        """The window is closing."""
        if self._closed:
            return
        self._closed = True
        self._looking.stop()
        if self._reader is not None:
            self._reader.stop()
        self._saver.close()
        self.changes.close()
        if self.keeper is not None:
            self.keeper.close()
        if self.offer is not None:
            self.offer.close(stays=self.keeper is not None and self.keeper.stays)

    def _leave(self) -> None:
        self._leaving = True
        self._window.close()

    def _secure(self, then: Callable[[], object]) -> None:
        """Call `then`, once nothing would be lost by it, or whoever made it says so."""
        if self._saving:
            self._after_saving.append(lambda: self._secure(then))
        elif not self.changes.unsaved:
            then()
        elif self._question is None or not isValid(self._question):  # it goes with the dialog it stood over
            self._question = ask_about_changes(topmost(self._window), self.name, partial(self._follow_answer, then))
        else:
            self._question.activateWindow()
            self.hint.emit("Answer the question first.")

    def _follow_answer(self, then: Callable[[], object], answer: Answer) -> None:
        self._question = None
        if answer is Answer.SAVE:
            self.save(then)
        elif answer is Answer.DISCARD:
            then()

    # -- saving -----------------------------------------------------------------------------------

    def _save_to(self, path: Path, then: Callable[[], object] = _nothing) -> None:
        self._saving += 1
        answered = False

        def write(stood: Stood | None) -> None:
            nonlocal answered
            if not answered and not self._closed:
                answered = True
                self._write(path, stood, then)

        self._window.engine.ask_stand(write)
        QTimer.singleShot(ANSWER_MS, self, lambda: write(self._window.engine.last_stood))

    def _write(self, path: Path, stood: Stood | None, then: Callable[[], object]) -> None:
        project = self.sitting.project(stood)
        steps = 0 if project.stand is None else project.stand.steps
        self._saver.save(path, project, partial(self._finish, path, project.spec, steps, then))

    def _finish(self, path: Path, spec: Spec, steps: int, then: Callable[[], object], wrong: str) -> None:
        """A file has been written, or not."""
        self._saving -= 1
        if wrong:
            self.message.emit(f"{wrong}.")  # it begins with the name of the file, as that is written
        else:
            self.path = path
            self.changes.note_kept(spec, steps)
            self.recent.add(path)
            self._show_title()
            self._window.status.tell(f"Saved to {path}")
            self.kept.emit()
            then()
        if not self._saving:
            waiting, self._after_saving = self._after_saving, []
            for act in waiting:
                act()

    # -- opening ----------------------------------------------------------------------------------

    def _look(self) -> None:
        """Whether the file has been read."""
        if self._reader is not None and self._reader.done:
            reader, self._reader = self._reader, None
            self._looking.stop()
            self._take(reader.path, reader.result(), self._written)

    def _take(self, path: Path, result: object, written: int) -> None:
        """Put what was read in the place of the present work; read it again if it was `written` since."""
        if isinstance(result, Project):
            # Who answers the question by saving may save to this very file, too.
            self._secure(lambda: self._show(result, path) if modified(path) == written else self.open(path))
        else:
            self.message.emit(f"{result}.")

    def _show(self, project: Project, path: Path | None, recovered: bool = False) -> None:
        """Put a project in the place of the present work."""
        self.sitting.show(project)
        self.path = path
        steps = 0 if project.stand is None else project.stand.steps
        self.changes.begin(path is not None, steps, recovered=recovered)
        if path is not None:
            path = path.absolute()
            self.path = path
            self.recent.add(path)
        self._show_title()
        if not recovered:
            self.kept.emit()

    # -- the title --------------------------------------------------------------------------------

    @property
    def name(self) -> str:
        """What the present work is called."""
        return self.path.name if self.path is not None else "Untitled"

    def _show_title(self) -> None:
        title = f"{self.name}[*] — {APP}"
        if self._window.windowTitle() != title:
            self._window.setWindowTitle(title)
        self._window.setWindowModified(self.changes.unsaved)
