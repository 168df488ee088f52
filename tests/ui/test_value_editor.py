"""The small editor beside a link: sets one weight, and goes."""

import pytest
from inspector_bench import TWO_LAYERS, Following
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from playground.document import edits
from playground.document.spec import OUTPUT_ID
from playground.ui.canvas.targets import Target
from playground.ui.canvas.value_editor import ValueEditor
from playground.ui.theme import DARK

LEFT = Qt.MouseButton.LeftButton
LINK, BIAS = Target("link", 2, 1, 2), Target("bias", 3, 0)


class Ground(Following):
    """A canvas with nothing but the editor on it."""

    def __init__(self, qtbot) -> None:
        super().__init__(TWO_LAYERS)
        self.canvas = QWidget()
        self.canvas.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.canvas.resize(500, 300)
        self.editor = ValueEditor(self.document, self.canvas)
        self.editor.set_theme(DARK)
        self.messages: list[str] = []
        self.editor.message.connect(self.messages.append)
        qtbot.addWidget(self.canvas)
        self.canvas.show()
        self.canvas.activateWindow()
        qtbot.waitUntil(self.canvas.isActiveWindow)

    def open(self, target: Target = LINK, at: QPoint | None = None) -> ValueEditor:
        """Click a link or a bias."""
        self.editor.edit(target, self.mirror, at or QPoint(250, 200))
        return self.editor

    def type(self, text: str, key: Qt.Key | None = None) -> None:
        """Press keys as the system does."""
        focused = QApplication.focusWidget()
        assert focused is not None
        QTest.keyClicks(focused, text)
        if key is not None:
            QTest.keyClick(focused, key)


@pytest.fixture
def ground(qtbot):
    ground = Ground(qtbot)
    yield ground
    ground.editor.close_editor()


def test_it_opens_with_the_value_ready_to_be_typed_over(ground):
    editor = ground.open()
    value = ground.incoming(2, 1)[2]
    assert editor.field.text() == f"{value:.3f}".replace("-", "−")
    assert editor.field.selectedText() == editor.field.text()
    assert QApplication.focusWidget() is editor.field
    assert editor.field.accessibleName() == "weight · Dense 1, unit 3 → Dense 2, unit 2"


def test_enter_sets_the_value_and_closes(ground):
    ground.open()
    ground.type("1.25", Qt.Key.Key_Return)
    assert ground.incoming(2, 1)[2] == 1.25
    assert ground.editor.isHidden()
    assert QApplication.focusWidget() is ground.canvas
    ground.document.undo()
    assert ground.document.undo_label is None


def test_enter_without_a_change_only_closes(ground):
    ground.open()
    ground.type("", Qt.Key.Key_Return)
    assert ground.editor.isHidden()
    assert ground.spec.assigned == ()


def test_escape_closes_and_changes_nothing(ground):
    before = ground.incoming(2, 1)
    ground.open()
    ground.type("7", Qt.Key.Key_Escape)
    assert ground.editor.isHidden()
    assert ground.incoming(2, 1) == pytest.approx(before)
    assert ground.spec.assigned == ()


def test_a_bias_is_set_behind_the_weights(ground):
    ground.open(BIAS)
    ground.type("-0.5", Qt.Key.Key_Return)
    (assigned,) = ground.spec.assigned
    assert (assigned.layer_id, assigned.columns, assigned.values) == (OUTPUT_ID, (2,), (-0.5,))


def test_what_is_impossible_is_said_and_can_be_typed_again(ground):
    editor = ground.open()
    ground.type("much", Qt.Key.Key_Return)
    assert ground.messages == ["Weight: a number from −1000 to 1000 is possible."]
    assert editor.isVisible()
    assert ground.spec.assigned == ()
    ground.type("2", Qt.Key.Key_Return)
    assert ground.incoming(2, 1)[2] == 2


def test_a_press_elsewhere_closes_and_takes_over_what_was_typed(ground):
    ground.open()
    ground.type("3")
    QTest.mouseClick(ground.canvas, LEFT, pos=QPoint(5, 5))
    assert ground.editor.isHidden()
    assert ground.incoming(2, 1)[2] == 3


def test_zero_is_one_click(ground):
    editor = ground.open()
    QTest.mouseClick(editor.zero, LEFT)
    assert ground.incoming(2, 1)[2] == 0
    assert editor.isVisible()
    assert editor.field.text() == "0.000"


def test_the_slider_sets_at_once_in_one_undo(ground):
    editor = ground.open()
    editor.slider.setFocus()
    QTest.mousePress(editor.slider, LEFT, pos=QPoint(editor.slider.width() * 9 // 10, 9))
    for position in (700, 600, 500):
        editor.slider.setValue(position)
    QTest.mouseRelease(editor.slider, LEFT)
    assert ground.incoming(2, 1)[2] == 2.5
    assert len(ground.spec.assigned) == 1


def test_it_follows_the_training_unless_a_number_is_being_typed(ground):
    editor = ground.open()
    ground.mirror.network.layers[1].block[1, 2] = 0.75
    editor.refresh()
    assert editor.field.text() == "0.750"
    assert editor.field.selectedText() == "0.750"
    ground.type("2")
    ground.mirror.network.layers[1].block[1, 2] = 0.5
    editor.refresh()
    assert editor.field.text() == "2"
    assert editor.slider.value() == 100


def test_tab_stays_in_the_editor(ground):
    editor = ground.open()
    order = []
    for _ in range(4):
        order.append(QApplication.focusWidget())
        QTest.keyClick(order[-1], Qt.Key.Key_Tab)
    assert order == [editor.field, editor.slider, editor.zero, editor.field]
    QTest.keyClick(editor.slider, Qt.Key.Key_Backtab)
    assert QApplication.focusWidget() is editor.field


def test_it_closes_when_the_network_changes_but_not_when_a_value_does(ground):
    editor = ground.open()
    ground.document.apply(edits.assign(1, 0, (0,), (1.0,), (0.0,)))
    assert editor.isVisible()
    ground.document.apply(edits.set_units(1, 5))
    assert editor.isHidden()


def test_there_is_nothing_to_edit_about_a_neuron(ground):
    assert ground.open(Target("unit", 1, 0)).isHidden()
    assert ground.editor.target is None


@pytest.mark.parametrize("at", [QPoint(0, 0), QPoint(499, 0), QPoint(0, 299), QPoint(499, 299), QPoint(250, 150)])
def test_it_stays_on_the_canvas_and_off_its_target(ground, at):
    place = ground.open(at=at).geometry()
    assert ground.canvas.rect().contains(place)
    assert not place.contains(at)


def test_it_leaves_in_sight_the_neuron_whose_bias_it_sets(ground):
    corners = [(200.0 + x, 120.0 + y) for x in (0, 24, 48) for y in (0, 24, 48)]
    ground.editor.edit(BIAS, ground.mirror, QPoint(200, 168), corners)
    place = ground.editor.geometry()
    assert not any(place.contains(QPoint(int(x), int(y))) for x, y in corners)
