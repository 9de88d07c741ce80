"""The map: scale, simpler borders without gaps, points in areas, short paths, pins."""

import math
import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from portal.core.geometry import (
    Bounds,
    Projection,
    bounds_of,
    in_polygon,
    label_point,
    polygons_of,
    ring_area,
    room_at,
    simplify_line,
    simplify_together,
    text_width,
)
from portal.core.town_map import group_pins, svg_path, town_map

SQUARE = [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0), (0.0, 0.0)]
HOLE = [(4.0, 4.0), (6.0, 4.0), (6.0, 6.0), (4.0, 6.0), (4.0, 4.0)]


def _wavy(steps: int = 60) -> list[tuple[float, float]]:
    """A common border from (10, 0) up to (10, 10) with waves."""
    return [(10 + math.sin(i) * 0.5 * (0 < i < steps), 10 * i / steps) for i in range(steps + 1)]


def _neighbours() -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
    left = [(0.0, 0.0), *_wavy(), (0.0, 10.0), (0.0, 0.0)]
    right = [(20.0, 0.0), (20.0, 10.0), *reversed(_wavy()), (20.0, 0.0)]
    return left, right


def test_projection_is_true_to_scale_and_has_an_inverse() -> None:
    projection = Projection.fit(Bounds(9.0, 50.0, 9.2, 50.1), width=1000, padding=10)
    west, east = projection.point(9.0, 50.05), projection.point(9.2, 50.05)
    south, north = projection.point(9.1, 50.0), projection.point(9.1, 50.1)
    assert (west[0], east[0]) == (10, 990)
    assert north[1] == pytest.approx(10)
    assert projection.height - 11 < south[1] <= projection.height - 10
    # 0.2 degrees of longitude at 50.05 N are 14.28 km, 0.1 of latitude 11.12 km on the sphere.
    assert (east[0] - west[0]) / (south[1] - north[1]) == pytest.approx(14.28 / 11.12, rel=0.002)
    assert projection.place(*projection.point(9.123, 50.045)) == pytest.approx((9.123, 50.045))


def test_bounds_of_nothing_is_an_error() -> None:
    assert bounds_of([(1, 5), (3, 2)]) == Bounds(1, 2, 3, 5)
    with pytest.raises(ValueError):
        bounds_of([])
    with pytest.raises(ValueError):
        polygons_of({"type": "Point", "coordinates": [1, 2]})


def test_points_in_polygons_with_holes() -> None:
    assert in_polygon(2, 2, [SQUARE, HOLE])
    assert not in_polygon(5, 5, [SQUARE, HOLE])
    assert not in_polygon(11, 5, [SQUARE, HOLE])
    assert in_polygon(2, 2, [SQUARE[:-1]])
    assert ring_area(SQUARE) == 100
    assert ring_area(SQUARE[::-1]) == -100


def test_straight_lines_lose_their_points_and_corners_stay() -> None:
    assert simplify_line([(0, 0), (1, 0.01), (2, 0), (2, 1), (2, 2)], 0.1) == [(0, 0), (2, 0), (2, 2)]
    assert simplify_line([(0, 0), (1, 1)], 5) == [(0, 0), (1, 1)]


_POINTS = st.lists(
    st.tuples(st.integers(-50, 50).map(float), st.integers(-50, 50).map(float)), min_size=3, max_size=40
)


@given(_POINTS, st.floats(0.1, 20))
@settings(max_examples=80, deadline=None)
def test_no_point_of_a_line_is_farther_away_than_the_tolerance(
    points: list[tuple[float, float]], tolerance: float
) -> None:
    simple = simplify_line(points, tolerance)
    assert simple[0] == points[0]
    assert simple[-1] == points[-1]
    position = 0
    for point in points:
        if position + 1 < len(simple) and point == simple[position + 1]:
            position += 1
        near = min(
            math.dist(point, (a[0] + (b[0] - a[0]) * t / 200, a[1] + (b[1] - a[1]) * t / 200))
            for a, b in zip(simple, simple[1:] or simple, strict=False)
            for t in range(201)
        )
        assert near <= tolerance + 0.8


def test_neighbours_keep_their_common_border() -> None:
    left, right = _neighbours()
    simple_left, simple_right = simplify_together([left, right], 0.3)
    assert 8 < len(simple_left) < len(left) * 0.9
    border_left = [point for point in simple_left if 9 < point[0] < 11]
    border_right = [point for point in simple_right if 9 < point[0] < 11]
    assert sorted(set(border_left)) == sorted(set(border_right))
    total = abs(ring_area(simple_left)) + abs(ring_area(simple_right))
    assert total == pytest.approx(200)


