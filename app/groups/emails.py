"""The wording of mails about groups, in the language that is spoken."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from flask_babel import ngettext

from app.groups.labels import REPORT_REASONS
from app.groups.meetings.words import period_words
from app.groups.models import Closure
from app.groups.presentation import moment_words
from app.shared.mail_text import Button, Facts, Mail, Paragraph, Quote
from app.shared.signed_links import whole_url

if TYPE_CHECKING:
    from app.groups.meetings.concerned import Concerned

DATES_NAMED = 20


def report_mail(group_name: str, url: str, *, reason: str, text: str, reply_to: str) -> Mail:
    """Answer the note that somebody found a mistake in a listing."""
    facts = (
        (_("Group"), group_name),
        (_("What is wrong"), str(REPORT_REASONS[reason])),
        (_("Answer to"), reply_to or _("no answer wanted")),
    )
    return Mail(
        _("A hint about the listing “%(name)s”", name=group_name),
        (
            Paragraph(_("Hello, somebody has noticed something about a listing of yours:")),
            Facts(facts),
            *((Quote(text),) if text else ()),
            Paragraph(_("Please check with the group whether the listing is right.")),
            Button(_("See the listing"), url),
        ),
    )


def closed_mail(concerned: Concerned, closure: Closure, *, place: str) -> Mail:
    """Answer what a group reads when a place is closed: which of its dates and reservations that concerns."""
    period = period_words(closure.first_on, closure.last_on)
    reason = ((_("Reason"), closure.reason),) if closure.reason else ()
    return Mail(
        _("Closed %(period)s: %(place)s", period=period, place=place),
        (
            Paragraph(
                _("Hello, your place is closed for some time. These dates of your group are concerned:")
            ),
            Facts(
                (
                    (_("Group"), concerned.name),
                    (_("Place"), place),
                    (_("Closed"), period),
                    *reason,
                    *_what(concerned),
                )
            ),
            *(Paragraph(words) for words in _after_closing(concerned)),
            *_ways(concerned),
        ),
    )


def reopened_mail(concerned: Concerned, *, place: str, first_on: date, last_on: date) -> Mail:
    """Answer what a group reads when a closure is taken back: its dates take place again, its reservations hold."""
    period = period_words(first_on, last_on)
    return Mail(
        _("Open after all %(period)s: %(place)s", period=period, place=place),
        (
            Paragraph(_("Hello, your place is open after all. These dates of your group take place again:")),
            Facts(
                (
                    (_("Group"), concerned.name),
                    (_("Place"), place),
                    (_("Open after all"), period),
                    *_what(concerned),
                )
            ),
            *((Paragraph(_("Your bookings hold again.")),) if concerned.reservations else ()),
            Paragraph(_("You need not do anything. Dates that you have moved stay where you moved them.")),
            *_ways(concerned),
        ),
    )


def _what(concerned: Concerned) -> list[tuple[str, str]]:
    """Answer the dates and the reservations concerned, as far as there are any."""
    rows = []
    if concerned.meetings:
        rows.append((_("Your dates"), _listed([moment_words(each.starts_at) for each in concerned.meetings])))
    if concerned.reservations:
        reserved = [f"{moment_words(each.starts_at)}, {each.place_name}" for each in concerned.reservations]
        rows.append((_("Your bookings"), _listed(reserved)))
    return rows


def _after_closing(concerned: Concerned) -> list[str]:
    """Answer what has happened already, and what the group can do."""
    said = []
    if concerned.meetings:
        said.append(
            _(
                "Everybody sees already that nobody meets there then. You can move dates to another day or place."
            )
        )
    if concerned.reservations:
        said.append(_("These bookings do not hold. Your clearing house helps you to find another room."))
    return said


def _ways(concerned: Concerned) -> list[Button]:
    """Answer the ways to what is concerned."""
    ways = []
    if concerned.meetings:
        url = whole_url(f"/accounts/groups/{concerned.slug}/meetings")
        ways.append(Button(_("See your dates"), url))
    if concerned.reservations:
        ways.append(Button(_("See your bookings"), whole_url(concerned.reservations[0].path)))
    return ways


def _listed(lines: list[str]) -> str:
    """Answer the first twenty, and how many more there are."""
    named, more = lines[:DATES_NAMED], len(lines) - DATES_NAMED
    if more > 0:
        named.append(ngettext("%(count)s more date", "%(count)s more dates", more, count=more))
    return "; ".join(named)
