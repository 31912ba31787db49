"""The dates of groups as an iCalendar file (RFC 5545, 7986); only what everybody may know goes in.

The same dates give the same bytes, whatever the day within a month. A date that does not take place stays, marked as
cancelled in its status and in its title, for not every program shows the status.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from icalendar import Calendar, Event, vText

from app.groups.meetings.calendar_groups import CalendarGroup
from app.groups.meetings.calendar_zones import DAY_CODES, zone_component
from app.groups.meetings.schedules import Stored
from app.groups.meetings.words import cause_words, remark_words, rule_words
from app.groups.rules.calendar_entries import Entry, Wanted
from app.groups.rules.listing import DisclosedPlace, Where
from app.groups.rules.recurrence import MONTHLY_WEEKDAY, WEEKLY, Rule
from app.groups.rules.schedule import ONLINE
from app.shared.languages import in_language

ASK_AGAIN_AFTER = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class CalendarFile:
    """The bytes, and the last moment at which something in them was changed by hand; None when nothing is in them."""

    content: bytes
    changed_at: datetime | None


def calendar_file(
    groups: Iterable[CalendarGroup], wanted: Wanted, *, name: str, url: str, groups_url: str
) -> CalendarFile:
    """Answer the calendar of some groups.

    Args:
        groups: in a fixed order.
        wanted: which of their dates.
        name: of the calendar.
        url: of the page that shows the same.
        groups_url: that of a group is this, a slash and its slug; its host is part of every UID.
    """
    calendar = empty_calendar(name=name, url=url)
    events, zones, changes = [], set(), []
    for group in groups:
        writer = _Writer(group, groups_url)
        for stored, entry in group.schedule.entries(wanted):
            events.append(writer.event(stored, entry))
            zones.add(stored.series.rule.zone)
            changes.append(writer.changed_at(stored))
    for component in (*(zone_component(zone) for zone in sorted(zones)), *events):
        calendar.add_component(component)
    return CalendarFile(bytes(calendar.to_ical()), max(changes, default=None))


def empty_calendar(*, name: str, url: str) -> Calendar:
    """Answer a calendar of this name without events; ``url`` is that of the page that shows the same."""
    calendar = Calendar()
    calendar.add("prodid", "-//Wirkreis//Wirkreis//DE")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    # As text: of these two the library does not know that they have to be escaped.
    calendar.add("name", vText(name))
    calendar.add("x-wr-calname", vText(name))
    calendar.add("url", url)
    calendar.add("refresh-interval", ASK_AGAIN_AFTER, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT12H")
    return calendar


class _Writer:
    """Writes the events of one group."""

    def __init__(self, group: CalendarGroup, groups_url: str) -> None:
        self._group = group
        self._url = f"{groups_url}/{group.slug}"
        self._host = urlsplit(groups_url).hostname or "localhost"
        self._categories = [in_language(topic.names) for topic in group.topics]

    def changed_at(self, stored: Stored) -> datetime:
        """Answer the last change of a series or of what is told of the group."""
        return max(stored.changed_at, self._group.updated_at)

    def event(self, stored: Stored, entry: Entry) -> Event:
        """Answer the event of an entry."""
        meeting, changed_at = entry.meeting, self.changed_at(stored)
        is_off = meeting.is_cancelled
        event = Event()
        event.add("uid", f"{stored.uid}{'-' if entry.key else ''}{entry.key}@{self._host}")
        event.add("dtstamp", changed_at)
        event.add("last-modified", changed_at)
        event.add("sequence", stored.revision)
        event.add("dtstart", entry.starts_at)
        event.add("dtend", entry.ends_at)
        if entry.instead_of is not None:
            event.add("recurrence-id", entry.instead_of)
        if entry.rule is not None:
            event.add("rrule", _rrule(entry.rule, entry.starts_at.isoweekday()))
        if entry.excluded:
            event.add("exdate", list(entry.excluded))
        name = self._group.name
        event.add("summary", _("Cancelled: %(name)s", name=name) if is_off else name)
        event.add("status", "CANCELLED" if is_off else "CONFIRMED")
        where = self._group.schedule.where(meeting)
        event.add("description", "\n".join(self._lines(stored, entry, where)))
        _add_where(event, where)
        event.add("url", self._url)
        if self._categories:
            event.add("categories", self._categories)
        event.add("class", "PUBLIC")
        return event

    def _lines(self, stored: Stored, entry: Entry, where: Where) -> list[str]:
        """Answer what is said of an entry: what is unusual, the rhythm, how one learns where, the page."""
        meeting = entry.meeting
        lines = [cause_words(meeting) or remark_words(meeting)]
        if entry.rule is not None:
            lines.append(rule_words(stored.series.rule))
        if not meeting.is_cancelled and where.place is None and not where.link:
            if meeting.format == ONLINE:
                lines.append(_("You receive the link when you get in touch."))
            else:
                lines.append(_("You learn the place when you get in touch."))
        lines.append(_("More about the group: %(url)s", url=self._url))
        return [line for line in lines if line]


def _add_where(event: Event, where: Where) -> None:
    """Add place, point and link, as far as there are."""
    if where.place is not None:
        event.add("location", _address(where.place, where.hint))
        if not where.place.is_approximate:
            event.add("geo", (where.place.latitude, where.place.longitude))
    if where.link:
        event.add("conference", where.link, parameters={"VALUE": "URI"})


def _address(place: DisclosedPlace, hint: str) -> str:
    town = f"{place.postcode} {place.town}".strip()
    return ", ".join(part for part in (place.name, hint, place.street, town) if part)


def _rrule(rule: Rule, first_weekday: int) -> dict[str, object]:
    """Answer a rhythm in the words of RFC 5545; UNTIL is the end of its last day, in UTC."""
    parts: dict[str, object] = {"freq": "WEEKLY" if rule.frequency == WEEKLY else "MONTHLY"}
    if rule.interval > 1:
        parts["interval"] = rule.interval
    if rule.until_on is not None:
        parts["until"] = _last_moment(rule, rule.until_on)
    if rule.frequency == WEEKLY:
        parts |= {"byday": [DAY_CODES[weekday - 1] for weekday in rule.weekdays], "wkst": "MO"}
    elif rule.frequency == MONTHLY_WEEKDAY:
        parts["byday"] = [f"{n}{DAY_CODES[weekday - 1]}" for weekday in rule.weekdays for n in rule.ordinals]
        if 5 in rule.ordinals and len(rule.weekdays) > 1:
            # It means nothing by the month, but ical.js looks for fifths in this order and misses an early one.
            parts["wkst"] = DAY_CODES[first_weekday - 1]
    else:
        parts["bymonthday"] = list(rule.month_days)
    return parts


def _last_moment(rule: Rule, day: date) -> datetime:
    return datetime.combine(day, time(23, 59, 59), tzinfo=ZoneInfo(rule.zone)).astimezone(UTC)
