"""Painting on the surface: what mouse and keys do to the points, and what undo makes of it."""

from __future__ import annotations

import gc
from functools import partial

import numpy as np
import pytest
from plots_bench import pixel_at, same_color, show_view
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QMenu, QSlider

from playground.document import edits
from playground.document.document import Document
from playground.document.spec import Data, Spec
from playground.engine.mirror import Mirror
from playground.engine.problem import Problem
from playground.engine.protocol import Speed
from playground.ui.plots.strokes import BrushStroke
from playground.ui.plots.surface import SurfaceView
from playground.ui.theme import DARK

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
NO_KEYS, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier


class Easel:
    """A surface that follows a document, and a hand."""

    def __init__(self, show, spec: Spec) -> None:
        self.document = Document(spec)
        self.view = SurfaceView(self.document)
        self.view.set_mirror(Mirror(spec))
        self.document.changed.connect(lambda new, old: self.view.set_mirror(Mirror(new)))
        self.said: list[str] = []
        self.view.message.connect(self.said.append)
        show(self.view, 320, 400)
        self.plot = self.view.plot

    @property
    def rows(self) -> np.ndarray:
        """(n, 3): x1, x2 and label of every point, in order of the table."""
        own = self.document.spec.data.own
        assert own is not None
        return np.column_stack([own.rows.X, own.rows.y])

    @property
    def problem(self) -> Problem:
        """What is shown."""
        mirror = self.view._mirror
        assert mirror is not None
        return mirror.problem

    def take(self, name: str) -> None:
        button = self.view.findChild(QAbstractButton, f"paint-{name}")
        assert button is not None
        QTest.mouseClick(button, LEFT)

    def choose_in_menu(self, name: str) -> None:
        menu = self.view.findChild(QMenu)
        assert menu is not None
        next(action for action in menu.actions() if action.objectName() == f"paint-{name}").trigger()

    def at(self, x1: float, x2: float) -> QPoint:
        return self.plot.box.mapViewToScene(QPointF(x1, x2)).toPoint()

    def click(self, x1: float, x2: float, button: Qt.MouseButton = LEFT) -> None:
        QTest.mouseClick(self.plot.viewport(), button, NO_KEYS, self.at(x1, x2))

    def drag(self, *way: tuple[float, float], button: Qt.MouseButton = LEFT, flush: bool = True) -> None:
        """Press at the first place, and release at the last."""
        QTest.mousePress(self.plot.viewport(), button, NO_KEYS, self.at(*way[0]))
        for x1, x2 in way[1:]:
            self._move(self.at(x1, x2), button)
            if flush:
                self.view.painting.flush()
        QTest.mouseRelease(self.plot.viewport(), button, NO_KEYS, self.at(*way[-1]))

    def hover(self, x1: float, x2: float) -> None:
        self._move(self.at(x1, x2), Qt.MouseButton.NoButton)

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = NO_KEYS) -> None:
        QTest.keyClick(self.plot, key, modifier)

    def _move(self, at: QPoint, button: Qt.MouseButton) -> None:
        viewport = self.plot.viewport()
        where = QPointF(at)
        event = QMouseEvent(
            QEvent.Type.MouseMove, where, viewport.mapToGlobal(where), Qt.MouseButton.NoButton, button, NO_KEYS
        )
        QApplication.sendEvent(viewport, event)


@pytest.fixture
def show(qtbot):
    """Show a view; it is closed and released when the test ends, as pyqtgraph needs it."""
    yield partial(show_view, qtbot)
    gc.collect()


@pytest.fixture
def easel(show):
    """A surface with two points: -1 at the left, +1 at the right."""
    return Easel(show, edits.clear_points(2)(Spec(layers=())))


def of_dataset(show, name: str, **data) -> Easel:
    return Easel(show, edits.set_dataset(name)(Spec(data=Data(samples=40, **data), layers=())))


# -- brush ----------------------------------------------------------------------------------------


def test_a_click_with_a_brush_adds_a_point_of_its_class_there(easel):
    easel.take("brush-1")
    easel.click(2, 1)
    assert len(easel.rows) == 3
    assert easel.rows[-1] == pytest.approx([2, 1, 1], abs=0.05)
    easel.take("brush-0")
    easel.click(-2, -4)
    assert easel.rows[-1] == pytest.approx([-2, -4, -1], abs=0.05)


