"""The whole window, driven as a person drives it: with a mouse and a keyboard, and a real worker behind it."""

import os
import signal

import numpy as np
import pytest
from canvas_bench import kind_mime
from PySide6.QtCore import QEvent, QPoint, QPointF, QSettings, Qt
from PySide6.QtGui import QAccessible, QDragEnterEvent, QDragMoveEvent, QDropEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
)

from playground.document.document import Document
from playground.document.presets import preset
from playground.engine.client import Engine
from playground.ui.crash import CrashHook
from playground.ui.main_window import MainWindow
from playground.ui.settings import Settings
from playground.ui.theme import DARK, LIGHT

LEFT, NO_KEYS = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


class Desk:
    """A window with hands."""

    def __init__(self, qtbot, demo="circle", settings=None, theme="dark", size=(1280, 800)) -> None:
        self.qtbot = qtbot
        spec = preset(demo).spec
        self.window = MainWindow(Document(spec), Engine(spec), theme, settings)
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
        mime, where, copy = kind_mime(kind), QPointF(x, 150), Qt.DropAction.CopyAction
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


@pytest.fixture
def open_desk(qtbot):
    desks = []

    def make(**options) -> Desk:
        desks.append(Desk(qtbot, **options))
        return desks[-1]

    yield make
    for desk in desks:
        desk.window.close()
        desk.window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QApplication.processEvents()


@pytest.fixture
def desk(open_desk):
    return open_desk()


def test_a_network_is_built_changed_undone_and_trained_with_mouse_and_keyboard_alone(desk):
    desk.drag_in("dense", desk.place(1).x + 40)
    assert desk.ids == [1, 3, 2]

    desk.drag_head(3, desk.place(2).x + 60)
    assert desk.ids == [1, 2, 3]

    desk.canvas.setFocus()
    desk.canvas.give_activation("relu")
    assert desk.spec.layers[2].activation == "relu"

    undo = (Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    for _ in range(3):
        desk.press(*undo)
    assert desk.ids == [1, 2]
    redo_keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    desk.press(Qt.Key.Key_Z, redo_keys)
    assert desk.ids == [1, 3, 2]

    desk.press(Qt.Key.Key_Space)
    desk.wait_until(lambda: desk.engine.latest.epoch > 3)
    desk.press(Qt.Key.Key_Space)
    assert not desk.engine.playing


def test_the_window_shows_what_the_worker_computes(desk):
    before = desk.window.loop.mirror.surface.copy()
    desk.press(Qt.Key.Key_Space)
    desk.wait_until(lambda: desk.engine.latest.epoch > 5)
    mirror = desk.window.loop.mirror
    assert np.abs(mirror.surface - before).max() > 0.01
    np.testing.assert_array_equal(mirror.network.parameters, desk.engine.latest.parameters.astype("f4"))
    assert len(desk.engine.history) > 5


def test_b_takes_one_batch_and_e_goes_to_the_end_of_the_epoch(desk):
    desk.press(Qt.Key.Key_B)
    desk.wait_until(lambda: desk.engine.latest.steps == 1)
    desk.press(Qt.Key.Key_E)
    desk.wait_until(lambda: desk.engine.latest.epoch == 1)
    assert desk.engine.latest.steps == 25


def test_reset_brings_the_first_weights_back_and_pauses(desk):
    first = desk.engine.latest.parameters
    desk.press(Qt.Key.Key_Space)
    desk.wait_until(lambda: desk.engine.latest.epoch > 2)
    desk.press(Qt.Key.Key_R)
    desk.wait_until(lambda: desk.engine.latest.epoch == 0 and not desk.engine.latest.playing)
    np.testing.assert_array_equal(desk.engine.latest.parameters, first)
    desk.wait_until(lambda: len(desk.engine.history) == 1)


def test_a_new_seed_brings_other_weights_and_can_be_undone(desk):
    seen = desk.engine.latest
    first = seen.parameters
    desk.press(Qt.Key.Key_N)
    desk.wait_for_answer(seen)
    assert not np.array_equal(desk.engine.latest.parameters, first)
    desk.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    desk.wait_until(lambda: np.array_equal(desk.engine.latest.parameters, first))


def test_an_edit_while_it_runs_keeps_what_the_other_layers_have_learned(desk):
    desk.press(Qt.Key.Key_Space)
    desk.wait_until(lambda: desk.engine.latest.epoch > 20)
    desk.press(Qt.Key.Key_Space)
    desk.wait_until(lambda: not desk.engine.latest.playing)
    learned = desk.window.loop.mirror.network.layers[0].weights.copy()
    seen = desk.engine.latest
    desk.drag_in("dense", desk.place(2).x + 40)
    desk.wait_for_answer(seen)
    np.testing.assert_array_equal(desk.window.loop.mirror.network.layers[0].weights, learned)
    assert desk.engine.latest.epoch > 20


def test_settings_of_the_training_change_while_it_runs_without_a_reset(desk):
    desk.press(Qt.Key.Key_Space)
    desk.wait_until(lambda: desk.engine.latest.epoch > 2)
    optimizer = desk.window.findChild(QComboBox, "optimizer")
    QTest.keyClick(optimizer, Qt.Key.Key_Down)
    epoch = desk.engine.latest.epoch
    assert desk.spec.training.optimizer == "momentum"
    desk.wait_until(lambda: desk.engine.latest.epoch > epoch + 2)


def test_the_window_outlives_its_worker(desk):
    desk.press(Qt.Key.Key_Space)
    desk.wait_until(lambda: desk.engine.latest.epoch > 5)
    epoch = desk.engine.latest.epoch
    os.kill(desk.engine.worker_pid, signal.SIGKILL)
    desk.wait_until(lambda: "restarted" in desk.window.notice.text)
    desk.wait_until(lambda: desk.engine.latest.epoch > epoch + 5)


def test_a_demo_starts_anew_and_can_be_undone(desk):
    desk.press(Qt.Key.Key_E)
    desk.wait_until(lambda: desk.engine.latest.epoch == 1)
    desk.window.open_demo("spiral")
    desk.wait_until(lambda: desk.engine.latest.epoch == 0)
    assert [layer.units for layer in desk.spec.layers] == [8, 6, 4]
    desk.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert [layer.units for layer in desk.spec.layers] == [4, 2]


def test_the_undo_menu_says_what_it_would_undo(desk):
    undo = desk.window.actions_by_name["undo"]
    assert not undo.isEnabled()
    desk.click("feature-sin-x1")
    assert undo.isEnabled()
    assert undo.text() == "Undo change features"
    desk.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert not undo.isEnabled()


def test_an_impossible_edit_is_a_notice_and_changes_nothing(desk):
    desk.click("feature-x1")
    before = desk.spec
    desk.click("feature-x2")
    assert desk.spec is before
    assert "at least one input feature" in desk.window.notice.text


def test_both_themes_reach_every_part_of_the_window(open_desk):
    desk = open_desk(theme="dark")
    corner = QPoint(2, desk.window.height() - 40)
    assert desk.window.grab().toImage().pixelColor(corner).name().upper() == DARK.background
    desk.window.set_theme("light")
    desk.settle()
    assert desk.window.grab().toImage().pixelColor(corner).name().upper() == LIGHT.background


def test_only_the_visible_tab_is_drawn(desk):
    drawn = []
    views = {type(view).__name__: view for view in desk.window.views}
    for name in ("WeightsView", "GradientsView"):
        view = views[name]
        view.refresh = lambda refresh=view.refresh, name=name: (drawn.append(name), refresh())
    desk.press(Qt.Key.Key_B)
    desk.wait_until(lambda: "WeightsView" in drawn)
    assert "GradientsView" not in drawn


def test_panels_and_theme_come_back_as_they_were(open_desk, tmp_path):
    def settings():
        return Settings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))

    first = open_desk(settings=settings(), theme=None)
    dict(zip("abcdef", first.window.docks, strict=True))["c"][1].close()
    first.window.choose_theme("light")
    first.window.close()
    second = open_desk(settings=settings(), theme=None)
    second.window.settings.restore_layout(second.window)
    assert second.window.layout_restored
    assert not second.window.docks[2][1].isVisible()
    assert second.window.findChild(QLabel).palette().window().color().name().upper() == LIGHT.background
    second.window.reset_layout()
    assert second.window.docks[2][1].isVisible()


