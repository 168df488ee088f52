"""The commands that stand in the menus."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QMenuBar

from playground.ui.actions import keys_of, words_of
from playground.ui.commands.command import Command

BETWEEN = " › "
"""Between the titles of a menu and of one in it."""


def menu_commands(bar: QMenuBar) -> Iterator[Command]:
    """Every entry of every menu that is to be seen, also in menus within menus."""
    for place, action in walk(bar):
        yield Command(
            action.objectName() or f"{place}/{action.text()}",
            _title(action),
            action.trigger,
            place,
            keys_of(action),
            words_of(action),
            action.toolTip() if action.toolTip() != action.iconText() else "",
            action.isEnabled(),
            action.isChecked(),
        )


def walk(menu: QMenuBar | QMenu, place: str = "") -> Iterator[tuple[str, QAction]]:
    """(titles of the menus it stands in, action) of all entries, in order; without lines and headings."""
    for action in menu.actions():
        if not action.isVisible() or action.isSeparator():
            continue
        inner = action.menu()
        if isinstance(inner, QMenu):
            title = inner.title().replace("&", "")
            yield from walk(inner, f"{place}{BETWEEN}{title}" if place else title)
        elif not action.property("heading"):
            yield place, action


def _title(action: QAction) -> str:
    """What it says at present, "Undo add layer"; the dots that promise a dialog are of no use here."""
    return action.text().partition("\t")[0].replace("&", "").removesuffix(" …")
