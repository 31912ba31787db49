"""All dates of the next 60 days, across a change of clocks, beside what one date at a time costs."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from time import perf_counter
from zoneinfo import ZoneInfo

import numpy as np
from dateutil.rrule import MO, WEEKLY, rrule

from app.groups.finder_cache import get_finder_cache
from app.groups.rules.meeting_patterns import WALL_ZONE, day_number, starts_between, utc_minutes
from app.groups.rules.recurrence import WEEKLY as EVERY_WEEK
from app.groups.rules.recurrence import Rule
from app.groups.rules.schedule import Series, meetings
from app.shared import clock
from app.shared.extensions import db
from bench.databases import Database, application
from bench.tables import heading, measure, times_line, value_line

DAYS = 60
SAMPLE = 2_000
REPEATS = 15


def run(database: Database) -> None:
    """Print how long it takes to know every start as a moment in UTC, and what others take for it."""
    heading(f"The next {DAYS} days of every series, {database.kind}")
    app = application(database.url)
    with app.app_context():
        columns = get_finder_cache().columns(db.session(), now=clock.now())
        patterns = columns.patterns
        db.session.remove()
        db.engine.dispose()
    first = date(clock.now().year + 1, 3, 1)
    window = (day_number(first), day_number(first) + DAYS - 1)
    found = starts_between(patterns, *window)[1]
    groups = len(columns)
    print(f"{len(patterns)} patterns of {groups} groups, {len(found)} starts")
    times = measure(lambda _: _moments(patterns, window), range(REPEATS))
    times_line("all starts as moments", times, p95_at_most=100)
    old = patterns.copy()
    begun = old["first_day"] <= day_number(clock.now().date())
    old["first_day"][begun] -= 3_650 // (7 * 52) * (7 * 52)  # ten years older, in step with every interval
    times_line(
        "the same, ten years older", measure(lambda _: _moments(old, window), range(REPEATS)), p95_at_most=100
    )
    _others(first, groups)


def _moments(patterns: np.ndarray, window: tuple[int, int]) -> np.ndarray:
    return utc_minutes(starts_between(patterns, *window)[1], WALL_ZONE)


def _others(first: date, groups: int) -> None:
    """Print the exact rule, and dateutil, for a sample of weekly series, as seconds for all."""
    start = datetime.combine(first, time(0), ZoneInfo("Europe/Berlin"))
    rules = [
        Rule(EVERY_WEEK, time(19), 90, first - timedelta(days=60 + number % 7), weekdays=(1 + number % 7,))
        for number in range(SAMPLE)
    ]
    began = perf_counter()
    for number, rule in enumerate(rules):
        meetings([Series(number, rule)], start=start, end=start + timedelta(days=DAYS))
    exact = (perf_counter() - began) * groups / SAMPLE
    began = perf_counter()
    for rule in rules:
        begin = datetime.combine(rule.first_on, rule.starts_at_local, ZoneInfo(rule.zone))
        series = rrule(WEEKLY, dtstart=begin, byweekday=MO.__class__(rule.weekdays[0] - 1))
        series.between(start, start + timedelta(days=DAYS))
    value_line("one date at a time, exact rule, for all", exact, unit="s")
    value_line(
        "dateutil, series two months old, for all", (perf_counter() - began) * groups / SAMPLE, unit="s"
    )
