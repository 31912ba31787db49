"""Mails to groups whose application is looked at: what is asked of them, more time, a reminder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _

from app.funding.change_fields import FIELDS
from app.groups.presentation import date_words
from app.shared.mail_text import Button, Facts, Mail, Paragraph, SmallPrint

if TYPE_CHECKING:
    from app.funding.models import ChangeRequest


def asked_mail(group_name: str, year: int, change: ChangeRequest, url: str, *, is_reminder: bool) -> Mail:
    """Answer the mail that asks for a change, or reminds of it."""
    due = date_words(change.due_on)
    subject = (
        _(
            "Reminder: funding %(year)s for “%(group)s”, please answer by %(due)s",
            year=year,
            group=group_name,
            due=due,
        )
        if is_reminder
        else _("Funding %(year)s for “%(group)s”: please change something", year=year, group=group_name)
    )
    return Mail(
        subject,
        (
            Paragraph(
                _(
                    "Hello, your request for funding has been looked at. It is nearly there; the office asks you for "
                    "this:"
                )
            ),
            Paragraph(change.words),
            Facts(
                (
                    (_("It is about"), "; ".join(str(FIELDS.get(each, each)) for each in change.fields)),
                    (_("Please answer by"), due),
                )
            ),
            Button(_("See and change it"), url),
            SmallPrint(
                _(
                    "The fields are marked there. The day on which your request came stays. If you change what was "
                    "signed, both who signed are asked once more. Whoever has no account asks a contact of the "
                    "group."
                )
            ),
        ),
    )


def more_time_mail(group_name: str, year: int, due: str, words: str, url: str) -> Mail:
    """Answer the mail that tells a group of a later day, and why."""
    return Mail(
        _(
            "Funding %(year)s for “%(group)s”: you have time until %(due)s",
            year=year,
            group=group_name,
            due=due,
        ),
        (
            Paragraph(_("Hello, your group has been given more time: until %(due)s.", due=due)),
            Facts(((_("Reason"), words),)),
            Button(_("To your request"), url),
        ),
    )


def taken_back_mail(group_name: str, year: int, url: str) -> Mail:
    """Answer the mail that tells a group that nothing is asked of it any more."""
    return Mail(
        _("Funding %(year)s for “%(group)s”: nothing to change any more", year=year, group=group_name),
        (
            Paragraph(
                _(
                    "Hello, what the office had asked you to change is settled. There is nothing to do for you."
                )
            ),
            Button(_("To your request"), url),
        ),
    )
