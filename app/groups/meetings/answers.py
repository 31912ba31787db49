"""What a contact can say of one meeting by a link from a mail: it takes place, or it does not, or so many came."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa
from flask_babel import gettext as _

from app.groups.meetings.attendance import note_attendance
from app.groups.meetings.confirmations import confirm_meeting, take_back_confirmation
from app.groups.meetings.services import cancel_date, move_date, undo_change
from app.groups.models import MeetingChange
from app.groups.rules.schedule import CANCELLED
from app.shared.errors import RuleBroken
from app.shared.signed_links import read_link, sign_link

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.groups.meetings.links import LinkedMeeting
    from app.groups.rules.schedule import Meeting

_MOVED = "moved"


def cancel_linked(session: Session, linked: LinkedMeeting, *, reason: str, now: datetime) -> str:
    """Afterwards the meeting does not take place; an added one is gone. Doing it twice is doing it once.

    Answers a token with which ``confirm_linked`` brings a moved meeting back to where it was moved to, else nothing.

    Raises:
        RuleBroken: it has begun, or the reason is too long.
    """
    meeting = linked.meeting
    _refuse_begun(linked)
    take_back_confirmation(session, meeting)
    if meeting.is_added:
        undo_change(session, meeting.series_id, meeting.on, now=now)
        return ""
    moved = _remember_move(session, meeting)
    cancel_date(session, meeting.series_id, meeting.on, reason=reason, now=now)
    return moved


def confirm_linked(session: Session, linked: LinkedMeeting, *, moved: str = "", now: datetime) -> None:
    """Afterwards everybody may read that the meeting takes place; if it had been cancelled by hand, it no longer is.

    Args:
        session: the caller's.
        linked: the meeting.
        moved: what ``cancel_linked`` answered.
        now: the present moment.

    Raises:
        RuleBroken: it has begun, or something else speaks against it, such as a closed place.
    """
    meeting = linked.meeting
    _refuse_begun(linked)
    if meeting.cause == CANCELLED:
        _take_back(session, meeting, moved, now=now)
        return  # where it then stands the next look will show
    if meeting.is_cancelled:
        raise RuleBroken(
            _(
                "This meeting cannot take place as announced. Please sign in and move it to another day or place."
            )
        )
    confirm_meeting(session, meeting, now=now)


def note_linked(session: Session, linked: LinkedMeeting, count: int | None, *, now: datetime) -> None:
    """Afterwards it is noted how many came to the meeting that the link lets count.

    Raises:
        RuleBroken: there is none, or the number is not 0 to 1,000.
    """
    if linked.to_count is None:
        raise RuleBroken(_("There was no meeting yet for which a number could be noted."))
    note_attendance(session, linked.group.schedule, {linked.to_count.key: count}, now=now)


def _refuse_begun(linked: LinkedMeeting) -> None:
    if linked.has_begun:
        raise RuleBroken(_("This meeting has begun. It can no longer be cancelled or confirmed."))


def _take_back(session: Session, meeting: Meeting, moved: str, *, now: datetime) -> None:
    """Undo a cancellation: back to the regular time, or to where the meeting had been moved before."""
    facts = read_link(_MOVED, moved) if moved else None
    if facts is None or facts[:2] != [meeting.series_id, meeting.on.isoformat()]:
        undo_change(session, meeting.series_id, meeting.on, now=now)
        return
    new_on, clock, duration, place, reason = cast("list[Any]", facts[2:])
    move_date(
        session,
        meeting.series_id,
        meeting.on,
        new_on=date.fromisoformat(new_on),
        starts_at_local=clock and time.fromisoformat(clock),
        duration_minutes=duration,
        place_id=place,
        reason=reason,
        now=now,
    )


def _remember_move(session: Session, meeting: Meeting) -> str:
    """Answer a token that says where a meeting was moved to, empty if it was not."""
    change = session.scalar(
        sa.select(MeetingChange).where(
            MeetingChange.series_id == meeting.series_id, MeetingChange.on_day == meeting.on
        )
    )
    if change is None or change.new_on is None:
        return ""
    clock = change.starts_at_local
    return sign_link(
        _MOVED,
        meeting.series_id,
        meeting.on.isoformat(),
        change.new_on.isoformat(),
        None if clock is None else clock.isoformat(),
        change.duration_minutes,
        change.place_id,
        change.reason,
    )
