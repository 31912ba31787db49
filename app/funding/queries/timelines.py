"""What the time line of a group's funding is made from: days of its request, decision, notice and payment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.funding.models import (
    AllocationAct,
    AllocationLine,
    ApplicationCheck,
    FundingRegion,
    GrantRequest,
    GrantRound,
    LedgerAccount,
    LedgerEntry,
    LedgerLine,
    Payment,
    PaymentBatch,
    Sitting,
)
from app.funding.queries.applications import OpenRound, read_round_of
from app.funding.queries.notices import deadlines_of, lines_of_group
from app.funding.queries.proofs import line_of_group
from app.funding.queries.reclaims import claim_of_group, due_next
from app.funding.rules.application import SUBMITTED
from app.funding.rules.checks import KINDS
from app.funding.rules.grant_round import WITHDRAWN
from app.funding.rules.ledger_accounts import GROUP, PAID
from app.funding.rules.payments import EXECUTED, RETURNED, SENT
from app.funding.rules.postings import PAY
from app.funding.rules.proof import QUESTIONS
from app.funding.rules.reclaim import NEW, WRITTEN
from app.funding.rules.region_rules import day_in
from app.funding.rules.sittings import CLOSED
from app.funding.rules.timeline import Facts, Timeline, timeline
from app.groups.meetings.schedules import day_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class YearOfGroup:
    """A year of a group's funding and where it stands."""

    found: OpenRound
    timeline: Timeline

    @property
    def year(self) -> int:
        """The funding year."""
        return self.found.round.year


def timeline_of(session: Session, found: OpenRound, *, now: datetime) -> Timeline:
    """Answer where the funding of a group in a round stands."""
    return timeline(_facts(session, found, day_of(now)))


def years_of(
    session: Session, group_id: int, newest: OpenRound | None, *, now: datetime
) -> list[YearOfGroup]:
    """Answer the round that a group can apply in, and those in which it asked for money before, the newest first."""
    rounds = session.scalars(
        sa.select(GrantRound)
        .join(GrantRequest, GrantRequest.round_id == GrantRound.id)
        .where(
            GrantRequest.group_id == group_id,
            GrantRequest.standing != WITHDRAWN,
        )
        .order_by(GrantRound.year.desc())
    ).all()
    before = [each for each in rounds if newest is None or each.id != newest.round.id]
    found = [*([newest] if newest else []), *(read_round_of(session, group_id, each) for each in before)]
    return [YearOfGroup(each, timeline_of(session, each, now=now)) for each in found]


def _facts(session: Session, found: OpenRound, today: date) -> Facts:
    group_id, round_, application = found.group.id, found.round, found.application
    is_submitted = application is not None and (application.state == SUBMITTED or found.change is not None)
    came_on = session.scalar(
        sa.select(GrantRequest.received_on).where(
            GrantRequest.round_id == round_.id,
            GrantRequest.group_id == group_id,
            GrantRequest.standing != WITHDRAWN,
        )
    )
    if came_on is None and is_submitted and application is not None:
        came_on = application.received_on
    next_opens_on, is_next_set = _next_round(session, found.region, round_)
    asked = [each.asked_at for each in found.signatures]
    return Facts(
        today=today,
        last_day=found.last_day,
        begun_on=day_of(application.created_at) if application else None,
        pages_left=len(found.open_pages()) if application else 0,
        asked_on=day_of(min(asked)) if asked else None,
        signed=found.signed,
        submitted_on=came_on,
        next_opens_on=next_opens_on,
        is_next_set=is_next_set,
        usual_decision_on=_usual_decision(session, found),
        usual_payment_on=_usual_payment(session, found),
        **_decision(session, group_id, round_.id),
        **_notice(session, group_id, round_.id),
        **_check(session, found),
        **_payment(session, found),
        **_proof(session, found, today),
        sitting_on=_sitting_day(session, found.round.id),
    )


def _decision(session: Session, group_id: int, round_id: int) -> dict[str, Any]:
    """Answer when the last posted run decided about a group, and what it has by it."""
    row = session.execute(
        sa.select(AllocationAct.done_at, AllocationLine.award_cents)
        .join(AllocationLine, AllocationLine.run_id == AllocationAct.run_id)
        .where(
            AllocationAct.round_id == round_id,
            AllocationAct.act == "posted",
            AllocationLine.group_id == group_id,
        )
        .order_by(AllocationAct.number.desc())
        .limit(1)
    ).first()
    return {"decided_on": day_of(row.done_at), "award_cents": row.award_cents} if row else {}


def _notice(session: Session, group_id: int, round_id: int) -> dict[str, Any]:
    """Answer when the newest notice of a round was sent and opened, and until when one can object."""
    line = next(
        (each for each in lines_of_group(session, group_id) if each.notice.round_id == round_id), None
    )
    days = deadlines_of(session, line) if line else None
    if line is None or days is None:
        return {}
    return {
        "told_on": days.sent_on,
        "opened_on": line.dispatch.opened_on,
        "objection_until": days.objection_until,
    }


