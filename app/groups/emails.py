"""The wording of mails about groups, in the language that is spoken."""

from __future__ import annotations

from flask_babel import gettext as _

from app.groups.labels import REPORT_REASONS
from app.groups.models import ListingReport
from app.shared.mail_text import Button, Facts, Mail, Paragraph, Quote


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
