"""Rounds of flat grants, for tests: a region with groups, money in its pot, requests."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from random import Random
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.funding.models import FundingRegion, GrantRequest, Insurer
from app.funding.queries.regions import rules_in
from app.funding.queries.rounds import pot_of
from app.funding.rules.division import DivisionRules
from app.funding.rules.grant_round import IN_TIME, LATE
from app.funding.rules.ledger_accounts import LEVY, Account
from app.funding.rules.postings import Because, grant
from app.funding.rules.region_rules import NONE
from app.funding.services.ledger import post
from app.funding.services.region_settings import set_rules
from app.funding.services.requests import RequestDraft, enter_request
from app.funding.services.rounds import open_round
from app.funding.services.runs import draft_run
from tests.builders.funding import make_insurer, make_region
from tests.builders.groups import NOW, make_group, make_house

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

YEAR = 2027
KOELN = "05315"
INSURER = "kasse-der-runden"
NOBODY = 999_999
"""Somebody whose account is erased."""


@dataclass(frozen=True)
class MadeRound:
    """A round for tests."""

    id: int
    region: FundingRegion
    group_ids: tuple[int, ...]
    request_ids: tuple[int, ...]


def make_request(requested_cents: int, **given) -> RequestDraft:
    """Answer a request of eight people that came in time."""
    return RequestDraft(requested_cents, **{"members": 8, "received_on": date(2024, 12, 15), **given})


def make_round(
    session: Session,
    requested: Sequence[int] = (),
    *,
    pot_cents: int = 0,
    slug: str = "koeln",
    seed: str = "koeln/2027/0011223344556677",
    district: str = KOELN,
) -> MadeRound:
    """Store a region of Köln or another district, its round of 2027, a group for each request, money in the pot."""
    region = session.get_one(
        FundingRegion, make_region(session, slug, name=slug.title(), districts=[district])
    )
    until_january = replace(rules_in(session, region), deadline="01-31", weekend=NONE)
    set_rules(session, region, until_january, now=NOW)
    opened = open_round(session, region, YEAR, opens_on=date(2026, 11, 1), seed=seed, now=NOW)
    if pot_cents:
        make_insurer(session, INSURER)
        fill_pot(session, region, pot_cents)
    house = make_house(session, f"Kontaktstelle {slug}") if requested else None
    groups = [
        make_group(session, name=f"Gruppe {number}", clearinghouse_id=house)
        for number in range(1, len(requested) + 1)
    ]
    requests = [
        enter_request(session, opened.id, group_id, make_request(cents), now=NOW).id
        for group_id, cents in zip(groups, requested, strict=True)
    ]
    return MadeRound(opened.id, region, tuple(groups), tuple(requests))


def make_draft_of(session: Session, region: FundingRegion, group_id: int) -> tuple[int, int]:
    """Store a round of a region with a request of this group and a draft; answer the numbers of both."""
    opened = open_round(session, region, YEAR, opens_on=date(2026, 11, 1), seed=region.slug, now=NOW)
    request = enter_request(session, opened.id, group_id, make_request(50_000), now=NOW)
    insurer = session.get_one(Insurer, region.lead_insurer_id).slug
    fill_pot(session, region, 40_000, insurer=insurer)
    drafted = draft_run(session, opened.id, DivisionRules(), name="Entwurf", by=NOBODY, now=NOW)
    return request.id, drafted.run_id


def fill_pot(
    session: Session, region: FundingRegion, cents: int, *, key: str = "fill", insurer: str = INSURER
) -> None:
    """Afterwards there is so much more money in the pot of the region."""
    levy = Account(LEVY, YEAR, insurer=insurer, state=region.state_ags)
    because = Because(f"test/{region.slug}/{key}", "test.wanted")
    post(session, [grant(levy, pot_of(region, YEAR), cents, because)], now=NOW)


def make_many_requests(session: Session, round_id: int, group_ids: Sequence[int], *, random_seed: int) -> int:
    """Store a request of each group, as varied as they are in life; answer the sum in cents."""
    dice = Random(random_seed)
    rows = [
        {
            "round_id": round_id,
            "group_id": group_id,
            "requested_cents": max(5, round(dice.lognormvariate(6.6, 0.8) / 10)) * 1_000,
            "members": max(3, round(dice.lognormvariate(2.5, 0.5))),
            "is_new": dice.random() < 0.08,
            "own_cents": 0,
            "others_cents": 0,
            "supplements": {},
            "standing": LATE if dice.random() < 0.02 else IN_TIME,
            "received_on": date(2026, 12, 15),
            "version": 1,
            "updated_at": NOW,
        }
        for group_id in group_ids
    ]
    session.execute(sa.insert(GrantRequest), rows)
    return sum(row["requested_cents"] for row in rows)
