"""Distances, boxes and cells: known values, and what must hold for every point."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.groups.rules.geo_search import (
    AREA_CELL_LAT_E5,
    AREA_CELL_LON_E5,
    E5,
    EARTH_RADIUS_KM,
    MAX_TEXT_CELLS,
    Box,
    area_cell_centre,
    box_around,
    cell_tokens,
    chord_squared,
    chord_to_km,
    cover_tokens,
    to_e5,
    unit_vector,
)
from tests.support.globe import distance_km

LATITUDES = st.floats(-90, 90)
LONGITUDES = st.floats(-180, 180)
POINTS = st.tuples(LATITUDES, LONGITUDES)
IN_GERMANY = st.tuples(st.floats(47.2, 55.1), st.floats(5.8, 15.1))


@pytest.mark.parametrize(
    ("one", "other", "km"),
    [
        ((50.9413, 6.9583), (52.5200, 13.4050), 476.8),  # Köln Dom, Berlin
        ((48.1372, 11.5755), (53.5511, 9.9937), 612.5),  # München, Hamburg
        ((0, 0), (0, 180), math.pi * EARTH_RADIUS_KM),
        ((90, 0), (-90, 77), math.pi * EARTH_RADIUS_KM),
        ((0, 0), (1, 0), math.radians(1) * EARTH_RADIUS_KM),
        ((50, 7), (50, 7), 0),
    ],
)
def test_distances_are_those_of_the_great_circle(one, other, km):
    assert distance_km(*one, *other) == pytest.approx(km, abs=0.6)


@given(IN_GERMANY, IN_GERMANY)
def test_chords_say_the_same_as_distances(one, other):
    km = distance_km(*one, *other)
    chord2 = sum((p - q) ** 2 for p, q in zip(unit_vector(*one), unit_vector(*other), strict=True))
    assert chord_to_km(chord2) == pytest.approx(km, abs=1e-5)
    assert chord_to_km(chord_squared(km)) == pytest.approx(km, abs=1e-6)


@given(
    st.tuples(st.floats(-90, 90), st.floats(-150, 150)),
    st.floats(0.001, 400),
    st.floats(0, 2 * math.pi),
    st.floats(0, 1),
)
def test_the_box_around_a_point_holds_everything_within_the_radius(centre, radius_km, bearing, part):
    latitude, longitude = _go(*centre, radius_km * part, bearing)
    if distance_km(*centre, latitude, longitude) > radius_km:
        return
    box = box_around(*centre, radius_km)
    assert box.south <= to_e5(latitude) < box.north
    assert box.west <= to_e5(longitude) < box.east


@given(IN_GERMANY, st.floats(1, 200))
def test_the_box_is_hardly_larger_than_needed(centre, radius_km):
    box = box_around(*centre, radius_km)
    corner_km = distance_km(*centre, box.north / E5, box.east / E5)
    assert corner_km < radius_km * 1.5 + 0.01


@given(POINTS)
def test_a_coarse_cell_has_one_centre_that_lies_in_it_and_stays_when_asked_again(point):
    centre = area_cell_centre(*point)
    assert area_cell_centre(*centre) == centre
    assert area_cell_centre(*point) == centre
    assert abs(to_e5(point[0]) - to_e5(centre[0])) <= AREA_CELL_LAT_E5 / 2
    assert abs(to_e5(point[1]) - to_e5(centre[1])) <= AREA_CELL_LON_E5 / 2


def test_all_points_of_a_coarse_cell_are_told_alike():
    random.seed(1)
    south, west = 50.90, 6.96
    inside = [
        (south + random.uniform(0.0001, 0.0499), west + random.uniform(0.0001, 0.0799)) for _ in range(500)
    ]
    assert len({area_cell_centre(*point) for point in inside}) == 1


@given(
    IN_GERMANY,
    st.integers(1, 400_000),
    st.integers(1, 300_000),
    st.floats(0, 0.999999),
    st.floats(0, 0.999999),
)
def test_the_cells_that_cover_a_box_hold_every_point_in_it(corner, width, height, x, y):
    west, south = to_e5(corner[1]), to_e5(corner[0])
    box = Box(west, south, west + width, south + height)
    cover = cover_tokens(box)
    assert len(cover) <= MAX_TEXT_CELLS
    lat, lon = south + int(height * y), west + int(width * x)
    if cover:
        assert set(cover) & set(cell_tokens(lat, lon))


def test_a_box_too_large_for_cells_is_not_covered_by_any():
    assert cover_tokens(Box(500_000, 4_700_000, 1_500_000, 5_500_000)) == []


def _go(latitude: float, longitude: float, km: float, bearing: float) -> tuple[float, float]:
    """Answer the point so far away in a direction."""
    angle = km / EARTH_RADIUS_KM
    phi = math.radians(latitude)
    sin_phi2 = math.sin(phi) * math.cos(angle) + math.cos(phi) * math.sin(angle) * math.cos(bearing)
    phi2 = math.asin(max(-1.0, min(1.0, sin_phi2)))
    d_lambda = math.atan2(
        math.sin(bearing) * math.sin(angle) * math.cos(phi), math.cos(angle) - math.sin(phi) * sin_phi2
    )
    longitude2 = (longitude + math.degrees(d_lambda) + 540) % 360 - 180
    return math.degrees(phi2), longitude2
