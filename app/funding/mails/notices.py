"""The mail that a notice is there, in the language that is spoken: no sum, no decision, only the way to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _

from app.funding.rules.ledger_accounts import GROUP, HOUSE, ORGANISATION
from app.shared.mail_text import Button, Mail, Paragraph, SmallPrint
from app.shared.signed_links import whole_url

if TYPE_CHECKING:
    from app.funding.models import DirectNotice, Notice
    from app.funding.rules.ledger_accounts import Payee


def notice_mail(notice: Notice, group_name: str) -> Mail:
    """Answer the mail with the way to a notice."""
    return _mail(
        _("Decided: the funding of “%(group)s”", group=group_name),
        _(
            "Hello, the funding office has decided about the request of “%(group)s”. The notice is ready for "
            "you to read and to download; you sign in with your account.",
            group=group_name,
        ),
        notice,
        "notices",
    )


def direct_notice_mail(notice: DirectNotice, payee: Payee, name: str) -> Mail:
    """Answer the mail with the way to a notice about a decision without a round."""
    page = {GROUP: "decisions", HOUSE: "house-decisions", ORGANISATION: "organisation-decisions"}[payee.kind]
    return _mail(
        _("Decided: the request of “%(name)s”", name=name),
        _(
            "Hello, a request of “%(name)s” is decided. The notice is ready for you to read and to download; "
            "you sign in with your account.",
            name=name,
        ),
        notice,
        page,
    )


def _mail(subject: str, hello: str, notice: Notice | DirectNotice, page: str) -> Mail:
    number = _(
        "File number %(number)s. The day of this mail counts for the time in which you can object; the "
        "notice says how.",
        number=notice.number,
    )
    read = Button(_("Read the notice"), whole_url(f"/funding/{page}/{notice.id}"))
    return Mail(subject, (Paragraph(hello), read, SmallPrint(number)))
