"""What a division means for whom: every sum agrees with every other, and each group counts once."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.funding.rules.comparison import (
    NEW,
    RARE,
    SMALL,
    Facts,
    changes,
    fully_met,
    largest_gap_cents,
    outcomes,
    sums_by,
    sums_by_tier,
    watched_sums,
)
from app.funding.rules.division import DivisionRules, Request, Tier, divide
from app.funding.rules.fairness import fairness
from app.funding.rules.grant_round import IN_TIME, LATE, WITHDRAWN
from app.funding.rules.histogram import MOST_BINS, bins_for

FACTS = st.builds(
    Facts,
    topic=st.sampled_from("abc"),
    district=st.sampled_from(["", "05315", "05382"]),
    is_rare=st.booleans(),
    is_new=st.booleans(),
    last_cents=st.none() | st.integers(0, 10**6),
)
REQUESTS = st.lists(
    st.builds(
        Request,
        group_id=st.integers(1, 10**6),
        requested_cents=st.integers(1, 10**5) | st.sampled_from([50_000, 80_000]),
        members=st.integers(1, 60),
        supplements_cents=st.sampled_from([{}, {"interpreter": 20_000}]),
        standing=st.sampled_from(["in_time", "late", "withdrawn"]),
    ),
    unique_by=lambda each: each.group_id,
    max_size=12,
)
TIERS = (Tier(1, 60_000), Tier(20, 100_000, 2))
RULES = st.builds(
    DivisionRules,
    is_weighted=st.booleans(),
    unit_cents=st.sampled_from([1, 100]),
    tiers=st.just(TIERS),
    base_cents=st.none() | st.just(20_000),
    sub_pots_cents=st.sampled_from([{}, {"interpreter": 30_000}]),
)


@given(data=st.data(), requests=REQUESTS, rules=RULES, money=st.integers(30_000, 10**6))
def test_tiers_topics_and_districts_each_add_up_to_the_whole_and_every_group_counts_once(
    data, requests, rules, money
):
    facts = {each.group_id: data.draw(FACTS) for each in requests}
    done = divide(money, requests, rules, seed="s")
    everybody = outcomes(done, facts)
    assert {each.group_id for each in everybody} == {
        each.group_id for each in requests if each.standing == IN_TIME
    }
    figures = fairness(each.award_cents for each in everybody)
    assert figures.total_cents == done.awarded_cents
    for by in (
        sums_by_tier(everybody, [1, 10, 20]),
        sums_by(everybody, lambda each: each.facts.topic),
        sums_by(everybody, lambda each: each.facts.district),
    ):
        sums = by.values()
        assert sum(each.groups for each in sums) == figures.groups
        assert sum(each.awarded_cents for each in sums) == done.awarded_cents
        assert sum(each.requested_cents for each in sums) == sum(each.requested_cents for each in everybody)
        assert sum(each.with_nothing for each in sums) == figures.with_nothing
        assert sum(each.share for each in sums) == (1 if done.awarded_cents else 0)
    changed = changes(everybody)
    assert changed.more + changed.less + changed.same + changed.first_time == figures.groups
    assert all(each.groups <= figures.groups for each in watched_sums(everybody).values())


@given(data=st.data(), requests=REQUESTS, rules=RULES, money=st.integers(30_000, 10**6))
def test_what_groups_had_last_year_plays_no_part(data, requests, rules, money):
    facts = {each.group_id: data.draw(FACTS) for each in requests}
    done = divide(money, requests, rules, seed="s")
    assert largest_gap_cents(outcomes(done, facts)) <= rules.unit_cents


def test_the_sets_that_are_watched_are_told_apart_and_a_group_may_be_in_all():
    requests = [
        Request(1, 40_000, 6),
        Request(2, 60_000, 12),
        Request(3, 100_000, 30),
        Request(4, 10_000, 8, standing=LATE),
        Request(5, 10_000, 8, standing=WITHDRAWN),
    ]
    facts = {number: Facts("a", "") for number in range(1, 6)}
    facts[1] = Facts("a", "", is_rare=True, is_new=True)
    facts[2] = Facts("b", "05315", last_cents=60_000)
    facts[3] = Facts("b", "05315", last_cents=50_000)
    everybody = outcomes(divide(160_000, requests, DivisionRules(), seed="s"), facts)
    watched = watched_sums(everybody)
    for kind in (SMALL, RARE, NEW):
        small = watched[kind]
        assert (small.groups, small.awarded_cents, small.share, small.met) == (1, 40_000, Fraction(1, 4), 1)
    now = changes(everybody)
    assert (now.sum_cents, now.more, now.less, now.same, now.first_time) == (10_000, 1, 0, 1, 1)
    assert fully_met(everybody) == 2


def test_a_group_that_is_there_twice_is_refused():
    done = divide(100, [Request(1, 10, 5)], DivisionRules(), seed="s")
    doubled = type(done)(done.money_cents, 0, done.lines * 2, done.leftover_cents, {})
    with pytest.raises(ValueError, match="twice"):
        outcomes(doubled, {1: Facts("a", "")})


@given(st.lists(st.integers(0, 10**7), max_size=60), st.integers(2, MOST_BINS))
def test_every_sum_lies_in_one_of_at_most_so_many_bins_and_few_in_the_open_one(amounts, most):
    bins = bins_for(amounts, most=most)
    counts = bins.counts(amounts)
    assert len(counts) == bins.count <= most
    assert sum(counts) == len(amounts)
    starts = bins.starts_cents
    for number, found in enumerate(counts[:-1]):
        assert found == sum(1 for each in amounts if starts[number] <= each < starts[number + 1])
    if len(counts) == most:
        assert counts[-1] * 10 <= len(amounts) + 10


def test_the_width_of_bins_is_one_that_people_count_in_and_one_huge_sum_changes_nothing():
    usual = [*range(5_000, 100_000, 1_000)]
    assert bins_for(usual).width_cents == 10_000
    assert bins_for([*usual, 10**9]).width_cents == 10_000
    assert bins_for([]).counts([]) == (0,)
