"""The manners of the controls: gestures, keys, and what happens at a click into a number."""

import pytest
from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QVBoxLayout, QWidget

import nncore as nn
from playground.ui.canvas.fields import StepButton
from playground.ui.controls import CheckBox, Choice, ComboBox, Slider
from playground.ui.number_entry import NumberChoice, NumberField
from playground.ui.quantity import Quantity
from playground.ui.theme import DARK, apply_theme


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


def shown(qtbot, widget):
    qtbot.addWidget(widget)
    widget.show()
    widget.setFocus()
    return widget


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_enter_ticks_a_check_box(qtbot, key):
    box = shown(qtbot, CheckBox("Log"))
    QTest.keyClick(box, key)
    assert box.isChecked()
    QTest.keyClick(box, key)
    assert not box.isChecked()


def test_enter_opens_the_list_of_a_combo_box_and_chooses_from_it(qtbot):
    box = shown(qtbot, Choice(nn.Optimizer))
    heard = []
    box.chosen.connect(heard.append)
    QTest.keyClick(box, Qt.Key.Key_Return)
    popup = box.view()
    assert popup.isVisible()
    QTest.keyClick(popup, Qt.Key.Key_Down)
    QTest.keyClick(popup, Qt.Key.Key_Return)
    assert heard == [nn.Optimizer.names()[1]]


def test_a_choice_without_room_for_its_label_shows_what_people_say_for_it(qtbot):
    box = Choice(nn.Loss, {"binary_crossentropy": ("BCE",)})
    qtbot.addWidget(box)
    box.show_choice("binary_crossentropy")
    label = box.currentText()
    assert box.shown_text(box.fontMetrics().horizontalAdvance(label)) == label
    assert box.shown_text(box.fontMetrics().horizontalAdvance(label) - 1) == "BCE"
    box.show_choice("categorical_crossentropy")
    assert box.shown_text(60).endswith("…")


RATE = Quantity("Rate", (0.1, 0.2, 0.3), low=0.0, high=1.0)


@pytest.fixture(params=[NumberField, NumberChoice], ids=["field", "choice"])
def number(request, qtbot, qapp):
    apply_theme(qapp, DARK)
    number = request.param(RATE)
    number.show_value(0.2)
    other = QLineEdit()
    window = QWidget()
    qtbot.addWidget(window)
    row = QVBoxLayout(window)
    row.addWidget(other)
    row.addWidget(number)
    window.show()
    other.setFocus()
    yield number
    window.close()


def line_of(number) -> QLineEdit:
    line = number.lineEdit() if isinstance(number, NumberChoice) else number
    assert line is not None
    return line


def test_a_click_into_a_number_selects_it_so_that_typing_replaces_it(number):
    line = line_of(number)
    heard = []
    number.entered.connect(heard.append)
    QTest.mouseClick(line, Qt.MouseButton.LeftButton)
    assert line.selectedText() == "0.2"
    QTest.keyClicks(line, "0.7")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert heard == [0.7]


def test_a_second_click_puts_the_cursor_into_the_number(number):
    line = line_of(number)
    for _ in range(2):
        QTest.mouseClick(line, Qt.MouseButton.LeftButton, pos=QPoint(3, line.height() // 2))
        QTest.qWait(QApplication.doubleClickInterval() + 10)
    assert not line.hasSelectedText()


def test_a_click_into_a_number_that_had_the_focus_before_puts_the_cursor_into_it_too(number):
    number.setFocus(Qt.FocusReason.TabFocusReason)
    line = line_of(number)
    line.deselect()
    QTest.mouseClick(line, Qt.MouseButton.LeftButton, pos=QPoint(3, line.height() // 2))
    assert not line.hasSelectedText()


def test_a_number_that_is_too_long_is_shortened_until_it_is_edited(qtbot, qapp):
    apply_theme(qapp, DARK)
    number, words = NumberChoice(RATE), ComboBox()
    number.show_value(0.0123456789)
    words.addItem("0.0123456789")
    for box in (number, words):
        qtbot.addWidget(box)
        box.setFixedSize(80, 26)
        box.show()
    assert number.shown_text(50).endswith("…")
    assert number.grab().toImage() == words.grab().toImage()
    assert line_of(number).text() == "0.0123456789"


def text_rows(box) -> tuple[int, int]:
    """First and last row of pixels with text."""
    image = box.grab(QRect(8, 4, 40, box.height() - 8)).toImage()
    ground = image.pixelColor(image.width() - 1, 0)
    rows = [y for y in range(image.height()) for x in range(30) if image.pixelColor(x, y) != ground]
    return min(rows), max(rows)


def test_numbers_and_words_in_combo_boxes_stand_on_one_line(qtbot, qapp):
    apply_theme(qapp, DARK)
    number, words = NumberChoice(RATE), ComboBox()
    words.addItem("0.2")
    number.show_value(0.2)
    for box in (number, words):
        qtbot.addWidget(box)
        box.setFixedSize(96, 26)
        box.show()
    assert text_rows(number) == text_rows(words)


def test_a_tiny_number_is_read_as_it_is_written():
    tiny = Quantity("Epsilon", (), low=0.0, high=1.0)
    assert tiny.show(1e-8) == "1e−8"
    assert tiny.read(tiny.show(2.5e-8)) == 2.5e-8


# -- what is typed, and what is switched without a click ------------------------------------------


def test_letters_typed_into_an_open_list_are_no_shortcuts(desk):
    """`R` would reset the training; in a list it finds what begins with it."""
    box = desk.window.findChild(QComboBox, "optimizer")
    box.showPopup()
    event = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_R, Qt.KeyboardModifier.NoModifier, "r")
    event.ignore()
    QApplication.sendEvent(box.view(), event)
    box.hidePopup()
    assert event.isAccepted()


def test_commands_with_ctrl_stay_commands_while_a_list_is_open(desk):
    box = desk.window.findChild(QComboBox, "optimizer")
    event = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier, "\x1a")
    event.ignore()
    QApplication.sendEvent(box.view(), event)
    assert not event.isAccepted()


@pytest.mark.parametrize("name", ["feature-sin-x1", "shuffle"])
def test_a_screen_reader_that_toggles_a_switch_edits_like_a_click(desk, name):
    switch, before = desk.window.findChild(QAbstractButton, name), desk.window.document.spec
    switch.toggle()  # which is what Qt's accessible interface does
    assert desk.window.document.spec != before
    desk.window.document.undo()
    assert desk.window.document.spec == before
    assert desk.window.document.undo_label is None, "that the switch follows is no edit"


def test_a_screen_reader_that_toggles_a_data_set_chooses_it(desk):
    button = desk.window.findChild(QAbstractButton, "dataset-spiral")
    button.toggle()
    assert desk.window.document.spec.data.dataset.startswith("spiral")
    assert button.isChecked()
