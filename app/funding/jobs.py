"""Scheduled work of the funding package: notices that were ordered are made and mailed."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.funding.models import NoticeOrder
from app.funding.notice_portions import mail_notices, make_notices
from app.shared.extensions import db
from app.shared.jobs import Job

if TYPE_CHECKING:
    from collections.abc import Sequence


def tell_decisions(now: datetime) -> int:
    """Go on with every run whose notices were ordered; answer how many were made or mailed."""
    making = _ordered(NoticeOrder.is_making.is_(True))
    made = sum(make_notices(run_id, now=now) for run_id in making)
    mailing = _ordered(NoticeOrder.is_mailing.is_(True))
    return made + sum(mail_notices(run_id, now=now) for run_id in mailing)


def _ordered(which: sa.ColumnElement[bool]) -> Sequence[int]:
    return db.session().scalars(sa.select(NoticeOrder.run_id).where(which)).all()


JOBS = (Job(name="tell-decisions", period_seconds=60, run=tell_decisions, lease_seconds=1_200),)
