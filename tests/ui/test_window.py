"""The whole window, driven as a person drives it: with a mouse and a keyboard, and a real worker behind it."""

import gc
import os
import re
import signal
from importlib.metadata import PackageNotFoundError

import numpy as np
import pytest
from canvas_bench import activation_mime, kind_mime
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QSettings, Qt
from PySide6.QtGui import QAccessible, QDragEnterEvent, QDragMoveEvent, QDropEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QApplication,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QTabBar,
    QWidget,
)
from shiboken6 import isValid, ownedByPython

from playground.document import edits
from playground.document.document import Document
from playground.document.presets import preset
from playground.engine.client import Engine
from playground.engine.protocol import SetSpeed, Speed
from playground.ui.canvas.keys import COMMANDS
from playground.ui.help import program_version
from playground.ui.main_window import MainWindow
from playground.ui.plots.histograms import ActivationsView, GradientsView
from playground.ui.plots.weights import WeightsView
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

    desk.drop(activation_mime("relu"), desk.place(3).x)
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
    desk.wait_until(lambda: len(desk.engine.history) > 5)


def test_b_takes_one_batch_and_e_goes_to_the_end_of_the_epoch(desk):
    desk.press(Qt.Key.Key_B)
    desk.wait_until(lambda: desk.engine.latest.steps == 1)
    desk.press(Qt.Key.Key_E)
    desk.wait_until(lambda: desk.engine.latest.epoch == 1)
    assert desk.engine.latest.steps == 25


def test_a_batch_that_was_taken_is_seen_beside_the_epoch(desk):
    for done in (1, 2):
        desk.press(Qt.Key.Key_B)
        desk.wait_until(lambda done=done: desk.window.transport.epoch.hint == f"batch {done} / 25")
    desk.press(Qt.Key.Key_E)
    desk.wait_until(lambda: desk.window.transport.epoch.hint == "batch 0 / 25")
    assert desk.window.transport.epoch.texts == ("000 001",)


@pytest.mark.parametrize("key", [Qt.Key.Key_R, Qt.Key.Key_N, None])
def test_what_stopped_the_training_is_said_until_it_is_dealt_with(desk, key):
    notice = desk.window.notice
    desk.window.document.apply(edits.set_activation(1, "relu"))
    desk.window.document.apply(edits.set_activation(2, "identity"))
    desk.window.document.apply(edits.set_activation(0, "identity"))
    desk.window.document.apply(edits.set_learning_rate(10.0))
    desk.press(Qt.Key.Key_Space)
    desk.wait_until(lambda: notice.kind == "error" and not desk.engine.playing)
    said = notice.text
    desk.click("activation-relu")
    assert (notice.kind, notice.text != said) == ("info", True)
    QTest.mouseClick(notice, LEFT)
    assert (notice.kind, notice.text) == ("error", said)
    if key is not None:
        desk.press(key)
    else:
        desk.window.open_demo("gauss")
        QTest.mouseClick(notice, LEFT)
    desk.wait_until(notice.isHidden)


def test_a_loss_that_brings_its_output_along_says_so_but_not_again_when_it_is_undone(desk):
    notice = desk.window.notice
    desk.window.document.apply(edits.set_loss("binary_crossentropy"))
    assert (notice.kind, notice.text) == (
        "info",
        "Binary cross-entropy needs a sigmoid output: the output is sigmoid now.",
    )
    notice.show_message("")
    desk.press(Qt.Key.Key_Z, CONTROL)
    assert notice.text == ""


CONTROL = Qt.KeyboardModifier.ControlModifier
NUMBERS = {"layer-1-units": "4", "noise-value": "0 %", "learning-rate": "0.03"}


@pytest.mark.parametrize("name", NUMBERS)
def test_after_a_number_is_typed_the_keys_belong_to_the_canvas_and_the_window_again(desk, name):
    line = desk.focus_number(name)
    before = desk.spec
    line.selectAll()
    desk.type(Qt.Key.Key_5, Qt.Key.Key_Return)
    assert desk.spec != before
    assert desk.canvas.hasFocus()
    desk.type(Qt.Key.Key_Z, modifier=CONTROL)
    assert desk.spec == before
    desk.type(Qt.Key.Key_Right)
    assert desk.canvas.selected == 1


