"""Proofs of use: what a group still has of a grant by the ledger, how far its proof is, which one is missing."""

from __future__ import annotations

from collections.abc import Collection
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
    Notice,
    NoticeObjection,
    Reclaim,
    UseProof,
    UseProofAct,
    UseProofItem,
    UseProofReceipt,
)
from app.funding.queries.outcomes import award_of
from app.funding.queries.regions import rules_in
from app.funding.queries.rounds import pot_of
from app.funding.rules.ledger_accounts import GROUP, PAID, Account, a_group
from app.funding.rules.level_plan import GROUPS
from app.funding.rules.postings import PAY, of_payee
from app.funding.rules.proof import DRAFT, Stand, due_on
from app.funding.rules.reclaim import REVOKED
from app.funding.rules.region_rules import WITH_NEXT_REQUEST
from app.places.public_holidays import public_holidays

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

_AROUND = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Kept:
    """What a group was paid in a round, and what of it went back: given back, or never reached it."""

    paid_cents: int = 0
    back_cents: int = 0

    @property
    def cents(self) -> int:
        """What it still has."""
        return self.paid_cents - self.back_cents


@dataclass(frozen=True, slots=True)
class ProofLine:
    """The proof of a group for a round: how far it is, and the days that count."""

    round: GrantRound
    region: FundingRegion
    group_id: int
    kept: Kept
    stand: Stand
    proof: UseProof | None


def paid_account(region: FundingRegion, year: int, group_id: int) -> Account:
    """Answer the account on which stands what a group has of a round."""
    return of_payee(pot_of(region, year), PAID, a_group(group_id))


def kept_of_round(session: Session, region: FundingRegion, year: int) -> dict[int, Kept]:
    """Answer what each group was paid in a round."""
    return _kept(
        session,
        LedgerAccount.region == region.slug,
        LedgerAccount.state_ags == region.state_ags,
        LedgerAccount.year == year,
    )


def kept_by(session: Session, region: FundingRegion, year: int, group_id: int) -> Kept:
    """Answer what a group was paid in a round."""
    return _kept(session, LedgerAccount.name == paid_account(region, year, group_id).name).get(
        group_id, Kept()
    )


def granted_to(session: Session, round_id: int, group_id: int) -> int:
    """Answer what a group was granted in a round, by runs and by objections."""
    more = session.scalar(
        sa.select(sa.func.sum(NoticeObjection.cents))
        .join(Notice, Notice.id == NoticeObjection.notice_id)
        .where(Notice.round_id == round_id, Notice.group_id == group_id)
    )
    return (award_of(session, group_id, round_id) or 0) + int(more or 0)


def due_day(session: Session, region: FundingRegion, year: int) -> tuple[date, bool]:
    """Answer the last day for proofs of a year in a region, and whether they come with the next request."""
    rules = rules_in(session, region)
    plain = due_on(year, rules)
    free = public_holidays(region.state_ags, plain - _AROUND, plain + _AROUND)
    return due_on(year, rules, free), rules.proof_due == WITH_NEXT_REQUEST


def line_of_group(session: Session, region: FundingRegion, found: GrantRound, group_id: int) -> ProofLine:
    """Answer how far the proof of a group for a round is."""
    proof = session.scalar(
        sa.select(UseProof)
        .where(UseProof.round_id == found.id, UseProof.group_id == group_id)
        .execution_options(populate_existing=True)
    )
    kept = kept_by(session, region, found.year, group_id)
    return ProofLine(
        found, region, group_id, kept, _stand(due_day(session, region, found.year), proof), proof
    )


def lines_of_group(session: Session, group_id: int) -> list[ProofLine]:
    """Answer the rounds in which a group was paid, or has written a proof, the newest first."""
    paid = sa.select(LedgerAccount.region, LedgerAccount.year).where(
        LedgerAccount.kind == PAID,
        LedgerAccount.level == GROUPS,
        LedgerAccount.payee_kind == GROUP,
        LedgerAccount.payee_id == group_id,
    )
    rows = session.execute(
        sa.select(GrantRound, FundingRegion)
        .join(FundingRegion, FundingRegion.id == GrantRound.region_id)
        .where(
            sa.tuple_(FundingRegion.slug, GrantRound.year).in_(paid)
            | GrantRound.id.in_(sa.select(UseProof.round_id).where(UseProof.group_id == group_id))
        )
        .order_by(GrantRound.year.desc(), GrantRound.id)
    )
    lines = [line_of_group(session, region, found, group_id) for found, region in rows]
    return [line for line in lines if line.proof is not None or line.kept.cents > 0]


def lines_of_round(session: Session, region: FundingRegion, found: GrantRound) -> list[ProofLine]:
    """Answer the proofs of a round: one for each group that still has money of it, or has written one."""
    day = due_day(session, region, found.year)
    kept = kept_of_round(session, region, found.year)
    proofs = {
        each.group_id: each
        for each in session.scalars(sa.select(UseProof).where(UseProof.round_id == found.id))
    }
    revoked = session.scalars(
        sa.select(Reclaim.group_id).where(Reclaim.round_id == found.id, Reclaim.cause == REVOKED)
    )
    with_money = {number for number, each in kept.items() if each.cents > 0} - {*revoked}
    groups = sorted(with_money | proofs.keys())
    return [
        ProofLine(
            found,
            region,
            number,
            kept.get(number, Kept()),
            _stand(day, proofs.get(number)),
            proofs.get(number),
        )
        for number in groups
    ]


