"""Requests of clearing houses and organisations for those who decide: the list, a request, questions, the decision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.guard import authorize, get_person, requires
from app.accounts.rules.permissions import Scope, may
from app.funding.fields import sum_text
from app.funding.forms.institutions import BeginForm, DecisionForm, QuestionForm
from app.funding.models import Organisation
from app.funding.queries.balances import get_budget
from app.funding.queries.institutions import Found, list_requests
from app.funding.rules.ledger_accounts import HOUSE, ORGANISATION, Payee
from app.funding.rules.publication import FEDERAL_AREA
from app.funding.services.institutions import begin_request
from app.funding.views.blueprint import bp
from app.funding.views.institution_pages import (
    Ways,
    get_found,
    overview_facts,
    page_view,
    proof_view,
)
from app.funding.views.money_pages import asked_state, asked_year, money_page
from app.funding.words import institutions as words
from app.funding.words.pots import read_names
from app.groups.listings.forms import number_of
from app.groups.meetings.schedules import day_of
from app.shared import clock
from app.shared.errors import BadInput, RuleBroken
from app.shared.extensions import db
from app.shared.transactions import transaction

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

WAYS = Ways("funding.institution", "funding.institution_page", "funding.institution_proof")


@bp.get("/funding/institutions")
@requires("see_institutions")
def institutions() -> ResponseReturnValue:
    """The requests of a year, those that wait first."""
    year, state = asked_year(), asked_state()
    states = {each for each in seen_states() if state in (None, each or FEDERAL_AREA)}
    found = list_requests(db.session(), year, states)
    found.sort(key=lambda each: (each.request.state != "submitted", _waits_for_check(each) is False))
    return money_page("institutions/list.html", year, requests=found, state=state, words=words, HOUSE=HOUSE)


@bp.route("/funding/institutions/new", methods=["GET", "POST"])
@requires("decide_institutions")
def new_institution_request() -> ResponseReturnValue:
    """Enter the request of an organisation that has nobody who signs in."""
    form = BeginForm(request.form if request.method == "POST" else None)
    this = day_of(clock.now()).year
    organisations = _organisations()
    form.organisation.choices = [(str(number), name) for number, name in organisations.items()]
    form.year.choices = [(str(year), str(year)) for year in (this, this + 1)]
    chosen = number_of(form.organisation.data) or 0
    if request.method == "POST" and chosen not in organisations:
        form.organisation.errors = [_("Please choose an organisation.")]
    elif request.method == "POST":
        try:
            with transaction() as session:
                payee, year = Payee(ORGANISATION, chosen), number_of(form.year.data) or 0
                begun = begin_request(session, payee, year, by=get_person().id, now=clock.now())
        except BadInput as error:
            form.refuse(error)
        else:
            return redirect(url_for(WAYS.overview, institution_id=begun), code=303)
    return money_page("institutions/new.html", this, form=form), 400 if form.errors else 200


@bp.get("/funding/institutions/<int:institution_id>")
@requires("see_institutions")
def institution(institution_id: int) -> ResponseReturnValue:
    """A request with all that speaks for and against it, and what was done with it."""
    return request_page(get_seen(institution_id, "see_institutions"))


@bp.route("/funding/institutions/<int:institution_id>/<page>", methods=["GET", "POST"])
@requires("decide_institutions")
def institution_page(institution_id: int, page: str) -> ResponseReturnValue:
    """One page of the request of an organisation."""
    found = get_seen(institution_id)
    return WAYS.to_overview(found) if found.kind == HOUSE else page_view(found, page, WAYS)


@bp.route("/funding/institutions/<int:institution_id>/proof", methods=["GET", "POST"])
@requires("decide_institutions")
def institution_proof(institution_id: int) -> ResponseReturnValue:
    """Enter how an organisation proves what it did with its grant."""
    found = get_seen(institution_id)
    return WAYS.to_overview(found) if found.kind == HOUSE else proof_view(found, WAYS)


def seen_states() -> list[str | None]:
    """Answer the Länder whose requests somebody sees; None is the whole country."""
    return _states("see_institutions")


def decided_states() -> list[str | None]:
    """Answer the Länder about whose requests somebody decides; None is the whole country."""
    return _states("decide_institutions")


def _states(permission: str) -> list[str | None]:
    keys = [FEDERAL_AREA, *read_names(db.session()).states]
    mine = [each for each in keys if may(get_person().actor, permission, Scope(state_ags=each))]
    return [None if each == FEDERAL_AREA else each for each in mine]


def get_seen(institution_id: int, permission: str = "decide_institutions") -> Found:
    """Answer a request of a Land that somebody has the permission for.

    Raises:
        NotFound: there is none, or they have not.
    """
    found = get_found(institution_id)
    authorize(permission, state_ags=found.request.state_ags or FEDERAL_AREA)
    return found


def _organisations() -> dict[int, str]:
    names, mine = read_names(db.session()), set(decided_states())
    rows = db.session().execute(
        sa.select(Organisation.id, Organisation.name, Organisation.state_ags).order_by(
            Organisation.state_ags, Organisation.name
        )
    )
    return {number: f"{name} ({names.state(state)})" for number, name, state in rows if state in mine}


def _waits_for_check(found: Found) -> bool:
    return found.proof is not None and found.proof.state == "submitted"


def request_page(
    found: Found,
    *,
    decision: DecisionForm | None = None,
    question: QuestionForm | None = None,
    check: QuestionForm | None = None,
    problem: RuleBroken | None = None,
) -> str:
    """Answer the page of a request; a form that was refused stands there as it was typed."""
    decides = may(
        get_person().actor, "decide_institutions", Scope(state_ags=found.request.state_ags or FEDERAL_AREA)
    )
    seen = str(found.request.version)
    if decision is None:
        decision = DecisionForm(None, data={"cents": sum_text(found.request.asked_cents), "seen": seen})
    question = question or QuestionForm(None, prefix="question")
    check = check or QuestionForm(None, prefix="proof")
    decision.seen.data = question.seen.data = seen
    check.seen.data = str(found.proof.version) if found.proof else ""
    budget = get_budget(db.session(), found.pot)
    facts: dict[str, Any] = overview_facts(found, WAYS, problem=problem)
    return render_template(
        "funding/institutions/request.html",
        decides=decides,
        is_writer=get_person().id in facts["writers"],
        may_pay=may(get_person().actor, "grant_directly"),
        decision_form=decision,
        question_form=question,
        check_form=check,
        left_text=sum_text(max(0, found.proof.remaining_cents - facts["returned"])) if found.proof else "",
        free=budget.granted - budget.committed if budget else 0,
        **facts,
    )
