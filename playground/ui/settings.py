"""What the window remembers from one time to the next."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtWidgets import QMainWindow

from playground.ui.theme import THEMES

Value = TypeVar("Value", str, int, QByteArray)

LAYOUT_VERSION = 1
"""To be raised when docks come or go: an older layout is then not restored."""


class Settings:
    """Theme and layout, kept by the system for this user.

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

    def save_layout(self, window: QMainWindow) -> None:
        """Remember where window and docks are."""
        self._store.setValue("layout/version", LAYOUT_VERSION)
        self._store.setValue("layout/geometry", window.saveGeometry())
        self._store.setValue("layout/docks", window.saveState(LAYOUT_VERSION))

    def restore_layout(self, window: QMainWindow) -> bool:
        """Put window and docks back; False where nothing that fits was remembered."""
        if self._value("layout/version", 0) != LAYOUT_VERSION:
            return False
        return window.restoreGeometry(self._value("layout/geometry", QByteArray())) and window.restoreState(
            self._value("layout/docks", QByteArray()), LAYOUT_VERSION
        )

    def _value(self, key: str, default: Value) -> Value:
        """What is kept under a key; the default where there is nothing, or nothing of that type."""
        try:
            # A fresh process reads every value back as a string: always say which type is meant.
            value = self._store.value(key, default, type=type(default))
        except (TypeError, ValueError):
            return default
        return value if isinstance(value, type(default)) else default
