"""What the mouse does on the canvas: the picture moves along, and the document changes once, on release."""

import pytest
from canvas_bench import Bench, activation_mime, dense, kind_mime
from PySide6.QtCore import QMimeData, QPoint, Qt

from playground.document import edits
from playground.document.spec import MAX_LAYERS, Layer, Spec


@pytest.fixture
def bench(qtbot):
    return Bench(qtbot, Spec(layers=dense(4, 3, 2)))


def beyond(bench, key, dx=30):
    return bench.unit_point(key) + QPoint(dx, 0)


@pytest.mark.parametrize(("behind", "order"), [(-1, [4, 1, 2, 3]), (1, [1, 4, 2, 3]), (3, [1, 2, 3, 4])])
def test_a_kind_from_the_palette_lands_where_it_is_dropped(bench, behind, order):
    bench.drop(kind_mime("dense"), [QPoint(400, 200), beyond(bench, behind)])
    assert bench.ids == order
    assert bench.edits == ["Add layer"]
    assert bench.canvas.selected == 4


def test_while_something_is_dragged_only_the_picture_changes(bench):
    apart = bench.place(2).x - bench.place(1).x
    bench.hold_over(kind_mime("dropout"), beyond(bench, 1))
    assert bench.place(2).x - bench.place(1).x > apart + 20
    assert bench.canvas.stage.gap_x is not None
    assert bench.edits == []


def test_leaving_the_canvas_takes_the_preview_back(bench):
    before = [place.x for place in bench.canvas.stage.places]
    bench.drop(kind_mime("dense"), [beyond(bench, 1)], leave=True)
    assert [place.x for place in bench.canvas.stage.places] == pytest.approx(before)
    assert bench.canvas.stage.gap_x is None
    assert bench.edits == []


def test_what_is_not_ours_is_not_taken(bench):
    text = QMimeData()
    text.setText("dense")
    bench.drop(text, [beyond(bench, 1)])
    bench.drop(kind_mime("no such kind"), [beyond(bench, 1)])
    assert bench.edits == []


def test_an_activation_is_dropped_on_a_layer(bench):
    bench.drop(activation_mime("relu"), [QPoint(400, 200), bench.unit_point(2)])
    assert [layer.activation for layer in bench.document.spec.layers] == ["tanh", "relu", "tanh"]
    assert bench.edits == ["Change activation"]


def test_an_activation_is_dropped_on_the_output(bench):
    bench.drop(activation_mime("identity"), [bench.unit_point(0)])
    assert bench.document.spec.output_activation == "identity"


def test_the_layer_an_activation_hovers_over_is_highlighted(bench):
    bench.hold_over(activation_mime("relu"), bench.unit_point(2))
    assert bench.canvas.heads[2].state == "target"
    bench.drop(activation_mime("relu"), [bench.unit_point(2)], leave=True)
    assert bench.canvas.heads[2].state == ""


def test_an_activation_means_nothing_to_the_input_and_to_dropout(qtbot):
    bench = Bench(qtbot, Spec(layers=(*dense(4), Layer("dropout", 2))))
    bench.drop(activation_mime("relu"), [bench.unit_point(2)])
    bench.drop(activation_mime("relu"), [bench.unit_point(-1)])
    assert bench.edits == []


def test_a_layer_is_dragged_to_another_place_by_its_head(bench):
    bench.drag(bench.head_point(1), bench.head_point(2), beyond(bench, 3))
    assert bench.ids == [2, 3, 1]
    assert bench.edits == ["Move layer"]


def test_a_layer_is_dragged_by_its_column_too(bench):
    bench.drag(bench.unit_point(3), bench.unit_point(2), bench.unit_point(1) - QPoint(30, 0))
    assert bench.ids == [3, 1, 2]


def test_the_dragged_layer_follows_the_cursor_and_nothing_is_edited_yet(bench):
    start = bench.head_point(1)
    bench.drag(start, start + QPoint(140, 10), release=False)
    assert bench.place(1).x == pytest.approx(start.x() + 140, abs=2)
    assert bench.canvas.heads[1].state == "lifted"
    assert bench.edits == []


def test_escape_gives_a_drag_up(bench):
    before = [place.x for place in bench.canvas.stage.places]
    bench.drag(bench.head_point(1), beyond(bench, 3), release=False)
    bench.press(Qt.Key.Key_Escape)
    assert [place.x for place in bench.canvas.stage.places] == pytest.approx(before)
    assert bench.edits == []


def test_a_layer_put_back_where_it_was_is_no_edit(bench):
    start = bench.head_point(2)
    bench.drag(start, start + QPoint(40, 20), start + QPoint(2, 0))
    assert bench.edits == []
    assert bench.canvas.selected == 2


def test_a_small_movement_is_a_click_that_selects(bench):
    start = bench.head_point(2)
    bench.drag(start, start + QPoint(2, 1))
    assert bench.canvas.selected == 2
    assert bench.canvas.heads[2].state == "selected"
    assert bench.edits == []


def test_a_layer_dragged_off_the_canvas_is_removed_and_the_picture_says_so_before(bench):
    outside = QPoint(300, bench.canvas.height() + 40)
    bench.drag(bench.head_point(2), QPoint(300, 200), outside, release=False)
    assert bench.canvas.heads[2].state == "removing"
    assert bench.edits == []
    bench.release(outside)
    assert bench.ids == [1, 3]
    assert bench.edits == ["Remove layer"]


def test_all_hidden_layers_can_go(bench):
    for _ in range(3):
        bench.drag(bench.head_point(bench.ids[0]), QPoint(300, 200), QPoint(300, -90))
    assert bench.ids == []
    bench.drop(kind_mime("dense"), [QPoint(300, 200)])
    assert bench.ids == [4]


def test_undo_brings_the_order_and_the_heads_back(bench):
    bench.drag(bench.head_point(1), beyond(bench, 3))
    bench.document.undo()
    bench.settle()
    assert bench.ids == [1, 2, 3]
    heads = [bench.canvas.heads[key].x() for key in (1, 2, 3)]
    assert heads == sorted(heads)


def test_a_layer_that_vanishes_while_it_is_dragged_ends_the_drag(bench):
    bench.document.apply(edits.add_layer(at=3, kind="dense"))
    bench.drag(bench.head_point(4), QPoint(300, 200), release=False)
    bench.document.undo()
    bench.drag(bench.head_point(1), bench.head_point(1) + QPoint(1, 0))
    assert bench.ids == [1, 2, 3]


def test_an_impossible_edit_is_a_message(qtbot):
    bench = Bench(qtbot, Spec(layers=dense(*[2] * MAX_LAYERS)))
    bench.drop(kind_mime("dense"), [QPoint(300, 200)])
    assert len(bench.ids) == MAX_LAYERS
    assert len(bench.messages) == 1
    assert str(MAX_LAYERS) in bench.messages[0]
