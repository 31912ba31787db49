"""The wording of mails that pass something on, in the language that is spoken.

No subject names a group or a topic: it is read on a locked telephone, and by whoever looks over a shoulder.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from app.shared.mail_text import Button, Facts, Mail, Paragraph, Quote, SmallPrint
from app.shared.signed_links import whole_url


@dataclass(frozen=True, slots=True)
class Ways:
    """How the reader can answer: on a page, by mail too if there is a domain for that, and for how many days."""

    url: str
    is_by_mail: bool
    days: int


def mail_to_contact(group_name: str, text: str, ways: Ways, *, name: str, is_first: bool) -> Mail:
    """Answer what the contact of a group reads when somebody writes to the group, or writes back."""
    if is_first:
        subject = _("A message for your group")
        opening = _(
            "Hello, this message for your group “%(group)s” came in through Wirkreis.", group=group_name
        )
    else:
        subject = _("You are written back")
        opening = _(
            "Hello, somebody you have answered for your group “%(group)s” writes back through Wirkreis.",
            group=group_name,
        )
    who = _("%(name)s writes:", name=name) if name else _("Somebody writes:")
    return Mail(
        subject,
        (
            Paragraph(opening),
            *((Paragraph(who),) if is_first else ()),
            Quote(text),
            *_ways_to_answer(ways),
            SmallPrint(
                _(
                    "Neither of you sees the other’s address. The message may tell of somebody’s health: please "
                    "keep it to yourself, and delete it when you have answered."
                )
            ),
            _how_long(ways.days),
        ),
    )


def mail_to_seeker(group_name: str, text: str, ways: Ways) -> Mail:
    """Answer what somebody reads who has written to a group."""
    return Mail(
        _("An answer to your message"),
        (
            Paragraph(_("Hello, the group “%(group)s” has answered you:", group=group_name)),
            Quote(text),
            *_ways_to_answer(ways),
            SmallPrint(_("Neither of you sees the other’s address.")),
            _how_long(ways.days),
        ),
    )


def mail_from_house(house_name: str, text: str, ways: Ways, *, phone: str) -> Mail:
    """Answer what somebody reads who has asked a clearing house."""
    return Mail(
        _("An answer to your message"),
        (
            Paragraph(_("Hello, %(house)s has answered you:", house=house_name)),
            Quote(text),
            *_ways_to_answer(ways),
            *((Facts(((_("Phone"), phone),)),) if phone else ()),
            _how_long(ways.days),
        ),
    )


def waiting_mail(url: str) -> Mail:
    """Answer what a clearing house reads when a message waits in its inbox; what was written is only there."""
    return Mail(
        _("A message waits in your inbox"),
        (
            Paragraph(_("Hello, somebody has written to you through Wirkreis.")),
            Button(_("Read the message"), url),
            SmallPrint(_("The message itself is not in this mail, as it may tell of somebody’s health.")),
        ),
    )


def came_back_mail(slug: str) -> Mail:
    """Answer what somebody reads whose last message could not be delivered; ``slug`` for who wrote to that group."""
    said = [
        Paragraph(
            _("Hello, your last message could not be delivered. The address does not work at the moment.")
        )
    ]
    ways: list[Button | Paragraph] = (
        [
            Paragraph(_("The clearing house knows other ways to the group; a short call is enough.")),
            Button(_("How to reach it"), whole_url(f"/groups/{slug}#contact")),
        ]
        if slug
        else [Paragraph(_("You cannot do anything about it. Whoever wrote to you may try again."))]
    )
    return Mail(_("Your message did not arrive"), (*said, *ways))


def not_passed_on_mail(reason: str, url: str) -> Mail:
    """Answer what somebody reads whose mail could not be passed on."""
    return Mail(
        _("Your mail was not passed on"),
        (Paragraph(reason), Button(_("Write your answer here"), url)),
    )


def _ways_to_answer(ways: Ways) -> tuple[Paragraph | Button, ...]:
    if ways.is_by_mail:
        return (
            Paragraph(
                _(
                    "To answer, simply reply to this mail. Only what you write anew is passed on: no attachments, "
                    "nothing below “-- ”, not your address. Or write your answer on this page:"
                )
            ),
            Button(_("Answer"), ways.url),
        )
    return (
        Paragraph(_("Please answer on this page. A reply to this mail would not arrive.")),
        Button(_("Answer"), ways.url),
    )


def _how_long(days: int) -> SmallPrint:
    return SmallPrint(
        ngettext(
            "You can answer until %(num)d day after the last message. Then we delete both addresses.",
            "You can answer until %(num)d days after the last message. Then we delete both addresses.",
            days,
        )
    )
