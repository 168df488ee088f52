"""A hand that does anything a person can do to the window, by numbers; and a record of what became of the document."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import NamedTuple

from canvas_bench import kind_mime
from desk import CONTROL, LEFT, NO_KEYS
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QDrag, QDragEnterEvent, QDragMoveEvent, QDropEvent, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QMenu, QWidget

import nncore as nn
from playground.document.document import Document
from playground.document.edits import Edit
from playground.document.spec import Spec
from playground.ui.main_window import MainWindow

KEYS = [
    *(getattr(Qt.Key, f"Key_{name}") for name in ("Space", "B", "E", "R", "N", "I", "Delete", "Left", "Right", "Up")),
    *(
        getattr(Qt.Key, f"Key_{name}")
        for name in ("Down", "Plus", "Minus", "Return", "Escape", "Tab", "Backtab", "1", "2")
    ),
]
WITH_CONTROL = [getattr(Qt.Key, f"Key_{name}") for name in ("Z", "Y", "D", "C", "V", "X", "Left", "Right", "0", "Plus")]
NUMBERS = ["0", "1", "7", "0.5", "3", "1000", "-2", "1e-3", "nonsense", "", "x1*x2", "sin(3*x1)"]
CLOSING = ("quit", "full-screen")
"""Actions that would end the walk, or take the screen."""
STEPS = 6


class Done(NamedTuple):
    """One thing that was done to the document."""

    what: str
    edit: Edit | None = None
    gesture: object = None


class RecordedDocument(Document):
    """A document that notes what is done to it: the same, done again to another one, has to lead to the same spec."""

    def __init__(self, spec: Spec) -> None:
        super().__init__(spec)
        self._first = spec
        self.done: list[Done] = []

    def apply(self, edit: Edit, gesture: object = None) -> Spec:
        new = super().apply(edit, gesture)
        self.done.append(Done("apply", edit, gesture))
        return new

    def undo(self) -> None:
        super().undo()
        self.done.append(Done("undo"))

    def redo(self) -> None:
        super().redo()
        self.done.append(Done("redo"))

    def replayed(self) -> Spec:
        """The spec to which the same leads again."""
        document = Document(self._first)
        for what, edit, gesture in self.done:
            if edit is not None:
                document.apply(edit, gesture)
            else:
                getattr(document, what)()
        return document.spec


class Walker:
    """Hands that use whatever is there. Every number is taken modulo what is possible."""

    def __init__(self, window: MainWindow) -> None:
        self.window = window
        self.longest_s = 0.0
        """The longest time that the window did not come back from a gesture, or from the painting after it."""
        self.on = ""
        """The name of what was used last, if it has one."""
        self._closer = QTimer(window)
        self._closer.setInterval(15)
        self._closer.timeout.connect(_close_dialogs)
        self._closer.start()

    def gesture(self, run: Callable[[], object]) -> None:
        """Do something, and let the window paint what came of it."""
        began = time.perf_counter()
        run()
        self.longest_s = max(self.longest_s, time.perf_counter() - began)
        for _ in range(3):
            began = time.perf_counter()
            QApplication.processEvents()
            self.longest_s = max(self.longest_s, time.perf_counter() - began)
        while (popup := QApplication.activePopupWidget()) is not None:
            popup.close()

    def widgets(self) -> list[QWidget]:
        """All that can be pointed at: seen, enabled, and without anything inside."""
        return [
            widget
            for widget in self.window.findChildren(QWidget)
            if widget.isEnabled() and not widget.visibleRegion().isEmpty() and widget.cursor() and _is_leaf(widget)
        ]

    # -- what can be done --------------------------------------------------------------------------

    def click(self, which: int, at: tuple[float, float], right: bool = False) -> None:
        """Click somewhere on a widget."""
        widget = self._pick(which)
        QTest.mouseClick(widget, Qt.MouseButton.RightButton if right else LEFT, NO_KEYS, _inside(widget, *at))

    def drag(self, which: int, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Press on a widget, move on, and release."""
        self.drag_on(self._pick(which), start, end)

    def drag_on(self, widget: QWidget, start: tuple[float, float], end: tuple[float, float]) -> None:
        """The same on this widget."""
        a, b = _inside(widget, *start), _inside(widget, *end)
        QTest.mousePress(widget, LEFT, NO_KEYS, a)
        for step in range(1, STEPS + 1):
            where = QPointF(a) + (QPointF(b) - QPointF(a)) * (step / STEPS)
            move = QMouseEvent(QEvent.Type.MouseMove, where, widget.mapToGlobal(where), LEFT, LEFT, NO_KEYS)
            QApplication.sendEvent(widget, move)
        QTest.mouseRelease(widget, LEFT, NO_KEYS, b)

    def hover(self, which: int, at: tuple[float, float]) -> None:
        """Move the cursor over a widget."""
        widget = self._pick(which)
        where = QPointF(_inside(widget, *at))
        no = Qt.MouseButton.NoButton
        QApplication.sendEvent(
            widget, QMouseEvent(QEvent.Type.MouseMove, where, widget.mapToGlobal(where), no, no, NO_KEYS)
        )

    def wheel(self, which: int, at: tuple[float, float], up: bool, zoom: bool) -> None:
        """Turn the wheel over a widget."""
        widget = self._pick(which)
        where = QPointF(_inside(widget, *at))
        event = QWheelEvent(
            where, widget.mapToGlobal(where), QPoint(), QPoint(0, 120 if up else -120), Qt.MouseButton.NoButton,
            CONTROL if zoom else NO_KEYS, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(widget, event)

    def press(self, key: int, control: bool) -> None:
        """Press a key, wherever the focus is."""
        keys = WITH_CONTROL if control else KEYS
        target = QApplication.focusWidget() or self.window
        QTest.keyClick(target, keys[key % len(keys)], CONTROL if control else NO_KEYS)

    def type_number(self, which: int, text: int) -> None:
        """Type something into a line of text."""
        lines = [widget for widget in self.widgets() if isinstance(widget, QLineEdit)]
        if lines:
            line = lines[which % len(lines)]
            QTest.mouseClick(line, LEFT)
            line.selectAll()
            QTest.keyClicks(line, NUMBERS[text % len(NUMBERS)])
            QTest.keyClick(line, Qt.Key.Key_Return)

    def drop_kind(self, kind: int, x: float) -> None:
        """Drag a layer from the palette onto the canvas."""
        names = nn.Layer.names()
        canvas, copy = self.window.network.canvas, Qt.DropAction.CopyAction
        mime, where = kind_mime(names[kind % len(names)]), QPointF(_inside(canvas, x, 0.5))
        for event in (
            QDragEnterEvent(where.toPoint(), copy, mime, LEFT, NO_KEYS),
            QDragMoveEvent(where.toPoint(), copy, mime, LEFT, NO_KEYS),
            QDropEvent(where, copy, mime, LEFT, NO_KEYS),
        ):
            QApplication.sendEvent(canvas, event)

    def trigger(self, which: int) -> None:
        """Choose something from a menu."""
        actions = [
            action
            for menu in self.window.menuBar().findChildren(QMenu)  # asked for anew: see Traps in ARCHITECTURE.md
            for action in menu.actions()
            if action.isEnabled() and not action.isSeparator() and action.objectName()
            if action.objectName().removeprefix("action-") not in CLOSING
        ]
        action = actions[which % len(actions)]
        self.on = action.objectName()
        action.trigger()

    def undo(self, times: int) -> None:
        """Take several edits back."""
        for _ in range(times):
            self.window.document.undo()

    def redo(self, times: int) -> None:
        """Do several edits again."""
        for _ in range(times):
            self.window.document.redo()

    def wait(self, milliseconds: int) -> None:
        """Let the training go on."""
        QTest.qWait(milliseconds)

    def _pick(self, which: int) -> QWidget:
        widgets = self.widgets()
        widget = widgets[which % len(widgets)]
        self.on = widget.objectName() or type(widget).__name__
        return widget


def without_the_system(patch: Callable[[object, str, object], None]) -> None:
    """Cancel what only the system can end: its file dialogs, and the dragging of something out of a widget."""
    patch(QDrag, "exec", lambda *args, **kwargs: Qt.DropAction.IgnoreAction)
    for name in ("getSaveFileName", "getOpenFileName"):
        patch(QFileDialog, name, staticmethod(lambda *args, **kwargs: ("", "")))


def _close_dialogs() -> None:
    # A menu of a tool button, too, lets nothing else happen until it is closed.
    for widget in (QApplication.activePopupWidget(), QApplication.activeModalWidget()):
        if widget is not None:
            widget.close()


def _is_leaf(widget: QWidget) -> bool:
    return not any(
        child.isVisible() for child in widget.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
    ) or bool(widget.property("walked") or widget.objectName() == "network-canvas")


def _inside(widget: QWidget, x: float, y: float) -> QPoint:
    return QPoint(round(x * (widget.width() - 1)), round(y * (widget.height() - 1)))
