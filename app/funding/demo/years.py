"""Two years of money for a demonstration, through the same services as everybody's: one finished, one under way.

The year before has everything: contributions, requests, runs by two people, payments, money that came back, its end. In
the year itself most contributions have come, and the requests wait to be divided.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.accounts.models import RoleGrant
from app.funding.demo.institutions import ask_for_demo_houses
from app.funding.demo.notices import tell_demo_groups
from app.funding.demo.payments import Deciders, pay_demo_again, pay_demo_batch
from app.funding.demo.proofs import prove_demo_year
from app.funding.demo.sittings import plan_demo_sitting
from app.funding.models import FundingRegion, FundingRegionDistrict, GrantRound, LedgerEntry, Organisation
from app.funding.queries.contributions import list_calls
from app.funding.queries.payees import list_awards, list_paid
from app.funding.queries.pots import list_pots
from app.funding.rules.apportion import apportion
from app.funding.rules.division import DivisionRules, Tier
from app.funding.rules.ledger_accounts import GROUP, ORGANISATION, Payee
from app.funding.rules.postings import Because, commit, pay
from app.funding.services.contributions import call_contributions
from app.funding.services.direct import (
    LEVELS_OF_DIRECT,
    add_organisation,
    book_return,
    pay_award,
    promise,
    recipients,
)
from app.funding.services.ledger import post
from app.funding.services.receipts import book_receipt
from app.funding.services.requests import RequestDraft, enter_requests
from app.funding.services.rounds import open_round
from app.funding.services.run_acts import approve_run, check_run, post_run
from app.funding.services.run_payments import pay_run
from app.funding.services.runs import draft_run
from app.funding.services.year_end import close_year
from app.groups.models import Group, MeetingPlace
from app.places.models import Postcode, State

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

RULES = DivisionRules(
    reserve_percent=5,
    tiers=(Tier(1, 120_000), Tier(20, 200_000), Tier(50, 300_000)),
    minimum_cents=10_000,
    unit_cents=100,
)
"""How the finished year was divided: at most 1,200 €, from 20 members 2,000 €, from 50 members 3,000 €."""
ORGANISATIONS = {
    None: (
        "Bundesverband Rheuma-Selbsthilfe",
        "Allianz seltener Erkrankungen",
        "Angehörige psychisch Kranker",
    ),
    "each": ("Landesverband Diabetes-Selbsthilfe", "Landesverband der Suchtselbsthilfe"),
}
"""Invented organisations: of the whole country, and of each Land."""
ASKING = 0.7
LATE = 0.04
NEW = 0.08


def make_demo_years(
    session: Session, deciders: Deciders, *, years: list[int], random_seed: int, today: date
) -> None:
    """Afterwards the years have their money, if the ledger was empty."""
    if session.scalar(sa.select(LedgerEntry.id).limit(1)) is not None:
        return
    random = Random(f"{random_seed}/funding")  # noqa: S311 - invented data
    for year in years:
        is_finished = year < today.year
        asked = _moment(year, 1, 15)
        if asked.date() > today:
            continue
        call_contributions(session, year, None, due_on=date(year, 3, 15), now=asked)
        _receive(session, year, but_one=not is_finished, today=today)
        for region in session.scalars(sa.select(FundingRegion).order_by(FundingRegion.slug)).all():
            found = _open(session, region, year)
            if _ask(session, region, found, random, but=None if is_finished else _still_to_ask(session)):
                _decide(session, found, deciders, today=today)
        if is_finished:
            _give_directly(session, year, random)
            _give_to_projects(session, year)
            _give_back(session, year)
            close_year(session, year, now=_moment(year + 1, 1, 20))
            prove_demo_year(session, deciders.office_id, year, now=_moment(year + 1, 2, 20))
            _pay_again(session, year, deciders, now=datetime.combine(today, time(), UTC))
        elif today >= date(year, 2, 10):
            people = {"office_id": deciders.office_id, "finance_id": deciders.finance_id}
            ask_for_demo_houses(session, year, **people, now=_moment(year, 2, 10))


def _moment(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 10, tzinfo=UTC)


def add_demo_organisations(session: Session, *, now: datetime) -> None:
    """Afterwards there are organisations, if there were none."""
    if session.scalar(sa.select(Organisation.id).limit(1)) is not None:
        return
    for name in ORGANISATIONS[None]:
        add_organisation(session, name, None, now=now)
    for ags, state in session.execute(sa.select(State.ags, State.name).order_by(State.ags)).tuples().all():
        for name in ORGANISATIONS["each"]:
            add_organisation(session, f"{name} {state}", ags, now=now)


def _receive(session: Session, year: int, *, but_one: bool, today: date) -> None:
    """Book what the insurers paid in; with ``but_one`` the first of them has paid half."""
    day = min(date(year, 3, 10), today)
    owed: dict[str, int] = {}
    for each in list_calls(session, year):
        owed[each.due.insurer or ""] = owed.get(each.due.insurer or "", 0) + each.open_cents
    for number, insurer in enumerate(sorted(owed), start=1):
        book_receipt(
            session,
            insurer,
            owed[insurer] // 2 if but_one and number == 1 else owed[insurer],
            year=year,
            received_on=day,
            reference=f"KA-{year}-{number:04}",
            now=datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=12),
        )


def _open(session: Session, region: FundingRegion, year: int) -> GrantRound:
    return open_round(
        session,
        region,
        year,
        opens_on=date(year - 1, 12, 1),
        seed=f"{region.slug}/{year}/demo",
        now=_moment(year - 1, 11, 20),
    )


def _still_to_ask(session: Session) -> int | None:
    """Answer the group that a contact of the demonstration can apply for."""
    return session.scalar(sa.select(sa.func.max(RoleGrant.group_id)))


def _ask(
    session: Session, region: FundingRegion, found: GrantRound, random: Random, *, but: int | None
) -> int:
    """Let most groups of the region but one ask for money, many for little, few for much; answer how many do."""
    groups = session.scalars(
        sa.select(Group.id)
        .join(MeetingPlace, MeetingPlace.id == Group.place_id)
        .join(Postcode, Postcode.postcode == MeetingPlace.postcode)
        .join(FundingRegionDistrict, FundingRegionDistrict.district_ags == Postcode.district_ags)
        .where(FundingRegionDistrict.region_id == region.id, Group.is_listed)
        .order_by(Group.id)
    ).all()
    asking = [group_id for group_id in groups if random.random() <= ASKING and group_id != but]
    drafts: dict[int, RequestDraft] = {}
    for group_id in asking:
        day = date(found.year, 1, 5) + timedelta(days=random.randrange(80))
        if random.random() < LATE:
            day = date(found.year, 4, 1) + timedelta(days=random.randrange(30))
        requested = max(15_000, round(random.lognormvariate(7.35, 0.6)) * 100)
        drafts[group_id] = RequestDraft(
            requested_cents=requested,
            members=min(150, max(6, round(random.lognormvariate(2.7, 0.5)))),
            received_on=day,
            expenses_cents=requested + random.randrange(0, 40_000, 1_000),
            own_cents=random.randrange(0, 20_000, 1_000),
            is_new=random.random() < NEW,
        )
    last = max((each.received_on for each in drafts.values()), default=date(found.year, 4, 1))
    enter_requests(session, found.id, drafts, now=_moment(last.year, last.month, last.day))
    return len(asking)


def _decide(session: Session, found: GrantRound, deciders: Deciders, *, today: date) -> None:
    if found.year < today.year:
        _divide_and_pay(session, found, deciders, found.year)
        return
    day = today - timedelta(days=1)
    plan_demo_sitting(session, found, deciders.office_id, _moment(day.year, day.month, day.day))


def _divide_and_pay(session: Session, found: GrantRound, deciders: Deciders, year: int) -> None:
    run_id = draft_run(
        session, found.id, RULES, name="Vergabesitzung", by=deciders.office_id, now=_moment(year, 4, 20)
    ).run_id
    check_run(session, run_id, by=deciders.office_id, now=_moment(year, 4, 21))
    approve_run(session, run_id, by=deciders.finance_id, now=_moment(year, 4, 22))
    post_run(session, run_id, by=deciders.finance_id, now=_moment(year, 4, 22))
    tell_demo_groups(session, run_id, found, deciders.office_id, _moment(year, 4, 24))
    pay_demo_batch(session, found, deciders, now=_moment(year, 5, 4))
    pay_run(session, run_id, now=_moment(year, 5, 4))


def _pay_again(session: Session, year: int, deciders: Deciders, *, now: datetime) -> None:
    for found in session.scalars(sa.select(GrantRound).where(GrantRound.year == year)).all():
        pay_demo_again(session, found, deciders, now=now)


def _give_directly(session: Session, year: int, random: Random) -> None:
    """Promise nearly everything of the other levels to clearing houses and organisations, and pay it."""
    number = 0
    for pot in list_pots(session, year):
        payees = list(recipients(session, pot.account)) if pot.account.level in LEVELS_OF_DIRECT else []
        weights = {position: random.randrange(60, 140) for position in range(len(payees))}
        money = pot.free - pot.free // 50
        for position, cents in apportion(money, weights, seed=f"demo/{year}/{pot.account.name}").items():
            number += 1
            token = f"demo-{year}-{number:05}"
            promise(session, pot.account, payees[position], cents, token=token, now=_moment(year, 4, 22))
    for award in list_awards(session, year):
        pay_award(session, award, now=_moment(year, 5, 5))


def _give_to_projects(session: Session, year: int) -> None:
    """Let every insurer pay for a project of an organisation in each Land, and leave a little."""
    homes = dict(
        session.execute(
            sa.select(Organisation.state_ags, sa.func.min(Organisation.id))
            .where(Organisation.state_ags.is_not(None))
            .group_by(Organisation.state_ags)
        )
        .tuples()
        .all()
    )
    for act, moment in ((commit, _moment(year, 6, 1)), (pay, _moment(year, 6, 15))):
        acts = [
            act(
                pot.account,
                Payee(ORGANISATION, homes[pot.account.state]),
                pot.granted - pot.granted // 50,
                Because(f"demo-project/{act.__name__}/{year}/{pot.account.name}", "project"),
            )
            for pot in list_pots(session, year)
            if pot.account.insurer and pot.account.state in homes
        ]
        post(session, acts, now=moment)


def _give_back(session: Session, year: int) -> None:
    """Let every fortieth group give a tenth back."""
    groups = [
        each for each in list_paid(session, year) if each.account.payee and each.account.payee.kind == GROUP
    ]
    for number, paid in enumerate(groups[::40], start=1):
        book_return(
            session,
            paid.account,
            max(1, paid.cents // 10),
            received_on=date(year, 11, 20),
            token=f"demo-back-{year}-{number:04}",
            now=_moment(year, 11, 21),
        )
