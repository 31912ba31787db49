"""Objections to notices: what came, and how much more a group can be given by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.funding.models import AllocationLine, Notice, NoticeObjection
from app.funding.queries.outcomes import award_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

UPHELD, REJECTED = "upheld", "rejected"


def objection_to(session: Session, notice_id: int) -> NoticeObjection | None:
    """Answer the objection to a notice."""
    return session.get(NoticeObjection, notice_id, populate_existing=True)


def most_by_objection(session: Session, notice: Notice) -> int:
    """Answer the cents that a group asked for and has not been given, by runs or by objections."""
    line = session.get_one(AllocationLine, (notice.run_id, notice.group_id))
    given = session.scalar(
        sa.select(sa.func.sum(NoticeObjection.cents))
        .join(Notice, Notice.id == NoticeObjection.notice_id)
        .where(Notice.round_id == notice.round_id, Notice.group_id == notice.group_id)
    )
    had = award_of(session, notice.group_id, notice.round_id) or 0
    return max(0, line.requested_cents - had - int(given or 0))
