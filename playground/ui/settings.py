"""What the window remembers from one time to the next."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TypeVar

import msgspec
from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtWidgets import QMainWindow

from playground.engine.protocol import Speed
from playground.ui.theme import THEMES

Value = TypeVar("Value", str, int, QByteArray)

LAYOUT_VERSION = 1
"""To be raised when docks come or go: an older layout is then not restored."""

_ON, _OFF = "on", "off"
"""A word for each: any text but "false" would be read as true."""


class Settings:
    """Theme, layout and what else a user has chosen for the window, kept by the system for this user.

    Whatever the file says, every value has its type, and is one that is possible.

    Parameters
    ----------
    store
        Where; the default is the user's own settings.
    """

    def __init__(self, store: QSettings | None = None) -> None:
        self._store = store or QSettings("nn-playground", "nn-playground")

    @property
    def theme(self) -> str:
        """One of "light", "dark" and "system", whatever the file says."""
        name = self._value("theme", "system")
        return name if name in THEMES else "system"

    @theme.setter
    def theme(self, name: str) -> None:
        self._store.setValue("theme", name)

    @property
    def speed(self) -> Speed:
        """How fast to train."""
        value, _, per = self._value("speed", "").partition(" ")
        try:
            speed = msgspec.convert({"value": None if value == "max" else float(value), "per": per}, Speed)
        except ValueError:
            return Speed()
        return speed if speed.value is None or math.isfinite(speed.value) else Speed()

    @speed.setter
    def speed(self, speed: Speed) -> None:
        self._store.setValue("speed", f"{'max' if speed.value is None else speed.value} {speed.per}")

    @property
    def tab(self) -> str:
        """The title of the tab below the canvas that was chosen last; there may be none of that title."""
        return self._value("tab", "")

    @tab.setter
    def tab(self, title: str) -> None:
        self._store.setValue("tab", title)

    @property
    def folder(self) -> str:
        """Where a file was opened or saved last; "" if that folder is gone."""
        name = self._value("folder", "")
        return name if is_folder(name) else ""

    @folder.setter
    def folder(self, name: str) -> None:
        self._store.setValue("folder", name)

    @property
    def recent(self) -> list[str]:
        """The paths of the projects that were opened or saved last, the newest first; they may be gone."""
        return [path for path in self._value("recent", "").split("\n") if path]

    @recent.setter
    def recent(self, paths: list[str]) -> None:
        self._store.setValue("recent", "\n".join(path for path in paths if "\n" not in path))

    def switch(self, name: str) -> bool | None:
        """Whether a switch of the window was on; None if nobody has touched it."""
        return {_ON: True, _OFF: False}.get(self._value(f"switches/{name}", ""))

    def set_switch(self, name: str, on: bool) -> None:
        """Remember how a switch was left."""
        self._store.setValue(f"switches/{name}", _ON if on else _OFF)

    def choice(self, name: str) -> str:
        """What was chosen in a dialog, by its name; "" if nobody has yet."""
        return self._value(f"choices/{name}", "")

    def set_choice(self, name: str, text: str) -> None:
        """Remember what was chosen in a dialog."""
        self._store.setValue(f"choices/{name}", text)

    def is_done(self, name: str) -> bool:
        """Whether the user has been through a first step."""
        return self._value(f"first-steps/{name}", "") == "done"

    def set_done(self, name: str, done: bool = True) -> None:
        """Remember at once, come what may, that a first step is not to be shown again."""
        self._store.setValue(f"first-steps/{name}", "done" if done else "")
        self._store.sync()

    def save_layout(self, window: QMainWindow, docks: QByteArray | None = None) -> None:
        """Remember where window and docks are; `docks`, from `saved_docks`, if that is not where they are just now."""
        self._store.setValue("layout/version", LAYOUT_VERSION)
        self._store.setValue("layout/geometry", window.saveGeometry())
        self._store.setValue("layout/docks", saved_docks(window) if docks is None else docks)

    def restore_layout(self, window: QMainWindow) -> bool:
        """Put window and docks back; False where nothing that fits was remembered."""
        if self._value("layout/version", 0) != LAYOUT_VERSION:
            return False
        return window.restoreGeometry(self._value("layout/geometry", QByteArray())) and restore_docks(
            window, self._value("layout/docks", QByteArray())
        )

    def _value(self, key: str, default: Value) -> Value:
        """What is kept under a key; the default where there is nothing, or nothing of that type."""
        try:
            # A fresh process reads every value back as a string: always say which type is meant.
            value = self._store.value(key, default, type=type(default))
        except (TypeError, ValueError):
            return default
        return value if isinstance(value, type(default)) else default


def is_folder(name: str) -> bool:
    """Whether there is such a folder; no if that cannot be told: too long a name, not allowed, a network gone."""
    try:
        return bool(name) and Path(name).is_dir()
    except (OSError, ValueError):
        return False


def saved_docks(window: QMainWindow) -> QByteArray:
    """Where the docks of a window are."""
    return window.saveState(LAYOUT_VERSION)


def restore_docks(window: QMainWindow, docks: QByteArray) -> bool:
    """Put the docks of a window where they were; False where that makes no sense."""
    return window.restoreState(docks, LAYOUT_VERSION)
