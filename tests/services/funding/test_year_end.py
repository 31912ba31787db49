"""A year is closed once; what is left enters the flat pots of the next, and not a cent of it projects."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest

from app.funding.queries.balances import balance_of, get_budget
from app.funding.queries.levy import duties_of
from app.funding.queries.pots import left_over, list_pots
from app.funding.queries.verifying import verify
from app.funding.rules.ledger_accounts import CARRY, RESERVE, RETURNED, Account, Payee, a_group
from app.funding.rules.postings import commit, give_back, pay, set_aside
from app.funding.services.accounts import find_accounts
from app.funding.services.ledger import post
from app.funding.services.year_end import close_year, look_at_year
from app.shared.errors import RuleBroken
from app.shared.transactions import transaction
from tests.builders.contributions import (
    AFTER,
    BAVARIA,
    FEDERAL_2026,
    GROUPS_2026,
    HOUSES_2026,
    IN_YEAR,
    YEAR,
    call_year,
    make_levy,
    receive_all,
)
from tests.builders.ledger import because

HOUSE = Payee("house", 1)


def spend(session, pot, cents, payee=HOUSE):
    post(session, [commit(pot, payee, cents, because())], now=IN_YEAR)
    post(session, [pay(pot, payee, cents, because())], now=IN_YEAR)


def flat_and_projects(session, year):
    pots = list_pots(session, year)
    flat = sum(each.granted for each in pots if each.account.insurer is None)
    return flat, {each.account: each.granted for each in pots if each.account.insurer}


def refused(year, now):
    with pytest.raises(RuleBroken) as refusal, transaction() as writing:
        close_year(writing, year, now=now)
    return refusal.value


@pytest.mark.parametrize("is_called_before", [False, True])
def test_140_000_euros_that_were_not_spent_raise_next_years_flat_budget_and_no_project_budget(
    session, is_called_before
):
    million = {("kasse-a", BAVARIA): 1_000_000}
    with transaction() as writing:
        make_levy(writing, million)
        call_year(writing)
        receive_all(writing)
        own = Account("pot", YEAR, "kasse-a", BAVARIA)
        assert get_budget(writing, own).granted == 43_200_000
        spend(writing, own, 43_200_000 - 4_000_000)
        spend(writing, GROUPS_2026, get_budget(writing, GROUPS_2026).granted)
        spend(writing, FEDERAL_2026, get_budget(writing, FEDERAL_2026).granted)
        spend(writing, HOUSES_2026, get_budget(writing, HOUSES_2026).granted)
        organisations = Account("pot", YEAR, state=BAVARIA, level="state_organisations")
        spend(writing, organisations, get_budget(writing, organisations).granted - 10_000_000)
    make_levy(session, million, year=YEAR + 1)
    session.commit()
    if is_called_before:
        with transaction() as writing:
            call_year(writing, year=YEAR + 1, now=AFTER)
    seen = look_at_year(session, YEAR, now=AFTER)
    assert (seen.given_cents, seen.left_cents, seen.obstacles) == (144_000_000, 14_000_000, ())
    with transaction() as writing:
        assert close_year(writing, YEAR, now=AFTER) == 14_000_000
    if not is_called_before:
        with transaction() as writing:
            call_year(writing, year=YEAR + 1, now=AFTER)
    session.rollback()
    (next_duty,) = duties_of(session, YEAR + 1)
    flat, projects = flat_and_projects(session, YEAR + 1)
    assert flat == next_duty.split.flat_cents + 14_000_000
    assert list(projects.values()) == [next_duty.split.project_cents]
    federal = get_budget(session, Account("pot", YEAR + 1, level="federal")).granted
    assert federal == next_duty.split.flat_cents // 5
    assert verify(session).faults == ()
    again = refused(YEAR, AFTER)
    assert again.code == "closed_already"


def test_all_that_is_left_is_carried_and_what_is_promised_stays(session):
    insured = {("kasse-a", "09"): 300_001, ("kasse-b", "09"): 100_003, ("kasse-b", "05"): 7_777}
    with transaction() as writing:
        make_levy(writing, insured)
        call_year(writing)
        receive_all(writing)
        spend(writing, GROUPS_2026, 700_001, a_group(1))
        post(writing, [commit(HOUSES_2026, HOUSE, 90_000, because())], now=IN_YEAR)
        post(writing, [set_aside(GROUPS_2026, 12_345, because())], now=IN_YEAR)
        post(writing, [give_back(GROUPS_2026, a_group(1), 5_555, because(), year=YEAR)], now=IN_YEAR)
    left = left_over(session, YEAR)
    assert {RESERVE, RETURNED} < {each.kind for each in left}
    with transaction() as writing:
        assert close_year(writing, YEAR, now=AFTER) == sum(left.values())
    assert left_over(session, YEAR) == {}
    carried = {
        account: balance_of(session, number)
        for account, number in find_accounts(
            session,
            [Account(CARRY, YEAR + 1, i, s) for i in ("kasse-a", "kasse-b") for s in ("09", "05", None)],
        ).items()
    }
    assert sum(carried.values()) == sum(left.values())
    by_state = Counter()
    for source, cents in left.items():
        by_state[source.state] += cents
    for account, cents in carried.items():
        by_state[account.state] -= cents
    assert set(by_state.values()) == {0}
    # What was promised is paid by an entry of the open year, and what comes back then is left of that year.
    with transaction() as writing:
        post(writing, [pay(HOUSES_2026, HOUSE, 90_000, because("late", year=YEAR + 1))], now=AFTER)
        post(writing, [give_back(HOUSES_2026, HOUSE, 40, because(), year=YEAR + 1)], now=AFTER)
    with pytest.raises(RuleBroken) as late, transaction() as writing:
        post(writing, [give_back(HOUSES_2026, HOUSE, 1, because(), year=YEAR)], now=AFTER)
    assert late.value.code == "year_closed"
    later = datetime(YEAR + 2, 1, 3, 9, tzinfo=UTC)
    with transaction() as writing:
        # What nobody called for 2027 waits another year for the flat pots of its Länder.
        assert close_year(writing, YEAR + 1, now=later) == sum(left.values()) + 40
    assert {account.year for account in left_over(session, YEAR + 2)} == {YEAR + 2}
    assert sum(left_over(session, YEAR + 2).values()) == sum(left.values()) + 40
    assert verify(session).faults == ()


def test_a_year_that_is_not_ready_stays_open_and_says_why(session):
    with transaction() as writing:
        make_levy(writing, {("kasse-a", "09"): 1_000, ("kasse-b", "09"): 50})
    assert str(YEAR) in refused(YEAR, AFTER).message
    with transaction() as writing:
        call_year(writing)
    assert "KASSE A, KASSE B" in refused(YEAR, AFTER).message
    with transaction() as writing:
        receive_all(writing)
        make_levy(writing, {("kasse-a", "05"): 77})
    assert refused(YEAR, AFTER).code == "not_yet"
    with transaction() as writing:
        call_year(writing)
        receive_all(writing, now=AFTER)
    assert "1" in refused(YEAR, datetime(YEAR, 12, 31, 22, 30, tzinfo=UTC)).message
    with transaction() as writing:
        make_levy(writing, {("kasse-a", "05"): 77}, year=YEAR + 1)
        call_year(writing, year=YEAR + 1, now=AFTER)
        receive_all(writing, year=YEAR + 1, now=AFTER)
    later = datetime(YEAR + 1, 12, 31, 23, 30, tzinfo=UTC)
    assert str(YEAR) in refused(YEAR + 1, later).message
    with transaction() as writing:
        close_year(writing, YEAR, now=later)
        close_year(writing, YEAR + 1, now=later)
    assert verify(session).faults == ()
