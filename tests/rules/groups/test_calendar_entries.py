"""Which entries a series has in a calendar file, and for how long the file stays the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.groups.rules.calendar_entries import Wanted, entries, wanted_around
from app.groups.rules.recurrence import DATES, MONTHLY_DAY
from app.groups.rules.schedule import Change, Closure, Series
from app.places.rules.free_days import FreeDay
from tests.builders.groups import make_rule, some_series

TUESDAYS = make_rule(weekday=2, first_on=date(2020, 1, 7))
YEAR = Wanted(date(2026, 1, 1), date(2027, 6, 30))


def told(series: Series, wanted: Wanted = YEAR) -> list[tuple[str, str]]:
    return [(f"{each.starts_at:%d.%m. %H:%M}", each.key) for each in entries(series, wanted)]


def test_a_rhythm_is_one_entry_from_the_first_date_in_the_time_that_is_told():
    (entry,) = entries(Series(1, TUESDAYS), YEAR)
    assert entry.rule == TUESDAYS
    assert (entry.starts_at.date(), entry.key, entry.excluded) == (date(2026, 1, 6), "", ())


def test_holidays_and_breaks_are_excluded_and_cancelled_dates_stay():
    series = Series(
        1,
        TUESDAYS,
        changes=(Change("cancelled", on=date(2026, 2, 3), reason="Glatteis"),),
        breaks=(Closure(date(2026, 3, 2), date(2026, 3, 11)),),
        free_days={date(2026, 4, 7): FreeDay("public", {}), date(2026, 4, 8): FreeDay("public", {})},
    )
    rhythm, cancelled = entries(series, YEAR)
    assert [each.date() for each in rhythm.excluded] == [
        date(2026, 3, 3),
        date(2026, 3, 10),
        date(2026, 4, 7),
    ]
    assert cancelled.instead_of == cancelled.starts_at
    assert cancelled.meeting.note == "Glatteis"


def test_a_rhythm_whose_first_date_is_left_out_begins_with_the_second():
    series = Series(1, TUESDAYS, free_days={date(2026, 1, 6): FreeDay("public", {})})
    assert told(series) == [("13.01. 19:00", "")]


def test_a_rhythm_of_which_nothing_is_left_has_no_entry():
    rule = replace(TUESDAYS, until_on=date(2026, 1, 20))
    assert told(Series(1, rule, breaks=(Closure(date(2026, 1, 1), date(2026, 2, 1)),))) == []


def test_a_moved_date_keeps_its_key_and_an_added_one_has_its_own():
    moved = Change("moved", on=date(2026, 2, 3), new_on=date(2026, 2, 5), starts_at_local=time(18))
    added = Change("added", new_on=date(2026, 2, 7), starts_at_local=time(9, 5))
    rhythm, first, second = entries(Series(1, TUESDAYS, changes=(moved, added)), YEAR)
    assert (first.key, first.instead_of) == ("", datetime(2026, 2, 3, 19, tzinfo=rhythm.starts_at.tzinfo))
    assert (second.key, second.instead_of) == ("20260207T0905", None)


def test_listed_dates_are_an_entry_each_and_a_moved_one_keeps_its_key():
    rule = make_rule(frequency=DATES, weekdays=(), dates=(date(2026, 5, 1), date(2026, 5, 9)))
    assert told(Series(1, rule)) == [("01.05. 19:00", "20260501"), ("09.05. 19:00", "20260509")]
    moved = Change("moved", on=date(2026, 5, 1), new_on=date(2026, 5, 2))
    assert told(Series(1, rule, changes=(moved,)))[0] == ("02.05. 19:00", "20260501")


def test_a_date_moved_out_of_the_past_stands_alone():
    moved = Change("moved", on=date(2025, 12, 30), new_on=date(2026, 1, 2))
    assert ("02.01. 19:00", "20251230") in told(Series(1, TUESDAYS, changes=(moved,)))


def test_an_hour_that_the_clocks_show_twice_is_told_in_utc_and_one_they_skip_as_it_is_then():
    sundays = make_rule(weekday=7, starts_at_local=time(2, 30))
    _rhythm, skipped, doubled, *_ = entries(Series(1, sundays), YEAR)
    assert f"{skipped.starts_at:%H:%M}" == "03:30"
    assert f"{skipped.instead_of:%H:%M}" == "02:30"
    assert doubled.starts_at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert doubled.starts_at.tzinfo is UTC


def test_weekdays_that_are_not_wanted_are_no_part_of_the_rhythm():
    rule = make_rule(weekdays=(2, 5), interval=2, first_on=date(2026, 1, 2))  # a Friday, in the first week
    (entry,) = entries(Series(1, rule), replace(YEAR, weekdays=frozenset({2})))
    assert entry.rule is not None
    assert entry.rule.weekdays == (2,)
    assert entry.starts_at.date() == date(2026, 1, 13)  # the Tuesday of the third week, not of the second


def test_days_of_the_month_on_a_wanted_weekday_are_single_entries():
    rule = make_rule(frequency=MONTHLY_DAY, weekdays=(), month_days=(13,))
    found = entries(Series(1, rule), replace(YEAR, weekdays=frozenset({5})))
    assert [each.starts_at.date() for each in found] == [
        date(2026, 2, 13),
        date(2026, 3, 13),
        date(2026, 11, 13),
    ]
    assert {each.rule for each in found} == {None}


def test_a_last_day_ends_the_rhythm():
    (entry,) = entries(Series(1, TUESDAYS), replace(YEAR, until=date(2026, 8, 1)))
    assert entry.rule is not None
    assert entry.rule.until_on == date(2026, 8, 1)


@given(st.dates(date(2024, 1, 1), date(2040, 1, 1)))
def test_more_than_five_hundred_days_are_told_and_the_first_of_the_month_alone_changes_which(today):
    wanted = wanted_around(today)
    assert wanted.last - today > timedelta(days=510)
    assert today - wanted.first >= timedelta(days=365)
    assert wanted_around(today.replace(day=1)) == wanted


@given(some_series())
def test_entries_can_be_told_apart_and_at_most_the_first_repeats(series):
    found = entries(series, YEAR)
    assert len({(each.key, each.instead_of) for each in found}) == len(found)
    assert all(each.rule is None for each in found[1:])
