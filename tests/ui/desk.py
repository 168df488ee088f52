"""A window with a real worker behind it, and the hands to use it."""

import numpy as np
from canvas_bench import kind_mime
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLineEdit,
    QWidget,
)

from playground.document.document import Document
from playground.document.presets import preset
from playground.engine.client import Engine
from playground.ui.main_window import MainWindow

LEFT, NO_KEYS = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
CONTROL = Qt.KeyboardModifier.ControlModifier


class Desk:
    """A window with hands."""

    def __init__(self, qtbot, demo="circle", settings=None, theme="dark", size=(1280, 800), kind=Document) -> None:
        self.qtbot = qtbot
        spec = preset(demo).spec
        self.window = MainWindow(kind(spec), Engine(spec), theme, settings)
        self.window.resize(*size)
        self.window.show()
        self.window.reset_layout()
        self.window.loop.start()
        self.canvas = self.window.network.canvas
        qtbot.waitUntil(lambda: self.engine.latest is not None)
        self.settle()

    @property
    def engine(self) -> Engine:
        return self.window.engine

    @property
    def spec(self):
        return self.window.document.spec

    @property
    def ids(self) -> list[int]:
        return [layer.id for layer in self.spec.layers]

    def settle(self) -> None:
        self.canvas.stage.finish()
        QApplication.processEvents()

    def press(self, key, modifier=NO_KEYS) -> None:
        QTest.keyClick(self.window, key, modifier)
        self.settle()

    def type(self, *keys, modifier=NO_KEYS) -> None:
        """Press keys as the system does: they go to whatever has the focus."""
        for key in keys:
            focused = QApplication.focusWidget()
            assert focused is not None
            QTest.keyClick(focused, key, modifier)
            self.settle()

    def focus_number(self, name: str) -> QLineEdit:
        """Click into a number that can be typed; its line."""
        owner = self.window.findChild(QWidget, name)
        line = owner.lineEdit() if isinstance(owner, QComboBox) else owner
        assert isinstance(line, QLineEdit), name
        QTest.mouseClick(line, LEFT)
        assert QApplication.focusWidget() is owner
        return line

    def click(self, name: str) -> None:
        button = self.window.findChild(QAbstractButton, name)
        assert button is not None, name
        QTest.mouseClick(button, LEFT)
        self.settle()

    def wait_until(self, condition) -> None:
        self.qtbot.waitUntil(condition, timeout=8000)

    def wait_for_answer(self, seen) -> None:
        """Until the worker has published something newer than the snapshot `seen`."""
        self.wait_until(lambda: self.engine.latest is not seen)

    def place(self, layer_id: int):
        return next(place for place in self.canvas.stage.places if place.column.key == layer_id)

    def drag_in(self, kind: str, x: float) -> None:
        self.drop(kind_mime(kind), x)

    def drop(self, mime, x: float) -> None:
        where, copy = QPointF(x, 150), Qt.DropAction.CopyAction
        enter = QDragEnterEvent(where.toPoint(), copy, mime, LEFT, NO_KEYS)
        move = QDragMoveEvent(where.toPoint(), copy, mime, LEFT, NO_KEYS)
        for event in (enter, move, QDropEvent(where, copy, mime, LEFT, NO_KEYS)):
            QApplication.sendEvent(self.canvas, event)
        self.settle()

    def drag_head(self, layer_id: int, to_x: float) -> None:
        head = self.canvas.heads[layer_id]
        start = head.geometry().topLeft() + QPoint(head.width() // 2, 8)
        QTest.mousePress(self.canvas, LEFT, NO_KEYS, start)
        for x in np.linspace(start.x(), to_x, 6):
            where = QPointF(x, 60)
            global_where = self.canvas.mapToGlobal(where)
            move = QMouseEvent(QEvent.Type.MouseMove, where, global_where, LEFT, LEFT, NO_KEYS)
            QApplication.sendEvent(self.canvas, move)
        QTest.mouseRelease(self.canvas, LEFT, NO_KEYS, QPoint(round(to_x), 60))
        self.settle()
