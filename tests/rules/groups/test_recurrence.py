"""When meetings take place: clocks that change, ends of months, windows; held against dateutil."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import DAILY, MO, MONTHLY, WEEKLY, rrule
from hypothesis import given
from hypothesis import strategies as st

from app.groups.rules.recurrence import (
    DATES,
    LAST,
    MONTHLY_DAY,
    MONTHLY_WEEKDAY,
    ORDINALS,
    Rule,
    check_rule,
    days,
    month_days,
    spans,
    takes_place_on,
)
from app.groups.rules.recurrence import WEEKLY as WEEKLY_RULE
from tests.builders.groups import make_rule, rules

BERLIN = ZoneInfo("Europe/Berlin")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


def starts(rule: Rule, start: datetime, end: datetime) -> list[str]:
    return [each.starts_at.isoformat() for each in spans(rule, start=start, end=end)]


def test_the_meeting_stays_at_seven_in_the_evening_when_summer_time_ends():
    rule = make_rule(weekday=3, starts_at_local=time(19), first_on=date(2026, 1, 1))
    assert starts(rule, at("2026-10-21"), at("2026-10-30")) == [
        "2026-10-21T19:00:00+02:00",
        "2026-10-28T19:00:00+01:00",
    ]


def test_the_meeting_stays_at_seven_in_the_evening_when_summer_time_begins():
    rule = make_rule(weekday=7, starts_at_local=time(19), first_on=date(2026, 1, 1))
    assert starts(rule, at("2026-03-22"), at("2026-03-30")) == [
        "2026-03-22T19:00:00+01:00",
        "2026-03-29T19:00:00+02:00",
    ]


def test_a_time_that_the_clock_skips_is_taken_an_hour_later_by_the_wall():
    rule = make_rule(weekday=7, starts_at_local=time(2, 30), first_on=date(2026, 1, 1))
    assert starts(rule, at("2026-03-29"), at("2026-03-30")) == ["2026-03-29T03:30:00+02:00"]


def test_a_time_that_comes_twice_is_the_first_of_the_two():
    rule = make_rule(weekday=7, starts_at_local=time(2, 30), first_on=date(2026, 1, 1))
    assert starts(rule, at("2026-10-25"), at("2026-10-26")) == ["2026-10-25T02:30:00+02:00"]


def test_a_window_that_begins_in_the_second_of_two_hours_does_not_hold_the_first():
    rule = make_rule(weekday=7, starts_at_local=time(2, 30), first_on=date(2026, 1, 1))
    second = datetime(2026, 10, 25, 2, 15, tzinfo=BERLIN, fold=1)
    assert spans(rule, start=second, end=at("2026-10-26")) == []
    assert len(spans(rule, start=second.replace(fold=0), end=second)) == 1


def test_a_meeting_may_end_after_midnight_and_lasts_as_long_as_said_when_clocks_change():
    rule = make_rule(weekday=6, starts_at_local=time(23), duration_minutes=300, first_on=date(2026, 1, 1))
    (night,) = spans(rule, start=at("2026-10-24"), end=at("2026-10-25"))
    assert night.ends_at.isoformat() == "2026-10-25T03:00:00+01:00"
    assert night.ends_at.astimezone(UTC) - night.starts_at.astimezone(UTC) == timedelta(hours=5)


def test_the_beginning_of_a_window_belongs_to_it_and_its_end_does_not():
    rule = make_rule(weekday=3, starts_at_local=time(19), first_on=date(2026, 1, 1))
    start, end = at("2026-11-04T19:00"), at("2026-11-18T19:00")
    assert starts(rule, start, end) == ["2026-11-04T19:00:00+01:00", "2026-11-11T19:00:00+01:00"]
    assert starts(rule, start + timedelta(seconds=1), end + timedelta(seconds=1)) == [
        "2026-11-11T19:00:00+01:00",
        "2026-11-18T19:00:00+01:00",
    ]


def test_first_last_and_fifth_weekdays_of_a_month():
    assert month_days(2026, 11, 1, (1,)) == [date(2026, 11, 2)]
    assert month_days(2026, 11, 1, (-1,)) == [date(2026, 11, 30)]
    assert month_days(2026, 11, 1, (5, -1)) == [date(2026, 11, 30)]
    assert month_days(2026, 11, 2, (5,)) == []
    assert month_days(2026, 2, 7, (1, 3)) == [date(2026, 2, 1), date(2026, 2, 15)]


def test_every_second_week_is_counted_from_the_first_day():
    rule = make_rule(weekday=2, interval=2, first_on=date(2026, 1, 7), starts_at_local=time(18))
    assert list(islice(days(rule, since=date(2026, 1, 1)), 2)) == [date(2026, 1, 13), date(2026, 1, 27)]
    assert list(islice(days(rule, since=date(2026, 11, 1)), 2)) == [date(2026, 11, 3), date(2026, 11, 17)]


def test_the_last_day_belongs_to_the_series():
    rule = make_rule(weekday=2, first_on=date(2026, 1, 6), until_on=date(2026, 1, 20))
    assert list(days(rule, since=date(2000, 1, 1))) == [date(2026, 1, d) for d in (6, 13, 20)]


def test_a_window_leaves_out_the_meeting_that_has_begun_and_holds_the_one_that_begins_now():
    rule = make_rule(weekday=3, starts_at_local=time(19), first_on=date(2026, 1, 1))
    end = at("2026-11-12")
    assert [each.on.day for each in spans(rule, start=at("2026-11-04T19:01"), end=end)] == [11]
    assert [each.on.day for each in spans(rule, start=at("2026-11-04T19:00"), end=end)] == [4, 11]


@pytest.mark.parametrize(
    "change",
    [
        {"frequency": "daily"},
        {"weekdays": ()},
        {"weekdays": (0,)},
        {"weekdays": (8,)},
        {"interval": 0},
        {"interval": 53},
        {"duration_minutes": 0},
        {"duration_minutes": 1441},
        {"frequency": MONTHLY_WEEKDAY, "ordinals": ()},
        {"frequency": MONTHLY_WEEKDAY, "ordinals": (0,)},
        {"frequency": MONTHLY_WEEKDAY, "ordinals": (6,)},
        {"frequency": MONTHLY_DAY, "month_days": ()},
        {"frequency": MONTHLY_DAY, "month_days": (32,)},
        {"frequency": MONTHLY_DAY, "month_days": (31,), "interval": 12, "first_on": date(2026, 2, 1)},
        {"frequency": DATES, "dates": ()},
        {"frequency": DATES, "dates": tuple(date(2026, 1, 1) + timedelta(days=n) for n in range(401))},
        {"frequency": DATES, "dates": (date(2023, 12, 31),)},
        {"until_on": date(2024, 1, 2)},
        {"until_on": date(2020, 1, 1)},
        {"zone": "Europe/Atlantis"},
        {"zone": "../etc/passwd"},
        {"zone": ""},
        {"first_on": date(9999, 12, 31)},
    ],
)
def test_a_rule_that_cannot_take_place_is_refused(change):
    with pytest.raises(ValueError, match=r"\w"):
        check_rule(replace(make_rule(), **change))


@given(rules())
def test_a_sensible_rule_is_accepted(rule):
    check_rule(replace(rule, until_on=None))  # one that ends before its first date is rightly refused


@given(rules(), st.dates(date(2019, 1, 1), date(2031, 1, 1)), st.integers(0, 900))
def test_the_days_are_those_that_dateutil_finds(rule, since, length):
    until = since + timedelta(days=length)
    found = [day for day in islice(days(rule, since=since), 1000) if day < until]
    assert found == _by_dateutil(rule, since, until)


@given(rules(), st.dates(date(2019, 1, 1), date(2031, 1, 1)), st.integers(0, 400), st.integers(0, 400))
def test_two_windows_side_by_side_hold_what_the_whole_holds(rule, since, first, second):
    moments = [datetime.combine(since, time(12), UTC) + timedelta(days=n) for n in (0, first, first + second)]
    left = spans(rule, start=moments[0], end=moments[1])
    right = spans(rule, start=moments[1], end=moments[2])
    assert left + right == spans(rule, start=moments[0], end=moments[2])


@given(rules(), st.datetimes(datetime(2019, 1, 1), datetime(2031, 1, 1)))
def test_every_meeting_is_on_its_weekday_at_its_time_by_the_wall(rule, moment):
    start = moment.replace(tzinfo=UTC)
    for each in spans(rule, start=start, end=start + timedelta(days=366 * 30))[:5]:
        assert not rule.weekdays or each.starts_at.isoweekday() in rule.weekdays
        assert takes_place_on(rule, each.on)
        is_skipped = each.starts_at.utcoffset() != each.starts_at.replace(hour=12).utcoffset()
        assert is_skipped or each.starts_at.time() == rule.starts_at_local or each.starts_at.hour == 3


def _by_dateutil(rule: Rule, since: date, until: date) -> list[date]:
    """Answer the days of the series in [since, until), found by another library in another way."""
    begin = max(since, rule.first_on)
    if rule.frequency == DATES:
        return [day for day in rule.dates if begin <= day < until and day <= (rule.until_on or date.max)]
    first = datetime.combine(rule.first_on, time(0))
    end = datetime.combine(min(until - timedelta(days=1), rule.until_on or date.max), time(0))
    weekdays = [MO.__class__(weekday - 1) for weekday in rule.weekdays]
    if rule.frequency == WEEKLY_RULE:
        # Weeks are counted from the week of the first such weekday, not from that of the first day.
        first = rrule(DAILY, dtstart=first, byweekday=weekdays, count=1)[0]
        found = rrule(WEEKLY, dtstart=first, interval=rule.interval, byweekday=weekdays, until=end, wkst=MO)
    elif rule.frequency == MONTHLY_DAY:
        start = first.replace(day=1)
        found = rrule(MONTHLY, dtstart=start, interval=rule.interval, bymonthday=rule.month_days, until=end)
    else:
        found = rrule(
            MONTHLY,
            dtstart=first.replace(day=1),
            interval=rule.interval,
            byweekday=[weekday(n) for weekday in weekdays for n in rule.ordinals],
            until=end,
        )
    return [moment.date() for moment in found if moment.date() >= begin]


def test_several_weekdays_belong_to_the_same_weeks():
    rule = make_rule(
        weekdays=(1, 4), interval=2, first_on=date(2026, 1, 7)
    )  # a Wednesday: Thursday comes first
    assert list(islice(days(rule, since=date(2026, 1, 1)), 4)) == [
        date(2026, 1, 8),
        date(2026, 1, 19),
        date(2026, 1, 22),
        date(2026, 2, 2),
    ]


def test_days_of_the_month_are_left_out_where_the_month_has_none_and_the_last_is_always_there():
    rule = make_rule(frequency=MONTHLY_DAY, month_days=(30, LAST), weekdays=(), first_on=date(2027, 1, 31))
    assert list(islice(days(rule, since=date(2027, 1, 1)), 4)) == [
        date(2027, 1, 31),
        date(2027, 2, 28),
        date(2027, 3, 30),
        date(2027, 3, 31),
    ]


def test_a_yearly_date_is_one_of_every_twelfth_month():
    rule = make_rule(
        frequency=MONTHLY_DAY, month_days=(29,), weekdays=(), interval=12, first_on=date(2026, 2, 1)
    )
    assert list(islice(days(rule, since=date(2026, 1, 1)), 2)) == [date(2028, 2, 29), date(2032, 2, 29)]


@given(rules(), st.dates(date(2018, 1, 1), date(2033, 1, 1)), st.integers(1, 60))
def test_a_day_is_one_of_the_rule_exactly_when_it_is_among_its_days(rule, since, length):
    own = {day for day in islice(days(rule, since=since), 100) if day < since + timedelta(days=length)}
    asked = [since + timedelta(days=ahead) for ahead in range(length)]
    assert {day for day in asked if takes_place_on(rule, day)} == own


def test_by_appointment_has_no_date():
    assert list(days(make_rule(frequency="appointment", weekdays=()), since=date(2026, 1, 1))) == []


def test_all_ordinals_are_tried():
    assert set(ORDINALS) == {1, 2, 3, 4, 5, -1}