def _payment(session: Session, found: OpenRound) -> dict[str, Any]:
    """Answer how far the money is: with the bank, there, or come back."""
    row = session.execute(
        sa.select(Payment.state, Payment.settled_on, PaymentBatch.execution_on)
        .join(PaymentBatch, PaymentBatch.id == Payment.batch_id)
        .join(GrantRequest, GrantRequest.id == Payment.request_id)
        .where(
            GrantRequest.round_id == found.round.id,
            Payment.group_id == found.group.id,
            Payment.state.in_((SENT, EXECUTED, RETURNED)),
        )
        .order_by(Payment.id.desc())
        .limit(1)
    ).first()
    if row is None:
        paid = session.scalar(_paid_at(found.region, found.round.year, found.group.id))
        return {"paid_on": day_of(paid) if paid else None}
    if row.state == RETURNED:
        return {"came_back": True}
    done = row.state == EXECUTED
    return {
        "sent_on": row.execution_on,
        "paid_on": (row.settled_on or row.execution_on) if done else None,
    }


def _paid_at(region: FundingRegion, year: int, group_id: int | None = None) -> sa.Select[tuple[datetime]]:
    """Answer when a year's pot of a region was first paid from, to a group or to any."""
    to = LedgerAccount.payee_id == group_id if group_id is not None else sa.true()
    return (
        sa.select(sa.func.min(LedgerEntry.posted_at))
        .join(LedgerLine, LedgerLine.entry_id == LedgerEntry.id)
        .join(LedgerAccount, LedgerAccount.id == LedgerLine.account_id)
        .where(
            LedgerAccount.kind == PAID,
            LedgerAccount.year == year,
            LedgerAccount.region == region.slug,
            LedgerAccount.payee_kind == GROUP,
            LedgerEntry.kind == PAY,
            to,
        )
    )


def _usual_decision(session: Session, found: OpenRound) -> date | None:
    """Answer the day on which the round of the year before was decided, in this one."""
    before = session.scalar(
        sa.select(sa.func.min(AllocationAct.done_at))
        .join(GrantRound, GrantRound.id == AllocationAct.round_id)
        .where(
            GrantRound.region_id == found.region.id,
            GrantRound.year == found.round.year - 1,
            AllocationAct.act == "posted",
        )
    )
    return _a_year_later(day_of(before)) if before else None


def _usual_payment(session: Session, found: OpenRound) -> date | None:
    before = session.scalar(_paid_at(found.region, found.round.year - 1))
    return _a_year_later(day_of(before)) if before else None


def _next_round(session: Session, region: FundingRegion, round_: GrantRound) -> tuple[date, bool]:
    """Answer when one can apply again, and whether that is set: else it is as this year."""
    opens_on = session.scalar(
        sa.select(GrantRound.opens_on).where(
            GrantRound.region_id == region.id, GrantRound.year == round_.year + 1
        )
    )
    return (opens_on, True) if opens_on else (_a_year_later(round_.opens_on), False)


def _check(session: Session, found: OpenRound) -> dict[str, Any]:
    """Answer how far the check of an application is: what the group is asked to change, when both kinds were right."""
    if found.application is None or found.application.number is None:
        return {}
    rows = session.execute(
        sa.select(ApplicationCheck.kind, ApplicationCheck.is_ok, ApplicationCheck.checked_at)
        .where(ApplicationCheck.application_id == found.application.id)
        .order_by(ApplicationCheck.id)
    )
    last = {kind: (is_ok, at) for kind, is_ok, at in rows}
    is_done = len(last) == len(KINDS) and all(is_ok for is_ok, _at in last.values())
    return {
        "is_checked_here": True,
        "checked_on": day_of(max(at for _ok, at in last.values())) if is_done else None,
        "change_due_on": found.change.due_on if found.change else None,
        "is_changed": found.change is not None and found.application.state != SUBMITTED,
    }


def _sitting_day(session: Session, round_id: int) -> date | None:
    """Answer the day of the sitting of a round that is still to come or not closed."""
    return session.scalar(
        sa.select(Sitting.held_on).where(Sitting.round_id == round_id, Sitting.state != CLOSED)
    )


def _proof(session: Session, found: OpenRound, today: date) -> dict[str, Any]:
    """Answer how far the proof of use is, and what has to be given back."""
    line = line_of_group(session, found.region, found.round, found.group.id)
    stand, proof = line.stand, line.proof
    claim = claim_of_group(session, found.round.id, found.group.id, on=today)
    is_open = claim is not None and claim.state in (NEW, WRITTEN)
    back_cents, back_due_on = due_next(session, claim, on=today) if claim and is_open else (0, None)
    return {
        "proof_due_on": stand.last_day,
        "filed_on": day_of(proof.submitted_at) if proof and proof.submitted_at else None,
        "answer_due_on": stand.answer_until if stand.state == QUESTIONS else None,
        "proven_on": day_of(proof.decided_at) if proof and proof.decided_at else None,
        "back_cents": back_cents,
        "back_due_on": back_due_on,
    }


def _a_year_later(day: date) -> date:
    return day_in(day.year + 1, f"{day.month:02}-{day.day:02}")
