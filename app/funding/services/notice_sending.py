"""Notices of a run are sent: mailed to whoever consents to retrieve them here; all others wait to be posted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask_babel import gettext as _

from app.funding.mails.notices import notice_mail
from app.funding.models import Notice
from app.funding.queries.notice_ways import goes_by_mail
from app.funding.queries.notices import order_of
from app.funding.queries.undelivered import was_tried
from app.funding.rules.dispatch import MAILED
from app.funding.services.notice_acts import did
from app.groups.models import Group
from app.groups.readers import readers_of, write_to
from app.shared.errors import RuleBroken
from app.shared.history import note
from app.shared.outbox import About

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

PORTION = 100


def order_mails(session: Session, run_id: int, *, now: datetime) -> None:
    """Afterwards the notices of a run are being mailed to the groups that can be.

    Raises:
        RuleBroken: none was made yet.
    """
    order = order_of(session, run_id)
    if order is None:
        raise RuleBroken(_("Please make the notices first."), code="not_made")
    order.is_mailing = True
    note(session, "run.notices_mailed", now=now, record_id=run_id)


def to_mail(session: Session, run_id: int) -> list[int]:
    """Answer the notices of a run that are not sent and go by mail."""
    waiting = sa.select(Notice.id).where(Notice.run_id == run_id, ~was_tried(Notice), goes_by_mail(Notice))
    return list(session.scalars(waiting.order_by(Notice.id)))


def mail_portion(session: Session, notice_ids: Sequence[int], *, now: datetime) -> int:
    """Afterwards these notices are mailed that were not sent yet; answer how many."""
    rows = session.execute(
        sa.select(Notice, Group.name)
        .join(Group, Group.id == Notice.group_id)
        .where(Notice.id.in_(notice_ids), goes_by_mail(Notice))
    ).all()
    readers = readers_of(session, [notice.group_id for notice, _name in rows])
    mailed = 0
    for notice, name in rows:
        who = [reader for reader in readers[notice.group_id] if reader.has_account]
        if not who or not did(session, notice, MAILED, now=now):
            continue
        write_to(
            session,
            who,
            lambda _reader, notice=notice, name=name: notice_mail(notice, name),  # type: ignore[misc]
            purpose="notice",
            now=now,
            about=About(group_id=notice.group_id),
            once=f"notice:{notice.id}",
        )
        mailed += 1
    return mailed


def end_mailing(session: Session, run_id: int) -> None:
    """Afterwards the order is done, if nothing is left to mail."""
    order = order_of(session, run_id)
    if order is not None and not to_mail(session, run_id):
        order.is_mailing = False
