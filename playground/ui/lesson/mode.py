"""A lesson in the window: what is hidden stays hidden until one leaves it, and nothing of the user's own is lost."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QEvent, QObject, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QTabBar

from playground.document.lesson import Lesson
from playground.document.spec import Spec
from playground.document.tf_link import Link
from playground.ui.canvas.keys import command_at
from playground.ui.commands.offer import commands_of
from playground.ui.editing import EditingWidget
from playground.ui.lesson.banner import LessonBanner
from playground.ui.lesson.hiding import Hiding
from playground.ui.settings import restore_docks, saved_docks
from playground.ui.theme import Theme

if TYPE_CHECKING:
    from playground.ui.main_window import MainWindow

_SETTINGS = {
    **{"data-sets": "data", "activations": "activation", "formulas": "features"},
    **dict.fromkeys(
        ("learning-rate", "noise", "samples", "train-share", "batch-size", "regularization-rate"), "numbers"
    ),
    **{name: name for name in ("features", "optimizer", "loss", "regularizer", "schedule", "clipping", "initializer")},
    "speed": "speed",
}
"""By the row in which it is set: what the command palette does not offer then."""


class LessonMode(QObject):
    """Shows lessons.

    Parameters
    ----------
    window
        What parts are hidden of. It need not have all of them before a lesson starts.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._hiding: Hiding | None = None
        self._tab = 0
        self._lent = ExitStack()
        self._outdated = False
        self.current: Lesson | None = None
        """The lesson that is shown."""
        self.own: Lesson | None = None
        """The lesson of the present file, whether it is shown or not."""
        self.docks: QByteArray | None = None
        """Where the user's own docks are while a lesson is shown."""
        self.banner = LessonBanner()
        self.banner.left.connect(self.leave)
        self._follow()

    def start(self, lesson: Lesson | None) -> None:
        """Show a lesson in the place of the one there is; None shows everything."""
        if lesson is None:
            self.leave()
            return
        hiding = self._enter() if self.current is None else self._hiding
        self.current = lesson
        if hiding is not None:
            hiding.hide_only(lesson.hidden)
            self._withhold(hiding)
        self.banner.show_lesson(lesson)
        self._follow()

    def open(self, lesson: Lesson | None) -> None:
        """Another file was opened, with this lesson or none."""
        self.own = lesson
        self.start(lesson)

    def open_link(self, link: Link) -> None:
        """Look at an experiment as its link asks for, which may hide something."""
        self._window.remembering.show({"show-test-data": link.show_test, "discretize-output": link.discretize})
        if link.lesson is not None:
            self.start(link.lesson)

    def leave(self) -> None:
        """Show everything again, where it was."""
        if self.current is None or self._hiding is None or self.docks is None:
            return
        window, self.current = self._window, None
        self._hiding.hide_only(())
        self._withhold(self._hiding)
        restore_docks(window, self.docks)
        self.docks = None
        bar = window.findChild(QTabBar, "layers-tabs")
        if bar is not None:
            bar.setCurrentIndex(self._tab)
        self._lent.close()
        self.banner.show_lesson(None)
        for widget in window.findChildren(EditingWidget):  # they know best which of their rows are wanted now
            widget.follow(window.document.spec)
        self._follow()

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        self.banner.set_theme(theme)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take from the canvas the keys of what is hidden."""
        if self.current is not None and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            command = command_at(event)
            return command is not None and self._hiding is not None and self._hiding.hides_action(command.name)
        return False

    def _enter(self) -> Hiding:
        """Remember what is the user's own."""
        window = self._window
        if self._hiding is None:
            self._hiding = Hiding(window)
            window.document.changed.connect(self._follow_layers)
            window.network.canvas.installEventFilter(self)
        self.docks = saved_docks(window)
        bar = window.findChild(QTabBar, "layers-tabs")
        self._tab = bar.currentIndex() if bar is not None else 0
        self._lent.enter_context(window.remembering.lent())
        return self._hiding

    def _follow(self) -> None:
        self._window.actions_by_name["leave-lesson"].setEnabled(self.current is not None)

    def _withhold(self, hiding: Hiding) -> None:
        commands_of(self._window).withheld = frozenset(what for row, what in _SETTINGS.items() if hiding.hides(row))

    def _follow_layers(self, new: Spec, old: Spec) -> None:
        """Other layers, or layers of another kind, have other controls in their heads."""
        same = [(each.id, each.kind) for each in new.layers] == [(each.id, each.kind) for each in old.layers]
        if self.current is not None and not same and not self._outdated:
            self._outdated = True
            QTimer.singleShot(0, self, self._catch_up)

    def _catch_up(self) -> None:
        self._outdated = False
        if self.current is not None and self._hiding is not None:
            self._hiding.catch_up()
