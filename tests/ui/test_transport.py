"""The transport bar: its buttons trigger the window's actions, its figures never outgrow their place."""

import itertools
import math

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QFontMetricsF, QStandardItemModel
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QPushButton, QSlider, QToolButton, QWidget

import nncore as nn
from playground.document import edits
from playground.document.document import Document
from playground.document.spec import Spec
from playground.engine.protocol import Speed
from playground.engine.snapshot import Snapshot
from playground.ui.controls import Choice
from playground.ui.fonts import caption_font, hint_font, readout_font
from playground.ui.readout import accuracy_text, epoch_text
from playground.ui.speeds import SPEEDS, speed_text
from playground.ui.text import loss_text
from playground.ui.theme import DARK, apply_theme
from playground.ui.transport import TransportBar


def snapshot(**changes) -> Snapshot:
    start = Snapshot(0, 467, 9340, True, 1500.0, 0.008, 0.061, 0.996, 0.964, np.zeros(1))
    return start._replace(**changes)


@pytest.fixture
def actions():
    names = {
        "play": "Play",
        "step": "Step one batch",
        "epoch": "Step one epoch",
        "reset": "Reset",
        "new_seed": "New seed",
    }
    actions = {key: QAction(text) for key, text in names.items()}
    actions["play"].setShortcut("Space")
    return actions


@pytest.fixture
def document():
    return Document(Spec())


@pytest.fixture
def bar(qtbot, qapp, actions, document):
    apply_theme(qapp, DARK)
    bar = TransportBar(actions)
    qtbot.addWidget(bar)
    bar.bind(document)
    bar.set_theme(DARK)
    bar.resize(1280, 60)
    bar.show()
    return bar


def combo(bar, name) -> QComboBox:
    return bar.findChild(QComboBox, name)


def rate_line(bar) -> QLineEdit:
    line = combo(bar, "learning-rate").lineEdit()
    assert line is not None
    return line


def type_rate(qtbot, bar, text):
    line = rate_line(bar)
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, text)
    qtbot.keyClick(line, Qt.Key.Key_Return)


# -- buttons --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["play", "reset"])
def test_a_button_triggers_its_action(qtbot, bar, actions, name):
    with qtbot.waitSignal(actions[name].triggered):
        qtbot.mouseClick(bar.findChild(QPushButton, name), Qt.MouseButton.LeftButton)


def test_play_turns_into_pause_without_changing_its_size(bar):
    play = bar.findChild(QPushButton, "play")
    before = play.geometry()
    bar.set_playing(True)
    assert play.text().strip() == "Pause"
    assert "Space" in play.toolTip()
    assert play.geometry() == before
    bar.set_playing(False)
    assert play.text().strip() == "Play"


def test_the_step_button_repeats_the_kind_of_step_made_last(qtbot, bar, actions):
    done = []
    actions["step"].triggered.connect(lambda: done.append("batch"))
    actions["epoch"].triggered.connect(lambda: done.append("epoch"))
    step = bar.findChild(QToolButton, "step")
    step.click()
    actions["epoch"].trigger()  # by its shortcut, or in a menu
    step.click()
    assert done == ["batch", "epoch", "epoch"]
    assert step.toolTip().startswith("Step one epoch")


@pytest.mark.parametrize(("width_px", "texts"), [(1280, ["Batch", "Epoch"]), (1920, ["Step batch", "Step epoch"])])
def test_the_step_button_says_what_it_repeats(bar, actions, width_px, texts):
    bar.resize(width_px, 60)
    step = bar.findChild(QToolButton, "step")
    said = [step.text()]
    actions["epoch"].trigger()
    assert [*said, step.text()] == texts
    assert step.accessibleName() == "Step one epoch"


# -- speed ----------------------------------------------------------------------------------------


def test_the_slider_offers_every_speed(qtbot, bar):
    slider = bar.findChild(QSlider, "speed")
    heard = []
    bar.speed_changed.connect(heard.append)
    for stop in range(len(SPEEDS)):
        slider.setValue(stop)
    assert Speed(1.0, "step") in heard
    assert heard[-1] == Speed(None, "epoch")


@pytest.mark.parametrize(
    ("name", "caption"), [("learning-rate", "Learning rate"), ("optimizer", "Optimizer"), ("loss", "Loss")]
)
def test_a_choice_is_named_by_its_caption_for_who_listens_to_the_screen(bar, name, caption):
    labels = [label for label in bar.findChildren(QLabel) if label.buddy() is combo(bar, name)]
    assert [label.text() for label in labels] == [caption]


def test_setting_the_speed_shows_it_and_tells_nobody(qtbot, bar):
    with qtbot.assertNotEmitted(bar.speed_changed):
        bar.set_speed(Speed(250.0, "epoch"))
        bar.set_speed(Speed(70.0, "epoch"))
    slider = bar.findChild(QSlider, "speed")
    assert SPEEDS[slider.value()] == Speed(60.0, "epoch")
    assert "70 epochs/s" in [label.text() for label in bar.findChildren(QLabel)]