def test_a_painted_point_is_seen_in_the_colour_of_its_class(easel):
    easel.take("brush-0")
    for x1 in (1, 2):  # one of two lots is for training
        easel.click(x1, 4)
    assert same_color(pixel_at(easel.view, 1, 4), DARK.negative) or same_color(
        pixel_at(easel.view, 2, 4), DARK.negative
    )


def test_a_drag_paints_points_along_its_way_within_the_brush(easel):
    easel.take("brush-1")
    easel.drag((-4, 2), (0, 2), (4, 2))
    painted = easel.rows[2:]
    assert 15 <= len(painted) <= 40
    assert (painted[:, 2] == 1).all()
    radius = 0.05 * 12
    assert np.abs(painted[:, 1] - 2).max() <= radius + 0.05
    assert painted[:, 0].min() >= -4 - radius - 0.05
    assert painted[:, 0].max() <= 4 + radius + 0.05
    assert len(np.unique(painted, axis=0)) == len(painted)


def test_a_drag_is_one_undo_and_two_drags_are_two(easel):
    easel.take("brush-1")
    before = easel.document.spec
    easel.drag((-4, 2), (0, 2), (4, 2))
    between = easel.document.spec
    easel.drag((-4, -2), (4, -2))
    easel.document.undo()
    assert easel.document.spec == between
    easel.document.undo()
    assert easel.document.spec == before
    assert easel.document.undo_label is None


def test_between_two_frames_many_moves_of_the_mouse_are_one_edit(easel):
    easel.take("brush-1")
    changes = []
    easel.document.changed.connect(lambda new, old: changes.append(new))
    easel.drag(*((-4 + i / 10, 3.0) for i in range(80)), flush=False)
    assert len(changes) <= 3  # the press, perhaps a frame, and the release
    assert len(easel.rows) > 20


def test_the_same_stroke_paints_the_same_points():
    def painted(seed):
        stroke = BrushStroke(1.0, (0.0, 0.0), 0.6, (-6.0, 6.0), seed)
        stroke.move((5.0, 5.0))
        return stroke._points

    assert painted(3) == painted(3)
    assert painted(3) != painted(4)


def test_a_stroke_that_leaves_the_plane_paints_nothing_outside(easel):
    easel.take("brush-1")
    easel.drag((5, 0), (9, 0), (9, 3), (5, 3))
    assert np.abs(easel.rows[:, :2]).max() <= 6


def test_the_size_of_the_brush_is_how_far_points_stray(easel):
    easel.take("brush-1")
    spreads = []
    for size in ("small", "large"):
        easel.choose_in_menu(f"size-{size}")
        before = len(easel.rows)
        easel.drag((-5, 0), (5, 0))
        spreads.append(np.abs(easel.rows[before:, 1]).max())
    assert spreads[0] <= 0.02 * 12 + 0.05 < spreads[1] <= 0.1 * 12 + 0.05


def test_the_first_stroke_on_a_built_in_set_makes_its_samples_the_users_own(show):
    easel = of_dataset(show, "gauss")
    problem = easel.problem
    shown = {tuple(point) for part in (problem.train, problem.test) for point in part.points.tolist()}
    easel.take("brush-1")
    easel.click(0, 5)
    assert easel.document.spec.data.is_own
    assert len(easel.rows) == 41
    assert {tuple(row[:2]) for row in easel.rows[:-1].tolist()} == shown
    after = easel.problem
    assert {tuple(p) for p in problem.train.points.tolist()} <= {tuple(p) for p in after.train.points.tolist()}
    easel.document.undo()
    assert easel.document.spec.data.dataset == "gauss"


def test_values_are_painted_where_values_are_to_be_found(show):
    easel = of_dataset(show, "plane")
    field = easel.view.findChild(QLineEdit, "paint-value-number")
    slider = easel.view.findChild(QSlider, "paint-value")
    assert field is not None
    assert slider is not None
    assert slider.isVisible()
    easel.take("brush-0")
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "-0.25")
    QTest.keyClick(field, Qt.Key.Key_Return)
    easel.click(3, 3)
    assert easel.rows[-1] == pytest.approx([3, 3, -0.25], abs=0.05)
    slider.setValue(slider.maximum())
    easel.click(3, -3)
    assert easel.rows[-1, 2] == pytest.approx(easel.problem.limit, rel=0.01)


