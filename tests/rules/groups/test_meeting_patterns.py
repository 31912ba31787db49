"""Meeting series as numbers say the same as the exact schedule."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from app.groups.rules.meeting_patterns import (
    FAR,
    HORIZON,
    PATTERN,
    day_number,
    next_day,
    next_minute,
    pack_series,
    starts_between,
    utc_minutes,
    wall_minute,
)
from app.groups.rules.recurrence import days
from app.groups.rules.schedule import Change, Series, meetings
from tests.builders.groups import make_rule, rules, some_series

EPOCH = date(1970, 1, 1)
BERLIN = ZoneInfo("Europe/Berlin")
TODAY = date(2026, 6, 1)


def unpack(*series: Series, today: date = TODAY):
    return np.frombuffer(pack_series(series, today=today).patterns, PATTERN)


def plain(*given_rules):
    return [Series(number, rule) for number, rule in enumerate(given_rules)]


def exact_walls(series, first: date, last: date) -> list[int]:
    """Answer the wall-clock minutes of what takes place on the days from first to last."""
    start = datetime.combine(first, time(0), BERLIN)
    found = meetings(
        [series], start=start - timedelta(days=1), end=start + timedelta(days=(last - first).days + 3)
    )
    walls = [
        datetime.combine(each.on, series.rule.starts_at_local)
        if each.moved_from is None and not each.is_added
        else each.starts_at.replace(tzinfo=None)
        for each in found
        if not each.is_cancelled
    ]
    return sorted(wall_minute(wall) for wall in walls if first <= wall.date() <= last)


@settings(deadline=None)
@given(st.lists(some_series(), max_size=4), st.integers(0, 500), st.integers(0, 200))
def test_every_start_of_a_time_is_that_of_the_exact_schedule(series, ahead, length):
    first = TODAY + timedelta(days=ahead)
    last = first + timedelta(days=length)
    for one in series:
        patterns = unpack(one)
        _rows, minutes = starts_between(patterns, day_number(first), day_number(last))
        assert sorted(set(minutes.tolist())) == sorted(set(exact_walls(one, first, last)))


@settings(deadline=None)
@given(some_series(), st.integers(0, 600))
def test_the_next_start_of_a_packed_series_is_that_of_the_exact_schedule(series, ahead):
    since = TODAY + timedelta(days=ahead)
    patterns = unpack(series)
    found = min(next_minute(patterns, day_number(since) * 1440).tolist(), default=int(FAR))
    later = exact_walls(series, since, TODAY + HORIZON - timedelta(days=1))
    if later:
        assert found == later[0]
    else:
        assert found >= day_number(TODAY + HORIZON - timedelta(days=1)) * 1440


@given(rules(), st.dates(date(2015, 1, 1), date(2035, 1, 1)))
def test_a_plain_rule_is_true_for_ever(rule, since):
    packed = pack_series(plain(rule), today=TODAY)
    if packed.until is not None:
        assert rule.frequency in {"monthly_day", "dates"}
        return
    patterns = np.frombuffer(packed.patterns, PATTERN)
    found = next_day(patterns, np.full(len(patterns), day_number(since), np.int64))
    expected = next(days(rule, since=since), None)
    earliest = min(found.tolist(), default=int(FAR))
    assert (None if earliest == FAR else EPOCH + timedelta(days=earliest)) == expected


def test_a_meeting_that_is_cancelled_cuts_its_series_in_two():
    rule = make_rule(weekday=2, interval=2, first_on=date(2026, 6, 2))
    series = Series(1, rule, changes=(Change("cancelled", on=date(2026, 6, 16)),))
    packed = pack_series([series], today=TODAY)
    assert packed.count == 2
    assert packed.until == TODAY + HORIZON
    _rows, minutes = starts_between(
        np.frombuffer(packed.patterns, PATTERN), day_number(TODAY), day_number(date(2026, 7, 14))
    )
    assert [EPOCH + timedelta(days=int(minute) // 1440) for minute in sorted(minutes)] == [
        date(2026, 6, 2),
        date(2026, 6, 30),
        date(2026, 7, 14),
    ]


def test_a_series_of_another_time_zone_is_found_by_the_clocks_here():
    rule = make_rule(weekday=3, starts_at_local=time(23, 30), zone="Europe/London", first_on=date(2026, 6, 3))
    minute = next_minute(unpack(Series(1, rule)), day_number(date(2026, 6, 3)) * 1440).min()
    assert minute == wall_minute(datetime(2026, 6, 4, 0, 30))


def test_a_fifth_weekday_of_february_is_found_however_far_away():
    rule = make_rule(
        frequency="monthly_weekday", weekday=4, ordinals=(5,), interval=12, first_on=date(2025, 2, 1)
    )
    (day,) = next_day(unpack(*plain(rule)), np.array([day_number(date(2025, 2, 1))]))
    assert EPOCH + timedelta(days=int(day)) == next(days(rule, since=date(2025, 2, 1))) == date(2052, 2, 29)


def test_a_begun_minute_counts_as_the_next():
    moment = datetime(2026, 11, 4, 18, 0, 0, 1, tzinfo=UTC).astimezone(BERLIN)
    assert wall_minute(moment) == wall_minute(datetime(2026, 11, 4, 19, 1))


def test_no_series_no_bytes():
    packed = pack_series([], today=TODAY)
    assert (packed.patterns, packed.count, packed.until) == (b"", 0, None)
    assert len(next_minute(unpack(), 0)) == 0


def test_a_series_that_is_over_never_comes():
    rule = make_rule(
        weekday=1, first_on=date(2020, 1, 6), until_on=date(2020, 12, 31), starts_at_local=time(9)
    )
    assert next_minute(unpack(*plain(rule)), wall_minute(datetime(2026, 1, 1)))[0] == FAR


@given(st.lists(st.datetimes(datetime(2026, 3, 20), datetime(2026, 11, 3)), min_size=1, max_size=50))
def test_wall_clock_minutes_become_moments_across_both_changes_of_clocks(walls):
    walls = [wall.replace(second=0, microsecond=0) for wall in walls]
    found = utc_minutes(np.array([wall_minute(wall) for wall in walls]), BERLIN)
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    exact = [
        int((wall.replace(tzinfo=BERLIN).astimezone(UTC) - epoch).total_seconds()) // 60 for wall in walls
    ]
    assert found.tolist() == exact


def test_a_series_that_rests_on_holidays_is_looked_at_again_even_while_none_is_known():
    series = Series(1, make_rule(skips_school_holidays=True))
    packed = pack_series([series], today=TODAY)
    assert (packed.count, packed.until) == (1, TODAY + HORIZON)
