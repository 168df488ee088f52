"""What the keys do while the canvas has the focus: one table, of which menu, help and descriptions are made too."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from playground.document.spec import OUTPUT_ID
from playground.ui import clipboard
from playground.ui.canvas.heads import LayerHead, OutputHead

if TYPE_CHECKING:
    from playground.ui.canvas.canvas import NetworkCanvas


class KeyCommand(NamedTuple):
    """Something the canvas does at a key."""

    name: str
    keys: str
    """What to press, separated by spaces; the first is the one people are told."""
    what: str
    """What it does; commands that stand side by side and do the same in two directions share this."""
    run: Callable[[NetworkCanvas], bool | None]
    """False if there was nothing to do."""
    menu: str = ""
    """Its text in the Network menu; "" has none there."""
    on_selection: bool = True
    """Whether it needs a selected layer; those that have no place in the menu do not."""

    @property
    def shown(self) -> str:
        """Its key as menus write it."""
        key = self.keys.split()[0]
        for name, sign in _SIGNS.items():
            key = key.replace(name, sign)
        return key

    @property
    def spoken(self) -> str:
        """Its key as a screen reader can say it."""
        key = self.keys.split()[0]
        return _SPOKEN.get(key, key)


_SIGNS = {"Left": "←", "Right": "→", "Return": "Enter", "-": "−"}
_SPOKEN = {"+": "Plus", "-": "Minus", "Return": "Enter", "Esc": "Escape", "PgUp": "Page Up", "PgDown": "Page Down"}


def handle_key(canvas: NetworkCanvas, event: QKeyEvent) -> bool:
    """Do what a key says; False if it says nothing here."""
    command = command_at(event)
    if command is None or (command.menu and command.on_selection and canvas.selected is None):
        return False
    return command.run(canvas) is not False


def command_at(event: QKeyEvent) -> KeyCommand | None:
    """What a key says to the canvas, if anything."""
    return _BY_KEY.get(_pressed(event))


def key_lines() -> list[tuple[str, str]]:
    """(keys, what they do) for a list of shortcuts."""
    return _lines(lambda command: command.shown, " ")


def spoken_keys() -> str:
    """All keys and what they do, as a text to be spoken."""
    return " ".join(f"{keys}: {what}." for keys, what in _lines(lambda command: command.spoken, " and "))


def shown_key(name: str) -> str:
    """The key of one command, as menus write it."""
    return next(command.shown for command in COMMANDS if command.name == name)


def _lines(text: Callable[[KeyCommand], str], joint: str) -> list[tuple[str, str]]:
    groups = groupby(COMMANDS, key=lambda command: command.what)
    return [(joint.join(text(command) for command in commands), what) for what, commands in groups]


def _pressed(event: QKeyEvent) -> tuple[int, bool]:
    """A key, and whether with Ctrl: whether it takes Shift to type a plus depends on the keyboard."""
    return event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)


def _key(text: str) -> tuple[int, bool]:
    key = QKeySequence(text)[0]  # type: ignore[index]  # missing from the stubs
    return int(key.key()), bool(key.keyboardModifiers() & Qt.KeyboardModifier.ControlModifier)


def _escape(canvas: NetworkCanvas) -> bool:
    if canvas.cancel_gesture():
        return True
    had_selection = canvas.selected is not None
    canvas.select(None)
    return had_selection


def _select(canvas: NetworkCanvas, step: int) -> None:
    """Select the next layer to the left or right; the output is the last."""
    ids = [*(layer.id for layer in canvas.editor.spec.layers), OUTPUT_ID]
    if canvas.selected in ids:
        at = min(max(ids.index(canvas.selected) + step, 0), len(ids) - 1)
    else:
        at = 0 if step > 0 else len(ids) - 1
    canvas.select(ids[at])


def move_selected(canvas: NetworkCanvas, step: int) -> None:
    """Move the selected layer by so many places to the right."""
    layer_id = canvas.selected
    if layer_id is None or canvas.editor.layer(layer_id) is None:
        return
    to = canvas.editor.spec.index_of(layer_id) + step
    if 0 <= to < len(canvas.editor.spec.layers):
        canvas.editor.move(layer_id, to)


def remove_selected(canvas: NetworkCanvas) -> None:
    """Remove the selected layer, and select the one that takes its place."""
    layer_id = canvas.selected
    if layer_id is None or canvas.editor.layer(layer_id) is None:
        canvas.editor.say("A network needs its output: it cannot be removed.")
        return
    at = canvas.editor.spec.index_of(layer_id)
    canvas.editor.remove(layer_id)
    left = canvas.editor.spec.layers
    canvas.select(left[min(at, len(left) - 1)].id if left else None)


def duplicate_selected(canvas: NetworkCanvas) -> None:
    """Put a copy behind the selected layer, and select it."""
    layer_id = canvas.selected
    if layer_id is None or canvas.editor.layer(layer_id) is None:
        canvas.editor.say("A network has one output: it cannot be duplicated.")
        return
    copy = canvas.editor.duplicate(layer_id)
    if copy is not None:
        canvas.select(copy)


def cut_selected(canvas: NetworkCanvas) -> None:
    """Take the selected layer out, into the clipboard."""
    if clipboard.copy_selected(canvas):
        remove_selected(canvas)


def change_units(canvas: NetworkCanvas, direction: int) -> None:
    """One unit (or step of the rate) more or less in the selected layer."""
    head = canvas.heads[canvas.selected] if canvas.selected is not None else None
    if isinstance(head, LayerHead) and head.stepper is not None:
        head.stepper.step(direction)


def choose_activation(canvas: NetworkCanvas) -> None:
    """Open the activation menu of the selected layer or output."""
    head = canvas.heads[canvas.selected] if canvas.selected is not None else None
    if isinstance(head, LayerHead | OutputHead) and head.activation is not None:
        head.activation.open_menu()


def _scroll(direction: int, canvas: NetworkCanvas) -> bool:
    """Show the next rows of a block of many units."""
    return canvas.scroll_units(direction)


COMMANDS = (
    KeyCommand("select-left", "Left", "select a layer", partial(_select, step=-1)),
    KeyCommand("select-right", "Right", "select a layer", partial(_select, step=1)),
    KeyCommand("cut", "Ctrl+X", "cut or copy the selected layer", cut_selected, "Cu&t layer"),
    KeyCommand("copy", "Ctrl+C", "cut or copy the selected layer", clipboard.copy_selected, "&Copy layer"),
    KeyCommand(
        "paste", "Ctrl+V", "paste a layer behind the selected one; or a link or preset",
        clipboard.paste, "&Paste layer or link", on_selection=False,
    ),
    KeyCommand("duplicate", "Ctrl+D", "duplicate the selected layer", duplicate_selected, "&Duplicate layer"),
    KeyCommand("remove", "Delete Backspace", "remove the selected layer", remove_selected, "&Remove layer"),
    KeyCommand(
        "move-left", "Ctrl+Left", "move the selected layer", partial(move_selected, step=-1), "Move layer &left"
    ),
    KeyCommand(
        "move-right", "Ctrl+Right", "move the selected layer", partial(move_selected, step=1), "Move layer ri&ght"
    ),
    KeyCommand(
        "more-units", "+ =", "more or fewer units in the selected layer", partial(change_units, direction=1),
        "&More units",
    ),
    KeyCommand(
        "fewer-units", "- _", "more or fewer units in the selected layer", partial(change_units, direction=-1),
        "&Fewer units",
    ),
    KeyCommand(
        "activation", "Return Enter", "choose the activation of the selected layer", choose_activation,
        "Choose acti&vation",
    ),
    KeyCommand("units-up", "PgUp", "scroll the units of a wide layer", partial(_scroll, -1)),
    KeyCommand("units-down", "PgDown", "scroll the units of a wide layer", partial(_scroll, 1)),
    KeyCommand("escape", "Esc", "cancel a drag, or select nothing", _escape),
)  # fmt: skip
"""Everything the canvas does at a key, in the order of the menu."""

_BY_KEY = {_key(key): command for command in COMMANDS for key in command.keys.split()}
