"""Groups that are no more: closed, or gone on as part of another one."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.groups.models import Group
from app.groups.rules.life import CLOSED, MERGED

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

IS_GONE = Group.state.in_((CLOSED, MERGED))


def gone_among(session: Session, group_ids: Collection[int]) -> set[int]:
    """Answer which of these groups are no more: nothing is granted or paid to them until somebody has looked."""
    return set(session.scalars(sa.select(Group.id).where(Group.id.in_(group_ids), IS_GONE)))
