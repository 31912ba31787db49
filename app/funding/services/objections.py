"""Objections to notices: entered with the day they came, decided by a second person, paid from the reserve."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask_babel import gettext as _

from app.funding.models import FundingRegion, GrantRequest, Notice, NoticeObjection
from app.funding.queries.notices import deadlines_of, line_of
from app.funding.queries.objections import REJECTED, UPHELD, most_by_objection, objection_to
from app.funding.queries.rounds import pot_of
from app.funding.rules.grant_round import WITHDRAWN
from app.funding.rules.ledger_accounts import RESERVE, a_group
from app.funding.rules.payments import objection_key
from app.funding.rules.postings import Because, commit, grant
from app.funding.services.ledger import post
from app.funding.services.notice_acts import note_of_notice
from app.funding.services.notices import make_after_objection
from app.funding.services.rounds import hold_round
from app.groups.meetings.schedules import day_of
from app.shared.errors import BadInput, RuleBroken
from app.shared.money import euro_words
from app.shared.pdf import NotPrintable

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def enter_objection(session: Session, notice_id: int, received_on: date, *, by: int, now: datetime) -> None:
    """Afterwards it is known that an objection came on this day, and until when it could.

    Raises:
        BadInput: the day is still to come, or before the notice was sent.
        RuleBroken: the notice was not sent, or there is an objection already.
    """
    notice = _hold(session, notice_id)
    line = line_of(session, notice_id)
    days = deadlines_of(session, line) if line else None
    if days is None:
        raise RuleBroken(_("This notice was not sent yet, so nobody can object to it."), code="not_sent")
    if objection_to(session, notice_id) is not None:
        raise RuleBroken(_("There is an objection to this notice already."), code="entered_before")
    if not days.sent_on <= received_on <= day_of(now):
        raise BadInput(
            _("Please give the day on which it came: after the notice was sent, and not still to come."),
            field="received_on",
        )
    session.add(
        NoticeObjection(
            notice_id=notice_id,
            received_on=received_on,
            last_day=days.objection_until,
            entered_by=by,
            entered_at=now,
        )
    )
    note_of_notice(session, "objection_entered", notice, now=now)


def reject_objection(session: Session, notice_id: int, *, by: int, now: datetime) -> None:
    """Afterwards the objection has not helped.

    Raises:
        RuleBroken: there is none, or it is decided.
    """
    notice = _hold(session, notice_id)
    objection = _open(session, notice_id)
    objection.outcome, objection.decided_by, objection.decided_at = REJECTED, by, now
    note_of_notice(session, "objection_rejected", notice, now=now)


def uphold_objection(
    session: Session, notice_id: int, cents: int, *, reason: str, by: int, now: datetime
) -> int:
    """Afterwards the group is promised so much more, out of the reserve of its pot; answer its notice of change.

    ``reason`` stands in that notice.

    Raises:
        BadInput: no sum, more than the group asked for and was not given, or no reason that can be printed.
        RuleBroken: there is none, it is decided, whoever entered it decides, the request is withdrawn, or the reserve
            has not so much.
    """
    notice = _hold(session, notice_id)
    objection = _open(session, notice_id)
    if objection.entered_by == by:
        raise RuleBroken(
            _("You entered this objection yourself. Please let a second person grant the money."),
            code="second_person",
        )
    most = most_by_objection(session, notice)
    if not 1 <= cents <= most:
        raise BadInput(
            _(
                "Please give a sum of at most %(most)s: what was asked for and not granted.",
                most=euro_words(most),
            ),
            field="cents",
        )
    if not reason.strip():
        raise BadInput(_("Please say why: it stands in the notice."), field="reason")
    request = sa.select(GrantRequest.standing).where(
        GrantRequest.round_id == notice.round_id, GrantRequest.group_id == notice.group_id
    )
    if session.scalars(request).one() == WITHDRAWN:
        raise RuleBroken(_("This request has been withdrawn. Nothing has changed."), code="is_withdrawn")
    objection.outcome, objection.cents = UPHELD, cents
    objection.decided_by, objection.decided_at = by, now
    found = hold_round(session, notice.round_id)
    pot = pot_of(session.get_one(FundingRegion, found.region_id), found.year)
    facts = {"notice": notice.id}
    from_reserve = Because(f"objection/{notice.id}/grant", "objection.grant", facts)
    post(session, [grant(replace(pot, kind=RESERVE), pot, cents, from_reserve)], now=now)
    award = Because(objection_key(notice.id), "objection.award", facts)
    post(session, [commit(pot, a_group(notice.group_id), cents, award)], now=now)
    note_of_notice(session, "objection_upheld", notice, now=now)
    try:
        told = make_after_objection(session, notice, objection, " ".join(reason.split()), now=now)
    except NotPrintable as error:
        raise BadInput(error.message, field="reason") from error
    return told.id


def _hold(session: Session, notice_id: int) -> Notice:
    """Answer the notice; nobody else decides about its round until the transaction ends."""
    notice = session.get_one(Notice, notice_id)
    hold_round(session, notice.round_id)
    return notice


def _open(session: Session, notice_id: int) -> NoticeObjection:
    objection = objection_to(session, notice_id)
    if objection is None or objection.outcome is not None:
        raise RuleBroken(_("There is no objection here that waits for a decision."), code="none_open")
    return objection
