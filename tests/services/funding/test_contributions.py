"""Contributions are called once, for all or nobody; what comes is booked once; what has not come is not paid out."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from app.funding.models import (
    ContributionCall,
    FundingRegion,
    InsuredCount,
    Insurer,
    LedgerEntry,
    LevelShares,
    LevyRate,
)
from app.funding.queries.balances import get_budget
from app.funding.queries.contributions import called_states, list_calls, list_receipts, list_withdrawn
from app.funding.queries.insurer_shares import read_insurer_year
from app.funding.queries.levy import duties_of
from app.funding.queries.pots import list_pots
from app.funding.queries.verifying import verify
from app.funding.rules.ledger_accounts import POT, Account, Payee
from app.funding.rules.postings import commit, pay
from app.funding.services.call_withdrawal import plan_withdrawal, withdraw_call
from app.funding.services.contributions import call_contributions, plan_call
from app.funding.services.ledger import post, reverse
from app.funding.services.receipts import book_receipt, undo_receipt
from app.shared.errors import BadInput, RuleBroken
from app.shared.transactions import transaction
from tests.builders.contributions import (
    BAVARIA,
    GROUPS_2026,
    HOUSES_2026,
    IN_YEAR,
    YEAR,
    call_year,
    make_levy,
)
from tests.builders.ledger import because
from tests.support.threads import acts_at_once

INSURED = {("kasse-a", "09"): 1_000_001, ("kasse-b", "09"): 333_333, ("kasse-a", "05"): 70_007}
MAY = date(YEAR, 5, 31)


def refused(session, act):
    with pytest.raises((RuleBroken, BadInput)) as refusal, transaction(session) as writing:
        act(writing)
    return refusal.value.code


def test_a_call_asks_every_insurer_for_every_pot_and_fills_its_own(session):
    with transaction() as writing:
        make_levy(writing, INSURED)
    with transaction() as writing:
        call_year(writing)
    asked = Counter()
    for each in list_calls(session, YEAR):
        assert (each.open_cents, each.due_on) == (each.called_cents, MAY)
        asked[each.due.insurer] += each.called_cents
    owed = duties_of(session, YEAR)
    flat, projects = Counter(), Counter()
    for duty in owed:
        flat[duty.insurer] += duty.split.flat_cents
        projects[duty.insurer, duty.state] += duty.split.project_cents
    assert asked == flat
    pots = list_pots(session, YEAR)
    assert {(p.account.insurer, p.account.state): p.granted for p in pots if p.account.insurer} == projects
    assert sum(p.granted for p in pots if not p.account.insurer) == sum(flat.values())
    assert next(p.account for p in pots) == Account(POT, YEAR, level="federal")
    assert verify(session).faults == ()
    assert refused(session, call_year) == "called_already"

    def call(writing):
        call_contributions(writing, YEAR, ["05"], due_on=MAY + timedelta(1), now=IN_YEAR)

    assert refused(session, call) == "called_already"


def test_one_land_can_be_called_after_the_other_and_the_federal_level_gets_its_part_of_each(session):
    with transaction() as writing:
        make_levy(writing, INSURED)
    for state in ("05", "09"):
        with transaction() as writing:
            call_contributions(writing, YEAR, [state], due_on=MAY, now=IN_YEAR)
    assert session.scalar(sa.select(sa.func.count()).select_from(ContributionCall)) == 12
    federal = [each for each in list_calls(session, YEAR, "kasse-a") if each.due.level == "federal"]
    assert [each.called_cents for each in federal] == [21_571_362]
    assert verify(session).faults == ()


def test_a_call_is_withdrawn_for_a_land_and_called_anew_with_other_figures(session):
    def withdraw(state, why="insured", seen=None):
        return lambda writing: withdraw_call(writing, YEAR, state, why, seen_cents=seen, now=IN_YEAR)

    with transaction() as writing:
        make_levy(writing, INSURED)
        call_year(writing)
    before = {pot.account: pot.granted for pot in list_pots(session, YEAR)}
    asked = plan_withdrawal(session, YEAR, "09")
    assert refused(session, withdraw("09", seen=1)) == "outdated"
    assert refused(session, withdraw("09", why="because")) == "bad_input"
    assert refused(session, withdraw("01")) == "not_called"
    with transaction() as writing:
        book_receipt(
            writing, "kasse-b", 5, year=YEAR, received_on=IN_YEAR.date(), reference="K-9", now=IN_YEAR
        )
    with pytest.raises(RuleBroken, match=r"KASSE B 0,05") as come:
        plan_withdrawal(session, YEAR, "09")
    assert come.value.code == "something_came"
    with transaction() as writing:
        undo_receipt(writing, "kasse-b", "K-9", year=YEAR, now=IN_YEAR)
        post(writing, [commit(HOUSES_2026, Payee("house", 1), 200, because("p/1"))], now=IN_YEAR)
    assert refused(session, withdraw("09")) == "promised"
    with transaction() as writing:
        reverse(writing, "p/1", because("p/1/back"), now=IN_YEAR)
        withdraw_call(writing, YEAR, "09", "insured", seen_cents=asked.asked_cents, now=IN_YEAR)
    assert called_states(session, YEAR) == {"05"}
    assert {each.due.insurer for each in list_calls(session, YEAR)} == {"kasse-a"}
    assert {pot.account.state for pot in list_pots(session, YEAR) if pot.granted} == {"05", None}
    (gone,) = list_withdrawn(session, YEAR, "kasse-b")
    assert (gone.state, gone.why) == ("09", "insured")
    assert read_insurer_year(session, "kasse-b", YEAR).flat_sum.called == 0
    with transaction() as writing:
        writing.execute(sa.delete(InsuredCount).where(InsuredCount.insured == 333_333))
        call_contributions(writing, YEAR, None, due_on=MAY, now=IN_YEAR)
    assert {each.due.insurer for each in list_calls(session, YEAR)} == {"kasse-a"}
    with transaction() as writing:
        withdraw_call(writing, YEAR, "09", "too_early", now=IN_YEAR)
        withdraw_call(writing, YEAR, "05", "too_early", now=IN_YEAR)
    assert not [pot for pot in list_pots(session, YEAR) if pot.granted]
    with transaction() as writing:
        number = writing.scalars(sa.select(Insurer.id).where(Insurer.slug == "kasse-b")).one()
        writing.add(InsuredCount(year=YEAR, insurer_id=number, state_ags="09", insured=333_333))
        writing.flush()
        call_year(writing)
    assert {pot.account: pot.granted for pot in list_pots(session, YEAR)} == before
    assert verify(session).faults == ()


def test_what_is_missing_is_named_and_nothing_is_posted(session):
    with transaction() as writing:
        make_levy(writing, INSURED)

    def call(writing, day=MAY):
        call_contributions(writing, YEAR, None, due_on=day, now=IN_YEAR)

    for code, take_away in (
        ("no_region", sa.delete(FundingRegion).where(FundingRegion.state_ags == "05")),
        ("no_plan", sa.delete(LevelShares).where(LevelShares.state_ags == "05")),
        ("no_insured", sa.delete(InsuredCount)),
        ("no_rate", sa.delete(LevyRate)),
    ):
        with transaction() as writing:
            writing.execute(take_away)
        assert refused(session, call) == code
    with pytest.raises(RuleBroken):
        plan_call(session, YEAR, ["01"])
    for day in (IN_YEAR.date() - timedelta(1), date(YEAR + 1, 1, 1), date(YEAR - 2, 1, 1)):
        assert refused(session, lambda writing, day=day: call(writing, day)) == "bad_input"
    assert session.scalar(sa.select(sa.func.count()).select_from(LedgerEntry)) == 0


@pytest.fixture
def _called(session):
    with transaction() as writing:
        make_levy(writing, {("kasse-a", BAVARIA): 100_000})
        call_year(writing)
        post(writing, [commit(HOUSES_2026, Payee("house", 1), 200_000, because("p/1"))], now=IN_YEAR)


def book(cents, reference="K-1", account_id=None):
    return lambda writing: book_receipt(
        writing,
        "kasse-a",
        cents,
        year=YEAR,
        received_on=MAY,
        reference=reference,
        account_id=account_id,
        now=IN_YEAR + timedelta(90),
    )


def take_back(reference):
    return lambda writing: undo_receipt(writing, "kasse-a", reference, year=YEAR, now=IN_YEAR)


def calls_by_level(session):
    session.rollback()
    return {each.due.level: each for each in list_calls(session, YEAR)}


@pytest.mark.usefixtures("_called")
def test_a_pot_pays_when_its_money_has_come_and_not_before(session):
    def paying(writing):
        post(writing, [pay(HOUSES_2026, Payee("house", 1), 200_000, because("p/2"))], now=IN_YEAR)

    assert refused(session, paying) == "not_enough"
    pot = next(each for each in list_pots(session, YEAR) if each.account == HOUSES_2026)
    assert (pot.waiting, pot.payable, pot.held) == (200_000, 0, 200_000)
    houses = calls_by_level(session)["clearing_houses"]
    assert refused(session, book(houses.open_cents + 1, account_id=houses.account_id)) == "too_much"
    with transaction() as writing:
        assert book(houses.open_cents - 1, account_id=houses.account_id)(writing) == 1
    with transaction() as writing:
        paying(writing)
    assert refused(session, take_back("K-1")) == "not_enough"
    assert verify(session).faults == ()


@pytest.mark.usefixtures("_called")
def test_what_comes_under_one_reference_is_booked_once_for_the_oldest_first_and_can_be_taken_back(session):
    open_cents = sum(each.open_cents for each in calls_by_level(session).values())
    assert refused(session, book(open_cents + 1)) == "too_much"
    for reference in ("", "Frau Meier", "MEIER", "a" * 36 + "1", "1/2"):
        assert refused(session, book(5, reference)) == "bad_input"
    assert refused(session, book(0)) == "bad_input"
    with transaction() as writing:
        assert book(1)(writing) == 1
    assert refused(session, book(1)) == "booked_already"
    with transaction() as writing:
        assert book(open_cents - 1, "K-2")(writing) == 4
    assert get_budget(session, GROUPS_2026).outstanding == 0
    with transaction() as writing:
        take_back("K-2")(writing)
    assert [(each.reference, each.is_reversed) for each in list_receipts(session, YEAR)] == [
        ("K-2", True),
        ("K-1", False),
    ]
    with transaction() as writing:
        book(open_cents - 1, "K-2")(writing)
    states = calls_by_level(session).values()
    assert all(each.open_cents == 0 and not each.is_overdue(date(2030, 1, 1)) for each in states)
    assert refused(session, take_back("K-9")) == "unknown_receipt"
    assert verify(session).faults == ()


def test_two_who_book_what_came_in_the_same_moment_book_no_more_than_is_open(app, session):
    with transaction() as writing:
        make_levy(writing, INSURED)
        call_year(writing)
    owed = sum(each.open_cents for each in list_calls(session, YEAR, "kasse-b"))
    session.rollback()

    def book(reference):
        return lambda writing: book_receipt(
            writing, "kasse-b", owed, year=YEAR, received_on=IN_YEAR.date(), reference=reference, now=IN_YEAR
        )

    told = acts_at_once(app, book("B-1"), book("B-2"), book("B-3"))
    assert sorted(map(str, told))[1:] == ["too_much", "too_much"]
    session.rollback()
    assert sum(each.open_cents for each in list_calls(session, YEAR, "kasse-b")) == 0
    assert verify(session).faults == ()
