"""Calendar files as programs read them: ical.js, recurring-ical-events and khal find the dates that truly are."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.groups.rules.calendar_entries import Wanted
from app.groups.rules.recurrence import DATES, LAST, MONTHLY_DAY, MONTHLY_WEEKDAY
from app.groups.rules.schedule import Change, Closure, Series, meetings
from app.places.rules.free_days import FreeDay
from tests.builders.calendars import TEN_YEARS, file_of
from tests.builders.groups import make_rule, rules, some_series
from tests.support.calendars import IcalJs, Khal, Seen, faults, read_in_python

if TYPE_CHECKING:
    from collections.abc import Iterator

LEFT_OUT = {"break", "public", "school"}
START = datetime(2026, 1, 3, tzinfo=UTC)
IN_TWO_YEARS = datetime(2027, 12, 28, tzinfo=UTC)
IN_TEN_YEARS = datetime(2035, 12, 28, tzinfo=UTC)


@pytest.fixture(scope="module")
def ical_js() -> Iterator[IcalJs]:
    """One process for all calendars of this file."""
    reader = IcalJs()
    yield reader
    reader.close()


def truth(series: Series, end: datetime, wanted: Wanted = TEN_YEARS) -> list[Seen]:
    """What a calendar should show: the dates of the API without those on holidays and in breaks."""
    return sorted(
        Seen(each.starts_at.astimezone(UTC), each.is_cancelled)
        for each in meetings([series], start=START, end=end)
        if each.cause not in LEFT_OUT and wanted.holds(each)
    )


def compare(ical_js: IcalJs, series: Series, end: datetime, wanted: Wanted = TEN_YEARS) -> None:
    file = file_of(series, wanted=wanted)
    expected = truth(series, end, wanted)
    assert faults(file) == []
    assert ical_js.read(file, START, end) == expected
    assert read_in_python(file, START, end) == expected


@settings(max_examples=150)
@given(some_series())
def test_two_programs_find_the_dates_of_any_series(ical_js, series):
    compare(ical_js, series, IN_TWO_YEARS)


@settings(max_examples=60)
@given(rules())
def test_two_programs_find_the_dates_of_any_rule(ical_js, rule):
    compare(ical_js, Series(1, rule), IN_TWO_YEARS)


@pytest.mark.long
@settings(max_examples=2500)
@given(some_series())
def test_two_programs_find_the_dates_of_thousands_of_series_over_ten_years(ical_js, series):
    compare(ical_js, series, IN_TEN_YEARS)


@pytest.mark.long
@settings(max_examples=1500)
@given(rules())
def test_two_programs_find_the_dates_of_thousands_of_rules_over_ten_years(ical_js, rule):
    compare(ical_js, Series(1, rule), IN_TEN_YEARS)


@st.composite
def filters(draw: st.DrawFn) -> Wanted:
    """Answer what a search may ask of dates."""
    minute = st.integers(0, 1440)
    return Wanted(
        first=draw(st.dates(date(2026, 1, 1), date(2026, 12, 1))),
        last=TEN_YEARS.last,
        until=draw(st.none() | st.dates(date(2026, 6, 1), date(2027, 12, 1))),
        weekdays=frozenset(draw(st.sets(st.integers(1, 7), max_size=5))),
        minutes=draw(st.none() | st.tuples(minute, minute)),
        place=draw(st.sampled_from((None, 1, 2))),
    )


@settings(max_examples=150)
@given(some_series(), filters())
def test_a_filtered_calendar_holds_just_the_dates_that_fit(ical_js, series, wanted):
    compare(ical_js, series, IN_TWO_YEARS, wanted)


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Tokyo", "Australia/Lord_Howe", "Europe/London"])
def test_the_clocks_of_other_zones_are_told_too(ical_js, zone):
    compare(ical_js, Series(1, make_rule(weekdays=(1, 3, 7), zone=zone)), IN_TWO_YEARS)


def test_fifths_of_several_weekdays_are_found_from_the_first_month_on(ical_js):
    rule = make_rule(
        frequency=MONTHLY_WEEKDAY, weekdays=(3, 6, 7), ordinals=(5,), interval=3, first_on=date(2025, 1, 17)
    )
    compare(ical_js, Series(1, rule), IN_TWO_YEARS)


def test_broken_files_are_seen_to_be_broken():
    file = file_of(Series(1, make_rule()))
    assert faults(file) == []
    for good, bad in (
        (b"\r\n", b"\n"),
        (b"DTSTAMP", b"STAMP"),
        (b"SUMMARY:", b"SUMMARY:a;b,"),
        (b"SUMMARY:", b"SUMMARY:\\x"),
        (b"SUMMARY:", b"SUMMARY:" + b"x" * 70),
        (b"TZID:Europe/Berlin", b"TZID:Europe/Bonn"),
        (b"SEQUENCE:3", b"SEQUENCE:3\r\nRECURRENCE-ID:20260101T000000Z"),
    ):
        assert good in file
        assert faults(file.replace(good, bad)) != [], bad


EVERY_KIND = {
    "weekly": make_rule(weekdays=(2, 4), interval=2),
    "nights when the clocks change": make_rule(weekday=7, starts_at_local=time(2, 30)),
    "monthly by weekday": make_rule(frequency=MONTHLY_WEEKDAY, weekdays=(1, 5), ordinals=(2, LAST)),
    "monthly by day": make_rule(frequency=MONTHLY_DAY, weekdays=(), month_days=(15, LAST)),
    "yearly": make_rule(
        frequency=MONTHLY_DAY, weekdays=(), month_days=(9,), interval=12, first_on=date(2026, 10, 1)
    ),
    "listed": make_rule(
        frequency=DATES, weekdays=(), dates=(date(2026, 9, 30), date(2026, 10, 12), date(2026, 11, 1))
    ),
}


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_khal_lists_the_dates_of_sixty_days_around_the_change_of_clocks(tmp_path, kind):
    rule = EVERY_KIND[kind]
    first = date(2026, 9, 20)
    own = sorted(
        each.starts_at.date()
        for each in meetings(
            [Series(1, rule)],
            start=datetime(2026, 9, 20, tzinfo=UTC),
            end=datetime(2026, 11, 18, tzinfo=UTC),
        )
    )
    series = Series(
        1,
        rule,
        place=1,
        changes=(
            Change("cancelled", on=own[0], reason="Glatteis"),
            *[Change("moved", on=day, new_on=day + timedelta(days=1), place=2) for day in own[1:2]],
            Change("added", new_on=date(2026, 10, 3), starts_at_local=time(11)),
        ),
        closures={1: (Closure(date(2026, 11, 8), date(2026, 11, 12), "Umbau"),)},
        free_days={date(2026, 10, 22): FreeDay("public", {"de": "Feiertag"})},
    )
    khal = Khal(tmp_path)
    khal.add(file_of(series))
    expected = [each for each in truth(series, IN_TWO_YEARS) if first <= each.starts_at.date()]
    end = datetime(2026, 11, 18, 22, tzinfo=UTC)
    seen = khal.read(first, days=60)
    assert [each for each in seen if each.starts_at < end] == [e for e in expected if e.starts_at < end]
    assert len(seen) >= 2
