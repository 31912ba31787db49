"""Money that has to come back: what came since it was claimed, as the ledger says; what is open; what interest."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.funding.models import (
    FundingRegion,
    GrantRound,
    LedgerAccount,
    LedgerEntry,
    LedgerLine,
    Reclaim,
    ReclaimInstalment,
    ReclaimInterest,
    ReclaimLetter,
    ReclaimPlan,
    ReclaimWaiver,
)
from app.funding.queries.proofs import kept_by, kept_of_round, paid_account
from app.funding.reference_files import base_rates, served_rules
from app.funding.rules.dispatch import Sent
from app.funding.rules.interest import interest_cents, owed_over_time
from app.funding.rules.ledger_accounts import GROUP, Account
from app.funding.rules.notices import objection_until, served_on
from app.funding.rules.postings import PAY
from app.funding.rules.reclaim import Claim, Instalment, lapses_on, next_part, overdue_cents, state_of
from app.groups.meetings.schedules import day_of
from app.places.public_holidays import public_holidays

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_AHEAD = timedelta(days=50)


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """A claim with what has become of it on a day; ``last_day`` is the one on which it lapses, once it is written."""

    reclaim: Reclaim
    round: GrantRound
    region: FundingRegion
    claim: Claim
    back_cents: int
    last_day: date | None
    state: str


@dataclass(frozen=True, slots=True)
class Came:
    """Money that came back since it was claimed."""

    on_day: date
    cents: int


@dataclass(frozen=True, slots=True)
class PlanNow:
    """The plan that holds, and what should have come of it by now."""

    instalments: tuple[Instalment, ...]
    came_cents: int
    overdue_cents: int


def find_claim(session: Session, reclaim_id: int, *, on: date) -> ClaimLine | None:
    """Answer a claim; None when there is none of this number."""
    reclaim = session.get(Reclaim, reclaim_id, populate_existing=True)
    return None if reclaim is None else line_of(session, reclaim, on=on)


def claim_of_group(session: Session, round_id: int, group_id: int, *, on: date) -> ClaimLine | None:
    """Answer what a group has to give back of a round."""
    reclaim = session.scalar(
        sa.select(Reclaim)
        .where(Reclaim.round_id == round_id, Reclaim.group_id == group_id)
        .execution_options(populate_existing=True)
    )
    return None if reclaim is None else line_of(session, reclaim, on=on)


def line_of(session: Session, reclaim: Reclaim, *, on: date) -> ClaimLine:
    """Answer a claim with what has become of it."""
    found = session.get_one(GrantRound, reclaim.round_id)
    region = session.get_one(FundingRegion, found.region_id)
    back = kept_by(session, region, found.year, reclaim.group_id).back_cents
    waived = _waived(session, [reclaim.id]).get(reclaim.id, 0)
    return _line(reclaim, found, region, back, waived=waived, on=on)


def list_claims(session: Session, region_ids: Collection[int], *, on: date) -> list[ClaimLine]:
    """Answer the claims of some regions, the newest first."""
    rows = session.execute(
        sa.select(Reclaim, GrantRound, FundingRegion)
        .join(GrantRound, GrantRound.id == Reclaim.round_id)
        .join(FundingRegion, FundingRegion.id == GrantRound.region_id)
        .where(FundingRegion.id.in_(region_ids))
        .order_by(Reclaim.id.desc())
    ).all()
    waived = _waived(session, [reclaim.id for reclaim, _found, _region in rows])
    kept = {
        found.id: kept_of_round(session, region, found.year)
        for found, region in {found.id: (found, region) for _r, found, region in rows}.values()
    }
    lines = []
    for reclaim, found, region in rows:
        of_group = kept[found.id].get(reclaim.group_id)
        back = of_group.back_cents if of_group else 0
        lines.append(_line(reclaim, found, region, back, waived=waived.get(reclaim.id, 0), on=on))
    return lines


def open_claim_on(session: Session, account: Account, *, on: date) -> ClaimLine | None:
    """Answer the claim of which money is still open that what comes back to this account counts against."""
    if account.payee is None or account.payee.kind != GROUP or account.insurer is not None:
        return None
    reclaim = session.scalar(
        sa.select(Reclaim)
        .join(GrantRound, GrantRound.id == Reclaim.round_id)
        .join(FundingRegion, FundingRegion.id == GrantRound.region_id)
        .where(
            Reclaim.group_id == account.payee.id,
            GrantRound.year == account.year,
            FundingRegion.slug == account.region,
        )
    )
    line = None if reclaim is None else line_of(session, reclaim, on=on)
    return line if line is not None and line.claim.open_cents else None


def came_since(session: Session, line: ClaimLine) -> list[Came]:
    """Answer what came back since it was claimed, each with its day, the first first."""
    account = paid_account(line.region, line.round.year, line.reclaim.group_id)
    rows = session.execute(
        sa.select(LedgerEntry.facts, LedgerEntry.posted_at, LedgerLine.cents)
        .join(LedgerLine, LedgerLine.entry_id == LedgerEntry.id)
        .join(LedgerAccount, LedgerAccount.id == LedgerLine.account_id)
        .where(LedgerAccount.name == account.name, LedgerEntry.kind != PAY)
        .order_by(LedgerEntry.id)
    )
    before, came = line.reclaim.back_before_cents, []
    for facts, posted_at, cents in rows:
        counts = -cents
        if before > 0 and counts > 0:  # what had come before it was claimed
            skipped = min(before, counts)
            before, counts = before - skipped, counts - skipped
        if counts:
            day = facts.get("day")
            came.append(Came(date.fromisoformat(day) if day else day_of(posted_at), counts))
    return came


def interest_of(session: Session, line: ClaimLine, *, on: date) -> int:
    """Answer the interest up to a day; none where nobody has said from when on."""
    since = line.reclaim.interest_from
    if since is None or since >= on:
        return 0
    less = [(each.on_day, each.cents) for each in came_since(session, line)]
    waivers = sa.select(ReclaimWaiver).where(
        ReclaimWaiver.reclaim_id == line.reclaim.id, ReclaimWaiver.is_granted.is_(True)
    )
    less += [(day_of(each.decided_at), each.cents) for each in session.scalars(waivers) if each.decided_at]
    return interest_cents(owed_over_time(line.reclaim.cents, since, less), on, base_rates())


def interest_paid(session: Session, reclaim_id: int) -> int:
    """Answer the interest that came."""
    paid = sa.select(sa.func.sum(ReclaimInterest.cents)).where(ReclaimInterest.reclaim_id == reclaim_id)
    return int(session.scalar(paid) or 0)


def plan_of_claim(session: Session, line: ClaimLine, *, on: date) -> PlanNow | None:
    """Answer the instalments that were agreed last."""
    plan = session.scalar(
        sa.select(ReclaimPlan)
        .where(ReclaimPlan.reclaim_id == line.reclaim.id)
        .order_by(ReclaimPlan.id.desc())
        .limit(1)
    )
    if plan is None:
        return None
    rows = session.scalars(
        sa.select(ReclaimInstalment)
        .where(ReclaimInstalment.plan_id == plan.id)
        .order_by(ReclaimInstalment.position)
    )
    parts = tuple(Instalment(each.due_on, each.cents) for each in rows)
    came = plan.cents - min(plan.cents, line.claim.open_cents)
    return PlanNow(parts, came, overdue_cents(parts, came, on))


def due_next(session: Session, line: ClaimLine, *, on: date) -> tuple[int, date | None]:
    """Answer what a group has to give back next, and until when: an instalment, else all that is open."""
    plan = plan_of_claim(session, line, on=on)
    part = next_part(plan.instalments, plan.came_cents) if plan else None
    return (part.cents, part.due_on) if part else (line.claim.open_cents, line.reclaim.due_on)


def letter_of(session: Session, reclaim_id: int) -> ReclaimLetter | None:
    """Answer the letter by which a claim was told."""
    return session.get(ReclaimLetter, reclaim_id)


def waivers_of(session: Session, reclaim_id: int) -> Sequence[ReclaimWaiver]:
    """Answer what was proposed to be waived, and decided, the first first."""
    rows = sa.select(ReclaimWaiver).where(ReclaimWaiver.reclaim_id == reclaim_id).order_by(ReclaimWaiver.id)
    return session.scalars(rows.execution_options(populate_existing=True)).all()


def _line(
    reclaim: Reclaim, found: GrantRound, region: FundingRegion, back: int, *, waived: int, on: date
) -> ClaimLine:
    claim = Claim(reclaim.cents, max(0, back - reclaim.back_before_cents), waived)
    last = _last_day(region, reclaim.written_on)
    return ClaimLine(reclaim, found, region, claim, back, last, state_of(claim, lapses=last, on=on))


def _last_day(region: FundingRegion, written_on: date | None) -> date | None:
    if written_on is None:
        return None
    served = served_on(Sent(written_on), served_rules())
    free = public_holidays(region.state_ags, served, served + _AHEAD)
    return lapses_on(objection_until(served, free))


def _waived(session: Session, reclaim_ids: Collection[int]) -> dict[int, int]:
    rows = session.execute(
        sa.select(ReclaimWaiver.reclaim_id, sa.func.sum(ReclaimWaiver.cents))
        .where(ReclaimWaiver.reclaim_id.in_(reclaim_ids), ReclaimWaiver.is_granted.is_(True))
        .group_by(ReclaimWaiver.reclaim_id)
    )
    return {number: int(cents) for number, cents in rows}
