"""How a clearing house or an organisation proves what it did with its grant; checked by somebody else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.funding.models import InstitutionProof, InstitutionRequest
from app.funding.queries.institution_figures import count_figures
from app.funding.rules.institutions import DECIDED, plan_of, remaining_cents
from app.funding.rules.ledger_accounts import HOUSE
from app.funding.services.institution_questions import ask_writers
from app.funding.services.institutions import (
    MOST_TYPED,
    Typed,
    act,
    changed_since,
    find_or_refuse,
    note_of_institution,
)
from app.shared.errors import BadInput, RuleBroken

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.funding.queries.institutions import Found

QUESTIONED, ACCEPTED, PROOF_SUBMITTED = "questioned", "accepted", "submitted"


def submit_proof(
    session: Session,
    request_id: int,
    *,
    typed: Typed,
    values: Mapping[str, Any],
    seen: int,
    by: int,
    now: datetime,
) -> None:
    """Afterwards the proof waits to be checked, with what is left of the grant.

    Raises:
        RuleBroken: nothing was granted, or it was handed in or checked since ``seen``.
    """
    found = _hold(session, request_id)
    request, proof = found.request, found.proof
    if request.state != DECIDED or not request.granted_cents or found.taken_back is not None:
        raise RuleBroken(_("There is no grant here that could be proven."), code="no_grant")
    if (proof.version if proof else 0) != seen or (proof is not None and proof.state != QUESTIONED):
        raise changed_since(session, found)
    plan = plan_of({name: cents for name, cents in values.items() if name != "report"})
    figures = []
    if found.kind == HOUSE:
        figures = [count_figures(session, request.payee.id, request.year, now=now).row()]
    handed_in = {
        "answers": {"typed": {name: list(texts) for name, texts in typed.items()}, "values": dict(values)},
        "figures": {"years": figures},
        "remaining_cents": remaining_cents(request.granted_cents, plan.total_cents, plan.income_cents),
        "version": seen + 1,
        "state": PROOF_SUBMITTED,
        "submitted_by": by,
        "submitted_at": now,
        "checked_by": None,
        "checked_at": None,
    }
    if proof is None:
        session.add(InstitutionProof(request_id=request_id, **handed_in))
    else:
        for name, value in handed_in.items():
            setattr(proof, name, value)
    act(session, found, "proof_submitted", by=by, cents=plan.total_cents, now=now)
    note_of_institution(session, "institution.proof_submitted", found, now=now)


def check_proof(
    session: Session, request_id: int, words: str, *, accepts: bool, seen: int, by: int, now: datetime
) -> None:
    """Afterwards the proof is accepted, or has to be answered for what is asked about it.

    Raises:
        BadInput: nothing is asked.
        RuleBroken: whoever handed it in checks it, or it has changed since ``seen``.
    """
    found = _hold(session, request_id)
    proof, words = found.proof, words.strip()
    if proof is None or proof.version != seen or proof.state != PROOF_SUBMITTED:
        raise changed_since(session, found)
    if proof.submitted_by == by:
        raise RuleBroken(
            _("You handed in this proof yourself. Please let a second person check it."), code="second_person"
        )
    if len(words) > MOST_TYPED or not (accepts or words):
        raise BadInput(_("Please write what is not clear."), field="words")
    proof.state, proof.version = ACCEPTED if accepts else QUESTIONED, seen + 1
    proof.checked_by, proof.checked_at = by, now
    what = "proof_accepted" if accepts else "proof_questioned"
    act(session, found, what, by=by, words=words, cents=proof.remaining_cents, now=now)
    action = "institution.proof_accepted" if accepts else "institution.proof_questioned"
    note_of_institution(session, action, found, now=now)
    if not accepts:
        ask_writers(session, found, now=now)


def _hold(session: Session, request_id: int) -> Found:
    """Answer a request; nobody else does something with its proof until the transaction ends."""
    session.scalar(
        sa.select(InstitutionRequest.id).where(InstitutionRequest.id == request_id).with_for_update()
    )
    return find_or_refuse(session, request_id)
