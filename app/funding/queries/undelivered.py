"""Notices whose mail reached nobody: every one of it came back, or was given up."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from app.funding.models import DirectNotice, DirectNoticeAct, Notice, NoticeAct
from app.shared.outbox import OutboxMail

MAILED, POSTED, OPENED = "mailed", "posted", "opened"


def came_back(notice: type[Notice | DirectNotice]) -> sa.ColumnElement[bool]:
    """Whether a notice was mailed and nobody got it: no time runs from such a mail.

    Its mails are those to its payee that were queued in the moment in which it counts as mailed. While one of them is
    under way nothing is known yet. A mail that was forgotten with its row, after 400 days, did not come back.
    """
    act = NoticeAct if notice is Notice else DirectNoticeAct
    mails = [
        act.notice_id == notice.id,
        act.act == MAILED,
        OutboxMail.purpose == "notice",
        OutboxMail.created_at == act.at,
        OutboxMail.group_id == notice.group_id,
    ]
    if notice is DirectNotice:
        house = OutboxMail.clearinghouse_id == DirectNotice.clearinghouse_id
        mails[-1] = sa.or_(mails[-1], house)
    is_lost = sa.or_(
        OutboxMail.bounced_at.is_not(None),
        sa.and_(OutboxMail.sent_at.is_(None), OutboxMail.next_try_at.is_(None)),
    )
    return sa.and_(sa.exists().where(*mails, is_lost), ~sa.exists().where(*mails, ~is_lost))


def sent_at(acts: Mapping[str, datetime], *, is_back: bool) -> datetime | None:
    """Answer from when a notice counts as sent: by mail or on paper; what came back, once it is posted or opened."""
    counting = (POSTED, OPENED) if is_back else (MAILED, POSTED)
    return min((acts[act] for act in counting if act in acts), default=None)
