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
    """The menu it stands in; "File/Export" is the menu Export in the menu File, made when the first entry asks for it.
    A "&" stands before the letter that opens a menu: what comes first says it, "File/&Export"."""
    text: str
    keys: str
    """Shortcuts, separated by spaces, the keys of a chord by commas: "Ctrl+E,N" is Ctrl+E and then N; "" has none.
    In brackets: shown, but handled by the widget that has the focus."""
    run: Callable[[], object]
    tip: str = ""
    """What it does, where its text cannot say it."""
    words: str = ""
    """Other words by which people look for it."""


SEPARATOR = Entry("", "", "", "", lambda: None)
"""A line behind the entry before it."""


def separator(menu: str) -> Entry:
    """A line in a menu, also behind another menu that stands in it."""
    return SEPARATOR._replace(menu=menu)


def heading(menu: str, text: str) -> Entry:
    """A title over the entries that follow, with a line above it."""
    return SEPARATOR._replace(menu=menu, text=text)


def make_actions(window: QMainWindow, menus: dict[str, QMenu], table: list[Entry]) -> dict[str, QAction]:
    """Make the actions of a table and put them into their menus.

    Parameters
    ----------
    window
        Whose shortcuts they are.
    menus
        By their paths; those inside others are added.
    table
        In the order of the menus.

    Returns
    -------
    dict
        The actions by name.
    """
    actions: dict[str, QAction] = {}
    menu = ""
    for entry in table:
        menu = entry.menu or menu
        if not entry.name:
            menu_at(menus, menu).addSeparator()
            if entry.text:
                title = QAction(entry.text, window)
                title.setEnabled(False)  # a style sheet shows no sections
                title.setProperty("heading", True)
                menu_at(menus, menu).addAction(title)
            continue
        actions[entry.name] = make_action(window, entry)
        menu_at(menus, menu).addAction(actions[entry.name])
    told = {entry.menu.replace("&", "") for entry in table if entry.name and entry.tip}
    for path in told - {entry.menu.replace("&", "") for entry in table if entry.name and not entry.tip}:
        menus[path].setToolTipsVisible(True)  # where only some have something to add, others would repeat themselves
    return actions


def make_action(window: QMainWindow, entry: Entry) -> QAction:
    """The action of one entry, in no menu yet."""
    action = QAction(entry.text, window)
    action.setObjectName(f"action-{entry.name}")
    action.setData(entry.text.replace("&", "").removesuffix(" …"))  # its name, whatever its text may say later
    if entry.keys.startswith("("):
        action.setText(f"{entry.text}\t{entry.keys.strip('()')}")
    else:
        action.setShortcuts([QKeySequence(key) for key in entry.keys.split()])
    if entry.tip:
        action.setToolTip(entry.tip)
    action.setProperty("words", entry.words)
    action.triggered.connect(lambda _checked=False, run=entry.run: run())
    return action


def menu_at(menus: dict[str, QMenu], path: str) -> QMenu:
    """The menu of a path such as "File/&Export"; made, at the end of the menu it stands in, if there is none."""
    plain = path.replace("&", "")
    if plain not in menus:
        outer, _, title = path.rpartition("/")
        inside = menu_at(menus, outer)
        menus[plain] = QMenu(title, inside)  # not by addMenu(title): Python may lose what Qt has made itself
        name_menu(menus[plain], plain)
        inside.addMenu(menus[plain])
    return menus[plain]


def name_of(action: QAction) -> str:
    """What an action is called, whatever its text says at present."""
    return str(action.data() or action.text().replace("&", ""))


def keys_of(action: QAction) -> str:
    """Its shortcut as people read it, also one that the widget handles which has the focus; "" if there is none."""
    return action.shortcut().toString(QKeySequence.SequenceFormat.NativeText) or action.text().partition("\t")[2]


def words_of(action: QAction) -> str:
    """Other words by which people look for an action."""
    return action.property("words") or ""


def name_menu(menu: QMenu, path: str) -> None:
    """Give a menu the names by which tests and screen readers know it."""
    menu.setObjectName(f"menu-{path.lower().replace('/', '-').replace(' ', '-')}")
    menu.setAccessibleName(path.rpartition("/")[2])
