"""What the menus of the window offer: one table, of which the list of shortcuts is made too."""

from __future__ import annotations

from typing import TYPE_CHECKING

import nncore as nn
from playground.ui.actions import SEPARATOR, Entry
from playground.ui.canvas.keys import COMMANDS
from playground.ui.dialogs.open_link import ask_for_link
from playground.ui.help import show_about, show_shortcuts

if TYPE_CHECKING:
    from playground.ui.main_window import MainWindow

ON_SELECTION = tuple(command.name for command in COMMANDS if command.menu and command.on_selection)
"""Names of the actions that need a selected layer."""


def action_table(window: MainWindow) -> list[Entry]:
    """Every action of the window, but demos, panels and themes, whose menus list what there is."""
    return [
        Entry("open-data", "File", "&Open data (CSV) …", "Ctrl+O", lambda: window.opener.ask()),
        Entry(
            "open-link", "File", "Open TensorFlow Playground &link …", "Ctrl+L", lambda: ask_for_link(window.pasting)
        ),
        Entry("save-picture", "File", "Save &picture …", "Ctrl+Shift+S", window.save_picture),
        SEPARATOR,
        Entry("quit", "File", "&Quit", "Ctrl+Q", window.close),
        Entry("undo", "Edit", "&Undo", "Ctrl+Z", window.document.undo),
        Entry("redo", "Edit", "&Redo", "Ctrl+Shift+Z Ctrl+Y", window.document.redo),
        *_network_entries(window),
        Entry("play", "Train", "&Play or pause", "Space", window.toggle_playing),
        Entry("step", "Train", "Step one &batch", "B", lambda: window.loop.step("step")),
        Entry("epoch", "Train", "Step one &epoch", "E", lambda: window.loop.step("epoch")),
        SEPARATOR,
        Entry("reset", "Train", "&Reset", "R", window.reset_training),
        Entry("go-back", "Train", "&Go back to the best state", "Shift+R", window.go_back),
        Entry("new_seed", "Train", "&New seed", "N", window.draw_seed),
        Entry("zoom-in", "View", "Zoom &in", "Ctrl++ Ctrl+=", lambda: window.network.zoom_in()),
        Entry("zoom-out", "View", "Zoom &out", "Ctrl+-", lambda: window.network.zoom_out()),
        Entry("fit", "View", "&Fit network", "Ctrl+0", lambda: window.network.fit()),
        SEPARATOR,
        Entry("default-layout", "View", "&Default layout", "", window.reset_layout),
        Entry("full-screen", "View", "&Full screen", "F11", window.toggle_full_screen),
        SEPARATOR,
        Entry("shortcuts", "Help", "&Keyboard and mouse", "F1", lambda: show_shortcuts(window)),
        Entry("about", "Help", "&About", "", lambda: show_about(window)),
    ]


def _network_entries(window: MainWindow) -> list[Entry]:
    """What the canvas does at a key while it has the focus: hence the brackets around the keys."""
    adding = [
        Entry(f"add-{name}", "Network", f"Add {kind.label}", "", lambda name=name: window.network.canvas.append(name))
        for name, kind in nn.Layer.registry.items()
    ]
    elsewhere = {"paste": lambda: window.pasting.paste()}  # a link, too, and what is neither is told
    changing = [
        Entry(
            command.name,
            "Network",
            command.menu,
            f"({command.shown})",
            elsewhere.get(command.name, lambda run=command.run: run(window.network.canvas)),
        )
        for command in COMMANDS
        if command.menu
    ]
    return [*adding, SEPARATOR, *changing]
