"""Calendars as they are asked for, and the Wednesdays that their groups meet on."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from icalendar import Calendar

from app.groups.rules.recurrence import spans
from app.shared import clock
from tests.builders.groups import make_rule
from tests.support.calendars import faults

WEDNESDAYS = make_rule(skips_public_holidays=True)


def events(client: Any, path: str) -> list[Any]:
    answer = client.get(path)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert answer.content_type == "text/calendar; charset=utf-8"
    assert faults(answer.data) == []
    return Calendar.from_ical(answer.data).walk("VEVENT")


def names(client: Any, path: str) -> set[str]:
    return {str(event["SUMMARY"]) for event in events(client, path)}


def coming(count: int) -> list[date]:
    """The next Wednesdays of the rule that are no holidays, after a week."""
    start = clock.now() + timedelta(days=7)
    soon = spans(WEDNESDAYS, start=start, end=start + timedelta(weeks=30))
    fixed = {(1, 1), (1, 6), (5, 1), (10, 3), (11, 1), (12, 25), (12, 26)}
    return [each.on for each in soon if (each.on.month, each.on.day) not in fixed][:count]
