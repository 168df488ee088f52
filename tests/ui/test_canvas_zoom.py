"""Zoom, pan and fit: how much of the network is seen, and that everything goes on working there."""

import pytest
from canvas_bench import Bench, dense, kind_mime
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from playground.document import edits
from playground.document.spec import OUTPUT_ID, Spec

MIDDLE, LEFT = Qt.MouseButton.MiddleButton, Qt.MouseButton.LeftButton
NO_KEYS, CONTROL, SHIFT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
)


@pytest.fixture
def bench(qtbot):
    return Bench(qtbot, Spec(layers=dense(4, 3, 2)))


def turn(bench, at, notches, modifiers=NO_KEYS):
    """Turn the wheel over a point of the canvas."""
    canvas, angle = bench.canvas, QPoint(0, 120 * notches)
    where = QPointF(at)
    phase, none = Qt.ScrollPhase.NoScrollPhase, Qt.MouseButton.NoButton
    event = QWheelEvent(where, canvas.mapToGlobal(where), QPoint(), angle, none, modifiers, phase, False)
    QApplication.sendEvent(canvas, event)
    bench.settle()


def on_screen(bench, point):
    return bench.canvas.mapTo(bench.panel, point)


def seen(bench):
    return bench.canvas.visible_area()


@pytest.mark.parametrize("notches", [2, 5])
@pytest.mark.parametrize("key", [1, 2, OUTPUT_ID])
def test_the_wheel_with_control_zooms_around_what_is_under_the_cursor(bench, key, notches):
    before = on_screen(bench, bench.unit_point(key))
    turn(bench, bench.unit_point(key), notches, CONTROL)
    assert bench.panel.zoom == pytest.approx(2 ** (notches / 4))
    assert (on_screen(bench, bench.unit_point(key)) - before).manhattanLength() <= 40


def test_zoom_has_limits_and_steps_that_meet_again_at_the_fit(bench):
    seen_zooms = []
    bench.panel.zoomed.connect(seen_zooms.append)
    for _ in range(20):
        bench.panel.zoom_in()
    assert bench.panel.zoom == 4
    for _ in range(30):
        bench.panel.zoom_out()
    assert bench.panel.zoom == 0.25
    assert 1.0 in seen_zooms[6:]
    bench.panel.fit()
    assert bench.panel.zoom == seen_zooms[-1] == 1
    assert bench.canvas.size() == bench.panel.view.viewport().size()


def test_the_buttons_in_the_corner_do_the_same_and_know_their_limits(bench):
    bench.click("zoom-in")
    assert bench.panel.zoom == 1.25
    assert bench.panel.view.buttons.fit.isEnabled()
    bench.click("zoom-fit")
    bench.click("zoom-out")
    assert bench.panel.zoom == 0.8
    for name in ("zoom-in", "zoom-out", "zoom-fit"):
        button = bench.widget(name)
        assert button.accessibleName()
        assert button.toolTip()
    assert bench.panel.view.geometry().contains(bench.panel.view.buttons.geometry().translated(bench.panel.view.pos()))


def test_the_buttons_in_the_corner_are_there_for_who_listens_to_the_screen(bench):
    def spoken(part):
        children = [part.child(index) for index in range(part.childCount())]
        return {child.text(QAccessible.Text.Name) for child in children}.union(*map(spoken, children))

    names = spoken(QAccessible.queryAccessibleInterface(bench.panel.view))
    assert {"Zoom in", "Zoom out", "Fit network"} <= names


def test_a_network_that_fits_goes_on_fitting_while_layers_come_and_go(bench):
    for count in range(4, 25):
        bench.document.apply(edits.add_layer(at=0, kind="dense"))
        bench.settle()
        heads = [bench.canvas.heads[key].geometry() for key in (-1, *bench.ids, OUTPUT_ID)]
        assert len(heads) == count + 2
        assert all(seen(bench).contains(head.left(), 20) and seen(bench).contains(head.right(), 20) for head in heads)


def test_a_zoomed_network_keeps_its_zoom_while_layers_come_and_the_window_grows(bench):
    bench.panel.zoom_in()
    bench.document.apply(edits.add_layer(at=0, kind="dense"))
    bench.panel.resize(900, 600)
    bench.settle()
    assert bench.panel.zoom == 1.25
    room = bench.panel.view.maximumViewportSize()
    assert (bench.canvas.width(), bench.canvas.height()) == (round(room.width() * 1.25), round(room.height() * 1.25))


def empty_point(bench):
    """A point with nothing on it."""
    area, scene = seen(bench), bench.canvas.scene
    for x in range(round(area.left) + 40, round(area.right), 7):
        y = round(area.bottom) - 20
        if scene.target_at(x, y) is None and scene.column_at(x, y) is None:
            return QPoint(x, y)
    raise AssertionError("no empty point")