@pytest.mark.parametrize("name", NUMBERS)
def test_escape_takes_back_what_was_typed_and_gives_the_keys_back(desk, name):
    line = desk.focus_number(name)
    line.selectAll()
    desk.type(Qt.Key.Key_5, Qt.Key.Key_Escape)
    assert line.text() == NUMBERS[name]
    assert desk.canvas.hasFocus()
    assert desk.window.document.undo_label is None


@pytest.mark.parametrize("name", NUMBERS)
def test_the_keys_of_the_window_work_in_a_number_until_something_is_typed(desk, name):
    desk.click("feature-sin-x1")
    line = desk.focus_number(name)
    desk.type(Qt.Key.Key_Space)
    assert desk.engine.playing
    desk.type(Qt.Key.Key_B)
    assert not desk.engine.playing
    desk.type(Qt.Key.Key_Z, modifier=CONTROL)
    assert "sin_x1" not in desk.spec.features
    desk.type(Qt.Key.Key_Z, modifier=CONTROL | Qt.KeyboardModifier.ShiftModifier)
    assert "sin_x1" in desk.spec.features
    desk.type(Qt.Key.Key_N)
    assert desk.window.document.undo_label == "New seed"
    assert line.text() == NUMBERS[name]

    line.selectAll()
    desk.type(Qt.Key.Key_1, Qt.Key.Key_Space, Qt.Key.Key_E)
    assert line.text() == "1 e"
    assert not desk.engine.playing


def test_enter_in_the_units_of_a_selected_layer_means_the_number_and_not_the_layer(desk):
    desk.type(Qt.Key.Key_Right)
    line = desk.focus_number("layer-1-units")
    line.selectAll()
    desk.type(Qt.Key.Key_5, Qt.Key.Key_Return)
    assert desk.spec.layers[0].units == 5
    assert not [menu for menu in desk.window.findChildren(QMenu) if menu.isVisible()]


@pytest.mark.parametrize("key", [Qt.Key.Key_Tab, Qt.Key.Key_Backtab])
def test_tab_goes_round_the_whole_window(desk, key):
    desk.canvas.setFocus()
    seen = []
    while "network-canvas" not in seen:
        desk.type(key)
        focused = QApplication.focusWidget()
        assert focused is not None
        seen.append(focused.objectName())
    some = {
        "play",
        "speed",
        "dataset-xor",
        "noise",
        "noise-value",
        "palette-dense",
        "layer-1-units",
        "output-activation",
    }
    assert some | {"optimizer", "feature-x1", "initializer", "discretize-output", "loss-log-scale"} <= set(seen)
    assert len(seen) == len(set(seen))


def tab_order(desk) -> list[str]:
    """Where Tab leads from the first control to the last."""
    desk.window.findChild(QWidget, "reset").setFocus()
    seen = ["reset"]
    while True:
        desk.type(Qt.Key.Key_Tab)
        focused = QApplication.focusWidget()
        assert focused is not None
        if focused.objectName() == "reset":
            return seen
        seen.append(focused.objectName())


def test_tab_goes_from_the_bar_over_the_left_and_the_middle_to_the_right(desk):
    seen = tab_order(desk)
    landmarks = [
        *("play", "speed", "learning-rate", "loss", "new-seed", "dataset-xor", "noise", "feature-x1", "initializer"),
        *("palette-dense", "network-canvas", "layer-1-units", "output-activation", "layers-tabs"),
        *("show-test-data", "loss-log-scale"),
    ]
    assert [name for name in seen if name in landmarks] == landmarks


def test_the_tab_order_outlives_panels_that_were_moved_and_floated(desk):
    before = tab_order(desk)
    window = desk.window
    for title in ("Data", "Loss"):
        window.docks[title].setFloating(True)
    window.docks["Data"].setFloating(False)
    desk.settle()
    window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, window.docks["Features"])
    window.reset_layout()
    window.activateWindow()
    desk.wait_until(window.isActiveWindow)
    assert tab_order(desk) == before


@pytest.mark.parametrize("drawn", [0, -1])
def test_a_new_seed_is_another_one(desk, monkeypatch, drawn):
    monkeypatch.setattr("secrets.randbelow", lambda below: drawn % below)
    for present in (0, 1, 999, 1000, 123_456):
        desk.window.document.apply(edits.set_seed(present))
        desk.press(Qt.Key.Key_N)
        assert desk.spec.seed != present
        assert 0 <= desk.spec.seed < 1000


