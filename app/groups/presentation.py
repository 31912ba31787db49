"""Groups in words and in JSON: how a page and the API say what ``queries`` has disclosed."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from typing import Any

from babel.dates import format_date
from babel.numbers import format_decimal
from flask import request
from flask_babel import gettext as _
from flask_babel import ngettext

from app.groups.queries import GroupCard
from app.shared.languages import LOCALES, current_language, current_locale

_MONDAY = date(2024, 1, 1)


@lru_cache(maxsize=64)
def weekday_name(weekday: int, language: str, width: str = "EEEE") -> str:
    """Answer the name of an ISO weekday."""
    return str(
        format_date(date.fromordinal(_MONDAY.toordinal() + weekday - 1), width, locale=LOCALES[language])
    )


def moment_words(moment: datetime) -> str:
    """Answer a date and time as people read it: “Di., 24. November, 19:00 Uhr”."""
    return _moment_words(moment.date(), moment.hour, moment.minute, current_language())


@lru_cache(maxsize=50_000)
def _moment_words(day: date, hour: int, minute: int, language: str) -> str:
    pattern = {"de": "EEEEEE, d. MMM", "en": "EEE d MMM", "nl": "EEE d MMM"}[language]
    return _(
        "%(day)s, %(time)s",
        day=format_date(day, pattern, locale=LOCALES[language]),
        time=f"{hour:02}:{minute:02}",
    )


def date_words(day: date) -> str:
    """Answer a day in words: “24. November 2026”."""
    return str(format_date(day, "long", locale=current_locale()))


def distance_words(distance_km: float | None, *, roughly: bool = False) -> str:
    """Answer a distance as one would say it: “400 m”, “2,9 km”, “31 km”; under 50 m “here”; “about …” if not exact."""
    if distance_km is None:
        return ""
    shown = float(round(distance_km)) if distance_km >= 9.95 else round(distance_km, 3)
    return _distance_words(shown, roughly, current_language())


@lru_cache(maxsize=50_000)
def _distance_words(distance_km: float, roughly: bool, language: str) -> str:  # noqa: FBT001 - a key of the cache
    words = _("here")
    if distance_km >= 9.95:
        words = _("%(count)s km", count=round(distance_km))
    elif distance_km >= 0.95:
        words = _("%(count)s km", count=format_decimal(distance_km, "0.0", locale=LOCALES[language]))
    elif round(distance_km * 10):
        words = _("%(count)s m", count=round(distance_km * 10) * 100)
    return _("about %(distance)s", distance=words) if roughly else words


def count_words(count: int) -> str:
    """Answer “1 Gruppe”, “12 Gruppen”, “3.000 Gruppen”."""
    return _count_words(count, current_language())


@lru_cache(maxsize=50_000)
def _count_words(count: int, language: str) -> str:
    number = format_decimal(count, locale=LOCALES[language])
    return ngettext("%(count)s group", "%(count)s groups", count, count=number)


def group_item(card: GroupCard) -> dict[str, Any]:
    """Answer a group as the API gives it (contract: the fields of ``/api/v1/groups``)."""
    place = card.place
    return {
        "slug": card.slug,
        "name": card.name,
        "description": card.description,
        "topics": [topic.slug for topic in card.topics],
        "for": list(card.for_whom),
        "audience": list(card.audiences),
        "format": card.format,
        "languages": list(card.languages),
        "access": list(card.access),
        "status": card.status,
        "distance_km": None if card.distance_km is None else round(card.distance_km, 3),
        "latitude": place.latitude if place else None,
        "longitude": place.longitude if place else None,
        "location_precision": place.precision if place else None,
        "locality": card.locality or None,
        "next_meeting": card.next_meeting.starts_at.isoformat() if card.next_meeting else None,
        "clearinghouse": card.house_slug,
        "last_confirmed_on": card.last_confirmed_on.isoformat(),
        "url": f"{request.url_root.rstrip('/')}/groups/{card.slug}",
    }