def test_a_value_beyond_what_the_data_reach_becomes_their_limit_in_as_many_digits_as_the_field_shows(show):
    easel = of_dataset(show, "gaussians")
    field = easel.view.findChild(QLineEdit, "paint-value-number")
    assert field is not None
    limit = easel.problem.limit
    assert limit < 1  # what a brush begins with
    assert field.text() == f"{limit:.3g}" != f"{limit}"


def test_more_points_than_there_is_room_for_are_refused_once(easel, monkeypatch):
    monkeypatch.setattr("playground.document.edits.points.MAX_ROWS", 3)
    easel.take("brush-1")
    easel.drag((-4, 2), (0, 2), (4, 2))
    assert len(easel.rows) == 3
    assert len(easel.said) == 1
    assert "room for 3 points" in easel.said[0]


def test_points_that_come_one_by_one_look_like_points_drawn_at_once(easel, show):
    easel.choose_in_menu("add-class")
    for brush, y in ((0, 0.0), (2, 0.3), (1, 0.6), (0, 0.9)):  # halos must not cover the points before
        easel.take(f"brush-{brush}")
        easel.drag((-4, y), (4, y))
        easel.plot.grab()
    easel.view.tools.choose("look")
    easel.plot.leaveEvent(QEvent(QEvent.Type.Leave))
    once = Easel(show, easel.document.spec)
    once.view.show_test.setChecked(True)
    assert easel.plot.grab().toImage() == once.plot.grab().toImage()


# -- eraser ---------------------------------------------------------------------------------------


def test_the_eraser_takes_away_what_its_circle_touches(easel):
    easel.take("brush-1")
    for x1 in (-2, 0, 2):
        easel.click(x1, 4)
    easel.take("erase")
    easel.drag((-0.4, 4.2), (2.3, 4.2))
    assert easel.rows[:, :2] == pytest.approx(np.array([[-3, 0], [3, 0], [-2, 4]]), abs=0.05)
    easel.document.undo()
    assert len(easel.rows) == 5


def test_a_quick_wipe_leaves_nothing_out(easel):
    easel.take("brush-1")
    for x1 in (-2, 0, 2):
        easel.click(x1, 4)
    easel.take("erase")
    easel.drag((-5, 4), (5, 4))  # one report of the mouse for the whole way
    assert len(easel.rows) == 2


def test_the_right_button_erases_with_any_brush(easel):
    easel.take("brush-1")
    easel.click(0, 4)
    easel.click(0.2, 4, RIGHT)
    assert len(easel.rows) == 2
    easel.take("look")
    easel.click(3, 0, RIGHT)
    assert len(easel.rows) == 2


def test_the_last_point_stays_and_it_is_said_why(easel):
    easel.take("erase")
    easel.click(3, 0)
    easel.click(-3, 0)
    assert len(easel.rows) == 1
    assert easel.said == ["One point has to stay: a network cannot learn from nothing."]


def test_the_eraser_spares_points_that_are_not_shown(easel):
    easel.take("brush-1")
    for index in range(10):
        easel.click(-4.5 + index, 4)
    n_test = len(easel.problem.test.points)
    assert 0 < n_test < 12
    easel.view.show_test.setChecked(False)
    easel.take("erase")
    easel.view.show_test.setChecked(False)
    easel.drag((-6, 4), (6, 4))
    assert len(easel.problem.test.points) == n_test


# -- moving ---------------------------------------------------------------------------------------


def test_a_point_that_is_dragged_follows_the_mouse_in_one_undo(easel):
    easel.take("move")
    before = easel.document.spec
    easel.drag((3, 0), (1, 1), (-1, 5))
    assert easel.rows[1] == pytest.approx([-1, 5, 1], abs=0.1)
    assert easel.rows[0] == pytest.approx([-3, 0, -1], abs=0.05)
    easel.document.undo()
    assert easel.document.spec == before


def test_a_point_is_held_where_it_was_taken(easel):
    easel.take("move")
    easel.drag((3.2, 0.1), (1.2, 2.1))
    assert easel.rows[1] == pytest.approx([1, 2, 1], abs=0.1)


def test_a_drag_beside_all_points_moves_nothing(easel):
    easel.take("move")
    easel.drag((0, 4), (3, 4))
    assert easel.document.undo_label is None


