"""The choice of the plane: two axes, and values at which all other inputs are held."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit, QPushButton, QScrollArea, QSlider

from playground.document import edits
from playground.document.document import Document
from playground.document.spec import Cut, Data, Spec
from playground.engine.mirror import Mirror
from playground.ui.plots.cut import HEIGHT_PX, LEAST_ROWS, MOST_INPUTS, CutBar, range_of
from playground.ui.theme import DARK, apply_theme

LEFT = Qt.MouseButton.LeftButton
IRIS = ("sepal length", "sepal width", "petal length", "petal width")


@pytest.fixture
def bar_of(qtbot, qapp):
    apply_theme(qapp, DARK)

    def make(dataset: str = "iris") -> tuple[CutBar, Document]:
        document = Document(edits.set_dataset(dataset)(Spec()))
        bar = CutBar(document)
        qtbot.addWidget(bar)
        bar.set_mirror(Mirror(document.spec))
        bar.resize(296, bar.sizeHint().height())
        if not document.spec.is_plane:
            bar.show()
        return bar, document

    return make


def axis(bar: CutBar, name: str) -> QComboBox:
    box = bar.findChild(QComboBox, f"cut-{name}")
    assert box is not None
    return box


def choose(bar: CutBar, name: str, at: int) -> None:
    """As a person does: by keyboard, in the closed box."""
    box = axis(bar, name)
    while box.currentIndex() != at:
        QTest.keyClick(box, Qt.Key.Key_Down if box.currentIndex() < at else Qt.Key.Key_Up)


def shown_sliders(bar: CutBar) -> list[str]:
    return [each.accessibleName() for each in bar.findChildren(QSlider) if each.isVisible()]


def slider(bar: CutBar, index: int) -> QSlider:
    found = bar.findChild(QSlider, f"cut-held-{index}")
    assert found is not None
    return found


def field(bar: CutBar, index: int) -> QLineEdit:
    found = bar.findChild(QLineEdit, f"cut-held-{index}-value")
    assert found is not None
    return found


def means(bar: CutBar) -> QPushButton:
    found = bar.findChild(QPushButton, "cut-means")
    assert found is not None
    return found


def test_points_of_the_plane_need_no_choice(bar_of):
    bar, document = bar_of("circle")
    assert bar.isHidden()
    document.apply(edits.set_dataset("iris"))
    assert not bar.isHidden()
    document.undo()
    assert bar.isHidden()


def test_at_first_the_axes_are_the_two_components_and_nothing_is_held(bar_of):
    bar, _ = bar_of()
    assert [axis(bar, name).currentText() for name in "xy"] == ["component 1 (PCA)", "component 2 (PCA)"]
    assert [axis(bar, "x").itemText(at) for at in range(1, 5)] == list(IRIS)
    assert shown_sliders(bar) == []


def test_choosing_an_input_for_one_axis_puts_an_input_on_the_other(bar_of):
    bar, document = bar_of()
    choose(bar, "y", 1)
    assert document.spec.cut.axes == (1, 0)
    assert [axis(bar, name).currentText() for name in "xy"] == ["sepal width", "sepal length"]
    assert shown_sliders(bar) == ["petal length is held at", "petal width is held at"]


def test_choosing_the_input_of_the_other_axis_swaps_them(bar_of):
    bar, document = bar_of()
    document.apply(edits.set_axes((0, 2)))
    box = axis(bar, "x")
    box.setCurrentIndex(3)
    box.activated.emit(3)
    assert document.spec.cut.axes == (2, 0)


def test_choosing_a_component_for_one_axis_puts_one_on_both(bar_of):
    bar, document = bar_of()
    document.apply(edits.set_axes((0, 2)))
    choose(bar, "x", 0)
    assert document.spec.cut.axes is None
    assert axis(bar, "y").currentText() == "component 2 (PCA)"


def test_inputs_are_held_at_their_means_first_and_slide_over_what_the_samples_have(bar_of):
    bar, document = bar_of()
    document.apply(edits.set_axes((0, 1)))
    X = Mirror(document.spec).problem.train.inputs
    for index in (2, 3):
        assert float(field(bar, index).text()) == pytest.approx(float(X[:, index].mean()), abs=0.006)
        ends = []
        for position in (slider(bar, index).minimum(), slider(bar, index).maximum()):
            slider(bar, index).setValue(position)
            ends.append(dict(document.spec.cut.held)[index])
        assert ends == pytest.approx([float(X[:, index].min()), float(X[:, index].max())], abs=0.006)


def test_a_drag_is_live_and_one_entry_in_the_history(bar_of):
    bar, document = bar_of()
    document.apply(edits.set_axes((0, 1)))
    handle, seen = slider(bar, 2), []
    document.changed.connect(lambda new, old: seen.append(new.cut.held))
    y = handle.height() // 2
    QTest.mousePress(handle, LEFT, Qt.KeyboardModifier.NoModifier, QPoint(20, y))
    for x in (40, 60, 80):
        QTest.mouseMove(handle, QPoint(x, y))
        QApplication.processEvents()
    QTest.mouseRelease(handle, LEFT, Qt.KeyboardModifier.NoModifier, QPoint(80, y))
    assert len(seen) > 1
    assert document.undo_label == "Hold input"
    document.undo()
    assert document.spec.cut == Cut(axes=(0, 1))


def test_a_value_can_be_typed_and_an_impossible_one_is_told(bar_of):
    bar, document = bar_of()
    document.apply(edits.set_axes((0, 1)))
    said = []
    bar.message.connect(said.append)
    for text in ("2,5", "700"):
        field(bar, 2).setFocus()
        field(bar, 2).selectAll()
        QTest.keyClicks(field(bar, 2), text)
        QTest.keyClick(field(bar, 2), Qt.Key.Key_Return)
    assert document.spec.cut.held == ((2, 2.5),)
    assert said == ["Petal length: a number from 1.1 to 6.7 is possible."]
    assert field(bar, 2).text() == "2.5"


def test_means_takes_back_all_that_is_held_at_once(bar_of):
    bar, document = bar_of()
    document.apply(edits.set_axes((0, 1)))
    assert not means(bar).isEnabled()
    for index in (2, 3):
        document.apply(edits.hold_input(index, 2.0))
    QTest.mouseClick(means(bar), LEFT)
    assert document.spec.cut == Cut(axes=(0, 1))
    document.undo()
    assert document.spec.cut.held == ((2, 2.0), (3, 2.0))


def test_the_sliders_of_64_pixels_scroll_in_little_room(bar_of):
    bar, document = bar_of("digits")
    document.apply(edits.set_axes((20, 21)))
    held = bar.findChild(QScrollArea, "cut-held")
    assert held is not None
    bar.resize(bar.sizeHint())
    QApplication.processEvents()
    assert held.height() == HEIGHT_PX
    assert len([each for each in bar.findChildren(QSlider) if not each.parentWidget().isHidden()]) == MOST_INPUTS - 2


def test_of_larger_pictures_no_inputs_are_offered_and_the_reason_is_said(bar_of):
    bar, _ = bar_of("images")
    assert not axis(bar, "x").isEnabled()
    assert axis(bar, "x").count() == 1
    assert axis(bar, "x").toolTip() == "12 288 inputs are too many to choose from."
    assert "12 288 inputs are too many to choose from: these are components" in [
        each.text() for each in bar.findChildren(QLabel)
    ]


def test_the_sliders_are_those_of_the_data_also_when_these_change_and_come_back(bar_of):
    bar, document = bar_of()
    document.apply(edits.set_axes((0, 1)))
    document.apply(edits.set_dataset("digits"))
    bar.set_mirror(Mirror(document.spec))
    document.undo()
    bar.set_mirror(Mirror(document.spec))
    assert shown_sliders(bar) == ["petal length is held at", "petal width is held at"]
    assert (Data("iris"), (0, 1)) == (document.spec.data, document.spec.cut.axes)


@pytest.mark.parametrize(
    ("values", "first", "last", "count"),
    [
        ([1.0, 3.0, 2.0], 1.0, 3.0, 3),
        ([0.0, 1.0], 0.0, 1.0, 2),
        ([5.0, 5.0], 5.0, 5.0, 1),
        ([0.25, 0.25], 0.25, 0.25, 1),
        ([4.3, 7.9], 4.3, 7.9, 101),
        ([0.0, 800_000.0], 0.0, 800_000.0, 101),
        ([1e-7, 3e-7], 1e-7, 3e-7, 101),
    ],
)
def test_a_slider_has_whole_numbers_or_a_hundred_steps(values, first, last, count):
    stops = range_of(np.array(values)).stops
    assert (stops[0], stops[-1], len(stops)) == pytest.approx((first, last, count))


@pytest.mark.parametrize(("dataset", "n_held"), [("iris", 2), ("digits", 62)])
def test_many_held_inputs_give_room_to_the_surface_where_the_window_is_low(bar_of, dataset, n_held):
    bar, _ = bar_of(dataset)
    choose(bar, "x", 1)
    held = bar.findChild(QScrollArea, "cut-held")
    row = slider(bar, 3).parentWidget()
    assert held is not None
    assert row is not None
    row_px = row.height()
    assert held.minimumHeight() == min(LEAST_ROWS, n_held) * row_px + 2
    assert held.maximumHeight() == min(HEIGHT_PX, n_held * row_px + 2)
