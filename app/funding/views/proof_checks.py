"""The office checks a proof of use: questions, more time, acceptance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.guard import get_person, requires
from app.funding.forms.proofs import DecideForm, MoreTimeForm, QuestionForm
from app.funding.models import FundingRegion, GrantRound, UseProof
from app.funding.queries.proofs import ProofLine, acts_of_proof, items_of, line_of_group, receipts_of
from app.funding.queries.reclaims import claim_of_group
from app.funding.rules.counted_costs import NEVER_COUNTS
from app.funding.rules.proof import FULL, SUBMITTED, Use
from app.funding.services.proof_checks import Judged, ask_group, decide_proof, extend_proof
from app.funding.services.proof_receipts import find_receipt
from app.funding.views.blueprint import bp
from app.funding.views.my_rounds import may_in
from app.funding.views.papers import MOST_NUMBER
from app.funding.words import proofs as words
from app.funding.words.applications import COSTS
from app.groups.listings.forms import number_of
from app.groups.meetings.schedules import day_of
from app.groups.models import Group
from app.groups.presentation import date_words
from app.shared import clock
from app.shared.error_pages import nothing_here
from app.shared.errors import BadInput, RuleBroken
from app.shared.extensions import db
from app.shared.money import euro_words
from app.shared.transactions import transaction
from app.shared.uploads import sent_file_response

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from app.shared.visitor_forms import VisitorForm


@bp.get("/funding/use-proofs/<int:proof_id>")
@requires("check_proofs")
def check_proof(proof_id: int) -> ResponseReturnValue:
    """A proof with its expenses and receipts, and what can be said to it."""
    return _page(my_use_proof(proof_id))


@bp.post("/funding/use-proofs/<int:proof_id>")
@requires("check_proofs")
def judge_proof(proof_id: int) -> ResponseReturnValue:
    """Accept a proof, or a part of it; then the next one that waits opens."""
    form, judged = DecideForm(), _judged(my_use_proof(proof_id))

    def act(session: Session, by: int, now: datetime) -> None:
        refused, reason = form.refused.cents or 0, form.reason.data or ""
        seen = number_of(form.seen.data)
        decide_proof(
            session, proof_id, judged, refused_cents=refused, reason=reason, seen=seen, by=by, now=now
        )

    return _do(proof_id, "decided", form, act, deciding=form, judged=judged)


@bp.post("/funding/use-proofs/<int:proof_id>/question")
@requires("check_proofs")
def ask_about_proof(proof_id: int) -> ResponseReturnValue:
    """Ask the group something; it can change its proof and answers."""
    form = QuestionForm()

    def act(session: Session, by: int, now: datetime) -> None:
        text, seen = form.text.data or "", number_of(form.seen.data)
        ask_group(session, proof_id, text, form.until.day, seen=seen, by=by, now=now)

    return _do(proof_id, "asked", form, act, asking=form)


@bp.post("/funding/use-proofs/<int:proof_id>/extension")
@requires("check_proofs")
def extend_use_proof(proof_id: int) -> ResponseReturnValue:
    """Give a group more time, with a reason."""
    form = MoreTimeForm()

    def act(session: Session, by: int, now: datetime) -> None:
        extend_proof(session, proof_id, form.until.day, form.reason.data or "", by=by, now=now)

    return _do(proof_id, "extended", form, act, extending=form)


def _do(
    proof_id: int, done: str, form: VisitorForm, act: Callable[[Session, int, datetime], None], **shown: Any
) -> ResponseReturnValue:
    """Do what a form asks for, or answer the page with what is to be put right."""
    line = my_use_proof(proof_id)
    if not form.validate():
        return _page(line, **shown), 400
    try:
        with transaction() as session:
            act(session, get_person().id, clock.now())
    except (BadInput, RuleBroken) as error:
        wrong = number_of((error.field or "").removeprefix("reason_"))
        if wrong:
            shown["wrong"] = {wrong: error.message}
        else:
            form.refuse(error)
        return _page(my_use_proof(proof_id), **shown), error.status
    return redirect(url_for("funding.check_proof", proof_id=proof_id, done=done), code=303)


@bp.get("/funding/use-proofs/<int:proof_id>/receipts/<int:receipt_id>")
@requires("check_proofs")
def receipt_of_proof(proof_id: int, receipt_id: int) -> ResponseReturnValue:
    """Download a receipt of a proof; to the proof when the group has removed it."""
    my_use_proof(proof_id)
    found = find_receipt(db.session(), {"proof_id": proof_id}, min(receipt_id, MOST_NUMBER))
    if found is None:
        return redirect(url_for("funding.check_proof", proof_id=proof_id), code=303)
    return sent_file_response(found.name, found.content_type, found.body)


def my_use_proof(proof_id: int) -> ProofLine:
    """Answer a proof of a region of whoever is signed in.

    Raises:
        NotFound: there is none, or they may not.
    """
    session = db.session()
    proof = session.get(UseProof, proof_id) if proof_id < 2**31 else None
    if proof is None:
        raise nothing_here()
    found = session.get_one(GrantRound, proof.round_id)
    region = session.get_one(FundingRegion, found.region_id)
    if not may_in("check_proofs", region):
        raise nothing_here()
    return line_of_group(session, region, found, proof.group_id)


def _page(
    line: ProofLine,
    *,
    deciding: DecideForm | None = None,
    asking: QuestionForm | None = None,
    extending: MoreTimeForm | None = None,
    judged: dict[int, Judged] | None = None,
    wrong: Mapping[int, str] | None = None,
) -> str:
    session, today = db.session(), day_of(clock.now())
    proof = line.proof
    if proof is None:
        raise nothing_here()
    items = items_of(session, proof.id)
    spent = sum(each.cents for each in items)
    forms = {
        "deciding": deciding or DecideForm(formdata=None),
        "asking": asking or QuestionForm(formdata=None, prefix=""),
        "extending": extending or MoreTimeForm(formdata=None),
    }
    for name in ("deciding", "asking"):
        forms[name].seen.data = str(proof.version)
    return render_template(
        "funding/proofs/check.html",
        line=line,
        proof=proof,
        group=session.get_one(Group, line.group_id),
        items=items,
        judged=judged or {each.position: _first_judgement(each.kind) for each in items},
        use=Use(proof.received_cents, spent, proof.own_cents, proof.others_cents)
        if proof.kind == FULL
        else None,
        receipts=receipts_of(session, proof_id=proof.id),
        acts=acts_of_proof(session, proof.id),
        claim=claim_of_group(session, line.round.id, line.group_id, on=today),
        next_id=_next_to_check(line),
        due=words.due_words(line, today),
        done=request.args.get("done", ""),
        wrong=wrong or {},
        words=words,
        COSTS=COSTS,
        NEVER_COUNTS=NEVER_COUNTS,
        euro_words=euro_words,
        date_words=date_words,
        day_words=lambda moment: date_words(day_of(moment)),
        **forms,
    )


def _first_judgement(kind: str) -> Judged:
    """Answer what is proposed of an expense: what never counts is not accepted."""
    counts = kind not in NEVER_COUNTS
    return Judged(counts, "" if counts else _("Costs of this kind do not count in any region."))


def _judged(line: ProofLine) -> dict[int, Judged]:
    if line.proof is None or line.proof.kind != FULL:
        return {}
    said: dict[int, Judged] = {}
    for each in items_of(db.session(), line.proof.id):
        answer = request.form.get(f"accept_{each.position}", "")
        if answer in ("yes", "no"):
            reason = request.form.get(f"reason_{each.position}", "").replace("\x00", "")
            said[each.position] = Judged(answer == "yes", reason)
    return said


def _next_to_check(line: ProofLine) -> int | None:
    """Answer the proof of the same round that has waited longest."""
    return db.session().scalar(
        sa.select(UseProof.id)
        .where(
            UseProof.round_id == line.round.id,
            UseProof.state == SUBMITTED,
            UseProof.group_id != line.group_id,
        )
        .order_by(UseProof.submitted_at)
        .limit(1)
    )
