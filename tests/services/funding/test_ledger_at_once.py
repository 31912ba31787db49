"""Many decide about the same money in the same moment, and some are killed: nothing is lost, nothing is there twice."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import replace

import pytest
import sqlalchemy as sa

from app.funding.models import LedgerEntry
from app.funding.queries.balances import get_budget
from app.funding.queries.verifying import verify
from app.funding.rules.ledger_accounts import RESERVE, a_group
from app.funding.rules.postings import commit, grant, set_aside
from app.funding.services.ledger import post, reverse
from app.shared.transactions import transaction
from tests.builders.groups import NOW
from tests.builders.ledger import LEVY_2026, POT_2026, awards, because, make_pot
from tests.support.programs import told_by
from tests.support.threads import acts_at_once
from tests.support.tree import ROOT

POT_CENTS = 100_000


@pytest.fixture
def pot(session):
    with transaction() as writing:
        return make_pot(writing, POT_CENTS)


@pytest.mark.parametrize("count", [8, pytest.param(40, marks=pytest.mark.long)])
def test_however_many_decide_at_once_the_whole_pot_is_promised_and_not_a_cent_more(
    session, database_url, pot, count
):
    told = told_by("deciders", database_url, count)
    assert sum(told["promised"]) == POT_CENTS
    session.rollback()
    budget = get_budget(session, pot)
    assert (budget.granted, budget.committed) == (POT_CENTS, POT_CENTS)
    assert verify(session).faults == ()


def test_the_same_key_at_once_is_posted_once_and_everybody_gets_that_entry(app, session, pot):
    acts = awards(pot, 5, POT_CENTS // 5)
    found = acts_at_once(app, *[lambda writing: post(writing, acts, now=NOW)] * 6)
    assert sorted(each.is_new for each in found) == [False] * 5 + [True]
    assert len({each.entry_ids for each in found}) == 1


def test_an_entry_is_reversed_once_by_however_many_at_once(app, session, pot):
    with transaction() as writing:
        post(writing, awards(pot, 1, 500), now=NOW)
    works = [
        lambda writing, key=f"back/{number}": reverse(writing, "run/1", because(key), now=NOW).is_new
        for number in range(6)
    ]
    assert sorted(map(str, acts_at_once(app, *works))) == ["True", *["reversed_already"] * 5]


def test_acts_on_the_same_pots_in_crossed_order_wait_and_none_is_lost(app, session, pot):
    other = replace(POT_2026, region="schwaben")
    with transaction() as writing:
        post(writing, [grant(LEVY_2026, other, POT_CENTS, because())], now=NOW)
        post(writing, [set_aside(each, 100, because()) for each in (pot, other)], now=NOW)

    def both(pots, number):
        return lambda writing: (
            post(
                writing,
                [commit(each, a_group(number), 50, because(f"x/{number}/{each.region}")) for each in pots],
                now=NOW,
            ).is_new
        )

    def free(number):
        return lambda writing: (
            post(
                writing,
                [
                    grant(replace(each, kind=RESERVE), each, 10, because(f"f/{number}/{each.region}"))
                    for each in (other, pot)
                ],
                now=NOW,
            ).is_new
        )

    works = [both((pot, other) if number % 2 else (other, pot), number) for number in range(1, 7)]
    assert acts_at_once(app, *works, free(1), free(2)) == [True] * 8
    session.rollback()
    assert [get_budget(session, each).committed for each in (pot, other)] == [300, 300]
    assert verify(session).faults == ()


@pytest.mark.long
@pytest.mark.parametrize("wait", [0.02 * n for n in range(1, 8)])
def test_a_process_killed_while_it_posts_a_round_leaves_all_of_it_or_nothing(
    session, database_url, pot, wait
):
    count = 400
    command = [sys.executable, "-m", "tests.support.bulk_poster", database_url, str(count)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as poster:
        told = [poster.stdout.readline().split() for _ in range(3)]
        time.sleep(wait)
        poster.kill()
        told += [line.split() for line in poster.stdout]
    session.rollback()
    keys = session.scalars(sa.select(LedgerEntry.key).where(LedgerEntry.kind == "committed")).all()
    rounds = {
        name: sum(key.startswith(f"{name}/") for key in keys) for name in {key.split("/")[0] for key in keys}
    }
    assert set(rounds.values()) == {count}
    acknowledged = {f"round-{number}" for word, number in told if word == "done"}
    begun = {f"round-{number}" for word, number in told if word == "begin"}
    assert acknowledged <= set(rounds) <= begun
    assert verify(session).faults == ()
