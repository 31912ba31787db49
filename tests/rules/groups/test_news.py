"""What is news to those who watch a group, and what is not."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.groups.rules.news import (
    ADDED,
    AHEAD,
    BACK,
    LOOK_AHEAD,
    MOVED,
    OFF,
    Told,
    as_json,
    from_json,
    known_now,
    news_since,
    next_after_breaks,
)
from app.groups.rules.schedule import Change, Closure, Meeting, Series, meetings
from app.places.rules.free_days import FreeDay
from tests.builders.groups import make_rule, some_series

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
TUESDAY = date(2026, 11, 24)
WEEK = timedelta(days=7)
DAY = timedelta(days=1)


def tuesdays(**given: Any) -> Series:
    return Series(1, make_rule(weekday=2), place=7, **given)


def seen(series: Series, now: datetime) -> list[Meeting]:
    return meetings([series], start=now, end=now + LOOK_AHEAD)


def known(series: Series, now: datetime = MONDAY) -> Told:
    promised = {each.series_id: each.starts_at for each in next_after_breaks([series], now=now)}
    return known_now(seen(series, now), now=now, promised=promised)


def kinds(told: Told, series: Series, now: datetime = MONDAY) -> list[tuple[str, date]]:
    return [(each.kind, each.starts_at.date()) for each in news_since(told, seen(series, now), now=now)]


CANCELLED = tuesdays(changes=(Change("cancelled", on=TUESDAY, reason="Glatteis"),))
MOVED_ON = tuesdays(changes=(Change("moved", on=TUESDAY, new_on=TUESDAY + DAY),))


def test_a_date_that_is_cancelled_moved_or_taken_back_is_news():
    assert kinds(known(tuesdays()), CANCELLED) == [(OFF, TUESDAY)]
    assert kinds(known(tuesdays()), MOVED_ON) == [(MOVED, TUESDAY)]
    assert kinds(known(CANCELLED), tuesdays()) == [(BACK, TUESDAY)]
    assert kinds(known(MOVED_ON), tuesdays()) == [(MOVED, TUESDAY + DAY)]
    assert kinds(known(MOVED_ON), CANCELLED) == [(OFF, TUESDAY + DAY)]


def test_a_closed_place_and_a_break_are_news_and_so_is_a_series_that_ends():
    assert kinds(known(tuesdays()), tuesdays(closures={7: (Closure(TUESDAY, TUESDAY),)})) == [(OFF, TUESDAY)]
    rests = tuesdays(breaks=(Closure(TUESDAY, TUESDAY + WEEK),))
    assert kinds(known(tuesdays()), rests) == [(OFF, TUESDAY), (OFF, TUESDAY + WEEK)]
    ended = Series(1, make_rule(weekday=2, until_on=TUESDAY), place=7)
    assert kinds(known(tuesdays()), ended) == [(OFF, TUESDAY + WEEK)]


def test_a_new_place_at_the_same_time_is_news_unless_it_is_not_to_be_known():
    elsewhere = tuesdays(changes=(Change("moved", on=TUESDAY, new_on=TUESDAY, place=9),))
    assert kinds(known(tuesdays()), elsewhere) == [(MOVED, TUESDAY)]
    hidden = [Series(1, make_rule(weekday=2)), Series(1, make_rule(weekday=2))]
    assert kinds(known(hidden[0]), hidden[1]) == []


def test_what_lies_more_than_two_weeks_ahead_is_told_when_it_comes_near():
    far = TUESDAY + 3 * WEEK
    series = tuesdays(changes=(Change("cancelled", on=far),))
    told = known(tuesdays())
    for ahead in range(8):
        now = MONDAY + ahead * DAY
        assert kinds(told, series, now) == (
            [(OFF, far)] if now + AHEAD > datetime(2026, 12, 15, 18, tzinfo=UTC) else []
        )


def test_a_date_past_is_no_news_any_more():
    assert kinds(known(tuesdays()), CANCELLED, MONDAY + 2 * DAY) == []


def test_an_added_date_alone_is_no_news_but_stands_beside_other_news():
    added = Change("added", new_on=TUESDAY + DAY, starts_at_local=time(10))
    assert kinds(known(tuesdays()), tuesdays(changes=(added,))) == []
    both = tuesdays(changes=(added, *CANCELLED.changes))
    assert kinds(known(tuesdays()), both) == [(OFF, TUESDAY), (ADDED, TUESDAY + DAY)]


def test_a_holiday_that_the_rhythm_leaves_out_is_no_news():
    far = TUESDAY + 3 * WEEK
    series = tuesdays(free_days={far: FreeDay("public", {"de": "Feiertag"})})
    assert kinds(known(tuesdays()), series, MONDAY + 10 * DAY) == []


def test_a_long_break_is_told_once_with_its_end_and_again_when_that_end_is_put_off():
    first, last = TUESDAY + WEEK, TUESDAY + 6 * WEEK
    rests = tuesdays(breaks=(Closure(first, last),))
    assert kinds(known(tuesdays()), rests) == [(OFF, first)]
    told = known(rests)
    for ahead in range(50):
        now = MONDAY + ahead * DAY
        assert kinds(told, rests, now) == []
        told = known_now(seen(rests, now), now=now, promised=told.promised)
    longer = tuesdays(breaks=(Closure(first, last + 2 * WEEK),))
    news = []
    told = known(rests)
    for ahead in range(70):
        now = MONDAY + ahead * DAY
        news += kinds(told, longer, now)
        told = known_now(seen(longer, now), now=now, promised=told.promised)
    assert (OFF, last + WEEK) in news


@given(some_series(since=MONDAY.date()))
def test_who_has_read_the_page_just_now_knows_everything(series):
    assert news_since(known(series), seen(series, MONDAY), now=MONDAY) == []


@given(some_series(since=MONDAY.date()))
def test_what_is_kept_is_what_comes_back(series):
    told = known(series)
    back = from_json(json.loads(json.dumps(as_json(told))))
    assert as_json(back) == as_json(told)
    assert news_since(back, seen(series, MONDAY), now=MONDAY) == []


@given(some_series(since=MONDAY.date()), some_series(since=MONDAY.date()), st.integers(0, 20))
def test_news_lies_ahead_within_two_weeks_or_was_known_and_is_told_once(before, after, ahead):
    now = MONDAY + ahead * DAY
    told = known(before)
    news = news_since(told, seen(after, now), now=now)
    for each in news:
        moments = [each.starts_at] if each.meeting is None else [each.starts_at, each.meeting.starts_at]
        assert any(now <= moment.astimezone(UTC) < now + AHEAD for moment in moments)
    again = known_now(seen(after, now), now=now, promised=told.promised)
    assert [each for each in news_since(again, seen(after, now), now=now) if each.kind != ADDED] == []


@given(some_series(since=MONDAY.date()))
def test_a_series_that_nobody_touches_makes_no_news_of_dates_that_take_place_as_it_says(series):
    untouched = Series(1, series.rule, place=series.place, format=series.format)
    told = known(untouched)
    for ahead in range(0, 60, 3):
        now = MONDAY + ahead * DAY
        assert news_since(told, seen(untouched, now), now=now) == []
