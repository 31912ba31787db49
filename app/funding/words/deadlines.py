"""Deadlines in words, and as the calendar that programs subscribe to."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from babel.dates import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from icalendar import Event

from app.funding.rules import deadline_calendar as kinds
from app.groups.meetings.calendar_file import empty_calendar
from app.shared.languages import current_language, current_locale, language_url
from app.shared.money import euro_words
from app.shared.signed_links import whole_url

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.funding.rules.deadline_calendar import Deadline, Month

_NAMED = 3
"""How many names a title holds; the others are counted."""


def title_words(each: Deadline) -> str:
    """Answer what is due, in a few words."""
    return str(_TITLES[each.kind]) % {"year": each.year, "sum": euro_words(each.cents)}


_TITLES = {
    kinds.OPENS: _l("The round of %(year)s begins"),
    kinds.EXPECTED: _l("Last day for requests for %(year)s by the rules; the round is not open yet"),
    kinds.LAST_DAY: _l("Last day for requests for %(year)s"),
    kinds.LAST_DAY_NEW: _l("Last day for requests of new groups for %(year)s"),
    kinds.CHANGE_DUE: _l("Last day to answer the office about the request for %(year)s"),
    kinds.SITTING: _l("Sitting for %(year)s"),
    kinds.OBJECTION_ENDS: _l("Last day to object to the notice for %(year)s"),
    kinds.ANSWER_DUE: _l("Last day to decide about an objection"),
    kinds.CALL_DUE: _l("Contribution for %(year)s is due: %(sum)s"),
    kinds.PROOF_DUE: _l("The proof of use for %(year)s is due"),
    kinds.BACK_DUE: _l("Of the grant for %(year)s, %(sum)s have to be given back"),
    kinds.PROJECT_LAST_DAY: _l("Last day to ask for projects of %(year)s"),
    kinds.PROJECT_LAST_DAY_NEW: _l("Last day for new groups to ask for projects of %(year)s"),
    kinds.PROJECT_PROOF_DUE: _l("The proof of use of a project of %(year)s is due"),
}


def name_words(each: Deadline) -> str:
    """Answer of whom or where it is: a few names, and how many more."""
    if len(each.names) <= _NAMED + 1:
        return ", ".join(each.names)
    more = len(each.names) - _NAMED
    return ngettext(
        "%(names)s and one more", "%(names)s and %(num)s more", more, names=", ".join(each.names[:_NAMED])
    )


def month_words(month: Month) -> str:
    """Answer “Dezember 2026”."""
    return str(format_date(month.first, "LLLL yyyy", locale=current_locale()))


def deadline_file(deadlines: Iterable[Deadline], *, public_url: str) -> bytes:
    """Answer the calendar file: every deadline a whole day, the same bytes until one of them changes."""
    host = urlsplit(public_url).hostname or "localhost"
    calendar = empty_calendar(name=_("Deadlines of funding"), url=whole_url("/funding/calendar"))
    for each in deadlines:
        event = Event()
        event.add("uid", f"deadline-{each.key}@{host}")
        event.add("dtstamp", datetime.combine(each.on, time(), UTC))
        event.add("dtstart", each.on)
        event.add("dtend", each.on + timedelta(days=1))
        event.add("summary", f"{title_words(each)}: {name_words(each)}")
        event.add("description", ", ".join(each.names))
        event.add("url", f"{public_url}{language_url(current_language(), each.path or '/funding/calendar')}")
        event.add("transp", "TRANSPARENT")
        event.add("class", "PRIVATE")
        calendar.add_component(event)
    return bytes(calendar.to_ical())
