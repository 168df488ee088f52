"""The metrics tab: confusion matrices, precision and recall, or said against true, of training and test samples."""

import math

import numpy as np
import pytest
from plots_bench import show_view
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor

import nncore as nn
from playground.document import edits
from playground.document.spec import Data, Spec
from playground.engine.mirror import Mirror
from playground.engine.session import Session
from playground.ui.plots.confusion_cell import ConfusionCell, Place
from playground.ui.plots.metrics import MetricsView
from playground.ui.plots.scatter_cell import ScatterCell, figure_texts
from playground.ui.plots.scores import ClassFigures, ValueFigures, class_figures, figures_of, value_figures
from playground.ui.readout import score_text
from playground.ui.theme import DARK, LIGHT


def spec_of(dataset, samples=80):
    return edits.set_dataset(dataset)(Spec(data=Data(samples=samples)))


@pytest.fixture
def show(qtbot):
    def show(spec, width=666, height=150, theme=DARK) -> MetricsView:
        view = show_view(qtbot, MetricsView(), width, height, theme)
        mirror = Mirror(spec)
        mirror.load(mirror.network.values.copy())
        view.set_mirror(mirror)
        view.refresh()
        return view

    return show


def matrix_of(view, index=0) -> ConfusionCell:
    cell = view.cells[index]
    assert isinstance(cell, ConfusionCell)
    return cell


def scatter_of(view, index=0) -> ScatterCell:
    cell = view.cells[index]
    assert isinstance(cell, ScatterCell)
    return cell


def classes(figures) -> ClassFigures:
    assert isinstance(figures, ClassFigures)
    return figures


def values(figures) -> ValueFigures:
    assert isinstance(figures, ValueFigures)
    return figures


# -- figures --------------------------------------------------------------------------------------


@pytest.mark.parametrize("dataset", ["circle", "xor_truth_table", "blobs", "plane"])
@pytest.mark.parametrize("output", ["usual", "sigmoid"])
def test_the_figures_agree_with_what_the_bar_above_shows(dataset, output):
    spec = spec_of(dataset)
    if output == "sigmoid" and spec.dataset.task == "binary":
        spec = edits.set_loss("binary_crossentropy")(spec)  # targets 0 and 1 instead of -1 and +1
    session = Session(spec)
    session.step_epoch()
    mirror = Mirror(spec)
    mirror.load(session.network.values)
    metrics = session.metrics()
    found = figures_of(mirror)
    scores = [values(each).r2 if dataset == "plane" else classes(each).accuracy for each in found]
    both = [metrics.train_score, metrics.test_score]
    assert scores == pytest.approx(both[: len(scores)], abs=1e-6)


def test_every_sample_stands_in_the_row_of_its_class():
    mirror = Mirror(spec_of("blobs"))
    for figures, samples in zip(figures_of(mirror), (mirror.problem.train, mirror.problem.test), strict=True):
        counts = [int((samples.labels == label).sum()) for label in range(3)]
        assert classes(figures).counts.sum(axis=1).tolist() == counts


def test_what_would_be_nothing_divided_by_nothing_is_not_a_number():
    figures = class_figures(np.array([[1.0], [1.0]]), np.array([[1.0], [-1.0]]), 0.0)
    assert figures.counts.tolist() == [[0, 1], [0, 1]]
    assert figures.precision.tolist() == pytest.approx([math.nan, 0.5], nan_ok=True)
    assert figures.recall.tolist() == [0, 1]
    assert figures.f1.tolist() == pytest.approx([0, 2 / 3])


def test_errors_of_values_are_in_their_units():
    figures = value_figures(np.array([[1.0], [2.0], [7.0]]), np.array([[1.0], [4.0], [3.0]]))
    assert figures.rmse == pytest.approx(math.sqrt(20 / 3))
    assert figures.mae == pytest.approx(2.0)
    assert figures.r2 == pytest.approx(nn.metrics.r2([[1.0], [2.0], [7.0]], [[1.0], [4.0], [3.0]]))