# -- what is seen of it ------------------------------------------------------------------------------


def zoomed(bench, zoom=2.0):
    bench.panel.view.set_zoom(zoom)
    bench.settle()
    return seen(bench)


def test_the_wheel_scrolls_up_and_down_and_with_shift_sideways(bench):
    before = zoomed(bench)
    turn(bench, QPoint(round(before.center[0]), round(before.center[1])), -1)
    assert seen(bench).top > before.top
    assert seen(bench).left == before.left
    turn(bench, QPoint(round(before.center[0]), round(before.center[1])), -1, SHIFT)
    assert seen(bench).left > before.left


@pytest.mark.parametrize("button", [LEFT, MIDDLE])
def test_the_ground_is_drawn_along(bench, button):
    before = zoomed(bench)
    empty = empty_point(bench)
    QTest.mousePress(bench.canvas, button, NO_KEYS, empty)
    screen = bench.canvas.mapTo(bench.panel, empty)
    for step in (1, 2, 3):
        screen -= QPoint(30, 20)
        QTest.mouseMove(bench.canvas, bench.canvas.mapFrom(bench.panel, screen))
        assert (seen(bench).left, seen(bench).top) == (before.left + 30 * step, before.top + 20 * step)
    QTest.mouseRelease(bench.canvas, button, NO_KEYS, bench.canvas.mapFrom(bench.panel, screen))
    assert bench.edits == []


def test_the_heads_stay_in_sight_however_far_one_scrolls_down(bench):
    zoomed(bench)
    bench.canvas.pan(0, 10_000)
    bench.settle()
    assert seen(bench).top > 100
    assert bench.canvas.heads[2].y() == seen(bench).top + 12


def test_what_lies_under_a_head_is_not_hovered(bench):
    zoomed(bench)
    bench.canvas.pan(0, bench.unit_point(1, 0).y() - seen(bench).top - 30)
    bench.settle()
    bench.hover(bench.unit_point(1, 0))
    assert bench.canvas.card.isHidden()


# -- everything works there --------------------------------------------------------------------------


@pytest.mark.parametrize("zoom", [0.25, 0.5, 1.5, 4])
def test_units_are_found_and_explained_at_every_zoom(bench, zoom):
    zoomed(bench, zoom)
    for key, unit in ((1, 0), (2, 2), (OUTPUT_ID, 0)):
        point = bench.unit_point(key, unit)
        bench.canvas.revealed.emit(point.x() - 50, point.x() + 50)
        bench.canvas.pan(0, point.y() - seen(bench).center[1])
        bench.settle()
        bench.hover(bench.unit_point(key, unit))
        assert not bench.canvas.card.isHidden()
        card = bench.canvas.card.geometry()
        assert seen(bench).contains(card.left(), card.top())
        assert seen(bench).contains(card.right(), card.bottom())


@pytest.mark.parametrize("zoom", [0.5, 2])
def test_a_layer_is_moved_and_another_dropped_at_every_zoom(bench, zoom):
    zoomed(bench, zoom)
    bench.canvas.revealed.emit(bench.place(1).x - 10, bench.place(2).x + 60)
    bench.drag(bench.head_point(1), bench.head_point(2) + QPoint(30, 0))
    assert bench.ids == [2, 1, 3]
    bench.drop(kind_mime("dense"), [bench.unit_point(2) + QPoint(round(30 * zoom), 0)])
    assert bench.ids == [2, 4, 1, 3]


def test_a_drag_that_is_held_near_the_edge_scrolls_on(bench, qtbot):
    before = zoomed(bench, 3)
    bench.canvas.revealed.emit(bench.place(1).x - 100, bench.place(1).x + 100)
    start = seen(bench).left
    assert start < before.right
    at = QPoint(round(seen(bench).right) - 5, round(seen(bench).top) + 60)
    bench.drag(bench.head_point(1), at, release=False)
    qtbot.waitUntil(lambda: seen(bench).left > start + 200)
    bench.canvas.cancel_gesture()
    assert bench.edits == []


def test_the_selected_head_opens_where_the_others_show_their_names_only(qtbot):
    bench = Bench(qtbot, Spec(layers=dense(*[4] * 20)), width=690)
    assert not bench.widget("layer-5-units").isVisible()
    QTest.mouseClick(bench.canvas, LEFT, NO_KEYS, bench.head_point(5))
    bench.settle()
    assert bench.canvas.selected == 5
    assert bench.widget("layer-5-units").isVisible()
    bench.click("layer-5-units-plus")
    assert bench.document.spec.layers[4].units == 5
    assert "Dense 6" in bench.canvas.heads[6].toolTip()
    assert bench.canvas.heads[5].toolTip() == ""
