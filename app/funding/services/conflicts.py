"""Nobody decides about a group that they are too close to: declared by themself, or known without their saying it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask_babel import gettext as _

from app.funding.models import ConflictOfInterest
from app.funding.queries.conflicts import conflicts_of, name_of
from app.funding.rules.conflicts import DECLARED
from app.funding.words.conflicts import WHY
from app.groups.models import Group
from app.shared.database import insert_into
from app.shared.errors import RuleBroken
from app.shared.history import note

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def refuse_conflicted(session: Session, user_id: int, group_ids: Iterable[int], *, now: datetime) -> None:
    """Afterwards it is certain that somebody may decide about all of these groups.

    Raises:
        RuleBroken: they are too close to one of them; it says who, to which group, and why.
    """
    found = conflicts_of(session, user_id, group_ids, now=now)
    if not found:
        return
    group_id, why = next(iter(found.items()))
    raise RuleBroken(
        _(
            "%(name)s must not decide about “%(group)s”: %(name)s %(why)s. Somebody else has to do it.",
            name=name_of(session, user_id),
            group=session.get_one(Group, group_id).name,
            why=str(WHY[why]),
        ),
        code="conflicted",
    )


def declare_conflict(session: Session, user_id: int, group_id: int, why: str, *, now: datetime) -> None:
    """Afterwards somebody does not decide about this group; declared already, it stays as it was.

    Raises:
        RuleBroken: no reason was chosen.
    """
    if why not in DECLARED:
        raise RuleBroken(_("Please choose why."), code="no_reason", field="why")
    made = insert_into(session, ConflictOfInterest).values(
        user_id=user_id, group_id=group_id, why=why, declared_at=now
    )
    once = made.on_conflict_do_nothing(
        index_elements=["user_id", "group_id"], index_where=ConflictOfInterest.ended_at.is_(None)
    )
    number = session.scalar(once.returning(ConflictOfInterest.id))
    if number is not None:
        note(session, "conflict.declared", now=now, record_id=number, group_id=group_id)


def take_back_conflict(session: Session, user_id: int, conflict_id: int, *, now: datetime) -> None:
    """Afterwards what somebody had declared holds no more; that it did hold stays written."""
    ended = (
        sa.update(ConflictOfInterest)
        .where(
            ConflictOfInterest.id == conflict_id,
            ConflictOfInterest.user_id == user_id,
            ConflictOfInterest.ended_at.is_(None),
        )
        .values(ended_at=now)
    )
    group_id = session.scalar(ended.returning(ConflictOfInterest.group_id))
    if group_id is not None:
        note(session, "conflict.taken_back", now=now, record_id=conflict_id, group_id=group_id)
