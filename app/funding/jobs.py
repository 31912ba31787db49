"""Scheduled work of the funding package: notices that were ordered are made and mailed, groups and signers reminded."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.funding.models import NoticeOrder
from app.funding.notice_portions import mail_notices, make_notices
from app.funding.services.reminders import (
    groups_to_remind,
    remind_groups,
    remind_signers,
    signers_to_remind,
)
from app.shared.extensions import db
from app.shared.jobs import Job
from app.shared.transactions import transaction

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


def remind_of_funding(now: datetime) -> int:
    """Queue the reminders that are due, to groups and to signers; answer how many mails are new."""
    queued = 0
    for portion in groups_to_remind(db.session(), now=now):
        with transaction() as session:
            queued += remind_groups(session, portion, now=now)
    signers = signers_to_remind(db.session(), now=now)
    if signers:
        with transaction() as session:
            queued += remind_signers(session, signers, now=now)
    return queued


JOBS = (
    Job(name="tell-decisions", period_seconds=60, run=tell_decisions, lease_seconds=1_200),
    Job(name="remind-of-funding", period_seconds=86_400, run=remind_of_funding, lease_seconds=3_600),
)
