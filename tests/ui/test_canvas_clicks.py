"""Clicks on neurons, links and biases, and the marks of what is frozen, silenced or picked."""

import pytest
from canvas_bench import Bench, dense
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest

from playground.document.spec import OUTPUT_ID, Layer, Spec, Weights
from playground.ui.canvas.heads import Lock
from playground.ui.canvas.targets import Target, bias_center
from playground.ui.theme import DARK

LEFT, NO_KEYS = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def bench(qtbot):
    return Bench(qtbot, Spec(layers=dense(4, 3, 2)))


@pytest.fixture
def heard(bench):
    said = []
    bench.panel.unit_clicked.connect(lambda unit: said.append(("unit", unit)))
    bench.panel.canvas.value_clicked.connect(lambda target: said.append(("value", target)))
    return said


def click(bench, point):
    QTest.mouseClick(bench.canvas, LEFT, NO_KEYS, point)
    bench.settle()


def link_point(bench, left=-1, right=1, from_unit=0, to_unit=0):
    a, b = bench.place(left), bench.place(right)
    return QPoint(round((a.x + a.reach + b.x - b.reach) / 2), round((a.ys[from_unit] + b.ys[to_unit]) / 2))


@pytest.mark.parametrize(("key", "column"), [(-1, 0), (1, 1), (3, 3), (OUTPUT_ID, 4)])
def test_a_click_on_a_neuron_says_which_and_selects_its_layer(bench, heard, key, column):
    click(bench, bench.unit_point(key))
    assert heard == [("unit", (column, 0))]
    assert bench.canvas.selected == (key if key != -1 else None)


def test_a_drag_is_no_click(bench, heard):
    bench.drag(bench.unit_point(1), bench.unit_point(2), bench.unit_point(1))
    assert heard == []


def test_a_click_on_a_link_or_bias_hands_its_target_on(bench, heard):
    click(bench, link_point(bench, to_unit=1, from_unit=1))
    click(bench, QPoint(*map(round, bias_center(bench.place(2), 1))))
    assert [what for what, _ in heard] == ["value", "value"]
    assert heard[0][1].kind == "link"
    assert heard[0][1].column == 1
    assert heard[1][1] == Target("bias", 2, 1)
    assert bench.canvas.scene.value_of(heard[0][1]) is not None


def test_a_click_on_the_ground_selects_nothing(bench, heard):
    click(bench, bench.unit_point(1))
    click(bench, QPoint(3, bench.canvas.height() - 3))
    assert bench.canvas.selected is None
    assert len(heard) == 1


def test_an_editor_points_at_where_a_link_was_clicked_and_at_the_unit_or_bias(bench):
    band = bench.canvas.scene.bands[0]
    assert band is not None
    at = QPoint(*map(round, band.shape.points_of(0, 0)[3]))
    target = bench.canvas.scene.target_at(at.x(), at.y())
    assert target == Target("link", 1, 0, 0)
    assert (bench.canvas.anchor_of(target) - at).manhattanLength() > 5
    click(bench, at)
    assert bench.canvas.anchor_of(target) == at
    unit = bench.canvas.anchor_of(Target("unit", 2, 1))
    assert unit.y() == bench.place(2).ys[1]
    assert unit.x() == pytest.approx(bench.place(2).x + bench.place(2).tile / 2, abs=1)


@pytest.mark.parametrize("target", [Target("unit", 1, 3), Target("link", 2, 1, 2), Target("bias", 4, 0)])
def test_an_editor_points_into_the_window_whatever_is_scrolled_out_of_it(bench, target):
    bench.panel.view.set_zoom(4)
    for dx, dy in ((-9999, -9999), (9999, 9999)):
        bench.canvas.pan(dx, dy)
        bench.settle()
        assert bench.canvas.visible_area().contains(*bench.canvas.anchor_of(target).toTuple(), margin=1)


def test_the_picked_neuron_has_a_ring_until_another_is_picked(bench):
    place = bench.place(2)
    at = QPoint(round(place.x), round(place.ys[1] - place.tile / 2) - 2)
    colors = []
    for unit in (None, (2, 1), (2, 0)):
        bench.canvas.show_picked(unit)
        colors.append(bench.picture().pixelColor(at))
    assert colors[1] == QColor(DARK.text)
    assert colors[0] == colors[2] != colors[1]


def test_what_is_picked_may_vanish_from_the_network(bench):
    bench.canvas.show_picked((4, 0))
    bench.document.undo()
    for layer_id in (1, 2, 3):
        bench.click(f"layer-{layer_id}-remove")
    bench.picture()
    bench.canvas.show_picked((7, 12))
    bench.picture()


# -- what is frozen or silenced ----------------------------------------------------------------------


def marked(qtbot, **weights):
    return Bench(qtbot, Spec(layers=(*dense(4), Layer("dense", 2, units=3, weights=Weights(**weights)))))


def lock_of(bench, key):
    (lock,) = bench.canvas.heads[key].findChildren(Lock)
    return lock


def test_a_frozen_layer_has_a_lock_in_its_head_that_says_so(qtbot):
    bench = marked(qtbot, frozen=True)
    assert lock_of(bench, 2).isVisible()
    assert "Frozen" in lock_of(bench, 2).toolTip()
    assert lock_of(bench, 1).isHidden()
    assert lock_of(bench, OUTPUT_ID).isHidden()


def test_a_frozen_output_has_a_lock_too(qtbot):
    assert lock_of(Bench(qtbot, Spec(output=Weights(frozen=True))), OUTPUT_ID).isVisible()


@pytest.mark.parametrize(
    ("weights", "says"),
    [
        ({"silenced": (1,)}, "silenced"),
        ({"frozen_units": (1,)}, "frozen"),
        ({"frozen": True}, "frozen"),
        ({"silenced": (1,), "frozen_units": (1,)}, "silenced, frozen"),
    ],
)
def test_the_card_says_what_was_done_to_a_unit(qtbot, weights, says):
    bench = marked(qtbot, **weights)
    bench.hover(bench.unit_point(2, 1))
    assert bench.canvas.card.text.startswith(f"Dense 2, unit 2 {says} · ")
    bench.hover(bench.unit_point(2, 0))
    assert ("frozen" in bench.canvas.card.text) == ("frozen" in weights)


def test_the_tile_of_a_silenced_unit_is_struck_out(qtbot):
    plain, struck = marked(qtbot), marked(qtbot, silenced=(1,))
    colors = [bench.picture().pixelColor(bench.unit_point(2, 1)) for bench in (plain, struck)]
    assert colors[1].lightness() > 150  # the line, on a tile that has become dark
    assert colors[0] != colors[1]


def test_the_links_that_leave_a_silenced_unit_are_faint(qtbot):
    bench = marked(qtbot, silenced=(1,))
    drawn = bench.canvas.scene.weights_drawn()[-1]
    true = bench.mirror.network.layers[-1].weights
    assert abs(drawn[:, 1]).max() < 0.01
    assert (drawn[:, [0, 2]] == true[:, [0, 2]]).all()


def test_a_frozen_unit_has_its_mark_on_its_tile(qtbot):
    plain, frozen = marked(qtbot), marked(qtbot, frozen_units=(1,))
    place = plain.place(2)
    corner = QPoint(round(place.x + place.tile / 2) - 4, round(place.ys[1] - place.tile / 2) + 2)
    colors = [bench.picture().pixelColor(corner) for bench in (plain, frozen)]
    assert colors[0] != colors[1]
