"""The proofs of use of a round, as the office finds them: to be looked at, overdue, due."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from flask import redirect, render_template, request, url_for

from app.accounts.guard import requires
from app.funding.models import GrantRound
from app.funding.queries.proofs import ProofLine, lines_of_round
from app.funding.queries.requests import groups_by_id
from app.funding.rules.proof import DECIDED, DRAFT, QUESTIONS, SUBMITTED
from app.funding.services.proofs import begin_proof
from app.funding.views.blueprint import bp
from app.funding.views.my_rounds import my_regions, my_round
from app.funding.words import proofs as words
from app.groups.listings.forms import number_of
from app.groups.meetings.schedules import day_of
from app.groups.presentation import date_words
from app.shared import clock
from app.shared.extensions import db
from app.shared.money import euro_words
from app.shared.transactions import transaction

if TYPE_CHECKING:
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
