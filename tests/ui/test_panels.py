"""The panels at the left: each control makes one edit, and shows what the document says."""

import numpy as np
import pytest
from panel_bench import find, show_panel, type_into
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QColor, QWheelEvent
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QPushButton, QSlider, QWidget

import nncore as nn
from playground.document import edits
from playground.document.document import Document
from playground.document.fitting import dataset_of
from playground.document.spec import Data, Spec
from playground.ui.panels.data import BATCH_SIZE, NOISE, SAMPLES, DataPanel
from playground.ui.panels.features import FeaturesPanel
from playground.ui.panels.gallery import DatasetButton
from playground.ui.panels.training import REGULARIZATION_RATE, TrainingPanel
from playground.ui.plots.parts import FigureLine
from playground.ui.theme import DARK, LIGHT, apply_theme


@pytest.fixture
def document():
    return Document(Spec(data=Data(dataset="spiral", noise=0.1), seed=7))


@pytest.fixture
def new_seed():
    return QAction("New seed")


@pytest.fixture
def data_panel(qtbot, qapp, document, new_seed):
    panel = DataPanel(document, new_seed, QAction())
    qtbot.addWidget(panel.corner)
    return show_panel(qtbot, qapp, panel)


@pytest.fixture
def features_panel(qtbot, qapp, document):
    return show_panel(qtbot, qapp, FeaturesPanel(document))


@pytest.fixture
def training_panel(qtbot, qapp, document):
    return show_panel(qtbot, qapp, TrainingPanel(document))


def button(panel: QWidget, name: str) -> QPushButton:
    return find(panel, QPushButton, name)


def slider(panel: QWidget, name: str) -> QSlider:
    return find(panel, QSlider, name)


def field(panel: QWidget, name: str) -> QLineEdit:
    return find(panel, QLineEdit, name)


def combo(panel: QWidget, name: str) -> QComboBox:
    return find(panel, QComboBox, name)


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


def test_the_name_of_the_chosen_data_can_be_read(document, data_panel):
    line = data_panel.findChild(FigureLine)
    assert line.text == "Spiral · Arms"  # the number of arms stands behind it
    document.apply(edits.set_dataset("digits"))
    assert line.text == "Digits · 10 classes, 64 inputs"
    document.apply(edits.set_dataset("saddle"))
    assert line.text == "Saddle · values"
    document.apply(edits.clear_points(3))
    assert line.text == "Painted points · 3 classes"


def test_settings_of_a_data_set_stand_beside_its_name(qtbot, document, data_panel):
    arms = find(data_panel, QComboBox, "dataset-arms")
    assert arms.isVisibleTo(data_panel)
    arms.setCurrentIndex(arms.findText("3"))
    arms.activated.emit(arms.currentIndex())
    assert document.spec.data.dataset == "spiral(arms=3)"
    assert button(data_panel, "dataset-spiral").isChecked()
    assert button(data_panel, "dataset-spiral").isVisible()  # though it has three classes now
    document.apply(edits.set_dataset("circle"))
    assert not arms.isVisibleTo(data_panel)
    qtbot.mouseClick(button(data_panel, "dataset-spiral"), Qt.MouseButton.LeftButton)
    assert document.spec.data.dataset == "spiral(arms=3)"  # what its picture shows


def test_the_picture_of_a_data_set_follows_its_settings(document, data_panel):
    picture = button(data_panel, "dataset-spiral")
    before = picture.grab().toImage()
    document.apply(edits.set_dataset("spiral(arms=4)"))
    colors = {picture.grab().toImage().pixelColor(x, y).name() for x in range(40) for y in range(39)}
    assert picture.grab().toImage() != before
    assert DARK.class_2.lower() in colors


@pytest.mark.parametrize(("task", "labels"), [("binary", [-1, 1]), ("classes", [0, 1, 2]), ("regression", [-1, 1])])
def test_each_page_offers_an_empty_plane_to_paint_on(qtbot, document, data_panel, task, labels):
    qtbot.mouseClick(button(data_panel, f"datasets-{task}"), Qt.MouseButton.LeftButton)
    tile = button(data_panel, f"paint-own-{task}")
    assert tile.isVisible()
    with qtbot.waitSignal(data_panel.paint_requested):
        qtbot.mouseClick(tile, Qt.MouseButton.LeftButton)
    assert document.spec.dataset.task == task
    assert document.spec.data.own.rows.y.tolist() == labels


def test_points_of_ones_own_have_a_picture_that_brings_them_back(qtbot, document, data_panel):
    assert not data_panel.findChildren(DatasetButton, "dataset-own")
    document.apply(edits.clear_points(2))
    tile = button(data_panel, "dataset-own")
    assert tile.isVisible()
    assert tile.isChecked()
    assert tile.toolTip().startswith("Painted points")
    document.apply(edits.set_dataset("circle"))
    assert tile.isVisible()
    assert not tile.isChecked()
    qtbot.mouseClick(tile, Qt.MouseButton.LeftButton)
    assert document.spec.data.is_own
    while document.undo_label:
        document.undo()
    assert not tile.isVisible()


