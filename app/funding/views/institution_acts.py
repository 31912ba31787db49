"""What is done with a request of a clearing house or an organisation: asked about, decided, told, its proof checked."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from flask import request
from flask_babel import gettext as _

from app.accounts.guard import get_person, requires
from app.funding.forms.institutions import DecisionForm, QuestionForm
from app.funding.rules.ledger_accounts import HOUSE
from app.funding.services.institution_decisions import decide_request
from app.funding.services.institution_notices import notices_of, tell_institution
from app.funding.services.institution_proofs import check_proof
from app.funding.services.institution_questions import return_request
from app.funding.views.blueprint import bp
from app.funding.views.institution_pages import get_found, submit_view
from app.funding.views.institutions import WAYS, get_seen, request_page
from app.funding.views.notices import letter_response
from app.groups.listings.forms import number_of
from app.shared import clock
from app.shared.errors import BadInput, RuleBroken
from app.shared.extensions import db
from app.shared.transactions import transaction

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue

    from app.funding.queries.institutions import Found


@bp.post("/funding/institutions/<int:institution_id>/submit")
@requires("decide_institutions")
def submit_institution(institution_id: int) -> ResponseReturnValue:
    """Submit the request of an organisation as entered."""
    found = get_seen(institution_id)
    if found.kind == HOUSE:
        return WAYS.to_overview(found)
    problem = submit_view(found)
    if problem is not None:
        return request_page(get_found(institution_id), problem=problem), 409
    return WAYS.to_overview(found, done="submitted")


@bp.post("/funding/institutions/<int:institution_id>/return")
@requires("decide_institutions")
def return_institution(institution_id: int) -> ResponseReturnValue:
    """Ask whoever wrote the request about what is not clear."""
    found = get_seen(institution_id)
    form = QuestionForm(request.form, prefix="question")
    form.validate()
    refused = _refused(found, "question", form, return_request, form.words.data or "")
    return refused or WAYS.to_overview(found, done="returned")


@bp.post("/funding/institutions/<int:institution_id>/decide")
@requires("decide_institutions")
def decide_institution(institution_id: int) -> ResponseReturnValue:
    """Decide about a request: what is granted is promised at once."""
    found = get_seen(institution_id)
    form = DecisionForm(request.form)
    if form.validate() and form.cents.cents is None:
        form.cents.errors = [_("Please give the sum; 0 rejects the request.")]
    refused = _refused(found, "decision", form, decide_request, form.cents.cents or 0, form.words.data or "")
    if refused is not None:
        return refused
    _tell(institution_id)
    return WAYS.to_overview(found, done="decided")


@bp.post("/funding/institutions/<int:institution_id>/notice")
@requires("decide_institutions")
def tell_decided_institution(institution_id: int) -> ResponseReturnValue:
    """Make the notices that are still due about a request."""
    found = get_seen(institution_id)
    if found.request.decided_at is None:
        return WAYS.to_overview(found)
    problem = _tell(institution_id)
    if problem is not None:
        return request_page(get_found(institution_id), problem=problem), 409
    return WAYS.to_overview(found, done="told")


@bp.get("/funding/institutions/<int:institution_id>/letter/<int:number>")
@requires("see_institutions")
def institution_letter(institution_id: int, number: int) -> ResponseReturnValue:
    """A notice about a request, as the file that was made."""
    found = get_seen(institution_id, "see_institutions")
    lines = notices_of(db.session(), found)
    return letter_response(lines[number - 1].notice) if 0 < number <= len(lines) else WAYS.to_overview(found)


@bp.post("/funding/institutions/<int:institution_id>/proof/check")
@requires("decide_institutions")
def check_institution_proof(institution_id: int) -> ResponseReturnValue:
    """Accept a proof, or ask about it."""
    found = get_seen(institution_id)
    form = QuestionForm(request.form, prefix="proof")
    form.validate()
    accepts = request.form.get("action") == "accept"
    refused = _refused(found, "check", form, partial(check_proof, accepts=accepts), form.words.data or "")
    return refused or WAYS.to_overview(found, done="accepted" if accepts else "questioned")


def _refused(
    found: Found, name: str, form: DecisionForm | QuestionForm, act: Callable[..., None], *given: Any
) -> ResponseReturnValue | None:
    """Do what a form asks for that was looked at; answer the page with what stands in the way, None when it is done."""
    institution_id = found.request.id
    if form.errors:
        return request_page(found, **{name: form}), 400
    try:
        with transaction() as session:
            seen = number_of(form.seen.data) or 0
            act(session, institution_id, *given, seen=seen, by=get_person().id, now=clock.now())
    except BadInput as error:
        form.refuse(error)
        return request_page(get_found(institution_id), **{name: form}), 400
    except RuleBroken as error:
        return request_page(get_found(institution_id), problem=error, **{name: form}), 409
    return None


def _tell(institution_id: int) -> RuleBroken | None:
    """Make the notices in a transaction of their own, so that what is decided stays; answer why they could not be."""
    try:
        with transaction() as session:
            tell_institution(session, institution_id, now=clock.now())
    except RuleBroken as error:
        return error
    return None
