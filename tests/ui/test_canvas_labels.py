"""Names beside the input tiles: none is cut off, however long it is."""

from dataclasses import replace

import numpy as np
import pytest
from canvas_bench import Bench, dense
from PySide6.QtGui import QFontMetrics

from playground.document import edits
from playground.document.spec import Spec
from playground.ui.canvas.geometry import INPUT_ID
from playground.ui.canvas.labels import fitted
from playground.ui.fonts import body_font, load_fonts
from playground.ui.theme import LIGHT

NAMES = (
    "x₁",
    "sin x₁",
    "sepal length",
    "mean radius error",
    "sin(3·x₁)·x₂",
    "x₁² − 3·x₂",
    "sin(3·x₁)·x₂ + cos(5·x₂)·x₁",
)


@pytest.fixture
def metrics(qapp):
    load_fonts()
    return QFontMetrics(body_font())


@pytest.mark.parametrize("room_px", [30, 42, 60])
@pytest.mark.parametrize("name", NAMES)
def test_a_name_takes_at_most_two_lines_and_none_is_too_wide(metrics, name, room_px):
    lines = fitted(name, metrics, room_px).split("\n")
    assert len(lines) <= 2
    assert all(metrics.horizontalAdvance(line) <= room_px for line in lines)


def test_a_name_is_broken_at_a_space_before_it_is_shortened(metrics):
    assert fitted("sepal length", metrics, 40) == "sepal\nlength"
    assert fitted("sepal length", metrics, 200) == "sepal length"
    assert fitted("sin(3·x₁)·x₂ + x₁", metrics, 40).endswith("…")


def test_where_there_is_room_for_one_line_a_name_is_shortened(metrics):
    assert fitted("sepal length", metrics, 60, lines=1).startswith("sepal")
    assert "\n" not in fitted("sepal length", metrics, 60, lines=1)


def ink_beside_inputs(bench) -> np.ndarray:
    """For every row of pixels whether anything is written at the left of the inputs."""
    bench.panel.set_theme(replace(LIGHT, hairline=LIGHT.canvas))  # no grid
    place = bench.place(INPUT_ID)
    image, width = bench.picture(), round(place.x - place.tile / 2) - 3
    ground = image.pixelColor(0, 150)
    top = round(place.top) - 10
    return np.array(
        [any(image.pixelColor(x, y) != ground for x in range(width)) for y in range(top, round(place.bottom) + 10)]
    )


def test_names_of_two_lines_do_not_touch(qtbot):
    bench = Bench(qtbot, edits.set_dataset("iris")(Spec(layers=dense(10))), 688, 380)
    rows = ink_beside_inputs(bench)
    starts = np.flatnonzero(np.diff(rows.astype(int)) == 1)
    assert len(starts) in (4, 8)


def test_where_tiles_follow_closer_than_a_line_no_name_is_written(qtbot):
    bench = Bench(qtbot, Spec(features=("x1", "x2")), 688, 380)
    assert ink_beside_inputs(bench).any()
    bench.panel.view.set_zoom(0.25)
    bench.settle()
    assert not ink_beside_inputs(bench).any()


def test_a_long_formula_is_not_cut_off_at_the_edge_of_the_canvas(qtbot):
    """The left margin of the canvas looks as it does beside a short name."""
    margin = [
        Bench(qtbot, Spec(features=("x2", formula))).picture().copy(0, 120, 3, 300)
        for formula in ("x1", "sin(3*x1)*x2+cos(5*x2)*x1")
    ]
    assert margin[0] == margin[1]
