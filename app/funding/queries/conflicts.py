"""Who is too close to which group to decide about it, and what somebody has declared themself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.accounts.models import User
from app.clearinghouses.models import ClearingHouse
from app.funding.models import ConflictOfInterest
from app.funding.models.conflicts import conflicted_person
from app.funding.queries.requests import NAMED_GROUP, NamedGroup
from app.groups.meetings.schedules import day_of
from app.groups.models import Group
from app.groups.rules.life import LISTED

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Declared:
    """A conflict that somebody has declared, with the name of the group."""

    conflict: ConflictOfInterest
    group_name: str


def conflicts_of(
    session: Session, user_id: int, group_ids: Iterable[int], *, now: datetime
) -> dict[int, str]:
    """Answer the groups among these that somebody must not decide about, each with the reason why."""
    ids, view = list(group_ids), conflicted_person.c
    found: dict[int, str] = {}
    for start in range(0, len(ids), 5_000):
        rows = session.execute(
            sa.select(view.group_id, view.why)
            .where(
                view.user_id == user_id,
                view.group_id.in_(ids[start : start + 5_000]),
                view.until_year >= day_of(now).year,
            )
            .order_by(view.group_id, view.until_year)
        )
        found |= dict(rows.tuples().all())
    return found


def name_of(session: Session, user_id: int) -> str:
    """Answer how somebody with an account is called."""
    return session.scalar(sa.select(User.name).where(User.id == user_id)) or ""


def list_declared(session: Session, user_id: int) -> list[Declared]:
    """Answer what somebody has declared, the latest first; what was taken back comes after what holds."""
    rows = session.execute(
        sa.select(ConflictOfInterest, Group.name)
        .join(Group, Group.id == ConflictOfInterest.group_id)
        .where(ConflictOfInterest.user_id == user_id)
        .order_by(ConflictOfInterest.ended_at.is_not(None), ConflictOfInterest.id.desc())
    )
    return [Declared(*row) for row in rows]


def find_groups(session: Session, words: str, *, most: int) -> list[NamedGroup]:
    """Answer listed groups in whose name these words stand, by name."""
    pattern = "%".join(
        part.replace("\\", "").replace("%", r"\%").replace("_", r"\_") for part in words.split()
    )
    if not pattern:
        return []
    wanted = Group.name.ilike(f"%{pattern}%", escape="\\")
    found = (
        sa.select(*NAMED_GROUP)
        .join(ClearingHouse, ClearingHouse.id == Group.clearinghouse_id)
        .where(Group.state == LISTED, wanted)
        .order_by(Group.name, Group.id)
        .limit(most)
    )
    return [NamedGroup(*row) for row in session.execute(found)]


def find_group(session: Session, slug: str) -> Group | None:
    """Answer a listed group by its slug; None where there is none."""
    return session.scalar(sa.select(Group).where(Group.state == LISTED, Group.slug == slug))
