"""The public holidays are those of the laws of the Länder."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.places.public_holidays import public_holidays
from app.shared.languages import LANGUAGES

STATES = [f"{number:02}" for number in range(1, 17)]
states = st.sampled_from(STATES)
years = st.integers(2018, 2060)


def of_year(region, year):
    days = public_holidays(region, date(year, 1, 1), date(year, 12, 31))
    return {names["de"]: day for day, names in days.items()}


def states_with(name, year):
    return {state for state in STATES if name in of_year(state, year)}


@given(states, years)
def test_every_land_has_the_nine_holidays_of_all(state, year):
    days = of_year(state, year)
    assert days["Neujahr"] == date(year, 1, 1)
    assert days["Tag der Arbeit"] == date(year, 5, 1)
    assert days["Tag der Deutschen Einheit"] == date(year, 10, 3)
    assert days["1. Weihnachtstag"] == date(year, 12, 25)
    assert days["2. Weihnachtstag"] == date(year, 12, 26)
    easter = days["Ostermontag"] - timedelta(days=1)
    assert easter.weekday() == 6
    assert days["Karfreitag"] == easter - timedelta(days=2)
    assert days["Christi Himmelfahrt"] == easter + timedelta(days=39)
    assert days["Pfingstmontag"] == easter + timedelta(days=50)


@given(years)
def test_reformation_day_is_free_in_nine_laender_since_2018(year):
    northern_and_eastern = {"01", "02", "03", "04", "12", "13", "14", "15", "16"}
    assert states_with("Reformationstag", year) == northern_and_eastern


def test_reformation_day_of_2017_was_free_everywhere_and_before_in_the_east_only():
    assert states_with("Reformationstag", 2017) == set(STATES)
    assert states_with("Reformationstag", 2016) == {"12", "13", "14", "15", "16"}


@given(years)
def test_the_day_of_repentance_is_free_in_saxony_only(year):
    assert states_with("Buß- und Bettag", year) == {"14"}
    day = of_year("14", year)["Buß- und Bettag"]
    assert day.weekday() == 2
    assert date(year, 11, 16) <= day <= date(year, 11, 22)


@pytest.mark.parametrize(
    ("name", "laender"),
    [
        ("Heilige Drei Könige", {"08", "09", "15"}),
        ("Internationaler Frauentag", {"11", "13"}),
        ("Fronleichnam", {"05", "06", "07", "08", "09", "10"}),
        ("Mariä Himmelfahrt", {"10"}),
        ("Weltkindertag", {"16"}),
        ("Allerheiligen", {"05", "07", "08", "09", "10"}),
        ("Ostersonntag", {"12"}),
        ("Pfingstsonntag", {"12"}),
        ("Augsburger Hohes Friedensfest", set()),
    ],
)
def test_other_holidays_are_free_in_the_laender_that_name_them(name, laender):
    assert states_with(name, 2026) == laender


def test_augsburg_has_two_holidays_more_than_bavaria_and_munich_has_none():
    assert of_year("09761", 2026).keys() - of_year("09", 2026).keys() == {
        "Augsburger Hohes Friedensfest",
        "Mariä Himmelfahrt",
    }
    assert of_year("09162", 2026) == of_year("09", 2026)


def test_berlin_has_a_day_of_its_own_in_2028():
    assert public_holidays("11", date(2028, 6, 17), date(2028, 6, 17))[date(2028, 6, 17)] == {
        "de": "75. Jahrestag des Aufstandes vom 17. Juni 1953",
        "en": "75th anniversary of the uprising of 17 June 1953",
        "nl": "75e herdenking van de opstand van 17 juni 1953",
    }


@given(states, st.integers(2026, 2045))
def test_every_holiday_to_come_has_a_name_in_every_language(state, year):
    for names in public_holidays(state, date(year, 1, 1), date(year, 12, 31)).values():
        assert names.keys() == LANGUAGES.keys()
        assert names["de"] == "Allerheiligen" or len(set(names.values())) == len(LANGUAGES)


def test_a_holiday_without_translation_keeps_its_own_name():
    names = public_holidays("11", date(2025, 5, 8), date(2025, 5, 8))[date(2025, 5, 8)]
    assert set(names) == set(LANGUAGES)
    assert {name[:15] for name in names.values()} == {"80. Jahrestag d"}


@given(states, st.dates(date(2020, 1, 1), date(2035, 1, 1)), st.integers(-5, 800))
def test_a_window_holds_the_holidays_between_its_days_in_order(state, first, more):
    last = first + timedelta(days=more)
    days = list(public_holidays(state, first, last))
    assert days == sorted(days)
    all_days = public_holidays(state, date(2019, 1, 1), date(2038, 12, 31))
    assert days == [day for day in all_days if first <= day <= last]


def test_a_land_that_does_not_exist_is_an_error():
    with pytest.raises(KeyError):
        public_holidays("17", date(2026, 1, 1), date(2026, 12, 31))
