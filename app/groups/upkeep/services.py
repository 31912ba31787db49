"""What can become of a listed group: confirmed, paused, asleep, closed, back again. Twice is once.

Each step is one transaction of the caller, writes history, tells those concerned, and is true at once in finder,
pages, calendars and interfaces.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.groups.departures import Departure, carry_out_departure
from app.groups.meetings.schedules import day_of
from app.groups.meetings.services import end_series, touch_series
from app.groups.meetings.telling import start_telling
from app.groups.models import Group, GroupAbsence, MeetingSeries
from app.groups.rules.life import CLOSED, DORMANT, HIDDEN, LISTED, PAUSED
from app.groups.rules.vocabulary import CLOSING_REASONS
from app.groups.services import change_group
from app.groups.upkeep.emails import ASLEEP, BACK, Event
from app.groups.upkeep.notices import tell_contacts, tell_house, tell_watchers
from app.shared.errors import NotFound, RuleBroken
from app.shared.history import note

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

LONGEST_PAUSE = timedelta(days=366)


def confirm_group(session: Session, group_id: int, *, now: datetime, by_telephone: bool = False) -> None:
    """Afterwards the listing counts as confirmed today; a group that was asleep is back.

    Raises:
        NotFound: there is no such group.
        RuleBroken: it is closed, or was never listed.
    """
    group = lock(session, group_id)
    today = day_of(now)
    if group.state not in {LISTED, *HIDDEN}:
        raise RuleBroken(_("This group is not listed, so there is nothing to confirm."), code="wrong_state")
    if group.state == DORMANT:
        _bring_back(session, group, now=now)
    elif group.last_confirmed_on == today:
        return
    else:
        change_group(session, group_id, now=now, last_confirmed_on=today)
    _note(session, "group.confirmed", group, now=now, by_telephone=by_telephone)


def pause_group(session: Session, group_id: int, *, resumes_on: date | None, now: datetime) -> None:
    """Afterwards the group is not to be found until that day, or, with None, until somebody says so.

    Raises:
        NotFound: there is no such group.
        RuleBroken: the day is over or more than a year ahead, or the group cannot pause now.
    """
    today = day_of(now)
    if resumes_on is not None and not today < resumes_on <= today + LONGEST_PAUSE:
        message = _("Please choose a day from tomorrow on, at most a year ahead.")
        raise RuleBroken(message, field="resumes_on")
    group = lock(session, group_id)
    absence = session.get(GroupAbsence, group_id)
    is_paused = group.state == PAUSED
    if is_paused and absence is not None and absence.resumes_on == resumes_on:
        return
    since = absence.since if is_paused and absence is not None else now
    change_group(session, group_id, now=now, state=PAUSED, last_confirmed_on=today)
    _be_absent(session, group_id, since=since, resumes_on=resumes_on, now=now)
    _tell(session, group, Event(PAUSED, resumes_on), now=now)
    _note(session, "group.paused", group, now=now, until=resumes_on.isoformat() if resumes_on else None)


def resume_group(session: Session, group_id: int, *, now: datetime) -> None:
    """Afterwards a group that paused or was asleep is listed, and counts as confirmed.

    Raises:
        NotFound: there is no such group.
        RuleBroken: it is closed, or was never listed.
    """
    group = lock(session, group_id)
    if group.state == LISTED:
        return
    if group.state not in HIDDEN:
        raise RuleBroken(_("This group is closed. Its clearing house can list it again."), code="wrong_state")
    _bring_back(session, group, now=now)
    _note(session, "group.resumed", group, now=now)


def end_pause(session: Session, group_id: int, *, now: datetime) -> bool:
    """Afterwards a group whose pause is over is listed; answer whether it was until now."""
    group = lock(session, group_id)
    absence = session.get(GroupAbsence, group_id)
    if group.state != PAUSED or absence is None or absence.resumes_on is None:
        return False
    if absence.resumes_on > day_of(now):
        return False
    _bring_back(session, group, now=now, is_confirmed=False)
    _note(session, "group.resumed", group, now=now)
    return True


def put_to_sleep(session: Session, group_id: int, *, now: datetime) -> None:
    """Afterwards the group is no longer to be found, and its contacts read how it comes back."""
    group = lock(session, group_id)
    change_group(session, group_id, now=now, state=DORMANT)
    _be_absent(session, group_id, since=now, now=now)
    tell_watchers(session, group, Event(ASLEEP), is_last=False, now=now)
    _note(session, "group.fell_asleep", group, now=now)


def close_group(
    session: Session, group_id: int, *, reason: str, now: datetime, tells_house: bool = False
) -> None:
    """Afterwards the group is no more: its series have ended, its rooms are free, those who watched it are told.

    Raises:
        NotFound: there is no such group.
        RuleBroken: there is no such reason, or the group cannot close now.
    """
    if reason not in CLOSING_REASONS:
        raise RuleBroken(_("Please choose a reason."), field="reason")
    group = lock(session, group_id)
    if group.state == CLOSED:
        return
    if group.state not in {LISTED, *HIDDEN}:
        raise RuleBroken(_("This group is not listed, so it cannot be closed."), code="wrong_state")
    change_group(session, group_id, now=now, state=CLOSED)
    for series_id in series_of(session, group_id):
        end_series(session, series_id, now=now)
    carry_out_departure(session, Departure(group_id), now=now)
    _be_absent(session, group_id, since=now, reason=reason, now=now)
    event = Event(CLOSED)
    tell_contacts(session, group, event, now=now)
    tell_watchers(session, group, event, is_last=True, now=now)
    if tells_house:
        tell_house(session, group, now=now)
    _note(session, "group.closed", group, now=now, reason=reason)


def reopen_group(session: Session, group_id: int, *, now: datetime) -> None:
    """Afterwards a closed group is listed as it was; its series, which have ended, are to be entered anew.

    Raises:
        NotFound: there is no such group.
        RuleBroken: it is not closed.
    """
    group = lock(session, group_id)
    if group.state == LISTED:
        return
    if group.state != CLOSED:
        raise RuleBroken(_("This group is not closed."), code="wrong_state")
    _bring_back(session, group, now=now)
    _note(session, "group.reopened", group, now=now)


def lock(session: Session, group_id: int) -> Group:
    """Answer the group as it is now, kept from others who would change it until the transaction ends.

    Raises:
        NotFound: there is no such group.
    """
    group = session.get(Group, group_id, with_for_update={"key_share": True}, populate_existing=True)
    if group is None:
        raise NotFound(_("There is no such group."), code="unknown_group")
    return group


def series_of(session: Session, group_id: int) -> list[int]:
    """Answer the ids of the group's series."""
    wanted = sa.select(MeetingSeries.id).where(MeetingSeries.group_id == group_id)
    return list(session.scalars(wanted.order_by(MeetingSeries.id)))


