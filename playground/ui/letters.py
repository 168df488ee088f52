"""Letters that stand for things: the last key of a chord, and the underlined letter of a menu entry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

_SPARE = "0123456789"


def letters_for(names: Iterable[str], taken: Iterable[str] = ()) -> dict[str, str]:
    """A letter (or, where there is none left, a figure) of its own for each name.

    Who can have his first letter gets it; the others get the beginning of another word before one inside a word.
    """
    names = list(names)
    used = {letter.upper() for letter in taken}
    letters: dict[str, str] = {}
    for wishes in (lambda name: name[:1].upper(), lambda name: (*_starts(name), *name.upper(), *_SPARE)):
        for name in names:
            free = [letter for letter in wishes(name) if _is_key(letter) and letter not in used]
            if free and name not in letters:
                letters[name] = free[0]
                used.add(free[0])
    return letters


def underlined(name: str, letter: str) -> str:
    """A name as a menu wants it: "&" before its letter, which stands at the beginning of a word if it can."""
    starts = [at for at in range(len(name)) if name[at].upper() == letter]
    at = next((at for at in starts if _begins(name, at)), starts[0] if starts else None)
    return name if at is None else f"{name[:at]}&{name[at:]}"


def underlined_names(names: Iterable[str], taken: Iterable[str] = ()) -> Mapping[str, str]:
    """Names as a menu wants them, each with a letter of its own."""
    names = list(names)
    letters = letters_for(names, taken)
    return {name: underlined(name, letters.get(name, "")) for name in names}


def underline_menus(menus: Mapping[str, QMenu]) -> None:
    """Give every entry of these menus a letter by which it can be chosen, where there is one left."""
    for menu in menus.values():
        underline_all(menu)


def underline_all(menu: QMenu) -> None:
    """Give every entry of a menu that has none a letter of its own, where there is one left."""
    actions = [action for action in menu.actions() if action.text() and action.isEnabled()]
    bare = [action for action in actions if not letter_of(action)]
    names = underlined_names([_name(action) for action in bare], [letter_of(action) for action in actions])
    for action in bare:
        _, tab, keys = action.text().partition("\t")
        action.setText(names[_name(action)] + tab + keys)


def letter_of(action: QAction) -> str:
    """The letter that chooses a menu entry; "" if it has none."""
    _, sign, rest = action.text().replace("&&", "").partition("&")
    return rest[:1].upper() if sign else ""


def _name(action: QAction) -> str:
    return action.text().partition("\t")[0]


def _starts(name: str) -> list[str]:
    return [name[at].upper() for at in range(len(name)) if _begins(name, at)]


def _begins(name: str, at: int) -> bool:
    """Whether a word begins here, also one within another: "BatchNorm" has two."""
    if not name[at].isalnum():
        return False
    return at == 0 or not name[at - 1].isalnum() or (name[at].isupper() and name[at - 1].islower())


def _is_key(letter: str) -> bool:
    """Whether every keyboard has this key."""
    return letter.isascii() and letter.isalnum()
