"""Three hints for whoever opens the window for the first time: play, build, look. Each is shown until it is done."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QEvent, QObject, QRect, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QWidget

from playground.document.spec import Spec
from playground.ui.callout import Callout, Side
from playground.ui.canvas.targets import unit_box
from playground.ui.settings import Settings
from playground.ui.theme import Theme

if TYPE_CHECKING:
    from playground.ui.main_window import MainWindow

LOOK_MS = 700
"""So long the mouse rests on a neuron of somebody who looks at it."""
FOLLOW_MS = 200
"""How often a hint follows what it points at."""
NEXT_MS = 600
"""Between one hint and the next: what was done is seen first."""


class Step(NamedTuple):
    """One hint."""

    name: str
    title: str
    text: str
    target: Callable[[MainWindow], QRect | None]
    """What it points at, in coordinates of the window; None while that is not to be seen."""
    sides: tuple[Side, ...]


def _on_window(window: QWidget, widget: QWidget | None, part: QRect | None = None) -> QRect | None:
    """Where a widget, or a part of it, is in the window; None if nobody can see it."""
    if widget is None or not widget.isVisible() or widget.window() is not window:
        return None
    rect = part or widget.rect()
    if not rect.intersects(widget.visibleRegion().boundingRect()):
        return None
    return QRect(widget.mapTo(window, rect.topLeft()), rect.size())


def _play(window: MainWindow) -> QRect | None:
    return _on_window(window, window.transport.findChild(QAbstractButton, "play"))


def _chip(window: MainWindow) -> QRect | None:
    return _on_window(window, window.network.palette_row.findChild(QAbstractButton, "palette-dense"))


def _neuron(window: MainWindow) -> QRect | None:
    """The first neuron of the first hidden layer, or of the output."""
    places = window.network.canvas.scene.places
    box = unit_box(places[1], next(iter(places[1].shown), 0)) if len(places) > 1 else None
    if box is None:
        return None
    tile = QRect(round(box.left), round(box.top), round(box.width), round(box.height))
    return _on_window(window, window.network.canvas, tile)


STEPS = (
    Step("play", "Press Play", "The network learns while you watch. Space plays and pauses, too.", _play, ("below",)),
    Step(
        "build",
        "Build your own",
        "Drag a layer onto the network, and an activation onto a layer. Ctrl+Z takes anything back.",
        _chip,
        ("below",),
    ),
    Step(
        "look",
        "Look inside",
        "Point at a neuron to see what it alone has learned. Click it for its weights.",
        _neuron,
        ("right", "below", "above", "left"),
    ),
)


class FirstSteps(QObject):
    """Shows one hint after the other; what was done or dismissed is remembered at once, for good.

    Parameters
    ----------
    window
        What the hints are about.
    settings
        Where it is remembered which are done; None remembers it in this window only.
    """

    def __init__(self, window: MainWindow, settings: Settings | None) -> None:
        super().__init__(window)
        self._window, self._settings = window, settings
        self._done: set[str] = set()
        self._following = False
        self.callout = Callout(window)
        self.callout.accepted.connect(self._accept)
        self.callout.closed.connect(self.close)
        self._timer = QTimer(self)
        self._timer.setInterval(FOLLOW_MS)
        self._timer.timeout.connect(self._place)
        self._look = QTimer(self)
        self._look.setSingleShot(True)
        self._look.setInterval(LOOK_MS)
        self._look.timeout.connect(lambda: self._finish("look"))
        self._shown: Step | None = None

    @property
    def shown(self) -> str:
        """The name of the step that is shown, "" for none."""
        return self._shown.name if self._shown is not None else ""

    def start(self) -> None:
        """Show the steps that are not done yet."""
        if not self._following and self._left():
            self._follow()
        self._next()

    def start_again(self) -> None:
        """Show all of them again."""
        self._done.clear()
        for step in STEPS:
            if self._settings is not None:
                self._settings.set_done(step.name, False)
        self._shown = None
        self.start()

    def close(self) -> None:
        """Show none of them any more."""
        for step in STEPS:
            self._finish(step.name)

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        self.callout.set_theme(theme)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take an Esc that nobody else wants, and stay in place while the window changes."""
        if self._shown is None:
            return False
        if event.type() == QEvent.Type.Resize:
            QTimer.singleShot(0, self, self._place)
            return False
        escaped = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        if not escaped or event.type() != QEvent.Type.KeyPress:
            return False
        self.close()
        return True

    # -- what is done -------------------------------------------------------------------------------

    def _follow(self) -> None:
        self._following = True
        window = self._window
        window.installEventFilter(self)
        window.loop.playing_changed.connect(lambda playing: self._finish("play") if playing else None)
        window.document.changed.connect(self._see_edit)
        window.network.hovered.connect(self._see_hover)
        window.network.unit_clicked.connect(lambda _unit: self._finish("look"))

    def _see_edit(self, new: Spec, old: Spec) -> None:
        if new.run == old.run and (len(new.layers) > len(old.layers) or _activations(new) != _activations(old)):
            self._finish("build")

    def _see_hover(self, unit: object) -> None:
        self._look.stop()
        if unit is not None and self.shown == "look":
            self._look.start()

    def _accept(self) -> None:
        self._finish(self.shown)

    def _finish(self, name: str) -> None:
        """A step is done, whether it is shown or not."""
        if self._is_done(name):
            return
        self._done.add(name)
        if self._settings is not None:
            self._settings.set_done(name)
        if name == self.shown:
            self._shown = None
            self._timer.stop()
            self.callout.vanish()
            QTimer.singleShot(NEXT_MS, self, self._next)

    # -- what is shown ------------------------------------------------------------------------------

    def _is_done(self, name: str) -> bool:
        return name in self._done or (self._settings is not None and self._settings.is_done(name))

    def _left(self) -> list[Step]:
        return [step for step in STEPS if not self._is_done(step.name)]

    def _next(self) -> None:
        left = self._left()
        if self._shown is not None or not left:
            return
        self._shown = left[0]
        self.callout.say(left[0].title, left[0].text, STEPS.index(left[0]), len(STEPS))
        self._timer.start()
        self._place()

    def _place(self) -> None:
        """Stand beside what the step is about; be gone while a dialog, a menu or a drag needs the room."""
        if self._shown is None:
            return
        target = self._shown.target(self._window)
        busy = QApplication.activePopupWidget() or any(box.isVisible() for box in self._window.findChildren(QDialog))
        dragging = QApplication.mouseButtons() != Qt.MouseButton.NoButton and not self.callout.underMouse()
        if target is None or busy or dragging:
            self.callout.vanish()
        else:
            self.callout.point_at(target, self._shown.sides)


def _activations(spec: Spec) -> list[str]:
    return [layer.activation for layer in spec.layers]