def test_moving_a_point_of_a_built_in_set_keeps_all_others(show):
    easel = of_dataset(show, "gauss")
    easel.take("move")
    train = easel.problem.train.points.copy()
    easel.drag(tuple(train[0]), (5.5, -5.5))
    moved = easel.problem.train.points
    assert easel.document.spec.data.is_own
    (gone,) = {tuple(p) for p in train.tolist()} - {tuple(p) for p in moved.tolist()}
    (new,) = {tuple(p) for p in moved.tolist()} - {tuple(p) for p in train.tolist()}
    assert gone == tuple(train[0])
    assert new == pytest.approx((5.5, -5.5), abs=0.1)


def test_looking_changes_no_point(easel):
    easel.drag((3, 0), (1, 1))
    easel.drag((0, 4), (3, 4))
    assert easel.document.undo_label is None


# -- keys -----------------------------------------------------------------------------------------


def test_arrows_move_a_crosshair_at_which_enter_paints(easel):
    easel.plot.setFocus(Qt.FocusReason.TabFocusReason)
    easel.key(Qt.Key.Key_2)
    for _ in range(10):
        easel.key(Qt.Key.Key_Right)
    easel.key(Qt.Key.Key_Up, SHIFT)
    easel.key(Qt.Key.Key_Return)
    assert easel.rows[-1] == pytest.approx([3, 0.06, 1])
    assert easel.view.readout.text.startswith("(3.00, 0.06) →")
    easel.key(Qt.Key.Key_1)
    easel.key(Qt.Key.Key_Down)
    easel.key(Qt.Key.Key_Return)
    assert easel.rows[-1] == pytest.approx([3, -0.24, -1])


def test_enter_takes_a_point_which_arrows_move_and_enter_puts_down(easel):
    easel.plot.setFocus(Qt.FocusReason.TabFocusReason)
    easel.key(Qt.Key.Key_M)
    for _ in range(10):
        easel.key(Qt.Key.Key_Right)
    easel.key(Qt.Key.Key_Return)
    for _ in range(5):
        easel.key(Qt.Key.Key_Up)
    easel.key(Qt.Key.Key_Return)
    easel.key(Qt.Key.Key_Up)
    assert easel.rows[1] == pytest.approx([3, 1.5, 1])
    easel.document.undo()
    assert easel.document.undo_label is None


def test_delete_erases_the_point_under_the_mouse(easel):
    easel.view.show_test.setChecked(True)
    easel.hover(3, 0)
    easel.key(Qt.Key.Key_Delete)
    assert easel.rows[:, 0].tolist() == [-3]
    easel.hover(0, 0)
    easel.key(Qt.Key.Key_Delete)
    assert len(easel.rows) == 1


def test_keys_choose_tools_and_sizes(easel):
    tools = easel.view.tools
    kinds = []
    for key in (Qt.Key.Key_1, Qt.Key.Key_X, Qt.Key.Key_M, Qt.Key.Key_V, Qt.Key.Key_9):
        easel.key(key)
        kinds.append(tools.tool.kind)
    assert kinds == ["brush", "erase", "move", "look", "look"]  # there is no ninth class
    before = tools.radius
    easel.key(Qt.Key.Key_BracketRight)
    assert tools.radius > before
    easel.key(Qt.Key.Key_BracketLeft)
    assert tools.radius == before
    easel.key(Qt.Key.Key_1)
    easel.key(Qt.Key.Key_Escape)
    assert tools.tool.kind == "look"


def test_the_crosshair_is_seen_while_the_keys_go_to_the_surface(easel, qtbot):
    easel.view.activateWindow()
    qtbot.waitUntil(easel.view.isActiveWindow)
    easel.plot.clearFocus()
    assert not easel.view.painting.cursor.crossed
    easel.plot.setFocus(Qt.FocusReason.TabFocusReason)
    assert easel.view.painting.cursor.crossed
    easel.hover(1, 1)
    assert not easel.view.painting.cursor.crossed


# -- tools ----------------------------------------------------------------------------------------


def test_there_is_a_brush_for_every_class_and_no_more(show):
    easel = of_dataset(show, "rings")

    def brushes():
        QApplication.processEvents()
        buttons = easel.view.tools.findChildren(QAbstractButton)
        return [b.accessibleName() for b in buttons if b.objectName().startswith("paint-brush") and b.isVisible()]

    assert brushes() == ["Brush for class 0", "Brush for class 1", "Brush for class 2"]
    easel.document.apply(edits.set_dataset("plane"))
    assert brushes() == ["Brush for values"]
    easel.document.apply(edits.set_dataset("circle"))
    assert brushes() == ["Brush for class −1", "Brush for class +1"]


