"""What the keys do while the canvas has the focus; the Network menu does the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from playground.document.spec import OUTPUT_ID
from playground.ui.canvas.heads import LayerHead, OutputHead

if TYPE_CHECKING:
    from playground.ui.canvas.canvas import NetworkCanvas

Key = Qt.Key


def handle_key(canvas: NetworkCanvas, event: QKeyEvent) -> bool:
    """Do what a key says; False if it says nothing here."""
    key = event.key()
    control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
    if key == Key.Key_Escape:
        return _escape(canvas)
    if key in (Key.Key_Left, Key.Key_Right):
        step = 1 if key == Key.Key_Right else -1
        move_selected(canvas, step) if control else _select(canvas, step)
        return True
    if canvas.selected is None:
        return False
    if key in (Key.Key_Delete, Key.Key_Backspace):
        remove_selected(canvas)
    elif control and key == Key.Key_D:
        duplicate_selected(canvas)
    elif not control and key in (Key.Key_Plus, Key.Key_Equal):
        change_units(canvas, +1)
    elif not control and key in (Key.Key_Minus, Key.Key_Underscore):
        change_units(canvas, -1)
    elif key in (Key.Key_Return, Key.Key_Enter):
        choose_activation(canvas)
    else:
        return False
    return True


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
