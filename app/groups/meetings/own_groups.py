"""Groups as they are known to those who look after them: listed or not, with their true schedule."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.groups.meetings.schedules import Schedule, Span, schedules_of
from app.groups.meetings.shown import ShownSchedule, disclose_schedule
from app.groups.models import Group
from app.groups.rules.life import LISTED
from app.groups.search_index import group_columns
from app.shared.errors import NotFound

if TYPE_CHECKING:
    from sqlalchemy.engine import Row
    from sqlalchemy.orm import Session

_GROUP = Group.__table__
_ROWS = group_columns("state", "contact_email", "reminder_hours", "reminds_after_break", "updated_at")


@dataclass(frozen=True, slots=True)
class OwnGroup:
    """A group with what its contact may know of it; ``shown`` is the same schedule as everybody may know it."""

    row: Row[Any]
    schedule: Schedule
    shown: ShownSchedule

    @property
    def id(self) -> int:
        """Of the group."""
        return int(self.row.id)

    @property
    def slug(self) -> str:
        """Of its page."""
        return str(self.row.slug)

    @property
    def name(self) -> str:
        """As it is listed."""
        return str(self.row.name)

    @property
    def is_listed(self) -> bool:
        """Whether anybody can find it."""
        return bool(self.row.state == LISTED)

    @property
    def contact_email(self) -> str:
        """Where its contact is written to, shown or not; empty when not known."""
        return str(self.row.contact_email).strip()


def list_own_groups(session: Session, ids: Iterable[int], *, span: Span) -> list[OwnGroup]:
    """Answer those of the groups that are there; their dates are true in ``span``."""
    rows = session.execute(_ROWS.where(_GROUP.c.id.in_(list(ids))).order_by(_GROUP.c.id)).all()
    schedules = schedules_of(session, rows, span=span)
    return [OwnGroup(row, schedules[row.id], disclose_schedule(row, schedules[row.id])) for row in rows]


def get_own_group(session: Session, slug: str, *, span: Span) -> OwnGroup:
    """Answer the group of this slug, listed or not.

    Raises:
        NotFound: there is none.
    """
    group_id = session.scalar(sa.select(Group.id).where(Group.slug == slug))
    if group_id is None:
        raise NotFound(_("There is no such group."), code="unknown_group")
    return list_own_groups(session, [group_id], span=span)[0]
