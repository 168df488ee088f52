"""A network panel on a document, and the hands to use it: what the tests of the canvas share."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QByteArray, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent, QImage, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from playground.document.document import Document
from playground.document.spec import Layer, Spec
from playground.engine.mirror import Mirror
from playground.ui.canvas.gestures import ACTIVATION_MIME, KIND_MIME
from playground.ui.canvas.panel import NetworkPanel

LEFT = Qt.MouseButton.LeftButton
NO_KEYS = Qt.KeyboardModifier.NoModifier


def dense(*units: int) -> tuple[Layer, ...]:
    """Dense layers with ids 1, 2, 3 …"""
    return tuple(Layer("dense", index, units=n) for index, n in enumerate(units, start=1))


class Bench:
    """The panel as the main window uses it: every change of the document brings a new mirror."""

    def __init__(self, qtbot, spec: Spec, width: int = 780, height: int = 470) -> None:
        self.document = Document(spec)
        self.panel = NetworkPanel(self.document)
        self.canvas = self.panel.canvas
        self.edits: list[str | None] = []
        self.messages: list[str] = []
        self.hints: list[str] = []
        self.document.changed.connect(self._follow)
        self.panel.message.connect(self.messages.append)
        self.panel.hint.connect(self.hints.append)
        self.mirror = Mirror(spec)
        self.panel.set_mirror(self.mirror)
        qtbot.addWidget(self.panel)
        self.panel.resize(width, height)
        self.panel.show()
        qtbot.waitExposed(self.panel)
        self.settle()

    def _follow(self, new: Spec, old: Spec) -> None:
        self.edits.append(self.document.undo_label)
        self.mirror = Mirror(new)
        self.panel.set_mirror(self.mirror)

    def settle(self) -> None:
        """Let everything that moves arrive."""
        self.canvas.stage.finish()
        QApplication.processEvents()

    @property
    def ids(self) -> list[int]:
        """The ids of the hidden layers, in order."""
        return [layer.id for layer in self.document.spec.layers]

    def place(self, key: int):
        """Where a column stands now."""
        return next(place for place in self.canvas.stage.places if place.column.key == key)

    def head_point(self, key: int) -> QPoint:
        """A point on a head beside its controls."""
        head = self.canvas.heads[key]
        return head.geometry().topLeft() + QPoint(head.width() // 2, 8)

    def unit_point(self, key: int, unit: int = 0) -> QPoint:
        """The middle of a tile."""
        place = self.place(key)
        return QPoint(round(place.x), round(place.ys[unit]))

    def widget(self, name: str) -> QWidget:
        """A control by its object name."""
        found = self.panel.findChild(QWidget, name)
        assert found is not None, name
        return found

    def click(self, name: str) -> None:
        """Click a control."""
        QTest.mouseClick(self.widget(name), LEFT)
        self.settle()

    def press(self, *keys: Qt.Key, control: bool = False) -> None:
        """Type keys into the canvas."""
        modifier = Qt.KeyboardModifier.ControlModifier if control else NO_KEYS
        for key in keys:
            QTest.keyClick(self.canvas, key, modifier)
        self.settle()

    def drag(self, start: QPoint, *stops: QPoint, release: bool = True) -> None:
        """Drag with the left button on the canvas."""
        QTest.mousePress(self.canvas, LEFT, NO_KEYS, start)
        for stop in stops:
            self._move_pressed(stop)
        if release:
            self.release(stops[-1])

    def release(self, point: QPoint) -> None:
        """Let the left button go."""
        QTest.mouseRelease(self.canvas, LEFT, NO_KEYS, point)
        self.settle()

    def _move_pressed(self, to: QPoint) -> None:
        where = QPointF(to)
        event = QMouseEvent(QMouseEvent.Type.MouseMove, where, self.canvas.mapToGlobal(where), LEFT, LEFT, NO_KEYS)
        QApplication.sendEvent(self.canvas, event)
        self.settle()

    def hover(self, point: QPoint) -> None:
        """Put the cursor there, with no button pressed; from a corner, lest it is there already."""
        QTest.mouseMove(self.canvas, QPoint(1, 1))
        QTest.mouseMove(self.canvas, point)
        self.settle()

    def drop(self, mime: QMimeData, stops: Iterable[QPoint], leave: bool = False) -> None:
        """Drag something in from outside, over these points, and drop it there (or leave again)."""
        stops = list(stops)
        copy = Qt.DropAction.CopyAction
        QApplication.sendEvent(self.canvas, QDragEnterEvent(stops[0], copy, mime, LEFT, NO_KEYS))
        for stop in stops:
            QApplication.sendEvent(self.canvas, QDragMoveEvent(stop, copy, mime, LEFT, NO_KEYS))
            self.settle()
        if leave:
            QApplication.sendEvent(self.canvas, QDragLeaveEvent())
        else:
            QApplication.sendEvent(self.canvas, QDropEvent(QPointF(stops[-1]), copy, mime, LEFT, NO_KEYS))
        self.settle()

    def hold_over(self, mime: QMimeData, point: QPoint) -> None:
        """Drag something in and keep it there."""
        copy = Qt.DropAction.CopyAction
        QApplication.sendEvent(self.canvas, QDragEnterEvent(point, copy, mime, LEFT, NO_KEYS))
        QApplication.sendEvent(self.canvas, QDragMoveEvent(point, copy, mime, LEFT, NO_KEYS))
        self.settle()

    def picture(self) -> QImage:
        """The canvas as it is painted."""
        return self.canvas.grab().toImage()


def kind_mime(kind: str) -> QMimeData:
    """What a layer kind of the palette is while it is dragged."""
    data = QMimeData()
    data.setData(KIND_MIME, QByteArray(kind.encode()))
    return data


def activation_mime(activation: str) -> QMimeData:
    """What an activation of the palette is while it is dragged."""
    data = QMimeData()
    data.setData(ACTIVATION_MIME, QByteArray(activation.encode()))
    return data
