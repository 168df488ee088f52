"""What the menus of the window offer: one table, of which command palette and list of shortcuts are made too."""

from __future__ import annotations

from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING

import nncore as nn
from playground.document.presets import presets
from playground.ui.actions import SEPARATOR, Entry, heading, separator
from playground.ui.canvas.keys import COMMANDS
from playground.ui.dialogs.about import show_about
from playground.ui.dialogs.command_palette import open_palette
from playground.ui.dialogs.export_code import code_entries
from playground.ui.dialogs.open_link import ask_for_link
from playground.ui.dialogs.shortcuts import show_shortcuts
from playground.ui.dialogs.show_log import show_log
from playground.ui.export.exporting import picture_entries
from playground.ui.files.menu import project_entries
from playground.ui.lesson.menu import lesson_entries
from playground.ui.letters import letters_for, underlined
from playground.ui.runs.desk import export_entries, run_entries
from playground.ui.text import summary

if TYPE_CHECKING:
    from playground.ui.main_window import MainWindow

ON_SELECTION = tuple(command.name for command in COMMANDS if command.menu and command.on_selection)
"""Names of the actions that need a selected layer."""
COPY_LINK = "Put this experiment into the clipboard as one line, which opens it wherever it is pasted"
COPY_PRESET = "Put this experiment into the clipboard as JSON, as the demos have it"
ADD_KEYS = "Ctrl+I"
"""The first keys of the chords that add a layer."""
_FIGURES = "123456789"


def action_table(window: MainWindow) -> list[Entry]:
    """Every action of the window, but panels, tabs and themes, which `view_menu.py` lists once they are there."""
    return [
        *_file_entries(window),
        *_edit_entries(window),
        *_network_entries(window),
        *_train_entries(window),
        separator("Train"),
        *run_entries(window),
        *_view_entries(window),
        *_demo_entries(window),
        *_help_entries(window),
    ]


def _file_entries(window: MainWindow) -> list[Entry]:
    return [
        *project_entries(window),
        Entry("open-data", "File", "Open &data (CSV) …", "Ctrl+Shift+O", lambda: window.opener.ask()),
        Entry("open-link", "File", "Open &link or preset …", "Ctrl+L", lambda: ask_for_link(window.pasting)),
        SEPARATOR,
        Entry(
            "save-picture",
            "File",
            "Save picture of the &window …",
            "Ctrl+P",
            lambda: window.exporting.ask_window(),
            words="screenshot image png",
        ),
        *code_entries(window),
        separator("File/&Export"),
        *picture_entries(window),
        separator("File/&Export"),
        *export_entries(window),
        separator("File"),
        *lesson_entries(window),
        Entry("quit", "File", "&Quit", "Ctrl+Q", window.close, words="exit close leave"),
    ]


def _edit_entries(window: MainWindow) -> list[Entry]:
    return [
        Entry("undo", "Edit", "&Undo", "Ctrl+Z", window.document.undo, words="back revert"),
        Entry("redo", "Edit", "&Redo", "Ctrl+Shift+Z Ctrl+Y", window.document.redo, words="again"),
        SEPARATOR,
        Entry("copy-link", "Edit", "Copy &link", "Ctrl+Shift+C", lambda: window.pasting.copy_link(), COPY_LINK),
        Entry(
            "copy-preset",
            "Edit",
            "Copy preset (&JSON)",
            "Ctrl+Alt+C",
            lambda: window.pasting.copy_preset(),
            COPY_PRESET,
        ),
        SEPARATOR,
        Entry(
            "paint",
            "Edit",
            "&Paint points",
            "P",
            partial(_paint, window),
            "Put points of your own on the surface",
            words="draw brush own data",
        ),
        SEPARATOR,
        Entry("palette", "Edit", "&Find a command …", "Ctrl+K", lambda: open_palette(window), words="palette search"),
    ]


