"""Reads of groups by their state: those that staff phone, the former ones that have a page, one's own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.groups.meetings.schedules import WALL_CLOCK, day_of
from app.groups.models import Group, GroupAbsence
from app.groups.queries import topics_of
from app.groups.readers import readers_of
from app.groups.rules.life import CLOSED, DORMANT, LISTED, MERGED, PAUSED
from app.groups.rules.trust import Stage, begins_on
from app.groups.search_index import group_columns, place_shown
from app.groups.text import fold
from app.groups.upkeep.pace import get_pace, stage_now

if TYPE_CHECKING:
    from sqlalchemy.engine import Row
    from sqlalchemy.orm import Session

    from app.groups.models import Topic
    from app.groups.rules.listing import DisclosedPlace

TO_PHONE, ASLEEP, LONG_PAUSE = "to_phone", "asleep", "long_pause"
KINDS = (TO_PHONE, LONG_PAUSE, ASLEEP)
MOST_CHOICES = 30


@dataclass(frozen=True, slots=True)
class FormerGroup:
    """A group that was listed and is not now, as anybody may know it: never how it was reached, nor where it met.

    ``near`` is the point that distances were measured to, for groups like it.
    """

    id: int
    slug: str
    name: str
    state: str
    since: datetime
    resumes_on: date | None
    house_id: int
    topics: tuple[Topic, ...]
    near: DisclosedPlace | None
    into_slug: str


def find_former(session: Session, slug: str) -> FormerGroup | None:
    """Answer the group of a slug that was listed and is not any more; None if there is none."""
    into = Group.__table__.alias("into_group")
    row = session.execute(
        group_columns("state")
        .add_columns(GroupAbsence.since, GroupAbsence.resumes_on, into.c.slug.label("into_slug"))
        .join(GroupAbsence, GroupAbsence.group_id == Group.id)
        .outerjoin(into, into.c.id == GroupAbsence.merged_into_id)
        .where(Group.slug == slug, Group.state.in_((PAUSED, DORMANT, CLOSED, MERGED)))
    ).one_or_none()
    if row is None:
        return None
    return FormerGroup(
        id=row.id,
        slug=row.slug,
        name=row.name,
        state=row.state,
        since=row.since,
        resumes_on=row.resumes_on,
        house_id=row.clearinghouse_id,
        topics=tuple(topics_of(session, [row.id])[row.id]),
        near=place_shown(row),
        into_slug=row.into_slug or "",
    )


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """A group that nobody has confirmed, with what staff need to phone it. ``kind`` is one of ``KINDS``."""

    row: Row[Any]
    kind: str
    since: date
    accounts: tuple[str, ...]

    @property
    def waits_since(self) -> datetime:
        """The moment from which it waits."""
        return datetime(self.since.year, self.since.month, self.since.day, tzinfo=WALL_CLOCK)


def list_unconfirmed(session: Session, house_id: int, *, now: datetime) -> list[Unconfirmed]:
    """Answer the groups of a house that are to be phoned, those that pause for long, and those asleep; oldest first.

    A group without any address is to be phoned as soon as others would be asked.
    """
    overdue = day_of(now) - timedelta(days=get_pace().every)
    columns = (Group.id, Group.slug, Group.name, Group.state, Group.contact_name, Group.contact_phone)
    rows = session.execute(
        sa.select(
            *columns, Group.contact_email, Group.last_confirmed_on, Group.created_at, Group.internal_note
        )
        .add_columns(GroupAbsence.since, GroupAbsence.resumes_on)
        .outerjoin(GroupAbsence, GroupAbsence.group_id == Group.id)
        .where(
            Group.clearinghouse_id == house_id,
            Group.state.in_((LISTED, PAUSED, DORMANT)),
            sa.or_(Group.last_confirmed_on <= overdue, Group.state == DORMANT),
        )
    ).all()
    readers = readers_of(session, [row.id for row in rows])
    found = []
    for row in rows:
        kind = _kind(row, has_address=bool(readers[row.id]), now=now)
        if kind is not None:
            accounts = tuple(each.address for each in readers[row.id] if each.has_account)
            found.append(Unconfirmed(row, kind, _since(row, kind, bool(readers[row.id])), accounts))
    return sorted(found, key=lambda each: (KINDS.index(each.kind), each.since, each.row.id))


def _kind(row: Row[Any], *, has_address: bool, now: datetime) -> str | None:
    """Answer why a group is in the list of those to phone; None if it is not."""
    if row.state == DORMANT:
        return ASLEEP
    stage = stage_now(row, now=now)
    if row.state == PAUSED:
        return LONG_PAUSE if row.resumes_on is None and stage >= Stage.ASKED else None
    is_due = stage >= (Stage.NOT_CONFIRMED if has_address else Stage.ASKED)
    return TO_PHONE if is_due else None


def _since(row: Row[Any], kind: str, has_address: bool) -> date:  # noqa: FBT001 - the third of three facts
    if kind == ASLEEP and row.since is not None:
        return day_of(row.since)
    stage = Stage.NOT_CONFIRMED if kind == TO_PHONE and has_address else Stage.ASKED
    return begins_on(stage, row.last_confirmed_on, day_of(row.created_at), pace=get_pace())


@dataclass(frozen=True, slots=True)
class OwnState:
    """A group as those who look after it see its state; ``is_asked`` when it is time to confirm it."""

    group: Group
    absence: GroupAbsence | None
    stage: Stage

    @property
    def is_asked(self) -> bool:
        """Whether a confirmation is due."""
        return self.stage >= Stage.ASKED


def find_own_state(session: Session, slug: str, *, now: datetime) -> OwnState | None:
    """Answer the state of a group; None if there is none of this slug."""
    group = session.scalar(sa.select(Group).where(Group.slug == slug))
    if group is None:
        return None
    return OwnState(group, session.get(GroupAbsence, group.id), stage_now(group, now=now))


def find_group(session: Session, slug: str) -> Group | None:
    """Answer the group of a slug, whatever its state."""
    return session.scalar(sa.select(Group).where(Group.slug == slug))


def list_to_merge(session: Session, group: Group, *, q: str = "") -> list[Group]:
    """Answer the listed groups of the same house, by name; only those with every word of ``q`` in their name."""
    wanted = sa.select(Group).where(
        Group.clearinghouse_id == group.clearinghouse_id, Group.is_listed, Group.id != group.id
    )
    words = fold(q).split()
    found = session.scalars(wanted.order_by(Group.name, Group.id))
    return [each for each in found if all(word in fold(each.name) for word in words)]