def test_speeds_are_read_as_people_say_them():
    assert speed_text(Speed(1.0, "step")) == "1 step/s"
    assert speed_text(Speed(60.0, "epoch")) == "60 epochs/s"
    assert speed_text(Speed(None, "epoch")) == "max"


# -- read-outs ------------------------------------------------------------------------------------


def test_a_snapshot_is_shown(bar):
    bar.show_snapshot(snapshot())
    assert bar.epoch.texts == (epoch_text(467),)
    assert bar.loss.texts == ("0.008", "0.061")
    assert bar.accuracy.texts == ("99.6 %", "96.4 %")


def test_a_snapshot_with_the_same_figures_paints_nothing(qtbot, bar, monkeypatch):
    bar.show_snapshot(snapshot())
    painted = []
    monkeypatch.setattr(bar.loss, "update", lambda: painted.append("loss"))
    bar.show_snapshot(snapshot(steps=9341))
    assert painted == []


def test_the_batch_is_shown_while_one_can_follow(bar):
    bar.show_snapshot(snapshot(playing=False), 3, 25)
    assert bar.epoch.hint == "batch 3 / 25"
    bar.show_snapshot(snapshot(playing=True), 4, 25)
    assert bar.epoch.hint == ""
    bar.set_speed(Speed(5.0, "step"))
    bar.show_snapshot(snapshot(playing=True), 4, 25)
    assert bar.epoch.hint == "batch 4 / 25"


@pytest.mark.parametrize("width_px", [1024, 1152, 1280, 1920])
@pytest.mark.parametrize("batches", [25, 888, 889, 18_000])
def test_no_batch_outgrows_its_place(bar, width_px, batches):
    bar.resize(width_px, 60)
    bar.show_snapshot(snapshot(playing=False), batches, batches)
    caption_px = QFontMetricsF(caption_font()).horizontalAdvance("EPOCH")
    hint_px = QFontMetricsF(hint_font()).horizontalAdvance(bar.epoch.hint)
    assert caption_px + hint_px + 4 <= bar.epoch.width()


@pytest.mark.parametrize("epoch", [0, 999, 1000, 999_999, 1_000_000, 9_999_999, 10_000_000, 10**9, 10**11])
def test_no_epoch_outgrows_its_place(bar, epoch):
    assert QFontMetricsF(readout_font()).horizontalAdvance(epoch_text(epoch)) <= bar.epoch.width()


@pytest.mark.parametrize(
    "loss",
    [
        0.0,
        8.8e-30,
        8.8e-9,
        8.8e-8,
        0.0004,
        9.9996,
        99.996,
        999.96,
        9999.6,
        88_000,
        8.8e9,
        3e38,
        8.8e300,
        math.inf,
        math.nan,
    ],
)
def test_no_loss_outgrows_its_place(bar, loss):
    assert QFontMetricsF(readout_font()).horizontalAdvance(loss_text(loss)) <= bar.loss.value_px


def test_figures_are_written_with_fixed_places():
    assert epoch_text(467) == "000 467"
    assert epoch_text(1_234_567) == "1 234 567"


def test_accuracy_is_100_only_where_every_sample_is_right():
    assert accuracy_text(1.0) == "100 %"
    assert accuracy_text(0.9999) == "99.9 %"
    assert accuracy_text(0.996) == "99.6 %"
    assert accuracy_text(0.0) == "0.0 %"


# -- settings -------------------------------------------------------------------------------------


def test_a_learning_rate_can_be_typed(qtbot, bar, document):
    type_rate(qtbot, bar, "0.0425")
    assert document.spec.training.learning_rate == 0.0425
    assert combo(bar, "learning-rate").currentText() == "0.0425"


@pytest.mark.parametrize("typed", ["0", "-1", "11", "fast", ""])
def test_an_impossible_learning_rate_is_explained_and_goes_back(qtbot, bar, document, typed):
    with qtbot.waitSignal(bar.message) as said:
        if typed:
            type_rate(qtbot, bar, typed)
        else:
            line = rate_line(bar)
            line.clear()
            qtbot.keyClick(line, Qt.Key.Key_Return)
    assert said.args == ["Learning rate: a number above 0, up to 10 is possible."]
    assert combo(bar, "learning-rate").currentText() == "0.03"
    assert document.undo_label is None


@pytest.mark.parametrize(
    ("control", "choice", "field"), [("optimizer", "adam", "optimizer"), ("loss", "mse", "loss")], ids=str
)
def test_a_choice_edits_the_document(bar, document, control, choice, field):
    box = combo(bar, control)
    box.setCurrentIndex(box.findData(choice))
    box.activated.emit(box.currentIndex())
    assert getattr(document.spec.training, field) == choice


