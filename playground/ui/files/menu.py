"""What the File menu offers for projects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playground.ui.actions import SEPARATOR, Entry, separator
from playground.ui.files.recent import MOST

if TYPE_CHECKING:
    from playground.ui.main_window import MainWindow

RECENT_MENU = "File/Open &recent"
RECENT_KEYS = "Ctrl+H"
"""The first keys of the chords that open a recent file."""


def project_entries(window: MainWindow) -> list[Entry]:
    """The first entries of the File menu; `window.files` need not be there yet."""
    return [
        Entry("new-project", "File", "&New project", "Ctrl+Shift+N", lambda: window.files.new()),
        Entry("open-project", "File", "&Open project …", "Ctrl+O", lambda: window.files.ask_open()),
        *_recent_entries(window),
        Entry("save-project", "File", "&Save project", "Ctrl+S", lambda: window.files.save()),
        Entry("save-project-as", "File", "Save project &as …", "Ctrl+Shift+S", lambda: window.files.save_as()),
        SEPARATOR,
    ]


def _recent_entries(window: MainWindow) -> list[Entry]:
    numbered = [
        Entry(
            f"recent-{number}",
            RECENT_MENU,
            f"&{number}",
            f"{RECENT_KEYS},{number}",
            lambda at=number - 1: window.files.recent.open(at),
        )
        for number in range(1, MOST + 1)
    ]
    clear = Entry(
        "recent-clear", RECENT_MENU, "&Clear recent projects", f"{RECENT_KEYS},C", lambda: window.files.recent.clear()
    )
    return [*numbered, separator(RECENT_MENU), clear]
