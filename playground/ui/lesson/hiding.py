"""Hides widgets, tabs and entries of menus, keeps them hidden whoever shows them, and brings them back as they were."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDockWidget, QMenu, QTabBar, QWidget
from shiboken6 import isValid

from playground.ui.lesson.hideable import ROWS, Inventory, docks_of, tabs_of

if TYPE_CHECKING:
    from playground.ui.main_window import MainWindow


class Hiding(QObject):
    """Hides parts of a window by their names.

    Parameters
    ----------
    window
        With all its parts.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._widgets: dict[QWidget, bool] = {}
        """Hidden ones, and whether they would be shown if they were not."""
        self._actions: dict[str, bool] = {}
        """The same of entries of menus, by name: what Qt has made itself is asked for anew each time."""
        self._names: frozenset[str] = frozenset()
        self._watched: set[str] = set()

    def hide_only(self, names: Iterable[str]) -> None:
        """Hide these parts, and show all others that this has hidden; names there are not are left alone."""
        old, self._names = self._names, self._with_inside(names)
        there = Inventory(self._window)
        self._hide_widgets(there)
        self._hide_actions(there, old - self._names)
        self._hide_tabs()

    def catch_up(self) -> None:
        """Layers have come or gone: what stands in their heads may have to be hidden, too."""
        self._hide_widgets(Inventory(self._window))

    def hides(self, name: str) -> bool:
        """Whether a part is hidden, by itself or with what it stands in."""
        return name in self._names

    def hides_action(self, name: str) -> bool:
        """Whether an entry of a menu is hidden."""
        return f"action-{name}" in self._actions

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hide again what somebody shows."""
        if event.type() == QEvent.Type.ShowToParent and isinstance(watched, QWidget) and watched in self._widgets:
            self._widgets[watched] = True
            if isinstance(watched, QDockWidget):  # in the middle of arranging the docks it would be too early
                QTimer.singleShot(0, self, partial(self._hide_again, watched))
            else:
                watched.hide()
        return False

    def _hide_again(self, widget: QWidget) -> None:
        if widget in self._widgets and isValid(widget):
            widget.hide()

    def _with_inside(self, names: Iterable[str]) -> frozenset[str]:
        """With all that stands in a panel that is hidden: it can be done from elsewhere, too."""
        named = set(names)
        inside = {row.name for row in ROWS if row.owner in named}
        return frozenset(named | inside | (set(tabs_of(self._window)) if "layers-panel" in named else set()))

    # -- widgets ----------------------------------------------------------------------------------

    def _hide_widgets(self, there: Inventory) -> None:
        wanted = [dock for dock in docks_of(self._window) if dock.objectName() in self._names]
        wanted += [widget for row in ROWS if row.name in self._names for widget in there.widgets_of(row)]
        kept = set(wanted)
        for widget in [*self._widgets]:
            if not isValid(widget):
                del self._widgets[widget]
            elif widget not in kept:
                shown = self._widgets.pop(widget)
                widget.removeEventFilter(self)
                widget.setVisible(shown)
        for widget in wanted:
            if widget not in self._widgets:
                self._widgets[widget] = not widget.isHidden()
                widget.installEventFilter(self)
                widget.hide()

    def _hide_tabs(self) -> None:
        bar = self._window.findChild(QTabBar, "layers-tabs")
        if bar is None:
            return
        if "bar" not in self._watched:
            self._watched.add("bar")
            bar.currentChanged.connect(lambda _at: self._leave_hidden_tab(bar))
        for at, name in enumerate(tabs_of(self._window)):
            bar.setTabVisible(at, name not in self._names)
        bar.setTabText(0, bar.tabText(0))  # or, styled as it is, it would leave the place of a hidden tab empty
        self._leave_hidden_tab(bar)

    def _leave_hidden_tab(self, bar: QTabBar) -> None:
        shown = [at for at in range(bar.count()) if bar.isTabVisible(at)]
        if shown and bar.currentIndex() not in shown:
            bar.setCurrentIndex(shown[0])

    # -- entries of menus -------------------------------------------------------------------------

    def _hide_actions(self, there: Inventory, no_more: frozenset[str]) -> None:
        hidden = {key: action for name in self._names for key, action in self._actions_of(there, name)}
        for key, action in [pair for name in no_more for pair in self._actions_of(there, name)]:
            if key not in hidden and key in self._actions:
                action.setVisible(self._actions.pop(key))
        for key, action in hidden.items():
            if key not in self._actions:
                self._actions[key] = action.isVisible()
                if key not in self._watched:
                    self._watched.add(key)
                    action.visibleChanged.connect(partial(self._hide_action_again, key, action))
                action.setVisible(False)

    def _actions_of(self, there: Inventory, name: str) -> list[tuple[str, QAction]]:
        """Entries with the keys they are remembered by."""
        docks = [dock for dock in docks_of(self._window) if dock.objectName() == name]
        actions = [dock.toggleViewAction() for dock in docks] or there.actions_of(name)
        return [(key, action) for action in actions if (key := _key(action))]

    def _hide_action_again(self, key: str, action: QAction) -> None:
        if key in self._actions and isValid(action) and action.isVisible():
            self._actions[key] = True
            action.setVisible(False)


def _key(action: QAction) -> str:
    """What an entry is remembered by: its name, or that of the menu it opens."""
    menu = action.menu()
    return menu.objectName() if isinstance(menu, QMenu) else action.objectName()
