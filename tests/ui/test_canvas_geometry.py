"""Where everything on the canvas stands."""

from itertools import pairwise

import pytest

from playground.ui.canvas.boxes import Box, place_card
from playground.ui.canvas.geometry import (
    COMPACT,
    INPUT_ID,
    LARGEST_TILE_PX,
    MOST_TILES,
    ROOMY,
    TILE_PX,
    TINY,
    Column,
    Gap,
    arrange,
    needed_width,
)


def network(*units: int, inputs: int = 2) -> list[Column]:
    hidden = [Column(index, n) for index, n in enumerate(units, start=1)]
    return [Column(INPUT_ID, inputs, is_end=True), *hidden, Column(0, 1, is_end=True)]


def heads_of(layout):
    return [(p.x + p.head_shift - p.head_width / 2, p.x + p.head_shift + p.head_width / 2) for p in layout.places]


@pytest.mark.parametrize("layers", range(33))
def test_heads_never_overlap_and_stay_on_the_canvas(layers):
    columns = network(*[8] * layers)
    width = max(620, needed_width(columns))
    heads = heads_of(arrange(columns, width, 330))
    assert heads[0][0] >= 0
    assert heads[-1][1] <= width
    assert all(left[1] <= right[0] for left, right in pairwise(heads))


@pytest.mark.parametrize("width", [420, 686, 1206])
@pytest.mark.parametrize("layers", range(1, 32, 3))
def test_heads_leave_a_new_layer_the_room_held_for_it(layers, width):
    columns = network(*[8] * layers)
    for gap in map(Gap, range(layers + 1)):
        layout = arrange(columns, max(width, needed_width(columns, gap)), 330, gap)
        half = layout.heads.layer / 2
        assert layout.gap_x is not None
        heads = sorted([*heads_of(layout), (layout.gap_x - half, layout.gap_x + half)])
        assert all(left[1] <= right[0] for left, right in pairwise(heads))


def test_heads_do_not_overlap_even_where_room_is_short():
    columns = network(*[8] * 32)
    heads = heads_of(arrange(columns, needed_width(columns) - 100, 330))
    assert all(left[1] <= right[0] for left, right in pairwise(heads))


@pytest.mark.parametrize("units", [1, 2, 8, 12, 40, 128, 1024])
@pytest.mark.parametrize("height", [240, 330, 560])
def test_units_stay_inside_the_body_at_any_number(units, height):
    layout = arrange(network(units), 620, height)
    place = layout.place_of(1)
    assert place.top >= layout.body_top - 1
    assert place.bottom <= layout.body_bottom + 1
    assert place.mosaic is not None or len(place.ys) == units
    assert all(b - a >= place.tile for a, b in pairwise(place.ys))


@pytest.mark.parametrize(
    ("units", "height", "folds"), [(8, 330, False), (24, 700, False), (25, 700, True), (24, 330, True)]
)
def test_a_layer_is_folded_if_its_units_do_not_fit_or_are_too_many(units, height, folds):
    place = arrange(network(units), 620, height).place_of(1)
    assert (place.mosaic is not None) == folds
    assert units <= MOST_TILES or folds


def test_tiles_grow_with_the_room_there_is():
    assert all(TILE_PX <= place.tile <= 40 for place in arrange(network(4, 4, 4), 686, 380).places)
    assert all(45 <= place.tile <= 48 for place in arrange(network(8, 6, 4), 1206, 570).places)
    assert {place.tile for place in arrange(network(4, 2), 1206, 570).places} == {LARGEST_TILE_PX}


def test_links_keep_most_of_the_way_between_two_columns():
    places = arrange(network(*[2] * 6), 1206, 570).places
    assert all(right.x - left.x > 3 * left.tile for left, right in pairwise(places))


@pytest.mark.parametrize("layers", [2, 3, 6])
def test_the_columns_fill_a_wide_canvas(layers):
    places = arrange(network(*[4] * layers), 1206, 570).places
    assert places[0].x < 145
    assert places[-1].x > 1206 - 145


def test_columns_shrink_together_with_a_tall_one():
    assert len({place.tile for place in arrange(network(8, 6, 4), 620, 330).places}) == 1


