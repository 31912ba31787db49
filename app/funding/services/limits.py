"""Setting how much somebody can release to the bank on one day."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from app.funding.models import ReleaseLimit
from app.funding.queries.limits import limits_of
from app.shared.errors import RuleBroken
from app.shared.history import note

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def set_limit(session: Session, user_id: int, cents: int, *, by: int, now: datetime) -> None:
    """Afterwards somebody can release at most so much a day; what was said before stays to be read.

    Raises:
        RuleBroken: it is their own.
    """
    if by == user_id:
        raise RuleBroken(_("Nobody sets their own limit. Please ask somebody else."), code="own_limit")
    known = limits_of(session, user_id)
    if known and known[0].cents == cents:
        return
    session.add(ReleaseLimit(user_id=user_id, cents=cents, set_by=by, set_at=now))
    note(session, "payment.limit_set", now=now, record_id=user_id)
    session.flush()
