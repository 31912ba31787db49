"""The wording of mails to people of the interest list. No subject names a topic: subjects are read over shoulders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from app.groups.meetings.schedules import WALL_CLOCK
from app.groups.meetings.words import long_moment_words
from app.groups.presentation import date_words
from app.shared.mail_text import Button, Facts, Mail, Paragraph, SmallPrint


@dataclass(frozen=True, slots=True)
class About:
    """What somebody is interested in, in words."""

    topic: str
    region: str

    @property
    def rows(self) -> tuple[tuple[str, str], ...]:
        """As facts of a mail."""
        return ((_("Topic"), self.topic), (_("Region"), self.region))


@dataclass(frozen=True, slots=True)
class Called:
    """A founding meeting: when, where, who moderates, and which house calls it."""

    at: datetime
    place: str
    moderator: str
    house: str
    phone: str

    @property
    def rows(self) -> tuple[tuple[str, str], ...]:
        """As facts of a mail; what is not known is left out."""
        rows = (
            (_("When"), long_moment_words(self.at.astimezone(WALL_CLOCK))),
            (_("Where"), self.place),
            (_("Moderated by"), self.moderator),
            (_("Clearing house"), f"{self.house}, {self.phone}" if self.phone else self.house),
        )
        return tuple((name, value) for name, value in rows if value)


def confirmation_mail(about: About, url: str, *, until: datetime) -> Mail:
    """Answer the mail that asks whether its reader truly wants to be on the list; the same to those who are."""
    return Mail(
        _("Please confirm your e-mail address"),
        (
            Paragraph(
                _(
                    "Hello, somebody entered this address because they would come to a group that does not exist yet:"
                )
            ),
            Facts(about.rows),
            Paragraph(
                _(
                    "If that was you, please confirm it. Before that you are not on the list, and "
                    "nobody sees your address."
                )
            ),
            Button(_("Confirm"), url),
            SmallPrint(
                _(
                    "If it was not you, do nothing: on %(day)s the address is deleted, and nobody learns of it. If you "
                    "are on the list for this topic already, it stays as it is.",
                    day=date_words(until.astimezone(WALL_CLOCK).date()),
                )
            ),
        ),
    )


def renewal_mail(about: About, url: str, *, until: datetime) -> Mail:
    """Answer the mail that asks whether somebody would still come."""
    day = date_words(until.astimezone(WALL_CLOCK).date())
    return Mail(
        _("Are you still interested?"),
        (
            Paragraph(
                _("Hello, some time ago you told us that you would come to a group that does not exist yet:")
            ),
            Facts(about.rows),
            Paragraph(
                _(
                    "If you still would, please stay on the list. If you do nothing, everything is deleted on %(day)s.",
                    day=day,
                )
            ),
            Button(_("Stay on the list"), url),
            SmallPrint(_("The link below takes you off the list, and everything is deleted at once.")),
        ),
    )


def invitation_mail(about: About, called: Called, url: str, *, is_again: bool) -> Mail:
    """Answer the mail that asks somebody to a founding meeting; it names nobody else who is asked."""
    opening = (
        _(
            "Hello, there is a new date for the people who are interested in a group. Your "
            "answer to an earlier one no longer holds:"
        )
        if is_again
        else _(
            "Hello, you told us that you would come to a group that does not exist yet. "
            "There are enough of you now, and we would like you to meet:"
        )
    )
    return Mail(
        _("Invitation: a group begins"),
        (
            Paragraph(opening),
            Facts((*about.rows, *called.rows)),
            Paragraph(
                _(
                    "You need not prepare anything, and coming once does not bind you to anything. "
                    "Please tell us whether you come, so that there are enough chairs."
                )
            ),
            Button(_("Yes, I come"), f"{url}?wish=yes"),
            Button(_("No, I cannot come"), f"{url}?wish=no"),
            SmallPrint(
                _(
                    "Nobody else sees your address or your answer; only the clearing house does. With a no you stay on "
                    "the list. The link below takes you off the list, and everything is deleted at once."
                )
            ),
        ),
    )


def called_off_mail(about: About, called: Called) -> Mail:
    """Answer the mail that says that a founding meeting does not take place."""
    return Mail(
        _("The meeting does not take place"),
        (
            Paragraph(_("Hello, this meeting to which we had invited you does not take place:")),
            Facts((*about.rows, *called.rows)),
            Paragraph(_("You stay on the list, and we write again when there is a new beginning.")),
        ),
    )
