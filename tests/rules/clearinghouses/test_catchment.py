"""Catchment: who is responsible, by the table and never by distance."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.clearinghouses.rules.catchment import (
    CatchmentRow,
    nearest,
    responsible_for_districts,
    responsible_for_point,
)

TABLE = [
    CatchmentRow(1, "SEKIS Berlin", "11000"),
    CatchmentRow(2, "Kontaktstelle Mitte", "11000", "10115"),
    CatchmentRow(2, "Kontaktstelle Mitte", "11000", "10117"),
    CatchmentRow(3, "Kontaktstelle Pankow", "11000", "13187"),
    CatchmentRow(4, "Kontaktstelle am Alex", "11000", "10115"),
    CatchmentRow(5, "KISS Köln", "05315"),
]


def test_rows_for_the_postcode_come_before_the_house_for_the_whole_district():
    assert responsible_for_point(TABLE, postcode="10115", district_ags="11000") == [4, 2, 1]
    assert responsible_for_point(TABLE, postcode="13187", district_ags="11000") == [3, 1]


def test_a_postcode_nobody_names_belongs_to_the_house_of_the_district():
    assert responsible_for_point(TABLE, postcode="12345", district_ags="11000") == [1]
    assert responsible_for_point(TABLE, postcode=None, district_ags="05315") == [5]


def test_a_place_outside_every_row_has_nobody():
    assert responsible_for_point(TABLE, postcode="99999", district_ags="99999") == []
    assert responsible_for_point(TABLE, postcode=None, district_ags=None) == []


def test_a_row_for_a_postcode_counts_even_where_the_postcode_is_filed_under_another_district():
    assert responsible_for_point(TABLE, postcode="10117", district_ags="05315") == [2, 5]


def test_a_whole_district_has_the_house_for_all_and_then_the_houses_for_its_parts():
    assert responsible_for_districts(TABLE, ["11000"]) == [1, 4, 2, 3]
    assert responsible_for_districts(TABLE, ["11000", "05315"]) == [5, 1, 4, 2, 3]
    assert responsible_for_districts(TABLE, []) == []


rows = st.lists(
    st.builds(
        CatchmentRow,
        st.integers(1, 5),
        st.sampled_from(["A", "b", "C"]),
        st.sampled_from(["01", "02"]),
        st.sampled_from([None, "1", "2"]),
    )
)


@given(rows, st.sampled_from([None, "1", "2"]), st.sampled_from([None, "01", "02"]))
def test_responsible_is_exactly_who_has_a_row_for_it_whatever_the_order(table, postcode, district_ags):
    answer = responsible_for_point(table, postcode=postcode, district_ags=district_ags)
    expected = {
        row.clearinghouse_id
        for row in table
        if (row.postcode == postcode if row.postcode else row.district_ags == district_ags)
    }
    assert set(answer) == expected
    assert len(answer) == len(expected)
    assert responsible_for_point(table[::-1], postcode=postcode, district_ags=district_ags) == answer


def test_the_nearest_is_the_nearest_over_the_ground_and_says_how_far():
    koeln, bonn = (1, 50.94, 6.96), (2, 50.735, 7.10)
    house, distance_km = nearest([koeln, bonn], latitude=50.78, longitude=7.18)
    assert house == 2
    assert distance_km == pytest.approx(7.5, abs=0.2)
    assert nearest([(9, 1.0, 1.0), (3, 1.0, 1.0)], latitude=1.0, longitude=1.0) == (3, 0.0)
    assert nearest([], latitude=50.0, longitude=7.0) is None
