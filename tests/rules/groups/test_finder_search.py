"""The finder's answer equals looking at every group in turn: hits, facets, numbers, order and pages."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.groups.rules.finder_search import Circle, Filters, distances_km, nearest, order_rows, search
from app.groups.rules.vocabulary import FACETS
from tests.builders.finder_rows import (
    CHOSEN,
    Row,
    columns_of,
    filters,
    naive_facets,
    naive_ids,
    naive_online,
    naive_order,
    packed,
    row_lists,
)
from tests.builders.groups import make_rule

MANY_ROWS = row_lists(40)


def found(columns, asked):
    return set(columns.group_id[search(columns, asked).rows].tolist())


def row(group_id, **given):
    usual = {
        "point": (5_094_000, 696_000),
        "facts": {"format": ("in_person",), "status": ("open",), "for": ("affected",)}
        | dict.fromkeys(("access", "audience", "language"), ()),
        "topics": (1,),
        "clearinghouse": 1,
        "district": 5315,
        "series": (),
    }
    return Row(group_id=group_id, **{**usual, **given})


@settings(max_examples=150)
@given(MANY_ROWS, filters())
def test_hits_facets_and_online_groups_are_those_of_looking_at_each(some, asked):
    columns = columns_of(some)
    hits = search(columns, asked, with_facets=True)
    assert set(columns.group_id[hits.rows].tolist()) == naive_ids(some, asked)
    assert hits.total == len(hits.rows) == len(set(hits.rows.tolist()))
    assert hits.facets == naive_facets(some, asked)
    assert hits.online_total == naive_online(some, asked)


@settings(max_examples=80)
@given(MANY_ROWS, filters(), st.sets(st.integers(1, 60), max_size=30))
def test_a_text_search_narrows_all_of_it(some, asked, ids):
    asked = replace(asked, group_ids=np.array(sorted(ids), np.int64))
    columns = columns_of(some)
    hits = search(columns, asked, with_facets=True)
    assert set(columns.group_id[hits.rows].tolist()) == naive_ids(some, asked)
    assert hits.facets == naive_facets(some, asked)
    assert hits.online_total == naive_online(some, asked)


@settings(max_examples=100)
@given(MANY_ROWS, filters(), st.integers(1, 7))
def test_pages_follow_each_other_without_gap_or_repetition(some, asked, size):
    columns = columns_of(some)
    hits = search(columns, asked)
    by_distance = asked.circle is not None
    rank = np.nan_to_num(hits.chord2, nan=8.0) if by_distance else columns.next_at[hits.rows]
    pages = [
        columns.group_id[order_rows(columns, hits.rows, rank, offset=offset, limit=size)].tolist()
        for offset in range(0, hits.total + size, size)
    ]
    listed = [group_id for page in pages for group_id in page]
    assert all(len(page) == size for page in pages[: hits.total // size])
    assert sorted(listed) == sorted(naive_ids(some, asked))
    expected = naive_order(some, asked, by_distance=by_distance)
    assert _ranks(some, asked, listed) == _ranks(some, asked, expected)
    if not by_distance:
        assert listed == expected


@settings(max_examples=100)
@given(MANY_ROWS, filters(), st.integers(1, 12))
def test_the_nearest_are_the_first_of_the_whole_search(some, asked, count):
    asked = replace(asked, circle=asked.circle or Circle(50.94, 6.96, 200.0), districts=None)
    columns = columns_of(some)
    hits = search(columns, asked)
    assert hits.chord2 is not None
    rank = np.nan_to_num(hits.chord2, nan=8.0)
    expected = order_rows(columns, hits.rows, rank, offset=0, limit=count)
    assert nearest(columns, asked, count=count).tolist() == expected.tolist()


@settings(max_examples=40)
@given(MANY_ROWS, MANY_ROWS, filters())
def test_a_search_after_changes_equals_one_on_new_arrays(before, after, asked):
    ids = {each.group_id for each in before} | {each.group_id for each in after}
    columns = columns_of(before).merged(sorted(ids), *packed(after))
    assert found(columns, asked) == naive_ids(after, asked)


@pytest.mark.parametrize(("facet", "value"), [(name, value) for name in CHOSEN for value in FACETS[name]])
def test_each_value_of_each_filter_finds_who_has_it(facet, value):
    has = row(1, facts={**row(1).facts, facet: (value,)})
    has = replace(has, point=None) if value == "online" else has
    other = next(each for each in FACETS[facet] if each != value)
    lacks = row(2, facts={**row(2).facts, facet: (other,) if facet in {"format", "status", "for"} else ()})
    assert found(columns_of([has, lacks]), Filters(values={facet: (value,)})) == {1}


def test_repeating_access_means_all_of_them_and_repeating_a_language_any():
    both = row(1, facts={**row(1).facts, "access": ("lift", "step_free"), "language": ("de",)})
    one = row(2, facts={**row(2).facts, "access": ("lift",), "language": ("tr",)})
    columns = columns_of([both, one])
    assert found(columns, Filters(values={"access": ("lift", "step_free")})) == {1}
    assert found(columns, Filters(values={"language": ("de", "tr")})) == {1, 2}


def test_an_evening_may_last_until_after_midnight():
    from datetime import time

    times = {1: time(21, 59), 2: time(22), 3: time(23, 45), 4: time(0, 30), 5: time(1)}
    columns = columns_of(
        [row(group_id, series=(make_rule(starts_at_local=start),)) for group_id, start in times.items()]
    )
    assert found(columns, Filters(minutes=(22 * 60, 60))) == {2, 3, 4}
    assert found(columns, Filters(minutes=(60, 22 * 60))) == {1, 5}
    assert found(columns, Filters(minutes=(22 * 60, 22 * 60))) == set()


def test_day_and_time_must_be_those_of_one_meeting():
    from datetime import time

    tuesday_morning = make_rule(weekday=2, starts_at_local=time(10))
    thursday_evening = make_rule(weekday=4, starts_at_local=time(19))
    columns = columns_of([row(1, series=(tuesday_morning, thursday_evening))])
    evening = (18 * 60, 22 * 60)
    assert found(columns, Filters(values={"weekday": ("2",)}, minutes=evening)) == set()
    assert found(columns, Filters(values={"weekday": ("4",)}, minutes=evening)) == {1}
    facets = search(columns, Filters(minutes=evening), with_facets=True).facets
    assert (facets["weekday"]["2"], facets["weekday"]["4"]) == (0, 1)
    facets = search(columns, Filters(values={"weekday": ("2",)}, minutes=evening), with_facets=True).facets
    assert (facets["weekday"]["2"], facets["weekday"]["4"]) == (0, 1)


def test_the_edge_of_a_radius_belongs_to_it_and_that_of_a_box_only_in_the_south_and_west():
    from app.groups.rules.geo_search import Box
    from tests.support.globe import distance_km

    columns = columns_of([row(1)])
    edge = distance_km(50.94, 6.96, 50.99, 6.96)
    assert found(columns, Filters(circle=Circle(50.99, 6.96, edge + 1e-6))) == {1}
    assert found(columns, Filters(circle=Circle(50.99, 6.96, edge - 1e-6))) == set()
    assert found(columns, Filters(box=Box(696_000, 5_094_000, 696_001, 5_094_001))) == {1}
    assert found(columns, Filters(box=Box(695_000, 5_094_000, 696_000, 5_094_001))) == set()
    assert found(columns, Filters(box=Box(696_000, 5_093_000, 696_001, 5_094_000))) == set()


def test_online_groups_are_counted_beside_a_place_and_listed_when_asked_for():
    online = row(2, point=None, district=0, facts={**row(2).facts, "format": ("online",)})
    columns = columns_of([row(1), online])
    near = Filters(circle=Circle(50.94, 6.96, 5))
    hits = search(columns, near)
    assert (hits.total, hits.online_total) == (1, 1)
    assert found(columns, replace(near, values={"format": ("online",)})) == {2}
    assert search(columns, replace(near, values={"format": ("online",)})).online_total == 0
    assert found(columns, Filters()) == {1, 2}


def test_distances_are_in_kilometres_and_none_for_online_groups():
    columns = columns_of([row(1), row(2, point=None)])
    near, nowhere = distances_km(columns, np.arange(2), 50.94, 6.96)
    assert near == pytest.approx(0, abs=1e-6)
    assert nowhere is None


def test_nearest_needs_a_point():
    with pytest.raises(ValueError, match="circle"):
        nearest(columns_of([]), Filters(), count=1)


def _ranks(some, asked, ids):
    """What decides about the order; distances equal to a micrometre are equal."""
    if asked.circle is None:
        return ids
    by_id = {each.group_id: each for each in some}
    from tests.builders.finder_rows import _km

    return [round(_km(by_id[group_id], asked.circle), 6) for group_id in ids]