@pytest.mark.parametrize("r2", [0.9949, 0.996, 0.99999, 1.0, -0.004, -20.0, math.nan])
def test_r2_reads_as_it_does_in_the_bar_above(r2):
    figures = value_figures(np.zeros((2, 1)), np.ones((2, 1)))._replace(r2=r2)
    assert figure_texts(figures)["R²"] == score_text(r2, "regression")
    assert (score_text(r2, "regression") == "1.00") == (r2 == 1)


@pytest.mark.parametrize("dataset", ["circle", "blobs", "plane"])
def test_a_network_that_has_run_away_has_no_figures_and_breaks_nothing(show, dataset):
    spec = spec_of(dataset)
    view, mirror = show(spec), Mirror(spec)
    mirror.load(np.full_like(mirror.network.values, np.nan))
    view.set_mirror(mirror)
    view.refresh()
    assert not view.grab().isNull()
    figures = figures_of(mirror)[0]
    if isinstance(figures, ClassFigures):
        assert figures.accuracy == 0
        assert figures.counts.sum() == 0
    else:
        assert math.isnan(figures.rmse)


# -- cells ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dataset", "titles"),
    [
        ("circle", ["Training · 40 samples", "Test · 40 samples"]),
        ("xor_truth_table", ["Training and test · 4 samples"]),
        ("plane", ["Training · 40 samples", "Test · 40 samples"]),
    ],
)
def test_each_set_has_a_cell_that_says_how_many_samples_it_is_of(show, dataset, titles):
    view = show(spec_of(dataset))
    assert [cell.title for cell in view.cells] == titles


def test_of_very_many_samples_it_says_how_many_are_counted(show):
    view = show(spec_of("circle", samples=10_000))
    assert view.cells[0].title == "Training · 2 000 of 5 000 samples"


def test_pointing_at_a_count_reads_it_out(show):
    view = show(spec_of("circle"))
    cell = matrix_of(view)
    counts = classes(cell.figures).counts
    view._move_cursor(cell.mapToScene(cell.field(Place(0, 1)).center()))
    total = counts[0].sum()
    share = f"{100 * counts[0, 1] / total:.1f} %"
    said = f"{counts[0, 1]} of {total} samples of class −1 were taken for +1, {share}"
    assert view.readout.text == f"Training · {said}"
    view._move_cursor(None)
    assert view.readout.text == "Point at a figure"


def test_pointing_at_a_figure_says_what_it_means(show):
    view = show(spec_of("circle"))
    cell = matrix_of(view, 1)
    view._move_cursor(cell.mapToScene(cell.field(Place(1, 2 + 1)).center()))
    assert view.readout.text.startswith("Test · class +1: ")
    assert view.readout.text.endswith("of its samples were found (recall)")


def test_a_class_that_was_never_said_has_no_precision_and_says_why(show):
    view = show(spec_of("circle"))
    cell = matrix_of(view)
    cell.show_figures("", class_figures(np.ones((3, 1)), np.array([[1.0], [1.0], [-1.0]]), 0.0))
    assert cell.set_cursor(cell.field(Place(0, 2)).center()) == "class −1: nothing was taken for it (precision)"


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
def test_the_fuller_a_field_the_stronger_its_colour(show, theme):
    view = show(spec_of("circle"), theme=theme)
    cell = matrix_of(view)
    said = np.array([[-1.0], [-1.0], [-1.0], [1.0]])
    cell.show_figures("", class_figures(said, -np.ones((4, 1)), 0.0))
    image = view.strip.canvas.grab().toImage()

    def color_at(place) -> QColor:
        corner = cell.mapToScene(cell.field(place).topLeft() + QPointF(3, 3)).toPoint()
        return image.pixelColor(corner)

    def distance(color, token) -> int:
        wanted = QColor(token)
        return abs(color.red() - wanted.red()) + abs(color.green() - wanted.green()) + abs(color.blue() - wanted.blue())

    full, quarter, empty = (color_at(place) for place in (Place(0, 0), Place(0, 1), Place(1, 0)))
    assert distance(full, theme.accent_fill) < distance(quarter, theme.accent_fill) < distance(empty, theme.accent_fill)


