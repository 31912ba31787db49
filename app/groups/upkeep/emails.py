"""The wording of mails about the life of a group, in the language that is spoken.

No subject names a group: its topic is in its name, and subjects are read over shoulders.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from app.groups.presentation import date_words
from app.groups.rules.life import CLOSED, DORMANT, LISTED, MERGED, PAUSED
from app.groups.rules.trust import Stage
from app.shared.mail_text import Button, Facts, Mail, Paragraph, SmallPrint
from app.shared.signed_links import whole_url

if TYPE_CHECKING:
    from collections.abc import Sequence

BACK, ASLEEP = LISTED, DORMANT


@dataclass(frozen=True, slots=True)
class Event:
    """The state that a group has come into; a pause until when, a merging into which group."""

    kind: str
    until: date | None = None
    into_name: str = ""
    into_slug: str = ""


def confirmation_mail(
    stage: Stage, rows: Sequence[tuple[str, str]], hidden: Sequence[str], *, url: str, own_url: str
) -> Mail:
    """Answer the mail that asks whether a listing is still right.

    Args:
        stage: the first asking, or which reminder.
        rows: what everybody can read of the group.
        hidden: what is stored beside that, in general words.
        url: of the page on which that is answered without signing in.
        own_url: of the page where its dates are changed, after signing in.
    """
    opening = {
        Stage.ASKED: _("Hello, once a year we ask every group whether its entry is still right:"),
        Stage.REMINDED: _("Hello, two weeks ago we asked whether this entry is still right:"),
    }.get(stage, _("Hello, we have not heard from you for four weeks. Is this entry still right?"))
    secret = (
        _("Stored too, but shown to nobody: %(what)s.", what=", ".join(hidden))
        if hidden
        else _("Nothing else is stored that is not shown.")
    )
    return Mail(
        _("Is the entry of your group still right?"),
        (
            Paragraph(opening),
            Facts(tuple(rows)),
            Paragraph(secret),
            Button(_("Yes, everything is right"), url),
            Button(_("Something has changed"), own_url),
            Paragraph(
                _(
                    "One tap and a button are enough; you need not sign in. There you can also say that you pause, or "
                    "that the group no longer exists."
                )
            ),
            Paragraph(_what_next(stage)),
            SmallPrint(
                _("Please keep this mail to yourself: whoever has its link can answer for the group.")
            ),
        ),
    )


def _what_next(stage: Stage) -> str:
    if stage is Stage.REMINDED_AGAIN:
        return _(
            "If nobody answers, the entry is marked as not confirmed in two weeks, your clearing house calls, and "
            "later the group is no longer found. Nothing is deleted."
        )
    return _("If you do nothing, we ask again in two weeks.")


def asleep_mail(name: str, *, url: str) -> Mail:
    """Answer the mail that says that a group is no longer found, and how it comes back."""
    return Mail(
        _("Your group is no longer shown"),
        (
            Paragraph(
                _(
                    "Hello, nobody has confirmed this entry for a long time, so it is no longer shown in the search:"
                )
            ),
            Facts(((_("Group"), name),)),
            Paragraph(
                _("Nothing is lost. If the group still meets, one tap and a button bring it back as it was.")
            ),
            Button(_("We still meet"), url),
            SmallPrint(
                _("Please keep this mail to yourself: whoever has its link can answer for the group.")
            ),
        ),
    )


def life_mail(name: str, slug: str, event: Event) -> Mail:
    """Answer what the contacts of a group read when its state has changed."""
    subject, said, next_ = _to_contacts(event)
    return Mail(
        subject,
        (
            Paragraph(said),
            Facts(((_("Group"), name), *_more_facts(event))),
            Paragraph(next_),
            Button(*_where_to_go(slug, event)),
            SmallPrint(_("If that was not meant to be, please call your clearing house.")),
        ),
    )


def _to_contacts(event: Event) -> tuple[str, str, str]:
    """Answer the subject, what has happened, and what happens next."""
    if event.kind == PAUSED:
        return (
            _("Your group pauses"),
            _("Hello, your group pauses and is not found in the search for now:"),
            _(
                "On that day it is listed again by itself. Booked rooms stay booked; please cancel what you do not "
                "need."
            )
            if event.until
            else _(
                "When you meet again, say so on the page of your group's state. Booked rooms stay booked; please "
                "cancel what you do not need."
            ),
        )
    if event.kind == CLOSED:
        return (
            _("Your group is closed"),
            _("Hello, your group is entered as closed:"),
            _(
                "Its page says that it no longer exists, without your contact. Its dates have ended, in subscribed "
                "calendars too, and booked rooms are free again. Thank you for all you have done."
            ),
        )
    if event.kind == MERGED:
        return (
            _("Your groups are one now"),
            _("Hello, your clearing house has made one group out of two:"),
            _(
                "The address of the old page leads to the new one. Whoever had access to one of them has access to the "
                "group. Please check its dates and breaks."
            ),
        )
    return (
        _("Your group is listed again"),
        _("Hello, your group is found in the search again:"),
        _("Please check whether its dates are still right."),
    )


def _more_facts(event: Event) -> tuple[tuple[str, str], ...]:
    if event.kind == PAUSED:
        return ((_("Back on"), date_words(event.until) if event.until else _("not known yet")),)
    if event.kind == MERGED:
        return ((_("Goes on as"), event.into_name),)
    return ()


def _where_to_go(slug: str, event: Event) -> tuple[str, str]:
    """Answer the label and the address of the one button to a contact."""
    if event.kind == BACK:
        return _("See your dates"), whole_url(f"/accounts/groups/{slug}/meetings")
    if event.kind == MERGED:
        return _("See your dates"), whole_url(f"/accounts/groups/{event.into_slug}/meetings")
    return _("State of your group"), whole_url(f"/accounts/groups/{slug}/status")


def house_mail(name: str, slug: str) -> Mail:
    """Answer what a clearing house reads when a group of it closes itself."""
    return Mail(
        _("A group has closed"),
        (
            Paragraph(_("Hello, a group of yours has said that it no longer exists:")),
            Facts(((_("Group"), name),)),
            Paragraph(_("It is no longer found. If that was a mistake, you can list it again on this page.")),
            Button(_("State of the group"), whole_url(f"/accounts/groups/{slug}/status")),
        ),
    )


def watcher_mail(name: str, slug: str, event: Event, *, is_last: bool) -> Mail:
    """Answer what those who watch a group read when its state has changed."""
    subject, said = _to_watchers(name, event)
    target = event.into_slug or slug
    end = (
        _("This was the last mail about this group; your address is deleted.")
        if is_last
        else _(
            "You get this mail because you asked to be told of cancelled meetings. One click ends that; your "
            "address is then deleted."
        )
    )
    button = (
        Button(_("Look for other groups"), whole_url("/groups"))
        if event.kind == CLOSED
        else Button(_("See the group's page"), whole_url(f"/groups/{target}"))
    )
    return Mail(subject, (Paragraph(said), *map(Paragraph, _after(event)), button, SmallPrint(end)))


def _to_watchers(name: str, event: Event) -> tuple[str, str]:
    """Answer the subject and what has happened."""
    if event.kind == PAUSED and event.until:
        day = date_words(event.until)
        return _("A group pauses"), _("Hello, “%(name)s” pauses until %(day)s.", name=name, day=day)
    if event.kind == PAUSED:
        return _("A group pauses"), _("Hello, “%(name)s” pauses; until when is not known yet.", name=name)
    if event.kind == CLOSED:
        return _("A group no longer exists"), _("Hello, “%(name)s” no longer exists.", name=name)
    if event.kind == MERGED:
        return (
            _("A group goes on as part of another"),
            _("Hello, “%(name)s” goes on as part of “%(other)s”.", name=name, other=event.into_name),
        )
    if event.kind == ASLEEP:
        return (
            _("A group does not answer"),
            _(
                "Hello, “%(name)s” has not confirmed its entry for a long time. We do not know whether it still meets; "
                "please ask its clearing house before you set out.",
                name=name,
            ),
        )
    return _("A group meets again"), _("Hello, “%(name)s” is back. Its page has the next dates.", name=name)


def _after(event: Event) -> list[str]:
    """Answer what happens next."""
    if event.kind in {PAUSED, ASLEEP}:
        return [_("You get a mail when it is back.")]
    if event.kind == MERGED:
        return [_("If you want to be told of its dates, please enter your address on its page.")]
    if event.kind == CLOSED:
        return [_("Perhaps another group nearby suits you. Your clearing house is glad to help, too.")]
    return []