def test_the_speed_of_the_slider_is_that_of_the_training(desk, monkeypatch):
    heard = []
    monkeypatch.setattr(desk.engine, "_send", heard.append)
    slider = desk.window.findChild(QAbstractSlider, "speed")
    slider.setFocus()
    desk.type(Qt.Key.Key_Home)
    assert heard == [SetSpeed(Speed(1.0, "step"))]


def test_the_surface_shows_the_neuron_under_the_mouse(desk):
    title = desk.window.surface.title
    place = desk.place(2)
    QTest.mouseMove(desk.canvas, QPoint(round(place.x), round(place.ys[1])))
    assert "Dense 2, unit 2" in title.text
    QTest.mouseMove(desk.canvas, QPoint(3, desk.canvas.height() - 3))
    assert "Dense 2" not in title.text


def test_reset_brings_the_first_weights_back_and_pauses(desk):
    first = desk.engine.latest.parameters
    desk.press(Qt.Key.Key_Space)
    desk.wait_until(lambda: desk.engine.latest.epoch > 2)
    desk.press(Qt.Key.Key_R)
    np.testing.assert_array_equal(desk.window.loop.mirror.network.parameters, first.astype("f4"))
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
    # At once, in the window's own copy, and then in what the worker says.
    np.testing.assert_array_equal(desk.window.loop.mirror.network.layers[0].weights, learned)
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


def test_a_demo_starts_anew_and_undo_goes_back_to_what_was_learned(desk):
    desk.press(Qt.Key.Key_E)
    desk.wait_until(lambda: desk.engine.latest.epoch == 1)
    learned = desk.window.loop.mirror.network.parameters.copy()
    desk.window.open_demo("gauss")
    desk.wait_until(lambda: desk.engine.latest.epoch == 0)
    desk.press(Qt.Key.Key_E)
    desk.wait_until(lambda: desk.engine.latest.epoch == 1)
    desk.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    np.testing.assert_array_equal(desk.window.loop.mirror.network.parameters, learned)
    desk.wait_until(lambda: np.array_equal(desk.engine.latest.parameters, learned))
    assert desk.spec.data.dataset == "circle"


def test_after_a_change_of_size_everything_is_drawn_again(desk):
    desk.window.resize(1400, 860)
    parts = [desk.window.network, *desk.window.docks.values()]
    assert not any(part.updatesEnabled() for part in parts)
    desk.wait_until(lambda: all(part.updatesEnabled() for part in parts))
    assert desk.window.grab().width() == 1400


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


def test_a_tab_brings_its_view_to_the_front(desk):
    tabs = desk.window.findChild(QTabBar, "layers-tabs")
    assert [tabs.tabText(index) for index in range(tabs.count())] == ["Weights", "Activations", "Gradients"]
    for index, kind in enumerate((WeightsView, ActivationsView, GradientsView)):
        QTest.mouseClick(tabs, LEFT, pos=tabs.tabRect(index).center())
        assert [type(view) for view in desk.window.views if view.isVisible()][-1] is kind


def test_every_panel_can_be_hidden_from_the_view_menu(desk):
    for title, dock in desk.window.docks.items():
        (action,) = (action for action in desk.window.menus["View"].actions() if action.text() == title)
        action.trigger()
        assert not dock.isVisible(), title


def test_panels_and_theme_come_back_as_they_were(open_desk, tmp_path):
    def settings():
        return Settings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))

    first = open_desk(settings=settings(), theme=None)
    first.window.docks["Training"].close()
    first.window.choose_theme("light")
    first.window.close()
    second = open_desk(settings=settings(), theme=None)
    second.window.settings.restore_layout(second.window)
    assert second.window.layout_restored
    assert not second.window.docks["Training"].isVisible()
    assert second.window.palette().window().color().name().upper() == LIGHT.background
    second.window.reset_layout()
    assert second.window.docks["Training"].isVisible()


def test_the_losses_are_read_out_in_full_beside_the_scale_in_the_smallest_window(desk):
    desk.engine.history.append(np.array([[999_999, 7.48e-4, 8.88e-4]]))
    desk.window.loss.refresh()
    readout = desk.window.loss.readout
    assert "7.5×10⁻⁴" in readout.text
    assert readout.needed_px() <= readout.width()
    assert readout.geometry().right() < desk.window.loss.log_scale.x()


def test_bar_and_chart_write_the_same_loss_alike(desk):
    desk.press(Qt.Key.Key_E)
    desk.wait_until(lambda: desk.engine.latest.epoch == 1)
    for text in desk.window.transport.loss.texts:
        assert text in desk.window.loss.readout.text


