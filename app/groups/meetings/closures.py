"""A place is closed, a house closes all its places, or a group rests: for a time, taken back in one step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask_babel import gettext as _

from app.clearinghouses.models import ClearingHouse
from app.groups.meetings.checks import clean_reason
from app.groups.meetings.schedules import day_of
from app.groups.meetings.services import touch_series
from app.groups.models import Closure, Group, MeetingChange, MeetingPlace, MeetingSeries
from app.groups.search_index import index_groups, next_version
from app.shared.errors import NotFound, RuleBroken
from app.shared.history import note

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

LONGEST = timedelta(days=800)


@dataclass(frozen=True, slots=True)
class Owner:
    """What is closed: just one of a place, all places of a clearing house, or a group."""

    place_id: int | None = None
    clearinghouse_id: int | None = None
    group_id: int | None = None

    def rows(self) -> sa.ColumnElement[bool]:
        """Answer the condition for closures of this owner."""
        return sa.and_(
            Closure.place_id.is_not_distinct_from(self.place_id),
            Closure.clearinghouse_id.is_not_distinct_from(self.clearinghouse_id),
            Closure.group_id.is_not_distinct_from(self.group_id),
        )


def close(
    session: Session, owner: Owner, *, first_on: date, last_on: date, reason: str = "", now: datetime
) -> int:
    """Close from the first to the last day, both included; every meeting concerned shows it at once. Answer its id.

    Raises:
        RuleBroken: the days are in the wrong order, past or too many, or it is closed on some of them already.
    """
    reason = clean_reason(reason)
    _lock(session, owner)
    same = check_closing(session, owner, first_on=first_on, last_on=last_on, reason=reason, now=now)
    if same is not None:
        return same.id
    closure = Closure(
        place_id=owner.place_id,
        clearinghouse_id=owner.clearinghouse_id,
        group_id=owner.group_id,
        first_on=first_on,
        last_on=last_on,
        reason=reason,
        created_at=now,
    )
    session.add(closure)
    session.flush()
    _note(session, "closure.made", closure, now=now)
    _tell(session, owner, now=now)
    return closure.id


def check_closing(
    session: Session, owner: Owner, *, first_on: date, last_on: date, reason: str = "", now: datetime
) -> Closure | None:
    """Return quietly when it can be closed; answer the closure that is just this one already, if there is.

    Raises:
        RuleBroken: as ``close``.
    """
    if last_on < first_on:
        raise RuleBroken(_("The last day must not lie before the first."), field="last_on")
    if last_on < day_of(now):
        raise RuleBroken(_("These days are over. Please choose days to come."), field="last_on")
    if last_on - first_on > LONGEST:
        raise RuleBroken(
            _("Please choose at most two years. What closes for good should be ended."), field="last_on"
        )
    overlap = session.scalar(
        sa.select(Closure)
        .where(owner.rows(), Closure.first_on <= last_on, Closure.last_on >= first_on)
        .order_by(Closure.first_on)
        .limit(1)
    )
    if overlap is None or (overlap.first_on, overlap.last_on, overlap.reason) == (first_on, last_on, reason):
        return overlap
    raise RuleBroken(
        _(
            "It is already closed from %(first)s to %(last)s. Please take that back first, or choose other days.",
            first=overlap.first_on.strftime("%d.%m.%Y"),
            last=overlap.last_on.strftime("%d.%m.%Y"),
        ),
        field="first_on",
        code="overlapping_closure",
    )


def reopen(session: Session, closure_id: int, *, now: datetime) -> None:
    """Afterwards the closure is gone, and every meeting is as if it had never been. Doing it twice is doing it once."""
    closure = session.get(Closure, closure_id)
    if closure is None:
        return
    owner = Owner(closure.place_id, closure.clearinghouse_id, closure.group_id)
    _lock(session, owner)
    _note(session, "closure.ended", closure, now=now)
    session.delete(closure)
    session.flush()
    _tell(session, owner, now=now)


def list_closures(session: Session, owner: Owner, *, since: date) -> list[Closure]:
    """Answer the closures that last until ``since`` or longer, earliest first."""
    wanted = sa.select(Closure).where(owner.rows(), Closure.last_on >= since)
    return list(session.scalars(wanted.order_by(Closure.first_on)))


def places_closed_with(session: Session, owner: Owner) -> list[int]:
    """Answer the ids of the places that an owner closes: a place with its rooms, or all places of a house."""
    chosen = MeetingPlace.clearinghouse_id == owner.clearinghouse_id
    if owner.place_id is not None:
        chosen = sa.or_(MeetingPlace.id == owner.place_id, MeetingPlace.part_of_id == owner.place_id)
    elif owner.clearinghouse_id is None:
        return []
    return list(session.scalars(sa.select(MeetingPlace.id).where(chosen)))


def series_concerned(session: Session, owner: Owner) -> list[tuple[int, int]]:
    """Answer series and group ids whose dates a closure of the owner can touch, also by a date moved there."""
    wanted = sa.select(MeetingSeries.id, MeetingSeries.group_id).join(
        Group, Group.id == MeetingSeries.group_id
    )
    if owner.group_id is not None:
        wanted = wanted.where(MeetingSeries.group_id == owner.group_id)
    else:
        places = places_closed_with(session, owner)
        moved_there = sa.select(MeetingChange.series_id).where(MeetingChange.place_id.in_(places))
        wanted = wanted.where(
            sa.or_(
                sa.func.coalesce(MeetingSeries.place_id, Group.place_id).in_(places),
                MeetingSeries.id.in_(moved_there),
            ),
            MeetingSeries.format != "online",
        )
    return [(series_id, group_id) for series_id, group_id in session.execute(wanted)]


def _lock(session: Session, owner: Owner) -> None:
    """Let two people who close the same thing go one after the other, so that overlaps are seen.

    Raises:
        NotFound: there is no such thing.
    """
    for model, key in (
        (MeetingPlace, owner.place_id),
        (ClearingHouse, owner.clearinghouse_id),
        (Group, owner.group_id),
    ):
        # Not the whole row: whoever registers a group there holds the finder, for which we wait in the end.
        if key is not None and session.get(model, key, with_for_update={"key_share": True}) is None:
            raise NotFound(_("There is no such place."), code="unknown_place")


def _note(session: Session, action: str, closure: Closure, *, now: datetime) -> None:
    """Write down what was done, for the house that keeps what is closed."""
    house_id = closure.clearinghouse_id
    if closure.group_id is not None:
        house_id = session.get_one(Group, closure.group_id).clearinghouse_id
    elif closure.place_id is not None:
        house_id = _house_of_place(session, closure.place_id)
    note(
        session,
        action,
        now=now,
        record_id=closure.id,
        group_id=closure.group_id,
        clearinghouse_id=house_id,
        first_day=closure.first_on.isoformat(),
        last_day=closure.last_on.isoformat(),
    )


def _house_of_place(session: Session, place_id: int) -> int | None:
    """Answer the house that keeps a place, or else looks after a group that meets there."""
    kept_by = session.get_one(MeetingPlace, place_id).clearinghouse_id
    there = sa.select(Group.clearinghouse_id).where(Group.place_id == place_id).order_by(Group.id).limit(1)
    return kept_by or session.scalar(there)


def _tell(session: Session, owner: Owner, *, now: datetime) -> None:
    concerned = series_concerned(session, owner)
    group_ids = sorted({group_id for _series_id, group_id in concerned})
    # Groups before their series, each in one order, as everybody does: or two would wait for each other.
    session.execute(
        sa.select(Group.id).where(Group.id.in_(group_ids)).order_by(Group.id).with_for_update(key_share=True)
    )
    session.execute(sa.update(Group).where(Group.id.in_(group_ids)).values(updated_at=now))
    touch_series(session, sorted(series_id for series_id, _group_id in concerned), now=now)
    # Whoever came to meet there in the meantime has done so once the finder is ours, and is seen now.
    next_version(session)
    group_ids = sorted({group_id for _series_id, group_id in series_concerned(session, owner)})
    index_groups(session, group_ids, today=day_of(now))
