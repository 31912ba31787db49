"""What truly takes place: which of a change, a break, a holiday and a closed place decides, and what is told of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from app.groups.rules.recurrence import spans
from app.groups.rules.schedule import (
    FARTHEST_AHEAD,
    Change,
    Closure,
    Series,
    days_off,
    meetings,
    next_meetings,
)
from app.places.rules.free_days import FreeDay
from tests.builders.groups import make_rule, some_series

BERLIN = ZoneInfo("Europe/Berlin")
TUESDAYS = make_rule(weekday=2, first_on=date(2026, 6, 2))
HOLIDAY = {date(2026, 6, 9): FreeDay("public", {"de": "Feiertag", "en": "holiday"})}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


def in_june(series: Series):
    return meetings([series], start=at("2026-06-01"), end=at("2026-07-01"))


def told(series: Series) -> list[tuple[int, str]]:
    return [(each.starts_at.day, each.cause) for each in in_june(series)]


def test_a_series_without_more_takes_place_as_its_rule_says():
    assert told(Series(1, TUESDAYS)) == [(2, ""), (9, ""), (16, ""), (23, ""), (30, "")]


def test_a_cancelled_date_stays_to_be_seen_with_its_reason():
    series = Series(1, TUESDAYS, changes=(Change("cancelled", on=date(2026, 6, 16), reason="Hitze"),))
    (_, _, off, _, _) = in_june(series)
    assert (off.cause, off.note, off.is_cancelled) == ("cancelled", "Hitze", True)


def test_a_moved_date_stands_where_it_was_moved_to_and_says_from_when():
    moved = Change("moved", on=date(2026, 6, 16), new_on=date(2026, 6, 18), starts_at_local=time(18), place=7)
    found = in_june(Series(1, TUESDAYS, place=3, changes=(moved,)))
    assert [each.starts_at.day for each in found] == [2, 9, 18, 23, 30]
    there = found[2]
    assert there.starts_at == at("2026-06-18T18:00")
    assert there.ends_at - there.starts_at == timedelta(minutes=90)
    assert there.moved_from == at("2026-06-16T19:00")
    assert there.place == 7
    assert there.on == date(2026, 6, 16)


def test_a_moved_date_of_which_the_rule_knows_nothing_any_more_is_forgotten():
    moved = Change("moved", on=date(2026, 6, 17), new_on=date(2026, 6, 18))
    assert [day for day, _ in told(Series(1, TUESDAYS, changes=(moved,)))] == [2, 9, 16, 23, 30]


def test_an_added_date_is_there_beside_the_rule():
    found = in_june(
        Series(1, TUESDAYS, changes=(Change("added", new_on=date(2026, 6, 20), reason="Ausflug"),))
    )
    assert [(each.starts_at.day, each.is_added) for each in found if each.is_added] == [(20, True)]


def test_holidays_and_breaks_rest_the_rule_but_not_what_was_moved_or_added_on_purpose():
    changes = (
        Change("moved", on=date(2026, 6, 16), new_on=date(2026, 6, 9), starts_at_local=time(10)),
        Change("added", new_on=date(2026, 6, 24)),
    )
    resting = Series(
        1,
        TUESDAYS,
        changes=changes,
        free_days=HOLIDAY,
        breaks=(Closure(date(2026, 6, 22), date(2026, 6, 28)),),
    )
    assert told(resting) == [(2, ""), (9, ""), (9, "public"), (23, "break"), (24, ""), (30, "")]
    assert in_june(resting)[2].holiday["de"] == "Feiertag"


def test_a_closed_place_closes_every_meeting_in_it_also_a_moved_one_unless_it_goes_elsewhere():
    closed = {3: (Closure(date(2026, 6, 8), date(2026, 6, 18), "Wasserschaden"),)}
    moved_in = Change("moved", on=date(2026, 6, 23), new_on=date(2026, 6, 17))
    moved_away = Change("moved", on=date(2026, 6, 16), new_on=date(2026, 6, 16), place=4)
    series = Series(1, TUESDAYS, place=3, closures=closed, changes=(moved_in, moved_away))
    assert told(series) == [(2, ""), (9, "place_closed"), (16, ""), (17, "place_closed"), (30, "")]
    assert in_june(series)[1].note == "Wasserschaden"


def test_a_hybrid_meeting_takes_place_online_while_its_place_is_closed():
    closed = {3: (Closure(date(2026, 6, 9), date(2026, 6, 9)),)}
    meeting = in_june(Series(1, TUESDAYS, format="hybrid", place=3, closures=closed))[1]
    assert (meeting.is_cancelled, meeting.format, meeting.is_online_instead) == (False, "online", True)


def test_an_online_meeting_has_no_place_that_could_be_closed():
    closed = {3: (Closure(date(2026, 6, 1), date(2026, 6, 30)),)}
    assert {cause for _, cause in told(Series(1, TUESDAYS, format="online", place=3, closures=closed))} == {
        ""
    }


def test_next_meetings_name_the_cancelled_ones_on_the_way():
    series = Series(1, TUESDAYS, changes=(Change("cancelled", on=date(2026, 6, 2)),))
    found = next_meetings([series], now=at("2026-06-01"), count=2)
    assert [(each.starts_at.day, each.is_cancelled) for each in found] == [(2, True), (9, False), (16, False)]


def test_when_nothing_takes_place_any_more_what_was_cancelled_is_still_told():
    rule = make_rule(weekday=2, first_on=date(2026, 6, 2), until_on=date(2026, 6, 9))
    series = Series(1, rule, breaks=(Closure(date(2026, 6, 1), date(2026, 6, 30), "Sommerpause"),))
    found = next_meetings([series], now=at("2026-06-01"), count=3)
    assert [(each.cause, each.note) for each in found] == [("break", "Sommerpause")] * 2


@settings(deadline=None)
@given(some_series(), st.integers(0, 500), st.integers(1, 120), st.integers(1, 120))
def test_two_windows_side_by_side_hold_what_the_whole_holds(series, ahead, first, second):
    start = at("2026-06-01") + timedelta(days=ahead)
    middle, end = start + timedelta(days=first), start + timedelta(days=first + second)
    left = meetings([series], start=start, end=middle)
    assert left + meetings([series], start=middle, end=end) == meetings([series], start=start, end=end)


@settings(deadline=None)
@given(some_series(), st.integers(0, 500), st.integers(1, 200))
def test_every_date_of_the_rule_is_told_once_unless_it_was_moved(series, ahead, length):
    start = at("2026-06-01") + timedelta(days=ahead)
    end = start + timedelta(days=length)
    found = meetings([series], start=start, end=end)
    moved = {change.on for change in series.changes if change.kind == "moved"}
    own = [each.starts_at for each in found if each.moved_from is None and not each.is_added]
    starts = [each.starts_at for each in spans(series.rule, start=start, end=end)]
    expected = [moment for moment in starts if moment.date() not in moved]
    assert own == expected or any(moment.date() != moment.astimezone(BERLIN).date() for moment in expected)


@settings(deadline=None)
@given(some_series(), st.integers(0, 500), st.integers(1, 5))
def test_the_next_meetings_are_the_first_of_a_long_window(series, ahead, count):
    now = at("2026-06-01") + timedelta(days=ahead)
    found = next_meetings([series], now=now, count=count)
    window = meetings([series], start=now, end=now.astimezone(UTC) + FARTHEST_AHEAD)
    assert [each.starts_at for each in found] == [each.starts_at for each in window[: len(found)]]
    taking_place = [each for each in window if not each.is_cancelled]
    assert sum(not each.is_cancelled for each in found) == min(count, len(taking_place))


@settings(deadline=None)
@given(some_series())
def test_days_off_are_the_days_of_the_rule_on_which_nobody_meets_as_usual(series):
    first, last = date(2026, 6, 1), date(2027, 6, 1)
    found = meetings([series], start=at("2026-05-30"), end=at("2027-06-03"))
    usual = {
        each.on for each in found if not each.is_cancelled and each.moved_from is None and not each.is_added
    }
    off = days_off(series, first=first, last=last)
    assert usual.isdisjoint(off)
    assert {
        each.on for each in found if each.is_cancelled and each.moved_from is None and not each.is_added
    } & {first + timedelta(days=n) for n in range(366)} <= set(off)


def test_the_dates_after_a_very_long_closure_are_among_the_next_ones():
    daily = make_rule(weekdays=(1, 2, 3, 4, 5, 6, 7), first_on=date(2026, 6, 1), until_on=date(2026, 9, 2))
    series = Series(1, daily, breaks=(Closure(date(2026, 6, 1), date(2026, 8, 31), "Umbau"),))
    found = next_meetings([series], now=at("2026-06-01"), count=3)
    assert [each.on for each in found if not each.is_cancelled] == [date(2026, 9, 1), date(2026, 9, 2)]
