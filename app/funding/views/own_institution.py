"""What houses and organisations do alike with a flat grant of their own; who may, the views of each say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import redirect, render_template, request, url_for

from app.accounts.guard import get_person
from app.funding.queries.direct_notices import DirectLine, find_direct_notice
from app.funding.queries.institutions import Found, requests_of
from app.funding.queries.notice_ways import newest_ways
from app.funding.services.institutions import begin_request
from app.funding.views.direct_notices import direct_notice_parts, opened_direct
from app.funding.views.institution_pages import Ways, get_found, overview_facts, submit_view, years_left
from app.funding.words import institutions as words
from app.funding.words.notice_ways import WAY_WORDS
from app.groups.listings.forms import number_of
from app.shared import clock
from app.shared.error_pages import nothing_here
from app.shared.extensions import db
from app.shared.transactions import transaction

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from app.funding.rules.ledger_accounts import Payee
    from app.shared.errors import BadInput


def start_page(payee: Payee, ways: Ways, *, problem: BadInput | None = None, **whose: Any) -> str:
    """Answer the page with all requests of somebody, and for which years they can still ask."""
    found = requests_of(db.session(), payee)
    return render_template(
        "funding/institutions/house.html",
        requests=found,
        years=years_left(found),
        ways=ways,
        words=words,
        problem=problem,
        way=newest_ways(db.session(), [payee]).get(payee),
        **WAY_WORDS,
        **whose,
    )


def begin_view(payee: Payee, ways: Ways) -> ResponseReturnValue:
    """Begin the request of the year that was sent, and lead to it.

    Raises:
        BadInput: nothing can be asked for that year.
    """
    year = number_of(request.form.get("year")) or 0
    with transaction() as session:
        number = begin_request(session, payee, year, by=get_person().id, now=clock.now())
    return redirect(url_for(ways.overview, institution_id=number), code=303)


def request_view(found: Found, ways: Ways) -> ResponseReturnValue:
    """Show how a request stands; submit it, where that was sent."""
    problem = submit_view(found) if request.method == "POST" else None
    if request.method == "POST" and problem is None:
        return ways.to_overview(found, done="submitted")
    facts = overview_facts(get_found(found.request.id), ways, problem=problem)
    return render_template("funding/institutions/overview.html", **facts), 409 if problem else 200


def sent_notice(notice_id: int) -> DirectLine:
    """Answer a notice that was sent.

    Raises:
        NotFound: there is none.
    """
    line = find_direct_notice(db.session(), notice_id) if notice_id < 2**31 else None
    if line is None or not line.dispatch.is_out:
        raise nothing_here()
    return line


def decision_page(line: DirectLine, ways: Ways, *, letter_url: str) -> str:
    """Answer the page of a notice, which whoever asked has opened now."""
    parts = direct_notice_parts(opened_direct(line, is_theirs=True))
    return render_template(
        "funding/notices/received.html", back_url=url_for(ways.start), letter_url=letter_url, **parts
    )
