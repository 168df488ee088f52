"""The heads of the layers: what they are called, and what they show where there is room for a name alone."""

import pytest
from canvas_bench import Bench, dense
from PySide6.QtCore import Qt

from playground.document import edits
from playground.document.spec import Layer, Spec
from playground.ui.canvas.geometry import TINY

NORMS = (Layer("batch_norm", 11), Layer("layer_norm", 12))


@pytest.fixture
def narrow(qtbot):
    """More columns than there is room for controls."""
    return Bench(qtbot, Spec(layers=(*dense(4, 4, 4, 4, 4), *NORMS)), width=500)


def spoken(bench, key):
    return [control.accessibleName() for control in bench.canvas.heads[key].controls]


def test_controls_are_called_by_the_name_of_their_layer_whatever_becomes_of_the_others(qtbot):
    bench = Bench(qtbot, Spec(layers=dense(4, 4)))
    assert spoken(bench, 2) == [
        *("Activation of Dense 2: tanh", "Less: Units of Dense 2", "Units of Dense 2", "More: Units of Dense 2"),
        "Remove Dense 2",
    ]
    bench.document.apply(edits.remove_layer(1))
    assert spoken(bench, 2) == [
        *("Activation of Dense 1: tanh", "Less: Units of Dense 1", "Units of Dense 1", "More: Units of Dense 1"),
        "Remove Dense 1",
    ]


@pytest.mark.parametrize("key", [2, 11, 12])
def test_the_head_that_opens_over_its_neighbours_is_as_high_as_what_it_holds(narrow, key):
    assert narrow.canvas.stage.layout.heads is TINY
    narrow.canvas.select(key)
    narrow.settle()
    head = narrow.canvas.heads[key]
    lowest = max(control.mapTo(head, control.rect().bottomLeft()).y() for control in head.controls)
    assert 0 <= head.height() - lowest <= 16


def test_a_head_without_room_says_its_name_and_its_number_in_its_tooltip(narrow):
    assert narrow.canvas.heads[2].toolTip() == "Dense 2 · 4: select it for its controls"
    assert narrow.canvas.heads[11].toolTip() == "BatchNorm 1: select it for its controls"


@pytest.mark.parametrize(("key", "numbered"), [(2, True), (11, False)])
def test_a_number_stands_at_the_top_of_a_narrow_head_and_the_name_at_its_bottom(narrow, key, numbered):
    image = narrow.canvas.heads[key].grab().toImage()
    ground = image.pixelColor(4, 30)

    def is_written(rows):
        return any(image.pixelColor(x, y) != ground for y in rows for x in range(4, image.width() - 4))

    assert is_written(range(6, 18)) == numbered
    assert is_written(range(image.height() - 18, image.height() - 6))


def test_delete_still_removes_a_layer_without_room(narrow):
    narrow.press(Qt.Key.Key_Right, Qt.Key.Key_Delete)
    assert narrow.ids == [2, 3, 4, 5, 11, 12]
