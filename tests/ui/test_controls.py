"""What belongs to one gesture, and so is one entry in the undo history."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from playground.ui.canvas.fields import StepButton
from playground.ui.controls import Slider


@pytest.fixture(params=[Slider, lambda parent: StepButton("+", parent)], ids=["slider", "step button"])
def control(request, qtbot):
    parent = QWidget()
    qtbot.addWidget(parent)
    yield request.param(parent)
    parent.close()


def press(control, held):
    key = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Right, Qt.KeyboardModifier.NoModifier, "", held)
    QApplication.sendEvent(control, key)
    return control.gesture


def test_a_key_that_is_held_down_is_one_gesture(control):
    first = press(control, held=False)
    assert press(control, held=True) is first
    assert press(control, held=False) is not first


def test_each_press_of_the_mouse_begins_a_gesture(control):
    gestures = []
    for _ in range(2):
        QTest.mousePress(control, Qt.MouseButton.LeftButton)
        gestures.append(control.gesture)
        QTest.mouseRelease(control, Qt.MouseButton.LeftButton)
        assert control.gesture is gestures[-1]
    assert gestures[0] is not gestures[1]