@pytest.mark.parametrize("size", [(1280, 800), (1920, 1080)])
def test_no_text_is_clipped(open_desk, size):
    desk = open_desk(size=size)
    for widget in desk.window.findChildren(QLabel) + desk.window.findChildren(QPushButton):
        if widget.isVisible() and widget.text():
            needed, given = widget.sizeHint(), widget.size()
            assert given.width() >= needed.width(), (widget.objectName(), widget.text())
            assert given.height() >= needed.height() - 1, (widget.objectName(), widget.text())


def test_every_control_has_a_name_for_tests_and_one_for_screen_readers(desk):
    kinds = (QAbstractButton, QComboBox, QAbstractSlider, QLineEdit)
    for kind in kinds:
        for control in desk.window.findChildren(kind):
            inner = control.objectName().startswith("qt_") or control.parent().objectName().startswith("qt_")
            if inner or not control.isVisible() or isinstance(control.parent(), QComboBox):
                continue
            assert control.objectName(), control
            interface = QAccessible.queryAccessibleInterface(control)
            assert interface.text(QAccessible.Text.Name), control.objectName()


def test_an_error_inside_is_written_down_and_shown_once(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("playground.ui.crash.LOG", tmp_path / "errors.log")
    shown = []
    hook = CrashHook(shown.append)
    for text in ("first", "second"):
        error = RuntimeError(text)
        hook(RuntimeError, error, None)
    assert len(shown) == 1
    assert "first" in shown[0]
    log = (tmp_path / "errors.log").read_text()
    assert "first" in log
    assert "second" in log


def test_closing_the_window_ends_the_worker_and_frees_its_memory(open_desk):
    desk = open_desk()
    pid = desk.engine.worker_pid
    desk.window.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