def owing(
    session: Session, group_ids: Collection[int], *, before_year: int, on: date
) -> dict[int, list[int]]:
    """Answer for which earlier years the proof of a group is missing on a day; only of groups that owe one."""
    found: dict[int, list[int]] = {}
    days: dict[tuple[int, int], tuple[date, bool]] = {}
    ids = sorted(group_ids)
    for start in range(0, len(ids), 5_000):
        for row in session.execute(_with_money(ids[start : start + 5_000], before_year)):
            region: FundingRegion = row[0]
            key = (region.id, row.year)
            if key not in days:
                days[key] = due_day(session, region, row.year)
            stand = Stand(row.state or DRAFT, *days[key], row.extended_until, row.answer_until)
            if stand.is_missing(on):
                found.setdefault(row.payee_id, []).append(row.year)
    return found


def items_of(session: Session, proof_id: int) -> Sequence[UseProofItem]:
    """Answer the expenses that were submitted, in their order."""
    rows = sa.select(UseProofItem).where(UseProofItem.proof_id == proof_id).order_by(UseProofItem.position)
    return session.scalars(rows.execution_options(populate_existing=True)).all()


def receipts_of(session: Session, **owner: int) -> Sequence[UseProofReceipt]:
    """Answer the receipts of a proof, by ``proof_id`` or ``project_id``, the first one first."""
    rows = sa.select(UseProofReceipt).filter_by(**owner)
    return session.scalars(rows.order_by(UseProofReceipt.id)).all()


def acts_of_proof(session: Session, proof_id: int) -> Sequence[UseProofAct]:
    """Answer what happened to a proof, in its order."""
    rows = sa.select(UseProofAct).where(UseProofAct.proof_id == proof_id)
    return session.scalars(rows.order_by(UseProofAct.id)).all()


def _stand(day: tuple[date, bool], proof: UseProof | None) -> Stand:
    if proof is None:
        return Stand(DRAFT, *day)
    return Stand(proof.state, *day, proof.extended_until, proof.answer_until)


def _kept(session: Session, *which: sa.ColumnElement[bool]) -> dict[int, Kept]:
    paid = sa.func.sum(sa.case((LedgerEntry.kind == PAY, LedgerLine.cents), else_=0))
    rows = session.execute(
        sa.select(LedgerAccount.payee_id, paid, sa.func.sum(LedgerLine.cents))
        .join(LedgerLine, LedgerLine.account_id == LedgerAccount.id)
        .join(LedgerEntry, LedgerEntry.id == LedgerLine.entry_id)
        .where(
            LedgerAccount.kind == PAID,
            LedgerAccount.level == GROUPS,
            LedgerAccount.insurer_id.is_(None),
            LedgerAccount.payee_kind == GROUP,
            *which,
        )
        .group_by(LedgerAccount.payee_id)
    )
    return {
        number: Kept(int(all_paid), int(all_paid) - int(left))
        for number, all_paid, left in rows
        if number is not None
    }


def _with_money(
    ids: list[int], before_year: int
) -> sa.Select[tuple[FundingRegion, int, int, str, date, date]]:
    """Select the years before one in which these groups still have money, and how far their proof is."""
    left = (
        sa.select(LedgerAccount.payee_id, LedgerAccount.year, LedgerAccount.region)
        .join(LedgerLine, LedgerLine.account_id == LedgerAccount.id)
        .where(
            LedgerAccount.kind == PAID,
            LedgerAccount.level == GROUPS,
            LedgerAccount.insurer_id.is_(None),
            LedgerAccount.payee_kind == GROUP,
            LedgerAccount.payee_id.in_(ids),
            LedgerAccount.year < before_year,
        )
        .group_by(LedgerAccount.payee_id, LedgerAccount.year, LedgerAccount.region)
        .having(sa.func.sum(LedgerLine.cents) > 0)
        .subquery()
    )
    return (
        sa.select(
            FundingRegion,
            left.c.payee_id,
            left.c.year,
            UseProof.state,
            UseProof.extended_until,
            UseProof.answer_until,
        )
        .join(FundingRegion, FundingRegion.slug == left.c.region)
        .join(GrantRound, (GrantRound.region_id == FundingRegion.id) & (GrantRound.year == left.c.year))
        .outerjoin(UseProof, (UseProof.round_id == GrantRound.id) & (UseProof.group_id == left.c.payee_id))
        .where(~_revoked(GrantRound.id, left.c.payee_id))
        .order_by(left.c.year)
    )


def _revoked(round_id: sa.SQLColumnExpression[int], group_id: sa.SQLColumnExpression[int]) -> sa.Exists:
    """Whether the grant was revoked: then all of it comes back, and there is nothing to prove."""
    return sa.exists().where(
        Reclaim.round_id == round_id, Reclaim.group_id == group_id, Reclaim.cause == REVOKED
    )
