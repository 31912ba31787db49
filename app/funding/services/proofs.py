"""A group writes the proof of what it used a grant for: begun, stored as it is typed, submitted, answered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.funding.models import FundingRegion, GrantRound, UseProof, UseProofAct, UseProofItem
from app.funding.queries.proofs import granted_to, kept_by
from app.funding.queries.regions import rules_in
from app.funding.rules.proof import DRAFT, FULL, QUESTIONS, SUBMITTED, WRITABLE, Use, kind_of_proof
from app.groups.meetings.schedules import day_of
from app.groups.models import Group
from app.groups.presentation import date_words
from app.shared.database import insert_into
from app.shared.errors import RuleBroken
from app.shared.history import note

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

MOST_TYPED = 60_000
"""Characters of a proof that are kept."""
Typed = Mapping[str, list[str]]


class ProofChanged(RuleBroken):
    """Somebody else has stored the proof since it was opened."""

    code = "changed_meanwhile"


def begin_proof(
    session: Session, region: FundingRegion, found: GrantRound, group_id: int, *, now: datetime
) -> int:
    """Answer the number of the proof of a group for a round; begun already, it stays as it is.

    Raises:
        RuleBroken: the group has nothing of this round.
    """
    kept = kept_by(session, region, found.year, group_id).cents
    known = session.scalar(
        sa.select(UseProof.id).where(UseProof.round_id == found.id, UseProof.group_id == group_id)
    )
    if known is not None:
        return known
    if kept <= 0:
        raise RuleBroken(
            _("Nothing was paid for this year, so there is nothing to prove."), code="nothing_paid"
        )
    granted = granted_to(session, found.id, group_id) or kept
    made = insert_into(session, UseProof).values(
        round_id=found.id,
        group_id=group_id,
        kind=kind_of_proof(granted, rules_in(session, region)),
        granted_cents=granted,
        received_cents=kept,
        state=DRAFT,
        version=0,
        answers={},
        own_cents=0,
        others_cents=0,
        is_on_paper=False,
        made_at=now,
        saved_at=now,
    )
    once = made.on_conflict_do_nothing(index_elements=["round_id", "group_id"]).returning(UseProof.id)
    number = session.scalar(once)
    if number is not None:
        note_of_proof(session, "proof.begun", number, group_id, now=now)
        return number
    return session.scalars(
        sa.select(UseProof.id).where(UseProof.round_id == found.id, UseProof.group_id == group_id)
    ).one()


def hold_proof(session: Session, proof_id: int) -> UseProof:
    """Answer a proof; until the transaction ends nobody else changes it."""
    return session.get_one(UseProof, proof_id, with_for_update=True, populate_existing=True)


def save_proof(
    session: Session,
    proof_id: int,
    *,
    typed: Typed,
    values: Mapping[str, Any] | None,
    seen: int,
    now: datetime,
) -> UseProof:
    """Afterwards the proof is kept as it was typed; ``values`` is what it means, None while something is not right.

    Raises:
        ProofChanged: it was changed since ``seen``, its version when it was opened.
        RuleBroken: it is with the office, or far too long.
    """
    proof = hold_proof(session, proof_id)
    _check_writable(proof)
    if sum(len(text) for texts in typed.values() for text in texts) > MOST_TYPED:
        raise RuleBroken(_("This is too much text. Please shorten it."), code="too_long")
    answers = {"typed": {name: list(texts) for name, texts in typed.items()}, "values": values}
    if proof.answers == answers:
        return proof
    if proof.version != seen:
        raise ProofChanged(_("Somebody else has changed this proof in the meantime."))
    proof.answers, proof.version, proof.saved_at = answers, proof.version + 1, now
    note_of_proof(session, "proof.saved", proof.id, proof.group_id, now=now)
    session.flush()
    return proof


def take_over_list(session: Session, proof_id: int, items: Typed, *, now: datetime) -> None:
    """Afterwards these expenses stand in the proof in place of those before; everything else of it stays.

    Raises:
        RuleBroken: it is with the office.
    """
    proof = hold_proof(session, proof_id)
    _check_writable(proof)
    typed = {**proof.answers.get("typed", {}), **{name: list(texts) for name, texts in items.items()}}
    proof.answers = {"typed": typed, "values": None}  # it is read anew when it is stored with its form
    proof.version, proof.saved_at = proof.version + 1, now
    expenses = len(next(iter(items.values()), []))
    note_of_proof(session, "proof.listed", proof.id, proof.group_id, now=now, expenses=expenses)
    session.flush()


def submit_proof(
    session: Session,
    proof_id: int,
    *,
    by: int,
    now: datetime,
    paper_on: date | None = None,
) -> None:
    """Afterwards the proof, as it is stored, is with the office; ``paper_on`` is the day on which one on paper came.

    Raises:
        RuleBroken: it is there already, something of it is not right, or more would be left than was received.
    """
    proof = hold_proof(session, proof_id)
    _check_writable(proof)
    values = proof.answers.get("values")
    if values is None:
        raise RuleBroken(_("Something is not right yet. Please look at what is marked."), code="not_right")
    if paper_on is not None and paper_on > day_of(now):
        raise RuleBroken(_("This day is still to come."), code="in_future", field="received_on")
    found = session.get_one(GrantRound, proof.round_id)
    region = session.get_one(FundingRegion, found.region_id)
    proof.received_cents = max(0, kept_by(session, region, found.year, proof.group_id).cents)
    if proof.kind == FULL:
        _store_items(session, proof, values["items"])
        proof.own_cents, proof.others_cents = values["own"], values["others"]
        spent = sum(each["cents"] for each in values["items"])
        use = Use(proof.received_cents, spent, proof.own_cents, proof.others_cents)
        proof.remaining_cents = use.remaining_cents
    else:
        proof.remaining_cents = values["remaining"]
        if proof.remaining_cents > proof.received_cents:
            raise RuleBroken(
                _("More cannot be left than you received."), code="too_much_left", field="remaining"
            )
    is_answer = proof.state == QUESTIONS
    text = values.get("answer", "") if is_answer else ""
    add_act(session, proof, "answered" if is_answer else "submitted", text=text, by=by, now=now)
    proof.state, proof.submitted_at, proof.version = SUBMITTED, now, proof.version + 1
    proof.answer_until = None
    proof.received_on, proof.is_on_paper = paper_on or day_of(now), paper_on is not None
    note_of_proof(
        session, "proof.answered" if is_answer else "proof.submitted", proof.id, proof.group_id, now=now
    )
    session.flush()


def add_act(
    session: Session,
    proof: UseProof,
    act: str,
    *,
    by: int | None,
    now: datetime,
    text: str = "",
    until: date | None = None,
) -> None:
    """Afterwards it is kept that this happened to a proof."""
    session.add(
        UseProofAct(
            proof_id=proof.id, group_id=proof.group_id, act=act, text=text, until=until, by=by, at=now
        )
    )


def note_of_proof(
    session: Session, action: str, proof_id: int, group_id: int, *, now: datetime, **facts: str | int
) -> None:
    """Afterwards it is written down that something was done with a proof."""
    house = session.scalar(sa.select(Group.clearinghouse_id).where(Group.id == group_id))
    note(session, action, now=now, record_id=proof_id, group_id=group_id, clearinghouse_id=house, **facts)


def _check_writable(proof: UseProof) -> None:
    if proof.state in WRITABLE or proof.submitted_at is None:
        return
    raise RuleBroken(
        _(
            "This proof was submitted on %(day)s and is with the funding office. Nothing has changed.",
            day=date_words(day_of(proof.submitted_at)),
        ),
        code="is_submitted",
    )


def _store_items(session: Session, proof: UseProof, items: list[dict[str, Any]]) -> None:
    session.execute(sa.delete(UseProofItem).where(UseProofItem.proof_id == proof.id))
    rows = [
        {
            "proof_id": proof.id,
            "position": position,
            "group_id": proof.group_id,
            "kind": each["kind"],
            "on_day": date.fromisoformat(each["day"]),
            "what": each["what"],
            "cents": each["cents"],
            "reason": "",
        }
        for position, each in enumerate(items, start=1)
    ]
    if rows:
        session.execute(sa.insert(UseProofItem), rows)
