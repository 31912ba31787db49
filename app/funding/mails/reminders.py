"""Mails that remind of funding, in the language that is spoken."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext as _

from app.funding.rules.reminders import OPENED
from app.groups.presentation import date_words
from app.shared.mail_text import Button, Mail, Paragraph, SmallPrint
from app.shared.signed_links import whole_url


def again_mail(kind: str, group_name: str, slug: str, year: int, last_day: date) -> Mail:
    """Answer the mail that it is time to apply again, or that there are two weeks left."""
    day = date_words(last_day)
    if kind == OPENED:
        subject = _(
            "It is time to apply again: funding %(year)s for “%(group)s”", year=year, group=group_name
        )
        said = _(
            "Hello, the round of %(year)s has begun. Your group had money last year; what you wrote then is filled in "
            "already, so it takes about five minutes. With two signatures it has to be there by %(day)s.",
            year=year,
            day=day,
        )
    else:
        subject = _("Until %(day)s: funding %(year)s for “%(group)s”", day=day, year=year, group=group_name)
        said = _(
            "Hello, your group had money last year and has not asked for %(year)s yet. The last day is %(day)s; what "
            "you wrote last time is filled in already.",
            year=year,
            day=day,
        )
    return Mail(subject, (Paragraph(said), _to_funding(slug, _("Apply"))))


def unfinished_mail(group_name: str, slug: str, year: int, last_day: date) -> Mail:
    """Answer the mail that a request was begun and is not finished."""
    return Mail(
        _("Not sent yet: request for %(year)s of “%(group)s”", year=year, group=group_name),
        (
            Paragraph(
                _(
                    "Hello, your group has begun a request for funding and not finished it. It counts once two people "
                    "have signed it; the last day is %(day)s.",
                    day=date_words(last_day),
                )
            ),
            _to_funding(slug, _("Go on")),
        ),
    )


def unsigned_mail(request: str, name: str, last_day: date, url: str) -> Mail:
    """Answer the mail to somebody who was asked to sign and has not."""
    return Mail(
        _("Your signature is missing: %(request)s", request=request),
        (
            Paragraph(
                _(
                    "Hello %(name)s, your group has asked you to sign its request for funding. Without both signatures "
                    "it is not sent; the last day is %(day)s.",
                    name=name,
                    day=date_words(last_day),
                )
            ),
            Button(_("Read and sign"), url),
            SmallPrint(
                _(
                    "We remind you once. If you do not know of this, do nothing and ask your group.",
                )
            ),
        ),
    )


def _to_funding(slug: str, words: str) -> Button:
    return Button(words, whole_url(f"/accounts/groups/{slug}/funding"))
