"""Writing a request of a clearing house or an organisation: begun, stored page by page, submitted, given back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.clearinghouses.queries import houses_by_id
from app.clearinghouses.rules.opening_hours import merged
from app.funding.models import InstitutionAct, InstitutionRequest, Organisation
from app.funding.queries.institution_figures import count_figures
from app.funding.queries.institutions import Found, acts_of, assess, find_request, requests_of
from app.funding.queries.round_pages import names_of
from app.funding.rules.decimals import decimal_text
from app.funding.rules.institutions import (
    DRAFT,
    FIGURES,
    HOURS,
    OPEN,
    SUBMITTED,
    number_of,
    reported_year,
)
from app.funding.rules.ledger_accounts import HOUSE, Payee
from app.funding.words.institutions import act_words
from app.groups.meetings.schedules import day_of
from app.shared.database import insert_into
from app.shared.errors import BadInput, RuleBroken
from app.shared.history import note

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.clearinghouses.queries import HouseRow

MOST_TYPED = 20_000
"""Characters of a page, or of a question, that are kept."""
Typed = Mapping[str, list[str]]


class ChangedMeanwhile(RuleBroken):
    """Somebody else has stored the same page since it was opened; ``found`` is how it is now."""

    code = "changed_meanwhile"

    def __init__(self, found: Found) -> None:
        super().__init__(_("Somebody else has changed this page in the meantime."))
        self.found = found


def begin_request(session: Session, payee: Payee, year: int, *, by: int, now: datetime) -> int:
    """Answer the number of the request of a house or an organisation for a year; begun already, it stays as it is.

    It begins with what was written for the year before, else with the opening hours of the house.

    Raises:
        BadInput: the year is neither this one nor the next.
    """
    if year - day_of(now).year not in (0, 1):
        raise BadInput(_("Money can be asked for this year or the next."), field="year")
    house = houses_by_id(session, [payee.id]).get(payee.id) if payee.kind == HOUSE else None
    state = house.state_ags if house else session.get_one(Organisation, payee.id).state_ags
    column = "clearinghouse_id" if house else "organisation_id"
    made = insert_into(session, InstitutionRequest).values(
        **{column: payee.id},
        year=year,
        state_ags=state,
        answers=_first_answers(session, payee, house, year),
        versions={},
        version=0,
        state=DRAFT,
        asked_cents=0,
        created_at=now,
    )
    once = made.on_conflict_do_nothing(index_elements=[column, "year"])
    number = session.scalar(once.returning(InstitutionRequest.id))
    if number is None:
        known = sa.select(InstitutionRequest.id).where(
            getattr(InstitutionRequest, column) == payee.id, InstitutionRequest.year == year
        )
        return session.scalars(known).one()
    act(session, find_or_refuse(session, number), "begun", by=by, now=now)
    return number


def save_page(
    session: Session,
    request_id: int,
    page: str,
    *,
    typed: Typed,
    values: Mapping[str, Any] | None,
    seen: int,
    by: int,
    now: datetime,
) -> None:
    """Afterwards a page is kept as it was typed; ``values`` is what it means, None while something is not right.

    Raises:
        ChangedMeanwhile: it was changed since ``seen``, its version when it was opened.
        RuleBroken: the request is submitted, or the page far too long.
    """
    if sum(len(text) for texts in typed.values() for text in texts) > MOST_TYPED:
        raise RuleBroken(_("This is too much text. Please shorten it."), code="too_long")
    found = hold_open(session, request_id)
    request = found.request
    answer = {"typed": {name: list(texts) for name, texts in typed.items()}, "values": values}
    if request.answers.get(page) == answer:
        return
    if found.page_version(page) != seen:
        raise ChangedMeanwhile(found)
    request.answers = {**request.answers, page: answer}
    request.versions = {**request.versions, page: seen + 1}
    request.version += 1
    before = acts_of(session, request_id)[-1]
    if (before.act, before.done_by) != ("changed", by):
        act(session, found, "changed", by=by, now=now)
    note_of_institution(session, "institution.saved", found, now=now, part=page)


def submit_request(session: Session, request_id: int, *, seen: int, by: int, now: datetime) -> None:
    """Afterwards the request waits for a decision, with the figures and reasons of this day.

    Raises:
        RuleBroken: it is submitted already, has changed since ``seen``, a page is missing, or it does not add up.
    """
    found = hold_open(session, request_id)
    request = found.request
    if request.version != seen:
        raise changed_since(session, found)
    if found.missing_pages():
        raise RuleBroken(_("Some pages are not complete yet."), code="incomplete")
    if not found.plan.adds_up:
        raise RuleBroken(
            _("Costs and income do not add up yet. Please look at the page about money."), code="no_balance"
        )
    today = day_of(now)
    reasons = assess(session, found, today=today)
    request.assessment = {
        "rule_version": reasons.rule_version,
        "reasons": [{"code": r.code, "effect": r.effect, "source": r.source} for r in reasons.reasons],
    }
    request.figures = {"years": figures_of(session, found, now=now)}
    request.asked_cents = found.plan.asked_cents
    request.state, request.version = SUBMITTED, request.version + 1
    request.number = number_of(found.kind, request.state_ags, request.year, request.id)
    request.submitted_by, request.submitted_at = by, now
    act(session, found, "submitted", by=by, cents=request.asked_cents, now=now)
    note_of_institution(session, "institution.submitted", found, now=now)


def figures_of(session: Session, found: Found, *, now: datetime) -> list[dict[str, Any]]:
    """Answer what the system counts for a request: the year that is reported, and the one before; houses only."""
    if found.kind != HOUSE:
        return []
    year = reported_year(found.request.year, day_of(now))
    return [count_figures(session, found.request.payee.id, each, now=now).row() for each in (year, year - 1)]


def hold_open(session: Session, request_id: int) -> Found:
    """Answer a request that can be changed, kept from others until the transaction ends.

    Raises:
        RuleBroken: it is submitted.
    """
    session.scalar(
        sa.select(InstitutionRequest.id).where(InstitutionRequest.id == request_id).with_for_update()
    )
    found = find_or_refuse(session, request_id)
    if found.request.state not in OPEN:
        raise changed_since(session, found)
    return found


def find_or_refuse(session: Session, request_id: int) -> Found:
    """Answer a request.

    Raises:
        BadInput: there is none.
    """
    found = find_request(session, request_id)
    if found is None:
        raise BadInput(_("There is no such request."))
    return found


def changed_since(session: Session, found: Found) -> RuleBroken:
    """Answer who did what with a request last, and when: why something else cannot be done any more."""
    last = acts_of(session, found.request.id)[-1]
    who = names_of(session, {last.done_by}).get(last.done_by) or _("Somebody")
    return RuleBroken(
        _(
            "This request has changed in the meantime: %(what)s. Nothing of yours is stored; please look at it again.",
            what=act_words(last, who),
        ),
        code="changed_meanwhile",
    )


def act(
    session: Session,
    found: Found,
    what: str,
    *,
    by: int,
    now: datetime,
    words: str = "",
    cents: int | None = None,
) -> None:
    """Afterwards it is written down what somebody did with a request."""
    session.add(
        InstitutionAct(
            request_id=found.request.id,
            act=what,
            version=found.request.version,
            words=words,
            cents=cents,
            done_by=by,
            done_at=now,
        )
    )
    session.flush()
    if what == "begun":
        note_of_institution(session, "institution.begun", found, now=now)


def _first_answers(session: Session, payee: Payee, house: HouseRow | None, year: int) -> dict[str, Any]:
    earlier = [each for each in requests_of(session, payee) if each.request.year < year]
    if earlier:
        kept = {page: given for page, given in earlier[0].request.answers.items() if page != FIGURES}
        return {
            page: {**given, "values": None} if page == "declarations" else given
            for page, given in kept.items()
        }
    return {HOURS: {"typed": hours_typed(house)}} if house else {}


def hours_typed(house: HouseRow) -> dict[str, list[str]]:
    """Answer the fields of the page about hours, from the opening hours of a house and its branches."""
    weeks = (house.hours, *(branch.hours for branch in house.branches))
    typed: dict[str, list[str]] = {}
    for channel in ("phone", "visit"):
        open_times = merged(each for week in weeks for each in week.get(channel, ()))
        minutes = sum(
            (each.closes_at.hour - each.opens_at.hour) * 60 + each.closes_at.minute - each.opens_at.minute
            for each in open_times
        )
        typed[channel] = [decimal_text(minutes * 100 // 60, 2, least_places=0)]
    if any(week.get("by_appointment") for week in weeks):
        typed["by_appointment"] = ["y"]
    typed["places"] = [str(len(house.branches))]
    return typed


def note_of_institution(session: Session, action: str, found: Found, *, now: datetime, **facts: Any) -> None:
    """Afterwards the history says what was done with a request."""
    house_id = found.request.clearinghouse_id
    note(session, action, now=now, record_id=found.request.id, clearinghouse_id=house_id, **facts)
