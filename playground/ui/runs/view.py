"""The tab of runs: the list at the left; at the right their curves, or what their settings differ in."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QHideEvent, QShowEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPlainTextEdit, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from playground.document.spec import Spec
from playground.engine.snapshot import Curve
from playground.keeping.compare import differences
from playground.keeping.runs import Run, Runs, newest_part
from playground.ui.actions import name_of
from playground.ui.controls import PushButton, identify, tip
from playground.ui.runs.model import NOW, Row, RunsModel, told
from playground.ui.runs.plot import Plotted, RunsPlot
from playground.ui.runs.table import RunsTable
from playground.ui.theme import SPACING_PX, Theme

REFRESH_MS = 250
"""The present run is read this often, and only while somebody can see it."""
_BUTTONS = ("run-keep", "run-restore", "run-continue", "run-rename", "run-remove", "run-curves-csv")
_SHORT = {"run-keep": "Keep", "run-curves-csv": "CSV …"}
_IN_MENU = ("run-restore", "run-continue", "run-rename", "run-remove", "run-code")
_SIDES = {
    "Curves": "The loss curves of the runs that are ticked",
    "Settings": "What the settings of the selected run differ in, from another selected one or from the present ones",
}
_NONE_SELECTED = "Select a run to see what its settings differ in from the present ones, or two runs to compare them."


class RunsView(QWidget):
    """What there is to see of runs.

    Parameters
    ----------
    actions
        Those of the window, for buttons and the context menu.
    """

    selection_changed = Signal(object)
    """Numbers of the selected runs, without the present one."""

    def __init__(self, actions: Mapping[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table, self.plot = RunsTable(), RunsPlot()
        self.difference = QPlainTextEdit()
        self.difference.setReadOnly(True)
        self.difference.setTabChangesFocus(True)
        self.difference.document().setDocumentMargin(SPACING_PX)
        identify(self.difference, "runs-difference", "What the settings differ in")
        self._actions = {name: actions[name] for name in (*_BUTTONS, *_IN_MENU) if name in actions}
        for name in _IN_MENU:
            if name in self._actions:
                self.table.addAction(self._actions[name])
        self._runs: Runs | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(REFRESH_MS)
        self._timer.timeout.connect(self.refresh_present)
        self._stale = True
        self._arrange()
        self.table.selection_moved.connect(self._follow_selection)

    def bind(self, runs: Runs, present: Callable[[], Row], curve: Callable[[], Curve]) -> None:
        """Show these runs, and beside them the present one."""
        self._runs, self._curve = runs, curve
        self.model = RunsModel(runs, present)
        self.table.show_model(self.model)
        self.model.ticked_changed.connect(self._show_curves)
        runs.changed.connect(self._follow_runs)
        self._follow_selection()

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self.table.theme = theme
        self.table.viewport().update()
        self.plot.set_theme(theme)

    def follow_document(self, new: Spec, old: Spec) -> None:
        """Other settings: the list says what runs differ in from them."""
        if new.learned != old.learned and self._runs is not None:
            self._stale = True
            if self.isVisible():
                self._catch_up()

    def refresh_present(self) -> None:
        """Say how far the present run has come."""
        if self._runs is None:
            return
        self.model.refresh()
        if self.model.is_ticked(NOW):
            self.plot.show_newest(newest_part(self._curve()), NOW)

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what was missed while hidden."""
        super().showEvent(event)
        if self._runs is not None:
            self._catch_up()
            self._show_curves()
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Rest."""
        super().hideEvent(event)
        self._timer.stop()

    # ---------------------------------------------------------------------------------------------

    def _follow_runs(self) -> None:
        self.model.follow_runs()

    def _catch_up(self) -> None:
        self.model.refresh()
        if self._stale:
            self._stale = False
            self.model.follow_spec()
            self._show_difference()

    def _follow_selection(self) -> None:
        selected = [number for number in self.table.selected if number != NOW]
        self.selection_changed.emit(selected)
        self._show_difference()

    def _show_curves(self) -> None:
        if self.isVisible() and self._runs is not None:
            self.plot.show_runs([self._plotted(number) for number in self.model.ticked])

    def _plotted(self, number: int) -> Plotted:
        run = None if self._runs is None else self._runs.by_number(number)
        rows = newest_part(self._curve() if run is None else run.curve)
        return Plotted(number, "Now" if run is None else run.title, self.model.sign(number), np.asarray(rows))

    def _show_difference(self) -> None:
        """Say what the two selected runs differ in, or the selected one from the present settings."""
        if self._runs is None:
            return
        runs = [run for number in self.table.selected if (run := self._runs.by_number(number)) is not None]
        text = "\n".join(self._comparison(runs)) if runs else _NONE_SELECTED
        if text != self.difference.toPlainText():
            self.difference.setPlainText(text)

    def _comparison(self, runs: list[Run]) -> list[str]:
        assert self._runs is not None
        older, newer = (None, runs[0]) if len(runs) == 1 else sorted(runs, key=lambda run: run.number)[:2]
        spec = self.model.present.spec if older is None else older.spec
        lines = differences(spec, newer.spec) or ["The settings are the same."]
        beside = told(newer, self._runs)
        head = f"{'Now' if older is None else older.title} → {newer.title}"
        return [head, "", *lines, *(["", newer.title, "", *beside] if beside else [])]

    # -- building ---------------------------------------------------------------------------------

    def _arrange(self) -> None:
        self._stack = QStackedWidget()
        for part in (self.plot, self.difference):
            self._stack.addWidget(part)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setObjectName("runs-splitter")
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(SPACING_PX)
        for part, share in ((self.table, 2), (self._stack, 1)):
            splitter.addWidget(part)
            splitter.setStretchFactor(splitter.count() - 1, share)
        splitter.setSizes([460, 210])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, SPACING_PX // 2, 0, 0)
        column.setSpacing(SPACING_PX // 2)
        column.addLayout(self._buttons())
        column.addWidget(splitter, 1)

    def _buttons(self) -> QHBoxLayout:
        """What can be done with runs, and the choice between curves and settings."""
        row, self._group = QHBoxLayout(), QButtonGroup(self)
        row.setSpacing(SPACING_PX // 2)
        for name in _BUTTONS:
            if name in self._actions:
                row.addWidget(_button(name, self._actions[name]))
        row.addStretch(1)
        row.addWidget(self.plot.log_scale)
        for place, (name, about) in enumerate(_SIDES.items()):
            button = PushButton()
            button.setText(name)
            button.setCheckable(True)
            button.setChecked(place == 0)
            for mark in ("toggle", "segment"):
                button.setProperty(mark, True)
            identify(button, f"runs-{name.lower()}", f"Show {name.lower()} of the runs")
            button.setToolTip(about)
            self._group.addButton(button, place)
            row.addWidget(button)
        self._group.idToggled.connect(self._show_side)
        return row

    def _show_side(self, place: int, on: bool) -> None:
        if on:
            self._stack.setCurrentIndex(place)
            self.plot.log_scale.setVisible(place == 0)


def _button(name: str, action: QAction) -> PushButton:
    """A button that does what an action does, as far as that is possible."""
    button = PushButton()
    button.setProperty("quiet", True)
    button.setText(_SHORT.get(name, name_of(action).split()[0]))
    button.setToolTip(tip(action.toolTip() or name_of(action), action))
    identify(button, f"{name}-button", name_of(action))
    button.clicked.connect(action.trigger)
    button.setEnabled(action.isEnabled())
    action.enabledChanged.connect(button.setEnabled)
    return button
