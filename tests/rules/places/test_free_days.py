"""Whether a day is free in a Land, and why."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.places.rules.free_days import (
    SCHOOL_HOLIDAY_NAMES,
    FreeDays,
    SchoolHoliday,
    days_between,
)
from app.shared.languages import LANGUAGES

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
WHIT_MONDAY = {"de": "Pfingstmontag", "en": "Whit Monday", "nl": "Tweede pinksterdag"}
BAVARIA = FreeDays(
    FIRST,
    LAST,
    public={"09": {date(2026, 5, 25): WHIT_MONDAY}, "09761": {}},
    school=[SchoolHoliday("09", "whitsun", date(2026, 5, 23), date(2026, 6, 5))],
)
in_the_year = st.dates(FIRST, LAST)


def test_a_public_holiday_in_the_school_holidays_is_a_public_one():
    free = BAVARIA.on("09", date(2026, 5, 25))
    assert (free.kind, free.names["en"]) == ("public", "Whit Monday")


def test_whoever_asks_for_school_holidays_only_is_told_of_them_on_a_public_holiday_too():
    free = BAVARIA.on("09", date(2026, 5, 25), kinds={"school"})
    assert (free.kind, free.names["de"]) == ("school", "Pfingstferien")


def test_whoever_asks_for_public_holidays_only_meets_in_the_school_holidays():
    assert BAVARIA.on("09", date(2026, 5, 26), kinds={"public"}) is None


def test_whoever_asks_for_nothing_is_told_nothing():
    assert BAVARIA.on("09", date(2026, 5, 25), kinds=()) is None


def test_a_district_has_the_school_holidays_of_its_land():
    assert BAVARIA.on("09761", date(2026, 5, 25)).kind == "school"


@pytest.mark.parametrize(("day", "is_free"), [(22, False), (23, True), (24, True), (31, True)])
def test_the_first_day_of_school_holidays_is_free(day, is_free):
    assert bool(BAVARIA.on("09", date(2026, 5, day))) == is_free


@pytest.mark.parametrize(("day", "is_free"), [(4, True), (5, True), (6, False)])
def test_the_last_day_of_school_holidays_is_free(day, is_free):
    assert bool(BAVARIA.on("09", date(2026, 6, day))) == is_free


@pytest.mark.parametrize("day", [FIRST - timedelta(days=1), LAST + timedelta(days=1)])
def test_a_day_that_was_not_looked_up_is_not_taken_for_an_ordinary_one(day):
    with pytest.raises(ValueError, match="is not between"):
        BAVARIA.on("09", day)


def test_a_region_that_was_not_looked_up_is_not_taken_for_one_without_holidays():
    with pytest.raises(KeyError):
        BAVARIA.on("05", FIRST)


@given(in_the_year, in_the_year, in_the_year)
def test_a_day_is_free_exactly_from_the_first_to_the_last(first, last, day):
    free = FreeDays(FIRST, LAST, public={"05": {}}, school=[SchoolHoliday("05", "autumn", first, last)])
    assert bool(free.on("05", day)) == (first <= day <= last)


@given(st.dates(date(2025, 6, 1), date(2027, 6, 1)), st.integers(0, 500), in_the_year)
def test_holidays_that_reach_beyond_the_window_are_free_inside_it(first, more, day):
    last = first + timedelta(days=more)
    free = FreeDays(FIRST, LAST, public={"05": {}}, school=[SchoolHoliday("05", "summer", first, last)])
    assert bool(free.on("05", day)) == (first <= day <= last)


@given(in_the_year, st.sampled_from(["05", "06"]))
def test_holidays_of_one_land_are_none_of_another(day, region):
    free = FreeDays(
        FIRST,
        LAST,
        public={"05": {day: WHIT_MONDAY}, "06": {}},
        school=[SchoolHoliday("05", "summer", day, day)],
    )
    assert bool(free.on(region, day)) == (region == "05")


@given(in_the_year, st.integers(-3, 60))
def test_days_between_are_all_of_them_in_order(first, more):
    days = list(days_between(first, first + timedelta(days=more)))
    assert len(days) == max(0, more + 1)
    assert days == sorted(set(days))
    assert not days or days[0] == first


def test_every_kind_of_school_holidays_has_a_name_in_every_language():
    assert all(names.keys() == LANGUAGES.keys() for names in SCHOOL_HOLIDAY_NAMES.values())
    assert all(all(names.values()) for names in SCHOOL_HOLIDAY_NAMES.values())
