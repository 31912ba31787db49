"""Mails about proofs of use and money that has to come back: what is to be done, until when, and the way there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _

from app.funding.rules.proof import LATE, SOON
from app.groups.presentation import date_words
from app.shared.mail_text import Button, Mail, Paragraph, SmallPrint
from app.shared.signed_links import whole_url

if TYPE_CHECKING:
    from datetime import date


def reminder_mail(group_name: str, slug: str, year: int, last_day: date, kind: str) -> Mail:
    """Answer the reminder that the proof is due soon, today, or missing."""
    if kind == SOON:
        title = _("Until %(day)s: proof of use of “%(group)s”", day=date_words(last_day), group=group_name)
    elif kind == LATE:
        title = _("Missing: the proof of use of “%(group)s”", group=group_name)
    else:
        title = _("Today is the last day: proof of use of “%(group)s”", group=group_name)
    text = _(
        "Hello, “%(group)s” was given money for %(year)s. Please tell us what it was used for; the last day is "
        "%(day)s.",
        group=group_name,
        year=year,
        day=date_words(last_day),
    )
    return Mail(
        title,
        (
            Paragraph(text),
            _way(_("Write the proof"), slug, year),
            SmallPrint(
                _(
                    "As long as it is missing, no further money is paid. If you need more time, please call us."
                )
            ),
        ),
    )


def question_mail(group_name: str, slug: str, year: int, until: date) -> Mail:
    """Answer the mail that the office has a question."""
    return Mail(
        _("A question about the proof of use of “%(group)s”", group=group_name),
        (
            Paragraph(
                _(
                    "Hello, we have looked at your proof for %(year)s and have a question. Please answer it until "
                    "%(day)s; you can change the proof as well.",
                    year=year,
                    day=date_words(until),
                )
            ),
            _way(_("Read the question and answer"), slug, year),
        ),
    )


def extended_mail(group_name: str, slug: str, year: int, until: date) -> Mail:
    """Answer the mail that there is more time."""
    return Mail(
        _("More time for the proof of use of “%(group)s”", group=group_name),
        (
            Paragraph(
                _(
                    "Hello, you have until %(day)s for your proof for %(year)s.",
                    day=date_words(until),
                    year=year,
                )
            ),
            _way(_("Write the proof"), slug, year),
        ),
    )


def decided_mail(group_name: str, slug: str, year: int) -> Mail:
    """Answer the mail that the proof was checked: no sum, only the way to it."""
    return Mail(
        _("Checked: the proof of use of “%(group)s”", group=group_name),
        (
            Paragraph(_("Hello, your proof for %(year)s was checked. You find the result here.", year=year)),
            _way(_("See the result"), slug, year),
        ),
    )


def claim_mail(group_name: str, slug: str, year: int) -> Mail:
    """Answer the mail that money has to come back: no sum, only the way to it."""
    return Mail(
        _("Money to give back: “%(group)s”", group=group_name),
        (
            Paragraph(
                _(
                    "Hello, a part of the money for %(year)s has to come back. How much it is, why, and until when "
                    "stands here.",
                    year=year,
                )
            ),
            _way(_("See what has to come back"), slug, year),
            SmallPrint(_("If you cannot pay it at once, please call us: instalments are possible.")),
        ),
    )


def _way(words: str, slug: str, year: int) -> Button:
    return Button(words, whole_url(f"/accounts/groups/{slug}/funding/proof/{year}"))