def _be_absent(
    session: Session,
    group_id: int,
    *,
    since: datetime,
    now: datetime,
    resumes_on: date | None = None,
    reason: str = "",
) -> None:
    """Store since when and until when the group is not to be found; its calendar tells another story from now on."""
    session.merge(GroupAbsence(group_id=group_id, since=since, resumes_on=resumes_on, reason=reason))
    touch_series(session, series_of(session, group_id), now=now)
    session.flush()


def _bring_back(session: Session, group: Group, *, now: datetime, is_confirmed: bool = True) -> None:
    """Afterwards the group is listed; those who watch it hear of it, and of later changes."""
    changes = {"last_confirmed_on": day_of(now)} if is_confirmed else {}
    change_group(session, group.id, now=now, state=LISTED, **changes)
    session.execute(sa.delete(GroupAbsence).where(GroupAbsence.group_id == group.id))
    touch_series(session, series_of(session, group.id), now=now)
    session.flush()
    start_telling(session, group.id, now=now)
    _tell(session, group, Event(BACK), now=now)


def _tell(session: Session, group: Group, event: Event, *, now: datetime) -> None:
    tell_contacts(session, group, event, now=now)
    tell_watchers(session, group, event, is_last=False, now=now)


def _note(session: Session, action: str, group: Group, *, now: datetime, **facts: Any) -> None:
    note(session, action, now=now, group_id=group.id, clearinghouse_id=group.clearinghouse_id, **facts)
