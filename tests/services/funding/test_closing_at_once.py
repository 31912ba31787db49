"""A year is closed while others close it, or promise its money, or the process dies: once, all or nothing."""

from __future__ import annotations

from collections import Counter

import pytest

from app.funding.queries.levy import duties_of
from app.funding.queries.pots import left_over, list_pots
from app.funding.queries.verifying import verify
from app.funding.queries.year_end import carried_of, closed_at
from app.funding.rules.ledger_accounts import CARRY
from app.funding.services.year_end import close_year
from app.shared.transactions import transaction
from tests.builders.contributions import AFTER, BAVARIA, GROUPS_2026, YEAR, call_year, make_levy, receive_all
from tests.support.programs import killed_meanwhile, told_by
from tests.support.threads import acts_at_once

INSURED = {("kasse-a", BAVARIA): 30_001, ("kasse-b", BAVARIA): 20_003}


def make_year(insured=INSURED):
    with transaction() as writing:
        make_levy(writing, insured)
        call_year(writing)
        receive_all(writing)


def test_a_year_is_closed_once_and_what_was_promised_before_is_not_carried(session, database_url):
    make_year()
    left = sum(left_over(session, YEAR).values())
    session.rollback()
    told = told_by("closers", database_url, 2, 3)
    assert Counter(what for who, _count, what in told if who == "closer") == {
        "closed": 1,
        "closed_already": 1,
    }
    assert {what for who, _count, what in told if who == "decider"} == {"year_closed"}
    promised = 100 * sum(count for _who, count, _what in told)
    session.rollback()
    pot = next(each for each in list_pots(session, YEAR) if each.account == GROUPS_2026)
    assert (pot.committed, pot.granted) == (promised, promised)
    carried = sum(cents for targets in carried_of(session, YEAR).values() for cents in targets.values())
    assert carried == left - promised
    assert verify(session).faults == ()


def test_what_is_carried_is_granted_once_when_the_next_year_is_called_in_that_moment(app, session):
    make_year()
    make_levy(session, INSURED, year=YEAR + 1)
    session.commit()
    left = sum(left_over(session, YEAR).values())
    session.rollback()
    acts_at_once(
        app,
        lambda writing: close_year(writing, YEAR, now=AFTER),
        lambda writing: call_year(writing, year=YEAR + 1, now=AFTER),
    )
    session.rollback()
    flat = sum(duty.split.flat_cents for duty in duties_of(session, YEAR + 1))
    pots = [each for each in list_pots(session, YEAR + 1) if each.account.insurer is None]
    assert sum(each.granted for each in pots) == flat + left
    assert CARRY not in {each.kind for each in left_over(session, YEAR + 1)}
    assert verify(session).faults == ()


@pytest.mark.long
@pytest.mark.parametrize("wait", [0.05, 0.2, 0.4, 0.8])
def test_a_process_killed_while_it_closes_leaves_the_year_open_or_all_of_it_carried(
    session, database_url, wait
):
    states = [f"{number:02}" for number in range(1, 9)]
    make_year({(f"kasse-{n}", state): 1_000 + n for n in range(15) for state in states})
    left = left_over(session, YEAR)
    session.rollback()
    is_done = killed_meanwhile("slow_closer", database_url, after_seconds=wait)
    session.rollback()
    carried = {source: sum(targets.values()) for source, targets in carried_of(session, YEAR).items()}
    is_closed = closed_at(session, YEAR) is not None
    assert is_closed or not is_done
    assert carried == (left if is_closed else {})
    assert left_over(session, YEAR) == ({} if is_closed else left)
    assert verify(session).faults == ()
