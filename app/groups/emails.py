"""The wording of mails about groups, in the language that is spoken."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from flask_babel import ngettext

from app.groups.labels import REPORT_REASONS
from app.groups.meeting_words import period_words
from app.groups.models import Closure, ListingReport
from app.groups.presentation import moment_words
from app.shared.mail_text import Button, Facts, Mail, Paragraph, Quote

if TYPE_CHECKING:
    from app.groups.closing import Concerned

DATES_NAMED = 20


def report_mail(group_name: str, url: str, report: ListingReport) -> Mail:
    """Answer the note that somebody found a mistake in a listing."""
    facts = (
        (_("Group"), group_name),
        (_("What is wrong"), str(REPORT_REASONS[report.reason])),
        (_("Answer to"), report.reply_to.strip() or _("no answer wanted")),
    )
    return Mail(
        _("A hint about the listing “%(name)s”", name=group_name),
        (
            Paragraph(_("Hello, somebody has noticed something about a listing of yours:")),
            Facts(facts),
            *((Quote(report.message),) if report.message.strip() else ()),
            Paragraph(_("Please check with the group whether the listing is right.")),
            Button(_("See the listing"), url),
        ),
    )


def closed_mail(concerned: Concerned, closure: Closure, *, place: str, url: str) -> Mail:
    """Answer what a group reads when its place is closed: which of its dates do not take place there."""
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
                    (_("Your dates"), _dates(concerned)),
                )
            ),
            Paragraph(
                _(
                    "Everybody sees already that nobody meets there then. You can move dates to another day or place."
                )
            ),
            Button(_("See your dates"), url),
        ),
    )


def reopened_mail(concerned: Concerned, *, place: str, first_on: date, last_on: date, url: str) -> Mail:
    """Answer what a group reads when a closure is taken back: its dates take place again."""
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
                    (_("Your dates"), _dates(concerned)),
                )
            ),
            Paragraph(_("You need not do anything. Dates that you have moved stay where you moved them.")),
            Button(_("See your dates"), url),
        ),
    )


def _dates(concerned: Concerned) -> str:
    """Answer the dates concerned, the first twenty by name."""
    named = [moment_words(meeting.starts_at) for meeting in concerned.meetings[:DATES_NAMED]]
    more = len(concerned.meetings) - len(named)
    if more:
        named.append(ngettext("%(count)s more date", "%(count)s more dates", more, count=more))
    return "; ".join(named)
