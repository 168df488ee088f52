"""The training panel: penalty, schedule, clipping, first weights, order of samples, and when to stop."""

import pytest
from panel_bench import choose, find, show_panel, type_into
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLineEdit, QScrollArea

import nncore as nn
from playground.document import edits
from playground.document.document import Document
from playground.document.spec import Spec
from playground.ui.controls import explanation
from playground.ui.panels.data import BATCH_SIZE, NOISE, TRAIN_SHARE
from playground.ui.panels.training import REGULARIZATION_RATE, TrainingPanel
from playground.ui.transport import LEARNING_RATE


@pytest.fixture
def document():
    return Document(Spec())


@pytest.fixture
def panel(qtbot, qapp, document):
    return show_panel(qtbot, qapp, TrainingPanel(document))


def box(panel, name) -> QComboBox:
    return find(panel, QComboBox, name)


def line(panel, name) -> QLineEdit:
    return find(panel, QLineEdit, name)


def tick(qtbot, panel, name) -> None:
    switch = find(panel, QCheckBox, name)
    qtbot.mouseClick(switch, Qt.MouseButton.LeftButton, pos=switch.rect().center() * 0.2)


# -- choices --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("regularizer", nn.Regularizer),
        ("initializer", nn.Initializer),
        ("schedule", nn.Schedule),
        ("clipping", nn.Clipping),
    ],
)
def test_choices_come_from_the_registries_and_edit_the_document(document, panel, name, family):
    choices = box(panel, name)
    assert [choices.itemData(i) for i in range(choices.count())] == family.names()
    assert [choices.itemText(i) for i in range(choices.count())] == [kind.label for kind in family.registry.values()]
    for chosen in reversed(family.names()):
        choose(choices, chosen)
        assert getattr(document.spec.training, name) == chosen


def test_choosing_a_regularization_sets_a_rate_that_can_be_seen(document, panel):
    rate = box(panel, "regularization-rate")
    assert not rate.isEnabled()
    choose(box(panel, "regularizer"), "l2")
    assert document.spec.training.regularizer == "l2"
    assert rate.isEnabled()
    assert rate.currentText() == "0.001"


def test_the_initializer_can_be_chosen_and_says_what_that_does(document, panel):
    initializer = box(panel, "initializer")
    choose(initializer, "he_normal")
    assert document.spec.training.initializer == "he_normal"
    assert "anew" in initializer.toolTip()


def test_the_precision_can_be_chosen_and_says_that_it_starts_anew(document, panel):
    precision = box(panel, "precision")
    assert precision.currentData() == "float32"
    choose(precision, "float64")
    assert document.spec.dtype == "float64"
    assert document.undo_label == "Change precision"
    assert "starts anew" in precision.toolTip()
    document.undo()
    assert precision.currentData() == "float32"


def test_the_choice_of_a_schedule_says_what_it_does(panel, document):
    document.apply(edits.set_schedule("cosine"))
    assert explanation(nn.Schedule.named("cosine")) in box(panel, "schedule").toolTip()


