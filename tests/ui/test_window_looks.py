"""The whole window to look at: themes, panels, sizes, names."""

import gc
import re
from importlib.metadata import PackageNotFoundError

import numpy as np
import pytest
from desk import LEFT
from PySide6.QtCore import QEvent, QObject, QPoint, QSettings, Qt
from PySide6.QtGui import QAccessible
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

from playground.ui.dialogs.about import program_version
from playground.ui.placement import TABS
from playground.ui.plots.histograms import ActivationsView, GradientsView
from playground.ui.plots.weights import WeightsView
from playground.ui.settings import Settings
from playground.ui.theme import DARK, LIGHT


def test_after_a_change_of_size_everything_is_drawn_again(desk):
    desk.window.resize(1400, 860)
    parts = [desk.window.network, *desk.window.docks.values()]
    assert not any(part.updatesEnabled() for part in parts)
    desk.wait_until(lambda: all(part.updatesEnabled() for part in parts))
    assert desk.window.grab().width() == 1400


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
    assert [tabs.tabText(index) for index in range(tabs.count())] == [tab.title for tab in TABS]
    for index, kind in enumerate((WeightsView, ActivationsView, GradientsView)):
        QTest.mouseClick(tabs, LEFT, pos=tabs.tabRect(index).center())
        assert [type(view) for view in desk.window.views if view.isVisible()][-1] is kind


def test_every_panel_can_be_hidden_from_the_view_menu(desk):
    for title, dock in desk.window.docks.items():
        desk.window.actions_by_name[f"panel-{title.lower()}"].trigger()
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
    for action in ("shortcuts", "about", "palette"):
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


@pytest.mark.parametrize("size", [(1024, 768), (1152, 768)])
def test_the_window_fits_a_small_screen(open_desk, size):
    desk = open_desk(size=size)
    assert desk.window.size().toTuple() == size
    bar, window = desk.window.transport, desk.window
    assert bar.mapTo(window, bar.rect().bottomRight()).x() < window.width()


def test_the_panel_of_the_layers_can_be_brought_back_from_the_menu(desk):
    assert "Layers" in [action.data() for action in desk.window.menus["View/Panels"].actions()]


def test_the_version_is_known_in_a_source_tree_too(monkeypatch):
    def not_installed(name):
        raise PackageNotFoundError(name)

    monkeypatch.setattr("playground.ui.dialogs.about.version", not_installed)
    assert re.fullmatch(r"\d+\.\d+\.\d+", program_version())


def test_no_style_of_a_widget_reaches_its_tooltip(desk):
    """Rules without a selector would: then each tooltip has another padding."""
    sheets = [widget.styleSheet() for widget in desk.window.findChildren(QWidget)]
    assert [sheet for sheet in sheets if sheet and "{" not in sheet] == []
