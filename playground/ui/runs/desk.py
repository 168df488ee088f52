"""What can be done with runs: kept, restored, continued, renamed, removed and exported."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QObject, Signal

from playground.document import edits
from playground.engine.client import Stood
from playground.engine.snapshot import Curve
from playground.keeping.metrics_csv import curves_csv, summary_csv
from playground.keeping.recorder import RunRecorder, now
from playground.keeping.runs import Change, Run, Runs, whole_stand
from playground.ui.actions import SEPARATOR, Entry
from playground.ui.dialogs.files import ask_save
from playground.ui.dialogs.topmost import topmost
from playground.ui.export.saving import refusal, success, write_bytes
from playground.ui.runs.model import NOW, Row
from playground.ui.runs.view import RunsView
from playground.ui.text import grouped

if TYPE_CHECKING:
    from playground.ui.main_window import MainWindow

_MENU = "Train/R&uns"
ON_RUN = ("run-restore", "run-continue", "run-rename", "run-remove", "run-code")
"""Names of the actions that need a selected run."""
_CSV = "CSV table (*.csv)"


class RunsDesk(QObject):
    """Keeps the runs of a window, and does what its menus, buttons and keys ask for.

    Parameters
    ----------
    window
        Whose document and training it is.
    view
        The tab that shows the runs.
    """

    message = Signal(str)
    hint = Signal(str)

    def __init__(self, window: MainWindow, view: RunsView) -> None:
        super().__init__(window)
        self._window, self.view = window, view
        self.runs = Runs()
        self.recorder = RunRecorder(window.engine, window.document, self.runs)
        self._removed: tuple[Run, ...] = ()
        self.runs.hint.connect(self._tell)
        self.runs.loaded.connect(self._forget_removed)
        window.document.changed.connect(view.follow_document)
        view.bind(self.runs, self._present, window.engine.curve)
        view.selection_changed.connect(self._follow_selection)
        view.table.restore_requested.connect(self.restore)
        view.table.rename_requested.connect(self.rename)
        view.table.remove_requested.connect(self.remove)
        self._follow_selection([])
        self._forget_removed()

    # -- commands ---------------------------------------------------------------------------------

    def keep(self) -> None:
        """Keep the present run as it is now, and let it go on."""
        engine = self._window.engine
        engine.ask_stand(partial(self._keep, engine.curve()))

    def restore(self) -> None:
        """Put a run in the place of the present experiment: its settings, its curve, its network; paused."""
        run = self._chosen()
        if run is not None:
            self._bring(run)
            self._tell(f"{run.title} is back, paused at epoch {grouped(run.stand.epochs)}. Undo goes back from there.")

    def resume(self) -> None:
        """Restore a run, and train on from its end."""
        run = self._chosen()
        if run is not None:
            self._bring(run)
            self._window.loop.set_playing(True)

    def rename(self) -> None:
        """Let the name of a run be typed."""
        run = self._chosen()
        if run is not None:
            self._show()
            self.view.table.rename(run.number)

    def remove(self) -> None:
        """Forget the selected runs; they can be brought back."""
        removed = self.runs.remove(self._selected)
        if removed:
            self._removed = removed
            self._enable("run-bring-back", True)
            self._note_list()
            what = removed[0].title if len(removed) == 1 else f"{len(removed)} runs"
            action = self._window.actions_by_name["run-bring-back"]
            self._window.notice.show_message(f"{what} removed.", action=action)

    def bring_back(self) -> None:
        """Take back what was removed last."""
        removed = self._removed
        self._forget_removed()
        self.runs.put_back(removed)
        self._note_list()
        self._window.notice.withdraw()

    def export_curves(self) -> None:
        """Write the curves of the ticked runs into a file."""
        self._export("Export curves of the ticked runs", "curves.csv", curves_csv)

    def export_summary(self) -> None:
        """Write results and settings of the ticked runs into a file."""
        self._export("Export results and settings of the ticked runs", "runs.csv", summary_csv)

    def export_code(self) -> None:
        """Export the network of a run as code."""
        run = self._chosen()
        if run is not None:
            from playground.ui.dialogs.export_code import open_export

            open_export(self._window, run.spec, run.stand, run.title)

    # ---------------------------------------------------------------------------------------------

    @property
    def _selected(self) -> list[int]:
        return [number for number in self.view.table.selected if number != NOW]

    def _chosen(self) -> Run | None:
        """The selected run; of several, the first."""
        selected = self._selected
        if not selected:
            self._show()
            self.hint.emit("Select a run in the list first.")
            return None
        return self.runs.by_number(selected[0])

    def _show(self) -> None:
        """Bring the list to the front."""
        self._window.actions_by_name["tab-runs"].trigger()

    def _bring(self, run: Run) -> None:
        document, loop = self._window.document, self._window.loop
        # What was set by hand is in the weights; the layers it names may have other ids by then.
        spec = msgspec.structs.replace(run.spec, assigned=())
        stand = msgspec.structs.replace(whole_stand(run), in_effect=())
        opening = edits.open_spec(spec, run.title)
        document.apply(msgspec.structs.replace(opening, label=f"Restore {run.title}"))
        self.recorder.follow_restored(run)
        loop.restore(stand, run.curve)

    def _keep(self, asked: Curve, stood: Stood) -> None:
        next_number = self.runs.next_number
        run = self.recorder.keep(stood, self._curve_of(asked, stood))
        if run is None:
            self.hint.emit("There is nothing to keep yet: press Play first.")
            return
        if run.number >= next_number:  # else it had been kept before
            self._window.files.changes.note()
        self.view.table.select(run.number)
        self.hint.emit(f"Kept as {run.title}.")

    def _curve_of(self, asked: Curve, stood: Stood) -> Curve:
        """How training came to where it stands; by now another run may be under way than when `asked` was taken."""
        engine = self._window.engine
        return (engine.curve() if stood is engine.last_stood else asked).ending(stood.stand.row)

    def _forget_removed(self) -> None:
        self._removed = ()
        self._enable("run-bring-back", False)

    def _note_list(self) -> None:
        """The list is another than in the file, if there is one; without one nobody has asked for it to be kept."""
        if self._window.files.changes.has_file:
            self._window.files.changes.note()

    def _present(self) -> Row:
        """How the present run stands."""
        engine, spec = self._window.engine, self._window.document.spec
        history, latest, stood = engine.history, engine.latest, engine.last_stood
        seconds = math.nan if stood is None else stood.stand.seconds
        if not len(history) or latest is None:
            return Row(NOW, "Now", spec, 0, math.nan, math.nan, math.nan, seconds)
        losses = float(history.train_loss[-1]), float(history.test_loss[-1])
        return Row(NOW, "Now", spec, int(history.epochs[-1]), *losses, latest.test_score, seconds)

    def _follow_selection(self, numbers: list[int]) -> None:
        for name in ON_RUN:
            self._enable(name, bool(numbers))

    def _enable(self, name: str, on: bool) -> None:
        self._window.actions_by_name[name].setEnabled(on)

    def _tell(self, text: str) -> None:
        self.hint.emit(text)

    # -- files ------------------------------------------------------------------------------------

    def _export(self, title: str, name: str, written: Callable[[Iterable[Run]], str]) -> None:
        """Ask where to write a table of the ticked runs; the present one is taken as it is when it is asked for."""
        runs = [run for number in self.view.model.ticked if (run := self.runs.by_number(number)) is not None]
        engine, recorder = self._window.engine, self.recorder
        if not self.view.model.is_ticked(NOW):
            self._ask(title, name, written, runs)
        else:
            as_run = partial(self._as_run, engine.curve(), recorder.changes, recorder.parent)
            engine.ask_stand(lambda stood: self._ask(title, name, written, [as_run(stood), *runs]))

    def _as_run(self, asked: Curve, changes: tuple[Change, ...], parent: Run | None, stood: Stood) -> Run:
        return Run(
            NOW,
            stood.spec,
            self._curve_of(asked, stood),
            stood.stand,
            name="Now",
            changes=changes,
            parent=None if parent is None else parent.number,
            ended=now(),
        )

    def _ask(self, title: str, name: str, written: Callable[[Iterable[Run]], str], runs: list[Run]) -> None:
        if not runs:
            self.hint.emit("Tick the runs that are to be exported first.")
            return
        ask_save(topmost(self._window), title, name, _CSV, lambda path: self._write(path, written(runs)))

    def _write(self, path: Path, text: str) -> None:
        try:
            write_bytes(path, text.encode())
        except (OSError, ValueError) as error:
            self.message.emit(refusal(path, error))
        else:
            self.hint.emit(success(path))


def run_entries(window: MainWindow) -> list[Entry]:
    """What the menus offer for runs."""

    def entry(name: str, text: str, key: str, run: Callable[[RunsDesk], object], tip: str) -> Entry:
        return Entry(f"run-{name}", _MENU, text, f"Ctrl+R,{key}", lambda: run(window.runs), tip)

    return [
        entry("keep", "&Keep this run now", "K", RunsDesk.keep, "Keep the present run as it is now; it goes on"),
        entry("restore", "&Restore selected run", "R", RunsDesk.restore, "Go back to the end of the selected run"),
        entry("continue", "&Continue selected run", "C", RunsDesk.resume, "Train on from the end of the selected run"),
        SEPARATOR,
        entry("rename", "Re&name selected run …", "N", RunsDesk.rename, "Give the selected run a name (F2)"),
        entry("remove", "Remove &selected runs", "D", RunsDesk.remove, "Forget the selected runs (Delete)"),
        entry("bring-back", "&Bring removed runs back", "B", RunsDesk.bring_back, "Take back what was removed last"),
        SEPARATOR,
        entry("code", "&Export code of selected run …", "E", RunsDesk.export_code, "As NumPy, PyTorch, Keras or ONNX"),
        entry("summary-csv", "Export results as CS&V …", "S", RunsDesk.export_summary, "Of the ticked runs"),
    ]


def export_entries(window: MainWindow) -> list[Entry]:
    """What the menu of exports offers for runs."""
    tip = "Loss curves of the ticked runs, a row for each point"
    return [
        Entry("run-curves-csv", "File/&Export", "&Metrics of runs (CSV) …", "Ctrl+E,M",
              lambda: window.runs.export_curves(), tip),
    ]  # fmt: skip
