"""Telling a clearing house or an organisation what was decided about its request: by a notice, once each."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from app.accounts.models import User
from app.clearinghouses.queries import houses_by_id
from app.funding.queries.direct_notices import DirectLine, list_notices_under
from app.funding.queries.institutions import Found, acts_of, office_of_land
from app.funding.reference_files import federal_office, institution_proof_due, institution_reasons
from app.funding.rules.institutions import proof_due_on
from app.funding.rules.ledger_accounts import HOUSE
from app.funding.rules.notice_letter import Office
from app.funding.rules.notices import APPROVAL, PART, REJECTION, REVOCATION
from app.funding.services.direct_notices import Decision, tell_decision
from app.funding.services.institutions import find_or_refuse
from app.shared.errors import RuleBroken
from app.shared.pdf import NotPrintable

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.funding.models import DirectNotice


def notices_of(session: Session, found: Found) -> list[DirectLine]:
    """Answer the notices about a request: of the decision, and that it was taken back."""
    keys = _keys(found)
    lines = list_notices_under(session, keys)
    return [lines[key] for key in keys if key in lines]


def is_untold(session: Session, found: Found) -> bool:
    """Whether something was decided that nobody was told yet."""
    wanted = (found.request.decided_at is not None) + (found.taken_back is not None)
    return len(notices_of(session, found)) < wanted


def tell_institution(session: Session, request_id: int, *, now: datetime) -> None:
    """Afterwards whoever asked is told what was decided, and that it was taken back; told before, nothing is new.

    Raises:
        RuleBroken: nothing is decided, nobody has said who issues notices in the Land, or no font has a character.
    """
    found = find_or_refuse(session, request_id)
    if found.request.decided_at is None:
        raise RuleBroken(_("Nothing is decided about this request yet."), code="not_decided")
    office = _office(session, found)
    try:
        first = tell_decision(session, _decision(session, found), office, now=now)
        if found.taken_back is not None:
            revoked = _decision(session, found, kind=REVOCATION, replaces=first)
            tell_decision(session, revoked, office, now=now)
    except NotPrintable as error:
        raise RuleBroken(
            _("No notice could be made: no font has one of the characters in the name or the reasons."),
            code="not_printable",
        ) from error


def _decision(
    session: Session, found: Found, *, kind: str = "", replaces: DirectNotice | None = None
) -> Decision:
    request = found.request
    granted = request.granted_cents or 0
    kind = kind or (REJECTION if not granted else APPROVAL if granted == request.asked_cents else PART)
    said = next((each.words for each in reversed(acts_of(session, request.id)) if each.act == "decided"), "")
    reasons = [line.strip() for line in said.splitlines() if line.strip()]
    if kind == REVOCATION:
        reasons = [institution_reasons()["taken_back"]]
    keys = _keys(found)
    return Decision(
        key=keys[kind == REVOCATION],
        kind=kind,
        subject=found.kind,
        payee=request.payee,
        to=_address(session, found),
        number=f"{request.number}-{'W' if kind == REVOCATION else 'B'}",
        request_number=request.number or "",
        year=request.year,
        requested_cents=request.asked_cents,
        cents=0 if kind == REVOCATION else granted,
        reasons=reasons or [institution_reasons()["granted"]],
        state_ags=request.state_ags,
        begins_on=date(request.year, 1, 1),
        ends_on=date(request.year, 12, 31),
        proof_due=proof_due_on(request.year, institution_proof_due()),
        replaces=replaces,
    )


def _office(session: Session, found: Found) -> Office:
    """Answer who issues the notice: an office of the Land, or that of the whole country with whoever decided.

    Raises:
        RuleBroken: nobody has said who issues notices in the Land.
    """
    if found.request.state_ags is None:
        decider = session.get(User, found.request.decided_by) if found.request.decided_by else None
        return federal_office().answered_by(decider.name if decider else "")
    row = office_of_land(session, found.request.state_ags)
    if row is None:
        raise RuleBroken(
            _(
                "No notice could be made: nobody has said yet who issues notices here. A funding office of the "
                "Land can say so on the page of its notices."
            ),
            code="no_office",
        )
    return Office(**{name: getattr(row, name) for name in Office.__slots__})


def _keys(found: Found) -> tuple[str, str]:
    return f"institution/{found.request.id}", f"institution/{found.request.id}/taken-back"


def _address(session: Session, found: Found) -> list[str]:
    if found.kind != HOUSE:
        return [found.name]
    house = houses_by_id(session, [found.request.payee.id])[found.request.payee.id]
    return [house.name, house.main.street, f"{house.main.postcode} {house.main.town}"]
