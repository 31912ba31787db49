"""Notices are sent: a mail with the way to the page for whoever signs in, paper for the others; reading is noted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.models import RoleGrant, User
from app.funding.mails.notices import notice_mail
from app.funding.models import Notice, NoticeAct
from app.funding.queries.notices import order_of
from app.funding.queries.undelivered import MAILED, OPENED, POSTED, came_back
from app.funding.services.notices import note_of_notice
from app.groups.models import Group
from app.groups.readers import readers_of, write_to
from app.shared.database import insert_into
from app.shared.errors import RuleBroken
from app.shared.history import note
from app.shared.outbox import About

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

PORTION = 100
_IS_SENT = sa.exists().where(NoticeAct.notice_id == Notice.id, NoticeAct.act.in_((MAILED, POSTED)))

_IS_KNOWN = sa.exists().where(NoticeAct.notice_id == Notice.id, NoticeAct.act.in_((POSTED, OPENED)))


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
    """Answer the notices of a run that are not sent and whose group has somebody who can sign in."""
    return _unsent(session, run_id, has_reader=True)


def to_print(session: Session, run_id: int) -> list[int]:
    """Answer the notices of a run that are not sent and whose group nobody can sign in for, or whose mail came back."""
    return _unsent(session, run_id, has_reader=False)


def mail_portion(session: Session, notice_ids: Sequence[int], *, now: datetime) -> int:
    """Afterwards these notices are mailed that were not sent yet; answer how many."""
    rows = session.execute(
        sa.select(Notice, Group.name)
        .join(Group, Group.id == Notice.group_id)
        .where(Notice.id.in_(notice_ids))
    ).all()
    readers = readers_of(session, [notice.group_id for notice, _name in rows])
    mailed = 0
    for notice, name in rows:
        who = [reader for reader in readers[notice.group_id] if reader.has_account]
        if not who or not _did(session, notice, MAILED, now=now):
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


def mark_posted(session: Session, run_id: int, notice_ids: Iterable[int], *, now: datetime) -> int:
    """Afterwards those of these notices count as posted on paper today that were not sent yet; answer how many."""
    wanted = set(to_print(session, run_id)) & set(notice_ids)
    found = session.scalars(sa.select(Notice).where(Notice.id.in_(wanted)).order_by(Notice.id)).all()
    return sum(_did(session, notice, POSTED, now=now) for notice in found)


def mark_opened(session: Session, notice: Notice, *, now: datetime) -> bool:
    """Afterwards it is known when a contact of the group read the notice first; answer whether this was it."""
    return _did(session, notice, OPENED, now=now)


def _did(session: Session, notice: Notice, act: str, *, now: datetime) -> bool:
    new = insert_into(session, NoticeAct).values(notice_id=notice.id, act=act, at=now)
    is_new = session.execute(new.on_conflict_do_nothing().returning(NoticeAct.act)).first() is not None
    if is_new:
        action = {MAILED: "notice.mailed", POSTED: "notice.posted", OPENED: "notice.opened"}[act]
        house = session.scalars(sa.select(Group.clearinghouse_id).where(Group.id == notice.group_id)).one()
        note_of_notice(session, action, notice, house, now=now)
    return is_new


def _unsent(session: Session, run_id: int, *, has_reader: bool) -> list[int]:
    reads = sa.exists().where(
        RoleGrant.group_id == Notice.group_id, RoleGrant.user_id == User.id, User.is_active
    )
    on_paper = sa.or_(sa.and_(~_IS_SENT, ~reads), sa.and_(came_back(Notice), ~_IS_KNOWN))
    return list(
        session.scalars(
            sa.select(Notice.id)
            .where(Notice.run_id == run_id, sa.and_(~_IS_SENT, reads) if has_reader else on_paper)
            .order_by(Notice.id)
        )
    )
