"""When a room is free, against looking at each quarter of an hour in turn."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.clearinghouses.rules.opening_hours import Interval
from app.rooms.rules.availability import (
    ClosedDays,
    Obstacle,
    RoomFacts,
    Span,
    first_overlap,
    free_spans,
    obstacle_to,
    open_spans,
    other_rooms,
    other_times,
)
from tests.builders.rooms import BERLIN, EVERY_DAY, local_span

QUARTER = timedelta(minutes=15)
# Around both changes of clocks of 2026: 29 March at two, 25 October at three.
WEEKS = (date(2026, 3, 23), date(2026, 10, 19), date(2026, 11, 23))
EARLY = datetime(2026, 1, 1, tzinfo=UTC)


def room(**given):
    return RoomFacts(**{"room_id": 1, "zone": "Europe/Berlin", "hours": EVERY_DAY, "capacity": 14, **given})


@st.composite
def rooms_and_windows(draw):
    monday = draw(st.sampled_from(WEEKS))
    base = datetime.combine(monday, time(), BERLIN).astimezone(UTC)
    quarters = st.integers(0, 9 * 96)
    hours = draw(
        st.lists(
            st.tuples(st.integers(1, 7), st.integers(0, 94), st.integers(1, 40)).map(
                lambda each: Interval(each[0], clock(each[1]), clock(min(each[1] + each[2], 95)))
            ),
            max_size=6,
        )
    )
    cuts = sorted(draw(st.sets(quarters, max_size=10)))
    taken = tuple(
        Span(base + start * QUARTER, base + end * QUARTER)
        for start, end in zip(cuts[::2], cuts[1::2], strict=False)
    )
    closed = draw(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 2)), max_size=2))
    days = tuple(
        ClosedDays(monday + timedelta(days=first), monday + timedelta(days=first + more), "Umbau")
        for first, more in closed
    )
    start, length = draw(quarters), draw(st.integers(1, 60))
    window = Span(base + start * QUARTER, base + (start + length) * QUARTER)
    return room(hours=tuple(hours), taken=taken, closed=days), window


def clock(quarter):
    return time(quarter // 4, quarter % 4 * 15)


def is_open(facts, moment):
    wall = moment.astimezone(BERLIN)
    if any(each.first_on <= wall.date() <= each.last_on for each in facts.closed):
        return False
    # Compared as moments: the hour that autumn has twice belongs to a stretch as a whole.
    return any(
        datetime.combine(wall.date(), each.opens_at, BERLIN).astimezone(UTC)
        <= moment
        < datetime.combine(wall.date(), each.closes_at, BERLIN).astimezone(UTC)
        for each in facts.hours
        if each.weekday == wall.isoweekday()
    )


def is_free(facts, moment):
    return is_open(facts, moment) and not any(each.starts_at <= moment < each.ends_at for each in facts.taken)


def quarters_of(span):
    count = (span.ends_at - span.starts_at) // QUARTER
    return [span.starts_at + n * QUARTER for n in range(count)]


@given(rooms_and_windows())
def test_the_free_stretches_are_the_quarters_that_are_free(case):
    facts, window = case
    found = {quarter for span in free_spans(facts, window) for quarter in quarters_of(span)}
    assert found == {quarter for quarter in quarters_of(window) if is_free(facts, quarter)}


@given(rooms_and_windows())
def test_free_stretches_are_in_order_and_apart_from_bookings(case):
    facts, window = case
    free = free_spans(facts, window)
    assert free == sorted(free)
    assert first_overlap(free) is None
    assert not any(span.overlaps(booking) for span in free for booking in facts.taken)


@given(rooms_and_windows())
def test_a_date_is_possible_only_when_each_of_its_quarters_is_free(case):
    facts, wanted = case
    obstacle = obstacle_to(facts, wanted)
    if obstacle is None:
        assert all(is_free(facts, quarter) for quarter in quarters_of(wanted))
    elif obstacle.kind == "taken":
        assert any(wanted.overlaps(each) for each in facts.taken)
    elif obstacle.kind == "closed":
        local = {quarter.astimezone(BERLIN).date() for quarter in quarters_of(wanted)}
        assert any(each.first_on <= day <= each.last_on for each in facts.closed for day in local)
    else:
        # Two stretches that touch at midnight are not one: a meeting ends by the end of the day.
        one_day = len({quarter.astimezone(BERLIN).date() for quarter in quarters_of(wanted)}) == 1
        assert not one_day or not all(is_open(facts, quarter) for quarter in quarters_of(wanted))


@given(rooms_and_windows())
def test_every_other_time_is_free_on_that_day_as_long_and_the_nearest_comes_first(case):
    facts, wanted = case
    found = other_times(facts, wanted, earliest=EARLY, count=9)
    day = wanted.starts_at.astimezone(BERLIN).date()
    for each in found:
        assert obstacle_to(facts, each) is None
        assert each.starts_at.astimezone(BERLIN).date() == day
        assert each.duration == wanted.duration
    distances = [abs(each.starts_at - wanted.starts_at) for each in found]
    assert distances == sorted(distances)
    starts = [moment for moment in quarters_of(day_span(day)) if moment != wanted.starts_at]
    possible = [start for start in starts if obstacle_to(facts, Span(start, start + wanted.duration)) is None]
    if obstacle_to(facts, wanted) is not None:
        assert min(distances, default=None) == min(
            (abs(s - wanted.starts_at) for s in possible), default=None
        )


def day_span(day):
    return Span(
        datetime.combine(day, time(), BERLIN), datetime.combine(day + timedelta(days=1), time(), BERLIN)
    )


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 9)), max_size=8))
def test_the_first_overlap_is_found_when_any_two_overlap(pairs):
    spans = [Span(EARLY + start * QUARTER, EARLY + (start + length) * QUARTER) for start, length in pairs]
    found = first_overlap(spans)
    any_two = any(one.overlaps(other) for n, one in enumerate(spans) for other in spans[n + 1 :])
    assert (found is not None) == any_two
    assert found is None or found[0].overlaps(found[1])


def test_the_hours_stay_by_the_clock_on_the_wall_when_summer_time_ends():
    found = list(open_spans(room(), date(2026, 10, 24), date(2026, 10, 26)))
    assert [span.starts_at.hour for span in found] == [7, 8, 8]
    assert [span.duration for span in found] == [timedelta(hours=13)] * 3


def test_a_night_with_a_change_of_clocks_is_an_hour_longer_or_shorter():
    nightly = room(hours=tuple(Interval(weekday, time(1), time(4)) for weekday in range(1, 8)))
    lengths = [
        next(open_spans(nightly, day, day)).duration // timedelta(hours=1)
        for day in (date(2026, 3, 28), date(2026, 3, 29), date(2026, 10, 25))
    ]
    assert lengths == [3, 2, 4]


def test_hours_that_the_change_of_clocks_swallows_are_left_out():
    nightly = room(hours=(Interval(7, time(2), time(2, 30)), Interval(7, time(2, 59), time(3))))
    assert [span.duration for span in open_spans(nightly, date(2026, 3, 29), date(2026, 3, 29))] != []
    assert all(
        span.starts_at < span.ends_at for span in open_spans(nightly, date(2026, 3, 29), date(2026, 3, 29))
    )


@pytest.mark.parametrize(
    ("wanted", "kind"),
    [
        ("2026-11-25 19:00", "taken"),
        ("2026-11-25 18:00", "taken"),
        ("2026-11-25 20:30", None),
        ("2026-11-25 17:30", None),
        ("2026-11-25 08:30", "outside_hours"),
        ("2026-11-25 21:00", "outside_hours"),
        ("2026-12-24 19:00", "closed"),
        ("2026-12-23 23:30", "closed"),
    ],
)
def test_what_stands_in_the_way_is_named(wanted, kind):
    facts = room(
        taken=(local_span("2026-11-25 19:00"),),
        closed=(ClosedDays(date(2026, 12, 24), date(2027, 1, 1), "Weihnachten"),),
    )
    found = obstacle_to(facts, local_span(wanted))
    assert (found.kind if found else None) == kind
    assert found is None or found.reason == ("Weihnachten" if kind == "closed" else "")


def test_instead_of_a_taken_hour_the_hours_before_and_after_are_offered():
    facts = room(taken=(local_span("2026-11-25 18:30", 120),))
    found = other_times(facts, local_span("2026-11-25 19:00"), earliest=EARLY)
    assert found == [local_span("2026-11-25 20:30"), local_span("2026-11-25 17:00")]


def test_no_time_is_offered_that_is_over():
    facts = room(taken=(local_span("2026-11-25 19:00"),))
    now = local_span("2026-11-25 18:10").starts_at
    assert other_times(facts, local_span("2026-11-25 19:00"), earliest=now) == [
        local_span("2026-11-25 20:30")
    ]


def test_other_rooms_must_be_free_large_enough_and_as_accessible_and_the_smallest_comes_first():
    wanted = local_span("2026-11-25 19:00")
    step_free = frozenset({"step_free", "lift"})
    rooms = [
        room(room_id=2, capacity=30, access=step_free),
        room(room_id=3, capacity=12, access=step_free),
        room(room_id=4, capacity=11, access=step_free),
        room(room_id=5, capacity=20),
        room(room_id=6, capacity=20, access=step_free, taken=(wanted,)),
    ]
    found = other_rooms(rooms, wanted, people=12, access={"step_free"})
    assert [each.room_id for each in found] == [3, 2]


def test_a_closure_is_named_before_a_booking():
    wanted = local_span("2026-11-25 19:00")
    closed = (ClosedDays(date(2026, 11, 25), date(2026, 11, 25), "Umbau"),)
    assert obstacle_to(room(taken=(wanted,), closed=closed), wanted) == Obstacle("closed", "Umbau")


@pytest.mark.parametrize("ends", ["2026-11-25 19:00", "2026-11-25 18:00"])
def test_a_span_that_does_not_last_is_refused(ends):
    start = local_span("2026-11-25 19:00").starts_at
    with pytest.raises(ValueError, match="ends after"):
        Span(start, local_span(ends).starts_at)
    with pytest.raises(ValueError, match="time zone"):
        Span(datetime(2026, 11, 25), datetime(2026, 11, 26))
