"""Meeting series as numbers say the same as the exact rule."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from app.groups.rules.meeting_patterns import (
    FAR,
    PATTERN,
    day_number,
    next_day,
    next_minute,
    pack_rules,
    wall_minute,
)
from app.groups.rules.recurrence import days
from tests.builders.groups import make_rule, rules

EPOCH = date(1970, 1, 1)


def unpack(*given):
    return np.frombuffer(pack_rules(list(given)), PATTERN)


@given(st.lists(rules(), max_size=12), st.dates(date(2015, 1, 1), date(2035, 1, 1)))
def test_the_next_day_is_that_of_the_exact_rule(series, since):
    found = next_day(unpack(*series), np.full(len(series), day_number(since), np.int64))
    expected = [next(days(rule, since=since), None) for rule in series]
    assert [None if day == FAR else EPOCH + timedelta(days=int(day)) for day in found] == expected


@given(rules(), st.datetimes(datetime(2019, 1, 1), datetime(2031, 1, 1)))
def test_the_next_minute_is_the_first_start_from_now_on_by_the_wall_clock(rule, wall):
    wall = wall.replace(second=0, microsecond=0)
    later = (
        datetime.combine(day, rule.starts_at_local)
        for day in days(rule, since=wall.date())
        if datetime.combine(day, rule.starts_at_local) >= wall
    )
    expected = next(later, None)
    (minute,) = next_minute(unpack(rule), wall_minute(wall))
    assert minute == (FAR if expected is None else wall_minute(expected))


def test_a_fifth_weekday_of_february_is_found_however_far_away():
    rule = make_rule(
        frequency="monthly_weekday", weekday=4, ordinals=(5,), interval=12, first_on=date(2025, 2, 1)
    )
    (day,) = next_day(unpack(rule), np.array([day_number(date(2025, 2, 1))]))
    assert EPOCH + timedelta(days=int(day)) == next(days(rule, since=date(2025, 2, 1))) == date(2052, 2, 29)


def test_a_begun_minute_counts_as_the_next():
    moment = datetime(2026, 11, 4, 18, 0, 0, 1, tzinfo=UTC).astimezone(ZoneInfo("Europe/Berlin"))
    assert wall_minute(moment) == wall_minute(datetime(2026, 11, 4, 19, 1))


def test_no_series_no_bytes():
    assert pack_rules([]) == b""
    assert len(next_minute(unpack(), 0)) == 0


def test_a_series_that_is_over_never_comes():
    rule = make_rule(
        weekday=1, first_on=date(2020, 1, 6), until_on=date(2020, 12, 31), starts_at_local=time(9)
    )
    assert next_minute(unpack(rule), wall_minute(datetime(2026, 1, 1)))[0] == FAR
