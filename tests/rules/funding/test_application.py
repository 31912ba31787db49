"""The plan of a group's money, its number, who is new, who are two people."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.funding.rules.application import (
    are_two_people,
    is_new,
    make_plan,
    month_of,
    number_of,
)
from app.funding.rules.caps import cap_of
from app.funding.rules.counted_costs import COST_KINDS, NEVER_COUNTS, Cost
from app.funding.rules.region_rules import CostLimit, RegionRules

RULES = RegionRules("03-31", "test", caps={"device": CostLimit(50_000), "participants": CostLimit(most=3)})
costs = st.builds(
    Cost,
    kind=st.sampled_from(COST_KINDS + NEVER_COUNTS),
    cents_each=st.integers(1, 200_000),
    pieces=st.integers(1, 5),
)


@given(st.lists(costs, max_size=6), st.integers(0, 300_000), st.integers(0, 300_000))
def test_a_plan_asks_for_what_is_open_and_counts_and_the_round_gives_up_to_just_that(items, own, others):
    plan = make_plan(items, own_cents=own, others_cents=others, rules=RULES)
    assert 0 <= plan.requested_cents <= plan.counted_cents <= plan.total_cents
    assert plan.total_cents == plan.own_cents + plan.others_cents + plan.requested_cents + plan.gap_cents
    assert plan.adds_up == (plan.requested_cents > 0 and plan.gap_cents == 0)
    assert plan.own_counted_cents >= 0 <= plan.others_counted_cents
    if plan.adds_up:
        assert plan.own_counted_cents + plan.others_counted_cents <= own + others
        cap = cap_of(
            plan.requested_cents,
            expenses_cents=plan.counted_cents,
            own_cents=plan.own_counted_cents,
            others_cents=plan.others_counted_cents,
        )
        assert cap.cents == plan.requested_cents


def test_what_does_not_count_has_to_be_paid_by_somebody_else():
    items = [Cost("rent", 48_000), Cost("catering", 6_000)]
    open_plan = make_plan(items, own_cents=0, others_cents=0, rules=RULES)
    assert (open_plan.requested_cents, open_plan.gap_cents, open_plan.adds_up) == (48_000, 6_000, False)
    assert make_plan(items, own_cents=6_000, others_cents=0, rules=RULES).adds_up
    with pytest.raises(ValueError, match="negative"):
        make_plan(items, own_cents=-1, others_cents=0, rules=RULES)


@pytest.mark.parametrize(
    ("typed", "month"),
    [
        ("2019-03", date(2019, 3, 1)),
        ("3/2019", date(2019, 3, 1)),
        ("03.2019", date(2019, 3, 1)),
        ("13.2019", None),
        ("2019", None),
        ("٣.2019", None),
    ],
)
def test_a_month_is_read_as_people_write_it(typed, month):
    assert month_of(typed) == month


def test_a_group_is_new_in_its_first_years_unless_it_was_funded_before():
    assert is_new(date(2026, 1, 1), 2027, had_earlier=False)
    assert not is_new(date(2025, 12, 1), 2027, had_earlier=False)
    assert not is_new(date(2026, 1, 1), 2027, had_earlier=True)


def test_two_people_have_two_names_and_two_addresses():
    assert are_two_people(["Kim Sommer", "Jo Winter"], ["kim@example.org", "jo@example.org"])
    assert are_two_people(["Kim Sommer", "Jo Winter"])
    assert not are_two_people(["Kim  Sommer", "kim sommer"])
    assert not are_two_people(["Kim", " "])
    assert not are_two_people(["Kim Sommer", "Jo Winter"], ["kim@example.org", "kim@example.org"])


def test_the_number_of_a_request_is_its_region_year_and_place():
    assert number_of("koeln", 2026, 42) == "KOELN-2026-0042"
