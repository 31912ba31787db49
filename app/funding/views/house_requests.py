"""A clearing house asks for its own flat grant: where it stands, its pages, and how it proves what it spent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import url_for

from app.accounts.guard import authorize, requires
from app.clearinghouses.desk_house import my_house, my_houses
from app.funding.rules.ledger_accounts import HOUSE, Payee
from app.funding.views.blueprint import bp
from app.funding.views.direct_notices import opened_direct
from app.funding.views.institution_pages import Ways, get_found, page_view, proof_view
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

    from app.funding.queries.direct_notices import DirectLine
    from app.funding.queries.institutions import Found

WAYS = Ways(
    "funding.house_request",
    "funding.house_request_page",
    "funding.house_request_proof",
    start="funding.house_funding",
    decision="funding.house_decision",
)


@bp.get("/desk/funding")
@requires("apply_for_house")
def house_funding() -> ResponseReturnValue:
    """The requests of a house, and for which years it can still ask."""
    return _start()


@bp.post("/desk/funding")
@requires("apply_for_house")
def begin_house_request() -> ResponseReturnValue:
    """Begin the request of a year, with everything that is known already."""
    house = my_house("apply_for_house")
    try:
        return begin_view(Payee(HOUSE, house.id), WAYS)
    except BadInput as error:
        return _start(problem=error), 400


@bp.route("/desk/funding/<int:institution_id>", methods=["GET", "POST"])
@requires("apply_for_house")
def house_request(institution_id: int) -> ResponseReturnValue:
    """How the request of a house stands; submit it."""
    return request_view(_own(institution_id), WAYS)


@bp.route("/desk/funding/<int:institution_id>/<page>", methods=["GET", "POST"])
@requires("apply_for_house")
def house_request_page(institution_id: int, page: str) -> ResponseReturnValue:
    """One page of the request of a house."""
    return page_view(_own(institution_id), page, WAYS)


@bp.route("/desk/funding/<int:institution_id>/proof", methods=["GET", "POST"])
@requires("apply_for_house")
def house_request_proof(institution_id: int) -> ResponseReturnValue:
    """Prove what a house did with its grant."""
    return proof_view(_own(institution_id), WAYS)


@bp.get("/funding/house-decisions/<int:notice_id>")
@requires("apply_for_house")
def house_decision(notice_id: int) -> ResponseReturnValue:
    """What was decided about the request of a house, word by word, and until when one can object."""
    letter_url = url_for("funding.house_decision_letter", notice_id=notice_id)
    return decision_page(_own_notice(notice_id), WAYS, letter_url=letter_url)


@bp.get("/funding/house-decisions/<int:notice_id>/letter.pdf")
@requires("apply_for_house")
def house_decision_letter(notice_id: int) -> ResponseReturnValue:
    """The letter, as it was made."""
    return letter_response(opened_direct(_own_notice(notice_id), is_theirs=True).notice)


def _own_notice(notice_id: int) -> DirectLine:
    """Answer a notice to a house that somebody may write for.

    Raises:
        NotFound: there is none that was sent, it is for somebody else, or they may not read it.
    """
    line = sent_notice(notice_id)
    if line.notice.clearinghouse_id is None:
        raise nothing_here()
    authorize("apply_for_house", clearinghouse_id=line.notice.clearinghouse_id)
    return line


def _start(*, problem: BadInput | None = None) -> str:
    house = my_house("apply_for_house")
    return start_page(
        Payee(HOUSE, house.id),
        WAYS,
        problem=problem,
        house=house,
        houses=my_houses("apply_for_house"),
        begin_url=url_for("funding.begin_house_request", house=house.slug),
        way_url=url_for("funding.house_notice_way", house=house.slug),
    )


def _own(institution_id: int) -> Found:
    """Answer the request of a house that somebody may write for.

    Raises:
        NotFound: there is none, or they may not.
    """
    found = get_found(institution_id)
    authorize("apply_for_house", clearinghouse_id=found.request.clearinghouse_id or 0)
    return found
