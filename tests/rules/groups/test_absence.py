"""What a calendar tells of a group that is away: nothing in that time, everything before and, after a pause, after."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.groups.rules.absence import without_absence
from app.groups.rules.schedule import Series, meetings
from tests.builders.groups import make_rule, some_series

SINCE = date(2026, 11, 23)
YEAR = timedelta(days=365)


def days_of(series, first, last):
    start = datetime(first.year, first.month, first.day, tzinfo=UTC) - timedelta(days=1)
    found = meetings([series], start=start, end=start + (last - first) + timedelta(days=3))
    return {
        each.starts_at.date()
        for each in found
        if not each.is_cancelled and first <= each.starts_at.date() <= last
    }


@given(series=some_series(), away=st.none() | st.integers(1, 300))
def test_no_date_takes_place_while_the_group_is_away_and_those_before_and_after_are_as_they_were(
    series, away
):
    back = None if away is None else SINCE + timedelta(days=away)
    kept = without_absence(series, since=SINCE, resumes_on=back)
    last_away = (back or SINCE + YEAR) - timedelta(days=1)
    if kept is None:
        assert back is None
        assert series.rule.first_on >= SINCE
        return
    assert days_of(kept, SINCE, last_away) == set()
    moved = {each.new_on for each in series.changes}  # from a time in which nobody is there, into another
    before = (SINCE - YEAR, SINCE - timedelta(days=1))
    assert days_of(kept, *before) - moved == days_of(series, *before) - moved
    if back is not None:
        after = (back, back + YEAR)
        assert days_of(kept, *after) == days_of(series, *after)


def test_a_group_that_paused_and_resumes_has_its_rhythm_again():
    weekly = Series(1, make_rule(weekday=3), place=7)
    kept = without_absence(weekly, since=SINCE, resumes_on=date(2026, 12, 9))
    assert sorted(days_of(kept, SINCE, date(2026, 12, 20))) == [date(2026, 12, 9), date(2026, 12, 16)]
    assert days_of(without_absence(weekly, since=SINCE, resumes_on=None), SINCE, date(2027, 6, 1)) == set()
    assert without_absence(weekly, since=SINCE, resumes_on=SINCE) == weekly
