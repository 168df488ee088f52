"""The panels at the left: each control makes one edit, and shows what the document says."""

from typing import TypeVar

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QColor, QWheelEvent
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit, QPushButton, QSlider, QWidget

import nncore as nn
from playground.document import edits
from playground.document.document import Document
from playground.document.spec import Data, Spec
from playground.ui.notice import FADE_MS, Notice
from playground.ui.panels.data import BATCH_SIZE, NOISE, SAMPLES, DataPanel
from playground.ui.panels.features import FeaturesPanel
from playground.ui.panels.gallery import DatasetButton
from playground.ui.panels.training import REGULARIZATION_RATE, TrainingPanel
from playground.ui.theme import DARK, LIGHT, apply_theme


@pytest.fixture
def document():
    return Document(Spec(data=Data(dataset="spiral", noise=0.1), seed=7))


@pytest.fixture
def new_seed():
    return QAction("New seed")


def shown(qtbot, qapp, panel: QWidget) -> QWidget:
    apply_theme(qapp, DARK)
    qtbot.addWidget(panel)
    panel.resize(216, panel.sizeHint().height())
    panel.show()
    return panel


@pytest.fixture
def data_panel(qtbot, qapp, document, new_seed):
    panel = DataPanel(document, new_seed)
    qtbot.addWidget(panel.corner)
    return shown(qtbot, qapp, panel)


@pytest.fixture
def features_panel(qtbot, qapp, document):
    return shown(qtbot, qapp, FeaturesPanel(document))


@pytest.fixture
def training_panel(qtbot, qapp, document):
    return shown(qtbot, qapp, TrainingPanel(document))


Control = TypeVar("Control", bound=QWidget)


def find(panel: QWidget, kind: type[Control], name: str) -> Control:
    control = panel.findChild(kind, name)
    assert control is not None, f"no {name} in {panel}"
    return control


def button(panel: QWidget, name: str) -> QPushButton:
    return find(panel, QPushButton, name)


def slider(panel: QWidget, name: str) -> QSlider:
    return find(panel, QSlider, name)


def field(panel: QWidget, name: str) -> QLineEdit:
    return find(panel, QLineEdit, name)


def combo(panel: QWidget, name: str) -> QComboBox:
    return find(panel, QComboBox, name)


def type_into(qtbot, line: QLineEdit, text: str) -> None:
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, text)
    qtbot.keyClick(line, Qt.Key.Key_Return)


def choose(box: QComboBox, name: str) -> None:
    """What Qt does when a user picks an entry."""
    box.setCurrentIndex(box.findData(name))
    box.activated.emit(box.currentIndex())


def turn_wheel(widget: QWidget) -> None:
    at = QPointF(widget.rect().center())
    none = Qt.KeyboardModifier.NoModifier
    event = QWheelEvent(
        at, at, QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton, none, Qt.ScrollPhase.NoScrollPhase, False
    )
    QApplication.sendEvent(widget, event)


# -- data -----------------------------------------------------------------------------------------


def test_every_registered_data_set_has_a_picture(data_panel):
    names = {b.toolTip().split(":")[0] for b in data_panel.findChildren(DatasetButton)}
    assert names == {kind.label for kind in nn.Dataset.registry.values()}


def test_clicking_a_picture_chooses_its_data_set(qtbot, document, data_panel):
    qtbot.mouseClick(button(data_panel, "dataset-gauss"), Qt.MouseButton.LeftButton)
    assert document.spec.data.dataset == "gauss"
    assert button(data_panel, "dataset-gauss").isChecked()
    assert not button(data_panel, "dataset-spiral").isChecked()


def test_clicking_the_chosen_picture_again_leaves_it_chosen(qtbot, document, data_panel):
    qtbot.mouseClick(button(data_panel, "dataset-spiral"), Qt.MouseButton.LeftButton)
    assert button(data_panel, "dataset-spiral").isChecked()
    assert document.undo_label is None


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
def test_a_picture_is_the_right_way_up(qtbot, qapp, theme):
    apply_theme(qapp, theme)
    picture = DatasetButton("gauss")  # +1 around (2, 2): upper right
    qtbot.addWidget(picture)
    picture.set_theme(theme)
    picture.resize(120, 120)
    image = picture.grab().toImage()
    places = {"negative": [], "positive": []}
    for x in range(120):
        for y in range(120):
            for token, found in places.items():
                if image.pixelColor(x, y) == QColor(getattr(theme, token)):
                    found.append((x, y))
    for token, right, upper in (("positive", True, True), ("negative", False, False)):
        x, y = np.mean(places[token], axis=0)
        assert (x > 60) == right
        assert (y < 60) == upper


