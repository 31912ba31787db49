"""Requests of the year under way: of two clearing houses, one of which waits, and of an organisation."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from werkzeug.datastructures import MultiDict

from app.accounts.models import RoleGrant
from app.accounts.rules.permissions import DESK_LEAD, ORGANISATION_CONTACT
from app.clearinghouses.queries import houses_by_id, list_houses
from app.funding.forms.institutions import kept_of, page_form
from app.funding.queries.institutions import find_request
from app.funding.rules.institutions import STATEMENTS_OF
from app.funding.rules.ledger_accounts import HOUSE, ORGANISATION, Payee
from app.funding.services.institution_decisions import decide_request
from app.funding.services.institutions import begin_request, save_page, submit_request
from app.groups.models import Group

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

PAGES: tuple[dict[str, dict[str, Any]], ...] = (
    {
        "staff": {"professional": "1,75", "professional_people": "3", "administration": "0,4",
                  "administration_people": "1", "inhabitants": "187000"},
        "figures": {"channel_email": "412", "channel_phone": "518", "channel_in_person": "143", "channel_web": "96",
                    "role_affected": "640", "role_relative": "210", "role_group": "187", "role_professional": "101"},
        "money": {"cost_staff": "128000", "cost_premises": "21500", "cost_material": "6400", "cost_events": "4100",
                  "income_municipality": "78000", "income_land": "30000", "income_own": "4000", "asked": "48000"},
    },
    {
        "staff": {"professional": "2", "professional_people": "3", "administration": "1",
                  "administration_people": "2", "inhabitants": "246000"},
        "figures": {"channel_email": "530", "channel_phone": "604", "channel_in_person": "211",
                    "role_affected": "790", "role_relative": "260", "role_group": "140"},
        "money": {"cost_staff": "171000", "cost_premises": "26000", "cost_material": "7000",
                  "income_municipality": "120000", "income_land": "32000", "asked": "52000"},
    },
)  # fmt: skip
"""What the two write, as it is typed; the hours are those of their record."""
OF_ORGANISATION: dict[str, dict[str, Any]] = {
    "staff": {"professional": "1,5", "professional_people": "2", "administration": "0,5",
              "administration_people": "1"},
    "figures": {"channel_email": "240", "channel_phone": "310", "role_affected": "390", "role_relative": "160"},
    "money": {"cost_staff": "84000", "cost_premises": "9600", "cost_material": "5400", "income_own": "31000",
              "income_land": "26000", "asked": "42000"},
}  # fmt: skip
"""What an organisation writes: it keeps no hours for everybody, and has no catchment."""


def ask_for_demo_houses(
    session: Session, year: int, *, office_id: int, finance_id: int, now: datetime
) -> None:
    """Afterwards the house of the demonstration's lead has asked; a second one there and an organisation got money."""
    lead = session.execute(
        sa.select(RoleGrant.user_id, RoleGrant.clearinghouse_id).where(RoleGrant.role == DESK_LEAD).limit(1)
    ).first()
    if lead is None:
        return
    own = houses_by_id(session, [lead.clearinghouse_id])[lead.clearinghouse_id]
    here = [each.id for each in list_houses(session, state_ags=own.state_ags) if each.id != own.id]
    of_most_groups = (
        sa.select(Group.clearinghouse_id)
        .where(Group.clearinghouse_id.in_(here))
        .group_by(Group.clearinghouse_id)
        .order_by(sa.func.count().desc(), Group.clearinghouse_id)
        .limit(1)
    )
    others = session.scalars(of_most_groups).all()
    asking = [
        (Payee(HOUSE, house_id), by, pages)
        for house_id, by, pages in zip((own.id, *others), (lead.user_id, office_id), PAGES, strict=False)
    ]
    contact = sa.select(RoleGrant.organisation_id, RoleGrant.user_id).where(
        RoleGrant.role == ORGANISATION_CONTACT
    )
    asking += [(Payee(ORGANISATION, row[0]), row[1], OF_ORGANISATION) for row in session.execute(contact)]
    for payee, by, pages in asking:
        number = _write(session, payee, year, pages, by=by, now=now)
        found = find_request(session, number)
        if found is not None and payee != Payee(HOUSE, own.id):
            asked, seen = found.request.asked_cents, found.request.version
            decide_request(session, number, asked, "", seen=seen, by=finance_id, now=now)


def _write(
    session: Session, payee: Payee, year: int, pages: dict[str, dict[str, Any]], *, by: int, now: datetime
) -> int:
    number = begin_request(session, payee, year, by=by, now=now)
    found = find_request(session, number)
    if found is None:
        raise LookupError(number)
    for page in found.pages:
        typed = pages.get(page) or found.typed(page) or {"statements": list(STATEMENTS_OF[payee.kind])}
        form = page_form(payee.kind, page, MultiDict(typed))
        kept = kept_of(form, MultiDict(typed))
        seen = found.page_version(page)
        save_page(session, number, page, typed=kept, values=form.values(), seen=seen, by=by, now=now)
    submit_request(session, number, seen=found.request.version, by=by, now=now)
    return number
