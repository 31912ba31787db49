"""Mails to those who sign an application, in the language that is spoken."""

from __future__ import annotations

from flask_babel import gettext as _

from app.shared.mail_text import Button, Facts, Mail, Paragraph, SmallPrint


def sign_mail(request: str, name: str, amount: str, url: str) -> Mail:
    """Answer the mail with the link by which somebody signs what is called ``request``."""
    return Mail(
        _("Please sign: %(request)s", request=request),
        (
            Paragraph(
                _(
                    "Hello %(name)s, your group asks for %(amount)s. Two people of the group sign, and you are one of "
                    "them. The link shows the whole request and one button.",
                    name=name,
                    amount=amount,
                )
            ),
            Button(_("Read and sign"), url),
            SmallPrint(
                _(
                    "The link is only for you; you need no account. If you do not know of this, do nothing and ask "
                    "your group."
                )
            ),
        ),
    )


def changed_mail(request: str) -> Mail:
    """Answer what somebody is told whose signature fell."""
    return Mail(
        _("%(request)s was changed", request=request),
        (
            Paragraph(
                _(
                    "Hello, the request you had signed was changed afterwards, so your signature no longer counts. "
                    "You get a new link as soon as it is ready; there is nothing to do until then."
                )
            ),
        ),
    )


def receipt_mail(request: str, number: str, rows: tuple[tuple[str, str], ...], next_: str) -> Mail:
    """Answer the receipt of a request that was submitted."""
    return Mail(
        _("Received: request %(number)s", number=number),
        (
            Paragraph(
                _(
                    "Hello, this request has arrived, signed by both of you: %(request)s.",
                    request=request,
                )
            ),
            Facts(rows),
            Paragraph(next_),
            SmallPrint(
                _(
                    "A copy as PDF lies on the page of your group, and behind the link by which you signed. You can "
                    "keep it or print it."
                )
            ),
        ),
    )
