"""All commands of a window, and which of them were used last."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from playground.ui.commands.command import Command
from playground.ui.commands.from_menus import menu_commands
from playground.ui.commands.from_settings import PROVIDERS, Given
from playground.ui.commands.search import Found, search

if TYPE_CHECKING:
    from playground.ui.main_window import MainWindow

_REMEMBERED = 12


class Commands(QObject):
    """What the command palette of a window offers.

    Attributes
    ----------
    withheld
        Settings that are not offered, by their names in `PROVIDERS`; menus are followed as they are.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._recent: list[str] = []
        self.withheld: frozenset[str] = frozenset()

    def find(self, query: str) -> list[Found]:
        """What fits, the best first; without a query every entry of the menus, those used last first."""
        commands = [*menu_commands(self._window.menuBar())]
        if query.strip() or self._recent:
            settings = [*self._settings(query)]
            commands += settings if query.strip() else [each for each in settings if each.name in self._recent]
        return search(query, commands, self._recent)

    def run(self, command: Command) -> None:
        """Do it, and remember that it was used."""
        self._recent = [command.name, *(name for name in self._recent if name != command.name)][:_REMEMBERED]
        command.run()

    def _settings(self, query: str) -> Iterator[Command]:
        window = self._window
        selected, transport = window.network.canvas.selected, window.transport
        given = Given(window.document, selected, transport.choose_speed, window.notice.show_error, query)
        for name, provider in PROVIDERS.items():
            if name not in self.withheld:
                yield from provider(given)


def commands_of(window: MainWindow) -> Commands:
    """The commands of a window; the same object each time."""
    return window.findChild(Commands) or Commands(window)
