"""Proofs of the finished year of a demonstration: accepted, but in its office's region some of each kind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.accounts.models import RoleGrant
from app.funding.models import FundingRegion, GrantRound, UseProof
from app.funding.queries.proofs import lines_of_round
from app.funding.queries.regions import rules_in
from app.funding.rules.proof import ACCEPTED, FULL, kind_of_proof
from app.funding.services.claim_settling import ask_to_waive
from app.funding.services.proof_checks import Judged, ask_group, decide_proof
from app.funding.services.proofs import begin_proof, save_proof, submit_proof
from app.funding.services.reclaims import write_claim

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.funding.queries.proofs import ProofLine

SHOWN = 6
"""So many groups of the office's region have a proof to be looked at; one more owes it."""


@dataclass(frozen=True, slots=True)
class _Proven:
    """Who looks at the proofs of which year, and when."""

    office_id: int
    year: int
    now: datetime


def prove_demo_year(session: Session, office_id: int, year: int, *, now: datetime) -> None:
    """Afterwards the groups that were paid in a year have proven it, but for some of the office's region."""
    proven = _Proven(office_id, year, now)
    of_office = set(session.scalars(sa.select(RoleGrant.region_id).where(RoleGrant.user_id == office_id)))
    rows = session.execute(
        sa.select(GrantRound, FundingRegion)
        .join(FundingRegion, FundingRegion.id == GrantRound.region_id)
        .where(GrantRound.year == year)
        .order_by(FundingRegion.slug)
    ).all()
    for found, region in rows:
        lines = lines_of_round(session, region, found)
        shown = lines[: SHOWN + 1] if region.id in of_office else []
        _accept_all(session, region, found, lines[len(shown) :], proven)
        for number, line in enumerate(shown[:SHOWN]):
            _prove(session, line, number, proven)


def _accept_all(
    session: Session, region: FundingRegion, found: GrantRound, lines: list[ProofLine], proven: _Proven
) -> None:
    rules = rules_in(session, region)
    rows: list[dict[str, Any]] = [
        {
            "round_id": found.id,
            "group_id": line.group_id,
            "kind": kind_of_proof(line.kept.paid_cents, rules),
            "granted_cents": line.kept.paid_cents,
            "received_cents": line.kept.cents,
            "state": ACCEPTED,
            "version": 2,
            "answers": {},
            "own_cents": 0,
            "others_cents": 0,
            "remaining_cents": 0,
            "received_on": date(found.year + 1, 2, 20),
            "is_on_paper": True,
            "made_at": proven.now,
            "saved_at": proven.now,
            "submitted_at": proven.now,
            "accepted_cents": line.kept.cents,
            "decided_by": proven.office_id,
            "decided_at": proven.now,
        }
        for line in lines
    ]
    if rows:
        session.execute(sa.insert(UseProof), rows)


def _prove(session: Session, line: ProofLine, number: int, proven: _Proven) -> None:
    """Let a group prove what it got: every other one of it, the first is asked, two are decided, one has a claim."""
    now, got = proven.now, line.kept.cents
    proof_id = begin_proof(session, line.region, line.round, line.group_id, now=now)
    proof = session.get_one(UseProof, proof_id)
    rent = got * 7 // 10
    costs = (("rent", rent, "Miete für den Gruppenraum"), ("speakers", got - rent - 4_000, "Referentin"))
    items: list[dict[str, Any]] = [
        {"kind": kind, "cents": cents, "what": what, "day": f"{proven.year}-0{place + 3}-12"}
        for place, (kind, cents, what) in enumerate((*costs, ("catering", 4_000, "Kaffee und Kuchen")))
        if cents > 0
    ]
    report = "Wir haben uns jede Woche getroffen."
    typed: dict[str, list[str]] = {
        "item_kind": [each["kind"] for each in items],
        "item_day": [each["day"] for each in items],
        "item_what": [each["what"] for each in items],
        "item_euros": [f"{each['cents'] // 100},{each['cents'] % 100:02}" for each in items],
        "remaining": ["25"],
        "statements": ["used", "receipts"],
        "report": [report],
    }
    values = {
        "items": items,
        "own": 0,
        "others": 0,
        "remaining": min(2_500, got),
        "report": report,
    }
    save_proof(session, proof_id, typed=typed, values=values, seen=0, now=now)
    submit_proof(session, proof_id, by=0, now=now)
    if number % 3 == 1:
        until = now.date() + timedelta(days=21)
        text = "Bitte senden Sie uns noch den Beleg für die Miete."
        ask_group(session, proof_id, text, until, seen=proof.version, by=proven.office_id, now=now)
    elif number % 3 == 2:
        judged = {
            place: Judged(each["kind"] != "catering", "Bewirtung zählt nicht.")
            for place, each in enumerate(items, start=1)
            if proof.kind == FULL
        }
        claim = decide_proof(session, proof_id, judged, seen=proof.version, by=proven.office_id, now=now)
        if claim is not None and number > 2:
            due = now.date() + timedelta(days=30)
            write_claim(session, claim, due_on=due, interest_from=None, by=proven.office_id, now=now)
            ask_to_waive(session, claim, 1_000, "Die Gruppe löst sich auf.", by=proven.office_id, now=now)
