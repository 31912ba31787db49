"""A sitting is planned, gets its agenda, its papers go out, it is opened; who is there is noted."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa
from flask_babel import gettext as _

from app.funding.mails.sittings import send_papers_mails
from app.funding.models import GrantRequest, Sitting, SittingItem, SittingPresence
from app.funding.queries.sittings import candidates, comments_of, live_decisions, present_at, sittings_of
from app.funding.rules.sittings import CLOSED, DECIDES, OPEN, PAPERS_SENT, PLANNED, has_quorum
from app.funding.services.rounds import hold_round
from app.groups.presentation import date_words
from app.shared.errors import RuleBroken
from app.shared.history import note

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_DOUBLE_CLICK = timedelta(seconds=30)
"""Sent twice within this, papers go out once."""


@dataclass(frozen=True, slots=True)
class SittingDraft:
    """When and where a sitting is, and how many must be there who decide."""

    held_on: date
    begins: str
    place: str
    link: str
    quorum: int


def plan_sitting(session: Session, round_id: int, draft: SittingDraft, *, now: datetime) -> Sitting:
    """Afterwards there is a sitting, with everything on its agenda that waits for a decision.

    Raises:
        RuleBroken: another one of the round is not closed yet.
    """
    hold_round(session, round_id)
    before = next((each for each in sittings_of(session, round_id) if each.state != CLOSED), None)
    if before is not None:
        raise RuleBroken(
            _(
                "The sitting of %(day)s is not closed yet. Please close it before you plan another.",
                day=date_words(before.held_on),
            ),
            code="another_sitting",
            field="held_on",
        )
    sitting = Sitting(round_id=round_id, state=PLANNED, made_at=now, **asdict(draft))
    session.add(sitting)
    session.flush()
    note(session, "sitting.planned", now=now, record_id=sitting.id, requests=_put_all_on(session, sitting))
    return sitting


def change_sitting(session: Session, sitting_id: int, draft: SittingDraft, *, now: datetime) -> None:
    """Afterwards the sitting is then and there.

    Raises:
        RuleBroken: it is open or closed.
    """
    sitting = hold_sitting(session, sitting_id, PLANNED, PAPERS_SENT)
    for name, value in asdict(draft).items():
        setattr(sitting, name, value)
    note(session, "sitting.changed", now=now, record_id=sitting_id)


def fill_agenda(session: Session, sitting_id: int, *, now: datetime) -> int:
    """Afterwards everything that waits for a decision is on the agenda; answer how many requests were added.

    Raises:
        RuleBroken: it is closed.
    """
    sitting = hold_sitting(session, sitting_id, PLANNED, PAPERS_SENT, OPEN)
    added = _put_all_on(session, sitting)
    if added:
        note(session, "sitting.agenda_filled", now=now, record_id=sitting_id, requests=added)
    return added


def take_off_agenda(session: Session, sitting_id: int, request_id: int, *, now: datetime) -> None:
    """Afterwards the request is not on the agenda; it waits for another sitting.

    Raises:
        RuleBroken: it was decided or commented about, or the sitting is closed.
    """
    sitting = hold_sitting(session, sitting_id, PLANNED, PAPERS_SENT, OPEN)
    item = session.get(SittingItem, (sitting.id, request_id))
    if item is None:
        return
    if request_id in live_decisions(session, sitting_id, request_id):
        raise RuleBroken(
            _("It was decided about already. What was decided stays; decide anew instead."),
            code="is_decided",
        )
    if any(each.request_id == request_id for each in comments_of(session, sitting_id)):
        raise RuleBroken(
            _("Representatives have commented on it, so it stays on the agenda. You can put it off."),
            code="is_commented",
        )
    session.delete(item)
    note(session, "sitting.agenda_shortened", now=now, record_id=sitting_id)


def send_papers(session: Session, sitting_id: int, *, now: datetime) -> int:
    """Afterwards all who decide, advise or keep the minutes have a mail with the way to the papers; answer how many.

    The papers are the requests as they are now. Sent again, everybody gets another mail.

    Raises:
        RuleBroken: the agenda is empty, or the sitting is open or closed.
    """
    sitting = hold_sitting(session, sitting_id, PLANNED, PAPERS_SENT)
    if sitting.papers_sent_at is not None and now - sitting.papers_sent_at < _DOUBLE_CLICK:
        return 0
    now_there = sa.select(GrantRequest.version).where(GrantRequest.id == SittingItem.request_id)
    seen = (
        sa.update(SittingItem)
        .where(SittingItem.sitting_id == sitting_id)
        .values(request_version=now_there.scalar_subquery())
    )
    items = cast("sa.CursorResult[Any]", session.execute(seen)).rowcount
    if not items:
        raise RuleBroken(_("There is nothing on the agenda yet."), code="empty")
    sitting.state, sitting.papers_sent_at = PAPERS_SENT, now
    mailed = send_papers_mails(session, sitting, items, now=now)
    note(session, "sitting.papers_sent", now=now, record_id=sitting_id, requests=items, mails=mailed)
    return mailed


def open_sitting(session: Session, sitting_id: int, *, now: datetime) -> None:
    """Afterwards decisions can be entered.

    Raises:
        RuleBroken: nobody has the papers yet, or it is closed.
    """
    sitting = hold_sitting(session, sitting_id, PLANNED, PAPERS_SENT, OPEN)
    if sitting.state == OPEN:
        return
    if sitting.state == PLANNED:
        raise RuleBroken(
            _("Please send the papers first: the representatives of self-help have to be heard."),
            code="no_papers",
        )
    sitting.state, sitting.opened_at = OPEN, now
    note(session, "sitting.opened", now=now, record_id=sitting_id)


def note_presence(
    session: Session, sitting_id: int, *, name: str, body: str, present_as: str, now: datetime
) -> None:
    """Afterwards it is noted that somebody is there.

    Raises:
        RuleBroken: the sitting is closed.
    """
    sitting = hold_sitting(session, sitting_id, PLANNED, PAPERS_SENT, OPEN)
    if any((each.name, each.body) == (name, body) for each in present_at(session, sitting_id)):
        return
    session.add(
        SittingPresence(sitting_id=sitting.id, name=name, body=body, present_as=present_as, noted_at=now)
    )
    session.flush()
    note(session, "sitting.presence_noted", now=now, record_id=sitting_id)


def take_presence_back(session: Session, sitting_id: int, presence_id: int, *, now: datetime) -> None:
    """Afterwards nobody says any more that somebody was there who was not.

    Raises:
        RuleBroken: the sitting is closed.
    """
    hold_sitting(session, sitting_id, PLANNED, PAPERS_SENT, OPEN)
    gone = sa.delete(SittingPresence).where(
        SittingPresence.id == presence_id, SittingPresence.sitting_id == sitting_id
    )
    if cast("sa.CursorResult[Any]", session.execute(gone)).rowcount:
        note(session, "sitting.presence_taken_back", now=now, record_id=sitting_id)


def hold_sitting(session: Session, sitting_id: int, *states: str) -> Sitting:
    """Answer the sitting; until the transaction ends nobody decides, changes a request, or acts on a run of its round.

    Raises:
        RuleBroken: it is in none of these states.
    """
    hold_round(session, session.get_one(Sitting, sitting_id).round_id)
    sitting = session.get_one(Sitting, sitting_id, with_for_update=True, populate_existing=True)
    if sitting.state in states:
        return sitting
    match sitting.state:
        case "closed":
            raise RuleBroken(_("The sitting is closed. What was decided stays."), code="is_closed")
        case "open":
            raise RuleBroken(_("The sitting is open already."), code="is_open")
        case _:
            raise RuleBroken(_("The sitting is not open yet."), code="not_open")


def refuse_without_quorum(session: Session, sitting: Sitting) -> None:
    """Do nothing when enough of those are there who decide.

    Raises:
        RuleBroken: they are too few.
    """
    present = [each.present_as for each in present_at(session, sitting.id)]
    if not has_quorum(present, sitting.quorum):
        raise RuleBroken(
            _(
                "%(there)s of at least %(quorum)s who decide are noted as present. Please note first who is there.",
                there=present.count(DECIDES),
                quorum=sitting.quorum,
            ),
            code="no_quorum",
        )


def _put_all_on(session: Session, sitting: Sitting) -> int:
    known = set(
        session.scalars(sa.select(SittingItem.request_id).where(SittingItem.sitting_id == sitting.id))
    )
    new = [
        {"sitting_id": sitting.id, "request_id": each.id, "request_version": each.version}
        for each in candidates(session, sitting.round_id)
        if each.id not in known
    ]
    if new:
        session.execute(sa.insert(SittingItem), new)
    return len(new)
