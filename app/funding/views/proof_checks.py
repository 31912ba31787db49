"""The office checks proofs of use: which are due, overdue, to be looked at; questions, more time, acceptance."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.guard import get_person, requires
from app.funding.forms.proofs import DecideForm, MoreTimeForm, QuestionForm
from app.funding.models import FundingRegion, GrantRound, UseProof
from app.funding.queries.proofs import (
    ProofLine,
    acts_of_proof,
    items_of,
    line_of_group,
    lines_of_round,
    receipts_of,
)
from app.funding.queries.reclaims import claim_of_group
from app.funding.queries.requests import groups_by_id
from app.funding.rules.counted_costs import NEVER_COUNTS
from app.funding.rules.proof import DECIDED, DRAFT, FULL, QUESTIONS, SUBMITTED, Use
from app.funding.services.proof_checks import Judged, ask_group, decide_proof, extend_proof
from app.funding.services.proof_receipts import find_receipt
from app.funding.services.proofs import begin_proof
from app.funding.views.blueprint import bp
from app.funding.views.my_rounds import may_in, my_regions, my_round
from app.funding.views.proving import receipt_response
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

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from flask.typing import ResponseReturnValue

PER_PAGE = 50
TO_CHECK, OVERDUE, OPEN, ASKED, DONE = "submitted", "overdue", "open", "questions", "done"
SHOWN = (TO_CHECK, OVERDUE, ASKED, OPEN, DONE)


@bp.get("/funding/proofs")
@requires("check_proofs")
def proofs() -> ResponseReturnValue:
    """The rounds of my regions of which something was paid, with how many proofs are where."""
    session, today = db.session(), day_of(clock.now())
    regions = {each.id: each for each in my_regions("check_proofs")}
    rounds = session.scalars(
        sa.select(GrantRound).where(GrantRound.region_id.in_(regions)).order_by(GrantRound.year.desc())
    ).all()
    found = []
    for each in rounds:
        lines = lines_of_round(session, regions[each.region_id], each)
        if lines:
            counts = Counter(_where(line, today) for line in lines)
            found.append((each, regions[each.region_id], counts, lines[0].stand.due_on))
    return render_template(
        "funding/proofs/rounds.html", rounds=found, SHOWN=SHOWN, words=words, date_words=date_words
    )


@bp.get("/funding/proofs/<slug>/<int:year>")
@requires("check_proofs")
def round_proofs(slug: str, year: int) -> ResponseReturnValue:
    """The proofs of a round: those to be checked first."""
    found, region = my_round("check_proofs", slug, year)
    session, today = db.session(), day_of(clock.now())
    lines = lines_of_round(session, region, found)
    counts = Counter(_where(line, today) for line in lines)
    first = next((each for each in SHOWN if counts[each]), TO_CHECK)
    shown = asked if (asked := request.args.get("show")) in SHOWN else first
    chosen = [line for line in lines if _where(line, today) == shown]
    chosen.sort(key=_oldest)
    pages = max(1, -(-len(chosen) // PER_PAGE))
    page = min(max(1, request.args.get("page", 1, type=int)), pages)
    part = chosen[(page - 1) * PER_PAGE : page * PER_PAGE]
    return render_template(
        "funding/proofs/round.html",
        round=found,
        region=region,
        lines=part,
        groups=groups_by_id(session, [line.group_id for line in part]),
        shown=shown,
        SHOWN=SHOWN,
        counts=counts,
        page=page,
        pages=pages,
        page_address=lambda number: url_for(
            "funding.round_proofs", slug=slug, year=year, show=shown, page=number
        ),
        words=words,
        due_words=lambda line: words.due_words(line, today),
        euro_words=euro_words,
    )


@bp.post("/funding/proofs/<slug>/<int:year>")
@requires("check_proofs")
def open_proof(slug: str, year: int) -> ResponseReturnValue:
    """Open the proof of a group that has not begun it, to give it more time."""
    found, region = my_round("check_proofs", slug, year)
    group_id = number_of(request.form.get("group"))
    known = {line.group_id for line in lines_of_round(db.session(), region, found)}
    if group_id not in known:
        return redirect(url_for("funding.round_proofs", slug=slug, year=year), code=303)
    with transaction() as session:
        proof_id = begin_proof(session, region, found, group_id, now=clock.now())
    return redirect(url_for("funding.check_proof", proof_id=proof_id), code=303)


@bp.get("/funding/use-proofs/<int:proof_id>")
@requires("check_proofs")
def check_proof(proof_id: int) -> ResponseReturnValue:
    """A proof with its expenses and receipts, and what can be said to it."""
    return _page(my_use_proof(proof_id))


@bp.post("/funding/use-proofs/<int:proof_id>")
@requires("check_proofs")
def judge_proof(proof_id: int) -> ResponseReturnValue:
    """Accept a proof, or a part of it; then the next one that waits opens."""
    line = my_use_proof(proof_id)
    form = DecideForm()
    judged = _judged(line)
    if form.validate():
        try:
            with transaction() as session:
                decide_proof(
                    session,
                    proof_id,
                    judged,
                    refused_cents=form.refused.cents or 0,
                    reason=form.reason.data or "",
                    seen=number_of(form.seen.data),
                    by=get_person().id,
                    now=clock.now(),
                )
        except (BadInput, RuleBroken) as error:
            wrong = number_of((error.field or "").removeprefix("reason_"))
            if not wrong:
                form.refuse(error)
            page = _page(my_use_proof(proof_id), deciding=form, judged=judged, wrong={wrong: error.message})
            return page, error.status
        return redirect(url_for("funding.check_proof", proof_id=proof_id, done="decided"), code=303)
    return _page(line, deciding=form, judged=judged), 400


@bp.post("/funding/use-proofs/<int:proof_id>/question")
@requires("check_proofs")
def ask_about_proof(proof_id: int) -> ResponseReturnValue:
    """Ask the group something; it can change its proof and answers."""
    my_use_proof(proof_id)
    form = QuestionForm()
    if form.validate():
        try:
            with transaction() as session:
                ask_group(
                    session,
                    proof_id,
                    form.text.data or "",
                    form.until.day,
                    seen=number_of(form.seen.data),
                    by=get_person().id,
                    now=clock.now(),
                )
        except (BadInput, RuleBroken) as error:
            form.refuse(error)
            return _page(my_use_proof(proof_id), asking=form), error.status
        return redirect(url_for("funding.check_proof", proof_id=proof_id, done="asked"), code=303)
    return _page(my_use_proof(proof_id), asking=form), 400


@bp.post("/funding/use-proofs/<int:proof_id>/extension")
@requires("check_proofs")
def extend_use_proof(proof_id: int) -> ResponseReturnValue:
    """Give a group more time, with a reason."""
    my_use_proof(proof_id)
    form = MoreTimeForm()
    if form.validate():
        try:
            with transaction() as session:
                extend_proof(
                    session,
                    proof_id,
                    form.until.day,
                    form.reason.data or "",
                    by=get_person().id,
                    now=clock.now(),
                )
        except (BadInput, RuleBroken) as error:
            form.refuse(error)
            return _page(my_use_proof(proof_id), extending=form), error.status
        return redirect(url_for("funding.check_proof", proof_id=proof_id, done="extended"), code=303)
    return _page(my_use_proof(proof_id), extending=form), 400


@bp.get("/funding/use-proofs/<int:proof_id>/receipts/<int:receipt_id>")
@requires("check_proofs")
def receipt_of_proof(proof_id: int, receipt_id: int) -> ResponseReturnValue:
    """Download a receipt of a proof; to the proof when the group has removed it."""
    my_use_proof(proof_id)
    found = find_receipt(db.session(), proof_id, min(receipt_id, 2**31 - 1))
    if found is None:
        return redirect(url_for("funding.check_proof", proof_id=proof_id), code=303)
    return receipt_response(found)


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
    session, now = db.session(), clock.now()
    proof = line.proof
    if proof is None:
        raise nothing_here()
    items = items_of(session, proof.id)
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
        use=Use(
            proof.received_cents,
            sum(each.cents for each in items),
            proof.own_cents,
            proof.others_cents,
        )
        if proof.kind == FULL
        else None,
        receipts=receipts_of(session, proof.id),
        acts=acts_of_proof(session, proof.id),
        claim=claim_of_group(session, line.round.id, line.group_id, on=day_of(now)),
        next_id=_next_to_check(line),
        due=words.due_words(line, day_of(now)),
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


def _where(line: ProofLine, today: date) -> str:
    """Answer under which heading a proof stands."""
    if line.stand.state in DECIDED:
        return DONE
    if line.stand.state == SUBMITTED:
        return TO_CHECK
    if line.stand.is_overdue(today):
        return OVERDUE
    return {DRAFT: OPEN, QUESTIONS: ASKED}[line.stand.state]


def _oldest(line: ProofLine) -> Any:
    at = line.proof.submitted_at if line.proof else None
    return (at is None, at.timestamp() if at else 0.0, line.group_id)


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
