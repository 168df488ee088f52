"""Names beside the input tiles: none is cut off, however long it is."""

import pytest
from canvas_bench import Bench
from PySide6.QtGui import QFontMetrics

from playground.document.spec import Spec
from playground.ui.canvas.labels import fitted
from playground.ui.fonts import body_font, load_fonts

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


def test_a_long_formula_is_not_cut_off_at_the_edge_of_the_canvas(qtbot):
    """The left margin of the canvas looks as it does beside a short name."""
    margin = [
        Bench(qtbot, Spec(features=("x2", formula))).picture().copy(0, 120, 3, 300)
        for formula in ("x1", "sin(3*x1)*x2+cos(5*x2)*x1")
    ]
    assert margin[0] == margin[1]
