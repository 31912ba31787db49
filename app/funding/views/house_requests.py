"""A clearing house asks for its own flat grant: where it stands, its pages, and how it proves what it spent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, render_template, request, url_for

from app.accounts.guard import authorize, get_person, requires
from app.clearinghouses.desk_house import my_house, my_houses
from app.funding.queries.direct_notices import DirectLine, find_direct_notice
from app.funding.queries.institutions import Found, requests_of
from app.funding.queries.notice_ways import newest_ways
from app.funding.rules.ledger_accounts import HOUSE, Payee
from app.funding.services.institutions import begin_request
from app.funding.views.blueprint import bp
from app.funding.views.direct_notices import direct_notice_parts, opened_direct
from app.funding.views.institution_pages import (
    Ways,
    get_found,
    overview_facts,
    page_view,
    proof_view,
    submit_view,
    years_left,
)
from app.funding.views.notices import letter_response
from app.funding.words import institutions as words
from app.funding.words.notice_ways import WAY_WORDS
from app.groups.listings.forms import number_of
from app.shared import clock
from app.shared.error_pages import nothing_here
from app.shared.errors import BadInput
from app.shared.extensions import db
from app.shared.transactions import transaction

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

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
    year = number_of(request.form.get("year")) or 0
    try:
        with transaction() as session:
            payee = Payee(HOUSE, house.id)
            number = begin_request(session, payee, year, by=get_person().id, now=clock.now())
    except BadInput as error:
        return _start(problem=error), 400
    return redirect(url_for(WAYS.overview, institution_id=number), code=303)


@bp.route("/desk/funding/<int:institution_id>", methods=["GET", "POST"])
@requires("apply_for_house")
def house_request(institution_id: int) -> ResponseReturnValue:
    """How the request of a house stands; submit it."""
    found = _own(institution_id)
    problem = submit_view(found) if request.method == "POST" else None
    if request.method == "POST" and problem is None:
        return WAYS.to_overview(found, done="submitted")
    facts = overview_facts(get_found(institution_id), WAYS, problem=problem)
    return render_template("funding/institutions/overview.html", **facts), 409 if problem else 200


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
    line = _own_notice(notice_id)
    return render_template(
        "funding/notices/received.html",
        back_url=url_for("funding.house_funding"),
        letter_url=url_for("funding.house_decision_letter", notice_id=notice_id),
        **direct_notice_parts(opened_direct(line, is_theirs=True)),
    )


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
    line = find_direct_notice(db.session(), notice_id) if notice_id < 2**31 else None
    if line is None or not line.dispatch.is_out or line.notice.clearinghouse_id is None:
        raise nothing_here()
    authorize("apply_for_house", clearinghouse_id=line.notice.clearinghouse_id)
    return line


def _start(*, problem: BadInput | None = None) -> str:
    house = my_house("apply_for_house")
    payee = Payee(HOUSE, house.id)
    found = requests_of(db.session(), payee)
    return render_template(
        "funding/institutions/house.html",
        house=house,
        houses=my_houses("apply_for_house"),
        begin_url=url_for("funding.begin_house_request", house=house.slug),
        requests=found,
        years=years_left(found),
        ways=WAYS,
        words=words,
        problem=problem,
        way_url=url_for("funding.house_notice_way", house=house.slug),
        way=newest_ways(db.session(), [payee]).get(payee),
        **WAY_WORDS,
    )


def _own(institution_id: int) -> Found:
    """Answer the request of a house that somebody may write for.

    Raises:
        NotFound: there is none, or they may not.
    """
    found = get_found(institution_id)
    authorize("apply_for_house", clearinghouse_id=found.request.clearinghouse_id or 0)
    return found
