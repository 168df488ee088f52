"""Everything a person can do to the window, one function for each sort of it, for the hands of `walker.py`."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from canvas_bench import kind_mime
from desk import CONTROL, LEFT, NO_KEYS
from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QApplication, QComboBox, QLineEdit, QWidget
from shiboken6 import isValid
from walk_files import file_gestures
from walker import CLOSING, Walker, inside, line_in

import nncore as nn
from playground.document.lesson import Lesson
from playground.document.own_link import write_link, write_preset
from playground.document.presets import presets
from playground.ui.dialogs.command_palette import CommandPalette
from playground.ui.dialogs.export_film import ExportFilmDialog
from playground.ui.lesson.hideable import Part, parts_of
from playground.ui.outline.tree import OutlineTree
from playground.ui.runs.model import NOW
from playground.ui.theme import THEMES

Gesture = Callable[[Walker, Random], object]
Key = Qt.Key

KEYS = [
    Key.Key_Space, Key.Key_B, Key.Key_E, Key.Key_R, Key.Key_N, Key.Key_I, Key.Key_T, Key.Key_D, Key.Key_Delete,
    Key.Key_Left, Key.Key_Right, Key.Key_Up, Key.Key_Down, Key.Key_Plus, Key.Key_Minus, Key.Key_Return, Key.Key_Escape,
    Key.Key_Tab, Key.Key_Backtab, Key.Key_1, Key.Key_2, Key.Key_F2, Key.Key_Home, Key.Key_End, Key.Key_PageDown,
    Key.Key_Insert,
]  # fmt: skip
WITH_CONTROL = [
    Key.Key_Z, Key.Key_Y, Key.Key_D, Key.Key_C, Key.Key_V, Key.Key_X, Key.Key_Left, Key.Key_Right, Key.Key_0,
    Key.Key_Plus, Key.Key_Return,
]  # fmt: skip
MOVES = [Key.Key_Tab, Key.Key_Backtab, Key.Key_Left, Key.Key_Right, Key.Key_Up, Key.Key_Down]
IN_OUTLINE = [*MOVES[2:], Key.Key_Right, Key.Key_Plus, Key.Key_Minus, Key.Key_Insert, Key.Key_F2, Key.Key_Return]
NUMBERS = ["0", "1", "7", "0.5", "3", "1000", "-2", "1e-3", "nonsense", "", "x1*x2", "sin(3*x1)", "1e999", "nan"]
ASKED = ["dark", "csv", "adam", "rate 0.1", "undo", "xyzzy", "", "relu", "tab", "rlu", "batch 7", "run", "noise 20 %"]
LINK = "https://playground.tensorflow.org/#activation=relu&batchSize=7&dataset=spiral&networkShape=4,2&seed=0.5"
HIDING = "&showTestData=true&playButton_hide=true&dataset_hide=true&learningRate_hide=true"
MOST_HIDDEN = 150


def place(hand: Random) -> tuple[float, float]:
    """Anywhere, as shares of width and height."""
    return hand.random(), hand.random()


# -- on whatever is there -----------------------------------------------------------------------------


def click(walker: Walker, hand: Random) -> None:
    if (widget := walker.pick(hand)) is not None:
        walker.click(widget, place(hand), Qt.MouseButton.RightButton if hand.random() < 0.1 else LEFT)


def drag(walker: Walker, hand: Random) -> None:
    if (widget := walker.pick(hand)) is not None:
        walker.drag(widget, place(hand), place(hand))


def hover(walker: Walker, hand: Random) -> None:
    if (widget := walker.pick(hand)) is not None:
        walker.hover(widget, place(hand))


def wheel(walker: Walker, hand: Random) -> None:
    if (widget := walker.pick(hand)) is not None:
        walker.wheel(widget, place(hand), hand.random() < 0.5, hand.random() < 0.3)


def press(walker: Walker, hand: Random) -> None:
    control = hand.random() < 0.3
    walker.key(hand.choice(WITH_CONTROL if control else KEYS), CONTROL if control else NO_KEYS)


def tab_through(walker: Walker, hand: Random) -> None:
    for _ in range(hand.randrange(1, 6)):
        walker.key(hand.choice(MOVES))


def type_number(walker: Walker, hand: Random) -> None:
    line = walker.pick(hand, QLineEdit)
    if line is not None and line.isVisible():
        walker.click(line)
        walker.type(line, hand.choice(NUMBERS))


def choose(walker: Walker, hand: Random) -> None:
    """Go through a list of choices by keyboard: optimizers, precision, formats."""
    box = walker.pick(hand, QComboBox) or next(iter(walker.widgets(QComboBox)), None)
    if box is not None:
        box.setFocus()
        walker.key(hand.choice([Key.Key_Down, Key.Key_Up, Key.Key_End, Key.Key_Home]))


def press_button(walker: Walker, hand: Random) -> None:
    button = walker.pick(hand, QAbstractButton)
    if button is not None:
        walker.click(button)


ANYWHERE: dict[str, Gesture] = {
    "click": click,
    "drag": drag,
    "hover": hover,
    "wheel": wheel,
    "key": press,
    "tab": tab_through,
    "type": type_number,
    "choose": choose,
    "button": press_button,
}
"""What is possible over whatever is there, a dialog too."""


# -- in the window ------------------------------------------------------------------------------------


def drag_on_canvas(walker: Walker, hand: Random) -> None:
    walker.drag(walker.window.network.canvas, place(hand), place(hand))


def drag_on_surface(walker: Walker, hand: Random) -> None:
    walker.drag(walker.window.surface.plot.viewport(), place(hand), place(hand))


def drop_kind(walker: Walker, hand: Random) -> None:
    """Drag a layer from the palette onto the canvas."""
    canvas, copy = walker.window.network.canvas, Qt.DropAction.CopyAction
    mime, where = kind_mime(hand.choice(nn.Layer.names())), inside(walker.window.network.canvas, hand.random(), 0.5)
    for event in (
        QDragEnterEvent(where, copy, mime, LEFT, NO_KEYS),
        QDragMoveEvent(where, copy, mime, LEFT, NO_KEYS),
        QDropEvent(where, copy, mime, LEFT, NO_KEYS),
    ):
        walker.act(lambda event=event: QApplication.sendEvent(canvas, event))


def menu(walker: Walker, hand: Random) -> None:
    """Choose something from a menu."""
    action = hand.choice(walker.actions())
    walker.on = action.objectName()
    walker.act(action.trigger)


def shortcut(walker: Walker, hand: Random) -> None:
    """Press the keys of something in a menu."""
    action = hand.choice([action for action in walker.actions() if not action.shortcut().isEmpty()])
    walker.on = action.objectName()
    walker.shortcut(action)


def undo(walker: Walker, hand: Random) -> None:
    for _ in range(hand.randrange(1, 7)):
        walker.act(walker.window.document.undo)


def redo(walker: Walker, hand: Random) -> None:
    for _ in range(hand.randrange(1, 7)):
        walker.act(walker.window.document.redo)


def play(walker: Walker, hand: Random) -> None:
    walker.act(walker.window.toggle_playing)


def theme(walker: Walker, hand: Random) -> None:
    walker.act(lambda: walker.window.choose_theme(hand.choice([*THEMES])))


def resize(walker: Walker, hand: Random) -> None:
    least = walker.window.minimumSizeHint()
    width, height = hand.randrange(least.width(), 1900), hand.randrange(least.height(), 1000)
    walker.act(lambda: walker.window.resize(width, height))


def move_dock(walker: Walker, hand: Random) -> None:
    """Let a panel float, put it back, hide it or show it."""
    title = hand.choice([*walker.window.docks])
    dock, walker.on = walker.window.docks[title], title
    if dock.isHidden() or hand.random() < 0.4:
        walker.act(dock.toggleViewAction().trigger)
    else:
        walker.act(lambda: dock.setFloating(not dock.isFloating()))


def palette(walker: Walker, hand: Random) -> None:
    """Look for a command and, perhaps, run it."""
    if not walker.trigger("palette"):
        return
    found = walker.window.findChild(CommandPalette)
    if found is None or hand.random() < 0.1:
        return  # a dialog has taken the focus from it; or it stays open for what comes
    for letter in hand.choice(ASKED):
        if isValid(found) and found.isVisible():  # it goes when something else takes the focus
            walker.act(lambda letter=letter: found._line.insert(letter))
    for _ in range(hand.randrange(3)):
        walker.key(hand.choice([Key.Key_Down, Key.Key_Up, Key.Key_PageDown]))
    if not isValid(found) or not found.isVisible():
        return
    chosen = found._list.current if found._list.model().rowCount() else None
    name = chosen.command.name if chosen is not None else ""
    walker.on = name
    run = hand.random() < 0.7 and name.removeprefix("action-") not in CLOSING
    walker.key(Key.Key_Return if run else Key.Key_Escape)


def outline(walker: Walker, hand: Random) -> None:
    """Walk about in the outline, and edit there."""
    walker.trigger("tab-outline")
    tree = walker.window.findChild(OutlineTree)
    if tree is None or not tree.isVisible():
        return
    walker.act(tree.setFocus)
    for _ in range(hand.randrange(1, 8)):
        walker.key(hand.choice(IN_OUTLINE))
        if tree.state() == QAbstractItemView.State.EditingState:
            editor = QApplication.focusWidget()
            line = line_in(editor) if editor is not None else None
            if line is not None:
                walker.type(line, hand.choice(NUMBERS), hand.choice([Key.Key_Return, Key.Key_Escape]))
            else:
                walker.key(hand.choice([Key.Key_Down, Key.Key_Return, Key.Key_Escape]))


def runs(walker: Walker, hand: Random) -> None:
    """Keep, tick, select, rename, restore, continue, remove, bring back, export."""
    desk, done = walker.window.runs, ""
    table, numbers = desk.view.table, [NOW, *(run.number for run in desk.runs.all)]
    for _ in range(hand.randrange(1, 4)):
        done = hand.choice(["keep", "tick", "select", "select", "rename", "restore", "continue", "remove", "bring-back",
                            "summary-csv", "curves-csv", "code"])  # fmt: skip
        if walker.modal is not None:
            return
        if done == "tick":
            walker.act(lambda: desk.view.model.tick([hand.choice(numbers)], hand.random() < 0.6))
        elif done == "select":
            number = hand.choice(desk.view.model.numbers)
            walker.act(lambda number=number: table.select(number))
        elif walker.trigger(f"run-{done}") and done == "rename":
            line = table.findChild(QLineEdit, "run-name")
            if line is not None:
                walker.type(line, hand.choice(["the good one", "", "Run 1"]))
    walker.on = f"run-{done}"


def lesson(walker: Walker, hand: Random) -> None:
    """Start a lesson with anything hidden, or leave it."""
    mode = walker.window.lesson
    if mode.current is not None and hand.random() < 0.7:
        walker.trigger("leave-lesson")
        return
    names = [name for part in parts_of(walker.window) for name in _names(part)]
    hidden = hand.sample(names, min(len(names), hand.randrange(MOST_HIDDEN)))
    walker.on = f"{len(hidden)} hidden"
    walker.act(lambda: mode.start(Lesson("Two spirals", "Find a boundary.\nWith few neurons.", tuple(hidden))))


def link(walker: Walker, hand: Random) -> None:
    """Copy this experiment, or paste one, from whatever stands in the clipboard then."""
    done = hand.choice(["copy-link", "copy-preset", "paste", "open-link", "put", "put"])
    if done == "put":
        spec = hand.choice([*presets().values()]).spec
        texts = [write_link(spec), write_preset(spec), LINK, LINK + HIDING, "nonsense", write_link(spec)[:-9], ""]
        QGuiApplication.clipboard().setText(hand.choice(texts))
        done = "paste"
    walker.trigger(done)
    if done == "open-link" and walker.modal is not None and hand.random() < 0.6:
        walker.key(Key.Key_Return)


def film(walker: Walker, hand: Random) -> None:
    """Begin a film, cancel one, or let one go on."""
    if not walker.trigger("export-film"):
        return
    dialog = walker.window.findChild(ExportFilmDialog)
    assert dialog is not None
    if dialog.making is not None or hand.random() < 0.4:
        walker.act(dialog.reject)
        return
    for field in ("film-last", "film-frames"):
        owner = dialog.findChild(QWidget, field)
        line = line_in(owner) if owner is not None else None
        if line is not None:
            walker.type(line, hand.choice(["2", "5", "12"]), Key.Key_Tab)
    walker.act(dialog.accept)


WINDOW: dict[str, Gesture] = {
    "drag on canvas": drag_on_canvas,
    "drag on surface": drag_on_surface,
    "drop": drop_kind,
    "menu": menu,
    "shortcut": shortcut,
    "undo": undo,
    "redo": redo,
    "play": play,
    "theme": theme,
    "resize": resize,
    "dock": move_dock,
    "palette": palette,
    "outline": outline,
    "runs": runs,
    "lesson": lesson,
    "link": link,
    "film": film,
    **file_gestures(),
}
"""What is possible while nothing has to be answered."""

GESTURES = {**ANYWHERE, **WINDOW}
PATIENCE = 6
"""So many gestures a dialog is there at most."""


class Walk:
    """One walk: the hands, and since when something has to be answered."""

    def __init__(self, walker: Walker) -> None:
        self.walker = walker
        self._asked = 0

    def step(self, name: str, hand: Random) -> str:
        """Do a gesture, or another one where that is impossible; gives the name of what was done."""
        self._asked = self._asked + 1 if self.walker.modal is not None else 0
        if self._asked > PATIENCE or (self._asked and name in WINDOW and hand.random() < 0.3):
            self.walker.gesture(lambda walker, _: walker.leave(), hand)
            return "leave"
        if self._asked and name in WINDOW:
            name = "button"
        self.walker.gesture(GESTURES[name], hand)
        return name


def _names(part: Part) -> list[str]:
    return [name for name in (part.name,) if name] + [name for inner in part.inside for name in _names(inner)]
