"""A project: its plan in balance, what speaks for and against it, how shares end, who gives of a pool."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.funding.rules.counted_costs import NEVER_COUNTS, Cost
from app.funding.rules.eligibility import AGAINST, MISSING, WARNING
from app.funding.rules.project import (
    AGREED,
    APPROVED,
    DECLINED,
    GAP,
    OPEN,
    PART,
    REJECTED,
    STATEMENTS,
    VERDICTS,
    ProjectFacts,
    Share,
    assess_project,
    draw_from_pool,
    make_plan,
    outcome,
)

TODAY = date(2027, 3, 1)
SUMS = st.integers(1, 10**8)


def facts(**changed):
    plan = make_plan([Cost("speakers", 50_000)], own_cents=10_000, others_cents=0, asked={"aok": 40_000})
    known = {
        "on": TODAY,
        "in_disease_list": True,
        "is_described": True,
        "begins_on": TODAY + timedelta(days=1),
        "is_yearly": False,
        "members_agree": True,
        "plan": plan,
        "has_own_account": True,
        "signatures": 2,
        "statements": frozenset(STATEMENTS),
    }
    return ProjectFacts(**{**known, **changed})


def effects(**changed):
    return {each.code: each.effect for each in assess_project(facts(**changed)).reasons}


def test_a_project_that_has_all_of_it_is_eligible_and_complete():
    found = assess_project(facts())
    assert not found.having(AGAINST)
    assert not found.having(MISSING)
    assert all(each.source for each in found.reasons)


@pytest.mark.parametrize("days", [0, -1, -400])
def test_a_project_that_begins_on_the_day_of_its_request_or_before_is_refused(days):
    assert effects(begins_on=TODAY + timedelta(days=days))["not_yet_to_begin"] == AGAINST


def test_without_a_plan_it_is_incomplete_and_with_one_that_does_not_add_up_too():
    assert effects(plan=None)["no_financing_plan"] == MISSING
    short = make_plan([Cost("speakers", 50_000)], own_cents=9_999, others_cents=0, asked={"aok": 40_000})
    assert effects(plan=short)["not_plan_balanced"] == MISSING


def test_what_people_have_to_look_at_is_a_warning():
    all_of_it = make_plan([Cost("speakers", 500)], own_cents=0, others_cents=0, asked={"aok": 500})
    assert effects(plan=all_of_it)["no_own_share"] == WARNING
    cake = make_plan(
        [Cost("speakers", 400), Cost("catering", 100)], own_cents=100, others_cents=0, asked={"a": 400}
    )
    assert effects(plan=cake)["costs_never_funded"] == WARNING
    assert effects(is_yearly=True)["recurs_yearly"] == WARNING
    assert effects(other_grants=frozenset({"sgb_xi_45d"}))["double_funding"] == WARNING
    assert effects(late_for=frozenset({"tk"}))["late_for:tk"] == WARNING


@given(
    st.lists(st.tuples(st.sampled_from(("speakers", "rent", *NEVER_COUNTS[:2])), SUMS), max_size=6),
    st.integers(0, 10**8),
    st.integers(0, 10**8),
    st.dictionaries(st.sampled_from("abcde"), SUMS, max_size=5),
)
def test_a_plan_is_in_balance_only_when_every_cent_is_paid_and_nothing_is_asked_that_is_never_paid(
    costs, own, others, asked
):
    plan = make_plan([Cost(*each) for each in costs], own_cents=own, others_cents=others, asked=asked)
    total = sum(cents for _kind, cents in costs)
    never = sum(cents for kind, cents in costs if kind in NEVER_COUNTS)
    paid = own + others + sum(asked.values())
    assert plan.gap_cents == total - paid
    assert plan.is_balanced == (total == paid and 0 < sum(asked.values()) <= total - never)


@st.composite
def shares(draw):
    asked, verdict = draw(st.integers(2, 10**8)), draw(st.sampled_from(VERDICTS))
    part = draw(st.integers(1, asked - 1))
    return Share(asked, verdict, {OPEN: 0, AGREED: asked, PART: part, DECLINED: 0}[verdict])


@given(st.lists(shares(), min_size=1, max_size=6))
def test_nothing_follows_before_all_have_decided_and_a_gap_is_one_who_gives_beside_one_who_does_not(found):
    ended, given_cents = outcome(found), sum(each.cents for each in found)
    verdicts = [each.verdict for each in found]
    assert (ended == OPEN) == (OPEN in verdicts)
    if ended != OPEN:
        assert (ended == REJECTED) == (given_cents == 0)
        assert (ended == APPROVED) == (given_cents == sum(each.asked_cents for each in found))
        assert (ended == GAP) == (DECLINED in verdicts and given_cents > 0)
    assert ended == outcome(found[::-1])


def test_a_share_whose_sum_does_not_fit_its_verdict_cannot_be():
    for verdict, cents in ((AGREED, 99), (PART, 0), (PART, 100), (DECLINED, 1), (OPEN, 1), ("maybe", 0)):
        with pytest.raises(ValueError, match="cannot be"):
            Share(100, verdict, cents)


@given(SUMS, st.dictionaries(st.text("abc", min_size=1, max_size=3), st.integers(0, 10**8), max_size=8))
def test_a_pool_gives_the_whole_sum_or_nothing_and_nobody_more_than_is_free(cents, free):
    parts = draw_from_pool(cents, free, seed="x")
    if parts is None:
        assert cents > sum(free.values())
    else:
        assert sum(parts.values()) == cents
        assert all(0 < part <= free[insurer] for insurer, part in parts.items())