def _network_entries(window: MainWindow) -> list[Entry]:
    """What the canvas does at a key while it has the focus: hence the brackets around the keys."""
    letters = letters_for(kind.label for kind in nn.Layer.registry.values())
    adding = [
        Entry(
            f"add-{name}",
            "Network/&Add layer",
            underlined(kind.label, letters[kind.label]),
            f"{ADD_KEYS},{letters[kind.label]}",
            lambda name=name: window.network.canvas.append(name),
            f"{summary(kind)} Added before the output.",
        )
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
    return [*adding, separator("Network"), *changing]


def _train_entries(window: MainWindow) -> list[Entry]:
    return [
        Entry("play", "Train", "&Play or pause", "Space", window.toggle_playing, words="start run train stop"),
        Entry("step", "Train", "Step one &batch", "B", lambda: window.loop.step("step"), words="one iteration"),
        Entry("epoch", "Train", "Step one &epoch", "E", lambda: window.loop.step("epoch")),
        SEPARATOR,
        Entry("slower", "Train", "&Slower", "[ ,", lambda: window.transport.change_speed(-1), words="speed"),
        Entry("faster", "Train", "&Faster", "] .", lambda: window.transport.change_speed(1), words="speed"),
        SEPARATOR,
        Entry(
            "reset",
            "Train",
            "&Reset",
            "R",
            window.reset_training,
            "Pause, with the same first weights again",
            words="restart begin again",
        ),
        Entry("go-back", "Train", "&Go back to the best state", "Shift+R", window.go_back, words="best revert restore"),
        Entry(
            "new_seed",
            "Train",
            "&New seed",
            "N",
            window.draw_seed,
            "Other points and other first weights",
            words="random shuffle dice",
        ),
    ]


def _view_entries(window: MainWindow) -> list[Entry]:
    """Panels, tabs and themes come before the switches, once there are any."""
    return [
        Entry("zoom-in", "View", "Zoom &in", "Ctrl++ Ctrl+=", lambda: window.network.zoom_in(), words="larger bigger"),
        Entry("zoom-out", "View", "Zoom &out", "Ctrl+-", lambda: window.network.zoom_out(), words="smaller"),
        Entry("fit", "View", "&Fit network", "Ctrl+0", lambda: window.network.fit(), words="zoom whole"),
        SEPARATOR,
        Entry("show-test", "View", "&Show test data", "T", lambda: None, words="validation points"),
        Entry("discretize", "View", "Dis&cretize output", "D", lambda: None, words="decision classes"),
        Entry("log-scale", "View", "&Logarithmic loss", "L", lambda: None, words="scale axis chart"),
        SEPARATOR,
        Entry(
            "dismiss", "View", "Dismiss &message", "Shift+Esc", lambda: window.notice.dismiss(), words="close notice"
        ),
        Entry(
            "default-layout", "View", "&Default layout", "Ctrl+G,0", window.reset_layout, words="reset panels arrange"
        ),
        Entry("full-screen", "View", "F&ull screen", "F11", window.toggle_full_screen, words="maximize"),
    ]


def _demo_entries(window: MainWindow) -> list[Entry]:
    """The first nine on Ctrl and a figure, nine more on Ctrl+Alt and a figure."""
    keys = iter([f"{modifiers}+{figure}" for modifiers in ("Ctrl", "Ctrl+Alt") for figure in _FIGURES])
    letters = letters_for(demo.label for demo in presets().values())
    entries: list[Entry] = []
    for group, demos in groupby(presets().items(), key=lambda item: item[1].group):
        if group:
            entries.append(heading("Demos", group))
        entries += [
            Entry(
                f"demo-{name}",
                "Demos",
                underlined(demo.label, letters.get(demo.label, "")),
                next(keys, ""),
                partial(window.open_demo, name),
                demo.description,
            )
            for name, demo in demos
        ]
    return entries


def _help_entries(window: MainWindow) -> list[Entry]:
    return [
        Entry(
            "shortcuts",
            "Help",
            "&Keyboard and mouse",
            "F1",
            lambda: show_shortcuts(window),
            words="help keys shortcuts",
        ),
        Entry(
            "first-steps",
            "Help",
            "Show the &first steps again",
            "Ctrl+Shift+F1",
            lambda: window.first_steps.start_again(),
        ),
        Entry("show-log", "Help", "Show &log file", "Ctrl+F1", lambda: show_log(window)),
        Entry("about", "Help", "&About", "Shift+F1", lambda: show_about(window), words="version licence"),
    ]


def _paint(window: MainWindow) -> None:
    """Take a brush, with the surface in sight."""
    spec = window.document.spec
    if not spec.is_plane:
        what = f"{spec.dataset.label} has {spec.n_inputs} inputs"
        window.notice.show_error(f"Points are painted on a plane; {what}.")
        return
    window.docks["Output"].show()
    window.surface.start_painting()
