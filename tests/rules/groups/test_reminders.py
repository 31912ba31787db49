"""When a contact is reminded, and what the first meeting after a break is."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.groups.rules.reminders import (
    AFTER_BREAK_HOURS,
    LONGEST_BREAK,
    REMINDER_HOURS,
    due_reminders,
    is_after_break,
)
from app.groups.rules.schedule import Change, Closure, Series, meetings
from app.places.rules.free_days import FreeDay
from tests.builders.groups import make_rule, some_series

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
TUESDAY = date(2026, 11, 24)
WEEK = timedelta(days=7)


def tuesdays(**given: Any) -> Series:
    return Series(1, make_rule(weekday=2, starts_at_local=time(19)), place=7, **given)


def due_days(
    series: Series, *, hours: int | None = 24, after_break: bool = True, now: datetime = MONDAY
) -> list[date]:
    found = due_reminders([series], now=now, hours=hours, after_break=after_break)
    return [each.meeting.starts_at.date() for each in found]


@pytest.mark.parametrize(
    ("hours", "now", "is_due"),
    [
        (
            24,
            datetime(2026, 11, 23, 18, 0, tzinfo=UTC),
            True,
        ),  # 19:00 at the place, 24 hours ahead to the minute
        (24, datetime(2026, 11, 23, 17, 59, tzinfo=UTC), False),
        (48, datetime(2026, 11, 22, 18, 0, tzinfo=UTC), True),
        (168, datetime(2026, 11, 17, 18, 1, tzinfo=UTC), True),
        (24, datetime(2026, 11, 24, 18, 0, tzinfo=UTC), True),
        (24, datetime(2026, 11, 24, 18, 0, 1, tzinfo=UTC), False),
    ],
)
def test_a_reminder_is_due_so_many_hours_before_a_meeting_until_it_begins(hours, now, is_due):
    assert (TUESDAY in due_days(tuesdays(), hours=hours, now=now)) == is_due


def test_nobody_is_reminded_of_a_cancelled_date_and_of_a_moved_one_before_its_new_time():
    now = datetime(2026, 11, 24, 9, tzinfo=UTC)
    assert due_days(tuesdays(changes=(Change("cancelled", on=TUESDAY),)), now=now) == []
    moved = tuesdays(changes=(Change("moved", on=TUESDAY, new_on=TUESDAY + timedelta(days=1)),))
    assert due_days(moved, now=now) == []
    assert due_days(moved, now=now + timedelta(days=1)) == [TUESDAY + timedelta(days=1)]


BREAKS = {
    "break": {"breaks": (Closure(TUESDAY - 2 * WEEK, TUESDAY - timedelta(days=1)),)},
    "closed place": {"closures": {7: (Closure(TUESDAY - WEEK, TUESDAY - WEEK),)}},
    "holiday": {"free_days": {TUESDAY - WEEK: FreeDay("school", {"de": "Herbstferien"})}},
    "break and then a cancelled date": {
        "breaks": (Closure(TUESDAY - 2 * WEEK, TUESDAY - 2 * WEEK),),
        "changes": (Change("cancelled", on=TUESDAY - WEEK),),
    },
}


@pytest.mark.parametrize("kind", BREAKS)
def test_the_first_meeting_after_a_break_is_due_three_days_ahead_also_for_those_who_want_no_other_mail(kind):
    series = tuesdays(**BREAKS[kind])
    assert due_days(series, hours=None) == [TUESDAY]
    assert due_days(series, hours=None, now=MONDAY - timedelta(days=3)) == []
    assert due_days(series, hours=None, after_break=False) == []
    (reminder,) = due_reminders([series], now=MONDAY, hours=168, after_break=True)
    assert reminder.is_after_break


def test_a_date_cancelled_by_hand_is_no_break():
    assert due_days(tuesdays(changes=(Change("cancelled", on=TUESDAY - WEEK),)), hours=None) == []


def test_the_second_meeting_after_a_break_is_one_like_any_other():
    series = tuesdays(breaks=(Closure(TUESDAY - 3 * WEEK, TUESDAY - 2 * WEEK),))
    assert due_days(series, hours=None) == []


def test_a_break_that_hits_no_date_is_none():
    series = tuesdays(breaks=(Closure(TUESDAY - timedelta(days=6), TUESDAY - timedelta(days=1)),))
    assert due_days(series, hours=None) == []


@given(
    st.lists(some_series(since=date(2026, 9, 1)), max_size=3, unique_by=lambda one: one.id),
    st.sampled_from([None, *REMINDER_HOURS]),
    st.booleans(),
    st.datetimes(datetime(2026, 9, 1), datetime(2028, 1, 1), timezones=st.just(UTC)),
)
def test_what_is_due_takes_place_is_ahead_and_every_near_meeting_is_due(all_series, hours, after_break, now):
    found = due_reminders(all_series, now=now, hours=hours, after_break=after_break)
    farthest = max(hours or 0, AFTER_BREAK_HOURS if after_break else 0)
    for each in found:
        assert not each.meeting.is_cancelled
        assert now <= each.meeting.starts_at <= now + timedelta(hours=farthest)
        assert each.is_after_break <= after_break
    near = meetings(all_series, start=now, end=now + timedelta(hours=hours or 0))
    due = [each.meeting for each in found]
    assert [each for each in near if not each.is_cancelled and each not in due] == []
    assert due == sorted(due, key=lambda each: (each.starts_at, each.series_id))


@given(some_series(since=date(2026, 9, 1)))
def test_after_a_break_holds_once_for_each_run_of_dates_that_do_not_take_place(series):
    start = datetime(2026, 9, 1, tzinfo=UTC)
    dates = meetings([series], start=start, end=start + LONGEST_BREAK)
    for number, meeting in enumerate(dates):
        if number and not dates[number - 1].is_cancelled:
            assert not is_after_break(dates[:number]), meeting
