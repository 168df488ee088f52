"""Where everything on the canvas stands."""

from itertools import pairwise

import pytest

from playground.ui.canvas.geometry import (
    INPUT_ID,
    ROOMY,
    TILE_PX,
    Box,
    Column,
    Gap,
    arrange,
    needed_width,
    place_card,
)


def network(*units: int, inputs: int = 2) -> list[Column]:
    hidden = [Column(index, n) for index, n in enumerate(units, start=1)]
    return [Column(INPUT_ID, inputs, is_end=True), *hidden, Column(0, 1, is_end=True)]


def heads_of(layout):
    return [(p.x + p.head_shift - p.head_width / 2, p.x + p.head_shift + p.head_width / 2) for p in layout.places]


@pytest.mark.parametrize("layers", range(13))
def test_heads_never_overlap_and_stay_on_the_canvas(layers):
    columns = network(*[8] * layers)
    width = max(620, needed_width(columns))
    heads = heads_of(arrange(columns, width, 330))
    assert heads[0][0] >= 0
    assert heads[-1][1] <= width
    assert all(left[1] <= right[0] for left, right in pairwise(heads))


@pytest.mark.parametrize("units", [1, 2, 8, 12, 40, 128])
@pytest.mark.parametrize("height", [240, 330, 560])
def test_units_stay_inside_the_body_at_any_number(units, height):
    layout = arrange(network(units), 620, height)
    place = layout.place_of(1)
    assert place.ys[0] - place.tile / 2 >= layout.body_top - 1
    assert place.ys[-1] + place.tile / 2 <= layout.body_bottom + 1
    assert len(place.ys) + place.more == units
    assert all(b - a >= place.tile for a, b in pairwise(place.ys))


def test_tiles_have_their_full_size_where_there_is_room():
    assert {place.tile for place in arrange(network(8, 6, 4), 1150, 560).places} == {TILE_PX}


def test_columns_shrink_together_with_a_tall_one():
    assert len({place.tile for place in arrange(network(8, 6, 4), 620, 330).places}) == 1


def test_six_layers_fit_without_scrolling_in_a_small_window():
    assert needed_width(network(*[8] * 6)) <= 620


def test_three_layers_have_roomy_heads_in_a_small_window():
    assert arrange(network(8, 6, 4), 618, 330).heads is ROOMY


def test_a_gap_makes_the_neighbours_move_apart():
    columns = network(4, 4)
    before, after = arrange(columns, 780, 400), arrange(columns, 780, 400, Gap(1))
    assert after.gap_x is not None
    assert after.place_of(1).x < after.gap_x < after.place_of(2).x
    assert after.place_of(2).x - after.place_of(1).x > before.place_of(2).x - before.place_of(1).x


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
