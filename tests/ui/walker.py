"""Hands that do anything a person can do to the window, by numbers; each single act is timed.

What there is to do with them stands in `walk_gestures.py`, what has to hold whatever they do in `walk_checks.py`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import NamedTuple

from desk import CONTROL, LEFT, NO_KEYS
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QAction, QDesktopServices, QDrag, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDialog,
    QFileDialog,
    QLineEdit,
    QMenu,
    QWidget,
)
from shiboken6 import isValid

from playground.ui.dialogs.command_palette import CommandPalette
from playground.ui.main_window import MainWindow

CLOSING = ("quit", "full-screen")
"""Actions that would end the walk, or take the screen."""
NO_BUTTON = Qt.MouseButton.NoButton
STEPS = 6
"""Of a drag."""
PASSES = 3
"""So often the window comes to paint after a gesture."""
BLOCKED_MS = 15
"""So long a menu stands that lets nothing else happen."""


class Hold(NamedTuple):
    """How long the window did not come back from one act, or from one pass of its events."""

    wall_s: float = 0.0
    cpu_s: float = 0.0
    """Of the window's thread: on a busy machine less than the wall clock says."""


class Walker:
    """Hands that use whatever is there. Every number is taken modulo what is possible.

    Parameters
    ----------
    window
        What they use, with everything that stands over it.
    folder
        Where files are opened and saved.
    """

    def __init__(self, window: MainWindow, folder: Path) -> None:
        self.window, self.folder = window, folder
        self.longest = Hold()
        self.on = ""
        """The name of what was used last, if it has one."""
        self._closer = QTimer(window)
        self._closer.setInterval(BLOCKED_MS)
        self._closer.timeout.connect(_close_popup)

    # -- acts --------------------------------------------------------------------------------------

    def gesture(self, run: Callable[[Walker, Random], object], hand: Random) -> None:
        """Do something, and let the window paint what came of it."""
        self.longest, self.on = Hold(), ""
        self._closer.start()
        run(self, hand)
        self._closer.stop()
        self.passes()
        self._leave_popups(hand)
        self.passes(1)

    def act(self, run: Callable[[], object]) -> None:
        """Let one event happen, and what follows it at once."""
        self._time(run)
        self.passes(1)

    def passes(self, count: int = PASSES) -> None:
        """Let the window handle its events, and paint."""
        for _ in range(count):
            self._time(_one_pass)

    def wait(self, until: Callable[[], object], most_s: float = 3.0) -> bool:
        """Let the window go on until something has come; False if it did not in that time."""
        end = time.perf_counter() + most_s
        while not until():
            if time.perf_counter() > end:
                return False
            self.passes(1)
            time.sleep(0.002)
        return True

    def _time(self, run: Callable[[], object]) -> None:
        began, busy = time.perf_counter(), time.thread_time()
        run()
        self.longest = max(self.longest, Hold(time.perf_counter() - began, time.thread_time() - busy))

    # -- what there is -----------------------------------------------------------------------------

    @property
    def modal(self) -> QWidget | None:
        """What has to be answered before the window can be used, if anything."""
        palette = self.window.findChild(CommandPalette)
        over = palette if palette is not None and palette.isVisible() else None
        return QApplication.activeModalWidget() or over

    def widgets(self, kind: type[QWidget] = QWidget) -> list[QWidget]:
        """All that can be pointed at: seen, enabled, and without anything inside."""
        return [
            widget
            for widget in (self.modal or self.window).findChildren(kind)
            if widget.isEnabled() and not widget.visibleRegion().isEmpty() and _is_leaf(widget)
        ]

    def pick(self, hand: Random, kind: type[QWidget] = QWidget) -> QWidget | None:
        """Any of them."""
        widgets = self.widgets(kind)
        if not widgets:
            return None
        widget = hand.choice(widgets)
        self.on = widget.objectName() or type(widget).__name__
        return widget

    def actions(self) -> list[QAction]:
        """What the menus offer at present."""
        return [
            action
            for menu in self.window.menuBar().findChildren(QMenu)  # asked for anew: see Traps in ARCHITECTURE.md
            for action in menu.actions()
            if _is_usable(action)
        ]

    # -- mouse -------------------------------------------------------------------------------------

    def click(self, widget: QWidget, at: tuple[float, float] = (0.5, 0.5), button: Qt.MouseButton = LEFT) -> None:
        """Click on a widget."""
        self.act(lambda: QTest.mouseClick(widget, button, NO_KEYS, inside(widget, *at)))

    def drag(self, widget: QWidget, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Press on a widget, move on, and release."""
        a, b = inside(widget, *start), inside(widget, *end)
        self.act(lambda: QTest.mousePress(widget, LEFT, NO_KEYS, a))
        for step in range(1, STEPS + 1):
            where = QPointF(a) + (QPointF(b) - QPointF(a)) * (step / STEPS)
            self.act(lambda where=where: _move(widget, where, LEFT))
        self.act(lambda: QTest.mouseRelease(widget, LEFT, NO_KEYS, b))

    def hover(self, widget: QWidget, at: tuple[float, float]) -> None:
        """Move the cursor over a widget."""
        self.act(lambda: _move(widget, QPointF(inside(widget, *at)), NO_BUTTON))

    def wheel(self, widget: QWidget, at: tuple[float, float], up: bool, zoom: bool) -> None:
        """Turn the wheel over a widget."""
        where = QPointF(inside(widget, *at))
        event = QWheelEvent(
            where, widget.mapToGlobal(where), QPoint(), QPoint(0, 120 if up else -120), NO_BUTTON,
            CONTROL if zoom else NO_KEYS, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        self.act(lambda: QApplication.sendEvent(widget, event))

    # -- keys --------------------------------------------------------------------------------------

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = NO_KEYS) -> None:
        """Press a key, wherever the focus is."""
        self.act(lambda: QTest.keyClick(self._focused(), key, modifier))

    def shortcut(self, action: QAction) -> None:
        """Press the keys of an action."""
        self.act(lambda: QTest.keySequence(self._focused(), action.shortcut()))

    def type(self, line: QWidget, text: str, key: Qt.Key = Qt.Key.Key_Return) -> None:
        """Type something over what stands in a line."""
        strokes = [
            lambda: QTest.keyClick(line, Qt.Key.Key_A, CONTROL),
            *(lambda letter=letter: QTest.keyClicks(line, letter) for letter in text),
            lambda: QTest.keyClick(line, key),
        ]
        for stroke in strokes:
            if isValid(line):  # it may go with what it is typed into
                self.act(stroke)

    def _focused(self) -> QWidget:
        over, focused = self.modal, QApplication.focusWidget()
        if over is not None and (focused is None or not over.isAncestorOf(focused)):
            return over
        return focused or self.window

    # -- what stands over the window ---------------------------------------------------------------

    def trigger(self, name: str) -> bool:
        """Choose an entry of a menu by its name; False if that is impossible at present."""
        action = self.window.actions_by_name[name]
        possible = action.isEnabled() and action.isVisible() and self.modal is None
        if possible:
            self.on = name
            self.act(action.trigger)
        return possible

    def leave(self) -> None:
        """Close whatever has to be answered."""
        for _ in range(5):
            over = self.modal
            if over is None:
                return
            self.on = over.objectName()
            self.act(over.reject if isinstance(over, QDialog) else over.close)
        assert self.modal is None, f"{self.modal.objectName()} cannot be left"

    def _leave_popups(self, hand: Random) -> None:
        """Choose something in a menu or list that has opened, or leave it."""
        for _ in range(4):
            popup = QApplication.activePopupWidget()
            if popup is None:
                return
            if isinstance(popup, QMenu):
                usable = [action for action in popup.actions() if _is_usable(action) and action.menu() is None]
                if usable and hand.random() < 0.5:
                    self.act(hand.choice(usable).trigger)
            elif isinstance(popup.parentWidget(), QComboBox) and hand.random() < 0.5:
                self.key(Qt.Key.Key_Down)
                self.key(Qt.Key.Key_Return)
            while (popup := QApplication.activePopupWidget()) is not None:
                self.act(popup.close)


def without_the_system(patch: Callable[[object, str, object], None], choose: Callable[[QFileDialog], str]) -> None:
    """Cancel the dragging of something out of a widget, and answer for whoever is asked for the name of a file.

    Parameters
    ----------
    patch
        Sets an attribute, as `setattr` does.
    choose
        Gives the answer; "" is Cancel.
    """

    def answer(dialog: QFileDialog) -> None:
        def close() -> None:
            chosen = choose(dialog)
            if chosen:
                dialog.fileSelected.emit(chosen)
            dialog.deleteLater()

        QTimer.singleShot(0, dialog, close)

    patch(QDrag, "exec", lambda *args, **kwargs: Qt.DropAction.IgnoreAction)
    patch(QFileDialog, "open", answer)
    patch(QDesktopServices, "openUrl", staticmethod(lambda url: True))


def _one_pass() -> None:
    QApplication.processEvents()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # as only a loop of its own would do


def line_in(widget: QWidget) -> QLineEdit | None:
    """The line of text that a widget is or has."""
    return widget if isinstance(widget, QLineEdit) else widget.findChild(QLineEdit)


def inside(widget: QWidget, x: float, y: float) -> QPoint:
    """A place in a widget, by its shares of width and height."""
    return QPoint(round(x * (widget.width() - 1)), round(y * (widget.height() - 1)))


def _move(widget: QWidget, where: QPointF, button: Qt.MouseButton) -> None:
    move = QMouseEvent(QEvent.Type.MouseMove, where, widget.mapToGlobal(where), NO_BUTTON, button, NO_KEYS)
    QApplication.sendEvent(widget, move)


def _close_popup() -> None:
    # A context menu, or that of a tool button, lets nothing else happen until it is closed.
    popup = QApplication.activePopupWidget()
    if popup is not None:
        popup.close()


def _is_usable(action: QAction) -> bool:
    possible = action.isEnabled() and action.isVisible() and not action.isSeparator()
    return possible and action.objectName().removeprefix("action-") not in CLOSING


def _is_leaf(widget: QWidget) -> bool:
    children = widget.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
    return not any(child.isVisible() for child in children) or widget.objectName() == "network-canvas"
