"""Another style sheet for everything: it looks as if the window had begun with it, whatever was hidden meanwhile."""

import pytest
from desk import Desk
from PySide6.QtCore import QEvent
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QCheckBox, QTabBar, QVBoxLayout, QWidget

from playground.ui.restyle import restyle
from playground.ui.theme import DARK, LIGHT, apply_theme, make_palette

HIGH = "QCheckBox { min-height: 50px; }"


def pictures(desk: Desk) -> list[QImage]:
    """The window with each of its tabs, and one of its menus."""
    bar = desk.window.findChild(QTabBar, "layers-tabs")
    assert bar is not None
    taken = []
    for place in range(bar.count()):
        bar.setCurrentIndex(place)
        desk.settle()
        taken.append(desk.window.grab().toImage())
    bar.setCurrentIndex(0)
    menu = desk.window.menus["View"]
    return [*taken, menu.grab().toImage()]


def test_a_theme_looks_the_same_after_another_one_as_at_the_start(open_desk):
    desk = open_desk(theme="light")
    before = pictures(desk)
    desk.window.set_theme("dark")
    desk.settle()
    dark = pictures(desk)
    desk.window.set_theme("light")
    desk.settle()
    after = pictures(desk)
    assert [a == b for a, b in zip(before, after, strict=True)] == [True] * len(before)
    assert not any(a == b for a, b in zip(before, dark, strict=True))


@pytest.fixture
def window(qtbot, qapp):
    apply_theme(qapp, DARK)
    window = QWidget()
    column = QVBoxLayout(window)
    for name in ("seen", "hidden"):
        column.addWidget(QCheckBox(name))
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    window.findChildren(QCheckBox)[1].hide()
    yield window
    apply_theme(qapp, DARK)


def test_what_a_window_hides_is_styled_with_it_lest_it_be_laid_out_twice(window, qapp):
    restyle(qapp, make_palette(LIGHT), HIGH)
    assert [box.sizeHint().height() >= 50 for box in window.findChildren(QCheckBox)] == [True, True]


def test_a_hidden_window_is_styled_at_the_next_turn_and_may_be_gone_by_then(window, qapp):
    window.hide()
    seen, hidden = window.findChildren(QCheckBox)
    restyle(qapp, make_palette(LIGHT), HIGH)
    hidden.deleteLater()
    qapp.sendPostedEvents(hidden, QEvent.Type.DeferredDelete)
    qapp.processEvents()
    window.show()
    assert seen.height() >= 50


def test_the_same_style_sheet_again_leaves_everything_as_it_is(qtbot, qapp):
    apply_theme(qapp, DARK)
    style = qapp.style()
    apply_theme(qapp, DARK)
    assert qapp.style() is style
