"""Requests of clearing houses and organisations for tests, through the forms and services of everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from werkzeug.datastructures import MultiDict

from app.funding.forms.institutions import kept_of, page_form
from app.funding.models import DirectNotice, DirectNoticeAct, InstitutionAct, InstitutionRequest
from app.funding.queries.institutions import find_request
from app.funding.rules.institutions import STATEMENTS_OF
from app.funding.rules.ledger_accounts import Payee
from app.funding.services.institutions import begin_request, save_page, submit_request
from app.groups.meetings.schedules import day_of
from app.shared import clock

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

COLUMNS = {"house": "clearinghouse_id", "organisation": "organisation_id"}
WRITER, DECIDER = 9_001, 9_002
"""Numbers of two people that no account has."""
PAGES: dict[str, dict[str, Any]] = {
    "staff": {
        "professional": "1,5",
        "professional_people": "2",
        "administration": "0,5",
        "administration_people": "1",
        "inhabitants": "150000",
    },
    "hours": {"phone": "10", "visit": "4,5", "places": "1"},
    "figures": {
        "channel_email": "300",
        "channel_phone": "200",
        "role_affected": "350",
        "role_relative": "90",
    },
    "money": {
        "cost_staff": "90.000",
        "cost_premises": "10000",
        "income_municipality": "70000",
        "income_own": "5000",
        "asked": "25000",
    },
}
"""The pages of a house that has nothing to hide, as they are typed."""


def write_institution(
    session: Session,
    payee: Payee,
    *,
    year: int = 0,
    by: int = WRITER,
    now: datetime | None = None,
    submits: bool = True,
    **pages: dict[str, Any],
) -> int:
    """Afterwards somebody has written a request, the pages as above unless told otherwise; answer its number."""
    now = now or clock.now()
    number = begin_request(session, payee, year or day_of(now).year, by=by, now=now)
    found = find_request(session, number)
    assert found is not None
    for page in found.pages:
        usual = PAGES[page] if page != "declarations" else {"statements": STATEMENTS_OF[payee.kind]}
        sent = MultiDict({**usual, **pages.get(page, {})})
        form = page_form(payee.kind, page, sent)
        typed = kept_of(form, sent)
        form = page_form(payee.kind, page, MultiDict(typed))
        seen = found.page_version(page)
        save_page(session, number, page, typed=typed, values=form.values(), seen=seen, by=by, now=now)
    if submits:
        submit_request(session, number, seen=version_of(session, number), by=by, now=now)
    return number


def make_institution(session: Session, payee: Payee, state: str) -> int:
    """Store the request of a house or organisation in a Land, begun and nothing more; answer its number."""
    row = InstitutionRequest(
        **{COLUMNS[payee.kind]: payee.id},
        year=2027,
        state_ags=state,
        answers={},
        versions={},
        created_at=clock.now(),
    )
    session.add(row)
    session.flush()
    session.add(
        InstitutionAct(
            request_id=row.id, act="begun", version=0, words="", done_by=WRITER, done_at=row.created_at
        )
    )
    session.flush()
    return row.id


def make_institution_notice(session: Session, payee: Payee, like: DirectNotice) -> int:
    """Store a notice to a house or organisation with the words of another, mailed; answer its number."""
    row = DirectNotice(
        key=f"{payee.kind}/{payee.id}",
        number=f"{payee.kind.upper()}-{payee.id}",
        **{COLUMNS[payee.kind]: payee.id},
        **{
            name: getattr(like, name)
            for name in ("kind", "year", "cents", "facts", "made_at", "sha256", "body")
        },
    )
    session.add(row)
    session.flush()
    session.add(DirectNoticeAct(notice_id=row.id, act="mailed", turn=0, at=like.made_at))
    session.flush()
    return row.id


def version_of(session: Session, number: int) -> int:
    """Answer the version in which a request is."""
    found = find_request(session, number)
    assert found is not None
    return found.request.version