def test_six_layers_fit_without_scrolling_in_a_small_window():
    assert arrange(network(*[8] * 6), 686, 330).heads is COMPACT


def test_thirty_layers_fit_into_700_pixels_under_their_names():
    columns = network(*[8] * 30)
    assert needed_width(columns) <= 700
    layout = arrange(columns, 700, 470)
    assert layout.heads is TINY
    assert all(right.x - left.x > left.tile + 4 for left, right in pairwise(layout.places))


def test_three_layers_have_roomy_heads_in_a_small_window():
    assert arrange(network(8, 6, 4), 618, 330).heads is ROOMY


def test_a_gap_makes_the_neighbours_move_apart():
    columns = network(4, 4)
    before, after = arrange(columns, 780, 400), arrange(columns, 780, 400, Gap(1))
    assert after.gap_x is not None
    assert after.place_of(1).x < after.gap_x < after.place_of(2).x
    assert after.place_of(2).x - after.place_of(1).x > before.place_of(2).x - before.place_of(1).x


# -- zoom -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("zoom", [0.25, 0.5, 0.8])
def test_zoomed_out_the_network_is_smaller_and_in_the_middle(zoom):
    whole, small = (arrange(network(4, 4), 780, 400, None, zoom) for zoom in (1, zoom))
    width = [places[-1].x - places[0].x for places in (whole.places, small.places)]
    assert width[1] == pytest.approx(width[0] * zoom, abs=40)
    assert small.places[1].tile < whole.places[1].tile
    assert (small.places[0].head_left + small.places[-1].head_right) / 2 == pytest.approx(390, abs=30)
    assert small.middle == pytest.approx(small.places[0].ys[0] / 2 + small.places[0].ys[-1] / 2, abs=1)


@pytest.mark.parametrize("zoom", [1.25, 2, 4])
def test_zoomed_in_tiles_and_distances_grow(zoom):
    whole, large = (arrange(network(4, 4), 780 * zoom, 400 * zoom, None, zoom) for zoom in (1, zoom))
    assert large.places[1].tile == pytest.approx(whole.places[1].tile * zoom, rel=0.15)
    assert large.pitch == pytest.approx(whole.pitch * zoom, rel=0.15)


def test_zooming_opens_what_was_folded_and_the_heads():
    columns = network(*[20] * 12)
    whole, large = (arrange(columns, 690 * zoom, 330 * zoom, None, zoom) for zoom in (1, 4))
    assert whole.heads is TINY
    assert large.heads is ROOMY
    assert whole.place_of(1).mosaic is not None
    assert large.place_of(1).mosaic is None


def test_a_point_is_found_again_in_another_layout():
    before, after = arrange(network(4, 4), 780, 400), arrange(network(4, 4), 1560, 800, None, 2)
    for old, new in zip(before.places, after.places, strict=True):
        for old_y, new_y in zip(old.ys, new.ys, strict=True):
            assert before.carried_to(after, old.x, old_y) == pytest.approx((new.x, new_y), abs=2)


@pytest.mark.parametrize(("x", "position"), [(0, 0), (10_000, 3)])
def test_a_drop_outside_the_columns_lands_at_the_end(x, position):
    assert arrange(network(4, 4, 4), 780, 400).position_at(x) == position


def test_a_drop_lands_between_the_layers_left_and_right_of_it():
    layout = arrange(network(4, 4, 4), 780, 400)
    assert layout.position_at(layout.place_of(1).x + 1) == 1
    assert layout.position_at(layout.place_of(3).x - 1) == 2


@pytest.mark.parametrize("anchor", [(0, 0), (600, 0), (0, 300), (600, 300), (300, 150)])
def test_a_card_stays_in_bounds_and_off_what_it_explains(anchor):
    bounds = Box(0, 0, 600, 300)
    link = [(anchor[0] + t, anchor[1]) for t in range(-60, 61, 20)]
    left, top = place_card(anchor, (180, 52), bounds, link)
    assert 0 <= left <= 600 - 180
    assert 0 <= top <= 300 - 52
    assert not any(Box(left, top, 180, 52).contains(x, y) for x, y in link)