def test_ten_classes_are_readable_in_the_smallest_window(show):
    view = show(spec_of("digits", samples=400), width=654, height=174)
    cell = matrix_of(view)
    assert view.strip.horizontalScrollBar().maximum() == 0
    assert cell.is_legible
    fields = [cell.field(Place(row, column)) for row in range(10) for column in range(13)]
    fields = [field.adjusted(0.1, 0.1, -0.1, -0.1) for field in fields]
    assert all(cell.boundingRect().contains(field) for field in fields)
    assert not any(a.intersects(b) for i, a in enumerate(fields) for b in fields[i + 1 :])


def test_where_there_is_little_width_the_strip_scrolls(show):
    view = show(spec_of("digits", samples=400), width=400)
    assert view.strip.horizontalScrollBar().maximum() > 0


def test_a_right_prediction_stands_on_the_diagonal(show):
    view = show(spec_of("plane"))
    cell = scatter_of(view)
    said = np.array([[-0.5], [0.0], [0.7]])
    cell.show_figures("", value_figures(said, said))
    plot, places = cell.plot, cell.places()
    across = (places[:, 0] - plot.left()) / plot.width()
    up = (plot.bottom() - places[:, 1]) / plot.height()
    assert across == pytest.approx(up)
    assert (np.diff(places[:, 0]) > 0).all()


def test_a_prediction_beyond_the_plot_is_drawn_at_its_border(show):
    view = show(spec_of("plane"))
    cell = scatter_of(view)
    cell.show_figures("", value_figures(np.array([[1e9], [-1e9]]), np.array([[0.1], [0.2]])))
    assert cell.places()[:, 1].tolist() == pytest.approx([cell.plot.top(), cell.plot.bottom()])
    assert not view.grab().isNull()


def test_pointing_at_a_sample_reads_out_both_values(show):
    view = show(spec_of("plane"))
    cell = scatter_of(view)
    cell.show_figures("", value_figures(np.array([[0.25]]), np.array([[0.5]])))
    assert cell.set_cursor(QPointF(*cell.places()[0])) == "true 0.5, predicted 0.25"
    assert cell.set_cursor(QPointF(-100, -100)) == ""


# -- view -----------------------------------------------------------------------------------------


def test_cells_stay_while_the_data_ask_for_the_same(show):
    view = show(spec_of("circle"))
    before = list(view.cells)
    view.set_mirror(Mirror(edits.set_noise(0.2)(spec_of("circle"))))
    assert view.cells == before
    view.set_mirror(Mirror(spec_of("blobs")))
    assert len(matrix_of(view).names) == 3
    view.set_mirror(Mirror(spec_of("plane")))
    assert isinstance(view.cells[0], ScatterCell)


def test_nothing_is_computed_while_nobody_looks(show, monkeypatch):
    view = show(spec_of("circle"))
    computed = []
    monkeypatch.setattr(
        "playground.ui.plots.metrics.figures_of", lambda mirror: computed.append(1) or figures_of(mirror)
    )
    view.hide()
    view.set_mirror(Mirror(spec_of("circle")))
    assert computed == []
    view.show()
    assert computed == [1]


def test_refreshing_follows_the_network(show):
    spec = spec_of("gauss")
    view = show(spec)
    session = Session(spec)
    for _ in range(40):
        session.step_epoch()
    mirror = Mirror(spec)
    mirror.load(session.network.values)
    view.set_mirror(mirror)
    view.refresh()
    assert classes(matrix_of(view).figures).accuracy == 1.0
