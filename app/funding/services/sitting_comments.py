"""Representatives advise: a comment on a request or on all, and, once it is decided, agreement or not on record."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from app.funding.models import Sitting, SittingComment, SittingItem
from app.funding.queries.sittings import comments_of, live_decisions
from app.funding.rules.sittings import CLOSED
from app.shared.errors import NotFound, RuleBroken
from app.shared.history import note

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

MOST_TEXT = 2_000


def comment(
    session: Session,
    sitting_id: int,
    request_id: int | None,
    *,
    text: str,
    stance: str | None,
    by: int,
    now: datetime,
) -> None:
    """Afterwards it is on record what a representative says about a request, or, without one, about the whole sitting.

    Sent twice, it is there once.

    Raises:
        RuleBroken: a comment on a sitting that is closed, or a stance on what is not decided.
        NotFound: the request is not on the agenda.
    """
    # Whoever closes the sitting waits for this comment, so that the minutes hold it; or this one comes after them.
    sitting = session.get_one(Sitting, sitting_id, with_for_update={"read": True}, populate_existing=True)
    if request_id is not None and session.get(SittingItem, (sitting_id, request_id)) is None:
        raise NotFound(_("This request is not on the agenda."))
    _refuse(session, sitting, request_id, stance)
    said = (request_id, stance, text, by)
    mine = [each for each in comments_of(session, sitting_id) if each.written_by == by]
    if mine and said == (mine[-1].request_id, mine[-1].stance, mine[-1].text, by):
        return
    session.add(
        SittingComment(
            sitting_id=sitting_id,
            request_id=request_id,
            stance=stance,
            text=text,
            written_by=by,
            written_at=now,
        )
    )
    session.flush()
    note(session, "sitting.stance_given" if stance else "sitting.commented", now=now, record_id=sitting_id)


def _refuse(session: Session, sitting: Sitting, request_id: int | None, stance: str | None) -> None:
    is_closed = sitting.state == CLOSED
    if stance is None and is_closed:
        raise RuleBroken(
            _(
                "The sitting is closed, so nothing can be advised any more. You can put on record whether you agree."
            ),
            code="is_closed",
        )
    is_decided = (
        is_closed if request_id is None else request_id in live_decisions(session, sitting.id, request_id)
    )
    if stance is not None and not is_decided:
        raise RuleBroken(
            _("Nothing is decided yet. Please leave a comment; afterwards you can say whether you agree."),
            code="not_decided",
            field="stance",
        )
