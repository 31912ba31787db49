"""A year of contributions for tests: insurers, insured, plans and regions, called and paid in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.funding.models import FundingRegion, InsuredCount, Insurer, LevelShares, LevyRate
from app.funding.queries.contributions import list_calls
from app.funding.rules.ledger_accounts import HOUSE, LEVY, POT, Account, Payee
from app.funding.rules.postings import Because, commit, grant
from app.funding.services.contributions import call_contributions
from app.funding.services.ledger import post
from app.funding.services.receipts import book_receipt

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

YEAR = 2026
BAVARIA = "09"
IN_YEAR = datetime(YEAR, 3, 2, 9, tzinfo=UTC)
"""A morning in the year in which contributions are called and money is promised."""
AFTER = datetime(YEAR + 1, 1, 12, 9, tzinfo=UTC)
"""A morning on which the year can be closed."""
GROUPS_2026 = Account(POT, YEAR, state=BAVARIA, region="oberbayern", level="groups")
HOUSES_2026 = Account(POT, YEAR, state=BAVARIA, level="clearing_houses")
FEDERAL_2026 = Account(POT, YEAR, level="federal")
RATES = {2025: 136, YEAR: 144, 2027: 148, 2028: 150}
PLAN = {"federal": 2000, "state_organisations": 1920, "clearing_houses": 4000, "groups": 2080}


def make_insurers(session: Session, *slugs: str) -> dict[str, int]:
    """Answer the numbers of these insurers; those that were not there are now."""
    for slug in slugs:
        if session.scalar(sa.select(Insurer.id).where(Insurer.slug == slug)) is None:
            session.add(Insurer(slug=slug, name=slug.upper().replace("-", " "), family="bkk"))
    session.flush()
    found = session.execute(sa.select(Insurer.slug, Insurer.id).where(Insurer.slug.in_(slugs)))
    return dict(found.tuples().all())


def make_levy(
    session: Session,
    insured: Mapping[tuple[str, str], int],
    *,
    year: int = YEAR,
    plan: Mapping[str, int] = PLAN,
) -> None:
    """Afterwards a year can be called: the rate, these insured by insurer and Land, a plan and a region for each."""
    numbers = make_insurers(session, *{insurer for insurer, _state in insured})
    if session.get(LevyRate, year) is None:
        session.add(
            LevyRate(
                year=year,
                cents=RATES.get(year, 144),
                reference_cents=395500,
                standing="published",
                source="Test",
            )
        )
    session.add_all(
        InsuredCount(year=year, insurer_id=numbers[insurer], state_ags=state, insured=count)
        for (insurer, state), count in insured.items()
    )
    for state in sorted({state for _insurer, state in insured}):
        if session.get(LevelShares, (year, state)) is None:
            session.add(LevelShares(year=year, state_ags=state, unit="per_cent", source="Test", **plan))
        make_region(session, state)
    session.flush()


def make_region(session: Session, state: str) -> None:
    """Afterwards a Land has a funding region: Oberbayern in Bavaria, one that is named by its number elsewhere."""
    slug = "oberbayern" if state == BAVARIA else f"region-{state}"
    if session.scalar(sa.select(FundingRegion.id).where(FundingRegion.slug == slug)) is None:
        session.add(FundingRegion(slug=slug, name=slug.capitalize(), state_ags=state, share=100))
    session.flush()


def call_year(session: Session, *, year: int = YEAR, now: datetime = IN_YEAR) -> None:
    """Afterwards the contributions of every Land with insured are called, due in May."""
    call_contributions(session, year, None, due_on=date(year, 5, 31), now=now)


def receive_all(session: Session, *, year: int = YEAR, now: datetime = IN_YEAR) -> None:
    """Afterwards every insurer has paid what it was asked for."""
    open_cents: dict[str, int] = {}
    for each in list_calls(session, year):
        open_cents[each.due.insurer or ""] = open_cents.get(each.due.insurer or "", 0) + each.open_cents
    for insurer, cents in open_cents.items():
        if cents:
            book_receipt(
                session,
                insurer,
                cents,
                year=year,
                received_on=now.date(),
                reference=f"all-{year}-{now:%Y%m%d}",
                now=now,
            )


def make_award(session: Session, house_id: int) -> int:
    """Promise 1 € to a clearing house, of a pot that one insurer has filled with it; answer the entry."""
    make_insurers(session, "kasse-direkt")
    pot = replace(HOUSES_2026, state=None)
    levy = Account(LEVY, YEAR, "kasse-direkt")
    post(session, [grant(levy, pot, 100, Because(f"filled/{house_id}", "test"))], now=IN_YEAR)
    promised = commit(pot, Payee(HOUSE, house_id), 100, Because(f"direct/test-{house_id}", "direct"))
    return post(session, [promised], now=IN_YEAR).entry_ids[0]
