"""The part of the View menu that lists what there is: panels, tabs, switches that widgets have too, themes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QAbstractButton, QDockWidget

from playground.ui.actions import Entry, make_action, menu_at
from playground.ui.letters import letters_for, underlined
from playground.ui.tabs import TabsDock

if TYPE_CHECKING:
    from playground.ui.main_window import MainWindow

THEME_NAMES = ("system", "light", "dark")
GO_KEYS, THEME_KEYS = "Ctrl+G", "Ctrl+T"
"""The first keys of the chords that lead to panels and tabs, and to themes."""


def fill_view_menu(window: MainWindow, tabs: TabsDock) -> None:
    """List panels, the tabs of the panel below, and themes, each with a chord; connect switches with their widgets.

    Parameters
    ----------
    window
        It has all its docks.
    tabs
        The panel below the canvas.
    """
    for path in ("View/&Panels", "View/&Tabs below", "View/T&heme"):
        window.menus["View"].insertMenu(window.actions_by_name["show-test"], menu_at(window.menus, path))
    window.menus["View"].insertSeparator(window.actions_by_name["show-test"])
    panels = [*window.docks]
    letters = letters_for([*(title for title in panels if title != tabs.windowTitle()), *tabs.titles, *panels])
    for title, dock in window.docks.items():
        _list_panel(window, dock, letters[title])
    for title in tabs.titles:
        letter = letters[title]
        entry = Entry(
            f"tab-{title.lower()}",
            "View/Tabs below",
            underlined(title, letter),
            f"{GO_KEYS},{letter}",
            partial(tabs.enter_tab, title),
            f"Show {title} below the canvas, and go there",
        )
        _add(window, entry)
    _list_themes(window)
    for name, button in _switches(window).items():
        Switch(window.actions_by_name[name], button)


def show_theme_choice(window: MainWindow, chosen: str) -> None:
    """Mark the theme that is used."""
    for name in THEME_NAMES:
        window.actions_by_name[f"theme-{name}"].setChecked(name == chosen)


class Switch(QObject):
    """Keeps an entry of a menu and a check box alike: in state, and in whether they can be used."""

    def __init__(self, action: QAction, button: QAbstractButton) -> None:
        super().__init__(button)
        self._action, self._button = action, button
        action.setCheckable(True)
        self._follow()
        button.toggled.connect(self._follow)
        action.triggered.connect(lambda checked=False: button.setChecked(checked))
        button.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the button when it is greyed out, or comes back."""
        if event.type() == QEvent.Type.EnabledChange:
            self._follow()
        return super().eventFilter(watched, event)

    def _follow(self) -> None:
        self._action.setChecked(self._button.isChecked())
        self._action.setEnabled(self._button.isEnabled())


def _switches(window: MainWindow) -> dict[str, QAbstractButton]:
    """What can be switched on and off by a check box, by the names of the actions that do the same."""
    return {
        "show-test": window.surface.show_test,
        "discretize": window.surface.discretize,
        "log-scale": window.loss.log_scale,
    }


def _list_panel(window: MainWindow, dock: QDockWidget, letter: str) -> None:
    """The action is the dock's own: it knows whether the panel is shown."""
    action, title = dock.toggleViewAction(), dock.windowTitle()
    action.setObjectName(f"action-panel-{title.lower()}")
    action.setData(title)
    action.setText(underlined(title, letter))
    action.setShortcut(QKeySequence(f"{GO_KEYS},{letter}"))
    action.setToolTip(f"Show or hide the panel {title}")
    menu_at(window.menus, "View/Panels").addAction(action)
    window.actions_by_name[f"panel-{title.lower()}"] = action


def _list_themes(window: MainWindow) -> None:
    group = QActionGroup(window)
    for name, letter in letters_for(THEME_NAMES).items():
        label = f"{name.capitalize()} theme"
        entry = Entry(
            f"theme-{name}",
            "View/Theme",
            underlined(label, letter),
            f"{THEME_KEYS},{letter}",
            partial(window.choose_theme, name),
        )
        action = _add(window, entry)
        action.setCheckable(True)
        group.addAction(action)


def _add(window: MainWindow, entry: Entry) -> QAction:
    action = make_action(window, entry)
    menu_at(window.menus, entry.menu).addAction(action)
    window.actions_by_name[entry.name] = action
    return action
