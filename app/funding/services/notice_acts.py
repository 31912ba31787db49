"""What is done with a notice of either kind is written down, each act once in each turn, whoever comes first."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.funding.models import DirectNotice, Notice
from app.funding.queries.undelivered import act_model
from app.funding.rules.dispatch import MAILED, OPENED, POSTED, RETURNED
from app.groups.models import Group
from app.shared.database import insert_into
from app.shared.history import note

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session


def did(
    session: Session,
    notice: Notice | DirectNotice,
    act: str,
    *,
    now: datetime,
    by: int | None = None,
    turn: int = 0,
    day: date | None = None,
    address: Sequence[str] = (),
) -> bool:
    """Afterwards it is known that this was done; answer whether nobody had done it before."""
    new = insert_into(session, act_model(type(notice))).values(
        notice_id=notice.id,
        act=act,
        turn=turn,
        at=now,
        day=day,
        done_by=by,
        address=list(address) or sa.null(),
    )
    is_new = session.execute(new.on_conflict_do_nothing().returning(sa.literal(1))).first() is not None
    if is_new:
        note_of_notice(session, act, notice, now=now)
    return is_new


def note_of_notice(
    session: Session,
    act: str,
    notice: Notice | DirectNotice,
    *,
    now: datetime,
    house_id: int | None = None,
    **facts: str,
) -> None:
    """Afterwards it is written down that something was done with a notice; ``house_id`` saves looking for it."""
    if isinstance(notice, DirectNotice):
        house_id = notice.clearinghouse_id
    if notice.group_id is not None and house_id is None:
        house_id = session.scalars(sa.select(Group.clearinghouse_id).where(Group.id == notice.group_id)).one()
    action = {
        Notice: {
            "made": "notice.made",
            MAILED: "notice.mailed",
            POSTED: "notice.posted",
            RETURNED: "notice.returned",
            OPENED: "notice.opened",
            "objection_entered": "notice.objection_entered",
            "objection_upheld": "notice.objection_upheld",
            "objection_rejected": "notice.objection_rejected",
        },
        DirectNotice: {
            "made": "direct_notice.made",
            MAILED: "direct_notice.mailed",
            POSTED: "direct_notice.posted",
            RETURNED: "direct_notice.returned",
            OPENED: "direct_notice.opened",
        },
    }[type(notice)][act]
    note(
        session,
        action,
        now=now,
        record_id=notice.id,
        group_id=notice.group_id,
        clearinghouse_id=house_id,
        **facts,
    )