def test_points_of_ones_own_are_found_on_the_page_they_belong_to(document, data_panel):
    document.apply(edits.clear_points(2))
    tile = button(data_panel, "dataset-own")
    document.apply(edits.set_class_count(3))
    assert tile.isVisible()
    assert button(data_panel, "datasets-classes").isChecked()
    assert button(data_panel, "dataset-rings").isVisible()


def test_the_picture_of_ones_own_points_shows_them(document, data_panel):
    document.apply(edits.clear_points(2))
    tile = button(data_panel, "dataset-own")
    before = tile.grab().toImage()
    document.apply(edits.paint_points([(0.0, 4.0)], 1.0))
    assert tile.grab().toImage() != before


def test_noise_and_samples_of_ones_own_points_are_greyed_with_a_reason(document, data_panel):
    document.apply(edits.clear_points(2))
    for name in ("noise", "samples"):
        row = slider(data_panel, name).parent()
        assert isinstance(row, QWidget)
        assert not slider(data_panel, name).isEnabled()
        assert "your own" in row.toolTip()
    assert slider(data_panel, "train-share").isEnabled()
    document.undo()
    assert slider(data_panel, "noise").isEnabled()


def test_more_noise_than_the_slider_has_can_be_typed(qtbot, document, data_panel):
    type_into(qtbot, field(data_panel, "noise-value"), "80")
    assert document.spec.data.noise == 0.8
    assert slider(data_panel, "noise").value() == slider(data_panel, "noise").maximum() == 50
    with qtbot.waitSignal(data_panel.message) as said:
        type_into(qtbot, field(data_panel, "noise-value"), "81")
    assert said.args == ["Noise: a number from 0 % to 80 % is possible."]


def test_clicking_a_picture_chooses_its_data_set(qtbot, document, data_panel):
    qtbot.mouseClick(button(data_panel, "dataset-gauss"), Qt.MouseButton.LeftButton)
    assert document.spec.data.dataset == "gauss"
    assert button(data_panel, "dataset-gauss").isChecked()
    assert not button(data_panel, "dataset-spiral").isChecked()


def test_clicking_the_chosen_picture_again_leaves_it_chosen(qtbot, document, data_panel):
    qtbot.mouseClick(button(data_panel, "dataset-spiral"), Qt.MouseButton.LeftButton)
    assert button(data_panel, "dataset-spiral").isChecked()
    assert document.undo_label is None


def mean_place(image, token: str) -> tuple[float, float]:
    """Where a colour is found: 0 … 1 to the right, and downwards."""
    side = image.width()
    found = [(x, y) for x in range(side) for y in range(side) if image.pixelColor(x, y) == QColor(token)]
    x, y = np.mean(found, axis=0) / side
    return float(x), float(y)


def picture_of(qtbot, qapp, theme, dataset: nn.Dataset):
    apply_theme(qapp, theme)
    picture = DatasetButton(dataset)
    qtbot.addWidget(picture)
    picture.set_theme(theme)
    picture.resize(120, 120)
    return picture.grab().toImage()


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
def test_a_picture_is_the_right_way_up(qtbot, qapp, theme):
    image = picture_of(qtbot, qapp, theme, dataset_of("gauss"))  # +1 around (2, 2): upper right
    x, y = mean_place(image, theme.positive)
    assert x > 0.5 > y
    x, y = mean_place(image, theme.negative)
    assert x < 0.5 < y


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
@pytest.mark.parametrize("name", ["blobs", "plane"])
def test_a_picture_of_classes_or_values_is_the_right_way_up(qtbot, qapp, theme, name):
    dataset = dataset_of(name)
    X, y = dataset.generate(200, 0.0, 0)
    chosen = (y == 2) if name == "blobs" else (y > 0.95 * y.max())
    middle = X[chosen[:, 0]].mean(axis=0) / dataset.domain[1]  # -1 … 1, upwards
    image = picture_of(qtbot, qapp, theme, dataset)
    right, down = mean_place(image, theme.class_2 if name == "blobs" else theme.positive)
    assert 2 * right - 1 == pytest.approx(middle[0], abs=0.25)
    assert 1 - 2 * down == pytest.approx(middle[1], abs=0.25)
    assert np.abs(middle).max() > 0.3  # it would be seen


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
    switches = [b for b in features_panel.findChildren(QPushButton) if b.objectName().startswith("feature-")]
    assert [switch.text() for switch in switches] == [kind.label for kind in nn.Feature.registry.values()]


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


# -- all panels -----------------------------------------------------------------------------------


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
    assert sum(panel.minimumSizeHint().height() for panel in panels) + chrome_px <= 640
    assert all(panel.minimumSizeHint().width() <= 224 - 24 for panel in panels)


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
