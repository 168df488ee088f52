"""Layers of more units than find room: one block of small maps that scrolls."""

import pytest
from canvas_bench import Bench, dense
from PySide6.QtCore import QPoint, Qt
from test_canvas_zoom import turn

from playground.document.spec import Layer, Spec
from playground.ui.canvas.mosaic import make_mosaic
from playground.ui.canvas.targets import unit_box

Key = Qt.Key


@pytest.fixture
def wide(qtbot):
    return Bench(qtbot, Spec(layers=dense(4, 200, 3)))


def mosaic_of(bench, key=2):
    mosaic = bench.place(key).mosaic
    assert mosaic is not None
    return mosaic


def cell_point(bench, unit, key=2):
    box = unit_box(bench.place(key), unit)
    assert box is not None
    return QPoint(*map(int, box.center))


@pytest.mark.parametrize("units", [9, 25, 60, 200, 1024])
@pytest.mark.parametrize("room", [16, 40, 120])
@pytest.mark.parametrize("height", [60, 250, 600])
@pytest.mark.parametrize("first", [0, 7, 10_000])
def test_every_unit_can_be_scrolled_into_sight_and_found(units, room, height, first):
    mosaic = make_mosaic(units, room, 100, 100 + height, 1, first)
    assert mosaic.width <= max(room, 20)
    assert mosaic.top >= 100 - 9
    assert mosaic.top + mosaic.height <= 100 + height
    assert 0 <= mosaic.first <= mosaic.last_first
    assert mosaic._replace(first=0).shown.start == 0
    assert mosaic._replace(first=mosaic.last_first).shown.stop == units
    for unit in (mosaic.shown.start, mosaic.shown[len(mosaic.shown) // 2], mosaic.shown.stop - 1):
        box = mosaic.box_of(unit, 300)
        assert box is not None
        assert mosaic.unit_at(*box.center, 300) == unit
    assert mosaic.box_of(mosaic.shown.stop, 300) is None


@pytest.mark.parametrize("unit", [0, 150, 999])
def test_a_block_scrolls_no_further_than_needed_to_show_a_unit(unit):
    mosaic = make_mosaic(1000, 80, 0, 300, 1, 20)
    shown = mosaic._replace(first=mosaic.first_for(unit)).shown
    assert unit in shown
    assert unit in mosaic.shown or unit in (*shown[: mosaic.across], *shown[-mosaic.across :])


def test_the_thumb_of_the_scroll_bar_goes_from_end_to_end():
    for first in (0, make_mosaic(1000, 80, 0, 300, 1).last_first):
        mosaic = make_mosaic(1000, 80, 0, 300, 1, first)
        thumb = mosaic.thumb(50)
        assert thumb is not None
        assert mosaic.first_at(thumb.top) == first
    assert make_mosaic(30, 80, 0, 300, 1).thumb(50) is None


def test_the_wheel_over_a_block_scrolls_it_and_not_the_canvas(wide):
    first = mosaic_of(wide).first
    turn(wide, cell_point(wide, 40), -3)
    assert mosaic_of(wide).first == first + 6
    turn(wide, cell_point(wide, 60), 10)
    assert mosaic_of(wide).first == 0
    assert wide.canvas.visible_area().top == 0


def test_what_was_scrolled_stays_so_when_the_network_changes(wide):
    turn(wide, cell_point(wide, 40), -3)
    first = mosaic_of(wide).first
    wide.click("layer-1-units-plus")
    assert mosaic_of(wide).first == first


def test_its_scroll_bar_can_be_dragged(wide):
    thumb = mosaic_of(wide).thumb(wide.place(2).x)
    start = QPoint(*map(int, thumb.center))
    wide.drag(start, start + QPoint(0, 500))
    assert mosaic_of(wide).first == mosaic_of(wide).last_first
    assert wide.edits == []


def test_page_down_and_up_scroll_the_block_of_the_selected_layer(wide):
    wide.press(Key.Key_Right, Key.Key_Right, Key.Key_PageDown)
    assert mosaic_of(wide).first == min(mosaic_of(wide).rows - 1, mosaic_of(wide).last_first)
    wide.press(Key.Key_PageUp)
    assert mosaic_of(wide).first == 0


def test_a_unit_of_a_block_is_named_and_told_to_the_other_views(wide):
    seen = []
    wide.panel.hovered.connect(seen.append)
    turn(wide, cell_point(wide, 40), -3)
    unit = mosaic_of(wide).shown.start + 5
    wide.hover(cell_point(wide, unit))
    assert seen[-1] == (2, unit)
    assert wide.canvas.card.text.startswith(f"Dense 2, unit {unit + 1} ")


def test_its_single_links_come_up_with_the_unit_under_the_cursor(wide):
    links = wide.canvas.scene.links_of(2, 3)
    assert len(links) == 4 + 3
    weights = [layer.weights for layer in wide.mirror.network.layers[1:3]]
    assert [weight for _, weight in links] == pytest.approx([*weights[0][3], *weights[1][:, 3]])
    assert wide.canvas.scene.links_of(1, 0) == []  # those of tiles are drawn already


def test_the_bundles_of_a_block_are_as_strong_as_their_links_on_average(wide):
    weights = wide.mirror.network.layers[1].weights
    weights[:] = -0.5
    weights[:, 2] = 0.25
    bundles = wide.canvas.scene.weights_drawn()[1]
    assert bundles.shape == (len(wide.place(2).ys), 4)
    assert (bundles == [-0.5, -0.5, 0.25, -0.5]).all()


def test_only_what_is_seen_of_a_block_is_drawn(wide):
    wide.canvas.refresh()
    drawn = wide.canvas._picture._tiles[2].shown
    assert drawn == mosaic_of(wide).shown
    assert len(drawn) < 200


@pytest.mark.parametrize("unit", [0, 120, 199])
def test_a_block_scrolls_to_the_unit_that_is_picked(wide, unit):
    wide.canvas.show_picked((2, unit))
    assert unit in mosaic_of(wide).shown
    box = unit_box(wide.place(2), unit)
    assert box is not None
    before = wide.picture()
    wide.canvas.show_picked(None)
    at = QPoint(int(box.left) - 1, int(box.center[1]))
    assert before.pixelColor(at) != wide.picture().pixelColor(at)


@pytest.mark.parametrize(
    "layers",
    [
        dense(1024),
        (*dense(300), Layer("dropout", 2), Layer("dense", 3, units=300)),
        (*dense(60), Layer("batch_norm", 2), Layer("residual", 3, span=1)),
        dense(*[40] * 20),
    ],
)
@pytest.mark.parametrize("zoom", [0.25, 1, 4])
def test_every_wide_network_can_be_shown(qtbot, layers, zoom):
    bench = Bench(qtbot, Spec(layers=layers), width=420, height=260)
    bench.panel.view.set_zoom(zoom)
    bench.panel.refresh()
    for x in range(0, bench.canvas.width(), 9):
        bench.canvas.scene.target_at(x, bench.canvas.height() / 2 + 20)
    assert not bench.picture().isNull()
