"""Opening hours: open now, until when, when next, and the week in lines."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.clearinghouses.rules.opening_hours import (
    DayRun,
    Interval,
    Opening,
    grouped,
    merged,
    status_at,
)

MONDAY = datetime(2026, 11, 23, tzinfo=UTC)  # stands for any zone: the rule sees the wall clock only


def nine_to_twelve(weekday):
    return Interval(weekday, time(9), time(12))


DUESSELDORF = [
    nine_to_twelve(1),
    nine_to_twelve(2),
    nine_to_twelve(5),
    Interval(3, time(14), time(18)),
]


@st.composite
def intervals(draw):
    opens, closes = sorted(draw(st.lists(st.integers(0, 1439), min_size=2, max_size=2, unique=True)))
    return Interval(draw(st.integers(1, 7)), time(*divmod(opens, 60)), time(*divmod(closes, 60)))


weeks = st.lists(intervals(), max_size=12)
moments = st.builds(lambda minutes: MONDAY + timedelta(minutes=minutes), st.integers(0, 2 * 365 * 24 * 60))


def is_inside(week, at):
    return any(
        each.weekday == at.isoweekday() and each.opens_at <= at.time() < each.closes_at for each in week
    )


def test_it_is_open_from_the_first_minute_and_closed_from_the_last():
    assert not status_at(DUESSELDORF, MONDAY.replace(hour=8, minute=59)).is_open
    assert status_at(DUESSELDORF, MONDAY.replace(hour=9)).until == time(12)
    assert status_at(DUESSELDORF, MONDAY.replace(hour=11, minute=59)).is_open
    assert not status_at(DUESSELDORF, MONDAY.replace(hour=12)).is_open


def test_the_next_opening_says_which_day():
    early = status_at(DUESSELDORF, MONDAY.replace(hour=7))
    assert early.next_opening == Opening(MONDAY.date(), time(9), time(12))
    assert early.opens_later_today
    assert not early.opens_tomorrow
    late = status_at(DUESSELDORF, MONDAY.replace(hour=13))
    assert late.opens_tomorrow
    assert not late.opens_later_today
    friday = status_at(DUESSELDORF, MONDAY.replace(hour=13) + timedelta(days=4))
    assert friday.next_opening == Opening(MONDAY.date() + timedelta(days=7), time(9), time(12))


def test_a_house_open_once_a_week_opens_next_in_a_week():
    status = status_at([nine_to_twelve(1)], MONDAY.replace(hour=10))
    assert status.until == time(12)
    assert status.next_opening == Opening(MONDAY.date() + timedelta(days=7), time(9), time(12))


def test_without_hours_nothing_is_open_and_nothing_comes():
    status = status_at([], MONDAY)
    assert (status.is_open, status.next_opening, status.opens_later_today, status.opens_tomorrow) == (
        False,
        None,
        False,
        False,
    )
    assert grouped([]) == []


def test_days_with_equal_hours_stand_in_one_line():
    lines = grouped(DUESSELDORF)
    assert [line.weekdays for line in lines] == [(1, 2, 5), (3,)]
    assert lines[0].runs == (DayRun(1, 1), DayRun(2, 2), DayRun(5, 5))
    assert lines[0].slots == ((time(9), time(12)),)


def test_three_days_in_a_row_are_written_as_a_run_and_two_are_not():
    (line,) = grouped([nine_to_twelve(day) for day in (1, 2, 3, 5, 6)])
    assert line.runs == (DayRun(1, 3), DayRun(5, 5), DayRun(6, 6))


def test_morning_and_afternoon_stay_two_slots_of_one_day():
    (line,) = grouped([Interval(4, time(14), time(18)), Interval(4, time(9), time(12))])
    assert line.slots == ((time(9), time(12)), (time(14), time(18)))


def test_hours_that_touch_are_one_stretch():
    assert merged([nine_to_twelve(1), Interval(1, time(12), time(13))]) == [Interval(1, time(9), time(13))]
    assert merged([Interval(1, time(9), time(17)), nine_to_twelve(1)]) == [Interval(1, time(9), time(17))]


@pytest.mark.parametrize(
    ("weekday", "opens_at", "closes_at"),
    [(0, time(9), time(12)), (8, time(9), time(12)), (1, time(9), time(9)), (1, time(22), time(2))],
)
def test_what_is_not_a_stretch_of_one_day_is_refused(weekday, opens_at, closes_at):
    with pytest.raises(ValueError, match=r"weekday|end after"):
        Interval(weekday, opens_at, closes_at)


@given(weeks, moments)
def test_open_means_inside_one_of_the_hours_and_until_is_the_first_closed_minute(week, at):
    status = status_at(week, at)
    assert status.is_open == is_inside(week, at)
    if status.until:
        ends = datetime.combine(at.date(), status.until, UTC)
        assert not is_inside(week, ends)
        minutes = int((ends - at).total_seconds() // 60)
        assert all(is_inside(week, at + timedelta(minutes=n)) for n in range(minutes))


@given(weeks, moments)
def test_nothing_begins_between_now_and_the_next_opening(week, at):
    status = status_at(week, at)
    if not week:
        assert status.next_opening is None
        return
    opens = datetime.combine(status.next_opening.on, status.next_opening.opens_at, UTC)
    assert at < opens <= at + timedelta(days=7)
    for each in merged(week):
        for ahead in range(8):
            day = at.date() + timedelta(days=ahead)
            begins = datetime.combine(day, each.opens_at, UTC)
            assert not (day.isoweekday() == each.weekday and at < begins < opens)


@given(weeks)
def test_the_lines_of_a_week_hold_the_same_hours_once(week):
    lines = grouped(week)
    again = [Interval(day, *slot) for line in lines for day in line.weekdays for slot in line.slots]
    assert sorted(again) == merged(week)
    assert [line.weekdays[0] for line in lines] == sorted(line.weekdays[0] for line in lines)
    for line in lines:
        assert [day for run in line.runs for day in range(run.first, run.last + 1)] == list(line.weekdays)
