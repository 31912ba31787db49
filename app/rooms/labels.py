"""The fixed words of rooms, and times, prices and states, in the language of the page."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from babel.dates import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.clearinghouses.presentation import ACCESSIBILITY_LABELS
from app.groups.meetings.words import rule_words
from app.groups.rules.listing import EXACT
from app.rooms.rules.availability import CLOSED, OUTSIDE_HOURS, TAKEN, TOO_SOON, Obstacle, Span
from app.rooms.rules.pricing import meeting_price_cents, total_of
from app.rooms.rules.vocabulary import ROOM_ACCESS
from app.shared.languages import current_language, current_locale
from app.shared.money import euro_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from app.rooms.queries.bookings import BookingRow
    from app.rooms.queries.requests import RequestRow
    from app.rooms.queries.rooms import RoomRow
    from app.rooms.services.series_places import SeriesPlace

EQUIPMENT_LABELS = {
    "chairs_in_circle": _l("Chairs in a circle"),
    "tables": _l("Tables"),
    "projector": _l("Projector"),
    "screen": _l("Large screen"),
    "flipchart": _l("Flip chart"),
    "whiteboard": _l("Whiteboard"),
    "wifi": _l("Wi-Fi"),
    "hybrid_kit": _l("Camera and microphone for hybrid meetings"),
    "kitchen": _l("Kitchen"),
    "toys": _l("Toys for children"),
    "piano": _l("Piano"),
    "mats": _l("Mats"),
}
ACCESS_LABELS = {feature: ACCESSIBILITY_LABELS[feature] for feature in ROOM_ACCESS}
STATE_LABELS = {
    "waiting": _l("waits for an answer"),
    "approved": _l("approved"),
    "partly": _l("partly approved"),
    "declined": _l("declined"),
    "countered": _l("offer made"),
    "withdrawn": _l("withdrawn"),
}
_DAY = {"de": "EEEEEE, d. MMM y", "en": "EEE d MMM y", "nl": "EEE d MMM y"}
_SHORT_DAY = {"de": "EEEEEE, d. MMM", "en": "EEE d MMM", "nl": "EEE d MMM"}


def span_words(span: Span, zone: str) -> str:
    """Answer “Mi, 25. Nov. 2026, 19:00–20:30”."""
    starts_at = span.starts_at.astimezone(ZoneInfo(zone))
    return _("%(day)s, %(time)s", day=day_words(starts_at.date()), time=time_words(span, zone))


def time_words(span: Span, zone: str) -> str:
    """Answer “19:00–20:30”; what ends on another day names it."""
    wall = ZoneInfo(zone)
    starts_at, ends_at = span.starts_at.astimezone(wall), span.ends_at.astimezone(wall)
    last_on = (ends_at - timedelta(microseconds=1)).date()
    end = f"{ends_at:%H:%M}" if last_on == starts_at.date() else f"{day_words(last_on)}, {ends_at:%H:%M}"
    return f"{starts_at:%H:%M}–{end}"


def day_words(day: date, *, short: bool = False) -> str:
    """Answer “Mi, 25. Nov. 2026”, or, short, without the year."""
    pattern = (_SHORT_DAY if short else _DAY)[current_language()]
    return str(format_date(day, pattern, locale=current_locale()))


def month_words(day: date) -> str:
    """Answer “November 2026”."""
    return str(format_date(day, "LLLL y", locale=current_locale()))


def weekday_words(day: date, width: str = "EEEE") -> str:
    """Answer the weekday: “Mittwoch”."""
    return str(format_date(day, width, locale=current_locale()))


def asked_words(moment: datetime, zone: str) -> str:
    """Answer the day of a moment by the clock on the wall."""
    return day_words(moment.astimezone(ZoneInfo(zone)).date())


def price_words(room: RoomRow) -> str:
    """Answer “free of charge”, “5,00 € a meeting”, “5,00 € an hour”."""
    if room.price_cents == 0:
        return _("free of charge")
    price = euro_words(room.price_cents)
    if room.price_per == "hour":
        return _("%(price)s for each hour begun", price=price)
    return _("%(price)s a meeting", price=price)


def total_words(meetings: Iterable[tuple[RoomRow | None, Span]]) -> str:
    """Answer “3 Termine zu je 7,50 €, zusammen 22,50 €” for times in rooms, as their prices are now.

    Nothing when all is free of charge, or when a room is not known.
    """
    prices = []
    for room, span in meetings:
        if room is None:
            return ""
        prices.append(meeting_price_cents(room.price_cents, room.price_per, span.duration))
    total = total_of(prices)
    if not total.cents:
        return ""
    if len(prices) == 1:
        return euro_words(total.cents)
    lines = [
        ngettext(
            "%(num)s date at %(price)s", "%(num)s dates at %(price)s each", count, price=euro_words(cents)
        )
        for count, cents in total.lines
    ]
    return _("%(dates)s, together %(price)s", dates=", ".join(lines), price=euro_words(total.cents))


def total_in(room: RoomRow | None, spans: Iterable[Span]) -> str:
    """Answer what these times in one room cost."""
    return total_words((room, span) for span in spans)


def total_of_bookings(rooms: Mapping[int, RoomRow], bookings: Iterable[BookingRow]) -> str:
    """Answer what these bookings cost."""
    return total_words((rooms.get(booking.room_id), booking.span) for booking in bookings)


def total_of_request(rooms: Mapping[int, RoomRow], row: RequestRow) -> str:
    """Answer what a request costs: what is booked or offered for it, before that what it asks for."""
    found = [date.booking for date in row.dates if date.booking is not None]
    if found:
        return total_of_bookings(rooms, found)
    return total_in(rooms.get(row.room_id), [date.span for date in row.dates])


def lead_words(room: RoomRow) -> str:
    """Answer how long before a meeting the room is asked for."""
    if room.lead_hours == 0:
        return _("at short notice, too")
    if room.lead_hours % 24:
        return _("at least %(count)s hours ahead", count=room.lead_hours)
    days = room.lead_hours // 24
    return _("at least one day ahead") if days == 1 else _("at least %(count)s days ahead", count=days)


def equipment_words(room: RoomRow) -> list[str]:
    """Answer what is in the room."""
    return [str(EQUIPMENT_LABELS[each]) for each in room.equipment]


def access_words(room: RoomRow) -> list[str]:
    """Answer for whom the room is accessible."""
    return [str(ACCESS_LABELS[each]) for each in room.access]


def series_place_words(place: SeriesPlace) -> list[str]:
    """Answer what entering a room as the place of a series changes for people who look for a group, in sentences."""
    here = ", ".join((place.room.name, place.room.address))
    before = " – ".join(part for part in (place.before, place.hint) if part)
    if place.disclosure == EXACT:
        said = [
            _(
                "People who look for the group then read beside these dates (%(rhythm)s): %(place)s.",
                rhythm=rule_words(place.rule),
                place=here,
            )
        ]
        said += [_("So far they read: %(place)s.", place=before)] if before else []
        said.append(
            _("Calendars that people have subscribed to follow. On the map the group stays where it is.")
        )
        return said
    return [
        _(
            "These dates (%(rhythm)s) then have this place: %(place)s.",
            rhythm=rule_words(place.rule),
            place=here,
        ),
        *([_("So far: %(place)s.", place=before)] if before else []),
        _("Who looks for the group does not read it: its place is not shown exactly."),
    ]


def obstacle_words(obstacle: Obstacle) -> str:
    """Answer why a date is not possible."""
    if obstacle.kind == CLOSED and obstacle.reason:
        return _("closed: %(reason)s", reason=obstacle.reason)
    words = {
        CLOSED: _("closed"),
        TAKEN: _("taken"),
        OUTSIDE_HOURS: _("outside the bookable hours"),
        TOO_SOON: _("too soon"),
    }
    return words[obstacle.kind]
