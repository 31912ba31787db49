"""Accounts have one name each, an act moves what it says, and a posting that cannot be an entry is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.funding.rules.journal import euros, journal
from app.funding.rules.ledger_accounts import (
    CARRY,
    COMMITTED,
    DUE,
    KINDS,
    LEVY,
    OF_PAYEES,
    POT,
    RESERVE,
    Account,
    a_group,
    check_account,
)
from app.funding.rules.postings import Because, carry_over, check_posting, commit, digest, grant, reverse

POT_2026 = Account(POT, 2026, state="09", level="groups")
BECAUSE = Because("run/1", "round.award", {"level_cents": 5})
SLUG = st.from_regex(r"[a-z0-9]{1,2}(-[a-z0-9]){0,2}", fullmatch=True)
ACCOUNT = st.builds(
    Account,
    st.sampled_from(sorted(set(KINDS) - {*OF_PAYEES, LEVY, DUE})),
    st.integers(2000, 2003),
    st.none() | SLUG,
    st.none() | SLUG,
    st.none() | SLUG,
    st.none() | st.from_regex(r"[a-z]{1,2}(_[a-z]){0,2}", fullmatch=True),
)


@given(ACCOUNT, ACCOUNT)
def test_different_accounts_have_different_names(one, other):
    check_account(one)
    assert (one.name == other.name) == (one == other)


@given(st.integers(-(2**63), 2**63))
def test_cents_become_euros_without_losing_any(cents):
    assert Decimal(euros(cents)) * 100 == cents


@pytest.mark.parametrize(
    "wrong",
    [
        Account("purse", 2026),
        Account(POT, 1026),
        Account(POT, 2026, region="Ober bayern"),
        Account(POT, 2026, insurer="a--b"),
        Account(POT, 2026, level="groups-x"),
        Account(POT, 2026, payee=a_group(1)),
        Account(COMMITTED, 2026),
        Account(COMMITTED, 2026, payee=a_group(0)),
        Account(LEVY, 2026),
    ],
)
def test_an_account_that_cannot_be_is_refused(wrong):
    with pytest.raises(ValueError, match=r"\w"):
        check_account(wrong)


@pytest.mark.parametrize(
    "change",
    [
        {"key": ""},
        {"key": "with space"},
        {"key": 'quote"'},
        {"kind": "burnt"},
        {"reason": "Some Reason"},
        {"year": 26},
        {"lines": {POT_2026: 5}},
        {"lines": {POT_2026: 5, replace(POT_2026, kind=RESERVE): -4}},
        {"lines": {POT_2026: 0, replace(POT_2026, kind=RESERVE): 0}},
        {"lines": {POT_2026: 0.5, replace(POT_2026, kind=RESERVE): -0.5}},
        {"lines": {POT_2026: 2**64, replace(POT_2026, kind=RESERVE): -(2**64)}},
    ],
)
def test_a_posting_that_cannot_be_an_entry_is_refused_and_each_difference_shows_in_its_digest(change):
    right = commit(POT_2026, a_group(7), 5, BECAUSE)
    check_posting(right)
    wrong = replace(right, **change)
    assert digest(wrong) != digest(right)
    with pytest.raises(ValueError, match=r"\w"):
        check_posting(wrong)


@pytest.mark.parametrize("cents", [0, -1, 2**63, 1.0, True])
def test_a_sum_that_is_no_money_is_refused(cents):
    with pytest.raises(ValueError, match="The sum"):
        commit(POT_2026, a_group(7), cents, BECAUSE)


def test_money_goes_only_where_an_act_may_bring_it():
    for act in (
        lambda: grant(POT_2026, POT_2026, 5, BECAUSE),
        lambda: commit(replace(POT_2026, kind=RESERVE), a_group(7), 5, BECAUSE),
        lambda: carry_over(POT_2026, replace(POT_2026, year=2027), 5, BECAUSE),
        lambda: carry_over(POT_2026, Account(CARRY, 2026), 5, BECAUSE),
        lambda: reverse(reverse(commit(POT_2026, a_group(7), 5, BECAUSE), BECAUSE), BECAUSE),
    ):
        with pytest.raises(ValueError, match=r"\w"):
            act()


def test_the_journal_says_what_was_posted_and_what_the_guards_say():
    posting = commit(POT_2026, a_group(7), 123_456, BECAUSE)
    text = "\n".join(journal([(date(2026, 3, 1), posting)], {POT_2026: (0, 123_456, 0)}))
    assert '2026-03-01 * "committed" "round.award"\n  key: "run/1"' in text
    assert "  Assets:Committed:Y2026:L-09:V-groups:G7 1234.56 EUR" in text
    assert "2026-03-02 balance Assets:Pot:Y2026:L-09:V-groups -1234.56 ~ 0.00 EUR" in text
