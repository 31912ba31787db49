"""Links in mails to the contact of a group: whoever holds one can say of one meeting that it takes place or does not.

A link names the group, the series and the day, and holds until a week after the meeting, as long as the group's contact
has the address that the mail went to.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, cast

from flask_babel import gettext as _

from app.groups.meetings.attendance import PastMeeting, list_past_meetings
from app.groups.meetings.confirmations import confirmed_among
from app.groups.meetings.own_groups import OwnGroup, list_own_groups
from app.groups.meetings.schedules import LOOK_AHEAD, day_of
from app.groups.rules.schedule import Meeting, meetings
from app.shared.errors import DomainError
from app.shared.signed_links import fingerprint, read_link, sign_link, whole_url

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

LIFE = timedelta(days=7)
"""How long after its meeting a link holds."""
LOOK_BACK = timedelta(days=400)
"""The meeting before, whose number may be noted, is looked for so far back."""
CANCEL, CONFIRM = "cancel", "confirm"
_MEETING = "meeting"
_REMINDERS = "reminders"


class LinkOver(DomainError):
    """A link of ours that holds no longer; ``slug`` is the group's, if it is listed."""

    code = "link_over"
    status = 410

    def __init__(self, message: str, *, slug: str = "") -> None:
        super().__init__(message)
        self.slug = slug


class LinkUnreadable(LinkOver):
    """No link of ours: cut short, or made up."""

    code = "link_unreadable"
    status = 400

    def __init__(self) -> None:
        super().__init__(
            _("This link is not complete. Please open it from the mail once more, or copy all of it.")
        )


@dataclass(frozen=True, slots=True)
class LinkedMeeting:
    """The meeting behind a link as it stands now.

    ``to_count`` is the meeting for which a number may be noted: this one once it has begun, before that the last one.
    """

    group: OwnGroup
    meeting: Meeting
    has_begun: bool
    is_confirmed: bool
    to_count: PastMeeting | None


def meeting_url(group: OwnGroup, meeting: Meeting, *, wish: str = "") -> str:
    """Answer the whole address of the page on which the contact answers for a meeting; ``wish`` comes first on it."""
    return whole_url(f"/groups/meeting/{meeting_token(group, meeting)}{f'?wish={wish}' if wish else ''}")


def meeting_token(group: OwnGroup, meeting: Meeting) -> str:
    """Answer the token of that address."""
    return sign_link(
        _MEETING,
        group.id,
        meeting.series_id,
        meeting.on.isoformat(),
        meeting.is_added,
        fingerprint(group.contact_email),
    )


def find_linked_meeting(session: Session, token: str, *, now: datetime) -> LinkedMeeting:
    """Answer what a token stands for.

    Raises:
        LinkUnreadable: it is none of ours.
        LinkOver: the meeting is over for more than a week, is there no longer, or the contact has another address.
    """
    facts = read_link(_MEETING, token)
    if facts is None:
        raise LinkUnreadable
    group_id, series_id, on, is_added, contact = facts
    today = day_of(now)
    found = list_own_groups(session, [cast("int", group_id)], span=(today - LOOK_BACK, today + LOOK_AHEAD))
    group = found[0] if found else None
    slug = group.slug if group is not None and group.is_listed else ""
    if group is None or contact != fingerprint(group.contact_email):
        raise LinkOver(_("This link was made for another contact of the group."), slug=slug)
    day = date.fromisoformat(cast("str", on))
    meeting = _find_meeting(group, cast("int", series_id), day, is_added=bool(is_added))
    if meeting is None:
        raise LinkOver(_("This meeting is no longer among the dates of the group."), slug=slug)
    if now > meeting.starts_at.astimezone(UTC) + LIFE:
        raise LinkOver(_("This link held until a week after the meeting."), slug=slug)
    past = list_past_meetings(session, group.schedule, now=now)
    has_begun = meeting.starts_at.astimezone(UTC) <= now
    own = next((each for each in past if each.key == (meeting.series_id, meeting.on)), None)
    return LinkedMeeting(
        group,
        meeting,
        has_begun=has_begun,
        is_confirmed=bool(confirmed_among(session, [meeting])),
        to_count=own if has_begun else next(iter(past), None),
    )


def _find_meeting(group: OwnGroup, series_id: int, on: date, *, is_added: bool) -> Meeting | None:
    """Answer the date of a series as it stands now, wherever it was moved to."""
    series = next((each for each in group.schedule.series if each.id == series_id), None)
    if series is None:
        return None
    moved_to = [each.new_on for each in series.changes if each.on == on and each.new_on is not None]
    for day in (on, *moved_to):
        noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        for meeting in meetings([series], start=noon - timedelta(days=2), end=noon + timedelta(days=2)):
            if (meeting.on, meeting.is_added) == (on, is_added):
                return meeting
    return None


def reminders_url(group: OwnGroup) -> str:
    """Answer the whole address at which the contact of a group ends its reminders."""
    return whole_url(
        f"/groups/reminders/{sign_link(_REMINDERS, group.id, fingerprint(group.contact_email))}/out"
    )


def find_reminded_group(session: Session, token: str, *, now: datetime) -> OwnGroup:
    """Answer the group whose reminders a token can end.

    Raises:
        LinkUnreadable: it is none of ours.
        LinkOver: the group is gone, or its contact has another address and gets no mail at this one.
    """
    facts = read_link(_REMINDERS, token)
    if facts is None:
        raise LinkUnreadable
    group_id, contact = facts
    today = day_of(now)
    found = list_own_groups(session, [cast("int", group_id)], span=(today, today))
    if not found or contact != fingerprint(found[0].contact_email):
        raise LinkOver(_("You get no reminders at this address any more."))
    return found[0]
