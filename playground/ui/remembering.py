"""Puts switches, tab and folder back as the user left them, and remembers what is changed, the speed too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from PySide6.QtCore import QDynamicPropertyChangeEvent, QEvent, QObject
from PySide6.QtWidgets import QAbstractButton, QMainWindow, QTabBar

from playground.engine.protocol import Speed
from playground.ui.dialogs.files import FOLDER
from playground.ui.settings import Settings
from playground.ui.transport import TransportBar

SWITCHES = ("show-test-data", "discretize-output", "loss-log-scale")
"""Names of the switches that change how one looks at a network, and nothing of it."""


class Remembering(QObject):
    """Follows the switches and tabs of a window.

    Parameters
    ----------
    window
        With all its parts.
    settings
        Where it is remembered; None remembers nothing.
    """

    def __init__(self, window: QMainWindow, settings: Settings | None) -> None:
        super().__init__(window)
        self._window, self._settings = window, settings
        self._lent = 0
        """How many others, beside the user, are setting switches and tabs just now."""
        self._switches = {name: switch for name in SWITCHES if (switch := window.findChild(QAbstractButton, name))}
        self._tabs = window.findChild(QTabBar, "layers-tabs")
        if settings is None:
            return
        self._restore(settings)
        for name, switch in self._switches.items():
            switch.toggled.connect(lambda on, name=name: self._keep_switch(name, on))
        if self._tabs is not None:
            self._tabs.currentChanged.connect(self._keep_tab)
        bar = window.findChild(TransportBar)
        if bar is not None:
            bar.speed_changed.connect(self._keep_speed)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the folder of the last file, which the dialogs leave at the window."""
        if isinstance(event, QDynamicPropertyChangeEvent) and event.propertyName() == FOLDER.encode():
            folder = self._window.property(FOLDER)
            if self._settings is not None and isinstance(folder, str):
                self._settings.folder = folder
        return False

    @contextmanager
    def lent(self) -> Iterator[None]:
        """Within it, somebody else sets switches and tabs, who sent a link, a file or a lesson: the user's stay."""
        self._lent += 1
        try:
            yield
        finally:
            self._lent -= 1

    def show(self, switches: Mapping[str, bool | None]) -> None:
        """Set switches by name as somebody else wants them; None, or a name there is not, leaves all as it is."""
        with self.lent():
            for name, on in switches.items():
                if name in self._switches and on is not None:
                    self._switches[name].setChecked(on)

    def shown(self) -> dict[str, bool]:
        """How the switches are set now, by name."""
        return {name: switch.isChecked() for name, switch in self._switches.items()}

    def _restore(self, settings: Settings) -> None:
        self.show({name: settings.switch(name) for name in self._switches})
        if settings.folder:
            self._window.setProperty(FOLDER, settings.folder)
        if self._tabs is not None:
            titles = [self._tabs.tabText(at) for at in range(self._tabs.count())]
            if settings.tab in titles:
                self._tabs.setCurrentIndex(titles.index(settings.tab))

    def _keep_switch(self, name: str, on: bool) -> None:
        if self._settings is not None and not self._lent:
            self._settings.set_switch(name, on)

    def _keep_speed(self, speed: Speed) -> None:
        if self._settings is not None:
            self._settings.speed = speed

    def _keep_tab(self, at: int) -> None:
        if self._settings is not None and self._tabs is not None and not self._lent:
            self._settings.tab = self._tabs.tabText(at)
