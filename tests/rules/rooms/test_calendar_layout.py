"""Weeks and months of a room: every minute of a day is in exactly one cell."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.clearinghouses.rules.opening_hours import Interval
from app.rooms.rules.availability import ClosedDays, RoomFacts, Span
from app.rooms.rules.calendar_layout import (
    Entry,
    entries_by_day,
    month_weeks,
    week_days,
    week_grid,
    window_of,
)
from tests.builders.rooms import BERLIN, local_span

EVENINGS = tuple(Interval(weekday, time(16), time(21)) for weekday in range(1, 6))


def room(**given):
    return RoomFacts(**{"room_id": 1, "zone": "Europe/Berlin", "hours": EVENINGS, "capacity": 14, **given})


def texts(grid, column):
    """Answer a day from top to bottom: what, from when to when, over how many rows."""
    return [
        (cell.kind, wall(cell.first_minute), wall(cell.last_minute), cell.rows)
        for row in grid.rows
        if (cell := row.cells[column]) is not None
    ]


def wall(minute):
    return f"{minute // 60:02}:{minute % 60:02}"


@st.composite
def weeks(draw):
    monday = draw(st.sampled_from((date(2026, 3, 23), date(2026, 10, 19), date(2026, 11, 23))))
    base = datetime.combine(monday, time(), BERLIN)
    cuts = sorted(draw(st.sets(st.integers(-200, 8 * 1440), max_size=12)))
    entries = [
        Entry(number, Span(base + timedelta(minutes=start), base + timedelta(minutes=end)))
        for number, (start, end) in enumerate(zip(cuts[::2], cuts[1::2], strict=False))
        if (base + timedelta(minutes=start)).timestamp() < (base + timedelta(minutes=end)).timestamp()
    ]
    hours = draw(
        st.lists(
            st.tuples(st.integers(1, 7), st.integers(0, 1400), st.integers(5, 600)).map(
                lambda each: Interval(each[0], minute(each[1]), minute(min(each[1] + each[2], 1439)))
            ),
            max_size=5,
        )
    )
    closed = (ClosedDays(monday, monday + timedelta(days=1)),) if draw(st.booleans()) else ()
    return room(hours=tuple(hours), closed=closed), entries, week_days(monday)


def minute(number):
    return time(number // 60, number % 60)


@given(weeks())
def test_each_day_is_cut_without_gap_or_overlap_and_its_cells_span_the_rows_they_last(case):
    facts, entries, days = case
    grid = week_grid(facts, entries, days)
    if not grid.rows:
        assert not facts.hours
        return
    starts = [row.minute for row in grid.rows] + [grid.rows[-1].minute + grid.rows[-1].minutes]
    assert starts == sorted(set(starts))
    for column in range(7):
        at = 0
        for number, row in enumerate(grid.rows):
            cell = row.cells[column]
            if cell is None:
                assert number < at
                continue
            assert number == at
            at += cell.rows
            assert (cell.first_minute, cell.last_minute) == (row.minute, starts[at])
        assert at == len(grid.rows)


@given(weeks())
def test_everything_that_takes_place_is_on_each_of_its_days_once(case):
    facts, entries, days = case
    grid = week_grid(facts, entries, days)
    by_day = entries_by_day(entries, days, facts.zone)
    for column, day in enumerate(days):
        shown = [key for row in grid.rows if row.cells[column] for key in row.cells[column].keys]
        assert sorted(shown) == sorted(entry.key for entry in by_day[day])
        midnight = datetime.combine(day, time(), BERLIN)
        whole = Span(midnight, midnight + timedelta(days=1))
        assert sorted(shown) == sorted(entry.key for entry in entries if entry.span.overlaps(whole))


def test_a_day_shows_its_hours_what_is_free_and_what_is_taken():
    entries = [Entry(7, local_span("2026-11-25 17:30"))]
    grid = week_grid(room(), entries, week_days(date(2026, 11, 25)))
    assert texts(grid, 2) == [
        ("free", "16:00", "17:30", 2),
        ("taken", "17:30", "19:00", 2),
        ("free", "19:00", "21:00", 2),
    ]
    assert texts(grid, 1) == [("free", "16:00", "21:00", 6)]
    assert texts(grid, 5) == [("outside", "16:00", "21:00", 6)]
    assert [(wall(row.minute), row.minutes) for row in grid.rows] == [
        ("16:00", 60), ("17:00", 30), ("17:30", 30), ("18:00", 60), ("19:00", 60), ("20:00", 60),
    ]  # fmt: skip


def test_a_closed_day_is_closed_but_shows_what_was_booked():
    closed = (ClosedDays(date(2026, 11, 25), date(2026, 11, 25)),)
    grid = week_grid(
        room(closed=closed), [Entry(1, local_span("2026-11-25 19:30"))], week_days(date(2026, 11, 25))
    )
    assert [kind for kind, *_ in texts(grid, 2)] == ["closed", "taken"]


def test_in_the_hour_that_autumn_has_twice_two_meetings_stand_together():
    first = datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN)
    entries = [
        Entry(1, Span(first, first.replace(fold=1))),
        Entry(2, Span(first.replace(fold=1), first.replace(hour=3))),
    ]
    grid = week_grid(room(), entries, week_days(date(2026, 10, 25)))
    assert [cell.keys for row in grid.rows if (cell := row.cells[6]) and cell.keys] == [(1, 2)]


def test_without_hours_and_bookings_there_is_no_row():
    assert week_grid(room(hours=()), [], week_days(date(2026, 11, 25))).rows == ()


@given(st.dates(date(2020, 1, 1), date(2035, 12, 31)))
def test_a_month_is_shown_in_whole_weeks_that_hold_all_its_days(day):
    weeks_of_month = month_weeks(day)
    shown = [each for week in weeks_of_month for each in week]
    assert shown == [shown[0] + timedelta(days=n) for n in range(len(shown))]
    assert all(week[0].isoweekday() == 1 for week in weeks_of_month)
    of_month = [each for each in shown if each.month == day.month]
    assert of_month[0].day == 1
    assert (of_month[-1] + timedelta(days=1)).day == 1
    assert all(any(each.month == day.month for each in week) for week in weeks_of_month)


def test_a_day_with_a_change_of_clocks_has_23_or_25_hours():
    lengths = [
        window_of(day, day, "Europe/Berlin").duration for day in (date(2026, 3, 29), date(2026, 10, 25))
    ]
    assert [length // timedelta(hours=1) for length in lengths] == [23, 25]