@pytest.mark.parametrize(
    ("dataset", "greyed"),
    [
        ("circle", {"categorical_crossentropy"}),
        ("blobs", set()),
        ("plane", {"binary_crossentropy", "categorical_crossentropy", "hinge"}),
    ],
)
def test_losses_that_do_not_fit_the_data_are_offered_greyed_with_the_reason(bar, document, dataset, greyed):
    document.apply(edits.set_dataset(dataset))
    model = combo(bar, "loss").model()
    assert isinstance(model, QStandardItemModel)
    items = {name: model.item(at) for at, name in enumerate(nn.Loss.names())}
    assert {name for name, item in items.items() if not item.isEnabled()} == greyed
    assert all(nn.Dataset.named(dataset).label in items[name].toolTip() for name in greyed)


def test_what_is_no_accuracy_is_called_r2(bar, document):
    document.apply(edits.set_dataset("plane"))
    bar.show_snapshot(snapshot())
    assert bar.accuracy.accessibleName() == "R²"
    assert bar.accuracy.texts == ("0.99", "0.96")
    document.apply(edits.set_dataset("circle"))
    assert bar.accuracy.accessibleName() == "Accuracy"


def test_the_bar_follows_the_document_and_edits_nothing(bar, document):
    document.apply(edits.set_learning_rate(0.3))
    document.apply(edits.set_optimizer("momentum"))
    assert combo(bar, "learning-rate").currentText() == "0.3"
    assert combo(bar, "optimizer").currentData() == "momentum"
    document.undo()
    document.undo()
    assert document.undo_label is None
    assert combo(bar, "learning-rate").currentText() == "0.03"


def test_a_part_with_settings_is_shown_and_says_where_its_settings_stand(bar, document):
    document.apply(edits.set_optimizer("adam(beta_1=0.8)"))
    document.apply(edits.set_loss("huber(delta=2.0)"))
    assert combo(bar, "optimizer").currentData() == "adam"
    assert combo(bar, "loss").currentData() == "huber"
    for name in ("optimizer", "loss"):
        assert "Its settings stand in the Training panel" in combo(bar, name).toolTip()
    document.apply(edits.set_optimizer("sgd"))
    assert "settings" not in combo(bar, "optimizer").toolTip()


def test_every_learning_rate_of_the_reference_is_offered(bar):
    box = combo(bar, "learning-rate")
    offered = [box.itemText(at) for at in range(box.count())]
    assert offered == ["0.00001", "0.0001", "0.001", "0.003", "0.01", "0.03", "0.1", "0.3", "1", "3", "10"]


# -- layout ---------------------------------------------------------------------------------------


def test_the_bar_folds_itself_up_for_a_small_screen(bar):
    assert bar.minimumSizeHint().width() <= 1024


@pytest.mark.parametrize("width_px", [1024, 1152, 1280, 1366, 1920])
def test_nothing_is_clipped_or_overlaps(qtbot, bar, width_px):
    bar.resize(width_px, 60)
    bar.show_snapshot(snapshot(epoch=9_888_888, train_loss=8.8e-4, test_loss=8.8e-4))
    parts = sorted(bar.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly), key=lambda w: w.x())
    visible = [part for part in parts if part.isVisible()]
    for left, right in itertools.pairwise(visible):
        assert left.geometry().right() < right.geometry().left()
    for part in visible:
        assert part.width() >= part.minimumSizeHint().width()
        assert bar.rect().contains(part.geometry())
    for label in bar.findChildren(QLabel):
        assert label.isHidden() or label.width() >= label.sizeHint().width() - 1, label.text()


@pytest.mark.parametrize("width_px", [1024, 1152, 1280, 1366, 1920])
def test_one_figure_stands_further_from_the_next_than_its_two_values_from_each_other(bar, width_px):
    bar.resize(width_px, 60)
    for left, right in itertools.pairwise([bar.epoch, bar.loss, bar.accuracy]):
        pair_px = right.width() - 2 * (right.value_px + right.MARKER_PX)
        assert right.x() - left.x() - left.width() >= 1.5 * pair_px


def test_a_choice_that_fits_is_not_elided(bar, document):
    for box in (combo(bar, "optimizer"), combo(bar, "loss")):
        arrow_px = 24
        assert QFontMetricsF(box.font()).horizontalAdvance(box.currentText()) < box.width() - arrow_px - 8


def test_the_play_button_is_reached_by_tab_but_keeps_no_focus_after_a_click(qtbot, bar):
    play = bar.findChild(QPushButton, "play")
    qtbot.mouseClick(play, Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
    assert play.focusPolicy() == Qt.FocusPolicy.TabFocus


def test_a_loss_with_a_long_name_goes_by_its_abbreviation_in_the_bar_and_by_its_name_in_the_list(bar, document):
    document.apply(edits.set_loss("binary_crossentropy"))
    box = bar.findChild(Choice, "loss")
    assert box.shown_text(50) == "BCE"
    assert box.shown_text(100) == "cross-entropy"
    assert box.currentText() == "binary cross-entropy"
    assert "binary cross-entropy" in box.toolTip()


def test_the_list_shows_every_learning_rate_at_once(bar):
    box = combo(bar, "learning-rate")
    assert box.maxVisibleItems() >= box.count()
