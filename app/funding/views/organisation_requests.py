"""An organisation asks for its own flat grant: where it stands, its pages, what was decided, and how it is proven."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import url_for

from app.accounts.guard import authorize, requires
from app.funding.rules.ledger_accounts import ORGANISATION, Payee
from app.funding.views.blueprint import bp
from app.funding.views.direct_notices import opened_direct
from app.funding.views.institution_pages import Ways, get_found, page_view, proof_view
from app.funding.views.my_organisation import my_organisation, my_organisations
from app.funding.views.notices import letter_response
from app.funding.views.own_institution import (
    begin_view,
    decision_page,
    request_view,
    sent_notice,
    start_page,
)
from app.shared.error_pages import nothing_here
from app.shared.errors import BadInput

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from app.funding.models import Organisation
    from app.funding.queries.direct_notices import DirectLine
    from app.funding.queries.institutions import Found

WAYS = Ways(
    "funding.organisation_request",
    "funding.organisation_request_page",
    "funding.organisation_request_proof",
    start="funding.organisation_funding",
    decision="funding.organisation_decision",
)


@bp.get("/funding/organisation")
@requires("apply_for_organisation")
def organisation_funding() -> ResponseReturnValue:
    """The requests of an organisation, and for which years it can still ask."""
    return _start(my_organisation())


@bp.post("/funding/organisation")
@requires("apply_for_organisation")
def begin_organisation_request() -> ResponseReturnValue:
    """Begin the request of a year, with everything that is known already."""
    own = my_organisation()
    try:
        return begin_view(Payee(ORGANISATION, own.id), WAYS)
    except BadInput as error:
        return _start(my_organisation(), problem=error), 400


@bp.route("/funding/organisation/<int:institution_id>", methods=["GET", "POST"])
@requires("apply_for_organisation")
def organisation_request(institution_id: int) -> ResponseReturnValue:
    """How the request of an organisation stands; submit it."""
    return request_view(_own(institution_id), WAYS)


@bp.route("/funding/organisation/<int:institution_id>/<page>", methods=["GET", "POST"])
@requires("apply_for_organisation")
def organisation_request_page(institution_id: int, page: str) -> ResponseReturnValue:
    """One page of the request of an organisation."""
    return page_view(_own(institution_id), page, WAYS)


@bp.route("/funding/organisation/<int:institution_id>/proof", methods=["GET", "POST"])
@requires("apply_for_organisation")
def organisation_request_proof(institution_id: int) -> ResponseReturnValue:
    """Prove what an organisation did with its grant."""
    return proof_view(_own(institution_id), WAYS)


@bp.get("/funding/organisation-decisions/<int:notice_id>")
@requires("apply_for_organisation")
def organisation_decision(notice_id: int) -> ResponseReturnValue:
    """What was decided about the request of an organisation, word by word, and until when one can object."""
    letter_url = url_for("funding.organisation_decision_letter", notice_id=notice_id)
    return decision_page(_own_notice(notice_id), WAYS, letter_url=letter_url)


@bp.get("/funding/organisation-decisions/<int:notice_id>/letter.pdf")
@requires("apply_for_organisation")
def organisation_decision_letter(notice_id: int) -> ResponseReturnValue:
    """The letter, as it was made."""
    return letter_response(opened_direct(_own_notice(notice_id), is_theirs=True).notice)


def _start(own: Organisation, *, problem: BadInput | None = None) -> str:
    return start_page(
        Payee(ORGANISATION, own.id),
        WAYS,
        problem=problem,
        organisation=own,
        organisations=my_organisations(),
        begin_url=url_for("funding.begin_organisation_request", organisation=own.slug),
        way_url=url_for("funding.organisation_notice_way", organisation=own.slug),
    )


def _own(institution_id: int) -> Found:
    """Answer the request of an organisation that somebody may write for.

    Raises:
        NotFound: there is none, or they may not.
    """
    found = get_found(institution_id)
    authorize("apply_for_organisation", organisation_id=found.request.organisation_id or 0)
    return found


def _own_notice(notice_id: int) -> DirectLine:
    """Answer a notice to an organisation that somebody may write for.

    Raises:
        NotFound: there is none that was sent, it is for somebody else, or they may not read it.
    """
    line = sent_notice(notice_id)
    if line.notice.organisation_id is None:
        raise nothing_here()
    authorize("apply_for_organisation", organisation_id=line.notice.organisation_id)
    return line
