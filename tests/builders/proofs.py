"""Groups that were paid, their proofs of use, and what they have to give back."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.funding.models import (
    FundingRegion,
    GrantRound,
    Insurer,
    Reclaim,
    ReclaimWaiver,
    UseProof,
    UseProofReceipt,
)
from app.funding.queries.rounds import pot_of
from app.funding.rules.ledger_accounts import LEVY, Account, a_group
from app.funding.rules.postings import Because, commit, grant, pay
from app.funding.services.ledger import post
from app.funding.services.notices import set_office
from app.funding.services.proofs import begin_proof, save_proof, submit_proof
from tests.builders.groups import NOW
from tests.builders.notices import OFFICE
from tests.builders.payments import Awarded, make_awards

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

CHECKER, SECOND = 911, 912
"""People who check and decide, as numbers whose accounts are erased."""


def make_paid(session: Session, requested: Sequence[int], **given: Any) -> Awarded:
    """Store a round whose awards were posted and paid."""
    awarded = make_awards(session, requested, **given)
    pot = pot_of(awarded.made.region, 2027)
    acts = [
        pay(pot, a_group(group_id), cents, Because(f"run/{awarded.run_id}/{group_id}/paid", "run.paid"))
        for group_id, cents in zip(awarded.made.group_ids, requested, strict=True)
    ]
    post(session, acts, now=NOW)
    set_office(session, awarded.made.region, OFFICE, now=NOW)
    return awarded


def item(cents: int, *, kind: str = "rent", what: str = "Raum", day: str = "2027-05-02") -> dict[str, Any]:
    """Answer an expense as a right form says it."""
    return {"kind": kind, "cents": cents, "what": what, "day": day}


def make_submitted(
    session: Session,
    awarded: Awarded,
    number: int = 0,
    *,
    items: Sequence[dict[str, Any]] = (),
    remaining: int = 0,
    now: datetime = NOW,
    paper_on: date | None = None,
) -> UseProof:
    """Store a proof that a group of the round has sent."""
    region = session.get_one(FundingRegion, awarded.made.region.id)
    found = session.get_one(GrantRound, awarded.made.id)
    proof_id = begin_proof(session, region, found, awarded.made.group_ids[number], now=now)
    values = {"items": list(items), "own": 0, "others": 0, "remaining": remaining, "report": ""}
    save_proof(session, proof_id, typed={"remaining": ["0"]}, values=values, seen=0, now=now)
    submit_proof(session, proof_id, by=0, now=now, paper_on=paper_on)
    return session.get_one(UseProof, proof_id)


def plant_proof(session: Session, round_id: int, group_id: int) -> tuple[int, int, int, int]:
    """Store a proof with a receipt and a claim with a proposal, whatever was paid; answer the numbers of all four."""
    proof = UseProof(
        round_id=round_id,
        group_id=group_id,
        kind="full",
        granted_cents=100,
        received_cents=100,
        state="draft",
        answers={},
        made_at=NOW,
        saved_at=NOW,
    )
    session.add(proof)
    session.flush()
    receipt = UseProofReceipt(
        proof_id=proof.id,
        group_id=group_id,
        name="beleg.jpg",
        content_type="image/jpeg",
        mark=f"{proof.id}",
        body=b"x",
        added_at=NOW,
    )
    reclaim = Reclaim(
        round_id=round_id, group_id=group_id, cause="unused", cents=100, back_before_cents=0, opened_at=NOW
    )
    session.add_all([receipt, reclaim])
    session.flush()
    waiver = ReclaimWaiver(reclaim_id=reclaim.id, cents=50, reason="Weil.", asked_by=CHECKER, asked_at=NOW)
    session.add(waiver)
    session.flush()
    return proof.id, receipt.id, reclaim.id, waiver.id


def make_paid_before(session: Session, region: FundingRegion, year: int, group_id: int, cents: int) -> int:
    """Store a round of an earlier year in which a group was paid so much; answer its number."""
    found = GrantRound(
        region_id=region.id,
        year=year,
        seed=f"{year}",
        opens_on=date(year, 1, 1),
        closes_on=date(year, 3, 31),
        created_at=NOW,
    )
    session.add(found)
    session.flush()
    pot, payee = pot_of(region, year), a_group(group_id)
    levy = Account(
        LEVY, year, insurer=session.scalars(sa.select(Insurer.slug)).first(), state=region.state_ags
    )
    for act in (
        grant(levy, pot, cents, Because(f"before/{year}/granted", "test.wanted")),
        commit(pot, payee, cents, Because(f"before/{year}/promised", "test.wanted")),
        pay(pot, payee, cents, Because(f"before/{year}/paid", "test.wanted")),
    ):
        post(session, [act], now=NOW)
    return found.id