def test_of_two_equal_bumps_both_sides_keep_the_same() -> None:
    border = [(0.0, 0.0), (1.0, 2.0), (1.0, 4.0), (0.0, 6.0)]
    west = [(-5.0, 0.0), *border, (-5.0, 6.0)]
    east = [*reversed(border), (5.0, 0.0), (5.0, 6.0)]
    simple_west, simple_east = simplify_together([west, east], 0.9)
    bumps = [[point for point in ring if point[0] == 1.0] for ring in (simple_west, simple_east)]
    assert bumps[0] == bumps[1]
    assert len(bumps[0]) == 1


def test_an_island_and_the_hole_around_it_stay_alike() -> None:
    island = [(5 + 2 * math.cos(i / 10), 5 + 2 * math.sin(i / 10)) for i in range(62)]
    hole = [*island[20:], *island[:20]][::-1]
    sea, inner, ground = simplify_together([SQUARE, hole, island], 0.1)
    assert sea == SQUARE
    assert sorted(set(inner)) == sorted(set(ground))
    assert 6 < len(ground) < 30
    assert simplify_together([[(0, 0), (1, 0), (0, 1)]], 50) == [[(0, 0), (1, 0), (0, 1), (0, 0)]]


def test_name_stands_inside_and_far_from_the_border() -> None:
    (x, y), reach = label_point([SQUARE], 0.01)
    assert (x, y, reach) == pytest.approx((5, 5, 5), abs=0.2)
    horseshoe = [(0, 0), (10, 0), (10, 10), (8, 10), (8, 2), (2, 2), (2, 10), (0, 10), (0, 0)]
    point, reach = label_point([horseshoe])
    assert in_polygon(*point, [horseshoe])
    assert reach > 0.9
    around = label_point([SQUARE, HOLE])[0]
    assert in_polygon(*around, [SQUARE, HOLE])
    assert label_point([[(1, 1), (3, 1), (1, 1)]]) == ((2, 1), 0.0)


def test_room_for_a_name_is_measured_to_the_nearer_border() -> None:
    assert room_at((5, 5), [SQUARE]) == 10
    assert room_at((2, 5), [SQUARE]) == 4
    assert room_at((2, 5), [SQUARE, HOLE]) == 4
    assert room_at((50, 5), [SQUARE]) == 0
    assert 40 < text_width("Altstadt", 10) < 50


def _read_path(path: str) -> list[list[tuple[int, int]]]:
    """The points of a path as written by svg_path."""
    rings = []
    for part in re.findall(r"M[^M]+", path):
        numbers = [int(number) for number in re.findall(r"-?\d+", part)]
        points = [(numbers[0], numbers[1])]
        for dx, dy in zip(numbers[2::2], numbers[3::2], strict=True):
            points.append((points[-1][0] + dx, points[-1][1] + dy))
        rings.append(points)
    return rings


def test_path_is_short_and_goes_through_the_rounded_points() -> None:
    path = svg_path([[(0.4, 0.2), (10.2, 0), (9.6, -9.9), (0.4, 0.2)], [(100, 100), (90, 105), (95, 90)]])
    assert path == "M0 0l10 0 0-10zM100 100l-10 5 5-15z"
    assert _read_path(path) == [[(0, 0), (10, 0), (10, -10)], [(100, 100), (90, 105), (95, 90)]]
    assert svg_path([[(0, 0), (3, 4)]], closed=False) == "M0 0l3 4"
    assert svg_path([[(1, 1)], [], [(2.1, 2), (2.2, 2.3), (1.9, 2)]]) == ""


def test_map_of_two_neighbours() -> None:
    left, right = _neighbours()
    geometries = {
        "west": {"type": "Polygon", "coordinates": [[[9 + x / 100, 50 + y / 100] for x, y in left]]},
        "east": {"type": "MultiPolygon", "coordinates": [[[[9 + x / 100, 50 + y / 100] for x, y in right]]]},
    }
    town = town_map(geometries, width=600, tolerance=1.0)
    assert town.width == 600
    assert [area.key for area in town.areas] == ["west", "east"]
    west, east = town.areas
    assert west.x < 300 < east.x
    assert west.fits("Nord", 16)
    assert not west.fits("Ein sehr langer Name für einen Stadtteil", 16)
    assert all(0 <= x <= 600 and 0 <= y <= town.height for ring in _read_path(west.path) for x, y in ring)
    assert town.pin(9.1, 50.05) == (300, round(town.height / 2))
    assert town.pin(8.0, 50.05) is None
    with pytest.raises(ValueError):
        town_map({})


@given(st.lists(st.tuples(st.floats(0, 500), st.floats(0, 500)), max_size=60), st.floats(5, 80))
@settings(max_examples=60, deadline=None)
def test_every_pin_is_in_one_group_and_signs_keep_their_distance(
    pins: list[tuple[float, float]], distance: float
) -> None:
    groups = group_pins(pins, distance)
    assert sorted(index for group in groups for index in group.members) == list(range(len(pins)))
    for number, one in enumerate(groups):
        for other in groups[number + 1 :]:
            assert math.dist((one.x, one.y), (other.x, other.y)) > distance - 2
    assume(pins)
    assert group_pins(pins, distance) == groups
