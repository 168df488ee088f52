"""The notice at the bottom of the window: what it says, how long, and what it offers."""

import pytest
from panel_bench import find
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QWidget

from playground.ui.notice import FADE_MS, Notice
from playground.ui.theme import DARK, LIGHT, apply_theme


@pytest.fixture
def window(qtbot, qapp):
    apply_theme(qapp, DARK)
    window = QWidget()
    window.resize(800, 600)
    qtbot.addWidget(window)
    window.show()
    return window


def test_a_notice_stands_at_the_bottom_centre_and_follows_the_window(window):
    notice = Notice(window)
    notice.show_message("a network needs at least one input feature", "error")
    assert notice.isVisible()
    assert abs(notice.geometry().center().x() - 400) <= 1
    window.resize(1000, 700)
    assert abs(notice.geometry().center().x() - 500) <= 1
    assert notice.geometry().bottom() < 700


def test_a_notice_takes_no_focus_and_goes_at_a_click(qtbot, window):
    line = QLineEdit(window)
    line.show()
    line.setFocus()
    focused = window.focusWidget()
    notice = Notice(window)
    notice.show_message("hello")
    assert window.focusWidget() is focused
    assert notice.accessibleName() == "hello"
    qtbot.mouseClick(notice, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(notice.isHidden, timeout=8 * FADE_MS)


def test_a_long_notice_wraps_inside_the_window(window):
    notice = Notice(window)
    notice.show_message("a very long story about what was impossible " * 6)
    assert window.rect().contains(notice.geometry())
    assert notice.height() > 60


def test_a_notice_is_as_wide_as_its_text_and_leaves_no_word_alone_on_a_line(window):
    notice = Notice(window)
    label = find(notice, QLabel, "notice-text")
    for words in range(1, 60):
        notice.show_message("seven x " * words)
        text_px = label.fontMetrics().horizontalAdvance(label.text())
        lines = round(label.heightForWidth(label.width()) / label.fontMetrics().lineSpacing())
        assert label.height() >= label.heightForWidth(label.width())
        if lines > 1:
            assert text_px > (lines - 0.7) * label.width(), words
        else:
            assert text_px <= label.width() <= text_px + 4


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
@pytest.mark.parametrize(("kind", "token"), [("info", "accent"), ("error", "danger")])
def test_a_notice_is_calm_and_shows_its_kind_by_a_stripe(qapp, window, theme, kind, token):
    apply_theme(qapp, theme)
    notice = Notice(window)
    notice.show_message("what was impossible, and why", kind)
    image = notice.grab().toImage()
    pixels = [image.pixelColor(x, y).name().upper() for x in range(image.width()) for y in range(image.height())]
    assert pixels.count(theme.raised) > 0.6 * len(pixels)
    assert 0 < pixels.count(getattr(theme, token)) < 0.05 * len(pixels)


def test_what_is_said_for_good_comes_back_after_what_is_said_in_passing(qtbot, window, monkeypatch):
    monkeypatch.setattr("playground.ui.notice.SHOWN_MS", 20)
    notice = Notice(window)
    notice.show_message("The training diverged.", "error", sticky=True)
    qtbot.wait(60)
    assert (notice.text, notice.kind) == ("The training diverged.", "error")
    notice.show_message("hello")
    assert (notice.text, notice.kind) == ("hello", "info")
    qtbot.waitUntil(lambda: notice.text == "The training diverged.")
    assert notice.kind == "error"
    notice.release()
    qtbot.waitUntil(notice.isHidden, timeout=8 * FADE_MS)


def test_a_click_takes_away_what_is_said_for_good(qtbot, window):
    notice = Notice(window)
    notice.show_message("The training diverged.", "error", sticky=True)
    qtbot.mouseClick(notice, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(notice.isHidden, timeout=8 * FADE_MS)


def test_letting_go_leaves_another_message_alone(qtbot, window):
    notice = Notice(window)
    notice.show_message("The training diverged.", "error", sticky=True)
    notice.show_message("hello")
    notice.release()
    qtbot.wait(2 * FADE_MS)
    assert notice.isVisible()
    assert notice.text == "hello"


def test_a_notice_is_as_wide_as_its_text_whatever_stood_there_before(window):
    notice = Notice(window)
    notice.ensurePolished()
    notice.show_message("The training process stopped unexpectedly, twice.")
    alone = notice.width()
    for text in ("Short.", "Units: a whole number from 1 to 128 is possible, and nothing else at all."):
        notice.show_message(text)
        notice.show_message("The training process stopped unexpectedly, twice.")
        assert notice.width() == alone


def test_a_notice_offers_what_helps_as_a_button(qtbot, window):
    notice, done = Notice(window), []
    action = QAction("&Reset", window)
    action.setObjectName("action-reset")
    action.triggered.connect(lambda: done.append(True))
    notice.show_message("The training diverged.", "error", sticky=True, action=action)
    button = find(notice, QPushButton, "notice-reset")
    assert button.text() == "Reset"
    assert notice.rect().contains(button.geometry())
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert done
    notice.show_message("hello")
    assert button.isHidden()


def test_a_notice_does_not_offer_what_a_lesson_hides(window):
    notice = Notice(window)
    shown, hidden = QAction("Go back", window), QAction("Reset", window)
    hidden.setVisible(False)
    notice.show_message("The training diverged.", action=[shown, hidden])
    buttons = [button for button in notice.findChildren(QPushButton) if button.isVisible()]
    assert [button.text() for button in buttons] == ["Go back"]


def test_what_was_said_in_passing_can_be_withdrawn_and_what_is_said_for_good_cannot(qtbot, window):
    notice = Notice(window)
    notice.show_message("The training diverged.", "error", sticky=True)
    notice.show_message("hello")
    notice.withdraw()
    assert notice.text == "The training diverged."
    notice.withdraw()
    qtbot.wait(2 * FADE_MS)
    assert notice.isVisible()


def test_a_notice_offers_two_ways_out_each_by_its_own_button(qtbot, window):
    notice, done = Notice(window), []
    actions = []
    for name in ("go-back", "reset"):
        action = QAction(name.replace("-", " ").capitalize(), window)
        action.setObjectName(f"action-{name}")
        action.triggered.connect(lambda _checked=False, name=name: done.append(name))
        actions.append(action)
    notice.show_message("The training diverged in Dense 2.", "error", sticky=True, action=actions)
    buttons = [find(notice, QPushButton, name) for name in ("notice-go-back", "notice-reset")]
    assert [button.text() for button in buttons] == ["Go back", "Reset"]
    for button in buttons:
        assert notice.rect().contains(button.geometry())
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert done == ["go-back", "reset"]
    assert not buttons[0].geometry().intersects(buttons[1].geometry())


def test_a_notice_that_comes_back_offers_its_actions_again(qtbot, window, monkeypatch):
    notice, done = Notice(window), []
    notice._timer.setInterval(20)
    action = QAction("Go back", window)
    action.setObjectName("action-go-back")
    action.triggered.connect(lambda: done.append(True))
    notice.show_message("The training diverged.", "error", sticky=True, action=[action])
    notice.show_message("hello")
    assert not [button for button in notice.findChildren(QPushButton) if button.isVisible()]
    qtbot.waitUntil(lambda: notice.text == "The training diverged.")
    shown = [button for button in notice.findChildren(QPushButton) if button.isVisible()]
    qtbot.mouseClick(shown[0], Qt.MouseButton.LeftButton)
    assert done
