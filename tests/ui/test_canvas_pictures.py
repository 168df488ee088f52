"""The pictures of links and neurons: pixels that mean something."""

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage, QPainter

from playground.ui.canvas.links import LinkBand, LinkField, LinkShape, link_width
from playground.ui.canvas.tiles import TileColumn, tile_rect
from playground.ui.theme import DARK, LIGHT


def band(x0, x1, left, right, seen=None):
    shape = LinkShape(x0, x1, tuple(left), tuple(right))
    return LinkBand(shape, shape.pixels_in(seen) if seen else None)


def draw(bands, weights, theme=LIGHT, seen=None):
    image = QImage(200, 120, QImage.Format.Format_RGB32)
    image.fill(QColor(theme.canvas))
    field = LinkField(bands, seen) if seen else LinkField(bands)
    field.update([np.array(w, np.float32) for w in weights], theme)
    painter = QPainter(image)
    field.paint(painter)
    painter.end()
    return image


def ink(image, x, theme=LIGHT):
    """How much of each row of a pixel column differs from the ground, 0 … 255."""
    ground = QColor(theme.canvas)
    return np.array([abs(image.pixelColor(x, y).red() - ground.red()) for y in range(image.height())])


def blue_minus_red(image, x, y):
    color = image.pixelColor(x, y)
    return color.blue() - color.red()


@pytest.mark.parametrize("theme", [DARK, LIGHT])
@pytest.mark.parametrize("sign", [-1, 1])
def test_a_link_has_the_colour_of_its_sign(theme, sign, qapp):
    image = draw([band(20, 180, [60], [60])], [[[sign * 4.0]]], theme)
    assert sign * blue_minus_red(image, 100, 60) > 40


def test_a_link_is_as_wide_as_its_weight_says(qapp):
    for weight in (0.2, 1.0, 4.0):
        image = draw([band(20, 180, [60.5], [60.5])], [[[weight]]])
        column = ink(image, 100)
        assert column.sum() / column.max() == pytest.approx(max(1, link_width(weight)), abs=0.6)


def test_links_go_from_left_unit_to_right_unit(qapp):
    """weights[right, left]: only the link from the lower left to the upper right is strong."""
    image = draw([band(20, 180, [20, 100], [20, 100])], [[[0, 5.0], [0, 0]]])
    assert ink(image, 25).argmax() == pytest.approx(100, abs=4)
    assert ink(image, 175).argmax() == pytest.approx(20, abs=4)


def test_a_steep_link_is_smooth_and_unbroken(qapp):
    image = draw([band(80, 120, [10], [110])], [[[3.0]]])
    assert all(ink(image, x).max() > 60 for x in range(82, 118))
    assert all(max(ink(image, x)[y] for x in range(80, 120)) > 40 for y in range(14, 106))


def test_bands_are_painted_side_by_side_where_they_belong(qapp):
    bands = [band(10, 90, [30], [30]), band(110, 190, [90], [90])]
    image = draw(bands, [[[3.0]], [[-3.0]]])
    assert blue_minus_red(image, 50, 30) > 40
    assert blue_minus_red(image, 150, 90) < -40
    assert ink(image, 100).max() == 0


@pytest.mark.parametrize(("top", "bottom"), [(0, 60), (40, 80), (70, 110)])
@pytest.mark.parametrize("ends", [([10], [110]), ([-400], [500]), ([55], [55])])
def test_what_is_seen_of_a_link_is_what_the_whole_picture_shows_there(top, bottom, ends, qapp):
    """Where only a part of the canvas is seen, only that part is computed."""
    weights = [[[3.0]]]
    whole = draw([band(20, 180, *ends)], weights)
    part = draw([band(20, 180, *ends, seen=(60, 140))], weights, seen=(top, bottom))
    for x in range(62, 138, 5):
        assert ink(part, x)[top + 1 : bottom - 1] == pytest.approx(ink(whole, x)[top + 1 : bottom - 1], abs=1)
        assert ink(part, x)[: max(0, top - 1)].sum() == 0
    assert ink(part, 50).sum() == 0


