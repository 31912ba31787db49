"""Mails to those who write for a clearing house or an organisation, about its own funding."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _

from app.funding.rules.ledger_accounts import HOUSE
from app.shared.mail_text import Button, Mail, Paragraph
from app.shared.signed_links import whole_url

if TYPE_CHECKING:
    from app.funding.queries.institutions import Found


def question_mail(found: Found) -> Mail:
    """Answer the mail with the way to a request or a proof about which there are questions."""
    year = found.request.year
    area = "/desk/funding" if found.kind == HOUSE else "/funding/organisation"
    return Mail(
        _("Questions about the funding %(year)s of “%(name)s”", year=year, name=found.name),
        (
            Paragraph(
                _(
                    "Hello, there are questions about the funding %(year)s of “%(name)s”. You read them once you have "
                    "signed in, and can answer them in the request or the proof.",
                    year=year,
                    name=found.name,
                )
            ),
            Button(_("Read the questions"), whole_url(f"{area}/{found.request.id}")),
        ),
    )
