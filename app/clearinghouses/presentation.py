"""Clearing houses in the words and numbers of the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time, get_day_names
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.clearinghouses.rules.opening_hours import grouped, status_at
from app.shared.languages import current_locale

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime, time

    from app.clearinghouses.queries import HouseRow
    from app.clearinghouses.rules.opening_hours import DayRun, Interval, Opening

LOCAL_ZONE = ZoneInfo("Europe/Berlin")
"""All houses keep the same wall clock."""
ACCESSIBILITY_LABELS = {
    "step_free": _l("Step-free entrance and rooms"),
    "lift": _l("Lift"),
    "accessible_toilet": _l("Wheelchair-accessible toilet"),
    "hearing_loop": _l("Hearing loop"),
    "parking_disabled": _l("Parking for people with disabilities"),
    "guide_dog": _l("Guide dogs are welcome"),
    "sign_language": _l("Sign language on request"),
    "easy_language": _l("We can talk and write in easy language"),
}
CHANNEL_LABELS = {
    "phone": _l("By phone"),
    "visit": _l("Drop in, no appointment needed"),
    "by_appointment": _l("Talks by appointment"),
}
CARRIER_KIND_LABELS = {
    "welfare": _l("a welfare association"),
    "municipal": _l("a public authority"),
    "association": _l("a registered association"),
    "company": _l("a non-profit company"),
}


@dataclass(frozen=True, slots=True)
class WrittenHours:
    """One line of a week: "Mo, Di, Fr" and "09:00–12:00"."""

    days: str
    times: str


@dataclass(frozen=True, slots=True)
class WrittenChannel:
    """One way to reach a house: its label, what holds now, and the lines of the week."""

    channel: str
    label: str
    now: str
    is_open: bool
    lines: list[WrittenHours]


@dataclass(frozen=True, slots=True)
class HouseCard:
    """A house with what its small card says about the phone now; for the macro in ``clearinghouses/_card.html``."""

    house: HouseRow
    phone_now: str
    is_open: bool


def card_of(house: HouseRow, now: datetime) -> HouseCard:
    """Answer the card of a house at a moment; without phone hours its open door counts."""
    week = house.hours.get("phone") or house.hours.get("visit") or ()
    return HouseCard(house, *_status_words(week, now))


def cards_of(houses: Iterable[HouseRow], now: datetime) -> list[HouseCard]:
    """Answer the cards of several houses, same order."""
    return [card_of(house, now) for house in houses]


def channels_of(hours: Mapping[str, Iterable[Interval]], now: datetime) -> list[WrittenChannel]:
    """Answer the ways to reach a house or branch that have hours: phone, open door, by appointment."""
    answer = []
    for channel, label in CHANNEL_LABELS.items():
        week = tuple(hours.get(channel, ()))
        if week:
            words, is_open = _status_words(week, now)
            # Who needs an appointment is not helped by "open now".
            current = ("", False) if channel == "by_appointment" else (words, is_open)
            answer.append(WrittenChannel(channel, str(label), *current, written_hours(week)))
    return answer


def written_hours(week: Iterable[Interval]) -> list[WrittenHours]:
    """Answer a week as lines in the reader's language."""
    return [
        WrittenHours(
            days=", ".join(_days(run) for run in line.runs),
            times=", ".join(f"{_clock(opens)}–{_clock(closes)}" for opens, closes in line.slots),
        )
        for line in grouped(week)
    ]


def accessibility_words(marks: Iterable[str]) -> list[str]:
    """Answer the marks in words, in the order of the vocabulary."""
    given = set(marks)
    return [str(label) for mark, label in ACCESSIBILITY_LABELS.items() if mark in given]


def language_names(codes: Iterable[str]) -> list[str]:
    """Answer languages by their names in the reader's language; an unknown code stays as it is."""
    names = _locale().languages
    return [names.get(code, code) for code in codes]


def _status_words(week: Iterable[Interval], now: datetime) -> tuple[str, bool]:
    """Answer what holds at a moment as a short sentence, and whether it is open."""
    status = status_at(week, now.astimezone(LOCAL_ZONE))
    if status.until is not None:
        return _("Open now, until %(time)s", time=_clock(status.until)), True
    coming = status.next_opening
    if coming is None:
        return "", False
    hours = _("%(opens)s to %(closes)s", opens=_clock(coming.opens_at), closes=_clock(coming.closes_at))
    if status.opens_later_today:
        return _("Closed now, today from %(hours)s", hours=hours), False
    if status.opens_tomorrow:
        return _("Closed now, tomorrow from %(hours)s", hours=hours), False
    return _("Closed now, next on %(day)s from %(hours)s", day=_day(coming), hours=hours), False


def _days(run: DayRun) -> str:
    """Answer "Mo" or "Mo–Fr"."""
    names = get_day_names("abbreviated", context="stand-alone", locale=_locale())
    first, last = names[run.first - 1], names[run.last - 1]
    return str(first) if run.first == run.last else f"{first}–{last}"


def _day(opening: Opening) -> str:
    """Answer the weekday in full."""
    return format_date(opening.on, "EEEE", locale=_locale())


def _clock(at: time) -> str:
    """Answer a time of day as the reader's language writes it."""
    return format_time(at, "short", locale=_locale())


def _locale() -> Locale:
    """Answer the reader's locale; German outside a request."""
    return Locale.parse(current_locale())
