"""A finished year for tests: money of two Länder and of the whole country, promised, paid and given back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from app.funding.models import FundingYear, Organisation
from app.funding.rules.ledger_accounts import HOUSE, LEVY, ORGANISATION, POT, Account, Payee, a_group
from app.funding.rules.postings import commit, give_back, grant, pay, release
from app.funding.services.ledger import post
from tests.builders.groups import NOW, make_house
from tests.builders.ledger import because, make_insurer

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

FINISHED = 2025
CLOSED_AT = datetime(2026, 1, 20, 9, tzinfo=UTC)
NATIONAL = "Deutsche Rheuma-Liga Bundesverband"
OF_NRW = "=Rheuma-Liga NRW"
"""A name that a spreadsheet would take for a formula."""


def pot(level: str, state: str | None = None, region: str | None = None) -> Account:
    """Answer a pot of the finished year."""
    return Account(POT, FINISHED, state=state, region=region, level=level)


def make_finished_year(session: Session, *, is_closed: bool = False) -> None:
    """Afterwards 2025 is over: an organisation and 3 groups in NRW, a house in Bavaria, a national organisation."""
    make_insurer(session)
    national, of_nrw = (
        Organisation(slug="n", name=NATIONAL),
        Organisation(slug="o", name=OF_NRW, state_ags="05"),
    )
    session.add_all([national, of_nrw])
    house_id = make_house(session, name="KISS Nürnberg")
    session.flush()
    federal, of_state = pot("federal"), pot("state_organisations", "05")
    cologne, essen = pot("groups", "05", "koeln"), pot("groups", "05", "essen")
    houses = pot("clearing_houses", "09")
    levy = Account(LEVY, FINISHED, insurer="aok-bayern", state="09")
    for each in (federal, of_state, cologne, essen, houses):
        post(session, [grant(levy, each, 5_000_000, because())], now=NOW)
    promised = {
        (federal, Payee(ORGANISATION, national.id)): 1_331_540,
        (of_state, Payee(ORGANISATION, of_nrw.id)): 155_134,
        (cologne, a_group(1)): 80_000,
        (cologne, a_group(2)): 43_210,
        (essen, a_group(3)): 70_001,
        (essen, a_group(4)): 10_000,
        (houses, Payee(HOUSE, house_id)): 322_557,
    }
    for (source, payee), cents in promised.items():
        post(session, [commit(source, payee, cents, because())], now=NOW)
    post(session, [pay(cologne, a_group(1), 80_000, because())], now=NOW)
    post(session, [give_back(cologne, a_group(1), 5_000, because(), year=FINISHED + 1)], now=NOW)
    post(session, [release(essen, a_group(4), 10_000, because())], now=NOW)
    if is_closed:
        session.merge(FundingYear(year=FINISHED, closed_at=CLOSED_AT))
    session.flush()
