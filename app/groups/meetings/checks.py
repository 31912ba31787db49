"""What a series or a single date may be; what is refused, with which sentence."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask_babel import gettext as _

from app.groups.listing_checks import check_place
from app.groups.rules.recurrence import LONGEST_INTERVAL, MOST_DATES, RuleFault, check_rule
from app.groups.rules.schedule import HYBRID, IN_PERSON, ONLINE
from app.shared.errors import RuleBroken

if TYPE_CHECKING:
    from app.groups.drafts import SeriesDraft
    from app.groups.models import Group

LONGEST_OVER_MIDNIGHT = 12 * 60
"""Minutes; what would last longer is a slip: the end was meant to lie after the beginning."""
LONGEST_REASON = 200
LONGEST_NOTE = 200
LONGEST_LINK = 500
LONGEST_MINUTES = 1440


def check_series(draft: SeriesDraft, *, group: Group) -> None:
    """Return quietly when a series can take place as drafted.

    Raises:
        RuleBroken: it cannot; ``field`` is a part of the rule, ``place``, ``where_note``, ``online_link``, ``format``.
    """
    try:
        check_rule(draft.rule)
    except RuleFault as fault:
        raise RuleBroken(fault_words(fault.part), field=fault.part, code="bad_series") from fault
    if draft.format not in {IN_PERSON, ONLINE, HYBRID}:
        raise RuleBroken(_("Please choose whether you meet in person, online or both."), field="format")
    if draft.place is not None:
        check_place(draft.place)
    elif draft.format != ONLINE and draft.place_id is None and group.place_id is None:
        raise RuleBroken(_("Please say where you meet."), field="place")
    check_text(draft.where_note, "where_note", LONGEST_NOTE)
    if draft.online_link.strip() and draft.format != IN_PERSON:
        _check_link(draft.online_link.strip())


def fault_words(part: str) -> str:
    """Answer the sentence beside the part of a rule that cannot be."""
    sentences = {
        "frequency": _("Please choose how often you meet."),
        "weekdays": _("Please choose at least one weekday."),
        "ordinals": _("Please choose which of these weekdays in the month: the first, the last …"),
        "month_days": _("Please give a day of the month from 1 to 31, or the last day."),
        "interval": _("Please give a whole number from 1 to %(most)s.", most=LONGEST_INTERVAL),
        "duration_minutes": _("The end must lie after the beginning, at most 24 hours later."),
        "dates": _("Please give at least one date that is still to come, at most %(most)s.", most=MOST_DATES),
        "until_on": _("There is no meeting until this day. Please choose a later one, or leave it empty."),
        "first_on": _("There is no such day, this year or later. Please check day and month."),
        "zone": _("We do not know this time zone. Please choose one from the list."),
    }
    return sentences[part]


def duration_between(start: time | None, end: time | None) -> int:
    """Answer the minutes from one time to another, which may be of the next day.

    Raises:
        RuleBroken: the end lies before the beginning.
    """
    start, end = start or time(0), end or time(0)
    minutes = (end.hour * 60 + end.minute) - (start.hour * 60 + start.minute)
    over_midnight = minutes % 1440
    if minutes == 0 or (minutes < 0 and over_midnight > LONGEST_OVER_MIDNIGHT):
        raise RuleBroken(
            _("The end must lie after the beginning. After midnight it may lie when you meet at night."),
            field="ends_at",
        )
    return over_midnight


def check_duration(minutes: int | None) -> None:
    """Return quietly when a single date may last so long; None is as long as ever.

    Raises:
        RuleBroken: it is none or more than a day.
    """
    if minutes is not None and not 1 <= minutes <= LONGEST_MINUTES:
        raise RuleBroken(fault_words("duration_minutes"), field="duration_minutes")


def clean_reason(reason: str) -> str:
    """Answer the reason as it will be read: one line.

    Raises:
        RuleBroken: it is too long.
    """
    cleaned = " ".join(reason.split())
    check_text(cleaned, "reason", LONGEST_REASON)
    return cleaned


def check_text(text: str, field: str, longest: int) -> None:
    """Return quietly when a line is short enough and can be read.

    Raises:
        RuleBroken: it is too long, or holds characters that cannot be shown.
    """
    if len(text) > longest:
        raise RuleBroken(_("Please shorten this to %(most)s characters.", most=longest), field=field)
    if any(not (character.isprintable() or character.isspace()) for character in text):
        raise RuleBroken(
            _("Please write plain text; this holds characters that cannot be shown."), field=field
        )


def _check_link(link: str) -> None:
    check_text(link, "online_link", LONGEST_LINK)
    try:
        parts = urlsplit(link)
        is_good = parts.scheme in {"https", "http"} and bool(parts.hostname) and " " not in link
    except ValueError:
        is_good = False
    if not is_good:
        raise RuleBroken(_("Please give the whole link, beginning with https://."), field="online_link")
