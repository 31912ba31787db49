"""What became of notices of either kind, and which of them reached nobody."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.funding.models import DirectNotice, DirectNoticeAct, Notice, NoticeAct
from app.funding.rules.dispatch import MAILED, OPENED, POSTED, RETURNED, Dispatch, Posting
from app.groups.meetings.schedules import day_of
from app.shared.outbox import OutboxMail

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

AnyNotice = Notice | DirectNotice
AnyAct = NoticeAct | DirectNoticeAct


def act_model(notice: type[AnyNotice]) -> type[AnyAct]:
    """Answer the table of what became of such notices."""
    return NoticeAct if notice is Notice else DirectNoticeAct


def came_back(notice: type[AnyNotice]) -> sa.ColumnElement[bool]:
    """Whether a notice was mailed and nobody got it: no time runs from such a mail.

    Its mails are those to its payee that were queued in the moment in which it counts as mailed. While one of them is
    under way nothing is known yet. A mail that was forgotten with its row, after 400 days, did not come back.
    """
    act = act_model(notice)
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


def was_tried(notice: type[AnyNotice]) -> sa.ColumnElement[bool]:
    """Whether a notice was mailed or posted, whatever became of that."""
    return _has(notice, MAILED, POSTED)


def is_on_its_way(notice: type[AnyNotice]) -> sa.ColumnElement[bool]:
    """Whether a mail or letter with a notice did not come back, or it was retrieved although the mail did."""
    posted, returned = sa.orm.aliased(act_model(notice)), sa.orm.aliased(act_model(notice))
    is_returned = sa.exists().where(
        returned.notice_id == posted.notice_id, returned.turn == posted.turn, returned.act == RETURNED
    )
    is_posted = sa.exists().where(posted.notice_id == notice.id, posted.act == POSTED, ~is_returned)
    is_mailed = _has(notice, MAILED) & sa.or_(~came_back(notice), _has(notice, OPENED))
    return sa.or_(is_posted, is_mailed)


def dispatches(
    session: Session, notice: type[AnyNotice], which: sa.ColumnElement[bool]
) -> Mapping[int, Dispatch]:
    """Answer what became of notices, by their ids."""
    act = act_model(notice)
    found: dict[int, dict[tuple[str, int], AnyAct]] = defaultdict(dict)
    rows = sa.select(act).join(notice, notice.id == act.notice_id).where(which)
    each: Sequence[AnyAct] = session.scalars(rows.order_by(act.turn)).all()  # type: ignore[assignment]
    for row in each:
        found[row.notice_id][row.act, row.turn] = row
    back = session.scalars(sa.select(notice.id).where(which, came_back(notice)))
    lost = set(back) if found else set()
    made = {number: _dispatch(acts, is_back=number in lost) for number, acts in found.items()}
    return defaultdict(Dispatch, made)


def _dispatch(acts: Mapping[tuple[str, int], AnyAct], *, is_back: bool) -> Dispatch:
    days = {key: row.day or day_of(row.at) for key, row in acts.items()}
    postings = tuple(
        Posting(days[key], days.get((RETURNED, key[1])), tuple(row.address or ()))
        for key, row in acts.items()
        if key[0] == POSTED
    )
    return Dispatch(days.get((MAILED, 0)), days.get((OPENED, 0)), postings, is_back)


def _has(notice: type[AnyNotice], *acts: str) -> sa.ColumnElement[bool]:
    act = sa.orm.aliased(act_model(notice))
    return sa.exists().where(act.notice_id == notice.id, act.act.in_(acts))
