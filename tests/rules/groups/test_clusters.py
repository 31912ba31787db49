"""Clusters on the map are exact: every group once, the same number whoever asks."""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from app.groups.rules.clusters import MAX_CELLS, MAX_ZOOM, cell_size_e5, gather, widen
from app.groups.rules.geo_search import Box
from tests.builders.finder_rows import columns_of
from tests.rules.groups.test_finder_search import row

POINTS = st.lists(
    st.tuples(st.integers(4_727_000, 5_505_000), st.integers(587_000, 1_503_000))
    | st.sampled_from([(5_094_000, 696_000), (5_094_001, 696_000)]),
    max_size=40,
)


@st.composite
def boxes(draw):
    west, south = draw(st.integers(-18_000_000, 17_999_999)), draw(st.integers(-9_000_000, 8_999_999))
    west, south = draw(st.sampled_from([(west, south), (600_000, 4_800_000), (696_000, 5_094_000)]))
    width = draw(st.integers(0, 18_000_000 - west) | st.integers(0, 1000))
    height = draw(st.integers(0, 9_000_000 - south) | st.integers(0, 1000))
    return Box(west, south, west + width, south + height)


ZOOMS = st.integers(0, 20)


@given(boxes(), st.integers(-3, 25))
def test_the_box_is_widened_outward_to_whole_cells_and_never_to_more_than_120(box, zoom):
    wide, level = widen(box, zoom)
    width, height = cell_size_e5(level)
    assert wide.west <= box.west
    assert wide.south <= box.south
    assert wide.east >= box.east
    assert wide.north >= box.north
    assert wide.west < wide.east
    assert wide.south < wide.north
    assert wide.west > box.west - width
    assert wide.south > box.south - height
    cells = (wide.east - wide.west) // width * ((wide.north - wide.south) // height)
    assert cells <= MAX_CELLS
    assert 0 <= level <= max(0, min(zoom, MAX_ZOOM))
    assert widen(wide, level) == (wide, level)


@given(POINTS, boxes(), ZOOMS)
def test_counts_add_up_to_the_groups_in_the_half_open_box(points, box, zoom):
    columns = columns_of([row(n, point=point) for n, point in enumerate(points, 1)])
    wide, level = widen(box, zoom)
    clusters = gather(columns, np.arange(columns.placed), level).within(wide)
    inside = [(y, x) for y, x in points if wide.west <= x < wide.east and wide.south <= y < wide.north]
    assert sum(cluster.count for cluster in clusters) == len(inside)
    assert len(clusters) <= MAX_CELLS
    assert sorted(cluster.count for cluster in clusters) == sorted(_by_cell(inside, level).values())
    for cluster in clusters:
        assert (cluster.row is None) == (cluster.count > 1)
        assert wide.west <= round(cluster.longitude * 1e5) < wide.east
        assert wide.south <= round(cluster.latitude * 1e5) < wide.north


@given(POINTS, st.tuples(boxes(), boxes()), ZOOMS)
def test_the_same_cell_answers_the_same_number_from_every_box(points, pair, zoom):
    columns = columns_of([row(n, point=point) for n, point in enumerate(points, 1)])
    answers = []
    for box in pair:
        wide, level = widen(box, zoom)
        grid = gather(columns, np.arange(columns.placed), level)
        answers.append({(level, cluster.cell): cluster for cluster in grid.within(wide)})
    for cell in answers[0].keys() & answers[1].keys():
        assert answers[0][cell] == answers[1][cell]


@given(POINTS, ZOOMS)
def test_a_single_group_stands_at_its_own_point_and_a_cluster_in_the_middle_of_its_groups(points, zoom):
    columns = columns_of([row(n, point=point) for n, point in enumerate(points, 1)])
    wide, level = widen(Box(500_000, 4_700_000, 1_600_000, 5_600_000), zoom)
    for cluster in gather(columns, np.arange(columns.placed), level).within(wide):
        if cluster.row is not None:
            point = (columns.lat_e5[cluster.row], columns.lon_e5[cluster.row])
            assert (round(cluster.latitude * 1e5), round(cluster.longitude * 1e5)) == point


def test_no_group_no_cell():
    columns = columns_of([])
    assert gather(columns, np.arange(0), 6).within(widen(Box(0, 0, 100, 100), 6)[0]) == []


def _by_cell(points, zoom):
    width, height = cell_size_e5(zoom)
    return Counter(((y + 9_000_000) // height, (x + 18_000_000) // width) for y, x in points)
