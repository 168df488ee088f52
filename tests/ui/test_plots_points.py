"""The points over the surface: each is seen, whatever lies below it and beside it."""

import gc
from functools import partial
from itertools import product

import numpy as np
import pytest
from msgspec.structs import replace
from plots_bench import PLANE, same_color, show_view, surface_of
from PySide6.QtCore import QPointF
from PySide6.QtGui import qGray

from playground.document.spec import Data
from playground.ui.theme import DARK, LIGHT


@pytest.fixture
def show(qtbot):
    """Show a view; it is closed and released when the test ends, as pyqtgraph needs it."""
    yield partial(show_view, qtbot)
    gc.collect()


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_many_points_show_the_colour_of_their_class_on_a_surface_of_another(show, theme):
    spec = replace(PLANE, data=Data("spiral", samples=1000, noise=0.0))
    view = surface_of(show, 0, 0, -9, spec=spec, theme=theme)
    train = view._mirror.problem.train
    positive = train.points[train.labels[:, 0] > 0]
    points = positive[::20]
    near = [pixels_at(view, points, right, down) for right, down in product((-1, 0, 1), repeat=2)]
    colored = [any(same_color(pixel, theme.positive, 40) for pixel in pixels) for pixels in zip(*near, strict=True)]
    assert np.mean(colored) > 0.9


def pixels_at(view, points, right=0, down=0):
    """The colours of the points, or of what is so many pixels beside them."""
    image = view.plot.grab().toImage()
    places = [view.plot.box.mapViewToScene(QPointF(*point)) for point in points]
    return [image.pixelColor(int(place.x()) + right, int(place.y()) + down) for place in places]


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
@pytest.mark.parametrize("samples", [4, 1000])
def test_a_point_on_a_surface_of_its_own_colour_has_a_dark_edge_in_a_light_one(show, theme, samples):
    data = Data("xor_truth_table") if samples == 4 else Data("spiral", samples=samples, noise=0.0)
    view = surface_of(show, 0, 0, 9, spec=replace(PLANE, data=data), theme=theme)
    train = view._mirror.problem.train
    positive = train.points[train.labels[:, 0] > 0]
    outermost = positive[np.hypot(*positive.T).argmax()]
    outwards = outermost / np.hypot(*outermost)
    steps = [(round(step * outwards[0]), round(-step * outwards[1])) for step in range(12)]
    lights = [qGray(pixels_at(view, [outermost], *step)[0].rgb()) for step in steps]
    dark, light = int(np.argmin(lights)), int(np.argmax(lights))
    assert 0 < dark < light < 11
    assert lights[dark] + 8 < lights[11] < lights[light] - 40
