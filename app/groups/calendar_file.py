"""The meetings of a group as an iCalendar file (RFC 5545); only what is disclosed goes in."""

from __future__ import annotations

from datetime import UTC, datetime, time
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from app.groups.queries import GroupPage
from app.groups.rules.recurrence import MONTHLY_DAY, MONTHLY_WEEKDAY, WEEKLY, Rule, next_occurrences

DAY_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def group_calendar(page: GroupPage, *, url: str) -> bytes:
    """Answer the calendar: an event with its rule a series that goes on, from the first date it ever had.

    The same group gives the same bytes until it changes, whatever the day and the address it was asked at.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Wirkreis//Wirkreis//DE")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("name", page.card.name)
    calendar.add("x-wr-calname", page.card.name)
    calendar.add("url", url)
    host = urlsplit(url).hostname or "wirkreis"
    for number, rule in enumerate(page.card.rules, start=1):
        event = _event(page, rule, url=url)
        if event is not None:
            event.add("uid", f"{page.card.slug}-{number}@{host}")
            calendar.add_component(event)
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _event(page: GroupPage, rule: Rule, *, url: str) -> Event | None:
    """Answer the event of a series; None when it never takes place."""
    beginning = datetime.combine(rule.first_on, time(0), tzinfo=ZoneInfo(rule.zone))
    first = next_occurrences(rule, now=beginning, count=1)
    if not first:
        return None
    event = Event()
    event.add("summary", page.card.name)
    event.add("dtstart", first[0].starts_at)
    event.add("dtend", first[0].ends_at)
    event.add("dtstamp", page.updated_at)
    event.add("last-modified", page.updated_at)
    event.add("rrule", _rrule(rule))
    event.add("url", url)
    event.add("class", "PUBLIC")
    place = page.card.place
    if place is not None and place.precision == "exact":
        event.add("location", f"{place.name}, {place.street}, {place.postcode} {place.town}".strip(", "))
        event.add("geo", (place.latitude, place.longitude))
    return event


def _rrule(rule: Rule) -> dict[str, object]:
    """Answer the rule in the words of RFC 5545; UNTIL as a moment in UTC."""
    days = [DAY_CODES[weekday - 1] for weekday in rule.weekdays]
    of_frequency: dict[str, dict[str, object]] = {
        WEEKLY: {"freq": "WEEKLY", "byday": days},
        MONTHLY_WEEKDAY: {"freq": "MONTHLY", "byday": [f"{n}{day}" for day in days for n in rule.ordinals]},
        MONTHLY_DAY: {"freq": "MONTHLY", "bymonthday": list(rule.month_days)},
    }
    parts = of_frequency.get(rule.frequency, {})
    if rule.interval > 1:
        parts["interval"] = rule.interval
    if rule.until_on is not None:
        last_minute = datetime.combine(rule.until_on, rule.starts_at_local, tzinfo=ZoneInfo(rule.zone))
        parts["until"] = last_minute.astimezone(UTC)
    return parts