def test_a_class_can_be_added_and_taken_away(easel):
    easel.choose_in_menu("add-class")
    assert easel.document.spec.dataset.n_classes == 3
    assert easel.view.tools.tool == ("brush", 2.0)
    easel.click(0, 4)
    assert easel.rows[-1] == pytest.approx([0, 4, 2], abs=0.05)
    easel.choose_in_menu("remove-class")
    assert easel.document.spec.dataset.n_classes == 2
    assert easel.view.tools.tool == ("brush", 1.0)
    assert easel.rows[-1, 2] == 1


def test_ten_brushes_fit_into_the_narrowest_panel(easel):
    for _ in range(8):
        easel.choose_in_menu("add-class")
    assert easel.document.spec.dataset.n_classes == 10
    assert easel.view.tools.minimumSizeHint().width() <= 296
    easel.key(Qt.Key.Key_0)
    assert easel.view.tools.tool == ("brush", 9.0)


def test_starting_empty_leaves_one_point_of_each_class(show):
    easel = of_dataset(show, "rings")
    easel.choose_in_menu("start-empty")
    assert easel.rows[:, 2].tolist() == [0, 1, 2]


def test_samples_of_more_inputs_cannot_be_painted_and_the_tools_say_why(easel):
    easel.take("brush-1")
    easel.document.apply(edits.set_dataset("iris"))
    assert easel.view.tools.tool.kind == "look"
    brush = next(
        each for each in easel.view.tools.findChildren(QAbstractButton) if each.objectName() == "paint-brush-2"
    )
    assert not brush.isEnabled()
    assert brush.toolTip() == "Points are painted on a plane; Iris has 4 inputs"
    easel.key(Qt.Key.Key_1)
    easel.click(0, 0)
    easel.key(Qt.Key.Key_Delete)
    assert easel.document.spec.data.dataset == "iris"
    assert easel.said == []


def test_who_paints_sees_test_points_too(easel):
    assert not easel.view.show_test.isChecked()
    easel.take("brush-1")
    assert easel.view.show_test.isChecked()
    easel.view.show_test.setChecked(False)
    easel.key(Qt.Key.Key_BracketRight)  # another size is no reason to show them again
    assert not easel.view.show_test.isChecked()


def test_every_tool_has_a_name_a_tip_and_a_place_in_the_order_of_tab(easel):
    for button in easel.view.tools.findChildren(QAbstractButton):
        assert button.objectName()
        assert button.accessibleName()
        assert button.toolTip()
        assert button.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_without_a_document_there_is_nothing_to_paint_with(show):
    view = show(SurfaceView())
    view.set_mirror(Mirror(Spec(data=Data(samples=40), layers=())))
    assert not view.tools.isVisible()
    QTest.keyClick(view.plot, Qt.Key.Key_1)
    QTest.mouseClick(view.plot.viewport(), LEFT, NO_KEYS, view.plot.viewport().rect().center())
    assert view.tools.tool.kind == "look"


# -- in the window --------------------------------------------------------------------------------


def test_points_are_painted_while_it_trains(desk):
    surface = desk.window.surface
    desk.window.toggle_playing()
    surface.tools.choose_brush(1)
    viewport, box = surface.plot.viewport(), surface.plot.box
    for x1 in (-4.0, 0.0, 4.0):
        QTest.mouseClick(viewport, LEFT, NO_KEYS, box.mapViewToScene(QPointF(x1, 5.5)).toPoint())
        desk.wait_for_answer(desk.engine.latest)
    assert desk.spec.data.is_own
    assert desk.spec.data.n_samples == 503
    assert desk.engine.playing
    assert len(desk.window.loop.mirror.problem.train.points) + len(desk.window.loop.mirror.problem.test.points) == 503
    for _ in range(3):
        desk.window.document.undo()
    assert desk.spec.data.dataset == "circle"


def test_what_is_painted_is_learned(desk):
    """A hundred points of +1 where -1 was learned: some of them are for training, whatever their lots."""
    desk.window.engine.set_speed(Speed(None))
    desk.window.toggle_playing()
    cluster = [(x / 25 - 1, 5.2 + x % 5 / 10) for x in range(100)]
    desk.window.document.apply(edits.paint_points(cluster, 1.0, of=desk.window.loop.mirror.problem.table))
    desk.wait_until(lambda: float(desk.window.loop.mirror.surface[95, 50]) > 0)