def test_keyboard_and_mouse_are_listed_and_the_list_goes_away_for_good(desk):
    desk.click("feature-sin-x1")
    for _ in range(2):
        desk.window.actions_by_name["shortcuts"].trigger()
        (dialog,) = desk.window.findChildren(QDialog)
        labels = dialog.findChildren(QLabel)
        texts = {label.text() for label in labels}
        assert {"File", "Edit", "Train", "View", "Help", "Canvas, keyboard", "Canvas, mouse"} <= texts
        assert len({label.x() for label in labels}) >= 4  # two columns of keys and what they do
        assert {"Space", "Ctrl+D", "← →", "select a layer", "Drag a layer by its head"} <= texts
        assert {"Undo", "Save picture"} <= texts
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        assert desk.window.findChildren(QDialog) == []


def test_the_menu_names_the_keys_of_the_canvas(desk):
    for command in COMMANDS:
        if command.menu:
            assert desk.window.actions_by_name[command.name].text() == f"{command.menu}\t{command.shown}"
    for command in COMMANDS:
        assert f"{command.spoken}" in desk.canvas.accessibleDescription()


def open_popup() -> QWidget:
    popup = QApplication.activePopupWidget()
    assert popup is not None
    return popup


def test_nothing_that_comes_and_goes_in_the_window_is_left_to_the_garbage_collector(desk):
    """It would destroy it at any moment, also while Qt holds a lock that the destruction needs."""
    menus = len(desk.window.findChildren(QMenu))
    gc.collect()
    desk.drag_in("dropout", desk.place(1).x + 40)
    desk.click("layer-1-activation")
    open_popup().close()
    desk.click("layer-1-activation")
    QTest.keyClick(open_popup(), Qt.Key.Key_Return)
    palette = desk.window.network.palette_row
    palette.resize(300, palette.height())
    desk.click("activation-more")
    open_popup().close()
    for action in ("shortcuts", "about"):
        desk.window.actions_by_name[action].trigger()
        for dialog in desk.window.findChildren(QDialog):
            dialog.close()
    desk.window.open_demo("spiral")
    desk.window.open_demo("xor")
    desk.window.set_theme("light")
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.set_debug(gc.DEBUG_SAVEALL)
    try:
        gc.collect()
        left = [item for item in gc.garbage if isinstance(item, QObject) and isValid(item) and ownedByPython(item)]
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
    assert left == []
    assert len(desk.window.findChildren(QMenu)) == menus
    assert desk.window.findChildren(QDialog) == []


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


def test_closing_the_window_ends_the_worker_and_frees_its_memory(open_desk):
    desk = open_desk()
    pid = desk.engine.worker_pid
    desk.window.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


@pytest.mark.parametrize("size", [(1024, 768), (1152, 768)])
def test_the_window_fits_a_small_screen(open_desk, size):
    desk = open_desk(size=size)
    assert desk.window.size().toTuple() == size
    bar, window = desk.window.transport, desk.window
    assert bar.mapTo(window, bar.rect().bottomRight()).x() < window.width()


def test_the_panel_of_the_layers_is_called_what_stands_on_it(desk):
    texts = [action.text() for action in desk.window.menus["View"].actions()]
    assert "Weights, activations, gradients" in texts


def test_the_version_is_known_in_a_source_tree_too(monkeypatch):
    def not_installed(name):
        raise PackageNotFoundError(name)

    monkeypatch.setattr("playground.ui.help.version", not_installed)
    assert re.fullmatch(r"\d+\.\d+\.\d+", program_version())


@pytest.mark.parametrize("name", ["loss-log-scale", "show-test-data", "discretize-output"])
def test_a_check_box_answers_to_enter_for_space_plays_everywhere(desk, name):
    box = desk.window.findChild(QAbstractButton, name)
    before = box.isChecked()
    box.setFocus()
    desk.type(Qt.Key.Key_Return)
    assert box.isChecked() != before
    desk.type(Qt.Key.Key_Space)
    assert box.isChecked() != before
    assert desk.engine.playing


def test_no_style_of_a_widget_reaches_its_tooltip(desk):
    """Rules without a selector would: then each tooltip has another padding."""
    sheets = [widget.styleSheet() for widget in desk.window.findChildren(QWidget)]
    assert [sheet for sheet in sheets if sheet and "{" not in sheet] == []
