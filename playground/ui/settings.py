"""What the window remembers from one time to the next."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtWidgets import QMainWindow

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
        """One of "light", "dark" and "system"."""
        # A fresh process reads every value back as a string: always say which type is meant.
        return str(self._store.value("theme", "system", type=str))

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
        if self._store.value("layout/version", 0, type=int) != LAYOUT_VERSION:
            return False
        return window.restoreGeometry(self._bytes("layout/geometry")) and window.restoreState(
            self._bytes("layout/docks"), LAYOUT_VERSION
        )

    def _bytes(self, key: str) -> QByteArray:
        value = self._store.value(key, QByteArray(), type=QByteArray)
        return value if isinstance(value, QByteArray) else QByteArray()
