"""Everything the menus offer, in one table: what it is called, its keys, and what it does."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu


class Entry(NamedTuple):
    """One action."""

    name: str
    menu: str
    text: str
    keys: str
    """Shortcuts, separated by spaces; "" has none. In brackets: shown, but handled by the widget that has the focus."""
    run: Callable[[], object]


SEPARATOR = Entry("", "", "", "", lambda: None)


def make_actions(window: QMainWindow, menus: dict[str, QMenu], table: list[Entry]) -> dict[str, QAction]:
    """Make the actions of a table and put them into their menus; a `SEPARATOR` stands in the menu of the one before it.

    Returns
    -------
    dict
        The actions by name.
    """
    actions: dict[str, QAction] = {}
    menu = ""
    for entry in table:
        if entry is SEPARATOR:
            menus[menu].addSeparator()
            continue
        menu = entry.menu
        action = QAction(entry.text, window)
        action.setObjectName(f"action-{entry.name}")
        action.setData(entry.text.replace("&", "").removesuffix(" …"))  # its name, whatever its text may say later
        if entry.keys.startswith("("):
            action.setText(f"{entry.text}\t{entry.keys.strip('()')}")
        else:
            action.setShortcuts([QKeySequence(key) for key in entry.keys.split()])
        action.triggered.connect(lambda _checked=False, run=entry.run: run())
        menus[menu].addAction(action)
        actions[entry.name] = action
    return actions
