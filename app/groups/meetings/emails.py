"""The wording of mails about single meetings, in the language that is spoken.

No subject names a group: its topic is in its name, and subjects are read over shoulders.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from flask_babel import ngettext

from app.groups.meetings.links import CANCEL, CONFIRM, meeting_url
from app.groups.meetings.words import cause_words, long_day_words, long_moment_words, remark_words
from app.groups.rules.news import ADDED, BACK, OFF, News
from app.groups.rules.schedule import CANCELLED, HYBRID, IN_PERSON
from app.shared.mail_text import Button, Facts, Mail, Paragraph, SmallPrint
from app.shared.signed_links import whole_url

if TYPE_CHECKING:
    from app.groups.meetings.attendance import PastMeeting
    from app.groups.meetings.own_groups import OwnGroup
    from app.groups.rules.reminders import Reminder
    from app.groups.rules.schedule import Meeting


def reminder_mail(group: OwnGroup, reminder: Reminder, *, last: PastMeeting | None) -> Mail:
    """Answer the mail that asks a contact whether a meeting takes place, and how many came to the last one."""
    meeting = reminder.meeting
    opening = (
        _("Hello, after the break your group meets again for the first time:")
        if reminder.is_after_break
        else _("Hello, your group meets soon:")
    )
    facts = ((_("Group"), group.name), (_("When"), long_moment_words(meeting.starts_at)))
    remark = remark_words(meeting)
    counting = (
        (
            Paragraph(_("One more question, only if you like: a number is enough, no names.")),
            Button(
                _("How many came on %(day)s?", day=long_day_words(last.meeting.starts_at)),
                meeting_url(group, meeting) + "#how-many",
            ),
        )
        if last is not None and last.count is None
        else ()
    )
    return Mail(
        _("Does the meeting on %(day)s take place?", day=long_day_words(meeting.starts_at)),
        (
            Paragraph(opening),
            Facts((*facts, (_("Please note"), remark)) if remark else facts),
            Button(_("Yes, it takes place"), meeting_url(group, meeting, wish=CONFIRM)),
            Button(_("Cancel this date"), meeting_url(group, meeting, wish=CANCEL)),
            Paragraph(_("You need not sign in. If you do nothing, the date stays as announced.")),
            *counting,
            SmallPrint(
                _(
                    "Please keep this mail to yourself: whoever has its links can cancel this date. They hold until a "
                    "week after the meeting."
                )
            ),
        ),
    )


def watch_confirmation_mail(group_name: str, url: str) -> Mail:
    """Answer the mail that asks whether its reader truly wants to be told."""
    return Mail(
        _("Please confirm your e-mail address"),
        (
            Paragraph(
                _(
                    "Hello, somebody entered this address to get a mail when a meeting of this group is cancelled or "
                    "moved:"
                )
            ),
            Facts(((_("Group"), group_name),)),
            Paragraph(_("If that was you, please confirm it. Before that we send nothing.")),
            Button(_("Confirm"), url),
            SmallPrint(
                _(
                    "If it was not you, do nothing: after seven days the address is deleted, and nobody learns of it."
                )
            ),
        ),
    )


def news_mail(group: OwnGroup, news: Sequence[News], upcoming: Sequence[Meeting]) -> Mail:
    """Answer the mail that tells what has changed.

    Args:
        group: whose meetings.
        news: what has changed, earliest first; as everybody may know it.
        upcoming: the next meeting of each series of which one is off.
    """
    rows = [(long_moment_words(each.starts_at), _news_words(group, each)) for each in news]
    rows += [(_("Next meeting"), long_moment_words(each.starts_at)) for each in upcoming]
    return Mail(
        _subject(news),
        (
            Paragraph(_("Hello, there is news of the meetings of “%(name)s”:", name=group.name)),
            Facts(tuple(rows)),
            Button(_("See the group's page"), whole_url(f"/groups/{group.slug}")),
            SmallPrint(
                _(
                    "You get this mail because you asked to be told of cancelled meetings. One click ends that; your "
                    "address is then deleted."
                )
            ),
        ),
    )


def _subject(news: Sequence[News]) -> str:
    if all(each.kind == OFF for each in news):
        return ngettext("A meeting is cancelled", "Meetings are cancelled", len(news))
    return _("Dates have changed")


def _news_words(group: OwnGroup, news: News) -> str:
    """Answer what has become of one date."""
    meeting = news.meeting
    if news.kind == OFF or meeting is None:
        cause = "" if meeting is None else _why(meeting)
        return _("does not take place (%(cause)s)", cause=cause) if cause else _("does not take place")
    if news.kind == BACK:
        return _("takes place after all")
    if news.kind == ADDED:
        return _("an additional date")
    return _moved_words(group, news, meeting)


def _why(meeting: Meeting) -> str:
    """Answer why nobody meets, as far as that says more than that it is cancelled."""
    return meeting.note if meeting.cause == CANCELLED else cause_words(meeting)


def _moved_words(group: OwnGroup, news: News, meeting: Meeting) -> str:
    """Answer when and where a moved date takes place, as far as everybody may know it."""
    where = group.shown.where(meeting)
    place = where.place
    named = ", ".join(part for part in (place.name, place.street, place.town) if part) if place else ""
    remark = _("online this time, the place is closed") if meeting.is_online_instead else meeting.note
    is_elsewhere = meeting.starts_at == news.starts_at
    when = "" if is_elsewhere else _("moved to %(moment)s", moment=long_moment_words(meeting.starts_at))
    there = named if is_elsewhere and meeting.format in {IN_PERSON, HYBRID} else ""
    parts = [part for part in (when, there, remark) if part]
    return "; ".join(parts) or _("at another place")
