"""Whatever is done in whatever order, the ledger is what a plain model of it says, and refuses what the model refuses.

The acts of one example are one transaction, which is taken back at its end.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from app.funding.models import Insurer
from app.funding.queries.balances import get_budget
from app.funding.queries.entries import accounts_by_id, each_entry
from app.funding.queries.verifying import verify
from app.funding.rules import postings
from app.funding.rules.ledger_accounts import CARRY, DUE, RESERVE, RETURNED, Account, a_group
from app.funding.services.ledger import post, reverse
from app.shared.errors import RuleBroken
from tests.builders.groups import NOW
from tests.builders.ledger import DUE_2026, LEVY_2026, POT_2026, because, make_insurer

POTS = (POT_2026, replace(POT_2026, region="schwaben"), replace(POT_2026, year=2027))
NEXT = Account(CARRY, 2027, state="09")
CENTS = st.integers(1, 500)
POT = st.sampled_from(POTS)
GROUP = st.integers(1, 3)


class Model:
    """The money as a clerk with a pencil would keep it: what is free in each place, promised and paid to each group,
    and what insurers still owe to a pot."""

    def __init__(self) -> None:
        self.free: Counter[Account] = Counter()
        self.promised: Counter[tuple[Account, int]] = Counter()
        self.paid: Counter[tuple[Account, int]] = Counter()
        self.due: Counter[Account] = Counter()
        self.done: list[tuple[str, list[tuple[Counter, object, int]]]] = []
        self.reversed: set[str] = set()

    def can(self, moves) -> bool:
        self.move(moves)
        can = self.is_sound()
        self.move([(place, where, -cents) for place, where, cents in moves])
        return can

    def is_sound(self) -> bool:
        """Whether nothing is below zero, and from no pot more is paid than has come to it."""
        places = (self.free, self.promised, self.paid, self.due)
        if any(cents < 0 for place in places for cents in place.values()):
            return False
        for pot in POTS:
            paid = sum(cents for (where, _), cents in self.paid.items() if where == pot)
            promised = sum(cents for (where, _), cents in self.promised.items() if where == pot)
            if paid and self.due[pot] > self.free[pot] + promised:
                return False
        return True

    def move(self, moves) -> None:
        for place, where, cents in moves:
            if place is not None:
                place[where] += cents


class LedgerMachine(RuleBasedStateMachine):
    session = None

    @initialize()
    def begin(self):
        self.session.rollback()
        self.session.connection(execution_options={"writes": True})
        make_insurer(self.session)
        self.model = Model()

    def do(self, posting, moves):
        if not self.model.can(moves):
            with pytest.raises(RuleBroken) as refused:
                post(self.session, [posting], now=NOW)
            assert refused.value.code == "not_enough"
            return
        assert post(self.session, [posting], now=NOW).is_new
        self.model.move(moves)
        self.model.done.append((posting.key, moves))

    @rule(pot=POT, cents=CENTS)
    def call(self, pot, cents):
        due = replace(pot, kind=DUE, insurer=DUE_2026.insurer)
        moves = [(self.model.due, pot, cents), (self.model.free, pot, cents)]
        self.do(postings.call(due, cents, because()), moves)

    @rule(pot=POT, cents=CENTS)
    def receive(self, pot, cents):
        due = replace(pot, kind=DUE, insurer=DUE_2026.insurer)
        self.do(postings.receive(due, cents, because()), [(self.model.due, pot, -cents)])

    @rule(pot=POT, cents=CENTS)
    def grant(self, pot, cents):
        self.do(postings.grant(LEVY_2026, pot, cents, because()), [(self.model.free, pot, cents)])

    @rule(pot=POT, source=st.sampled_from(["reserve", "carry", "returned"]), cents=CENTS)
    def grant_again(self, pot, source, cents):
        kinds = {
            "reserve": replace(pot, kind=RESERVE),
            "carry": NEXT,
            "returned": replace(pot, kind=RETURNED),
        }
        free = self.model.free
        moves = [(free, kinds[source], -cents), (free, pot, cents)]
        self.do(postings.grant(kinds[source], pot, cents, because()), moves)

    @rule(pot=POT, group=GROUP, cents=CENTS)
    def commit(self, pot, group, cents):
        moves = [(self.model.free, pot, -cents), (self.model.promised, (pot, group), cents)]
        self.do(postings.commit(pot, a_group(group), cents, because()), moves)

    @rule(pot=POT, group=GROUP, cents=CENTS)
    def release(self, pot, group, cents):
        moves = [(self.model.promised, (pot, group), -cents), (self.model.free, pot, cents)]
        self.do(postings.release(pot, a_group(group), cents, because()), moves)

    @rule(pot=POT, group=GROUP, cents=CENTS)
    def pay(self, pot, group, cents):
        moves = [(self.model.promised, (pot, group), -cents), (self.model.paid, (pot, group), cents)]
        self.do(postings.pay(pot, a_group(group), cents, because()), moves)

    @rule(pot=POT, group=GROUP, cents=CENTS, later=st.integers(0, 1))
    def give_back(self, pot, group, cents, later):
        target = replace(pot, kind=RETURNED, year=pot.year + later)
        moves = [(self.model.paid, (pot, group), -cents), (self.model.free, target, cents)]
        self.do(postings.give_back(pot, a_group(group), cents, because(), year=pot.year + later), moves)

    @rule(pot=POT, cents=CENTS)
    def set_aside(self, pot, cents):
        moves = [(self.model.free, pot, -cents), (self.model.free, replace(pot, kind=RESERVE), cents)]
        self.do(postings.set_aside(pot, cents, because()), moves)

    @rule()
    def close_the_year(self):
        """Everything that is free in 2026 goes to the next year; nothing that is promised does."""
        free = self.model.free
        for place in [each for each, cents in free.items() if each.year == 2026 and cents]:
            moves = [(free, NEXT, free[place]), (free, place, -free[place])]
            self.do(postings.carry_over(place, NEXT, free[place], because()), moves)

    @precondition(lambda self: self.model.done)
    @rule(data=st.data())
    def reverse(self, data):
        key, moves = data.draw(st.sampled_from(self.model.done))
        back = [(place, where, -cents) for place, where, cents in moves]
        is_possible = key not in self.model.reversed and self.model.can(back)
        if not is_possible:
            with pytest.raises(RuleBroken):
                reverse(self.session, key, because(), now=NOW)
            return
        reverse(self.session, key, because(), now=NOW)
        self.model.move(back)
        self.model.reversed.add(key)

    @precondition(lambda self: self.model.done)
    @rule(data=st.data())
    def try_again_under_a_key_that_was_used(self, data):
        key, _moves = data.draw(st.sampled_from(self.model.done))
        with pytest.raises(RuleBroken) as refused:
            post(self.session, [postings.grant(LEVY_2026, POT_2026, 501, because(key))], now=NOW)
        assert refused.value.code == "key_used"

    @invariant()
    def every_guard_is_what_the_model_says(self):
        if not hasattr(self, "model"):
            return
        for pot in POTS:
            guard = get_budget(self.session, pot)
            paid = sum(cents for (where, _), cents in self.model.paid.items() if where == pot)
            promised = sum(cents for (where, _), cents in self.model.promised.items() if where == pot) + paid
            due = (self.model.free[pot] + promised, promised, paid, self.model.due[pot])
            stored = (guard.granted, guard.committed, guard.paid, guard.outstanding) if guard else (0,) * 4
            assert due == stored

    def teardown(self):
        if hasattr(self, "model"):
            assert verify(self.session).faults == ()
            self.every_beginning_of_the_journal_holds()
        self.session.rollback()

    def every_beginning_of_the_journal_holds(self):
        accounts = {number: account for number, (_, account) in accounts_by_id(self.session).items()}
        balances: Counter[Account] = Counter()
        for entry in each_entry(self.session, accounts):
            balances.update(entry.posting.lines)
            assert sum(balances.values()) == 0
            assert all(
                cents >= 0 for account, cents in balances.items() if account.kind not in ("levy", "due")
            )


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
@pytest.mark.parametrize("examples", [25, pytest.param(400, marks=pytest.mark.long)])
def test_the_ledger_is_what_a_plain_model_says(session, examples):
    class Machine(LedgerMachine):
        pass

    Machine.session = session
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=examples, stateful_step_count=25, deadline=None, suppress_health_check=checks
        ),
    )
    assert session.query(Insurer).count() == 0
