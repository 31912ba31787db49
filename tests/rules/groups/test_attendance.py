"""Meetings held and average attendance."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.groups.rules.attendance import attendance_in
from app.groups.rules.schedule import Change, Series, meetings
from tests.builders.groups import make_rule, some_series

START = datetime(2026, 1, 1, tzinfo=UTC)
END = datetime(2027, 1, 1, tzinfo=UTC)


def test_a_year_of_wednesdays_with_three_numbers():
    dates = meetings([Series(1, make_rule())], start=START, end=END)
    counts = {(1, date(2026, 1, 7)): 8, (1, date(2026, 1, 14)): 0, (1, date(2026, 1, 21)): 10}
    assert attendance_in(dates, counts) == (52, 3, 6.0)


def test_without_any_number_there_is_no_average_and_without_a_meeting_nothing():
    dates = meetings([Series(1, make_rule())], start=START, end=END)
    assert attendance_in(dates, {}) == (52, 0, None)
    assert attendance_in([], {}) == (0, 0, None)


def test_a_number_of_a_date_that_was_cancelled_later_counts_for_nothing():
    series = Series(1, make_rule(), changes=(Change("cancelled", on=date(2026, 1, 7)),))
    dates = meetings([series], start=START, end=END)
    assert attendance_in(dates, {(1, date(2026, 1, 7)): 8}) == (51, 0, None)


def test_a_number_shows_that_there_was_a_meeting_even_when_the_rhythm_has_changed_since():
    dates = meetings([Series(1, make_rule(weekday=4))], start=START, end=END)
    assert attendance_in(dates, {(1, date(2026, 1, 7)): 8}) == (54, 1, 8.0)


@given(st.lists(some_series(since=START.date()), max_size=3, unique_by=lambda one: one.id), st.data())
def test_held_counted_and_average_fit_together(all_series, data):
    dates = meetings(all_series, start=START, end=END + timedelta(days=300))
    keys = [(each.series_id, each.on) for each in dates]
    counts = (
        {key: data.draw(st.integers(0, 1000)) for key in keys if data.draw(st.booleans())} if keys else {}
    )
    held, counted, average = attendance_in(dates, counts)
    assert 0 <= counted <= held <= len(set(keys))
    assert (average is None) == (counted == 0)
    if average is not None:
        assert min(counts.values()) <= average <= max(counts.values())
    assert counted <= len(counts)
