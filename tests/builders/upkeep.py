"""Groups that are to be confirmed, for tests."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.groups.meetings.schedules import day_of
from app.groups.models import Group
from app.groups.upkeep.links import confirmation_token
from tests.builders.followed import CONTACT
from tests.builders.groups import NOW, make_contact, make_group

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def make_overdue(session: Session, *, days: int = 365, now: datetime = NOW, **given: Any) -> int:
    """Store a group that was last confirmed so many days ago, and registered before that; answer its id."""
    usual = {"contact": make_contact(name="Petra Muster", phone="0221 4710 123", email=CONTACT)}
    confirmed = day_of(now) - timedelta(days=days)
    registered = now - timedelta(days=days + 30)
    group_id = make_group(session, now=registered, last_confirmed_on=confirmed, **{**usual, **given})
    session.commit()
    return group_id


def link_of(session: Session, group_id: int, *, address: str = CONTACT) -> str:
    """Answer the path of the page on which the group is confirmed."""
    group = session.get_one(Group, group_id, populate_existing=True)
    return f"/groups/confirm/{confirmation_token(group, address)}"


def state_of(session: Session, group_id: int) -> str:
    """Answer the state of a group as it is stored."""
    session.rollback()
    return session.scalars(sa.select(Group.state).where(Group.id == group_id)).one()


def confirmed_on(session: Session, group_id: int) -> Any:
    """Answer the day of its last confirmation."""
    session.rollback()
    return session.scalars(sa.select(Group.last_confirmed_on).where(Group.id == group_id)).one()
