"""What differs between regions: the eight presets, deadlines, limits of costs, thresholds of proof."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import app.funding
from app.funding.rules.counted_costs import COST_KINDS, NEVER_COUNTS, Cost, count
from app.funding.rules.deadlines import Arrival, deadline, is_in_time, is_old_enough
from app.funding.rules.region_rules import (
    CostLimit,
    RegionRules,
    day_in,
    most_for,
    must_say_why,
    proof_is_simple,
    read_presets,
)

PRESETS = read_presets(
    (Path(app.funding.__file__).parent / "data" / "region_presets.json").read_text(encoding="utf-8")
)
NRW, BW, BY, NI, HE, HH, BE, SN = (PRESETS[ags] for ags in ("05", "08", "09", "03", "06", "02", "11", "14"))
PLAIN = RegionRules("03-31", "test")


@pytest.mark.parametrize(
    ("rules", "day", "new"),
    [
        (NRW, "03-31", None),
        (BW, "03-31", "10-31"),
        (BY, "02-15", "10-31"),
        (NI, "03-31", None),
        (HE, "03-31", "08-31"),
        (HH, "01-31", "08-31"),
        (BE, "01-31", "09-01"),
        (SN, "01-31", None),
    ],
)
def test_the_eight_presets_have_the_published_deadlines_and_say_where_from(rules, day, new):
    assert (rules.deadline, rules.deadline_new) == (day, new)
    assert rules.source


def test_in_hesse_the_receipt_counts_and_in_berlin_the_postmark():
    last = deadline(2026, HE, is_new=False)
    assert last == date(2026, 3, 31)
    assert is_in_time(Arrival(date(2026, 3, 31)), last, HE)
    assert not is_in_time(Arrival(date(2026, 4, 2), posted_on=date(2026, 3, 31)), last, HE)
    last = deadline(2026, replace(BE, weekend="none"), is_new=False)
    assert is_in_time(Arrival(date(2026, 2, 3), posted_on=date(2026, 1, 31)), last, BE)
    assert not is_in_time(Arrival(date(2026, 2, 3), posted_on=date(2026, 2, 1)), last, BE)


def test_a_deadline_on_a_free_day_moves_to_the_next_working_day_where_the_region_lets_it():
    assert deadline(2026, SN, is_new=False) == date(2026, 2, 2)  # the 31st of January is a Saturday
    assert deadline(2024, NRW, is_new=False, free_days={date(2024, 4, 1)}) == date(2024, 4, 2)  # Easter
    assert deadline(2024, HE, is_new=False, free_days={date(2024, 4, 1)}) == date(2024, 3, 31)
    assert deadline(2026, BW, is_new=True) == date(2026, 11, 2)


@given(st.integers(2000, 2100), st.sampled_from(sorted(PRESETS)), st.booleans())
def test_a_deadline_never_moves_forward_and_is_a_working_day(year, state, is_new):
    rules = PRESETS[state]
    last = deadline(year, rules, is_new=is_new)
    wanted = day_in(year, (rules.deadline_new if is_new else None) or rules.deadline)
    assert 0 <= (last - wanted).days <= 2
    assert rules.weekend == "none" or last.weekday() < 5


@pytest.mark.parametrize(
    ("rules", "most", "more"),
    [
        (NI, 75_000, 75_001),
        (BW, 79_900, 80_000),
        (BE, 60_000, 60_100),
        (HH, 50_000, 50_001),
        (NRW, 100_000, 100_100),
    ],
)
def test_small_grants_are_proven_by_a_confirmation_and_larger_ones_in_full(rules, most, more):
    assert proof_is_simple(most, rules)
    assert not proof_is_simple(more, rules)
    assert not proof_is_simple(1, PLAIN)


@pytest.mark.parametrize(
    ("cost", "counted"),
    [
        (Cost("overnight", 8_100), 8_000),
        (Cost("overnight", 8_100, 3), 24_000),
        (Cost("participants", 5_000, 4), 15_000),
        (Cost("device", 65_000), 50_000),
        (Cost("kilometres", 38, 10), 380),
        (Cost("kilometres", 40, 10), 380),
        (Cost("phone_leader", 12_000), 10_000),
        (Cost("catering", 3_000), 0),
        (Cost("rent", 40_000), 40_000),
    ],
)
def test_in_lower_saxony_costs_count_up_to_their_limits(cost, counted):
    (found,) = count([cost], NI)
    assert (found.cents, found.cut_cents) == (counted, cost.cents_each * cost.pieces - counted)


COSTS = st.builds(
    Cost, st.sampled_from((*COST_KINDS, *NEVER_COUNTS)), st.integers(0, 10**7), st.integers(1, 99)
)


@given(st.lists(COSTS), st.sampled_from(sorted(PRESETS)))
def test_what_counts_is_never_more_than_what_is_asked_for(costs, state):
    for each in count(costs, PRESETS[state]):
        assert 0 <= each.cents <= each.cost.cents_each * each.cost.pieces


@pytest.mark.parametrize(
    ("founded", "on", "is_enough"),
    [
        (date(2026, 5, 31), date(2026, 8, 31), True),
        (date(2026, 6, 1), date(2026, 8, 31), False),
        (date(2025, 11, 30), date(2026, 2, 28), False),
        (date(2025, 11, 30), date(2026, 3, 1), True),
    ],
)
def test_a_new_group_in_hesse_must_be_three_months_old(founded, on, is_enough):
    assert is_old_enough(founded, on, HE) is is_enough


@pytest.mark.parametrize(
    "wrong",
    [
        {"deadline": "31.3."},
        {"deadline": "02-30"},
        {"deadline_new": "13-01"},
        {"proof_due": "later"},
        {"counts": "somehow"},
        {"weekend": "never"},
        {"new_after_months": -1},
        {"confirmation_up_to_cents": -1},
        {"plain_up_to_cents": 1.5},
    ],
)
def test_rules_that_cannot_be_are_refused(wrong):
    with pytest.raises(ValueError, match=r"\w"):
        replace(PLAIN, **wrong)


@pytest.mark.parametrize(
    "cost", [Cost("yacht", 5), Cost("rent", -1), Cost("rent", 1.5), Cost("overnight", 100, 0)]
)
def test_a_cost_that_is_none_is_refused(cost):
    with pytest.raises(ValueError, match=r"\w"):
        count([cost], RegionRules("03-31", "test", caps={"rent": CostLimit(5)}))


@pytest.mark.parametrize(
    "text", ["", "[{}]", '[{"state": "05", "deadline": "03-31", "source": "x", "colour": "red"}]']
)
def test_a_file_of_presets_that_is_none_is_refused(text):
    with pytest.raises((ValueError, KeyError)):
        read_presets(text)


@pytest.mark.parametrize(("members", "most"), [(19, 75_000), (20, 125_000), (49, 125_000), (50, 200_000)])
def test_what_a_group_gets_at_most_follows_its_size(members, most):
    recklinghausen = replace(PLAIN, tiers=((1, 75_000), (20, 125_000), (50, 200_000)))
    assert most_for(members, recklinghausen) == most
    assert most_for(members, PLAIN) is None


def test_only_who_asks_for_more_than_the_region_says_gives_reasons():
    assert [must_say_why(cents, NRW) for cents in (50_000, 50_001)] == [False, True]
    assert not must_say_why(10**7, BW)


@pytest.mark.parametrize(
    "tiers", [((2, 1),), ((1, 1), (1, 2)), ((1, 0),), tuple((n, 1) for n in range(1, 6))]
)
def test_tiers_begin_with_one_member_and_rise(tiers):
    with pytest.raises(ValueError, match=r"tier|Tiers"):
        replace(PLAIN, tiers=tiers)