# -- settings -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("edit", "field", "typed", "place", "text"),
    [
        (edits.set_schedule("step"), "schedule-gamma", "0.7", "schedule", "step(gamma=0.7)"),
        (edits.set_clipping("norm"), "clipping-limit", "5", "clipping", "norm(limit=5.0)"),
        (edits.set_initializer("uniform"), "initializer-bias", "0", "initializer", "uniform(bias=0.0)"),
        (edits.set_regularizer("elastic_net"), "regularizer-share", "0.2", "regularizer", "elastic_net(share=0.2)"),
        (edits.set_optimizer("adam"), "optimizer-beta-1", "0.8", "optimizer", "adam(beta_1=0.8)"),
        (edits.set_loss("huber"), "loss-delta", "2", "loss", "huber(delta=2.0)"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_settings_of_a_part_stand_below_it_and_edit_it(qtbot, document, panel, edit, field, typed, place, text):
    document.apply(edit)
    type_into(qtbot, line(panel, field), typed)
    assert getattr(document.spec.training, place) == text
    document.undo()
    assert line(panel, field).text() != typed


def test_settings_that_stand_elsewhere_have_no_second_field(document, panel):
    document.apply(edits.set_optimizer("adam"))
    document.apply(edits.set_regularizer("l2"))
    assert panel.findChild(QLineEdit, "optimizer-learning-rate") is None
    assert panel.findChild(QLineEdit, "regularizer-rate") is None


def test_choosing_again_what_is_chosen_keeps_its_settings(document, panel):
    document.apply(edits.set_schedule("step(gamma=0.7)"))
    choose(box(panel, "schedule"), "step")
    assert document.spec.training.schedule == "step(gamma=0.7)"
    choose(box(panel, "schedule"), "cosine")
    assert document.spec.training.schedule == "cosine"


def test_an_impossible_setting_is_explained_and_goes_back(qtbot, document, panel):
    document.apply(edits.set_optimizer("adam"))
    before = document.spec
    with qtbot.waitSignal(panel.message) as said:
        type_into(qtbot, line(panel, "optimizer-beta-1"), "1.5")
    assert said.args == ["Adam, β₁: a number from 0, below 1 is possible."]
    assert line(panel, "optimizer-beta-1").text() == "0.9"
    assert document.spec is before


# -- order of the samples -------------------------------------------------------------------------


def test_the_order_of_the_samples_can_be_that_of_the_reference(qtbot, document, panel):
    tick(qtbot, panel, "shuffle")
    choose(box(panel, "remainder"), "carry")
    assert (document.spec.training.shuffle, document.spec.training.remainder) == (False, "carry")
    document.undo()
    document.undo()
    assert find(panel, QCheckBox, "shuffle").isChecked()
    assert box(panel, "remainder").currentData() == "step"


# -- stop conditions ------------------------------------------------------------------------------


def test_every_stop_condition_has_a_switch_and_its_settings(panel):
    for name, kind in nn.StopCondition.registry.items():
        shown = name.replace("_", "-")
        assert find(panel, QCheckBox, f"stop-{shown}").accessibleName().startswith("Stop: ")
        for key in kind.options:
            assert line(panel, f"stop-{shown}-{key}").isVisible()


def test_a_condition_is_switched_on_with_its_settings_and_off_again(qtbot, document, panel):
    tick(qtbot, panel, "stop-epochs")
    tick(qtbot, panel, "stop-loss-below")
    assert document.spec.training.stop == ("epochs", "loss_below")
    type_into(qtbot, line(panel, "stop-loss-below-value"), "0.01")
    assert document.spec.training.stop == ("epochs", "loss_below(value=0.01)")
    tick(qtbot, panel, "stop-epochs")
    assert document.spec.training.stop == ("loss_below(value=0.01)",)


def test_what_is_set_while_a_condition_is_off_counts_when_it_is_switched_on(qtbot, document, panel):
    type_into(qtbot, line(panel, "stop-early-stopping-patience"), "25")
    assert document.undo_label is None
    tick(qtbot, panel, "stop-early-stopping")
    assert document.spec.training.stop == ("early_stopping(patience=25)",)
    document.undo()
    assert not find(panel, QCheckBox, "stop-early-stopping").isChecked()
    assert line(panel, "stop-early-stopping-patience").text() == "25"


def test_undo_shows_the_condition_as_it_was(document, panel):
    document.apply(edits.set_stop("epochs(limit=30)"))
    document.apply(edits.set_stop("epochs(limit=40)"))
    document.undo()
    assert line(panel, "stop-epochs-limit").text() == "30"


# -- the whole ------------------------------------------------------------------------------------


def test_every_value_of_the_reference_can_be_chosen():
    assert LEARNING_RATE.stops == (0.00001, 0.0001, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10)
    assert REGULARIZATION_RATE.stops == (0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10)
    assert set(range(1, 31)) <= set(BATCH_SIZE.stops)
    assert {per_cent / 100 for per_cent in range(0, 51, 5)} <= set(NOISE.stops)
    assert {per_cent / 100 for per_cent in range(10, 91, 10)} <= set(TRAIN_SHARE.stops)


def test_following_the_document_edits_nothing(qtbot, document, panel):
    for edit in (edits.set_optimizer("nadam"), edits.set_stop("seconds"), edits.set_shuffle(False)):
        document.apply(edit)
    for _ in range(3):
        document.undo()
    assert document.undo_label is None


def test_no_row_is_cut_off_however_many_there_are(qtbot, document, panel):
    for edit in (edits.set_optimizer("adam"), edits.set_schedule("one_cycle"), edits.set_loss("huber")):
        document.apply(edit)
    panel.resize(panel.minimumSizeHint().width(), 180)
    scroll = find(panel, QScrollArea, "training-scroll")
    rows = scroll.widget()
    assert rows is not None
    qtbot.waitUntil(lambda: scroll.verticalScrollBar().maximum() > 0)
    assert rows.minimumSizeHint().width() <= scroll.viewport().width()
    assert rows.height() == scroll.verticalScrollBar().maximum() + scroll.viewport().height()


def test_tab_brings_every_control_into_view(qtbot, qapp, document, panel):
    panel.resize(216, 120)
    scroll = find(panel, QScrollArea, "training-scroll")
    remainder = box(panel, "remainder")
    before = find(panel, QCheckBox, "shuffle")
    before.setFocus()
    qtbot.keyClick(before, Qt.Key.Key_Tab)
    top = remainder.mapTo(scroll.viewport(), remainder.rect().topLeft()).y()
    assert qapp.focusWidget() is remainder
    assert 0 <= top <= scroll.viewport().height() - remainder.height()


def test_tab_goes_from_top_to_bottom_through_settings_that_came_later(qtbot, document, panel):
    document.apply(edits.set_schedule("one_cycle"))
    document.apply(edits.set_loss("huber"))
    document.apply(edits.set_optimizer("adam"))
    panel.activateWindow()
    box(panel, "schedule").setFocus()
    passed = []
    while (stop := QApplication.focusWidget()) is not None and stop.objectName() != "stop-epochs":
        passed.append(stop.objectName())
        qtbot.keyClick(stop, Qt.Key.Key_Tab)
        assert len(passed) < 30
    assert passed == [
        *("schedule", "schedule-epochs", "schedule-share", "schedule-start", "schedule-final"),
        *("clipping", "initializer"),
        *("optimizer-beta-1", "optimizer-beta-2", "optimizer-epsilon", "loss-delta"),
    ]
