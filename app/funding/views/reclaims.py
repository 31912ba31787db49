"""Money that has to come back: the list, and each claim with letter, instalments, waiver and what came."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from flask import redirect, render_template, request, url_for

from app.accounts.guard import authorize, get_person, requires
from app.funding.forms.proofs import CameForm, PlanForm, WaiverForm, WriteForm
from app.funding.queries.payees import payee_names
from app.funding.queries.proofs import line_of_group
from app.funding.queries.reclaims import (
    ClaimLine,
    came_since,
    find_claim,
    interest_of,
    interest_paid,
    letter_of,
    list_claims,
    plan_of_claim,
    waivers_of,
)
from app.funding.queries.round_pages import names_of
from app.funding.reference_files import base_rates
from app.funding.rules.ledger_accounts import a_group
from app.funding.rules.reclaim import LEGAL_BASES, SETTLED, equal_plan
from app.funding.services.claim_settling import (
    agree_on_plan,
    ask_to_waive,
    book_back,
    book_interest,
    decide_waiver,
)
from app.funding.services.reclaims import write_claim
from app.funding.views.blueprint import bp
from app.funding.views.my_rounds import may_in, my_regions
from app.funding.words import proofs as words
from app.groups.listings.forms import number_of
from app.groups.meetings.schedules import day_of
from app.groups.presentation import date_words
from app.shared import clock
from app.shared.error_pages import nothing_here
from app.shared.errors import BadInput, RuleBroken
from app.shared.extensions import db
from app.shared.money import euro_words
from app.shared.pdf import NotPrintable, pdf_response
from app.shared.transactions import transaction

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from app.shared.visitor_forms import VisitorForm

PER_PAGE = 50


@bp.get("/funding/reclaims")
@requires("see_reclaims")
def reclaims() -> ResponseReturnValue:
    """What has to come back in my regions: what is open first."""
    session, today = db.session(), day_of(clock.now())
    lines = list_claims(session, [each.id for each in my_regions("see_reclaims")], on=today)
    lines.sort(key=lambda line: line.state == SETTLED)
    pages = max(1, -(-len(lines) // PER_PAGE))
    page = min(max(1, request.args.get("page", 1, type=int)), pages)
    part = lines[(page - 1) * PER_PAGE : page * PER_PAGE]
    names = payee_names(session, [a_group(line.reclaim.group_id) for line in part])
    return render_template(
        "funding/reclaims/list.html",
        lines=part,
        names={payee.id: name for payee, name in names.items()},
        open_cents=sum(line.claim.open_cents for line in lines),
        open_count=sum(line.claim.open_cents > 0 for line in lines),
        came_cents=sum(line.claim.came_cents for line in lines),
        waived_cents=sum(line.claim.waived_cents for line in lines),
        page=page,
        pages=pages,
        page_address=lambda number: url_for("funding.reclaims", page=number),
        words=words,
        euro_words=euro_words,
        date_words=date_words,
    )


@bp.get("/funding/reclaims/<int:reclaim_id>")
@requires("see_reclaims")
def show_reclaim(reclaim_id: int) -> ResponseReturnValue:
    """A claim: what is open and why, what came, and what can be done."""
    return _page(my_claim("see_reclaims", reclaim_id))


@bp.post("/funding/reclaims/<int:reclaim_id>/letter")
@requires("work_on_reclaims")
def write_reclaim(reclaim_id: int) -> ResponseReturnValue:
    """Tell the group in writing what has to come back, and until when."""
    form = WriteForm()
    return _do(
        "work_on_reclaims",
        reclaim_id,
        form,
        "writing",
        lambda session: write_claim(
            session,
            reclaim_id,
            due_on=form.due_on.day,
            interest_from=form.interest_from.data,
            by=get_person().id,
            now=clock.now(),
        ),
    )


@bp.get("/funding/reclaims/<int:reclaim_id>/letter.pdf")
@requires("see_reclaims")
def reclaim_letter(reclaim_id: int) -> ResponseReturnValue:
    """The letter as it is kept; to the claim while there is none."""
    my_claim("see_reclaims", reclaim_id)
    letter = letter_of(db.session(), reclaim_id)
    if letter is None:
        return redirect(url_for("funding.show_reclaim", reclaim_id=reclaim_id), code=303)
    return pdf_response(letter.body, f"erstattung-{letter.reclaim_id}")


@bp.post("/funding/reclaims/<int:reclaim_id>/plan")
@requires("work_on_reclaims")
def plan_reclaim(reclaim_id: int) -> ResponseReturnValue:
    """Agree on equal instalments, month by month."""
    form = PlanForm()

    def agree(session: Session) -> None:
        line = my_claim("work_on_reclaims", reclaim_id)
        cents = max(1, line.claim.open_cents)
        plan = equal_plan(cents, min(form.count.number or 1, cents), form.first_on.day)
        agree_on_plan(session, reclaim_id, plan, by=get_person().id, now=clock.now())

    return _do("work_on_reclaims", reclaim_id, form, "planning", agree)


@bp.post("/funding/reclaims/<int:reclaim_id>/waiver")
@requires("work_on_reclaims")
def propose_waiver(reclaim_id: int) -> ResponseReturnValue:
    """Propose that money need not come back; somebody else decides."""
    form = WaiverForm()
    return _do(
        "work_on_reclaims",
        reclaim_id,
        form,
        "waiving",
        lambda session: ask_to_waive(
            session,
            reclaim_id,
            form.cents.cents or 0,
            form.reason.data or "",
            by=get_person().id,
            now=clock.now(),
        ),
    )


@bp.post("/funding/reclaims/<int:reclaim_id>/waiver/<int:waiver_id>")
@requires("decide_waivers")
def decide_on_waiver(reclaim_id: int, waiver_id: int) -> ResponseReturnValue:
    """Decide as a second person whether money is waived."""
    my_claim("decide_waivers", reclaim_id)
    try:
        with transaction() as session:
            decide_waiver(
                session,
                reclaim_id,
                min(waiver_id, 2**31 - 1),
                is_granted=request.form.get("decision") == "grant",
                by=get_person().id,
                now=clock.now(),
            )
    except RuleBroken as error:
        return _page(my_claim("decide_waivers", reclaim_id), problem=error.message), error.status
    return _back(reclaim_id, "waiver_decided")


@bp.post("/funding/reclaims/<int:reclaim_id>/money")
@requires("book_reclaims")
def book_reclaim(reclaim_id: int) -> ResponseReturnValue:
    """Book what came back of the grant, or interest."""
    form = CameForm()

    def book(session: Session) -> None:
        cents, day, token = form.cents.cents or 0, form.received_on.day, form.token.data or ""
        by, now = get_person().id, clock.now()
        if request.form.get("what") == "interest":
            book_interest(session, reclaim_id, cents, received_on=day, token=token, by=by, now=now)
        else:
            seen = number_of(form.seen.data)
            book_back(session, reclaim_id, cents, received_on=day, token=token, seen_cents=seen, now=now)

    return _do("book_reclaims", reclaim_id, form, "booking", book)


def my_claim(permission: str, reclaim_id: int) -> ClaimLine:
    """Answer a claim in a region of whoever is signed in.

    Raises:
        NotFound: there is none, or they may not.
    """
    line = find_claim(db.session(), reclaim_id, on=day_of(clock.now())) if reclaim_id < 2**31 else None
    if line is None:
        raise nothing_here()
    authorize(permission, region_id=line.region.id, state_ags=line.region.state_ags)
    return line


def _do(
    permission: str, reclaim_id: int, form: VisitorForm, name: str, act: Callable[[Session], object]
) -> ResponseReturnValue:
    """Do what a form asks for, or answer the page with what is to be put right."""
    my_claim(permission, reclaim_id)
    if not form.validate():
        return _page(my_claim(permission, reclaim_id), **{name: form}), 400
    try:
        with transaction() as session:
            act(session)
    except (BadInput, RuleBroken, NotPrintable) as error:
        form.refuse(error)
        return _page(my_claim(permission, reclaim_id), **{name: form}), error.status
    return _back(reclaim_id, name)


def _back(reclaim_id: int, done: str) -> ResponseReturnValue:
    return redirect(url_for("funding.show_reclaim", reclaim_id=reclaim_id, done=done), code=303)


def _page(line: ClaimLine, *, problem: str = "", **sent: Any) -> str:
    session, today = db.session(), day_of(clock.now())
    reclaim = line.reclaim
    booking = sent.get("booking") or CameForm(
        formdata=None, data={"received_on": today.isoformat(), "token": secrets.token_hex(8)}
    )
    booking.seen.data = str(line.claim.open_cents)
    month = (today + timedelta(days=30)).isoformat()
    forms = {
        "writing": WriteForm(formdata=None, data={"due_on": month}),
        "planning": PlanForm(formdata=None, data={"count": "3", "first_on": month}),
        "waiving": WaiverForm(formdata=None),
    } | sent
    waivers = waivers_of(session, reclaim.id)
    interest = interest_of(session, line, on=today)
    people = {reclaim.opened_by, reclaim.written_by, *(each.asked_by for each in waivers)}
    people |= {each.decided_by for each in waivers}
    proof = line_of_group(session, line.region, line.round, reclaim.group_id).proof
    return render_template(
        "funding/reclaims/show.html",
        line=line,
        name=payee_names(session, [a_group(reclaim.group_id)])[a_group(reclaim.group_id)],
        proof=proof if may_in("check_proofs", line.region) else None,
        problem=problem,
        interest=max(0, interest - interest_paid(session, reclaim.id)),
        interest_came=interest_paid(session, reclaim.id),
        rates=base_rates(),
        is_rate_known=today <= base_rates().known_until,
        plan=plan_of_claim(session, line, on=today),
        came=came_since(session, line),
        waivers=waivers,
        people=names_of(session, {each for each in people if each}),
        me=get_person().id,
        may_work=may_in("work_on_reclaims", line.region),
        may_decide=may_in("decide_waivers", line.region),
        may_book=may_in("book_reclaims", line.region),
        done=request.args.get("done", ""),
        words=words,
        LEGAL_BASES=LEGAL_BASES,
        euro_words=euro_words,
        date_words=date_words,
        day_words=lambda moment: date_words(day_of(moment)),
        **{**forms, "booking": booking},
    )
