"""Scheduled work of the funding package: ordered notices are made and mailed; groups and signers are reminded."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.funding.models import ChangeRequest, NoticeOrder
from app.funding.notice_portions import mail_notices, make_notices
from app.funding.rules.checks import REMIND_DAYS
from app.funding.services import reminders
from app.funding.services.changes import remind
from app.funding.services.proof_reminders import groups_to_remind, remind_group, rounds_to_remind
from app.groups.meetings.schedules import day_of
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


def remind_of_changes(now: datetime) -> int:
    """Remind groups of what they were asked to change, once, some days before its day; answer how many."""
    day = day_of(now)
    due = sa.select(ChangeRequest.id).where(
        ChangeRequest.ended_at.is_(None),
        ChangeRequest.reminded_at.is_(None),
        ChangeRequest.due_on >= day,
        ChangeRequest.due_on <= day + timedelta(days=REMIND_DAYS),
    )
    count = 0
    for change_id in db.session().scalars(due).all():
        with transaction() as session:
            count += remind(session, change_id, now=now)
    return count


def remind_of_proofs(now: datetime) -> int:
    """Remind every group whose proof of use is due soon, today, or missing; answer how many were reminded.

    Each in a transaction of its own: whoever stops this loses nothing, and nobody is reminded twice.
    """
    reminded = 0
    for found, region in rounds_to_remind(db.session(), now=now):
        for group_id in groups_to_remind(db.session(), found, region, now=now):
            with transaction() as session:
                reminded += remind_group(session, found, region, group_id, now=now)
    return reminded


def _ordered(which: sa.ColumnElement[bool]) -> Sequence[int]:
    return db.session().scalars(sa.select(NoticeOrder.run_id).where(which)).all()


def remind_of_funding(now: datetime) -> int:
    """Queue the reminders that are due, to groups and to signers; answer how many mails are new."""
    queued = 0
    for portion in reminders.groups_to_remind(db.session(), now=now):
        with transaction() as session:
            queued += reminders.remind_groups(session, portion, now=now)
    signers = reminders.signers_to_remind(db.session(), now=now)
    if signers:
        with transaction() as session:
            queued += reminders.remind_signers(session, signers, now=now)
    return queued


JOBS = (
    Job(name="tell-decisions", period_seconds=60, run=tell_decisions, lease_seconds=1_200),
    Job(name="remind-of-funding", period_seconds=86_400, run=remind_of_funding, lease_seconds=3_600),
    Job(name="remind-of-changes", period_seconds=3_600, run=remind_of_changes),
    Job(name="remind-of-proofs", period_seconds=6 * 3_600, run=remind_of_proofs, lease_seconds=3_600),
)