def test_a_drag_is_live_and_one_undo(qtbot, document, data_panel):
    noise = slider(data_panel, "noise")
    seen = []
    document.changed.connect(lambda new, old: seen.append(new.data.noise))
    middle = noise.height() // 2
    qtbot.mousePress(noise, Qt.MouseButton.LeftButton, pos=QPoint(60, middle))
    for x in (90, 120, 150):
        qtbot.mouseMove(noise, QPoint(x, middle))
    qtbot.mouseRelease(noise, Qt.MouseButton.LeftButton, pos=QPoint(150, middle))
    assert len(seen) >= 3
    assert seen == sorted(seen)
    document.undo()
    assert document.spec.data.noise == 0.1
    assert document.undo_label is None


def test_two_drags_are_two_undos(qtbot, document, data_panel):
    noise = slider(data_panel, "noise")
    for x in (20, 150):
        qtbot.mouseClick(noise, Qt.MouseButton.LeftButton, pos=QPoint(x, noise.height() // 2))
    document.undo()
    assert 0 < document.spec.data.noise < 0.1
    document.undo()
    assert document.spec.data.noise == 0.1


def test_a_click_on_the_groove_moves_the_slider_there(qtbot, document, data_panel):
    noise = slider(data_panel, "noise")
    qtbot.mouseClick(noise, Qt.MouseButton.LeftButton, pos=QPoint(noise.width() // 2, noise.height() // 2))
    assert document.spec.data.noise == pytest.approx(0.25, abs=0.02)


def test_a_value_can_be_typed(qtbot, document, data_panel):
    type_into(qtbot, field(data_panel, "noise-value"), "33 %")
    type_into(qtbot, field(data_panel, "samples-value"), "1234")
    type_into(qtbot, field(data_panel, "batch-size-value"), "7")
    type_into(qtbot, field(data_panel, "train-share-value"), "62,5")
    assert document.spec.data == Data("spiral", samples=1234, noise=0.33, train_share=0.625)
    assert document.spec.training.batch_size == 7


@pytest.mark.parametrize("typed", ["0", "2.5", "many", "30000", "nan"])
def test_an_impossible_value_is_explained_and_goes_back(qtbot, document, data_panel, typed):
    line = field(data_panel, "batch-size-value")
    with qtbot.waitSignal(data_panel.message) as said:
        type_into(qtbot, line, typed)
    assert said.args[0].startswith("Batch size: a whole number from 1 to")
    assert line.text() == "10"
    assert document.undo_label is None


def test_following_the_document_edits_nothing(qtbot, document, data_panel, features_panel, training_panel):
    document.apply(edits.set_noise(0.123))
    document.apply(edits.set_samples(437))
    assert slider(data_panel, "noise").value() == 12
    assert field(data_panel, "noise-value").text() == "12.3 %"
    assert field(data_panel, "samples-value").text() == "437"
    assert (document.spec.data.noise, document.spec.data.samples) == (0.123, 437)
    document.undo()
    document.undo()
    assert document.undo_label is None


def test_where_the_points_are_all_there_are_none_can_be_set_aside(document, data_panel):
    document.apply(edits.set_dataset("xor_truth_table"))
    share = slider(data_panel, "train-share")
    row = share.parent()
    assert isinstance(row, QWidget)
    assert not share.isEnabled()
    assert "all there are" in row.toolTip()
    document.undo()
    assert share.isEnabled()


def test_the_corner_shows_the_seed_and_asks_for_a_new_one(qtbot, document, data_panel, new_seed):
    document.apply(edits.set_seed(12))
    assert data_panel.corner.text().strip() == "seed 12"
    with qtbot.waitSignal(new_seed.triggered):
        data_panel.corner.click()


def test_the_wheel_changes_nothing_without_the_focus(qtbot, document, data_panel, training_panel):
    data_panel.setFocus()
    turn_wheel(slider(data_panel, "noise"))
    turn_wheel(combo(training_panel, "initializer"))
    assert document.undo_label is None


@pytest.mark.parametrize("quantity", [NOISE, SAMPLES, BATCH_SIZE, REGULARIZATION_RATE], ids=lambda q: q.label)
def test_every_stop_reads_back_as_it_is_shown(quantity):
    assert [quantity.read(quantity.show(stop)) for stop in quantity.stops] == list(quantity.stops)


# -- features -------------------------------------------------------------------------------------


def test_every_registered_feature_has_a_switch(features_panel):
    labels = [b.text() for b in features_panel.findChildren(QPushButton)]
    assert labels == [kind.label for kind in nn.Feature.registry.values()]


def test_a_switch_turns_its_feature_on_and_off(qtbot, document, features_panel):
    qtbot.mouseClick(button(features_panel, "feature-sin-x1"), Qt.MouseButton.LeftButton)
    assert document.spec.features == ("x1", "x2", "sin_x1")
    qtbot.mouseClick(button(features_panel, "feature-x1"), Qt.MouseButton.LeftButton)
    assert document.spec.features == ("x2", "sin_x1")


def test_the_last_feature_stays_on_and_says_why(qtbot, document, features_panel):
    document.apply(edits.toggle_feature("x2"))
    last = button(features_panel, "feature-x1")
    with qtbot.waitSignal(features_panel.message) as said:
        qtbot.mouseClick(last, Qt.MouseButton.LeftButton)
    assert said.args == ["A network needs at least one input feature."]
    assert last.isChecked()
    assert document.spec.features == ("x1",)


def test_enter_works_a_switch_that_has_the_focus(qtbot, document, features_panel):
    qtbot.keyClick(button(features_panel, "feature-x1-squared"), Qt.Key.Key_Return)
    assert "x1_squared" in document.spec.features


# -- training -------------------------------------------------------------------------------------


def test_choices_come_from_the_registries(training_panel):
    for name, family in (("regularizer", nn.Regularizer), ("initializer", nn.Initializer)):
        box = combo(training_panel, name)
        assert [box.itemData(i) for i in range(box.count())] == family.names()
        assert [box.itemText(i) for i in range(box.count())] == [kind.label for kind in family.registry.values()]


def test_choosing_a_regularization_sets_a_rate_that_can_be_seen(document, training_panel):
    rate = combo(training_panel, "regularization-rate")
    assert not rate.isEnabled()
    choose(combo(training_panel, "regularizer"), "l2")
    assert document.spec.training.regularizer == "l2"
    assert rate.isEnabled()
    assert rate.currentText() == "0.001"


def test_the_initializer_can_be_chosen_and_says_what_that_does(document, training_panel):
    box = combo(training_panel, "initializer")
    choose(box, "he_normal")
    assert document.spec.training.initializer == "he_normal"
    assert "anew" in box.toolTip()


def test_every_control_has_a_name_for_tests_and_one_for_screen_readers(data_panel, features_panel, training_panel):
    for panel in (data_panel, features_panel, training_panel):
        for kind in (QPushButton, QSlider, QComboBox):
            for control in panel.findChildren(kind):
                assert control.objectName(), control
                assert control.accessibleName(), control
                assert control.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_the_left_column_fits_the_smallest_window(data_panel, features_panel, training_panel):
    chrome_px = 3 * (34 + 12) + 2 * 8
    panels = (data_panel, features_panel, training_panel)
    assert sum(panel.sizeHint().height() for panel in panels) + chrome_px <= 640
    assert all(panel.minimumSizeHint().width() <= 224 - 24 for panel in panels)


# -- notice ---------------------------------------------------------------------------------------


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


def test_what_was_said_in_passing_can_be_withdrawn_and_what_is_said_for_good_cannot(qtbot, window):
    notice = Notice(window)
    notice.show_message("The training diverged.", "error", sticky=True)
    notice.show_message("hello")
    notice.withdraw()
    assert notice.text == "The training diverged."
    notice.withdraw()
    qtbot.wait(2 * FADE_MS)
    assert notice.isVisible()


def test_a_truth_table_has_four_samples_and_a_batch_no_more_than_there_are(data_panel, document):
    document.apply(edits.set_dataset("xor_truth_table"))
    assert field(data_panel, "samples-value").text() == "4"
    assert not field(data_panel, "samples-value").isEnabled()
    assert field(data_panel, "train-share-value").text() == "100 %"
    assert field(data_panel, "batch-size-value").text() == "4"
    document.apply(edits.set_dataset("circle"))
    document.apply(edits.set_batch_size(400))
    assert field(data_panel, "samples-value").text() == "500"
    assert field(data_panel, "batch-size-value").text() == "250"


def test_the_choice_of_a_schedule_says_over_how_many_epochs(training_panel, document):
    document.apply(edits.set_schedule("cosine"))
    assert "epochs 100" in training_panel._schedule.toolTip()