@pytest.mark.parametrize("theme", [DARK, LIGHT])
@pytest.mark.parametrize("weight", [np.nan, np.inf, -np.inf])
def test_a_weight_that_is_not_finite_is_a_dashed_line_without_a_sign(weight, theme, qapp):
    image = draw([band(20, 180, [60], [60])], [[[weight]]], theme)
    along = np.array([ink(image, x, theme).max() for x in range(22, 178)])
    assert along.max() > 25
    assert (along == 0).mean() == pytest.approx(0.5, abs=0.1)
    assert all(-5 < blue_minus_red(image, x, 60) < 40 for x in range(22, 178))


def test_links_that_are_finite_are_drawn_beside_broken_ones(qapp):
    image = draw([band(20, 180, [20, 100], [20, 100])], [[[3.0, np.nan], [np.nan, -3.0]]])
    assert blue_minus_red(image, 100, 20) > 40
    assert blue_minus_red(image, 100, 100) < -40


def test_the_nearest_link_is_found_within_reach_only(qapp):
    links = band(20, 180, [20, 100], [20, 100])
    assert links.nearest(100, 20) == (0, 0)
    assert links.nearest(30, 99) in {(1, 0), (1, 1)}
    assert links.nearest(178, 101) in {(0, 1), (1, 1)}
    assert links.nearest(100, 40) is None
    assert links.nearest(190, 20) is None


def test_the_map_of_a_neuron_is_the_right_way_up(qapp):
    """Row 0 of a map is the bottom of the plane, and of the tile."""
    maps = np.zeros((2, 100, 100), np.float32)
    maps[1, :50, :50] = 1  # low x2, low x1: lower left
    maps[1, 50:, 50:] = -1  # upper right
    column = TileColumn(range(2), 36, 1)
    column.update(maps, LIGHT)
    image = QImage(40, 40, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    column.paint(painter, 1, tile_rect(20, 20, 36))
    painter.end()
    assert image.pixelColor(8, 32) == QColor(LIGHT.positive)
    assert image.pixelColor(32, 8) == QColor(LIGHT.negative)
    assert abs(image.pixelColor(8, 8).blue() - QColor(LIGHT.zero).blue()) <= 2


def tile_pixels(map_, theme, tile=36):
    column = TileColumn(range(1), tile, 1)
    column.update(map_[None].astype(np.float32), theme)
    return [column.image.pixelColor(x, y) for y in range(tile) for x in range(tile)]


@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_a_map_that_is_not_a_number_is_hatched_in_grey(theme, qapp):
    colors = tile_pixels(np.full((100, 100), np.nan), theme)
    assert len({color.name() for color in colors}) == 2
    assert all(color.saturation() < 90 for color in colors)


@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_a_map_that_is_zero_everywhere_has_a_flat_line_on_the_colour_of_zero(theme, qapp):
    colors = tile_pixels(np.zeros((100, 100)), theme)
    assert colors[0] != QColor(theme.muted)
    line = [index for index, color in enumerate(colors) if color == QColor(theme.muted)]
    assert {index // 36 for index in line} == {17, 18}
    assert QColor(theme.muted) not in tile_pixels(np.full((100, 100), 0.01), theme)


@pytest.mark.parametrize("resolution", [100, 33, 20])
def test_a_column_draws_the_units_that_are_seen(resolution, qapp):
    """And maps of any resolution: those of a wide network are coarser."""
    maps = np.zeros((50, resolution, resolution), np.float32)
    maps[41] = 1
    column = TileColumn(range(40, 44), 12, 1)
    column.update(maps, LIGHT)
    assert column.image.height() == 4 * 12
    assert column.image.pixelColor(6, 18) == QColor(LIGHT.positive)
    assert column.image.pixelColor(6, 3) != QColor(LIGHT.positive)


def test_tiles_follow_new_maps(qapp):
    column = TileColumn(range(1), 20, 1)
    seen = []
    for value in (1, -1):
        column.update(np.full((1, 100, 100), value, np.float32), DARK)
        seen.append(column.image.pixelColor(10, 10))
    assert seen == [QColor(DARK.positive), QColor(DARK.negative)]
